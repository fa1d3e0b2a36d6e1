"""An XLSForm workbook becomes the same sheets of rows as the Markdown does."""

from __future__ import annotations

import datetime as dt
import difflib
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evaluation.codec import nearest
from evaluation.errors import BadDeclaration
from evaluation.texts import Message
from evaluation.xlsform.sheets import SHEETS, Form, assembled, at

_OTHERS = ("entities", "osm")
"""Sheets of XLSForm that hold nothing of the questions that people answer."""

Table = tuple[int, list[str]]


def read(path: Path) -> Form:
    """The sheets of the workbook at ``path``, each with its heading in its first row that holds anything.

    Sheets for people (instructions, notes) are left aside, but not one whose name is nearly that of a sheet of
    the form. Raises BadDeclaration with file, sheet and row.
    """
    tables: dict[str, Iterator[Table]] = {}
    for title, rows in _book(path):
        name = title.strip()
        if name.casefold() in SHEETS and name.casefold() not in tables:
            tables[name.casefold()] = iter(rows)
        elif name.casefold() == "external_choices":
            raise at(path.name, None, Message("xlsform.external_choices"))
        elif name.casefold() not in _OTHERS and difflib.get_close_matches(name.casefold(), SHEETS, n=1, cutoff=0.6):
            raise at(path.name, None, Message("xlsform.unknown_sheet", sheet=name, hint=nearest(name, SHEETS)))
    return assembled(path.name, tables)


def _book(path: Path) -> list[tuple[str, list[Table]]]:
    import openpyxl  # slow to import, and most forms are Markdown

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        sheets = []
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            rows = enumerate(sheet.iter_rows(values_only=True), 1)
            sheets.append((sheet.title, [(row, [_text(cell) for cell in cells]) for row, cells in rows]))
        book.close()
        return sheets
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError):
        raise BadDeclaration("codec.in_file", file=path.name, fault=Message("xlsform.no_workbook")) from None


def _text(cell: Any) -> str:
    """A cell as it is typed in Markdown: whole numbers without a decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime | dt.date):
        return cell.strftime("%Y-%m-%d")
    return str(cell).strip()
