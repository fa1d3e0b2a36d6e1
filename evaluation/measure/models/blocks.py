"""Rows of an outcome and its predictors become one block per person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from evaluation.errors import Contradiction, NotEstimable
from evaluation.measure.models.coefficients import Vector
from evaluation.measure.values import SAME, numbers
from evaluation.texts import quoted

CONSTANT = "(constant)"

_LARGEST_OFFSET = 1e4  # standard deviations from 0; beyond, floating point blurs the constant


@dataclass(frozen=True, slots=True)
class Rows:
    """Complete rows: ``y`` (N,), ``x`` (N, p) with the columns ``names``, ``person`` (N,) counted from 0."""

    y: Vector
    x: Vector
    names: tuple[str, ...]
    person: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Blocks:
    """One block per person, filled up to the longest: ``y`` (n, T), ``x`` (n, T, p), ``seen`` (n, T).

    Places that were not seen hold 0 in ``y`` and ``x``.
    """

    y: Vector
    x: Vector
    seen: NDArray[np.bool_]
    names: tuple[str, ...]

    @property
    def rows(self) -> int:
        return int(self.seen.sum())


def by_value(values: ArrayLike, name: str = "wave") -> dict[str, Vector]:
    """A 0/1 predictor for each value after the smallest, such as each wave after the first.

    ``values`` (N,), NaN = missing (stays NaN in every predictor). The coefficients are differences
    from the smallest value. Raises NotEstimable for a value that is infinite or no number.
    """
    given = modelled(values)
    distinct = np.unique(given[~np.isnan(given)])
    return {f"{name} {value:g}": np.where(np.isnan(given), np.nan, given == value) for value in distinct[1:]}


def modelled(values: ArrayLike, *, dimensions: int = 1) -> Vector:
    """``values`` of an outcome or predictor as floats, NaN = missing; NotEstimable where ``numbers`` refuses them."""
    try:
        return numbers(values, dimensions=dimensions)
    except Contradiction as fault:
        raise NotEstimable("measure.models.cannot_enter", fault=fault.message) from None


def complete_rows(
    y: ArrayLike, predictors: Mapping[str, ArrayLike], person: ArrayLike | None = None, *, constant: bool = True
) -> Rows:
    """The rows in which neither the outcome nor a predictor is missing (NaN).

    ``y``, each predictor and ``person`` (any labels) have one value per row. Raises NotEstimable for
    a value that is infinite or no number, a row without a person, columns of different length, a
    predictor that is constant, and predictors that determine each other.
    """
    names = tuple(predictors)
    if person is not None and pd.isna(np.asarray(person, dtype=object)).any():
        raise NotEstimable("measure.models.row_of_nobody")
    columns = [modelled(predictors[name]) for name in names]
    outcome = modelled(y)
    who = np.arange(outcome.size) if person is None else np.asarray(person)
    if any(column.shape != outcome.shape for column in [*columns, who]):
        raise NotEstimable("measure.models.columns_differ")
    table = np.column_stack([outcome, *columns]) if columns else outcome[:, None]
    kept = ~np.isnan(table).any(axis=1)
    table = table[kept]
    if not len(table):
        raise NotEstimable("measure.models.no_complete_row")
    _refuse_constants(names, table[:, 1:])
    x = np.column_stack([np.ones(len(table)), table[:, 1:]]) if constant else table[:, 1:]
    people = pd.factorize(who[kept], sort=True)[0]
    return Rows(table[:, 0], x, (CONSTANT, *names) if constant else names, people)


def blocks(rows: Rows) -> Blocks:
    """The rows put together by person, in the order in which they came."""
    order = np.argsort(rows.person, kind="stable")
    person = rows.person[order]
    sizes = np.bincount(person)
    place = np.arange(person.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    seen = np.arange(sizes.max()) < sizes[:, None]
    y, x = np.zeros(seen.shape), np.zeros((*seen.shape, rows.x.shape[1]))
    y[person, place], x[person, place] = rows.y[order], rows.x[order]
    return Blocks(y, x, seen, rows.names)


def seen_inverse(matrices: Vector, seen: NDArray[np.bool_]) -> tuple[Vector, Vector]:
    """Of each person's symmetric matrix (n, T, T), the inverse of its seen part, 0 elsewhere, and the log determinant.

    Raises numpy's LinAlgError where a seen part is not positive definite.
    """
    both = seen[:, :, None] & seen[:, None, :]
    filled = np.where(both, matrices, np.eye(seen.shape[1]))
    root = np.linalg.cholesky(filled)
    log_determinant = 2 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    return np.where(both, np.linalg.inv(filled), 0.0), log_determinant


def _refuse_constants(names: tuple[str, ...], columns: Vector) -> None:
    for name, column in zip(names, columns.T, strict=True):
        if np.ptp(np.round(column, SAME)) == 0:
            raise NotEstimable("measure.models.constant", name=name)
        if abs(column.mean()) > _LARGEST_OFFSET * column.std():
            raise NotEstimable("measure.models.far_from_zero", name=name)
    spread = columns - columns.mean(axis=0)
    scaled = spread / np.sqrt((spread**2).sum(axis=0)) if names else spread
    # The tolerance leaves the inverse of X'X some digits: what agrees to six adds nothing but noise.
    if np.linalg.matrix_rank(scaled, rtol=1e-6) < len(names) or len(columns) <= len(names):
        raise NotEstimable("measure.models.redundant", names=[quoted(name) for name in names])
