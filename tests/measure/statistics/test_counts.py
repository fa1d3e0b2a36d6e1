"""Shares, shares before and after, adjusted p-values, directions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.measure.statistics.counts import Switched, clopper_pearson, sign_test, tango, wilson
from evaluation.measure.statistics.paired import directions, paired_t, rank_biserial
from evaluation.measure.statistics.several import adjust, holm

CELLS = st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)).filter(lambda cells: sum(cells) > 0)


@given(CELLS)
def test_exchanging_gains_and_losses_mirrors_tangos_interval(cells: tuple[int, int, int]) -> None:
    lost, gained, same = cells
    low, high = tango(Switched(lost + gained + same, lost, gained))
    mirrored = tango(Switched(lost + gained + same, gained, lost))
    assert mirrored == pytest.approx((-high, -low), abs=1e-12)


@given(CELLS)
def test_tangos_interval_holds_the_difference_and_stays_within_minus_one_and_one(
    cells: tuple[int, int, int],
) -> None:
    lost, gained, same = cells
    pairs = Switched(lost + gained + same, lost, gained)
    low, high = tango(pairs)
    assert -1 <= low <= pairs.difference <= high <= 1


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_the_others_is_the_mirror_image(case: tuple[int, int]) -> None:
    count, n = case
    for interval in (clopper_pearson, wilson):
        low, high = interval(count, n)
        assert interval(n - count, n) == pytest.approx((1 - high, 1 - low), abs=1e-9)


def test_the_sign_test_of_five_against_one_adds_both_tails() -> None:
    assert sign_test(5, 1) == pytest.approx(2 * 7 / 64)
    assert sign_test(5, 1, mid=True) == pytest.approx(2 * 7 / 64 - 6 / 64)


def test_the_sign_test_without_changes_is_one() -> None:
    assert sign_test(0, 0) == sign_test(0, 0, mid=True) == 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_holm_lies_between_the_raw_p_and_bonferroni(p: list[float]) -> None:
    for raw, adjusted in zip(p, holm(p), strict=True):
        assert raw <= adjusted <= min(1, raw * len(p)) + 1e-12


def test_no_p_values_give_no_adjusted_ones() -> None:
    assert adjust([]) == ()


def test_a_difference_in_the_sixteenth_digit_is_no_change() -> None:
    counted = directions([0.1 + 0.2 - 0.3, 1.0, 2.0, -0.5])
    assert (counted.higher, counted.same, counted.lower) == (2, 1, 1)


def test_net_and_its_interval_count_higher_minus_lower() -> None:
    counted = directions([1, 1, 1, 0, -1, 2, 5, 3])
    assert counted.net == pytest.approx(5 / 8)
    low, high = counted.net_interval()
    assert low < 5 / 8 < high


def test_without_pairs_there_is_no_net_and_p_is_one() -> None:
    counted = directions([])
    assert (counted.net, counted.net_interval(), counted.sign_p) == (None, None, 1)
    assert rank_biserial([0, 0]) is None


def test_ranks_of_the_rank_biserial_are_shared_between_ties() -> None:
    # Sizes 1, 1, 2, 4 have ranks 1.5, 1.5, 3, 4; the second and the third fell.
    r, (low, high) = rank_biserial([1, -1, -2, 4])
    assert r == pytest.approx((1.5 - 1.5 - 3 + 4) / 10)
    assert low < r < high


def test_a_wider_confidence_gives_a_wider_t_interval_around_the_same_mean() -> None:
    narrow, wide = (paired_t([1, 4, -2, 7], alpha=alpha) for alpha in (0.1, 0.01))
    assert narrow.mean == wide.mean == 2.5
    assert wide.low < narrow.low < 2.5 < narrow.high < wide.high
