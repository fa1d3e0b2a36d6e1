"""Why no protection exists: the smallest set of published numbers that together narrow a sensitive one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from evaluation.errors import Infeasible
from evaluation.release.suppress.attack import Intruder, OutOfSteps, Steps
from evaluation.release.suppress.problem import rows_matrix
from evaluation.release.suppress.system import TOLERANCE, Bools, Demand, Row, System, some
from evaluation.texts import Message

_PATIENCE = 20_000  # steps for an explanation, beyond those for a protection


class Unprotected(Infeasible):
    """No protection of a sensitive quantity. What it collides with is found once somebody is told: trials are not."""

    def __init__(self, find: Callable[[], Message]) -> None:
        super().__init__("release.suppress.collision")
        del self.message
        self._find = find

    def __getattr__(self, name: str) -> Message:
        if name != "message":
            raise AttributeError(name)
        self.message = self._find()
        return self.message


def collision(system: System, demand: Demand) -> Message:
    """The sentence that names a sensitive quantity and what it collides with.

    ``demand`` is not met although everything that may be hidden is. Numbers that must be published,
    means and percentages are let go one after another while it still fails; those left collide.
    """
    steps = Steps(_PATIENCE)
    name = system.ids[demand.quantity]
    closed, rows = system.closed.copy(), system.rows
    if _fails(system, demand, np.zeros_like(closed), tuple(r for r in rows if not r.ratio), steps):
        return Message("release.suppress.collision_before", name=name)
    for q in np.flatnonzero(system.closed).tolist():
        closed[q] = False
        closed[q] = not _fails(system, demand, closed, rows, steps)
    for row in [r for r in rows if r.ratio]:
        fewer = tuple(r for r in rows if r is not row)
        rows = fewer if _fails(system, demand, closed, fewer, steps) else rows
    names: list[str | Message] = [system.ids[q] for q in np.flatnonzero(closed)]
    names += dict.fromkeys(row.name for row in rows if row.ratio)  # a ratio is two rows
    return Message("release.suppress.collision", name=name, names=some(names))


def _fails(system: System, demand: Demand, closed: Bools, rows: tuple[Row, ...], steps: Steps) -> bool:
    """Whether the demand fails when all but ``closed`` is hidden and only ``rows`` are known."""
    low = np.where(closed, system.shown_low, system.low)
    high = np.where(closed, system.shown_high, system.high)
    if steps.over:
        return False
    intruder = Intruder(rows_matrix(rows, len(low)), system.integer, low, high, steps=steps)
    reach = intruder.reach(demand)
    if reach is None or demand.side * reach[0][demand.quantity] < demand.target - TOLERANCE:
        return True
    if intruder.whole(reach[0]) is not None:
        return False
    try:
        return intruder.integer_point(demand, low, high) is None
    except OutOfSteps:
        return False
