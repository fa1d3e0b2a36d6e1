"""Whether an entry may enter the record, and what it changes there, inside one open transaction."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from evaluation.collect.record import entries, state
from evaluation.collect.record.current import Current, Execute
from evaluation.collect.record.entries import Cell, Entry
from evaluation.errors import DamagedStore, StoreError

Clock = Callable[[], dt.datetime]


class Writer(NamedTuple):
    """Whose chain entries are added to, and what time it is."""

    device: str
    clock: Clock


def admit(submitted: Sequence[Entry], execute: Execute, *, by: Writer) -> int:
    """Store every entry that is not there yet; how many were stored.

    Raises StoreError with the entry's place in ``submitted`` for the first that cannot be stored; the
    transaction must then be undone.
    """
    stored = 0
    for position, entry in enumerate(submitted, start=1):
        try:
            if execute("SELECT 1 FROM events WHERE id = ?", (entry.id,)).fetchone():
                _same(entry, execute)
            else:
                _ENTER[entry.kind](entry, entry.payload, execute, by)
                stored += 1
        except DamagedStore:
            raise
        except StoreError as error:
            raise StoreError(
                "collect.entry.of", position=str(position), entries=str(len(submitted)), fault=error.message
            ) from None
    return stored


def head(execute: Execute, *, device: str) -> tuple[int, bytes]:
    """Number and hash of the last entry in the device's chain."""
    query = "SELECT seq, hash FROM events WHERE device = ? ORDER BY seq DESC LIMIT 1"
    last = execute(query, (device,)).fetchone()
    return (int(last[0]), bytes(last[1])) if last else (0, entries.FIRST)


def _same(entry: Entry, execute: Execute) -> None:
    sealed, content = Current(execute).entry(entry.id)
    if content is None:
        raise StoreError("collect.entry.erased")
    if (sealed.kind, entries.canonical(content)) != (entry.kind, entry.content):
        raise StoreError("collect.entry.id_used")


# --- one kind of entry each -------------------------------------------------------------------


def _row(entry: Entry, content: dict[str, Any], execute: Execute, by: Writer) -> None:
    participant = _participant(content["values"])
    _not_erased(participant, execute)
    where = entries.place(content["key"], content["values"])
    if Current(execute).find(content["table"], where):
        raise StoreError("collect.entry.there", form=content["table"])
    _write(entry, execute, by=by, participant=participant)
    _occupy(content["table"], where, entry.id, execute)


def _correction(entry: Entry, content: dict[str, Any], execute: Execute, by: Writer) -> None:
    kind = execute("SELECT kind FROM events WHERE id = ?", (content["of"],)).fetchone()
    if kind != ("row",):
        raise StoreError("collect.entry.no_row")
    row = Current(execute).entry(content["of"]).content
    if row is None:
        raise StoreError("collect.entry.row_erased")
    if row["table"] == entries.RELEASES:
        raise StoreError("collect.entry.release")
    if content["values"] is None:
        execute("DELETE FROM places WHERE event = ?", (content["of"],))
    else:
        _stay(row, content, execute)
    _write(entry, execute, by=by, participant=_participant(row["values"]))
    state.corrected(content["of"], entry.id, execute)


def _stay(row: Mapping[str, Any], content: Mapping[str, Any], execute: Execute) -> None:
    where = entries.place(row["key"], row["values"])
    values = content["values"]
    if entries.place(row["key"], values) != where or _participant(values) != _participant(row["values"]):
        raise StoreError("collect.entry.moved")
    there = Current(execute).find(row["table"], where)
    if there is None:  # it had been struck out
        _occupy(row["table"], where, content["of"], execute)
    elif there != content["of"]:
        raise StoreError("collect.entry.place_taken", form=row["table"])


def _withdrawal(entry: Entry, content: dict[str, Any], execute: Execute, by: Writer) -> None:
    _known(content["participant"], execute)
    _write(entry, execute, by=by, participant=content["participant"])


def _erasure(entry: Entry, content: dict[str, Any], execute: Execute, by: Writer) -> None:
    _known(content["participant"], execute)
    destroy(entry, execute, by=by)


def destroy(entry: Entry, execute: Execute, *, by: Writer) -> None:
    """Enter an erasure and destroy all that is recorded of its participant, whether that is anything or nothing."""
    participant = entry.payload["participant"]
    keys = execute("SELECT event FROM event_keys WHERE participant = ? ORDER BY event", (participant,))
    destroyed = [entry_id for (entry_id,) in keys.fetchall()]
    _write(entry, execute, by=by, participant="", destroyed=destroyed)  # it is itself never erased
    for entry_id in destroyed:
        execute("DELETE FROM places WHERE event = ?", (entry_id,))
        state.forgotten(entry_id, execute)
        execute("DELETE FROM event_keys WHERE event = ?", (entry_id,))
    execute("INSERT OR IGNORE INTO erased VALUES (?, ?)", (participant, entry.id))


_ENTER: Mapping[str, Callable[[Entry, dict[str, Any], Execute, Writer], None]] = {
    "row": _row,
    "correction": _correction,
    "withdrawal": _withdrawal,
    "erasure": _erasure,
}


# --- inside -----------------------------------------------------------------------------------


def _participant(values: Mapping[str, Cell]) -> str:
    return str(values.get("participant") or "")


def _not_erased(participant: str, execute: Execute) -> None:
    if participant and Current(execute).erased(participant):
        raise StoreError("collect.entry.participant_erased")


def _known(participant: str, execute: Execute) -> None:
    _not_erased(participant, execute)
    if not Current(execute).known(participant):
        raise StoreError("collect.entry.unknown_participant")


def _occupy(table: str, where: Sequence[str], entry_id: str, execute: Execute) -> None:
    execute("INSERT INTO places VALUES (?, ?, ?)", (table, json.dumps(list(where)), entry_id))


def keep_clock(clock: int, execute: Execute) -> None:
    """What is entered here from now on comes after all that has come in of other devices."""
    execute("INSERT OR REPLACE INTO meta VALUES ('clock', ?)", (str(clock),))


def _clock(now: dt.datetime, execute: Execute) -> dict[str, int]:
    """An entry's clock where the time alone would put it before what has come in."""
    seen = execute("SELECT value FROM meta WHERE name = 'clock'").fetchone()
    return {"clock": int(seen[0]) + 1} if seen and entries.clock(now.isoformat()) <= int(seen[0]) else {}


def _write(entry: Entry, execute: Execute, *, by: Writer, participant: str, destroyed: Sequence[str] = ()) -> None:
    seq, previous = head(execute, device=by.device)
    content: dict[str, Any] = {"content": entry.payload} | ({"destroyed": list(destroyed)} if destroyed else {})
    content |= _clock(by.clock(), execute)
    material = secrets.token_bytes(32)
    sealed = entries.seal(material, entries.canonical(content), entry_id=entry.id)
    at = by.clock().astimezone(dt.UTC).isoformat(timespec="seconds")
    about = (by.device, seq + 1, entry.id, at, entry.actor, entry.kind)
    execute(
        "INSERT INTO events (device, seq, id, recorded_at, actor, kind, sealed, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*about, sealed, entries.link(previous, about=about, sealed=sealed)),
    )
    execute("INSERT INTO event_keys VALUES (?, ?, ?)", (entry.id, participant, material))
