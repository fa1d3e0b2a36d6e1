"""What is true of every person: which counts of a draft can be no larger than which others."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence

from evaluation.project.draft.counting import count_of
from evaluation.release.released import Reference, Relation
from evaluation.schema import Course, Outcome


def at_most(some: Iterable[Reference], others: Iterable[Reference]) -> Relation:
    """Whoever is counted among ``some`` is counted among ``others``."""
    return Relation((*((each, 1) for each in some), *((each, -1) for each in others)))


def completed(courses: Sequence[Course], tables: Collection[str]) -> Iterator[Relation]:
    """Whoever completed a course took one, and whoever took one and completed none attended one."""
    if not {"taken", "completed"} <= set(tables):
        return
    taken, completed = count_of("taken", "yes"), count_of("completed", "yes")
    yield at_most([completed], [taken])
    yield at_most([taken], [completed, *(count_of(f"course:{course.id}", "attended") for course in courses)])


def one_session(courses: Sequence[Course]) -> Iterator[Relation]:
    """Nobody attends a course without completing it where one session completes it."""
    for course in courses:
        if course.minimum_sessions <= 1:
            yield at_most([count_of(f"course:{course.id}", "attended")], [])


def same_scale(outcomes: Sequence[Outcome]) -> Iterator[Relation]:
    """Of two outcomes on one scale both have the same pairs, and what is a step by the larger is one by the smaller."""
    for small, large in itertools.permutations(outcomes, 2):
        if small.scale == large.scale and (small.step, small.id) < (large.step, large.id):
            yield Relation(((count_of(f"{small.id}.pairs", "yes"), 1), (count_of(f"{large.id}.pairs", "yes"), -1)), "=")
            for way in ("higher", "lower"):
                yield at_most([count_of(f"{large.id}.direction", way)], [count_of(f"{small.id}.direction", way)])


def supported(tables: Sequence[str]) -> Iterator[Relation]:
    """Whoever was given one kind of support was supported."""
    for kind in tables:
        if kind.startswith("supported.") and "supported" in tables:
            yield at_most([count_of(kind, "yes")], [count_of("supported", "yes")])


def paired_answered(outcomes: Iterable[Outcome]) -> Iterator[Relation]:
    """Whoever has both measurements of an outcome answered at the end."""
    finished = Reference("flow", {"stage": "finished"})
    for outcome in outcomes:
        yield at_most([count_of(f"{outcome.id}.pairs", "yes")], [finished])
