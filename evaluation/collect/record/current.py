"""What the record holds at this moment, asked row by row inside one transaction; no other row is opened."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from evaluation.collect.record import entries, replay
from evaluation.collect.record.replay import Row, Sealed

Execute = Callable[..., Any]
"""Runs one SQL statement in the open transaction and gives its cursor."""

_COLUMNS = "entry, id, device, seq, recorded_at, actor, kind, sealed, hash, material"
_JOINED = f"SELECT {_COLUMNS} FROM events LEFT JOIN event_keys ON event_keys.event = events.id"
ENTRIES = f"{_JOINED} ORDER BY entry"
_CORRECTIONS = "SELECT correction FROM corrections WHERE event = ? ORDER BY position"


class Opened(NamedTuple):
    """A stored entry and its content; None where that was destroyed."""

    sealed: Sealed
    content: dict[str, Any] | None


class Current:
    """The rows as they hold today, by table and key; valid only inside the transaction that hands it out."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute

    def row(self, table: str, place: Sequence[str]) -> Row | None:
        """The row of ``table`` whose key cells are ``place``."""
        event = self.find(table, place)
        return None if event is None else self._row(event)

    def find(self, table: str, place: Sequence[str]) -> str | None:
        """The submission id of that row; opens none."""
        query = "SELECT event FROM places WHERE table_name = ? AND place = ?"
        row = self._execute(query, (table, json.dumps(list(place)))).fetchone()
        return str(row[0]) if row else None

    def places(self, table: str) -> Iterator[tuple[str, ...]]:
        """The key cells of every row of ``table``; opens none."""
        found = self._execute("SELECT place FROM places WHERE table_name = ? ORDER BY place", (table,)).fetchall()
        return (tuple(json.loads(place)) for (place,) in found)

    def held(self, event: str) -> Row | None:
        """The row with the submission id ``event``, as it holds today."""
        found = self._execute("SELECT 1 FROM places WHERE event = ?", (event,)).fetchone()
        return self._row(event) if found else None

    def rows(self, table: str) -> tuple[Row, ...]:
        """Every row of ``table``, in the order in which it was first recorded."""
        query = "SELECT event FROM places JOIN events ON id = event WHERE table_name = ? ORDER BY entry"
        return tuple(self._row(event) for (event,) in self._execute(query, (table,)).fetchall())

    def stamp(self, table: str) -> tuple[int, ...]:
        """What changes whenever a row of ``table`` does, so that what was read of it can be kept; opens none."""
        joined = "SELECT count(*), coalesce(sum(entry), 0) FROM places JOIN {} WHERE table_name = ?"
        rows = self._execute(joined.format("events ON id = event"), (table,)).fetchone()
        corrected = "corrections ON corrections.event = places.event JOIN events ON id = correction"
        return (*rows, *self._execute(joined.format(corrected), (table,)).fetchone())

    def of(self, participant: str) -> tuple[Row, ...]:
        """Everything that is held of one participant, in the order in which it was first recorded."""
        query = (
            "SELECT places.event FROM event_keys JOIN places ON places.event = event_keys.event"
            " JOIN events ON events.id = places.event WHERE event_keys.participant = ? ORDER BY events.entry"
        )
        return tuple(self._row(event) for (event,) in self._execute(query, (participant,)).fetchall())

    def withdrawn(self, participant: str) -> dt.date | None:
        """Since when the participant no longer consents to being counted in reports of outcomes."""
        query = (
            "SELECT id FROM event_keys JOIN events ON events.id = event_keys.event"
            " WHERE event_keys.participant = ? AND events.kind = 'withdrawal'"
        )
        contents = [self.entry(event).content for (event,) in self._execute(query, (participant,)).fetchall()]
        return min((dt.date.fromisoformat(content["since"]) for content in contents if content), default=None)

    def erased(self, participant: str) -> bool:
        """Whether the code was erased, and is never used again."""
        return bool(self._execute("SELECT 1 FROM erased WHERE participant = ?", (participant,)).fetchone())

    def known(self, participant: str) -> bool:
        """Whether anything is recorded under the code."""
        found = self._execute("SELECT 1 FROM event_keys WHERE participant = ? LIMIT 1", (participant,)).fetchone()
        return bool(participant and found)

    def entry(self, entry_id: str) -> Opened:
        """A stored entry. Raises DamagedStore where it is not what was written."""
        sealed = Sealed(*self._execute(f"{_JOINED} WHERE events.id = ?", (entry_id,)).fetchone())
        if sealed.key is None:
            return Opened(sealed, None)
        text = entries.unseal(sealed.key, sealed.sealed, entry_id=sealed.id, entry=sealed.number)
        return Opened(sealed, json.loads(text)["content"])

    def _row(self, event: str) -> Row:
        sealed, content = self.entry(event)
        if content is None:  # a place is given up before its row's key is destroyed
            raise entries.damaged(sealed.number)
        held: Row | None = replay.first(sealed, content)
        last = held
        for (correction,) in self._execute(_CORRECTIONS, (event,)).fetchall():
            sealed, content = self.entry(correction)
            held = replay.corrected(last, sealed, content) if last and content else None
            last = held or last
        if held is None:  # a row that was struck out has no place
            raise entries.damaged(sealed.number)
        return held
