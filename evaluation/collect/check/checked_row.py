"""One row of a sheet as it was read under its form."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import NamedTuple

from evaluation.collect.check.context import Key, Values


class CheckedRow(NamedTuple):
    """A row whose cells were read; ``number`` is what a spreadsheet shows.

    ``faulty``: the columns of the form that are rejected in it. ``called``: what this row's file calls a
    column of the form. ``before``: the stored values that a correction is laid over; None where nothing is.
    ``reviewed``: the columns whose free text looks personal and that a person has read and let through.
    """

    number: int
    values: Values
    faulty: frozenset[str]
    called: Mapping[str, str]
    before: Values | None = None
    reviewed: frozenset[str] = frozenset()

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
