"""Attendance against change, course by course: a rank correlation, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.measure.outcomes.change import Change
from evaluation.measure.refusals import Refusal, refusal
from evaluation.measure.scoring import by_wave
from evaluation.measure.statistics.correlation import RankCorrelation, rank_correlation
from evaluation.measure.values import SAME
from evaluation.schema import Course, Plan


@dataclass(frozen=True, slots=True)
class Dose:
    """One course and one outcome: the ``n`` people in the course's register who have both scores.

    ``distinct`` different numbers of ``sessions`` were attended. ``sessions`` and ``gains`` (points
    in the good direction) are one entry per person, for a scatter plot inside the house.
    """

    course: Course
    n: int
    distinct: int
    correlation: RankCorrelation | None
    refusals: tuple[Refusal, ...]
    sessions: NDArray[np.int64] = field(repr=False)
    gains: NDArray[np.float64] = field(repr=False)


def dose_and_change(
    doses: pd.DataFrame, scores: pd.DataFrame, change: Change, plan: Plan, *, courses: tuple[Course, ...]
) -> tuple[Dose, ...]:
    """Attendance against the change of one outcome, for each of ``courses``.

    ``doses``: attendance.dose(); whoever has no present and no absent entry for a course did not
    take it and is not compared. ``scores`` are those that made ``change``. Spearman's rho with the
    Bonett–Wright interval, never groups of attendance. Refused below the plan's ``dose_people`` or
    ``dose_distinct``; levels, which are never averaged, can be ranked.
    """
    gains = _gains(scores, change, plan)
    taken = doses[(doses["present"] + doses["absent"] > 0) & doses["participant"].isin(gains.index)]
    return tuple(_one(course, taken[taken["course"] == course.id], gains, plan) for course in courses)


def _gains(scores: pd.DataFrame, change: Change, plan: Plan) -> pd.Series[float]:
    paired = scores[scores["participant"].isin(change.paired)]
    wide = by_wave(paired, change.outcome.scale, [plan.baseline, plan.endline])
    raw = (wide[plan.endline] - wide[plan.baseline]).round(SAME)
    return raw if change.scale.direction == "higher" else -raw


def _one(course: Course, taken: pd.DataFrame, gains: pd.Series[float], plan: Plan) -> Dose:
    sessions = taken["present"].to_numpy(dtype=np.int64)
    gained = np.asarray(gains.loc[taken["participant"]], dtype=np.float64)
    correlation, refused = compare(sessions, gained, plan)
    return Dose(course, sessions.size, int(np.unique(sessions).size), correlation, refused, sessions, gained)


def compare(
    sessions: NDArray[np.int64], gains: NDArray[np.float64], plan: Plan
) -> tuple[RankCorrelation | None, tuple[Refusal, ...]]:
    """The rank correlation of ``sessions`` with ``gains`` (one entry per person, no NaN), or the refusals."""
    people, distinct = int(sessions.size), int(np.unique(sessions).size)
    refused: list[Refusal] = []
    if people < plan.dose_people:
        refused.append(refusal("dose_few", people=people, minimum=plan.dose_people))
    if distinct < plan.dose_distinct:
        refused.append(refusal("dose_alike", distinct=distinct, minimum=plan.dose_distinct))
    if refused:
        return None, tuple(refused)
    correlation = rank_correlation(sessions, gains, alpha=plan.alpha)
    return (correlation, ()) if correlation is not None else (None, (refusal("dose_no_spread"),))
