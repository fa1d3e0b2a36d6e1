"""What an earlier release told and this one does not: repeated as of its day, so that no reader is told less."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from evaluation.release.planned.schedule import (
    about_people,
    as_told_on,
    means_told,
    repeated,
    right,
    same_number,
    tables_told,
)
from evaluation.release.printed.indicators import printed_lines
from evaluation.release.released import Before, CountTable, Draft, Line, Mean, Reference, Released, Value


def recallable(draft: Draft, before: Sequence[Released]) -> Draft:
    """The draft with what its readers were told ``before``: of each table by the release that said most, or the last.

    Only of a table that has the same places now; and of lines that rest on no table and no mean, which are hours.
    """
    cells = {table.id: _cells(table) for table in (*draft.tables, *draft.ranged)}
    own = {line.code: line for line in draft.indicators}
    tables: dict[str, CountTable] = {}
    means: dict[tuple[str, ...], Mean] = {}
    lines: dict[str, Line] = {}
    for one in right(before):
        for table in tables_told([one]):
            if _cells(table) == cells.get(table.id) and _says([table]) >= _says([tables.get(table.id, table)]):
                tables[table.id] = as_told_on(table, one.day)
        means |= {_name(mean): as_told_on(mean, one.day) for mean in means_told(one)}
        for line in one.indicators:
            told = line.as_of is None and line.achieved is not None and not (line.numerator or line.mean)
            if told and line.code in own and same_number(line, own[line.code]):
                lines[line.code] = repeated(own[line.code], line, one.day)
    return dataclasses.replace(
        draft, before=Before(tuple(tables.values()), tuple(means.values()), tuple(lines.values()))
    )


def tables_of(draft: Draft, printed: Sequence[CountTable]) -> tuple[CountTable, ...]:
    """The ``printed`` tables, those that say less than before as they were told then, which come last.

    Which these are follows from what readers know in any case: the gate let leave all that is printed now.
    """
    before = {table.id: table for table in draft.before.tables}
    less = set[str]()
    for group in _groups([table for table in printed if about_people(table)], draft.indicators):
        names = [table.id for table in group]
        if before.keys() >= {*names} and _says(before[name] for name in names) > _says(group):
            less.update(names)
    kept = (table for table in printed if table.id not in less)
    return (*kept, *(before[table.id] for table in printed if table.id in less))


def means_of(draft: Draft, printed: Sequence[Mean]) -> tuple[Mean, ...]:
    """The ``printed`` means, those that were told before as they were, which come last: a mean is told once."""
    before = {_name(mean): mean for mean in draft.before.means}
    again = [mean for mean in printed if mean.change is None and _name(mean) in before]
    return (*(mean for mean in printed if mean not in again), *(before[_name(mean)] for mean in again))


def lines_of(draft: Draft, tables: Sequence[CountTable], means: Sequence[Mean]) -> tuple[Line, ...]:
    """The indicators as they are printed of these ``tables`` and ``means``, with the day of what they rest on."""
    days = {one.id: one.as_of for one in tables} | {one.id: one.as_of for one in means if one.change is not None}
    of_one_day = [_of_one_day(line, days) for line in draft.indicators]
    printed = printed_lines(of_one_day, tables, means)
    return tuple(_dated(new, own, days, draft.before) for new, own in zip(printed, draft.indicators, strict=True))


def _day(line: Line, days: Mapping[str, dt.date | None]) -> dt.date | None:
    return days.get(line.numerator.table if line.numerator else line.mean)


def _of_one_day(line: Line, days: Mapping[str, dt.date | None]) -> Line:
    """The indicator with everybody of the table that is repeated in place of everybody of today."""
    if line.as_of or line.numerator is None or _day(line, days) is None:
        return line
    everyone = Reference(line.numerator.table, {})
    denominator, asked = (one if one is None or one.at else everyone for one in (line.denominator, line.asked))
    return dataclasses.replace(line, denominator=denominator, asked=asked)


def _dated(line: Line, own: Line, days: Mapping[str, dt.date | None], before: Before) -> Line:
    """What is printed of ``own``, with its day."""
    line = dataclasses.replace(line, denominator=own.denominator, asked=own.asked)
    day = _day(line, days)
    if line.as_of is None and day is not None:
        return as_told_on(line, day)
    return next((one for one in before.lines if one.code == line.code and line.achieved is None), line)


def _groups(tables: Sequence[CountTable], lines: Iterable[Line]) -> list[list[CountTable]]:
    """The tables, those together on which one indicator rests: a share is of one day."""
    groups = [{table.id} for table in tables]
    for line in lines:
        rests = {one.table for one in (line.numerator, line.denominator, line.asked) if one}
        joined = [group for group in groups if group & rests]
        groups = [group for group in groups if not group & rests] + ([set.union(*joined)] if joined else [])
    return [[table for table in tables if table.id in group] for group in groups]


def _says(tables: Iterable[CountTable]) -> int:
    """How many places of the tables bear a number, or a range of less than half of everybody."""
    return sum(_tells(count.value, _whole(table)) for table in tables for count in table.counts if count.at)


def _whole(table: CountTable) -> Value:
    return next((count.value for count in table.counts if not count.at), None)


def _tells(value: Value, whole: Value) -> bool:
    if not isinstance(value, tuple):
        return value is not None
    low, high = value
    return high is not None and isinstance(whole, int) and 2 * (high - low) < whole


def _cells(table: CountTable) -> frozenset[frozenset[tuple[str, str]]]:
    return frozenset(frozenset(count.at.items()) for count in table.counts)


def _name(mean: Mean) -> tuple[str, ...]:
    return mean.id, mean.method, mean.wave
