"""Released numbers as accessible tables: people, courses and outcomes."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from evaluation import codec
from evaluation.release.planned.design import OWN
from evaluation.release.released import CountTable, Mean, Released, Value
from evaluation.report import words
from evaluation.report.blocks import Block, Definitions, Table
from evaluation.report.content import lookup
from evaluation.report.content.counts import (
    elsewhere,
    side_by_side,
    split,
    split_values,
    tabled,
    titled,
    topic,
    why_absent,
)
from evaluation.report.content.outcomes import later, moved, outcome
from evaluation.report.shown import Shown, nothing
from evaluation.schema import text
from evaluation.texts import DASH


def people(released: Released, language: str) -> Shown:
    """Who took part: flow of participants, the declared breakdowns and the project's own tables, as released."""
    counted, own = (
        [*lookup.by_topic(released, "people"), *lookup.flow(released)],
        lookup.by_topic(released, OWN),
    )
    grouped = [*(table for table in lookup.fine(counted) if table.variables), *own]
    if not grouped and why_absent(released, "people") == "nothing":
        return nothing(released, language, name="people")
    hidden = [table for table in grouped if lookup.all_hidden(_protected(table))]
    return tabled(
        released,
        language,
        name="people",
        tables=[split(table, language) for table in grouped if table not in hidden],
        values=[value for table in grouped for value in _protected(table)],
        after=[
            *(
                words.say("report.mark.all_hidden", language, what=words.title(table.labels, language))
                for table in hidden
                if len(hidden) < len(grouped)
            ),
            *(said for name in ("groups", "flow") if grouped for said in elsewhere(released, name, name, language)),
        ],
        content=[lookup.table_json(table) for table in (*counted, *own)],
    )


def _protected(table: CountTable) -> list[Value]:
    """The counts by all of its variables."""
    return [count.value for count in table.counts if not count.public and len(count.at) == len(table.variables)]


def courses(released: Released, language: str) -> Shown:
    """How many completed, attended some of, or did not attend each course; no part for a project without any."""
    if not released.facts.courses:
        return nothing(released, language, name="courses")
    return topic(released, language, "courses")


def outcomes(released: Released, language: str) -> Shown:
    """Mean changes with their intervals, and how many answered higher or lower; no part where none is declared."""
    if not released.facts.outcomes and not released.means:
        return nothing(released, language, name="outcomes")
    counted = lookup.by_topic(released, "outcomes")
    means = released.at_end
    told = [mean for mean in means if mean.change is not None]
    shown = [_means(released, language)] if told else []
    after: list[str | Block] = [*(_withdrawn(released, language) if counted and lookup.means_once(released) else ())]
    after += [estimand(released, language)] if any(mean.method == "all enrolled" for mean in told) else []
    after += [words.say("report.outcome.ends", language)] if any(mean.start is not None for mean in means) else []
    after += [said.text for said in outcome.untold([mean for mean in means if mean.change is None], language)]
    after += if_nothing_gained(told, language)
    after += [said for mean in means if (said := outcome.undecided(mean, language))]
    if lookup.all_hidden(split_values(counted)):
        after.append(words.say("report.mark.all_hidden", language, what=words.say("report.table.directions", language)))
    elif counted:
        shown.append(side_by_side(counted, "directions", language))
        after += net(lookup.fine(counted), language)
    shown += later.tables(released, language)
    after += later.notes(released, language)
    return tabled(
        released,
        language,
        name="outcomes",
        tables=shown,
        values=[*split_values(counted), *(None if mean.change is None else 1 for mean in released.means)],
        content={
            "means": [codec.plain(mean) | {"n": lookup.as_json(mean.n)} for mean in released.means],
            "directions": [lookup.table_json(table) for table in counted],
        },
        after=after,
    )


