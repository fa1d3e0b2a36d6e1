"""Attendance against change."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from evaluation.measure.dose import Dose, compare, dose_and_change
from evaluation.measure.outcomes.change import outcome_change
from evaluation.measure.statistics.correlation import rank_correlation
from evaluation.schema import Course, Outcome, Plan, Scale
from evaluation.texts import say

OUTCOME = Outcome("calm", {}, "calm.total")
PLAN = Plan(outcomes=(OUTCOME,))
SCALE = Scale("total", {}, "higher", "sum", 0, 40, 5, ("a",))
POLISH, BUDGET = Course("polish", {}, 10, 6), Course("budget", {}, 4, 2)
RNG = np.random.default_rng(2)
SESSIONS, GAINS = RNG.integers(0, 9, 24), RNG.integers(-4, 9, 24)


def doses(sessions: np.ndarray = SESSIONS) -> pd.DataFrame:
    """Everyone in the register of Polish, the first five in that of budget planning."""
    polish = [(f"P-{i:02d}", "polish", n, 9 - n) for i, n in enumerate(sessions)]
    budget = [(f"P-{i:02d}", "budget", i % 3 if i < 5 else 0, 1 if i < 5 else 0) for i in range(len(sessions))]
    return pd.DataFrame(polish + budget, columns=["participant", "course", "present", "absent"])


def found(direction: str = "higher", plan: Plan = PLAN) -> tuple[Dose, ...]:
    rows = [(f"P-{i:02d}", "baseline", "calm.total", 10.0) for i in range(24)]
    rows += [(f"P-{i:02d}", "endline", "calm.total", 10.0 + gain) for i, gain in enumerate(GAINS)]
    rows += [("P-98", "baseline", "calm.total", 12.0)]
    scores = pd.DataFrame(rows, columns=["participant", "wave", "scale", "score"])
    people = pd.DataFrame({"participant": [*(f"P-{i:02d}" for i in range(24)), "P-98"]})
    scale = dataclasses.replace(SCALE, direction=direction)
    change = outcome_change(scores, people, OUTCOME, scale, plan)
    register = pd.concat([doses(), pd.DataFrame([("P-98", "polish", 9, 0)], columns=doses().columns)])
    return dose_and_change(register, scores, change, plan, courses=(POLISH, BUDGET))


def test_each_course_is_compared_among_the_people_in_its_register_with_both_scores() -> None:
    polish, budget = found()
    assert (polish.n, budget.n) == (24, 5)
    assert polish.correlation == rank_correlation(SESSIONS, GAINS)
    assert polish.refusals == ()


def test_few_people_and_few_numbers_of_sessions_are_each_refused_in_words() -> None:
    _, budget = found()
    assert budget.correlation is None
    assert [r.id for r in budget.refusals] == ["dose_few", "dose_alike"]
    assert (budget.n, budget.distinct) == (5, 3)
    assert "5; below 20" in say(budget.refusals[0].message, "en")


@pytest.mark.parametrize(("people", "refused"), [(20, False), (19, True)])
def test_twenty_people_are_enough_and_nineteen_are_not(people: int, refused: bool) -> None:
    sessions, gains = SESSIONS[:people], GAINS[:people].astype(float)
    assert (compare(sessions, gains, PLAN)[0] is None) is refused


@pytest.mark.parametrize(("distinct", "refused"), [(5, False), (4, True)])
def test_five_different_numbers_of_sessions_are_enough_and_four_are_not(distinct: int, refused: bool) -> None:
    sessions = np.arange(24) % distinct
    assert (compare(sessions, GAINS.astype(float), PLAN)[0] is None) is refused


def test_on_a_scale_where_lower_is_better_the_coefficient_turns() -> None:
    (better, _), (worse, _) = found(), found("lower")
    assert worse.correlation.spearman == pytest.approx(-better.correlation.spearman)


def test_the_same_change_for_everyone_is_refused() -> None:
    none, refused = compare(SESSIONS, np.full(24, 2.0), PLAN)
    assert (none, [r.id for r in refused]) == (None, ["dose_no_spread"])


def test_the_thresholds_are_the_plan_s() -> None:
    lenient = dataclasses.replace(PLAN, dose_people=4, dose_distinct=3)
    assert found(plan=lenient)[1].refusals == ()
