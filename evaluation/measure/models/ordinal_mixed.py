"""A proportional-odds model of repeated ordered answers, with a random level per person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import exp, inf, log, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.errors import NotEstimable
from evaluation.measure.models.blocks import complete_rows
from evaluation.measure.models.coefficients import Coefficient, Vector, coefficients
from evaluation.measure.models.ordinal import Cut, cuts, log_chances, pulls, refuse_separated, standardised

NODES = 15
"""Points of the Gauss–Hermite rule, placed anew for each person."""
_POINTS, _WEIGHTS = np.polynomial.hermite.hermgauss(NODES)

_LEAST_SPREAD, _MOST_SPREAD = 1e-3, 30.0  # in logits; outside, a person's answers say nothing or everything
_STEPS = 30
_NEAR, _CLOSE = 1e-3, 1e-10  # of log-likelihood still to gain, by Newton's measure


@dataclass(frozen=True, slots=True)
class OrdinalMixed:
    """``thresholds`` then ``coefficients`` in log odds, for a person of average level; ``spread``: SD of the levels."""

    people: int
    rows: int
    levels: tuple[float, ...]
    thresholds: tuple[Coefficient, ...]
    coefficients: tuple[Coefficient, ...]
    spread: float
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class _Model:
    cut: Cut
    person: NDArray[np.intp]  # in ascending order
    first: NDArray[np.intp]  # each person's first row
    lines: int  # so many of the parameters are thresholds

    def rows(self, parameters: Vector, level: Vector) -> tuple[Vector, Vector, Vector]:
        """log chance and its derivatives by the two lines, each (N, nodes), at people's levels (n, nodes)."""
        above, below = (line[:, None] for line in self.cut.lines(parameters))
        shift = level[self.person]
        logs = log_chances(above - shift, below - shift)
        return logs, *pulls(above - shift, below - shift, logs)

    def by_person(self, values: Vector) -> Vector:
        return np.add.reduceat(values, self.first, axis=0)


def ordinal_mixed(
    y: ArrayLike, predictors: Mapping[str, ArrayLike], person: ArrayLike, *, alpha: float = 0.05
) -> OrdinalMixed:
    """Maximum likelihood with adaptive Gauss–Hermite quadrature; Tutz and Hennevogl (1996).

    One value per row in ``y`` (ordered numbers), each predictor and ``person`` (labels); a row with a
    NaN does not enter. Tests and intervals are Wald's, which few people make too sure: for
    description. Raises NotEstimable as ``ordinal`` does, where nobody has two rows, and where people
    do not differ in level.
    """
    rows = complete_rows(y, predictors, person, constant=False)
    levels, place = np.unique(rows.y, return_inverse=True)
    people = int(rows.person.max()) + 1
    if len(levels) < 2:
        raise NotEstimable("measure.models.same_answer")
    if people == len(place) or people < 3:
        raise NotEstimable("measure.models.few_for_levels")
    refuse_separated(place, rows.x)
    between = len(levels) - 1
    standard, back = standardised(rows.x, between)
    order = np.argsort(rows.person, kind="stable")
    person = rows.person[order]
    model = _Model(cuts(place[order], standard[order]), person, np.searchsorted(person, np.arange(people)), between)
    peak, information, mode = _peak(model, np.append(model.cut.start, 0.0))
    estimates = back @ peak[:-1]
    se = np.sqrt(np.diag(back @ np.linalg.inv(information)[:-1, :-1] @ back.T))
    names = [f"{low:g}|{high:g}" for low, high in pairwise(levels)]
    both = coefficients([*names, *rows.names], estimates, se=se, alpha=alpha)
    return OrdinalMixed(
        people=people,
        rows=len(place),
        levels=tuple(levels.tolist()),
        thresholds=both[:between],
        coefficients=both[between:],
        spread=exp(peak[-1]),
        log_likelihood=_likelihood(model, peak, mode)[0],
    )


def _peak(model: _Model, start: Vector) -> tuple[Vector, Vector, Vector]:
    """The parameters (the last is the log SD of the levels) at the maximum, their information and the modes."""
    at, mode = start, np.zeros((len(model.first), 1))
    for _ in range(_STEPS):
        value, _, mode = _likelihood(model, at, mode)
        slope, bent = _surface(model, at, mode)
        step = _uphill(slope, bent)
        if slope @ step < _NEAR:
            bent = _information(model, at, mode)
            step = _uphill(slope, bent)
        if exp(at[-1]) < _LEAST_SPREAD:
            raise NotEstimable("measure.models.levels_alike")
        if slope @ step < _CLOSE and np.linalg.eigvalsh(bent)[0] > 0:
            return at, bent, mode
        if exp(at[-1]) > _MOST_SPREAD:
            break
        tried = (at + step / 2**halved for halved in range(12))
        better = next((one for one in tried if _likelihood(model, one, mode)[0] >= value - 1e-12 * abs(value)), None)
        if better is None:
            break
        at = better
    raise NotEstimable("measure.models.no_maximum")


