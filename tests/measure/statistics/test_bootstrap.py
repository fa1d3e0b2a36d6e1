"""Bootstrap intervals from the exact distribution of the mean."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from evaluation.measure.statistics.bootstrap import bootstrap

DIFFERENCES = st.lists(st.integers(-4, 7), min_size=2, max_size=5).filter(lambda values: len(set(values)) > 1)


def all_means(differences: list[int]) -> np.ndarray:
    return np.sort([sum(draw) / len(draw) for draw in product(differences, repeat=len(differences))])


@settings(max_examples=25, deadline=None)
@given(DIFFERENCES, st.sampled_from([0.05, 0.1, 0.3]))
def test_the_percentile_limits_and_the_bias_are_those_of_all_possible_samples(
    differences: list[int], alpha: float
) -> None:
    means, found = all_means(differences), bootstrap(differences, alpha=alpha)
    mean = np.mean(differences)
    below = np.mean(means < mean - 1e-9) + np.mean(np.abs(means - mean) < 1e-9) / 2
    assert found.bias == pytest.approx(ndtri(below), abs=1e-9)
    assert found.se == pytest.approx(means.std(), rel=1e-12)
    for limit, share in zip(found.percentile, (alpha / 2, 1 - alpha / 2), strict=True):
        assert np.mean(means <= limit + 1e-9) >= share - 1e-12
        assert np.mean(means < limit - 1e-9) < share + 1e-12
        assert np.abs(means - limit).min() < 1e-9


def test_the_acceleration_is_the_jackknife_s() -> None:
    differences = np.array([-3.0, 0, 1, 1, 2, 9])
    left_out = np.array([np.delete(differences, i).mean() for i in range(6)])
    off = left_out.mean() - left_out
    assert bootstrap(differences).acceleration == pytest.approx((off**3).sum() / (6 * (off**2).sum() ** 1.5), rel=1e-12)


def test_a_long_upper_tail_moves_the_bca_interval_up() -> None:
    found = bootstrap([0, 0, 1, 1, 1, 2, 2, 3, 3, 19])
    assert found.bca[0] > found.percentile[0]
    assert found.bca[1] > found.percentile[1]


@settings(max_examples=16, deadline=None)
@given(DIFFERENCES, st.integers(-9, 9), st.sampled_from([0.1, 1 / 3, 2.5]))
def test_moving_and_stretching_the_differences_moves_and_stretches_the_limits(
    differences: list[int], by: int, unit: float
) -> None:
    found, moved = bootstrap(differences), bootstrap([(d + by) * unit for d in differences])
    assert moved.bca == pytest.approx([(limit + by) * unit for limit in found.bca], abs=1e-9)


def test_repeating_the_call_gives_the_same_digits() -> None:
    differences = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
    assert bootstrap(differences) == bootstrap(list(differences))


def test_nobody_one_person_or_equal_differences_give_nothing() -> None:
    assert bootstrap([]) is bootstrap([4]) is bootstrap([2, 2, 2]) is bootstrap([0.1 + 0.2, 0.3, 0.3]) is None


def test_differences_without_a_common_step_are_rounded_and_say_so() -> None:
    assert bootstrap([np.pi, np.e, -1.1, 0.4]).rounded
    assert not bootstrap([1.3, 2 / 3, -1.1]).rounded


def test_an_outlier_and_thousands_of_people_stay_within_memory() -> None:
    differences = np.append(np.random.default_rng(5).integers(-5, 8, 4000) / 7, 1e6)
    assert bootstrap(differences).rounded
