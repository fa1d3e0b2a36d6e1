"""Whatever program saved the file, its cells are read as the text they are."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.collect.files.reading import read as read_file
from evaluation.collect.files.separated import SEPARATORS, _rows
from evaluation.collect.files.sheet import WHOLE_ROW, Same, Sheet
from evaluation.errors import FileRefused
from evaluation.texts import in_all, say

EXPECTED = ("code", "answer", "remark")
TEXT = "code,answer,remark\nP-001,3,źle śpi\nP-002,4,żadnych uwag\n"


def read(folder: Path, content: str | bytes, name: str = "sent.csv") -> Sheet:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_file(path, expected=EXPECTED)


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows]


def notes(sheet: Sheet) -> list[str]:
    return [note.id for note in sheet.notes]


def reason(folder: Path, content: str | bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        read(folder, content)
    assert all(map(bool, in_all(refused.value.message).values()))
    return refused.value.reason


# --- letters ----------------------------------------------------------------------------------

# Which encoding it is: test_intake_encodings.py.
SENT = [("P-001", "3", "źle śpi"), ("P-002", "4", "żadnych uwag")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf_8_needs_no_note(tmp_path: Path, encoding: str) -> None:
    sheet = read(tmp_path, TEXT.encode(encoding))
    assert (cells(sheet), notes(sheet), sheet.header) == (SENT, [], EXPECTED)


@pytest.mark.parametrize("encoding", ["cp1250", "iso-8859-2", "utf-16", "utf-16-le", "utf-16-be"])
def test_other_encodings_are_recognised_and_said(tmp_path: Path, encoding: str) -> None:
    sheet = read(tmp_path, TEXT.encode(encoding))
    assert (cells(sheet), notes(sheet)) == (SENT, ["encoding"])


def test_letters_that_are_lost_are_said_to_be_lost(tmp_path: Path) -> None:
    assert notes(read(tmp_path, "code,answer,remark\nP-001,3,\ufffdle \ufffdpi\n")) == ["letters_lost"]
    assert notes(read(tmp_path, "code,answer,remark\nP-001,3,mo?e ?pi\n")) == ["letters_lost"]
    assert notes(read(tmp_path, "code,answer,remark\nP-001,3,(co? nie wiem...) ?\n")) == []


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n,,\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    assert reason(tmp_path, content) == "no_rows"


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read_file(tmp_path / "away.csv")
    assert say(refused.value.message, "pl").startswith("away.csv: nie ma takiego pliku;")


def test_a_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        read_file(tmp_path)


# --- columns ----------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_other_separators_are_recognised_and_said(tmp_path: Path, mark: str) -> None:
    sheet = read(tmp_path, TEXT.replace(",", mark))
    assert (cells(sheet), notes(sheet), sheet.delimiter) == (SENT, ["delimiter"], mark)


def test_commas_inside_the_answers_do_not_make_the_comma_the_separator(tmp_path: Path) -> None:
    sheet = read(tmp_path, "code;answer;remark\nP-001;3,5;a, b, c\nP-002;4,5;d, e, f\n")
    assert cells(sheet) == [("P-001", "3,5", "a, b, c"), ("P-002", "4,5", "d, e, f")]


def test_the_separator_that_excel_declares_counts_as_a_line(tmp_path: Path) -> None:
    sheet = read(tmp_path, "sep=;\ncode;answer;remark\nP-001;3;x\n")
    assert (sheet.rows[0].number, sheet.rows[0].cells) == (3, ("P-001", "3", "x"))


def test_row_numbers_are_those_a_spreadsheet_shows(tmp_path: Path) -> None:
    content = 'code,answer,remark\nP-001,3,"two\nlines"\n\n,,\nP-002,4,x\n'
    assert [row.number for row in read(tmp_path, content).rows] == [2, 5]


def test_cells_are_not_converted(tmp_path: Path) -> None:
    sheet = read(tmp_path, "code,answer,remark\n007,1e5,NA\n TRUE ,3.0,null\n")
    assert cells(sheet) == [("007", "1e5", "NA"), (" TRUE ", "3.0", "null")]


def test_titles_above_the_header_are_skipped_and_said(tmp_path: Path) -> None:
    sheet = read(tmp_path, "Our project,,\n,,\ncode,answer,remark\nP-001,3,x\n")
    assert (sheet.header, notes(sheet), sheet.rows[0].number) == (EXPECTED, ["header_row"], 4)


def test_a_header_is_found_by_its_shape_when_no_names_are_known(tmp_path: Path) -> None:
    path = tmp_path / "sent.csv"
    path.write_text("Our project,,\nid,time,score\n1,2,\n2,2,5\n", encoding="utf-8")
    assert read_file(path).header == ("id", "time", "score")


def test_a_cover_longer_than_its_table_and_a_line_wider_than_it_are_no_header(tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    table = "id;time;score;how\na;1;3;x\nb;1;4;y;;;;;;;torn\n"
    path.write_text(f"project;own way\nyear;2025\nby;EK\n{table}", encoding="utf-8")
    assert read_file(path).header == ("id", "time", "score", "how")


@pytest.mark.parametrize(
    ("line", "fault"),
    [("P-001,3", "ragged_short"), ("P-001,3,x,y", "ragged_long"), ('P-001,3,"x\nP-2,4,y"', "swallowed")],
)
def test_a_row_that_does_not_fit_the_header_is_marked_and_kept_as_sent(tmp_path: Path, line: str, fault: str) -> None:
    (row,) = read(tmp_path, f"code,answer,remark\n{line}\n").rows
    assert row.faults == {WHOLE_ROW: fault}
    assert ",".join(row.cells) == line.replace('"', "")


def test_empty_cells_beyond_the_header_are_no_fault(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "code,answer,remark,,\nP-001,3,x,,\n").rows
    assert (row.cells, row.faults) == (("P-001", "3", "x"), {})


def test_an_empty_column_without_a_name_is_left_out(tmp_path: Path) -> None:
    sheet = read(tmp_path, "code,,answer,remark\nP-001,,3,x\n")
    assert (sheet.header, cells(sheet)) == (EXPECTED, [("P-001", "3", "x")])


def test_a_filled_column_without_a_name_is_refused_by_its_position(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="column 2 "):
        read(tmp_path, "code,,answer,remark\nP-001,Anna,3,x\n")


@pytest.mark.parametrize(
    "rows",
    [
        'P-001,3,x\nP-002,3,"x\nP-003,4,y\n',
        'P-001,3,x\nP-002,3,"x\nP-003,4,y\nP-004,4,"so, so"\n',
        'P-001,3,x\nP-002,3,"so" so\n',
    ],
)
def test_a_quotation_mark_that_is_not_closed_refuses_the_file_and_names_its_place(tmp_path: Path, rows: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, f"code,answer,remark\n{rows}")
    assert (refused.value.reason, refused.value.row, refused.value.column) == ("broken_quotes", 3, "remark")


@pytest.mark.parametrize("text", ["plan:\na,b,c,d", "first,\n,,second", "a\nb\n1,2,3"])
def test_a_text_of_several_lines_is_no_swallowed_row(tmp_path: Path, text: str) -> None:
    (row,) = read(tmp_path, f'code,answer,remark\nP-001,3,"{text}"\n').rows
    assert (row.cells[2], row.faults) == (text, {})


def test_a_row_inside_a_text_is_a_swallowed_one(tmp_path: Path) -> None:
    (row,) = read(tmp_path, 'code,answer,remark\nP-001,3,"x\nP-17,4,y\nP-003,4,z"\n').rows
    assert row.faults == {WHOLE_ROW: "swallowed"}


def test_a_long_text_is_read_as_it_is(tmp_path: Path) -> None:
    assert read(tmp_path, f"code,answer,remark\nP-001,3,{'a b, ' * 40_000}\n".replace(", ", "; ")).rows[0].faults == {}


def test_lines_that_a_program_put_into_quotation_marks_as_a_whole_are_lines(tmp_path: Path) -> None:
    sent = 'participant;wave;remark\nP-001;t0;"said ""no"""\nP-002;t1;"two\nlines"'
    lines = ["participant;wave;remark", 'P-001;t0;"said ""no"""', 'P-002;t1;"two\nlines"']
    whole = "\n".join(f'"{line}"' for line in (each.replace('"', '""') for each in lines))
    plain, quoted = read(tmp_path, sent), read(tmp_path, whole)
    assert (quoted.header, quoted.rows) == (plain.header, plain.rows)
    assert {note.id for note in quoted.notes} - {note.id for note in plain.notes} == {"lines_quoted"}
    alone = read(tmp_path, 'remark\n"calm, later tired"\n')
    assert (alone.header, alone.rows[0].cells, alone.notes) == (("remark",), ("calm, later tired",), ())


