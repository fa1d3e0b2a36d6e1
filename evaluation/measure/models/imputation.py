"""Missing end scores drawn many times from what is predicted for them: a second opinion on everyone enrolled."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from evaluation.errors import NotEstimable
from evaluation.measure.models.coefficients import Vector
from evaluation.measure.models.pooling import Pooled, pool
from evaluation.measure.values import numbers, same_people

Rows = NDArray[np.bool_]


def imputed_change(
    baseline: ArrayLike,
    endline: ArrayLike,
    *,
    rng: Generator,
    mid: ArrayLike | None = None,
    imputations: int = 50,
    alpha: float = 0.05,
) -> Pooled:
    """The mean change of everyone with a baseline, from ``imputations`` data sets, pooled by Rubin's rules.

    One number per person in points, NaN = missing. A missing end score is drawn from the normal
    regression of end on baseline among completers (on ``mid`` too where it was observed), its
    coefficients and residual variance drawn first (Rubin 1987, pp. 166–167). Right if whether a score
    is missing depends only on those that are there. Raises NotEstimable where completers are too few or
    too alike to predict from, where nobody is missing, and as ``pool`` does; Contradiction for scores
    that are no finite numbers and for waves of different length.
    """
    start, end = numbers(baseline), numbers(endline)
    known = ~np.isnan(start)
    middle = np.full(start.size, np.nan) if mid is None else numbers(mid)
    same_people(start, end)
    same_people(start, middle)
    start, end, middle = start[known], end[known], middle[known]
    there = ~np.isnan(end)
    if there.all():
        raise NotEstimable("measure.models.nothing_to_impute")
    alone = np.column_stack([np.ones_like(start), start])
    both = np.column_stack([alone, middle])
    seen = ~np.isnan(middle)
    missing = ((alone, there, ~there & ~seen), (both, there & seen, ~there & seen))
    changes = np.array(
        [_drawn(end, [part for part in missing if part[2].any()], rng) - start for _ in range(imputations)]
    )
    return pool(
        changes.mean(axis=1),
        changes.var(axis=1, ddof=1) / start.size,
        complete_df=start.size - 1,
        name="mean change",
        alpha=alpha,
    )


def _drawn(end: Vector, parts: list[tuple[Vector, Rows, Rows]], rng: Generator) -> Vector:
    """One completed data set; each part: columns, completers to learn from, people to draw for."""
    whole = end.copy()
    for columns, known, lacking in parts:
        x, y = columns[known], end[known]
        df = len(y) - x.shape[1]
        if df < 1 or np.linalg.matrix_rank(x) < x.shape[1]:
            raise NotEstimable("measure.models.too_alike_to_impute")
        inverse = np.linalg.inv(x.T @ x)
        fitted = inverse @ (x.T @ y)
        variance = float(np.sum((y - x @ fitted) ** 2)) / rng.chisquare(df)
        drawn = rng.multivariate_normal(fitted, variance * inverse, method="cholesky") if variance else fitted
        whole[lacking] = columns[lacking] @ drawn + np.sqrt(variance) * rng.normal(size=int(lacking.sum()))
    return whole
