"""The cells of a column are read as it says: as codes, labels, numbers, days, free texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from types import MappingProxyType
from typing import NamedTuple

from evaluation.collect.check import corrections
from evaluation.collect.check.cells.dates import read_day
from evaluation.collect.check.cells.months import month_of
from evaluation.collect.check.cells.values import (
    boolean_of,
    choice_of,
    choices_of,
    number_of,
    reference_of,
    wave_of,
)
from evaluation.collect.check.columns import Column
from evaluation.collect.check.reader import Habits, Reader
from evaluation.collect.files import cells, money
from evaluation.collect.files.cells import Cell
from evaluation.collect.personal_data import looks_personal
from evaluation.errors import BadArgument, BadDeclaration

_LONGEST = 32_767
"""No cell of a spreadsheet holds a longer text."""
_YEARS_BEFORE = 30
"""Nothing that a table tells of a participant lies so long before the project; 1925 is a slip of the pen."""
_OLDEST, _YEARS_AHEAD = 1900, 20
"""Nobody answers with a day before, or so far ahead; the year 0205 or 2052 is a slip of the pen."""
_OWN_MARKS = ("formula_without_value", "excel_error", "split_disagrees", "struck_out", "merged", "garbled")


class CheckedColumn(NamedTuple):
    """What the cells of a column say: ``values`` row by row, and by row the cells of which something is to be said.

    ``cleared``: the rows in which a correction takes the stored value away.
    """

    values: Sequence[str | None]
    told: Mapping[int, Cell] = MappingProxyType({})
    cleared: Set[int] = frozenset()


def read_column(column: Column, texts: Sequence[str], marks: Mapping[int, str], reader: Reader) -> CheckedColumn:
    """The column read, each of its texts once: the same text in the same column says the same.

    ``marks``: by row, what cannot be seen in the text of its cell.
    """
    distinct = {*texts}
    if column.kind == "code" and not marks and not reader.context.correcting and distinct <= column.plain:
        return CheckedColumn(texts)
    clearing = {text for text in distinct if corrections.clears(text)} if reader.context.correcting else set()
    meant: dict[str, str | None] = {}
    said: dict[str, Cell] = {}
    for text in distinct:
        cell = Cell() if text in clearing else _read(text, column, reader)
        meant[text] = None if cell.fault else cell.value
        if cell.notes or cell.fault:
            said[text] = cell
    values = [meant[text] for text in texts]
    told = {at: said[text] for at, text in enumerate(texts) if text in said} if said else {}
    for at, mark in marks.items():
        if mark in _OWN_MARKS and texts[at] not in clearing:
            values[at], told[at] = None, Cell(fault=mark)
    if column.kind in ("integer", "decimal"):
        foreign = _in_other_currencies(column, texts, marks)
        told |= {at: Cell(fault="currency") for at in foreign if values[at] is not None}
        values = [None if at in foreign else value for at, value in enumerate(values)] if foreign else values
    cleared = {at for at, text in enumerate(texts) if text in clearing} if clearing else frozenset()
    return CheckedColumn(values, told, cleared)


def _in_other_currencies(column: Column, texts: Sequence[str], marks: Mapping[int, str]) -> Set[int]:
    """The rows whose amounts are shown in another currency than the column names, or the others are in."""
    shown = {at: currencies for at, mark in marks.items() if (currencies := money.shown(mark))}
    filled = (marks.get(at, "") for at, text in enumerate(texts) if not cells.blank(text))
    admitted = column.currencies or (money.common(filled) if shown else frozenset())
    return {at for at, currencies in shown.items() if admitted.isdisjoint(currencies)}


def _read(text: str, column: Column, reader: Reader) -> Cell:
    if cells.blank(text):
        return Cell()
    fault = cells.visible_fault(text)
    if fault:
        return Cell(fault=fault)
    if column.free:
        return free_text(text)
    plain, notes = cells.clean(text)
    if (unmarked := cells.unmarked(plain).strip()) != plain:
        plain, notes = unmarked, (*notes, "kept_as_text")
    if not plain:
        return Cell()
    cell = _coded(plain, column, reader)
    if column.name == "participant" and (cell.value or plain) in reader.context.erased:
        return Cell(fault="erased")
    return Cell(cell.value, (*notes, *cell.notes), cell.fault)


def _coded(text: str, column: Column, reader: Reader) -> Cell:
    context = reader.context
    habits = reader.habits.get(column.name, Habits())
    there = reader.there.get(column.name, frozenset())
    if column.kind == "participant":
        known = Cell(text) if text in there else reference_of(text, context.participants, "unknown_participant")
        shaped = _matches(context.participant_pattern, text)
        return known if known.fault != "unknown_participant" or shaped else Cell(fault="bad_code")
    if column.kind == "wave":
        return wave_of(text, column)
    if column.kind == "reference":
        if column.reference not in context.known:
            raise BadArgument("collect.unknown_reference", column=column.name, reference=column.reference)
        return Cell(text) if text in there else reference_of(text, context.known[column.reference], "unknown_reference")
    if column.kind == "code":
        return choice_of(text, column, in_words=habits.in_words, crossed=habits.crossed)
    if column.kind == "codes":
        return choices_of(text, column)
    if column.kind in ("integer", "decimal"):
        return number_of(text, column, comma=habits.comma, grouped=habits.grouped)
    if column.kind == "boolean":
        return boolean_of(text)
    if column.kind == "date":
        return _date(text, column, habits, reader)
    if column.kind == "month":
        return month_of(text, context, order=habits.order)
    if column.kind == "version":
        known_form = re.fullmatch(r"[\w.:() -]{1,60}", text)
        return Cell(text, () if text in column.codes else ("other_version",)) if known_form else Cell(fault="pattern")
    return _patterned(text, column)


def _date(text: str, column: Column, habits: Habits, reader: Reader) -> Cell:
    if text in column.missing:
        return Cell(text)
    day = read_day(text, habits.order, reader.epoch, short=bool(reader.context.date_order))
    if day.value is None:
        return Cell(fault=day.fault)
    notes: tuple[str, ...] = (day.note,) if day.note else ()
    if column.past and day.value > reader.context.today:
        return Cell(fault="date_future")
    if column.past and day.value < reader.context.period_start:
        if column.bounded or day.value.year < reader.context.period_start.year - _YEARS_BEFORE:
            return Cell(fault="date_before_period")
        notes += ("before_period",)
    if not column.past and not _OLDEST <= day.value.year <= reader.context.today.year + _YEARS_AHEAD:
        return Cell(fault="implausible_year")
    return Cell(day.value.isoformat(), notes)


def free_text(text: str) -> Cell:
    """What may be typed freely, without anything that looks personal."""
    value = text.strip()
    if len(value) > _LONGEST:
        return Cell(fault="too_long")
    if looks_personal(value):
        return Cell(fault="personal_data")
    notes: tuple[str, ...] = ("space",) if value != text else ()
    if value[0] in "=+-@\uff1d\uff0b\uff0d\uff20":
        notes += ("formula_text",)
    return Cell(value, notes)


def _patterned(text: str, column: Column) -> Cell:
    """A text that is a name of something: its pattern holds, or would with capital letters."""
    if len(text) > _LONGEST:
        return Cell(fault="too_long")
    if not column.pattern or _matches(column.pattern, text):
        return Cell(text)
    if _matches(column.pattern, text.upper()):
        return Cell(text.upper(), ("case",))
    if _matches(column.pattern, text.translate(cells.LOOKALIKES)):
        return Cell(fault="homoglyph")
    return Cell(fault="bad_code" if column.name == "participant" else "pattern")


def _matches(pattern: str, text: str) -> bool:
    try:
        # Without re.ASCII, \d would let digits of any script through.
        return re.fullmatch(pattern, text, re.ASCII) is not None
    except re.error:
        raise BadDeclaration("collect.bad_pattern", pattern=pattern) from None
