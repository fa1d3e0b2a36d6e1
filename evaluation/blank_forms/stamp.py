"""A workbook that the kit made says on a hidden sheet which form it is, so that nobody has to say it again."""

from __future__ import annotations

import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook

SHEET = "_form"
FORMAT = "evaluation-form/1"


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which table or questionnaire a workbook is for, and in which version of it."""

    form: str
    version: str = ""


def put(book: Workbook, stamp: Stamp) -> None:
    """The stamp on a sheet that a spreadsheet program does not offer to show."""
    sheet = book.create_sheet(SHEET)
    sheet.append([FORMAT, stamp.form, stamp.version])
    sheet.sheet_state = "veryHidden"


def of(path: Path) -> Stamp | None:
    """The stamp of the workbook at ``path``; None where there is none, or no workbook that can be opened."""
    import openpyxl

    if not zipfile.is_zipfile(path):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True)
            cells = next(book[SHEET].iter_rows(max_col=3, values_only=True), ()) if SHEET in book.sheetnames else ()
            book.close()
    except Exception:  # what is wrong with the file is said by whoever reads it
        return None
    named, form, version = (str(cell or "") for cell in (*cells, "", "", "")[:3])
    return Stamp(form, version) if named == FORMAT and form else None
