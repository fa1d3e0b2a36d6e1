"""Projects drawn as people who join, go on, leave and are corrected; an intruder who knows how people move."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from evaluation.errors import Infeasible
from evaluation.release import ledger
from evaluation.release.facts import SITUATIONS, stated
from evaluation.release.planned import schedule
from evaluation.release.released import CountTable, Draft, Released
from evaluation.release.system.quantities import At
from evaluation.schema import PlannedRelease
from tests.release.drafts import propose
from tests.release.people import Intruder, Person, Printed, World, drafted, printed
from tests.release.worlds import GROUPS, YES_NO, fact, situations

AWAY = "-"
TAKEN = ("none", "attended", "completed")
WAYS = ("not_paired", "higher", "same", "lower")


def course_world(number: int) -> World:
    """Who took and completed any of so many courses, both by the same groups."""
    names = [f"course:c{n}" for n in range(number)]

    def whether(codes: Sequence[str], *of: str) -> tuple[Sequence[str], object]:
        return YES_NO, lambda person: "yes" if any(person[name] in codes for name in of) else "no"

    return World(
        fine={"home": GROUPS, **dict.fromkeys(names, TAKEN)},
        derived={
            "taken": whether(TAKEN[1:], *names),
            "completed": whether(TAKEN[2:], *names),
            **{f"{name}.taken": whether(TAKEN[1:], name) for name in names},
        },  # type: ignore[arg-type]
        tables=[
            ("home",),
            *((name,) for name in names),
            *((f"{name}.taken",) for name in names),
            ("taken", "home"),
            ("completed", "home"),
        ],
        facts=[
            fact("completed", "yes", ("taken", "yes")),
            fact("taken", "yes", ("completed", "yes"), *((name, "attended") for name in names)),
            fact("taken", "yes", *((f"{name}.taken", "yes") for name in names)),
            fact("completed", "yes", *((name, "completed") for name in names)),
            *(fact(f"{name}.taken", "yes", ("taken", "yes")) for name in names),
            *(fact(name, "completed", ("completed", "yes")) for name in names),
        ],
        within={name: [f"{name}.taken"] for name in names},
        zeros=("taken", "completed"),
    )


def outcome_world() -> World:
    """How an outcome changed, by group; whoever has both scores answered at the end."""
    return World(
        fine={"home": GROUPS, "stage": ("no_answer", "left", "finished"), "o.direction": WAYS},
        derived={"o.pairs": (YES_NO, lambda person: "no" if person["o.direction"] == "not_paired" else "yes")},
        tables=[("home",), ("stage",), ("o.pairs",), ("o.direction", "home")],
        facts=[fact("o.pairs", "yes", ("stage", "finished"))],
        within={"o.direction": ["o.pairs"]},
        zeros=("o.direction",),
        settled=lambda one: one if one["stage"] == "finished" else {**one, "o.direction": "not_paired"},
    )


def support_world() -> World:
    """Support of one area, of two kinds, one of them by group, as a table of one's own."""
    kinds = ("supported.medical", "supported.psychological")
    area = "support:health"
    had = YES_NO, lambda person: "yes" if "yes" in (person[kind] for kind in kinds) else "no"
    return World(
        fine={"home": GROUPS, **dict.fromkeys(kinds, YES_NO)},
        derived={area: had},
        tables=[("home",), (area,), *((kind,) for kind in kinds), (kinds[0], "home")],
        facts=stated({*kinds, area}, (), ()),
        zeros=(area, *kinds),
    )


WORLDS = {
    "one course": lambda: course_world(1),
    "two courses": lambda: course_world(2),
    "an outcome": outcome_world,
    "support": support_world,
    "situations": situations,
}
FORWARD = {
    **dict.fromkeys(("home", "g"), GROUPS),
    **dict.fromkeys(("legal.start", "legal.end"), SITUATIONS),
    **dict.fromkeys(("supported.medical", "supported.psychological"), ("yes",)),
    "stage": ("finished",),
    "o.direction": WAYS[1:],
}
"""Codes that nobody leaves; of a course nobody goes back."""


def goes_on(name: str, before: str, after: str) -> bool:
    if name.startswith("course:"):
        return TAKEN.index(before) <= TAKEN.index(after)
    return before == after or before not in FORWARD[name]


@dataclasses.dataclass(frozen=True)
class Plan:
    """Which topics each release is due to tell, and which release, if any, is an erratum of the one before it."""

    due: Sequence[frozenset[str]]
    erratum: int = 0

    def release(self, time: int) -> PlannedRelease:
        return PlannedRelease(f"r{time}", "interim", dt.date(2016, 1, 1), tuple(self.due[time]))


def topic(table: CountTable) -> str:
    """Where the kit would tell a table of these worlds."""
    first = table.variables[0].id.partition(":")[0].partition(".")[0]
    known = {"home": "groups", "course": "courses", "taken": "indicators", "completed": "indicators", "stage": "flow"}
    return known.get(first, "outcomes")