def test_a_line_of_a_million_cells_is_refused_and_not_kept(tmp_path: Path) -> None:
    assert reason(tmp_path, "code,answer,remark\n" + "," * 1_000_000) == "too_many_cells"


def test_a_column_that_most_rows_fill_but_the_header_does_not_name_refuses_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="column 4 "):
        read(tmp_path, "code,answer,remark,\nP-001,3,x,1\nP-002,3,x,1\nP-003,3,x,\n")
    beside = read(tmp_path, "code,answer,remark,\nP-001,3,x,1\nP-002,3,x,\n").rows
    assert [row.faults for row in beside] == [{WHOLE_ROW: "ragged_long"}, {}]


# --- which row it is --------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("before", [0, 1, 3])
def test_a_row_is_counted_as_a_spreadsheet_counts_it_whatever_line_breaks_its_cells_hold(
    tmp_path: Path, end: str, before: int
) -> None:
    remarks = ["źle śpi", 'raz\ndwa\n\ntrzy "cztery"', "", "ostatnia\n"]
    rows = [
        ("P-001", "3", remarks[0]),
        ("P-002", "4", remarks[1]),
        ("P-003", "2", remarks[2]),
        ("P-004", "5", remarks[3]),
    ]
    lines = [",".join(EXPECTED), *(",".join('"{}"'.format(cell.replace('"', '""')) for cell in row) for row in rows)]
    lines.insert(3, "")  # an empty row counts, too
    lines = [",".join(("x", "", ""))[1:] for _ in range(before)] + lines
    book = openpyxl.Workbook()
    for line in csv.reader(io.StringIO("\n".join(lines), newline="")):
        book.active.append(line or [None])  # type: ignore[union-attr]
    book.save(tmp_path / "sent.xlsx")
    text = read(tmp_path, end.join(lines))
    sheet = read_file(tmp_path / "sent.xlsx", expected=EXPECTED)
    assert [row.number for row in text.rows] == [before + number for number in (2, 3, 5, 6)]
    assert [row.number for row in text.rows] == [row.number for row in sheet.rows]
    assert [row.cells[0] for row in text.rows] == [code for code, *_ in rows]


