"""The kinds of people as columns of one linear system: what is printed of them, and what ties them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from evaluation.release.audit.persons.kinds import Model, model
from evaluation.release.audit.persons.lives import EXCEPTION
from evaluation.release.audit.system import Limit, Row, System
from evaluation.release.audit.told import rows, variables

Factors = dict[int, int]
Terms = tuple[tuple[str, int], ...]
Vector = np.ndarray[tuple[int], np.dtype[np.float64]]


class Sums:
    """Sums of ``size`` columns, each {column: factor}."""

    def __init__(self, sums: Sequence[Mapping[int, int]], size: int) -> None:
        self.size, self.columns = len(sums), size
        self.place = np.repeat(np.arange(len(sums)), [len(columns) for columns in sums])
        self.column = np.array([column for columns in sums for column in columns], dtype=np.int32)
        self.factor = np.array([factor for columns in sums for factor in columns.values()], dtype=np.float64)

    def of(self, values: Vector) -> Vector:
        """Each sum at these values of the columns."""
        return np.bincount(self.place, self.factor * values[self.column], minlength=self.size).astype(np.float64)

    def weighed(self, weights: Vector) -> Vector:
        """The factor of each column in all sums, each with its weight, together."""
        return np.bincount(self.column, self.factor * weights[self.place], minlength=self.columns).astype(np.float64)


@dataclass(slots=True)
class Columns:
    """Columns are the kinds of each clique, then quantities that count nobody's kind and are no sum of such counts.

    Rows are first those of the quantities, with the ends that a document gives them: they alone differ between
    documents of which all else is the same, and those numbers that are ``behind`` means.
    """

    entries: Sequence[Mapping[str, Any]]  # the people of each population, of one release or of several together
    system: System
    allowed: int | None = None  # kinds of all entries together; otherwise each may have as many as a model can
    sums: dict[int, Factors] = field(default_factory=dict)  # each quantity in columns
    parts: dict[int, Factors] = field(default_factory=dict)  # each quantity in those that count people
    rows: list[tuple[Factors, Limit, Limit, Terms]] = field(default_factory=list)
    excepted: list[int] = field(default_factory=list)  # the rows that count people of whom nothing stays
    size: int = 0
    kinds: int = field(init=False)
    places: dict[int, tuple[Model, Sequence[int], Mapping[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.entries:
            self._count(model(entry) if self.allowed is None else model(entry, self.allowed - self.size), entry)
        self.kinds = self.size
        for row in self.system.rows:
            self._define(row)
        quantities = range(len(self.system.quantities))
        for index in quantities:
            if index not in self.sums:
                self.sums[index], self.parts[index] = {self.size: 1}, {index: 1}
                self.size += 1
        self.rows = [(self.sums[index], None, None, self.terms({index: 1})) for index in quantities] + self.rows
        for row in self.system.rows:
            self._relate(row)

    def terms(self, factors: Factors) -> Terms:
        """A sum of quantities by the names of those that count people."""
        parts = _sum(factors, self.parts).items()
        return tuple((self.system.quantities[at].ids[0], times) for at, times in parts if at in self.places)

    def _define(self, row: Row) -> None:
        """What a row says of the only one of its quantities that counts nobody's kind: a change since."""
        new = [(index, factor) for index, factor in row.terms if index not in self.sums]
        if row.low == row.high == 0 and len(new) == 1 and abs(new[0][1]) == 1:
            (index, sign) = new[0]
            others = {at: -sign * factor for at, factor in row.terms if at != index}
            self.sums[index], self.parts[index] = _sum(others, self.sums), _sum(others, self.parts)

    def _relate(self, row: Row) -> None:
        """What a row says besides; nothing where it is true of whatever kinds of people there can be."""
        factors = _sum(dict(row.terms), self.parts)
        total = _sum(factors, self._together(factors) or self.sums)
        low = row.low if any(times < 0 or column >= self.kinds for column, times in total.items()) else None
        high = row.high if any(times > 0 or column >= self.kinds for column, times in total.items()) else None
        if (row.low or 0) > 0 or (row.high or 0) < 0 or (low, high) != (None, None):
            self.rows.append((total, row.low, row.high, self.terms(factors)))

    def _together(self, factors: Factors) -> Mapping[int, Factors]:
        """These quantities in kinds of one clique that holds the variables of all, where there is one."""
        places = {index: self.places[index] for index in factors if index in self.places}
        if not factors or len(places) < len(factors) or len({id(start) for _, start, _ in places.values()}) > 1:
            return {}
        model = next(iter(places.values()))[0]
        number = model.clique({name for _, _, codes in places.values() for name in codes})
        return {} if number is None else {index: _columns(*place, number) for index, place in places.items()}

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
            index = self.system.where[name]
            self.places[index] = model, start, codes
            self.sums[index], self.parts[index] = _columns(model, start, codes), {index: 1}
        if EXCEPTION in entry["codes"]:
            self.excepted.append(len(self.system.quantities) + len(self.rows))
            self.rows.append((_columns(model, start, {EXCEPTION: "yes"}), None, None, ()))
        for told in entry.get("told", ()):
            number, kinds = model.of(variables(told))
            for factors in rows(told, kinds, *behind(told, entry, self.system)):
                columns = {start[number] + kind: factor for kind, factor in enumerate(factors) if factor}
                self.rows.append((columns, 0, None, ()))


def _columns(model: Model, start: Sequence[int], codes: Mapping[str, str], clique: int | None = None) -> Factors:
    """A count in columns: those of the kinds that it counts of a clique, the smallest one if none is given."""
    number = model.clique(codes) if clique is None else clique
    return {} if number is None else {start[number] + kind: 1 for kind in model.counted(codes, number)}


def _sum(factors: Factors, of: Mapping[int, Factors]) -> Factors:
    """A sum of sums."""
    total: Factors = {}
    for index, factor in factors.items():
        for column, times in of[index].items():
            total[column] = total.get(column, 0) + factor * times
    return {column: times for column, times in total.items() if times}


def behind(told: Mapping[str, Any], entry: Mapping[str, Any], system: System) -> tuple[int, int]:
    """How many people can have both scores of a told mean, and how many the first, by what is printed of them."""
    first, _, _, both = variables(told)
    own = {
        str(at): system.quantities[system.where[id]]
        for id, at in entry["quantities"].items()
        if all(name.endswith(told.get("at", "")) for name in at)
    }
    pairs, none = own.get(str({both: "yes"})), own.get(str({first: "none"}))
    everyone = max(int(one.high or 0) for one in own.values())
    started = everyone - int((none.low if none else 0) or 0)
    return min(started, int(pairs.high) if pairs and pairs.high is not None else started), started
