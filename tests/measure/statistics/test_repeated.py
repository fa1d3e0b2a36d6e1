"""Square tables, and several occasions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, friedmanchisquare

from evaluation.measure.statistics.repeated import bowker, cochran_q, friedman, stuart_maxwell

TABLES = st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=3, max_size=3)


def test_only_pairs_of_categories_with_moves_count() -> None:
    found = bowker([[4, 7, 0], [2, 1, 0], [0, 0, 3]])
    assert (found.statistic, found.df, found.p) == (25 / 9, 1, pytest.approx(chi2.sf(25 / 9, 1)))


def test_with_two_categories_both_tests_are_mcnemar_s() -> None:
    table = [[12, 9], [4, 8]]
    assert bowker(table).statistic == pytest.approx(25 / 13)
    assert stuart_maxwell(table).statistic == pytest.approx(25 / 13)
    assert bowker(table).df == stuart_maxwell(table).df == 1


@settings(max_examples=25, deadline=None)
@given(TABLES, st.permutations(range(3)))
def test_neither_the_direction_of_time_nor_the_order_of_categories_matters(
    table: list[list[int]], order: list[int]
) -> None:
    other = np.array(table).T[np.ix_(order, order)]
    for test in (bowker, stuart_maxwell):
        one, two = test(table), test(other)
        assert one.df == two.df
        assert one.statistic == pytest.approx(two.statistic, rel=1e-9, abs=1e-9)


def test_a_category_nobody_is_ever_in_takes_no_degree_of_freedom() -> None:
    table = np.array([[5, 8, 1], [2, 6, 4], [1, 9, 3]])
    wider = np.insert(np.insert(table, 1, 0, axis=0), 1, 0, axis=1)
    assert stuart_maxwell(table).df == 2
    assert stuart_maxwell(wider).df == 2
    assert stuart_maxwell(wider).statistic == pytest.approx(stuart_maxwell(table).statistic)


def test_who_never_moved_says_nothing() -> None:
    still = np.diag([4, 2, 7])
    assert (bowker(still).df, bowker(still).p) == (0, 1.0)
    assert (stuart_maxwell(still).df, stuart_maxwell(still).p) == (0, 1.0)


def test_cochran_s_q_of_two_occasions_is_mcnemar_s_statistic() -> None:
    answers = [[0, 1]] * 9 + [[1, 0]] * 4 + [[1, 1]] * 3 + [[0, 0]] * 2
    assert cochran_q(answers).statistic == pytest.approx(25 / 13)
    assert cochran_q(answers).df == 1


def test_who_always_says_the_same_does_not_matter_to_q() -> None:
    answers = [[0, 1, 1], [1, 1, 0], [0, 0, 1], [0, 1, 0]]
    assert cochran_q([*answers, [1, 1, 1], [0, 0, 0]]).statistic == pytest.approx(cochran_q(answers).statistic)
    assert cochran_q([[1, 1, 1], [0, 0, 0]]) is None


def test_friedman_s_test_ranks_within_each_person() -> None:
    scores = [[3, 5, 9, 9], [10, 10, 12, 14], [0, 4, 3, 8], [7, 6, 7, 7], [1, 2, 2, 5]]
    expected = friedmanchisquare(*np.array(scores).T)
    found = friedman(scores)
    assert (found.test.statistic, found.test.p) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-10)
    shifted = friedman([[value + 100 * person for value in row] for person, row in enumerate(scores)])
    assert shifted.test.statistic == pytest.approx(found.test.statistic)


def test_perfect_concordance_is_one_and_no_differences_are_nothing() -> None:
    assert friedman([[1, 2, 4], [0, 3, 9], [2, 5, 6]]).w == pytest.approx(1.0)
    assert friedman([[2, 2, 2], [5, 5, 5]]) is None
