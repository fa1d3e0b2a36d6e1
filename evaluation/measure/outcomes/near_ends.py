"""How many scores lie at the ends of their scale, where they can hardly rise or fall any further."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.measure.values import SAME, numbers


@dataclass(frozen=True, slots=True)
class NearEnds:
    """Of ``first`` first and ``last`` last scores, how many lie at most ``step`` points from an end of the scale."""

    step: float
    first: int
    first_lowest: int
    first_highest: int
    last: int
    last_lowest: int
    last_highest: int


def near_ends(start: ArrayLike, end: ArrayLike, *, minimum: float, maximum: float, step: float) -> NearEnds:
    """One score per person in points, NaN = none; each wave counts by itself."""
    counts = [_within(numbers(scores), minimum, maximum, step) for scores in (start, end)]
    return NearEnds(step, *counts[0], *counts[1])


def _within(scores: NDArray[np.float64], low: float, high: float, step: float) -> tuple[int, int, int]:
    known = np.round(scores[~np.isnan(scores)], SAME)
    return known.size, int((known <= low + step).sum()), int((known >= high - step).sum())
