"""What a reader who reasons over people can still derive: ends of every hidden count, proven by lists of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evaluation.errors import Infeasible
from evaluation.release.audit.persons.ends import TOGETHER, Known, Lists, Search
from evaluation.release.audit.persons.kinds import TooMany
from evaluation.release.audit.persons.lives import apart, by_population, lives, variables_of
from evaluation.release.audit.system import Limit, System
from evaluation.texts import quoted


def known(document: Mapping[str, Any], system: System, found: Lists | None = None) -> Known | None:
    """What follows of the numbers of ``system`` where its quantities count people; None where no people fit.

    ``found``: lists of people that fitted a document like this one; those that fit it, too, need not be looked for.

    Raises Infeasible where there are too many kinds of people to be judged.
    """
    search = _supposed(document, system, found)
    return None if search is None else search.known()


def possible(document: Mapping[str, Any], system: System) -> bool:
    """Whether some list of people fits. Raises Infeasible as ``known`` does."""
    return _found(apart(document), system) is not None


def _supposed(document: Mapping[str, Any], system: System, found: Lists | None) -> Search | None:
    """The search that supposes that people stay as they are, with the fewest exceptions with which some list fits.

    Where the releases of one population have too many kinds together each is judged by itself.
    """
    together = [entries for entries in by_population(document) if len(entries) > 1]
    exceptions = document.get("exceptions")
    if exceptions is None or not any(variables_of(entries) for entries in together):
        return _found(apart(document), system, found)
    try:
        asked = _asked(document, system) if document.get("asked") else None
        search = Search(lives(document, system), system, TOGETHER, asked, found=found) if not exceptions else None
        if search is not None and search.feasible():
            return search
        search = Search(lives(document, system, exceptions=True), system, TOGETHER, asked, found=found)
        if search.feasible() and search.spare(exceptions):
            return search
    except TooMany:
        return _found(apart(document), system, found, too_many=True)
    return _found(apart(document), system, found)


def _asked(document: Mapping[str, Any], system: System) -> tuple[frozenset[int], Mapping[int, Sequence[Limit]]]:
    own = [*document.get("own", ()), *(name for names in document.get("changes", {}).values() for name in names)]
    must = {**document.get("asked", {}), **document.get("sensitive", {})}
    return frozenset(system.where[id] for id in own), {system.where[id]: ends for id, ends in must.items()}


def _found(
    entries: Sequence[Mapping[str, Any]], system: System, found: Lists | None = None, *, too_many: bool = False
) -> Search | None:
    try:
        search = Search(entries, system, apart=too_many, found=found)
    except TooMany as error:
        raise Infeasible("release.audit.too_many_kinds", names=[quoted(name) for name in error.names]) from None
    return search if search.feasible() else None
