"""Planning, and two separate groups."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact, nct, t

from evaluation.measure.independent import fisher, newcombe
from evaluation.measure.planning import minimal_detectable, power, smallest_n


@pytest.mark.parametrize(("n", "d_z"), [(41, 0.448), (33, 0.503), (30, 0.529), (25, 0.584)])
def test_the_detectable_change_is_the_one_in_the_plan_s_table(n: int, d_z: float) -> None:
    assert round(minimal_detectable(n), 3) == d_z


def test_power_is_the_noncentral_t_s_beyond_the_critical_values() -> None:
    critical = t.ppf(0.975, 17)
    upper, lower = nct.sf(critical, 17, 0.3 * sqrt(18)), nct.cdf(-critical, 17, 0.3 * sqrt(18))
    assert power(0.3, 18) == pytest.approx(upper + lower, rel=1e-9)
    assert power(0.3, 18, both_tails=False) == pytest.approx(upper, rel=1e-9)
    assert power(-0.3, 18) == power(0.3, 18)


def test_without_any_change_power_is_alpha() -> None:
    assert power(0.0, 20, alpha=0.1) == pytest.approx(0.1, abs=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.2, 2.0), st.sampled_from([0.8, 0.9]))
def test_the_smallest_n_reaches_the_power_and_one_person_less_does_not(d_z: float, wanted: float) -> None:
    n = smallest_n(d_z, wanted=wanted)
    assert power(d_z, n) >= wanted
    assert n == 2 or power(d_z, n - 1) < wanted


def test_a_change_of_nothing_is_never_found() -> None:
    assert smallest_n(0.0) is None


def test_newcombe_s_limits_join_the_further_wilson_limits() -> None:
    low, high = newcombe(9, 10, 3, 10)
    # Wilson: 9/10 from .5958 to .9821, 3/10 from .1078 to .6032.
    assert low == pytest.approx(0.6 - sqrt((0.9 - 0.59585) ** 2 + (0.60322 - 0.3) ** 2), abs=1e-4)
    assert high == pytest.approx(0.6 + sqrt((0.98212 - 0.9) ** 2 + (0.3 - 0.10779) ** 2), abs=1e-4)


COUNTS = st.tuples(st.integers(1, 25), st.integers(1, 25)).flatmap(
    lambda sizes: st.tuples(st.integers(0, sizes[0]), st.just(sizes[0]), st.integers(0, sizes[1]), st.just(sizes[1]))
)


@settings(max_examples=80, deadline=None)
@given(COUNTS)
def test_exchanging_the_groups_turns_the_interval_and_keeps_p(counts: tuple[int, int, int, int]) -> None:
    count, n, other, n_other = counts
    low, high = newcombe(count, n, other, n_other)
    assert newcombe(other, n_other, count, n) == pytest.approx((-high, -low), abs=1e-12)
    assert -1 <= low <= count / n - other / n_other <= high <= 1
    p = fisher(count, n, other, n_other)
    assert p == pytest.approx(fisher(other, n_other, count, n), rel=1e-12)
    assert p == pytest.approx(fisher_exact([[count, n - count], [other, n_other - other]]).pvalue, rel=1e-9)
