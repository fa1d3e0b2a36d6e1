"""Dates as staff type them, day first, and as they are shown."""

from __future__ import annotations

import datetime as dt

from evaluation.collect.check.cells.dates import read_day


def read(typed: str) -> dt.date | None:
    """The day that was typed as dd.mm.yyyy (or 2026-03-05); None where it is no day."""
    text = typed.strip()
    return None if text.isdigit() and len(text) == 5 else read_day(text, "day first").value


def written(day: dt.date) -> str:
    """The day as it is typed."""
    return f"{day:%d.%m.%Y}"


def shown(cell: object) -> str:
    """A stored ISO date as it is typed; whatever else it is, as it is."""
    try:
        return written(dt.date.fromisoformat(str(cell)))
    except ValueError:
        return str(cell)
