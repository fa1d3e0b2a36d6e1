"""A month as people write it becomes 2026-05; a whole date stands for its month, a name for one of the year told."""

from __future__ import annotations

import re

from evaluation.collect.check.cells.dates import Order, months, read_day
from evaluation.collect.check.context import Context
from evaluation.collect.files.cells import Cell
from evaluation.collect.files.sheet import Sheet

_YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})", re.ASCII)
_MONTH_FIRST = re.compile(r"(\d{1,2})[-./](\d{4})", re.ASCII)
_NAMED = re.compile(r"([^\W\d_]+)[-./,]?(?: ?(\d{4})(?: ?r\.?)?)?")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)", re.ASCII)


def named_month(text: str, *, year: str = "") -> str:
    """``maj 2026``, ``V.2026``, ``May``, 05.2026 as 2026-05; a name alone is one of ``year``; '' for what is none."""
    if match := _YEAR_FIRST.fullmatch(text) or _MONTH_FIRST.fullmatch(text):
        written, month = sorted(match.groups(), key=len, reverse=True)
        return f"{written}-{int(month):02d}" if 1 <= int(month) <= 12 else ""
    match = _NAMED.fullmatch(" ".join(text.split()))
    number = months().get(match[1].casefold()) if match else None
    written = (match[2] or year) if match else ""
    return f"{written}-{number:02d}" if number and written else ""


def year_of(sheet: Sheet) -> str:
    """The one year that stands above the table, else in its sheet's name, its header or its file's name; '' if none."""
    for told in (sheet.title, sheet.tab, " ".join(sheet.header), sheet.name):
        if years := {*_YEAR.findall(told)}:
            return years.pop() if len(years) == 1 else ""
    return ""


def month_of(text: str, context: Context, *, order: Order) -> Cell:
    """The month of a cell, within the project and not ahead of today; a whole date is read as its month."""
    found = named_month(text)
    if not found:
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
