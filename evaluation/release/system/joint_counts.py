"""Which cross-tables say more together than each alone, and what has to be counted jointly so that the gate knows."""

from __future__ import annotations

import contextlib
import copy
import itertools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaluation.errors import Infeasible
from evaluation.release.chain import Row
from evaluation.release.facts import Fact
from evaluation.release.released import Draft
from evaluation.release.system.quantities import Quantities

MOST = 400
"""Cells that one joint table may have; what needs more is refused."""

Family = frozenset[str]
"""A variable with the finer and coarser ones of it: one thing that is known of a person."""


@dataclass(frozen=True, slots=True)
class Joint:
    """Variables that have to be counted together although nobody prints that, and two tables that make it so."""

    variables: tuple[str, ...]
    tables: tuple[str, str]


def check(draft: Draft) -> None:
    """Raises Infeasible naming two tables that say something together of which the gate would not know."""
    for joint in needed(draft):
        raise _refused(joint.tables)


def needed(draft: Draft) -> tuple[Joint, ...]:
    """The joint counts that a draft lacks: with them its sums and relations are all that can be known of it.

    Counts are those of some list of people exactly if they agree along a tree of cliques (Lauritzen &
    Spiegelhalter 1988). Variables are neighbours where a table crosses them or a relation ties them. One
    after another they are taken out; each with its neighbours has to be counted together by then: of
    those tied to each other each with all the others, among which their relations hold too (``implied``).

    Raises Infeasible naming two tables where that is not possible, or takes more than MOST cells.
    """
    populations = dict.fromkeys(table.population for table in draft.tables if table.protected)
    return tuple(joint for population in populations for joint in _Graph(draft, population).taken_apart())


def implied(fact: Fact, quantities: Quantities) -> Iterator[Row]:
    """No more are at one side of a fact than at the other, among all and in each group in which both are counted."""
    terms = [(name, code, 1) for name, codes in (fact.whoever,) for code in codes]
    terms += [(name, code, -1) for name, codes in fact.then for code in codes]
    kinds = {frozenset(variable for variable, _ in at) for at in quantities.cells}
    own = [frozenset({name}) for name in fact.variables]
    wider = [kind - one for kind in kinds for one in own[:1] if one <= kind]
    wider = [others for others in wider if all(not others & one and one | others in kinds for one in own)]
    for others in wider:
        finer = (other for other in wider if other != others)
        if any(others <= _reach(other, quantities.within) for other in finer):
            continue  # it follows by adding up
        for codes in itertools.product(*(quantities.codes[name] for name in sorted(others))):
            among = frozenset(zip(sorted(others), codes, strict=True))
            yield Row(tuple((quantities.name(among | {(name, code)}), n) for name, code, n in terms), "<=")


def _reach(variables: Iterable[str], within: Mapping[str, Collection[str]]) -> frozenset[str]:
    """The variables with all coarser ones, whose counts follow from theirs."""
    return frozenset(other for name in variables for other in (name, *within.get(name, ())))


