"""Generalised estimating equations for repeated answers of the same people."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from evaluation.errors import NotEstimable
from evaluation.measure.models.blocks import Blocks, Rows, blocks, complete_rows, seen_inverse
from evaluation.measure.models.coefficients import Coefficient, Vector, coefficients
from evaluation.measure.models.ordinal import refuse_separated
from evaluation.measure.models.sandwich import Correction, sandwich
from evaluation.measure.values import SAME

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
    (labels); a row with a NaN does not enter. The constant is added. Liang and Zeger (1986), by
    statsmodels, which also gives the ``uncorrected`` errors; the corrected ones are by Mancl and DeRouen
    (2001) unless ``correction`` says otherwise (see ``sandwich``; statsmodels' ``bias_reduced`` is the
    same, but it has no other correction and no degrees of freedom). Raises
    NotEstimable for constant or redundant predictors, no more people than coefficients, an outcome
    other than 0/1 or separated by the predictors (binomial), and one person alone determining a
    coefficient.
    """
    rows = complete_rows(y, predictors, person)
    together = blocks(rows)
    people, width = len(together.y), together.x.shape[2]
    if people <= width:
        raise NotEstimable("measure.models.few_people", people=people, width=width)
    _refuse(rows, together, family, working)
    unit = float(rows.y.std()) if family == "gaussian" else 1.0
    middle, spread = rows.x[:, 1:].mean(axis=0), rows.x[:, 1:].std(axis=0)
    standard = np.column_stack([rows.x[:, 0], (rows.x[:, 1:] - middle) / spread])
    fitted = _fitted(Rows(rows.y / unit, standard, rows.names, rows.person), family, working)
    back = unit * np.diag([1.0, *(1 / spread)])
    back[0, 1:] = -unit * middle / spread
    beta, robust = back @ fitted.params, back @ fitted.cov_robust @ back.T
    correlation = float(fitted.cov_struct.dep_params) if working == "exchangeable" else None
    slope, weight, residual, covariance = _parts(together, beta, family, correlation)
    corrected = sandwich(slope, weight, residual, covariance=covariance, correction=correction)
    return Gee(
        people=people,
        rows=together.rows,
        coefficients=coefficients(rows.names, beta, se=corrected.se, df=people - width, alpha=alpha),
        uncorrected=coefficients(rows.names, beta, se=np.sqrt(np.diag(robust)), alpha=alpha),
        satterthwaite=tuple(corrected.df.tolist()),
        correlation=correlation,
        scale=unit**2 * float(np.mean(fitted.resid_pearson**2)),
    )


def _refuse(rows: Rows, together: Blocks, family: Family, working: Working) -> None:
    if np.ptp(np.round(rows.y, SAME)) == 0:
        raise NotEstimable("measure.models.same_outcome")
    if working == "exchangeable" and together.seen.shape[1] < 2:
        raise NotEstimable("measure.models.nobody_twice_correlation")
    if family == "gaussian":
        left = rows.y - rows.x @ np.linalg.lstsq(rows.x, rows.y, rcond=None)[0]
        if np.std(left) < 1e-9 * np.std(rows.y):
            raise NotEstimable("measure.models.no_error")
        return
    if not np.isin(rows.y, (0, 1)).all():
        raise NotEstimable("measure.models.not_yes_no")
    refuse_separated(rows.y.astype(np.intp), rows.x[:, 1:])


def _fitted(rows: Rows, family: Family, working: Working) -> Any:
    """statsmodels' results, converged."""
    import statsmodels.genmod.cov_struct as structures
    from statsmodels.genmod import families
    from statsmodels.genmod.generalized_estimating_equations import GEE

    structure = structures.Exchangeable() if working == "exchangeable" else structures.Independence()
    kind = families.Binomial() if family == "binomial" else families.Gaussian()
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they say is looked at
        try:
            fitted = GEE(rows.y, rows.x, groups=rows.person, family=kind, cov_struct=structure).fit(
                ctol=1e-12 * len(rows.y), maxiter=_STEPS, ddof_scale=0
            )
        except np.linalg.LinAlgError:
            fitted = None
    if fitted is None or not fitted.converged or not np.isfinite(fitted.params).all():
        raise NotEstimable("measure.models.no_solution")
    return fitted


def _parts(
    together: Blocks, beta: Vector, family: Family, correlation: float | None
) -> tuple[Vector, Vector, Vector, Vector]:
    """What the sandwich is made of: slope of the mean (n, T, p), weight, residual, working covariance."""
    linear = together.x @ beta
    mean = expit(linear) if family == "binomial" else linear
    variance = mean * (1 - mean) if family == "binomial" else np.ones_like(mean)
    if (variance < 1e-12).any():
        raise NotEstimable("measure.models.foretold_odds")
    root = np.where(together.seen, np.sqrt(variance), 1.0)
    both = together.seen[:, :, None] & together.seen[:, None, :]
    alike = np.where(np.eye(both.shape[1], dtype=bool), 1.0, np.where(both, correlation or 0.0, 0.0))
    covariance = root[:, :, None] * alike * root[:, None, :]
    try:
        weight, _ = seen_inverse(covariance, together.seen)
    except np.linalg.LinAlgError:
        raise NotEstimable("measure.models.no_common_correlation") from None
    slope = together.x if family == "gaussian" else together.x * variance[:, :, None]
    return slope, weight, np.where(together.seen, together.y - mean, 0.0), covariance
