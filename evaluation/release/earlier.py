"""Earlier releases, and what changed since each of them, as rows of the same linear system."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from evaluation.errors import Contradiction
from evaluation.release.census import At, Census, identity, sums
from evaluation.release.chain import Entry, Interval, Kept, Population

FAR = 1_000_000
"""Stands for "no limit known" where a change may be negative; no project counts so many people."""


def change_name(population: str, old: str, new: str, at: At) -> str:
    """The name of the hidden quantity ``new - old``, as ``participants@2014>2015[sex=F]``."""
    return identity(population, old, frozenset()).removesuffix("[]") + ">" + identity("", new, at).removeprefix("@")


def shrunk(census: Census, entries: Sequence[Entry], variables: Collection[str] = ()) -> frozenset[At]:
    """The quantities that are smaller than before although nobody but the ``left`` went.

    Somebody was corrected, moved on or withdrew there, so a reader cannot suppose that only newcomers
    were added; of all others she can. ``variables``: those in which this is so unseen, in hidden numbers.
    """
    last: dict[At, Kept] = {}
    for _, population in _of(census.population, entries):
        last |= {_at(kept): kept for kept in population.cells}
    gone = left(census, entries)
    unseen = set(variables)
    return frozenset(
        at
        for at, cell in census.cells.items()
        if at in last and (cell.value < _ends(last[at])[0] - gone or unseen & {variable for variable, _ in at})
    )


def left(census: Census, entries: Sequence[Entry]) -> int:
    """By how many the whole population became smaller: as many left at least, and more if others joined."""
    earlier = [kept for _, population in _of(census.population, entries) for kept in population.cells if not kept.at]
    return max(0, _ends(earlier[-1])[0] - census.cells[frozenset()].value) if earlier else 0


def families(census: Census) -> tuple[tuple[str, ...], ...]:
    """The census's variables, those together of which one is a coarser one of the other."""
    found: list[set[str]] = []
    for variable in census.codes:
        own = {variable, *census.within.get(variable, {})}
        joined = [family for family in found if family & own]
        found = [family for family in found if not family & own] + [own.union(*joined)]
    return tuple(tuple(sorted(family & set(census.codes))) for family in found)


def add(
    document: dict[str, Any],
    census: Census,
    *,
    entries: Sequence[Entry],
    threshold: int,
    smaller: Collection[At] = (),
) -> None:
    """Adds to ``document`` what was ever released of this population.

    Earlier printed numbers are fixed, earlier hidden ones stay unknown. For a quantity that was
    there before, ``new - old`` is one more hidden unknown: joined less revised. It is 0 or more, or no
    further below than people ``left``, which is the most an intruder can assume; only those in
    ``smaller`` may be anything. Small changes must stay possible from 0 to one more; what earlier
    releases kept uncertain must stay so.

    Raises Contradiction when a variable has other categories than in an earlier release.
    """
    last: dict[At, tuple[str, Kept]] = {}
    for entry, population in _of(census.population, entries):
        _check_frozen(census, entry, population)
        _add_entry(document, entry, census.population, population, threshold)
        for kept in population.cells:
            at = _at(kept)
            if at in last:
                old, before = last[at]
                name = change_name(census.population, old, entry.release, at)
                _add_change(document, name, (census.population, old, entry.release, at), before)
                _may_fall(document, name, before, free=name in population.smaller, gone=population.left)
                _demand(document, name, _still(population.changes.get(name), threshold, least=0))
        last |= {_at(kept): (entry.release, kept) for kept in population.cells}
    gone = left(census, entries)
    for at in sorted(census.cells.keys() & last.keys(), key=sorted):
        old, before = last[at]
        name = change_name(census.population, old, census.release, at)
        now = census.cells[at].value
        document["changes"].setdefault(census.population, []).append(name)
        since = now - before.value if isinstance(before.value, int) else None
        _add_change(document, name, (census.population, old, census.release, at), before, value=since)
        if at in smaller:
            document["smaller"].setdefault(census.population, []).append(name)
        _may_fall(document, name, before, free=at in smaller, gone=gone)
        if not census.cells[at].public:
            _demand(document, name, _needed(now, before, threshold=threshold))
    document["left"][census.population] = gone


