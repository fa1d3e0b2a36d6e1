"""What any reader of a release can say of the numbers that it does not print, by sums and implications alone."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Mapping

from evaluation.release.judged import Audit
from evaluation.release.released import Draft
from evaluation.release.system.assembly import document, mean_disclosures, publication, quantities_of
from evaluation.release.system.quantities import At, Quantities, identity

Range = tuple[int, int]


def ranges(
    draft: Draft,
    hidden: Collection[str],
    counted: tuple[Quantities, ...] | None = None,
    *,
    threshold: int,
    audit: Audit,
) -> Mapping[str, Range]:
    """The smallest and largest number of each ``hidden`` one and of those that are told as ranges only.

    Nothing of one that may be anybody or nobody. ``counted``: its quantities, where they are made already.

    They follow from what is printed, how many a printed mean is of at least included, and from what is true of
    every list of people, so that printing them excludes none of the lists that fit the release. Nothing that holds
    only of these people is used: no value of a mean, no number of people that a statement implies, no earlier
    release and what may have changed since.
    """
    counted = quantities_of(draft) if counted is None else counted
    told = {identity(table.population, draft.release, count.at) for table in draft.ranged for count in table.counts}
    wanted = {*hidden, *told}
    written = document(draft, counted, threshold=threshold)
    of_means = {row for mean in mean_disclosures(draft, counted, threshold=threshold) for row in mean.rows}
    universal = dataclasses.replace(
        written,
        relations=tuple(row for row in written.relations if not row.rhs and row not in of_means),
        sensitive={},
        people=tuple(dataclasses.replace(one, told=()) for one in written.people),
    )
    verdict = audit(publication(universal, hidden).as_mapping())
    found = {}
    for counts in counted:
        for at, cell in counts.cells.items():
            name = counts.name(at)
            if name in wanted and name in verdict.intervals and name not in verdict.unproven:
                low, high = verdict.intervals[name]
                if None not in (low, high) and (low > cell.present or high < _whole(counts, at, hidden)):
                    found[name] = (low, high)
    return found


def _whole(counts: Quantities, at: At, hidden: Collection[str]) -> float:
    """The smallest printed number that the one ``at`` these codes is a part of."""
    wholes, seen = [at], set[At]()
    while wholes:
        seen.update(wholes)
        wholes = [parent for one in wholes for parent in counts.parents(one) if parent not in seen]
    printed = (counts.cells[one] for one in seen - {at} if counts.name(one) not in hidden)
    return min((cell.value for cell in printed if cell.shown), default=math.inf)
