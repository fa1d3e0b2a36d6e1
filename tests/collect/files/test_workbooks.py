"""A workbook gives what its cells hold; what only a screen shows of them is said, and another kind of file is named."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.workbook import Workbook

from evaluation.collect.files.reading import read as read_file
from evaluation.collect.files.sheet import WHOLE_ROW, Sheet
from evaluation.collect.files.workbooks import reading
from evaluation.errors import FileRefused
from tests.collect.intake_forms import DATA

EXPECTED = ("code", "answer", "remark")
PUBLIC = DATA / "public_intake"


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows]


def notes(sheet: Sheet) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(note.id, note.column, note.rows) for note in sheet.notes]


def reason(folder: Path, content: bytes, name: str = "sent.xlsx") -> str:
    path = folder / name
    path.write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        read_file(path, expected=EXPECTED)
    return refused.value.reason


def packed(parts: dict[str, str]) -> bytes:
    """An archive of parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def saved(folder: Path, book: Workbook) -> Path:
    path = folder / "sent.xlsx"
    book.save(path)
    return path


def book_of(*rows: tuple[object, ...]) -> Workbook:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return book


def test_a_workbook_gives_dates_as_iso_and_whole_numbers_without_a_point(tmp_path: Path) -> None:
    book = book_of(EXPECTED, ("P-001", 3.0, dt.datetime(2025, 1, 24)), ("P-002", 0.1 + 0.2, True))
    sheet = read_file(saved(tmp_path, book), expected=EXPECTED)
    assert cells(sheet) == [("P-001", "3", "2025-01-24"), ("P-002", "0.3", "true")]


def test_a_workbook_that_counts_from_1904_keeps_its_dates(tmp_path: Path) -> None:
    book = book_of(EXPECTED, ("P-001", 3, dt.date(2025, 1, 24)))
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = read_file(saved(tmp_path, book), expected=EXPECTED)
    assert (sheet.rows[0].cells[2], sheet.epoch, notes(sheet)) == ("2025-01-24", 1904, [("epoch_1904", "", ())])


def test_a_formula_without_a_value_and_an_error_are_marked(tmp_path: Path) -> None:
    book = book_of(EXPECTED, ("P-001", "=1+2", "x"), ("P-002", "#N/A", "x"))
    first, second = read_file(saved(tmp_path, book), expected=EXPECTED).rows
    assert (first.cells[1], first.faults) == ("=1+2", {1: "formula_without_value"})
    assert (second.cells[1], second.faults) == ("#N/A", {1: "excel_error"})


def test_several_sheets_are_named_and_none_is_guessed(tmp_path: Path) -> None:
    book = book_of(EXPECTED, ("P-001", 3, "x"))
    book.create_sheet("Maj").append(("code", 1))
    book.create_sheet("empty")
    hidden = book.create_sheet("lists")
    hidden.append(("yes", "no"))
    hidden.sheet_state = "hidden"
    path = saved(tmp_path, book)
    with pytest.raises(FileRefused, match=r"\('Sheet' and 'Maj'\)"):
        read_file(path, expected=EXPECTED)
    assert len(read_file(path, expected=EXPECTED, sheet="Sheet").rows) == 1
    with pytest.raises(FileRefused, match="no such sheet"):
        read_file(path, expected=EXPECTED, sheet="Juni")


def test_of_several_sheets_the_only_one_with_columns_of_the_form_is_read_and_the_others_are_said(
    tmp_path: Path,
) -> None:
    book = book_of(EXPECTED, ("P-001", 3, "x"))
    for title, text in (("Okładka", "Ankiety z wiosny"), ("Legenda", "1 = wcale")):
        book.create_sheet(title, 0).append((text, 2026))
    path = saved(tmp_path, book)
    sheet = read_file(path, expected=EXPECTED)
    assert (sheet.tab, len(sheet.rows)) == ("Sheet", 1)
    assert notes(sheet) == [("sheet_unread", "", ()), ("sheet_unread", "", ())]
    with pytest.raises(FileRefused, match="several sheets"):
        read_file(path)


