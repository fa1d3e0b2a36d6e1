"""What a reader who reasons over people can still derive: ends of every hidden count, proven by lists of people."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from evaluation.errors import Infeasible
from evaluation.release.audit.persons.columns import Columns, behind
from evaluation.release.audit.persons.ends import TOGETHER, Ends, Known
from evaluation.release.audit.persons.kinds import TooMany
from evaluation.release.audit.persons.lists import Lists
from evaluation.release.audit.persons.lives import apart, by_population, lives, variables_of
from evaluation.release.audit.system import Limit, System
from evaluation.texts import quoted

Memory = list[tuple[Any, Lists]]
"""What was found of the documents of one proposal, for speed: those that are alike but for the numbers they print."""


def known(document: Mapping[str, Any], system: System, memory: Memory | None = None) -> Known | None:
    """What follows of the numbers of ``system`` where its quantities count people; None where no people fit.

    The search supposes that people stay as they are, with the fewest exceptions with which some list fits. Where
    the releases of one population have too many kinds together each is judged by itself.

    Raises Infeasible where there are too many kinds of people to be judged.
    """
    memory = [] if memory is None else memory
    together = [entries for entries in by_population(document) if len(entries) > 1]
    exceptions, too_many = document.get("exceptions"), False
    if exceptions is not None and any(variables_of(entries) for entries in together):
        try:
            asked = _asked(document, system) if document.get("asked") else None
            lists = None if exceptions else _read(lives(document, system), system, memory, TOGETHER)
            if lists is not None and lists.feasible():
                return Ends(lists, system, asked).known()
            lists = _read(lives(document, system, exceptions=True), system, memory, TOGETHER)
            if lists.feasible() and lists.spare(exceptions):
                return Ends(lists, system, asked).known()
        except TooMany:
            too_many = True
    lists = _apart(document, system, memory)
    return dataclasses.replace(Ends(lists, system).known(), apart=too_many) if lists.feasible() else None


def possible(document: Mapping[str, Any], system: System, memory: Memory | None = None) -> bool:
    """Whether some list of people fits. Raises Infeasible as ``known`` does."""
    return _apart(document, system, [] if memory is None else memory).feasible()


def _asked(document: Mapping[str, Any], system: System) -> tuple[frozenset[int], Mapping[int, Sequence[Limit]]]:
    own = [*document.get("own", ()), *(name for names in document.get("changes", {}).values() for name in names)]
    must = {**document.get("asked", {}), **document.get("sensitive", {})}
    return frozenset(system.where[id] for id in own), {system.where[id]: ends for id, ends in must.items()}


def _apart(document: Mapping[str, Any], system: System, memory: Memory) -> Lists:
    try:
        return _read(apart(document), system, memory)
    except TooMany as error:
        raise Infeasible("release.audit.too_many_kinds", names=[quoted(name) for name in error.names]) from None


def _read(entries: Sequence[Mapping[str, Any]], system: System, memory: Memory, allowed: int | None = None) -> Lists:
    """The lists of the documents in which all is the same but printed numbers, with those of this one."""
    means = [behind(told, entry, system) for entry in entries for told in entry.get("told", ())]
    same = entries, system.rows, system.where, means
    lists = next((lists for before, lists in memory if before == same), None)
    if lists is None:
        lists = Lists(Columns(entries, system, allowed))
        memory.append((same, lists))
    lists.read(system)
    return lists
