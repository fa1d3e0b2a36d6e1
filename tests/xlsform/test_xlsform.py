"""The questionnaires of data_schema/ and how one becomes an Instrument."""

import re

import pytest

from evaluation import xlsform
from evaluation.errors import BadDeclaration
from evaluation.resources import folder
from tests.xlsform.questionnaires import faults

PATHS = sorted((folder("data_schema") / "questionnaires").glob("*.md"))
SCORING_ONLY = {
    *("who5", "rses", "gse", "phq4", "pc_ptsd5", "cefr_self", "gas_t", "movers", "ras", "aso", "cast_needs")
}
OF_OTHERS = {*SCORING_ONLY, "cfpb_fwb10", "cfpb_fwb5"}
EACH = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)

SMALL = r"""# A comment with a | pipe.

| survey |
| | type | name | label::English (en) | label::Polski (pl) | required | relevant | constraint | sensitivity | scale | key | missing |
|---|---|---|---|---|---|---|---|---|---|---|---|
| | text | participant | Code | Kod | yes | | | quasi | | | |
| | note | hello | Hello | Dzień dobry | | | | open | | | |
| | select_one four | calm | Calm \| quiet | Spokój | yes | | | | mood | + | |
| | select_one four | cross | Cross | Złość | | | | | mood | - | 98=not_applicable |
| | begin_group | more | More | Więcej | | ${calm} = '4' | | | | | |
| | integer | days | Days | Dni | | ${cross} = '2' | (. > 1 and . <= 31) or . = 998 | open | | | 998=refused |
| | decimal | money | Money | Pieniądze | | | . >= 0 and 5000.5 >= . | | | | |
| | end_group | | | | | | | | | | |
| | select_multiple places | where | Where | Gdzie | | | not((selected(., 'none') or selected(., '98')) and count-selected(.) > 1) | | | | |
| | date | since | Since | Od kiedy | | | | quasi | | | |

| choices |
| | list_name | name | label::English (en) | label::Polski (pl) |
| | four | 2 | a little | trochę |
| | four | 4 | very | bardzo |
| | four | 98 | rather not say | wolę nie mówić |
| | places | home | home | dom |
| | places | none | nowhere | nigdzie |
| | places | 98 | rather not say | wolę nie mówić |

| scales |
| | name | label::English (en) | label::Polski (pl) | direction | transform | minimum | maximum | minimum_answered |
| | mood | Good mood | Dobry nastrój | higher | sum | 4 | 8 | 1 |

| settings |
| | form_id | version | form_title | title_pl | licence | source | validated |
| | small | 7 | Small | Mała | CC0 | own items | yes |
"""  # noqa: E501


def small(tmp_path, *changes, name="small.md"):
    text = SMALL
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_an_instrument_of_others_ships_with_its_key_and_without_its_wording():
    instrument = xlsform.read(next(path for path in PATHS if path.stem == "who5"))
    assert all("put the wording of your copy here" in item.labels["en"] for item in instrument.items)
    assert all("proszę wpisać treść" in item.labels["pl"] for item in instrument.items)


def test_published_evidence_comes_with_source_and_population():
    scale = xlsform.read(next(path for path in PATHS if path.stem == "who5")).scale("wellbeing")
    assert {one.kind: one.value for one in scale.evidence} == {"reliability": 0.81, "detectable": 23.6, "change": 10}
    for one in scale.evidence:
        assert one.source
        assert set(one.labels) == {"en", "pl"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("| | moods | change | 1 | a book | adults | dorośli |", "there is no scale 'moods'"),
        ("| | mood | chance | 1 | a book | adults | dorośli |", "kind cannot be 'chance'"),
        ("| | mood | reliability | 81 | a book | adults | dorośli |", "value needs a number between 0 and 1"),
        ("| | mood | reliability | 1 | a book | adults | dorośli |", "value needs a number between 0 and 1"),
        ("| | mood | detectable | much | a book | adults | dorośli |", "value needs a number of points above 0"),
        ("| | mood | change | 0 | a book | adults | dorośli |", "value needs a number of points above 0"),
        ("| | mood | change | 1 |  | adults | dorośli |", "needs its source"),
        (
            "| | mood | cut | 9 | a book | adults | dorośli |",
            "value is 9, but on this scale it can only lie between 4 and 8",
        ),
        ("| | mood | cut | 0 | a book | adults | dorośli |", "can only lie between 4 and 8"),
        ("| | mood | cut | low | a book | adults | dorośli |", "value needs a number"),
        ("| | mood | change | 5 | a book | adults | dorośli |", "can only lie between 0 and 4"),
        ("| | mood | change | 1 | a book | adults |  |", "'mood' has no label in the language 'pl'"),
    ],
)
def test_evidence_that_says_too_little_is_named_with_its_line(tmp_path, row, said):
    sheet = f"| evidence |\n| | scale | kind | value | source | label::English (en) | label::Polski (pl) |\n{row}\n\n"
    path = small(tmp_path, ("| settings |", f"{sheet}| settings |"))
    found = faults(path)
    assert len(found) == 1
    assert said in found[0]
    assert found[0].startswith(f"small.md, line {path.read_text(encoding='utf-8').splitlines().index(row) + 1}: ")


