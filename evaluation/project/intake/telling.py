"""Somebody tells what each column of a file is: what can be told, what is still lacking, what comes of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.codebook.columns import forms_of, title_of
from evaluation.collect.check.cells.dates import read_day
from evaluation.collect.check.context import Context
from evaluation.collect.files.reading import read
from evaluation.collect.lookup import context_of
from evaluation.collect.matching import by_hand
from evaluation.collect.matching.by_hand import Told, undated
from evaluation.collect.matching.proposal import Proposal
from evaluation.schema import Instrument, Labels

if TYPE_CHECKING:
    from evaluation.project.opened import Project

__all__ = ["Told", "as_told", "day", "forms", "header", "labels", "lacking", "names", "twice", "undated", "waves"]


def forms(project: Project) -> dict[str, Labels]:
    """The tables and questionnaires that a file can hold, with their titles."""
    return {form.id: title_of(form) for form in forms_of(project.declaration)}


def waves(project: Project, form: str) -> list[str]:
    """The waves of a questionnaire; a table has none."""
    questionnaire = isinstance(project.declaration.form(form), Instrument)
    return [wave.id for wave in project.declaration.file.waves] if questionnaire else []


def header(path: Path, *, sheet: str = "") -> list[str]:
    """The columns of the file. Raises FileRefused."""
    return [cell.strip() for cell in read(path, sheet=sheet).header]


def names(project: Project, form: str) -> dict[str, Labels]:
    """What a column of the file can be, with its titles."""
    return by_hand.names_of(project.declaration.form(form), _context(project))


def labels(project: Project, form: str, name: str) -> dict[str, Labels]:
    """What the codes of a column are called, those of waves and courses as project.yml calls them."""
    declared = project.declaration.file
    known = {"wave": {wave.id: wave.labels for wave in declared.waves}}
    known["course"] = {course.id: course.labels for course in declared.courses}
    kind = project.declaration.form(form)
    if isinstance(kind, Instrument):
        known |= {item.id: {each.name: each.labels for each in item.choices} for item in kind.items}
    else:
        known |= {entry.name: dict(entry.codes) for entry in kind.fields if entry.codes}
    return {code: said for code, said in known.get(name, {}).items() if said}


def lacking(project: Project, form: str, told: Told) -> list[str]:
    """What the form needs and nothing that was told gives."""
    return by_hand.lacking(project.declaration.form(form), told, _context(project))


def twice(project: Project, form: str, told: Told) -> list[str]:
    """What several columns were told to be, and only one can."""
    return by_hand.twice(project.declaration.form(form), told)


def as_told(project: Project, path: Path, form: str, told: Told, *, sheet: str, today: dt.date) -> Proposal:
    """The import that comes of what was told, and the words to be asked for. Raises FileRefused."""
    sent, declaration = read(path, sheet=sheet), project.declaration
    return project.store.ask(
        lambda current: by_hand.proposal(
            sent, declaration.form(form), told, declaration, context_of(declaration, current, today=today)
        )
    )


def day(text: str) -> dt.date | None:
    """A day as people write it; None for what is none."""
    return read_day(text.strip(), "").value


def _context(project: Project) -> Context:
    """Enough to know the columns of a form, without the record."""
    file = project.declaration.file
    return Context(
        participants=frozenset(),
        waves=file.waves,
        today=file.period_end,
        period_start=file.period_start,
        participant_pattern=file.participant_pattern,
    )
