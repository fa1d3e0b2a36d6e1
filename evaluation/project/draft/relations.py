"""What is true of every person: which counts of a draft can be no larger than which others."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence

from evaluation.release.released import Reference, Relation
from evaluation.schema import Course, Outcome


def completed(courses: Sequence[Course], tables: Collection[str]) -> Iterator[Relation]:
    """Whoever completed a course took one, and whoever took one and completed none attended one."""
    if not {"taken", "completed"} <= set(tables):
        return
    taken, completed = (Reference(name, {name: "yes"}) for name in ("taken", "completed"))
    some = [Reference(f"course:{c.id}", {f"course:{c.id}": "attended"}) for c in courses]
    yield Relation(((completed, 1), (taken, -1)))
    yield Relation(((taken, 1), (completed, -1), *((one, -1) for one in some)))


def one_session(courses: Sequence[Course]) -> Iterator[Relation]:
    """Nobody attends a course without completing it where one session completes it."""
    for course in courses:
        if course.minimum_sessions <= 1:
            name = f"course:{course.id}"
            yield Relation(((Reference(name, {name: "attended"}), 1),))


def same_scale(outcomes: Sequence[Outcome]) -> Iterator[Relation]:
    """Of two outcomes on one scale both have the same pairs, and what is a step by the larger is one by the smaller."""
    for small, large in itertools.permutations(outcomes, 2):
        if small.scale == large.scale and (small.step, small.id) < (large.step, large.id):
            pairs = [Reference(f"{one.id}.pairs", {f"{one.id}.pairs": "yes"}) for one in (small, large)]
            yield Relation(((pairs[0], 1), (pairs[1], -1)), "=")
            for way in ("higher", "lower"):
                own, other = (Reference(f"{one.id}.direction", {f"{one.id}.direction": way}) for one in (small, large))
                yield Relation(((other, 1), (own, -1)))


def supported(tables: Sequence[str]) -> Iterator[Relation]:
    """Whoever was given one kind of support was supported."""
    for kind in tables:
        if kind.startswith("supported.") and "supported" in tables:
            yes = [Reference(name, {name: "yes"}) for name in (kind, "supported")]
            yield Relation(((yes[0], 1), (yes[1], -1)))


def paired_answered(outcomes: Iterable[Outcome]) -> Iterator[Relation]:
    """Whoever has both measurements of an outcome answered at the end."""
    finished = Reference("flow", {"stage": "finished"})
    for outcome in outcomes:
        pairs = f"{outcome.id}.pairs"
        yield Relation(((Reference(pairs, {pairs: "yes"}), 1), (finished, -1)))
