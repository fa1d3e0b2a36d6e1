"""Everything that is recorded of one participant, in words, as her page and its print show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluation.collect import alerts
from evaluation.collect.alerts import Alert
from evaluation.collect.export.person import recorded_of
from evaluation.collect.record.replay import Content, Row
from evaluation.desk.forms import correcting, questions, sight, tables
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
    """``facts`` of her enrolment; ``listed``: each table with its rows in words; ``attended``: sessions with status.

    ``alerts``: each with questionnaire, wave and day.
    """

    enrolment: Row
    facts: Facts
    filled: tuple[Filled, ...]
    listed: tuple[tuple[Table, tuple[tuple[Row, Facts], ...]], ...]
    attended: tuple[tuple[Labels, Labels, Labels], ...]
    withdrawn: Labels
    alerts: tuple[tuple[Alert, Labels, Labels, Labels], ...]


def gather(opened: Opened, declaration: Declaration, code: str, *, fine: bool) -> Gathered | None:
    """What the record says of the participant; None where nobody of that code is enrolled.

    Not ``fine``: without free text and exact days.
    """
    content = opened.store.ask(lambda current: recorded_of(code, current))
    hers, enrolment = content.rows, next(iter(content.of("participants")), None)
    if enrolment is None:
        return None
    begun = (draft for draft in opened.drafts.all() if draft.participant == code and draft.form != correcting.DRAFT)
    drafts = {(draft.form, draft.place[1]) for draft in begun}
    return Gathered(
        enrolment,
        tables.summaries(declaration.tables["participants"], [enrolment], opened, declaration, fine=fine)[0],
        tuple(_filled(form, hers, drafts, declaration, fine) for form in declaration.instruments.values()),
        tuple((table, _listed(table, hers, opened, declaration, fine)) for table in tables.of_person(declaration)),
        _attended(content, opened, declaration, fine),
        sight.day(withdrawn, fine=fine) if (withdrawn := content.withdrawn.get(code)) else {},
        tuple(_alerts(content, declaration, fine)),
    )


def _alerts(content: Content, declaration: Declaration, fine: bool) -> Iterator[tuple[Alert, Labels, Labels, Labels]]:
    """Each alert with its questionnaire, wave and day in words."""
    waves = {wave.id: wave.labels for wave in declaration.file.waves}
    for each in alerts.of_rows(content.of(alerts.TABLE)):
        form = declaration.instruments.get(each.questionnaire)
        if form is not None and each.wave in waves:
            yield each, form.labels, waves[each.wave], sight.day(each.raised_on, fine=fine)


def _filled(
    form: Instrument, hers: Sequence[Row], drafts: set[tuple[str, str]], declaration: Declaration, fine: bool
) -> Filled:
    rows = {str(row.values["wave"]): row for row in hers if row.table == form.id}
    waves = declaration.file.waves
    stands = tuple(
        (wave, "stored" if wave.id in rows else "draft" if (form.id, wave.id) in drafts else "") for wave in waves
    )
    asks = sight.seen(questions.of_instrument(form), fine=fine)
    answers = tuple((wave, rows[wave.id], _said(asks, rows[wave.id], fine)) for wave in waves if wave.id in rows)
    return Filled(form, stands, answers)


def _said(asks: tuple[questions.Question, ...], row: Row, fine: bool) -> Facts:
    return [
        (each.labels, words) for each in asks if (words := sight.in_words(each, row.values.get(each.name), fine=fine))
    ]


def _listed(
    table: Table, hers: Sequence[Row], opened: Opened, declaration: Declaration, fine: bool
) -> tuple[tuple[Row, Facts], ...]:
    rows = sorted((row for row in hers if row.table == table.name), key=tables.when, reverse=True)
    return tuple(zip(rows, tables.summaries(table, rows, opened, declaration, fine=fine), strict=True))


def _attended(
    content: Content, opened: Opened, declaration: Declaration, fine: bool
) -> tuple[tuple[Labels, Labels, Labels], ...]:
    """Day, course and attendance of each session she was expected at, the last first."""
    sessions = {str(row.values["session"]): row for row in content.of("sessions")}
    courses = tables.titles_of_courses(opened, declaration)
    statuses = declaration.tables["attendance"].field("status").codes
    found = [
        (
            dt.date.fromisoformat(str(held.values["date"])),
            courses.get(str(held.values["course"]), questions.as_labels(str(held.values["course"]))),
            statuses[str(row.values["status"])],
        )
        for row in content.of("attendance")
        if (held := sessions.get(str(row.values["session"])))
    ]
    latest = sorted(found, key=lambda each: each[0], reverse=True)
    return tuple((sight.day(on, fine=fine), course, status) for on, course, status in latest)
