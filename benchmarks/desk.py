"""How long the staff's pages take on a large record, and how much memory: python -m benchmarks.desk [--people 2000]."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import desk_peer
from evaluation.collect.access import keys
from evaluation.collect.record import entries
from evaluation.collect.record.store import Store
from evaluation.project import folder as folders
from evaluation.project.desk import DEMO_NAME, DEMO_PASSPHRASE, make_demo
from tests.browser.conftest import _SERVE
from tests.desk.running import NAME, PASSPHRASE, Client

_TYPING = (0.7, 1.3)
"""Seconds between two autosaves of somebody who types without a rest: the page waits 0.7 after the last letter."""


def fill(folder: Path, people: int, answers: int) -> None:
    """A fictional record of so many people and answers to questionnaires."""
    folders.make(folder, "reference")
    declared, last = folder / "project.yml", "  - {id: follow_up, day: 420,"
    later = "".join(
        f"  - {{id: later_{n}, day: {420 + 120 * n}, labels: {{en: later {n}, pl: później {n}}}}}\n" for n in (1, 2, 3)
    )
    text = declared.read_text(encoding="utf-8")
    declared.write_text(text.replace(last, later + last), encoding="utf-8")
    declaration = folders.read(folder)
    draw, waves = random.Random(1), [wave.id for wave in declaration.file.waves]
    made = [
        entries.row(
            "participants",
            key=["participant"],
            values={
                "participant": f"P-{n:04}",
                "enrolled_on": str(dt.date(2014, 2, 1) + dt.timedelta(days=n % 380)),
                "consent_service": True,
                "consent_reporting": True,
            },
            actor="benchmark",
        )
        for n in range(people)
    ]
    told, n = 0, 0
    while told < answers:
        form = list(declaration.instruments.values())[n % len(declaration.instruments)]
        person, at = divmod(n // len(declaration.instruments), len(waves))
        wave = waves[at]
        n += 1
        if person >= people:
            break
        items = {item.id: str(draw.randint(1, 4)) for item in form.items if item.kind != "note"}
        about = {"participant": f"P-{person:04}", "wave": wave, "date": "2014-09-01"}
        made.append(entries.row(form.id, key=form.key, values=about | items, actor="benchmark", version=form.version))
        told += len(items)
    for n in range(200):
        session = {"session": f"polish-{n:03}", "course": "polish", "date": "2014-09-01", "hours": 2}
        made.append(entries.row("sessions", key=["session"], values=session, actor="benchmark"))
        for person in range(n, people, 40):
            there = {"session": f"polish-{n:03}", "participant": f"P-{person:04}", "status": "present"}
            made.append(entries.row("attendance", key=["session", "participant"], values=there, actor="benchmark"))
    with Store.create(folder, keys.passphrase(PASSPHRASE), slot=NAME) as store:
        for begun in range(0, len(made), 5000):
            store.append(made[begun : begun + 5000])
    print(f"{people} people, {told} answers, {len(made)} rows")


def found(client: Client, code: str) -> str:
    """The address of a participant's page."""
    return client.get("/people").post("/people", {"find": code}).link(code)


def median(task: str, times: list[float]) -> None:
    ordered = sorted(time * 1000 for time in times)
    middle, high = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
    print(f"{task:44} median {middle:7.1f} ms   p95 {high:7.1f} ms", flush=True)


def timed(task: str, times: int, ask: Callable[[], object], pid: int) -> None:
    """Print how long ``ask`` takes, and how much of that the desk's process works (on a busy machine, the rest is
    waiting for others)."""
    took, worked = [], cpu(pid)
    for _ in range(times):
        began = time.perf_counter()
        ask()
        took.append(time.perf_counter() - began)
    median(task, took)
    print(f"{'':44} CPU    {(cpu(pid) - worked) / times * 1000:7.1f} ms")


def cpu(pid: int) -> float:
    """Seconds that a process has worked."""
    ticks = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")


def save(client: Client, path: str, n: int, took: list[float]) -> None:
    """One autosave as the page's script sends it."""
    hidden = {name: client.hidden(name) for name in ("submission", "revision", "page")}
    page, token = client.page, client.token
    ticked = re.findall(r'type="radio" name="([a-z]+_\d+)" value="(\d+)"', page)
    typed = {"action": "save", **dict(ticked[n % len(ticked) :][:1])}
    began = time.perf_counter()
    client.post(path, {**hidden, "form_token": token, **typed}, Accept="application/json")
    took.append(time.perf_counter() - began)
    if client.status != 200:
        raise RuntimeError(client.page)
    client.page = page


