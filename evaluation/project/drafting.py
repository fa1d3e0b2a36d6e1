"""Measures become the Draft of a release: counts by declared partitions, means, indicators and their relations."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence

from evaluation.measure.indicators import Measured
from evaluation.measure.waiting import Adjusted
from evaluation.project import analysis
from evaluation.project.grouping import alike, groups, served_first, stated_countries
from evaluation.project.house import House
from evaluation.project.lines import build
from evaluation.project.placing import YES_NO, Counted, Placing, named, partition, split, together
from evaluation.project.stated import activities, facts, surveys
from evaluation.release.cycles import needed
from evaluation.release.released import CountTable, Draft, Line, Mean, Reference, Relation, Variable
from evaluation.release.statements import tellable
from evaluation.rounding import rounded
from evaluation.schema import Course, Labels, Outcome

DIRECTION: Mapping[str, Labels] = {
    "higher": {"en": "higher", "pl": "wyżej"},
    "same": {"en": "about the same", "pl": "mniej więcej tyle samo"},
    "lower": {"en": "lower", "pl": "niżej"},
    "not_paired": {"en": "without both measurements", "pl": "bez obu pomiarów"},
}
TAKEN: Mapping[str, Labels] = {
    "completed": {"en": "completed it", "pl": "ukończyły"},
    "attended": {"en": "attended, did not complete it", "pl": "uczestniczyły, nie ukończyły"},
    "none": {"en": "did not take it", "pl": "nie uczestniczyły"},
}
STAGE: Mapping[str, Labels] = {
    "finished": {"en": "answered at the end", "pl": "odpowiedziały na końcu"},
    "left": {"en": "left before the end", "pl": "odeszły przed końcem"},
    "no_answer": {"en": "no answer at the end", "pl": "bez odpowiedzi na końcu"},
}
_INDICATOR = 6
"""What hiding a number of an indicator or a declared breakdown costs; a margin costs 2, a cross-table's cell 1."""

_EVERYONE: Labels = {"en": "Participants", "pl": "Uczestniczki i uczestnicy"}
_FLOW: Labels = {"en": "From enrolment to the end", "pl": "Od przyjęcia do końca"}
# The refusal's own sentence may hold counts of people; it stays inside.
_NOT_BORNE: Labels = {
    "en": "Not shown: the answers do not bear this number.",
    "pl": "Nie pokazano: odpowiedzi nie pozwalają podać tej liczby.",
}


def draft(house: House, release: str) -> Draft:
    """Everything the project proposes to let out, with true values; only the gate may see it."""
    people = list(house.frames["participants"]["participant"])
    breakdowns = {b.id: groups(house, b) for b in house.project.file.breakdowns}
    tables = [partition("people", "people", _EVERYONE, people)]
    tables += [split(f"breakdown:{name}", "people", people, placing) for name, placing in breakdowns.items()]
    served = served_first(house, people) if house.project.plan.allocation else None
    for course in house.project.file.courses:
        tables += _course(house, course, people)
    tables.append(split("flow", "flow", people, _flow(house, people)))
    directions = {outcome.id: _direction(house, outcome, people) for outcome in house.project.plan.outcomes}
    for outcome, placing in directions.items():
        tables += _outcome_tables(outcome, people, placing)
        if served:
            tables.append(_by_group(outcome, people, served, placing))
    built = [
        build(
            _marked(house, measured),
            people,
            directions=directions,
            better={outcome.id: house.project.scale(outcome).direction for outcome in house.project.plan.outcomes},
            breakdowns=breakdowns,
            courses=house.project.file.courses,
            countries=house.project.file.countries,
            refused={o: _NOT_BORNE for o, change in house.changes.items() if not analysis.trusted(house, change)},
        )
        for measured in house.measured
    ]
    tables += [table for one in built for table in one.tables]
    further = analysis.parts(house, people)
    tables += [table for part in further for table in part.tables]
    shown = [one.table for one in tables]
    drafted = Draft(
        facts=facts(house),
        release=release,
        tables=_weighed(shown, [one.line for one in built]),
        means=tuple(mean for outcome in house.project.plan.outcomes for mean in _means(house, outcome)),
        indicators=tuple(one.line for one in built),
        activities=activities(house),
        surveys=surveys(house),
        relations=(
            *_relations(directions),
            *_same_scale(house.project.plan.outcomes),
            *_one_session(house.project.file.courses),
            *stated_countries(house, breakdowns),
            *_completed(house, {table.id for table in shown}),
            *_supported([table.id for table in shown]),
            *(relation for one in built for relation in one.relations),
            *(relation for part in further for relation in part.relations),
        ),
    )
    joint = list(alike(house, people, breakdowns, served))
    drafted = dataclasses.replace(drafted, joint=tuple(one.table for one in joint))
    more = [together(one.variables, [*tables, *joint], people).table for one in needed(drafted)]
    return dataclasses.replace(drafted, joint=(*drafted.joint, *more))