def _may_fall(document: dict[str, Any], name: str, before: Kept, *, free: bool, gone: int) -> None:
    """How far below 0 a change may be; where nothing is said it is 0 or more."""
    most = _ends(before)[1]
    if free or gone:
        document["bounds"][name] = [-most if free else -min(gone, most), None]


def _of(population: str, entries: Sequence[Entry]) -> Iterable[tuple[Entry, Population]]:
    return ((entry, entry.populations[population]) for entry in entries if population in entry.populations)


def _at(kept: Kept) -> At:
    return frozenset(kept.at.items())


def _ends(kept: Kept) -> tuple[int, int]:
    """The smallest and largest number that is still possible from what was printed."""
    if isinstance(kept.value, int):
        return kept.value, kept.value
    low, high = kept.between or (0, None)
    if kept.value is not None:
        low, high = kept.value
    return low or 0, FAR if high is None else high


def _check_frozen(census: Census, entry: Entry, population: Population) -> None:
    for variable, codes in population.codes.items():
        if variable in census.codes and set(census.codes[variable]) != set(codes):
            raise Contradiction(
                f"The categories of '{variable}' are not those of the release '{entry.release}'; a recode is "
                "frozen for the project, so use the old categories or give the variable another name."
            )


def _add_entry(document: dict[str, Any], entry: Entry, name: str, population: Population, threshold: int) -> None:
    cells = []
    for kept in population.cells:
        at = _at(kept)
        cell = {"id": identity(name, entry.release, at), "at": dict(kept.at)}
        if isinstance(kept.value, int):
            cells.append({**cell, "value": kept.value, "weight": 0})
            document["must_publish"].append(cell["id"])
            continue
        document["hidden"].append({**cell, "value": None})
        if kept.value is not None:
            document["bounds"][cell["id"]] = list(kept.value)
        _demand(document, str(cell["id"]), _still(kept.between, threshold, least=1))
    document["tables"].append(
        {"id": f"{name}@{entry.release}", "release": entry.release, "population": name, "cells": cells}
    )
    for whole, parts in sums([_at(kept) for kept in population.cells], population.within):
        terms = [[identity(name, entry.release, part), 1] for part in parts]
        document["relations"].append({"terms": [*terms, [identity(name, entry.release, whole), -1]]})
    for row in population.rows:
        document["relations"].append({"terms": [list(term) for term in row.terms], "sense": row.sense, "rhs": row.rhs})


def _add_change(
    document: dict[str, Any],
    name: str,
    what: tuple[str, str, str, At],
    before: Kept,
    *,
    value: int | None = None,
) -> None:
    population, old, new, at = what
    document["hidden"].append({"id": name, "at": dict(sorted(at)), "value": value})
    terms = [[identity(population, new, at), 1], [identity(population, old, at), -1], [name, -1]]
    document["relations"].append({"terms": terms})


def _demand(document: dict[str, Any], name: str, interval: tuple[int, int] | None) -> None:
    if interval is not None and interval[0] < interval[1]:
        document["sensitive"][name] = list(interval)


def _still(between: Interval | None, threshold: int, *, least: int) -> tuple[int, int] | None:
    """What a quantity that was hidden must keep: as much as it had, up to the threshold.

    The ledger does not know which hidden number was unsafe, so every one that could be counts as such.
    """
    if between is None or threshold <= 1:
        return None
    low, high = between
    if (low is not None and low > least) or (high is not None and high < 0):
        return None
    return (
        -threshold if low is None else max(low, -threshold),
        threshold if high is None else min(high, threshold),
    )


def _needed(now: int, before: Kept, *, threshold: int) -> tuple[int, int] | None:
    """The interval that a small change since ``before`` must keep: [0, d+1] for d who joined.

    Where the earlier number was hidden the true change is one of several, of which the largest small
    one counts. As many below 0 for those who left.
    """
    low, high = _ends(before)
    least, most = now - high, now - low
    if least == most and 1 - threshold <= most <= -1:
        return max(most - 1, -high), 0
    if most < 1 or least > threshold - 1:
        return None
    return 0, min(threshold - 1, most) + 1
