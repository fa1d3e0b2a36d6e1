"""A mixed model: people differ in level, and where asked in slope, by normal random effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluation.errors import NotEstimable
from evaluation.measure.models.blocks import Blocks, blocks, complete_rows
from evaluation.measure.models.coefficients import Coefficient, Vector, coefficients
from evaluation.measure.models.reml import Fit, kenward_roger, reml, satterthwaite
from evaluation.measure.values import SAME


@dataclass(frozen=True, slots=True)
class Mixed:
    """Fixed effects of a mixed model of ``rows`` answers by ``people``.

    ``coefficients`` use Kenward and Roger's standard errors and degrees of freedom,
    ``satterthwaite`` the model's standard errors with Satterthwaite's. ``effects`` (1 or 2 rows):
    covariance of the random effects, level first; ``residual``: variance within people; both in
    points². ``alike``: people differ no more in level than their own answers do, so that the variance
    between them is 0, the estimates are those of least squares and Satterthwaite's degrees of freedom
    are rows − coefficients. ``log_likelihood`` is the restricted maximum, ``log_likelihood_ml`` that of
    the full likelihood, for comparing models with different predictors.
    """

    people: int
    rows: int
    coefficients: tuple[Coefficient, ...]
    satterthwaite: tuple[Coefficient, ...]
    effects: tuple[tuple[float, ...], ...]
    residual: float
    alike: bool
    log_likelihood: float
    log_likelihood_ml: float


def mixed(
    y: ArrayLike,
    predictors: Mapping[str, ArrayLike],
    person: ArrayLike,
    *,
    slope: str | None = None,
    alpha: float = 0.05,
) -> Mixed:
    """Restricted maximum likelihood with a random level per person, and a random slope of predictor ``slope``.

    One value per row in ``y`` (points), each predictor and ``person`` (labels); a row with a NaN does
    not enter. The constant is added. Kenward and Roger (1997); Satterthwaite's degrees of freedom as
    in Fai and Cornelius (1996). Ours, because statsmodels' ``MixedLM`` has neither and its standard
    errors are .2 % off in the oracle's btheb. With a random level alone, the test of a change errs where scores of
    distant waves are less alike than those of close ones: prefer ``mmrm`` for waves. A random level
    alone may have variance 0 (see ``alike``). Raises NotEstimable for constant or redundant
    predictors, fewer people than coefficients + 2, nobody with two rows, and a random slope where
    people do not differ in level, in slope, or in anything but a mixture of the two.
    """
    if slope is not None and slope not in predictors:
        raise NotEstimable("measure.models.slope_not_among", name=slope)
    rows = complete_rows(y, predictors, person)
    together = blocks(rows)
    _refuse(together)
    effects = together.x[:, :, [0]] if slope is None else together.x[:, :, [0, rows.names.index(slope)]]
    basis = _basis(effects)
    start = _start(together, effects, len(basis))
    fit = _fit(together, basis, start)
    covariance, residual = _variances(fit, effects.shape[2])
    alike = slope is None and float(covariance[0, 0]) == 0
    adjusted, freedom = kenward_roger(fit)
    plain = np.sqrt(np.diag(fit.phi))
    plain_freedom = np.full(len(plain), together.rows - len(plain)) if alike else satterthwaite(fit)
    return Mixed(
        people=len(together.y),
        rows=together.rows,
        coefficients=coefficients(rows.names, fit.beta, se=adjusted, df=freedom, alpha=alpha),
        satterthwaite=coefficients(rows.names, fit.beta, se=plain, df=plain_freedom, alpha=alpha),
        effects=tuple(tuple(row) for row in covariance.tolist()),
        residual=residual,
        alike=alike,
        log_likelihood=fit.log_likelihood,
        log_likelihood_ml=_fit(together, basis, start if alike else fit.theta, restricted=False).log_likelihood,
    )


def _fit(together: Blocks, basis: Vector, start: Vector, *, restricted: bool = True) -> Fit:
    """The maximum; with a random level alone, the highest of those at which its variance is 0 or more."""
    if len(basis) > 2:
        return reml(together, basis, start, restricted=restricted)
    level = np.array([0.0, _scatter(together, restricted)])
    flat = reml(together, basis, level, restricted=restricted, held=True)
    falls = bool(flat.score[0] <= 0)  # from variance 0 on, where least squares have their maximum
    try:
        fit = reml(together, basis, start, restricted=restricted)
    except NotEstimable:
        if falls:
            return flat
        raise
    return flat if falls and (fit.theta[0] <= 0 or fit.log_likelihood < flat.log_likelihood) else fit


def _scatter(together: Blocks, restricted: bool) -> float:
    """The variance around the line of least squares, over rows − coefficients where ``restricted``."""
    x, y = together.x[together.seen], together.y[together.seen]
    left = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    return float(left @ left) / (len(y) - (x.shape[1] if restricted else 0))


def _refuse(together: Blocks) -> None:
    people, width = len(together.y), together.x.shape[2]
    if people < width + 2:
        raise NotEstimable("measure.models.few_people_mixed", people=people, width=width)
    if together.seen.shape[1] < 2:
        raise NotEstimable("measure.models.nobody_twice")
    x, y = together.x[together.seen], together.y[together.seen]
    left = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    if np.std(left) <= 1e-9 * np.abs(y).max() or np.ptp(np.round(y, SAME)) == 0:
        raise NotEstimable("measure.models.foretold")


def _basis(effects: Vector) -> Vector:
    """Variances of the effects, then their covariance, then the residual's variance: (K, n, T, T)."""
    count = effects.shape[2]
    parts = [effects[:, :, [place]] @ effects[:, :, [place]].swapaxes(1, 2) for place in range(count)]
    if count == 2:
        crossed = effects[:, :, [0]] @ effects[:, :, [1]].swapaxes(1, 2)
        parts.append(crossed + crossed.swapaxes(1, 2))
    unit = np.broadcast_to(np.eye(effects.shape[1]), parts[0].shape)
    return np.stack([*parts, unit])


def _start(together: Blocks, effects: Vector, size: int) -> Vector:
    variance = _scatter(together, restricted=False)
    start = np.zeros(size)
    for place in range(effects.shape[2]):
        start[place] = variance / 2 / float(np.mean(effects[together.seen][:, place] ** 2))
    start[-1] = variance / 2
    return start


def _variances(fit: Fit, count: int) -> tuple[Vector, float]:
    covariance = np.diag(fit.theta[:count])
    if count == 2:
        covariance[0, 1] = covariance[1, 0] = fit.theta[2]
    residual = float(fit.theta[-1])
    least = float(np.linalg.eigvalsh(covariance)[0])
    if residual <= 0 or least < 0 or (least == 0 and count == 2):
        raise NotEstimable("measure.models.people_alike")
    return covariance, residual
