"""One cell: repaired and said, or held back with the reason; never guessed."""

from __future__ import annotations

import datetime as dt

import pytest

from evaluation.collect.check import values
from evaluation.collect.check.columns import Column
from evaluation.collect.check.dates import all_ambiguous, order_of, read_day
from evaluation.collect.files import cells
from evaluation.collect.files.cells import Cell
from evaluation.collect.personal_data import looks_personal

DECIMAL = Column("budget", "decimal", low=0, answer=True)
COUNT = Column("times", "integer", low=1, missing={"98": "refused"}, answer=True)
SCORE = Column("bdi", "integer", low=0, high=63, missing={"99": "unknown"}, answer=True)
SCALE = Column("sec", "code", codes=("1", "2", "3", "4"), missing={"98": "refused"}, labels={"raczej tak"}, answer=True)
PLACES = Column(
    "places",
    "codes",
    codes=("home", "street", "none"),
    missing={"98": "refused"},
    exclusive=("none",),
    labels={"na ulicy"},
)


@pytest.mark.parametrize(
    ("text", "plain", "notes"),
    [
        ("KC-030  ", "KC-030", ("space",)),
        ("\u00a0t0", "t0", ("nbsp",)),
        ("\u200bt0", "t0", ("space",)),
        ("３", "3", ("digits",)),
        ("٣", "3", ("digits",)),
        ("−5", "-5", ("digits",)),
        ("²", "²", ()),
        ("KC-030", "KC-030", ()),
    ],
)
def test_what_cannot_be_seen_is_taken_away_and_said(text: str, plain: str, notes: tuple[str, ...]) -> None:
    assert cells.clean(text) == (plain, notes)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("120.50", Cell("120.5")),
        ("120,50", Cell("120.5", ("decimal_comma",))),
        ("1 234,50", Cell("1234.5", ("thousands",))),
        ("1.234,50", Cell("1234.5", ("thousands",))),
        ("1,234.50", Cell("1234.5", ("thousands",))),
        ("1,234,567", Cell("1234567", ("thousands",))),
        ("1,234", Cell(fault="ambiguous_number")),
        ("0,125", Cell("0.125", ("decimal_comma",))),
        ("100", Cell("100")),
        ("0", Cell("0")),
        ("-0.5", Cell(fault="out_of_range")),
        ("1e5", Cell(fault="not_a_number")),
        ("NaN", Cell(fault="not_a_number")),
        ("12 zł", Cell(fault="not_a_number")),
        ("1,2,3", Cell(fault="not_a_number")),
        ("1,234,5", Cell(fault="not_a_number")),
        ("9" * 30, Cell(fault="not_a_number")),
    ],
)
def test_a_number_is_read_or_held_back(text: str, cell: Cell) -> None:
    assert values.number_of(text, DECIMAL, comma=False) == cell


def test_a_point_is_ambiguous_where_the_column_writes_decimals_with_a_comma() -> None:
    assert values.uses_comma(["12,50", "1.234"])
    assert not values.uses_comma(["12.50", "1,234"])
    assert values.number_of("1.234", DECIMAL, comma=True).fault == "ambiguous_number"
    assert values.number_of("1.234", DECIMAL, comma=False).value == "1.234"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("3", Cell("3")),
        ("3.0", Cell("3", ("float_integer",))),
        ("3,0", Cell("3", ("float_integer",))),
        ("03", Cell("3", ("float_integer",))),
        ("3.5", Cell(fault="not_whole")),
        ("0", Cell(fault="out_of_range")),
        ("98", Cell("98")),
        ("99", Cell(fault="undeclared_sentinel")),
        ("999", Cell(fault="undeclared_sentinel")),
        ("88", Cell("88")),
        ("-9", Cell(fault="undeclared_sentinel")),
    ],
)
def test_a_count_without_a_highest_number_takes_no_undeclared_code(text: str, cell: Cell) -> None:
    assert values.number_of(text, COUNT, comma=False) == cell


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("0", Cell("0")),
        ("63", Cell("63")),
        ("64", Cell(fault="out_of_scale")),
        ("99", Cell("99")),
        ("98", Cell(fault="undeclared_sentinel")),
        ("-1", Cell(fault="undeclared_sentinel")),
    ],
)
def test_a_score_is_held_to_both_ends(text: str, cell: Cell) -> None:
    assert values.number_of(text, SCORE, comma=False) == cell


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("4", Cell("4")),
        ("98", Cell("98")),
        ("98.0", Cell("98", ("float_integer",))),
        ("-4", Cell(fault="undeclared_sentinel")),
        ("5", Cell(fault="out_of_scale")),
        ("0", Cell(fault="out_of_scale")),
        ("3.5", Cell(fault="out_of_scale")),
        ("99", Cell(fault="undeclared_sentinel")),
        ("NaN", Cell(fault="not_a_number")),
        ("Raczej tak", Cell(fault="label_instead_of_code")),
    ],
)
def test_a_choice_is_one_of_the_declared_codes(text: str, cell: Cell) -> None:
    assert values.choice_of(text, SCALE) == cell


