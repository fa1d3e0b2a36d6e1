"""How a table is laid out on paper: how wide its columns are to each other, and which of them hold numbers."""

from __future__ import annotations

import math
import re

from evaluation.report.blocks import Table

_LONGEST = 26
"""So many letters of a word may widen a column; a longer one is broken."""
_AROUND, _SHORT = 3, 20
"""The room beside a word; a text of so many letters is not broken where there is room."""


def widths(table: Table) -> list[float]:
    """Of each column, as a share of the whole: as wide as its longest word needs, and more where texts are long."""
    needed = [_needed(cells) for cells in zip(table.columns, *table.rows, strict=True)]
    return [each / sum(needed) for each in needed]


def _needed(cells: tuple[str, ...]) -> float:
    word = max((len(word) for cell in cells for word in re.split(r"[\s\u00a0]", cell)), default=1)
    length = max(map(len, cells), default=1)
    return max(min(word, _LONGEST) + _AROUND, min(length, _SHORT), 2.2 * math.sqrt(length))


def numeric(table: Table) -> list[bool]:
    """Whether each column holds short numbers only, or the mark of a hidden one; the first names the rows."""
    columns = list(zip(*table.rows, strict=True)) if table.rows else [()] * len(table.columns)
    return [place > 0 and all(_number(cell, table.hidden) for cell in cells) for place, cells in enumerate(columns)]


def _number(cell: str, hidden: str) -> bool:
    return cell == hidden or (len(cell) <= 12 and re.search(r"\d", cell) is not None)
