"""What facts about people say of counts: no more at one side of an implication than at the other, in every group."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping

from evaluation.release.facts import Fact
from evaluation.release.files.chain import Row
from evaluation.release.system.quantities import Quantities


def implied(facts: Iterable[Fact], quantities: Quantities) -> Iterator[Row]:
    """No more are at one side of a fact than at the other, among all and in each group in which both are counted."""
    kinds = {frozenset(variable for variable, _ in at) for at in quantities.cells}
    for fact in facts:
        yield from _among(fact, quantities, kinds)


def _among(fact: Fact, quantities: Quantities, kinds: Collection[frozenset[str]]) -> Iterator[Row]:
    terms = [(name, code, 1) for name, codes in (fact.whoever,) for code in codes]
    terms += [(name, code, -1) for name, codes in fact.then for code in codes]
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
