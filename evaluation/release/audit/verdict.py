"""What an intruder can still derive from a published document: tight ends of every hidden number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evaluation.errors import Contradiction, EvaluationError
from evaluation.release.audit.document import read_system
from evaluation.release.audit.integers.conflict import collides, conflict
from evaluation.release.audit.integers.part import left_open
from evaluation.release.audit.integers.search import Undecided, span
from evaluation.release.audit.persons.ends import Bound, Known
from evaluation.release.audit.persons.people import Memory, known, possible
from evaluation.release.audit.system import Limit, System
from evaluation.texts import Message, quoted, say


@dataclass(frozen=True, slots=True)
class Audit:
    """The verdict on one document.

    ``intervals``: smallest and largest value of every id that is not printed as a plain number, None where nothing
    bounds it: those of counts are whole, a float is of a continuous quantity.
    ``exact``: ids among them with one possible value. ``narrow``: ids of ``sensitive`` whose interval
    does not contain what it must. ``where``: what contradicts, None if nothing does.
    ``unproven``: ids whose ends HiGHS found in floating point, beyond the reach of the exact search.
    """

    consistent: bool
    intervals: Mapping[str, tuple[Any, Any]]
    exact: tuple[str, ...] = ()
    narrow: tuple[str, ...] = ()
    where: Message | None = None
    unproven: tuple[str, ...] = ()
    rows: tuple[Bound, ...] = ()  # sums of quantities, at most so much for all people, that make something narrow
    apart: bool = False  # whether each release was judged by itself: people can move on in too many ways
    asked: bool = False  # whether the document lists sensitive quantities

    def as_json(self) -> dict[str, Any]:
        """What ``evaluation audit --json`` prints."""
        answer: dict[str, Any] = {
            "consistent": self.consistent,
            "intervals": {id: list(ends) for id, ends in self.intervals.items()},
            "exact": list(self.exact),
        }
        if self.asked:
            answer["narrow"] = list(self.narrow)
        if self.unproven:
            answer["unproven"] = list(self.unproven)
        if self.where:
            answer["where"] = say(self.where, "en")
        return answer


def audit(document: Mapping[str, Any], *, memory: Memory | None = None) -> Audit:
    """The tight interval of every unknown of ``document`` (parsed JSON, format ``sdc-audit/1``).

    Bounds first narrow each other in exact arithmetic; what stays open falls into connected parts; in
    each part prices of a linear program, checked in fractions, and branching prove both ends of every unknown.

    Raises BadDeclaration for a document that cannot be understood, EvaluationError where the search for
    a first solution does not end (coefficients of many digits without bounds). Numbers that contradict
    each other are an answer: ``consistent`` is False and ``where`` names a smallest set of ids that
    collide. ``memory``: what was found of other documents of one proposal, for speed: people who fitted
    them are tried first.
    """
    try:
        system = read_system(document)
    except Contradiction as error:
        return Audit(consistent=False, intervals={}, where=error.message)
    people = bool(document.get("people"))
    found = known(document, system, memory) if people else _solve(system)
    if found is None:
        return Audit(consistent=False, intervals={}, where=_where(system))
    ends = {id: (found.low[index], found.high[index]) for id, index in system.where.items()}
    narrow = tuple(id for id, wanted in system.sensitive.items() if not _contains(ends[id], wanted))
    return Audit(
        consistent=True,
        intervals={id: (_shown(ends[id][0]), _shown(ends[id][1])) for id in system.unknown},
        exact=tuple(sorted(id for id in system.unknown if None is not ends[id][0] == ends[id][1])),
        narrow=found.narrow if people else narrow,
        rows=found.rows,
        apart=found.apart,
        unproven=tuple(id for id in system.unknown if system.where[id] in found.unproven),
        asked=bool(system.sensitive),
    )


def consistent(document: Mapping[str, Any], *, memory: Memory | None = None) -> bool:
    """Whether all that ``document`` states can be true together, without the interval of any unknown.

    ``memory``: as for ``audit``.
    """
    try:
        system = read_system(document)
    except Contradiction:
        return False
    if document.get("people"):
        return possible(document, system, memory)
    return not collides(system, range(len(system.facts)))


def audit_exit_code(result: Audit) -> int:
    """0: nothing is exactly recoverable, 4: something is, 5: the document contradicts itself."""
    if not result.consistent:
        return Contradiction.exit_code
    return 4 if result.exact else 0


def _where(system: System) -> Message:
    """A smallest set of statements that collide, or that no list of people fits all of them."""
    return conflict(system) if collides(system, range(len(system.facts))) else Message("release.audit.no_people")


def _solve(system: System) -> Known | None:
    if (left := left_open(system, system.rows)) is None:
        return None
    (low, high, parts), unproven = left, set[int]()
    for members, part in parts:
        try:
            narrowed = span(part)
        except Undecided:
            raise EvaluationError(
                "release.audit.undecided", names=[quoted(system.quantities[index].ids[0]) for index in members[:4]]
            ) from None
        if narrowed is None:
            return None
        unproven.update(members[at] for at in narrowed.unproven)
        for position, index in enumerate(members):
            low[index], high[index] = narrowed.low[position], narrowed.high[position]
    return Known(tuple(low), tuple(high), unproven=frozenset(unproven))


def _contains(outer: tuple[Limit, Limit], inner: tuple[Limit, Limit]) -> bool:
    """Whether the interval ``outer`` reaches both ends of ``inner``; None is without end."""
    below = outer[0] is None or (inner[0] is not None and outer[0] <= inner[0])
    return below and (outer[1] is None or (inner[1] is not None and outer[1] >= inner[1]))


def _shown(end: Limit) -> float | None:
    return float(end) if isinstance(end, Fraction) else end
