"""The ends of every count over all lists of people that fit: bounds of sums, and lists that reach them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import highspy
import numpy as np

from evaluation.release.audit.integers.propagation import narrow_bounds, rows_of
from evaluation.release.audit.persons.columns import Terms, Vector
from evaluation.release.audit.persons.lists import EPS, Lists
from evaluation.release.audit.system import Limit, System

Bound = tuple[Terms, int]
Outer = tuple[list[Limit], list[Limit]]
Asked = tuple[frozenset[int], Mapping[int, Sequence[Limit]]]

TOGETHER = 2000  # kinds of people through several releases; where there are more, each release is judged by itself
_FAILED = 3  # directions one after another in which nothing is reached that was not before
_LARGEST = 5000  # of a certificate's coefficients


@dataclass(frozen=True, slots=True)
class Known:
    """Ends of each quantity, by index; ``narrow``: sensitive ids without lists of people at both their ends.

    ``rows``: sums of quantities, at most so much for every list of people that fits, that make some id narrow.
    ``apart``: lives through several releases have too many kinds, so each release was judged by itself.
    ``unproven``: quantities whose ends nothing proves.
    """

    low: tuple[Limit, ...]
    high: tuple[Limit, ...]
    narrow: tuple[str, ...] = ()
    rows: tuple[Bound, ...] = ()
    apart: bool = False
    unproven: frozenset[int] = frozenset()


class Ends:
    """The ends in one document, for which ``lists`` were read."""

    def __init__(self, lists: Lists, system: System, asked: Asked | None = None) -> None:
        """``asked``: the quantities whose ends are, and how far others must go; None: the ends of all."""
        self.lists, self.system, self.asked = lists, system, asked
        self.even_rows = [row for row in system.rows if all(abs(factor) == 1 for _, factor in row.terms)]
        self.users = rows_of(self.even_rows, len(system.quantities))
        self.needs = tuple({system.where[id]: own[side] for id, own in system.sensitive.items()} for side in (0, 1))

    def known(self) -> Known:
        """Both ends of every quantity that is not told, and whether people at the ends that count were found."""
        outer, low, high = self._outer(), list[Limit](), list[Limit]()
        self._gather(outer)
        narrow: list[str] = []
        certificates: list[Bound] = []
        for index, quantity in enumerate(self.system.quantities):
            for side, (sense, ends) in enumerate(((-1, low), (1, high))):
                told = quantity.low == quantity.high or self._enough(index, sense)
                own = (quantity.low, quantity.high)[side] if told else self._end(index, sense, outer)
                ends.append(own)
                need = self.needs[side].get(index)
                if need is None or self.lists.reached(index, sense, need):
                    continue
                outside = own is not None and (own - need) * sense < 0
                if outside or not self.lists.people(index, sense, need, self._missing(sense)):
                    narrow += [id for id in quantity.ids if id in self.system.sensitive]
                    certificates += self._certificate(index, sense) if outside else []
        return Known(tuple(low), tuple(high), tuple(dict.fromkeys(narrow)), tuple(certificates))

    def _missing(self, sense: int) -> Vector:
        """The direction in which lists of people do not go as far as they must."""
        weights = self.lists.direction(0) * sense
        needs = self.needs[sense > 0]
        reached = [needs.get(at) is None or self.lists.reached(at, sense, needs[at]) for at in range(len(weights))]
        return np.where(reached, 0.0, weights)

    def _outer(self) -> Outer:
        """Between which ends sums of quantities leave each: all counts of kinds lie there, in parts of people too."""
        low, high = ([getattr(quantity, side) for quantity in self.system.quantities] for side in ("low", "high"))
        self._narrow(low, high)
        return low, high

    def _narrow(self, low: list[Limit], high: list[Limit], *, fixed: int | None = None) -> None:
        continuous = [quantity.continuous for quantity in self.system.quantities]
        narrow_bounds(self.even_rows, low, high, continuous, fixed=fixed, users=self.users)

    def _gather(self, outer: Outer) -> None:
        """Looks for counts of kinds that reach many ends at once, in one of several unlike directions after another."""
        goals = [[self._goal(index, side, end) for index, end in enumerate(outer[side])] for side in (0, 1)]
        low, high = (np.array(side) for side in goals)
        number, failed, before = 0, 0, -1
        while failed < _FAILED:
            below, above = self.lists.inner[0] > low + EPS, self.lists.inner[1] < high - EPS
            left = int(below.sum() + above.sum())
            if not left:
                return
            failed, before, number = failed + 1 if left == before else 0, left, number + 1
            upwards = bool(above.any()) and (number % 2 == 0 or not below.any())
            self.lists.aim(self.lists.direction(number) * (above if upwards else -1.0 * below))

    def _goal(self, index: int, side: int, end: Limit) -> float:
        """How far counts of kinds may go; NaN where nobody asks."""
        if self.system.quantities[index].low == self.system.quantities[index].high:
            return math.nan
        if self.asked is not None and index not in self.asked[0]:
            end = self.asked[1].get(index, (None, None))[side]
            return math.nan if end is None else float(end)
        return (-math.inf, math.inf)[side] if end is None else float(end)

    def _enough(self, index: int, sense: int) -> bool:
        """Whether nobody asks how far a quantity goes: one of an earlier release that goes as far as it must."""
        if self.asked is None or index in self.asked[0]:
            return False
        ends = self.asked[1].get(index)
        return ends is None or self.lists.within(index, sense, ends[0 if sense < 0 else 1])

    def _end(self, index: int, sense: int, outer: Outer) -> Limit:
        """The furthest that any counts of kinds allow, rounded inwards: no list of people goes beyond.

        Where they reach a whole number, ``outer`` learns of it.
        """
        side = outer[sense > 0]
        end = side[index]
        if end is not None and self.lists.within(index, sense, end):
            return end
        self._aim(index, sense)
        if self.lists.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        value = -sense * self.lists.solver.getInfo().objective_function_value
        whole = math.floor(value + EPS) if sense > 0 else math.ceil(value - EPS)
        if whole != end and abs(value - whole) <= EPS:
            side[index] = whole
            self._narrow(*outer, fixed=index)
        return whole

    def _aim(self, index: int, sense: int) -> None:
        weights = np.zeros(len(self.system.quantities))
        weights[index] = sense
        self.lists.aim(weights)

    def _certificate(self, index: int, sense: int) -> list[Bound]:
        """The prices of an end as a row of quantities that holds for every kind of person, checked in fractions."""
        self._aim(index, sense)
        duals = self.lists.solver.getSolution().row_dual
        near = {price: Fraction(price).limit_denominator(60) for price in {*duals}}
        prices = [near[price] for price in duals]
        scale = math.lcm(*(price.denominator for price in prices))
        reduced = {column: sense * times * scale for column, times in self.lists.columns.sums[index].items()}
        row, most = dict(self.lists.columns.terms({index: sense * scale})), 0
        for (columns, low, high, terms), price in zip(self.lists.rows, prices, strict=True):
            times = int(price * scale)
            if times and not terms:  # nobody but the auditor knows of it
                if (end := high if times < 0 else low) is None:
                    return []
                most -= times * int(end)
            for column, factor in columns.items() if times else ():
                reduced[column] = reduced.get(column, 0) + times * factor
            for name, factor in terms if times else ():
                row[name] = row.get(name, 0) + times * factor
        terms = tuple((name, factor) for name, factor in row.items() if factor)
        true = all(value <= 0 for column, value in reduced.items() if column < self.lists.kinds)
        return [(terms, most)] if true and 0 < max((abs(factor) for _, factor in terms), default=0) <= _LARGEST else []