@pytest.mark.parametrize("text", ["maybe", "7", "97"])
def test_a_list_of_words_has_no_scale_to_be_outside_of(text: str) -> None:
    words = Column("has", "code", codes=("yes", "no"), missing={"98": "refused"}, answer=True)
    assert values.choice_of(text, words) == Cell(fault="unknown_choice")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("street home", Cell("home street")),
        ("street;home", Cell("home street")),
        ("street, home", Cell("home street")),
        ("Street", Cell("street", ("case",))),
        ("none", Cell("none")),
        ("none home", Cell(fault="exclusive_choice")),
        ("98 home", Cell(fault="exclusive_choice")),
        ("home home", Cell(fault="repeated_choice")),
        ("home park", Cell(fault="unknown_choice")),
        ("hоme", Cell(fault="homoglyph")),
        ("Na Ulicy", Cell(fault="label_instead_of_code")),
    ],
)
def test_several_choices_are_put_in_the_order_of_the_form(text: str, cell: Cell) -> None:
    assert values.choices_of(text, PLACES) == cell


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("P-017", Cell("P-017")),
        ("p-017", Cell("P-017", ("case",))),
        ("Р-017", Cell(fault="homoglyph")),  # Cyrillic er
        ("р-017", Cell(fault="homoglyph")),
        ("P-O17", Cell(fault="homoglyph")),  # letter O
        ("P-0l7", Cell(fault="homoglyph")),  # letter l
        ("P-077", Cell(fault="unknown_participant")),
    ],
)
def test_a_code_that_only_looks_right_is_not_repaired(text: str, cell: Cell) -> None:
    assert values.reference_of(text, {"P-017", "P-018"}, "unknown_participant") == cell


@pytest.mark.parametrize(("text", "value"), [("TAK", "true"), ("nie", "false"), ("1", "true"), ("true", "true")])
def test_yes_and_no_are_understood(text: str, value: str) -> None:
    assert values.boolean_of(text).value == value


@pytest.mark.parametrize(
    ("text", "order", "day", "fault", "note"),
    [
        ("2025-01-24", "", (2025, 1, 24), "", ""),
        ("24.01.2025", "", (2025, 1, 24), "", "date_dmy"),
        ("5.2.2025", "", (2025, 2, 5), "", "date_dmy"),
        ("2025.01.24", "", (2025, 1, 24), "", "date_form"),
        ("20250124", "", (2025, 1, 24), "", "date_form"),
        ("2025-01-24T10:00:00.000+01:00", "", (2025, 1, 24), "", "date_form"),
        ("05/02/2025", "", None, "date_ambiguous", ""),
        ("05/02/2025", "day first", (2025, 2, 5), "", "date_dmy"),
        ("05/02/2025", "month first", (2025, 5, 2), "", "date_mdy"),
        ("24/01/2025", "", (2025, 1, 24), "", "date_dmy"),
        ("01/24/2025", "", (2025, 1, 24), "", "date_mdy"),
        ("24/12/2025", "", (2025, 12, 24), "", "date_dmy"),
        ("12/24/2025", "", (2025, 12, 24), "", "date_mdy"),
        ("05/12/2025", "", None, "date_ambiguous", ""),
        ("12/05/2025", "", None, "date_ambiguous", ""),
        ("05-05-2025", "", (2025, 5, 5), "", "date_dmy"),
        ("13/13/2025", "", None, "date_impossible", ""),
        ("30.02.2025", "", None, "date_impossible", ""),
        ("2025-02-29", "", None, "date_impossible", ""),
        ("00/05/2025", "day first", None, "date_impossible", ""),
        ("24.01.25", "", None, "two_digit_year", ""),
        ("45681", "", (2025, 1, 24), "", "excel_serial"),
        ("45681.4", "", (2025, 1, 24), "", "excel_serial"),
        ("yesterday", "", None, "bad_date", ""),
        ("2025", "", None, "bad_date", ""),
    ],
)
def test_a_date_is_certain_or_held_back(
    text: str, order: str, day: tuple[int, int, int] | None, fault: str, note: str
) -> None:
    read = read_day(text, order)  # type: ignore[arg-type]
    assert (read.value, read.fault, read.note) == (dt.date(*day) if day else None, fault, note)


def test_a_day_number_counts_from_the_year_of_its_workbook() -> None:
    assert read_day("44219", "", 1904).value == dt.date(2025, 1, 24)


def test_a_day_above_twelve_tells_the_order_of_the_whole_column() -> None:
    assert order_of(["05/02/2025", "24/01/2025"]) == "day first"
    assert order_of(["05/02/2025", "01/24/2025"]) == "month first"
    assert order_of(["24/01/2025", "01/24/2025"]) == ""
    assert order_of(["05/02/2025", "24.01.2025"]) == ""


def test_only_a_column_without_any_certain_date_is_ambiguous_as_a_whole() -> None:
    assert all_ambiguous(["05/02/2025", "06-02-2025", "05/05/2025"])
    assert not all_ambiguous(["05/02/2025", "2025-01-24"])
    assert not all_ambiguous(["05/05/2025"])
    assert not all_ambiguous([])


@pytest.mark.parametrize(
    "text",
    [
        "tel. 600 123 456",
        "call +48600123456 after five",
        "600-123-456",
        "anna@example.org",
        "anna (at) example.org",
        "PESEL 44051401458",
        "dowód ABC123456",
        "passport FA 1234567",
        "konto 12 1020 1026 0000 0422 7020 1111",
        "rozmowa z panią Nowak",
        "Mrs Nowak called",
        "t.me/anna_n",
        "mieszka: ul. Długa 7",
    ],
)
def test_what_could_identify_somebody_is_noticed_in_free_text(text: str) -> None:
    assert looks_personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "źle śpi, ma wsparcie",
        "spotkanie 24.01.2025 i 18.04.2025",
        "od 2025-01-24 do 2025-04-18",
        "3 z 10 zajęć, 120,50 zł",
        '=HYPERLINK("http://example.test/?"&A2,"kliknij")',
        "pani psycholog pomogła",
    ],
)
def test_ordinary_remarks_are_left_alone(text: str) -> None:
    assert not looks_personal(text)
