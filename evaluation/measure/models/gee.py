"""Generalised estimating equations for repeated answers of the same people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from evaluation.errors import NotEstimable
from evaluation.measure.models.blocks import Blocks, Rows, blocks, complete_rows, seen_inverse
from evaluation.measure.models.coefficients import Coefficient, Vector, coefficients
from evaluation.measure.models.ordinal import most_likely
from evaluation.measure.models.sandwich import Correction, sandwich
from evaluation.measure.statistics.values import SAME

Family = Literal["gaussian", "binomial"]
Working = Literal["independence", "exchangeable"]
_STEPS = 200


@dataclass(frozen=True, slots=True)
class Gee:
    """Coefficients in points (gaussian) or log odds (binomial) of ``rows`` answers by ``people``.

    ``coefficients``: small-sample standard errors with t on people − p degrees of freedom;
    ``uncorrected``: the robust standard errors with the normal, too sure of themselves with few
    people, for comparison. ``satterthwaite``: degrees of freedom of the chosen standard errors.
    ``correlation`` within a person, None where independence was assumed; ``scale``: mean squared
    Pearson residual.
    """

    people: int
    rows: int
    coefficients: tuple[Coefficient, ...]
    uncorrected: tuple[Coefficient, ...]
    satterthwaite: tuple[float, ...]
    correlation: float | None
    scale: float


@dataclass(frozen=True, slots=True)
class _Fit:
    slope: Vector  # (n, T, p): derivative of the mean by the coefficients
    residual: Vector
    weight: Vector
    covariance: Vector
    beta: Vector
    correlation: float | None
    scale: float


def gee(
    y: ArrayLike,
    predictors: Mapping[str, ArrayLike],
    person: ArrayLike,
    *,
    family: Family = "gaussian",
    working: Working = "independence",
    correction: Correction = "CR3",
    alpha: float = 0.05,
) -> Gee:
    """The average over people, allowing any dependence among one person's answers.

    One value per row in ``y`` (points, or 0/1 with family "binomial"), each predictor and ``person``
    (labels); a row with a NaN does not enter. The constant is added. Liang and Zeger (1986); standard
    errors by Mancl and DeRouen (2001) unless ``correction`` says otherwise (see ``sandwich``). Raises
    NotEstimable for constant or redundant predictors, no more people than coefficients, an outcome
    other than 0/1 or separated by the predictors (binomial), and one person alone determining a
    coefficient.
    """
    rows = complete_rows(y, predictors, person)
    together = blocks(rows)
    people, width = len(together.y), together.x.shape[2]
    if people <= width:
        raise NotEstimable(
            f"People with complete rows: {people}; too few for a model with {width} coefficients, so use fewer"
            " predictors."
        )
    fit = _fit(together, _start(rows, family), family, working)
    parts = (fit.slope, fit.weight, fit.residual)
    robust = sandwich(*parts, covariance=fit.covariance, correction="CR0")
    corrected = sandwich(*parts, covariance=fit.covariance, correction=correction)
    return Gee(
        people=people,
        rows=together.rows,
        coefficients=coefficients(rows.names, fit.beta, se=corrected.se, df=people - width, alpha=alpha),
        uncorrected=coefficients(rows.names, fit.beta, se=robust.se, alpha=alpha),
        satterthwaite=tuple(corrected.df.tolist()),
        correlation=fit.correlation,
        scale=fit.scale,
    )


def _start(rows: Rows, family: Family) -> Vector:
    """Coefficients as if all rows were different people's, where that has a solution."""
    if np.ptp(np.round(rows.y, SAME)) == 0:
        raise NotEstimable("Every row has the same outcome, so there is nothing to model.")
    if family == "gaussian":
        start: Vector = np.linalg.lstsq(rows.x, rows.y, rcond=None)[0].astype(np.float64)
        if np.std(rows.y - rows.x @ start) < 1e-9 * np.std(rows.y):
            raise NotEstimable("The predictors foretell the outcome exactly, so there is no error to estimate.")
        return start
    if not np.isin(rows.y, (0, 1)).all():
        raise NotEstimable("A yes/no outcome must be 0 or 1 in every row; recode it.")
    found = most_likely(rows.y.astype(np.intp), rows.x[:, 1:])
    return np.concatenate([-found[:1], found[1:]])


def _fit(together: Blocks, start: Vector, family: Family, working: Working) -> _Fit:
    used = 0.0 if working == "exchangeable" else None
    fit = _at(together, start, family, used)
    for _ in range(_STEPS):
        bread = np.einsum("ntp,ntu,nuq->pq", fit.slope, fit.weight, fit.slope, optimize=True)
        pull = np.einsum("ntp,ntu,nu->p", fit.slope, fit.weight, fit.residual, optimize=True)
        step = np.linalg.solve(bread, pull)
        moved = np.sqrt(step @ bread @ step / fit.scale)
        before, used = used, fit.correlation
        fit = _at(together, fit.beta + step, family, used)
        if moved < 1e-10 and abs((used or 0.0) - (before or 0.0)) < 1e-12:
            return fit
    raise NotEstimable("The estimating equations did not settle on a solution; use fewer predictors.")


def _at(together: Blocks, beta: Vector, family: Family, correlation: float | None) -> _Fit:
    """Residuals and weights at ``beta`` with this correlation; the correlation that the residuals then show."""
    linear = together.x @ beta
    mean = expit(linear) if family == "binomial" else linear
    variance = mean * (1 - mean) if family == "binomial" else np.ones_like(mean)
    if (variance < 1e-12).any():
        raise NotEstimable("Some answers are foretold without exception, so the odds have no finite estimate.")
    residual = np.where(together.seen, together.y - mean, 0.0)
    pearson = residual / np.sqrt(variance)
    scale = float((pearson**2).sum()) / together.rows
    root = np.where(together.seen, np.sqrt(variance), 1.0)
    both = together.seen[:, :, None] & together.seen[:, None, :]
    alike = np.where(np.eye(both.shape[1], dtype=bool), 1.0, np.where(both, correlation or 0.0, 0.0))
    covariance = root[:, :, None] * alike * root[:, None, :]
    try:
        weight, _ = seen_inverse(covariance, together.seen)
    except np.linalg.LinAlgError:
        raise NotEstimable("A person's answers differ too much for one common correlation; use independence.") from None
    slope = together.x if family == "gaussian" else together.x * variance[:, :, None]
    shown = None if correlation is None else _correlation(together, pearson, scale)
    return _Fit(slope, residual, weight, covariance, beta, shown, scale)


def _correlation(together: Blocks, pearson: Vector, scale: float) -> float:
    """The mean product of two residuals of one person, over the mean square."""
    sizes = together.seen.sum(axis=1)
    pairs = int(sizes @ (sizes - 1))
    if not pairs:
        raise NotEstimable("Nobody has two rows, so no correlation within people can be estimated.")
    products = float((pearson.sum(axis=1) ** 2 - (pearson**2).sum(axis=1)).sum())
    return products / pairs / scale
