"""What Kobo and ODK write in other ways than the kit means the same, or is refused for the reason that is true."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from evaluation import xlsform
from evaluation.schema import Instrument
from evaluation.xlsform.languages import language_of
from tests.xlsform.questionnaires import faults

FORM = """| survey |
| | type | name | {label} | required | relevant | constraint | sensitivity |
| | {start} | starts | | | | | |
| | text | participant | Who | yes | | | quasi |
| | select_one yes_no | threat | Threat | yes | | | |
| | integer | times | Times | yes | ${{threat}} = '1' | . >= 1 | |
| | {places} | places | Where | | | | |
| choices |
| | list_name | name | {label} |
| | yes_no | 0 | No |
| | yes_no | 1 | Yes |
| | spots | home | Home |
| settings |
| | form_id | version | form_title | {setting} |
| | form | 1 | Form | {value} |
"""
USUAL = {"label": "label::English (en)", "start": "start", "places": "select_multiple spots"}
USUAL |= {"setting": "default_language", "value": "English (en)"}


def read(folder: Path, *renamed: tuple[str, str], **changes: str) -> Instrument:
    text = FORM.format(**USUAL | changes)
    for before, after in renamed:
        text = text.replace(before, after, 1)
    path = folder / "form.md"
    path.write_text(text, encoding="utf-8")
    assert faults(path) == []
    return xlsform.read(path)


@pytest.mark.parametrize(
    ("short", "other"),
    [
        ("required", "bind::required"),
        ("relevant", "bind::relevant"),
        ("relevant", "relevance"),
        ("constraint", "bind::constraint"),
        ("constraint", "bind:constraint"),
    ],
)
def test_a_rule_counts_in_whichever_column_it_stands(tmp_path: Path, short: str, other: str) -> None:
    plain = read(tmp_path)
    assert (plain.item("times").relevant, plain.item("times").low, plain.item("times").required) == (
        "${threat} = '1'",
        1,
        True,
    )
    assert read(tmp_path, (f"| {short} |", f"| {other} |")) == plain


def test_a_rule_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "form.md"
    path.write_text(FORM.format(**USUAL).replace("| relevant |", "| relevant | bind::relevant |"), encoding="utf-8")
    assert "the column 'relevant' is there twice" in faults(path)[0]


@pytest.mark.parametrize(
    "label", ["label::English", "label::en", "label::angielski", "label", "label::English (en-GB)"]
)
def test_a_language_is_known_by_its_name_or_code(tmp_path: Path, label: str) -> None:
    assert read(tmp_path, label=label).item("threat").labels == {"en": "Threat"}


def test_a_label_without_a_language_is_in_the_default_language_of_the_form(tmp_path: Path) -> None:
    form = read(tmp_path, label="label", value="Polski (pl)")
    assert (form.item("threat").labels, form.item("threat").choices[0].labels) == ({"pl": "Threat"}, {"pl": "No"})


@pytest.mark.parametrize(
    ("titles", "cells", "labels"),
    [
        ("form_title | title_en", "Forma | Form", {"pl": "Forma", "en": "Form"}),
        ("form_title | title_pl", "Form | Forma", {"pl": "Forma", "en": "Form"}),
        ("form_title", "Forma", {"pl": "Forma"}),
        ("title", "Forma", {"pl": "Forma"}),
        ("title_en", "Form", {"en": "Form"}),
        ("style", "pages", {"pl": "form", "en": "form"}),
    ],
)
def test_the_title_is_in_the_default_language_unless_that_has_one_of_its_own(
    tmp_path: Path, titles: str, cells: str, labels: dict[str, str]
) -> None:
    path = tmp_path / "form.md"
    text = FORM.format(**USUAL | {"label": "label | label::en", "value": "Polski (pl)"})
    text = text.replace(" | Threat |", " | Groźba | Threat |").replace("| Form |", f"| {cells} |")
    for name in ("Who", "Times", "Where", "No", "Yes", "Home"):
        text = text.replace(f" | {name} |", f" | {name} | {name} |")
    path.write_text(text.replace("| form_title |", f"| {titles} |"), encoding="utf-8")
    assert faults(path) == []
    assert xlsform.read(path).labels == labels


@pytest.mark.parametrize(
    ("settings", "assumed"),
    [
        ("", ["form_id", "version", "form_title"]),
        ("| settings |\n| | style |\n| | pages |", ["form_id", "version", "form_title"]),
        ("| settings |\n| | id_string | version |\n| | visit | 3 |", ["form_title"]),
        ("| settings |\n| | title | form_id |\n| | Visit | visit |", ["version"]),
    ],
)
def test_settings_that_a_form_lacks_are_taken_from_its_file_and_its_questions(
    tmp_path: Path, settings: str, assumed: list[str]
) -> None:
    path = tmp_path / "visit.md"
    text = FORM.format(**USUAL).partition("| settings |")[0] + settings
    path.write_text(text, encoding="utf-8")
    form = xlsform.read(path)
    assert (form.id, [*form.assumed]) == ("visit", assumed)
    assert form.labels == {"en": "visit" if "form_title" in assumed else "Visit"}
    if "version" not in assumed:
        assert form.version == "3"
        return
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()]
    for line in lines:
        if line[0]:
            sheet = book.create_sheet(line[0])
        else:
            sheet.append(line[1:])
    book.save(tmp_path / "visit.xlsx")
    assert xlsform.read(tmp_path / "visit.xlsx").version == form.version
    path.write_text(text.replace("| Home |", "| House |"), encoding="utf-8")
    assert xlsform.read(path).version != form.version
    path.write_text(text.replace("| survey |", "# kept by the office\n\n| survey |"), encoding="utf-8")
    assert xlsform.read(path).version == form.version


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Polish (pl)", "pl"),
        ("polski", "pl"),
        ("Polish", "pl"),
        ("українська", "uk"),
        ("ukraiński", "uk"),
        ("Tiếng Việt", "vi"),
        ("français", "fr"),
        ("ru", "ru"),
        ("Русский (ru)", "ru"),
        ("Klingonish", ""),
        ("xq", ""),
    ],
)
def test_languages_are_known_in_english_polish_and_their_own_words(text: str, code: str) -> None:
    assert language_of(text) == code


@pytest.mark.parametrize("kind", ["start", "end", "today", "deviceid", "calculate", "hidden", "audit"])
def test_what_nobody_answers_is_no_question_and_its_column_is_known(tmp_path: Path, kind: str) -> None:
    form = read(tmp_path, start=kind)
    assert [item.id for item in form.items] == ["threat", "times", "places"]
    assert (form.beside, form.header) == (("starts",), {"participant": {"en": "Who"}})


def test_the_waves_that_a_form_offers_keep_its_own_labels(tmp_path: Path) -> None:
    asked = ("| | text | participant |", "| | select_one yes_no | wave | When | yes | | | |\n| | text | participant |")
    assert [(wave.name, wave.labels) for wave in read(tmp_path, asked).waves] == [
        ("0", {"en": "No"}),
        ("1", {"en": "Yes"}),
    ]


@pytest.mark.parametrize(
    "kind", ["select_multiple spots or_other", "select_one spots or_other", "select one spots or specify other"]
)
def test_or_other_is_a_further_choice_and_a_text_for_it(tmp_path: Path, kind: str) -> None:
    form = read(tmp_path, places=kind)
    assert [choice.name for choice in form.item("places").choices] == ["home", "other"]
    assert form.item("places").choices[1].labels == {"en": "Other"}
    text = form.item("places_other")
    assert (text.kind, text.relevant, text.sensitivity) == ("text", "selected(${places}, 'other')", "sensitive")
    assert form.items.index(text) == form.items.index(form.item("places")) + 1


def test_choices_that_another_tool_takes_from_a_file_of_its_own_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"search\(\) takes the choices from a file"):
        read(tmp_path, ("constraint", "appearance"), (". >= 1", "minimal search ('people')"))


@pytest.mark.parametrize("kind", ["select multiple spots", "select_multiple spots", "select all that apply from spots"])
def test_types_may_be_written_with_spaces(tmp_path: Path, kind: str) -> None:
    assert read(tmp_path, places=kind).item("places").kind == "select_multiple"


@pytest.mark.parametrize(
    ("constraint", "ends"),
    [
        (". >= 1 and . <= 10", (1, 10)),
        ("10 >= . and . >= 1 or . = 99", (1, 10)),
        (". > -1 and . < 11", (0, 10)),
        (". > 0.5 and . < 10.5", (1, 10)),
        (". >= 0.5 and . <= 10.5", (1, 10)),
        ("not(. < 1 or . > 10)", (1, 10)),
        ("not(. < 1) and not(. > 10)", (1, 10)),
        ("not(not(. >= 1 and . <= 10))", (1, 10)),
        (". <= 3 or . >= 8", (None, None)),
        (". >= 3 or . >= 8", (3, None)),
        ("not(. < 3 and . > 8)", (None, None)),
        (". >= 3 or ${threat} = '1'", (None, None)),
        (". >= 3 and ${threat} = '1'", (3, None)),
        ("not(. = 99) and . <= 4", (None, 4)),
        (". != 99 or . <= 4", (None, None)),
        ("not(. = 99) or . <= 4", (None, None)),
        (". = 1 or . = 2", (None, None)),
    ],
)
def test_the_ends_of_a_number_are_those_that_its_constraint_leaves(
    tmp_path: Path, constraint: str, ends: tuple[float | None, float | None]
) -> None:
    times = read(tmp_path, (". >= 1", constraint)).item("times")
    assert (times.low, times.high) == ends


@pytest.mark.parametrize(
    ("constraint", "alone"),
    [
        ("not(selected(., 'home') and count-selected(.) > 1)", ("home",)),
        ("not(selected(., 'home')) or count-selected(.) = 1", ("home",)),
        ("count-selected(.) <= 2 and not(selected(., 'home') and selected(., 'street'))", ()),
        ("selected(., 'home') and count-selected(.) >= 1", ()),
        ("not(selected(., 'home')) and count-selected(.) >= 1", ()),
    ],
)
def test_a_choice_stands_alone_where_its_constraint_lets_no_other_stand_beside_it(
    tmp_path: Path, constraint: str, alone: tuple[str, ...]
) -> None:
    where = ("| Where | | | | |", f"| Where | | | {constraint} | |")
    street = ("| | spots | home | Home |", "| | spots | home | Home |\n| | spots | street | Street |")
    assert read(tmp_path, where, street).item("places").exclusive == alone


@pytest.mark.parametrize(
    "renamed",
    [
        [("| | type | name |", "| | Type | Name |"), ("| | list_name | name |", "| | List Name | value |")],
        [("label::English (en) | required", "Label :: English (en) | Required")],
        [("| | form_id | version |", "| | id_string | Version |")],
        [("| select_multiple spots |", "| select_multiple\u00a0 spots |"), ("| yes_no | 0 |", "| yes_no\u00a0| 0 |")],
        [
            (
                "| | list_name | name | label::English (en) |",
                "| | list_name | name | label::English (en) | region | image |",
            )
        ],
        [
            (
                "sensitivity |\n| | start | starts | | | | | |",
                "sensitivity | disabled |\n| | start | starts | | | | | | |",
            ),
            ("| choices |", "| | text | gone | | | | | | yes |\n| choices |"),
        ],
    ],
)
def test_what_pyxform_reads_the_same_is_the_same_here(tmp_path: Path, renamed: list[tuple[str, str]]) -> None:
    assert read(tmp_path, *renamed) == read(tmp_path)


def test_two_columns_of_one_language_are_refused_and_not_one_of_them_taken(tmp_path: Path) -> None:
    path = tmp_path / "form.md"
    text = FORM.format(**{**USUAL, "label": "label::English (en) | label"}).replace(
        " | Threat | ", " | Threat | Groźba | "
    )
    path.write_text(text, encoding="utf-8")
    assert "'label::English (en)' and 'label' are both in the language 'en'" in faults(path)[0]


RATED = """| | begin_score | rated | Mother | | | | |{listed}
| | score__row | warm | Warm | | | | |
| | score__row | near | Near | yes | | | |
| | end_score | | | | | | |
| choices |"""


def test_a_rating_and_a_ranking_of_kobo_are_choices_in_a_group(tmp_path: Path) -> None:
    heads = ("| constraint | sensitivity |", "| constraint | sensitivity | kobo--score-choices | kobo--rank-items |")
    rated = ("| choices |", RATED.format(listed=" yes_no | |"))
    form = read(tmp_path, heads, rated)
    assert [(item.id, item.kind, item.required) for item in form.items[-3:]] == [
        ("rated_header", "note", False),
        ("warm", "select_one", False),
        ("near", "select_one", True),
    ]
    assert (form.item("rated_header").labels, form.groups["near"]) == ({"en": "Mother"}, "rated")
    assert [choice.name for choice in form.item("warm").choices] == ["0", "1"]
    needed = ("| | begin_score | rated | Mother | |", "| | begin_score | rated | Mother | yes |")
    form = read(tmp_path, heads, rated, needed)  # what is asked for is asked of its rows, and of no note above them
    assert [item.required for item in form.items[-3:]] == [False, True, True]
    ranked = (
        "| choices |",
        RATED.replace("score__row", "rank__level").replace("score", "rank").format(listed=" | yes_no |"),
    )
    form = read(tmp_path, heads, ranked)
    assert (form.item("rated_label").kind, form.item("near").constraint) == ("note", ". != ${warm}")


@pytest.mark.parametrize(
    ("parameters", "kind", "ends"),
    [
        ("start=0 end=7 step=1", "integer", (0, 7)),
        ("start=-2; end=2.5, step=0.5", "decimal", (-2, 2.5)),
        ("end=3", "integer", (1, 3)),
        ("start=9 end=2", "integer", (2, 9)),
    ],
)
def test_a_range_is_a_number_between_its_ends(
    tmp_path: Path, parameters: str, kind: str, ends: tuple[float, float]
) -> None:
    heads = ("| constraint | sensitivity |", "| constraint | sensitivity | parameters |")
    form = read(tmp_path, heads, ("| choices |", f"| | range | pain | Pain | | | | | {parameters} |\n| choices |"))
    assert (form.item("pain").kind, form.item("pain").low, form.item("pain").high) == (kind, *ends)


def test_a_range_whose_ends_are_no_numbers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "form.md"
    text = FORM.format(**USUAL).replace("| sensitivity |", "| sensitivity | parameters |", 1)
    path.write_text(
        text.replace("| choices |", "| | range | pain | Pain | | | | | end=ten |\n| choices |"), encoding="utf-8"
    )
    assert "'range' cannot be evaluated" in faults(path)[0]
