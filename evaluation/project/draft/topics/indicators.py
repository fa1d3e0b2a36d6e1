"""One declared indicator becomes a line of the Draft and the counts it rests on."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from evaluation import descriptors
from evaluation.measure.indicators import Measured
from evaluation.project.draft.counting import (
    YES_NO,
    Classification,
    Places,
    Tabulation,
    coarsened,
    count_of,
    labels_of,
    placed,
    tabulate,
)
from evaluation.project.draft.ladders import crossed, graded, rungs, told_as
from evaluation.project.draft.topics.means import NOT_TOLD, trusted
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


def build(measured: Measured, places: Places) -> Drafted:
    """The line of one indicator; where its outcome's items bear no total that a report may tell, it says so."""
    indicator, results, people = measured.indicator, places.results, places.people
    name, _, argument = indicator.measure.partition(":")
    if name in ("improved", "change") and not trusted(results, results.changes[argument]):
        return Drafted(dataclasses.replace(_line(measured), achieved=None, withheld=NOT_TOLD))
    whole, classification = Reference("people", {}), None
    if name == "enrolled":
        counted = whole
    elif name == "taken" and argument:
        counted, classification = count_of(f"course:{argument}.taken", "yes"), places.courses[argument]
        classification = told_as(classification, "taken", "courses")
    elif name == "completed" and argument:
        counted, classification = count_of(f"course:{argument}", "completed"), places.courses[argument]
    elif name == "improved":
        better, classification = results.changes[argument].scale.direction, places.changed[argument]
        counted, whole = count_of(f"{argument}.direction", better), count_of(f"{argument}.pairs", "yes")
    elif name in ("taken", "completed", *WHOEVER):
        counted, classification = _whoever(measured, people)
    elif name in OF_ASKED:
        counted, classification = _of_asked(measured, people, results.declaration.file.rules)
        whole = count_of(f"{counted.table}{ASSESSED}", "yes")
    elif measured.value is not None and _counts_people(measured):
        return _one_count(measured)
    elif name == "countries":
        countries = results.declaration.file.countries
        return Drafted(
            dataclasses.replace(_line(measured), achieved=countries, withheld={} if countries else _NO_COUNTRIES)
        )
    else:
        return Drafted(_line(measured, mean=argument if name == "change" else ""))
    line = _line(measured, numerator=counted, denominator=whole if indicator.unit == "share" else None, asked=whole)
    tables, by = list[Tabulation](), indicator.breakdown
    if classification:
        tables, finenesses = _tabulated(classification, people)
        if by:
            split = crossed(line.code, line.labels, people, places.breakdowns[by], finenesses)
            tables, by = [*tables, *split], split[0].table.id
    elif by:
        by = f"breakdown:{by}"
    return Drafted(dataclasses.replace(line, breakdown=by), tables)


def _tabulated(fine: Classification, people: Sequence[str]) -> tuple[list[Tabulation], tuple[Classification, ...]]:
    """The tables that an indicator brings, and by what it can be broken down, the finest first.

    Those of outcomes are there already.
    """
    name = fine[0].id
    if name.endswith(".direction"):
        return [], (fine, told_as(fine, "known", "outcomes"))
    if name.startswith("course:") and "completed" in fine[0].codes:
        done = coarsened(fine, f"{name}.completed")
        return [tabulate(done[0].id, "indicators", people, done)], (fine, done)
    if f"{name}{ASSESSED}" not in fine[0].within:
        return [] if name.startswith("course:") else [tabulate(name, "indicators", people, fine)], (fine,)
    return whether_reached(fine, people), (fine, told_as(fine, "known", "indicators"))


def whether_reached(fine: Classification, people: Sequence[str]) -> list[Tabulation]:
    """The tables of who ``reached`` something, at every rung, and of whom it could be said."""
    assessed = coarsened(fine, f"{fine[0].id}{ASSESSED}")
    return [
        *rungs("indicators", fine, people, zeros_sensitive=True),
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


def _whoever(measured: Measured, people: Sequence[str]) -> tuple[Reference, Classification]:
    """Those counted against everyone else, as a variable of its own."""
    name = measured.indicator.measure.replace(":", ".")
    variable = Variable(name, measured.indicator.labels, YES_NO)
    return count_of(name, "yes"), (variable, placed(people, "no", yes=measured.persons))


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
    code_of = placed(people, "none", reached=persons, not_reached=asked)
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
