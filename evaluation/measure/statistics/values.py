"""What may enter a statistic: finite numbers, one per person."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evaluation.errors import Contradiction

SAME = 9
"""Decimals to which two scores are the same: what prorating leaves in the sixteenth digit is no change."""

LARGEST = 1e12
"""No score is further from 0: beyond, a float no longer tells thousandths of a point apart."""


def numbers(values: ArrayLike, *, dimensions: int = 1, largest: float = LARGEST) -> NDArray[np.float64]:
    """``values`` as floats: one per person (or people × columns: 2 ``dimensions``), NaN, None or NA = missing.

    The door of this room. Raises Contradiction for what is no number, is infinite or further from 0
    than ``largest``, and for another number of dimensions.
    """
    if (whole := _whole(values, dimensions, largest)) is not None:
        return whole
    try:
        given = np.asarray(values)
        if given.dtype == object:
            given = np.where(pd.isna(given), np.nan, given)
        points = None if given.dtype.kind in "cmM" else given.astype(np.float64)
    except (TypeError, ValueError, OverflowError):  # words, or rows of different lengths
        points = None
    if points is None or np.isinf(points).any():
        raise Contradiction(
            "A score, or a difference of two, is no finite number but infinite or words; correct it or leave it empty."
        )
    if points.ndim != dimensions:
        wanted = "one number per person" if dimensions == 1 else "one row per person, one column per answer"
        raise Contradiction(f"Scores must come as {wanted}; pass them in that form.")
    if np.abs(points).max(initial=0, where=~np.isnan(points)) > largest:
        raise Contradiction(f"A score, or a difference of two, is further from 0 than {largest:g}; correct it.")
    return points


def _whole(values: ArrayLike, dimensions: int, largest: float) -> NDArray[np.float64] | None:
    """A copy of ``values`` where one look tells that they are floats in order; None where they need a closer one."""
    if not isinstance(values, np.ndarray) or values.dtype != np.float64 or values.ndim != dimensions:
        return None
    # Of NaN and of infinity the comparison is not true.
    return values.copy() if np.abs(values).max(initial=0) <= largest else None


def finite(values: ArrayLike, *, dimensions: int = 1, largest: float = LARGEST) -> NDArray[np.float64]:
    """``numbers`` of which none may be missing; Contradiction where one is."""
    if (whole := _whole(values, dimensions, largest)) is not None:
        return whole
    points = numbers(values, dimensions=dimensions, largest=largest)
    if np.isnan(points).any():
        raise Contradiction("A score, or a difference of two, is missing and no finite number; leave the person out.")
    return points


def same_people(one: NDArray[np.generic], other: NDArray[np.generic]) -> None:
    """Raise Contradiction unless both have one entry per person."""
    if len(one) != len(other):
        raise Contradiction(
            f"There are {len(one)} entries in one column and {len(other)} in another; give each person one in both."
        )
