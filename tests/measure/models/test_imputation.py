"""The second opinion on those without an end score."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.errors import NotEstimable
from evaluation.measure.models.imputation import imputed_change
from evaluation.measure.outcomes.missing import all_enrolled


def sample(n: int = 60, seed: int = 5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Start, mid and end; a third has no end, more often who started low; two have no start."""
    rng = np.random.default_rng(seed)
    start = np.rint(rng.normal(16, 4, n))
    mid = np.rint(start + rng.normal(1, 3, n))
    end = np.rint(0.4 * start + 0.5 * mid + rng.normal(4, 2, n))
    end[rng.random(n) < 1 / (1 + np.exp((start - 14) / 3))] = np.nan
    mid[::9] = np.nan
    start[[3, 30]] = np.nan
    return start, mid, end


@pytest.mark.parametrize("with_mid", [False, True])
def test_it_agrees_with_the_estimate_for_all_enrolled_and_its_interval(with_mid: bool) -> None:
    start, mid, end = sample()
    given = {"mid": mid} if with_mid else {}
    own = all_enrolled(start, end, **given)
    other = imputed_change(start, end, rng=np.random.default_rng(1), imputations=400, **given)
    assert own is not None
    assert other.result.estimate == pytest.approx(own.estimate, abs=0.2 * own.se)
    assert other.result.se == pytest.approx(own.se, rel=0.12)
    assert 0 < other.missing_information < 0.8


def test_the_mid_wave_is_used_where_it_is_there() -> None:
    start, mid, end = sample()
    alone = imputed_change(start, end, rng=np.random.default_rng(1), imputations=200)
    both = imputed_change(start, end, mid=mid, rng=np.random.default_rng(1), imputations=200)
    assert both.missing_information < alone.missing_information


def test_the_same_seed_draws_the_same() -> None:
    start, _, end = sample()
    one, same, other = (imputed_change(start, end, rng=np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert one == same
    assert one != other


def test_whoever_has_no_start_enters_nothing() -> None:
    start, _, end = sample()
    known = ~np.isnan(start)
    one = imputed_change(start, end, rng=np.random.default_rng(3))
    assert one == imputed_change(start[known], end[known], rng=np.random.default_rng(3))


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ([5, 6, 7], [6, 8, 9], "nothing to impute"),
        ([5, 6, 7, 8], [6, 8, np.nan, np.nan], "too few or too alike"),
        ([5, 5, 5, 5, 9], [6, 8, 7, 7, np.nan], "too few or too alike"),
    ],
)
def test_where_nothing_can_be_drawn_it_says_so(start: list[float], end: list[float], said: str) -> None:
    with pytest.raises(NotEstimable, match=said):
        imputed_change(start, end, rng=np.random.default_rng(0))
