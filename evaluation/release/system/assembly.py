"""A draft's protected counts, with everything ever released, as one document that can be judged."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from evaluation.errors import Contradiction
from evaluation.release.facts import Facts
from evaluation.release.files.chain import Entry, Interval, Row
from evaluation.release.printed.points import Told
from evaluation.release.released import CountTable, Draft
from evaluation.release.system import earlier as history
from evaluation.release.system.document import Cell, Document, People, Table, Unprinted, joined, total
from evaluation.release.system.implied import implied
from evaluation.release.system.means import MeanDisclosure, disclosure
from evaluation.release.system.quantities import At, Quantities, identity, quantities

OPEN_POPULATIONS = frozenset({"activities", "organisations", "delegates", "staff"})
"""Whom a table may count without protection; participants are never among them."""

PriorIntervals = Mapping[str, Interval]
"""What an intruder can say of each unknown before anything of this release is printed."""


def document(
    draft: Draft,
    counted: tuple[Quantities, ...] | None = None,
    *,
    threshold: int,
    earlier: Sequence[Entry] = (),
    unseen: Collection[str] = (),
    printable: Collection[str] | None = None,
    known: PriorIntervals | None = None,
) -> Document:
    """The linear system of all protected tables of ``draft``.

    One cell per distinct quantity (``counted``, where they are made already), named population@release[codes]; every
    sum between them, also those over quantities that no table shows (hidden unknowns); what the printed means say; all
    ``earlier`` releases. ``unseen``: variables in which somebody was corrected or moved on although
    no printed number shows it. ``printable``: the only quantities that may be printed, if not all that tables show,
    where another edition prints these and its reader knows between which numbers each of the others is (``known``).

    What cannot be printed has no number here after an earlier release, or beside another edition: what a reader
    supposes is decided by what she may come to see.

    Raises Contradiction when the tables contradict themselves or each other, or when a table of
    people is declared open.
    """
    counted = quantities_of(draft) if counted is None else counted
    parts = [Document(draft.release, threshold)]
    disclosures = mean_disclosures(draft, counted, threshold=threshold)
    unprinted: list[str] = []
    for counts in counted:
        seen = {
            at
            for at, cell in counts.cells.items()
            if cell.shown and (printable is None or counts.name(at) in printable)
        }
        unprinted += [counts.name(at) for at in counts.cells if at not in seen]
        smaller = history.decreased(counts, earlier, seen, unseen)
        told = tuple(one.told for one in disclosures if one.told and one.population == counts.population)
        parts += [
            _this_release(counts, threshold, facts_of(draft, counts), told, revised=draft.replaces is not None),
            history.remembered(
                counts,
                earlier,
                threshold=threshold,
                seen=seen,
                smaller=smaller,
                revised=draft.replaces is not None,
                known=None if printable is None else known or {},
            ),
        ]
    implied_rows = tuple(row for _, row in rows(draft, counted, threshold=threshold))
    whole = joined([*parts, Document(draft.release, threshold, relations=implied_rows)])
    bounds = dict(whole.bounds)
    for disclosed in disclosures:
        for name, least in disclosed.least.items():
            bounds[name] = max(bounds.get(name, (0, None))[0] or 0, least), None
    if earlier or printable is not None:
        whole = whole.with_values(dict.fromkeys(unprinted))
    return dataclasses.replace(whole, bounds=bounds)


def mapping(draft: Draft, *, threshold: int, earlier: Sequence[Entry] = ()) -> dict[str, Any]:
    """The document of a draft in the open format; see ``document``."""
    return document(draft, threshold=threshold, earlier=earlier).as_mapping()


def quantities_of(draft: Draft) -> tuple[Quantities, ...]:
    """The protected populations of a draft, each with all its quantities, in the order of the tables."""
    tables: dict[str, list[CountTable]] = {}
    for table in draft.tables:
        if table.protected:
            tables.setdefault(table.population, []).append(table)
        elif table.population not in OPEN_POPULATIONS:
            raise Contradiction(
                "release.table.open", table=table.id, population=table.population, names=sorted(OPEN_POPULATIONS)
            )
    unshown = (*draft.joint, *draft.ranged)
    joint = {name: [table for table in unshown if table.population == name] for name in tables}
    return tuple(quantities(some, draft.release, joint[name]) for name, some in tables.items())


def rows(draft: Draft, counted: Sequence[Quantities], *, threshold: int) -> tuple[tuple[str, Row], ...]:
    """What everybody knows of counts besides sums, each with the population it is about.

    These are the declared relations, the facts about people, in every group too that is counted by all of their
    variables, and what the printed means say.

    Raises Contradiction when a relation points at a count that is not there.
    """
    tables = (*draft.tables, *draft.joint)
    homes = {table.id: counts for table in tables for counts in counted if counts.population == table.population}
    rows = []
    for relation in (*draft.relations, *(draft.hours.rows if draft.hours else ())):
        places = [(homes.get(place.table), frozenset(place.at.items()), number) for place, number in relation.terms]
        named = []
        for home, at, number in places:
            if home is None or at not in home.cells:
                name = identity(home.population if home else "", draft.release, at)
                raise Contradiction("release.table.no_relation", name=name)
            named.append((home.name(at), number))
        home = homes[relation.terms[0][0].table]
        rows.append((home.population, Row(tuple(named), relation.sense, relation.rhs)))
    for counts in counted:
        rows += [(counts.population, row) for row in implied(facts_of(draft, counts), counts)]
    means = mean_disclosures(draft, counted, threshold=threshold)
    return (*rows, *((mean.population, row) for mean in means for row in mean.rows))


def facts_of(draft: Draft, counts: Quantities) -> Facts:
    """What is true of everybody by the variables of one population."""
    return tuple(fact for fact in draft.implications if fact.variables <= counts.codes.keys())


def mean_disclosures(draft: Draft, counted: Sequence[Quantities], *, threshold: int) -> tuple[MeanDisclosure, ...]:
    """The means of the draft that may be printed, with what they say about counts."""
    told = (disclosure(mean, counted, threshold=threshold, scored=draft.scored) for mean in draft.means)
    return tuple(disclosed for disclosed in told if disclosed is not None)


def publication(document: Document, hidden: Collection[str]) -> Document:
    """The document as an intruder sees it: ``hidden`` cells and everything unprinted without numbers."""
    return document.with_values(dict.fromkeys([*hidden, *(quantity.id for quantity in document.hidden)]))


def attainable(document: Document, prior: PriorIntervals) -> Document:
    """The document that asks for no more uncertainty than is left when nothing new is printed.

    ``prior``: what an intruder can say of each unknown from public numbers and earlier releases
    alone. Of 41 and 43 people whom everybody knows at most two joined, whatever is hidden now. What
    would be known of a first release's own cells in any case stays asked, so that it is refused; what
    somebody takes for true after earlier ones, or beside another edition, is nothing that this one tells.
    """
    possible, later = {}, any(document.changes.values())
    for name, (low, high) in document.sensitive.items():
        least, most = prior.get(name, (None, None))
        within = (low if least is None else max(low, least), high if most is None else min(high, most))
        if within[0] < within[1]:
            possible[name] = within
        elif name in document.own and not later:
            possible[name] = low, high
    return dataclasses.replace(document, sensitive=possible)


def beside(document: Document, printable: Collection[str], known: PriorIntervals) -> Document:
    """The document of an edition beside another, which asks for nothing that the reader of the other does not know.

    Of a number that the other edition does not print she knows in what interval it lies (``known``). If every number
    that may be unsafe by that is protected, what is hidden here is the same for all numbers that she takes for
    possible, so that it tells her nothing. What earlier releases of this edition kept uncertain stays so; of changes
    since then see ``remembered``.
    """
    asked = {name: ends for name, ends in document.sensitive.items() if name in printable or name not in document.own}
    for name in document.own if document.threshold > 1 else ():
        least = known.get(name, (None, None))[0] or 0
        if name not in printable and name not in document.must_publish and least < document.threshold:
            asked[name] = document.bounds.get(name, (0, None))[0] or 0, document.threshold
    return dataclasses.replace(document, sensitive=asked)


def as_if(document: Document, counted: Sequence[Quantities], values: Mapping[str, int], threshold: int) -> Document:
    """The (part of the) ``document`` as it would be written if these were the true ``values`` of its cells."""
    ids = {cell.id for cell in document.cells} | {quantity.id for quantity in document.hidden}
    asked: dict[str, tuple[int, int]] = {}
    for counts in counted:
        cells = {
            at: dataclasses.replace(cell, value=values.get(counts.name(at), cell.value))
            for at, cell in counts.cells.items()
        }
        whole = dataclasses.replace(counts, cells=cells)
        for at in cells:
            needed = _needed(whole, at, threshold)
            if needed is not None and counts.name(at) in ids:
                asked[counts.name(at)] = needed
    return dataclasses.replace(document.with_values(values), sensitive=asked)


def _this_release(
    counts: Quantities, threshold: int, facts: Facts, told: tuple[Told, ...], *, revised: bool
) -> Document:
    """The quantities of one population in this release, and the sums between them."""
    named = [(counts.name(at), dict(sorted(at)), cell) for at, cell in counts.cells.items()]
    needed = ((counts.name(at), _needed(counts, at, threshold)) for at in counts.cells)
    shown = tuple(Cell(name, codes, cell.value, cell.weight) for name, codes, cell in named if cell.shown)
    return Document(
        counts.release,
        threshold,
        tables=(Table(f"{counts.population}@{counts.release}", counts.release, counts.population, shown),),
        hidden=tuple(Unprinted(name, codes, cell.value) for name, codes, cell in named if not cell.shown),
        relations=tuple(
            total(counts.name(whole), [counts.name(part) for part in parts]) for whole, parts in counts.sums
        ),
        bounds={name: (1, None) for name, _, cell in named if cell.present},
        must_publish=tuple(name for name, _, cell in named if cell.public),
        sensitive={name: ends for name, ends in needed if ends is not None},
        own=tuple(name for name, _, _ in named),
        people=(
            People(
                counts.codes,
                counts.within,
                facts,
                {name: codes for name, codes, _ in named},
                told,
                counts.population,
                revised=revised,
            ),
        ),
    )


def _needed(counts: Quantities, at: At, threshold: int) -> tuple[int, int] | None:
    """The interval an intruder must keep for one quantity, or None where its number is safe.

    Everybody in one category means nobody in the others, so zeros cover full rows. A zero says
    nothing where nobody could have been counted.
    """
    cell = counts.cells[at]
    if cell.public or threshold <= 1:
        return None
    zero = cell.value == 0 and cell.zero_sensitive and all(counts.cells[p].value for p in counts.parents(at))
    if not zero and not 1 <= cell.value < threshold:
        return None
    return int(cell.present), threshold
