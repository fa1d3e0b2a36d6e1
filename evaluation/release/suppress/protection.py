"""The fewest numbers to hide so that no protected number of a document can be worked out from the others."""

from __future__ import annotations

import functools
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evaluation.errors import EvaluationError, Infeasible
from evaluation.release.suppress.attack import OutOfSteps, Steps
from evaluation.release.suppress.master import Master
from evaluation.release.suppress.problem import completed, parts
from evaluation.release.suppress.read import read_system
from evaluation.release.suppress.reasons import Unprotected, collision
from evaluation.release.suppress.search import Unprotectable
from evaluation.release.suppress.system import Bools, Demand, System
from evaluation.texts import Message

# Whatever else a document carries may hold a true number, so it stays behind.
_DOCUMENT = (
    *("format", "name", "story", "threshold", "population", "equal", "auto_equal", "relations", "means"),
    *("bounds", "continuous", "must_publish", "must_suppress", "sensitive"),
)
_TIES = 997  # among protections of one cost, names decide
_TABLE = ("id", "release", "population", "dims")
_CELL = ("id", "at", "weight")


@dataclass(frozen=True, slots=True)
class Protection:
    """A document that may be published, and what protecting it cost.

    ``published``: the document with hidden values null, without the values of ``hidden`` and without
    the percentages in ``withdrawn`` (numerator, denominator); its ``sensitive`` and ``must_suppress``
    tell which numbers were small, so these two are for auditors and not for readers.
    ``hidden``: every quantity of a table that is null in it, by its first cell's id; ``primary``: those
    that are unsafe themselves. ``cost``: sum of the hidden quantities' weights; ``gap``: at most so much
    more than the cheapest protection costs (0 where ``optimal``).
    """

    published: dict[str, Any]
    hidden: tuple[str, ...]
    primary: tuple[str, ...]
    cost: int
    optimal: bool
    gap: int
    withdrawn: tuple[tuple[str, str], ...] = ()


STEPS = 3_000_000
"""What the search for the fewest may take: so long on every machine, not so many seconds."""


def protect(document: Mapping[str, Any], *, steps: int = STEPS) -> Protection:
    """The cheapest protection of a document of format `sdc-audit/1` that is found in so many ``steps``.

    A percentage is withdrawn together with its counts, unless it has ``"must_publish": true`` (it was
    printed earlier); such percentages, and all means, are known to the intruder. The first protected
    pattern is finished even when no steps are left. Of the cheapest protections names decide, in an order that
    no value changes; in which order the document tells what it tells does not matter.

    Raises Infeasible (what must be published leaves a sensitive number too narrow), Contradiction (the
    numbers cannot all be true) and BadDeclaration (not the format), each naming cells.
    """
    budget = Steps(steps)
    try:
        system = read_system(_ordered(document))
    except EvaluationError:
        system = read_system(document)  # which names the same fault in the document's order
    center = completed(system, steps=budget)
    weight, scale = system.weight, _TIES * len(system.ids) + 1
    ranks = np.array([zlib.crc32(name.encode()) % _TIES for name in system.ids], dtype=np.int64)
    ranked = replace(system, weight=weight * scale + ranks)
    hidden = system.printed & system.open & ~system.ranged
    may_hide = system.printed & ~system.open & ~system.closed
    gap = 0
    problems = sorted(parts(ranked, center), key=lambda part: len(part[0]))
    masters = [(places, Master(problem, steps=budget)) for places, problem in problems]
    for places, master in masters:
        try:
            master.start()
        except Unprotectable as failure:
            demand = master.p.demands[failure.number]
            name = system.ids[places[demand.quantity]]
            raise Unprotected(functools.partial(_collision, document, demand, name)) from None
        except OutOfSteps:
            raise Infeasible("release.suppress.too_slow") from None
    for places, master in masters:
        outcome = master.run()
        hidden[places] |= outcome.pattern & may_hide[places]
        gap += outcome.cost // scale - outcome.bound // scale
    sensitive = np.zeros(len(hidden), dtype=np.bool_)
    sensitive[[demand.quantity for demand in system.demands]] = True
    published, withdrawn = _published(document, system, hidden)
    return Protection(
        published=published,
        hidden=_names(document, system, hidden),
        primary=_names(document, system, hidden & sensitive),
        cost=int(weight[hidden].sum()),
        optimal=gap == 0,
        gap=gap,
        withdrawn=withdrawn,
    )


def _collision(document: Mapping[str, Any], demand: Demand, name: str) -> Message:
    """Why the named quantity cannot be protected, in the document's order."""
    system = read_system(document)
    return collision(system, replace(demand, quantity=system.members[name]))


def _ordered(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document with all that it tells in the order of names; what is no document stays as it is."""
    try:
        tables = [{**table, "cells": sorted(table.get("cells") or (), key=_rank)} for table in document["tables"]]
        told = {
            key: sorted(document.get(key) or (), key=_rank) for key in ("hidden", "relations", "means", "percentages")
        }
        return {**document, **told, "tables": sorted(tables, key=_rank)}
    except (AttributeError, KeyError, TypeError, ValueError):
        return document


def _rank(told: Mapping[str, Any]) -> str:
    return json.dumps({key: told[key] for key in ("id", "terms", "scores", "num", "den", "sense") if key in told})


def _names(document: Mapping[str, Any], system: System, marked: Bools) -> tuple[str, ...]:
    """The marked quantities, each by its first cell."""
    first: dict[int, str] = {}
    for cell in (cell for table in document["tables"] for cell in table.get("cells") or ()):
        first.setdefault(system.members[cell["id"]], cell["id"])
    return tuple(name for q, name in first.items() if marked[q])


def _published(
    document: Mapping[str, Any], system: System, hidden: Bools
) -> tuple[dict[str, Any], tuple[tuple[str, str], ...]]:
    out = _kept(document, _DOCUMENT)
    out["tables"] = [
        _kept(table, _TABLE) | {"cells": [_cell(cell, system, hidden) for cell in table.get("cells", ())]}
        for table in document.get("tables", ())
    ]
    out["hidden"] = [_kept(entry, _CELL) | {"value": None} for entry in document.get("hidden") or ()]
    kept, withdrawn = [], []
    unseen = hidden | ~system.printed | (system.shown_low < system.shown_high)
    for entry in document.get("percentages") or ():
        ends = (entry["num"], entry["den"])
        if entry.get("must_publish") or not any(unseen[system.members[end]] for end in ends):
            kept.append(entry)
        else:
            withdrawn.append(ends)
    if "percentages" in document:
        out["percentages"] = kept
    return out, tuple(withdrawn)


def _cell(cell: Mapping[str, Any], system: System, hidden: Bools) -> dict[str, Any]:
    return _kept(cell, _CELL) | {"value": None if hidden[system.members[cell["id"]]] else cell.get("value")}


def _kept(told: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: told[key] for key in keys if key in told}
