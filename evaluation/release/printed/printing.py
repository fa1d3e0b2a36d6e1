"""What leaves of a judged draft, and what the ledger remembers of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from evaluation.release import bundle
from evaluation.release.files.chain import Entry, LedgerCell, Population, PrintedMean
from evaluation.release.gate import printed
from evaluation.release.judged import Judged
from evaluation.release.planned import recalled
from evaluation.release.released import Certificate, CountTable, Draft, Provenance, Released, Value
from evaluation.release.system.assembly import facts_of, mean_disclosures, rows
from evaluation.release.system.means import printed_means
from evaluation.release.system.quantities import At, Quantities, identity
from evaluation.schema import Rules


def leaving_of(
    draft: Draft,
    values: Mapping[str, Value],
    counted: tuple[Quantities, ...],
    *,
    certificate: Certificate,
    provenance: Provenance,
) -> Released:
    """The draft with the printed ``values`` of its quantities, those ``counted``, in place of the true ones."""
    threshold = certificate.threshold
    tables = tuple(_printed_table(table, draft.release, values) for table in (*draft.tables, *draft.ranged))
    means = printed_means(draft.means, counted, threshold=threshold, printed=values)
    tables, means = recalled.tables_of(draft, tables), recalled.means_of(draft, means)
    tables, means = (*tables, *draft.repeated), (*means, *draft.repeated_means)
    proposed = Released(
        facts=draft.facts,
        release=draft.release,
        tables=tables,
        means=means,
        indicators=recalled.lines_of(draft, tables, means),
        activities=draft.activities,
        surveys=draft.surveys,
        certificate=certificate,
        provenance=provenance,
        digest="",
        replaces=draft.replaces,
        elsewhere=draft.elsewhere,
    )
    return bundle.settled(proposed)


def _printed_table(table: CountTable, release: str, values: Mapping[str, Value]) -> CountTable:
    if not table.protected:
        return table
    counts = (
        dataclasses.replace(count, value=values.get(identity(table.population, release, count.at)))
        for count in table.counts
    )
    return dataclasses.replace(table, counts=tuple(counts))


def certificate_of(judged: Judged, rules: Rules, entries: Sequence[Entry], *, beside: bool = False) -> Certificate:
    """What the gate did, in numbers. ``beside``: among those that a confidential edition prints."""
    return Certificate(
        profile=rules.profile,
        threshold=rules.threshold,
        numbers=len(printed(judged.counted, ())),
        hidden=len(judged.hidden),
        optimal=None if entries else not judged.gap,
        gap=None,
        exact=len(judged.exact),
        narrow=len(judged.narrow),
        earlier_releases=len(entries),
        candidates=judged.candidates,
        declared_late=judged.draft.declared_late,
        apart=judged.apart,
        beside=beside,
    )


def entry_of(judged: Judged, leaving: Released, *, project: str, threshold: int) -> Entry:
    """What the ledger will remember of the proposal; its bundle and hash come with the release."""
    scales = {one.outcome: one.scale for one in judged.draft.scored}
    return Entry(
        project=project,
        release=leaving.release,
        profile=leaving.certificate.profile,
        threshold=threshold,
        released_on=leaving.provenance.released_on,
        populations={counts.population: _population(counts, judged, threshold) for counts in judged.counted},
        means=tuple(
            PrintedMean(
                mean.id,
                mean.method,
                mean.n if isinstance(mean.n, int) else None,
                mean.change,
                mean.low,
                mean.high,
                mean.start,
                mean.wave,
                scales.get(mean.id.partition(".")[0], ""),
            )
            for mean in leaving.means
            if mean.change is not None and mean.as_of is None
        ),
        content=bundle.content(leaving),
        bundle="",
        previous=leaving.provenance.ledger_head,
        erratum_of=leaving.replaces.release if leaving.replaces else "",
        hours=judged.draft.hours is not None,
    )


def _population(counts: Quantities, judged: Judged, threshold: int) -> Population:
    """What the ledger keeps of a population: printed numbers, and what follows of the hidden ones."""
    values, intervals = printed([counts], judged.hidden), judged.verdict.intervals
    disclosures = mean_disclosures(judged.draft, judged.counted, threshold=threshold)
    disclosed = {name for disclosure in disclosures for name in disclosure.least}
    cells = []
    for at in _lasting(judged.draft, counts):
        name = counts.name(at)
        value = values.get(name)
        if value is None and name in disclosed:  # a printed mean says how many there are at least
            value = judged.document.bounds[name][0] or 0, counts.cells[frozenset()].value
        between = None if isinstance(value, int) else intervals.get(name)
        cells.append(LedgerCell(dict(sorted(at)), value, between))
    kept = {counts.name(frozenset(cell.at.items())) for cell in cells}
    variables = {name for cell in cells for name in cell.at}
    known = rows(judged.draft, judged.counted, threshold=threshold)
    changes = judged.document.changes.get(counts.population, ())
    return Population(
        codes={name: codes for name, codes in counts.codes.items() if name in variables},
        within={name: maps for name, maps in counts.within.items() if name in variables},
        cells=tuple(cells),
        rows=tuple(row for of, row in known if of == counts.population and kept.issuperset(n for n, _ in row.terms)),
        changes={name: intervals[name] for name in changes if name in intervals},
        left=judged.document.left.get(counts.population, 0),
        smaller=judged.document.smaller.get(counts.population, ()),
        facts=tuple(fact for fact in facts_of(judged.draft, counts) if fact.variables <= variables),
        told=tuple(one.told for one in disclosures if one.told and one.population == counts.population),
    )


def _lasting(draft: Draft, counts: Quantities) -> list[At]:
    """The quantities that later releases answer to: no topic that is told in another release only."""
    told = draft.lasting
    return [at for at in counts.cells if not at or told is None or any({name for name, _ in at} <= one for one in told)]
