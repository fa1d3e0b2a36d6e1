"""An outcome group by group, and how far it leans on any one of them; groups are described, never tested."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from evaluation.measure.outcomes.change import Change
from evaluation.measure.refusals import NO_HEADLINE, Refusal, refusal
from evaluation.measure.statistics.counts import Interval
from evaluation.schema import Breakdown, Plan

Among = Callable[[pd.DataFrame], Change]
"""One outcome's primary block among some rows of the participants."""


@dataclass(frozen=True, slots=True)
class Group:
    """One outcome among the people of the group ``code``, with ``pairs`` of both scores.

    ``estimate`` and ``interval`` in raw points are the group's own headline, by the plan's rules; None
    with the ``refusals`` that say why. For inside only.
    """

    code: str
    enrolled: int
    pairs: int
    estimate: float | None
    interval: Interval | None
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The headline in raw points while each of ``groups`` is left out in turn: ``whole`` with all of them.

    ``low`` and ``high`` are the least and the greatest of what is left, by the same method as the whole;
    ``unbearable`` of the groups cannot be left out, because the others bear no headline. None where
    there is no headline, or no group can be left out.
    """

    groups: int
    unbearable: int
    whole: float | None
    low: float | None
    high: float | None


def group_of(participants: pd.DataFrame, breakdown: Breakdown) -> pd.Series[str]:
    """The code of each row's group in the breakdown; "" and what is not recoded stay as they were recorded."""
    return participants[breakdown.column].astype(object).fillna("").replace(dict(breakdown.recode))


def by_group(participants: pd.DataFrame, breakdown: Breakdown, among: Among, plan: Plan) -> tuple[Group, ...]:
    """One outcome in each of the breakdown's groups, in their declared order; whoever is in none is left aside.

    ``participants``: one row per enrolled person, with the breakdown's column. No estimate below the
    plan's ``minimum_group`` pairs (docs/statistics.md).
    """
    column = group_of(participants, breakdown)
    return tuple(_group(code, participants[column == code], among, plan) for code in breakdown.groups)


def _group(code: str, people: pd.DataFrame, among: Among, plan: Plan) -> Group:
    change = among(people)
    if change.pairs < plan.minimum_group:
        small = refusal("small_group", pairs=change.pairs, minimum=plan.minimum_group)
        return Group(code, len(people), change.pairs, None, None, (small,))
    why = () if change.headline_estimate is not None else tuple(r for r in change.refusals if r.id in NO_HEADLINE)
    return Group(code, len(people), change.pairs, change.headline_estimate, change.headline_interval, why)


def leave_one_out(participants: pd.DataFrame, column: str, among: Among) -> LeftOut:
    """The outcome's headline without each value of ``column`` in turn, such as each country.

    An empty cell is a value of its own: those whose country is not known are left out together.
    """
    values = participants[column].astype(object).fillna("")
    whole = among(participants)
    without = [_estimate(among(participants[values != one]), whole.headline) for one in sorted(values.unique())]
    left = [estimate for estimate in without if estimate is not None]
    headed = left and whole.headline_estimate is not None
    return LeftOut(
        groups=len(without),
        unbearable=len(without) - len(left),
        whole=whole.headline_estimate,
        low=min(left) if headed else None,
        high=max(left) if headed else None,
    )


def _estimate(change: Change, method: str) -> float | None:
    """The estimate by the method that heads the whole, so that only the people differ and not the method."""
    if change.headline == "none":
        return None
    if method == "paired" and change.means.t is not None:
        return change.means.t.mean
    return change.means.all_enrolled.estimate if change.means.all_enrolled is not None else None