def test_points_are_the_sum_times_the_factor_and_so_are_the_ends(tmp_path):
    columns = ("transform | minimum", "transform | factor | minimum")
    scale = xlsform.read(small(tmp_path, columns, ("sum | 4 | 8", "sum | 2.5 | 10 | 20"))).scales[0]
    assert (scale.factor, scale.minimum, scale.maximum) == (2.5, 10, 20)
    found = faults(small(tmp_path, columns, ("sum | 4 | 8", "sum | 2.5 | 4 | 8")))
    assert "must be 10 and 20" in found[0]
    assert "factor needs a number" in faults(small(tmp_path, columns, ("sum | 4 | 8", "sum | 0 | 4 | 8")))[0]


TABLE = """| lookup |
| | scale | when | points |
| | mood | ${days} = 3 | 10 20 30 40 50 |

| settings |"""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((), ""),
        ((("10 20 30 40 50", "10 20 30 40"),), "needs 5 points"),
        ((("10 20 30 40 50", "10 20 20 40 50"),), "numbers that grow"),
        ((("10 20 30 40 50", "10 20 x 40 50"),), "numbers that grow"),
        ((("10 20 30 40 50", "10 20 30 40"),), "small.md, line 32: a table of this scale needs 5"),
        (
            (("10 20 30 40 50 |", "10 20 30 40 50 |\n| | mood | ${days} = 3 | 11 21 31 41 51 |"),),
            "line 33: another table",
        ),
        ((("| mood | ${days}", "| moods | ${days}"),), "there is no scale 'moods'"),
        ((("${days} = 3", ""),), "under 'when'"),
        ((("${days} = 3", "${day} = 3"),), "did you mean 'days'"),
        ((("${days} = 3", "today() = '2026-01-01'"),), "and at nothing else"),
        ((("${days} = 3", "${cross} = '3'"),), "'3' is not a code of cross"),
        ((("| 10 | 50 | 2 |", "| 10 | 40 | 2 |"),), "must be 10 and 50"),
        ((("| 10 | 50 | 2 |", "| 10 | 50 | 1 |"),), "minimum_answered must be 2"),
        ((("| four | 4 | very", "| four | 4.5 | very"), ("= '4'", "= '2'")), "'calm' can be answered with a part"),
        (
            (("select_one four | calm", "decimal | calm"), ("yes | | | | mood", "yes | | . >= 2 and . <= 4 | | mood")),
            "'calm' can be answered with a part",
        ),
        (
            (("| lookup |\n| | scale | when | points |\n| | mood | ${days} = 3 | 10 20 30 40 50 |\n\n", ""),),
            "has none for it",
        ),
    ],
)
def test_a_scale_that_finds_its_points_in_a_table_needs_one_for_every_sum(tmp_path, changes, said):
    path = small(tmp_path, ("| settings |", TABLE), ("sum | 4 | 8 | 1", "lookup | 10 | 50 | 2"))
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
    found = faults(path)
    assert any(said in one for one in found) if said else found == []


def test_a_sum_of_unlike_questions_is_never_completed_from_one_of_them(tmp_path):
    unlike = (("select_one four | calm", "integer | calm"), ("yes | | | | mood", "yes | | . >= 0 and . <= 9 | | mood"))
    unlike += (("${calm} = '4'", "${calm} > 4"),)
    found = faults(small(tmp_path, *unlike, ("sum | 4 | 8 | 1", "sum | 2 | 13 | 1")))
    assert ["minimum_answered must be 2" in each for each in found] == [True]
    assert not faults(small(tmp_path, *unlike, ("sum | 4 | 8 | 1", "sum | 2 | 13 | 2")))


