"""Restricted maximum likelihood for people whose covariance is a sum of known matrices times unknown numbers."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi

import numpy as np

from evaluation.errors import NotEstimable
from evaluation.measure.models.blocks import Blocks, seen_inverse
from evaluation.measure.models.coefficients import Vector

_STEPS = 100
_CLOSE = 1e-13  # of log-likelihood still to gain, by Newton's measure
_NOISE = 1e-13  # relative rounding error of a log-likelihood


@dataclass(frozen=True, slots=True)
class Fit:
    """Covariance Σ ``theta[k]``·basis[k] at its maximum, and the coefficients that follow from it.

    ``weight`` (n, T, T): each person's inverse covariance, 0 where nothing was seen. ``phi`` (p, p):
    model covariance of ``beta``; ``slopes`` (K, p, p): its derivatives by theta. ``observed`` and
    ``expected`` (K, K): information about theta. ``curvature`` (K, K, p, p): Kenward and Roger's Q.
    """

    theta: Vector
    beta: Vector
    phi: Vector
    residual: Vector
    weight: Vector
    log_likelihood: float
    score: Vector
    observed: Vector
    expected: Vector
    slopes: Vector
    curvature: Vector
    restricted: bool


def reml(blocks: Blocks, basis: Vector, start: Vector, *, restricted: bool = True, held: bool = False) -> Fit:
    """The maximum of the restricted (or the full) likelihood from ``start`` (K,), by Newton's method.

    ``basis`` (K, n or 1, T, T): symmetric matrices of which each person's covariance is the sum with
    weights theta, which may be negative as long as the sum is positive definite. Where theta is
    ``held``, the fit is that at ``start``, which need not be a maximum. Patterson and
    Thompson (1971); information as in Gilmour, Thompson and Cullis (1995). Raises NotEstimable where
    the maximum does not exist or is not reached.
    """
    fit = _try(blocks, basis, start, restricted)
    if held and fit is not None:
        return fit
    for _ in range(_STEPS):
        step = None if fit is None else _step(fit)
        if fit is None or step is None:
            break
        gain, fit = float(step @ fit.score), _climb(blocks, basis, fit, step)
        if fit is not None and gain < _CLOSE:
            if _falls_everywhere(fit):
                return fit
            break
    raise NotEstimable("measure.models.undecided")


def satterthwaite(fit: Fit) -> Vector:
    """Degrees of freedom of each coefficient (p,) by Satterthwaite (1946), as Fai and Cornelius (1996) apply it.

    The variance of theta is the inverse of the observed information.
    """
    return _freedom(fit, fit.observed)


def kenward_roger(fit: Fit) -> tuple[Vector, Vector]:
    """Adjusted standard errors and degrees of freedom of each coefficient, (p,) each; Kenward and Roger (1997).

    For one coefficient their degrees of freedom are Satterthwaite's with the expected information.
    """
    spread = np.linalg.inv(fit.expected)
    inner = -fit.slopes  # phi·P·phi, with P = -X'V⁻¹BV⁻¹X in their notation but for the sign, which cancels
    twice = fit.phi @ fit.curvature @ fit.phi - inner[:, None] @ np.linalg.inv(fit.phi) @ inner[None, :]
    adjusted = fit.phi + 2 * np.einsum("kl,klpq->pq", spread, twice)
    if (np.diag(adjusted) <= 0).any():
        raise NotEstimable("measure.models.undecided")
    return np.sqrt(np.diag(adjusted)), _freedom(fit, fit.expected)


def _freedom(fit: Fit, information: Vector) -> Vector:
    slopes = np.diagonal(fit.slopes, axis1=1, axis2=2)
    variance = np.einsum("kp,kl,lp->p", slopes, np.linalg.inv(information), slopes)
    freedom: Vector = 2 * np.diag(fit.phi) ** 2 / variance
    return freedom


def _falls_everywhere(fit: Fit) -> bool:
    """Whether the surface falls on every side of ``fit``: else some variances can be exchanged for others."""
    falls = np.diag(fit.observed)
    if (falls <= 0).any():
        return False
    return bool(np.linalg.eigvalsh(fit.observed / np.sqrt(np.outer(falls, falls)))[0] > 1e-9)


def _step(fit: Fit) -> Vector | None:
    # Newton's own step climbs only where the surface is already curved like a hill.
    for information in (fit.observed, fit.expected):
        try:
            np.linalg.cholesky(information)
            step: Vector = np.linalg.solve(information, fit.score).astype(np.float64)
        except np.linalg.LinAlgError:
            continue
        return step
    return None


def _climb(blocks: Blocks, basis: Vector, fit: Fit, step: Vector) -> Fit | None:
    floor = fit.log_likelihood - _NOISE * (1 + abs(fit.log_likelihood))
    for halved in range(40):
        stepped = _try(blocks, basis, fit.theta + step / 2**halved, fit.restricted)
        if stepped is not None and stepped.log_likelihood >= floor:
            return stepped
    return None


def _try(blocks: Blocks, basis: Vector, theta: Vector, restricted: bool) -> Fit | None:
    try:
        return _evaluate(blocks, basis, theta, restricted)
    except np.linalg.LinAlgError:
        return None


def _evaluate(blocks: Blocks, basis: Vector, theta: Vector, restricted: bool) -> Fit:
    x = blocks.x
    whole = np.einsum("k,knij->nij", theta, basis)
    weight, log_determinant = seen_inverse(np.broadcast_to(whole, (len(x), *whole.shape[1:])), blocks.seen)
    weighted = weight @ x
    bread = np.einsum("ntp,ntq->pq", x, weighted)
    phi = np.linalg.inv(bread)
    beta = phi @ np.einsum("ntp,nt->p", weighted, blocks.y)
    residual = np.where(blocks.seen, blocks.y - x @ beta, 0.0)
    turned = np.einsum("nij,nj->ni", weight, residual)
    deviance = float(log_determinant.sum() + (residual * turned).sum()) + blocks.rows * log(2 * pi)

    product = weight @ basis  # (K, n, T, T)
    moved = basis @ weighted  # (K, n, T, p)
    pulled = (basis @ turned[..., None])[..., 0]  # (K, n, T)
    first = np.einsum("ntp,kntq->kpq", weighted, moved)
    second = np.einsum("kntp,lntq->klpq", moved, weight @ moved, optimize=True)
    slopes = phi @ first @ phi
    trace = np.einsum("knii->k", product)
    flat = (len(basis), -1)
    twice = product.reshape(flat) @ np.swapaxes(product, 2, 3).reshape(flat).T  # of the information
    if restricted:
        deviance += 2 * float(np.log(np.diag(np.linalg.cholesky(bread))).sum()) - len(beta) * log(2 * pi)
        trace = trace - np.einsum("pq,kqp->k", phi, first)
        twice = twice - 2 * np.einsum("pq,klqp->kl", phi, second) + np.einsum("kpq,lqp->kl", slopes, first)
    through = np.einsum("knt,ntp->kp", pulled, weighted)
    squares = np.einsum("knt,lnt->kl", pulled, np.einsum("nij,lnj->lni", weight, pulled)) - through @ phi @ through.T
    return Fit(
        theta=theta,
        beta=beta,
        phi=phi,
        residual=residual,
        weight=weight,
        log_likelihood=-0.5 * deviance,
        score=-0.5 * (trace - np.einsum("nt,knt->k", turned, pulled)),
        observed=squares - 0.5 * twice,
        expected=0.5 * twice,
        slopes=slopes,
        curvature=second,
        restricted=restricted,
    )
