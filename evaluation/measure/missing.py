"""The mean change of everyone enrolled, when some have no end score: estimate, bounds, tipping point."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from evaluation.errors import Contradiction
from evaluation.measure.statistics.values import SAME, numbers, same_people

Vector = NDArray[np.float64]

Unpredicted = Literal["unlearnt", "unlike", "impossible"]
"""Why nothing is predicted: too little to learn from, leavers unlike the stayers, or beyond what the scale allows."""

SOLE = 1e-9
"""What of a residual is free, below which one person alone fixes a coefficient."""

LEAST_WITH_MID = 6
"""Completers with a mid score below which the mid wave is not used: three coefficients need some people."""


@dataclass(frozen=True, slots=True)
class AllEnrolled:
    """The mean change of all ``n`` people with a baseline, in points, from ``completers`` who have both.

    ``slope`` of end on baseline among completers. ``with_mid`` completers also lent their mid score
    (0 = predicted from baseline alone). ``tipping`` is how far from the prediction each missing
    person would have to be for the estimate to be 0; ``tipping_interval`` for the limit nearer to 0
    to be 0 (of the sign opposite to ``tipping`` where the interval already holds 0). Both are None
    when nobody is missing. ``se_likelihood`` is the standard error of full-information maximum
    likelihood with the baseline alone, for comparison.
    """

    n: int
    completers: int
    with_mid: int
    estimate: float
    se: float
    df: int
    low: float
    high: float
    slope: float
    se_likelihood: float
    tipping: float | None
    tipping_interval: float | None


@dataclass(frozen=True, slots=True)
class _Fit:
    """Least squares of the end scores on ``columns``, which begin with the constant."""

    columns: Vector
    rows: NDArray[np.bool_]  # who was learnt from
    coefficients: Vector
    inverse: Vector  # of X'X
    residuals: Vector  # of those rows
    residual_variance: float

    @property
    def squares(self) -> float:
        return float(self.residuals @ self.residuals)


def predicted(
    baseline: ArrayLike, endline: ArrayLike, *, mid: ArrayLike | None, minimum: float, maximum: float, alpha: float
) -> AllEnrolled | Unpredicted:
    """``all_enrolled`` where it can head what is told, else why not (STATISTICS.md §9).

    Not where more than half of those without an end score began outside the range of those with one, and
    not outside ``bounds``: there the mid wave is left out first, because a person with an end score but
    without a mid score is predicted too. Raises what those two raise.
    """
    limits = bounds(baseline, endline, minimum=minimum, maximum=maximum)
    if _unlike(*_with_baseline(baseline, endline)):
        return "unlike"
    for middle in (None,) if mid is None else (mid, None):
        found = all_enrolled(baseline, endline, mid=middle, alpha=alpha)
        if found is None or limits is None:
            return "unlearnt"
        low, estimate, high = np.round([limits[0], found.estimate, limits[1]], SAME)
        if low <= estimate <= high:
            return found
    return "impossible"


def _unlike(start: Vector, end: Vector) -> bool:
    """Whether more than half of those who left began outside the range of those who stayed."""
    began, there = np.round(start, SAME), ~np.isnan(end)
    if not there.any():
        return False
    outside = (began < began[there].min()) | (began > began[there].max())
    return 2 * int(outside.sum()) > int((~there).sum())


def bounds(baseline: ArrayLike, endline: ArrayLike, *, minimum: float, maximum: float) -> tuple[float, float] | None:
    """The mean change if all missing people ended at the scale's ``minimum``, and at its ``maximum``.

    One number per person in points, NaN = missing; people without a baseline do not enter. None
    without anybody. Manski (1990). Raises Contradiction for a score outside ``minimum``…``maximum``
    or not finite, and for waves of different length.
    """
    start, end = _with_baseline(baseline, endline)
    known = np.round(np.concatenate([start, end[~np.isnan(end)]]), SAME)
    if not -np.inf < minimum <= maximum < np.inf:
        raise Contradiction("The ends of the scale are no two finite numbers, the lower one first; correct the scale.")
    if (known < minimum).any() or (known > maximum).any():
        raise Contradiction(
            f"A score lies outside the scale, which goes from {minimum:g} to {maximum:g}; correct one of them."
        )
    if not start.size:
        return None
    lowest = np.where(np.isnan(end), minimum, end)
    highest = np.where(np.isnan(end), maximum, end)
    return float(np.mean(lowest - start)), float(np.mean(highest - start))


def if_nothing_gained(baseline: ArrayLike, endline: ArrayLike) -> float | None:
    """The mean change if whoever has no end score (NaN) ended where she started; None without anybody.

    Raises Contradiction for a score that is not finite, and for waves of different length.
    """
    start, end = _with_baseline(baseline, endline)
    return float(np.mean(np.where(np.isnan(end), start, end) - start)) if start.size else None


def all_enrolled(
    baseline: ArrayLike,
    endline: ArrayLike,
    *,
    mid: ArrayLike | None = None,
    alpha: float = 0.05,
    equal_scatter: bool = False,
) -> AllEnrolled | None:
    """The regression-standardised mean change of everyone with a baseline.

    One number per person in points, NaN = missing. End is regressed on baseline (and on ``mid``
    where it is observed) among completers; the predictions are averaged over all, those without a
    mid score being predicted from baseline alone. SE² = V + var(ŷ − baseline)/n, with t on completers
    − p degrees of freedom. V, what the coefficients bring, is the larger of s²·x̄ᵀ(XᵀX)⁻¹x̄ and its HC2
    sibling: near the end of a scale residuals scatter unevenly, and the first alone covers .93
    (docs/coverage.md); with ``equal_scatter`` it is the first. None where completers are too few (df < 1), their
    baselines are all alike while others' are not, so that nothing can be predicted, or all changes
    are alike. Raises Contradiction for a score that is not finite, and for waves of different length.
    """
    start, end = _with_baseline(baseline, endline)
    middle = np.full(start.size, np.nan) if mid is None else _with_baseline(baseline, mid)[1]
    there = ~np.isnan(end)
    on_baseline = _fit(_columns(start, there), end, there)
    if on_baseline is None:
        return None
    seen = ~np.isnan(middle)
    on_both = _fit(np.column_stack([np.ones_like(start), start, middle]), end, there & seen)
    if on_both is None or int((there & seen).sum()) < LEAST_WITH_MID:
        on_both = None
        seen = np.zeros_like(there)
    found = _standardise(start, end, seen, (on_baseline, on_both), alpha=alpha, equal_scatter=equal_scatter)
    return found if found.se > 10.0**-SAME else None


def _with_baseline(baseline: ArrayLike, endline: ArrayLike) -> tuple[Vector, Vector]:
    start, end = numbers(baseline), numbers(endline)
    same_people(start, end)
    return start[~np.isnan(start)], end[~np.isnan(start)]


def _columns(start: Vector, there: NDArray[np.bool_]) -> Vector:
    # Where everyone starts from the same point (a course for beginners) the constant is the model.
    if start.size and np.ptp(np.round(start, SAME)) == 0:
        return np.ones((start.size, 1))
    return np.column_stack([np.ones_like(start), start])


def _fit(columns: Vector, end: Vector, rows: NDArray[np.bool_]) -> _Fit | None:
    x, y = columns[rows], end[rows]
    df = len(y) - columns.shape[1]
    length = np.sqrt(np.sum(x**2, axis=0))
    # The tolerance leaves the inverse of X'X half the digits of a float.
    if df < 1 or not length.all() or np.linalg.matrix_rank(x / length, rtol=1e-6) < columns.shape[1]:
        return None
    inverse: Vector = np.linalg.inv(x.T @ x).astype(np.float64)
    coefficients: Vector = np.linalg.lstsq(x, y, rcond=None)[0].astype(np.float64)
    residuals: Vector = y - x @ coefficients
    return _Fit(columns, rows, coefficients, inverse, residuals, float(residuals @ residuals) / df)


def _standardise(
    start: Vector,
    end: Vector,
    seen: NDArray[np.bool_],
    fits: tuple[_Fit, _Fit | None],
    *,
    alpha: float,
    equal_scatter: bool,
) -> AllEnrolled:
    alone, both = fits
    n, there = start.size, ~np.isnan(end)
    predicted = alone.columns @ alone.coefficients
    if both is not None:
        predicted = np.where(seen, np.nan_to_num(both.columns) @ both.coefficients, predicted)
    estimate = float(np.mean(predicted - start))
    spread = float(np.var(predicted - start, ddof=1)) / n
    variance = _model_variance(seen, there, alone, both)
    if not equal_scatter:
        variance = max(variance, _robust_variance(seen, alone, both))
    se = sqrt(variance + spread)
    df = int(there.sum()) - (alone if both is None else both).columns.shape[1]
    half = float(stdtrit(df, 1 - alpha / 2)) * se
    missing = n - int(there.sum())
    nearer = estimate - half if estimate > 0 else estimate + half
    return AllEnrolled(
        n=n,
        completers=int(there.sum()),
        with_mid=int((there & seen).sum()),
        estimate=estimate,
        se=se,
        df=df,
        low=estimate - half,
        high=estimate + half,
        slope=float(alone.coefficients[1]) if alone.coefficients.size > 1 else 0.0,
        se_likelihood=_likelihood_se(start, there, alone),
        tipping=-estimate * n / missing if missing else None,
        tipping_interval=-nearer * n / missing if missing else None,
    )


def _model_variance(seen: NDArray[np.bool_], there: NDArray[np.bool_], alone: _Fit, both: _Fit | None) -> float:
    """The variance that the coefficients bring into the mean prediction.

    With two regressions it is that of the sum of both parts; they share the completers with a mid score.
    """
    weight = np.where(seen[:, None], 0.0, alone.columns).mean(axis=0)
    variance = alone.residual_variance * float(weight @ alone.inverse @ weight)
    if both is None:
        return variance
    heavy = np.where(seen[:, None], both.columns, 0.0).mean(axis=0)
    shared = both.columns[there & seen].T @ alone.columns[there & seen]
    variance += both.residual_variance * float(heavy @ both.inverse @ heavy)
    crossed = float(heavy @ both.inverse @ shared @ alone.inverse @ weight)
    return variance + 2 * both.residual_variance * crossed


def _robust_variance(seen: NDArray[np.bool_], alone: _Fit, both: _Fit | None) -> float:
    """The same without supposing that all residuals scatter alike (HC2).

    Whoever alone fixes a coefficient (leverage 1) has no residual of her own; hers is taken to be of
    average size. MacKinnon & White (1985), J. of Econometrics 29.
    """
    pull, unseen = np.zeros(seen.size), 0.0
    for fit, served in ((alone, ~seen), (both, seen)):
        if fit is None:
            continue
        x = fit.columns[fit.rows]
        weight = x @ fit.inverse @ np.where(served[:, None], fit.columns, 0.0).mean(axis=0)
        free = 1 - np.einsum("ij,jk,ik->i", x, fit.inverse, x)
        own = free > SOLE
        pull[fit.rows] += np.where(own, weight * fit.residuals / np.sqrt(np.where(own, free, 1.0)), 0.0)
        unseen += fit.residual_variance * float(np.sum(weight[~own] ** 2))
    return float(pull @ pull) + unseen


def _likelihood_se(start: Vector, there: NDArray[np.bool_], alone: _Fit) -> float:
    # Anderson (1957): with only the end missing, maximum likelihood is the regression with divisor n.
    weight = alone.columns.mean(axis=0)
    error = alone.squares / int(there.sum())
    carried = (alone.columns @ alone.coefficients) - start
    return sqrt(error * float(weight @ alone.inverse @ weight) + float(np.var(carried)) / start.size)
