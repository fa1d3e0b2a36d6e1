"""Exact inference for a mean change: the sign-flip test and the interval that inverts it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.measure.statistics.numerical.saddlepoint import lower_limit, tail
from evaluation.measure.values import SAME, finite

FINEST = 5040
"""Most grid steps in a point: thirds, tenths and whatever prorating up to ten items makes are exact."""

EXACT_UP_TO = 400
"""People up to whom the interval is exact; above, its error is below 0.3 % of its width (saddlepoint.py)."""

_WORK = 2e8  # additions of one row; some tenths of a second
_TABLE_WORK = 6e7  # additions in a table
_QUICK = 2.5e4  # steps that stay in the processor's cache: whole points of some five thousand people are exact
_SMALL = 1e5  # cells of a table that is faster to fill whole
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

    ``rounded``: not exact to the last digit, because the differences had no workable common step.
    They then stand on a rounded grid (see Grid), or, above ``EXACT_UP_TO`` people, p is the
    saddlepoint's (relative error some 1e-4, 1e-2 where a few differences outweigh all others).
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
    Raises Contradiction for a difference that is missing or no finite number.
    """
    return _grid(_finite(differences), most_steps)


def _grid(points: NDArray[np.float64], most_steps: float = 1e9) -> Grid:
    grid = _common_step(points)
    if grid is not None and np.abs(grid.steps).sum() <= most_steps:
        return grid
    total = float(np.abs(points).sum())
    unit = Fraction(1, FINEST)
    for per_point in (2520, 1260, 720, 360, 120, 60, 12, 6, 2, 1):
        if total / unit <= most_steps:
            break
        unit = Fraction(1, per_point)
    while total / unit > most_steps:
        unit *= 2
    return Grid(np.rint(points / float(unit)).astype(np.int64), unit, exact=False)


def _finite(differences: ArrayLike) -> NDArray[np.float64]:
    # A few astronomic differences can stand on a rounded grid; of many, the saddlepoint's squares would overflow.
    points = finite(differences, largest=1e300)
    return points if points.size <= EXACT_UP_TO else finite(points)


def _common_step(points: NDArray[np.float64]) -> Grid | None:
    if np.abs(points).max(initial=0) > 1e12:
        return None
    whole = np.rint(points)
    if (points == whole).all():  # most scores; what follows would cost more than the test itself
        return _reduced(whole.astype(np.int64), 1)
    parts = np.unique(np.round(points % 1, 9))
    fractions = [Fraction(part).limit_denominator(FINEST) for part in parts.tolist()]
    per_point = lcm(*(fraction.denominator for fraction in fractions))
    if per_point > FINEST or any(abs(f - p) > 1e-8 for f, p in zip(fractions, parts.tolist(), strict=True)):
        return None
    return _reduced(np.rint(points * per_point).astype(np.int64), per_point)


