"""What is told of waves after the end: a table for each, and why an outcome stands in none."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from evaluation.release.released import Mean, Released
from evaluation.report import words
from evaluation.report.blocks import Table
from evaluation.report.content import lookup
from evaluation.report.content.counts import table
from evaluation.report.content.outcomes import outcome
from evaluation.schema import text


def tables(released: Released, language: str) -> Iterator[Table]:
    """The mean change of each outcome from the start to each wave after the end, where some are told."""
    starts = {mean.id: mean.start for mean in released.at_end}
    for wave, means in _waves(released).items():
        told = [mean for mean in means if mean.change is not None]
        if not told:
            continue
        heads = ("outcome", "later", "change", "interval", "behind_later", "nothing_gained")
        day = lookup.same_day(told)
        shown = lookup.undated(told, day)
        rows = tuple(_row(mean, starts.get(mean.id.partition(".")[0]), language) for mean in shown)
        caption = words.say("report.table.later", language, wave=_label(told, wave, language))
        caption = lookup.dated(caption, day, language)
        columns = [words.say(f"report.column.{column}", language) for column in heads]
        yield table(f"t-later-{wave}", caption, columns, rows, language)


def notes(released: Released, language: str) -> Iterator[str]:
    """Where an interval holds no change, and of which outcomes no mean is told, those with one reason together."""
    for wave, means in _waves(released).items():
        label = _label(means, wave, language)
        for mean in means:
            named = {language: f"{words.title(mean.labels, language)} ({label})"}
            if said := outcome.undecided(dataclasses.replace(mean, labels=named), language):
                yield said
        untold = [mean for mean in means if mean.change is None]
        for reason in dict.fromkeys(outcome.withheld(mean, language) for mean in untold):
            these = [words.inline(one.labels, language) for one in untold if outcome.withheld(one, language) == reason]
            named_all = words.listing(these, language)
            yield words.begun("report.outcome.not_later", language, wave=label, list=named_all, reason=reason)


def _label(means: Sequence[Mean], wave: str, language: str) -> str:
    return text(means[0].wave_labels, language) or wave


def _waves(released: Released) -> dict[str, Sequence[Mean]]:
    waves = dict.fromkeys(mean.wave for mean in released.later)
    return {wave: [mean for mean in released.later if mean.wave == wave] for wave in waves}


def _row(mean: Mean, start: float | None, language: str) -> tuple[str, ...]:
    decimals, hidden = outcome.decimals(mean), words.hidden(language)
    score, change = outcome.after(mean, start), mean.change or 0.0
    without = outcome.if_nothing_gained(mean)
    return (
        outcome.title(mean, language),
        hidden if score is None else words.number(score, language, decimals=decimals),
        words.signed(change, language, decimals=decimals),
        outcome.interval(mean, language),
        words.out_of(mean.n, mean.of, language),
        hidden if without is None else words.signed(without, language, decimals=decimals),
    )
