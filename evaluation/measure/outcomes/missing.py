"""The mean change of everyone enrolled, when some have no end score: estimate, bounds, tipping point."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from evaluation.errors import Contradiction
from evaluation.measure.values import SAME, numbers, same_people

Vector = NDArray[np.float64]

Unpredicted = Literal["unlearnt", "unlike", "impossible"]
"""Why nothing is predicted: too little to learn from, leavers unlike the stayers, or beyond what the scale allows."""

SOLE = 1e-9
"""What of a residual is free, below which one person alone fixes a coefficient."""

LEAST_WITH_MID = 6
"""Completers with a mid score below which the mid wave is not used: three coefficients need some people."""


@dataclass(frozen=True, slots=True)
class _Regression:
    """Least squares of the end scores on ``columns`` (one row per person, constant first), learnt from ``rows``."""

    columns: Vector
    end: Vector
    rows: NDArray[np.bool_]
    coefficients: Vector

    @property
    def predictions(self) -> Vector:
        """One for each person, NaN where a column is."""
        return self.columns @ self.coefficients

    @property
    def residuals(self) -> Vector:
        return (self.end - self.predictions)[self.rows]

    @property
    def inverse(self) -> Vector:
        """(X'X)⁻¹ of the rows it was learnt from, columns × columns."""
        root: Vector = np.linalg.pinv(self.columns[self.rows]).astype(np.float64)
        return root @ root.T

    @property
    def residual_variance(self) -> float:
        left = self.residuals
        return float(left @ left) / (left.size - self.coefficients.size)


@dataclass(frozen=True, slots=True)
class _Learnt:
    """What the scores teach: the regression on the baseline ``alone`` and, for those ``seen`` at mid, on ``both``."""

    start: Vector
    seen: NDArray[np.bool_]
    alone: _Regression
    both: _Regression | None

    @property
    def gains(self) -> Vector:
        """The predicted change of each person with a baseline."""
        ends = self.alone.predictions
        return (ends if self.both is None else np.where(self.seen, self.both.predictions, ends)) - self.start


@dataclass(frozen=True)
class AllEnrolled:
    """The mean change of all ``n`` people with a baseline, in points, from ``completers`` who have both.

    ``slope`` of end on baseline among completers. ``with_mid`` completers also lent their mid score
    (0 = predicted from baseline alone). The errors are those of statsmodels' OLS, which a test holds them to; it is
    not imported for them, because that takes longer than all that a project's release is measured from.
    """

    n: int
    completers: int
    with_mid: int
    estimate: float
    slope: float
    df: int
    alpha: float
    equal_scatter: bool
    learnt: _Learnt = field(repr=False, compare=False)

    @cached_property
    def se(self) -> float:
        spread = float(np.var(self.learnt.gains, ddof=1)) / self.n
        return sqrt(_variance(self.learnt, equal_scatter=self.equal_scatter) + spread)

    @property
    def low(self) -> float:
        return self.estimate - self._half

    @property
    def high(self) -> float:
        return self.estimate + self._half

    @property
    def tipping(self) -> float | None:
        """How far from the prediction each missing person would have to be for the estimate to be 0; None: nobody."""
        return self._tipping(self.estimate)

    @property
    def tipping_interval(self) -> float | None:
        """The same for the limit nearer to 0: of the opposite sign where the interval already holds 0."""
        return self._tipping(self.low if self.estimate > 0 else self.high)

    @property
    def se_likelihood(self) -> float:
        """The standard error of full-information maximum likelihood with the baseline alone, for comparison.

        Anderson (1957): with only the end missing, maximum likelihood is the regression with divisor n.
        """
        alone = self.learnt.alone
        variance = alone.inverse * float(np.mean(alone.residuals**2))
        weight = alone.columns.mean(axis=0)
        carried = float(np.var(alone.predictions - self.learnt.start)) / self.n
        return sqrt(float(weight @ variance @ weight) + carried)

    @property
    def _half(self) -> float:
        return float(stdtrit(self.df, 1 - self.alpha / 2)) * self.se

    def _tipping(self, value: float) -> float | None:
        missing = self.n - self.completers
        return -value * self.n / missing if missing else None


def predicted(
    baseline: ArrayLike, endline: ArrayLike, *, mid: ArrayLike | None, minimum: float, maximum: float, alpha: float
) -> AllEnrolled | Unpredicted:
    """``all_enrolled`` where it can head what is told, else why not (docs/statistics.md).

    Not where more than half of those without an end score began outside the range of those with one, and
    not outside ``bounds``: there the mid wave is left out first, because a person with an end score but
    without a mid score is predicted too. Raises what those two raise.
    """
    limits = bounds(baseline, endline, minimum=minimum, maximum=maximum)
    if _unlike(*_with_baseline(baseline, endline)):
        return "unlike"
    for middle in (None,) if mid is None else (mid, None):
        model = all_enrolled(baseline, endline, mid=middle, alpha=alpha)
        if model is None or limits is None:
            return "unlearnt"
        low, estimate, high = np.round([limits[0], model.estimate, limits[1]], SAME)
        if low <= estimate <= high:
            return model
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
        raise Contradiction("measure.ends_of_scale")
    if (known < minimum).any() or (known > maximum).any():
        raise Contradiction("measure.outside_ends", minimum=minimum, maximum=maximum)
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
    there, seen = ~np.isnan(end), ~np.isnan(middle)
    alone = _regression(_columns(start), end, there)
    if alone is None:
        return None
    both = None
    if int((there & seen).sum()) >= LEAST_WITH_MID:
        both = _regression(np.column_stack([np.ones_like(start), start, middle]), end, there & seen)
    learnt = _Learnt(start, seen if both is not None else np.zeros_like(seen), alone, both)
    if max(float(np.abs(alone.residuals).max()), float(np.ptp(learnt.gains))) <= 10.0**-SAME:
        return None
    completers = int(there.sum())
    return AllEnrolled(
        n=start.size,
        completers=completers,
        with_mid=int((there & learnt.seen).sum()),
        estimate=float(np.mean(learnt.gains)),
        slope=float(alone.coefficients[1]) if alone.coefficients.size > 1 else 0.0,
        df=completers - (both or alone).columns.shape[1],
        alpha=alpha,
        equal_scatter=equal_scatter,
        learnt=learnt,
    )


def _with_baseline(baseline: ArrayLike, endline: ArrayLike) -> tuple[Vector, Vector]:
    start, end = numbers(baseline), numbers(endline)
    same_people(start, end)
    return start[~np.isnan(start)], end[~np.isnan(start)]


def _columns(start: Vector) -> Vector:
    # Where everyone starts from the same point (a course for beginners) the constant is the model.
    if start.size and np.ptp(np.round(start, SAME)) == 0:
        return np.ones((start.size, 1))
    return np.column_stack([np.ones_like(start), start])


def _regression(columns: Vector, end: Vector, rows: NDArray[np.bool_]) -> _Regression | None:
    x, y = columns[rows], end[rows]
    length = np.sqrt(np.sum(x**2, axis=0))
    # The tolerance leaves the inverse of X'X half the digits of a float.
    if len(y) <= x.shape[1] or not length.all() or np.linalg.matrix_rank(x / length, rtol=1e-6) < x.shape[1]:
        return None
    coefficients: Vector = np.linalg.lstsq(x, y, rcond=None)[0].astype(np.float64)
    return _Regression(columns, end, rows, coefficients)


def _variance(learnt: _Learnt, *, equal_scatter: bool) -> float:
    """The variance that the coefficients bring into the mean prediction: the larger of the usual one and HC2's.

    Each regression serves some people; their mean row times a regression's (X'X)⁻¹X' is what each end
    score pulls at the mean, and who taught both regressions pulls at both. HC2 (MacKinnon & White
    1985, J. of Econometrics 29) does not suppose that all residuals scatter alike. Whoever alone fixes
    a coefficient (leverage 1) has no residual of her own; hers is taken to be of average size, where
    statsmodels' HC2 divides by 0.
    """
    served = [(learnt.alone, ~learnt.seen)] + ([] if learnt.both is None else [(learnt.both, learnt.seen)])
    usual, unseen, noise, before = 0.0, 0.0, np.zeros(learnt.seen.size), np.zeros(learnt.seen.size)
    for regression, people in served:
        inverse, x = regression.inverse, regression.columns[regression.rows]
        mean_row = np.where(people[:, None], regression.columns, 0.0).mean(axis=0)
        pull = np.zeros(people.size)
        pull[regression.rows] = x @ inverse @ mean_row
        usual += regression.residual_variance * float(pull @ (pull + 2 * before))
        before, pull = pull, pull[regression.rows]
        free = 1 - np.einsum("ij,jk,ik->i", x, inverse, x)
        own = free > SOLE
        noise[regression.rows] += np.where(own, pull * regression.residuals / np.sqrt(np.where(own, free, 1.0)), 0.0)
        unseen += regression.residual_variance * float(np.sum(pull[~own] ** 2))
    return usual if equal_scatter else max(usual, float(noise @ noise) + unseen)
