"""What is true of every participant as the kit computes it: implications between codes, stated once."""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaluation import descriptors
from evaluation.errors import Contradiction
from evaluation.release.printed.points import Ends, Scored
from evaluation.schema import Breakdown, Course, Outcome, Scale

Place = tuple[str, tuple[str, ...]]
"""A variable and some of its codes."""

_THIRDS = ("low", "middle", "high", "none")
_WAYS = ("higher", "same", "lower", "not_paired")

SITUATIONS = ("regulated", "in_procedure", "unregulated")
"""What somebody's right of residence or legal situation is, where it is told."""

NOT_TOLD = "not_told"
"""Of whom no situation is told: citizens, those of whom none is recorded, and whoever did not agree to it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Whoever is at one of these codes is, of some of the variables in ``then``, at one of their codes.

    Nobody is where ``then`` is empty.
    """

    whoever: Place
    then: tuple[Place, ...]

    @property
    def variables(self) -> frozenset[str]:
        """All variables that it ties."""
        return frozenset(name for name, _ in (self.whoever, *self.then))


Facts = tuple[Fact, ...]


def stated(
    counted: Collection[str],
    courses: Sequence[Course],
    outcomes: Sequence[tuple[Outcome, Scale]],
    breakdowns: Sequence[Breakdown] = (),
) -> Facts:
    """The facts about variables that are all ``counted``. They hold among those of every group, too."""
    facts = [
        *_courses([course.id for course in courses]),
        *(_nobody(f"course:{course.id}", "attended") for course in courses if course.minimum_sessions <= 1),
        *(fact for name in sorted(counted) for fact in _of_kinds(name)),
        *_some_kind(),
        *_support(),
        *(fact for kind in ("residence", "legal") for fact in _status(kind, breakdowns)),
        *_regulated(),
        *(fact for outcome, scale in outcomes for fact in _outcome(outcome, scale)),
        *_same_scale([outcome for outcome, _ in outcomes]),
        *_later([outcome for outcome, _ in outcomes], counted),
    ]
    return tuple(fact for fact in facts if fact.variables <= {*counted})


def check(facts: Facts, codes: Mapping[str, Mapping[str, str]]) -> None:
    """``codes``: where each person is by each variable. Raises Contradiction naming a fact that is false of somebody.

    Nothing in the error tells of whom.
    """
    for fact in facts:
        name, some = fact.whoever
        there = (person for person, code in codes[name].items() if code in some)
        if not all(any(codes[other][person] in at for other, at in fact.then) for person in there):
            then = " / ".join(map(_said, fact.then))
            key = "release.fact.false" if then else "release.fact.nobody"
            raise Contradiction(key, whoever=_said(fact.whoever), then=then)


def _said(place: Place) -> str:
    return f"{place[0]} = {'/'.join(place[1])}"


def _at(name: str, code: str, *then: tuple[str, str]) -> Fact:
    return Fact((name, (code,)), tuple((other, (at,)) for other, at in then))


def _nobody(name: str, code: str) -> Fact:
    return Fact((name, (code,)), ())


def _courses(ids: Sequence[str]) -> Iterator[Fact]:
    """Whoever took (completed) one course did so with any, and with one at least; what completing says of taking."""
    taken = [(f"course:{id}.taken", "yes") for id in ids]
    completed = [(f"course:{id}", "completed") for id in ids]
    attended = [(f"course:{id}", "attended") for id in ids]
    for any_course, each in (("taken", taken), ("completed", completed)):
        yield from (_at(*one, (any_course, "yes")) for one in each)
        yield _at(any_course, "yes", *each)  # nobody, where there is no course
    yield _at("completed", "yes", ("taken", "yes"))
    yield _at("taken", "yes", ("completed", "yes"), *attended)


_WIDER = {
    "supported": ("supported",),
    "referred": ("referred",),
    "referral_accepted": ("referral_accepted", "referred"),
    "goals": ("goals",),
}
"""What counts whomever a variable of this name counts, too: of the same kind, and of any."""


