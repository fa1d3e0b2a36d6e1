"""``python -m benchmarks.record [PART …]``: what the encrypted record costs, in one run, as medians and their ratios.

Parts: ``submission`` (one acknowledged questionnaire beside bare inserts with the same pragmas),
``growth`` (one more row when the record is larger and larger), ``frames`` (the record as tables), ``intake`` (files
of a million answers and more). All data are fictional.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from openpyxl import Workbook
from sqlcipher3 import dbapi2 as sqlcipher

from evaluation.collect.access import keys
from evaluation.collect.check.checking import Intake
from evaluation.collect.files.reading import read
from evaluation.collect.files.sheet import Row, Sheet
from evaluation.collect.record import entries
from evaluation.collect.record.frames import frames
from evaluation.collect.record.store import Store
from evaluation.collect.submit import Submission, Submitted, submit
from evaluation.schema import Choice, Instrument, Item, Wave
from tests import records
from tests.records import SECRET, declared

ITEMS = tuple(f"q{number:02}" for number in range(1, 41))
WAVES = tuple(Wave(name, {"en": name}, day) for day, name in enumerate(("baseline", "mid", "endline", "follow_up")))
CHOICES = tuple(Choice(str(number), {"en": str(number)}) for number in range(1, 6))
FORM = Instrument(
    "forty", "1", {"en": "Forty"}, tuple(Item(name, "select_one", {"en": name}, CHOICES) for name in ITEMS), ()
)
TODAY = dt.date(2025, 6, 1)
DECLARATION = declared(FORM, waves=WAVES, languages=("en",), participant_pattern=r"P-\d{6}")


def filled(number: int) -> dict[str, str]:
    """The ``number``-th filled questionnaire: four waves a person, a month apart."""
    chance = random.Random(number)
    person, wave = divmod(number, len(WAVES))
    about = {"participant": f"P-{person:06}", "wave": WAVES[wave].id, "date": f"2025-0{wave + 1}-15"}
    return about | {name: str(chance.randint(1, 5)) for name in ITEMS}


def fill(store: Store, people: int, questionnaires: int) -> None:
    """A record of so many rows, in transactions of some thousands."""
    about = {"enrolled_on": "2025-01-02", "consent_service": "true", "consent_reporting": "true"}
    persons = ({"participant": f"P-{number:06}", **about} for number in range(people))
    made = [entries.row("participants", key=["participant"], values=person, actor="Fictional") for person in persons]
    store.append(made)
    for start in range(0, questionnaires, 5_000):
        some = map(filled, range(start, min(start + 5_000, questionnaires)))
        store.append([entries.row(FORM.id, key=FORM.key, values=one, actor="Fictional", version="1") for one in some])


def send(store: Store, rows: Iterator[dict[str, str]] | list[dict[str, str]]) -> Submitted:
    """Check and store filled questionnaires, as a page does with one."""
    cells = tuple(Row(at, tuple(row.values())) for at, row in enumerate(rows, 2))
    header = ("participant", "wave", "date", *ITEMS)
    sent = Submission(Sheet("page", header, cells), FORM, actor="Fictional", today=TODAY)
    made = submit(sent, store, declaration=DECLARATION)
    if made.stored != len(cells):
        raise SystemExit("a row was not stored")
    return made


def new(folder: Path, people: int, questionnaires: int) -> Store:
    store = records.new(folder)
    fill(store, people, questionnaires)
    return store


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def peak() -> float:
    """The most memory that this process had so far, in MB; what getrusage says may be that of whoever started it."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else float("nan")


# --- the parts ----------------------------------------------------------------------------------


