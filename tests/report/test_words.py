"""Numbers, dates, amounts and lists as a reader of English or Polish writes them."""

from __future__ import annotations

import ast
import csv
import datetime as dt
from pathlib import Path

import pytest

from evaluation import resources
from evaluation.errors import BadArgument, BadDeclaration
from evaluation.report import words
from evaluation.texts import LANGUAGES

NB = "\u00a0"


@pytest.mark.parametrize(
    ("n", "form"),
    [
        (0, "osób"), (1, "osoba"), (2, "osoby"), (4, "osoby"), (5, "osób"), (11, "osób"), (12, "osób"),
        (14, "osób"), (21, "osób"), (22, "osoby"), (24, "osoby"), (25, "osób"), (41, "osób"), (101, "osób"),
        (102, "osoby"), (112, "osób"), (113, "osób"), (122, "osoby"),
    ],
)  # fmt: skip
def test_polish_counts_take_the_form_that_the_number_asks_for(n: int, form: str) -> None:
    assert words.counted(n, "people", "pl") == f"{n}{NB}{form}"


def test_english_has_one_form_for_one_and_one_for_the_rest() -> None:
    told = [words.counted(n, "people", "en").partition(NB)[2] for n in (1, 2, 21, 0)]
    assert told == ["person", "people", "people", "people"]


def test_thousands_decimals_and_minus_are_written_as_each_language_writes_them() -> None:
    assert words.number(-1234567.25, "en", decimals=2) == "−1,234,567.25"
    assert words.number(-1234567.25, "pl", decimals=2) == f"−1{NB}234{NB}567,25"


def test_a_rounded_zero_has_no_minus_and_no_plus() -> None:
    assert words.number(-0.04, "en", decimals=1) == "0.0"
    assert words.signed(0.04, "en") == "0.0"
    assert words.signed(-0.04, "pl") == "0,0"


def test_a_change_carries_its_sign() -> None:
    assert words.signed(2.0, "en") == "+2.0"
    assert words.signed(-0.3, "pl") == "−0,3"


def test_percents_are_whole_and_follow_the_number_without_a_gap() -> None:
    assert words.percent(41 / 30, "en") == "137%"
    assert words.percent(-0.0625, "pl") == "−6%"


def test_numpy_numbers_are_numbers() -> None:
    import numpy as np

    assert words.number(np.float64(2.5), "pl", decimals=1) == "2,5"
    assert words.plain(np.float64(0.25), "en") == "0.25"


def test_ranges_say_at_least_between_and_at_most() -> None:
    assert words.count((31, None), "en") == "at least 31"
    assert words.count((20, 29), "en") == "20–29"
    assert words.count((0, 9), "pl") == "najwyżej 9"
    assert words.counted((31, None), "people", "pl") == f"co najmniej 31{NB}osób"
    assert words.counted((31, 33), "people", "pl") == f"31–33{NB}osoby"


def test_a_hidden_count_has_one_mark_and_never_a_number() -> None:
    assert words.count(None, "en") == "–"
    assert words.counted(None, "people", "pl") == "–"
    assert words.out_of(None, 41, "en") == "–"


def test_a_range_up_to_everybody_is_told_as_at_least() -> None:
    assert words.out_of((31, 41), 41, "en") == "at least 31 of 41"
    assert words.out_of((31, 40), 41, "en") == "31–40 of 41"


def test_zero_is_a_number_and_not_the_mark() -> None:
    assert words.count(0, "en") == "0"
    assert words.out_of(0, 41, "pl") == f"0 z{NB}41"


def test_dates_and_periods_are_written_in_words() -> None:
    assert words.date(dt.date(2015, 5, 31), "en") == f"31{NB}May 2015"
    assert words.date(dt.date(2015, 5, 31), "pl") == f"31{NB}maja 2015{NB}r."
    start, end = dt.date(2014, 1, 7), dt.date(2015, 12, 18)
    assert words.period(start, end, "pl") == f"od 7{NB}stycznia 2014{NB}r. do 18{NB}grudnia 2015{NB}r."


def test_money_puts_the_currency_where_the_language_puts_it() -> None:
    assert words.money("78500.00", "EUR", "en") == f"EUR{NB}78,500"
    assert words.money("78500.50", "EUR", "pl") == f"78{NB}500,50{NB}EUR"


def test_intervals_are_written_out() -> None:
    assert words.interval(-0.2, 0.7, "en") == "−0.2 to 0.7"
    assert words.interval(0.4, 3.5, "pl") == "od 0,4 do 3,5"


