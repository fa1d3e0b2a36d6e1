"""The counts of one population in one release: every margin and every sum, so that no number escapes."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral

from evaluation.errors import Contradiction
from evaluation.release.released import CountTable, Variable

At = frozenset[tuple[str, str]]
"""Pairs of variable and code; a variable left out is summed over."""

Codes = Mapping[str, tuple[str, ...]]
Within = Mapping[str, Mapping[str, Mapping[str, str]]]
Sum = tuple[At, tuple[At, ...]]
"""A whole and the parts that add up to it."""

_RESERVED = str.maketrans({c: f"%{ord(c):02X}" for c in "%@,=[]>"})


def identity(population: str, release: str, at: Mapping[str, str] | At) -> str:
    """The name of a quantity: population, release and codes, as ``participants@2015[sex=F]``.

    Signs with a meaning in names are written as in a web address, so that names stay distinct.
    """
    return _identity(population, release, frozenset(at.items()) if isinstance(at, Mapping) else at)


@functools.lru_cache(2**15)  # the gate asks for the same few thousand names a hundred thousand times
def _identity(population: str, release: str, at: At) -> str:
    codes = ",".join(f"{v.translate(_RESERVED)}={c.translate(_RESERVED)}" for v, c in sorted(at))
    return f"{population.translate(_RESERVED)}@{release.translate(_RESERVED)}[{codes}]"


@dataclass(frozen=True, slots=True)
class Cell:
    """One quantity with its true value. ``shown``: it stands in a table; else it only follows from others."""

    value: int
    shown: bool
    weight: int = 1
    public: bool = False
    present: bool = False
    zero_sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Quantities:
    """All quantities of one population in one release, closed under leaving out and coarsening."""

    population: str
    release: str
    codes: Codes
    within: Within
    cells: Mapping[At, Cell]
    sums: tuple[Sum, ...]

    def name(self, at: At) -> str:
        return _identity(self.population, self.release, at)

    def parents(self, at: At) -> Iterable[At]:
        """The quantities of which ``at`` is a direct part."""
        return parents(at, self.within)


def parents(at: At, within: Within) -> Iterable[At]:
    """``at`` with one variable left out, or recoded to a coarser one."""
    for variable, code in sorted(at):
        rest = at - {(variable, code)}
        yield rest
        for coarse, mapping in within.get(variable, {}).items():
            yield rest | {(coarse, mapping[code])}


def quantities(tables: Sequence[CountTable], release: str, joint: Sequence[CountTable] = ()) -> Quantities:
    """The tables of one population, which must agree, with all that follows from them; nothing of ``joint`` is shown.

    Raises Contradiction naming the cells: a cell twice, a negative or different number for one
    quantity, an unknown code, a total that is not the sum of its parts, a part that is missing.
    """
    population = tables[0].population
    codes, within = _variables([*tables, *joint])
    given = _given(tables, joint, release, codes)
    kinds = _closure({frozenset(v for v, _ in at) for at in given}, within)
    for kind in kinds:
        for fine, coarse in itertools.permutations(kind, 2):
            if coarse in within.get(fine, {}):
                raise Contradiction("release.table.crossed", population=population, fine=fine, coarse=coarse)
    ats = [at for kind in kinds for at in _crossed(kind, codes)]
    added = sums(ats, within)
    values = _fill({at: cell.value for at, cell in given.items()}, ats, added, population, release)
    reaches = [_reach(table) for table in (*tables, *joint) if table.zeros_sensitive]
    zeros = {kind for kind in kinds if kind and any(kind <= reach for reach in reaches)}
    cells = {
        at: dataclasses.replace(
            given.get(at) or Cell(values[at], shown=False), zero_sensitive=frozenset(v for v, _ in at) in zeros
        )
        for at in ats
    }
    return Quantities(population, release, codes, within, cells, added)


def sums(ats: Collection[At], within: Within) -> tuple[Sum, ...]:
    """Every sum that holds among these quantities, in a stable order.

    ``ats`` is closed: with a quantity come all codes of its variables and all its parents.
    """
    parts: dict[tuple[At, str, At], list[At]] = {}
    for at in ats:
        for variable, code in at:
            rest = at - {(variable, code)}
            parts.setdefault((rest, variable, rest), []).append(at)
            for coarse, mapping in within.get(variable, {}).items():
                parts.setdefault((rest, variable, rest | {(coarse, mapping[code])}), []).append(at)
    growing = {(whole, tuple(sorted(some, key=sorted))) for (_, _, whole), some in parts.items()}
    return tuple(sorted(growing, key=lambda s: (sorted(s[0]), [sorted(p) for p in s[1]])))


def _variables(tables: Sequence[CountTable]) -> tuple[dict[str, tuple[str, ...]], Within]:
    known: dict[str, Variable] = {}
    for table in tables:
        for variable in table.variables:
            first = known.setdefault(variable.id, variable)
            if set(first.codes) != set(variable.codes) or dict(first.within) != dict(variable.within):
                raise Contradiction("release.table.recoded", variable=variable.id, table=table.id)
    within: dict[str, dict[str, Mapping[str, str]]] = {}
    for variable in known.values():
        for coarse, mapping in variable.within.items():
            if coarse not in known:
                continue  # nothing is said about the coarser variable
            if set(mapping) != set(variable.codes) or set(mapping.values()) != set(known[coarse].codes):
                raise Contradiction("release.table.within", variable=variable.id, coarse=coarse)
            within.setdefault(variable.id, {})[coarse] = mapping
    return {name: tuple(variable.codes) for name, variable in known.items()}, within


def _given(tables: Sequence[CountTable], joint: Sequence[CountTable], release: str, codes: Codes) -> dict[At, Cell]:
    """Each quantity that is counted, wherever it is shown; nothing of ``joint`` is."""
    merged: dict[At, Cell] = {}
    first: dict[At, str] = {}
    for table, shown in ((table, some is tables) for some in (tables, joint) for table in some):
        own = {variable.id for variable in table.variables}
        seen: set[At] = set()
        for count in table.counts:
            at = frozenset(count.at.items())
            name = identity(table.population, release, at)
            if any(variable not in own or code not in codes[variable] for variable, code in at):
                raise Contradiction("release.table.no_cell", table=table.id, name=name)
            if at in seen:
                raise Contradiction("release.table.cell_twice", table=table.id, name=name)
            value = count.value
            if isinstance(value, bool) or not isinstance(value, Integral) or value < 0:
                raise Contradiction("release.table.no_number", name=name, table=table.id)
            seen.add(at)
            cell = Cell(int(value), shown, *((count.weight, count.public, count.present) if shown else ()))
            before = merged.setdefault(at, cell)
            if before.value != value:
                raise Contradiction("release.table.two_numbers", name=name, first=first[at], second=table.id)
            first.setdefault(at, table.id)
            if shown:
                merged[at] = Cell(
                    before.value,
                    shown=True,
                    weight=max(cell.weight, before.weight),
                    public=cell.public or before.public,
                    present=cell.present or before.present,
                )
    return merged


def _closure(kinds: set[frozenset[str]], within: Within) -> list[frozenset[str]]:
    todo, done = list(kinds), {frozenset[str]()}
    while todo:
        kind = todo.pop()
        if kind in done:
            continue
        done.add(kind)
        for variable in kind:
            rest = kind - {variable}
            todo.append(rest)
            todo.extend(rest | {coarse} for coarse in within.get(variable, {}))
    return sorted(done, key=lambda kind: (len(kind), sorted(kind)))


def _crossed(kind: frozenset[str], codes: Codes) -> Iterable[At]:
    names = sorted(kind)
    for combination in itertools.product(*(codes[name] for name in names)):
        yield frozenset(zip(names, combination, strict=True))


def _fill(
    values: dict[At, int], ats: Sequence[At], added: Sequence[Sum], population: str, release: str
) -> dict[At, int]:
    """Whatever follows from the given numbers, until nothing more does; checks every sum."""
    waiting, growing = list(added), True
    while growing:
        growing, still = False, []
        for whole, parts in waiting:
            unknown = [at for at in (whole, *parts) if at not in values]
            if len(unknown) > 1:
                still.append((whole, parts))
                continue
            growing = True
            if unknown and unknown[0] == whole:
                values[whole] = sum(values[part] for part in parts)
            elif unknown:
                rest = sum(values[part] for part in parts if part in values)
                values[unknown[0]] = values[whole] - rest
            if values[whole] != sum(values[part] for part in parts) or any(values[p] < 0 for p in parts):
                names = [identity(population, release, part) for part in parts]
                raise Contradiction(
                    "release.table.sum",
                    names=names,
                    total=identity(population, release, whole),
                )
        waiting = still
    for at in ats:
        if at not in values:
            raise Contradiction("release.table.missing_cell", name=identity(population, release, at))
    return values


def _reach(table: CountTable) -> set[str]:
    return {v.id for v in table.variables} | {coarse for v in table.variables for coarse in v.within}
