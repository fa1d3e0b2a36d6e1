"""Drafts made of a list of people, and an intruder who reasons over people and knows nothing of our rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from evaluation.project.draft.counting import cross_tabulate
from evaluation.release.facts import Fact
from evaluation.release.ledger import Proposal
from evaluation.release.released import Draft, Variable
from evaluation.release.system.quantities import At
from tests.release.drafts import FACTS, L

Person = Mapping[str, str]


@dataclass(frozen=True)
class World:
    """What people can be and which tables are proposed of them.

    ``fine``: variables with their codes; ``derived``: those that follow from a person's fine ones;
    ``settled``: the person there can be instead of one who cannot. ``tables``: the variables of each table;
    ``facts``: what is true of everybody;
    ``within``: the coarser ones of a variable; ``unprinted``: by what people are counted although no table shows it;
    ``zeros``: variables whose tables tell something by a zero.
    """

    fine: Mapping[str, Sequence[str]]
    tables: Sequence[tuple[str, ...]]
    derived: Mapping[str, tuple[Sequence[str], Callable[[Person], str]]] = field(default_factory=dict)
    facts: Sequence[Fact] = ()
    within: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unprinted: Sequence[tuple[str, ...]] = ()
    zeros: Sequence[str] = ()
    settled: Callable[[Person], Person] = dict

    def types(self) -> list[Person]:
        """Every kind of person there can be."""
        found = {tuple(one.items()): one for one in map(self.person, itertools.product(*self.fine.values()))}
        return list(found.values())

    def person(self, codes: Sequence[str]) -> Person:
        one = self.settled(dict(zip(self.fine, codes, strict=True)))
        return {**one, **{name: of(one) for name, (_, of) in self.derived.items()}}

    def wholes(self, at: At) -> list[At]:
        """The counts of which this one is a part."""
        types = self.types()
        rests = [(at - {(name, code)}, name, code) for name, code in at]
        finer = [
            rest | {(other, next(one[other] for one in types if one[name] == code))}
            for rest, name, code in rests
            for other in self.within.get(name, ())
        ]
        return [rest for rest, _, _ in rests] + finer

    def variable(self, name: str) -> Variable:
        codes = self.fine[name] if name in self.fine else self.derived[name][0]
        coarse = self.within.get(name, ())
        maps = {other: {one[name]: one[other] for one in self.types()} for other in coarse}
        return Variable(name, L, dict.fromkeys(codes, L), maps)


def drafted(world: World, people: Sequence[Person]) -> Draft:
    """The draft of these people, with whatever has to be counted jointly."""
    ids = [str(number) for number in range(len(people))]

    def placing(name: str) -> tuple[Variable, dict[str, str]]:
        return world.variable(name), {id: person[name] for id, person in zip(ids, people, strict=True)}

    counted = [
        cross_tabulate(
            ".by.".join(names),
            "topic",
            L,
            ids,
            *map(placing, names),
            zeros_sensitive=bool(set(names) & set(world.zeros)),
        )
        for names in world.tables
    ]
    alone = [
        cross_tabulate(
            f"joint:{'.by.'.join(names)}",
            "",
            {},
            ids,
            *map(placing, names),
            zeros_sensitive=len(names) > 1 or names[0] in world.zeros,
        )
        for names in world.unprinted
    ]
    shown = tuple(one.table for one in counted)
    joint = tuple(one.table for one in alone)
    return Draft(FACTS, "r", shown, (), (), (), (), implications=tuple(world.facts), joint=joint)


Printed = Mapping[At, int | tuple[int, int]]


def printed(*editions: Proposal) -> Printed:
    """What somebody who has all these editions reads of each count."""
    found: dict[At, tuple[int, int]] = {}
    told = [(frozenset(c.at.items()), c.value) for one in editions for t in one.leaving.told_now for c in t.counts]
    for at, value in told:
        if value is not None:
            low, high = (
                (value, value) if isinstance(value, int) else (value[0], 10**6 if value[1] is None else value[1])
            )
            least, most = found.get(at, (low, high))
            found[at] = max(low, least), min(high, most)
    return {at: low if low == high else (low, high) for at, (low, high) in found.items()}


def narrower(
    world: World, people: Sequence[Person], draft: Draft, told: Printed, threshold: int
) -> list[tuple[str, int, int]]:
    """Unsafe numbers that an intruder who lists people knows better than promised: where, lowest, highest."""
    shown = [(table, count) for table in (*draft.tables, *draft.joint) for count in table.counts]
    truth = {frozenset(count.at.items()): int(count.value) for _, count in shown}
    zeros = {frozenset(count.at.items()) for table, count in shown if table.zeros_sensitive and count.at}
    intruder = Intruder(world.types(), told)
    before = Intruder(world.types(), {frozenset(): truth[frozenset()]})
    bad = []
    for at, value in truth.items():
        # A zero says nothing where nobody could have been counted.
        zero = (
            value == 0
            and at in zeros
            and all(any(whole <= one.items() for one in people) for whole in world.wholes(at))
        )
        if 1 <= value < threshold or zero:
            least, most = max(0, before.end(at, 1, 0)), min(threshold, before.end(at, -1, threshold))
            low, high = intruder.end(at, 1, least), intruder.end(at, -1, most)
            if low > least or high < most:
                bad.append((str(sorted(at)), low, high))
    return bad


class Intruder:
    """Everybody's kind is unknown to her; how many of each there are fits the ``printed`` numbers and ranges."""

    def __init__(self, types: Sequence[Person], printed: Printed) -> None:
        self.types, self.seen = types, list[np.ndarray]()
        ends = [value if isinstance(value, tuple) else (value, value) for value in printed.values()]
        self.rows = LinearConstraint(np.array([self._row(at) for at in printed]), *zip(*ends, strict=True))

    def _row(self, at: At) -> np.ndarray:
        return np.array([all(one[name] == code for name, code in at) for one in self.types], dtype=float)

    def end(self, at: At, sign: int, enough: int, less: At | None = None) -> int:
        """The fewest people (``sign`` 1) or the most (-1) at these codes; any that is ``enough`` will do.

        ``less``: those at other codes are taken from them.
        """
        row = sign * (self._row(at) - (0 if less is None else self._row(less)))
        best = min((round(row @ one) for one in self.seen), default=None)
        if best is None or best > sign * enough:
            whole = np.ones(len(row))
            found = milp(
                row, constraints=self.rows, bounds=Bounds(0, np.inf), integrality=whole, options={"presolve": False}
            )
            assert found.x is not None, found.message
            self.seen.append(np.round(found.x))
            counted = self.rows.A @ self.seen[-1]
            assert np.all(counted > self.rows.lb - 1e-6)
            assert np.all(counted < self.rows.ub + 1e-6)
            best = round(found.fun)
        return sign * best