def _marked(house: House, measured: Measured) -> Measured:
    """An indicator of an outcome that was not planned beforehand says so."""
    name, _, outcome = measured.indicator.measure.partition(":")
    if name not in ("improved", "change") or house.changes[outcome].preplanned:
        return measured
    labels = named(measured.indicator.labels, preplanned=False)
    return dataclasses.replace(measured, indicator=dataclasses.replace(measured.indicator, labels=labels))


def _weighed(tables: Sequence[CountTable], lines: Sequence[Line]) -> tuple[CountTable, ...]:
    """Each table once; counts that a declared indicator rests on are hidden last."""
    rests = {
        (one.table, frozenset(one.at.items()))
        for line in lines
        for one in (line.numerator, line.denominator)
        if one is not None
    }
    return tuple(
        dataclasses.replace(
            table,
            counts=tuple(
                dataclasses.replace(count, weight=_INDICATOR)
                if (table.id, frozenset(count.at.items())) in rests or table.id.startswith("breakdown:")
                else count
                for count in table.counts
            ),
        )
        for table in {table.id: table for table in tables}.values()
    )


def _course(house: House, course: Course, people: Sequence[str]) -> list[Counted]:
    dose = house.dose[house.dose["course"] == course.id]
    completed = set(dose.loc[dose["completer"], "participant"])
    attended = set(dose.loc[dose["present"] > 0, "participant"]) - completed
    placed = {p: "completed" if p in completed else "attended" if p in attended else "none" for p in people}
    name = f"course:{course.id}"
    coarse = {"completed": "yes", "attended": "yes", "none": "no"}
    fine = Variable(name, course.labels, TAKEN, within={f"{name}.taken": coarse})
    taken = Variable(f"{name}.taken", course.labels, YES_NO)
    return [
        split(name, "courses", people, (fine, placed)),
        split(taken.id, "courses", people, (taken, {p: coarse[code] for p, code in placed.items()})),
    ]


def _flow(house: House, people: Sequence[str]) -> Placing:
    answers, frame = house.frames["answers"], house.frames["participants"]
    answered = (answers["wave"] == house.project.plan.endline) & (answers["state"] == "answered")
    finished = set(answers.loc[answered, "participant"])
    left = set(frame.loc[frame["left_on"].notna(), "participant"]) - finished
    placed = {p: "finished" if p in finished else "left" if p in left else "no_answer" for p in people}
    return Variable("stage", _FLOW, STAGE), placed


def _direction(house: House, outcome: Outcome, people: Sequence[str]) -> Placing:
    """Where each person is by the step of the plan, the one classification of changes that leaves."""
    change = house.changes[outcome.id]
    placed = dict.fromkeys(people, "not_paired") | dict.fromkeys(change.paired, "same")
    better, worse = ("higher", "lower") if change.scale.direction == "higher" else ("lower", "higher")
    placed |= dict.fromkeys(change.improved_by_step, better) | dict.fromkeys(change.worse_by_step, worse)
    coarse = {"higher": "yes", "same": "yes", "lower": "yes", "not_paired": "no"}
    name = f"{outcome.id}.direction"
    labels = named(outcome.labels, preplanned=change.preplanned)
    return Variable(name, labels, DIRECTION, within={f"{outcome.id}.pairs": coarse}), placed


def _outcome_tables(outcome: str, people: Sequence[str], placing: Placing) -> list[Counted]:
    fine, placed = placing
    coarse = fine.within[f"{outcome}.pairs"]
    paired = Variable(f"{outcome}.pairs", fine.labels, YES_NO)
    return [
        split(f"{outcome}.direction", "outcomes", people, placing, zeros_sensitive=True),
        split(paired.id, "outcomes", people, (paired, {p: coarse[code] for p, code in placed.items()})),
    ]


def _by_group(outcome: str, people: Sequence[str], served: Placing, placing: Placing) -> Counted:
    """Who of those served first, and of those waiting, has both measurements."""
    fine, placed = placing
    coarse = fine.within[f"{outcome}.pairs"]
    paired: Placing = (Variable(f"{outcome}.pairs", fine.labels, YES_NO), {p: coarse[c] for p, c in placed.items()})
    return partition(f"{outcome}.pairs.by.served", "waiting", fine.labels, people, served, paired)


