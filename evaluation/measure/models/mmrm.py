"""All waves at once: the mean of each wave with an unstructured covariance of the waves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluation.errors import NotEstimable
from evaluation.measure.models.blocks import CONSTANT, Blocks, modelled
from evaluation.measure.models.coefficients import Coefficient, Vector, coefficients
from evaluation.measure.models.reml import Fit, reml
from evaluation.measure.models.sandwich import sandwich
from evaluation.measure.values import SAME
from evaluation.texts import Message


@dataclass(frozen=True, slots=True)
class Mmrm:
    """The first wave's mean, then each later wave's change from it, in points, from ``people`` with any score.

    ``coefficients`` rest on the CR2 sandwich with Satterthwaite's degrees of freedom; ``model_se`` on
    the covariance being right. ``covariance`` of the waves in points².
    """

    people: int
    scores: int
    coefficients: tuple[Coefficient, ...]
    model_se: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    log_likelihood: float


def mmrm(scores: ArrayLike, *, waves: Sequence[str] = (), alpha: float = 0.05) -> Mmrm:
    """The change of every wave from the first, using every score there is.

    ``scores`` (people, waves) in points, waves in order of time, NaN = missing; right if whether a
    score is missing depends only on the scores that are there. Restricted maximum likelihood with an
    unstructured covariance (Mallinckrodt et al. 2008); CR2 standard errors and Satterthwaite's degrees of
    freedom (Pustejovsky and Tipton 2018); statsmodels has no such model. ``waves`` names the columns.
    Raises NotEstimable for a score that is infinite or no number, where fewer people than waves + 1
    have scores at two waves, where the scores do not vary, or the waves' scores determine each other.
    """
    blocks = _blocks(scores, waves)
    count = blocks.seen.shape[1]
    basis = _basis(count)
    spread = _spread(blocks)
    fit = reml(blocks, basis, np.concatenate([spread, np.zeros(len(basis) - count)]))
    covariance = np.einsum("k,kij->ij", fit.theta, basis[:, 0])
    values = np.linalg.eigvalsh(covariance / np.sqrt(np.outer(spread, spread)))
    if values[0] < 1e-8:
        raise NotEstimable("measure.models.waves_redundant")
    return _result(blocks, fit, covariance, alpha)


def waves_with_enough(scores: ArrayLike) -> tuple[int, ...]:
    """Places of the waves that a model can hold: the first and, of the others, those with enough people in common.

    ``scores`` as for ``mmrm``. A wave that has not come yet, or that few answered, goes first, so that it takes the
    others nothing. At least the first is among them.
    """
    seen = ~np.isnan(modelled(scores, dimensions=2))
    kept = [*range(seen.shape[1])]
    while len(kept) > 1:
        there = seen[:, kept].astype(int)
        pairs = there.T @ there
        if pairs.min() > len(kept):
            break
        fewest = pairs.min(axis=0)[1:]
        least = [place for place, people in enumerate(fewest.tolist(), 1) if people == fewest.min()]
        del kept[min(least, key=lambda place: (int(pairs[place, place]), -place))]
    return tuple(kept)


def _result(blocks: Blocks, fit: Fit, covariance: Vector, alpha: float) -> Mmrm:
    both = blocks.seen[:, :, None] & blocks.seen[:, None, :]
    working = np.where(both, covariance, np.eye(len(covariance)) * np.diag(covariance).mean())
    robust = sandwich(blocks.x, fit.weight, fit.residual, covariance=working, correction="CR2")
    return Mmrm(
        people=len(blocks.y),
        scores=blocks.rows,
        coefficients=coefficients(blocks.names, fit.beta, se=robust.se, df=robust.df, alpha=alpha),
        model_se=tuple(np.sqrt(np.diag(fit.phi)).tolist()),
        covariance=tuple(tuple(row) for row in covariance.tolist()),
        log_likelihood=fit.log_likelihood,
    )


def _blocks(scores: ArrayLike, waves: Sequence[str]) -> Blocks:
    given = modelled(scores, dimensions=2)
    if given.shape[1] < 2:
        raise NotEstimable("measure.models.two_waves")
    given = given[~np.isnan(given).all(axis=1)]
    seen = ~np.isnan(given)
    count = given.shape[1]
    named = [str(name) for name in waves] or [f"wave {place + 1}" for place in range(count)]
    if len(named) != count:
        raise NotEstimable("measure.models.names_of_waves", columns=count, names=len(named))
    pairs = seen.T.astype(int) @ seen.astype(int)
    least = np.unravel_index(int(pairs.argmin()), pairs.shape)
    if pairs[least] <= count:
        one, other = named[least[0]], named[least[1]]
        both = Message("measure.models.scores_at_both", one=one, other=other)
        where = Message("measure.models.score_at", wave=one) if one == other else both
        raise NotEstimable(
            "measure.models.few_for_waves", where=where, people=int(pairs[least]), waves=count, least=count + 1
        )
    design = np.eye(count)
    design[:, 0] = 1
    x = np.where(seen[:, :, None], design, 0.0)
    return Blocks(np.where(seen, given, 0.0), x, seen, (CONSTANT, *named[1:]))


def _basis(count: int) -> Vector:
    """One symmetric matrix for each variance, then for each covariance: (K, 1, T, T)."""
    places = [(wave, wave) for wave in range(count)]
    places += [(first, second) for first in range(count) for second in range(first + 1, count)]
    basis = np.zeros((len(places), 1, count, count))
    for matrix, (first, second) in zip(basis[:, 0], places, strict=True):
        matrix[first, second] = matrix[second, first] = 1
    return basis


def _spread(blocks: Blocks) -> Vector:
    scores = np.where(blocks.seen, blocks.y, np.nan)
    spread: Vector = np.nanvar(scores, axis=0, ddof=1)
    alike = np.nanvar(np.round(scores, SAME), axis=0) == 0
    for name, constant in zip(blocks.names, alike.tolist(), strict=True):
        if constant:
            shown = Message("measure.models.first_wave") if name == CONSTANT else name
            raise NotEstimable("measure.models.same_score", wave=shown)
    return spread
