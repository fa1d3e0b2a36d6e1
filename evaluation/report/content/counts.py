"""How released counts become tables under a heading, and the sentence that stands for a table all hidden."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence, Set
from typing import Any

from evaluation.release.planned.design import LADDERS, OWN
from evaluation.release.released import CountTable, Released, Value
from evaluation.report import words
from evaluation.report.blocks import Block, Table, paragraphs
from evaluation.report.content import lookup
from evaluation.report.shown import Shown, show
from evaluation.schema import Labels, text

Rows = tuple[tuple[str, ...], ...]


def tabled(
    released: Released,
    language: str,
    *,
    name: str,
    tables: Sequence[Table],
    values: Sequence[Value],
    content: Any,
    before: Sequence[str] = (),
    after: Sequence[str | Block] = (),
) -> Shown:
    """Tables under a heading; one sentence instead where all their numbers are hidden or there are none."""
    blocks, why = list[Block](tables), ""
    if lookup.all_hidden(values) or not tables:
        why = absent(released, "{what}", language, name=name, recorded=lookup.all_hidden(values))
        blocks = [*paragraphs([why.replace("{what}", words.say(f"report.heading.{name}", language))])]
    below = (paragraphs([one])[0] if isinstance(one, str) else one for one in after)
    blocks = [*paragraphs(before), *blocks, *below]
    return show(released, language, name=name, blocks=blocks, content=content, absent=why if len(blocks) == 1 else "")


_TOPICS = {"people": ("groups", "flow", OWN), "means": ("outcomes",), "directions": ("outcomes",)}
"""What a part tells of, where that is not the topic of its own name."""


def elsewhere(released: Released, name: str, topic: str, language: str) -> list[str]:
    """That a table of another topic than the part's others is told in another release, if it is."""
    if topic not in released.elsewhere:
        return []
    return [_elsewhere(released, {topic}, words.say(f"report.table.{name}", language), language)]


def _elsewhere(released: Released, topics: Set[str], what: str, language: str) -> str:
    day = lookup.planned_day(released, topics)
    if day is None:
        return words.say("report.mark.elsewhere", language, what=what)
    return words.say("report.mark.elsewhere_on", language, what=what, day=day)


def absent(released: Released, what: str, language: str, *, name: str, recorded: bool) -> str:
    """The sentence that stands for what cannot be shown, is told elsewhere or withdrawn, or was not recorded."""
    reason = why_absent(released, name, recorded=recorded)
    if reason == "elsewhere":
        return _elsewhere(released, _topics(name) & {*released.elsewhere}, what, language)
    return words.say(f"report.mark.{reason}", language, what=what)


def why_absent(released: Released, name: str, *, recorded: bool = False) -> str:
    """The key of that sentence."""
    topics = _topics(name)
    small = released.facts.planned < 2 * released.certificate.threshold
    reasons = {
        "all_hidden": recorded,
        "too_small": small and "outcomes" not in topics,  # of outcomes a mean may be told nevertheless
        "elsewhere": bool(topics & {*released.elsewhere}),
        "mean_once" if released.replaces else "mean_before": name == "means" and lookup.means_once(released),
        "not_replaced": released.replaces is not None and bool(topics & {*LADDERS, OWN} - {"indicators"}),
    }
    return next((reason for reason, holds in reasons.items() if holds), "too_small" if small else "nothing")


def _topics(name: str) -> Set[str]:
    return {*_TOPICS.get(name, (name,))}


def table(table_id: str, caption: str, columns: Sequence[str], rows: Rows, language: str) -> Table:
    """Counts without the rows and columns that say nothing; how many numbers these were, and of what, stands under."""
    mark = words.hidden(language)
    told = tuple(row for row in rows if not set(row[1:]) <= {mark, words.say("report.mark.not_separate", language)})
    kept = [place for place in range(len(columns)) if not told or {row[place] for row in told} != {mark}]
    shown = tuple(tuple(row[place] for place in kept) for row in told)
    left_out = sum(row.count(mark) for row in rows) - sum(row.count(mark) for row in shown)
    names = [row[0] for row in rows if row not in told and mark in row]
    names += [column for place, column in enumerate(columns) if place not in kept]
    made = _marked(table_id, caption, [columns[place] for place in kept], shown, language)
    if not left_out:
        return made
    return dataclasses.replace(made, notes=(*made.notes, _left_out(left_out, names, language)))


