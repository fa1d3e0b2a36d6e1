"""Rows that were written alike are read alike: their columns are kept once, their cells found by one pattern.

Most rows of a record have the columns of the row before. Whatever does not look so is read as JSON, which decides.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeVar

from evaluation.collect.record import entries
from evaluation.collect.record.entries import Cell

_LEARNED_AFTER = 64  # rows of a kind; a pattern costs as much as reading some hundred rows
_PATTERNS = 8  # of one table: so many sets of columns at once
_VALUES = '"values":{'
Held = TypeVar("Held", bound=Cell)
_TEXT = r'(?:"([^"\\\x00-\x1f]*+)"|null)'


class Columns:
    """The columns of rows that were written alike."""

    __slots__ = ("at", "names")

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.at = {name: place for place, name in enumerate(names)}


class Cells(Mapping[str, Held]):
    """The cells of one row by column; ``columns`` are shared by all rows that have the same."""

    __slots__ = ("cells", "columns")

    def __init__(self, columns: Columns, cells: tuple[Held, ...]) -> None:
        self.columns, self.cells = columns, cells

    def __getitem__(self, name: str) -> Held:
        return self.cells[self.columns.at[name]]

    def get(self, name: str, default: Any = None) -> Any:
        at = self.columns.at.get(name)
        return default if at is None else self.cells[at]

    def items(self) -> ItemsView[str, Held]:
        return dict(zip(self.columns.names, self.cells, strict=True)).items()

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns.names)

    def __len__(self) -> int:
        return len(self.cells)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What is the same in all contents of one kind, and an expression that finds the cells of each."""

    columns: Columns
    same: Mapping[str, Any]
    expression: re.Pattern[str]


class Reader:
    """Reads the texts of contents, and learns on the way how they are written."""

    def __init__(self) -> None:
        self._patterns: dict[str, list[_Pattern]] = {}
        self._columns: dict[tuple[str, ...], Columns] = {}
        self._seen: Counter[tuple[str, Columns, str]] = Counter()

    def read(self, texts: Sequence[str]) -> list[dict[str, Any] | None]:
        """The content that each text is the JSON of; the values of rows are ``Cells``."""
        alike = [self._alike(text) for text in texts]
        others = [text for text, content in zip(texts, alike, strict=True) if content is None]
        read = zip(others, json.loads(f"[{','.join(others)}]"), strict=True)
        return [self._learned(*next(read)) if content is None else content for content in alike]

    def _alike(self, text: str) -> dict[str, Any] | None:
        for pattern in self._patterns.get(text[: text.find(_VALUES)], ()):
            if found := pattern.expression.fullmatch(text):
                return {"content": {**pattern.same, "values": Cells(pattern.columns, found.groups())}}
        return None

    def _learned(self, text: str, opened: dict[str, Any] | None) -> dict[str, Any] | None:
        content = opened and opened["content"]
        if not opened or not content or not isinstance(content.get("values"), dict):
            return opened
        cells = tuple(content["values"].values())
        columns = self._shared(tuple(content["values"]))
        content["values"] = Cells(columns, cells)
        plain = opened.keys() == {"content"} and content.keys() == {"table", "key", "values", "version"}
        if plain and all(cell is None or type(cell) is str for cell in cells):
            kind = (text[: text.find(_VALUES)], columns, content["version"])
            self._seen[kind] += 1
            if self._seen[kind] == _LEARNED_AFTER:
                self._learn(kind[0], {**content, "values": {}}, columns)
        return opened

    def _shared(self, names: tuple[str, ...]) -> Columns:
        columns = self._columns.get(names)
        if columns is None:
            columns = self._columns[names] = Columns(names)
        return columns

    def _learn(self, before: str, same: Mapping[str, Any], columns: Columns) -> None:
        """From now on contents that differ from this one in their cells only are read by a pattern."""
        head, _, tail = entries.canonical({"content": same}).partition(_VALUES)
        names = (re.escape(json.dumps(name, ensure_ascii=False)) for name in columns.names)
        written = re.escape(head + _VALUES) + ",".join(f"{name}:{_TEXT}" for name in names) + re.escape(tail)
        known = self._patterns.get(before, [])
        self._patterns[before] = [_Pattern(columns, same, re.compile(written)), *known[: _PATTERNS - 1]]


def lines(rows: Iterable[Mapping[str, Cell]], columns: Sequence[str]) -> list[tuple[Cell, ...]]:
    """The cells of ``columns`` in each row, None where the row has no such column."""
    picks: dict[Columns, Callable[[tuple[Cell, ...]], tuple[Cell, ...]]] = {}
    found = []
    for row in rows:
        cells = row if isinstance(row, Cells) else Cells(Columns(tuple(row)), tuple(row.values()))
        pick = picks.get(cells.columns)
        if pick is None:
            pick = picks[cells.columns] = _pick([cells.columns.at.get(name, -1) for name in columns])
        found.append(pick((*cells.cells, None)))
    return found


def _pick(places: Sequence[int]) -> Callable[[tuple[Cell, ...]], tuple[Cell, ...]]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda cells: tuple(cells[place] for place in places)
