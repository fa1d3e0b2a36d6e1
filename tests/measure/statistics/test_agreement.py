"""Agreement of raters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.measure.statistics.agreement import intraclass, weighted_kappa

RATINGS = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=3, max_size=12).filter(
    lambda pairs: len({value for pair in pairs for value in pair}) > 1
)


def test_kappa_takes_agreement_by_chance_off() -> None:
    # 3 of 5 agree; by chance 2/5·2/5 + 3/5·3/5 = 13/25 would.
    assert weighted_kappa([1, 1, 2, 2, 2], [1, 2, 2, 2, 1], weights="equal").kappa == pytest.approx(
        (0.6 - 13 / 25) / (1 - 13 / 25)
    )


def test_a_category_that_nobody_chose_still_lies_between_its_neighbours() -> None:
    # Categories 1, 2, 4: with 3 between them, 2 against 4 is two of three steps apart.
    one, other = [1, 2, 4, 4], [1, 4, 4, 2]
    rows = np.array([1, 1, 0, 2]) / 4
    apart = np.abs(np.subtract.outer(range(4), range(4))) / 3
    expected = 1 - (2 * (2 / 3) / 4) / float(rows @ apart @ rows)
    assert weighted_kappa(one, other, weights="linear").kappa == pytest.approx(expected, rel=1e-12)


@settings(max_examples=20, deadline=None)
@given(RATINGS, st.sampled_from(["equal", "linear", "quadratic"]), st.integers(-9, 9))
def test_kappa_does_not_care_who_rated_first_nor_where_the_codes_begin(
    pairs: list[tuple[int, int]], weights: str, by: int
) -> None:
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    found = weighted_kappa(one, other, weights=weights)
    moved = weighted_kappa([b + by for b in other], [a + by for a in one], weights=weights)
    if found is None:
        assert moved is None
        return
    assert (moved.kappa, moved.se) == pytest.approx((found.kappa, found.se), rel=1e-9, abs=1e-7)
    assert found.kappa <= 1


def test_perfect_agreement_is_one_without_error_and_one_category_is_nothing() -> None:
    found = weighted_kappa([1, 2, 5], [1, 2, 5])
    assert (found.kappa, found.se) == pytest.approx((1.0, 0.0), abs=1e-12)
    assert weighted_kappa([3, 3], [3, 3]) is weighted_kappa([], []) is None


@pytest.mark.parametrize("weights", ["equal", "linear", "quadratic"])
@pytest.mark.parametrize(
    ("one", "other", "kappa"),
    [
        ([1, 2, 3, 4, 2, 3, 1, 5, 5, 2, 7], [1, 2, 3, 4, 2, 3, 1, 5, 5, 2, 7], 1.0),
        ([3, 1, 2, 3, 3, 2, 1], [2, 2, 2, 2, 2, 2, 2], 0.0),
    ],
)
def test_rounding_is_no_standard_error(one: list[int], other: list[int], kappa: float, weights: str) -> None:
    found = weighted_kappa(one, other, weights=weights)
    assert (found.kappa, found.se) == (pytest.approx(kappa, abs=1e-12), 0.0)


def test_a_rater_who_is_always_two_points_higher_is_consistent_but_does_not_agree() -> None:
    found = intraclass([[1, 3.1], [4, 6], [5, 7], [9, 11]])
    assert found["ICC3"].icc > 0.999
    assert found["ICC2"].icc < 0.9
    assert found["ICC1"].icc < found["ICC2"].icc


def test_the_mean_of_raters_is_as_reliable_as_spearman_and_brown_say() -> None:
    found = intraclass([[9, 2, 5], [6, 1, 3], [8, 4, 6], [7, 1, 2]])
    for name in ("ICC1", "ICC2", "ICC3"):
        single, mean = found[name].icc, found[f"{name}k"].icc
        assert mean == pytest.approx(3 * single / (1 + 2 * single))
        low, high = found[name].interval
        assert low < single < high


def test_the_mean_of_raters_is_left_out_where_its_formula_divides_by_nothing() -> None:
    # psych 2.2.9 has ICC2 = -.5 here, so that ICC2k = 3 * -.5 / (1 + 2 * -.5).
    found = intraclass([[0, 1, 2], [1, 2, 0], [1, 2, 2], [2, 0, 2], [2, 2, 0]])
    assert set(found) == {"ICC1", "ICC2", "ICC3", "ICC1k", "ICC3k"}
    assert (found["ICC2"].icc, found["ICC3k"].icc) == pytest.approx((-0.5, -4.285714286))
    assert found["ICC2"].interval == pytest.approx((-0.6581527, 0.2272209), abs=1e-7)


def test_ratings_without_anything_to_disagree_about_give_nothing() -> None:
    assert intraclass([[1, 1], [2, 2], [5, 5]]) is None
    assert intraclass([[1, 2]]) is intraclass([[1], [2]]) is None