def estimand(released: Released, language: str) -> Definitions:
    """What the mean changes are about and what is supposed of those who left: the plan's words, else the kit's."""
    stated = dict(released.facts.estimand)
    pairs = []
    for name in ("population", "treatment", "variable", "intercurrent_events", "summary"):
        said = text(stated.get(name, {}), language).strip() or words.say(f"report.estimand.{name}", language)
        said = words.sentence(said[:1].upper() + said[1:])
        pairs.append((words.say(f"report.estimand_name.{name}", language), words.tidy(said, language)))
    return Definitions(tuple(pairs))


def if_nothing_gained(means: Sequence[Mean], language: str) -> list[str]:
    """What means would be had those without a last answer gained nothing; only where their number is told."""
    told = [
        f"{words.inline(mean.labels, language)} {words.signed(without, language, decimals=outcome.decimals(mean))}"
        for mean in means
        if mean.method == "all enrolled" and mean.n != mean.of
        if (without := outcome.if_nothing_gained(mean)) is not None
    ]
    listed = words.listing(told, language)
    return [words.say("report.outcome.nothing_gained", language, n=len(told), list=listed)] if told else []


def net(counted: Sequence[CountTable], language: str) -> list[str]:
    """Higher less lower of each outcome of which both were released."""
    told = []
    for table in counted:
        higher, lower = (lookup.value(table, {table.variables[-1].id: code}) for code in ("higher", "lower"))
        if isinstance(higher, int) and isinstance(lower, int):
            difference = words.signed(higher - lower, language, decimals=0)
            told.append(f"{words.inline(table.labels, language)} {difference}")
    listed = words.listing(told, language)
    return [words.say("report.outcome.net", language, list=listed)] if told else []


# --- outcomes -----------------------------------------------------------------------------------


def _means(released: Released, language: str) -> Table:
    ends = any(mean.start is not None for mean in released.at_end)
    alike = {mean.method for mean in released.at_end} == {"all enrolled"}  # as the paragraph below says
    told = ("start", "end") if ends else ()
    columns = ("outcome", "scale", *told, "change", "interval", "behind", "kind" if alike else "kind_and_people")
    day = lookup.same_day(released.at_end)
    means = lookup.undated(released.at_end, day)
    rows = tuple(_mean_row(mean, language, ends=ends, alike=alike) for mean in means)
    table = titled("t-means", "means", columns, rows, language)
    return dataclasses.replace(table, caption=lookup.dated(table.caption, day, language))


def _mean_row(mean: Mean, language: str, *, ends: bool, alike: bool) -> tuple[str, ...]:
    decimals = outcome.decimals(mean)
    hidden = words.hidden(language)
    return (
        outcome.title(mean, language),
        _scale(mean, language),
        *(outcome.start_and_end(mean, language) if ends else ()),
        hidden if mean.change is None else words.signed(mean.change, language, decimals=decimals),
        outcome.interval(mean, language),
        words.out_of(mean.n, mean.of, language),
        _kind(mean, language, alike=alike),
    )


def _scale(mean: Mean, language: str) -> str:
    ends = DASH.join(outcome.ends(mean, language))
    return ends if mean.direction == "higher" else f"{ends} {words.say('report.mark.lower_better', language)}"


def _kind(mean: Mean, language: str, *, alike: bool) -> str:
    """``alike``: all means are of the same people, so that no row needs to say of whom."""
    planned = ("primary" if mean.primary else "secondary") if mean.preplanned else "exploratory"
    said = [f"report.kind.{planned}", *([] if alike else [f"report.about.{mean.method.replace(' ', '_')}"])]
    return "; ".join(words.say(key, language) for key in said)


def _withdrawn(released: Released, language: str) -> list[str]:
    """That means are not told again, and in words what holds beside them."""
    wrong = released.replaces
    if wrong is None:
        return [words.say("report.mark.mean_before", language, what=words.say("report.table.means", language))]
    said = words.say("report.outcome.withdrawn", language, release=wrong.release, day=wrong.released_on)
    holds = [sentence.text for sentence in moved.all_moved(released, language)]
    return [said, words.say("report.outcome.holds", language), *holds] if holds else [said]