def _reduced(steps: NDArray[np.int64], per_point: int) -> Grid:
    common = int(np.gcd.reduce(steps)) or 1 if steps.size else 1
    return Grid(steps if common == 1 else steps // common, Fraction(common, per_point), exact=True)


def sign_flip(differences: ArrayLike) -> SignFlip:
    """The exact sign-flip (paired permutation) test: every difference could as well have been its negative.

    ``differences``: one number per pair, in points, no NaN. Two-sided p = min(1, 2 · smaller tail);
    zeros are kept and change nothing. Without differences p is 1. Fisher (1935), The Design of
    Experiments, §21; the distribution by the shift algorithm of Streitberg & Röhmel (1986). Raises
    Contradiction as ``grid`` does.
    """
    points = _finite(differences)
    on = _grid(points, max(_WORK / max(points.size, 1), _QUICK))
    if on.exact or points.size <= EXACT_UP_TO:
        greater, less = _tails(on.steps)
    else:
        fine = _grid(points)
        span = 2 * float(fine.unit) if fine.exact else 0.0
        greater, less = tail(points, span=span), tail(-points, span=span)
    nonzero = int(np.count_nonzero(on.steps))
    return SignFlip(points.size, nonzero, min(1.0, 2 * min(greater, less)), greater, less, not on.exact)


def _tails(steps: NDArray[np.int64]) -> tuple[float, float]:
    sizes = np.sort(np.abs(steps[steps != 0]))
    total, observed = int(sizes.sum()), int(steps.sum())
    # With W the sum of the sizes that become negative, the flipped sum is total - 2 W.
    ends = (total - observed) // 2, (total + observed) // 2
    if sizes.size < 64:
        ways, all_ways = _ways(sizes, total), 2**sizes.size
        return int(ways[: ends[0] + 1].sum()) / all_ways, int(ways[: ends[1] + 1].sum()) / all_ways
    chance = subset_sums(sizes, total)
    return _tail(chance, ends[0]), _tail(chance, ends[1])


def _ways(sizes: NDArray[np.int64], total: int) -> NDArray[np.uint64]:
    """How many subsets of fewer than 64 ``sizes`` have each sum 0…total: exact whole numbers.

    One long integer holds them all, 64 bits each, so that adding a size is a shift and a sum.
    """
    packed = 1
    for size in sizes.tolist():
        packed += packed << (64 * size)
    return np.frombuffer(packed.to_bytes(8 * (total + 1), "little"), dtype="<u8")


def subset_sums(sizes: NDArray[np.int64], total: int) -> NDArray[np.float64]:
    """The chance of each sum 0…total of a random subset of ``sizes`` (ascending, so that sums grow late)."""
    chance = np.zeros(total + 1)
    chance[0] = 1.0
    reach = 1
    for met, size in enumerate(sizes.tolist(), start=1):
        # The ways are counted, and halved by hundreds of steps at once, before they overflow.
        chance[size : size + reach] += chance[:reach]
        reach += size
        if met % 512 == 0:
            chance *= 0.5**512
    chance *= 0.5 ** (sizes.size % 512)
    return chance


def _tail(chance: NDArray[np.float64], last: int) -> float:
    # A tail is never empty; only underflow (n beyond a thousand) could make it 0.
    return min(1.0, max(float(chance[: last + 1].sum()), float(np.finfo(float).tiny)))


def sign_flip_interval(differences: ArrayLike, *, alpha: float = 0.05) -> tuple[float | None, float | None]:
    """The closed interval of mean changes that the exact sign-flip test does not reject (p > ``alpha``).

    Both limits are means of subsets of the ``differences`` (points, no NaN). None = unbounded: too
    few people for this ``alpha``. Where the grid had to be rounded, each limit is right to half its
    unit, because no subset mean moves further; above ``EXACT_UP_TO`` people the limits are the
    saddlepoint's. Hartigan (1969), JASA 64, typical values. Raises Contradiction as ``grid`` does.
    """
    points = _finite(differences)
    if points.size > EXACT_UP_TO and np.ptp(np.round(points, SAME)) > 0:
        return lower_limit(points, alpha=alpha), -lower_limit(-points, alpha=alpha)
    none_flipped = float(0.5**points.size)
    if 2 * none_flipped > alpha:
        return None, None
    on = _grid(points, _interval_steps(points))
    chance, sizes, sums = _subsets(on.steps)
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
    return max(_TABLE_WORK / (n * rows * spread), min(integers, 1e5))


def _subsets(
    steps: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """All (size, sum) of a random non-empty subset of ``steps``: chance, size, sum."""
    above = np.sort(steps - steps.min())
    if (steps.size + 1) * (int(above.sum()) + 1) > _SMALL:
        table, sizes, sums = _windowed(steps)
    else:
        table, sizes, sums = _whole(above)
        sums += sizes * int(steps.min())
    kept = sizes > 0
    return table[kept], sizes[kept], sums[kept]


def _whole(above: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """The whole table for few people; ``above`` ascending and none below 0.

    Only subsets of up to half the people are met: each of the others is what one of them leaves over.
    """
    n, total = above.size, int(above.sum())
    table = np.zeros((n // 2 + 1, total + 1))
    table[0, 0] = 0.5**n
    reach = 1
    for met, step in enumerate(above.tolist(), start=1):
        rows = min(met, n // 2)
        table[1 : rows + 1, step : step + reach] += table[:rows, :reach]
        reach += step
    sizes, sums = np.nonzero(table)
    chance, fewer = table[sizes, sums], 2 * sizes < n
    return (
        np.concatenate([chance, chance[fewer]]),
        np.concatenate([sizes, n - sizes[fewer]]),
        np.concatenate([sums, total - sums[fewer]]),
    )


def _windowed(steps: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """The table around what has been met so far, for many people or an outlier.

    Rows and columns run around half of what has been met so far, as far as ``_REACH`` standard
    deviations: everything up to n = 81, all but 1e-17 of it beyond. What leaves the window on one
    side comes in at the other, which matters as little.
    """
    n = steps.size
    half_rows = ceil(min(n, _REACH * sqrt(n)) / 2)
    size = np.abs(steps).astype(np.float64)
    half_columns = ceil(min(size.sum(), _REACH * sqrt(float(size @ size))) / 2)
    table = np.zeros((2 * half_rows + 1, 2 * half_columns + 1))
    table[0, 0] = 0.5 ** min(n, EXACT_UP_TO)  # so many need not be halved one by one
    spare = np.zeros_like(table)
    for index, step in enumerate(steps.tolist()):
        if index >= EXACT_UP_TO:
            table *= 0.5
        _with_one_more(table[: index + 2], step % table.shape[1], spare)
        table, spare = spare, table
    met = int(steps.sum())
    table = np.roll(table, (half_rows - n // 2, half_columns - met // 2), (0, 1))
    rows, columns = np.nonzero(table)
    sizes = rows - half_rows + n // 2
    sums = columns - half_columns + met // 2
    return table[rows, columns], sizes, sums


def _with_one_more(table: NDArray[np.float64], step: int, out: NDArray[np.float64]) -> None:
    """The subsets without and with somebody, one row and ``step`` columns on; both start anew at their ends."""
    left = table.shape[1] - step
    np.add(table[1:, step:], table[:-1, :left], out=out[1 : len(table), step:])
    np.add(table[1:, :step], table[:-1, left:], out=out[1 : len(table), :step])
    out[0] = table[0] + np.roll(table[-1], step)
