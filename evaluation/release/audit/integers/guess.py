"""HiGHS in floating point guesses a solution that the exact search then has to confirm."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence

import numpy as np

from evaluation.release.audit.integers.part import Part, matrix

_NODES = 20_000


def guess(part: Part, unknown: int = 0, sense: int = 0, *, fixed: int | None = None) -> list[float] | None:
    """A point of ``part``, one number an unknown; None where HiGHS finds none.

    ``sense`` 1 asks for the largest value of ``unknown``, -1 for the smallest, 0 for any point;
    ``fixed`` for any point at which ``unknown`` has this value.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # hardly ever needed, slow to import
    from scipy.sparse import csr_array

    cost = np.zeros(len(part.ends))
    ends = list(part.ends)
    if fixed is None:
        cost[unknown] = -sense
    else:
        ends[unknown] = (fixed, fixed)
    low, high = _floats(ends)
    row_low, row_high = _floats(part.row_ends)
    with _quiet():
        answer = milp(
            cost,
            integrality=np.array([0 if free else 1 for free in part.continuous]),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(csr_array(np.array(matrix(part), dtype=float)), row_low, row_high),
            options={"node_limit": _NODES, "presolve": False},  # with presolve HiGHS was seen to answer wrongly
        )
    return None if answer.x is None else [float(value) for value in answer.x]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """HiGHS now and then writes a line past Python to standard output, into the JSON of a command."""
    try:
        kept = os.dup(1)
    except OSError:  # no standard output, nothing to spoil
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        sys.stdout.flush()
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _floats(
    ends: Sequence[tuple[int | None, int | None]],
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    low = [-np.inf if end is None else float(end) for end, _ in ends]
    high = [np.inf if end is None else float(end) for _, end in ends]
    return np.array(low), np.array(high)
