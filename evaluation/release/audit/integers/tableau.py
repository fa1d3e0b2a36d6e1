"""A simplex tableau in whole numbers: each answer is exact, nothing is rounded and nothing is tolerated."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

_ROOM = 2**61  # sums of two products must stay below 2**63

Ends = tuple[int | None, int | None]


class TooLarge(Exception):
    """The numbers no longer fit 64 bits; the same tableau of Python integers has no such limit."""


class Tableau:
    """``low <= x <= high`` and ``low <= A x <= high`` in whole numbers, with a basis that moves.

    Basic variable i is ``sum_j table[i, j] / scale * x_j`` over the nonbasic ones (integer-preserving
    pivots: Edmonds 1967; the pivot history divides out exactly). Variables 0..n-1 are the unknowns,
    n.. the rows. ``basic_value[i] / scale`` is the value of basic variable i.
    """

    def __init__(
        self, matrix: Sequence[Sequence[int]], ends: Sequence[Ends], row_ends: Sequence[Ends], *, wide: bool
    ) -> None:
        """``matrix``: one list of coefficients a row; ``wide``: Python integers instead of 64 bits."""
        self.kind: Any = object if wide else np.int64
        self.size = len(ends)
        every = [*ends, *row_ends]
        if not wide and any(abs(end) >= 2**40 for pair in every for end in pair if end is not None):
            raise TooLarge
        if not wide and any(abs(value) >= 2**31 for line in matrix for value in line):
            raise TooLarge
        self.low = np.array([low or 0 for low, _ in every], dtype=self.kind)
        self.high = np.array([high or 0 for _, high in every], dtype=self.kind)
        self.has_low = np.array([low is not None for low, _ in every], dtype=bool)
        self.has_high = np.array([high is not None for _, high in every], dtype=bool)
        self.table = np.array(matrix, dtype=self.kind).reshape(len(row_ends), self.size)
        self.basic = np.arange(self.size, len(every))
        self.free = np.arange(self.size)
        self.scale = 1
        self.free_value = np.where(self.has_low, self.low, np.where(self.has_high, self.high, 0))[: self.size]
        self.free_value = self.free_value.astype(self.kind)
        self.largest = max(1, self._size(self.table))  # of all entries and the scale, perhaps more
        self.reach = max([len(every), *(abs(end) for pair in every for end in pair if end is not None)])
        self._guard(self.largest * self.reach * len(every))
        self.basic_value = (self.table @ self.free_value).astype(self.kind)
        self.sleepy = 0  # pivots in a row that moved nothing

    def feasible(self) -> bool:
        """Moves to a point inside all bounds; False where there is none (in fractions)."""
        self.sleepy = 0
        while True:
            down, up = self._violations()
            if not (down.any() or up.any()):
                return True
            gain = self.table[down].sum(axis=0) - self.table[up].sum(axis=0)
            column = self._price(gain)
            if column is None:
                return False
            self._move(column, 1 if gain[column] > 0 else -1, down, up)

    def settle(self) -> None:
        """After the first ``feasible``: drops the columns and rows of what can never move again."""
        fixed_rows = self._fixed(self.basic) & (self.basic >= self.size)
        for row in np.flatnonzero(fixed_rows):
            open_columns = np.flatnonzero((self.table[row] != 0) & ~self._fixed(self.free))
            if len(open_columns):
                unit = np.abs(self.table[row, open_columns]).argmin()
                self._pivot(int(row), int(open_columns[unit]), self.low[self.basic[row]])
        keep = ~(self._fixed(self.free) & (self.free >= self.size))
        self.table, self.free = self.table[:, keep], self.free[keep]
        self.free_value = self.free_value[keep]
        moving = (self.table != 0).any(axis=1) | (self.basic < self.size)
        self.table, self.basic = self.table[moving], self.basic[moving]
        self.basic_value = self.basic_value[moving]
        self.largest = max(self.scale, self._size(self.table))

    def extreme(self, unknown: int, sense: int) -> Fraction | None:
        """The largest (``sense`` 1) or smallest (-1) value of an unknown; None where it has no end.

        Needs a feasible tableau, and leaves it at a point that reaches the answer.
        """
        self.sleepy = 0
        none = np.zeros(len(self.basic), dtype=bool)
        while True:
            row = int(np.flatnonzero(self.basic == unknown)[0]) if unknown in self.basic else -1
            if row < 0:
                column = int(np.flatnonzero(self.free == unknown)[0])
                if self._at_end(column, sense):
                    return Fraction(int(self.free_value[column]))
                direction = sense
            else:
                gain = self.table[row] if sense > 0 else -self.table[row]
                entering = self._price(gain)
                if entering is None:
                    return Fraction(int(self.basic_value[row]), self.scale)
                column, direction = entering, (1 if gain[entering] > 0 else -1)
            if not self._move(column, direction, none, none):
                return None

    def values(self) -> list[Fraction | int]:
        """The unknowns at the present point."""
        point: list[Fraction | int] = [0] * self.size
        for variable, value in zip(self.free, self.free_value, strict=True):
            if variable < self.size:
                point[variable] = int(value)
        for variable, value in zip(self.basic, self.basic_value, strict=True):
            if variable < self.size:
                whole, rest = divmod(int(value), self.scale)
                point[variable] = Fraction(int(value), self.scale) if rest else whole
        return point

    def torn(self, continuous: Any) -> tuple[int, Fraction] | None:
        """The smallest unknown that is not whole, apart from the ``continuous`` ones, and its value.

        Small counts first: measured on linked tables, any other choice searched two to six times longer.
        """
        if self.scale == 1:
            return None
        rest = (self.basic_value % self.scale != 0).astype(bool) & (self.basic < self.size)
        rest[rest] = ~continuous[self.basic[rest]]
        rows = np.flatnonzero(rest)
        if not len(rows):
            return None
        row = int(rows[np.argmin(self.basic_value[rows])])
        return int(self.basic[row]), Fraction(int(self.basic_value[row]), self.scale)

    def ends(self, unknown: int) -> Ends:
        """The present bounds of an unknown."""
        low = int(self.low[unknown]) if self.has_low[unknown] else None
        return low, int(self.high[unknown]) if self.has_high[unknown] else None

    def bound(self, unknown: int, ends: Ends) -> None:
        """Replaces the bounds of an unknown; call ``feasible`` afterwards."""
        low, high = ends
        self.reach = max(self.reach, abs(low or 0), abs(high or 0))
        self._guard(self.largest * self.reach)
        self.has_low[unknown], self.low[unknown] = low is not None, low or 0
        self.has_high[unknown], self.high[unknown] = high is not None, high or 0
        for column in np.flatnonzero(self.free == unknown):
            value = int(self.free_value[column])
            wanted = value if low is None else max(value, low)
            wanted = wanted if high is None else min(wanted, high)
            if wanted != value:
                self._shift(int(column), wanted - value)

    def copy(self) -> Tableau:
        """The same bounds and basis, to come back to."""
        twin = copy.copy(self)
        for name in ("low", "high", "has_low", "has_high", "table", "basic", "free"):
            setattr(twin, name, getattr(self, name).copy())
        twin.free_value, twin.basic_value = self.free_value.copy(), self.basic_value.copy()
        return twin

    @staticmethod
    def _size(table: Any) -> int:
        return int(np.abs(table).max()) if table.size else 0

    def _fixed(self, variables: Any) -> Any:
        ends = self.has_low[variables] & self.has_high[variables]
        return ends & (self.low[variables] == self.high[variables])

    def _violations(self) -> tuple[Any, Any]:
        at = self.basic
        down = self.has_low[at] & (self.basic_value < self.low[at] * self.scale)
        up = self.has_high[at] & (self.basic_value > self.high[at] * self.scale)
        return down.astype(bool), up.astype(bool)

    def _at_end(self, column: int, sense: int) -> bool:
        variable = self.free[column]
        if sense > 0:
            return bool(self.has_high[variable] and self.free_value[column] >= self.high[variable])
        return bool(self.has_low[variable] and self.free_value[column] <= self.low[variable])

    def _price(self, gain: Any) -> int | None:
        """The column to move: the steepest, or the first one (Bland) once the tableau is stuck."""
        at = self.free
        rise = (gain > 0) & (~self.has_high[at] | (self.free_value < self.high[at]))
        fall = (gain < 0) & (~self.has_low[at] | (self.free_value > self.low[at]))
        able = np.flatnonzero((rise | fall).astype(bool))
        if not len(able):
            return None
        if self.sleepy > len(self.basic) + 10:
            return int(able[np.argmin(at[able])])
        return int(able[np.argmax(np.abs(gain[able]))])

    def _move(self, column: int, direction: int, down: Any, up: Any) -> bool:
        """Moves one nonbasic variable until something is at its end; False if nothing ever is."""
        rows = np.flatnonzero(self.table[:, column])
        rate = self.table[rows, column] * direction
        at, value = self.basic[rows], self.basic_value[rows]
        under, over, rising = down[rows], up[rows], (rate > 0).astype(bool)
        to_high = np.where(under, False, rising & self.has_high[at] & ~over)
        to_low = np.where(over, False, ~rising & self.has_low[at] & ~under)
        back_up, back_down = rising & under, ~rising & over  # a violated end that will be reached
        room = np.where(to_high | back_down, self.high[at] * self.scale - value, 0)
        room = np.where(to_low | back_up, self.low[at] * self.scale - value, room)
        blocks = np.flatnonzero((to_high | to_low | back_up | back_down).astype(bool))
        own = self._own_room(column, direction)
        if not len(blocks):
            if own is None:
                return False
            self._shift(column, own * direction)
            return True
        step, tied = _smallest(np.abs(room[blocks]), np.abs(rate[blocks]))
        if own is not None and own * step.denominator <= step.numerator:
            self._shift(column, own * direction)
            return True
        candidates = blocks[tied]
        if self.sleepy > len(self.basic) + 10:
            chosen = candidates[np.argmin(at[candidates])]
        else:  # the smallest pivot keeps the numbers small
            chosen = candidates[np.argmin(np.abs(rate[candidates]))]
        self.sleepy = 0 if step else self.sleepy + 1
        high_end = bool((to_high | back_down)[chosen])
        end = self.high[at[chosen]] if high_end else self.low[at[chosen]]
        self._pivot(int(rows[chosen]), column, end)
        return True

    def _own_room(self, column: int, direction: int) -> int | None:
        variable, value = self.free[column], int(self.free_value[column])
        if direction > 0:
            return int(self.high[variable]) - value if self.has_high[variable] else None
        return value - int(self.low[variable]) if self.has_low[variable] else None

    def _shift(self, column: int, step: int) -> None:
        """Moves a nonbasic variable without a change of basis."""
        self._guard(self.largest * abs(step))
        self.basic_value = self.basic_value + self.table[:, column] * step
        self.free_value[column] += step
        self.sleepy = 0

    def _guard(self, size: int) -> None:
        if self.kind is not object and size > _ROOM:
            raise TooLarge

    def _pivot(self, row: int, column: int, end: Any) -> None:
        """Basic variable ``row`` leaves at ``end``, nonbasic ``column`` enters."""
        pivot, scale, line = int(self.table[row, column]), self.scale, self.table[row].copy()
        factors = self.table[:, column].copy()
        gap = int(end) * scale - int(self.basic_value[row])
        most = int(np.abs(self.basic_value).max())
        self._guard(most * abs(pivot) + self.largest * abs(gap))
        entering = int(self.free_value[column]) * pivot + gap  # over the new scale, which is the pivot
        values = (self.basic_value * pivot + factors * gap) // scale
        values[row] = entering
        self._eliminate(row, column, pivot, line, factors)
        sign = 1 if pivot > 0 else -1
        self.basic_value = values * sign
        self.scale = abs(pivot)
        self.basic[row], self.free[column] = self.free[column], self.basic[row]
        self.free_value[column] = end

    def _eliminate(self, row: int, column: int, pivot: int, line: Any, factors: Any) -> None:
        table, scale, sign = self.table, self.scale, 1 if pivot > 0 else -1
        rows, columns = np.flatnonzero(factors), np.flatnonzero(line)
        rows, columns = rows[rows != row], columns[columns != column]
        inner = np.ix_(rows, columns)
        if abs(pivot) == scale:  # nearly always: only what both lines touch changes
            self._guard(self.largest * self.largest)
            if len(rows) and len(columns):
                change = np.multiply.outer(factors[rows], line[columns])
                block = table[inner] - (change * sign // scale if scale > 1 else change * sign)
                table[inner] = block
                self.largest = max(self.largest, int(np.abs(block).max()))
            table[:, column] = factors * sign
        else:
            self._guard(2 * self.largest * max(abs(pivot), self.largest))
            table = table * pivot
            if len(rows) and len(columns):
                table[inner] -= np.multiply.outer(factors[rows], line[columns])
            table = table // scale * sign
            table[:, column] = factors * sign
            self.largest = max(self._size(table), int(np.abs(line).max()), scale)
        table[row] = -line * sign
        table[row, column] = scale * sign
        self.table = table
        self._guard(self.largest * self.reach)


def _smallest(rooms: Any, rates: Any) -> tuple[Fraction, Any]:
    """The smallest quotient and where it stands; floats only preselect, whole numbers decide."""
    quotients = rooms.astype(float) / rates.astype(float)
    near = np.flatnonzero(quotients <= quotients.min() * (1 + 1e-9) + 1e-300)
    exact = [Fraction(int(rooms[i]), int(rates[i])) for i in near]
    best = min(exact)
    return best, near[[value == best for value in exact]]
