"""A draft's protected counts, with everything ever released, as one document that can be judged."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from evaluation.errors import Contradiction
from evaluation.release import cycles
from evaluation.release import earlier as history
from evaluation.release.census import At, Census, census, identity
from evaluation.release.chain import Entry, Row
from evaluation.release.released import CountTable, Draft
from evaluation.release.statements import Said, said

OPEN_POPULATIONS = frozenset({"activities", "organisations", "delegates", "staff"})
"""Whom a table may count without protection; participants are never among them."""

Document = dict[str, Any]


def document(draft: Draft, *, threshold: int, earlier: Sequence[Entry] = (), unseen: Collection[str] = ()) -> Document:
    """The linear system of all protected tables of ``draft``, in the format ``sdc-audit/1``.

    One cell per distinct quantity, named population@release[codes]; every sum between them, also
    those over quantities that no table shows (hidden unknowns); what the printed means say; all
    ``earlier`` releases. ``unseen``: variables in which somebody was corrected or moved on although
    no printed number shows it.

    Raises Contradiction when the tables contradict themselves or each other, or when a table of
    people is declared open; Infeasible when two of them say something together that no row tells.
    """
    written: Document = {
        "format": "sdc-audit/1",
        "name": draft.release,
        "threshold": threshold,
        "tables": [],
        "hidden": [],
        "relations": [],
        "bounds": {"default": [0, None]},
        "must_publish": [],
        "must_suppress": [],
        "sensitive": {},
        "left": {},
        "smaller": {},
        "changes": {},
        "own": [],
    }
    cycles.check(draft)
    counted = censuses(draft)
    for one in counted:
        _add(written, one, threshold)
        smaller = history.shrunk(one, earlier, unseen)
        history.add(written, one, entries=earlier, threshold=threshold, smaller=smaller)
    for _, row in rows(draft, counted, threshold=threshold):
        terms = [list(term) for term in row.terms]
        written["relations"].append({"terms": terms, "sense": row.sense, "rhs": row.rhs})
    for spoken in spoken_means(draft, counted, threshold=threshold):
        for name, least in spoken.least.items():
            written["bounds"][name] = [max(written["bounds"].get(name, [0])[0], least), None]
    return written


def censuses(draft: Draft) -> tuple[Census, ...]:
    """The protected populations of a draft, each with all its quantities, in the order of the tables."""
    tables: dict[str, list[CountTable]] = {}
    for table in draft.tables:
        if table.protected:
            tables.setdefault(table.population, []).append(table)
        elif table.population not in OPEN_POPULATIONS:
            raise Contradiction(
                f"Table '{table.id}' counts '{table.population}' without protection; only "
                f"{', '.join(sorted(OPEN_POPULATIONS))} may be open, so mark it as protected."
            )
    joint = {name: [table for table in draft.joint if table.population == name] for name in tables}
    return tuple(census(some, draft.release, joint[name]) for name, some in tables.items())


def rows(draft: Draft, counted: Sequence[Census], *, threshold: int) -> tuple[tuple[str, Row], ...]:
    """What everybody knows of counts besides sums, each with the population it is about.

    These are the declared relations between variables, which hold in every group too that is counted
    by all of them, and what the printed means say.

    Raises Contradiction when a relation points at a count that is not there.
    """
    homes = {table.id: one for table in draft.tables for one in counted if one.population == table.population}
    found = []
    for relation in draft.relations:
        places = [(homes.get(place.table), frozenset(place.at.items()), number) for place, number in relation.terms]
        named = []
        for home, at, number in places:
            if home is None or at not in home.cells:
                name = identity(home.population if home else "", draft.release, at)
                raise Contradiction(f"A relation points at {name}, which no protected table has; correct it.")
            named.append((home.name(at), number))
        home = homes[relation.terms[0][0].table]
        row = Row(tuple(named), relation.sense, relation.rhs)
        found.append((home.population, row))
        if all(one is home for one, _, _ in places):
            found += [(home.population, one) for one in cycles.lifted(row, [at for _, at, _ in places], home)]
    means = spoken_means(draft, counted, threshold=threshold)
    return (*found, *((one.population, row) for one in means for row in one.rows))


def spoken_means(draft: Draft, counted: Sequence[Census], *, threshold: int) -> tuple[Said, ...]:
    """The means of the draft that may be printed, with what they say about counts."""
    found = (said(mean, counted, threshold=threshold) for mean in draft.means)
    return tuple(one for one in found if one is not None)


def publication(document: Document, hidden: Collection[str]) -> Document:
    """The document as an intruder sees it: ``hidden`` cells and everything unprinted without numbers."""
    tables = [
        {
            **table,
            "cells": [{**cell, "value": None} if cell["id"] in hidden else cell for cell in table["cells"]],
        }
        for table in document["tables"]
    ]
    unprinted = [{**quantity, "value": None} for quantity in document["hidden"]]
    return {**document, "tables": tables, "hidden": unprinted}


def attainable(document: Document, widest: Mapping[str, tuple[Any, Any]]) -> Document:
    """The document that asks for no more uncertainty than is left when nothing new is printed.

    ``widest``: what an intruder can say of each unknown from public numbers and earlier releases
    alone. Of 41 and 43 people whom everybody knows at most two joined, whatever is hidden now. What
    would be known of this release's own cells in any case stays asked, so that it is refused.
    """
    possible = {}
    for name, (low, high) in document["sensitive"].items():
        least, most = widest.get(name, (None, None))
        within = [low if least is None else max(low, least), high if most is None else min(high, most)]
        if within[0] < within[1]:
            possible[name] = within
        elif name in document["own"]:
            possible[name] = [low, high]
    return {**document, "sensitive": possible}


def supposed(document: Document, counted: Sequence[Census], values: Mapping[str, int], threshold: int) -> Document:
    """The (part of the) ``document`` as it would be written if these were the true ``values`` of its cells."""
    ids = {cell["id"] for table in document["tables"] for cell in table["cells"]} | {
        q["id"] for q in document["hidden"]
    }
    asked: dict[str, list[int]] = {}
    for one in counted:
        cells = {
            at: dataclasses.replace(cell, value=values.get(one.name(at), cell.value)) for at, cell in one.cells.items()
        }
        whole = dataclasses.replace(one, cells=cells)
        for at in cells:
            needed = _needed(whole, at, threshold)
            if needed is not None and one.name(at) in ids:
                asked[one.name(at)] = list(needed)

    def told(cell: Mapping[str, Any]) -> Document:
        return {**cell, "value": values.get(cell["id"], cell["value"])}

    tables = [{**table, "cells": [told(cell) for cell in table["cells"]]} for table in document["tables"]]
    return {**document, "tables": tables, "hidden": [told(one) for one in document["hidden"]], "sensitive": asked}


def _add(written: Document, one: Census, threshold: int) -> None:
    cells = []
    for at, cell in one.cells.items():
        name, codes = one.name(at), dict(sorted(at))
        written["own"].append(name)
        if cell.shown:
            cells.append({"id": name, "at": codes, "value": cell.value, "weight": cell.weight})
        else:
            written["hidden"].append({"id": name, "at": codes, "value": cell.value})
        if cell.public:
            written["must_publish"].append(name)
        if cell.present:
            written["bounds"][name] = [1, None]
        needed = _needed(one, at, threshold)
        if needed is not None:
            written["sensitive"][name] = list(needed)
    written["tables"].append(
        {
            "id": f"{one.population}@{one.release}",
            "release": one.release,
            "population": one.population,
            "cells": cells,
        }
    )
    for whole, parts in one.sums:
        terms = [[one.name(part), 1] for part in parts]
        written["relations"].append({"terms": [*terms, [one.name(whole), -1]]})


def _needed(one: Census, at: At, threshold: int) -> tuple[int, int] | None:
    """The interval an intruder must keep for one quantity, or None where its number is safe.

    Everybody in one category means nobody in the others, so zeros cover full rows. A zero says
    nothing where nobody could have been counted.
    """
    cell = one.cells[at]
    if cell.public or threshold <= 1:
        return None
    zero = cell.value == 0 and cell.zero_sensitive and all(one.cells[p].value for p in one.parents(at))
    if not zero and not 1 <= cell.value < threshold:
        return None
    return int(cell.present), threshold
