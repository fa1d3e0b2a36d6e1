"""What change a number of people could detect, before any data: the power of the paired t test."""

from __future__ import annotations

from math import isfinite, isnan, sqrt

from scipy.special import nctdtr, stdtrit

from evaluation.errors import Contradiction
from evaluation.measure.statistics.counts import part_of
from evaluation.measure.statistics.numerical.crossing import crossing

_CERTAIN = 1e5  # noncentrality from which every test finds it; the distribution's computation fails beyond


def power(d_z: float, n: int, *, alpha: float = 0.05, both_tails: bool = True) -> float:
    """The chance that ``n`` ≥ 2 people give a two-sided p below ``alpha`` if the mean change is ``d_z``.

    ``d_z`` in standard deviations of the change. Without ``both_tails``, the chance of finding it in
    its own direction. Ours, because statsmodels' ``TTestPower`` gives NaN where the other tail is empty
    (.5 and 200 people at alpha .001) and its solver stops 1e-7 from the root, with many people 1e-4.
    Raises TooFew below two people, Contradiction for a ``d_z`` that is no finite number and an
    ``alpha`` that is not between 0 and 1.
    """
    part_of(n, least=2)
    _between_0_and_1(alpha)
    if not isfinite(d_z):
        raise Contradiction("measure.statistics.no_planned_change")
    critical, nc = float(stdtrit(n - 1, 1 - alpha / 2)), min(abs(d_z) * sqrt(n), _CERTAIN)
    upper = 1 - noncentral_t(n - 1, nc, critical)
    return upper + (noncentral_t(n - 1, nc, -critical) if both_tails else 0.0)


def minimal_detectable(n: int, *, alpha: float = 0.05, wanted: float = 0.8, both_tails: bool = True) -> float:
    """The least ``d_z`` that ``n`` ≥ 2 people would find with power ``wanted``; times the SD of change: points.

    Raises as ``power`` does, and Contradiction for a power that is not between 0 and 1.
    """
    _between_0_and_1(wanted)
    return crossing(lambda d: wanted - power(d, n, alpha=alpha, both_tails=both_tails), 0.0, 100.0)


def smallest_n(d_z: float, *, alpha: float = 0.05, wanted: float = 0.8) -> int | None:
    """The fewest people who would find ``d_z`` with power ``wanted``; None where a million would not.

    Raises as ``power`` does, and Contradiction for a power that is not between 0 and 1.
    """
    _between_0_and_1(wanted)
    low, high = 1, 2
    while power(d_z, high, alpha=alpha) < wanted:
        low, high = high, 2 * high
        if high > 1_000_000:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(d_z, middle, alpha=alpha) >= wanted else (middle, high)
    return high


def _between_0_and_1(chance: float) -> None:
    if not 0 < chance < 1:
        raise Contradiction("measure.statistics.planned_chances")


def noncentral_t(df: float, nc: float, t: float) -> float:
    """P(T <= t). scipy gives NaN where ``nc`` and ``t`` are so far apart that this is 0 or 1 to the last digit."""
    chance = float(nctdtr(df, nc, t))
    return (1.0 if nc < t else 0.0) if isnan(chance) else chance
