"""The whole road on a fictional project: answers written as files, taken in, measured, released, reported."""

from __future__ import annotations

import datetime as dt
import functools
import gc
import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from evaluation import example, files
from evaluation.codec import nearest
from evaluation.codec.spreadsheet import csv_text
from evaluation.collect import alerts
from evaluation.collect.access import keys
from evaluation.collect.record.store import Store, utc_now
from evaluation.errors import BadArgument, RowsRejected, RunFailed
from evaluation.project import folder as folders
from evaluation.project.creation import new_project
from evaluation.project.intake.incoming import take_in
from evaluation.project.notebooks import for_inside, run_inside
from evaluation.project.opened import Project, open_project
from evaluation.project.papers.documents import remarks
from evaluation.project.releases.releasing import propose, report
from evaluation.release.released import Certificate
from evaluation.report.engine import Name, forks
from evaluation.report.engine.side_by_side import processors
from evaluation.texts import Message

KEY = "demo.key"
"""The demo's key file lies in its own folder, which no real one should."""

_LEFT_OPEN = 2


def walk(
    folder: Path, name: str = "reference", *, language: str = "en", engine: Name | None = None
) -> Iterator[Message]:
    """Make the fictional project ``name`` in ``folder`` and run everything on it, telling each step.

    ``language`` is the project's first.

    Raises BadArgument when the folder is not empty or there is no such example.
    """
    if name not in example.STORIES:
        raise BadArgument("project.demo.unknown", name=name, hint=nearest(name, list(example.STORIES)))
    began = time.perf_counter()
    gc.freeze()  # what is imported stays
    key_file = fill(folder, name, language=language, editions=True)
    yield Message("project.demo.fictional", folder=folder)
    # A kernel on Windows inherits no descriptor; the demo's key is no secret.
    os.environ.setdefault("EVALUATION_KEY_FILE", str(key_file.resolve()))
    with open_project(folder, key_file=key_file, command="demo") as project:
        people, answers = len(project.frames["participants"]), len(project.frames["answers"])
        yield Message("project.demo.taken_in", people=people, answers=answers)
        with ThreadPoolExecutor(1) as meanwhile:
            leaving = functools.partial(_leaving, project, folder / "reports" / "final", language, engine)
            left = meanwhile.submit(leaving) if forks(engine) else None
            for notebook in _ran(project, _shelf(project), language, engine=engine, at_once=max(1, processors() - 1)):
                yield Message("project.demo.ran", notebook=notebook.stem)
            checked, made, documents = left.result() if left else leaving()
        yield Message("project.demo.ran", notebook=checked.stem)
        yield Message("project.demo.released", hidden=made.hidden, numbers=made.numbers)
    for document in documents:
        yield Message("project.made", path=document)
    yield from remarks(folder / "reports" / "final", project.declaration)
    seconds, page = int(time.perf_counter() - began), folder / "reports" / "final" / language / "report.html"
    yield Message("project.demo.done", seconds=seconds, page=page)


_CHECK = "5_output_check"
_LONGEST = ("4_closer_look", "3_outcomes")


def _shelf(project: Project) -> list[Path]:
    """The notebooks that need no proposal, those first that take longest."""
    found = [path for path in for_inside(project.folder) if path.stem != _CHECK]
    return sorted(found, key=lambda path: (path.stem not in _LONGEST, path.stem))


def _ran(
    project: Project, notebooks: Sequence[Path], language: str, *, engine: Name | None, at_once: int
) -> Iterator[Path]:
    for notebook in run_inside(project, notebooks, language=language, engine=engine, at_once=at_once):
        if isinstance(notebook, RunFailed):
            raise notebook
        yield notebook


def _leaving(
    project: Project, out: Path, language: str, engine: Name | None
) -> tuple[Path, Certificate, tuple[Path, ...]]:
    """The notebook that shows what would leave, then what left: its certificate and the documents."""
    proposal = propose(project, "final")
    (checked,) = _ran(project, for_inside(project.folder, _CHECK), language, engine=engine, at_once=1)
    return checked, proposal.certificate, report(project, proposal, out, engine=engine)


