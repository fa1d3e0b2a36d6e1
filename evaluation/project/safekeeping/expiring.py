"""What is kept no longer than was promised: people whose last date lies before a day are erased."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator

from evaluation.collect.acts import Erase, perform
from evaluation.collect.record.replay import Row
from evaluation.errors import BadArgument
from evaluation.project.opened import Project
from evaluation.texts import Message


def limit(project: Project, *, today: dt.date, before: dt.date | None = None) -> dt.date:
    """The day before which the last date of a person has to lie: as given, else by project.yml's retention_months.

    Raises BadArgument where neither says so, or the day lies in the future.
    """
    months = project.declaration.file.retention_months
    if before is None and months is None:
        raise BadArgument("project.expire.no_limit")
    if before is None:
        year, month = divmod(today.year * 12 + today.month - 1 - (months or 0), 12)
        last = calendar.monthrange(year, month + 1)[1]
        return dt.date(year, month + 1, min(today.day, last))
    if before > today:
        raise BadArgument("project.expire.future", day=before)
    return before


def expired(project: Project, *, before: dt.date) -> tuple[str, ...]:
    """The codes of all people of whom nothing is dated on ``before`` or later."""
    last: dict[str, dt.date] = {}
    for row in project.store.content().rows:
        participant = str(row.values.get("participant") or "")
        if participant:
            last[participant] = max(_last(row), last.get(participant, dt.date.min))
    return tuple(sorted(participant for participant, day in last.items() if day < before))


def erase(project: Project, participants: tuple[str, ...], *, actor: str, today: dt.date) -> Iterator[Message]:
    """Destroy all that is recorded of them, one after another; stopped in between, the rest is done the next time."""
    for participant in participants:
        perform(Erase(participant), project.store, declaration=project.declaration, actor=actor, today=today)
    project.forget()
    yield Message("project.expire.done", n=len(participants))
    yield Message("collect.act.outside")


def _last(row: Row) -> dt.date:
    """The latest date in the row; where it has none, the day on which it was recorded."""
    dates = []
    for cell in row.values.values():
        try:
            dates.append(dt.date.fromisoformat(str(cell)))
        except ValueError:
            continue
    return max(dates, default=row.recorded_at.date())
