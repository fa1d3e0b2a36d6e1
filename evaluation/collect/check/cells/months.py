"""A month as people write it becomes 2026-05; a whole date stands for its month."""

from __future__ import annotations

import re

from evaluation.collect.check.cells.dates import Order, read_day
from evaluation.collect.check.context import Context
from evaluation.collect.files.cells import Cell

_YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})", re.ASCII)
_MONTH_FIRST = re.compile(r"(\d{1,2})[-./](\d{4})", re.ASCII)


def month_of(text: str, context: Context, *, order: Order) -> Cell:
    """The month of a cell, within the project and not ahead of today; a whole date is read as its month."""
    first, last = _YEAR_FIRST.fullmatch(text), _MONTH_FIRST.fullmatch(text)
    if first or last:
        year, month = (first[1], first[2]) if first else (last[2], last[1]) if last else ("", "")
        if not 1 <= int(month) <= 12:
            return Cell(fault="bad_month")
        found = f"{year}-{int(month):02d}"
    else:
        day = read_day(text, order)
        if day.value is None:
            return Cell(fault="bad_month" if day.fault == "bad_date" else day.fault)
        found = f"{day.value:%Y-%m}"
    if found > f"{context.today:%Y-%m}":
        return Cell(fault="date_future")
    if found < f"{context.period_start:%Y-%m}":
        return Cell(fault="date_before_period")
    if context.period_end is not None and found > f"{context.period_end:%Y-%m}":
        return Cell(fault="date_after_period")
    return Cell(found, () if found == text else ("month_form",))
