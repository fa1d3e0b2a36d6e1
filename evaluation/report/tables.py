"""Released numbers as accessible tables: people, courses and outcomes, and the annexes under one name."""

from __future__ import annotations

from evaluation import codec
from evaluation.release.released import CountTable, Mean, Released, Value
from evaluation.report import narrative, reading, words
from evaluation.report.annex import indicators, partnership
from evaluation.report.assurance import certificate, facts, method, provenance
from evaluation.report.grids import grid, side_by_side, split_values, tabled, titled
from evaluation.report.markup import Grid
from evaluation.report.shown import Shown
from evaluation.schema import text

__all__ = [
    "certificate",
    "courses",
    "facts",
    "indicators",
    "method",
    "outcomes",
    "partnership",
    "people",
    "provenance",
]


def people(released: Released, language: str) -> Shown:
    """Who took part: flow of participants and the declared breakdowns, as released."""
    found = [*reading.by_topic(released, "people"), *reading.by_topic(released, "flow")]
    split = [table for table in reading.fine(found) if table.variables]
    hidden = [table for table in split if reading.all_hidden(_protected(table))]
    return tabled(
        released,
        language,
        part="people",
        heading=words.say("h_people", language),
        grids=[grid(table, language) for table in split if table not in hidden],
        values=[value for table in split for value in _protected(table)],
        before=[reached(released, language)],
        after=[
            words.say("all_hidden", language, what=words.title(table.labels, language))
            for table in hidden
            if len(hidden) < len(split)
        ],
        content=[reading.table_json(table) for table in found],
    )


def _protected(table: CountTable) -> list[Value]:
    return [count.value for count in table.counts if not count.public]


def courses(released: Released, language: str) -> Shown:
    """How many completed, attended some of, or did not attend each course."""
    found = reading.by_topic(released, "courses")
    return tabled(
        released,
        language,
        part="courses",
        heading=words.say("h_courses", language),
        grids=[side_by_side(found, "courses", language)] if found else [],
        values=split_values(found),
        content=[reading.table_json(table) for table in found],
    )


def outcomes(released: Released, language: str) -> Shown:
    """Mean changes with their intervals, and how many answered higher or lower."""
    found = reading.by_topic(released, "outcomes")
    grids = [_means(released, language)] if released.means else []
    after = [_reason(mean, language) for mean in released.means if mean.change is None]
    if reading.all_hidden(split_values(found)):
        after.append(words.say("all_hidden", language, what=words.say("t_directions", language)))
    elif found:
        grids.append(side_by_side(found, "directions", language))
        after += [said for table in reading.fine(found) if (said := net(table, language))]
    return tabled(
        released,
        language,
        part="outcomes",
        heading=words.say("h_outcomes", language),
        grids=grids,
        values=[*split_values(found), *(None if mean.change is None else 1 for mean in released.means)],
        content={
            "means": [codec.plain(mean) | {"n": reading.as_json(mean.n)} for mean in released.means],
            "directions": [reading.table_json(table) for table in found],
        },
        after=after,
    )


def net(table: CountTable, language: str) -> str:
    """Higher less lower, where both were released; empty where one of them is hidden."""
    higher, lower = (reading.value(table, {table.variables[-1].id: code}) for code in ("higher", "lower"))
    if not (isinstance(higher, int) and isinstance(lower, int)):
        return ""
    difference = words.signed(higher - lower, language, decimals=0)
    return words.say("net", language, Outcome=words.title(table.labels, language), n=difference)


def reached(released: Released, language: str) -> str:
    """How many people the project planned for and reached."""
    facts = released.facts
    return words.say(
        "reached_only",
        language,
        planned=words.counted(facts.planned, "person_genitive", language),
        reached=words.counted(facts.reached, "person_accusative", language),
        share=words.percent(facts.reached / facts.planned, language) if facts.planned else "",
    )


# --- outcomes -----------------------------------------------------------------------------------


def _means(released: Released, language: str) -> Grid:
    columns = ("outcome", "scale_column", "change", "interval_column", "behind", "kind")
    rows = tuple(_mean_row(mean, language) for mean in released.means)
    return titled("t-means", "means", columns, rows, language)


def _mean_row(mean: Mean, language: str) -> tuple[str, ...]:
    decimals = narrative.decimals(mean)
    hidden = words.hidden(language)
    return (
        narrative.title(mean, language),
        _scale(mean, language),
        hidden if mean.change is None else words.signed(mean.change, language, decimals=decimals),
        interval(mean, language),
        words.out_of(mean.n, mean.of, language),
        _kind(mean, language),
    )


def interval(mean: Mean, language: str) -> str:
    """ "0.4 to 3.5 (95%)", or the mark where it is withheld."""
    if mean.low is None or mean.high is None:
        return words.hidden(language)
    written = words.interval(mean.low, mean.high, language, decimals=narrative.decimals(mean))
    level = words.percent(mean.confidence, language)
    return words.say("interval_level", language, interval=written, level=level)


def _scale(mean: Mean, language: str) -> str:
    ends = words.DASH.join(narrative.ends(mean, language))
    return ends if mean.direction == "higher" else f"{ends} {words.say('lower_better', language)}"


def _kind(mean: Mean, language: str) -> str:
    planned = ("primary" if mean.primary else "secondary") if mean.preplanned else "exploratory"
    kinds = (planned, f"who_{mean.method}".replace(" ", "_"))
    return "; ".join(words.say(kind, language) for kind in kinds)


def _reason(mean: Mean, language: str) -> str:
    reason = text(mean.withheld, language) or words.say("too_few", language)
    return f"{narrative.title(mean, language)}: {words.sentence(reason)}"
