"""What a clock that was wrong left in the record: entries from the future, and dates that nobody could know yet."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from evaluation.collect.record.current import Current
from evaluation.collect.record.replay import Row
from evaluation.collect.record.store import Store
from evaluation.errors import FileRefused
from evaluation.texts import Message

_DAY = dt.timedelta(days=1)
"""Clocks of two computers, and time zones, may differ so much."""

_RIGHT = "clock_right"
"""Names the last entry beside which somebody called the clock right."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TOLD = 20


def behind(store: Store, *, now: dt.datetime) -> Message | None:
    """What to say where the clock lies behind the last entry made here, and nobody has called it right since."""
    with store.transaction("DEFERRED") as execute:
        return _behind(Current(execute), store.writer.device, now)


def _behind(current: Current, device: str, now: dt.datetime) -> Message | None:
    row = current.newest(device)
    last = dt.datetime.fromisoformat(row[0]) if row else now
    if not row or last <= now + _DAY:
        return None
    right = current.execute("SELECT value FROM meta WHERE name = ?", (_RIGHT,)).fetchone()
    if right and right[0] == row[1].hex().upper():
        return None
    return Message("collect.clock.behind", now=now.astimezone().date(), last=last.astimezone().date())


def stop(store: Store, *, within: Current | None = None) -> None:
    """Raises FileRefused where the clock is ``behind``: a date that has not come yet could be stored.

    ``within`` a transaction that is open already, it is asked there.
    """
    at = store.writer.clock()
    told = behind(store, now=at) if within is None else _behind(within, store.writer.device, at)
    if told is not None:
        now, last = told.facts["now"], told.facts["last"]
        raise FileRefused("collect.clock.stopped", reason="wrong_clock", now=now, last=last)


def call_right(store: Store) -> None:
    """The clock is right as it is; its last entry was made while it was wrong, and stops nobody any more."""
    with store.transaction("IMMEDIATE") as execute:
        row = Current(execute).newest(store.writer.device)
        if row:
            execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_RIGHT, row[1].hex().upper()))


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
