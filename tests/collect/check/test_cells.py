"""One cell: repaired and said, or held back with the reason; never guessed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time

import pytest

from evaluation.collect.check.cells import values
from evaluation.collect.check.cells.answers import age_band, initials, several, spoken
from evaluation.collect.check.cells.dates import all_ambiguous, day_numbers, half_swapped, order_of, read_day
from evaluation.collect.check.cells.months import year_of
from evaluation.collect.check.columns import Column
from evaluation.collect.files import cells
from evaluation.collect.files.cells import Cell
from evaluation.collect.files.sheet import Row, Sheet
from evaluation.collect.personal_data import looks_personal

DAYS = day_numbers(dt.date(2025, 1, 1), dt.date(2026, 1, 1))
DECIMAL = Column("budget", "decimal", low=0, answer=True, day_numbers=DAYS)
ANCHORS = [("3", {"pl": "Raczej tak", "en": "Rather"}), ("4", {"pl": "Tak, zawsze", "en": "Rather"})]
ANCHORS += [("98", {"pl": "Odmawia"})]
COUNT = Column("times", "integer", low=1, missing={"98": "refused"}, answer=True)
SCORE = Column("bdi", "integer", low=0, high=63, missing={"99": "unknown"}, answer=True)
SCALE = Column(
    "sec", "code", codes=("1", "2", "3", "4"), missing={"98": "refused"}, labels=spoken(ANCHORS), answer=True
)
PLACES = Column(
    "places",
    "codes",
    codes=("home", "street", "none"),
    missing={"98": "refused"},
    exclusive=("none",),
    labels=spoken([("home", {"pl": "W domu"}), ("street", {"pl": "Na ulicy, na rynku"}), ("none", {"pl": "Nigdzie"})]),
)
YES_NO = Column("threat", "code", codes=("0", "1"), labels=spoken([("0", {"pl": "Nie"}), ("1", {"pl": "Tak"})]))
SEX = [("F", {"en": "Female", "pl": "Kobieta"}), ("M", {"en": "Male", "pl": "Mężczyzna"}), ("X", {"en": "Another"})]


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
        ("600123456", Cell(fault="looks_like_telephone")),
        ("600 123 456", Cell(fault="looks_like_telephone")),
        ("12345678", Cell("12345678")),
        ("45718", Cell(fault="looks_like_day_number")),
        ("45718.5", Cell("45718.5")),
        (str(DAYS.start - 1), Cell(str(DAYS.start - 1))),
        (str(DAYS.stop), Cell(str(DAYS.stop))),
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
    ("column", "grouped"),
    [
        (["1.241", "2.500"], True),
        (["1.241", "2.500", "12"], True),
        (["1.241", "2.5"], False),
        (["1.241", "0.125"], False),
        (["1.241", "2.5000"], False),
        (["1.241", "2,5"], False),
        (["1", "2"], False),
        (["1.241"], False),
    ],
)
def test_points_may_be_of_thousands_where_three_digits_follow_each(column: list[str], grouped: bool) -> None:
    assert values.may_group(column) == grouped


def test_a_point_that_may_be_of_thousands_is_asked_about_where_both_readings_are_allowed() -> None:
    assert values.number_of("1.241", DECIMAL, comma=False, grouped=True).fault == "point_of_thousands"
    assert values.number_of("1.2410", DECIMAL, comma=False, grouped=True).value == "1.241"
    low = dataclasses.replace(DECIMAL, low=0, high=24)
    assert values.number_of("1.241", low, comma=False, grouped=True).value == "1.241"


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
        ("raczej  TAK.", Cell("3", ("label_read",))),
        ("3 – Raczej tak", Cell("3", ("label_read",))),
        ("3 Raczej tak", Cell("3", ("label_read",))),
        ("Raczej tak (3)", Cell("3", ("label_read",))),
        ("4 – Raczej tak", Cell(fault="not_a_number")),
        ("Rather", Cell(fault="label_ambiguous")),
        ("odmowa odpowiedzi", Cell("98", ("state_read",))),
        ("nie dotyczy", Cell(fault="no_code_for_state")),
        ("4;", Cell("4", ("mark_at_end",))),
        ("3;4", Cell(fault="several_answers")),
        ("Tak, zawsze", Cell("4", ("label_read",))),
    ],
)
def test_a_choice_is_one_of_the_declared_codes(text: str, cell: Cell) -> None:
    assert values.choice_of(text, SCALE) == cell


def test_a_word_among_numbers_is_asked_about_but_a_column_of_words_is_read() -> None:
    assert values.choice_of("Raczej tak", SCALE, in_words=False) == Cell(fault="label_instead_of_code")
    assert values.choice_of("odmowa", SCALE, in_words=False).value == "98"
    assert not values.writes_words([("3", 2), ("4", 1), ("98", 1), ("Raczej tak", 1)], SCALE)
    assert values.writes_words([("3", 2), ("4", 1), ("Raczej tak", 1)], SCALE)


@pytest.mark.parametrize(("text", "code"), [("K", "F"), ("f", "F"), ("M", "M"), ("mężczyzna", "M"), ("x", "X")])
def test_an_initial_stands_for_the_only_word_that_begins_with_it(text: str, code: str) -> None:
    column = Column("sex", "code", codes=("F", "M", "X"), labels=spoken(SEX), letters=initials(SEX))
    assert values.choice_of(text, column).value == code
    assert values.choice_of("a", column).value == "X"
    assert values.choice_of("b", column).fault == "unknown_choice"


def test_initials_that_two_words_share_stand_for_nothing() -> None:
    assert initials([("a", {"pl": "Raz"}), ("b", {"pl": "Rzadko"})]) == {}
    assert initials([("a", {"pl": "Nie", "en": "Yes"}), ("b", {"pl": "Tak", "en": "No"})]) == {"t": "b", "y": "a"}


@pytest.mark.parametrize(("text", "code"), [("yes", "1"), ("T", "1"), ("prawda", "1"), ("NO", "0"), ("fałsz", "0")])
def test_yes_and_no_in_other_words_are_the_choices_that_say_so(text: str, code: str) -> None:
    assert values.choice_of(text, YES_NO) == Cell(code, ("label_read",))


@pytest.mark.parametrize(("text", "cell"), [(".00", Cell("0", ("float_integer",))), (".", None), (".10", None)])
def test_nought_without_its_nought_is_read_and_a_point_alone_is_not(text: str, cell: Cell | None) -> None:
    read = values.choice_of(text, YES_NO)
    assert read == cell if cell else read.fault in ("not_a_number", "out_of_scale")


@pytest.mark.parametrize(
    ("text", "band"),
    [("17", "0-17"), ("18", "18-24"), ("24", "18-24"), ("24.0", "18-24"), ("65", "65+"), ("120", "65+")],
)
def test_an_age_in_years_lies_in_one_band(text: str, band: str) -> None:
    bands = ("0-17", "18-24", "65+", "unknown")
    assert age_band(text, bands) == band
    assert values.choice_of(text, Column("age_band", "code", codes=bands)) == Cell(band, ("age_read",))


@pytest.mark.parametrize("text", ["25", "121", "1999", "18.5", "-1", ""])
def test_what_is_no_age_of_a_band_lies_in_none(text: str) -> None:
    assert age_band(text, ("0-17", "18-24", "65+")) == ""


def test_a_list_that_can_be_divided_in_two_ways_is_asked_about() -> None:
    labels = spoken([("a", {"en": "one"}), ("b", {"en": "one two"}), ("c", {"en": "two"})])
    assert sorted(several("one two", (), labels)) == [("a", "c"), ("b",)]
    assert values.choices_of("one two", Column("x", "codes", codes=("a", "b", "c"), labels=labels)).fault == (
        "label_ambiguous"
    )


def test_a_cell_of_endless_labels_is_given_up_in_time() -> None:
    labels = spoken([("a", {"en": "one"}), ("b", {"en": "one one"})])
    assert several("one " * 5_000 + "x", (), labels) == []
    assert len(several("one " * 100, (), labels)) == 2


@pytest.mark.parametrize("text", ["maybe", "7", "97"])
def test_a_list_of_words_has_no_scale_to_be_outside_of(text: str) -> None:
    words = Column("has", "code", codes=("yes", "no"), missing={"98": "refused"}, answer=True)
    assert values.choice_of(text, words) == Cell(fault="unknown_choice")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("street home", Cell("home street")),
        ("street;home", Cell("home street", ("answer_list",))),
        ("street, home", Cell("home street", ("answer_list",))),
        ("home;", Cell("home", ("answer_list",))),
        ("W domu Na ulicy, na rynku", Cell("home street", ("answer_list", "label_read"))),
        ("w domu; nigdzie", Cell(fault="exclusive_choice")),
        ("odmowa", Cell("98", ("state_read",))),
        ("Street", Cell("street", ("case",))),
        ("none", Cell("none")),
        ("none home", Cell(fault="exclusive_choice")),
        ("98 home", Cell(fault="exclusive_choice")),
        ("home home", Cell(fault="repeated_choice")),
        ("home park", Cell(fault="unknown_choice")),
        ("hоme", Cell(fault="homoglyph")),
        ("na rynku", Cell(fault="unknown_choice")),
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


@pytest.mark.parametrize(
    ("text", "value"),
    [("bd", None), ("na", None), ("Na", None), ("NA", "NA"), ("BD", "BD"), ("no", "NO")],
)
def test_what_means_that_nothing_is_known_is_no_country_unless_it_is_written_as_its_code(
    text: str, value: str | None
) -> None:
    read = values.choice_of(text, Column("country", "code", codes=("BD", "NA", "NO")))
    assert (read.value, read.fault) == (value, "" if value else "unknown_choice")
    assert values.choice_of("na", Column("asked", "code", codes=("1",), missing={"NA": "not_applicable"})).value == "NA"


@pytest.mark.parametrize(
    ("text", "value"), [("TAK", "true"), ("nie", "false"), ("1", "true"), ("0.0", "false"), ("WAHR", "true")]
)
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
        ("2025/02/03 2:05:07 PM GMT+1", "", (2025, 2, 3), "", "date_form"),
        ("13/02/2025, 14:05", "", (2025, 2, 13), "", "date_dmy"),
        ("2025-02-03 14:05:07 UTC", "", (2025, 2, 3), "", "date_form"),
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
        ("2/3/25 14:05:07", "", None, "two_digit_year", ""),
        ("3 lutego 2025", "", (2025, 2, 3), "", "date_form"),
        ("3 lutego 2025 r.", "", (2025, 2, 3), "", "date_form"),
        ("3.II.2025", "", (2025, 2, 3), "", "date_form"),
        ("3-lut-2025", "", (2025, 2, 3), "", "date_form"),
        ("03-Feb-2025", "", (2025, 2, 3), "", "date_form"),
        ("03 LUT 2025", "", (2025, 2, 3), "", "date_form"),
        ("3 II 2025", "", (2025, 2, 3), "", "date_form"),
        ("Feb 3, 2025", "", (2025, 2, 3), "", "date_form"),
        ("February 3, 2025 10:00:00 AM", "", (2025, 2, 3), "", "date_form"),
        ("31 lutego 2025", "", None, "date_impossible", ""),
        ("3 lutago 2025", "", None, "bad_date", ""),
        ("45681", "", (2025, 1, 24), "", "excel_serial"),
        ("45681.4", "", (2025, 1, 24), "", "excel_serial"),
        ("mar 3, 2025", "", (2025, 3, 3), "", "date_form"),
        ("mar. 04.02.2025", "", (2025, 2, 4), "", "date_form"),
        ("do 6.2.2025", "", None, "bad_date", ""),
        ("vie. 45681", "", None, "date_impossible", ""),
        ("yesterday", "", None, "bad_date", ""),
        ("2025", "", None, "bad_date", ""),
    ],
)
def test_a_date_is_certain_or_held_back(
    text: str, order: str, day: tuple[int, int, int] | None, fault: str, note: str
) -> None:
    read = read_day(text, order)  # type: ignore[arg-type]
    assert (read.value, read.fault, read.note) == (dt.date(*day) if day else None, fault, note)


@pytest.mark.parametrize(
    ("text", "order", "day", "fault"),
    [
        ("24.01.25", "day first", (2025, 1, 24), ""),
        ("3.2.25 r.", "day first", (2025, 2, 3), ""),
        ("02/03/25", "day first", (2025, 3, 2), ""),
        ("02/03/25", "month first", (2025, 2, 3), ""),
        ("02.03.25", "month first", (2025, 3, 2), ""),
        ("31-12-99", "day first", (2099, 12, 31), ""),
        ("30.02.25", "day first", None, "date_impossible"),
        ("02/03/25", "", None, "date_ambiguous"),
        ("02.03.125", "day first", None, "bad_date"),
    ],
)
def test_a_year_of_two_digits_is_of_this_century_where_a_person_has_said_the_order(
    text: str, order: str, day: tuple[int, int, int] | None, fault: str
) -> None:
    read = read_day(text, order, short=True)  # type: ignore[arg-type]
    told = (dt.date(*day), "", "short_year") if day else (None, fault, "")
    assert (read.value, read.fault, read.note) == told


def test_however_many_days_of_the_week_stand_before_a_date_it_is_held_back_at_once() -> None:
    begun = time.process_time()
    assert {read_day(text, "").fault for text in ("pn " * 10_000 + "3.2.2025", "pn " + "1a" * 16_000)} == {"bad_date"}
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("title", "name", "named", "year"),
    [
        ("Zestawienie 2026, stan na 15.02.2027", "f.csv", "styczeń luty", "2026"),
        ("Zestawienie 2026", "tallies 2025.csv", "styczeń luty", ""),
        ("Stan na 15 lutego 2026 r.", "f.csv", "styczeń luty", ""),
        ("", "sent 2026-01-15.csv", "styczeń luty", ""),
        ("Rok szkolny 2025/26", "f.csv", "wrzesień grudzień", ""),
        ("2025/12", "f.csv", "wrzesień grudzień", "2025"),
        ("2026", "f.csv", "październik listopad styczeń luty", ""),
        ("2026", "f.csv", "luty styczeń grudzień", ""),
        ("2026", "f.csv", "Dec. Jan.", ""),
        ("2026", "f.csv", "czerwiec maj kwiecień", "2026"),
        ("2026", "f.csv", "luty styczeń", "2026"),
        ("2026", "f.csv", "styczeń lipiec", "2026"),
        ("2026", "f.csv", "kwiecień maj grudzień czerwiec", "2026"),
        ("2026", "f.csv", "kwiecień maj styczeń luty marzec", "2026"),
        ("2026", "f.csv", "I II III IV", ""),
        ("2026", "f.csv", "I II III IV V", "2026"),
    ],
)
def test_months_are_of_the_year_that_the_file_tells_where_it_tells_one_and_they_are_of_one(
    title: str, name: str, named: str, year: str
) -> None:
    rows = tuple(Row(at, (text, "7")) for at, text in enumerate(named.split()))
    down = Sheet(name, ("month", "calls"), rows, title=title)
    across = Sheet(name, ("kind", *named.split()), (Row(1, ("calls", *"1" * len(rows))),), title=title)
    assert (year_of(down), year_of(across)) == (year, year)


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
    ("texts", "swapped"),
    [
        (["2025-05-02", "13/02/2025", "2025-04-03"], True),
        (["2025-05-02", "25/01/2025"], True),
        (["45681", "25/01/2025"], False),  # 24 January
        (["45779", "25/01/2025"], True),  # 2 May
        (["2025-05-02", "25/01/25"], True),
        (["2025-05-02", "01/25/2025"], True),  # American dates in a Polish Excel
        (["2025-05-02", "25.01.2025"], False),
        (["2025-05-02", "2025-05-03", "25.01.2025", "26.01.2025"], True),
        (["2025-05-02", "2025-05-03", "25.01.2025", "06.01.2025"], False),
        (["2025-05-12", "25/01/2025"], True),
        (["2025-05-13", "25/01/2025"], False),
        (["2025-05-12", "05/01/2025"], False),
        (["25/01/2025", "03/02/2025"], False),
    ],
)
def test_real_dates_below_day_13_beside_texts_that_a_foreign_excel_left_are_not_trusted(
    texts: list[str], swapped: bool
) -> None:
    assert half_swapped(texts) is swapped


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


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("'2025-02-01", "2025-02-01"),
        ('="0123"', "0123"),
        ('=""', ""),
        ("'", "'"),
        ('="1"&"2"', '="1"&"2"'),
        ("=SUM(A1)", "=SUM(A1)"),
        ("rock'n'roll", "rock'n'roll"),
    ],
)
def test_a_sign_that_keeps_a_cell_as_text_is_no_part_of_it_and_nothing_is_computed(text: str, meant: str) -> None:
    assert cells.unmarked(text) == meant


@pytest.mark.parametrize("text", ["25–34", "25 - 34", "25—34", "30 lat", "30 years"])
def test_a_band_is_read_with_any_dash_and_an_age_with_its_unit(text: str) -> None:
    assert values.choice_of(text, Column("age_band", "code", codes=("18-24", "25-34"))).value == "25-34"