def _of_kinds(name: str) -> Iterator[Fact]:
    """Whoever was given or reached something of one kind was so of some; whoever was accepted was referred."""
    measure, _, kind = name.removesuffix(_ASSESSED).partition(".")
    end = _ASSESSED if name.endswith(_ASSESSED) else ""
    code = "reached" if measure == "goals" and not end else "yes"
    for wider in _WIDER.get(measure, ()):
        implied = {f"{wider}.{kind}{end}", f"{wider}{end}"} if kind else {f"{wider}{end}"}
        yield from (_at(name, code, (other, code)) for other in sorted(implied - {name}))


def _some_kind() -> Iterator[Fact]:
    """Whoever was referred, was accepted or reached a goal was so of one kind at least, where all are counted."""
    kinds = dict.fromkeys(("referred", "referral_accepted"), "institution_kinds") | {"goals": "goal_kinds"}
    for name, codes in kinds.items():
        for end, code in (("", "reached"), (_ASSESSED, "yes")) if name == "goals" else (("", "yes"),):
            yield _at(f"{name}{end}", code, *((f"{name}.{kind}{end}", code) for kind in descriptors.codes(codes)))


def _support() -> Iterator[Fact]:
    """Whoever had some kind of support had it in its area, and whoever had it in an area in one at least."""
    kinds: dict[str, list[str]] = {}
    for kind, area in descriptors.recode("support_kinds", "area").items():
        kinds.setdefault(f"support:{area}", []).append(f"supported.{kind}")
    for area, own in kinds.items():
        yield from (_at(kind, "yes", (area, "yes")) for kind in own)
        yield _at(area, "yes", *((kind, "yes") for kind in own))
        yield _at(area, "yes", ("supported", "yes"))
    yield _at("supported", "yes", *((area, "yes") for area in kinds))


def _status(kind: str, breakdowns: Sequence[Breakdown]) -> Iterator[Fact]:
    """Where somebody's situation is told at the start and at the end, whether it changed is told; not of citizens."""
    start, end, change = f"{kind}.start", f"{kind}.end", f"{kind}.change"
    for one in SITUATIONS:
        others = tuple(code for code in (*SITUATIONS, NOT_TOLD) if code != one)
        yield Fact((start, (one,)), ((end, others), (change, ("same",))))
        yield Fact((start, (one,)), ((end, (one, NOT_TOLD)), (change, ("changed",))))
    yield from (_at(moment, NOT_TOLD, (change, NOT_TOLD)) for moment in (start, end))
    yield _at(change, NOT_TOLD, (start, NOT_TOLD), (end, NOT_TOLD))
    for breakdown in breakdowns:
        yield from (_at(breakdown.id, of, (at, NOT_TOLD)) for of in breakdown.citizens for at in (start, end))


def _regulated() -> Iterator[Fact]:
    """Whose legal situation became regulated, by the indicator, had another at the start and has that at the end.

    Citizens count among those of whom an indicator asks, and in no table of situations.
    """
    open_start = ("legal.start", (*SITUATIONS[1:], NOT_TOLD))
    for code in ("reached", "not_reached"):
        yield Fact(("regulated", (code,)), (open_start,))
    yield Fact(("regulated", ("reached",)), (("legal.end", ("regulated", NOT_TOLD)),))
    yield Fact(("regulated", ("not_reached",)), (("legal.end", (*SITUATIONS[1:], NOT_TOLD)),))
    yield Fact(("regulated", ("none",)), (("legal.start", ("regulated", NOT_TOLD)),))


_ASSESSED = ".assessed"
"""Ends the name of the coarser variable of those among whom something was reached or not."""


def _outcome(outcome: Outcome, scale: Scale) -> Iterator[Fact]:
    """Whoever has both measurements answered at the end, and what two scores in thirds say of how they differ."""
    start, end, way = (f"{outcome.id}.{name}" for name in ("start", "end", "direction"))
    yield _at(f"{outcome.id}.pairs", "yes", ("stage", "finished"))
    yield Fact((end, _THIRDS[:3]), (("stage", ("finished",)),))
    step = 3 * outcome.step / scale.range  # in thirds of the scale
    for firsts, lasts, ways in _impossible(step, _whole(scale) and outcome.step <= 1):
        others = [(end, _THIRDS, lasts), (way, _WAYS, ways)]
        then = tuple((name, _without(codes, some)) for name, codes, some in others if len(some) < len(codes))
        yield Fact((start, firsts), then) if len(firsts) < len(_THIRDS) else Fact((end, lasts), then[-1:])


