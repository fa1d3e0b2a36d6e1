"""The exact signed-rank test and the pseudo-median."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import rankdata

from evaluation.measure.statistics.ranks import hodges_lehmann, wilcoxon

DIFFERENCES = st.lists(st.integers(-5, 7), min_size=1, max_size=9)


def by_enumeration(differences: list[int], *, zeros: str) -> tuple[float, float]:
    """Shares of all signs of the ranks whose rises rank at least, at most, as high as observed."""
    values = np.array([d for d in differences if d or zeros == "pratt"], dtype=float)
    ranks = rankdata(np.abs(values))
    ranks, values = ranks[values != 0], values[values != 0]
    observed = ranks[values > 0].sum()
    sums = [np.dot(ranks, signs) for signs in product((0, 1), repeat=len(ranks))]
    return np.mean([s >= observed - 1e-9 for s in sums]), np.mean([s <= observed + 1e-9 for s in sums])


@settings(max_examples=30, deadline=None)
@given(DIFFERENCES, st.sampled_from(["drop", "pratt"]))
def test_the_tails_are_those_of_all_signs_of_the_ranks(differences: list[int], zeros: str) -> None:
    test = wilcoxon(differences, zeros=zeros)
    assert (test.p_greater, test.p_less) == pytest.approx(by_enumeration(differences, zeros=zeros), rel=1e-12)
    assert test.p_two_sided == min(1, 2 * min(test.p_greater, test.p_less))


def test_ties_share_their_ranks_and_zeros_count_only_with_pratt() -> None:
    # Sizes 1, 2, 2, 5 rank 1, 2.5, 2.5, 4; with the zero before them 2, 3.5, 3.5, 5.
    dropped, pratt = wilcoxon([0, 2, -2, 5, -1]), wilcoxon([0, 2, -2, 5, -1], zeros="pratt")
    assert (dropped.n, dropped.zeros, dropped.plus, dropped.minus) == (5, 1, 6.5, 3.5)
    assert (pratt.plus, pratt.minus) == (8.5, 5.5)


def test_differences_alike_but_for_the_computer_s_rounding_are_ties() -> None:
    assert wilcoxon([0.1 + 0.2, -0.3, 1.0]) == wilcoxon([0.3, -0.3, 1.0])


def test_nobody_changed_gives_p_one() -> None:
    assert wilcoxon([0, 0, 0]).p_two_sided == wilcoxon([]).p_two_sided == 1


def test_a_thousand_people_are_approximated_and_say_so() -> None:
    differences = np.random.default_rng(4).normal(0.1, 1, 1000).round(6)
    found = wilcoxon(differences)
    n = 1000
    z = (found.plus - n * (n + 1) / 4) / np.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    assert found.rounded
    assert found.p_greater == pytest.approx(ndtr(-z), rel=0.01)


def test_the_estimate_is_the_median_of_all_pairwise_means_with_each_one_s_own() -> None:
    # Means of 1, 2, 7: 1, 1.5, 2, 4, 4.5, 7.
    assert hodges_lehmann([1, 2, 7]).estimate == 3.0


def test_limits_are_given_from_the_fewest_people_on_who_reach_the_level() -> None:
    three = hodges_lehmann([1, 2, 7], alpha=2 / 8)
    assert (three.low, three.high, three.achieved) == (1.0, 7.0, 1 - 2 / 8)
    five, six = hodges_lehmann([1, 2, 7, 8, 9]), hodges_lehmann([1, 2, 7, 8, 9, 10])
    assert (five.estimate, five.low, five.high, five.achieved) == (5.0, None, None, None)
    assert (six.low, six.high, six.achieved) == (1.0, 10.0, 1 - 2 / 64)


def test_one_more_pairwise_mean_is_cut_off_where_the_level_allows() -> None:
    # Of 256 sign patterns of eight people 2 have a rank sum of at most 1 and 3 of at most 2.
    found = hodges_lehmann([1, 2, 4, 8, 16, 32, 64, 128], alpha=2 * 3 / 256)
    assert (found.low, found.high, found.achieved) == (1.5, 96.0, 1 - 2 * 2 / 256)
    wider = hodges_lehmann([1, 2, 4, 8, 16, 32, 64, 128], alpha=2 * 2 / 256)
    assert (wider.low, wider.high, wider.achieved) == (1.0, 128.0, 1 - 2 * 1 / 256)


@settings(max_examples=16, deadline=None)
@given(DIFFERENCES)
def test_the_pseudo_median_turns_with_the_signs(differences: list[int]) -> None:
    one, other = hodges_lehmann(differences), hodges_lehmann([-d for d in differences])
    assert one.estimate == -other.estimate
    assert (one.low is None) == (len(differences) < 6)
    if one.low is not None:
        assert (one.low, one.high) == (-other.high, -other.low)


def test_nobody_has_no_pseudo_median() -> None:
    assert hodges_lehmann([]) is None
