"""The kinds of people there can be, by the facts of a document, along a tree of cliques of its variables.

Counts of kinds in cliques that agree where cliques meet are those of some list of people (Lauritzen & Spiegelhalter
1988), in whole numbers too: where two cliques meet, both hold equally many in each state, matched anyhow.
"""

from __future__ import annotations

import functools
import itertools
import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.release.audit.told import variables

MOST = 20_000
"""Kinds of people that are counted; a document with more is not judged."""

Clause = dict[str, frozenset[str]]
"""Everybody is, of some of these variables, at one of the codes."""

Kind = tuple[str, ...]


class TooMany(Exception):
    """There are more kinds of people than MOST; ``names``: the variables that take the most kinds together."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        self.names = tuple(names)


@dataclass(frozen=True, slots=True)
class Clique:
    """Variables that are counted together, the ``kinds`` by them, and the clique before it that it ``meets``."""

    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    meets: int | None
    shared: tuple[str, ...]

    def at(self, kind: Kind, names: Iterable[str]) -> Kind:
        """The codes of a kind by some of the variables."""
        return tuple(kind[self.names.index(name)] for name in names)


def model(entry: Mapping[str, Any], most: int = MOST) -> Model:
    """The ``Model`` of an entry: made once for documents that differ only in numbers. Raises TooMany."""
    said = [{"scored": {"outcome": one["scored"]["outcome"]}, "wave": one.get("wave"), "at": one.get("at", "")}
            for one in entry.get("told", ())]  # fmt: skip
    own = {name: entry[name] for name in ("codes", "within", "facts")}
    return _model(json.dumps({**own, "quantities": entry["quantities"], "told": said}), most)


@functools.lru_cache(64)
def _model(entry: str, most: int) -> Model:
    return Model(json.loads(entry), most)


class Model:
    """The cliques of one population in one release. ``entry``: as it stands under ``people`` in a document.

    Raises TooMany where they have more than ``most`` kinds.
    """

    def __init__(self, entry: Mapping[str, Any], most: int = MOST) -> None:
        self.most = most
        self.codes: Mapping[str, Sequence[str]] = entry["codes"]
        self.within: Mapping[str, Mapping[str, Mapping[str, str]]] = entry["within"]
        self.read = {name: self._reading(name) for name in self.codes}
        self.domain = {root: list(self.codes[root]) for root, _ in self.read.values()}
        self.clauses: list[Clause] = []
        for name in self.codes:
            self._same(name)
        for fact in entry["facts"]:
            self._fact(fact["whoever"], fact["then"])
        crossed = {frozenset(self.read[name][0] for name in at) for at in entry["quantities"].values()}
        spoken = [self._roots(variables(told)) for told in entry.get("told", ())]
        self.cliques = self._tree([*crossed, *spoken, *(frozenset(clause) for clause in self.clauses)])
        self.known: dict[tuple[frozenset[tuple[str, str]], int], tuple[int, ...]] = {}
        self.holding: dict[frozenset[str], int | None] = {}

    def clique(self, names: Iterable[str]) -> int | None:
        """The smallest clique that holds all of these variables, or what they follow from; None where none does."""
        roots = self._roots(names)
        if roots not in self.holding:
            holding = [number for number, clique in enumerate(self.cliques) if roots <= {*clique.names}]
            self.holding[roots] = min(holding, key=lambda number: len(self.cliques[number].kinds), default=None)
        return self.holding[roots]

    def counted(self, at: Mapping[str, str], number: int) -> tuple[int, ...]:
        """Which kinds of a clique, one that holds its variables, a count counts."""
        key = frozenset(at.items()), number
        if key not in self.known:
            names = self.cliques[number].names
            wanted = [self._codes_of(name, [code]) for name, code in at.items()]
            where = [(names.index(name), codes) for name, codes in wanted]
            kinds = enumerate(self.cliques[number].kinds)
            self.known[key] = tuple(n for n, kind in kinds if all(kind[place] in codes for place, codes in where))
        return self.known[key]

    def of(self, names: Sequence[str]) -> tuple[int, list[dict[str, str]]]:
        """A clique that holds those of the variables that are counted, and the codes of each of its kinds by them."""
        own, roots = [name for name in names if name in self.codes], self._roots(names)
        number = next(n for n, clique in enumerate(self.cliques) if roots <= {*clique.names})
        at = [(name, self.cliques[number].names.index(self.read[name][0]), self.read[name][1]) for name in own]
        return number, [{name: code[kind[place]] for name, place, code in at} for kind in self.cliques[number].kinds]

    def _roots(self, names: Iterable[str]) -> frozenset[str]:
        return frozenset(self.read[name][0] for name in names if name in self.codes)

    def _reading(self, name: str) -> tuple[str, dict[str, str]]:
        """The finest variable that a variable follows from, and its code for each code of that one."""
        for fine in sorted(self.within):
            if fine in self.codes and name in self.within[fine]:
                root, codes = self._reading(fine)
                return root, {code: self.within[fine][name][at] for code, at in codes.items()}
        return name, {code: code for code in self.codes[name]}

    def _same(self, name: str) -> None:
        """A variable that follows from two others is the same from both."""
        for fine in sorted(self.within):
            if fine in self.codes and name in self.within[fine]:
                for code in self.codes[name]:
                    finer = [at for at, to in self.within[fine][name].items() if to == code]
                    others = [at for at in self.codes[fine] if at not in finer]
                    self._clause([(fine, others), (name, [code])])

    def _codes_of(self, name: str, codes: Collection[str]) -> tuple[str, frozenset[str]]:
        root, at = self.read[name]
        return root, frozenset(code for code, to in at.items() if to in codes)

    def _fact(self, whoever: Sequence[Any], then: Sequence[Sequence[Any]]) -> None:
        name, codes = whoever
        others = [code for code in self.codes[name] if code not in codes]
        self._clause([*((other, at) for other, at in then), (name, others)])

    def _clause(self, literals: Sequence[tuple[str, Collection[str]]]) -> None:
        """A long "one or another" is told link by link: the first two or not, that or the third or not, and so on."""
        merged: Clause = {}
        for name, codes in literals:
            root, at = self._codes_of(name, codes)
            merged[root] = merged.get(root, frozenset()) | at
        while len(merged) > 3:
            (first, some), (second, more), *rest = merged.items()
            link = f"{len(self.clauses)} {second}"
            self.domain[link] = ["yes", "no"]
            yes, no = frozenset({"yes"}), frozenset({"no"})
            self.clauses += [
                {first: some, second: more, link: no},
                {first: frozenset(self.domain[first]) - some, link: yes},
                {second: frozenset(self.domain[second]) - more, link: yes},
            ]
            merged = {link: yes, **dict(rest)}
        if not any(codes >= {*self.domain[name]} for name, codes in merged.items()):
            self.clauses.append(merged)

    def _tree(self, scopes: Sequence[frozenset[str]]) -> tuple[Clique, ...]:
        """Variables are taken out one after another; each with those it is bound to by then is a clique."""
        near: dict[str, set[str]] = {name: set() for name in self.domain}
        for scope in scopes:
            for name in scope:
                near[name] |= scope - {name}
        taken: list[tuple[str, frozenset[str]]] = []
        size = {name: self._size({name, *near[name]}) for name in near}
        while near:
            name = min(near, key=lambda one: (size[one], one))
            bound = near.pop(name)
            taken.append((name, frozenset(bound)))
            for one in bound:
                near[one] = (near[one] | bound) - {one, name}
                size[one] = self._size({one, *near[one]})
        order = {name: n for n, (name, _) in enumerate(taken)}
        sets, found = [frozenset({name}) | around for name, around in taken], list[Clique]()
        number: dict[int, int] = {}  # of the clique that holds each of the sets
        for n in reversed(range(len(sets))):
            around = taken[n][1]
            meets = number[min(order[name] for name in around)] if around else (0 if found else None)
            names = tuple(sorted(sets[n]))
            number[n] = len(found)
            found.append(Clique(names, self._kinds(names), meets, tuple(sorted(around))))
            if sum(len(clique.kinds) for clique in found) > self.most:
                raise self._too_many(max(found, key=lambda clique: len(clique.kinds)).names)
        return tuple(found) or (Clique((), ((),), None, ()),)

    def _too_many(self, names: Iterable[str]) -> TooMany:
        return TooMany(name for name in names if name in self.codes)

    def _size(self, names: Iterable[str]) -> int:
        return math.prod(len(self.domain[name]) for name in names)

    def _kinds(self, names: tuple[str, ...]) -> tuple[Kind, ...]:
        inside = [clause for clause in self.clauses if clause.keys() <= {*names}]
        found: Iterator[Kind] = iter([()])
        for length, name in enumerate(names, 1):
            last = [c for c in inside if name in c and c.keys() <= {*names[:length]}]
            checks = [[(names.index(other), codes) for other, codes in clause.items()] for clause in last]
            grown = ((*kind, code) for kind, code in itertools.product(list(found), self.domain[name]))
            kept = [kind for kind in grown if all(any(kind[at] in codes for at, codes in one) for one in checks)]
            if len(kept) > MOST:
                raise self._too_many(names)
            found = iter(kept)
        return tuple(found)
