"""What is wrong with a questionnaire is said in a sentence with file and line."""

import re

import pytest

from evaluation import xlsform
from evaluation.blank_forms import xlsform_file
from evaluation.errors import BadDeclaration
from evaluation.xlsform import instrument
from tests.xlsform.questionnaires import faults

GOOD = """| survey |
| | type | name | label::English (en) | label::Polski (pl) | hint::English (en) | hint::Polski (pl) | required | relevant | constraint | sensitivity | scale | key | missing |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| | select_one three | one | One | Jeden | | | | | | sensitive | mood | + | 98=refused |
| | select_one three | two | Two | Dwa | Think | Pomyśl | no | ${one} = '1' | | sensitive | mood | - | 98=refused |
| | select_multiple spots | spots | Spots | Miejsca | | | | selected(${one}, '3') | not((selected(., 'none') or selected(., '98')) and count-selected(.) > 1) | quasi | | | 98=refused |
| | integer | times | Times | Razy | | | | ${two} != '98' | . >= 1 and . <= 9 | open | | | |
| choices |
| | list_name | name | label::English (en) | label::Polski (pl) |
| | three | 1 | no | nie |
| | three | 3 | yes | tak |
| | three | 98 | rather not | wolę nie |
| | spots | home | home | dom |
| | spots | none | none | żadne |
| | spots | 98 | rather not | wolę nie |
| scales |
| | name | label::English (en) | label::Polski (pl) | direction | transform | minimum | maximum | minimum_answered |
| | mood | Mood | Nastrój | higher | sum | 2 | 6 | 2 |
| settings |
| | form_id | version | form_title | title_pl | licence | source | validated |
| | form | 1 | Form | Formularz | CC0 | own items | no |
"""  # noqa: E501


def written(tmp_path, *changes):
    text = GOOD
    for before, after in changes:
        assert text.count(before) >= 1, before
        text = text.replace(before, after, 1)
    path = tmp_path / "form.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_form_in_which_faults_are_planted_has_none(tmp_path):
    assert faults(written(tmp_path)) == []


def test_a_state_of_no_answer_may_have_capitals(tmp_path):
    form = xlsform.read(written(tmp_path, ("98=refused", "98=Refused")))
    assert form.items[0].missing == {"98": "refused"}


def test_a_word_that_is_near_to_nothing_is_told_what_is_known_and_no_guess(tmp_path):
    said, *_ = faults(written(tmp_path, ("selected(${one}, '3')", "coalesce(${one}, '3')")))
    assert "'coalesce' is not known; known are" in said


def test_not_knowing_may_be_worth_the_fewest_points_as_in_a_test_of_knowledge(tmp_path):
    assert faults(written(tmp_path, ("| three | 1 | no | nie |", "| three | 1 | Don't know | Nie wiem |"))) == []


