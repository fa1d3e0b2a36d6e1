"""One declared indicator becomes a line of the Draft and the counts it rests on."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from evaluation import descriptors
from evaluation.measure.indicators import Measured
from evaluation.project.draft.counting import (
    YES_NO,
    Classification,
    Tabulation,
    coarsened,
    count_of,
    labels_of,
    tabulate,
)
from evaluation.project.draft.ladders import crossed, graded, rungs, told_as
from evaluation.release.released import Count, CountTable, Line, Reference, Variable
from evaluation.schema import Labels, Rules
from evaluation.texts import Message, in_all

WHOEVER = ("supported", "referred", "referral_accepted")
"""Measures of whoever was given something, among everyone enrolled."""

OF_ASKED = ("goals", "regulated")
"""Measures of whoever reached something, among those who could."""

ASSESSED = ".assessed"
"""Ends the name of those among whom something was reached or not."""

_REACHED = labels_of("reached", "reached", "not_reached", "none")
_NO_COUNTRIES = in_all(Message("project.draft.countries_not_declared"))


@dataclass(frozen=True, slots=True)
class Drafted:
    """A line with the tables that it brings."""

    line: Line
    tables: Sequence[Tabulation] = ()
    finenesses: Sequence[Classification] = ()  # by which it can be broken down, the finest first


def build(
    measured: Measured,
    people: Sequence[str],
    *,
    directions: Mapping[str, Classification],
    better: Mapping[str, str],
    breakdowns: Mapping[str, Classification],
    countries: int | None,
    refused: Mapping[str, Labels],
    courses: Mapping[str, Classification],
    rules: Rules,
) -> Drafted:
    """The line of one indicator. ``directions``, ``courses`` and ``breakdowns`` place each participant, by their ids.

    ``better``: the direction, higher or lower, that is good for each outcome. ``refused``: the outcomes
    whose items bear no total that a report may tell, with what it says instead.
    """
    indicator = measured.indicator
    name, _, argument = indicator.measure.partition(":")
    if name in ("improved", "change") and argument in refused:
        return Drafted(dataclasses.replace(_line(measured), achieved=None, withheld=refused[argument]))
    if name == "enrolled":
        counted, classification = Reference("people", {}), None
    elif name in ("taken", "completed") and argument:
        counted, classification = _of_course(name, argument), courses[argument]
        if name == "taken":
            classification = told_as(classification, "taken", "courses", rules)
    elif name == "improved":
        counted, classification = count_of(f"{argument}.direction", better[argument]), directions[argument]
    elif name in ("taken", "completed", *WHOEVER):
        counted, classification = _whoever(measured, people)
    elif name in OF_ASKED:
        counted, classification = _of_asked(measured, people, rules)
    elif measured.value is not None and _counts_people(measured):
        return _one_count(measured)
    elif name == "countries":
        line = dataclasses.replace(_line(measured), achieved=countries, withheld={} if countries else _NO_COUNTRIES)
        return Drafted(line)
    else:
        return Drafted(_line(measured, mean=argument if name == "change" else ""))
    whole, own = _whole(name, argument), Drafted(_line(measured))
    if classification:
        own = _tabulated(own.line, classification, people, rules, better=better.get(argument, ""))
    if name in OF_ASKED:
        whole = count_of(f"{counted.table}{ASSESSED}", "yes")
    line = _line(measured, numerator=counted, denominator=whole if indicator.unit == "share" else None, asked=whole)
    by = indicator.breakdown
    if not by:
        return Drafted(line, own.tables)
    if classification is None:
        return Drafted(dataclasses.replace(line, breakdown=f"breakdown:{by}"), own.tables)
    split = crossed(line.code, line.labels, people, breakdowns[by], own.finenesses)
    return Drafted(dataclasses.replace(line, breakdown=split[0].table.id), (*own.tables, *split))


def _tabulated(line: Line, fine: Classification, people: Sequence[str], rules: Rules, *, better: str) -> Drafted:
    """The tables that an indicator brings, and by what it can be broken down; those of outcomes are there already."""
    name = fine[0].id
    if better:
        return Drafted(line, (), (fine, told_as(fine, "known", "outcomes", rules, better)))
    if name.startswith("course:") and "completed" in fine[0].codes:
        done = coarsened(fine, f"{name}.completed")
        return Drafted(line, (tabulate(done[0].id, "indicators", people, done),), (fine, done))
    if f"{name}{ASSESSED}" not in fine[0].within:
        own = [] if name.startswith("course:") else [tabulate(name, "indicators", people, fine)]
        return Drafted(line, own, (fine,))
    return Drafted(line, whether_reached(fine, people, rules), (fine, told_as(fine, "known", "indicators", rules)))


def whether_reached(fine: Classification, people: Sequence[str], rules: Rules) -> list[Tabulation]:
    """The tables of who ``reached`` something, at every rung, and of whom it could be said."""
    name, assessed = fine[0].id, coarsened(fine, f"{fine[0].id}{ASSESSED}")
    return [
        *rungs("indicators", name, people, fine, rules, zeros_sensitive=True),
        tabulate(assessed[0].id, "indicators", people, assessed, zeros_sensitive=True),
    ]


def _line(
    measured: Measured,
    *,
    numerator: Reference | None = None,
    denominator: Reference | None = None,
    asked: Reference | None = None,
    mean: str = "",
) -> Line:
    indicator = measured.indicator
    return Line(
        code=indicator.code,
        labels=indicator.labels,
        level=indicator.level,
        unit=indicator.unit,
        source=indicator.source,
        baseline=indicator.baseline,
        baseline_date=indicator.baseline_date,
        target=indicator.target,
        numerator=numerator,
        denominator=denominator,
        asked=asked,
        mean=mean,
        achieved=None if numerator or mean else measured.value,
        dimension=indicator.dimension,
        measure=indicator.measure,
        note=indicator.note,
        withheld={} if mean or measured.reason is None else in_all(measured.reason),
    )


def _of_course(name: str, course: str) -> Reference:
    return count_of(f"course:{course}.taken", "yes") if name == "taken" else count_of(f"course:{course}", "completed")


def _whoever(measured: Measured, people: Sequence[str]) -> tuple[Reference, Classification]:
    """Those counted against everyone else, as a variable of its own."""
    name = measured.indicator.measure.replace(":", ".")
    variable = Variable(name, measured.indicator.labels, YES_NO)
    code_of = {person: "yes" if person in measured.persons else "no" for person in people}
    return count_of(name, "yes"), (variable, code_of)


def _of_asked(measured: Measured, people: Sequence[str], rules: Rules) -> tuple[Reference, Classification]:
    name, labels = measured.indicator.measure.replace(":", "."), measured.indicator.labels
    fine = reached(name, labels, people, asked=measured.asked, persons=measured.persons, rules=rules)
    return count_of(name, "reached"), fine


def reached(
    name: str,
    labels: Labels,
    people: Sequence[str],
    *,
    asked: Collection[str],
    persons: Collection[str],
    rules: Rules,
) -> Classification:
    """The ``persons`` who reached it, those ``asked`` who could have and did not, and all others: one variable."""
    within = {f"{name}{ASSESSED}": {"reached": "yes", "not_reached": "yes", "none": "no"}}
    code_of = dict.fromkeys(people, "none") | dict.fromkeys(asked, "not_reached") | dict.fromkeys(persons, "reached")
    return graded("indicators", (Variable(name, labels, _REACHED, within=within), code_of), rules)


def _counts_people(measured: Measured) -> bool:
    """Whether a number without records of persons counts people all the same."""
    name, _, argument = measured.indicator.measure.partition(":")
    if name == "tally":
        return descriptors.recode("tally_kinds", "counts")[argument] != "contacts"
    of_people = measured.indicator.unit == "persons" or measured.indicator.counts in ("", "people")
    return name == "aggregate" and of_people


def _one_count(measured: Measured) -> Drafted:
    """A count of people of whom there are no records: a population of its own, gated like any other."""
    name, labels = measured.indicator.measure, measured.indicator.labels
    counts = (Count({}, int(measured.value or 0), weight=2),)
    table = CountTable(name, "indicators", labels, name, (), counts)
    return Drafted(_line(measured, numerator=Reference(name, {})), (Tabulation(table, ()),))


def _whole(name: str, argument: str) -> Reference:
    """Everyone enrolled; for a change, those with both measurements."""
    if name == "improved":
        return count_of(f"{argument}.pairs", "yes")
    return Reference("people", {})
