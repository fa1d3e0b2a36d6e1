"""How a table is laid out on paper: how wide its columns are to each other, and which of them hold numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from evaluation.report.blocks import Table

_LONGEST = 26
"""So many letters of a word may widen a column; a longer one is broken."""
_BOLD = 1.1
"""How much wider the letters of a heading are."""
_MANY = 6
_PAGE, _EM = 470.0, 0.52
"""Points of a page between its margins; how wide a letter is beside its size."""
SHORT = 12
"""A table of so many rows is not broken over two pages."""
_AROUND, _SHORT = 3, 20
"""The room beside a word; a text of so many letters is not broken where there is room, of half of them among many."""


def widths(table: Table) -> list[float]:
    """Of each column, as a share of the whole: as wide as its longest word needs, and more where texts are long."""
    short = _SHORT // 2 if narrow(table) else _SHORT
    needed = [_needed(head, cells, short) for head, *cells in zip(table.columns, *table.rows, strict=True)]
    return [each / sum(needed) for each in needed]


def narrow(table: Table) -> bool:
    """Whether it has so many columns that its letters have to be small."""
    return len(table.columns) > _MANY


def _needed(head: str, cells: Sequence[str], short: int) -> float:
    word = max(_BOLD * _longest(head), *map(_longest, cells), 1)
    length = max(map(len, (head, *cells)))
    return max(min(word, _LONGEST) + _AROUND, min(length, short), 2.2 * math.sqrt(length))


def _longest(cell: str) -> int:
    """The letters of its longest word."""
    return max(map(len, re.split(r"[\s\u00a0]", cell)))


def whole(table: Table) -> list[bool]:
    """Whether every word of each column fits on a line of it, so that none needs to be broken on the PDF's page."""
    size, inset = (8.0, 3.0) if narrow(table) else (9.5, 5.0)
    places = zip(widths(table), table.columns, *table.rows, strict=True)
    return [
        max(_BOLD * _longest(head), *map(_longest, cells), 1) * _EM * size <= share * _PAGE - 2 * inset
        for share, head, *cells in places
    ]


def numeric(table: Table) -> list[bool]:
    """Whether each column holds short numbers only, or the mark of a hidden one; the first names the rows."""
    columns = list(zip(*table.rows, strict=True)) if table.rows else [()] * len(table.columns)
    return [place > 0 and all(_number(cell, table.hidden) for cell in cells) for place, cells in enumerate(columns)]


def gaps(table: Table) -> list[bool]:
    """Whether each column holds numbers and the next does not: they would touch what is set left behind them."""
    numbers = numeric(table)
    return [here and not after for here, after in zip(numbers, [*numbers[1:], True], strict=True)]


def _number(cell: str, hidden: str) -> bool:
    return cell == hidden or (len(cell) <= 12 and re.search(r"\d", cell) is not None)
