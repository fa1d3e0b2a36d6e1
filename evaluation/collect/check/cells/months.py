"""A month as people write it becomes 2026-05; a whole date stands for its month, a name for one of the year told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from evaluation.collect.check.cells.dates import Order, months, read_day
from evaluation.collect.check.context import Context
from evaluation.collect.files.cells import Cell
from evaluation.collect.files.sheet import Sheet

_YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})", re.ASCII)
_MONTH_FIRST = re.compile(r"(\d{1,2})[-./](\d{4})", re.ASCII)
_NAMED = re.compile(r"([^\W\d_]+)[-./,]?(?: ?(\d{4})(?: ?r\.?)?)?")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)(?:[/–-](\d\d)(?!\d))?", re.ASCII)
_DAY = re.compile(r"20\d\d[-._/]\d\d[-._/]\d\d(?!\d)|\d{1,2}(?:[-._/ ]\d{1,2}[-._/ ]|\.? +[^\W\d_]+\.? +)20\d\d(?!\d)")
_MOST_TEXTS = 60  # a column with more of them is none of months
_QUARTERS = {"i", "ii", "iii", "iv"}


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
    """The one year that stands above the table, in its sheet's name, its header and its file's name; '' if none.

    None either where they tell several, where the months run on into another year (October … February, 2025/26), and
    where I to IV may be quarters. The year of a day, as of which the table stands, is none of its months.
    """
    told = [_DAY.sub(" ", text) for text in (sheet.title, sheet.tab, *sheet.header, sheet.name)]
    found = [match for text in told for match in _YEAR.finditer(text)]
    years = {match[1] for match in found}
    if len(years) != 1 or any(match[2] and int(match[2]) == int(match[1][2:]) + 1 for match in found):
        return ""
    columns = (dict.fromkeys(cells) for cells in zip(*(row.cells for row in sheet.rows), strict=False))
    lines = [sheet.header, *(tuple(texts) for texts in columns if len(texts) <= _MOST_TEXTS)]
    return "" if any(map(_undated, lines)) else years.pop()


def _undated(texts: Sequence[str]) -> bool:
    """Whether the months among the texts, named without a year, are not those of one year."""
    words = [" ".join(text.split()).rstrip(".").casefold() for text in texts]
    named = [months()[word] for word in dict.fromkeys(words) if word in months()]
    runs_on = any(_runs_on(order) for order in (named, named[::-1] if len(named) > 2 else []))
    return runs_on or (len(named) > 1 and {word for word in words if word in months()} <= _QUARTERS)


def _runs_on(named: Sequence[int]) -> bool:
    drops = [earlier - later for earlier, later in pairwise(named) if later < earlier]
    return len(drops) == 1 and drops[0] > 5 and named[-1] < named[0]


def month_of(text: str, context: Context, *, order: Order) -> Cell:
    """The month of a cell, within the project and not ahead of today; a whole date is read as its month."""
    found = named_month(text)
    if not found:
        day = read_day(text, order)
        if day.value is None:
            fault = "month_undated" if named_month(text, year="2000") else "bad_month"
            return Cell(fault=fault if day.fault == "bad_date" else day.fault)
        found = f"{day.value:%Y-%m}"
    if found > f"{context.today:%Y-%m}":
        return Cell(fault="date_future")
    if found < f"{context.period_start:%Y-%m}":
        return Cell(fault="date_before_period")
    if context.period_end is not None and found > f"{context.period_end:%Y-%m}":
        return Cell(fault="date_after_period")
    return Cell(found, () if found == text else ("month_form",))