def _completed(house: House, tables: Collection[str]) -> Iterator[Relation]:
    """Whoever completed a course took one, and whoever took one and completed none attended one."""
    if not {"taken", "completed"} <= set(tables):
        return
    taken, completed = (Reference(name, {name: "yes"}) for name in ("taken", "completed"))
    some = [Reference(f"course:{c.id}", {f"course:{c.id}": "attended"}) for c in house.project.file.courses]
    yield Relation(((completed, 1), (taken, -1)))
    yield Relation(((taken, 1), (completed, -1), *((one, -1) for one in some)))


def _one_session(courses: Sequence[Course]) -> Iterator[Relation]:
    """Nobody attends a course without completing it where one session completes it."""
    for course in courses:
        if course.minimum_sessions <= 1:
            name = f"course:{course.id}"
            yield Relation(((Reference(name, {name: "attended"}), 1),))


def _same_scale(outcomes: Sequence[Outcome]) -> Iterator[Relation]:
    """Of two outcomes on one scale both have the same pairs, and what is a step by the larger is one by the smaller."""
    for small, large in itertools.permutations(outcomes, 2):
        if small.scale == large.scale and (small.step, small.id) < (large.step, large.id):
            pairs = [Reference(f"{one.id}.pairs", {f"{one.id}.pairs": "yes"}) for one in (small, large)]
            yield Relation(((pairs[0], 1), (pairs[1], -1)), "=")
            for way in ("higher", "lower"):
                own, other = (Reference(f"{one.id}.direction", {f"{one.id}.direction": way}) for one in (small, large))
                yield Relation(((other, 1), (own, -1)))


def _supported(tables: Sequence[str]) -> Iterator[Relation]:
    """Whoever was given one kind of support was supported."""
    for kind in tables:
        if kind.startswith("supported.") and "supported" in tables:
            yes = [Reference(name, {name: "yes"}) for name in (kind, "supported")]
            yield Relation(((yes[0], 1), (yes[1], -1)))


def _means(house: House, outcome: Outcome) -> Iterator[Mean]:
    """The mean change of all enrolled; before it, in a waiting-list design, the served against the waiting."""
    change, scale, compared = house.changes[outcome.id], house.project.scale(outcome), house.waiting.get(outcome.id)
    # Always the same method: a choice by retention would tell the reader how many stayed.
    model = change.means.all_enrolled if change.headline != "none" else None
    trusted = analysis.trusted(house, change)
    published = scale.published("detectable")
    mean = Mean(
        id=outcome.id,
        labels=named(outcome.labels, preplanned=change.preplanned),
        method="all enrolled",
        n=change.pairs,
        of=change.enrolled,
        change=_rounded(model.estimate) if model else None,
        low=_rounded(model.low) if model else None,
        high=_rounded(model.high) if model else None,
        direction=scale.direction,
        scale_minimum=scale.minimum,
        scale_maximum=scale.maximum,
        confidence=1 - house.project.plan.alpha,
        primary=outcome.primary and compared is None,
        preplanned=change.preplanned,
        step=outcome.step,
        withheld={} if model else _NOT_BORNE,
        trusted=trusted,
        detectable=published[0].value if published else None,
    )
    if compared is not None:
        borne = compared.adjusted is not None and change.headline != "none" and _bearable(house, compared.adjusted)
        found = compared.adjusted if borne else None
        yield dataclasses.replace(
            mean,
            id=f"{outcome.id}.waiting",
            method="waiting list",
            change=_rounded(found.difference) if found else None,
            low=_rounded(found.low) if found else None,
            high=_rounded(found.high) if found else None,
            primary=outcome.primary,
            withheld={} if found else _NOT_BORNE,
        )
    yield mean


def _bearable(house: House, compared: Adjusted) -> bool:
    """Whether the comparison may be told: whoever sees it knows that enough of each group answered twice."""
    plan, people = house.project.plan, house.frames["participants"]
    threshold = house.project.file.rules.threshold
    served = int(people[plan.served_column].eq(plan.served_code).sum())
    groups = ((compared.served, served), (compared.waiting, len(people) - served))
    return all(tellable(n, of, threshold) for n, of in groups)


def _rounded(value: float) -> float:
    """One decimal, as printed."""
    return float(rounded(value, 1))


def _relations(directions: Mapping[str, Placing]) -> tuple[Relation, ...]:
    """Whoever has both measurements of an outcome answered at the end."""
    finished = Reference("flow", {"stage": "finished"})
    return tuple(
        Relation(((Reference(f"{outcome}.pairs", {f"{outcome}.pairs": "yes"}), 1), (finished, -1)))
        for outcome in directions
    )