def test_one_filled_sheet_among_empty_and_hidden_ones_is_read(tmp_path: Path) -> None:
    book = book_of(EXPECTED, ("P-001", 3, "x"))
    book.create_sheet("empty")
    assert len(read_file(saved(tmp_path, book), expected=EXPECTED).rows) == 1


def test_cells_beside_the_table_are_no_part_of_it_but_hold_the_row_back(tmp_path: Path) -> None:
    book = book_of(EXPECTED, ("P-001", 3, None, None, "ask her again"), ("P-002", 4))
    first, second = read_file(saved(tmp_path, book), expected=EXPECTED).rows
    assert (first.faults, second.cells, second.faults) == ({WHOLE_ROW: "ragged_long"}, ("P-002", "4", ""), {})


def test_a_cell_far_away_does_not_fill_the_memory(tmp_path: Path) -> None:
    book = book_of(EXPECTED, ("P-001", 3, "x"))
    book.worksheets[0].cell(200_000, 1, "P-002")
    assert [row.number for row in read_file(saved(tmp_path, book), expected=EXPECTED).rows] == [2, 200_000]


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"PK"])
def test_a_damaged_workbook_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    assert reason(tmp_path, content) == "damaged_workbook"


def test_a_workbook_cut_short_is_a_sentence(tmp_path: Path) -> None:
    whole = saved(tmp_path, book_of(EXPECTED, ("P-001", 3, "x"))).read_bytes()
    for length in (40, len(whole) // 2, len(whole) - 10):
        assert reason(tmp_path, whole[:length]) in ("damaged_workbook", "not_a_table")


# --- what a screen shows besides the text -------------------------------------------------------


def test_hidden_rows_and_columns_are_read_and_said(tmp_path: Path) -> None:
    book = book_of(EXPECTED, ("P-001", 3, "x"), ("P-002", 4, "y"), ("P-003", 1, "z"))
    page = book.worksheets[0]
    page.row_dimensions[3].hidden = True
    page.column_dimensions["B"].hidden = True
    sheet = read_file(saved(tmp_path, book), expected=EXPECTED)
    assert len(sheet.rows) == 3
    assert notes(sheet) == [("hidden_rows", "", (3,)), ("hidden_column", "answer", ())]


def test_a_hidden_sheet_with_answers_is_said_and_a_list_for_the_drop_downs_is_not(tmp_path: Path) -> None:
    book = book_of(EXPECTED, ("P-001", 3, "x"))
    book.create_sheet("lists").append(("yes", "no"))
    book.create_sheet("old").append(EXPECTED)
    for title in ("lists", "old"):
        book[title].sheet_state = "hidden"
    assert notes(read_file(saved(tmp_path, book), expected=EXPECTED)) == [("hidden_sheet", "", ())]


def test_the_repeated_groups_of_an_export_are_said_and_its_answers_are_read(tmp_path: Path) -> None:
    book = book_of((*EXPECTED, "_index"), ("P-001", 3, "x", 1))
    for row in (("child", "_index", "_parent_index"), ("a", 1, 1)):
        (book["child"] if "child" in book.sheetnames else book.create_sheet("child")).append(row)
    path = saved(tmp_path, book)
    sheet = read_file(path, expected=EXPECTED)
    assert (len(sheet.rows), sheet.tab, notes(sheet)) == (1, "Sheet", [("repeat_sheet", "", ())])
    assert read_file(path, sheet="child").header == ("child", "_index", "_parent_index")


def test_what_is_struck_out_is_held_back(tmp_path: Path) -> None:
    book = book_of(EXPECTED, ("P-001", 3, "x"), ("P-002", 4, "y"), ("P-003", 1))
    page = book.worksheets[0]
    for cell in (*page[2], page["B3"]):
        cell.font = Font(strike=True)
    page["C4"] = CellRichText("no, ", TextBlock(InlineFont(strike=True), "yes"))
    first, second, third = read_file(saved(tmp_path, book), expected=EXPECTED).rows
    assert first.faults == {WHOLE_ROW: "struck_out"}
    assert (second.cells[1], second.faults) == ("4", {1: "struck_out"})
    assert (third.cells[2], third.faults) == ("no, yes", {2: "struck_out"})


def test_a_cell_merged_over_rows_is_held_back_in_each_but_the_first(tmp_path: Path) -> None:
    book = book_of(EXPECTED, ("P-001", 3, "x"), (None, 4, "y"), ("P-003", 1, "z"))
    book.worksheets[0].merge_cells("A2:A3")
    book.worksheets[0].merge_cells("B4:C4")
    rows = read_file(saved(tmp_path, book), expected=EXPECTED).rows
    assert [row.faults for row in rows] == [{}, {0: "merged"}, {2: "merged"}]


def test_a_computed_empty_text_is_an_empty_cell(tmp_path: Path) -> None:
    content = saved(tmp_path, book_of(EXPECTED, ("P-001", "=1", "x"))).read_bytes()
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(changed, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            text = text.replace(b'<c r="B2"><f>1</f><v', b'<c r="B2" t="str"><f>1</f><v')
            after.writestr(name, text)
    path = tmp_path / "computed.xlsx"
    path.write_bytes(changed.getvalue())
    assert (cells(read_file(path)), read_file(path).rows[0].faults) == ([("P-001", "", "x")], {})


@pytest.mark.parametrize("name", ["strict.xlsx", "workbook2.xlsx", "e_real.xlsx"])
def test_a_workbook_is_read_whatever_its_namespaces_and_parts_are_called(name: str) -> None:
    sheet = read_file(PUBLIC / name, expected=("participant", "wave"))
    assert (sheet.rows[0].cells[:4], sheet.rows[0].cells[12], sheet.notes) == (
        ("P-001", "t0", "2025-02-03", "1"),
        "2025-02-01",
        (),
    )


@pytest.mark.parametrize(("name", "content"), [("sent.csv", "workbook"), ("sent.xlsx", "text"), ("sent.ods", "text")])
def test_an_ending_that_says_something_else_is_said(tmp_path: Path, name: str, content: str) -> None:
    workbook = saved(tmp_path, book_of(EXPECTED, ("P-001", 3, "x"))).read_bytes()
    path = tmp_path / name
    path.write_bytes(workbook if content == "workbook" else b"code,answer,remark\nP-001,3,x\n")
    sheet = read_file(path, expected=EXPECTED)
    assert (cells(sheet), notes(sheet)) == ([("P-001", "3", "x")], [("wrong_ending", "", ())])


# --- LibreOffice --------------------------------------------------------------------------------

NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)
STYLES = """<style:style style:name="out"><style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:name="away"><style:table-properties table:display="false"/></style:style>"""
CONTENT = f"""<?xml version="1.0"?><office:document-content {NAMES}><office:automatic-styles>{STYLES}
</office:automatic-styles><office:body><office:spreadsheet>
<table:table table:name="Dane"><table:table-column/><table:table-column table:visibility="collapse"/>
<table:table-row><table:table-cell office:value-type="string"><text:p>code</text:p></table:table-cell>
 <table:table-cell office:value-type="string"><text:p>answer</text:p></table:table-cell>
 <table:table-cell office:value-type="string"><text:p>remark</text:p></table:table-cell></table:table-row>
<table:table-row table:visibility="filter"><table:table-cell office:value-type="string"><text:p>P-001</text:p>
 </table:table-cell>
 <table:table-cell office:value-type="currency" office:currency="EUR" office:value="3.50"><text:p>3,5</text:p>
 </table:table-cell>
 <table:table-cell office:value-type="date" office:date-value="2025-02-03"><text:p>03.02.25</text:p></table:table-cell>
 <table:table-cell table:number-columns-repeated="16000"/></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell table:style-name="out" office:value-type="string">
 <text:p>P-002</text:p></table:table-cell><table:covered-table-cell/>
 <table:table-cell office:value-type="string"><office:annotation><text:p>ask</text:p></office:annotation>
 <text:p>two<text:s text:c="2"/>words</text:p><text:p>more</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell/><table:table-cell table:formula="of:=[.A1]" office:value-type="string">
 <text:p>#N/A</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table>
<table:table table:name="Old" table:style-name="away"><table:table-row>
 <table:table-cell office:value-type="string"><text:p>code</text:p></table:table-cell>
 <table:table-cell office:value-type="string"><text:p>answer</text:p></table:table-cell></table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>"""
ODS = "application/vnd.oasis.opendocument.spreadsheet"


def document(content: str, manifest: str = "") -> bytes:
    return packed({"mimetype": ODS, "content.xml": content, "META-INF/manifest.xml": manifest})


def test_a_workbook_of_libreoffice_is_read_like_one_of_excel(tmp_path: Path) -> None:
    path = tmp_path / "sent.ods"
    path.write_bytes(document(CONTENT))
    sheet = read_file(path, expected=EXPECTED)
    first, second, third, fourth = sheet.rows
    assert (first.number, first.cells) == (2, ("P-001", "3.5", "2025-02-03"))
    assert first.faults == {1: "money EUR"}
    assert (second.cells, second.faults) == (("P-002", "", "two  words\nmore"), {0: "struck_out", 1: "merged"})
    assert (third.number, fourth.number, fourth.faults) == (4, 5, {1: "formula_value"})
    assert notes(sheet) == [
        ("hidden_sheet", "", ()),
        ("hidden_rows", "", (2,)),
        ("hidden_column", "answer", ()),
        ("cell_comment", "", (3, 4)),
        ("formula_value", "answer", (5,)),
    ]


# --- what is no workbook ------------------------------------------------------------------------


def ole(*entries: str) -> bytes:
    return b"\xd0\xcf\x11\xe0" + b"".join(entry.encode("utf-16-le") + b"\0\0" for entry in entries)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF\0\1\2", "not_a_table"),
        (ole("EncryptionInfo", "EncryptedPackage"), "password"),
        (ole("Root Entry", "Workbook"), "old_workbook"),
        (ole("Root Entry", "WordDocument"), "not_a_table"),
        (b"\xef\xbb\xbf<html><table>", "web_page"),
        (b'<?xml version="1.0"?><Workbook>', "web_page"),
        (b"\x1f\x8b\x08\0", "packed"),
        (packed({"uwagi.csv": "a,b"}), "packed"),
        (packed({"Index/Document.iwa": ""}), "apple_numbers"),
        (packed({"xl/workbook.bin": "", "[Content_Types].xml": ""}), "old_workbook"),
        (packed({"word/document.xml": "", "[Content_Types].xml": ""}), "not_a_table"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text"}), "not_a_table"),
        (document("<x/>", "<m:encryption-data/>"), "password"),
        (document("<x/>"), "no_rows"),
        (document("<!DOCTYPE x><x/>"), "damaged_workbook"),
    ],
)
def test_another_kind_of_file_is_refused_with_what_it_is(tmp_path: Path, content: bytes, expected: str) -> None:
    assert reason(tmp_path, content) == expected
    assert reason(tmp_path, content, "sent.csv") == expected


def test_a_workbook_that_grows_without_end_when_unpacked_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = packed({"xl/x.xml": " " * 2**21, "[Content_Types].xml": ""})
    assert len(bomb) < 2**13
    monkeypatch.setattr(reading, "UNPACKED_LIMIT_MB", 1)
    assert reason(tmp_path, bomb) == "too_large"


def test_a_small_document_of_endless_repeated_cells_is_refused(tmp_path: Path) -> None:
    row = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="9"'
    row += ' office:value-type="float" office:value="1"/></table:table-row>'
    content = CONTENT.replace('<table:table table:name="Dane">', f'<table:table table:name="Dane">{row}')
    assert reason(tmp_path, document(content)) == "too_large"
