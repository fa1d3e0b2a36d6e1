"""What a table counts of whom, under whatever name: the same people in another table are the same quantity."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from evaluation.release.facts import Facts
from evaluation.release.released import CountTable, Variable

Part = tuple[str, frozenset[str]]
"""Codes of the finest variable that tells of the same."""

Quantity = frozenset[Part]
"""Those who are in all of these parts."""

_BOTH = "&"


@dataclass(frozen=True, slots=True)
class Counted:
    """The variables of a draft by name, and of the parts that are the same people by its facts, one for all."""

    variables: Mapping[str, Variable]
    same: Mapping[Part, Part]

    def quantities(self, table: CountTable) -> frozenset[Quantity]:
        """All that the numbers of a table are of: every margin and every sum of codes that the kit has a name for."""
        ways = [{frozenset[Part](), *self._parts(variable)} for variable in table.variables]
        return frozenset(frozenset[Part]().union(*chosen) for chosen in itertools.product(*ways)) - {frozenset()}

    def crossed(self, table: CountTable) -> frozenset[Quantity]:
        """Those of them that are counted by all variables of the table at once."""
        ways = [self._parts(variable) for variable in table.variables]
        return frozenset(frozenset[Part]().union(*chosen) for chosen in itertools.product(*ways))

    def _parts(self, variable: Variable) -> set[Quantity]:
        """Of a variable and of every coarser one, the people at each code."""
        if _BOTH in variable.id:
            names = variable.id.split(_BOTH)
            return {
                frozenset(self._part(name, [variable.within[name][code]]) for name in names) for code in variable.codes
            }
        ways = [{code: code for code in variable.codes}, *variable.within.values()]
        return {
            frozenset({self._part(variable.id, [code for code, to in way.items() if to == one])})
            for way in ways
            for one in way.values()
        }

    def _part(self, name: str, codes: Collection[str]) -> Part:
        part = finest(name, codes, self.variables)
        return self.same.get(part, part)


def counted(tables: Iterable[CountTable], facts: Facts) -> Counted:
    """How the quantities of these tables, of one draft, are named."""
    variables = {one.id: one for table in tables for one in table.variables}
    implied = {(one.whoever, one.then[0]) for one in facts if len(one.then) == 1}
    same: dict[Part, Part] = {}
    for here, there in sorted(implied):
        if (there, here) in implied and here < there and {here[0], there[0]} <= variables.keys():
            for others in (False, True):  # all others are the same people, too
                part, other = (
                    finest(name, variables[name].codes.keys() - codes if others else codes, variables)
                    for name, codes in (here, there)
                )
                same[other] = same.get(part, part)
    return Counted(variables, same)


def finest(name: str, codes: Collection[str], variables: Mapping[str, Variable]) -> Part:
    """Some codes of a variable by those of the finest one that lies within it."""
    within = [one for one in variables.values() if name in one.within and _BOTH not in one.id]
    if not within:
        return name, frozenset(codes)
    finer = min(within, key=lambda one: one.id)
    return finest(finer.id, [own for own, to in finer.within[name].items() if to in codes], variables)
