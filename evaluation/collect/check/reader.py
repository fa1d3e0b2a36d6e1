"""What reading rows needs to know: the columns, their texts, and how each of them as a whole writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from evaluation.collect.check.cells.dates import Order, all_ambiguous, half_swapped, order_of, read_day
from evaluation.collect.check.cells.values import may_group, uses_comma, writes_words
from evaluation.collect.check.columns import Column
from evaluation.collect.check.context import Context, Key, Values
from evaluation.collect.check.whole_rows import Texts, no_answers
from evaluation.collect.files import cells
from evaluation.collect.files.imported.words import REGISTER, crossed
from evaluation.collect.files.sheet import Sheet
from evaluation.collect.issues import quoted, refusal
from evaluation.schema import Form


@dataclass(frozen=True, slots=True)
class Habits:
    """How a column as a whole writes: the order of day and month, the decimal comma, labels in place of codes.

    ``grouped``: every point may be that of thousands; ``crossed``: ticks and crosses stand in one register.
    """

    order: Order = ""
    comma: bool = False
    grouped: bool = False
    in_words: bool = True
    crossed: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading rows needs to know. ``keys`` name a row; ``stored`` holds what corrections are laid over.

    ``texts``: the cells of each column that the file has, row by row; ``no_answers``: the rows that are none, with
    their fault; ``coded``: the columns that hold nothing but codes as they are declared; ``there``: by column, the
    codes of another table that the file names and that are recorded; ``ruled``: columns that more than their own
    cell decides on.
    """

    columns: tuple[Column, ...]
    header: tuple[str, ...]
    habits: Mapping[str, Habits]
    context: Context
    epoch: Literal[1900, 1904]
    keys: Key
    stored: Mapping[Key, Values | None]
    texts: Texts
    no_answers: Mapping[int, str]
    coded: Set[str]
    there: Mapping[str, Set[str]]
    ruled: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns by name."""
        return tuple(column.name for column in self.columns)

    @property
    def version(self) -> str:
        """The current version of the questionnaire."""
        return next((column.codes[0] for column in self.columns if column.kind == "version"), "")


def reader_of(sheet: Sheet, columns: tuple[Column, ...], form: Form, *, context: Context) -> Reader:
    """Looks at whole columns first; raises FileRefused if all dates of one could be read two ways."""
    _refuse_unsure_letters(sheet)
    texts = dict(zip(sheet.header, zip(*(row.cells for row in sheet.rows), strict=True), strict=True))
    coded = _coded(sheet, texts, columns)
    none = no_answers(sheet, texts, columns, coded=coded, keys=form.key, context=context)
    torn = {at for at, fault in none.items() if fault not in ("repeated_header", "footer_row")}
    sound = [row for at, row in enumerate(sheet.rows) if at not in torn]
    habits: dict[str, Habits] = {}
    others = [column for column in columns if column.name not in coded]
    for column in others:
        if column.name in texts and column.kind in ("date", "decimal", "integer", "code"):
            at = sheet.header.index(column.name)
            written = [row.cells[at] for row in sound] if torn else texts[column.name]
            sent = sound[0].columns[at] if sound else column.name
            habits[column.name] = _habits(written, column, sheet, context, sent=(sent, at + 1))
    filled = set() if context.correcting else coded
    ruled = tuple(
        each
        for each in columns
        if context.correcting or each.relevant or each.constraint or (each.required and each.name not in filled)
    )
    stored = context.existing.get(form.id, {})
    there: dict[str, Set[str]] = {}
    for column in others:
        codes = context.participants if column.kind == "participant" else context.known.get(column.reference)
        if column.name in texts and codes is not None:
            there[column.name] = codes & {*texts[column.name]}
    keys, epoch = form.key, sheet.epoch
    return Reader(columns, sheet.header, habits, context, epoch, keys, stored, texts, none, coded, there, ruled)


def _coded(sheet: Sheet, texts: Texts, columns: Sequence[Column]) -> Set[str]:
    """The columns that hold nothing but codes as they are declared, and nothing that cannot be seen in their text."""
    marked = {sheet.header[at] for row in sheet.rows for at in row.faults if 0 <= at < len(sheet.header)}
    return {
        column.name
        for column in columns
        if column.kind == "code" and {*texts.get(column.name, ("",))} <= column.plain and column.name not in marked
    }


def _habits(written: Sequence[str], column: Column, sheet: Sheet, context: Context, *, sent: tuple[str, int]) -> Habits:
    """How the column writes. ``written``: its cells; ``sent``: its name in the file and its number there."""
    if column.kind == "code" and {*written} <= {"", *column.codes}:
        return Habits()  # without words there is no habit of writing them
    counted = [(cells.clean(text)[0], n) for text, n in Counter(written).items() if not cells.blank(text)]
    if column.kind == "code":
        return Habits(
            in_words=writes_words(counted, column), crossed=REGISTER.issubset(column.codes) and crossed(written)
        )
    if column.kind != "date":
        texts = [text for text, _ in counted]
        # Where commas part the cells, decimals have a point; a workbook's numbers are no texts.
        foreign = sheet.delimiter == "," or sheet.tab or column.kind != "decimal"
        return Habits(comma=uses_comma(texts), grouped=not foreign and may_group(texts))
    texts = [text for text, n in counted for _ in range(min(n, 2))]  # it only matters whether there are several
    fault = _undecided(texts, column, sheet, context)
    if fault:
        raise refusal(fault, column=sent[0], file=sheet.name, spoken=quoted(*sent))
    return Habits(order=context.date_order or order_of(texts))


def _refuse_unsure_letters(sheet: Sheet) -> None:
    """Refuses a file of which letters would be stored that are others in another encoding."""
    for row in (row for row in sheet.rows if row.faults):
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
