"""Answers that need somebody's attention: raised as they are stored, open until a named person has seen them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaluation import descriptors
from evaluation.collect.record import entries
from evaluation.collect.record.current import Current
from evaluation.collect.record.entries import Cell, Entry
from evaluation.collect.record.replay import Row
from evaluation.collect.record.store import Receipt, Store
from evaluation.schema import Instrument
from evaluation.xlsform.expressions import parse

TABLE = descriptors.ALERTS
"""The table of the alerts, which no project declares: one row for each filled questionnaire that has any."""

Place = tuple[str, str, str]
"""Participant, questionnaire and wave."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A filled questionnaire with answers to ``questions`` that need attention; ``seen_by`` nobody yet, or a person."""

    participant: str
    questionnaire: str
    wave: str
    questions: tuple[str, ...]
    raised_on: dt.date
    seen_by: str = ""
    seen_at: dt.datetime | None = None

    @property
    def place(self) -> Place:
        return self.participant, self.questionnaire, self.wave


def of_rows(rows: Iterable[Row]) -> tuple[Alert, ...]:
    """The alerts that the rows of TABLE are, the last raised first."""
    return tuple(sorted(map(_alert, rows), key=lambda each: (each.raised_on, each.place), reverse=True))


def matching(form: Instrument, values: Mapping[str, Cell], *, today: dt.date) -> tuple[str, ...]:
    """The questions whose answer needs attention by the form's own rule; a refusal never does."""
    answers = {name: None if cell is None else str(cell) for name, cell in values.items()}
    return tuple(
        item.id
        for item in form.items
        if item.alert
        and (own := answers.get(item.id))
        and own not in item.missing
        and parse(item.alert).holds(answers, own=own, today=today)
    )


def raised(
    form: Instrument,
    values: Mapping[str, Cell],
    *,
    before: Mapping[str, Cell] | None,
    current: Current,
    actor: str,
    today: dt.date,
) -> Iterator[Entry]:
    """The entry by which a filled questionnaire raises its alert; ``before`` is what a correction is laid over.

    Only what a correction brings anew is raised, and opens again what somebody had seen. What it takes away stays.
    """
    if not any(item.alert for item in form.items):
        return
    earlier = matching(form, before, today=today) if before else ()
    changed = {name for name, cell in values.items() if before is None or str(cell) != str(before.get(name))}
    new = [name for name in matching(form, values, today=today) if name not in earlier or name in changed]
    if not new:
        return
    place = (str(values["participant"]), form.id, str(values["wave"]))
    there = current.row(TABLE, place)
    known = str(there.values["questions"] or "").split() if there else []
    cells: dict[str, object] = {
        **dict(zip(descriptors.alerts().key, place, strict=True)),
        "questions": " ".join(dict.fromkeys([*known, *new])),
        "raised_on": today,
        "seen_by": None,
        "seen_at": None,
    }
    if there is None:
        yield entries.row(TABLE, key=descriptors.alerts().key, values=cells, actor=actor)
    else:
        yield entries.correction(there.id, values=cells, actor=actor)


def acknowledge(places: Sequence[Place], record: Store, *, actor: str, now: dt.datetime) -> Receipt:
    """Record that ``actor`` has seen the alerts of filled questionnaires; what is seen already stays as it is."""
    at = now.astimezone(dt.UTC).isoformat(timespec="seconds")

    def made(current: Current) -> list[Entry]:
        there = [
            row for row in (current.row(TABLE, place) for place in places) if row and not row.values.get("seen_by")
        ]
        return [
            entries.correction(row.id, values={**row.values, "seen_by": actor, "seen_at": at}, actor=actor)
            for row in there
        ]

    return record.append(made)


def _alert(row: Row) -> Alert:
    participant, questionnaire, wave = row.place
    at = row.values.get("seen_at")
    return Alert(
        participant,
        questionnaire,
        wave,
        tuple(str(row.values.get("questions") or "").split()),
        dt.date.fromisoformat(str(row.values["raised_on"])),
        str(row.values.get("seen_by") or ""),
        dt.datetime.fromisoformat(str(at)) if at else None,
    )