def fill(folder: Path, name: str, *, language: str = "en", editions: bool = False) -> Path:
    """A project folder, its plan locked, whose record then takes in the fictional rows; the key file.

    ``editions``: with a confidential edition for the funder, where the example has one.
    """
    key_file = folder / KEY
    new_project(folder, name="demo", key_file=key_file, template=name, language=language)
    if editions:
        path = folder / "project.yml"
        files.write(path, path.read_text(encoding="utf-8").replace("  # editions:", "  editions:"))
    made = example.rows(folders.read(folder), example.STORIES[name])
    with open_project(folder, key_file=key_file, command="demo") as project:
        project.lock_plan(on=dt.date.today())
        for target, rows in made.items():
            path = folder / "incoming" / f"{target}.csv"
            write(path, rows)
            if take_in(project, path, target=target, name="demo").rejected:
                raise RowsRejected("project.demo.rejected", table=target, folder=folder / "incoming")
    return key_file


def fill_running(folder: Path, name: str, *, today: dt.date) -> None:
    """A fictional project in the middle of its time on ``today``, whose desk the demo's account opens."""
    from evaluation.project.desk import DEMO_NAME, DEMO_PASSPHRASE  # the pages, which a walk does without

    key_file = folder / KEY
    new_project(folder, name="key file", key_file=key_file, template=name)
    _move_period(folder / "project.yml", folders.read(folder).file.period_start, today)
    made = example.rows(folders.read(folder), example.STORIES[name])
    with open_project(folder, key_file=key_file, command="demo") as project:
        keys.add_slot(
            folder, project.key, secret=keys.passphrase(DEMO_PASSPHRASE), slot=DEMO_NAME, role=keys.COORDINATOR
        )
        for target, rows in _known_on(today, made):
            path = folder / "incoming" / f"{target}.csv"
            write(path, rows)
            if take_in(project, path, target=target, name="demo").rejected:
                raise RowsRejected("project.demo.rejected", table=target, folder=folder / "incoming")
            path.unlink()
        _see_to_alerts(project.store, project.declaration.instruments, actor=DEMO_NAME)


def _see_to_alerts(store: Store, forms: Iterable[str], *, actor: str) -> None:
    """Somebody has seen every alert but those of the latest answers, which the demo's coordinator finds open."""
    answered = {
        (row.place[0], form, row.place[1]): str(row.values["date"]) for form in forms for row in store.rows(form)
    }
    places = sorted((each.place for each in alerts.of_rows(store.rows(alerts.TABLE))), key=answered.__getitem__)
    alerts.acknowledge(places[:-_LEFT_OPEN], store, actor=actor, now=utc_now())


def _move_period(path: Path, start: dt.date, today: dt.date) -> None:
    """Writes the period into project.yml so that about half of it is over."""
    moved = today - dt.timedelta(days=330) - start
    text = path.read_text(encoding="utf-8")
    for line in re.findall(r"^period_(?:start|end): .*$", text, flags=re.M):
        key, day = line.split(": ")
        text = text.replace(line, f"{key}: {dt.date.fromisoformat(day.strip()) + moved}")
    files.write(path, text)


def _known_on(today: dt.date, made: Mapping[str, list[dict[str, str]]]) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """The rows of each table as far as they had happened on ``today``."""
    last = today.isoformat()
    enrolled = {row["participant"] for row in made["participants"] if row["enrolled_on"] <= last}
    held = {row["session"] for row in made["sessions"] if row["date"] <= last}
    for target, rows in made.items():
        known = [
            {name: "" if row.get(_ENDS.get(name, ""), "") > last else cell for name, cell in row.items()}
            for row in rows
            if all(row.get(begun, "") <= last for begun in _BEGINS)
            and row.get("participant", next(iter(enrolled))) in enrolled
            and row.get("session", next(iter(held))) in held
        ]
        yield target, known


_BEGINS = ("date", "enrolled_on", "set_on", "month")
_ENDS = {"left_on": "left_on", "leaving_reason": "left_on", "rated_on": "rated_on", "reached_level": "rated_on"}
"""A cell that is known from a day on, and the column that says which."""


def write(path: Path, rows: list[dict[str, str]]) -> None:
    """The rows as a CSV file as people send them."""
    header = list(rows[0])
    files.write(path, csv_text([header, *([row.get(name, "") for name in header] for row in rows)]), private=True)
