"""The sign-flip test and its interval for many people."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from evaluation.measure.statistics import exact
from evaluation.measure.statistics.exact import sign_flip, sign_flip_interval
from evaluation.measure.statistics.numerical.saddlepoint import lower_limit, tail

RNG = np.random.default_rng(8)
EVEN = np.rint(RNG.normal(0.4, 5, 400))
SKEWED = np.rint(RNG.exponential(4, 400) - 3.8)


@pytest.mark.parametrize("differences", [EVEN, SKEWED, -EVEN, -SKEWED])
def test_the_tail_is_near_the_exact_one(differences: np.ndarray) -> None:
    assert tail(differences, span=2) == pytest.approx(sign_flip(differences).p_greater, rel=2e-3)


def test_without_the_step_of_the_sums_the_tail_would_be_too_small() -> None:
    assert tail(EVEN) < sign_flip(EVEN).p_greater * 0.999


@pytest.mark.parametrize("differences", [EVEN, SKEWED])
def test_the_limits_are_near_the_exact_ones(differences: np.ndarray) -> None:
    low, high = sign_flip_interval(differences)
    within = 0.003 * (high - low)
    assert lower_limit(differences, alpha=0.05) == pytest.approx(low, abs=within)
    assert -lower_limit(-differences, alpha=0.05) == pytest.approx(high, abs=within)


def test_one_person_more_than_exact_changes_the_limits_little() -> None:
    differences = np.append(EVEN, 0.0)
    assert differences.size == exact.EXACT_UP_TO + 1
    low, high = sign_flip_interval(EVEN)
    assert sign_flip_interval(differences) == pytest.approx((low, high), abs=0.01)


def test_the_shrinking_tail_of_ever_larger_sums_never_reaches_zero() -> None:
    tails = [tail(np.abs(EVEN) + shift) for shift in (0.0, 1.0)]
    assert tails[0] > 0
    assert tails[1] > 0


def test_ten_thousand_people_with_decimals_and_without_a_common_step_are_near_the_normal() -> None:
    differences = np.random.default_rng(1).normal(0.02, 1, 10_000)
    found = sign_flip(differences)
    assert found.rounded
    z = differences.sum() / np.sqrt((differences**2).sum())
    assert found.p_greater == pytest.approx(ndtr(-z), rel=1e-3)
    low, high = sign_flip_interval(differences)
    half = 1.95996398 * differences.std(ddof=1) / 100
    assert (low, high) == pytest.approx((differences.mean() - half, differences.mean() + half), abs=1e-4)
