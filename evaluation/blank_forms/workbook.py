"""A form as an Excel workbook: drop-downs of labels, notes, protected headings, fit to the page, stamped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from evaluation.blank_forms import stamp
from evaluation.blank_forms.asked import Asked
from evaluation.blank_forms.stamp import Stamp
from evaluation.codec.spreadsheet import xlsx_bytes
from evaluation.schema import Labels, text
from evaluation.texts import or_english, say

ROWS = 2000
"""Rows below the heading that have drop-downs and checks."""

BOTH = " / "
"""Between the labels of two languages in one cell."""

LISTS = "_lists"
_SORTED_FROM = 40
_FORMATS = {"date": "yyyy-mm-dd", "whole": "General", "number": "General"}
_LINE = Border(bottom=Side(style="thin", color="999999"))
_FILLS = {True: PatternFill("solid", fgColor="FFE8EEF4"), False: PatternFill("solid", fgColor="FFF4F4F4")}


@dataclass(frozen=True, slots=True)
class Blank:
    """A form to be made into a workbook; its headings in the first two of ``languages``."""

    stamp: Stamp
    title: Labels
    columns: tuple[Asked, ...]
    languages: tuple[str, ...]


def workbook(blank: Blank) -> bytes:
    """The workbook: a title, a heading in each language, the names that intake reads, and empty rows."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = blank.stamp.form[:31]
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "veryHidden"
    stamp.put(book, blank.stamp)
    heading = _heading(sheet, blank)
    for at, column in enumerate(blank.columns, 1):
        _column(sheet, at, column, blank.languages, heading=heading)
        _validated(sheet, lists, at, column, blank.languages, first=heading + 1)
    _protected(sheet, heading=heading)
    _printed(sheet, blank, heading=heading)
    book.security = WorkbookProtection(lockStructure=True)
    return xlsx_bytes(book)


def entry(code: str, labels: Labels, languages: Sequence[str]) -> str:
    """What stands for a code in a drop-down: its label in both languages, or the code where it has none."""
    spoken = dict.fromkeys(labels[language] for language in languages[:2] if labels.get(language))
    return BOTH.join(spoken) or code


def _heading(sheet: Worksheet, blank: Blank) -> int:
    """Title and headings; the number of the row with the names."""
    spoken = blank.languages[:2]
    title = BOTH.join(dict.fromkeys(text(blank.title, language) for language in spoken))
    how = "\n\n".join(say("blank_forms.how", or_english(language), row=len(spoken) + 3) for language in spoken)
    sheet.append([title])
    for language in spoken:
        sheet.append([text(column.label, language) for column in blank.columns])
    sheet.append([column.name for column in blank.columns])
    sheet["A1"].font = Font(bold=True, size=13)
    sheet["A1"].comment = _note(how)
    return len(spoken) + 2


def _column(sheet: Worksheet, at: int, column: Asked, languages: Sequence[str], *, heading: int) -> None:
    letter = get_column_letter(at)
    dimension = sheet.column_dimensions[letter]
    dimension.width = {"text": 30, "choice": 24, "choices": 28, "date": 13}.get(column.kind, 14)
    dimension.protection = Protection(locked=False)
    dimension.number_format = _FORMATS.get(column.kind, "@")
    for row in range(2, heading + 1):
        cell = sheet.cell(row, at)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.fill, cell.protection, cell.number_format = _FILLS[column.required], Protection(locked=True), "@"
        cell.font = Font(bold=row == 2 and column.required, size=8 if row == heading else 10)
    sheet.cell(heading, at).border = _LINE
    sheet.cell(2, at).comment = _note("\n\n".join(_hints(column, language) for language in languages[:2]))