PLANTED = {
    "a function that nobody knows": (
        ("selected(${one}, '3')", "seleted(${one}, '3')"),
        (6, "relevant: the function 'seleted' is not known; did you mean 'selected'?"),
    ),
    "a function of other programs": (
        (". >= 1 and . <= 9", "regex(., '1')"),
        (7, "constraint: the function 'regex' is not known"),
    ),
    "a refusal that would be counted as points": (
        ("| three | 3 | yes | tak |", "| three | 3 | Refused. | tak |"),
        (4, "by its label the choice '3' is no answer, and it would be counted as points"),
    ),
    "a refusal in a question's own words": (
        ("| three | 3 | yes | tak |", "| three | 3 | hm | Wolę nie odpowiadać |"),
        (4, "say so under missing (3=refused)"),
    ),
    "not knowing with a printed apostrophe": (
        ("| three | 3 | yes | tak |", "| three | 3 | I don’t know. | tak |"),
        (4, "say so under missing (3=unknown)"),
    ),
    "a word for not knowing that would be worth the most": (
        ("| three | 3 | yes | tak |", "| three | 3 | hm | Trudno powiedzieć |"),
        (4, "say so under missing (3=unknown)"),
    ),
    "a text with another answer in it": (
        ("Times | Razy", "Times ${two} | Razy ${two}"),
        (7, "a text has the answer of another question in it (${…})"),
    ),
    "a code that is not on the list": (
        ("${one} = '1'", "${one} = '2'"),
        (5, "relevant: '2' is not a code of 'one'; known are: 1, 3, 98."),
    ),
    "a code as a number that is not on the list": (
        ("${one} = '1'", "2 = ${one}"),
        (5, "relevant: '2' is not a code of 'one'"),
    ),
    "a code in selected that is not on the list": (
        ("selected(${one}, '3')", "selected(${one}, '33')"),
        (6, "relevant: '33' is not a code of 'one'"),
    ),
    "an own code that is not on the list": (
        ("selected(., 'none')", "selected(., 'nome')"),
        (6, "constraint: 'nome' is not a code of this question; did you mean 'none'?"),
    ),
    "a question that does not exist": (
        ("${one} = '1'", "${on} = '1'"),
        (5, "relevant: 'on' is not a question asked before; did you mean 'one'?"),
    ),
    "a question that is asked later": (
        ("${one} = '1'", "${times} = 2"),
        (5, "relevant: 'times' is not a question asked before"),
    ),
    "a point in relevant": (("${one} = '1'", ". = '1'"), (5, "relevant: '.' has no meaning in relevant")),
    "a code without quotes": (
        ("${one} = '1'", "${one} = yes"),
        (5, "relevant: the word 'yes' is not understood; put quotes around a code."),
    ),
    "a sign that nobody knows": (
        (". >= 1 and . <= 9", ". >= 1 + 1"),
        (7, "constraint: the sign '+' is not known in an expression"),
    ),
    "an open bracket": (
        (". >= 1 and . <= 9", "(. >= 1 and . <= 9"),
        (7, "constraint: the brackets are not in pairs"),
    ),
    "brackets the wrong way round": (
        (". >= 1 and . <= 9", ") . >= 1 ("),
        (7, "constraint: the brackets are not in pairs"),
    ),
    "an order comparison that takes a refusal for an answer": (
        ("${one} = '1'", "${one} >= 3"),
        (5, "relevant: '>= 3' is also true of 98, which is no answer to 'one'"),
    ),
    "the same, written the other way round": (
        ("${one} = '1'", "3 < ${one}"),
        (5, "relevant: '> 3' is also true of 98"),
    ),
    "a missing translation of a question": (
        ("| One | Jeden |", "| One | |"),
        (4, "'one' has no label in the language 'pl'; add it."),
    ),
    "a missing translation of a hint": (
        ("| Think | Pomyśl |", "| | Pomyśl |"),
        (5, "'two' has no hint in the language 'en'"),
    ),
    "a missing translation of a choice": (
        ("| 3 | yes | tak |", "| 3 | yes | |"),
        (11, "'3' has no label in the language 'pl'"),
    ),
    "a missing translation of a scale": (
        ("| Mood | Nastrój |", "| | Nastrój |"),
        (18, "'mood' has no label in the language 'en'"),
    ),
    "a scale that does not exist": (
        ("| mood | + |", "| moood | + |"),
        (4, "there is no scale 'moood'; did you mean 'mood'?"),
    ),
    "a scale without a key": (("| mood | - |", "| mood | |"), (5, "needs both a scale and a key")),
    "a key without a scale": (("| mood | - |", "| | - |"), (5, "needs both a scale and a key")),
    "a key that is neither": (("| mood | - |", "| mood | r |"), (5, "the key 'r' is neither + nor -")),
    "a scored question with several answers": (
        ("| quasi | | |", "| quasi | mood | + |"),
        (6, "a question of the type select_multiple cannot be scored"),
    ),
    "a question asked twice": (
        ("| two | Two", "| one | Two"),
        (5, "the question 'one' is already on line 4"),
    ),
    "a name with a space": (("| two | Two", "| t wo | Two"), (5, "'t wo' cannot be the name of a question")),
    "a type that nobody knows": (
        ("| integer | times", "| interger | times"),
        (7, "the type 'interger' is not known; did you mean 'integer'?"),
    ),
    "a choice list that does not exist": (
        ("select_one three | two", "select_one tree | two"),
        (5, "there is no choice list 'tree'; did you mean 'three'?"),
    ),
    "a list after a type that has none": (
        ("| integer | times", "| integer three | times"),
        (7, "only select_one and select_multiple name a list"),
    ),
    "a code twice in a list": (
        ("| three | 3 |", "| three | 1 |"),
        (11, "the code '1' is in the list 'three' twice"),
    ),
    "a code with a space": (
        ("| spots | home |", "| spots | my home |"),
        (13, "the code 'my home' has a space"),
    ),
    "a missing code that is not on the list": (
        ("| 98=refused |", "| 97=refused |"),
        (4, "the code '97' under missing is not in the choice list"),
    ),
    "an answer state that nobody knows": (
        ("| 98=refused |", "| 98=refusal |"),
        (4, "'refusal' is not an answer state; did you mean 'refused'?"),
    ),
    "answered as a missing state": (
        ("| 98=refused |", "| 98=answered |"),
        (4, "'answered' is not an answer state"),
    ),
    "a missing code without a state": (
        ("| 98=refused |", "| 98 |"),
        (4, "'98' under missing is not understood"),
    ),
    "a sensitivity that nobody knows": (
        ("| quasi |", "| quazi |"),
        (6, "the sensitivity 'quazi' is not known; did you mean 'quasi'?"),
    ),
    "a question that identifies": (
        ("| quasi |", "| identifying |"),
        (6, "what identifies a person is never stored"),
    ),
    "required that is neither yes nor no": (
        ("| no | ${one}", "| maybe | ${one}"),
        (5, "required is yes or no"),
    ),
    "a refusal that can be ticked beside an answer": (
        (" or selected(., '98')", ""),
        (6, "the code '98' can be ticked beside an answer; add the constraint"),
    ),
    "a misspelt column": (
        ("| relevant |", "| relevent |"),
        (2, "the column 'relevent' is not known in 'survey'; did you mean 'relevant'?"),
    ),
    "a column whose meaning would be lost": (
        ("| required |", "| choice_filter |"),
        (5, "choice_filter offers only a part of the choices"),
    ),
    "a column that nobody knows": (
        ("| required |", "| requird |"),
        (2, "the column 'requird' is not known in 'survey'; did you mean 'required'?"),
    ),
    "a repeated group": (
        ("| | integer | times |", "| | begin_repeat | child | | | | | | | | | | | |\n| | integer | times |"),
        (7, "a repeated group gives several rows for one person and wave"),
    ),
    "a type of answers that cannot be evaluated": (
        ("integer | times", "geopoint | times"),
        (7, "answers of the type 'geopoint' cannot be evaluated"),
    ),
    "an answer that is calculated": (
        ("| required |", "| calculation |"),
        (5, "the answer is calculated"),
    ),
    "a rule on what the tool fills in": (
        (
            "| | integer | times | Times | Razy | | | | ${two}",
            "| | start | two2 |\n| | integer | times | Times | Razy | | | | ${two2}",
        ),
        (8, "'two2' is calculated or filled in by the tool"),
    ),
    "a language that nobody knows": (
        ("label::Polski (pl)", "label::Polskii"),
        (2, "no language is known by the name in the column 'label::Polskii'"),
    ),
    "a group that is never closed": (
        ("| integer | times", "| begin_group | times"),
        (7, "the group 'times' is never closed"),
    ),
    "a group that was never opened": (
        ("| integer | times", "| end_group | times"),
        (7, "this end_group closes nothing"),
    ),
    "a date that is no date": (
        ("| integer | times", "| integer | date"),
        (7, "the question 'date' must have the type date"),
    ),
    "a lowest point that the items do not give": (
        ("| sum | 2 | 6 |", "| sum | 1 | 6 |"),
        (18, "minimum and maximum must be 2 and 6"),
    ),
    "a highest point that the items do not give": (
        ("| sum | 2 | 6 |", "| sum | 2 | 8 |"),
        (18, "minimum and maximum must be 2 and 6"),
    ),
    "the ends of a sum declared for a mean": (
        ("| sum | 2 | 6 |", "| mean | 2 | 6 |"),
        (18, "minimum and maximum must be 1 and 3"),
    ),
    "two questions on an ordinal scale": (
        ("| sum | 2 | 6 |", "| ordinal | 1 | 3 |"),
        (18, "an ordinal scale has one question"),
    ),
    "a transform that nobody knows": (
        ("| sum | 2", "| summ | 2"),
        (18, "transform cannot be 'summ'; did you mean 'sum'?"),
    ),
    "a direction that nobody knows": (("| higher |", "| up |"), (18, "direction cannot be 'up'")),
    "an end that is no number": (("| sum | 2 |", "| sum | two |"), (18, "minimum needs a number.")),
    "more answers needed than there are questions": (
        ("| 6 | 2 |", "| 6 | 3 |"),
        (18, "minimum_answered must lie between 1 and 2"),
    ),
    "no answer needed": (("| 6 | 2 |", "| 6 | 0 |"), (18, "minimum_answered must lie between 1 and 2")),
    "a scored number without bounds": (
        ("| . >= 1 and . <= 9 | open | | |", "| . >= 1 | open | mood | + |"),
        (7, "'times' is scored but its codes (or its constraint) give no lowest and highest number."),
    ),
    "a setting that is misspelt": (("form_title | title_pl", "form_titel | title_pl"), (20, "form_titel")),
    "an id that is not the file's name": (
        ("| form | 1 |", "| from | 1 |"),
        (21, "the form_id 'from' and the name of the file differ"),
    ),
    "validated that is neither yes nor no": (
        ("own items | no |", "own items | soon |"),
        (21, "validated is yes or no, not 'soon'."),
    ),
    "a row with too many cells": (
        ("| One | Jeden |", "| One | or | Jeden |"),
        (4, "more cells than the heading; a pipe inside a text is written '\\|'."),
    ),
    "a row that does not end": (
        ("| sum | 2 | 6 | 2 |", "| sum | 2 | 6 | 2"),
        (18, "the row does not end with '|'; add it."),
    ),
    "a row that ends in a pipe of the text": (
        ("| sum | 2 | 6 | 2 |", "| sum | 2 | 6 | 2 \\|"),
        (18, "the row does not end with '|'; add it."),
    ),
    "a line under the heading that pyxform takes for a row": (
        ("|---|---|---|---", "| --- |---|---|---"),
        (3, "under a heading stands '|---|---|', without spaces or colons."),
    ),
    "a sheet that nobody knows": (
        ("| choices |", "| choises |"),
        (8, "'choises' is not a sheet (the first cell of a row stays empty); did you mean 'choices'?"),
    ),
    "a sheet that is there twice": (
        ("| scales |", "| choices |"),
        (16, "the sheet 'choices' is there twice"),
    ),
    "a column that is there twice": (
        ("| scale | key |", "| key | key |"),
        (2, "the column 'key' is there twice"),
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_the_planted_fault_is_named_with_file_and_line(tmp_path, planted):
    change, (line, sentence) = PLANTED[planted]
    path = written(tmp_path, change)
    found = faults(path)
    assert any(f.startswith(f"form.md, line {line}: ") and sentence in f for f in found), found
    with pytest.raises(BadDeclaration, match=r"^form\.md, line \d+: "):
        xlsform.read(path)


def test_read_tells_the_first_fault_and_how_many_others_there_are(tmp_path):
    path = written(tmp_path, ("| One | Jeden |", "| One | |"), ("| mood | - |", "| mood | r |"))
    with pytest.raises(
        BadDeclaration, match=re.escape("line 4: 'one' has no label in the language 'pl'; add it. (1 more")
    ):
        xlsform.read(path)


def test_a_scale_without_questions_and_a_scale_that_is_there_twice_are_named(tmp_path):
    row = "| | mood | Mood | Nastrój | higher | sum | 2 | 6 | 2 |\n"
    empty = written(tmp_path, (row, row + row.replace("mood", "calm")))
    assert any("line 19: no question belongs to the scale 'calm'" in fault for fault in faults(empty))
    twice = written(tmp_path, (row, row + row))
    assert any("line 19: the scale 'mood' is there twice" in fault for fault in faults(twice))


def test_the_questions_of_a_mean_have_equal_ends(tmp_path):
    uneven = written(
        tmp_path,
        ("| sum | 2 | 6 |", "| mean | 1 | 3 |"),
        ("| . >= 1 and . <= 9 | open | | |", "| . >= 1 and . <= 9 | open | mood | + |"),
    )
    assert any("the same lowest and highest code" in fault for fault in faults(uneven))
    same_top = written(
        tmp_path,
        ("| sum | 2 | 6 |", "| mean | 1 | 3 |"),
        ("| . >= 1 and . <= 9 | open | | |", "| . >= 0 and . <= 3 | open | mood | + |"),
    )
    assert any("the same lowest and highest code" in fault for fault in faults(same_top))


def test_codes_with_a_word_among_them_cannot_be_scored(tmp_path):
    path = written(tmp_path, ("| three | 3 |", "| three | lots |"), ("selected(${one}, '3')", "selected(${one}, '1')"))
    assert any("line 4: 'one' is scored but its codes" in fault for fault in faults(path))


def test_a_comparison_that_no_refusal_fulfils_is_allowed(tmp_path):
    for rule in ("${one} < 3", "${one} > 98", "${one} != ''", "${one} = '98' or not(selected(${one}, '3'))"):
        assert faults(written(tmp_path, ("${one} = '1'", rule))) == []


def test_a_form_without_questions_with_two_settings_or_without_file_is_named(tmp_path):
    path = tmp_path / "form.md"
    with pytest.raises(BadDeclaration, match=r"form\.md is missing"):
        xlsform.read(path)
    path.write_text("Only words.\n", encoding="utf-8")
    with pytest.raises(BadDeclaration, match=r"form\.md: there is no question"):
        xlsform.read(path)
    path.write_text("| | type | name |\n", encoding="utf-8")
    with pytest.raises(BadDeclaration, match="line 1: a row before any sheet"):
        xlsform.read(path)
    twice = "| settings |\n| | style |\n| | pages |\n| | grid |\n"
    path.write_text(f"| survey |\n| | type | name | label |\n| | text | a | A |\n{twice}", encoding="utf-8")
    with pytest.raises(BadDeclaration, match=r"the sheet 'settings' has more than one row"):
        xlsform.read(path)
    path.write_bytes("| survey | ł".encode("cp1250"))
    with pytest.raises(BadDeclaration, match=r"form\.md is not UTF-8 text"):
        xlsform.read(path)


ALERT = ("| missing |\n|---", "| missing | alert |\n|---")
ONE = "| | select_one three | one | One | Jeden | | | | | | sensitive | mood | + | 98=refused |"


@pytest.mark.parametrize(
    ("alert", "fault"),
    [
        (". = '1'", ""),
        (". >= 3", ""),
        (". = '98'", "'98', which is no answer"),
        ("${nobody} = '1'", "nobody"),
        (". = '7'", "7"),
        ("shout(.)", "shout"),
    ],
)
def test_an_alert_that_could_never_be_raised_is_a_fault(tmp_path, alert, fault):
    found = faults(written(tmp_path, ALERT, (ONE, f"{ONE} {alert} |")))
    assert all(fault in each for each in found)
    assert bool(found) == bool(fault)


@pytest.mark.parametrize(
    ("column", "name", "fault"),
    [
        ("media::audio::Polski (pl)", "one pl.mp3", ""),
        ("audio::pl", "one.ogg", ""),
        ("media::audio", "../one.mp3", "has to be the name of a file"),
        ("media::audio", "one.exe", "has to be the name of a file"),
        ("media::audio", ".mp3", "has to be the name of a file"),
        ("media::audio::Nowhere", "one.mp3", "names no known language"),
    ],
)
def test_a_recording_is_a_file_beside_the_form_in_a_language_that_is_known(tmp_path, column, name, fault):
    heading = ("| missing |\n|---", f"| missing | {column} |\n|---")
    path = written(tmp_path, heading, (ONE, f"{ONE} {name} |"))
    found = faults(path)
    assert all(fault in each for each in found)
    assert bool(found) == bool(fault)


def test_an_alert_stands_at_a_question(tmp_path):
    note = "| | note | hello | Hi | Cześć | | | | | | open | | | | true() |\n| choices |"
    (found,) = faults(written(tmp_path, ALERT, ("| choices |", note)))
    assert "an alert stands at a question that has an answer" in found


def test_an_alert_survives_the_way_into_a_workbook_and_back(tmp_path):
    path = written(tmp_path, ALERT, (ONE, f"{ONE} . = '1' |"))
    book = path.with_suffix(".xlsx")
    book.write_bytes(xlsform_file.workbook(instrument.sheets_of(path), ()))
    assert xlsform.read(book).item("one").alert == ". = '1'"
    assert xlsform.read(path).item("two").alert == ""
