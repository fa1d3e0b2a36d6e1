"""The sign-flip tail of many people, approximately: the saddlepoint of Barndorff-Nielsen."""

from __future__ import annotations

from math import expm1, log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from evaluation.measure.statistics.numerical.crossing import crossing

Vector = NDArray[np.float64]


def tail(differences: Vector, *, span: float = 0.0) -> float:
    """The chance that random signs give the ``differences`` a sum at least as large as theirs.

    ``span``: the step of the possible sums (twice the grid's unit; 0 = as good as continuous).
    Against the exact distribution of 400 integer differences its relative error was some 1e-5 for
    even differences, 1e-3 for skewed ones; where a few differences outweigh all others up to 1e-2.
    Never 0; 1 where nothing differs from 0. Daniels (1987), Int. Statistical Review
    55; Barndorff-Nielsen (1986), Biometrika 73.
    """
    if not differences.any():
        return 1.0
    sizes, counts = np.unique(np.abs(differences), return_counts=True)
    return max(float(ndtr(-_root(sizes, counts, float(differences.sum()), span))), float(np.finfo(float).tiny))


def lower_limit(differences: Vector, *, alpha: float) -> float:
    """The mean that, taken off every difference, leaves ``tail`` = ``alpha``/2: the interval's lower end.

    The upper end is the negative of that of the negated differences. Against the exact limits of
    integer differences it was off by less than 0.3 % of the interval's width at n = 400 and .05 % at
    1,000. ``differences``: many, and not all equal.
    """
    values, counts = np.unique(differences, return_counts=True)
    n, wanted = differences.size, float(ndtri(1 - alpha / 2))
    mean = float(differences.mean())
    # By halving, because the root leaps where one difference outweighs all others.
    return crossing(
        lambda at: _root(np.abs(values - at), counts, n * (mean - at), 0.0) - wanted, float(values[0]), mean
    )


def _root(sizes: Vector, counts: NDArray[np.int64], total: float, span: float) -> float:
    """r*: the standard normal deviate that has the tail of ``total``."""
    weight = counts.astype(np.float64)
    most, variance = float(weight @ sizes), float(weight @ sizes**2)
    if total < 0:
        return -_root(sizes, counts, -total + span, span)
    if total >= most * (1 - 1e-12):
        return float("inf")
    if total < 1e-3 * sqrt(variance):
        return (total - span / 2) / sqrt(variance)
    t = total / variance
    for _ in range(100):
        bent = np.tanh(t * sizes)
        curvature = float(weight @ (sizes**2 * (1 - bent**2)))
        step = (total - float(weight @ (sizes * bent))) / curvature
        t += step
        if abs(step) <= 1e-14 * t:
            break
    along = t * sizes
    generating = float(weight @ (along + np.log1p(np.exp(-2 * along)) - log(2)))
    w = sqrt(2 * (t * total - generating))
    u = (-expm1(-span * t) / span if span else t) * sqrt(curvature)
    return w + log(u / w) / w
