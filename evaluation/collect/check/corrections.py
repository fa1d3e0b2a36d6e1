"""A correction is laid over the stored row: cells that were sent and are not empty change it, nothing else does."""

from __future__ import annotations

from collections.abc import Mapping, Set

from evaluation.collect.check.checked_row import CheckedRow
from evaluation.collect.check.columns import Column
from evaluation.collect.check.context import Context, Key, Values
from evaluation.collect.files import cells
from evaluation.collect.issues import Issues
from evaluation.xlsform import expressions

EMPTY = "(empty)"
"""What stands in a cell whose stored value is to be taken away; an empty cell changes nothing."""

_EMPTY_IN_WORDS = (EMPTY, "(puste)", "(pusty)", "(pusta)")


def clears(text: str) -> bool:
    """Whether the cell says that the stored value is to be taken away."""
    return cells.clean(text)[0].casefold() in _EMPTY_IN_WORDS


def laid_over(
    row: CheckedRow, cleared: Set[str], *, keys: Key, stored: Mapping[Key, Values | None], issues: Issues
) -> CheckedRow:
    """The row with the stored row's values where it sends none; a row that is not stored goes to ``issues``."""
    key = row.key(keys)
    if key is None:
        return row
    if key not in stored:
        issues.reject("not_stored", row.number, row.name(keys[0]), key=" + ".join(keys))
        return row._replace(faulty=row.faulty | set(keys))
    before = {name: value or None for name, value in (stored[key] or {}).items()}
    sent = {name: value for name, value in row.values.items() if value is not None or name in cleared}
    return row._replace(values={**row.values, **before, **sent}, before=before)


def concerns(column: Column, row: CheckedRow, *, keys: Key) -> bool:
    """Whether the correction changes anything that the column's rules name; what it leaves alone is not asked again."""
    if row.before is None:
        return column.name in keys
    rules = [expressions.parse(rule).names for rule in (column.relevant, column.constraint) if rule]
    return not row.changed.isdisjoint({column.name, *(name for names in rules for name in names)})


def consent_fault(column: Column, row: CheckedRow, context: Context) -> str:
    """The fault of a correction that would turn a consent on without a person having said so for that row."""
    if not column.consent or column.name not in row.changed or row.values[column.name] != "true":
        return ""
    if row.values["participant"] in context.withdrawn:
        return "consent_withdrawn"
    return "" if row.number in context.consent_given else "consent_on"
