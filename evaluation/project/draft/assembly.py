"""Results become the Draft of a release: counts by declared variables, means, indicators, and what binds them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from evaluation.measure.indicators import Measured
from evaluation.measure.results import Results
from evaluation.project.draft.counting import (
    Classification,
    Tabulation,
    cross_tabulate,
    outcome_labels,
    tabulate,
)
from evaluation.project.draft.description import activities, facts, surveys
from evaluation.project.draft.distributions import distribution
from evaluation.project.draft.groups import groups, least_of_group, of_one_column, served_first
from evaluation.project.draft.indicators import Drafted, build
from evaluation.project.draft.means import NOT_TOLD, means, trusted
from evaluation.project.draft.needs import needs
from evaluation.project.draft.tables import directions, of_course, of_outcome, paired_by_served, stages
from evaluation.release import facts as people_facts
from evaluation.release.points import Scored
from evaluation.release.released import CountTable, Draft, Line, Relation
from evaluation.texts import Message, in_all

_INDICATOR = 6
"""What hiding a number of an indicator or a declared breakdown costs; a margin costs 2, a cross-table's cell 1."""


def draft(results: Results, release: str) -> Draft:
    """Everything the project proposes to let out, with true values; only the gate may see it."""
    declaration = results.declaration
    people = list(results.frames["participants"]["participant"])
    breakdowns = {breakdown.id: groups(results, breakdown) for breakdown in declaration.file.breakdowns}
    served = served_first(results, people) if declaration.plan.allocation else None
    changed = {outcome.id: directions(results, outcome, people) for outcome in declaration.plan.outcomes}
    tables = _standard(results, people, breakdowns, changed, served)
    lines = [_line(results, measured, people, breakdowns, changed) for measured in results.indicators]
    tables += [table for line in lines for table in line.tables]
    further, known = _further(results, people)
    tables += further
    return Draft(
        facts=facts(results),
        release=release,
        tables=_weighed([one.table for one in tables], [one.line for one in lines]),
        means=tuple(mean for outcome in declaration.plan.outcomes for mean in means(results, outcome)),
        indicators=tuple(one.line for one in lines),
        activities=activities(results),
        surveys=surveys(results),
        relations=(*least_of_group(results, breakdowns), *known),
        implications=_true(results, tables),
        joint=tuple(one.table for one in of_one_column(results, people, breakdowns, served)),
        scored=_scored(results),
    )


def _scored(results: Results) -> tuple[Scored, ...]:
    plan = results.declaration.plan
    return tuple(
        people_facts.scored(
            outcome, results.declaration.scale(outcome), retention=plan.minimum_retention, plain=not plan.mid
        )
        for outcome in plan.outcomes
    )


def _true(results: Results, tables: Sequence[Tabulation]) -> people_facts.Facts:
    """What is true of everybody by all variables that are counted. Raises Contradiction where it is not."""
    declaration = results.declaration
    codes = {variable.id: code_of for one in tables for variable, code_of in one.classifications}
    outcomes = [(outcome, declaration.scale(outcome)) for outcome in declaration.plan.outcomes]
    stated = people_facts.stated(codes, declaration.file.courses, outcomes)
    people_facts.check(stated, codes)
    return stated


def _standard(
    results: Results,
    people: Sequence[str],
    breakdowns: Mapping[str, Classification],
    changed: Mapping[str, Classification],
    served: Classification | None,
) -> list[Tabulation]:
    """The tables of every project: everyone, groups, courses, stages and outcomes."""
    tables = [cross_tabulate("people", "people", in_all(Message("project.draft.everyone")), people)]
    tables += [tabulate(f"breakdown:{name}", "people", people, group) for name, group in breakdowns.items()]
    for course in results.declaration.file.courses:
        tables += of_course(results, course, people)
    tables.append(tabulate("flow", "flow", people, stages(results, people)))
    for outcome, direction in changed.items():
        tables += of_outcome(outcome, people, direction)
        if served:
            tables.append(paired_by_served(outcome, people, served, direction))
    return tables


def _further(results: Results, people: Sequence[str]) -> tuple[list[Tabulation], list[Relation]]:
    """The tables that project.yml names under ``rules: tables``, and what everybody knows about their counts."""
    declaration = results.declaration
    tables: list[Tabulation] = []
    known: list[Relation] = []
    wanted = declaration.file.rules.tables
    if "needs" in wanted and not results.frames["needs"].empty:
        tables += needs(results, people)
    for outcome in declaration.plan.primary if "distributions" in wanted else ():
        if declaration.scale(outcome).transform != "ordinal":
            before_and_after, bound = distribution(results, outcome, people)
            tables += before_and_after
            known += bound
    return tables, known


def _line(
    results: Results,
    measured: Measured,
    people: Sequence[str],
    breakdowns: Mapping[str, Classification],
    changed: Mapping[str, Classification],
) -> Drafted:
    declaration = results.declaration
    return build(
        _marked(results, measured),
        people,
        directions=changed,
        better={outcome.id: declaration.scale(outcome).direction for outcome in declaration.plan.outcomes},
        breakdowns=breakdowns,
        countries=declaration.file.countries,
        refused={name: NOT_TOLD for name, change in results.changes.items() if not trusted(results, change)},
    )


def _marked(results: Results, measured: Measured) -> Measured:
    """An indicator of an outcome that was not planned beforehand says so."""
    name, _, outcome = measured.indicator.measure.partition(":")
    if name not in ("improved", "change") or results.changes[outcome].preplanned:
        return measured
    labels = outcome_labels(measured.indicator.labels, preplanned=False)
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
