"""What planned releases will not tell because an earlier one tells a number of theirs: known before anything leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluation.release.planned.schedule import Foreseen, Telling, about_people, scheduled
from evaluation.release.released import CountTable, Draft, Released
from evaluation.schema import PlannedRelease


def lost(
    draft: Draft, plans: Sequence[PlannedRelease], before: Sequence[Released], *, threshold: int
) -> Iterator[tuple[PlannedRelease, tuple[CountTable, ...]]]:
    """The tables that each of ``plans``, one after the other, neither tells nor repeats, but would without the others.

    ``before``: what readers were told so far. That nobody joins until then is supposed: only then they stay untold.
    """
    told: list[Telling] = list(before)
    for plan in plans:
        alone, made = (scheduled(draft, plan, some, threshold=threshold) for some in (before, told))
        kept = {table.id for table in (*_of_people(made), *made.repeated)}
        gone = tuple(table for table in _of_people(alone) if table.id not in kept)
        if gone:
            yield plan, gone
        told.append(foreseen(made, plan))


def _of_people(made: Draft) -> Iterator[CountTable]:
    return filter(about_people, (*made.tables, *made.ranged))


def foreseen(made: Draft, plan: PlannedRelease) -> Foreseen:
    """The draft as if all of it had been told on the planned day."""
    tables, means = (*made.tables, *made.ranged, *made.repeated), (*made.means, *made.repeated_means)
    return Foreseen(plan.name, plan.date, made.facts, tables, means, made.indicators)
