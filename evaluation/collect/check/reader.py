"""What reading a row needs to know: the columns, and how each of them as a whole writes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from evaluation.collect.check.cells.dates import Order, all_ambiguous, half_swapped, order_of, read_day
from evaluation.collect.check.cells.values import may_group, uses_comma, writes_words
from evaluation.collect.check.columns import Column
from evaluation.collect.check.context import Context, Key, Values
from evaluation.collect.files import cells
from evaluation.collect.files.cells import Cell
from evaluation.collect.files.sheet import WHOLE_ROW, Row, Sheet
from evaluation.collect.issues import quoted, refusal
from evaluation.schema import Form

_TOTAL = re.compile(
    r"średnia|srednia|suma( końcowa| częściowa)?|razem|ogółem|ogolem|łącznie|lacznie|mediana|liczba"
    r"|odchylenie( standardowe)?|odch\. std|minimum|min|maksimum|maximum|max|(grand )?totals?|subtotal|sum"
    r"|mean|average|median|count|std|sd|standard deviation"
)


@dataclass(frozen=True, slots=True)
class Habits:
    """How a column as a whole writes: the order of day and month, the decimal comma, labels in place of codes.

    ``grouped``: every point may be that of thousands.
    """

    order: Order = ""
    comma: bool = False
    grouped: bool = False
    in_words: bool = True


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading a row needs to know. ``keys`` name a row; ``stored`` holds what corrections are laid over.

    ``places``: where in a row each column stands; ``ruled``: columns that more than their own cell decides on.
    ``known`` keeps what was read of a text in a column, and ``called`` how the file names its columns, so that
    neither is worked out again in every row.
    """

    columns: tuple[Column, ...]
    header: tuple[str, ...]
    habits: Mapping[str, Habits]
    context: Context
    epoch: Literal[1900, 1904]
    keys: Key
    stored: Mapping[Key, Values | None]
    places: Mapping[str, int]
    ruled: tuple[Column, ...]
    known: dict[tuple[int, str, str], Cell] = field(default_factory=dict, repr=False)
    called: dict[tuple[str, ...], Mapping[str, str]] = field(default_factory=dict, repr=False)

    @property
    def version(self) -> str:
        """The current version of the questionnaire."""
        return next((column.codes[0] for column in self.columns if column.kind == "version"), "")


def reader_of(sheet: Sheet, columns: tuple[Column, ...], form: Form, *, context: Context) -> Reader:
    """Looks at whole columns first; raises FileRefused if all dates of one could be read two ways."""
    _refuse_unsure_letters(sheet)
    habits: dict[str, Habits] = {}
    sound = [row for row in sheet.rows if WHOLE_ROW not in row.faults and not sums_up(row, sheet.header, columns)]
    for column in columns:
        if column.name not in sheet.header or column.kind not in ("date", "decimal", "integer", "code"):
            continue
        at = sheet.header.index(column.name)
        if column.kind == "code" and {row.cells[at] for row in sound} <= {"", *column.codes}:
            continue  # without words there is no habit of writing them
        filled = Counter(row.cells[at] for row in sound)
        counted = [(cells.clean(text)[0], n) for text, n in filled.items() if not cells.blank(text)]
        if column.kind == "code":
            habits[column.name] = Habits(in_words=writes_words(counted, column))
            continue
        if column.kind != "date":
            texts = [text for text, _ in counted]
            # Where commas part the cells, decimals have a point; a workbook's numbers are no texts.
            foreign = sheet.delimiter == "," or sheet.tab or column.kind != "decimal"
            habits[column.name] = Habits(comma=uses_comma(texts), grouped=not foreign and may_group(texts))
            continue
        texts = [text for text, n in counted for _ in range(n)]
        fault = _undecided(texts, column, sheet, context)
        if fault:
            sent = next((row.columns[at] for row in sound), column.name)
            spoken = quoted(sent, at + 1)
            raise refusal(fault, column=sent, file=sheet.name, spoken=spoken)
        habits[column.name] = Habits(order=context.date_order or order_of(texts))
    stored = context.existing.get(form.id, {})
    places = {name: at for at, name in enumerate(sheet.header)}
    ruled = tuple(each for each in columns if context.correcting or each.required or each.relevant or each.constraint)
    return Reader(columns, sheet.header, habits, context, sheet.epoch, form.key, stored, places, ruled)


def _refuse_unsure_letters(sheet: Sheet) -> None:
    """Refuses a file of which letters would be stored that are others in another encoding."""
    for row in sheet.rows:
        for at in (at for at, mark in row.faults.items() if mark == "letters" and 0 <= at < len(sheet.header)):
            sent = row.columns[at] if row.columns else sheet.header[at]
            spoken = quoted(sent, at + 1)
            raise refusal("letters", column=sent, row=row.number, file=sheet.name, line=str(row.number), spoken=spoken)


def _undecided(texts: Sequence[str], column: Column, sheet: Sheet, context: Context) -> str:
    """The fault of a column of dates that no row could be read with."""
    if not context.date_order and all_ambiguous(texts):
        return "date_ambiguous"
    if half_swapped(texts):
        return "date_half_swapped"
    days = [read_day(text, "") for text in texts]
    serial = [day.value for day in days if day.note == "excel_serial" and day.value]
    if not serial or not column.bounded or sheet.epoch == 1904 or max(serial) >= context.period_start:
        return ""
    late = [read_day(text, "", 1904).value for text, day in zip(texts, days, strict=True) if day.note == "excel_serial"]
    return "epoch_unknown" if all(day and context.period_start <= day <= context.today for day in late) else ""


def sums_up(row: Row, header: Sequence[str], columns: Sequence[Column]) -> bool:
    """Whether one of the first cells says that the row sums up the others, and the rest of it looks so.

    A category or a session may have such a name: its row has the columns that are required, and more than numbers.
    """
    named = next((at for at, cell in enumerate(row.cells[: min(3, len(header))]) if cell.strip()), None)
    if named is None or not _TOTAL.fullmatch(re.sub(r"[\s:.]+$", "", row.cells[named].strip().casefold())):
        return False
    filled = {at: cell.strip() for at, cell in enumerate(row.cells[: len(header)]) if cell.strip()}
    required = [header.index(column.name) for column in columns if column.required and column.name in header]
    others = [cell for at, cell in filled.items() if at != named]
    return any(at not in filled for at in required) and all(cell[0] in "=-+" or cell[0].isdigit() for cell in others)
