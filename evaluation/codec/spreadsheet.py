"""Cells are written so that no spreadsheet computes them, and read back as they were."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook

_FORMULA = r"=+\-@\uff1d\uff0b\uff0d\uff20\u2212"
# A formula can begin a cell, also behind spaces or a quotation mark, and follow whatever another country's
# spreadsheet takes for the end of a cell. A tab or a line's end at the beginning hides one from whoever looks.
_FIRST, _LATER = rf"^[ \u00a0\"]*(?='*[{_FORMULA}\t\r\n])", rf"[,;|\t\r\n][ \u00a0\"]*(?='*[{_FORMULA}])"
_PLAIN = re.compile(f"({_FIRST}|{_LATER})")
_ESCAPED = re.compile(f"({_FIRST}|{_LATER})'")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?", re.ASCII)


def escape(cell: str) -> str:
    """The cell with an apostrophe before whatever a spreadsheet would compute; a negative number stays one."""
    return cell if _NUMBER.fullmatch(cell) else _PLAIN.sub(r"\1'", cell)


def restore(cell: str) -> str:
    """What was escaped."""
    return _ESCAPED.sub(r"\1", cell)


def csv_text(rows: Iterable[Sequence[str]], *, delimiter: str = ",", quoted: bool = False, bom: bool = False) -> str:
    """The rows as CSV, each cell escaped; with ``quoted`` every cell stands in quotation marks."""
    text = io.StringIO(newline="")
    all_quoted = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer = all_quoted if quoted else csv.writer(text, delimiter=delimiter)
    writer.writerows([*map(escape, row)] for row in rows)
    return "\ufeff" * bom + text.getvalue()


def xlsx_bytes(book: Workbook) -> bytes:
    """The workbook with every text as a text, also when somebody edits its cell; nothing in it is computed."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.data_type, cell.quotePrefix = "s", cell.value != escape(cell.value)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
