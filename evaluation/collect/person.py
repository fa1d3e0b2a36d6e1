"""What the record holds of one person, counted before anything is done about it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation import descriptors
from evaluation.collect.record import entries
from evaluation.collect.record.current import Current
from evaluation.collect.record.entries import Cell
from evaluation.collect.record.replay import Row
from evaluation.errors import StoreError
from evaluation.schema import Declaration


@dataclass(frozen=True, slots=True)
class Person:
    """What is recorded of one person; ``enrolment`` is her row of participants."""

    enrolment: Row | None
    held: Sequence[Row]
    rows: Mapping[str, tuple[int, object]]  # form → how many rows, its title
    answers: int
    waves: tuple[str, ...]
    withdrawn: dt.date | None
    releases: tuple[str, ...]

    def cell(self, column: str) -> Cell:
        return self.enrolment.values.get(column) if self.enrolment else None

    def day(self, column: str) -> dt.date | None:
        cell = self.cell(column)
        return dt.date.fromisoformat(str(cell)) if cell else None


def person_of(participant: str, current: Current, declaration: Declaration) -> Person:
    """What is recorded under the code. Raises StoreError where nothing is, or the code was erased."""
    if current.erased(participant):
        raise StoreError("collect.entry.participant_erased")
    held = current.of(participant) if participant else ()
    if not held:
        raise StoreError("collect.entry.unknown_participant")
    titles = {name: table.title for name, table in declaration.tables.items()}
    titles |= {name: form.labels for name, form in declaration.instruments.items()}
    titles |= {descriptors.ALERTS: descriptors.alerts().title}
    counts = Counter(row.table for row in held)
    order = [*titles, *sorted(set(counts) - set(titles))]
    filled = [row for row in held if row.table in declaration.instruments]
    enrolment = next((row for row in held if row.table == "participants"), None)
    return Person(
        enrolment,
        held,
        {name: (counts[name], titles.get(name, name)) for name in order if counts[name]},
        sum(_answers(row, declaration) for row in filled),
        tuple(wave.id for wave in declaration.file.waves if any(row.values.get("wave") == wave.id for row in filled)),
        current.withdrawn(participant),
        tuple(name for _, name in sorted(_release(current, place) for place in current.places(entries.RELEASES))),
    )


def _release(current: Current, place: Sequence[str]) -> tuple[int, str]:
    row = current.row(entries.RELEASES, place)
    return (int(place[0]), str(row.values["release"]) if row else "")


def _answers(row: Row, declaration: Declaration) -> int:
    items = (item.id for item in declaration.instruments[row.table].questions)
    return sum(row.values.get(item) not in (None, "") for item in items)
