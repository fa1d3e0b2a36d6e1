"""A correction is laid over the stored row: cells that were sent and are not empty change it, nothing else does."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

from evaluation.collect import cells, expressions
from evaluation.collect.columns import Column
from evaluation.collect.findings import Entry, Findings
from evaluation.collect.sheet import Context, Key, Values

EMPTY = "(empty)"
"""What stands in a cell whose stored value is to be taken away; an empty cell changes nothing."""


def clears(text: str) -> bool:
    """Whether the cell says that the stored value is to be taken away."""
    return cells.clean(text)[0].casefold() == EMPTY


def laid_over(
    entry: Entry, cleared: Set[str], *, keys: Key, stored: Mapping[Key, Values | None], found: Findings
) -> Entry:
    """The entry with the stored row's values where it sends none; a row that is not stored is told to ``found``."""
    key = entry.key(keys)
    if key is None:
        return entry
    if key not in stored:
        found.reject("not_stored", entry.row.number, entry.name(keys[0]), key=" + ".join(keys))
        return replace(entry, faulty=entry.faulty | set(keys))
    before = {name: value or None for name, value in (stored[key] or {}).items()}
    sent = {name: value for name, value in entry.values.items() if value is not None or name in cleared}
    return replace(entry, values={**entry.values, **before, **sent}, before=before)


def concerns(column: Column, entry: Entry, *, keys: Key) -> bool:
    """Whether the correction changes anything that the column's rules name; what it leaves alone is not asked again."""
    if entry.before is None:
        return column.name in keys
    rules = [expressions.parse(rule).names for rule in (column.relevant, column.constraint) if rule]
    return not entry.changed.isdisjoint({column.name, *(name for names in rules for name in names)})


def consent_fault(column: Column, entry: Entry, context: Context) -> str:
    """The fault of a correction that would turn a consent on without a person having said so for that row."""
    if not column.consent or column.name not in entry.changed or entry.values[column.name] != "true":
        return ""
    if entry.values["participant"] in context.withdrawn:
        return "consent_withdrawn"
    return "" if entry.row.number in context.consent_given else "consent_on"