def test_a_constraint_that_allows_no_number_is_named_with_its_line(tmp_path):
    found = faults(small(tmp_path, (". >= 0 and 5000.5 >= .", ". <= 0 and 5000.5 <= .")))
    assert ["line 12: constraint: there is no number" in each for each in found] == [True]


@pytest.mark.parametrize(
    ("columns", "cells", "said"),
    [
        ("key_status", "recalled", ""),
        ("key_status", "guessed", "key_status cannot be 'guessed'"),
        ("translation_pl", "own", ""),
        ("translation_pl", "mine", "translation_pl cannot be 'mine'"),
    ],
)
def test_the_settings_say_what_was_verified_and_whose_translation_it_is(tmp_path, columns, cells, said):
    path = small(
        tmp_path, ("source | validated |", f"source | validated | {columns} |"), ("| yes |\n", f"| yes | {cells} |\n")
    )
    found = faults(path)
    assert [said in one for one in found] == [True] if said else found == []
    if not said:
        form = xlsform.read(path)
        assert (form.key_status, dict(form.translations)) in [("recalled", {}), ("read", {"pl": "own"})]


def test_a_question_may_count_towards_two_scales(tmp_path):
    both, first = ("| | mood | + |", "| | mood all | + |"), "| sum | 4 | 8 | 1 |\n"
    second = "| | all | All | Wszystko | lower | mean | 2 | 4 | 2 |\n"
    (found,) = faults(small(tmp_path, both, (first, first + second)))
    assert "minimum_answered must lie between 1 and 1" in found
    form = xlsform.read(small(tmp_path, both, (first, first + second.replace("4 | 2 |", "4 | 1 |"))))
    assert [scale.items for scale in form.scales] == [("calm", "cross"), ("calm",)]


def test_there_is_a_questionnaire_for_each_outcome_and_each_kind_of_course():
    skills = {
        "assertiveness",
        "budgeting",
        "computers",
        "first_aid",
        "human_rights",
        "language",
        "relaxation",
    }
    outcomes = {"security", "social_awareness", "self_perception", "rights", "social_competence"}
    assert {path.stem for path in PATHS} == skills | outcomes | {"self_defence"} | OF_OTHERS


@EACH
def test_pyxform_converts_the_file_as_it_is_without_a_warning(path):
    from pyxform.xls2xform import convert

    made = convert(str(path))
    assert made.warnings == []
    for item in xlsform.read(path).items:
        assert f'nodeset="/data/{item.id}"' in made.xform


@EACH
def test_the_file_has_no_fault_and_its_id_is_its_name(path):
    assert faults(path) == []
    assert xlsform.read(path).id == path.stem


@EACH
def test_every_text_is_there_in_both_languages_and_they_differ(path):
    instrument = xlsform.read(path)
    texts = [instrument.labels, *(scale.labels for scale in instrument.scales)]
    for item in instrument.items:
        texts += [item.labels, *(choice.labels for choice in item.choices)]
    for labels in texts:
        assert set(labels) == {"en", "pl"}
        assert all(text.strip() for text in labels.values())
        assert labels["en"] != labels["pl"]


@EACH
def test_polish_texts_address_nobody_by_gender(path):
    # First person past tense and short adjectives give the gender away: czułam, zrobiłem, pewna.
    gendered = r"\w+ł[ae]m\b|\b(?:pewn|bezpieczn|gotow|zadowolon|samotn|spokojn)[ay]\b|\bpowin(?:ie)?n[ae]?m\b"
    for item in xlsform.read(path).items:
        for labels in (item.labels, *(choice.labels for choice in item.choices)):
            assert not re.search(gendered, labels["pl"].lower()), labels["pl"]
            assert not re.search(r"\bPani?\b|\bPana\b", labels["pl"])


@EACH
def test_it_says_that_it_is_own_work_and_not_validated_where_the_respondent_reads_it(path):
    if path.stem in OF_OTHERS:
        return
    instrument = xlsform.read(path)
    assert (instrument.validated, instrument.source, instrument.licence) == (False, "own items", "Apache-2.0")
    intro = instrument.items[0]
    assert intro.kind == "note"
    assert "not validated" in intro.labels["en"]
    assert "nie jest zwalidowane" in intro.labels["pl"]


@EACH
def test_every_question_can_be_declined(path):
    for item in xlsform.read(path).items:
        if item.kind != "note" and item.id != "mode":  # how it was filled in is no question to her
            assert not item.required
            assert "refused" in item.missing.values(), item.id


