"""Several outcomes of the same people, tested together by flipping the signs of whole people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluation.errors import NotEstimable
from evaluation.measure.models.blocks import modelled
from evaluation.measure.models.coefficients import Vector

MOST = 20
"""Most people whose flips, 2ⁿ, are all gone through; beyond, Holm's adjustment serves."""

_CHUNK = 1 << 14
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class JointFlips:
    """Per outcome: absolute ``t`` of the mean change, ``p`` by itself, ``adjusted`` for all outcomes together.

    ``t`` is infinite where everyone changed by the same amount; both p hold there too.
    """

    t: tuple[float, ...]
    p: tuple[float, ...]
    adjusted: tuple[float, ...]


def joint_flips(differences: ArrayLike) -> JointFlips:
    """Westfall and Young's (1993) step-down adjustment by the largest t, exact over all 2ⁿ sign-flips.

    ``differences`` (people, outcomes) in points, no NaN: a person's outcomes flip together, which
    keeps their dependence. Two-sided. Raises NotEstimable where a difference is missing or no finite
    number, for more than ``MOST`` people or fewer than two, and where nobody changed in an outcome.
    """
    given = modelled(differences, dimensions=2)
    if np.isnan(given).any():
        raise NotEstimable("measure.statistics.outcomes_together")
    if not 2 <= len(given) <= MOST:
        raise NotEstimable("measure.statistics.flips", most=MOST, people=len(given))
    squares = (given**2).sum(axis=0)
    if (squares == 0).any():
        raise NotEstimable("measure.statistics.nobody_changed")
    # sum²/(n·squares) grows with |t| and is finite even where every flipped difference is alike.
    size = len(given) * squares
    shown = given.sum(axis=0) ** 2 / size
    order = np.argsort(-shown, kind="stable")
    alone, together = np.zeros(given.shape[1]), np.zeros(given.shape[1])
    for flipped in _flips(given):
        against = flipped**2 / size
        alone += (against >= shown - _SAME).sum(axis=0)
        largest = np.maximum.accumulate(against[:, order[::-1]], axis=1)[:, ::-1]
        together += (largest >= shown[order] - _SAME).sum(axis=0)
    flips = 2 ** (len(given) - 1)
    adjusted = np.empty(given.shape[1])
    adjusted[order] = np.maximum.accumulate(together / flips)
    with np.errstate(divide="ignore"):
        t = np.sqrt((len(given) - 1) * shown / np.maximum(1 - shown, 0))
    return JointFlips(tuple(t.tolist()), tuple((alone / flips).tolist()), tuple(adjusted.tolist()))


def _flips(given: Vector) -> Iterator[Vector]:
    """Sums under the flips that leave the first person as she is: the others mirror them."""
    people = len(given) - 1
    for begin in range(0, 2**people, _CHUNK):
        numbers = np.arange(begin, min(begin + _CHUNK, 2**people))
        signs = 1.0 - 2 * (numbers[:, None] >> np.arange(people) & 1)
        yield given[0] + signs @ given[1:]
