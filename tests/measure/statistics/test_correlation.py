"""Rank correlations."""

from __future__ import annotations

from itertools import combinations, permutations
from math import atanh, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, rankdata, spearmanr

from evaluation.measure.statistics.correlation import bonett_wright, rank_correlation

PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(-3, 5)), min_size=3, max_size=6).filter(
    lambda pairs: len({x for x, _ in pairs}) > 1 and len({y for _, y in pairs}) > 1
)


def sign(value: int) -> int:
    return (value > 0) - (value < 0)


@settings(max_examples=14, deadline=None)
@given(PAIRS)
def test_coefficients_are_the_textbook_s_and_p_counts_all_orders(pairs: list[tuple[int, int]]) -> None:
    x, y = [a for a, _ in pairs], [b for _, b in pairs]
    found = rank_correlation(x, y)
    assert found.spearman == pytest.approx(spearmanr(x, y).statistic, abs=1e-12)
    assert found.kendall == pytest.approx(kendalltau(x, y).statistic, abs=1e-12)
    # In every order the ranks, and with them what both coefficients are divided by, stay: only the sums differ.
    ranks = [of - of.mean() for of in map(rankdata, (x, y))]
    spearmans = [abs(float(ranks[0] @ order)) for order in map(np.array, permutations(ranks[1]))]
    beyond = [r >= spearmans[0] - 1e-9 for r in spearmans]
    assert found.spearman_p == pytest.approx(sum(beyond) / len(beyond), rel=1e-12)
    pairs_of_people = list(combinations(range(len(x)), 2))
    kendalls = [abs(sum(sign(x[i] - x[j]) * sign(o[i] - o[j]) for i, j in pairs_of_people)) for o in permutations(y)]
    assert found.kendall_p == pytest.approx(sum(k >= kendalls[0] for k in kendalls) / len(kendalls), rel=1e-12)


def test_three_in_perfect_order_have_two_orders_of_six_as_extreme() -> None:
    found = rank_correlation([1, 2, 3], [2, 4, 9])
    assert (found.spearman, found.spearman_p, found.kendall_p, found.low) == (1.0, 2 / 6, 2 / 6, None)


def test_ten_people_have_no_exact_p() -> None:
    x = list(range(9))
    assert rank_correlation(x, [3, 1, 4, 1, 5, 9, 2, 6, 5]).spearman_p is not None
    assert rank_correlation([*x, 9], [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]).spearman_p is None


def test_the_interval_is_wider_than_fisher_s_because_of_the_ranks() -> None:
    low, high = bonett_wright(0.6, 28)
    half = 1.959963984540054 * sqrt((1 + 0.18) / 25)
    assert (atanh(low), atanh(high)) == pytest.approx((atanh(0.6) - half, atanh(0.6) + half), rel=1e-12)


def test_an_interval_needs_four_people_and_a_perfect_order_has_no_width() -> None:
    assert bonett_wright(0.5, 3) is None
    assert bonett_wright(0.5, 4) is not None
    assert bonett_wright(1.0, 9) == (1.0, 1.0)


def test_a_constant_number_has_no_correlation() -> None:
    assert rank_correlation([3, 3, 3, 3], [1, 2, 3, 4]) is None
    assert rank_correlation([1, 2, 3, 4], [0.1 + 0.2, 0.3, 0.3, 0.3]) is None
    assert rank_correlation([], []) is None
