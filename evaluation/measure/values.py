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
        raise Contradiction("measure.statistics.no_number")
    if points.ndim != dimensions:
        wanted = "one_number" if dimensions == 1 else "one_row"
        raise Contradiction(f"measure.statistics.{wanted}")
    if np.abs(points).max(initial=0, where=~np.isnan(points)) > largest:
        raise Contradiction("measure.statistics.too_large", largest=largest)
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
        raise Contradiction("measure.statistics.missing")
    return points


def same_people(one: NDArray[np.generic], other: NDArray[np.generic]) -> None:
    """Raise Contradiction unless both have one entry per person."""
    if len(one) != len(other):
        raise Contradiction("measure.statistics.different_people", one=len(one), other=len(other))
