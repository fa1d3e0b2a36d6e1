"""The record as a check asks it: stored rows by key, known codes by name; each is read when it is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterable, Iterator, KeysView, Mapping, Sequence, Set
from typing import Any

from evaluation.collect.check.context import Context, Key, Values
from evaluation.collect.record.current import Current
from evaluation.collect.record.entries import Cell
from evaluation.schema import Declaration


def context_of(declaration: Declaration, current: Current, *, today: dt.date) -> Context:
    """What a sheet is checked against: the declaration, and what the record holds at this moment."""
    return Context(
        participants=_Codes("participants", current),
        waves=declaration.file.waves,
        today=today,
        period_start=declaration.file.period_start,
        period_end=declaration.file.period_end,
        participant_pattern=declaration.file.participant_pattern,
        existing=_Tables(declaration, current),
        known={
            "sessions.session": _Codes("sessions", current),
            "courses.course": _Codes("courses", current, beside=[course.id for course in declaration.file.courses]),
        },
        withdrawn=_Those(lambda participant: current.withdrawn(participant) is not None),
        erased=_Erased(current),
    )


def text_of(cell: Cell) -> str | None:
    """A stored cell as the check writes it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return None if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)


class _Tables(Mapping[str, "_Rows"]):
    """The rows of every table and questionnaire, by its name."""

    def __init__(self, declaration: Declaration, current: Current) -> None:
        self._declaration, self._current = declaration, current
        self._asked: dict[str, _Rows] = {}

    def __getitem__(self, table: str) -> _Rows:
        if table not in self._asked:
            if table not in self._declaration.tables and table not in self._declaration.instruments:
                raise KeyError(table)
            self._asked[table] = _Rows(table, self._current)
        return self._asked[table]

    def __iter__(self) -> Iterator[str]:
        return iter((*self._declaration.tables, *self._declaration.instruments))

    def __len__(self) -> int:
        return len(self._declaration.tables) + len(self._declaration.instruments)


class _Rows(Mapping[Key, Values | None]):
    """The rows of one table by key, as texts; a withdrawal in the record is laid over the consent."""

    def __init__(self, table: str, current: Current) -> None:
        self._table, self._current = table, current
        self._read: dict[Key, Values] = {}
        self._there: dict[Key, bool] = {}  # asked several times of one row; nothing is written while rows are checked

    def __getitem__(self, key: Key) -> Values:
        if key not in self._read:
            row = self._current.row(self._table, key) if self._there.get(key, True) else None
            self._there[key] = row is not None
            if row is None:
                raise KeyError(key)
            values = {
                name: cell if cell is None or type(cell) is str else text_of(cell) for name, cell in row.values.items()
            }
            if self._table == "participants" and self._current.withdrawn(key[0]):
                values["consent_reporting"] = "false"
            self._read[key] = values
        return self._read[key]

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, tuple):
            return False
        if key not in self._there:
            self._there[key] = key in self._read or self._current.find(self._table, key) is not None
        return self._there[key]

    def keys(self) -> KeysView[Key]:
        return _Keys(self)

    def among(self, keys: Iterable[Key]) -> set[Key]:
        """Those of the keys that have a row, asked for all together."""
        asked = {*keys}
        new = asked - self._there.keys()
        there = self._current.among(self._table, new)
        self._there |= {key: key in there for key in new}
        return {key for key in asked if self._there[key]}

    def __iter__(self) -> Iterator[Key]:
        return self._current.places(self._table)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Keys(KeysView[Key]):
    """The keys of a table, of which ``&`` asks for many at a time."""

    def __init__(self, rows: _Rows) -> None:
        super().__init__(rows)
        self._rows = rows

    def __and__(self, other: Iterable[Any]) -> set[Key]:
        return self._rows.among(other)


class _Codes(Set[str]):
    """The codes of a table whose key is one column, and those ``beside`` it; all are read only where they are told.

    ``&`` asks for many at a time.
    """

    def __init__(self, table: str, current: Current, *, beside: Sequence[str] = ()) -> None:
        self._table, self._current, self._beside = table, current, beside
        self._all: list[str] | None = None

    def __contains__(self, code: object) -> bool:
        if not isinstance(code, str):
            return False
        return code in self._beside or self._current.find(self._table, (code,)) is not None

    def __and__(self, other: Set[Any]) -> Set[str]:
        there = self._current.among(self._table, ((text,) for text in other))
        return {*other} & {*self._beside} | {code for (code,) in there}

    def __iter__(self) -> Iterator[str]:
        if self._all is None:
            self._all = [*dict.fromkeys([*self._beside, *(code for (code,) in self._current.places(self._table))])]
        return iter(self._all)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Those(Container[str]):
    """The participants of whom the record says something."""

    def __init__(self, holds: Callable[[str], bool]) -> None:
        self._holds = holds

    def __contains__(self, participant: object) -> bool:
        return isinstance(participant, str) and self._holds(participant)


class _Erased(Container[str]):
    """The codes that are never used again; there are few, so all are read where one is asked for."""

    def __init__(self, current: Current) -> None:
        self._current = current
        self._all: Set[str] | None = None

    def __contains__(self, participant: object) -> bool:
        if self._all is None:
            self._all = self._current.erasures()
        return participant in self._all
