"""The end of a device's chain, where an entry is sealed, linked to the one before and written."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from evaluation.collect.record import entries
from evaluation.collect.record.current import Current, Execute
from evaluation.collect.record.entries import Entry
from evaluation.collect.record.fresh import Fresh

Clock = Callable[[], dt.datetime]

_EVENT = (
    "INSERT INTO events (entry, device, seq, id, recorded_at, actor, kind, sealed, hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class Writer(NamedTuple):
    """Whose chain entries are added to, and what time it is."""

    device: str
    clock: Clock


class ChainEnd:
    """Where the next entry of the writer's device goes; valid only while nobody else writes.

    ``fresh``: where rows may lie for a while; without it all are put among the others at once.
    """

    def __init__(self, execute: Execute, *, by: Writer, fresh: Fresh | None = None) -> None:
        self.execute, self._by, self._fresh = execute, by, fresh
        self.current = Current(execute, fresh)
        if fresh and fresh.end and fresh.end.device != by.device:  # its chain goes on elsewhere
            fresh.settle(execute)
        last = fresh.end if fresh else None
        self._seq, self.hash = (last.seq, last.hash) if last else head(execute, device=by.device)
        self.number = last.entry if last else self.current.last()
        seen = execute("SELECT value FROM meta WHERE name = 'clock'").fetchone()
        self._seen = int(seen[0]) if seen else -1  # of what has come in of other devices
        self.destroys = self.among_the_others = False

    def begin(self) -> None:
        """Another submission begins."""
        self.current.forget()
        self.destroys = self.among_the_others = False
        if self._fresh and self._fresh.full:
            self._fresh.settle(self.execute)

    def settle(self) -> None:
        """What this submission adds from now on is put among the others at once, after what waits for it."""
        if not self.among_the_others and self._fresh:
            self._fresh.settle(self.execute)
        self.among_the_others = True

    def add(
        self,
        entry: Entry,
        *,
        participant: str,
        destroyed: Sequence[str] = (),
        where: tuple[str, tuple[str, ...]] | None = None,
    ) -> None:
        """Seal and write ``entry``, about ``participant``; ``destroyed`` are those whose content goes with it.

        ``where``: table and key cells of a row, which must be free. Afterwards ``number`` and ``hash`` are its own;
        ``destroys`` says whether any entry did so far.
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
        self.number, self._seq, self.hash = self.number + 1, self._seq + 1, link
        if where and self._fresh and not self.among_the_others and not self._fresh.full:
            written = (link, material, sealed)
            self._fresh.write(
                about, entry=self.number, where=where, participant=participant, content=written, execute=self.execute
            )
            return
        self.settle()
        self.execute(_EVENT, (self.number, *about, sealed, link))
        self.execute("INSERT INTO event_keys VALUES (?, ?, ?)", (entry.id, participant, material))
        if where:
            self.execute("INSERT INTO places VALUES (?, ?, ?)", (where[0], entries.written(where[1]), entry.id))


def head(execute: Execute, *, device: str) -> tuple[int, bytes]:
    """Number and hash of the last entry in the device's chain."""
    query = "SELECT seq, hash FROM events WHERE device = ? ORDER BY seq DESC LIMIT 1"
    last = execute(query, (device,)).fetchone()
    return (int(last[0]), bytes(last[1])) if last else (0, entries.FIRST)


def keep_clock(clock: int, execute: Execute) -> None:
    """What is entered here from now on comes after all that has come in of other devices."""
    execute("INSERT OR REPLACE INTO meta VALUES ('clock', ?)", (str(clock),))
