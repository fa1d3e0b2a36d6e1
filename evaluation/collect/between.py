"""Rows are compared with each other and with what is stored: repeated keys, waves out of order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence, Set

from evaluation.collect.columns import key_of
from evaluation.collect.findings import Entry, Findings
from evaluation.collect.sheet import Context, Key, Values
from evaluation.schema import Instrument, Table


def acceptable(
    entries: Sequence[Entry], target: Table | Instrument, *, context: Context, found: Findings
) -> tuple[Entry, ...]:
    """The entries without any fault; repeated and contradicting ones are told to ``found``."""
    keys = key_of(target)
    stored = context.existing.get(target.name if isinstance(target, Table) else target.id, {})
    left = _without_repeats(entries, keys, found)
    held = {id(entry) for entry in left if entry.faulty}
    held |= _contradicting(left, keys, found)
    if isinstance(target, Instrument):
        held |= _out_of_order(left, stored, context, found, held)
    kept = (entry for entry in left if id(entry) not in held)
    if context.correcting:
        return tuple(entry for entry in kept if entry.changed or not _already(entry, keys, found))
    return tuple(entry for entry in kept if not _stored(entry, keys, stored, found))


def _without_repeats(entries: Sequence[Entry], keys: Key, found: Findings) -> list[Entry]:
    """Each row once: a later row with the very same values is noted as repeated."""
    left: list[Entry] = []
    seen: dict[tuple[object, ...], Entry] = {}
    for entry in entries:
        same = (tuple(entry.values.items()), entry.faulty)
        if not entry.faulty and same in seen:
            found.repeated.append(entry.row.number)
            found.say("duplicate_identical", entry.name(keys[0]), entry.row.number)
            continue
        seen.setdefault(same, entry)
        left.append(entry)
    return left


def _contradicting(entries: Sequence[Entry], keys: Key, found: Findings) -> set[int]:
    """Rows with the same key and different answers: all are held back, for nobody knows which is right."""
    groups: dict[Key, list[Entry]] = {}
    for entry in entries:
        if (key := entry.key(keys)) is not None:
            groups.setdefault(key, []).append(entry)
    held: set[int] = set()
    for group in groups.values():
        for entry in group if len(group) > 1 else ():
            found.reject("duplicate_key", entry.row.number, entry.name(keys[0]), key=" + ".join(keys))
            held.add(id(entry))
    return held


def _stored(entry: Entry, keys: Key, stored: Mapping[Key, Values | None], found: Findings) -> bool:
    """Whether the key is stored already: the same answers are noted, different ones rejected."""
    key = entry.key(keys)
    if key is None or key not in stored:
        return False
    known = stored[key]
    sent = [name for name in entry.values if name in entry.called and name != "form_version"]
    if known is not None and all((known.get(name) or None) == entry.values[name] for name in sent):
        return _already(entry, keys, found)
    found.reject("key_stored", entry.row.number, entry.name(keys[0]), key=" + ".join(keys))
    return True


def _already(entry: Entry, keys: Key, found: Findings) -> bool:
    """Notes that the row is stored exactly so."""
    found.repeated.append(entry.row.number)
    found.say("already_stored", entry.name(keys[0]), entry.row.number)
    return True


def _out_of_order(
    entries: Sequence[Entry],
    stored: Mapping[Key, Values | None],
    context: Context,
    found: Findings,
    held: Set[int],
) -> set[int]:
    """Rows whose date contradicts another wave of the same participant, in the file or stored.

    What a correction that is held back would have replaced stays, so the others are compared with it.
    """
    if context.correcting:
        entries = [entry for entry in entries if id(entry) not in held]
    place = {wave.id: at for at, wave in enumerate(context.waves)}
    dated: dict[str, list[tuple[int, dt.date, Entry | None]]] = {}
    replaced = {(entry.values.get("participant"), entry.values.get("wave")) for entry in entries if context.correcting}
    for (participant, wave), values in ((key, values) for key, values in stored.items() if len(key) == 2):
        if (participant, wave) not in replaced and wave in place and values and (day := values.get("date")):
            dated.setdefault(participant, []).append((place[wave], dt.date.fromisoformat(day), None))
    for entry in entries:
        who, when, on = (entry.values.get(name) for name in ("participant", "wave", "date"))
        if who and when and on:
            dated.setdefault(who, []).append((place[when], dt.date.fromisoformat(on), entry))
    new = {id(entry) for entry in _disordered(dated.values(), found)}
    if not (new and context.correcting):
        return new
    return new | _out_of_order(entries, stored, context, found, new)


def _disordered(people: Iterable[Sequence[tuple[int, dt.date, Entry | None]]], found: Findings) -> list[Entry]:
    """The rows of the file whose date is not before all later and after all earlier waves."""
    held: list[Entry] = []
    for moments in people:
        for at, on, entry in moments:
            others = [(other, then) for other, then, _ in moments if other != at]
            crossed = any(on == then or (at < other) != (on < then) for other, then in others)
            if entry and crossed and "date" in entry.changed:
                found.reject("wave_order", entry.row.number, entry.name("date"))
                held.append(entry)
    return held
