"""Whatever the kit writes for a spreadsheet is computed by none, and reads back as it was."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import codebook
from evaluation.blank_forms import workbook, xlsform_file
from evaluation.blank_forms.asked import Asked
from evaluation.blank_forms.stamp import Stamp
from evaluation.blank_forms.workbook import Blank
from evaluation.codec.spreadsheet import escape, restore
from evaluation.collect.export.rows import Exported
from evaluation.collect.export.written import as_csv
from evaluation.collect.files.exported import RECORDED, REPORTING
from evaluation.collect.files.reading import read
from evaluation.collect.files.rejected import write_rejected
from evaluation.collect.files.sheet import Row, Sheet
from evaluation.collect.issues import Rejection
from evaluation.project import demo
from evaluation.report.blocks import Document
from evaluation.report.formats import sheets as indicators
from evaluation.schema import Instrument, Item
from evaluation.texts import LANGUAGES, Message
from evaluation.xlsform import sheets
from tests.records import declared

SOURCE = Path(__file__).parents[2] / "evaluation"
FORMULA = re.compile(r"^[ \u00a0\"]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20\u2212]|[,;|\t\r\n][ \u00a0\"]*[=+\-@\uff1d]")
NUMBER = re.compile(r"-\d+([.,]\d+)?", re.ASCII)
PROBES = (
    *("=1+1", "+1;2", "-cmd|x", "@sum(A1)", "\t=1", "\rx", "  =1", "\u00a0+1", '"=1"', "'=1", "''@a", "=\n+2"),
    *("ordinary", "it's", "'quoted'", "a\t=b", "x,=1", "\uff1d1"),
)
LABELS = dict.fromkeys(LANGUAGES, PROBES[0])
MOOD = Instrument(
    "mood",
    "2",
    LABELS,
    tuple(Item(f"i{n}", "text", dict.fromkeys(LANGUAGES, probe)) for n, probe in enumerate(PROBES)),
    (),
)
DECLARATION = declared(MOOD, waves=(), title=LABELS, place=LABELS)


# --- one cell ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "escaped"),
    [
        ("=1+2", "'=1+2"),
        ("'=1+2", "''=1+2"),
        (" @sum", " '@sum"),
        ('"=1', "\"'=1"),
        ("\tx", "'\tx"),
        ("\r=1", "'\r'=1"),
        ("-5", "-5"),
        ("-5 zł", "'-5 zł"),
        ("a;=1", "a;'=1"),
        ("a\n+1", "a\n'+1"),
        ("a-b, c = d", "a-b, c = d"),
        ("it's", "it's"),
        ("'quoted'", "'quoted'"),
    ],
)
def test_a_cell_that_a_spreadsheet_could_compute_is_escaped(cell: str, escaped: str) -> None:
    assert escape(cell) == escaped


@given(st.text(alphabet="=+-@'\" ,;\t\r\n\u00a0a5\uff1d", max_size=12))
def test_no_escaped_cell_begins_a_formula_and_every_one_can_be_restored(cell: str) -> None:
    assert NUMBER.fullmatch(cell) or not FORMULA.search(escape(cell))
    assert restore(escape(cell)) == cell


# --- every writer ------------------------------------------------------------------------------

HEADER = ("participant", *(f"c{n}" for n in range(1, len(PROBES))))
ROWS = [PROBES, tuple(reversed(PROBES))]


def of_rejected(folder: Path) -> list[str]:
    sheet = Sheet("sent.csv", HEADER, tuple(Row(n, cells) for n, cells in enumerate(ROWS, 2)))
    waiting = [Rejection(row.number, "c1", "torn", Message("collect.clock.more", n=1)) for row in sheet.rows]
    path = folder / "again.csv"
    write_rejected(waiting, sheet, path)
    assert_read_back(path)
    return cells_of(path.read_bytes().decode("utf-8-sig"), ";")


def of_export(folder: Path) -> list[str]:
    columns = (*map(column, HEADER), column(RECORDED), column(REPORTING))
    made = Exported(MOOD, columns, tuple((*cells, "2026-01-01", "yes") for cells in ROWS))
    for excel in ("", "en", "pl"):
        (folder / f"export{excel}.csv").write_bytes(as_csv(made, excel=excel).encode("utf-8"))
        assert_read_back(folder / f"export{excel}.csv")
    return cells_of(as_csv(made)) + cells_of(as_csv(made, excel="pl")[1:], ";")


def of_codebook(folder: Path) -> list[str]:
    return cells_of(codebook.as_csv(DECLARATION))


def of_demo(folder: Path) -> list[str]:
    demo.write(folder / "demo.csv", [dict(zip(HEADER, cells, strict=True)) for cells in ROWS])
    return cells_of((folder / "demo.csv").read_bytes().decode("utf-8"))


def of_template(folder: Path) -> list[str]:
    columns = [Asked(f"c{n}", {"en": probe}, "choice", options={probe: {}}) for n, probe in enumerate(IN_XML)]
    content = workbook.workbook(Blank(Stamp("mood", "2"), {"en": "=1"}, tuple(columns), ("en",)))
    (folder / "blank.xlsx").write_bytes(content)
    assert list(read(folder / "blank.xlsx", expected=["c0"]).header) == [f"c{n}" for n in range(len(IN_XML))]
    return texts_of(content)


def of_xlsform(folder: Path) -> list[str]:
    rows = tuple(sheets.Row(n, {"type": "text", "name": f"i{n}", "label": probe}) for n, probe in enumerate(IN_XML))
    form = sheets.Form("mood", {"survey": rows, "choices": ()}, {"survey": (1, ("type", "name", "label"))})
    content = xlsform_file.workbook(form, ())
    (folder / "form.xlsx").write_bytes(content)
    read_back = read(folder / "form.xlsx", sheet="survey", expected=["type"])
    assert [row.cells[2] for row in read_back.rows] == list(IN_XML)
    return texts_of(content)


def of_indicators(folder: Path) -> list[str]:
    absent = dict.fromkeys((*indicators.COLUMNS, "n", "of"))
    lines = [
        absent
        | {"code": probe, "level": "outcome", "unit": "persons", "labels": {"en": probe}}
        | {
            "source": {"en": probe},
            "note": {},
            "withheld": {},
            "disaggregation": [{"labels": {"en": probe}, "value": 7}],
        }
        for probe in IN_XML
    ]
    whole = Document("report", "en", "=1+1", False, {}, (), {}, {indicators.PART: lines})
    return cells_of(indicators.as_csv(whole).decode("utf-8-sig")) + texts_of(indicators.as_xlsx(whole))


WRITERS: dict[str, Callable[[Path], list[str]]] = {
    "collect/files/rejected.py": of_rejected,
    "collect/export/written.py": of_export,
    "codebook/written.py": of_codebook,
    "project/demo.py": of_demo,
    "blank_forms/workbook.py": of_template,
    "blank_forms/xlsform_file.py": of_xlsform,
    "report/formats/sheets.py": of_indicators,
}
"""Every module that writes a file which a spreadsheet opens."""

IN_XML = tuple(probe for probe in PROBES if "\r" not in probe)


def column(name: str) -> codebook.Column:
    return codebook.Column(name, {}, "text", "open")


def cells_of(text: str, delimiter: str = ",") -> list[str]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [cell for row in rows for cell in row]


def texts_of(content: bytes) -> list[str]:
    """The texts of a workbook as somebody who edits its cells would leave them: a marked one stays a text."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    return [re.sub(r"\W", "", str(cell.value)) if cell.quotePrefix else str(cell.value) for cell in cells]


def assert_read_back(path: Path) -> None:
    sheet = read(path, expected=HEADER)
    assert (sheet.header, [row.cells for row in sheet.rows]) == (HEADER, ROWS)


@pytest.mark.parametrize("module", WRITERS)
def test_nothing_that_is_written_for_a_spreadsheet_is_computed_and_our_reader_has_it_back(
    module: str, tmp_path: Path
) -> None:
    cells = WRITERS[module](tmp_path)
    assert sum("1" in cell for cell in cells) > 1
    assert [cell for cell in cells if FORMULA.search(cell) and not NUMBER.fullmatch(cell)] == []


def test_whoever_writes_for_a_spreadsheet_is_in_the_list_and_writes_by_one_door() -> None:
    door, found = "codec/spreadsheet.py", set()
    for path in SOURCE.rglob("*.py"):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(SOURCE).as_posix()
        if re.search(r"\b(csv_text|xlsx_bytes)\(", text) and name != door:
            found.add(name)
        others = re.search(r"csv\.(writer|DictWriter)|\bbook\.save\(|\.to_(csv|excel|clipboard)\(|xlsxwriter", text)
        assert not others or name == door, name
    assert found == set(WRITERS)
