"""What the columns of one row say together, and beside the stored row of its participant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from evaluation import descriptors
from evaluation.collect.check.checked_row import CheckedRow
from evaluation.collect.check.context import Context, Values
from evaluation.collect.issues import Issues
from evaluation.schema import GUARDIAN, Form


class Broken(NamedTuple):
    """A rule that a row breaks: the reason, the column to correct, and all columns that the rule looks at."""

    reason: str
    column: str
    columns: tuple[str, ...]


def unbroken(rows: Iterable[CheckedRow], form: Form, *, context: Context, issues: Issues) -> tuple[CheckedRow, ...]:
    """The rows that break no rule of their table; what others break is told to ``issues``."""
    rules = _RULES.get(form.id)
    return tuple(row for row in rows if not (rules and _broken(row, rules(row.values, context), context, issues)))


def _broken(row: CheckedRow, rules: Iterator[Broken], context: Context, issues: Issues) -> bool:
    """Whether the row breaks any of the rules; a correction answers for what it changes."""
    found = [rule for rule in rules if row.before is None or not row.changed.isdisjoint(rule.columns)]
    for rule in found:
        end = context.period_end.isoformat() if context.period_end else ""
        issues.reject(rule.reason, row.number, row.name(rule.column), end=end)
    return bool(found)


def _participants(values: Values, context: Context) -> Iterator[Broken]:
    if _before(values.get("left_on"), values.get("enrolled_on")):
        yield Broken("left_before_enrolled", "left_on", ("left_on", "enrolled_on"))
    minor = descriptors.recode("age_bands", "minor").get(values.get("age_band") or "") == "yes"
    if minor and values.get(GUARDIAN) != "true":
        # That a guardian takes the consent back is always recorded; from then on the person is in no number.
        yield Broken("guardian_missing", GUARDIAN, ("age_band",))


def _sessions(values: Values, context: Context) -> Iterator[Broken]:
    hours, minutes = values.get("hours"), values.get("minutes")
    if hours is None and minutes is None:
        yield Broken("no_length", "hours", ("hours", "minutes"))
    elif hours is not None and minutes is not None and abs(Decimal(hours) * 60 - Decimal(minutes)) > 1:
        yield Broken("lengths_differ", "minutes", ("hours", "minutes"))


def _courses(values: Values, context: Context) -> Iterator[Broken]:
    if int(values.get("minimum_sessions") or 0) > int(values.get("sessions") or 0) > 0:
        yield Broken("minimum_above_sessions", "minimum_sessions", ("minimum_sessions", "sessions"))


def _goals(values: Values, context: Context) -> Iterator[Broken]:
    if (values.get("rated_on") is None) != (values.get("reached_level") is None):
        empty = "rated_on" if values.get("rated_on") is None else "reached_level"
        yield Broken("rating_incomplete", empty, ("rated_on", "reached_level"))
    if _before(values.get("rated_on"), values.get("set_on")):
        yield Broken("end_before_start", "rated_on", ("rated_on", "set_on"))
    yield from _within(values, "set_on", context)
    if not _before(values.get("rated_on"), values.get("set_on")):
        yield from _within(values, "rated_on", context)


def _referrals(values: Values, context: Context) -> Iterator[Broken]:
    # Whoever is referred to us is so before she is enrolled.
    yield from _within(values, "date", context, enrolled=values.get("direction") != "to_us")


def _within(values: Values, column: str, context: Context, *, enrolled: bool = True) -> Iterator[Broken]:
    """A date that lies before its participant's enrolment, or after the project."""
    stored = context.existing.get("participants", {}).get((values.get("participant") or "",))
    if enrolled and stored and _before(values.get(column), stored.get("enrolled_on")):
        yield Broken("before_enrolment", column, (column,))
    if context.period_end is not None and _before(context.period_end.isoformat(), values.get(column)):
        yield Broken("date_after_period", column, (column,))


def _before(day: str | None, other: str | None) -> bool:
    """Whether both are dates and the first is the earlier one."""
    return day is not None and other is not None and day < other


_RULES: Mapping[str, Callable[[Values, Context], Iterator[Broken]]] = {
    "participants": _participants,
    "courses": _courses,
    "sessions": _sessions,
    "goals": _goals,
    "referrals": _referrals,
}
"""By table; every other table has no rule beyond those of its columns."""
