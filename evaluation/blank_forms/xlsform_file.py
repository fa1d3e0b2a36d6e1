"""A questionnaire as an XLSForm workbook, ready for Kobo and ODK, with the waves of the project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from openpyxl import Workbook
from openpyxl.styles import Font

from evaluation.codec.spreadsheet import xlsx_bytes
from evaluation.schema import Wave
from evaluation.xlsform.kobo_questions import written_out
from evaluation.xlsform.lint import kind_of
from evaluation.xlsform.sheets import SHEETS, Form, Row, translation
from evaluation.xlsform.shorthand import settled


def workbook(form: Form, waves: Sequence[Wave]) -> bytes:
    """The sheets of ``form`` as they are, but the choices of the question wave are the declared ``waves``.

    Columns that pyxform does not know (scale, key, missing, sensitivity) stay: Kobo and ODK leave them aside,
    and the file can be read back.
    """
    form = _with_waves(written_out(settled(form)), waves)
    book = Workbook()
    book.remove(book.worksheets[0])
    for name in SHEETS:
        if name not in form.columns:
            continue
        columns = form.columns[name][1]
        sheet = book.create_sheet(name)
        sheet.append(list(columns))
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for row in form.rows[name]:
            sheet.append([row[column] or None for column in columns])
        for line in sheet.iter_rows(min_row=2):
            for cell in line:
                cell.number_format = "@"
        sheet.freeze_panes = "A2"
    return xlsx_bytes(book)


def _with_waves(form: Form, waves: Sequence[Wave]) -> Form:
    columns = form.columns["choices"][1] if "choices" in form.columns else ()
    name = next((kind_of(row)[1] for row in form.rows["survey"] if row["name"] == "wave"), "")
    own = [row for row in form.rows["choices"] if row["list_name"] == name]
    if not own or not waves:
        return form
    listed = tuple(_choice(wave, columns, own) for wave in waves)
    others = tuple(row for row in form.rows["choices"] if row["list_name"] != name)
    return replace(form, rows={**form.rows, "choices": (*listed, *others)})


def _choice(wave: Wave, columns: Sequence[str], own: Sequence[Row]) -> Row:
    """The wave as a row of the list: with the form's own labels where it has the code, else with the project's."""
    named = next((row for row in own if row["name"] == wave.id), None)
    if named is not None:
        return named
    labels = {
        column: wave.labels.get(of[1], "") or wave.labels.get("en", wave.id)
        for column in columns
        if (of := translation(column)) and of[0] == "label"
    }
    return Row(own[0].line, {"list_name": own[0]["list_name"], "name": wave.id, **labels})
