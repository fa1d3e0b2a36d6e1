"""Small files as offices and other programs write them, each with what a careful person would do with it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from evaluation.collect.check.checking import Intake, check
from evaluation.collect.files import money
from evaluation.collect.files.reading import read
from evaluation.errors import FileRefused
from tests.collect.intake_forms import COLUMNS, CONTEXT, FORM

HEAD = ";".join(COLUMNS)
FIRST = "KC-029;t0;2025-01-24;4;98;3;3;1;0;;office street;241.25;"
SECOND = "KC-029;t1;2025-04-18;1;1;2;2;4;0;;;555.50;bez uwag"
KEY = {"wave": "baseline", "date": "2025-01-24", "sec_home": "4", "unsafe_places": "street office"}


def intake(path: Path, content: str | bytes) -> Intake:
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return check(read(path, expected=COLUMNS), FORM, CONTEXT)


def lines(*rows: str, end: str = "\n") -> str:
    return end.join(rows) + end


def changed(column: str, cell: str) -> str:
    cells = dict(zip(COLUMNS, FIRST.split(";"), strict=True)) | {column: cell}
    return lines(HEAD, ";".join(cells.values()))


# --- the file as a whole -----------------------------------------------------------------------

WHOLE = {
    "a line that names the separator": "sep=|\n" + lines(HEAD, FIRST, SECOND).replace(";", "|"),
    "lines of comments above": lines("# eksport", "# 2 wiersze", HEAD, FIRST, SECOND),
    "two marks of the encoding": "\ufeff\ufeff" + lines(HEAD, FIRST, SECOND),
    "ends of lines of an old Macintosh": lines(HEAD, FIRST, SECOND, end="\r"),
    "three kinds of ends of lines": f"{HEAD}\r\n{FIRST}\n{SECOND}\r",
    "the end of a file to DOS": lines(HEAD, FIRST, SECOND) + "\x1a",
    "headings of groups above the names": lines(";;;Bezpieczeństwo;;;;;Groźby;;;;", HEAD, FIRST, SECOND),
    "a column without name and cells": lines(*(row.replace(";", ";;", 1) for row in (HEAD, FIRST, SECOND))),
    "marks of required columns": lines(f"{HEAD} *".replace("wave", "wave (wymagane)"), FIRST, SECOND),
    "a mark at every name": lines("Wypełnia pracownik", HEAD.replace(";", "*;") + " **", FIRST, SECOND),
    "a no-break space behind a name": lines(HEAD.replace("sec_home", "sec_home\u00a0"), FIRST, SECOND),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_habit_of_the_whole_file_costs_no_row(tmp_path: Path, name: str) -> None:
    found = intake(tmp_path / "sent.csv", WHOLE[name])
    assert found.rejected == ()
    first, second = found.accepted
    assert first.items() >= KEY.items()
    assert (second["date"], second["weekly_budget_pln"], second["remarks"]) == ("2025-04-18", "555.5", "bez uwag")


@pytest.mark.parametrize(
    ("below", "column", "reason"),
    [
        (HEAD, "", "repeated_header"),
        ("\ufeff" + HEAD, "", "repeated_header"),
        ("Razem;;;5;;;;;;;;796.75;", "participant_code", "total_row"),
        ("wydruk z dnia 24.01.2025", "", "ragged_short"),
        ("Sporządziła pracownica dyżuru" + ";" * HEAD.count(";"), "", "footer_row"),
        ("podpis: ............" + ";" * HEAD.count(";"), "", "footer_row"),
        (";;;Źródło: zeszyt dyżurów" + ";" * (HEAD.count(";") - 3), "", "footer_row"),
    ],
)
def test_what_is_no_row_of_the_table_is_held_back_in_one_word(
    tmp_path: Path, below: str, column: str, reason: str
) -> None:
    found = intake(tmp_path / "sent.csv", lines(HEAD, FIRST, below, SECOND))
    assert len(found.accepted) == 2
    assert [(each.row, each.column, each.reason) for each in found.rejected] == [(3, column, reason)]


@pytest.mark.parametrize(
    ("first", "second", "held"),
    [
        ("241,25,", "555.50,", {2}),
        ("241.25,", "555,5,", {3}),
        ("241,25,", "555,50,", {2, 3}),  # as many cells in every row, and yet no amount of 241
        ("241.25,,", "555.50,", {2}),
        ("241.25,,", "555.50,,", set()),  # a separator at the end of each row means nothing
        ("241.25,bez uwag,", "555.50,12,", set()),
        ("241,25,bez uwag", "555,50,", {2, 3}),
    ],
)
def test_a_row_with_a_separator_more_than_the_header_is_not_read_one_place_off(
    tmp_path: Path, first: str, second: str, held: set[int]
) -> None:
    rows = [row.rsplit(";", 2)[0].replace(";", ",") for row in (FIRST, SECOND)]
    found = intake(tmp_path / "sent.csv", lines(HEAD.replace(";", ","), f"{rows[0]},{first}", f"{rows[1]},{second}"))
    assert {each.row for each in found.rejected} == held
    assert {each.reason for each in found.rejected} <= {"ragged_long"}
    assert [values["weekly_budget_pln"] for values in found.accepted] == [
        amount for row, amount in ((2, "241.25"), (3, "555.5")) if row not in held
    ]


@pytest.mark.parametrize(
    ("head", "reason", "column"),
    [
        (HEAD.replace("sec_street", "sec_home"), "repeated_column", "sec_home"),
        (HEAD.replace("sec_street", "sec_home.1"), "unknown_column", "sec_home.1"),
        (HEAD.replace("weekly_budget_pln", "weekly_budget_pln [zł]"), "unknown_column", "weekly_budget_pln [zł]"),
        (HEAD.replace("unsafe_places", "unsafe_places: home"), "unknown_column", "unsafe_places: home"),
    ],
)
def test_a_head_that_could_mean_another_column_refuses_the_file(
    tmp_path: Path, head: str, reason: str, column: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        intake(tmp_path / "sent.csv", lines(head, FIRST))
    assert (refused.value.reason, refused.value.column, refused.value.row) == (reason, column, 1)


# --- one cell ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        *(
            ("interview_date", cell, "2025-01-24")
            for cell in (
                *("24.01.2025 r.", "24.01.2025r.", "24. 01. 2025", "24.1.2025 r", "24 stycznia 2025 r."),
                *("24 stycznia 2025 roku", "piątek, 24 stycznia 2025", "Friday, January 24, 2025", "pt. 24.01.2025"),
                *("24th January 2025", "24. januar 2025", "24 січня 2025 р.", "2025/01/24 11:30:00 PM EET"),
            )
        ),
        ("interview_date", "2025-01-24T23:30:00Z", "2025-01-24"),
        ("participant_code", "KC\u2011029\u00a0", "KC-029"),
        ("participant_code", "KC – 029", "KC-029"),
        ("sec_home", "4 – Całkowita prawda", "4"),
        ("sec_home", "4.0", "4"),
        ("unsafe_places", "office, street", "street office"),
        ("weekly_budget_pln", '"1,241.25"', "1241.25"),
        ("weekly_budget_pln", "1 241,25", "1241.25"),
        ("weekly_budget_pln", "1'241.25", "1241.25"),
    ],
)
def test_a_cell_that_can_mean_one_thing_only_is_read_so(tmp_path: Path, column: str, cell: str, value: str) -> None:
    (values,) = intake(tmp_path / "sent.csv", changed(column, cell)).accepted
    own = {"participant_code": "participant", "interview_date": "date"}
    assert values[own.get(column, column)] == value


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        *(
            ("weekly_budget_pln", cell, "not_a_number")
            for cell in ("241 zł", "PLN 241", "200-300", "ok. 200", "<200", "25%", "(20)", "20-", "2,41E+02")
        ),
        ("weekly_budget_pln", "#ARG!", "excel_error"),
        ("sec_home", "#DZIEL/0!", "excel_error"),
        ("threat", "☑", "not_a_number"),
        ("interview_date", "24.01.25", "two_digit_year"),
        ("interview_date", "31. 02. 2025 r.", "date_impossible"),
        ("interview_date", "czwartek, 24 stycznia 2025", "date_impossible"),
        ("participant_code", "KC–029–", "bad_code"),
    ],
)
def test_a_cell_that_could_mean_something_else_holds_its_row_back(
    tmp_path: Path, column: str, cell: str, reason: str
) -> None:
    found = intake(tmp_path / "sent.csv", changed(column, cell))
    assert [(each.row, each.column, each.reason) for each in found.rejected] == [(2, column, reason)]


MARKED = [("TRUE", "FALSE"), ("tak", "nie"), ("1", "0"), ("x", ""), ("WAHR", "FALSCH"), ("☑", "☐"), ("✓", "")]


@pytest.mark.parametrize(("yes", "no"), MARKED)
def test_choices_in_columns_of_their_own_are_joined_whatever_marks_them(tmp_path: Path, yes: str, no: str) -> None:
    head = HEAD.replace("unsafe_places", "unsafe_places/home;unsafe_places/street")
    row = FIRST.replace("office street", f"{yes};{no}")
    (values,) = intake(tmp_path / "sent.csv", lines(head, row)).accepted
    assert values["unsafe_places"] == "home"


# --- a workbook --------------------------------------------------------------------------------


def book(change: Callable[[Worksheet], object]) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.append(list(COLUMNS))
    sheet.append([float(cell) if re.fullmatch(r"[\d.]+", cell) else cell or None for cell in FIRST.split(";")])
    change(sheet)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def shown(sheet: Worksheet, place: str, value: object, form: str) -> None:
    sheet[place] = value
    sheet[place].number_format = form


@pytest.mark.parametrize(
    ("value", "form", "stored"),
    [
        (1241, '#,##0.00 "zł"', "1241"),
        (1241, '0 "%"', "1241"),
        (0.25, "0%", None),
        (0.25, "0.00%", None),
        (0.25, "0.00", "0.25"),
    ],
)
def test_a_number_is_what_its_cell_shows_so_that_a_percentage_is_no_amount(
    tmp_path: Path, value: float, form: str, stored: str | None
) -> None:
    found = intake(tmp_path / "sent.xlsx", book(lambda sheet: shown(sheet, "L2", value, form)))
    assert [values["weekly_budget_pln"] for values in found.accepted] == ([stored] if stored else [])
    assert [(each.column, each.reason) for each in found.rejected] == (
        [] if stored else [("weekly_budget_pln", "not_a_number")]
    )


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        *((form, "") for form in ("0.00 [$zł-415]", '0.00 "PLN"', "[$-415]#,##0.00", '"$"#,##0_);("$"#,##0)', '0 "P"')),
        *((form, "currency") for form in ("#,##0.00 [$€-407]", '0.00\\ "EUR"', "€ 0.00", "[$$-409]0.00", "$0.00")),
        *((form, "currency") for form in ("[$kr-414] 0", '0 "грн."', "£0", '0 "EUR/mies."', "_-* 0\\ EUR_-")),
        *((form, "") for form in ('0 "zł/mies."', "#,##0.00\\ zł", "0\\ \\z\\ł", "[Red]0", "0_$")),
    ],
)
def test_an_amount_shown_in_another_currency_than_its_question_names_is_held_back(
    tmp_path: Path, form: str, reason: str
) -> None:
    found = intake(tmp_path / "sent.xlsx", book(lambda sheet: shown(sheet, "L2", 1241, form)))
    assert [values["weekly_budget_pln"] for values in found.accepted] == ([] if reason else ["1241"])
    assert [(each.row, each.column, each.reason) for each in found.rejected] == (
        [(2, "weekly_budget_pln", reason)] if reason else []
    )


def test_amounts_of_a_question_that_names_no_currency_are_in_one_or_held_back() -> None:
    assert money.named(("weekly_budget_pln", "Koszt (€)")) == {"PLN", "EUR"}
    assert money.named(("fr_1", "pieniądze", "kr.", "How much did ${name} earn?")) == set()
    assert money.common(("money kr", "formula_value money NOK")) == {"NOK"}
    assert money.common(("money kr", "")) == money.common(("money zł", "money €")) == money.common(()) == set()


@pytest.mark.parametrize(("second", "stored"), [("0 [$€-1]", ["3", "4"]), ("0", ["4"]), ("0 [$zł-415]", [])])
def test_an_amount_in_a_question_that_names_no_currency_is_shown_as_all_others_are(
    tmp_path: Path, second: str, stored: list[str]
) -> None:
    def times(sheet: Worksheet) -> None:
        sheet.append([cell.value for cell in sheet[2]])
        sheet["B3"], sheet["C3"] = "t1", "2025-04-18"
        for at, number, form in ((2, 3, "0 [$€-407]"), (3, 4, second)):
            sheet[f"I{at}"] = 1
            shown(sheet, f"J{at}", number, form)

    found = intake(tmp_path / "sent.xlsx", book(times))
    assert [values["threat_times"] for values in found.accepted] == stored
    assert {(each.column, each.reason) for each in found.rejected} <= {("threat_times", "currency")}


def test_a_comment_on_a_cell_is_not_read_and_that_is_said(tmp_path: Path) -> None:
    def commented(sheet: Worksheet) -> None:
        sheet["A1"].comment = Comment("how to fill it in", "Ewa")
        sheet["D2"].comment = Comment("perhaps rather 3", "Ewa")

    found = intake(tmp_path / "sent.xlsx", book(commented))
    (values,) = found.accepted
    assert values["sec_home"] == "4"
    assert [note.rows for note in found.notes if note.id == "cell_comment"] == [(2,)]
    assert not any(note.id == "cell_comment" for note in intake(tmp_path / "b.xlsx", book(lambda _: None)).notes)