def plan(world: World, chance: random.Random, times: int) -> Plan:
    """Each topic is due at some of so many releases, often at the last only; the last may be an erratum."""
    topics = {topic(table) for table in drafted(world, world.types()).tables}
    due = [frozenset(one for one in sorted(topics) if chance.random() < 0.4) for _ in range(times - 1)]
    if times > 1 and chance.random() < 0.4:
        return Plan([*due[:-1], frozenset(topics), frozenset()], times - 1)
    return Plan([*due, frozenset(topics)])


def lives(world: World, there: Sequence[Sequence[bool]], erratum: int = 0) -> list[Person]:
    """Every kind of life, for each of the ways of being ``there`` at the releases.

    What an ``erratum`` says of somebody may be anything.
    """
    types = world.types()
    anything = {n: list(range(len(types))) for n in range(len(types))}
    steps = {
        n: [m for m, other in enumerate(types) if all(goes_on(name, one[name], other[name]) for name in world.fine)]
        for n, one in enumerate(types)
    }
    found = []
    for present in there:
        times = [time for time, here in enumerate(present) if here]
        runs: list[tuple[int, ...]] = [(n,) for n in range(len(types))]
        for time in times[1:]:
            next_steps = anything if time == erratum > 0 else steps
            runs = [(*run, other) for run in runs for other in next_steps[run[-1]]]
        for run in runs:
            at = dict(zip(times, run, strict=True))
            codes = {
                f"{name}@{time}": types[at[time]][name] if time in at else AWAY
                for time in range(len(present))
                for name in types[0]
            }
            found.append({**codes, **{f"@{time}": "in" if time in at else AWAY for time in range(len(present))}})
    return found


def presences(totals: Sequence[int]) -> list[tuple[bool, ...]]:
    """How somebody can be there where as few as possible come or go."""
    steps = [after - before for before, after in itertools.pairwise(totals)]

    def may(there: Sequence[bool]) -> bool:
        pairs = zip(itertools.pairwise(there), steps, strict=True)
        return any(there) and all(a == b or (b and step > 0) or (a and step < 0) for (a, b), step in pairs)

    return [there for there in itertools.product((True, False), repeat=len(totals)) if may(there)]


def drawn(world: World, chance: random.Random, times: int, joined: Sequence[int] = (0, 0, 2, 5)) -> list[list[Person]]:
    """20 to 60 people at each of so many releases, in unlike groups; some are corrected, some leave."""
    weights = {name: [chance.random() ** 2 + 0.03 for _ in codes] for name, codes in world.fine.items()}

    def somebody() -> Person:
        return world.person([chance.choices(codes, weights[name])[0] for name, codes in world.fine.items()])

    def later(one: Person) -> Person:
        other = somebody()
        free = chance.random() < (0.02 if wrong else 0.0)
        codes = [
            other[name] if free or (chance.random() < 0.3 and goes_on(name, one[name], other[name])) else one[name]
            for name in world.fine
        ]
        return world.person(codes)

    wrong = chance.random() < 0.3
    people = [somebody() for _ in range(chance.randint(20, 60))]
    found = [people]
    for _ in range(times - 1):
        people = [later(one) for one in people if not (wrong and chance.random() < 0.02)]
        people = [*people, *(somebody() for _ in range(chance.choice(joined)))]
        found.append(people)
    return found


@dataclasses.dataclass(frozen=True)
class Attack:
    """What came of one project: unsafe numbers that are ``narrower`` than promised, and what it cost."""

    narrower: tuple[tuple[str, int, int], ...] = ()
    refused: int = 0
    hidden: int = 0
    releases: int = 0
    impossible: int = 0  # releases of which the moves are not true, so that nobody is misled by them
    misled: int = 0  # numbers narrower for whoever supposes moves by which other numbers are what they are not


