"""Results become the Draft of a release: counts by declared variables, means, indicators, and what binds them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evaluation.measure.indicators import Measured
from evaluation.measure.results import Results
from evaluation.project.draft.counting import (
    Classification,
    Tabulation,
    cross_tabulate,
    outcome_labels,
)
from evaluation.project.draft.further import further
from evaluation.project.draft.ladders import rungs
from evaluation.project.draft.own_tables import own_tables
from evaluation.project.draft.topics.description import activities, facts, surveys
from evaluation.project.draft.topics.groups import groups, least_of_group, of_one_column, served_first
from evaluation.project.draft.topics.hours import told
from evaluation.project.draft.topics.indicators import Drafted, build
from evaluation.project.draft.topics.means import NOT_TOLD, later, means, trusted
from evaluation.project.draft.topics.tables import (
    answered_later,
    directions,
    of_outcome,
    paired_by_served,
    stages,
    taken,
    worsened,
)
from evaluation.project.draft.topics.thirds import ends
from evaluation.release import facts as people_facts
from evaluation.release.printed.points import Scored
from evaluation.release.released import CountTable, Draft
from evaluation.texts import Message, in_all


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each of the ``people`` is: by breakdown, by how an outcome changed, by course."""

    people: Sequence[str]
    breakdowns: Mapping[str, Classification]
    changed: Mapping[str, Classification]
    courses: Mapping[str, Classification]


def draft(results: Results, release: str) -> Draft:
    """All that the project could let out, at every fineness, with true values; planned/design.py chooses of it."""
    declaration, plan = results.declaration, results.declaration.plan
    people = list(results.frames["participants"]["participant"])
    breakdowns = {breakdown.id: groups(results, breakdown) for breakdown in declaration.file.breakdowns}
    served = served_first(results, people) if declaration.plan.allocation else None
    changed = {outcome.id: directions(results, outcome, people) for outcome in declaration.plan.outcomes}
    courses = {course.id: taken(results, course, people) for course in declaration.file.courses}
    tables = _standard(results, people, breakdowns, changed, courses, served)
    places = _Places(people, breakdowns, changed, courses)
    lines = [_line(results, measured, places) for measured in results.indicators]
    tables += [table for line in lines for table in line.tables]
    tables += [table for outcome in plan.outcomes for table in answered_later(results, outcome, people)]
    beyond = further(results, people, breakdowns)
    tables += beyond.told
    own, finest = own_tables(declaration, people, [*tables, *beyond.counted])
    tables += own
    shown, hours = told(results, [one.line for one in lines])
    return Draft(
        facts=facts(results),
        release=release,
        tables=tuple({one.table.id: one.table for one in tables}.values()),
        means=tuple(mean for made in (means, later) for outcome in plan.outcomes for mean in made(results, outcome)),
        indicators=shown,
        activities=activities(results),
        surveys=surveys(results),
        relations=(*least_of_group(results, breakdowns), *beyond.known),
        implications=_true(results, [*tables, *beyond.counted]),
        joint=tuple(
            one.table for one in (*of_one_column(results, people, breakdowns, served), *beyond.counted, *finest)
        ),
        ranged=tuple(_worse(people, changed)),
        ladders=tuple({next(iter(one.ladder.rungs.values())): one.ladder for one in tables if one.ladder}.values()),
        scored=_scored(results),
        hours=hours,
    )


def _scored(results: Results) -> tuple[Scored, ...]:
    declaration, plan = results.declaration, results.declaration.plan
    return tuple(
        people_facts.scored(
            outcome,
            declaration.scale(outcome),
            retention=plan.minimum_retention,
            plain=not plan.mid,
            ends=ends(declaration.scale(outcome), declaration.instrument_of(outcome)),
        )
        for outcome in plan.outcomes
    )


def _true(results: Results, tables: Sequence[Tabulation]) -> people_facts.Facts:
    """What is true of everybody by all variables that are counted. Raises Contradiction where it is not."""
    declaration = results.declaration
    codes = {variable.id: code_of for one in tables for variable, code_of in one.classifications}
    outcomes = [(outcome, declaration.scale(outcome)) for outcome in declaration.plan.outcomes]
    stated = people_facts.stated(codes, declaration.file.courses, outcomes, declaration.file.breakdowns)
    people_facts.check(stated, codes)
    return stated


def _standard(
    results: Results,
    people: Sequence[str],
    breakdowns: Mapping[str, Classification],
    changed: Mapping[str, Classification],
    courses: Mapping[str, Classification],
    served: Classification | None,
) -> list[Tabulation]:
    """The tables of every project: everyone, groups, courses, stages and outcomes."""
    tables = [cross_tabulate("people", "people", in_all(Message("project.draft.everyone")), people)]
    rules = results.declaration.file.rules
    for name, group in breakdowns.items():
        tables += rungs("groups", f"breakdown:{name}", people, group, rules, shown_as="people")
    for course in courses.values():
        tables += rungs("courses", course[0].id, people, course, rules)
    tables += rungs("flow", "flow", people, stages(results, people), rules)
    for outcome, direction in changed.items():
        tables += of_outcome(outcome, people, direction, rules, better=_better(results)[outcome])
        if served:
            tables.append(paired_by_served(outcome, people, served, direction))
    return tables


def _better(results: Results) -> dict[str, Literal["higher", "lower"]]:
    """Which direction is good, by outcome."""
    declaration = results.declaration
    return {outcome.id: declaration.scale(outcome).direction for outcome in declaration.plan.outcomes}


def _worse(people: Sequence[str], changed: Mapping[str, Classification]) -> Iterator[CountTable]:
    """How many changed for the worse: told as a range whatever the rung."""
    for outcome, direction in changed.items():
        yield worsened(outcome, people, direction).table


def _line(results: Results, measured: Measured, places: _Places) -> Drafted:
    return build(
        _marked(results, measured),
        places.people,
        directions=places.changed,
        better=_better(results),
        breakdowns=places.breakdowns,
        countries=results.declaration.file.countries,
        refused={name: NOT_TOLD for name, change in results.changes.items() if not trusted(results, change)},
        courses=places.courses,
        rules=results.declaration.file.rules,
    )


def _marked(results: Results, measured: Measured) -> Measured:
    """An indicator of an outcome that was not planned beforehand says so."""
    name, _, outcome = measured.indicator.measure.partition(":")
    if name not in ("improved", "change") or results.changes[outcome].preplanned:
        return measured
    labels = outcome_labels(measured.indicator.labels, preplanned=False)
    return dataclasses.replace(measured, indicator=dataclasses.replace(measured.indicator, labels=labels))
