"""Rows are compared with each other and with what is stored: repeated keys, waves out of order, rules of tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence, Set

from evaluation.collect.check import table_rules
from evaluation.collect.check.checked_row import CheckedRow
from evaluation.collect.check.context import Context, Key, Values
from evaluation.collect.issues import Issues
from evaluation.schema import Form, Instrument


def acceptable(rows: Sequence[CheckedRow], form: Form, *, context: Context, issues: Issues) -> tuple[CheckedRow, ...]:
    """The rows without any fault; repeated and contradicting ones go to ``issues``."""
    keys = form.key
    stored = context.existing.get(form.id, {})
    left = _without_repeats(rows, keys, issues)
    held = {id(row) for row in left if row.faulty}
    held |= _contradicting(left, keys, issues)
    if isinstance(form, Instrument):
        held |= _out_of_order(left, stored, context, issues, held)
    kept = (row for row in left if id(row) not in held)
    if context.correcting:
        new = [row for row in kept if row.changed or not _already(row, keys, issues)]
    else:
        new = [row for row in kept if not _stored(row, keys, stored, issues)]
    return tuple(row for row in new if not table_rules.broken(row, form, context=context, issues=issues))


def _without_repeats(rows: Sequence[CheckedRow], keys: Key, issues: Issues) -> list[CheckedRow]:
    """Each row once: a later row with the very same values is noted as repeated."""
    left: list[CheckedRow] = []
    seen: dict[tuple[object, ...], CheckedRow] = {}
    for row in rows:
        same = (tuple(row.values.items()), row.faulty)
        if not row.faulty and same in seen:
            issues.repeated.append(row.number)
            issues.note("duplicate_identical", row.name(keys[0]), row.number)
            continue
        seen.setdefault(same, row)
        left.append(row)
    return left


def _contradicting(rows: Sequence[CheckedRow], keys: Key, issues: Issues) -> set[int]:
    """Rows with the same key and different answers: all are held back, for nobody knows which is right."""
    groups: dict[Key, list[CheckedRow]] = {}
    for row in rows:
        if (key := row.key(keys)) is not None:
            groups.setdefault(key, []).append(row)
    held: set[int] = set()
    for group in groups.values():
        for row in group if len(group) > 1 else ():
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
    dated: dict[str, list[tuple[int, dt.date, CheckedRow | None]]] = {}
    replaced = {(row.values.get("participant"), row.values.get("wave")) for row in rows if context.correcting}
    for participant in {row.values.get("participant") for row in rows} - {None}:
        for wave, at in place.items():
            values = None if (participant, wave) in replaced else stored.get((str(participant), wave))
            if values and (day := values.get("date")):
                dated.setdefault(str(participant), []).append((at, dt.date.fromisoformat(day), None))
    for row in rows:
        who, when, on = (row.values.get(name) for name in ("participant", "wave", "date"))
        if who and when and on:
            dated.setdefault(who, []).append((place[when], dt.date.fromisoformat(on), row))
    new = {id(row) for row in _disordered(dated.values(), issues)}
    if not (new and context.correcting):
        return new
    return new | _out_of_order(rows, stored, context, issues, new)


def _disordered(people: Iterable[Sequence[tuple[int, dt.date, CheckedRow | None]]], issues: Issues) -> list[CheckedRow]:
    """The rows of the file whose date is not before all later and after all earlier waves."""
    held: list[CheckedRow] = []
    for moments in people:
        for at, on, row in moments:
            others = [(other, then) for other, then, _ in moments if other != at]
            crossed = any(on == then or (at < other) != (on < then) for other, then in others)
            if row and crossed and "date" in row.changed:
                issues.reject("wave_order", row.number, row.name("date"))
                held.append(row)
    return held
