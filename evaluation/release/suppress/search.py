"""Protected patterns found quickly, and the integer points that prove that they are protected."""

from __future__ import annotations

from collections.abc import Iterable

import highspy
import numpy as np

from evaluation.release.suppress.attack import Intruder, Matrix, OutOfSteps, Steps, linear_program, quiet, run
from evaluation.release.suppress.problem import Problem
from evaluation.release.suppress.system import TOLERANCE, Bools, Floats


class Unprotectable(Exception):
    """Hiding everything that may be hidden does not meet the demand of this number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def mask(marked: Bools) -> int:
    """One bit per entry: sets as integers, which Python compares fastest."""
    return int.from_bytes(np.packbits(marked, bitorder="little").tobytes(), "little")


class Mover:
    """The cheapest movement away from the center that meets a demand, within a pattern.

    Columns: every unknown (movement up where it is choosable), then movement down of the choosable.
    """

    def __init__(self, problem: Problem, *, steps: Steps) -> None:
        self.p, self.steps = problem, steps
        p = problem
        n, extra = len(p.low), len(p.choice)
        entry = np.flatnonzero(~p.always[p.matrix.column])
        mirror = np.full(n, -1, dtype=np.int32)
        mirror[p.choice] = np.arange(n, n + extra, dtype=np.int32)
        self.origin = np.where(p.always, 0.0, p.center)
        shift = p.matrix.times(self.origin)
        matrix = Matrix(
            row=np.concatenate([p.matrix.row, p.matrix.row[entry]]),
            column=np.concatenate([p.matrix.column, mirror[p.matrix.column[entry]]]).astype(np.int32),
            value=np.concatenate([p.matrix.value, -p.matrix.value[entry]]),
            low=p.matrix.low - shift,
            high=p.matrix.high - shift,
            columns=n + extra,
        )
        self._all = np.arange(n + extra, dtype=np.int32)
        self.low = np.concatenate([np.where(p.always, p.low, 0.0), np.zeros(extra)])
        self.high = self._high(np.ones(n, dtype=np.bool_))
        self._solver = quiet(solver="simplex")
        self._solver.passModel(linear_program(matrix, np.zeros(n + extra), self.low, self.high))
        self.set_price(np.ones(n))

    def _high(self, pattern: Bools) -> Floats:
        p = self.p
        low, high = p.box(pattern)
        return np.concatenate([np.where(p.always, p.high, high - p.center), (p.center - low)[self.p.choice]])

    def set_pattern(self, pattern: Bools) -> None:
        """What may move."""
        self.high = self._high(pattern)
        self._solver.changeColsBounds(len(self._all), self._all, self.low, self.high)

    def set_one(self, quantity: int, pattern: Bools) -> None:
        """Whether one choosable unknown may move."""
        p = self.p
        low, high = (p.low, p.high) if pattern[quantity] else (p.shown_low, p.shown_high)
        ends = (high[quantity] - p.center[quantity], p.center[quantity] - low[quantity])
        for column, end in zip((quantity, self._mirror(quantity)), ends, strict=True):
            self.high[column] = end
            self._solver.changeColBounds(column, 0.0, float(end))

    def _mirror(self, quantity: int) -> int:
        return len(self.p.low) + int(np.searchsorted(self.p.choice, quantity))

    def set_price(self, price: Floats) -> None:
        """Cost of one unit of movement, one entry per unknown; what is always open moves for nothing."""
        price = np.where(self.p.always, 0.0, price)
        self._solver.changeColsCost(len(self._all), self._all, np.append(price, price[self.p.choice]))

    def point(self, number: int) -> Floats | None:
        """The unknowns after the cheapest movement that meets the demand; None if there is none."""
        demand, n = self.p.demands[number], len(self.p.low)
        q, up = demand.quantity, demand.side > 0
        aim = float(demand.side * demand.target - self.origin[q])
        column = q if self.p.always[q] or up else self._mirror(q)
        low, high = float(self.low[column]), float(self.high[column])
        least = max(aim if column == q else -aim, low)
        ends = (low, min(aim, high)) if column == q and not up else (least, high)
        if ends[0] > ends[1]:
            return None
        self._solver.changeColBounds(column, *ends)
        run(self._solver)
        self.steps.take(self._solver)
        point = None
        if self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            values = np.array(self._solver.getSolution().col_value)
            point = values[:n] + self.origin
            point[self.p.choice] -= values[n:]
        self._solver.changeColBounds(column, low, high)
        return point


class Checker:
    """Which demands a pattern meets; remembers integer points that prove it."""

    def __init__(self, problem: Problem, *, steps: Steps) -> None:
        self.p, self.steps = problem, steps
        self.mover = Mover(problem, steps=steps)
        self.intruder = Intruder(problem.matrix, problem.integer, problem.low, problem.high, steps=steps)
        self.witness: list[list[int]] = [[] for _ in problem.demands]

    def moved(self, point: Floats) -> Bools:
        """The unknowns that would have to be hidden for this point to be possible."""
        outside = (point < self.p.shown_low - TOLERANCE) | (point > self.p.shown_high + TOLERANCE)
        return outside & ~self.p.always

    def learn(self, number: int, point: Floats) -> int:
        """Remember that the demand, and each other that the point meets, is met where all that it moves is hidden."""
        needed = mask(self.moved(point))
        for other in {number, *np.flatnonzero(self.p.met(point[np.newaxis])).tolist()}:
            self.witness[other].append(needed)
        return needed

    def known(self, number: int, pattern: int) -> int | None:
        """What a remembered point of the demand moves, if all of it is in the pattern."""
        for needed in reversed(self.witness[number]):
            if not needed & ~pattern:
                return needed
        return None

    def meets(self, number: int, pattern: Bools) -> int | None:
        """What an integer point moves that meets the demand; None if there is none (or that stayed open).

        What the mover may move must be the pattern.
        """
        needed = self.known(number, mask(pattern))
        if needed is not None:
            return needed
        point = self.mover.point(number)
        if point is None:
            return None
        whole = self.intruder.whole(point)
        for kept in () if whole is not None else (~self.p.always, np.zeros_like(pattern)):
            # First with what must be hidden as it is in the point: the fewer move, the more patterns it serves.
            low, high = (np.where(kept, np.rint(point), end) for end in self.p.box(pattern))
            try:
                whole = self.intruder.integer_point(self.p.demands[number], low, high)
            except OutOfSteps:
                return None
            if whole is not None:
                break
        return None if whole is None else self.learn(number, whole)

    def failing(self, pattern: Bools) -> list[int]:
        """The demands that the pattern does not meet."""
        self.mover.set_pattern(pattern)
        return [n for n in range(len(self.p.demands)) if self.meets(n, pattern) is None]

    def force(self, number: int) -> Bools:
        """What to hide so that the demand is met, however much; raises Unprotectable."""
        demand = self.p.demands[number]
        point = self.intruder.integer_point(demand, self.p.low, self.p.high)
        if point is None:
            raise Unprotectable(number)
        self.learn(number, point)
        return self.moved(point)

    def repair(self, pattern: Bools, price: Floats) -> Bools:
        """The pattern with more hidden until every demand is met; raises Unprotectable.

        ``price``: what one unit of movement of a printed unknown costs.
        """
        pattern = pattern.copy()
        self.mover.set_pattern(np.ones_like(pattern))
        self.mover.set_price(np.where(pattern, 1e-3 * price, price))
        for number in np.argsort(-self.p.need, kind="stable").tolist():
            if self.known(number, mask(pattern)) is not None:
                continue
            point = self.mover.point(number)
            if point is None:
                continue
            more = self.moved(point) & ~pattern
            if more.any():
                pattern |= more
                self.mover.set_price(np.where(pattern, 1e-3 * price, price))
            near = self.intruder.whole(point)
            if near is not None:
                self.learn(number, near)
        self.mover.set_price(np.ones(len(pattern)))
        for number in self.failing(pattern):
            pattern |= self.force(number)
        return pattern

    def trim(self, pattern: Bools, order: Iterable[int]) -> Bools:
        """The pattern with quantities printed again, in this order, while every demand is still met."""
        pattern = pattern.copy()
        self.mover.set_pattern(pattern)
        all_of_it = mask(pattern)
        current = [self.known(n, all_of_it) or 0 for n in range(len(self.witness))]
        for q in order:
            if not pattern[q] or self.p.always[q]:
                continue
            if self.steps.over:
                break
            pattern[q] = False
            self.mover.set_one(q, pattern)
            moved: dict[int, int] = {}
            for number in [n for n, needed in enumerate(current) if needed >> q & 1]:
                other = self.meets(number, pattern)
                if other is None:
                    pattern[q] = True
                    self.mover.set_one(q, pattern)
                    break
                moved[number] = other
            else:
                for number, other in moved.items():
                    current[number] = other
        return pattern
