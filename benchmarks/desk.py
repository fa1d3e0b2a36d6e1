"""How long the staff's pages take on a large record, and how much memory: python -m benchmarks.desk [--people 2000]."""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

from evaluation.collect.access import keys
from evaluation.collect.record import entries
from evaluation.collect.record.store import Store
from evaluation.project import folder as folders
from tests.browser.conftest import _SERVE
from tests.desk.running import NAME, PASSPHRASE, Client


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


def timed(task: str, times: int, ask: object) -> None:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        ask()  # type: ignore[operator]
        took.append(time.perf_counter() - began)
    median(task, took)


def save(client: Client, path: str, n: int, took: list[float]) -> None:
    """One autosave as the page's script sends it."""
    hidden = {name: client.hidden(name) for name in ("submission", "revision", "page")}
    page, token = client.page, client.token
    began = time.perf_counter()
    typed = {"action": "save", "rig_01": str(n % 4 + 1)}
    client.post(path, {**hidden, "form_token": token, **typed}, Accept="application/json")
    took.append(time.perf_counter() - began)
    if client.status != 200:
        raise RuntimeError(client.page)
    client.page = page


def typing(signed_in: Client, codes: list[str], each: int) -> list[float]:
    """So many people typing at once, each into a questionnaire of her own."""
    took: list[float] = []

    def person(code: str) -> None:
        client = Client(signed_in.port, dict(signed_in.cookies))
        path = f"{found(client, code)}/rights/follow_up"
        client.get(path)
        for n in range(each):
            save(client, path, n, took)

    threads = [threading.Thread(target=person, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(took) != len(codes) * each:
        raise RuntimeError("an autosave was lost")
    return took


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=2000)
    options.add_argument("--answers", type=int, default=1_000_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "project"
        fill(folder, chosen.people, chosen.answers)
        served = subprocess.Popen([sys.executable, "-c", _SERVE, str(folder), "0"], stdout=subprocess.PIPE, text=True)
        try:
            assert served.stdout
            port = int(served.stdout.readline().strip().rsplit(":", 1)[1].strip("/"))
            measure(port, served.pid, chosen.people)
        finally:
            served.kill()


def measure(port: int, pid: int, people: int) -> None:
    client = Client(port)
    began = time.perf_counter()
    client.sign_in(NAME, PASSPHRASE)
    print(f"{'signing in, the page for today':44} once   {(time.perf_counter() - began) * 1000:7.1f} ms")
    began = time.perf_counter()
    client.get("/people")
    print(f"{'participants, the first time':44} once   {(time.perf_counter() - began) * 1000:7.1f} ms")
    person = client.link("P-0001")
    last = f"P-{people - 1:04}"
    for task, path in (
        ("today", "/"),
        ("participants", "/people"),
        ("a participant with everything", person),
        ("a stored questionnaire", f"{person}/security/baseline"),
        ("a questionnaire to fill in", f"{found(client, last)}/rights/follow_up"),
        ("tables", "/tables"),
    ):
        timed(task, 20, lambda path=path: client.get(path))
        print(f"{'':44} {len(client.page) / 1024:.0f} KiB")
    alone = typing(client, [last], 40)
    median("an autosave, one person", alone)
    median("an autosave, 20 people at once", typing(client, [f"P-{people - 2 - n:04}" for n in range(20)], 20))
    number = 0

    def store() -> None:
        nonlocal number
        number += 1
        path = f"{person}/add/support"
        client.get(path)
        kind = "psychological_help" if "psychological_help" in client.page else "legal_consultation"
        day = (dt.date(2014, 3, 1) + dt.timedelta(days=number)).isoformat()
        client.post(path, {"submission": str(uuid.uuid4()), "kind": kind, "date": day}, follow=False)

    timed("one row stored", 20, store)
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    print(next(line for line in status.splitlines() if line.startswith("VmRSS")))


if __name__ == "__main__":
    main()
