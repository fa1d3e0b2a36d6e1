"""How released counts become tables under a heading, and the sentence that stands for a table all hidden."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from evaluation.release.released import CountTable, Released, Value
from evaluation.report import markup, reading, words
from evaluation.report.markup import Grid
from evaluation.report.shown import Shown, show
from evaluation.schema import text


def tabled(
    released: Released,
    language: str,
    *,
    part: str,
    heading: str,
    grids: Sequence[Grid],
    values: Sequence[Value],
    content: Any,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
) -> Shown:
    """Tables under a heading; one sentence instead where all their numbers are hidden or there are none."""
    if reading.all_hidden(values) or not grids:
        phrase = "all_hidden" if reading.all_hidden(values) else "nothing"
        said = [*before, words.say(phrase, language, what=heading), *after]
        body, plain = markup.paragraphs(said), "\n".join(said)
    else:
        tables = [table.html(language) for table in grids]
        body = "\n".join([markup.paragraphs(before), *tables, markup.paragraphs(after)])
        plain = "\n\n".join([*before, *(table.text(language) for table in grids), *after])
    return show(released, language, part=part, heading=heading, html=body, text=plain, content=content)


def grid(table: CountTable, language: str) -> Grid:
    """A table as it was released: its last variable becomes columns where there are several variables."""
    *outer, last = table.variables
    if not outer:
        names = [words.title(last.codes[code], language) for code in last.codes]
        counts = [words.count(value, language) for _, value in reading.parts(table)]
        same = dict(last.labels) == dict(table.labels)
        name = words.say("group", language) if same else words.title(last.labels, language)
        columns: tuple[str, ...] = (name, words.say("people", language))
        return Grid(
            f"t-{table.id}",
            words.title(table.labels, language),
            columns,
            tuple(zip(names, counts, strict=True)),
        )
    crossed = []
    for codes in itertools.product(*(variable.codes for variable in outer)):
        at = {variable.id: code for variable, code in zip(outer, codes, strict=True)}
        name = ", ".join(text(v.codes[at[v.id]], language) for v in outer)
        cells = [words.count(reading.value(table, {**at, last.id: code}), language) for code in last.codes]
        crossed.append((name[:1].upper() + name[1:], *cells))
    columns = (
        words.title(outer[0].labels, language),
        *(words.title(c, language) for c in last.codes.values()),
    )
    return Grid(f"t-{table.id}", words.title(table.labels, language), columns, tuple(crossed))


def side_by_side(found: Sequence[CountTable], name: str, language: str) -> Grid:
    """Tables with one variable each and the same kind of codes: a row for each table.

    Where coarser tables are among them, what they merge becomes the first column.
    """
    rows = reading.fine(found)
    codes = columns_of(rows)
    merging = [reading.merged(found, table) for table in rows]
    extra = any(there for _, there in merging)
    cells = (
        (
            words.title(table.labels, language),
            *((words.count(value, language),) if extra else ()),
            *(cell(table, code, language) for code in codes),
        )
        for table, (value, _) in zip(rows, merging, strict=True)
    )
    heads = (words.title(labels, language) for labels in codes.values())
    merged = (words.say(f"merged_{name}", language),) if extra else ()
    columns = (words.say(f"row_{name}", language), *merged, *heads)
    return Grid(f"t-{name}", words.say(f"t_{name}", language), columns, tuple(cells))


def columns_of(found: Sequence[CountTable]) -> dict[str, Any]:
    """The codes of all these tables' variables with their labels, in the order of first appearance."""
    codes: dict[str, Any] = {}
    for table in found:
        for code, labels in table.variables[-1].codes.items():
            codes.setdefault(code, labels)
    return codes


def cell(table: CountTable, code: str, language: str) -> str:
    """The count of one code of a table's variable as it is written."""
    if code not in table.variables[-1].codes:
        return words.say("not_separate", language)
    return words.count(reading.value(table, {table.variables[-1].id: code}), language)


def split_values(found: Sequence[CountTable]) -> list[Value]:
    """All counts by code of these tables, without totals."""
    return [value for table in found for _, value in reading.parts(table)]


def titled(grid_id: str, name: str, columns: Sequence[str], rows: tuple[tuple[str, ...], ...], language: str) -> Grid:
    """A table whose caption is ``t_name`` and whose columns are phrases of the same names."""
    heads = tuple(words.say(column, language) for column in columns)
    return Grid(grid_id, words.say(f"t_{name}", language), heads, rows)