@EACH
def test_every_scored_item_has_a_key_and_the_ends_of_each_scale_come_out(path):
    instrument = xlsform.read(path)
    assert instrument.scales
    for item in instrument.items:
        assert bool(item.scale) == (item.key in (1, -1))
    for scale in instrument.scales:
        items = [instrument.item(name) for name in scale.items]
        assert all(scale.id in item.scale.split() for item in items)
        if scale.transform in ("lookup", "goal_attainment"):
            continue  # their ends: tests/measure/test_instruments.py

        def score(best, items=items, scale=scale):
            picked = [item.high if (item.key > 0) == best else item.low for item in items]
            total = sum(
                code if item.key > 0 else item.low + item.high - code for code, item in zip(picked, items, strict=True)
            )
            return total / len(items) if scale.transform == "mean" else total

        ends = (scale.factor * score(best=False), scale.factor * score(best=True))
        assert ends == (scale.minimum, scale.maximum)
        assert scale.direction == "higher" or path.stem in {"phq4", "pc_ptsd5", "movers"}


def test_sense_of_security_has_a_subjective_and_an_objective_scale():
    security = xlsform.read(folder("data_schema") / "questionnaires" / "security.md")
    subjective, objective = security.scales
    assert (subjective.id, subjective.minimum, subjective.maximum) == ("subjective", 6, 30)
    assert subjective.items == ("sec_01", "sec_02", "sec_03", "sec_04", "sec_05", "sec_06")
    assert (objective.id, objective.minimum, objective.maximum) == ("objective", 0, 6)
    dark = security.item("sec_04")
    assert dark.labels == {"en": "I am afraid to go out after dark.", "pl": "Boję się wychodzić po zmroku."}
    assert (dark.key, dark.low, dark.high, dict(dark.missing)) == (-1, 1, 5, {"98": "refused"})
    assert security.item("sec_14").relevant == "${sec_13} = '1'"
    assert security.item("sec_15").exclusive == ("none", "98")


def test_language_levels_are_ordinal_one_skill_at_a_time():
    language = xlsform.read(folder("data_schema") / "questionnaires" / "language.md")
    assert len(language.scales) == 10
    for scale in language.scales:
        (item,) = (language.item(name) for name in scale.items)
        assert (scale.transform, scale.minimum, scale.maximum, scale.minimum_answered) == ("ordinal", 0, 6, 1)
        levels = [choice.labels["en"].split(":")[0] for choice in item.choices[:7]]
        assert levels == ["below A1", "A1", "A2", "B1", "B2", "C1", "C2"]


def test_weeks_of_savings_are_bounded_without_the_codes_for_refused_and_unknown():
    weeks = xlsform.read(folder("data_schema") / "questionnaires" / "budgeting.md").item("bud_06")
    assert (weeks.low, weeks.high) == (0, 104)
    assert dict(weeks.missing) == {"998": "refused", "999": "unknown"}


def test_a_small_questionnaire_is_read_as_it_is_written(tmp_path):
    form = xlsform.read(small(tmp_path))
    assert (form.id, form.version, dict(form.labels)) == ("small", "7", {"en": "Small", "pl": "Mała"})
    assert (form.validated, form.licence, form.source) == (True, "CC0", "own items")
    assert [item.id for item in form.items] == ["hello", "calm", "cross", "days", "money", "where", "since"]
    calm, cross = form.item("calm"), form.item("cross")
    assert calm.labels == {"en": "Calm | quiet", "pl": "Spokój"}
    assert (calm.key, calm.low, calm.high, calm.required) == (1, 2, 4, True)
    assert (cross.key, cross.low, cross.high, cross.required) == (-1, 2, 4, False)
    assert [choice.name for choice in calm.choices] == ["2", "4", "98"]
    assert calm.choices[1].labels == {"en": "very", "pl": "bardzo"}
    assert form.scale("mood").items == ("calm", "cross")


def test_missing_codes_are_98_by_default_and_otherwise_what_the_row_says(tmp_path):
    form = xlsform.read(small(tmp_path))
    assert dict(form.item("calm").missing) == {"98": "refused"}
    assert dict(form.item("cross").missing) == {"98": "not_applicable", "refused": "refused"}
    assert dict(form.item("days").missing) == {"998": "refused"}
    assert dict(form.item("since").missing) == {"refused": "refused"}
    assert dict(form.item("hello").missing) == {}


