"""The sign-flip test and its interval."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from evaluation.errors import Contradiction
from evaluation.measure.statistics import exact
from evaluation.measure.statistics.exact import grid, sign_flip, sign_flip_interval

DIFFERENCES = st.lists(st.integers(-9, 12), min_size=1, max_size=11)


def by_enumeration(differences: list[float]) -> tuple[float, float]:
    """Share of all sign patterns whose sum is at least, at most, the observed one."""
    sums = [differences[0] * 0]
    for difference in differences:  # each sum is made of one that is there: half of them with this sign, half without
        sums = [value + one for value in sums for one in (difference, -difference)]
    observed = sum(differences)
    return (
        sum(value >= observed for value in sums) / len(sums),
        sum(value <= observed for value in sums) / len(sums),
    )


@settings(max_examples=25, deadline=None)
@given(DIFFERENCES)
def test_the_tails_are_those_of_a_full_enumeration_of_signs(differences: list[int]) -> None:
    test = sign_flip(differences)
    assert (test.p_greater, test.p_less) == by_enumeration(differences)


@settings(max_examples=25, deadline=None)
@given(DIFFERENCES, st.sampled_from([0.05, 0.1, 0.2]))
def test_the_interval_holds_exactly_the_means_that_the_test_does_not_reject(
    differences: list[int], alpha: float
) -> None:
    low, high = sign_flip_interval(differences, alpha=alpha)
    if low is None or high is None:
        assert 2 * 0.5 ** len(differences) > alpha
        return
    for limit, outward in ((low, -1), (high, 1)):
        centred = [Fraction(d) - Fraction(limit).limit_denominator(11) for d in differences]
        greater, less = by_enumeration(centred)
        assert min(1, 2 * min(greater, less)) > alpha
        beyond = [d - outward * Fraction(1, 10_000) for d in centred]
        greater, less = by_enumeration(beyond)
        assert min(1, 2 * min(greater, less)) <= alpha


@settings(max_examples=16, deadline=None)
@given(DIFFERENCES)
def test_changing_all_signs_swaps_the_tails_and_mirrors_the_interval(differences: list[int]) -> None:
    one, other = sign_flip(differences), sign_flip([-d for d in differences])
    assert (one.p_greater, one.p_two_sided) == (other.p_less, other.p_two_sided)
    low, high = sign_flip_interval(differences, alpha=0.1)
    mirrored = sign_flip_interval([-d for d in differences], alpha=0.1)
    assert mirrored == ((None, None) if low is None else (-high, -low))


@settings(max_examples=16, deadline=None)
@given(DIFFERENCES, st.sampled_from([0.1, 1 / 3, 4.0, 2.5]))
def test_another_unit_of_the_scale_changes_no_p_and_stretches_the_interval(differences: list[int], unit: float) -> None:
    stretched = [unit * d for d in differences]
    assert sign_flip(stretched) == sign_flip(differences)
    low, high = sign_flip_interval(differences, alpha=0.1)
    if low is not None:
        assert sign_flip_interval(stretched, alpha=0.1) == pytest.approx((unit * low, unit * high), rel=1e-12)


@settings(max_examples=16, deadline=None)
@given(DIFFERENCES, st.integers(-5, 5))
def test_adding_points_to_every_change_moves_the_interval_by_them(differences: list[int], by: int) -> None:
    low, high = sign_flip_interval(differences, alpha=0.1)
    moved = sign_flip_interval([d + by for d in differences], alpha=0.1)
    if low is None:
        assert moved == (None, None)
    else:
        assert moved == pytest.approx((low + by, high + by), abs=1e-12)


def test_differences_of_decimals_are_tied_where_they_are_written_equal() -> None:
    # 1.9 - 0.7 and 4.6 - 3.4 differ in the sixteenth digit.
    assert grid([1.9 - 0.7, 4.6 - 3.4, -0.3]).steps.tolist() == [4, 4, -1]


def test_thirds_and_fifths_from_prorating_share_one_grid() -> None:
    found = grid([4 / 3, -0.4, 2.0])
    assert (found.steps.tolist(), found.unit, found.exact) == ([10, -3, 15], Fraction(2, 15), True)


def test_steps_larger_than_a_point_are_found() -> None:
    found = grid([8, -4, 20])
    assert (found.steps.tolist(), found.unit) == ([2, -1, 5], 4)


def test_a_grid_that_is_too_fine_is_rounded_within_the_steps_allowed_and_says_so() -> None:
    points = np.array([np.pi, -np.e, 10 * np.sqrt(2), 3.0])
    found = grid(points, most_steps=20_000)
    assert not found.exact
    assert np.abs(found.steps).sum() <= 20_000
    assert np.abs(found.steps * float(found.unit) - points).max() <= float(found.unit) / 2


def test_a_number_that_is_only_near_a_fraction_is_not_on_its_grid() -> None:
    assert not grid([np.pi]).exact  # 355/113 is wrong in the seventh digit


def test_a_test_on_a_rounded_grid_says_so() -> None:
    assert sign_flip([np.pi, np.e, -1.1]).rounded
    assert not sign_flip([1.3, 2 / 3, -1.1]).rounded


def test_a_rounded_grid_leaves_each_limit_within_half_a_unit_of_the_exact_one() -> None:
    rng = np.random.default_rng(5)
    points = rng.normal(1.3, 4, 12)
    subsets = np.array(list(product((0, 1), repeat=12)))[1:]
    means = np.sort(subsets @ points / subsets.sum(axis=1))
    # Smallest k with 2 (k + 1) / 2^n > 0.05.
    k = int(np.floor(0.05 / 2 * 2**12 + 1e-9))
    assert sign_flip_interval(points) == pytest.approx((means[k - 1], means[-k]), abs=1 / 2520)


def test_tiny_p_values_keep_their_digits() -> None:
    # All 60 rise by one: only the two patterns of equal signs are as far out.
    assert sign_flip([1] * 60).p_two_sided == pytest.approx(2.0**-59, rel=1e-12)


def test_p_is_never_zero_however_many_people_agree() -> None:
    assert 0 < sign_flip([1] * 1500).p_two_sided < 1e-300


def test_thousands_of_people_are_no_problem() -> None:
    differences = np.random.default_rng(2).integers(-9, 10, 3000)
    root = np.sqrt(np.sum(differences.astype(float) ** 2))
    normal = differences.sum() / root
    assert sign_flip(differences).p_greater == pytest.approx(ndtr(-normal), abs=2e-3)


def test_beyond_eighty_people_the_windowed_interval_is_still_that_of_the_test() -> None:
    differences = np.random.default_rng(11).integers(-6, 9, 130)
    low, high = sign_flip_interval(differences)
    for limit, outward in ((low, -1), (high, 1)):
        at = Fraction(limit).limit_denominator(130)
        centred = differences * at.denominator - at.numerator
        assert sign_flip(centred).p_two_sided > 0.05
        assert sign_flip(centred * 10 - outward).p_two_sided <= 0.05


def test_four_people_give_no_limits_at_five_percent_and_six_do() -> None:
    assert sign_flip_interval([1, 2, 3, 5]) == (None, None)
    assert sign_flip_interval([1, 2, 3, 5, 7, 11]) == (1.0, 11.0)


def test_a_mean_whose_p_is_exactly_alpha_is_outside() -> None:
    # Of the 64 subsets of six, the empty one and the smallest mean make a two-sided p of 4/64.
    assert sign_flip_interval([1, 2, 3, 5, 7, 11], alpha=4 / 64) == (1.5, 9.0)
    assert sign_flip_interval([1, 2, 3, 5, 7], alpha=2 / 32) == (1.0, 7.0)


def test_nobody_gives_p_one_and_no_limits() -> None:
    assert (sign_flip([]).p_two_sided, sign_flip_interval([])) == (1.0, (None, None))


def test_sixty_three_people_are_counted_in_whole_numbers_and_sixty_four_agree_with_the_normal() -> None:
    differences = np.random.default_rng(6).integers(-40, 46, 64)
    for n in (63, 64):
        some = differences[:n]
        normal = ndtr(-(some.sum() - 0.5) / np.sqrt(np.sum(some.astype(float) ** 2)))
        assert sign_flip(some).p_greater == pytest.approx(normal, rel=0.02)
        assert sign_flip(some).p_greater + sign_flip(some).p_less > 1


def test_the_smallest_p_of_a_thousand_people_is_not_lost() -> None:
    assert sign_flip([1] * 900).p_greater == 0.5**900
    assert sign_flip([1] * 60).p_greater == 0.5**60


def test_an_outlier_gives_the_limits_of_the_table_filled_another_way() -> None:
    differences = [3, 1, 4, 1, 5, -9, 2, 6, 5, 3]
    low, high = sign_flip_interval(differences, alpha=0.1)
    windowed, whole = exact._windowed, exact._whole
    table, sizes, sums = windowed(np.array(differences))
    direct, direct_sizes, direct_sums = whole(np.sort(np.array(differences)) + 9)
    one = dict(zip(zip(sizes.tolist(), sums.tolist(), strict=True), table.tolist(), strict=True))
    moved = (direct_sums - 9 * direct_sizes).tolist()
    other = dict(zip(zip(direct_sizes.tolist(), moved, strict=True), direct.tolist(), strict=True))
    assert one == other
    assert low < 2.1 < high


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_a_difference_that_is_no_finite_number_is_an_error_in_words(value: float) -> None:
    for method in (sign_flip, sign_flip_interval, grid):
        with pytest.raises(Contradiction, match="no finite number"):
            method([1.0, value, 2, 3, 5, 8])


def test_astronomic_differences_are_rounded_and_still_give_an_answer() -> None:
    found = sign_flip([1e300, 1.0, 2.5, -1e299])
    assert (found.rounded, found.n) == (True, 4)
    assert 0 < found.p_two_sided <= 1
