"""Results become the Draft of a release: counts by declared variables, means, indicators, and what binds them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from evaluation.measure.indicators import Measured
from evaluation.measure.results import Results
from evaluation.project.draft.counting import Classification, Places, Tabulation, cross_tabulate, outcome_labels
from evaluation.project.draft.further import further
from evaluation.project.draft.ladders import rungs
from evaluation.project.draft.own_tables import own_tables
from evaluation.project.draft.topics.description import activities, facts, surveys
from evaluation.project.draft.topics.groups import groups, least_of_group, of_one_column, served_first
from evaluation.project.draft.topics.hours import told
from evaluation.project.draft.topics.indicators import build
from evaluation.project.draft.topics.means import later, means
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
from evaluation.release.released import Draft
from evaluation.texts import Message, in_all


def draft(results: Results, release: str) -> Draft:
    """All that the project could let out, at every fineness, with true values; planned/design.py chooses of it."""
    declaration, outcomes = results.declaration, results.declaration.plan.outcomes
    people = list(results.frames["participants"]["participant"])
    places = Places(
        results,
        people,
        breakdowns={breakdown.id: groups(results, breakdown) for breakdown in declaration.file.breakdowns},
        changed={outcome.id: directions(results, outcome, people) for outcome in outcomes},
        courses={course.id: taken(results, course, people) for course in declaration.file.courses},
    )
    served = served_first(results, people) if declaration.plan.allocation else None
    lines = [build(_marked(results, measured), places) for measured in results.indicators]
    tables, beyond = [*_standard(places, served)], further(places)
    tables += [table for line in lines for table in line.tables]
    tables += [table for outcome in outcomes for table in answered_later(results, outcome, people)]
    tables += beyond.told
    own, finest = own_tables(declaration, people, [*tables, *beyond.counted])
    tables += own
    joint = (*of_one_column(results, people, places.breakdowns, served), *beyond.counted, *finest)
    shown, hours = told(results, [one.line for one in lines])
    return Draft(
        facts=facts(results),
        release=release,
        tables=tuple({one.table.id: one.table for one in tables}.values()),
        means=tuple(mean for made in (means, later) for outcome in outcomes for mean in made(results, outcome)),
        indicators=shown,
        activities=activities(results),
        surveys=surveys(results),
        relations=(*least_of_group(results, places.breakdowns), *beyond.known),
        implications=_true(results, [*tables, *beyond.counted]),
        joint=tuple(one.table for one in joint),
        ranged=tuple(worsened(name, people, direction).table for name, direction in places.changed.items()),
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


def _standard(places: Places, served: Classification | None) -> Iterator[Tabulation]:
    """The tables of every project: everyone, groups, courses, stages and outcomes."""
    people = places.people
    yield cross_tabulate("people", "people", in_all(Message("project.draft.everyone")), people)
    for name, group in places.breakdowns.items():
        yield from rungs("groups", group, people, table=f"breakdown:{name}", shown_as="people")
    for course in places.courses.values():
        yield from rungs("courses", course, people)
    yield from rungs("flow", stages(places.results, people), people, table="flow")
    for outcome, direction in places.changed.items():
        yield from of_outcome(outcome, people, direction)
        if served:
            yield paired_by_served(outcome, people, served, direction)


def _marked(results: Results, measured: Measured) -> Measured:
    """An indicator of an outcome that was not planned beforehand says so."""
    name, _, outcome = measured.indicator.measure.partition(":")
    if name not in ("improved", "change") or results.changes[outcome].preplanned:
        return measured
    labels = outcome_labels(measured.indicator.labels, preplanned=False)
    return dataclasses.replace(measured, indicator=dataclasses.replace(measured.indicator, labels=labels))