def bare(path: Path, *, encrypted: bool) -> Callable[[dict[str, str]], None]:
    """What writes answers into a database with nothing around it, under the record's pragmas."""
    database: Any = sqlcipher if encrypted else sqlite3
    connection = database.connect(path, isolation_level=None)
    if encrypted:
        connection.execute(f"PRAGMA key = \"x'{bytes(32).hex()}'\"")
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE answers (id TEXT PRIMARY KEY, answers TEXT NOT NULL)")

    def insert(answers: dict[str, str]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        row = (" ".join((answers["participant"], answers["wave"])), json.dumps(answers))
        connection.execute("INSERT INTO answers VALUES (?, ?)", row)
        connection.execute("COMMIT")

    return insert


def submission(scratch: Path, *, blocks: int = 15, each: int = 40) -> None:
    """One questionnaire on the disk: checked, encrypted and linked; stored alone; and bare inserts of its answers."""
    rows = [filled(number) for number in range(blocks * each)]
    with new(scratch / "checked", len(rows), 0) as checked, new(scratch / "stored", len(rows), 0) as stored:
        works: dict[str, Callable[[dict[str, str]], object]] = {
            "checked and stored": lambda row: send(checked, [row]),
            "stored alone": lambda row: stored.append(
                [entries.row(FORM.id, key=FORM.key, values=row, actor="Fictional", version="1")]
            ),
            "bare sqlite3": bare(scratch / "bare.db", encrypted=False),
            "bare SQLCipher": bare(scratch / "encrypted.db", encrypted=True),
        }
        taken: dict[str, list[float]] = {name: [] for name in works}
        worked = Counter[str]()
        for row in rows:  # all of them in the same moment
            for name, work in works.items():
                cpu = time.process_time()
                taken[name].append(seconds(lambda work=work, row=row: work(row)))  # type: ignore[misc]
                worked[name] += time.process_time() - cpu
    for name, times in taken.items():
        p50, p95 = (quantiles(times, n=20)[at] * 1000 for at in (9, 18))
        against = [f"{_ratio(times, taken[peer], each):.2f} of {peer}'s" for peer in works if peer.startswith("bare")]
        cpu = worked[name] / len(rows) * 1000
        print(f"submission, {name}: p50 {p50:.2f}, p95 {p95:.2f} ms ({', '.join(against)}); {cpu:.2f} ms CPU")


def _ratio(ours: list[float], theirs: list[float], each: int) -> float:
    """The median over blocks of the ratio of both p95."""
    starts = range(0, len(ours), each)
    return median(
        quantiles(ours[at : at + each], n=20)[18] / quantiles(theirs[at : at + each], n=20)[18] for at in starts
    )


def growth(scratch: Path) -> None:
    """One more row in a process of its own, when there are 10³, 10⁵ and 10⁶ answers already."""
    for answers in (1_000, 100_000, 1_000_000):
        many = answers // len(ITEMS)
        folder = scratch / str(answers)
        new(folder, many // len(WAVES) + 2, many).close()
        script = f"from benchmarks.record import one_more; one_more({str(folder)!r}, {many})"
        subprocess.run([sys.executable, "-c", script], check=True)


def one_more(folder: str, many: int) -> None:
    """Prints what rows cost that come on top of ``many``; the people of the last ones are new to the questionnaire."""
    store = Store.open(Path(folder), keys.unlock(Path(folder), SECRET).key)
    taken = [seconds(lambda number=many + n: send(store, [filled(number)])) for n in range(4)]  # type: ignore[misc]
    size = Path(folder, "records.db").stat().st_size / 1e6
    memory = peak()
    first, others = taken[0] * 1000, median(taken[1:]) * 1000
    print(f"growth: {many * 40:>9,} answers ({size:.0f} MB): {first:.1f} ms, then {others:.1f} ms; {memory:.0f} MB")


def tables(scratch: Path, *, many: int = 100_000) -> None:
    """So many submissions of 40 answers as frames: once from the file, once when they were read already."""
    with new(scratch / "frames", many // len(WAVES), many) as store:
        cpu = time.process_time()
        wall = seconds(lambda: frames(store, DECLARATION.instruments, DECLARATION.tables))
        cpu = time.process_time() - cpu
        reading = seconds(store.content)
    memory = peak()
    told = f"{wall:.1f} s ({cpu:.1f} s CPU), the content alone again {reading:.1f} s; {memory:.0f} MB"
    print(f"frames: {many:,} × 40 answers: {told}")


def intake(scratch: Path) -> None:
    """Files of a million answers of each kind, and nearly the largest that is read: each step apart, and its memory."""
    for kind, many in (("csv", 2_500), ("csv", 25_000), ("xlsx", 25_000), ("kobo", 25_000), ("csv", 110_000)):
        folder = scratch / f"{kind}{many}"
        new(folder, many // len(WAVES), 0).close()
        if kind == "xlsx":
            book = Workbook(write_only=True)
            page = book.create_sheet()
            for line in _lines(kind, many):
                page.append([int(cell) if cell.isdigit() else cell for cell in line])
            book.save(folder / "answers.xlsx")
        else:
            with open(folder / "answers.csv", "w") as file:
                file.writelines(";".join(line) + "\n" for line in _lines(kind, many))
        script = f"from benchmarks.record import one_file; one_file({str(folder)!r}, {kind!r})"
        subprocess.run([sys.executable, "-c", script], check=True)


def _lines(kind: str, many: int) -> Iterator[list[str]]:
    """A CSV file of so many filled questionnaires, as a plain one or as Kobo exports it."""
    own = ["start", "end", "__version__", "_id", "_uuid"] if kind == "kobo" else []
    yield own + [f"all/{name}" if kind == "kobo" and name in ITEMS else name for name in filled(0)]
    for number in range(many):
        at = "2025-06-01T10:00:00.000+02:00"
        about = [at, at, "v7", str(number), f"uuid-{number}"] if own else []
        yield [*about, *filled(number).values()]


def one_file(name: str, kind: str) -> None:
    """Prints what it costs to take in the answers beside a record."""
    folder = Path(name)
    with Store.open(folder, keys.unlock(folder, SECRET).key) as store:
        before = peak()
        marks = [time.process_time()]
        sheet = read(next(folder.glob("answers.*")), expected=ITEMS)
        marks.append(time.process_time())

        def checked(_: Intake, __: Sheet) -> None:
            marks.append(time.process_time())

        sent = Submission(sheet, FORM, "Fictional", TODAY)
        stored = submit(sent, store, declaration=DECLARATION, set_aside=checked).stored
        marks.append(time.process_time())
    reading, checking, storing = (end - begin for begin, end in pairwise(marks))
    memory = peak()
    print(
        f"intake, {kind}: {stored * len(ITEMS):,} answers: reading {reading:.1f} s, checking {checking:.1f} s, "
        f"storing {storing:.1f} s CPU; {memory:.0f} MB, {memory - before:.0f} MB of them for the file"
    )


PARTS = {"submission": submission, "growth": growth, "frames": tables, "intake": intake}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="*", help=f"of {', '.join(PARTS)}; all where none is named")
    chosen = parser.parse_args().part
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; parts are {', '.join(PARTS)}")
    if len(chosen) == 1:
        with tempfile.TemporaryDirectory() as scratch:
            PARTS[chosen[0]](Path(scratch))
        return
    for name in chosen or PARTS:  # each in a process of its own, for its memory
        subprocess.run([sys.executable, "-m", "benchmarks.record", name], check=True)


if __name__ == "__main__":
    main()