def attacked(
    world: World, people: Sequence[Sequence[Person]], threshold: int, folder: Path, planned: Plan | None = None
) -> Attack:
    """The releases of these people one after another through the gate, each attacked with all before it.

    Without a threshold in two editions, attacked by the reader of the public one and by the one who has both. Where
    they are ``planned``, each topic is told once, or anew where enough people joined.
    """
    told: dict[int, list[tuple[dict[At, int], Printed]]] = {one: [] for one in ((threshold,) if threshold else (5, 10))}
    before: dict[int, list[Released]] = {least: [] for least in told}
    editions = () if threshold else ("funder", "public")
    attack = Attack()
    for time, some in enumerate(people):
        whole = drafted(world, some)
        whole = dataclasses.replace(
            whole,
            release=f"r{time}",
            facts=dataclasses.replace(whole.facts, reached=len(some)),
            tables=tuple(dataclasses.replace(table, topic=topic(table)) for table in whole.tables),
        )
        draft, *finer = (_planned(whole, planned, time, before[least], least) for least in sorted(told, reverse=True))
        try:
            confidential = {"confidential": finer[0]} if finer else {}
            found = propose(draft, folder, "funder" if threshold == 5 else "public", editions, **confidential)
        except Infeasible:
            return dataclasses.replace(attack, refused=attack.refused + 1)
        if not found.safe:
            return dataclasses.replace(attack, refused=attack.refused + 1)
        ledger.release(found, folder)
        for least, one in zip(sorted(told), found.editions, strict=True):
            before[least].append(one.leaving)
        truth = {frozenset(c.at.items()): int(c.value) for t in whole.tables for c in t.counts if _lasts(draft, c.at)}  # type: ignore[call-overload]
        bad: list[tuple[str, int, int]] = []
        wrong = 0
        for least, read in told.items():
            read.append((truth, printed(*(found.editions if least == 5 else [found]))))
        try:
            erratum = planned.erratum if planned else 0
            for least, read in told.items():
                if found_narrower := list(_narrower(world, read, least, erratum)):
                    if _misled(world, read, erratum):
                        wrong += len(found_narrower)
                    else:
                        bad += found_narrower
        except AssertionError:
            attack = dataclasses.replace(attack, impossible=attack.impossible + 1)
        attack = dataclasses.replace(
            attack,
            narrower=(*attack.narrower, *bad),
            misled=attack.misled + wrong,
            hidden=attack.hidden + len(found.hidden),
            releases=attack.releases + 1,
        )
    return attack


def _planned(draft: Draft, planned: Plan | None, time: int, before: Sequence[Released], threshold: int) -> Draft:
    if planned is None:
        return draft
    if time and time == planned.erratum:
        return schedule.erratum(draft, before[-1])
    return schedule.scheduled(draft, planned.release(time), before, threshold=threshold)


def _lasts(draft: Draft, at: Mapping[str, str]) -> bool:
    """Whether it was told in this release or before, if only as a hidden number."""
    return not at or draft.lasting is None or any({*at} <= one for one in draft.lasting)


def _at(at: At, time: int) -> At:
    return frozenset({(f"{name}@{time}", code) for name, code in at} or {(f"@{time}", "in")})


def _misled(world: World, told: Sequence[tuple[Mapping[At, int], Printed]], erratum: int) -> bool:
    """Whether the supposed moves are not true of these people, so that she is sure of what is not so."""
    types = lives(world, presences([truth[frozenset()] for truth, _ in told]), erratum)
    known = {_at(at, time): value for time, (_, release) in enumerate(told) for at, value in release.items()}
    intruder = Intruder(types, known)
    return any(
        not intruder.end(_at(at, time), 1, value) <= value <= intruder.end(_at(at, time), -1, value)
        for time, (truth, _) in enumerate(told)
        for at, value in truth.items()
    )


def _narrower(
    world: World, told: Sequence[tuple[Mapping[At, int], Printed]], threshold: int, erratum: int = 0
) -> Iterator[tuple[str, int, int]]:
    """Unsafe numbers of any release that are known better than before the last one, and than they must be.

    So are the few who joined one, and small revisions of an ``erratum``.
    """
    types = lives(world, presences([truth[frozenset()] for truth, _ in told]), erratum)
    known = {_at(at, time): value for time, (_, release) in enumerate(told) for at, value in release.items()}
    last = len(told) - 1
    public = {_at(frozenset(), last): told[last][0][frozenset()]}
    earlier = {at: value for at, value in known.items() if not any(name.endswith(f"@{last}") for name, _ in at)}
    intruder, before = Intruder(types, known), Intruder(types, {**earlier, **public})
    for time, (truth, release) in enumerate(told):
        for at, value in truth.items():
            if 1 <= value < threshold and not isinstance(release.get(at), int):
                where = _at(at, time)
                least, most = max(0, before.end(where, 1, 0)), min(threshold, before.end(where, -1, threshold))
                low, high = intruder.end(where, 1, least), intruder.end(where, -1, most)
                if low > least or high < most:
                    yield str(sorted(where)), low, high
    if last:
        yield from _changed(told, threshold, intruder, before, revised=erratum == last)


def _changed(
    told: Sequence[tuple[Mapping[At, int], Printed]],
    threshold: int,
    intruder: Intruder,
    before: Intruder,
    *,
    revised: bool,
) -> Iterator[tuple[str, int, int]]:
    """Of how many few joined a number, or were ``revised`` either way, where that is known too well."""
    last = len(told) - 1
    (old, _), (new, _) = told[last - 1], told[last]
    for at in sorted(old.keys() & new.keys() - {frozenset()}, key=sorted):
        few = new[at] - old[at]
        if not (0 < abs(few) < threshold and (revised or few > 0)):
            continue
        where, was = _at(at, last), _at(at, last - 1)
        least, most = (-threshold, threshold) if revised else (0, few + 1)
        least = max(least, before.end(where, 1, least, was))
        most = min(most, before.end(where, -1, most, was))
        low, high = intruder.end(where, 1, least, was), intruder.end(where, -1, most, was)
        if low > least or high < most:
            yield f"{'revision' if revised else f'{few} who joined'} of {sorted(was)}", low, high
