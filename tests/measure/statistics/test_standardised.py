"""Standardised mean changes."""

from __future__ import annotations

from math import gamma, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nct

from evaluation.measure.statistics.standardised import noncentral_interval, small_sample_factor, standardised_change

START, END = [2.0, 4, 4, 6, 9], [5.0, 4, 8, 9, 9]


def test_each_divisor_is_its_own_standard_deviation() -> None:
    # Mean change 2; variances 7 at the start, 5.5 at the end, 3.5 of the change.
    found = standardised_change(START, END)
    assert found.by_baseline.d == pytest.approx(2 / sqrt(7))
    assert found.by_average.d == pytest.approx(2 / sqrt(6.25))
    assert found.by_change.d == pytest.approx(2 / sqrt(3.5))
    r = np.corrcoef(START, END)[0, 1]
    assert found.by_repeated.d == pytest.approx(2 / sqrt(3.5) * sqrt(2 * (1 - r)))


def test_the_small_sample_factor_is_the_gamma_ratio_and_shrinks_d_to_g() -> None:
    assert small_sample_factor(4) == pytest.approx(gamma(2) / (sqrt(2) * gamma(1.5)), rel=1e-14)
    found = standardised_change(START, END)
    assert found.by_average.g == pytest.approx(small_sample_factor(4) * found.by_average.d)
    assert abs(found.by_average.g) < abs(found.by_average.d)


def test_the_standard_error_by_the_baseline_is_becker_s() -> None:
    found = standardised_change(START, END)
    r, d = np.corrcoef(START, END)[0, 1], 2 / sqrt(7)
    assert found.by_baseline.se == pytest.approx(sqrt(2 * (1 - r) / 5 + d * d / 10), rel=1e-12)


def test_the_noncentral_limits_put_the_observed_t_at_both_tails() -> None:
    low, high = noncentral_interval(0.4, 12, alpha=0.1)
    t = 0.4 * sqrt(12)
    assert nct.cdf(t, 11, low * sqrt(12)) == pytest.approx(0.95, abs=1e-10)
    assert nct.cdf(t, 11, high * sqrt(12)) == pytest.approx(0.05, abs=1e-10)


@pytest.mark.parametrize(
    ("d_z", "n", "low", "high"),
    [
        (1.0, 41, 0.619764754621, 1.371824683981),
        (2.0, 8, 0.743462565463, 3.217390896367),
        (1.2, 30, 0.722198358124, 1.665687084232),
    ],
)
def test_the_noncentral_limits_of_a_large_change_are_r_s(d_z: float, n: int, low: float, high: float) -> None:
    # R 4.2.2: uniroot over ncp of pt(d_z * sqrt(n), n - 1, ncp) - c(.975, .025)
    assert noncentral_interval(d_z, n) == pytest.approx((low, high), rel=1e-9)
    assert noncentral_interval(-d_z, n) == pytest.approx((-high, -low), rel=1e-9)


def test_a_noncentral_limit_beyond_r_s_own_reach_still_leaves_its_share() -> None:
    # pt() takes ncp up to 37.6; the integral of the normal over chi's distribution, to 30 digits, gives .975 and .025.
    assert noncentral_interval(11.733816233692709, 30) == pytest.approx((8.705744900833, 14.753431946492), rel=1e-9)


@settings(max_examples=16, deadline=None)
@given(st.integers(-20, 20), st.sampled_from([0.1, 3.0]))
def test_units_and_origin_of_the_scale_do_not_matter_and_exchanging_waves_changes_the_sign(
    by: int, unit: float
) -> None:
    here = standardised_change(START, END)
    there = standardised_change([(s + by) * unit for s in START], [(e + by) * unit for e in END])
    assert there.by_baseline.g_interval == pytest.approx(here.by_baseline.g_interval, rel=1e-9)
    back = standardised_change(END, START)
    assert (back.by_average.d, back.by_change.d) == pytest.approx((-here.by_average.d, -here.by_change.d))


def test_two_people_or_scores_or_changes_all_alike_give_nothing() -> None:
    assert standardised_change([1, 2], [2, 4]) is None
    assert standardised_change([3, 3, 3], [1, 2, 4]) is None
    assert standardised_change([1, 2, 4], [3, 3, 3]) is None
    assert standardised_change([1, 2, 4], [2, 3, 5]) is None
