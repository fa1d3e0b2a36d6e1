"""The annexes: declared indicators one by one, bilateral activities and the partner survey."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from evaluation import codec
from evaluation.release.released import Line, Released
from evaluation.release.system.means import withheld
from evaluation.report import words
from evaluation.report.blocks import Block, Definitions, Heading, Table
from evaluation.report.content import bilateral, lookup
from evaluation.report.content.bilateral import APPLIED
from evaluation.report.content.counts import tabled, titled
from evaluation.report.shown import Shown, nothing, show
from evaluation.schema import text


def indicators(released: Released, language: str) -> Shown:
    """The indicator annex: a table of numbers, then each indicator's source, breakdown and deviation."""
    if not released.indicators:
        return tabled(
            released,
            language,
            name="indicators",
            tables=[],
            values=[],
            content=[],
        )
    columns = ("indicator", "unit", "baseline", "target", "achieved", "achieved_share", "progress", "asked")
    rows = tuple(_indicator_row(line, language) for line in released.indicators)
    numbers = titled("t-indicators", "indicators", columns, rows, language)
    numbers = with_legends(numbers, released.indicators, language)
    blocks: list[Block] = [numbers]
    blocks.append(Heading(words.say("report.heading.indicator_details", language), 3))
    blocks.append(Definitions(tuple(_details(released, line, language) for line in released.indicators)))
    return show(
        released,
        language,
        name="indicators",
        blocks=blocks,
        content=[_indicator_json(released, line) for line in released.indicators],
    )


def partnership(released: Released, language: str) -> Shown:
    """Counted bilateral activities and each organisation's answers (of organisations, not of people)."""
    if not bilateral.asked(released):
        return nothing(released, language, name="partnership")
    activities = [activity for activity in released.activities if activity.count > 0]
    columns = ("activity", "dimension", "number", "persons_beneficiary", "persons_donor")
    rows = tuple(
        (
            words.title(activity.labels, language),
            words.label("bilateral_dimensions", activity.dimension, language),
            words.count(activity.count, language),
            *(
                words.say("report.mark.not_recorded", language) if persons is None else words.count(persons, language)
                for persons in (activity.persons_beneficiary, activity.persons_donor)
            ),
        )
        for activity in activities
    )
    counted = [titled("t-activities", "activities", columns, rows, language)] if rows else []
    return tabled(
        released,
        language,
        name="partnership",
        tables=[*counted, *_survey(released, language)],
        values=[],
        content={
            "activities": [codec.plain(activity) for activity in released.activities],
            "partner_survey": [codec.plain(survey) for survey in released.surveys],
        },
        after=[words.say("report.bilateral.project_level", language)] if released.surveys else [],
    )


def with_legends(numbers: Table, lines: Sequence[Line], language: str) -> Table:
    """The table of indicators with what its marks mean; for a number that is told elsewhere its word says enough."""
    marked = dict.fromkeys(mark for line in lines if (mark := _elsewhere(line)))
    told = [words.say(f"report.mark.legend_{mark.removeprefix('told_')}", language) for mark in marked]
    untold = [line for line in lines if line.achieved is None and not _elsewhere(line) and line.unit != "score 1-7"]
    if any(line.withheld for line in untold):
        told.append(words.say("report.mark.legend_indicators", language))
    none = words.say("report.mark.no_such", language)
    told += [words.say("report.mark.legend_no_such", language)] if any(none in row for row in numbers.rows) else []
    told += numbers.notes if untold and not any(line.withheld for line in untold) else ()
    return dataclasses.replace(numbers, notes=tuple(told))


_ELSEWHERE = {"scheduled": "told_elsewhere", "told_once": "told_elsewhere", "withdrawn": "withdrawn"}
"""By the reason for which a number is not told, the word that stands for it."""


def _elsewhere(line: Line) -> str:
    """The key of the word for a number that another release tells, or that was withdrawn; else empty."""
    if line.achieved is not None or line.low is not None or line.high is not None:
        return ""
    return next((mark for reason, mark in _ELSEWHERE.items() if line.withheld == withheld(reason)), "")


# --- indicators ---------------------------------------------------------------------------------


def _indicator_row(line: Line, language: str) -> tuple[str, ...]:
    baseline, target = (
        None if number is None else words.in_unit(number, line.unit, language)
        for number in (line.baseline, line.target)
    )
    name, *numbers = progress_row(line, language)
    if baseline and line.baseline_date:
        baseline = f"{baseline} ({words.date(line.baseline_date, language)})"
    none = words.say("report.mark.none", language)
    return (
        name,
        words.say(f"report.unit.{line.unit.split(maxsplit=1)[0]}", language),
        baseline or none,
        target or words.say("report.mark.not_agreed", language),
        *numbers,
        _asked(line, language),
    )


def progress_row(line: Line, language: str) -> tuple[str, str, str, str]:
    """An indicator, what was achieved, and that as a share of the target and of the way to it."""
    return (
        f"{line.code} {words.title(line.labels, language)}",
        achieved(line, language),
        derived(line, line.achieved_share, language, absent=_nothing_more(line, language)),
        derived(line, line.progress, language, absent=not_told(line, language)),
    )


