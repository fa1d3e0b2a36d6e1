"""What pages ask for again and again, kept in memory until an entry changes it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from typing import Any

from evaluation.collect.record.current import Current
from evaluation.collect.record.replay import Row

Key = tuple[str, ...]
Add = Callable[[Any, Key], None]
"""Adds the key cells of one row to what is made of them; of a row that was added before it changes nothing."""


class Kept:
    """Rows of tables, and what was made of their keys, as they hold after the entry that was seen last.

    An entry brings in, or renews, the one row that it speaks of; a row struck out or put back lets its table be read
    anew, and an erasure, a withdrawal or another office's entries everything.
    """

    def __init__(self) -> None:
        self._last = 0
        self._rows: dict[str, dict[str, Row]] = {}
        self._folded: dict[str, dict[str, tuple[Any, Add]]] = {}
        self._answers: dict[Hashable, tuple[Collection[str], list[Any]]] = {}
        self._cells: dict[str, str] = {}

    def rows(self, table: str, current: Current) -> tuple[Row, ...]:
        """Every row of a table, in the order in which it was first recorded."""
        self._fit(current)
        if table not in self._rows:
            self._rows[table] = {row.id: row for row in current.rows(table)}
        return tuple(self._rows[table].values())

    def folded(self, table: str, name: str, start: Callable[[], Any], add: Add, current: Current) -> Any:
        """What ``add`` makes, from ``start`` on, of the key cells of every row of a table, in no order; opens none."""
        self._fit(current)
        kept = self._folded.setdefault(table, {})
        if name not in kept:
            made = start()
            for key in current.places(table):
                add(made, tuple(map(self._same, key)))
            kept[name] = made, add
        return kept[name][0]

    def told(self, question: Hashable, tables: Collection[str], current: Current) -> list[Any]:
        """The answer kept to a question about ``tables``, in a list that is empty where one of them has changed."""
        self._fit(current)
        return self._answers.setdefault(question, (tables, []))[1]

    def _same(self, cell: str) -> str:
        """One object for all equal cells: the same few codes stand in every table."""
        return self._cells.setdefault(cell, cell)

    def _fit(self, current: Current) -> None:
        last = current.last()
        if last == self._last:
            return
        changed = current.changed(self._last) if self._last else None
        if changed is None:
            for known in (self._rows, self._folded, self._answers, self._cells):
                known.clear()
        else:
            tables = {self._renew(row_id, new, current) for row_id, new in changed.items()}
            stale = [question for question, (about, _) in self._answers.items() if not tables.isdisjoint(about)]
            for question in stale:
                del self._answers[question]
        self._last = last

    def _renew(self, row_id: str, new: bool, current: Current) -> str:
        """The table of a row of which an entry speaks, with what is kept of it up to date."""
        row = current.held(row_id)
        if row is None:
            table = str((current.entry(row_id).content or {})["table"])
            self._rows.pop(table, None)
            self._folded.pop(table, None)
            return table
        rows = self._rows.get(row.table)
        if rows is not None and (new or row.id in rows):
            rows[row.id] = row
        elif rows is not None:  # it was struck out, and has its old place among the others again
            del self._rows[row.table]
        for made, add in self._folded.get(row.table, {}).values():
            add(made, row.place)
        return row.table
