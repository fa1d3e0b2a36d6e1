"""What the record holds at this moment, asked row by row inside one transaction; no other row is opened."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import islice
from typing import Any, NamedTuple

from evaluation.collect.record import entries, replay
from evaluation.collect.record.fresh import Fresh
from evaluation.collect.record.replay import Content, Row, Sealed

Execute = Callable[..., Any]
"""Runs one SQL statement in the open transaction and gives its cursor."""

_SEALED = (
    "SELECT entry, id, device, seq, recorded_at, actor, kind, sealed, hash,"
    " (SELECT material FROM event_keys WHERE event = events.id) FROM events WHERE id = "
)
_PLACED = f"{_SEALED} (SELECT event FROM places WHERE table_name = ? AND place = ?)"
_EVENTS = "SELECT entry, id, device, seq, recorded_at, actor, kind, sealed, hash FROM events ORDER BY entry"
_THERE = "SELECT 1 FROM events WHERE id = ?"
_NEWEST = "SELECT recorded_at, hash FROM events WHERE device = ? ORDER BY seq DESC LIMIT 1"
_MANY = 500
_FEW = 16
_CORRECTIONS = "SELECT correction FROM corrections WHERE event = ? ORDER BY position"


def chain(execute: Execute) -> Iterator[Sealed]:
    """Every entry as it lies in the file, in the order in which it came in.

    Keys are read as they lie: looked up entry by entry they would take most of the time, each on another page.
    """
    keys = dict(execute("SELECT event, material FROM event_keys").fetchall())
    return (Sealed._make((*row, keys.get(row[1]))) for row in execute(_EVENTS))


def replayed(execute: Execute) -> Content:
    """What the whole chain says. Raises DamagedStore."""
    several = execute("SELECT count(DISTINCT device) FROM events").fetchone()[0] > 1
    with replay.uncollected():
        return replay.replay(chain(execute), several=several)


class Opened(NamedTuple):
    """A stored entry and its content; None where that was destroyed."""

    sealed: Sealed
    content: dict[str, Any] | None


_NONE_FRESH = Fresh(lambda _: ())


class Current:
    """The rows as they hold today, by table and key; valid only inside the transaction that hands it out.

    ``fresh``: rows that do not lie among the others yet. They are put there before anything is asked that one row
    alone does not answer.
    """

    def __init__(self, execute: Execute, fresh: Fresh | None = None) -> None:
        self._execute = execute
        self._fresh = fresh or _NONE_FRESH
        self._found: dict[tuple[str, str], str | None] = {}
        self._erased: set[str] | None = None

    def forget(self) -> None:
        """Something was written, or may have been: what was asked before may be answered otherwise."""
        self._found.clear()
        self._erased = None

    @property
    def execute(self) -> Execute:
        """The open transaction, for what is kept in the same file."""
        if self._fresh.rows:
            self._fresh.settle(self._execute)
        return self._execute

    def row(self, table: str, place: Sequence[str]) -> Row | None:
        """The row of ``table`` whose key cells are ``place``."""
        where = entries.written(place)
        if event := self._fresh.at(table, where):
            return self._row(event)
        found = self._execute(_PLACED, (table, where)).fetchone()
        return None if found is None else self._as_corrected(Sealed._make(found))

    def find(self, table: str, place: Sequence[str]) -> str | None:
        """The submission id of that row; opens none."""
        at = table, entries.written(place)
        if event := self._fresh.at(*at):
            return event
        if at not in self._found:
            row = self._execute("SELECT event FROM places WHERE table_name = ? AND place = ?", at).fetchone()
            self._found[at] = str(row[0]) if row else None
        return self._found[at]

    def among(self, table: str, places: Iterable[tuple[str, ...]]) -> set[tuple[str, ...]]:
        """Those of ``places`` at which ``table`` has a row, asked for many at a time; opens none."""
        named = {entries.written(place): place for place in places}
        texts = iter(named)
        found = {place for text, place in named.items() if self._fresh.at(table, text)} if self._fresh.rows else set()
        while some := [*islice(texts, _MANY)]:
            query = f"SELECT place FROM places WHERE table_name = ? AND place IN ({', '.join('?' * len(some))})"
            found.update(named[place] for (place,) in self._execute(query, (table, *some)))
        if len(named) <= _FEW:  # of a file they would be very many
            self._found |= {(table, text): None for text, place in named.items() if place not in found}
        return found

    def places(self, table: str) -> Iterator[tuple[str, ...]]:
        """The key cells of every row of ``table``; opens none."""
        found = self.execute("SELECT place FROM places WHERE table_name = ? ORDER BY place", (table,)).fetchall()
        return map(tuple, json.loads(f"[{','.join(place for (place,) in found)}]"))

    def held(self, event: str) -> Row | None:
        """The row with the submission id ``event``, as it holds today."""
        found = self.execute("SELECT 1 FROM places WHERE event = ?", (event,)).fetchone()
        return self._row(event) if found else None

    def rows(self, table: str) -> tuple[Row, ...]:
        """Every row of ``table``, in the order in which it was first recorded."""
        query = "SELECT event FROM places JOIN events ON id = event WHERE table_name = ? ORDER BY entry"
        return tuple(self._row(event) for (event,) in self.execute(query, (table,)).fetchall())

    def last(self) -> int:
        """The number of the last entry: as long as it is the same, every row is."""
        return int(self.execute("SELECT coalesce(max(entry), 0) FROM events").fetchone()[0])

    def changed(self, since: int) -> dict[str, bool] | None:
        """The rows that entries after ``since`` speak of, and whether each is new; opens none.

        A withdrawal speaks of the enrolment. None where more may have changed: by an erasure, by another device's
        entries, or by very many.
        """
        query = "SELECT id, kind, device = (SELECT value FROM meta WHERE name = 'device') FROM events WHERE entry > ?"
        made = self.execute(f"{query} ORDER BY entry LIMIT ?", (since, _MANY + 1)).fetchall()
        if len(made) > _MANY or any(kind == "erasure" or not here for _, kind, here in made):
            return None
        found: dict[str, bool] = {}
        for event, kind, _ in made:
            spoken_of = {event} if kind == "row" else self._spoken_of(event, kind)
            for row in spoken_of:
                found.setdefault(row, kind == "row")
        return found

    def _spoken_of(self, event: str, kind: str) -> set[str]:
        if kind == "correction":
            return {of for (of,) in self.execute("SELECT event FROM corrections WHERE correction = ?", (event,))}
        (participant,) = self.execute("SELECT participant FROM event_keys WHERE event = ?", (event,)).fetchone()
        enrolment = self.find("participants", (participant,))
        return {enrolment} if enrolment else set()

    def of(self, participant: str) -> tuple[Row, ...]:
        """Everything that is held of one participant, in the order in which it was first recorded."""
        query = (
            "SELECT places.event FROM event_keys JOIN places ON places.event = event_keys.event"
            " JOIN events ON events.id = places.event WHERE event_keys.participant = ? ORDER BY events.entry"
        )
        return tuple(self._row(event) for (event,) in self.execute(query, (participant,)).fetchall())

    def withdrawn(self, participant: str) -> dt.date | None:
        """Since when the participant no longer consents to being counted in reports of outcomes."""
        query = (
            "SELECT id FROM event_keys JOIN events ON events.id = event_keys.event"
            " WHERE event_keys.participant = ? AND events.kind = 'withdrawal'"
        )
        contents = [self.entry(event).content for (event,) in self._execute(query, (participant,)).fetchall()]
        return min((dt.date.fromisoformat(content["since"]) for content in contents if content), default=None)

    def withdrew(self) -> set[str]:
        """Everybody who no longer consents to being counted in reports of outcomes; opens none."""
        query = (
            "SELECT participant FROM event_keys JOIN events ON events.id = event"
            " WHERE kind <> 'row' AND kind = 'withdrawal'"  # both, for the index that leaves rows out
        )
        return {participant for (participant,) in self._execute(query).fetchall()}

    def erased(self, participant: str) -> bool:
        """Whether the code was erased, and is never used again."""
        if self._erased is not None:
            return participant in self._erased
        return bool(self._execute("SELECT 1 FROM erased WHERE participant = ?", (participant,)).fetchone())

    def erasures(self) -> Set[str]:
        """Every code that was erased."""
        self._erased = {participant for (participant,) in self._execute("SELECT participant FROM erased").fetchall()}
        return self._erased

    def known(self, participant: str) -> bool:
        """Whether anything is recorded under the code."""
        if participant in self._fresh.participants:
            return bool(participant)
        found = self._execute("SELECT 1 FROM event_keys WHERE participant = ? LIMIT 1", (participant,)).fetchone()
        return bool(participant and found)

    def stored(self, event: str) -> bool:
        """Whether there is an entry with the submission id ``event``."""
        return event in self._fresh.rows or self._execute(_THERE, (event,)).fetchone() is not None

    def newest(self, device: str) -> tuple[str, bytes] | None:
        """When the last entry of ``device`` was made, and its hash."""
        if (end := self._fresh.end) and end.device == device:
            return end.recorded_at, end.hash
        row: tuple[str, bytes] | None = self._execute(_NEWEST, (device,)).fetchone()
        return row

    def entry(self, entry_id: str) -> Opened:
        """A stored entry. Raises DamagedStore where it is not what was written."""
        sealed = self._sealed(entry_id)
        return Opened(sealed, _content(sealed))

    def _row(self, event: str) -> Row:
        return self._as_corrected(self._sealed(event))

    def _sealed(self, event: str) -> Sealed:
        if entry := self._fresh.rows.get(event):
            return Sealed._make(self._fresh.sealed(entry, self._execute))
        return Sealed._make(self._execute(f"{_SEALED} ?", (event,)).fetchone())

    def _as_corrected(self, sealed: Sealed) -> Row:
        content = _content(sealed)
        if content is None:  # a place is given up before its row's key is destroyed
            raise entries.damaged(sealed.number)
        held: Row | None = replay.first(sealed, content)
        last = held
        fresh = sealed.id in self._fresh.rows
        for (correction,) in () if fresh else self._execute(_CORRECTIONS, (sealed.id,)).fetchall():
            sealed, content = self.entry(correction)
            held = replay.corrected(last, sealed, content) if last and content else None
            last = held or last
        if held is None:  # a row that was struck out has no place
            raise entries.damaged(sealed.number)
        return held


def _content(sealed: Sealed) -> dict[str, Any] | None:
    if sealed.key is None:
        return None
    text = entries.unseal(sealed.key, sealed.sealed, entry_id=sealed.id, entry=sealed.number)
    content: dict[str, Any] = json.loads(text)["content"]
    return content