class _Graph:
    """The variables of one population that are not taken out yet, and what binds them."""

    def __init__(self, draft: Draft, population: str) -> None:
        tables = [t for t in (*draft.tables, *draft.joint) if t.protected and t.population == population]
        self.variables = {variable.id: variable for table in tables for variable in table.variables}
        self.within = {
            name: [coarse for coarse in variable.within if coarse in self.variables]
            for name, variable in self.variables.items()
        }
        self.families = _joined(_reach([name], self.within) for name in self.variables)
        self.tables = {frozenset(v.id for v in t.variables): t.id for t in tables if len(t.variables) > 1}
        names = {variable.id for table in tables for variable in table.variables}
        self.relations = {one.variables for one in draft.implications if one.variables <= names}
        self.ties = {
            frozenset(pair)
            for names in self.relations
            for pair in itertools.combinations(self._touched(names, self.families), 2)
        }
        self.met: list[tuple[frozenset[Family], bool]] = []  # what was left of each clique, and whether tables cross it

    def taken_apart(self) -> list[Joint]:
        """What is missing for each variable that is taken out, the cheapest next; where that ends nowhere, another."""
        left = self._crossed()
        if not left:
            return []
        choices = []
        for family in left:
            missing = self._missing(family)
            if missing is not None:
                choices.append((self._cost(missing), sorted(family), family, missing))
            if missing == []:
                choices = choices[-1:]
                break  # nothing is added, so no other order would end better
        for cost, _, family, missing in sorted(choices, key=lambda one: one[:2]):
            if cost > MOST:
                break
            around = self._neighbours(family)
            two = self._two([family, *around] if missing else left)
            rest = copy.copy(self)
            rest.families = [one for one in self.families if one != family]
            rest.tables = {**self.tables, **dict.fromkeys(missing, two[0])}
            crossed = any(not self._tied(a, b) for a, b in itertools.combinations([family, *around], 2))
            rest.met = [*self.met, (frozenset(around), crossed)]
            with contextlib.suppress(Infeasible):
                return [*(Joint(tuple(sorted(kind)), two) for kind in missing), *rest.taken_apart()]
        raise _refused(self._two(left))

    def _missing(self, family: Family) -> list[frozenset[str]] | None:
        """The joint tables that ``family`` and its neighbours lack; None where no tables would do."""
        around = [family, *self._neighbours(family)]
        groups = [one for one in _joined(a | b for a in around for b in around if self._tied(a, b)) if one]
        tied = [one for one in around if groups and one <= groups[0]]
        others = [one for one in around if one not in tied]
        if len(groups) > 1 or not all(a == b or self._tied(a, b) for a in tied for b in tied):
            return None
        if any(len(self._touched(table, tied)) > 1 for table in self.tables):
            return None  # a cell of a table that crosses them may be impossible, which their totals do not say
        further = [met for met, crossed in self.met if (others or crossed) and not met.issuperset(around)]
        if any(len(met & set(tied)) > 2 for met in further):
            return None  # how three or more overlap does not follow from their totals, so two groups cannot meet there
        chosen = {one: name for one in around if (name := self._finest(one, around))}
        if len(chosen) < len(around):
            return None
        sets = [[one, *others] for one in tied] or [others]
        kinds = [frozenset(chosen[one] for one in some) for some in sets if len(some) > 1]
        return [kind for kind in kinds if not any(kind <= _reach(table, self.within) for table in self.tables)]

    def _crossed(self) -> list[Family]:
        """The families bound to some that a table crosses; of the others nothing has to be counted jointly."""
        crossed = [one for table in self.tables if len(some := self._touched(table, self.families)) > 1 for one in some]
        for one in crossed:
            crossed += [other for other in self._neighbours(one) if other not in crossed]
        return [family for family in self.families if family in crossed]

    def _neighbours(self, family: Family) -> list[Family]:
        names = frozenset[str]().union(*(table for table in self.tables if table & family))
        return [one for one in self.families if one != family and (names & one or self._tied(one, family))]

    def _tied(self, one: Family, other: Family) -> bool:
        return frozenset((one, other)) in self.ties

    @staticmethod
    def _touched(names: Collection[str], families: Sequence[Family]) -> list[Family]:
        return [family for family in families if family & set(names)]

    def _finest(self, family: Family, around: Sequence[Family]) -> str | None:
        """The variable of ``family`` from which all of it follows that is bound to others; None: there is none."""
        bound = (*self.tables, *self.relations)
        used = frozenset(n for names in bound if len(self._touched(names, around)) > 1 for n in names & family)
        fine = [name for name in family if used <= _reach([name], self.within)]
        return min(fine, key=lambda name: (len(self.variables[name].codes), name), default=None)

    def _cost(self, missing: Sequence[frozenset[str]]) -> int:
        return sum(math.prod(len(self.variables[name].codes) for name in kind) for kind in missing)

    def _two(self, families: Sequence[Family]) -> tuple[str, str]:
        """Two of the tables that cross these families."""
        names = [table for kind, table in self.tables.items() if len(self._touched(kind, families)) > 1]
        return names[0], names[-1]


def _joined(sets: Iterable[Family]) -> list[Family]:
    """Sets that share a member as one."""
    families: list[Family] = []
    for one in sets:
        meeting = [other for other in families if other & one]
        families = [other for other in families if other not in meeting] + [one.union(*meeting)]
    return families


def _refused(tables: tuple[str, str]) -> Infeasible:
    first, second = tables
    return Infeasible("release.table.together", first=first, second=second)
