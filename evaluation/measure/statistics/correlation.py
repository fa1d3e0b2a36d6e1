"""Rank correlation of two measures of the same people: Spearman and Kendall, exact for very few."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import atanh, sqrt, tanh

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from evaluation.errors import Contradiction
from evaluation.measure.statistics.counts import Interval
from evaluation.measure.values import SAME, finite, same_people

EXACT_UP_TO = 9
"""People up to whom all orders are tried: 362,880 of nine."""

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """Spearman's rho (``low``, ``high``: Bonett–Wright) and Kendall's tau-b among ``n`` people.

    The two p are exact and two-sided, None above ``EXACT_UP_TO`` people; the limits are None below
    four people.
    """

    n: int
    spearman: float
    low: float | None
    high: float | None
    spearman_p: float | None
    kendall: float
    kendall_p: float | None


def rank_correlation(one: ArrayLike, other: ArrayLike, *, alpha: float = 0.05) -> RankCorrelation | None:
    """Rank correlation of two numbers per person (same order, no NaN), ties with mid-ranks.

    Exact p: the share of all orders of ``other`` with a coefficient at least as far from 0. None
    where either number is the same for everyone. Memory grows as n² (Kendall). Spearman (1904);
    Kendall (1945), Biometrika 33; Bonett & Wright (2000), Psychometrika 65. Raises Contradiction for
    a number that is missing or not finite, and where the two have different lengths.
    """
    x, y = _centred_ranks(one), _centred_ranks(other)
    same_people(x, y)
    if not x.any() or not y.any():
        return None
    n = x.size
    rho = int(x @ y) / sqrt(int(x @ x) * int(y @ y))
    limits = bonett_wright(rho, n, alpha=alpha)
    signs_x, signs_y = _signs(x), _signs(y)
    concordance = int(signs_x @ signs_y)
    few = n <= EXACT_UP_TO
    return RankCorrelation(
        n=n,
        spearman=rho,
        low=limits[0] if limits else None,
        high=limits[1] if limits else None,
        spearman_p=_share_beyond(y[_orders(n)] @ x, int(x @ y)) if few else None,
        kendall=concordance / sqrt(int(signs_x @ signs_x) * int(signs_y @ signs_y)),
        kendall_p=_share_beyond(_concordances(x, y), concordance) if few else None,
    )


def bonett_wright(rho: float, n: int, *, alpha: float = 0.05) -> Interval | None:
    """Fisher's z interval of Spearman's ``rho`` with variance (1 + rho²/2)/(n - 3); None below four people.

    Raises Contradiction for a ``rho`` that is not from -1 to 1.
    """
    if not abs(rho) <= 1 + 1e-12:
        raise Contradiction("measure.statistics.not_a_correlation")
    if n < 4:
        return None
    if abs(rho) >= 1:
        return rho, rho
    half = float(ndtri(1 - alpha / 2)) * sqrt((1 + rho * rho / 2) / (n - 3))
    return tanh(atanh(rho) - half), tanh(atanh(rho) + half)


def _centred_ranks(values: ArrayLike) -> Whole:
    """Twice the mid-ranks less n + 1: whole numbers with sum 0."""
    points = np.round(finite(values), SAME)
    _, tied, count = np.unique(points, return_inverse=True, return_counts=True)
    ranks: Whole = (2 * np.cumsum(count) - count - points.size)[tied].astype(np.int64)
    return ranks


def _signs(ranks: Whole) -> Whole:
    """Of each pair of people, whether the second is above (1), level (0) or below (-1)."""
    first, second = np.triu_indices(ranks.size, 1)
    signs: Whole = np.sign(ranks[second] - ranks[first])
    return signs


def _share_beyond(values: Whole, observed: int) -> float:
    return float(np.mean(np.abs(values) >= abs(observed)))


def _concordances(x: Whole, y: Whole) -> Whole:
    """Concordant less discordant pairs, for every order of ``y``."""
    orders = _orders(x.size)
    total = np.zeros(len(orders), dtype=np.int64)
    for first, second in zip(*np.triu_indices(x.size, 1), strict=True):
        sign = int(np.sign(x[second] - x[first]))
        if sign:
            total += sign * np.sign(y[orders[:, second]] - y[orders[:, first]])
    return total


@cache
def _orders(n: int) -> NDArray[np.int8]:
    """All orders of 0…n-1, one a row."""
    if n <= 1:
        return np.zeros((1, n), dtype=np.int8)
    shorter = _orders(n - 1)
    return np.concatenate([np.insert(shorter, place, n - 1, axis=1) for place in range(n)])