def test_the_label_of_a_group_is_a_heading_and_a_group_may_have_none(tmp_path):
    bare = xlsform.read(small(tmp_path, ("begin_group | more | More | Więcej |", "begin_group | more | | |")))
    assert (xlsform.read(small(tmp_path)).headings, bare.headings) == ({"more": {"en": "More", "pl": "Więcej"}}, {})


def test_the_skip_logic_of_a_group_holds_for_its_questions_and_ends_with_it(tmp_path):
    form = xlsform.read(small(tmp_path))
    assert form.item("days").relevant == "(${calm} = '4') and (${cross} = '2')"
    assert form.item("money").relevant == "${calm} = '4'"
    assert form.item("where").relevant == ""


def test_the_groups_of_the_form_are_known_by_their_whole_path(tmp_path):
    inner = "| | begin_group | inner | Inner | Wewnątrz | | | | | | | |\n"
    end = "| | end_group | | | | | | | | | | |\n"
    path = small(tmp_path, ("| | integer | days", inner + "| | integer | days"), ("| | decimal", end + "| | decimal"))
    assert xlsform.read(path).groups == {"days": "more/inner", "money": "more"}
    who = ("| | text | participant", "| | begin_group | about | About | O | | | | | | | |\n| | text | participant")
    grouped = small(tmp_path, who, ("| | note | hello", end + "| | note | hello"))
    assert xlsform.read(grouped).groups["participant"] == "about"


def test_bounds_come_from_the_constraint_written_either_way_round(tmp_path):
    form = xlsform.read(small(tmp_path))
    assert (form.item("days").low, form.item("days").high) == (2, 31)  # . > 1 for a whole number
    assert (form.item("money").low, form.item("money").high) == (0, 5000.5)
    assert (form.item("since").low, form.item("where").high) == (None, None)


def test_of_several_bounds_the_narrowest_hold_and_less_than_leaves_the_number_out(tmp_path):
    rule = "(. > 1 and . <= 31) or . = 998"
    narrow = xlsform.read(small(tmp_path, (rule, ". >= 3 and . > 4 and . < 20 and . <= 25"))).item("days")
    assert (narrow.low, narrow.high) == (5, 19)


def test_a_question_with_several_answers_has_no_lowest_or_highest_code(tmp_path):
    where = xlsform.read(
        small(tmp_path, ("places | home", "places | 1"), ("places | none", "places | 2"), ("'none'", "'2'"))
    )
    assert (where.item("where").low, where.item("where").high) == (None, None)


def test_sensitivity_is_sensitive_unless_the_row_says_otherwise(tmp_path):
    form = xlsform.read(small(tmp_path))
    assert (form.item("calm").sensitivity, form.item("days").sensitivity) == ("sensitive", "open")


def test_a_questionnaire_in_one_language_needs_no_other(tmp_path):
    path = tmp_path / "one.md"
    path.write_text(
        "| survey |\n| | type | name | label::Polski (pl) |\n| | integer | lat | Ile lat |\n"
        "| settings |\n| | form_id | version | form_title |\n| | one | 1 | Jedno |\n",
        encoding="utf-8",
    )
    form = xlsform.read(path)
    assert (dict(form.labels), dict(form.item("lat").labels)) == ({"pl": "Jedno"}, {"pl": "Ile lat"})


def test_a_column_without_a_language_is_english(tmp_path):
    path = tmp_path / "one.md"
    path.write_text(
        "| survey |\n| | type | name | label |\n| | text | why | Why |\n"
        "| settings |\n| | form_id | version | form_title |\n| | one | 1 | One |\n",
        encoding="utf-8",
    )
    assert dict(xlsform.read(path).item("why").labels) == {"en": "Why"}


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path):
    plain = xlsform.read(small(tmp_path))
    path = tmp_path / "small.md"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.split("\n", 2)[2].replace("\n", "\r\n").encode())
    assert xlsform.read(path) == plain


def test_an_unchanged_questionnaire_is_read_once_and_a_changed_one_anew_with_its_own_faults(tmp_path):
    first = xlsform.read(small(tmp_path))
    (tmp_path / "another project").mkdir()
    assert xlsform.read(small(tmp_path / "another project")) is first
    warmer = xlsform.read(small(tmp_path, ("Good mood", "Warm mood")))
    assert (warmer.scales[0].labels["en"], first.scales[0].labels["en"]) == ("Warm mood", "Good mood")
    for name in ("one.md", "two.md"):
        with pytest.raises(BadDeclaration, match=name):
            xlsform.read(small(tmp_path, ("select_one four | calm", "select_one five | calm"), name=name))
    assert xlsform.read(small(tmp_path)) is first
