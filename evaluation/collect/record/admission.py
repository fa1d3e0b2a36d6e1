"""Whether an entry may enter the record, and what it changes there, inside one open transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from evaluation.collect.record import entries, state
from evaluation.collect.record.chain_end import ChainEnd
from evaluation.collect.record.current import Current
from evaluation.collect.record.entries import Cell, Entry
from evaluation.errors import DamagedStore, StoreError

JOURNAL = "erased:journal"
"""Kept beside the entries, with the id of the last erasure, as long as the write-ahead log may hold what it deleted."""


def admit(submitted: Iterable[Entry], end: ChainEnd) -> tuple[int, int]:
    """Store every entry that is not there yet; how many were stored, and how many were there already.

    Each is let go of before the next is asked for. Raises StoreError with the entry's place in ``submitted`` for the
    first that cannot be stored; the transaction must then be undone.
    """
    stored = already = 0
    waiting = iter(submitted)
    for entry in waiting:
        try:
            if end.current.stored(entry.id):
                _same(entry, end.current)
                already += 1
            else:
                if entry.kind != "row":
                    end.settle()
                _ENTER[entry.kind](entry, end)
                end.current.forget()
                stored += 1
        except DamagedStore:
            raise
        except StoreError as error:
            position = stored + already + 1
            number = position + sum(1 for _ in waiting)
            raise StoreError(
                "collect.entry.of", position=str(position), entries=str(number), fault=error.message
            ) from None
    return stored, already


def _same(entry: Entry, current: Current) -> None:
    sealed, content = current.entry(entry.id)
    if content is None:
        raise StoreError("collect.entry.erased")
    if (sealed.kind, entries.canonical(content)) != (entry.kind, entry.content):
        raise StoreError("collect.entry.id_used")


# --- one kind of entry each -------------------------------------------------------------------


def _row(entry: Entry, end: ChainEnd) -> None:
    table, values = entry.payload["table"], entry.payload["values"]
    participant = _participant(values)
    where = entries.place(entry.payload["key"], values)
    _not_erased(participant, end.current)
    if end.current.find(table, where) is not None:
        raise StoreError("collect.entry.there", form=table)
    end.add(entry, participant=participant, where=(table, where))


def _correction(entry: Entry, end: ChainEnd) -> None:
    execute, of = end.execute, entry.payload["of"]
    kind = execute("SELECT kind FROM events WHERE id = ?", (of,)).fetchone()
    if kind != ("row",):
        raise StoreError("collect.entry.no_row")
    row = end.current.entry(of).content
    if row is None:
        raise StoreError("collect.entry.row_erased")
    if row["table"] == entries.RELEASES:
        raise StoreError("collect.entry.release")
    if entry.payload["values"] is None:
        execute("DELETE FROM places WHERE event = ?", (of,))
    else:
        _stay(row, entry.payload, end)
    end.add(entry, participant=_participant(row["values"]))
    state.corrected(of, entry.id, execute)


def _stay(row: Mapping[str, Any], content: Mapping[str, Any], end: ChainEnd) -> None:
    where = entries.place(row["key"], row["values"])
    values = content["values"]
    if entries.place(row["key"], values) != where or _participant(values) != _participant(row["values"]):
        raise StoreError("collect.entry.moved")
    there = end.current.find(row["table"], where)
    if there is None:  # it had been struck out
        end.execute("INSERT INTO places VALUES (?, ?, ?)", (row["table"], entries.written(where), content["of"]))
    elif there != content["of"]:
        raise StoreError("collect.entry.place_taken", form=row["table"])


def _withdrawal(entry: Entry, end: ChainEnd) -> None:
    _known(entry.payload["participant"], end.current)
    end.add(entry, participant=entry.payload["participant"])


def _erasure(entry: Entry, end: ChainEnd) -> None:
    _known(entry.payload["participant"], end.current)
    destroy(entry, end)


def destroy(entry: Entry, end: ChainEnd) -> None:
    """Enter an erasure and destroy all that is recorded of its participant, whether that is anything or nothing."""
    execute, participant = end.execute, entry.payload["participant"]
    keys = execute("SELECT event FROM event_keys WHERE participant = ? ORDER BY event", (participant,))
    destroyed = [entry_id for (entry_id,) in keys.fetchall()]
    end.add(entry, participant="", destroyed=destroyed)  # it is itself never erased
    for entry_id in destroyed:
        execute("DELETE FROM places WHERE event = ?", (entry_id,))
        state.forgotten(entry_id, execute)
        execute("DELETE FROM event_keys WHERE event = ?", (entry_id,))
    execute("INSERT OR IGNORE INTO erased VALUES (?, ?)", (participant, entry.id))
    execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (JOURNAL, entry.id))


_ENTER: Mapping[str, Callable[[Entry, ChainEnd], None]] = {
    "row": _row,
    "correction": _correction,
    "withdrawal": _withdrawal,
    "erasure": _erasure,
}


# --- inside -----------------------------------------------------------------------------------


def _participant(values: Mapping[str, Cell]) -> str:
    return str(values.get("participant") or "")


def _not_erased(participant: str, current: Current) -> None:
    if participant and current.erased(participant):
        raise StoreError("collect.entry.participant_erased")


def _known(participant: str, current: Current) -> None:
    _not_erased(participant, current)
    if not current.known(participant):
        raise StoreError("collect.entry.unknown_participant")
