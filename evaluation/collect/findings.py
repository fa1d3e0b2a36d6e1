"""What a check has found so far: notes, rejections, repeated rows, and each row as it was read."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from evaluation.collect.reasons import rejection
from evaluation.collect.remarks import note
from evaluation.collect.sheet import Key, Note, Rejection, Row, Values


@dataclass(frozen=True, slots=True)
class Entry:
    """A row whose cells were read. ``faulty``: the columns of the form that are rejected in it.

    ``called``: what this row's file calls a column of the form. ``before``: the stored values that a
    correction is laid over; None where nothing is.
    """

    row: Row
    values: Values
    faulty: frozenset[str]
    called: Mapping[str, str]
    before: Values | None = None

    def name(self, column: str) -> str:
        return self.called.get(column, column)

    def key(self, keys: Key) -> Key | None:
        """The key of the row, or None if a part of it is empty or at fault."""
        parts = [self.values[name] for name in keys]
        return tuple(part for part in parts if part) if all(parts) and not self.faulty & set(keys) else None

    @property
    def changed(self) -> Set[str]:
        """The columns that hold something else than before; the version of the form alone changes nothing."""
        before = self.before or {}
        others = {name for name, value in self.values.items() if value != before.get(name)}
        return others - {"form_version"}


@dataclass(slots=True)
class Findings:
    """The only thing that grows while a sheet is checked."""

    rejected: list[Rejection] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    _noted: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)

    def say(self, name: str, column: str, row: int, epoch: str = "") -> None:
        """Notes a repair in one row; the rows of the same repair become one note."""
        rows = self._noted.setdefault((name, column, epoch), [])
        if row not in rows[-1:]:
            rows.append(row)

    def reject(self, name: str, row: int, column: str, **facts: object) -> None:
        """Holds a row back."""
        self.rejected.append(rejection(name, row, column, **facts))

    def notes(self) -> tuple[Note, ...]:
        """The notes by first mention."""
        found = self._noted.items()
        return tuple(note(name, column, rows=tuple(rows), epoch=epoch) for (name, column, epoch), rows in found)
