"""Reliable change of persons."""

from __future__ import annotations

import dataclasses
from math import sqrt
from typing import Any

import pandas as pd
import pytest

from evaluation.measure.change import outcome_change
from evaluation.measure.reliability import reliability
from evaluation.measure.reliable import (
    ReliableChange,
    category,
    cutoff_c,
    measurement_error,
    reliable_change,
    reliable_counts,
    with_cutoff,
)
from evaluation.schema import Outcome, Plan, Scale

OUTCOME = Outcome("calm", {}, "calm.total", step=3, reliability=0.84, reliability_source="validation study, 2015")
SCALE = Scale("total", {}, "higher", "sum", 0, 40, 5, ("a",))
START = [10, 14, 20, 12, 18, 16, 22, 8]
END = [24, 13, 21, 2, 27, 16, 24, 20]


def found(outcome: Outcome = OUTCOME, direction: str = "higher", **own: Any) -> ReliableChange | None:
    rows = [
        (f"P-{person}", wave, "calm.total", value)
        for wave, values in (("endline", END), ("baseline", START))
        for person, value in enumerate(values)
    ]
    rows += [("P-77", "baseline", "calm.total", 15), ("P-0", "baseline", "other.total", 1)]
    scores = pd.DataFrame(rows, columns=["participant", "wave", "scale", "score"])
    people = pd.DataFrame({"participant": [f"P-{person}" for person in [*range(8), 77]]})
    plan = Plan(outcomes=(outcome,))
    scale = dataclasses.replace(SCALE, direction=direction)
    return reliable_change(outcome_change(scores, people, outcome, scale, plan), scores, plan, **own)


def test_the_threshold_is_twice_the_noise_of_a_difference() -> None:
    error = measurement_error(5.0, 0.84)
    assert (error.of_score, error.of_difference) == pytest.approx((2.0, 2 * sqrt(2)))
    assert error.threshold() == pytest.approx(1.959963984540054 * 2 * sqrt(2))


def test_only_changes_beyond_the_threshold_count_in_the_good_direction() -> None:
    # Everyone's baseline (nine people) has SD 4.58; the threshold is 5.08 points.
    better, worse = found(), found(direction="lower")
    assert better.threshold == pytest.approx(1.959963984540054 * 4.5825756949558 * sqrt(0.32), rel=1e-9)
    assert (better.n, better.improved, better.same, better.worse) == (8, 3, 4, 1)
    assert (worse.improved, worse.same, worse.worse) == (1, 4, 3)


def test_a_change_of_exactly_the_threshold_is_not_beyond_it() -> None:
    assert category(1.96, critical=1.96) == category(-1.96, critical=1.96) == "Unchanged"
    # Rounded to nine decimals, as scores are, no threshold is met exactly; a perfect scale's is 0.
    assert reliable_counts([0, 0, 1, -2], sd=5, reliability=1.0, source="s").same == 2
    assert (category(1.97, critical=1.96), category(-1.97, critical=1.96)) == ("Improved", "Deteriorated")


def test_a_published_reliability_is_named_and_an_own_one_is_approximate() -> None:
    published = found()
    assert (published.source, published.approximate) == ("validation study, 2015", False)
    alpha = reliability([[1, 2], [2, 2], [4, 5], [5, 3]])
    own = found(dataclasses.replace(OUTCOME, reliability=None), own=alpha)
    assert (own.source, own.approximate, own.reliability) == ("", True, pytest.approx(alpha.cronbach))


def test_a_reliability_without_its_source_is_not_used() -> None:
    assert found(dataclasses.replace(OUTCOME, reliability_source="")) is None


def test_without_a_reliability_above_zero_there_is_nothing_to_say() -> None:
    assert found(dataclasses.replace(OUTCOME, reliability=None)) is None
    contrary = reliability([[1, 4], [2, 2], [4, 2], [5, 1]])
    assert contrary.cronbach < 0
    assert found(dataclasses.replace(OUTCOME, reliability=None), own=contrary) is None


def test_a_step_smaller_than_the_noise_is_shown_as_such() -> None:
    # WHO-5's ten points, at a spread of 21 points and a reliability of .86.
    assert reliable_counts([12, -3], sd=21, reliability=0.86, source="s", step=10).step_within_noise
    assert not reliable_counts([12, -3], sd=21, reliability=0.86, source="s", step=22).step_within_noise


def test_the_cut_off_lies_nearer_to_the_group_with_the_smaller_spread() -> None:
    assert cutoff_c(10, 2, 20, 6) == pytest.approx(12.5)


@pytest.mark.parametrize(
    ("verdict", "before", "after", "named"),
    [
        ("Improved", False, True, "Recovered"),
        ("Improved", True, True, "Improved"),
        ("Improved", False, False, "Improved"),
        ("Deteriorated", True, False, "Harmed"),
        ("Deteriorated", False, False, "Deteriorated"),
        ("Unchanged", False, True, "Unchanged"),
    ],
)
def test_crossing_the_cut_off_counts_only_with_a_reliable_change(
    verdict: Any, before: bool, after: bool, named: str
) -> None:
    assert with_cutoff(verdict, before_well=before, after_well=after) == named


@pytest.mark.parametrize(("sd", "r"), [(0, 0.8), (-1, 0.8), (5, 1.01), (5, -0.1), (float("nan"), 0.5)])
def test_an_impossible_spread_or_reliability_is_an_error(sd: float, r: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        measurement_error(sd, r)
