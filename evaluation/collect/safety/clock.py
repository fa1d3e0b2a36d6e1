"""What a clock that was wrong left in the record: entries from the future, and dates that nobody could know yet."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from evaluation.collect.record.replay import Row
from evaluation.collect.record.store import Store
from evaluation.texts import Message

_DAY = dt.timedelta(days=1)
"""Clocks of two computers, and time zones, may differ so much."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TOLD = 20


def behind(store: Store, *, now: dt.datetime) -> Message | None:
    """What to say before anything is stored, where the clock lies behind the last entry made here."""
    query = "SELECT recorded_at FROM events WHERE device = ? ORDER BY seq DESC LIMIT 1"
    with store.transaction("DEFERRED") as execute:
        row = execute(query, (store.writer.device,)).fetchone()
    last = dt.datetime.fromisoformat(row[0]) if row else now
    if last <= now + _DAY:
        return None
    return Message("collect.clock.behind", now=now.astimezone().date(), last=last.astimezone().date())


def lines(store: Store, *, now: dt.datetime) -> Iterator[Message]:
    """The entries that were recorded while a clock was ahead, and the rows of theirs with a date after that day."""
    with store.transaction("DEFERRED") as execute:
        entries = execute("SELECT device, id, recorded_at FROM events ORDER BY entry DESC").fetchall()
    latest: dict[str, dt.datetime] = {}
    ahead: dict[str, dt.datetime] = {}
    for device, id, recorded_at in entries:
        at, bound = dt.datetime.fromisoformat(recorded_at), latest.get(device, now)
        if at > bound + _DAY:
            ahead[id] = bound
        latest[device] = min(at, bound)
    if not ahead:
        return
    yield Message("collect.clock.ahead", n=len(ahead))
    doubtful = [row for row in store.content().rows if row.id in ahead and _later(row, ahead[row.id].date())]
    for row in doubtful[:_TOLD]:
        yield Message("collect.clock.row", table=row.table, row=", ".join(row.place))
    if len(doubtful) > _TOLD:
        yield Message("collect.clock.more", n=len(doubtful) - _TOLD)


def _later(row: Row, day: dt.date) -> bool:
    cells = [str(cell) for cell in row.values.values() if cell is not None]
    return any(cell > day.isoformat() for cell in cells if _DATE.fullmatch(cell))
