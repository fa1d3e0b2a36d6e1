"""A smallest set of printed statements that cannot all be true together, found by leaving out."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.release.audit.integers.part import left_open
from evaluation.release.audit.integers.search import satisfiable
from evaluation.release.audit.system import System
from evaluation.texts import Message, quoted


def conflict(system: System) -> Message:
    """The sentence that names the ids of a smallest colliding set of statements, without any number.

    No statement of the set can be left out: the rest of it could be true.
    """
    kept = _shrink(system, list(range(len(system.facts))))
    ids = dict.fromkeys(id for fact in kept for id in system.facts[fact])
    key = "release.audit.conflict_one" if len(ids) == 1 else "release.audit.conflict_several"
    return Message(key, names=[quoted(id) for id in ids])


def _shrink(system: System, facts: list[int]) -> list[int]:
    """Leaves out ever smaller blocks as long as the rest still collides."""
    block = max(1, len(facts) // 2)
    while True:
        start, shrunk = 0, False
        while start < len(facts):
            rest = facts[:start] + facts[start + block :]
            if collides(system, rest):
                facts, shrunk = rest, True
            else:
                start += block
        if block == 1 and not shrunk:
            return facts
        block = max(1, block // 2)


def collides(system: System, facts: Sequence[int]) -> bool:
    """Whether these of the system's statements cannot all be true together."""
    chosen = set(facts)
    left = left_open(system, [row for row in system.rows if row.fact in chosen])
    return left is None or any(not satisfiable(part) for _, part in left[2])
