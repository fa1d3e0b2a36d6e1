"""What planned releases will not tell because an earlier one tells a number of theirs: known before anything leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluation.release.planned.schedule import about_people, scheduled
from evaluation.release.released import Certificate, CountTable, Draft, Provenance, Released
from evaluation.schema import PlannedRelease


def lost(
    draft: Draft, plans: Sequence[PlannedRelease], before: Sequence[Released], *, threshold: int
) -> Iterator[tuple[PlannedRelease, tuple[CountTable, ...]]]:
    """The tables that each of ``plans``, one after the other, neither tells nor repeats, but would without the others.

    ``before``: what readers were told so far. That nobody joins until then is supposed: only then they stay untold.
    """
    told = list(before)
    for plan in plans:
        alone, made = (scheduled(draft, plan, some, threshold=threshold) for some in (before, told))
        kept = {table.id for table in (*_of_people(made), *made.repeated)}
        gone = tuple(table for table in _of_people(alone) if table.id not in kept)
        if gone:
            yield plan, gone
        told.append(_told(made, plan, threshold=threshold))


def _of_people(made: Draft) -> Iterator[CountTable]:
    return filter(about_people, (*made.tables, *made.ranged))


def _told(made: Draft, plan: PlannedRelease, *, threshold: int) -> Released:
    """The draft as if all of it had been told on the planned day; it never leaves."""
    nothing = Certificate(
        "", threshold, numbers=0, hidden=0, optimal=True, gap=None, exact=0, narrow=0, earlier_releases=0
    )
    return Released(
        facts=made.facts,
        release=plan.name,
        tables=(*made.tables, *made.ranged, *made.repeated),
        means=(*made.means, *made.repeated_means),
        indicators=made.indicators,
        activities=(),
        surveys=(),
        certificate=nothing,
        provenance=Provenance(data="", plan="", library="", python="", released_on=plan.date),
        digest="",
    )
