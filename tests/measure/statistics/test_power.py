"""Planning, and two separate groups."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact, nct, t

from evaluation.measure.statistics.counts import fisher, newcombe
from evaluation.measure.statistics.power import minimal_detectable, noncentral_t, power, smallest_n


@pytest.mark.parametrize(("n", "d_z"), [(41, 0.448), (33, 0.503), (30, 0.529), (25, 0.584)])
def test_the_detectable_change_is_the_one_in_the_plan_s_table(n: int, d_z: float) -> None:
    assert round(minimal_detectable(n), 3) == d_z


def test_power_is_the_noncentral_t_s_beyond_the_critical_values() -> None:
    critical = t.ppf(0.975, 17)
    upper, lower = nct.sf(critical, 17, 0.3 * sqrt(18)), nct.cdf(-critical, 17, 0.3 * sqrt(18))
    assert power(0.3, 18) == pytest.approx(upper + lower, rel=1e-9)
    assert power(0.3, 18, both_tails=False) == pytest.approx(upper, rel=1e-9)
    assert power(-0.3, 18) == power(0.3, 18)


@pytest.mark.parametrize(
    ("n", "alpha", "d_z"), [(3, 0.01, 7.3198923036), (4, 0.01, 3.7202419612), (2, 0.05, 11.5498884359)]
)
def test_the_detectable_change_of_very_few_people_is_r_s_power_t_test(n: int, alpha: float, d_z: float) -> None:
    # R 4.2.2: power.t.test(n, power = .8, sig.level = alpha, type = "paired", strict = TRUE, tol = 1e-12)
    assert minimal_detectable(n, alpha=alpha) == pytest.approx(d_z, rel=1e-9)


@pytest.mark.parametrize(("d_z", "n"), [(0.5, 500), (1.4, 400), (-3.0, 200), (1e6, 5)])
def test_where_every_test_would_find_it_power_is_one(d_z: float, n: int) -> None:
    assert power(d_z, n) == pytest.approx(1.0, abs=1e-12)
    assert power(d_z, n, both_tails=False) == pytest.approx(1.0, abs=1e-12)


def test_without_any_change_power_is_alpha() -> None:
    assert power(0.0, 20, alpha=0.1) == pytest.approx(0.1, abs=1e-12)


@settings(max_examples=12, deadline=None)
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


@settings(max_examples=30, deadline=None)
@given(COUNTS)
def test_exchanging_the_groups_turns_the_interval_and_keeps_p(counts: tuple[int, int, int, int]) -> None:
    count, n, other, n_other = counts
    low, high = newcombe(count, n, other, n_other)
    assert newcombe(other, n_other, count, n) == pytest.approx((-high, -low), abs=1e-12)
    assert -1 <= low <= count / n - other / n_other <= high <= 1
    p = fisher(count, n, other, n_other)
    assert p == pytest.approx(fisher(other, n_other, count, n), rel=1e-12)
    assert p == pytest.approx(fisher_exact([[count, n - count], [other, n_other - other]]).pvalue, rel=1e-9)


@pytest.mark.parametrize(
    ("df", "nc", "t", "chance"), [(40, -60.0, 6.4, 1.0), (40, 80.0, 6.4, 0.0), (7, 200.0, -5.7, 0.0)]
)
def test_the_noncentral_distribution_is_0_or_1_in_its_far_tails(df: int, nc: float, t: float, chance: float) -> None:
    assert noncentral_t(df, nc, t) == pytest.approx(chance, abs=1e-12)


def test_the_noncentral_distribution_falls_as_its_centre_moves_up() -> None:
    # R 4.2.2: pt(2.5, 9, ncp = c(-1, 1.2, 4))
    shown = [noncentral_t(9, nc, 2.5) for nc in (-1, 1.2, 4)]
    assert shown == pytest.approx([0.998697238901, 0.856758195877, 0.088208857846], rel=1e-9)