def test_decimals_follow_what_was_released() -> None:
    assert words.decimals_in(2.0, 0.4, 3.5) == 1
    assert words.decimals_in(1.25, 0.1) == 2
    assert words.plain(30.0, "en") == "30"
    assert words.plain(4.5, "pl") == "4,5"


def test_one_letter_polish_words_do_not_hang_at_the_end_of_a_line() -> None:
    assert words.tidy("osoby z Polski i w drodze", "pl") == f"osoby z{NB}Polski i{NB}w{NB}drodze"
    assert words.tidy("a way in a house", "en") == "a way in a house"


def test_lists_end_with_a_conjunction_and_stay_readable_when_an_item_has_one() -> None:
    assert words.listing(["a1", "b1", "c1"], "en") == "a1, b1 and c1"
    assert words.listing(["a1", "b1 and c1"], "en") == "a1, and b1 and c1"
    assert words.listing(["a1", "b1 i c1"], "pl") == f"a1 oraz b1 i{NB}c1"
    assert words.listing(["a1, a2", "b1"], "en") == "a1, a2; b1"
    assert words.listing(["a1"], "en") == "a1"


@pytest.mark.parametrize("space", [" ", NB, "\u202f", "\u2009", "\t", "  "])
def test_an_and_within_a_label_is_seen_whatever_spaces_stand_around_it(space: str) -> None:
    assert words.listing(["a1", f"b1{space}and{space}c1"], "en") == f"a1, and b1{space}and{space}c1"
    assert words.listing(["a1", "b1", f"c1{space}i{NB}d1"], "pl") == f"a1, b1 oraz c1{space}i{NB}d1"
    assert words.listing([f"a1{space}i{space}b1", "c1"], "pl").endswith(" oraz c1")


def test_numbers_with_a_decimal_comma_are_listed_with_semicolons_and_a_last_and() -> None:
    assert words.listing(["4,7", "−2,7", "3,2"], "pl") == f"4,7; −2,7 i{NB}3,2"
    assert words.listing(["4,7"], "pl") == "4,7"
    assert words.listing(["4,7", "a1, a2"], "pl") == "4,7; a1, a2"


def test_labels_lose_their_capital_inside_a_sentence_except_names_and_abbreviations() -> None:
    assert words.inline({"en": "Sense of security"}, "en") == "sense of security"
    assert words.inline({"en": "Polish language"}, "en") == "Polish language"
    assert words.inline({"pl": "Język polski"}, "pl") == "język polski"
    assert words.inline({"en": "Polish language"}, "pl") == "Polish language [en]"
    assert words.inline({"pl": "ABC asertywności"}, "pl") == "ABC asertywności"


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadArgument, match="en, pl"):
        words.number(1, "de")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("codes", ["countries", "languages", "bilateral_dimensions"])
def test_every_code_that_a_document_may_name_has_a_name_in_every_language(codes: str, language: str) -> None:
    path = resources.folder("data_schema") / "codes" / f"{codes}.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert len(rows) > 3
    for row in rows:
        name = words.label(codes, row["code"], language)
        assert name.strip()
        assert name != row["code"]


def test_a_code_that_nothing_names_is_named_in_an_error_and_never_printed() -> None:
    with pytest.raises(BadDeclaration, match=r"codes/countries\.csv has no name of 'XX' in 'pl'"):
        words.country("XX", "pl")


def test_where_our_list_has_no_name_babel_has_one() -> None:
    assert words.label("languages", "tl", "en") == "Tagalog"
    assert words._name("countries", "GE", "cs") == "Gruzie"
    assert [words.country(code, "pl") for code in ("GE", "US", "NL")] == ["Gruzja", "Stany Zjednoczone", "Niderlandy"]


def test_percent_signs_and_languages_are_known_to_the_texts_alone() -> None:
    looked = 0
    for path in sorted(Path(words.__file__).parent.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        comments = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]  # docstrings
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in comments:
                looked += 1
                assert "%" not in node.value, path
                assert node.value not in LANGUAGES, path
    assert looked > 500


def test_the_mark_of_a_polish_year_begins_no_line() -> None:
    for said in ("stan na 28 lutego 2023 r.", "od 2014 r. do 2015 r.", "2 razem, 2023 r."):
        assert words.tidy(said, "pl") == said.replace(" r.", "\u00a0r.")
    assert words.tidy("2 r. of 2023", "en") == "2 r. of 2023"
