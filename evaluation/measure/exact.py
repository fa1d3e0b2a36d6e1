"""Exact inference for a mean change: the sign-flip test and the interval that inverts it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

FINEST = 5040
"""Most grid steps in a point: thirds, tenths and whatever prorating up to ten items makes are exact."""

_WORK = 2e8  # additions; about half a second
_REACH = 9.0  # standard deviations; by Hoeffding's inequality less than 1e-17 lies beyond


@dataclass(frozen=True, slots=True)
class Grid:
    """Differences as whole ``steps`` of ``unit`` points each, so that ties are ties.

    ``exact`` is False where no common step was found or it was too fine to compute with; then each
    difference was moved by at most half a unit.
    """

    steps: NDArray[np.int64]
    unit: Fraction
    exact: bool


@dataclass(frozen=True, slots=True)
class SignFlip:
    """The exact sign-flip test of "the mean change is zero" among ``n`` people.

    ``rounded``: the differences had no workable common step and stand on a rounded grid (see Grid).
    """

    n: int
    nonzero: int
    p_two_sided: float
    p_greater: float
    p_less: float
    rounded: bool = False


def grid(differences: ArrayLike, *, most_steps: float = 1e9) -> Grid:
    """The coarsest integer grid that holds all ``differences`` (points, no NaN).

    ``most_steps`` bounds the sum of the absolute steps; a finer grid is rounded to one within it.
    """
    points = np.asarray(differences, dtype=np.float64)
    found = _common_step(points)
    if found is not None and np.abs(found.steps).sum() <= most_steps:
        return found
    total = float(np.abs(points).sum())
    unit = Fraction(1, FINEST)
    for per_point in (2520, 1260, 720, 360, 120, 60, 12, 6, 2, 1):
        if total / unit <= most_steps:
            break
        unit = Fraction(1, per_point)
    while total / unit > most_steps:
        unit *= 2
    return Grid(np.rint(points / float(unit)).astype(np.int64), unit, exact=False)


def _common_step(points: NDArray[np.float64]) -> Grid | None:
    parts = np.unique(np.round(points % 1, 9))
    fractions = [Fraction(part).limit_denominator(FINEST) for part in parts.tolist()]
    per_point = lcm(*(fraction.denominator for fraction in fractions))
    if per_point > FINEST or any(abs(f - p) > 1e-8 for f, p in zip(fractions, parts.tolist(), strict=True)):
        return None
    steps = np.rint(points * per_point).astype(np.int64)
    common = int(np.gcd.reduce(steps)) or 1 if steps.size else 1
    return Grid(steps // common, Fraction(common, per_point), exact=True)


def sign_flip(differences: ArrayLike) -> SignFlip:
    """The exact sign-flip (paired permutation) test: every difference could as well have been its negative.

    ``differences``: one number per pair, in points, no NaN. Two-sided p = min(1, 2 · smaller tail);
    zeros are kept and change nothing. Without differences p is 1. Fisher (1935), The Design of
    Experiments, §21; the distribution by the shift algorithm of Streitberg & Röhmel (1986).
    """
    points = np.asarray(differences, dtype=np.float64)
    on = grid(points, most_steps=_WORK / max(points.size, 1))
    steps = on.steps
    sizes = np.sort(np.abs(steps[steps != 0]))
    total, observed = int(sizes.sum()), int(steps.sum())
    # With W the sum of the sizes that become negative, the flipped sum is total - 2 W.
    weights = _subset_sums(sizes, total)
    greater = _tail(weights, (total - observed) // 2)
    less = _tail(weights, (total + observed) // 2)
    return SignFlip(points.size, sizes.size, min(1.0, 2 * min(greater, less)), greater, less, not on.exact)


def _subset_sums(sizes: NDArray[np.int64], total: int) -> NDArray[np.float64]:
    """The chance of each sum 0…total of a random subset of ``sizes`` (ascending, so that sums grow late)."""
    chance = np.zeros(total + 1)
    chance[0] = 1.0
    reach = 1
    for size in sizes.tolist():
        half = chance[:reach] * 0.5
        chance[:reach] = half
        chance[size : size + reach] += half
        reach += size
    return chance


def _tail(chance: NDArray[np.float64], last: int) -> float:
    # A tail is never empty; only underflow (n beyond a thousand) could make it 0.
    return min(1.0, max(float(chance[: last + 1].sum()), float(np.finfo(float).tiny)))


def sign_flip_interval(differences: ArrayLike, *, alpha: float = 0.05) -> tuple[float | None, float | None]:
    """The closed interval of mean changes that the exact sign-flip test does not reject (p > ``alpha``).

    Both limits are means of subsets of the ``differences`` (points, no NaN). None = unbounded: too
    few people for this ``alpha``. Where the grid had to be rounded, each limit is right to half its
    unit, because no subset mean moves further. Hartigan (1969), JASA 64, typical values.
    """
    points = np.asarray(differences, dtype=np.float64)
    on = grid(points, most_steps=_interval_steps(points))
    chance, sizes, sums = _subsets(on.steps)
    none_flipped = float(0.5**points.size)
    if 2 * none_flipped > alpha:
        return None, None
    means = sums / sizes
    order = np.argsort(means, kind="stable")
    means, chance = means[order], chance[order]
    low = _first(means, chance, (alpha / 2) - none_flipped)
    high = _first(means[::-1], chance[::-1], (alpha / 2) - none_flipped)
    return low * float(on.unit), high * float(on.unit)


def _first(means: NDArray[np.float64], chance: NDArray[np.float64], bound: float) -> float:
    return float(means[np.searchsorted(np.cumsum(chance), bound, side="right")])


def _interval_steps(points: NDArray[np.float64]) -> float:
    n = max(points.size, 1)
    rows = min(n, _REACH * sqrt(n)) + 3
    spread = min(1.0, _REACH / sqrt(n))  # share of the full range of sums that is kept
    integers = float(np.abs(points).sum()) + 1  # whole points are never rounded below n of some thousands
    return max(_WORK / (n * rows * spread), min(integers, 1e5))


def _subsets(
    steps: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """All (size, sum) of a random non-empty subset of ``steps``: chance, size, sum.

    Rows and columns run around half of what has been met so far, as far as ``_REACH`` standard
    deviations: everything up to n = 81, all but 1e-17 of it beyond. What leaves the window on one
    side comes in at the other, which matters as little.
    """
    n = steps.size
    half_rows = ceil(min(n, _REACH * sqrt(n)) / 2)
    size = np.abs(steps).astype(np.float64)
    half_columns = ceil(min(size.sum(), _REACH * sqrt(float(size @ size))) / 2)
    table = np.zeros((2 * half_rows + 1, 2 * half_columns + 1))
    table[half_rows, half_columns] = 1.0
    met = 0
    for index, step in enumerate(steps.tolist()):
        up = (index + 1) // 2 - index // 2
        along = (met + step) // 2 - met // 2
        met += step
        table *= 0.5
        table = np.roll(table, (-up, -along), (0, 1)) + np.roll(table, (1 - up, step - along), (0, 1))
    rows, columns = np.nonzero(table)
    sizes = rows - half_rows + n // 2
    sums = columns - half_columns + met // 2
    kept = sizes > 0
    return table[rows, columns][kept], sizes[kept], sums[kept]
