"""Differences of the same people: mean with t interval, directions, rank-biserial correlation."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, sqrt

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtr, stdtrit

from evaluation.errors import Contradiction, NotEstimable
from evaluation.measure.counts import Interval, Switched, sign_test, tango

SAME = 9
"""Decimals to which two scores are the same: what prorating leaves in the sixteenth digit is no change."""

LARGEST = 1e12
"""No score is further from 0: beyond, a float no longer tells thousandths of a point apart."""


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


def numbers(values: ArrayLike, *, dimensions: int = 1, largest: float = LARGEST) -> NDArray[np.float64]:
    """``values`` as floats: one per person (or people × columns: 2 ``dimensions``), NaN, None or NA = missing.

    The door of this room. Raises Contradiction for what is no number, is infinite or further from 0
    than ``largest``, and for another number of dimensions.
    """
    if (whole := _whole(values, dimensions, largest)) is not None:
        return whole
    try:
        given = np.asarray(values)
        if given.dtype == object:
            given = np.where(pd.isna(given), np.nan, given)
        points = None if given.dtype.kind in "cmM" else given.astype(np.float64)
    except (TypeError, ValueError, OverflowError):  # words, or rows of different lengths
        points = None
    if points is None or np.isinf(points).any():
        raise Contradiction(
            "A score, or a difference of two, is no finite number but infinite or words; correct it or leave it empty."
        )
    if points.ndim != dimensions:
        wanted = "one number per person" if dimensions == 1 else "one row per person, one column per answer"
        raise Contradiction(f"Scores must come as {wanted}; pass them in that form.")
    if np.abs(points).max(initial=0, where=~np.isnan(points)) > largest:
        raise Contradiction(f"A score, or a difference of two, is further from 0 than {largest:g}; correct it.")
    return points


def _whole(values: ArrayLike, dimensions: int, largest: float) -> NDArray[np.float64] | None:
    """A copy of ``values`` where one look tells that they are floats in order; None where they need a closer one."""
    if not isinstance(values, np.ndarray) or values.dtype != np.float64 or values.ndim != dimensions:
        return None
    # Of NaN and of infinity the comparison is not true.
    return values.copy() if np.abs(values).max(initial=0) <= largest else None


def finite(values: ArrayLike, *, dimensions: int = 1, largest: float = LARGEST) -> NDArray[np.float64]:
    """``numbers`` of which none may be missing; Contradiction where one is."""
    if (whole := _whole(values, dimensions, largest)) is not None:
        return whole
    points = numbers(values, dimensions=dimensions, largest=largest)
    if np.isnan(points).any():
        raise Contradiction("A score, or a difference of two, is missing and no finite number; leave the person out.")
    return points


def same_people(one: NDArray[np.generic], other: NDArray[np.generic]) -> None:
    """Raise Contradiction unless both have one entry per person."""
    if len(one) != len(other):
        raise Contradiction(
            f"There are {len(one)} entries in one column and {len(other)} in another; give each person one in both."
        )


def paired_t(differences: ArrayLike, *, alpha: float = 0.05) -> PairedT:
    """The t interval of the mean of ``differences`` (points, no NaN).

    Raises NotEstimable for fewer than two and for all equal ones, Contradiction for one that is
    missing or no finite number.
    """
    points = finite(differences)
    if points.size < 2 or np.ptp(np.round(points, SAME)) == 0:
        raise NotEstimable(
            "An interval for the mean needs two or more people who changed differently; show the counts instead."
        )
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