def achieved(line: Line, language: str) -> str:
    """The number of an indicator, its range, or the word or mark for one that is not told."""
    if line.achieved is not None:
        return words.in_unit(line.achieved, line.unit, language)
    return words.between(line.low, line.high, line.unit, language) or missing_number(line, language)


def _asked(line: Line, language: str) -> str:
    """Of how many people a number is; the mark where it is one of people that is not told, or of none."""
    if line.n is not None or line.of is not None:
        return words.out_of(line.n, line.of, language)
    untold = line.achieved is None and line.unit in ("persons", "points", "share")
    return words.hidden(language) if untold else words.say("report.mark.no_such", language)


def derived(line: Line, share: float | None, language: str, *, absent: str = "") -> str:
    """A share of the target or of the way to it; a word where it is missing, a mark where it cannot be computed."""
    if share is not None:
        return words.percent(share, language)
    if line.achieved is None:
        return absent or missing(line, language)
    return words.say("report.mark.no_such", language)


def missing(line: Line, language: str) -> str:
    """What can be said of the target where the number itself is not told."""
    return missing_number(line, language) if _elsewhere(line) else verdict(line, language)


def verdict(line: Line, language: str) -> str:
    """Whether what is told of an indicator reaches its target: reached, not reached, or neither can be said."""
    if line.unit == "score 1-7" or line.target is None:
        return not_told(line, language)
    fewer = line.baseline is not None and line.target < line.baseline
    low, high = (line.low, line.high) if line.achieved is None else (line.achieved, line.achieved)
    worst, best = (high, low) if fewer else (low, high)
    sign = -1 if fewer else 1
    if worst is not None and sign * worst >= sign * line.target:
        return words.say("report.mark.reached", language)
    if best is not None and sign * best < sign * line.target:
        return words.say("report.mark.not_reached", language)
    return words.say("report.mark.cannot_say", language)


def not_told(line: Line, language: str) -> str:
    """The mark of a number that is not told; a score of organisations is not hidden but not given."""
    return words.say("report.mark.not_given", language) if line.unit == "score 1-7" else words.hidden(language)


def missing_number(line: Line, language: str) -> str:
    """The word for a number that another release tells or that was withdrawn, else the mark of one not told."""
    mark = _elsewhere(line)
    return words.say(f"report.mark.{mark}", language) if mark else not_told(line, language)


def _nothing_more(line: Line, language: str) -> str:
    """The mark behind the word for a number of another release, which stands once in its row."""
    return not_told(line, language) if _elsewhere(line) else ""


def _details(released: Released, line: Line, language: str) -> tuple[str, str]:
    """An indicator, and what there is to say of it besides its numbers."""
    split = lookup.disaggregation(released, line)
    groups = "; ".join(
        f"{text(variable.codes[code], language)}: {words.count(value, language)}"
        for variable, code, value in (() if lookup.all_hidden([value for *_, value in split]) else split)
    )
    why = text(line.withheld, language)
    if line.low is not None or line.high is not None or _elsewhere(line):
        why = ""  # a range says that the number is not told exactly; under the table stands why
    said = (
        ("verification", text(line.source, language)),
        ("breakdown", groups),
        ("deviation", text(line.note, language)),
        ("why_hidden", why),
    )
    level = words.begun(f"report.level.{line.level}", language)
    told = [
        f"{words.say(f'report.indicator.{name}', language)}: {words.sentence(value)}" for name, value in said if value
    ]
    return f"{line.code} {words.title(line.labels, language)}", words.tidy(" ".join([f"{level}.", *told]), language)


def _indicator_json(released: Released, line: Line) -> dict[str, Any]:
    split = [
        {
            "variable": variable.id,
            "code": code,
            "labels": dict(variable.codes[code]),
            "value": lookup.as_json(value),
        }
        for variable, code, value in lookup.disaggregation(released, line)
    ]
    plain: dict[str, Any] = codec.plain(line)
    for internal in ("numerator", "denominator", "mean", "breakdown"):
        plain.pop(internal)
    return plain | {"n": lookup.as_json(line.n), "of": lookup.as_json(line.of), "disaggregation": split}


# --- partner survey -----------------------------------------------------------------------------


def _survey(released: Released, language: str) -> list[Table]:
    if not released.surveys:
        return []
    columns = ("organisation", "state", "wave", "trust", "satisfaction", "applies")
    rows = tuple(
        (
            survey.organisation,
            words.say("report.state.donor" if survey.donor_state else "report.state.beneficiary", language),
            words.wave(survey.wave, language),
            *(
                words.say("report.mark.not_answered", language) if rating is None else words.plain(rating, language)
                for rating in (survey.trust, survey.satisfaction)
            ),
            words.say(APPLIED[survey.applies_knowledge], language),
        )
        for survey in released.surveys
    )
    return [titled("t-survey", "survey", columns, rows, language)]
