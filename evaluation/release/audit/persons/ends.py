"""The ends of every count over all lists of people that fit: linear bounds, and lists that reach them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import highspy
import numpy as np

from evaluation.release.audit.persons.kinds import Model
from evaluation.release.audit.persons.lives import EXCEPTION
from evaluation.release.audit.system import Limit, System
from evaluation.release.audit.told import rows, variables

Terms = tuple[tuple[str, int], ...]
Bound = tuple[Terms, int]

_EPS = 1e-6
_NODES = 2000  # branches in which a list of people must be found; without one the number counts as told
TOGETHER = 2000  # kinds of people through several releases; where there are more, each release is judged by itself
_SPARED = 5  # people of whom nothing stays, beyond what counts of kinds require
_LARGEST = 5000  # of a certificate's coefficients

Vector = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Known:
    """Ends of each quantity, by index; ``narrow``: sensitive ids without lists of people at both their ends.

    ``rows``: sums of quantities, at most so much for every list of people that fits, that make some id narrow.
    ``apart``: lives through several releases have too many kinds, so each release was judged by itself.
    """

    low: tuple[Limit, ...]
    high: tuple[Limit, ...]
    narrow: tuple[str, ...]
    rows: tuple[Bound, ...]
    apart: bool = False


class Sums:
    """Sums of columns, each {column: factor}."""

    def __init__(self, sums: Sequence[Mapping[int, int]]) -> None:
        self.size = len(sums)
        self.place = np.repeat(np.arange(len(sums)), [len(columns) for columns in sums])
        self.column = np.array([column for columns in sums for column in columns], dtype=np.int32)
        self.factor = np.array([factor for columns in sums for factor in columns.values()], dtype=np.float64)

    def of(self, values: Vector) -> Vector:
        """Each sum at these values of the columns."""
        return np.bincount(self.place, self.factor * values[self.column], minlength=self.size).astype(np.float64)


@dataclass(slots=True)
class Search:
    """Columns are the kinds of each clique, then quantities that count nobody's kind (a change since)."""

    entries: Sequence[Mapping[str, Any]]  # the people of each population, of one release or of several together
    system: System
    allowed: int | None = None  # kinds of all entries together; otherwise each may have as many as a model can
    asked: tuple[frozenset[int], Mapping[int, Sequence[Limit]]] | None = None  # whose ends, and how far others must go
    apart: bool = False  # because lives would have too many kinds
    sums: dict[int, dict[int, int]] = field(default_factory=dict)  # each quantity in columns
    rows: list[tuple[dict[int, int], Limit, Limit, Terms]] = field(default_factory=list)
    excepted: list[dict[int, int]] = field(default_factory=list)  # the people of whom nothing stays
    size: int = 0
    kinds: int = field(init=False)
    counted: frozenset[int] = field(init=False)  # the quantities that count people
    least: Vector | None = None
    most: Vector | None = None
    solver: highspy.Highs = field(init=False)
    row_sums: Sums = field(init=False)
    quantity_sums: Sums = field(init=False)
    row_low: Vector = field(init=False)
    row_high: Vector = field(init=False)

    def __post_init__(self) -> None:
        for entry in self.entries:
            self._count(Model(entry) if self.allowed is None else Model(entry, self.allowed - self.size), entry)
        self.kinds, self.counted = self.size, frozenset(self.sums)
        for index, quantity in enumerate(self.system.quantities):
            if index not in self.counted:
                self.sums[index] = {self.size: 1}
                self.size += 1
            bounds = quantity.low, quantity.high
            if bounds != (None, None) and (bounds != (0, None) or index not in self.counted):  # no count is below 0
                self.rows.append((self.sums[index], *bounds, ((quantity.ids[0], 1),)))
        for row in self.system.rows:
            total: dict[int, int] = {}
            for index, factor in row.terms:
                for column, times in self.sums[index].items():
                    total[column] = total.get(column, 0) + factor * times
            total = {column: times for column, times in total.items() if times}
            if total or (row.low or 0) > 0 or (row.high or 0) < 0:
                terms = tuple((self.system.quantities[index].ids[0], factor) for index, factor in row.terms)
                self.rows.append((total, row.low, row.high, terms))
        self.quantity_sums = Sums([self.sums[index] for index in range(len(self.sums))])
        self._settle()

    def _settle(self) -> None:
        """Takes the rows as they are, and forgets lists of people that were found under others."""
        self.least = self.most = None
        self.row_sums = Sums([columns for columns, *_ in self.rows])
        self.row_low = np.array([-np.inf if low is None else float(low) for _, low, _, _ in self.rows])
        self.row_high = np.array([np.inf if high is None else float(high) for _, _, high, _ in self.rows])
        self.solver = self._solver()

    def _count(self, model: Model, entry: Mapping[str, Any]) -> None:
        start = []
        for clique in model.cliques:
            start.append(self.size)
            self.size += len(clique.kinds)
        for number, clique in enumerate(model.cliques):
            if clique.meets is None:
                continue
            states: dict[tuple[str, ...], dict[int, int]] = {}
            for of, sign in ((number, 1), (clique.meets, -1)):
                other = model.cliques[of]
                for at, kind in enumerate(other.kinds):
                    states.setdefault(other.at(kind, clique.shared), {})[start[of] + at] = sign
            self.rows += [(columns, 0, 0, ()) for columns in states.values()]
        for name, codes in entry["quantities"].items():
            number, some = model.place(codes)
            self.sums[self.system.where[name]] = {start[number] + kind: 1 for kind in some}
        if EXCEPTION in entry["codes"]:
            number, some = model.place({EXCEPTION: "yes"})
            self.excepted.append({start[number] + kind: 1 for kind in some})
        for told in entry.get("told", ()):
            number, kinds = model.of(variables(told))
            for factors in rows(told, kinds, *self._behind(told, entry["quantities"])):
                columns = {start[number] + kind: factor for kind, factor in enumerate(factors) if factor}
                self.rows.append((columns, 0, None, ()))

    def _behind(self, told: Mapping[str, Any], quantities: Mapping[str, Mapping[str, str]]) -> tuple[int, int]:
        """How many people can have both scores of a told mean, and how many the first, by what is printed of them."""
        first, _, _, both = variables(told)
        own = {
            str(at): self.system.quantities[self.system.where[id]]
            for id, at in quantities.items()
            if all(name.endswith(told.get("at", "")) for name in at)
        }
        pairs, none = own.get(str({both: "yes"})), own.get(str({first: "none"}))
        everyone = max(int(one.high or 0) for one in own.values())
        started = everyone - int((none.low if none else 0) or 0)
        return min(started, int(pairs.high) if pairs and pairs.high is not None else started), started

    def _solver(self) -> highspy.Highs:
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (("output_flag", False), ("threads", 1), ("presolve", "off"), ("simplex_strategy", 4)):
            solver.setOptionValue(name, value)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.size, len(self.rows)
        lp.col_cost_ = np.zeros(self.size)
        lp.col_lower_ = np.where(np.arange(self.size) < self.kinds, 0.0, -np.inf)
        lp.col_upper_ = np.full(self.size, np.inf)
        lp.row_lower_, lp.row_upper_ = self.row_low, self.row_high
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *(len(columns) for columns, *_ in self.rows)]).astype(np.int32)
        lp.a_matrix_.index_, lp.a_matrix_.value_ = self.row_sums.column, self.row_sums.factor
        solver.passModel(lp)
        return solver

    def feasible(self) -> bool:
        """Whether some list of people fits; it is the first that is remembered."""
        run(self.solver)
        if self.solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return False
        return self._remember() or self._people(None, 0)

    def spare(self, beyond: int) -> bool:
        """Allows so many people of whom nothing stays beyond those that some list needs; False where none was found."""
        for columns in self.excepted:
            at = np.array(list(columns), dtype=np.int32)
            self.solver.changeColsCost(len(at), at, np.ones(len(at)))
            run(self.solver)
            least = math.ceil(self.solver.getInfo().objective_function_value - _EPS)
            self.solver.changeColsCost(len(at), at, np.zeros(len(at)))
            self._allow(columns, least)
            more = 0
            while not self._people(None, 0):
                if (more := more + 1) > _SPARED:
                    return False
                self._allow(columns, least + more)
            if beyond:
                self._allow(columns, least + more + beyond)
                if not self._people(None, 0):
                    return False
        return True

    def _allow(self, columns: dict[int, int], most: int) -> None:
        """So many people of whom nothing stays."""
        self.rows = [row for row in self.rows if row[0] is not columns] + [(columns, None, most, ())]
        self._settle()

    def known(self) -> Known:
        """Both ends of every quantity that is not told, and whether people at the ends that count were found."""
        low, high = [list[Limit](), list[Limit]()]
        narrow: list[str] = []
        certificates: list[Bound] = []
        wanted = {self.system.where[id]: (id, ends) for id, ends in self.system.sensitive.items()}
        for index, quantity in enumerate(self.system.quantities):
            for sense, ends in ((-1, low), (1, high)):
                outer = quantity.low if sense < 0 else quantity.high
                told = quantity.low == quantity.high or self._enough(index, sense)
                ends.append(outer if told else self._end(index, sense))
                need = wanted[index][1][0 if sense < 0 else 1] if index in wanted else None
                if need is None or self._reached(index, sense, need):
                    continue
                outside = ends[-1] is not None and (ends[-1] - need) * sense < 0
                if outside or not self._people((index, sense), need):
                    narrow.append(wanted[index][0])
                    certificates += self._certificate(index, sense) if outside else []
        return Known(tuple(low), tuple(high), tuple(dict.fromkeys(narrow)), tuple(certificates), self.apart)

    def _enough(self, index: int, sense: int) -> bool:
        """Whether nobody asks how far a quantity goes: one of an earlier release that goes as far as it must."""
        if self.asked is None or index in self.asked[0]:
            return False
        ends = self.asked[1].get(index)
        return ends is None or self._reached(index, sense, ends[0 if sense < 0 else 1])

    def _reached(self, index: int, sense: int, need: Limit) -> bool:
        best = self.most if sense > 0 else self.least
        return need is not None and best is not None and (best[index] - float(need)) * sense >= 0

    def _end(self, index: int, sense: int) -> Limit:
        """The furthest that any counts of kinds allow, rounded inwards: no list of people goes beyond."""
        quantity = self.system.quantities[index]
        outer = quantity.high if sense > 0 else quantity.low
        if outer is not None and self._reached(index, sense, outer):
            return outer
        self._aim(index, sense)
        run(self.solver)
        status = self.solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            self._aim(index, 0)
            return None
        self._remember()
        value = -sense * self.solver.getInfo().objective_function_value
        self._aim(index, 0)
        return math.floor(value + _EPS) if sense > 0 else math.ceil(value - _EPS)

    def _aim(self, index: int, sense: int) -> None:
        columns = self.sums[index]
        self.solver.changeColsCost(
            len(columns),
            np.array(list(columns), dtype=np.int32),
            np.array([-sense * times for times in columns.values()], dtype=np.float64),
        )

    def _remember(self) -> bool:
        """Whether the solver's point is a list of people in whole numbers, which is then known to fit."""
        point = np.array(self.solver.getSolution().col_value)
        whole = np.rint(point)
        return bool(np.abs(point - whole).max(initial=0.0) <= _EPS) and self._take(whole)

    def _take(self, whole: Vector) -> bool:
        total = self.row_sums.of(whole)  # whole numbers below 2**53 are added up exactly
        if (whole[: self.kinds] < 0).any() or (total < self.row_low).any() or (total > self.row_high).any():
            return False
        found = self.quantity_sums.of(whole)
        self.least = found if self.least is None else np.minimum(self.least, found)
        self.most = found if self.most is None else np.maximum(self.most, found)
        return True

    def _people(self, aim: tuple[int, int] | None, need: Limit) -> bool:
        """Whether a search in whole numbers finds people who fit, and have as many of the quantity as needed."""
        solver = self._solver()
        everything = np.arange(self.size, dtype=np.int32)
        solver.changeColsIntegrality(self.size, everything, np.ones(self.size, dtype=np.uint8))
        solver.setOptionValue("mip_max_nodes", _NODES)
        solver.setOptionValue("mip_heuristic_run_feasibility_jump", False)  # without it the others are there sooner
        if aim is not None:
            solver.setOptionValue("presolve", "on")  # a wrong answer is noticed below, or has the number hidden
            index, sense = aim
            columns = self.sums[index]
            ends = (float(need or 0), np.inf) if sense > 0 else (-np.inf, float(need or 0))
            at, times = np.array(list(columns), dtype=np.int32), np.array(list(columns.values()), dtype=np.float64)
            solver.addRow(*ends, len(columns), at, times)
        run(solver)
        found = solver.getInfo().primal_solution_status == 2
        fits = found and self._take(np.rint(np.array(solver.getSolution().col_value)))
        return fits and (aim is None or self._reached(*aim, need))

    def _certificate(self, index: int, sense: int) -> list[Bound]:
        """The prices of an end as a row of quantities that holds for every kind of person, checked in fractions."""
        self._aim(index, sense)
        run(self.solver)
        duals = self.solver.getSolution().row_dual
        prices = [Fraction(price).limit_denominator(60) if price else Fraction(0) for price in duals]
        self._aim(index, 0)
        scale = math.lcm(*(price.denominator for price in prices))
        reduced = {column: sense * times * scale for column, times in self.sums[index].items()}
        row, most = {self.system.quantities[index].ids[0]: sense * scale}, 0
        for (columns, low, high, terms), price in zip(self.rows, prices, strict=True):
            times = int(price * scale)
            if times and not terms:  # nobody but the auditor knows of it
                if (end := high if times < 0 else low) is None:
                    return []
                most -= times * int(end)
            for column, factor in columns.items() if times else ():
                reduced[column] = reduced.get(column, 0) + times * factor
            for name, factor in terms if times else ():
                row[name] = row.get(name, 0) + times * factor
        counted = {self.system.quantities[at].ids[0] for at in self.counted}
        terms = tuple((name, factor) for name, factor in row.items() if factor and name in counted)
        true = all(value <= 0 for column, value in reduced.items() if column < self.kinds)
        return [(terms, most)] if true and 0 < max((abs(factor) for _, factor in terms), default=0) <= _LARGEST else []


def run(solver: highspy.Highs) -> None:
    """Solve; where other code of this process left HiGHS with another number of threads, start it anew."""
    if solver.run() == highspy.HighsStatus.kError:
        highspy.Highs.resetGlobalScheduler(True)
        if solver.run() == highspy.HighsStatus.kError:
            raise RuntimeError("HiGHS refused a model of the release gate; please report this as a bug.")
