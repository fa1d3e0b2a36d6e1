"""An Excel workbook as rows of text: dates as ISO, errors and uncomputed formulas marked, nothing guessed."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any, Literal

from evaluation.collect.files.sheet import Row
from evaluation.collect.issues import Note, note, refusal
from evaluation.errors import EvaluationError
from evaluation.texts import quoted

UNPACKED_LIMIT_MB = 400
_NUMBER = re.compile(r"\s*[-+]?\d+([.,]\d+)?\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Book:
    """One sheet of a workbook."""

    rows: list[Row]
    notes: tuple[Note, ...]
    epoch: Literal[1900, 1904]
    tab: str


def read_workbook(content: bytes, name: str, *, sheet: str) -> Book:
    """The only sheet that holds anything, or the one called ``sheet``.

    Raises FileRefused: no workbook, a damaged one, several sheets and none chosen.
    """
    import openpyxl  # slow to import, and most files are CSV

    _look_inside(content, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of drop-down lists, which do not matter here
            values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
            filled = _filled(values)
            chosen = _choose(filled, sheet, name)
            rows = _rows(filled[chosen], formulas[chosen]) if chosen else []
            late = values.epoch.year == 1904
    except EvaluationError:
        raise
    except Exception:
        # A broken part raises whatever its parser raises: zlib.error, KeyError, SyntaxError and more.
        raise refusal("damaged_workbook", file=name) from None
    notes = (note("epoch_1904"),) if late else ()
    return Book(rows, notes, 1904 if late else 1900, chosen)


def _look_inside(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise refusal("damaged_workbook", file=name) from None
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise refusal("not_a_table", file=name)
    if sum(part.file_size for part in parts) > UNPACKED_LIMIT_MB * 2**20:
        raise refusal("too_large", file=name, limit=str(UNPACKED_LIMIT_MB))


def _filled(book: Any) -> dict[str, Any]:
    """Visible sheets with at least one filled cell. Hidden ones hold lists for the program's own use."""
    sheets = {page.title: page for page in book.worksheets if page.sheet_state == "visible"}
    for page in sheets.values():
        page.reset_dimensions()  # the size a program wrote down is often wrong
    return {
        title: page
        for title, page in sheets.items()
        if any(value not in (None, "") for row in page.iter_rows(values_only=True) for value in row)
    }


def _choose(filled: dict[str, Any], sheet: str, name: str) -> str:
    names = [quoted(title) for title in filled]
    if sheet:
        if sheet not in filled:
            raise refusal("no_such_sheet", file=name, sheets=names)
        return sheet
    if len(filled) > 1:
        raise refusal("several_sheets", file=name, sheets=names)
    return next(iter(filled), "")


def _rows(values: Any, formulas: Any) -> list[Row]:
    formulas.reset_dimensions()
    pairs = zip_longest(values.iter_rows(), formulas.iter_rows(), fillvalue=())
    return [
        row
        for number, (shown, written) in enumerate(pairs, 1)
        if any((row := _row(number, tuple(shown), tuple(written))).cells)
    ]


def _row(number: int, shown: tuple[Any, ...], written: tuple[Any, ...]) -> Row:
    cells: list[str] = []
    faults: dict[int, str] = {}
    for at, (cell, source) in enumerate(zip_longest(shown, written)):
        text, fault = _cell(cell, source)
        cells.append(text)
        if fault:
            faults[at] = fault
    return Row(number, tuple(cells), faults)


def _cell(shown: Any, written: Any) -> tuple[str, str]:
    """The text of a cell and what its text does not tell."""
    value = getattr(shown, "value", None)
    formula = getattr(written, "data_type", "") == "f"
    if formula and value is None:
        source = written.value
        return str(getattr(source, "text", source)), "formula_without_value"
    text = _text(value)
    if getattr(shown, "data_type", "") == "e":
        return text, "excel_error"
    if formula:
        return text, "formula_value"
    return text, "number_as_text" if isinstance(value, str) and _NUMBER.fullmatch(value) else ""


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # Excel shows 15 digits; the rest is noise of the binary fraction.
        return f"{Decimal(format(value, '.15g')):f}"
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
