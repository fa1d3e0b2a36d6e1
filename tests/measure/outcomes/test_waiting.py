"""A waiting-list design."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import ndtr

from evaluation.measure.outcomes.waiting import ancova, permutation_p, waiting_list

START = np.array([10.0, 14, 20, 12, 18, 16, 22, 8, 13, 15])
END = np.array([16.0, 19, 21, 18, 25, 17, 21, 9, 12, 18])
SERVED = np.array([1, 1, 1, 1, 1, 0, 0, 0, 0, 0], dtype=bool)


def test_the_adjusted_difference_and_its_hc3_error_are_those_of_leaving_each_person_out() -> None:
    # HC3 = X'X⁻¹ Σ (residual of the model without that person)² x x' X'X⁻¹.
    x = np.column_stack([np.ones(10), START, SERVED])
    bread = np.linalg.inv(x.T @ x)
    b = np.linalg.lstsq(x, END, rcond=None)[0]
    meat = np.zeros((3, 3))
    for i in range(10):
        kept = np.arange(10) != i
        without = np.linalg.lstsq(x[kept], END[kept], rcond=None)[0]
        meat += (END[i] - x[i] @ without) ** 2 * np.outer(x[i], x[i])
    found = ancova(START, END, SERVED)
    assert found.difference == pytest.approx(b[2], rel=1e-12)
    assert found.se == pytest.approx(np.sqrt((bread @ meat @ bread)[2, 2]), rel=1e-9)
    assert (found.served, found.waiting, found.df) == (5, 5, 7)
    assert (found.high - found.low) / 2 / found.se == pytest.approx(stats.t.ppf(0.975, 7))
    assert found.p == pytest.approx(2 * stats.t.sf(abs(found.difference) / found.se, 7))


@settings(max_examples=14, deadline=None)
@given(st.integers(-20, 20), st.floats(-9, 9))
def test_points_added_to_all_ends_or_starts_change_nothing_and_to_the_served_add_up(start: int, served: float) -> None:
    one = ancova(START, END, SERVED)
    other = ancova(START + start, END + 3 + served * SERVED, SERVED)
    assert other.difference == pytest.approx(one.difference + served, abs=1e-9)
    assert other.se == pytest.approx(one.se, rel=1e-9)


def test_without_two_people_in_a_group_or_without_residuals_there_is_no_model() -> None:
    assert ancova(START[:6], END[:6], SERVED[:6]) is None
    assert ancova(START, START + 2, SERVED) is None
    assert ancova(np.full(10, 9.0), END, SERVED) is None


def test_a_person_who_alone_decides_the_slope_leaves_no_model() -> None:
    start = np.array([9.0, 9, 9, 9, 9, 9, 9, 9, 9, 20])
    assert ancova(start, END, SERVED) is None


CHANGES = st.lists(st.integers(-5, 9), min_size=3, max_size=8)


@settings(max_examples=25, deadline=None)
@given(CHANGES, st.integers(1, 7))
def test_the_permutation_p_counts_all_choices_of_people(changes: list[int], chosen: int) -> None:
    chosen = min(chosen, len(changes) - 1)
    served = np.arange(len(changes)) < chosen
    sums = [sum(choice) for choice in combinations(changes, chosen)]
    observed = sum(changes[:chosen])
    tails = np.mean([s >= observed for s in sums]), np.mean([s <= observed for s in sums])
    assert permutation_p(changes, served) == pytest.approx(min(1, 2 * min(tails)), rel=1e-12)


@settings(max_examples=14, deadline=None)
@given(CHANGES, st.integers(-9, 9), st.sampled_from([0.1, 1 / 3, 2.0]))
def test_neither_units_nor_which_group_is_called_served_matter(changes: list[int], by: int, unit: float) -> None:
    served = np.arange(len(changes)) < 2
    p = permutation_p(changes, served)
    assert permutation_p([(c + by) * unit for c in changes], ~served) == pytest.approx(p, rel=1e-12)


def test_six_hundred_people_are_permuted_and_one_more_is_approximated() -> None:
    rng = np.random.default_rng(7)
    served = rng.random(601) < 0.3
    changes = rng.integers(-6, 9, 601) + served
    for n in (600, 601):
        some, group = changes[:n], served[:n]
        apart = some[group].mean() - some[~group].mean()
        se = some.std(ddof=1) * np.sqrt(1 / group.sum() + 1 / (~group).sum())
        assert permutation_p(some, group) == pytest.approx(2 * ndtr(-abs(apart) / se), rel=0.1)
    assert permutation_p(changes, served) == pytest.approx(2 * ndtr(-abs(apart) / se), rel=1e-12)


def test_labels_are_permuted_only_if_chance_made_them() -> None:
    assert waiting_list(START, END, SERVED, step=3).permutation_p is None
    found = waiting_list(START, END, SERVED, step=3, random_allocation=True)
    assert found.permutation_p == permutation_p(END - START, SERVED)


def test_shares_improved_are_counted_by_the_step_in_the_good_direction() -> None:
    # Changes 6 5 1 6 7 | 1 -1 1 -1 3.
    found = waiting_list(START, END, SERVED, step=5)
    assert found.shares.difference == pytest.approx(4 / 5 - 0 / 5)
    lower = waiting_list(START, END, SERVED, step=1, higher_is_better=False)
    assert lower.shares.difference == pytest.approx(0 / 5 - 2 / 5)


def test_who_lacks_a_score_is_left_out_and_counted() -> None:
    end = END.copy()
    end[[2, 7]] = np.nan
    found = waiting_list(START, end, SERVED, step=3)
    assert found.left_out == 2
    assert (found.adjusted.served, found.adjusted.waiting) == (4, 4)


def test_a_group_without_anybody_gives_nothing() -> None:
    found = waiting_list(START, END, np.ones(10, dtype=bool), step=3, random_allocation=True)
    assert (found.adjusted, found.shares, found.permutation_p) == (None, None, None)
