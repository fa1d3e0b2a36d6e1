"""Bootstrap intervals of a mean change from its exact bootstrap distribution: no draws and no seed."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.fft import irfft, next_fast_len, rfft
from scipy.special import ndtr, ndtri

from evaluation.measure.statistics.counts import Interval
from evaluation.measure.statistics.exact import grid
from evaluation.measure.values import SAME, finite

_SUPPORT = 4e6  # most values of the bootstrap sum; about half a second


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What infinitely many bootstrap samples would give for the mean of ``n`` differences, in points.

    ``bias`` is z0, ``acceleration`` the jackknife's a; ``alpha_low`` and ``alpha_high`` are the
    shares of the distribution below the BCa limits. ``rounded``: the differences had no workable
    common step and were moved by at most half a step, and each limit with them.
    """

    n: int
    mean: float
    se: float
    bias: float
    acceleration: float
    alpha_low: float
    alpha_high: float
    bca: Interval
    percentile: Interval
    rounded: bool = False


def bootstrap(differences: ArrayLike, *, alpha: float = 0.05) -> Bootstrap | None:
    """The BCa and the percentile interval of the mean of ``differences`` (points, no NaN).

    The distribution of the mean of n draws with replacement is the n-fold convolution of the
    differences' own, computed on their integer grid; a limit is the smallest possible mean with at
    least the wanted share at or below it. None where all differences are equal, or there are fewer
    than two. Efron (1987), JASA 82; ties with the observed mean count half in z0. Raises
    Contradiction for a difference that is missing or no finite number.
    """
    points = finite(differences)
    n = points.size
    if n < 2 or np.ptp(np.round(points, SAME)) == 0:
        return None
    lowest = float(points.min())
    on = grid(points - lowest, most_steps=_most_steps(points - lowest))
    if not on.steps.any():  # apart by less than the grid can tell
        return None
    below = np.cumsum(_sums(on.steps))
    at = int(on.steps.sum())
    z0 = float(ndtri((below[at] + (below[at - 1] if at else 0.0)) / 2))
    centred = on.steps - on.steps.mean()
    squares = float(centred @ centred)
    acceleration = float(np.sum(centred**3)) / (6 * squares**1.5)
    shares = [_share(float(ndtri(tail)), z0, acceleration) for tail in (alpha / 2, 1 - alpha / 2)]

    def limit(share: float) -> float:
        return lowest + float(on.unit) * int(np.searchsorted(below, share)) / n

    return Bootstrap(
        n=n,
        mean=float(points.mean()),
        se=float(on.unit) * sqrt(squares) / n,
        bias=z0,
        acceleration=acceleration,
        alpha_low=shares[0],
        alpha_high=shares[1],
        bca=(limit(shares[0]), limit(shares[1])),
        percentile=(limit(alpha / 2), limit(1 - alpha / 2)),
        rounded=not on.exact,
    )


def _share(z: float, z0: float, acceleration: float) -> float:
    # |a| is at most 1/6, so that the divisor stays above zero for every alpha that anybody prints.
    return float(ndtr(z0 + (z0 + z) / (1 - acceleration * (z0 + z))))


def _most_steps(above: NDArray[np.float64]) -> float:
    """The bound for the grid that keeps n times the largest step within ``_SUPPORT``."""
    return _SUPPORT * float(above.sum()) / (above.size * float(above.max()))


def _sums(steps: NDArray[np.int64]) -> NDArray[np.float64]:
    """The chance of each sum of n draws with replacement from ``steps`` (none below zero)."""
    n, most = steps.size, int(steps.max())
    one = np.bincount(steps, minlength=most + 1) / n
    length = next_fast_len(n * most + 1, real=True)
    chance: NDArray[np.float64] = irfft(rfft(one, length) ** n, length)[: n * most + 1]
    return np.maximum(chance, 0.0)  # the transform leaves noise of 1e-17 where there is nothing
