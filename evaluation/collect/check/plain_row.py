"""One row in which nothing is to be repaired or said, as a page sends it, is read by what its form was compiled to.

Whatever is not certainly so is left to the check of whole columns, which decides.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from operator import itemgetter

from evaluation.collect.check import header
from evaluation.collect.check.cells.cell import free_text
from evaluation.collect.check.cells.values import choices_of, number_of, wave_of
from evaluation.collect.check.checked_row import CheckedRow
from evaluation.collect.check.columns import Column, Kind, Same, present
from evaluation.collect.check.context import Context
from evaluation.collect.check.rows import rule_fault
from evaluation.collect.files import cells
from evaluation.collect.files.cells import Cell
from evaluation.collect.files.sheet import Sheet
from evaluation.collect.record.cells.alike import Cells, Columns

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_AMOUNT = re.compile(r"\d+(?:\.\d\d?)?", re.ASCII)  # with three decimals, the point may be that of thousands


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A form under one header. ``admitted``: by position, the texts that say just what stands there."""

    sent: tuple[Column, ...]
    admitted: tuple[Set[str], ...]
    pick: Callable[[Sequence[str]], tuple[str, ...]]  # from the cells, and an empty one, to the form's columns
    columns: Columns
    called: Mapping[str, str]
    ruled: tuple[Column, ...]
    version: str


def read(sheet: Sheet, columns: tuple[Column, ...], *, context: Context) -> CheckedRow | None:
    """The only row of a questionnaire's sheet, without any fault; None where the row has to be looked at closely.

    Raises BadDeclaration for a rule of the form that cannot be evaluated.
    """
    if len(sheet.rows) != 1 or sheet.notes or context.correcting or context.names or context.drop:
        return None
    row = sheet.rows[0]
    form = _compiled(Same(columns), sheet.header)
    if form is None or row.faults or row.columns or len(row.cells) != len(sheet.header):
        return None
    for cell, admitted, column in zip(row.cells, form.admitted, form.sent, strict=True):
        if cell not in admitted and not _says_itself(cell, column, context):
            return None
    values = Cells(form.columns, tuple([cell or None for cell in form.pick((*row.cells, ""))]))
    read = CheckedRow(row.number, values, frozenset(), form.called)
    return None if any(rule_fault(column, read, context, version=form.version) for column in form.ruled) else read


@functools.lru_cache(maxsize=256)
def _compiled(of: Same, names: tuple[str, ...]) -> _Compiled | None:
    """None where the header is not just the form's."""
    if not header.whole(of, names):
        return None
    columns = present(of, names)
    by_name = {column.name: column for column in sorted(columns, key=lambda column: column.name)}  # as it is stored
    sent = tuple(by_name[name] for name in names)
    pick = itemgetter(*(names.index(name) if name in names else len(names) for name in by_name))
    ruled = tuple(column for column in columns if column.relevant or column.constraint)
    version = next((column.codes[0] for column in columns if column.kind == "version"), "")
    called = {name: name for name in names}
    admitted = tuple(map(_admitted, sent))
    return _Compiled(sent, admitted, pick, Columns(tuple(by_name)), called, ruled, version)


def _admitted(column: Column) -> Set[str]:
    """The codes that say just what stands there, and the empty text where a rule of the form may allow it."""
    codes = column.plain if column.kind == "code" else {*filter(cells.says_itself, column.codes)}
    if column.kind == "wave":
        codes = {code for code in codes if wave_of(code, column) == Cell(code)}
    elif column.kind not in ("code", "version"):
        codes = set()
    return codes if column.required and not column.relevant else {*codes, ""}


def _says_itself(text: str, column: Column, context: Context) -> bool:
    """Whether the text is the value of its cell, with nothing to be said of it."""
    look = _LOOKS.get(column.kind)
    return look is not None and cells.says_itself(text) and look(text, column, context)


def _participant(text: str, column: Column, context: Context) -> bool:
    coded = re.fullmatch(context.participant_pattern, text, re.ASCII) is not None
    return coded and text in context.participants and text not in context.erased


def _date(text: str, column: Column, context: Context) -> bool:
    try:
        day = dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return False
    return day is not None and context.period_start <= day <= context.today


def _codes(text: str, column: Column, context: Context) -> bool:
    return choices_of(text, column) == Cell(text)


def _number(text: str, column: Column, context: Context) -> bool:
    return _AMOUNT.fullmatch(text) is not None and number_of(text, column, comma=False) == Cell(text)


def _text(text: str, column: Column, context: Context) -> bool:
    return column.free and free_text(text) == Cell(text)


_LOOKS: Mapping[Kind, Callable[[str, Column, Context], bool]] = {
    "participant": _participant,
    "date": _date,
    "codes": _codes,
    "integer": _number,
    "decimal": _number,
    "text": _text,
}
"""How a text is looked at that is no code; whatever is not here is looked at closely."""
