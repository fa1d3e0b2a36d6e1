"""A waiting-list design: those who were served against those who still waited."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from evaluation.errors import Contradiction
from evaluation.measure.statistics.counts import Interval, fisher, newcombe
from evaluation.measure.statistics.exact import grid
from evaluation.measure.values import SAME, finite, numbers, same_people

Vector = NDArray[np.float64]

EXACT_UP_TO = 600
"""People up to whom labels are permuted exactly."""

_WORK = 4e8  # additions; about a second
_WHOLE = 2e5  # steps in all: 600 people on a scale of 300 points; more are money or a slip, and memory is finite


@dataclass(frozen=True, slots=True)
class Adjusted:
    """How many points higher the ``served`` end than the ``waiting`` at the same baseline (ANCOVA).

    ``se`` is heteroscedasticity-consistent (HC3), ``df`` = people - 3.
    """

    served: int
    waiting: int
    difference: float
    se: float
    df: int
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Shares:
    """The share that improved among the served less that among the waiting, Newcombe's interval, Fisher's p."""

    difference: float
    interval: Interval
    p: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """The comparison of both groups; ``permutation_p`` only where chance decided who waited.

    ``left_out``: people without a baseline or an end score, who enter none of it.
    """

    adjusted: Adjusted | None
    shares: Shares | None
    permutation_p: float | None
    left_out: int


def waiting_list(
    baseline: ArrayLike,
    endline: ArrayLike,
    served: ArrayLike,
    *,
    step: float,
    higher_is_better: bool = True,
    random_allocation: bool = False,
    alpha: float = 0.05,
) -> Waiting:
    """Compare the served with the waiting, one entry per person (points, NaN = no score; served: yes/no).

    ``endline`` is the same day for both groups: before those who waited were served. Improved means
    by ``step`` points or more in the good direction. With ``random_allocation`` the labels are
    permuted: exact, no draws. Parts are None where a group has nobody, or, of ANCOVA, where fewer
    than two are in a group or the model fits perfectly. Raises Contradiction for a score or step
    that is no finite number, a person of whom it is not said whether she was served, and columns of
    different length.
    """
    start, end = numbers(baseline), numbers(endline)
    same_people(start, end)
    there = ~np.isnan(start) & ~np.isnan(end)
    group = _served(served, start)[there]
    start, end = start[there], end[there]
    (step,) = finite([step]).tolist()
    change = np.round(end - start if higher_is_better else start - end, SAME)
    both = bool(group.any() and not group.all())
    return Waiting(
        adjusted=ancova(start, end, group, alpha=alpha),
        shares=_shares(change >= step, group, alpha) if both else None,
        permutation_p=permutation_p(change, group) if both and random_allocation else None,
        left_out=int((~there).sum()),
    )


def _served(served: ArrayLike, scores: Vector) -> NDArray[np.bool_]:
    group = numbers(served)
    same_people(group, scores)
    if not np.isin(group, (0, 1)).all():
        raise Contradiction("measure.neither_served_nor_waiting")
    return group.astype(np.bool_)


def _shares(improved: NDArray[np.bool_], group: NDArray[np.bool_], alpha: float) -> Shares:
    count, n = int(improved[group].sum()), int(group.sum())
    other, n_other = int(improved[~group].sum()), int((~group).sum())
    interval = newcombe(count, n, other, n_other, alpha=alpha)
    return Shares(count / n - other / n_other, interval, fisher(count, n, other, n_other))


def ancova(baseline: ArrayLike, endline: ArrayLike, served: ArrayLike, *, alpha: float = 0.05) -> Adjusted | None:
    """Least squares of end on baseline and group, with HC3 standard errors (points, no NaN).

    None with fewer than two in a group or five in all, where everyone starts from the same point or
    from one point per group, where one person alone decides a coefficient, or without residuals.
    MacKinnon & White (1985), J. of Econometrics 29; Long & Ervin (2000), American Statistician 54.
    Raises Contradiction as ``waiting_list`` does.
    """
    start, end = finite(baseline), finite(endline)
    same_people(start, end)
    group = _served(served, start).astype(np.float64)
    n, treated = start.size, int(group.sum())
    if n < 5 or min(treated, n - treated) < 2 or np.ptp(np.round(start, SAME)) == 0:
        return None
    # The unit of the baseline is its SD, so that no scale is too long or short for the inverse.
    columns = np.column_stack([np.ones(n), (start - start.mean()) / start.std(), group])
    if np.linalg.matrix_rank(columns, rtol=1e-6) < 3:
        return None
    from statsmodels.regression.linear_model import OLS  # slow to import, and few projects have a waiting list

    fitted = OLS(end, columns).fit()
    leverage = np.einsum("ij,jk,ik->i", columns, fitted.normalized_cov_params, columns)
    if leverage.max() > 1 - 1e-9 or np.abs(fitted.resid).max() < 1e-9 * max(1.0, np.abs(end).max()):
        return None
    robust = fitted.get_robustcov_results("HC3", use_t=True)
    low, high = robust.conf_int(alpha)[2].tolist()
    difference, se, p = (float(each[2]) for each in (robust.params, robust.bse, robust.pvalues))
    return Adjusted(treated, n - treated, difference, se, n - 3, low, high, p)


def permutation_p(change: ArrayLike, served: ArrayLike) -> float:
    """The exact two-sided p that it did not matter who was served: all ways to choose as many people.

    ``change``: points, no NaN; ``served``: yes/no. The statistic is the served's sum of changes; its
    distribution over all choices comes from the shift algorithm of Streitberg & Röhmel (1986), with
    p = min(1, 2 · smaller tail). Changes without a workable common step stand on a rounded grid.
    Above ``EXACT_UP_TO`` people it is the normal approximation (relative error some hundredths at p
    = .001). 1 where a group is empty or nothing varies. Only for groups that chance made. Raises
    Contradiction as ``waiting_list`` does.
    """
    points = finite(change)
    group = _served(served, points)
    n, chosen = points.size, int(group.sum())
    if not 0 < chosen < n or np.ptp(np.round(points, SAME)) == 0:
        return 1.0
    if n > EXACT_UP_TO:
        apart = float(points[group].mean() - points[~group].mean())
        return 2 * float(ndtr(-abs(apart) / (float(points.std(ddof=1)) * sqrt(1 / chosen + 1 / (n - chosen)))))
    if 2 * chosen > n:  # choosing who waits is the same and takes fewer rows
        group, chosen = ~group, n - chosen
    above = points - points.min()
    whole = min(float(above.sum()) + 1, _WHOLE)  # whole points of a scale are never rounded
    stands = grid(above, most_steps=max(_WORK / (n * chosen), whole))
    steps = stands.steps
    ways = np.zeros((chosen + 1, int(np.sort(steps)[-chosen:].sum()) + 1))
    ways[0, 0] = 1.0
    share, reached = chosen / n, 1
    # The small ones first, where they are rounded: then few of the many sums are reached before the last one.
    for step in steps.tolist() if stands.exact else sorted(steps.tolist()):
        # Weighted, so that no number of ways overflows; only proportions within a row matter.
        reached = min(reached + step, ways.shape[1])
        added = share * ways[:-1, : reached - step]
        ways[:, :reached] *= 1 - share
        ways[1:, step:reached] += added
    chance, observed = ways[chosen] / ways[chosen].sum(), int(steps[group].sum())
    return min(1.0, 2 * float(min(chance[: observed + 1].sum(), chance[observed:].sum())))
