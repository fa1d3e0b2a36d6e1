"""The end of a device's chain, where an entry is sealed, linked to the one before and written."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from evaluation.collect.record import entries
from evaluation.collect.record.current import Execute
from evaluation.collect.record.entries import Entry

Clock = Callable[[], dt.datetime]

_EVENT = "INSERT INTO events (device, seq, id, recorded_at, actor, kind, sealed, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


class Writer(NamedTuple):
    """Whose chain entries are added to, and what time it is."""

    device: str
    clock: Clock


class ChainEnd:
    """Where the next entry of the writer's device goes; valid only inside the transaction in which it was found."""

    def __init__(self, execute: Execute, *, by: Writer) -> None:
        self.execute, self._by = execute, by
        self._seq, self.hash = head(execute, device=by.device)
        seen = execute("SELECT value FROM meta WHERE name = 'clock'").fetchone()
        self._seen = int(seen[0]) if seen else -1  # of what has come in of other devices
        self.number, self.destroys = 0, False

    def add(self, entry: Entry, *, participant: str, destroyed: Sequence[str] = ()) -> None:
        """Seal and write ``entry``, about ``participant``; ``destroyed`` are those whose content goes with it.

        Afterwards ``number`` and ``hash`` are its own; ``destroys`` says whether any entry did so far.
        """
        now = self._by.clock().astimezone(dt.UTC).isoformat(timespec="seconds")
        content: dict[str, Any] = {"content": entry.payload}
        if destroyed:
            content["destroyed"], self.destroys = list(destroyed), True
        if entries.clock(now) <= self._seen:  # by the time alone it would come before what has come in
            content["clock"] = self._seen + 1
        material = secrets.token_bytes(32)
        sealed = entries.seal(material, entries.canonical(content), entry_id=entry.id)
        about = (self._by.device, self._seq + 1, entry.id, now, entry.actor, entry.kind)
        link = entries.link(self.hash, about=about, sealed=sealed)
        self.number = int(self.execute(_EVENT, (*about, sealed, link)).lastrowid)
        self.execute("INSERT INTO event_keys VALUES (?, ?, ?)", (entry.id, participant, material))
        self._seq, self.hash = self._seq + 1, link


def head(execute: Execute, *, device: str) -> tuple[int, bytes]:
    """Number and hash of the last entry in the device's chain."""
    query = "SELECT seq, hash FROM events WHERE device = ? ORDER BY seq DESC LIMIT 1"
    last = execute(query, (device,)).fetchone()
    return (int(last[0]), bytes(last[1])) if last else (0, entries.FIRST)


def keep_clock(clock: int, execute: Execute) -> None:
    """What is entered here from now on comes after all that has come in of other devices."""
    execute("INSERT OR REPLACE INTO meta VALUES ('clock', ?)", (str(clock),))
