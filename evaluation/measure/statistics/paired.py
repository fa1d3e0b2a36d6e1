"""Differences of the same people: mean with t interval, directions, rank-biserial correlation."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtr, stdtrit

from evaluation.errors import NotEstimable
from evaluation.measure.statistics.counts import Interval, Switched, sign_test, tango
from evaluation.measure.values import SAME, finite


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


def paired_t(differences: ArrayLike, *, alpha: float = 0.05) -> PairedT:
    """The t interval of the mean of ``differences`` (points, no NaN).

    Raises NotEstimable for fewer than two and for all equal ones, Contradiction for one that is
    missing or no finite number.
    """
    points = finite(differences)
    if points.size < 2 or np.ptp(np.round(points, SAME)) == 0:
        raise NotEstimable("measure.statistics.alike")
    n, mean = points.size, fsum(points) / points.size
    sd = float(points.std(ddof=1))
    se = sd / sqrt(n)
    half = float(stdtrit(n - 1, 1 - alpha / 2)) * se
    t = mean / se
    greater = float(stdtr(n - 1, -t))
    return PairedT(n, mean, sd, se, n - 1, mean - half, mean + half, t, 2 * float(stdtr(n - 1, -abs(t))), greater)


def directions(differences: ArrayLike) -> Directions:
    """Counts of ``differences`` (points) above, at and below zero; Contradiction for one that is no finite number."""
    signs = np.sign(np.round(finite(differences), SAME))
    return Directions(int((signs > 0).sum()), int((signs == 0).sum()), int((signs < 0).sum()))


def rank_biserial(
    differences: ArrayLike, *, alpha: float = 0.05, counted: int | None = None
) -> tuple[float, Interval] | None:
    """(rank sum of rises - of falls) / both, zeros dropped, with Fisher's z interval; None without changes.

    Kerby (2014), Comprehensive Psychology 3. The interval's standard error is that of the
    signed-rank sum of ``counted`` people, by default those who changed. Raises Contradiction for a
    difference that is missing or no finite number.
    """
    points = np.round(finite(differences), SAME)
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