def _left_out(n: int, names: Sequence[str], language: str) -> str:
    return words.say("report.mark.left_out", language, n=n, names="; ".join(names))


def _marked(table_id: str, caption: str, columns: Sequence[str], rows: Rows, language: str) -> Table:
    """A table under which stands what its mark of a hidden number means, if it has one."""
    mark = words.hidden(language)
    notes = (words.say("report.mark.legend", language),) if any(mark in row for row in rows) else ()
    return Table(table_id, caption, tuple(columns), rows, mark, notes)


def titled(table_id: str, name: str, columns: Sequence[str], rows: Rows, language: str) -> Table:
    """A table whose caption is ``report.table.name`` and whose columns are ``report.column``."""
    heads = [words.say(f"report.column.{column}", language) for column in columns]
    return _marked(table_id, words.say(f"report.table.{name}", language), heads, rows, language)


def split(counted: CountTable, language: str) -> Table:
    """A table as it was released: its last variable becomes columns where there are several variables."""
    *outer, last = counted.variables
    caption = words.title(counted.labels, language)
    if not outer:
        same = dict(last.labels) == dict(counted.labels)
        name = words.say("report.column.group", language) if same else words.title(last.labels, language)
        rows = tuple(
            (words.title(last.codes[code], language), words.count(value, language))
            for code, value in lookup.parts(counted)
        )
        return table(f"t-{counted.id}", caption, (name, words.say("report.column.people", language)), rows, language)
    crossed = []
    for codes in itertools.product(*(variable.codes for variable in outer)):
        at = {variable.id: code for variable, code in zip(outer, codes, strict=True)}
        name = ", ".join(text(variable.codes[at[variable.id]], language) for variable in outer)
        cells = [words.count(lookup.value(counted, {**at, last.id: code}), language) for code in last.codes]
        crossed.append((name[:1].upper() + name[1:], *cells))
    columns = (words.title(outer[0].labels, language), *(words.title(code, language) for code in last.codes.values()))
    return table(f"t-{counted.id}", caption, columns, tuple(crossed), language)


def side_by_side(tables: Sequence[CountTable], name: str, language: str) -> Table:
    """Tables with one variable each and the same kind of codes: a row for each table.

    Where coarser tables are among them, what they merge becomes the first column. A day that all of them bear
    stands in the caption.
    """
    day = lookup.same_day(tables)
    finest = lookup.undated(lookup.fine(tables), day)
    codes = columns_of(finest)
    merging = [lookup.merged(tables, counted) for counted in finest]
    extra = any(there for _, there in merging)
    rows = tuple(
        (
            words.title(counted.labels, language),
            *((words.count(value, language),) if extra else ()),
            *(cell(counted, code, language) for code in codes),
        )
        for counted, (value, _) in zip(finest, merging, strict=True)
    )
    heads = (words.title(labels, language) for labels in codes.values())
    merged = (words.say(f"report.merged.{name}", language),) if extra else ()
    columns = (words.say(f"report.row.{name}", language), *merged, *heads)
    caption = lookup.dated(words.say(f"report.table.{name}", language), day, language)
    return table(f"t-{name}", caption, columns, rows, language)


def topic(released: Released, language: str, name: str) -> Shown:
    """The tables of one topic side by side under its heading."""
    tables = lookup.by_topic(released, name)
    return tabled(
        released,
        language,
        name=name,
        tables=[side_by_side(tables, name, language)] if tables else [],
        values=split_values(tables),
        content=[lookup.table_json(counted) for counted in tables],
    )


def columns_of(tables: Sequence[CountTable]) -> dict[str, Labels]:
    """The codes of all these tables' variables with their labels, in the order of first appearance."""
    codes: dict[str, Labels] = {}
    for counted in tables:
        for code, labels in counted.variables[-1].codes.items():
            codes.setdefault(code, labels)
    return codes


def cell(counted: CountTable, code: str, language: str) -> str:
    """The count of one code of a table's variable as it is written."""
    if code not in counted.variables[-1].codes:
        return words.say("report.mark.not_separate", language)
    return words.count(lookup.value(counted, {counted.variables[-1].id: code}), language)


def split_values(tables: Sequence[CountTable]) -> list[Value]:
    """All counts by code of these tables, without totals."""
    return [value for counted in tables for _, value in lookup.parts(counted)]