def test_a_quotation_mark_that_is_not_closed_is_named_with_the_row_of_a_spreadsheet(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, 'code,answer,remark\nP-001,3,"raz\ndwa\ntrzy"\nP-002,4,"cztery"pięć\n')
    assert (refused.value.reason, refused.value.row) == ("broken_quotes", 3)


# --- memory -----------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_equal_cells_of_a_file_are_one_object(tmp_path: Path, ending: str) -> None:
    lines = [["code", "answer", "remark"], *([f"P-{number % 3:03}", 12 + number % 2, ""] for number in range(9))]
    if ending == "csv":
        path = tmp_path / "sent.csv"
        path.write_text("\n".join(",".join(map(str, line)) for line in lines))
    else:
        path, book = tmp_path / "sent.xlsx", openpyxl.Workbook()
        for line in lines:
            book.active.append(line)
        book.save(path)
    sheet = read_file(path, expected=EXPECTED)
    assert len({id(cell) for row in sheet.rows for cell in row.cells[:2]}) == 3 + 2
    assert sheet.rows[7].cells[:2] == ("P-001", "13")


def test_cells_that_are_all_different_are_not_kept_for_ever() -> None:
    same = Same()
    for number in range(70_000):
        assert same.cells([f"text {number}", "z" * 65])[0] == f"text {number}"
    assert len(same._texts) == 2**16


@given(st.text(alphabet='a",;\t|\r\n\x85\u2028\x0c ', max_size=40), st.sampled_from(SEPARATORS))
def test_lines_are_those_of_a_whole_file(text: str, delimiter: str) -> None:
    try:
        whole = [*csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)]
    except csv.Error:
        with pytest.raises(FileRefused):
            _rows(text, delimiter, "sent.csv", first=1)
        return
    assert [[*row.cells] for row in _rows(text, delimiter, "sent.csv", first=1)] == whole


def test_the_mark_of_a_required_column_is_left_out_of_the_names_that_every_questionnaire_has(tmp_path: Path) -> None:
    sheet = read(tmp_path, "participant *,Wave (wymagane),date**,code *,answer,Imię *\nP-001,t0,,1,2,3\n")
    assert sheet.header == ("participant", "Wave", "date", "code", "answer", "Imię *")
