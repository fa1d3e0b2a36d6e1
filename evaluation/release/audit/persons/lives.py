"""Releases of one population become one: variables at each of them, and what a reader supposes that stays between."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from evaluation.release.audit.system import System
from evaluation.release.audit.told import AWAY as _OUT

EXCEPTION = "@exception"


def linked(
    entries: Sequence[Mapping[str, Any]], totals: Sequence[int | None], *, exceptions: bool
) -> dict[str, Any] | None:
    """One entry for those of several releases in their order; None where the number of people is not printed.

    As few people as the ``totals`` require come or go between two releases. With ``exceptions`` there may be people
    of whom nothing stays.
    """
    if None in totals:
        return None
    steps = [after - before for before, after in itertools.pairwise(map(int, (n for n in totals if n is not None)))]
    at = Times(steps)
    codes: dict[str, list[str]] = {name: ["in", _OUT] for name in at.names}
    within: dict[str, dict[str, dict[str, str]]] = {}
    facts = [*at.facts()]
    quantities: dict[str, dict[str, str]] = {}
    for time, entry in enumerate(entries):
        present, gone = at.present(time), at.gone(time)
        more = [_OUT] if gone else []
        finer = {coarse for maps in entry["within"].values() for coarse in maps}
        for name, own in entry["codes"].items():
            codes[_at(name, time)] = [*own, *more]
            if gone and name not in finer:
                facts.append({"whoever": [_at(name, time), more], "then": gone})
                facts.append({"whoever": [_at(name, time), list(own)], "then": [[gone[0][0], ["in"]]]})
        for fine, maps in entry["within"].items():
            within[_at(fine, time)] = {
                _at(coarse, time): {**to, **dict.fromkeys(more, _OUT)} for coarse, to in maps.items()
            }
        for fact in entry["facts"]:
            facts.append(_renamed(fact, time))
        for id, own in entry["quantities"].items():
            quantities[id] = {_at(name, time): code for name, code in own.items()} or present
    facts += _stay(entries, at, [[EXCEPTION, ["yes"]]] if exceptions else [])
    codes |= {EXCEPTION: ["yes", "no"]} if exceptions else {}
    told = [{**mean, "at": _at("", time)} for time, entry in enumerate(entries) for mean in entry.get("told", ())]
    return {"codes": codes, "within": within, "facts": facts, "quantities": quantities, "told": told}


class Times:
    """Who is there at each release: eras between which people come, or go, as few as the totals require."""

    def __init__(self, steps: Sequence[int]) -> None:
        self.era = [0]
        self.turns: list[int] = []  # how many more people, from one era to the next
        for step in steps:
            if step:
                self.turns.append(step)
            self.era.append(len(self.turns))
        self.full = [
            all(turn > 0 for turn in self.turns[:era]) and all(turn < 0 for turn in self.turns[era:])
            for era in range(len(self.turns) + 1)
        ]
        self.names = [_here(era) for era, full in enumerate(self.full) if not full]

    def present(self, time: int) -> dict[str, str]:
        """The codes of those who are there."""
        return {} if self.full[self.era[time]] else {_here(self.era[time]): "in"}

    def gone(self, time: int) -> list[list[Any]]:
        """The place of those who are not there; none where everybody is."""
        return [] if self.full[self.era[time]] else [[_here(self.era[time]), [_OUT]]]

    def facts(self) -> list[dict[str, Any]]:
        """Where more people are than before nobody went, where fewer are nobody came."""
        found = []
        for era, turn in enumerate(self.turns):
            code = "in" if turn > 0 else _OUT
            if not self.full[era] and not self.full[era + 1]:
                found.append({"whoever": [_here(era), [code]], "then": [[_here(era + 1), [code]]]})
        return found


def apart(document: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The people of each release by themselves."""
    return document["people"]  # type: ignore[no-any-return]


def by_population(document: Mapping[str, Any]) -> list[list[Mapping[str, Any]]]:
    """The people of each population at each release, in the order of the releases."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for entry in sorted(document["people"], key=lambda one: int(one.get("order", 0))):
        found.setdefault(str(entry.get("population", "")), []).append(entry)
    return list(found.values())


def lives(document: Mapping[str, Any], system: System, *, exceptions: bool = False) -> list[Mapping[str, Any]]:
    """The people of each population, as one through all releases wherever their numbers are printed."""
    found: list[Mapping[str, Any]] = []
    for entries in by_population(document):
        totals = [_total(entry, system) for entry in entries]
        whole = linked(entries, totals, exceptions=exceptions) if len(entries) > 1 else None
        found += entries if whole is None else [whole]
    return found


def _total(entry: Mapping[str, Any], system: System) -> int | None:
    own = next((id for id, at in entry["quantities"].items() if not at), None)
    if own is None:
        return None
    printed = system.quantities[system.where[own]]
    return int(printed.low) if printed.low is not None and printed.low == printed.high else None


def variables_of(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """Those of which something stays, and that are counted at more than one release."""
    counted = Counter(name for entry in entries for name, stays in entry.get("stays", {}).items() if stays)
    return sorted(name for name, times in counted.items() if times > 1)


def _stay(entries: Sequence[Mapping[str, Any]], at: Times, unless: list[list[Any]]) -> list[dict[str, Any]]:
    found = []
    for name in variables_of(entries):
        times = [time for time, entry in enumerate(entries) if name in entry["codes"]]
        for before, after in itertools.pairwise(times):
            if any(entry.get("revised") for entry in entries[before + 1 : after + 1]):
                continue  # an erratum between the two
            for some in entries[after].get("stays", {}).get(name, ()):
                then = [[_at(name, after), [*some, *([_OUT] if at.gone(after) else [])]], *unless]
                found.append({"whoever": [_at(name, before), list(some)], "then": then})
    return found


def _renamed(fact: Mapping[str, Any], time: int) -> dict[str, Any]:
    (name, codes), then = fact["whoever"], fact["then"]
    return {"whoever": [_at(name, time), codes], "then": [[_at(other, time), some] for other, some in then]}


def _at(name: str, time: int) -> str:
    return f"{name}@{time}"


def _here(era: int) -> str:
    return f"@{era}"