def _uphill(slope: Vector, bent: Vector) -> Vector:
    """Newton's step, of 1 at most; where the surface bends upwards, its mirror image still leads uphill."""
    values, vectors = np.linalg.eigh(bent)
    step: Vector = vectors @ (vectors.T @ slope / np.maximum(np.abs(values), 1e-6))
    return step / max(1.0, float(np.abs(step).max()))


def _surface(model: _Model, at: Vector, mode: Vector) -> tuple[Vector, Vector]:
    """The slope of the value itself, by differences, and nearly its information.

    The mean slope over likely levels is that of the exact integral, whose top is not the quadrature's,
    so that it may not say where the top is; how it changes is good enough for the way there.
    """
    sides = [[_likelihood(model, at + h, mode)[:2] for h in (one, -one)] for one in 1e-5 * np.eye(len(at))]
    slope = np.array([up[0] - down[0] for up, down in sides]) / 2e-5
    bent = np.array([down[1] - up[1] for up, down in sides]) / 2e-5
    return slope, (bent + bent.T) / 2


def _information(model: _Model, at: Vector, mode: Vector) -> Vector:
    """The value's second differences at the top.

    Lines that lie close together bend it sharply, the logarithm of their distance does not: the moves
    are the first line, those logarithms and the other parameters, which ``turn`` into parameters.
    """
    turn = np.eye(len(at))
    turn[: model.lines, : model.lines] = np.tril(np.append(1.0, np.diff(at[: model.lines])))
    small = 1e-3 * np.eye(len(at))

    def value(move: Vector) -> float:
        wider = np.append(move[0], np.expm1(move[1 : model.lines]))
        return _likelihood(model, at + turn @ np.append(wider, move[model.lines :]), mode)[0]

    middle = value(np.zeros_like(at))
    bent = np.zeros((len(at), len(at)))
    for i, one in enumerate(small):
        bent[i, i] = 2 * middle - value(one) - value(-one)
        for j, other in enumerate(small[:i]):
            apart = value(one - other) + value(other - one)
            bent[i, j] = bent[j, i] = (apart - value(one + other) - value(-one - other)) / 4
    back = np.linalg.inv(turn)
    information: Vector = back.T @ bent @ back / 1e-6
    return information


def _likelihood(model: _Model, parameters: Vector, near: Vector) -> tuple[float, Vector, Vector]:
    """The log-likelihood, its slope, which is the mean slope over each person's likely levels, and their modes.

    ``near`` (n, 1): where to begin to look for the modes.
    """
    fixed, spread = parameters[:-1], exp(parameters[-1])
    above, below = model.cut.lines(fixed)
    if (above <= below).any():
        return -inf, np.zeros_like(parameters), near
    mode, width = _modes(model, fixed, spread, near)
    place = mode + sqrt(2) * width * _POINTS  # in SDs of the levels, (n, nodes)
    logs, up, down = model.rows(fixed, spread * place)
    joint = model.by_person(logs) - place**2 / 2 + _POINTS**2 + np.log(_WEIGHTS)
    top = joint.max(axis=1, keepdims=True)
    chance = np.exp(joint - top)
    whole = chance.sum(axis=1, keepdims=True)
    value = float((top + np.log(whole) + np.log(width)).sum()) - 0.5 * len(model.first) * log(pi)
    likely = chance / whole
    share = likely[model.person]
    slope = (up * share).sum(axis=1) @ model.cut.upper + (down * share).sum(axis=1) @ model.cut.lower
    by_level = -spread * float((likely * place * model.by_person(up + down)).sum())
    return value, np.append(slope, by_level), mode


def _modes(model: _Model, fixed: Vector, spread: float, near: Vector) -> tuple[Vector, Vector]:
    """Each person's likeliest level and the width of the hill there, in SDs of the levels, (n, 1) each."""
    above, below = (line[:, None] for line in model.cut.lines(fixed))
    # A row pulls by one logit at most, which bounds the mode; Newton's step must stay between the bounds.
    high = spread * model.by_person(np.ones((len(model.person), 1))) + 1
    low, mode = -high, np.clip(near, -high, high)
    for _ in range(100):
        shift = spread * mode[model.person]
        _, up, down = model.rows(fixed, spread * mode)
        slope = -spread * model.by_person(up + down) - mode
        bend = up * np.tanh((shift - above) / 2) + down * np.tanh((shift - below) / 2) - (up + down) ** 2
        curve = 1 - spread**2 * model.by_person(bend)
        if np.abs(slope / curve).max() < 1e-12:
            break
        low, high = np.where(slope > 0, mode, low), np.where(slope < 0, mode, high)
        mode = mode + slope / curve
        mode = np.where((mode >= low) & (mode <= high), mode, (low + high) / 2)
    return mode, 1 / np.sqrt(curve)
