"""One filled file into the record: read, checked, stored in one transaction, its rejected rows written out."""

from __future__ import annotations

import dataclasses
import datetime as dt
import getpass
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from evaluation.codec import nearest
from evaluation.collect import events, intake
from evaluation.collect.events import Cell, Event
from evaluation.collect.replay import Content
from evaluation.collect.sheet import Context, Intake, Sheet
from evaluation.errors import BadArgument
from evaluation.project import incoming
from evaluation.project.opened import Project
from evaluation.schema import Instrument, Table


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a file: every one of its rows is stored, was already there, or is rejected."""

    stored: int
    repeated: int
    rejected: int
    rejected_file: Path | None
    intakes: tuple[Intake, ...]
    left_waiting: tuple[str, ...] = ()

    def lines(self, language: str) -> list[str]:
        """What to tell the person who sent it, in sentences."""
        told = [
            f"{one.target}: {len(one.accepted)} rows stored, {len(one.repeated)} already there." for one in self.intakes
        ]
        for one in self.intakes:
            told += [note.line(language) for note in one.notes]
            told += [rejection.line(language) for rejection in one.rejected]
        return [*told, *self.left_waiting]


def person(name: str | None) -> str:
    """Who does it: the name given, or that of the account on this machine."""
    return name or getpass.getuser()


def file_in(
    project: Project,
    path: Path,
    *,
    target: str | None = None,
    mapping: str | None = None,
    sheet: str | None = None,
    name: str | None = None,
    correct: bool = False,
    consent_given: Set[int] = frozenset(),
    today: dt.date | None = None,
) -> Filed:
    """Take in one CSV or XLSX file as the table or questionnaire ``target``, or by the import ``mapping``.

    Accepted rows are stored in one transaction; rejected ones are written to a file in the project's
    incoming/ (see project/incoming.py). With ``correct``, every row is a correction of a stored one and changes what
    its filled cells say; without it, a row that is there with other values is rejected. ``consent_given``
    are the rows of a correction in which ``name`` vouches for a consent given anew. Raises BadArgument for
    an unknown target or mapping and FileRefused when nothing can be read; then nothing was stored.
    """
    form = _form(project, target, mapping)
    expected = [field.name for field in form.fields] if isinstance(form, Table) else [item.id for item in form.items]
    read = intake.read(path, expected=() if mapping else expected, sheet=sheet or "")
    recorded = project.store.content()
    context = _context(project, recorded, today or dt.date.today())
    context = dataclasses.replace(context, correcting=correct, consent_given=consent_given)
    enrolled: list[Intake] = []
    if mapping is not None:
        read, context, enrolled = _mapped(project, read, mapping, context)
    checked = intake.check(read, form, context)
    rejected = incoming.write(project, checked, read, mapping=mapping, correct=correct)
    # The file is written before anything is stored: if that fails, sending again loses nothing.
    actor = person(name)
    entries = [event for one in (*enrolled, checked) for event in _events(project, one, recorded, actor)]
    project.store.append(entries)
    project.forget()
    return Filed(
        stored=len(entries),
        repeated=len(checked.repeated),
        rejected=len(checked.rejected_rows),
        rejected_file=rejected,
        intakes=(*enrolled, checked),
        left_waiting=tuple(incoming.settle(project, read, checked, sent=path, kept=rejected)),
    )


def _form(project: Project, target: str | None, mapping: str | None) -> Table | Instrument:
    declaration = project.declaration
    if mapping is not None:
        if mapping not in declaration.file.imports:
            raise BadArgument(
                f"project.yml has no import '{mapping}'{nearest(mapping, list(declaration.file.imports))}"
            )
        target = declaration.file.imports[mapping].instrument
    known: dict[str, Table | Instrument] = {**declaration.tables, **declaration.instruments}
    if target not in known:
        raise BadArgument(f"There is no table or questionnaire '{target}'{nearest(str(target), list(known))}")
    return known[target]


def _context(project: Project, recorded: Content, today: dt.date) -> Context:
    declaration = project.declaration
    existing: dict[str, dict[tuple[str, ...], Mapping[str, str | None] | None]] = {}
    for row in recorded.rows:
        existing.setdefault(row.table, {})[row.place] = {name: _text(cell) for name, cell in row.values.items()}
    for (person,), stored in existing.get("participants", {}).items():
        if stored and person in recorded.withdrawn:
            existing["participants"][person,] = {**stored, "consent_reporting": "false"}
    known = {
        f"{table}.{column}": {str(values[column]) for values in existing.get(table, {}).values() if values}
        for table, column in (("sessions", "session"), ("courses", "course"))
    }
    known["courses.course"] |= {course.id for course in declaration.file.courses}
    return Context(
        participants={place[0] for place in existing.get("participants", {})},
        waves=declaration.file.waves,
        today=today,
        period_start=declaration.file.period_start,
        participant_pattern=declaration.file.participant_pattern,
        languages=declaration.file.languages,
        existing=existing,
        known=known,
        withdrawn=set(recorded.withdrawn),
    )


def _text(cell: Cell) -> str | None:
    """A stored cell as the intake writes it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return None if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)


def _mapped(project: Project, read: Sheet, name: str, context: Context) -> tuple[Sheet, Context, list[Intake]]:
    """The sheet by its declared import, and those it enrols as an intake of participants of their own."""
    declaration = project.declaration
    mapping = declaration.file.imports[name]
    mapped = intake.apply(
        read,
        mapping,
        instrument=declaration.instruments[mapping.instrument],
        waves=declaration.file.waves,
        participants=context.participants,
        participant_pattern=declaration.file.participant_pattern,
        correcting=context.correcting,
    )
    consents = {f"consent_{given}": "true" for given in mapping.consents or ()}
    rows = tuple(
        {"participant": code, "enrolled_on": date.isoformat(), **consents} for code, date in mapped.enrol.items()
    )
    everyone = dataclasses.replace(context, participants={*context.participants, *mapped.enrol})
    enrolled = Intake("participants", rows, (), (), (), ()) if rows else None
    return mapped.sheet, everyone, [enrolled] if enrolled else []


def _events(project: Project, one: Intake, recorded: Content, actor: str) -> Iterator[Event]:
    table = project.declaration.tables.get(one.target)
    key = table.key if table else ("participant", "wave")
    version = "" if table else project.declaration.instruments[one.target].version
    stored = {row.place: row for row in recorded.of(one.target)}
    for values in one.accepted:
        before = stored.get(events.place(key, values))
        if before is None:
            own = values.get("form_version") or version
            yield events.row(one.target, key=key, values=values, actor=actor, version=own)
        else:
            changed = {name: value for name, value in values.items() if value != _text(before.values.get(name))}
            yield events.correction(before.id, values={**before.values, **changed}, actor=actor)
