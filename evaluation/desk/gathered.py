"""Everything that is recorded of one participant, in words, as her page and its print show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.collect.export.person import recorded_of
from evaluation.collect.record.replay import Content, Row
from evaluation.desk.forms import questions, tables
from evaluation.desk.office import Opened
from evaluation.schema import Declaration, Instrument, Labels, Table, Wave

Facts = list[tuple[Labels, Labels]]


@dataclass(frozen=True, slots=True)
class Filled:
    """A questionnaire of her: where it stands at each wave ("stored", "draft", ""), and its answers there."""

    form: Instrument
    stands: tuple[tuple[Wave, str], ...]
    answers: tuple[tuple[Wave, Row, Facts], ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """``facts`` of her enrolment; ``listed``: each table with its rows in words; ``attended``: sessions with status."""

    enrolment: Row
    facts: Facts
    filled: tuple[Filled, ...]
    listed: tuple[tuple[Table, tuple[tuple[Row, Facts], ...]], ...]
    attended: tuple[tuple[str, Labels, Labels], ...]
    withdrawn: object


def gather(opened: Opened, declaration: Declaration, code: str) -> Gathered | None:
    """What the record says of the participant; None where nobody of that code is enrolled."""
    content = opened.store.ask(lambda current: recorded_of(code, current))
    hers, enrolment = content.rows, next(iter(content.of("participants")), None)
    if enrolment is None:
        return None
    drafts = {(draft.form, draft.place[1]) for draft in opened.drafts.all() if draft.participant == code}
    return Gathered(
        enrolment,
        tables.summary(declaration.tables["participants"], enrolment, opened, declaration),
        tuple(_filled(form, hers, drafts, declaration) for form in declaration.instruments.values()),
        tuple((table, _listed(table, hers, opened, declaration)) for table in tables.of_person(declaration)),
        _attended(content, opened, declaration),
        content.withdrawn.get(code),
    )


def _filled(form: Instrument, hers: Sequence[Row], drafts: set[tuple[str, str]], declaration: Declaration) -> Filled:
    rows = {str(row.values["wave"]): row for row in hers if row.table == form.id}
    waves = declaration.file.waves
    stands = tuple(
        (wave, "stored" if wave.id in rows else "draft" if (form.id, wave.id) in drafts else "") for wave in waves
    )
    asks = questions.of_instrument(form)
    answers = tuple((wave, rows[wave.id], _said(asks, rows[wave.id])) for wave in waves if wave.id in rows)
    return Filled(form, stands, answers)


def _said(asks: tuple[questions.Question, ...], row: Row) -> Facts:
    return [
        (each.labels, questions.said(each, each.typed(row.values[each.name])))
        for each in asks
        if row.values.get(each.name) not in (None, "")
    ]


def _listed(
    table: Table, hers: Sequence[Row], opened: Opened, declaration: Declaration
) -> tuple[tuple[Row, Facts], ...]:
    rows = sorted((row for row in hers if row.table == table.name), key=tables.when, reverse=True)
    return tuple((row, tables.summary(table, row, opened, declaration)) for row in rows)


def _attended(content: Content, opened: Opened, declaration: Declaration) -> tuple[tuple[str, Labels, Labels], ...]:
    """Day, course and attendance of each session she was expected at, the last first."""
    sessions = {str(row.values["session"]): row for row in content.of("sessions")}
    courses = tables.titles_of_courses(opened, declaration)
    statuses = declaration.tables["attendance"].field("status").codes
    found = [
        (
            str(held.values["date"]),
            courses.get(str(held.values["course"]), questions.as_labels(str(held.values["course"]))),
            statuses[str(row.values["status"])],
        )
        for row in content.of("attendance")
        if (held := sessions.get(str(row.values["session"])))
    ]
    return tuple(sorted(found, key=lambda each: each[0], reverse=True))
