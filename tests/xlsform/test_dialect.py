"""What Kobo and ODK write in other ways than the kit means the same, or is refused for the reason that is true."""

from __future__ import annotations

from pathlib import Path

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


@pytest.mark.parametrize("kind", ["select_multiple spots or_other", "select_one spots or_other"])
def test_or_other_is_a_further_choice_and_a_text_for_it(tmp_path: Path, kind: str) -> None:
    form = read(tmp_path, places=kind)
    assert [choice.name for choice in form.item("places").choices] == ["home", "other"]
    assert form.item("places").choices[1].labels == {"en": "Other"}
    text = form.item("places_other")
    assert (text.kind, text.relevant, text.sensitivity) == ("text", "selected(${places}, 'other')", "sensitive")
    assert form.items.index(text) == form.items.index(form.item("places")) + 1


@pytest.mark.parametrize("kind", ["select multiple spots", "select_multiple spots"])
def test_types_may_be_written_with_spaces(tmp_path: Path, kind: str) -> None:
    assert read(tmp_path, places=kind).item("places").kind == "select_multiple"
