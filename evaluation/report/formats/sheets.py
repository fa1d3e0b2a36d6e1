"""The indicators as rows for a spreadsheet: numbers as numbers, with the words of the language in .xlsx alone."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from evaluation.codec.spreadsheet import csv_text, xlsx_bytes
from evaluation.report import words
from evaluation.report.blocks import Document
from evaluation.report.formats.notice import kind_and_day, notices
from evaluation.report.formats.packed import packed
from evaluation.schema import text

PART = "indicators"
"""The part that becomes rows."""
COLUMNS = (
    *("code", "indicator", "level", "unit", "baseline", "baseline_date", "target"),
    *(
        "achieved",
        "low",
        "high",
        "achieved_share",
        "progress",
        "n_low",
        "n_high",
        "of",
        "group",
        "group_low",
        "group_high",
    ),
    *("source", "note", "withheld"),
)
"""One row an indicator, and one for each group that it is broken down by; a range has its two ends."""
_SHARES, _IN_UNIT = ("achieved_share", "progress"), ("baseline", "target", "achieved", "low", "high")
_WIDE = {"code": 9, "indicator": 40, "level": 13, "source": 28, "note": 32, "withheld": 32, "group": 28}
_WIDTH, _LINE, _SURE = 15, 15.0, 0.8
"""How many letters a column holds, and how many points a line is high: not every program fits rows to their texts.

In a font that is wider than the one asked for, a column holds that much less of its letters.
"""


def as_csv(whole: Document) -> bytes:
    """The rows for programs: names of the columns as in COLUMNS, a point before decimals, empty where not told."""
    rows = [["" if cell is None else str(cell) for cell in row.values()] for row in _rows(whole)]
    return csv_text([COLUMNS, *rows], bom=True).encode()


def as_xlsx(whole: Document) -> bytes:
    """The rows for people: headings and units in words, percents as percents, the heading always in sight.

    Above them stands in a row each of which project they are, and of what kind and day, and for whom.
    """
    import openpyxl
    from openpyxl.styles import Alignment, Font

    language = whole.language
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = words.say("report.heading.indicators", language)[:31]
    above = [whole.title, *filter(None, (kind_and_day(whole), ", ".join(notices(whole, short=True))))]
    for line in above:
        sheet.append([line])
    head = len(above) + 1
    sheet.append([words.say(f"report.column.{column}", language) for column in COLUMNS])
    for row in _rows(whole):
        sheet.append(list((row | _in_words(row, language)).values()))
        for cell, column in zip(sheet[sheet.max_row], COLUMNS, strict=True):
            cell.number_format = _number_format(column, cell.value, unit=row["unit"])
    widths = [_WIDE.get(column, _WIDTH) for column in COLUMNS]
    for width, cells in zip(widths, sheet.columns, strict=True):
        sheet.column_dimensions[cells[0].column_letter].width = width
        for cell in cells:  # what stands above the heading may run over the empty cells beside it
            cell.alignment = Alignment(wrap_text=cell.row >= head, vertical="top")
            cell.font = Font(bold=cell.row in (1, head))
    for number, row in enumerate(sheet.iter_rows(head, values_only=True), head):
        lines = (_lines(cell, width) for cell, width in zip(row, widths, strict=True))
        sheet.row_dimensions[number].height = _LINE * max(lines)
    sheet.freeze_panes, sheet.print_title_rows, sheet.print_title_cols = f"C{head + 1}", f"{head}:{head}", "A:B"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight, sheet.page_setup.fitToWidth = "landscape", 0, 2
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    _described(book, sheet, whole)
    return packed(xlsx_bytes(book))


def _lines(cell: object, width: int) -> int:
    """On how many lines a cell of so many letters holds what it says, its longest words broken."""
    return max(1, len(textwrap.wrap(cell, int(_SURE * width)))) if isinstance(cell, str) else 1


def _rows(whole: Document) -> Iterator[dict[str, Any]]:
    for line in whole.data.get(PART) or ():
        n, of = _ends(line["n"]), _ends(line["of"])
        told = dict.fromkeys(COLUMNS)
        told |= {name: line[name] for name in ("code", "level", "unit", "baseline_date")}
        told |= {name: _whole(line.get(name)) for name in (*_IN_UNIT, *_SHARES)}
        told |= {"indicator": text(line["labels"], whole.language), "n_low": n[0], "n_high": n[1], "of": of[0]}
        told |= {name: text(line[name], whole.language) or None for name in ("source", "note", "withheld")}
        yield told
        for group in line["disaggregation"]:
            low, high = _ends(group["value"])
            same = {name: told[name] for name in ("code", "indicator", "level", "unit")}
            named = {"group": text(group["labels"], whole.language), "group_low": low, "group_high": high}
            yield dict.fromkeys(COLUMNS) | same | named


def _whole(number: float | None) -> float | None:
    """30 rather than 30.0."""
    return int(number) if number is not None and number == int(number) else number


def _ends(count: int | Mapping[str, int | None] | None) -> tuple[int | None, int | None]:
    """The ends of a range, or a number twice; nothing where it is hidden."""
    return (count["low"], count["high"]) if isinstance(count, Mapping) else (count, count)


def _in_words(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    unit = row["unit"].split(maxsplit=1)[0]
    day = row["baseline_date"]
    return {
        "indicator": row["indicator"][:1].upper() + row["indicator"][1:],
        "level": words.say(f"report.level.{row['level']}", language),
        "unit": words.say(f"report.unit.{unit}", language),
        "baseline_date": dt.date.fromisoformat(day) if day else None,
    }


def _number_format(column: str, value: object, *, unit: str) -> str:
    if isinstance(value, dt.date):
        return "yyyy-mm-dd"
    from openpyxl.styles.numbers import FORMAT_GENERAL, FORMAT_PERCENTAGE

    percent = column in _SHARES or (unit == "share" and column in _IN_UNIT)
    return FORMAT_PERCENTAGE if percent else FORMAT_GENERAL


def _described(book: Any, sheet: Any, whole: Document) -> None:
    """Whose it is and when it was made; and above every printed page what the other formats say there."""
    notice = ", ".join(notices(whole, short=True))
    for place, told in (("left", kind_and_day(whole)), ("center", notice)):
        getattr(sheet.oddHeader, place).text = told.replace("&", "&&") or None
    book.properties.title = f"{whole.title} ({notice})" if notice else whole.title
    book.properties.creator, book.properties.language = whole.author, whole.language
    book.properties.created = dt.datetime.combine(whole.made_on, dt.time())
