"""Rows are compared with each other and with what is stored: repeated keys, waves out of order, rules of tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import pairwise

from evaluation.collect.check import table_rules
from evaluation.collect.check.checked_row import CheckedRow
from evaluation.collect.check.context import Context, Key, Values
from evaluation.collect.issues import Issues
from evaluation.schema import Form, Instrument

Moment = tuple[int, str, CheckedRow | None]
"""The place of a wave, the ISO date on which a participant was asked, and the row that says so; None: the record."""


def acceptable(rows: Sequence[CheckedRow], form: Form, *, context: Context, issues: Issues) -> tuple[CheckedRow, ...]:
    """The rows without any fault; repeated and contradicting ones go to ``issues``."""
    keys = form.key
    stored = context.existing.get(form.id, {})
    several = [group for group in _by_key(rows, keys).values() if len(group) > 1] if len(rows) > 1 else []
    again = _repeats(rows, several, keys, issues)
    left = [row for row in rows if id(row) not in again] if again else rows
    held = {id(row) for row in left if row.faulty}
    held |= _contradicting([[row for row in group if id(row) not in again] for group in several], keys, issues)
    if isinstance(form, Instrument):
        held |= _out_of_order(left, stored, context, issues, held)
    kept = [row for row in left if id(row) not in held]
    if context.correcting:
        new = [row for row in kept if row.changed or not _already(row, keys, issues)]
    else:
        there = stored.keys() & {*zip(*([row.values[name] for row in kept] for name in keys), strict=True)}
        new = [row for row in kept if not _stored(row, keys, stored, issues)] if there else kept
    return table_rules.unbroken(new, form, context=context, issues=issues)


def _by_key(rows: Sequence[CheckedRow], keys: Key) -> dict[tuple[str | None, ...], list[CheckedRow]]:
    groups: dict[tuple[str | None, ...], list[CheckedRow]] = {}
    for row, *key in zip(rows, *([row.values[name] for row in rows] for name in keys), strict=True):
        groups.setdefault(tuple(key), []).append(row)
    return groups


def _repeats(
    rows: Sequence[CheckedRow], several: Iterable[Sequence[CheckedRow]], keys: Key, issues: Issues
) -> set[int]:
    """The rows, by identity, that say the very same as an earlier one, noted; ``several``: those that share a key."""
    again: set[int] = set()
    for group in several:
        seen: set[tuple[object, ...]] = set()
        for row in group:
            same = tuple(row.values.items())
            if not row.faulty and same in seen:
                again.add(id(row))
            elif not row.faulty:
                seen.add(same)
    for row in rows if again else ():
        if id(row) in again:
            issues.repeated.append(row.number)
            issues.note("duplicate_identical", row.name(keys[0]), row.number)
    return again


def _contradicting(several: Iterable[Sequence[CheckedRow]], keys: Key, issues: Issues) -> set[int]:
    """Rows with the same key and different answers: all are held back, for nobody knows which is right."""
    held: set[int] = set()
    for group in several:
        known = [row for row in group if row.key(keys) is not None]
        for row in known if len(known) > 1 else ():
            issues.reject("duplicate_key", row.number, row.name(keys[0]), key=" + ".join(keys))
            held.add(id(row))
    return held


def _stored(row: CheckedRow, keys: Key, stored: Mapping[Key, Values | None], issues: Issues) -> bool:
    """Whether the key is stored already: the same answers are noted, different ones rejected."""
    key = row.key(keys)
    if key is None or key not in stored:
        return False
    known = stored[key]
    sent = [name for name in row.values if name in row.called and name != "form_version"]
    if known is not None and all((known.get(name) or None) == row.values[name] for name in sent):
        return _already(row, keys, issues)
    issues.reject("key_stored", row.number, row.name(keys[0]), key=" + ".join(keys))
    return True


def _already(row: CheckedRow, keys: Key, issues: Issues) -> bool:
    """Notes that the row is stored exactly so."""
    issues.repeated.append(row.number)
    issues.note("already_stored", row.name(keys[0]), row.number)
    return True


def _out_of_order(
    rows: Sequence[CheckedRow],
    stored: Mapping[Key, Values | None],
    context: Context,
    issues: Issues,
    held: Set[int],
) -> set[int]:
    """Rows whose date contradicts another wave of the same participant, in the file or stored.

    What a correction that is held back would have replaced stays, so the others are compared with it.
    """
    if context.correcting:
        rows = [row for row in rows if id(row) not in held]
    place = {wave.id: at for at, wave in enumerate(context.waves)}
    dated: dict[str, list[Moment]] = {}
    for row in rows:
        values = row.values
        who, when, on = values.get("participant"), values.get("wave"), values.get("date")
        if who and when and on:
            dated.setdefault(who, []).append((place[when], on, row))
    asked = {(participant, wave) for participant in dated for wave in place}
    if context.correcting:
        asked -= {(str(row.values.get("participant")), str(row.values.get("wave"))) for row in rows}
    for participant, wave in stored.keys() & asked:
        if (held_there := stored[participant, wave]) and (day := held_there.get("date")):
            dated[participant].append((place[wave], day, None))
    new = {id(row) for moments in dated.values() if not _in_order(moments) for row in _disordered(moments, issues)}
    if not (new and context.correcting):
        return new
    return new | _out_of_order(rows, stored, context, issues, new)


def _in_order(moments: Sequence[Moment]) -> bool:
    """Whether every date is after those of all earlier waves."""
    ordered = sorted((at, on) for at, on, _ in moments)
    return all(at == later or on < then for (at, on), (later, then) in pairwise(ordered))


def _disordered(moments: Sequence[Moment], issues: Issues) -> Iterator[CheckedRow]:
    """The rows of the file whose date is not before all later and after all earlier waves of its participant."""
    days: dict[int, list[str]] = {}
    for at, on, _ in moments:
        days.setdefault(at, []).append(on)
    spans = {at: (min(of_wave), max(of_wave)) for at, of_wave in days.items()}
    for at, on, row in moments:
        others = ((other, span) for other, span in spans.items() if other != at)
        crossed = any(last >= on if other < at else first <= on for other, (first, last) in others)
        if row and crossed and "date" in row.changed:
            issues.reject("wave_order", row.number, row.name("date"))
            yield row
