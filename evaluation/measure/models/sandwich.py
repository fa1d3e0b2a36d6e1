"""Standard errors that allow any dependence within a person, corrected for few people."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np

from evaluation.errors import NotEstimable
from evaluation.measure.models.coefficients import Vector

Correction = Literal["CR0", "CR1", "CR2", "CR3"]


@dataclass(frozen=True, slots=True)
class Sandwich:
    """Standard error and Satterthwaite's degrees of freedom of each coefficient, (p,) each."""

    se: Vector
    df: Vector


def sandwich(x: Vector, weight: Vector, residual: Vector, *, covariance: Vector, correction: Correction) -> Sandwich:
    """The cluster-robust standard errors of a weighted least-squares fit.

    One block per person: ``x`` (n, T, p) and ``residual`` (n, T) are 0, ``weight`` (n, T, T) is 0 and
    ``covariance`` (n, T, T), the working covariance up to a factor, is a multiple of the unit matrix
    where nothing was seen; elsewhere ``weight`` is the inverse of ``covariance``. CR0 is Liang and Zeger's (1986),
    CR1 multiplies it by n/(n − 1), CR2 is Bell and McCaffrey's (2002), unbiased if the working
    covariance is right, CR3 is Mancl and DeRouen's (2001). Degrees of freedom as in Pustejovsky and
    Tipton (2018). Raises NotEstimable where one person alone determines a coefficient, and
    where everyone agrees on one exactly.
    """
    people = len(x)
    if people < 2:
        raise NotEstimable("measure.models.one_person")
    bread = np.linalg.inv(np.einsum("ntp,ntu,nuq->pq", x, weight, x, optimize=True))
    adjusted = _adjustment(x, weight, covariance, bread, correction)
    pull = np.swapaxes(adjusted, 1, 2) @ weight @ x @ bread  # (n, T, p): what a residual adds to a coefficient
    factor = sqrt(people / (people - 1)) if correction == "CR1" else 1.0
    added = pull * residual[:, :, None]
    se = factor * np.sqrt((added.sum(axis=1) ** 2).sum(axis=0))
    if (se <= 1e-10 * np.sqrt((added**2).sum(axis=(0, 1)))).any():
        raise NotEstimable("measure.models.agree_exactly")
    # Each squared sum is a quadratic form; its matrix has diagonal `own` less the crossed products.
    own = np.einsum("ntp,ntu,nup->np", pull, covariance, pull, optimize=True)
    crossed = np.einsum("ntp,ntq->npq", pull, x) @ np.linalg.cholesky(bread)
    inner = np.einsum("npq,npr->pqr", crossed, crossed)
    lengths = (crossed**2).sum(axis=2)
    trace = (own - lengths).sum(axis=0)
    if (trace <= 1e-9 * own.sum(axis=0)).any():
        raise NotEstimable("measure.models.few_vary")
    squares = (own**2 - 2 * own * lengths).sum(axis=0) + (inner**2).sum(axis=(1, 2))
    return Sandwich(se, trace**2 / squares)


def _adjustment(x: Vector, weight: Vector, covariance: Vector, bread: Vector, correction: Correction) -> Vector:
    unit = np.eye(x.shape[1])
    if correction in ("CR0", "CR1"):
        return np.broadcast_to(unit, covariance.shape)
    projected = x @ bread @ np.swapaxes(x, 1, 2)
    if correction == "CR3":
        left = unit - projected @ weight
        if (np.linalg.svd(left, compute_uv=False)[:, -1] < 1e-10).any():
            raise NotEstimable("measure.models.one_person_decides")
        return np.asarray(np.linalg.inv(left), dtype=np.float64)
    root = np.linalg.cholesky(covariance)
    values, vectors = np.linalg.eigh(np.swapaxes(root, 1, 2) @ (covariance - projected) @ root)
    there = values > 1e-12 * values.max()
    inverse_root = np.where(there, 1 / np.sqrt(np.where(there, values, 1.0)), 0.0)
    middle = (vectors * inverse_root[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    adjusted: Vector = root @ middle @ np.swapaxes(root, 1, 2)
    return adjusted
