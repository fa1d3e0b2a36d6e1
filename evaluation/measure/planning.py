"""What change a number of people could detect, before any data: the power of the paired t test."""

from __future__ import annotations

from math import sqrt

from scipy.special import nctdtr, stdtrit

from evaluation.measure.crossing import crossing


def power(d_z: float, n: int, *, alpha: float = 0.05, both_tails: bool = True) -> float:
    """The chance that ``n`` ≥ 2 people give a two-sided p below ``alpha`` if the mean change is ``d_z``.

    ``d_z`` in standard deviations of the change. Without ``both_tails``, the chance of finding it in
    its own direction.
    """
    critical, nc = float(stdtrit(n - 1, 1 - alpha / 2)), abs(d_z) * sqrt(n)
    upper = 1 - float(nctdtr(n - 1, nc, critical))
    return upper + (float(nctdtr(n - 1, nc, -critical)) if both_tails else 0.0)


def minimal_detectable(n: int, *, alpha: float = 0.05, wanted: float = 0.8, both_tails: bool = True) -> float:
    """The least ``d_z`` that ``n`` ≥ 2 people would find with power ``wanted``; times the SD of change: points."""
    return crossing(lambda d: wanted - power(d, n, alpha=alpha, both_tails=both_tails), 0.0, 100.0)


def smallest_n(d_z: float, *, alpha: float = 0.05, wanted: float = 0.8) -> int | None:
    """The fewest people who would find ``d_z`` with power ``wanted``; None where a million would not."""
    low, high = 1, 2
    while power(d_z, high, alpha=alpha) < wanted:
        low, high = high, 2 * high
        if high > 1_000_000:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(d_z, middle, alpha=alpha) >= wanted else (middle, high)
    return high
