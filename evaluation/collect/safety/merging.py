"""Entries of another office's devices join the record: in any order, each once, and what was erased stays erased."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluation.collect.record import admission, chain_end, entries, replay, state
from evaluation.collect.record.chain_end import ChainEnd, Writer
from evaluation.collect.record.current import Execute, chain, replayed
from evaluation.collect.record.replay import Sealed
from evaluation.collect.record.store import Store
from evaluation.errors import DamagedStore, StoreError

_ADD = "INSERT INTO events (device, seq, id, recorded_at, actor, kind, sealed, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Shared:
    """An entry as offices exchange it: as it lies in the file, with the participant whose erasure destroys it."""

    sealed: Sealed
    participant: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What joined: entries that were new, people who were erased by it, and rows that both offices had recorded.

    ``conflicts``: table and key cells of each such row; what was said last of it holds, whoever merges first.
    """

    new: int
    already: int
    erased: int
    conflicts: tuple[tuple[str, tuple[str, ...]], ...]


def shared(execute: Execute) -> list[Shared]:
    """Every entry of the record."""
    of = dict(execute("SELECT event, participant FROM event_keys").fetchall())
    return [Shared(sealed, of.get(sealed.id, "")) for sealed in chain(execute)]


def merge(store: Store, incoming: Sequence[Shared], *, actor: str) -> Merged:
    """Add the entries that are not there yet, all of them or none; sent twice they change nothing.

    Whatever order parcels come in, records with the same entries say the same. An erasure destroys content that
    comes later, too. Raises DamagedStore where a chain of theirs is broken, StoreError where it parted from ours.
    """
    with store.transaction("IMMEDIATE") as execute:
        before = replayed(execute)
        new = _insert(sorted(incoming, key=lambda each: (each.sealed.device, each.sealed.seq)), execute)
        if new:
            erased = _erase(execute, by=store.writer, actor=actor)
            content = replayed(execute)
            chain_end.keep_clock(replay.latest_clock(chain(execute)), execute)
            state.fit(execute, lambda: content)
        else:
            erased, content = 0, before
        conflicts = tuple(place for place in content.conflicts if place not in before.conflicts)
    if erased:
        store.overwrite_journal()
    return Merged(new, len(incoming) - new, erased, conflicts)


def _insert(incoming: Iterable[Shared], execute: Execute) -> int:
    """Adds each entry that continues the chain of its device; how many."""
    new = 0
    for each in incoming:
        sealed = each.sealed
        there = execute("SELECT hash FROM events WHERE device = ? AND seq = ?", (sealed.device, sealed.seq)).fetchone()
        if there is not None:
            if bytes(there[0]) != sealed.hash:
                raise StoreError("collect.parcel.parted")
            continue
        if execute("SELECT 1 FROM events WHERE id = ?", (sealed.id,)).fetchone():
            raise StoreError("collect.parcel.twice")
        _linked(sealed, execute)
        execute(
            _ADD,
            (*sealed.about, sealed.sealed, sealed.hash),
        )
        if sealed.key is not None:
            entries.unseal(sealed.key, sealed.sealed, entry_id=sealed.id, entry=sealed.seq)
            execute("INSERT INTO event_keys VALUES (?, ?, ?)", (sealed.id, each.participant, sealed.key))
        new += 1
    return new


def _linked(sealed: Sealed, execute: Execute) -> None:
    seq, previous = chain_end.head(execute, device=sealed.device)
    if sealed.seq != seq + 1 or sealed.hash != entries.link(previous, about=sealed.about, sealed=sealed.sealed):
        raise DamagedStore("collect.parcel.broken", entry=str(sealed.seq))


def _erase(execute: Execute, *, by: Writer, actor: str) -> int:
    """Destroys what is left of everybody who was erased at any office; of how many people there was something."""
    codes = {participant for (participant,) in execute("SELECT participant FROM erased").fetchall()}
    first: dict[str, str] = {}
    query = (
        "SELECT id, entry, sealed, material FROM events JOIN event_keys ON event = id"
        " WHERE kind <> 'row' AND kind = 'erasure'"  # both, for the index that leaves rows out
    )
    for id, entry, sealed, material in execute(query).fetchall():
        text = entries.unseal(material, sealed, entry_id=id, entry=entry)
        first.setdefault(json.loads(text)["content"]["participant"], id)
    left = 0
    for participant in sorted(codes | {*first}):
        if execute("SELECT 1 FROM event_keys WHERE participant = ?", (participant,)).fetchone():
            admission.destroy(entries.erasure(participant, actor=actor), ChainEnd(execute, by=by))
            left += 1
        elif participant not in codes:
            execute("INSERT INTO erased VALUES (?, ?)", (participant, first[participant]))
    return left