def typing(signed_in: Client, paths: list[str], each: int, pause: tuple[float, float]) -> list[float]:
    """So many people typing at once, each into a questionnaire of her own, with pauses between what is sent."""
    took: list[float] = []

    def person(path: str) -> None:
        client, draw = Client(signed_in.port, dict(signed_in.cookies)), random.Random(path)
        client.get(path)
        for n in range(each):
            time.sleep(draw.uniform(*pause))
            save(client, path, n, took)

    threads = [threading.Thread(target=person, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(took) != len(paths) * each:
        raise RuntimeError("an autosave was lost")
    return took


@contextlib.contextmanager
def served(folder: Path) -> Iterator[tuple[int, int]]:
    """The desk in a process of its own: its port and its id."""
    running = subprocess.Popen([sys.executable, "-c", _SERVE, str(folder), "0"], stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout
        yield int(running.stdout.readline().strip().rsplit(":", 1)[1].strip("/")), running.pid
    finally:
        running.kill()
        running.wait()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=2000)
    options.add_argument("--answers", type=int, default=1_000_000)
    options.add_argument("--record", type=Path, help="keep the record in this folder for the next time")
    options.add_argument("--voila", type=Path, help="this program serves the same questions, beside the desk")
    options.add_argument("--rounds", type=int, default=9, help="so often each is opened in a browser")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        if chosen.voila:
            desk_peer.compare(Path(scratch), chosen.voila, rounds=chosen.rounds)
            return
        folder = chosen.record or Path(scratch) / "project"
        if not folder.exists():
            fill(folder, chosen.people, chosen.answers)
        with served(folder) as (port, pid):
            measure(port, pid, chosen.people)
        beside_a_report(Path(scratch) / "demo")


def measure(port: int, pid: int, people: int) -> None:
    client = Client(port)
    began = time.perf_counter()
    client.sign_in(NAME, PASSPHRASE)
    print(f"{'signing in, the page for today':44} once   {(time.perf_counter() - began) * 1000:7.1f} ms")
    person = client.get("/people").link("P-0001")
    new = [f"{found(client, f'P-{people - 1 - n:04}')}/rights/follow_up" for n in range(20)]
    for task, path in (
        ("today", "/"),
        ("participants", "/people"),
        ("a participant with everything", person),
        ("a stored questionnaire", f"{person}/security/baseline"),
        ("a questionnaire to fill in", new[0]),
        ("a register", re.findall(r"/registers/[^\"]+", client.get("/tables/sessions").page)[0]),
        ("the sessions", "/tables/sessions"),
    ):
        timed(task, 20, lambda path=path: client.get(path), pid)
        print(f"{'':44} {len(client.page) / 1024:.0f} KiB")
    number = 0

    def store() -> None:
        nonlocal number
        number += 1
        path = f"{person}/add/support"
        client.get(path)
        kind = "psychological_help" if "psychological_help" in client.page else "legal_consultation"
        day = (dt.date(2014, 3, 1) + dt.timedelta(days=number)).isoformat()
        client.post(path, {"submission": str(uuid.uuid4()), "kind": kind, "date": day}, follow=False)

    timed("one row stored", 20, store, pid)
    timed("one row stored, then today", 20, lambda: (store(), client.get("/")), pid)
    median("an autosave, one person typing", typing(client, new[:1], 40, _TYPING))
    median("an autosave, 20 people typing at once", typing(client, new, 20, _TYPING))
    median("an autosave, one person without a pause", typing(client, new[:1], 40, (0, 0)))
    median("an autosave, 20 people without a pause", typing(client, new, 20, (0, 0)))
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    print(next(line for line in status.splitlines() if line.startswith("VmRSS")))


def beside_a_report(folder: Path) -> None:
    """Autosaves at the desk of the demo while its report is made."""
    make_demo(folder)
    with served(folder) as (port, _):
        client = Client(port)
        client.sign_in(DEMO_NAME, DEMO_PASSPHRASE)
        client.get(client.get("/people").link("P-0"))
        path = client.link("fill in")
        median("an autosave on the demo", typing(client, [path], 20, _TYPING))
        command = [str(Path(sys.executable).parent / "evaluation"), "report", str(folder), "--yes"]
        secret = os.environ | {"EVALUATION_PASSPHRASE": DEMO_PASSPHRASE}
        making = subprocess.Popen(command, env=secret, stdout=subprocess.DEVNULL)
        took: list[float] = []
        while making.poll() is None:
            took += typing(client, [path], 1, _TYPING)
        if making.returncode:
            raise RuntimeError("no report was made")
        median(f"{len(took)} autosaves while a report is made", took)


if __name__ == "__main__":
    main()
