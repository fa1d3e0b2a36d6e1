"""Differences of the same people: mean with t interval, directions, rank-biserial correlation."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtr, stdtrit

from evaluation.measure.counts import Interval, Switched, clopper_pearson, sign_test, tango

SAME = 9
"""Decimals to which two scores are the same: what prorating leaves in the sixteenth digit is no change."""


@dataclass(frozen=True, slots=True)
class PairedT:
    """The mean of ``n`` differences in points with its t interval; ``t`` tests a mean of zero."""

    n: int
    mean: float
    sd: float
    se: float
    df: int
    low: float
    high: float
    t: float
    p_two_sided: float
    p_greater: float


@dataclass(frozen=True, slots=True)
class Directions:
    """How many differences are above, at and below zero, in raw points."""

    higher: int
    same: int
    lower: int

    @property
    def n(self) -> int:
        return self.higher + self.same + self.lower

    @property
    def net(self) -> float | None:
        """Share higher minus share lower; None without pairs."""
        return (self.higher - self.lower) / self.n if self.n else None

    def net_interval(self, *, alpha: float = 0.05) -> Interval | None:
        """Tango's score interval of ``net``; None without pairs."""
        return tango(Switched(self.n, self.lower, self.higher), alpha=alpha) if self.n else None

    @property
    def sign_p(self) -> float:
        """Exact two-sided p of the sign test; 1 where nobody changed."""
        return sign_test(self.higher, self.lower)

    def share_higher(self, *, alpha: float = 0.05) -> Interval | None:
        """Clopper–Pearson interval of higher among those who changed; None where nobody did."""
        changed = self.higher + self.lower
        return clopper_pearson(self.higher, changed, alpha=alpha) if changed else None


def paired_t(differences: ArrayLike, *, alpha: float = 0.05) -> PairedT:
    """The t interval of the mean of two or more ``differences`` (points, no NaN, not all equal)."""
    points = np.asarray(differences, dtype=np.float64)
    n, mean = points.size, float(points.mean())
    sd = float(points.std(ddof=1))
    se = sd / sqrt(n)
    half = float(stdtrit(n - 1, 1 - alpha / 2)) * se
    t = mean / se
    greater = float(stdtr(n - 1, -t))
    return PairedT(n, mean, sd, se, n - 1, mean - half, mean + half, t, 2 * float(stdtr(n - 1, -abs(t))), greater)


def directions(differences: ArrayLike) -> Directions:
    """Counts of ``differences`` (points, no NaN) above, at and below zero."""
    signs = np.sign(np.round(np.asarray(differences, dtype=np.float64), SAME))
    return Directions(int((signs > 0).sum()), int((signs == 0).sum()), int((signs < 0).sum()))


def rank_biserial(
    differences: ArrayLike, *, alpha: float = 0.05, counted: int | None = None
) -> tuple[float, Interval] | None:
    """(rank sum of rises - of falls) / both, zeros dropped, with Fisher's z interval; None without changes.

    Kerby (2014), Comprehensive Psychology 3. The interval's standard error is that of the
    signed-rank sum of ``counted`` people, by default those who changed.
    """
    points = np.round(np.asarray(differences, dtype=np.float64), SAME)
    points = points[points != 0]
    if not points.size:
        return None
    _, tied, count = np.unique(np.abs(points), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[tied]
    r = float(np.sum(ranks * np.sign(points)) / np.sum(ranks))
    if abs(r) >= 1:
        return r, (r, r)
    n = counted or points.size
    half = float(ndtri(1 - alpha / 2)) * sqrt((2 * n**3 + 3 * n**2 + n) / 6) / (n * (n + 1) / 2)
    return r, (float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half)))
