"""The kinds of people as columns of one linear system: what is printed of them, and what ties them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from evaluation.release.audit.persons.kinds import Model, model
from evaluation.release.audit.persons.lives import EXCEPTION
from evaluation.release.audit.system import Limit, System
from evaluation.release.audit.told import rows, variables

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
    """Columns are the kinds of each clique, then quantities that count nobody's kind (a change since)."""

    entries: Sequence[Mapping[str, Any]]  # the people of each population, of one release or of several together
    system: System
    allowed: int | None = None  # kinds of all entries together; otherwise each may have as many as a model can
    sums: dict[int, dict[int, int]] = field(default_factory=dict)  # each quantity in columns
    rows: list[tuple[dict[int, int], Limit, Limit, Terms]] = field(default_factory=list)
    excepted: list[dict[int, int]] = field(default_factory=list)  # the people of whom nothing stays
    size: int = 0
    kinds: int = field(init=False)
    counted: frozenset[int] = field(init=False)  # the quantities that count people

    def __post_init__(self) -> None:
        for entry in self.entries:
            self._count(model(entry) if self.allowed is None else model(entry, self.allowed - self.size), entry)
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