def _hints(column: Asked, language: str) -> str:
    """What to know of a column: whether it has to be filled in, the question's own hint, what may stand there."""
    spoken = or_english(language)
    lines = [say("blank_forms.required" if column.required else "blank_forms.may_be_empty", spoken)]
    if column.hint:
        lines.append(text(column.hint, language))
    if column.kind == "choices":
        lines.append(say("blank_forms.several", spoken))
    if column.options and len(column.options) < _SORTED_FROM:
        lines += [f"{code}: {text(labels, language)}" if labels else code for code, labels in column.options.items()]
    if column.kind == "date":
        lines.append(say("blank_forms.date", spoken))
    if column.kind in ("whole", "number") and (column.low is not None or column.high is not None):
        ends = (f"{end:g}" for end in (column.low, column.high) if end is not None)
        lines.append(say("blank_forms.ends", spoken, ends="–".join(ends)))
    if column.states:
        lines.append(say("blank_forms.states", spoken, codes=list(column.states)))
    return "\n".join(lines)


def _note(said: str) -> Comment:
    note = Comment(said, "evaluation")
    note.width, note.height = 340, 40 + 17 * (said.count("\n") + len(said) // 55)
    return note


# --- what may stand in a cell -------------------------------------------------------------------


def _validated(
    sheet: Worksheet, lists: Worksheet, at: int, column: Asked, languages: Sequence[str], *, first: int
) -> None:
    rule = _rule(lists, at, column, languages)
    if rule is None:
        return
    said = BOTH.join(dict.fromkeys(say("blank_forms.wrong", or_english(language)) for language in languages[:2]))
    rule.allow_blank, rule.showErrorMessage, rule.error = True, True, said[:255]
    rule.add(f"{get_column_letter(at)}{first}:{get_column_letter(at)}{first + ROWS - 1}")
    sheet.add_data_validation(rule)


def _rule(lists: Worksheet, at: int, column: Asked, languages: Sequence[str]) -> DataValidation | None:
    """The check of a column: a drop-down, the ends of a number, a real date; none where several answers may stand."""
    if column.kind == "choice":
        entries = [entry(code, labels, languages) for code, labels in column.options.items()]
        return _drop_down(lists, at, sorted(entries) if len(entries) > _SORTED_FROM else entries)
    if column.kind == "yes/no":
        return _drop_down(lists, at, [_word(answer, languages) for answer in ("yes", "no")])
    if column.kind == "date":
        return DataValidation(type="date", operator="greaterThan", formula1="DATE(1920,1,1)")
    if column.kind in ("whole", "number") and not column.states:
        low = -1e9 if column.low is None else column.low
        high = 1e9 if column.high is None else column.high
        rule = DataValidation(type="whole" if column.kind == "whole" else "decimal", operator="between")
        rule.formula1, rule.formula2 = f"{low:.10g}", f"{high:.10g}"
        return rule
    return None


def _word(answer: str, languages: Sequence[str]) -> str:
    """Yes or no in both languages."""
    return entry(
        "", {language: say(f"blank_forms.{answer}", or_english(language)) for language in languages}, languages
    )


def _drop_down(lists: Worksheet, at: int, entries: Sequence[str]) -> DataValidation:
    letter = get_column_letter(at)
    for row, written in enumerate(entries, 1):
        lists.cell(row, at, written)
    return DataValidation(type="list", formula1=f"{LISTS}!${letter}$1:${letter}${len(entries)}")


# --- the sheet ----------------------------------------------------------------------------------


def _protected(sheet: Worksheet, *, heading: int) -> None:
    """Title and headings cannot be changed by accident; there is no password, for whoever means to change them."""
    sheet.freeze_panes = f"B{heading + 1}"
    for name in ("formatColumns", "formatRows", "formatCells"):
        setattr(sheet.protection, name, False)
    sheet.protection.enable()


def _printed(sheet: Worksheet, blank: Blank, *, heading: int) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.print_title_rows = f"2:{heading}"
    sheet.print_options.gridLines = True
    footer = sheet.HeaderFooter.oddFooter
    if footer is not None and footer.left is not None and footer.right is not None:
        footer.left.text = f"{blank.stamp.form} {blank.stamp.version}".strip()
        footer.right.text = "&P / &N"