def _without(codes: Sequence[str], some: Iterable[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if code not in some)


@functools.cache
def _impossible(step: float, point: bool) -> tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]:
    """The widest sets of first thirds, last thirds and directions of which no person has all three."""
    some = [found for size in range(1, 5) for found in itertools.combinations(_THIRDS, size)]
    boxes = []
    for firsts, lasts in itertools.product(some, some):
        ends = list(itertools.product(firsts, lasts))
        ways = tuple(way for way in _WAYS if not any(_possible(*both, way, step, point=point) for both in ends))
        if ways and ("not_paired" not in ways or len(ways) == 1):  # the others follow, told with "none"
            boxes.append((firsts, lasts, ways))
    wide = [tuple(map(frozenset, box)) for box in boxes]
    return tuple(
        box
        for box, sets in zip(boxes, wide, strict=True)
        if not any(other != sets and all(a <= b for a, b in zip(sets, other, strict=True)) for other in wide)
    )


def _possible(first: str, last: str, way: str, step: float, *, point: bool) -> bool:
    """Whether somebody with a score in each of these thirds can have moved so; ``none``: there is no score.

    ``step``: in thirds of the scale; a change of a whole ``point`` is one where the scores are whole sums, never
    prorated, and the step is one point.
    """
    if "none" in (first, last) or way == "not_paired":
        return ("none" in (first, last)) == (way == "not_paired")
    start, end = _THIRDS.index(first), _THIRDS.index(last)
    up = end - start + 1 > step or (last == "high" and end - start + 1 == step)
    down = start - end + 1 > step or (first == "high" and start - end + 1 == step)
    same = start == end if point else abs(end - start) - 1 < step
    return {"higher": up, "lower": down, "same": same}[way]


def _whole(scale: Scale) -> bool:
    """Whether scores are whole sums, never prorated: then so are changes."""
    return scale.transform == "sum" and scale.factor >= 1 and scale.minimum_answered == len(scale.items)


def scored(outcome: Outcome, scale: Scale, *, retention: float, plain: bool, ends: Ends) -> Scored:
    """What the declarations say of an outcome's changes in points; see ``Scored`` for the other three."""
    step = same = min(outcome.step, scale.range)
    if _whole(scale):
        step = scale.factor * math.ceil(step / scale.factor)
        same = step - scale.factor
    return Scored(outcome.id, scale.range, step, same, retention, plain, ends, outcome.scale)


def _later(outcomes: Sequence[Outcome], counted: Collection[str]) -> Iterator[Fact]:
    """Whoever has both scores of a wave after the end has a first one, and both of each outcome on the same scale."""
    for one in outcomes:
        pairs = rf"{re.escape(one.id)}(\..+\.pairs)"
        for wave in (found[1] for name in sorted(counted) if (found := re.fullmatch(pairs, name))):
            yield Fact((one.id + wave, ("yes",)), ((f"{one.id}.start", _THIRDS[:3]),))
            others = (other.id for other in outcomes if other.scale == one.scale and other is not one)
            yield from (_at(one.id + wave, "yes", (other + wave, "yes")) for other in others)


def _same_scale(outcomes: Sequence[Outcome]) -> Iterator[Fact]:
    """Two outcomes on one scale have the same scores, and what is a step by the larger is one by the smaller."""
    for small, large in itertools.permutations(outcomes, 2):
        if small.scale == large.scale and (small.step, small.id) < (large.step, large.id):
            for one, other in ((small, large), (large, small)):
                yield _at(f"{one.id}.pairs", "yes", (f"{other.id}.pairs", "yes"))
                for moment, third in itertools.product(("start", "end"), _THIRDS):
                    yield _at(f"{one.id}.{moment}", third, (f"{other.id}.{moment}", third))
            for way in ("higher", "lower"):
                yield _at(f"{large.id}.direction", way, (f"{small.id}.direction", way))
