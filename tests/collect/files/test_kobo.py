"""An export of KoboToolbox or ODK is read in the layouts in which it arrives."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from evaluation import xlsform
from evaluation.collect.check.checking import Intake, check
from evaluation.collect.check.context import Context
from evaluation.collect.files.reading import read
from evaluation.collect.files.sheet import Sheet
from evaluation.errors import FileRefused
from evaluation.schema import Choice, Instrument, Item
from tests.collect.intake_forms import COLUMNS, CONTEXT, DATA, FORM

EXPORTS = DATA / "kobo_exports"
# The second version of the form: a question was added, and a removed one is kept for its old answers.
SECOND = dataclasses.replace(
    FORM,
    version="v2",
    items=(
        *(dataclasses.replace(i, required=i.id != "sec_help" and i.required) for i in FORM.items if "pln" not in i.id),
        Item("new_item", "integer", {"pl": "Nowe pytanie"}, low=0, high=10, required=True),
    ),
)
ALL_VERSIONS = ("xml_values_all_versions", "xml_groups_all_versions")


def checked(path: Path) -> Intake:
    return check(read(path, expected=COLUMNS), SECOND, CONTEXT)


def written(folder: Path, *lines: str) -> Path:
    path = folder / "export.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ALL_VERSIONS)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_both_versions_are_read_with_what_each_of_them_asked(name: str, ending: str) -> None:
    result = checked(EXPORTS / f"{name}.{ending}")
    first, second = result.accepted
    assert (first["form_version"], first["sec_help"], first["new_item"]) == ("v1", "4", None)
    assert (second["form_version"], second["sec_help"], second["new_item"]) == ("v2", None, "5")
    assert (first["wave"], first["unsafe_places"], first["sec_future"]) == ("baseline", "home street", "98")
    assert result.rejected == ()
    assert "single_version" not in {note.id for note in result.notes}


def test_the_versions_of_kobo_itself_come_in_for_a_form_that_says_none(tmp_path: Path) -> None:
    (tmp_path / "visit.md").write_text(
        "| survey |\n| | type | name | label | required |\n| | text | participant | Who | |\n"
        "| | select_one w | wave | When | |\n| | date | date | Day | |\n| | integer | calls | Calls | yes |\n"
        "| choices |\n| | list_name | name | label |\n| | w | baseline | Start |\n| | w | endline | End |\n",
        encoding="utf-8",
    )
    form = xlsform.read(tmp_path / "visit.md")
    header = "start,end,participant,wave,date,calls,__version__,_id,_uuid"
    rows = [
        f"a,b,P-0{n},baseline,2024-0{n}-20,{calls},{version},{n},u-{n}"
        for n, calls, version in ((1, 3, "vRR7hH6SxTupvtvTcQ5tDs"), (2, "", "vAb9"), (3, "", form.version), (4, 0, ""))
    ]
    context = dataclasses.replace(CONTEXT, participants=frozenset(f"P-0{n}" for n in range(1, 5)))
    result = check(read(written(tmp_path, header, *rows)), form, context)
    assert [(row["form_version"], row["calls"]) for row in result.accepted] == [
        ("vRR7hH6SxTupvtvTcQ5tDs", "3"),
        ("vAb9", None),
        (None, "0"),
    ]
    assert [(rejection.row, rejection.column) for rejection in result.rejected] == [(4, "calls")]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_of_one_version_is_warned_of(ending: str) -> None:
    result = checked(EXPORTS / f"xml_values_latest_version_only.{ending}")
    assert len(result.accepted) == 1
    assert {"single_version", "column_absent"} <= {note.id for note in result.notes}


WHO_LABELS = {
    "participant": {"pl": "Kod uczestniczki"},
    "wave": {"pl": "Które to spotkanie?"},
    "date": {"pl": "Data wywiadu"},
}


def test_an_export_of_labels_is_read_where_the_form_has_them_all() -> None:
    form = dataclasses.replace(SECOND, header=WHO_LABELS)
    result = check(read(EXPORTS / "labels_pl_summary_only.csv"), form, CONTEXT)
    assert result.rejected == ()
    first, second = result.accepted
    assert first.items() >= {"participant": "KC-001", "wave": "baseline", "date": "2025-01-24"}.items()
    assert (first["sec_home"], first["sec_future"], first["threat"]) == ("3", "98", "1")
    assert (first["unsafe_places"], second["wave"], second["new_item"]) == ("home street", "endline", "5")
    assert {"header_labels", "label_read", "export_columns"} <= {note.id for note in result.notes}


def test_an_export_of_labels_without_who_and_when_is_refused_with_what_to_do() -> None:
    sheet = read(EXPORTS / "labels_pl_summary_only.csv", expected=COLUMNS)
    with pytest.raises(FileRefused, match="XML values and headers") as found:
        check(sheet, SECOND, CONTEXT)
    assert found.value.column == "Kod uczestniczki"


def test_labels_stand_before_their_choices_and_behind_their_groups(tmp_path: Path) -> None:
    form = dataclasses.replace(SECOND, header=WHO_LABELS, groups={"sec_home": "sec"})
    labels = {item.id: item.labels["pl"] for item in SECOND.items}
    head = [*(label["pl"] for label in WHO_LABELS.values()), f"Grupa/{labels['sec_home']}", labels["unsafe_places"]]
    head += [f"{labels['unsafe_places']}/{place}" for place in ("W domu", "Na ulicy")]
    line = ("KC-001", "Wejście (T0)", "2025-01-24", "Raczej prawda", "W domu", "1", "0")
    context = dataclasses.replace(CONTEXT, correcting=True, existing={SECOND.id: {("KC-001", "baseline"): WHO | PLAIN}})
    (values,) = check(read(written(tmp_path, ";".join(head), ";".join(line))), form, context).accepted
    assert (values["sec_home"], values["unsafe_places"]) == ("3", "home")


HEAD = "participant_code,wave,interview_date,sec/sec_home,sec/sec_street,sec/sec_help,sec/sec_rights,sec/sec_future"
REST = "threat,new_item,unsafe_places/home,unsafe_places/street,unsafe_places/none"


def test_a_rejection_names_the_column_as_the_export_calls_it(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEAD},{REST},_uuid", "KC-001,t0,2025-01-24,9,1,1,1,1,0,5,0,1,0,x")
    (rejection,) = checked(path).rejected
    assert (rejection.row, rejection.column) == (2, "sec/sec_home")


def test_split_choices_are_joined_where_there_is_no_joined_column(tmp_path: Path) -> None:
    lines = ("KC-001,t0,2025-01-24,1,1,1,1,1,0,5,0,1,0,x", "KC-002,t0,2025-01-24,1,1,1,1,1,0,5,,,,y")
    result = checked(written(tmp_path, f"{HEAD},{REST},_uuid", *lines))
    assert [values["unsafe_places"] for values in result.accepted] == ["street", None]
    assert "no_version" in {note.id for note in result.notes}


def test_split_choices_that_disagree_with_the_joined_column_hold_the_row_back(tmp_path: Path) -> None:
    lines = (
        "KC-001,t0,2025-01-24,1,1,1,1,1,0,5,0,1,0,home",
        "KC-002,t0,2025-01-24,1,1,1,1,1,0,5,0,2,0,street",
    )
    result = checked(written(tmp_path, f"{HEAD},{REST},unsafe_places", *lines))
    assert [(r.row, r.column, r.reason) for r in result.rejected] == [
        (2, "unsafe_places", "split_disagrees"),
        (3, "unsafe_places", "split_disagrees"),
    ]


def test_exclusive_choices_are_found_in_split_columns_too(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEAD},{REST},_uuid", "KC-001,t0,2025-01-24,1,1,1,1,1,0,5,0,1,1,x")
    assert [r.reason for r in checked(path).rejected] == ["exclusive_choice"]


def test_a_torn_line_of_an_export_is_held_back(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEAD},{REST},_uuid", "KC-001,t0,2025-01-24,1,1,1,1,1,0,5,0,1")
    assert [r.reason for r in checked(path).rejected] == ["ragged_short"]


def test_the_account_that_sent_the_form_is_never_taken_in(tmp_path: Path) -> None:
    line = "KC-001,t0,2025-01-24,1,1,1,1,1,0,5,0,1,0,x,anna.n,600123456"
    result = checked(written(tmp_path, f"{HEAD},{REST},_uuid,_submitted_by,phonenumber", line))
    assert len(result.accepted) == 1
    assert "anna.n" not in str(result.accepted)


def test_a_question_that_the_form_does_not_know_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEAD},{REST},_uuid,sec/surname", "KC-001,t0,2025-01-24,1,1,1,1,1,0,5,0,1,0,x,N")
    with pytest.raises(FileRefused, match="surname"):
        checked(path)


# --- whole paths, never the tail of a name -----------------------------------------------------

PLAIN = {
    "sec_home": "1",
    "sec_street": "1",
    "sec_help": "1",
    "sec_rights": "1",
    "sec_future": "1",
    "threat": "0",
    "new_item": "5",
}
WHO = {"participant_code": "KC-001", "wave": "t0", "interview_date": "2025-01-24"}


def export(folder: Path, **changes: str | None) -> Path:
    """An export of one filled form; ``changes`` rename a column (None: leave it out)."""
    cells = {changes.get(name, name): cell for name, cell in (WHO | PLAIN).items()} | {
        "_uuid": "u1",
        "__version__": "v2",
    }
    cells.pop(None, None)
    return written(folder, ",".join(map(str, cells)), ",".join(cells.values()))


def refused(path: Path, form: Instrument = SECOND) -> FileRefused:
    with pytest.raises(FileRefused) as found:
        check(read(path, expected=COLUMNS), form, CONTEXT)
    return found.value


@pytest.mark.parametrize(
    ("question", "column"),
    [
        ("interview_date", "birth-date"),
        ("wave", "first-wave"),
        ("participant_code", "mother-participant"),
        ("interview_date", "birth/date"),
        ("interview_date", "child/birth/date"),
        ("wave", "first/wave"),
        ("participant_code", "mother/participant"),
        ("threat", "first-threat"),  # a hyphen may be part of the name of another question
        ("threat", "sec_home/threat"),  # what lies behind a question is a choice of it, not a question
    ],
)
@pytest.mark.parametrize("beside", [True, False])
def test_a_column_that_only_ends_like_a_question_is_not_taken_for_it(
    tmp_path: Path, question: str, column: str, beside: bool
) -> None:
    if not beside:
        error = refused(export(tmp_path, **{question: column}))
    else:
        path = export(tmp_path)
        head, row = path.read_text(encoding="utf-8").splitlines()
        error = refused(written(tmp_path, f"{head},{column}", f"{row},2025-01-20"))
    assert (error.reason, error.column) == ("undeclared_path", column)
    assert f"'{column}'" in str(error)


def test_an_export_with_groups_that_the_form_does_not_have_is_read_for_its_items(tmp_path: Path) -> None:
    for mark in ("/", "-", ".", ":", "__"):
        grouped = {name: f"page{mark}sec{mark}{name}" for name in PLAIN if name.startswith("sec_")}
        (values,) = checked(export(tmp_path, **grouped)).accepted
        assert {name: values[name] for name in PLAIN} == PLAIN


def test_a_hyphen_divides_nothing_in_a_file_that_no_tool_has_signed(tmp_path: Path) -> None:
    header = "participant_code,wave,interview_date,sec-sec_home,sec-sec_street"
    assert refused(written(tmp_path, header, "KC-001,t0,2025-01-24,1,1")).column == "sec-sec_home"


def test_who_and_when_are_never_known_behind_a_group_even_if_a_form_lists_them_as_items(tmp_path: Path) -> None:
    form = dataclasses.replace(SECOND, items=(*SECOND.items, Item("date", "date", {})))
    assert refused(export(tmp_path, interview_date="birth/date"), form).column == "birth/date"


def test_two_columns_of_one_question_are_refused_with_both_their_names(tmp_path: Path) -> None:
    head, row = export(tmp_path).read_text(encoding="utf-8").splitlines()
    for column in ("sec/sec_home", "participant"):
        with pytest.raises(FileRefused) as found:
            checked(written(tmp_path, f"{head},{column}", f"{row},2"))
        assert found.value.reason == "two_columns"
        assert f"'{column}'" in str(found.value)


GROUPS = {"date": "about", "sec_home": "sec/inner", "sec_street": "sec/inner"}
GROUPED = dataclasses.replace(SECOND, groups=GROUPS)


@pytest.mark.parametrize("mark", ["/", "-", ".", ":", "__"])
def test_the_groups_of_the_form_itself_are_its_paths_in_kobo_and_in_odk_central(tmp_path: Path, mark: str) -> None:
    paths = {"interview_date": "about/date", **{name: f"{GROUPS[name]}/{name}" for name in ("sec_home", "sec_street")}}
    path = export(tmp_path, **{name: column.replace("/", mark) for name, column in paths.items()})
    (values,) = check(read(path, expected=COLUMNS), GROUPED, CONTEXT).accepted
    assert (values["date"], values["sec_home"], values["sec_street"]) == ("2025-01-24", "1", "1")


def test_a_form_without_its_groups_in_the_header_is_read_by_exact_names(tmp_path: Path) -> None:
    (values,) = check(read(export(tmp_path), expected=COLUMNS), GROUPED, CONTEXT).accepted
    assert (values["date"], values["sec_home"]) == ("2025-01-24", "1")


@pytest.mark.parametrize("column", ["birth/date", "about/birth/date", "birth-date", "x/about/date"])
def test_a_date_of_another_group_than_the_forms_own_is_refused(tmp_path: Path, column: str) -> None:
    assert refused(export(tmp_path, interview_date=column), GROUPED).column == column


@pytest.mark.parametrize("column", ["sec/sec_home", "inner/sec_home", "other/sec_home", "sec/inner-sec_home"])
def test_what_the_form_says_of_its_groups_wins_for_items_too(tmp_path: Path, column: str) -> None:
    assert refused(export(tmp_path, sec_home=column), GROUPED).column == column


def test_an_item_outside_the_groups_of_a_form_that_has_some_is_not_found_in_one(tmp_path: Path) -> None:
    assert refused(export(tmp_path, threat="sec/threat"), GROUPED).column == "sec/threat"


def public(name: str) -> tuple[Sheet, Instrument, Context]:
    folder = DATA / "public_intake"
    form = xlsform.read(folder / "ankieta.md")
    people = dataclasses.replace(CONTEXT, participants={"P-001"}, participant_pattern=r"P-\d{3}", names={})
    return read(folder / f"{name}.csv", expected=[item.id for item in form.items]), form, people


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("odk_central", {"unsafe_places": "home", "sec_home": "1"}),
        ("k_split_only_partial_blank", {"unsafe_places": "home"}),
        ("kobo_separator_dash", {"unsafe_places": "home", "sec_home": "1"}),
        ("ona_split_na", {"unsafe_places": "home"}),
    ],
)
def test_exports_as_public_reports_describe_them_are_read(name: str, values: dict[str, str]) -> None:
    result = check(*public(name))
    assert (result.rejected, values.items() <= result.accepted[0].items()) == ((), True)


@pytest.mark.parametrize(
    ("name", "reason", "column"),
    [
        ("kobo_hyphen_date", "undeclared_path", "birth-date"),
        ("k_last_visit_date", "undeclared_path", "consent-date"),
        ("kobo_or_other", "or_other", "unsafe_places_other"),
    ],
)
def test_exports_that_hold_something_else_than_the_form_are_refused(name: str, reason: str, column: str) -> None:
    with pytest.raises(FileRefused) as found:
        check(*public(name))
    assert (found.value.reason, found.value.column) == (reason, column)


@pytest.mark.parametrize(
    ("joined", "marks", "value", "fault"),
    [
        ("home", ("n/a", "n/a"), "home", ""),
        ("home", ("", ""), "home", ""),
        ("home work", ("1", ""), "home work", ""),  # work has no column of its own in this version
        ("home", ("1", "0"), "home", ""),
        ("", ("1", "1"), "home street", ""),
        ("n/a", ("0", "1"), "street", ""),
        ("W domu", ("tak", "nie"), "home", ""),
        ("", ("0", "0"), None, ""),
        ("home", ("0", ""), None, "split_disagrees"),
        ("street", ("1", ""), None, "split_disagrees"),
        ("home", ("2", ""), None, "split_disagrees"),
        ("home", ("yes", "yes"), None, "split_disagrees"),
    ],
)
def test_split_and_joined_choices_say_the_same_or_hold_the_row_back(
    tmp_path: Path, joined: str, marks: tuple[str, str], value: str | None, fault: str
) -> None:
    head, row = export(tmp_path).read_text(encoding="utf-8").splitlines()
    columns = "unsafe_places,unsafe_places/home,unsafe_places/street"
    result = checked(written(tmp_path, f"{head},{columns}", ",".join((row, joined, *marks))))
    assert [rejection.reason for rejection in result.rejected] == ([fault] if fault else [])
    assert [values["unsafe_places"] for values in result.accepted] == ([] if fault else [value])
    blank = [note.rows for note in result.notes if note.id == "split_blank"]
    assert blank == ([(2,)] if joined == "home" and not {"0", "1", "2", "yes"} & set(marks) else [])


@pytest.mark.parametrize("mark", ["/", ".", ":", "-", "_"])
def test_choices_are_split_with_the_marks_that_tools_use(tmp_path: Path, mark: str) -> None:
    head, row = export(tmp_path).read_text(encoding="utf-8").splitlines()
    columns = ",".join(f"unsafe_places{mark}{place}" for place in ("home", "street"))
    (values,) = checked(written(tmp_path, f"{head},{columns}", f"{row},0,1")).accepted
    assert values["unsafe_places"] == "street"


def test_split_choices_are_said_where_no_tool_has_signed_the_file(tmp_path: Path) -> None:
    cells = WHO | PLAIN | {"unsafe_places.home": "1", "unsafe_places.street": "0"}
    result = checked(written(tmp_path, ",".join(cells), ",".join(cells.values())))
    assert ("split_read", "unsafe_places.home") in {(note.id, note.column) for note in result.notes}


def test_a_text_about_a_choice_is_no_split_column(tmp_path: Path) -> None:
    head, row = export(tmp_path).read_text(encoding="utf-8").splitlines()
    assert refused(written(tmp_path, f"{head},unsafe_places_home", f"{row},at night")).column == "unsafe_places_home"


def test_the_rows_of_a_repeat_are_refused_as_what_they_are(tmp_path: Path) -> None:
    path = written(tmp_path, "sec_home,sec_street,_index,_parent_index,_submission__id", "1,2,1,1,7")
    assert refused(path).reason == "repeat_rows"


def test_questions_that_nobody_answers_are_left_out(tmp_path: Path) -> None:
    form = dataclasses.replace(SECOND, beside=("total", "starts"), groups={"total": "about"})
    head, row = export(tmp_path).read_text(encoding="utf-8").splitlines()
    (values,) = check(read(written(tmp_path, f"{head},about/total,starts", f"{row},7,8")), form, CONTEXT).accepted
    assert "total" not in values


def test_a_correction_in_which_every_choice_was_taken_back_takes_the_answer_away(tmp_path: Path) -> None:
    her = {"participant": "KC-001", "wave": "baseline", "date": "2025-01-24", **PLAIN, "unsafe_places": "home"}
    context = dataclasses.replace(CONTEXT, correcting=True, existing={SECOND.id: {("KC-001", "baseline"): her}})
    for marks, expected in (("0,0", [None]), (",", []), ("0,1", ["street"])):
        head = "participant_code,wave,unsafe_places/home,unsafe_places/street,_uuid"
        sheet = read(written(tmp_path, head, f"KC-001,t0,{marks},u"), expected=COLUMNS)
        assert [values["unsafe_places"] for values in check(sheet, SECOND, context).accepted] == expected


def test_a_name_with_a_hyphen_is_not_taken_for_a_group(tmp_path: Path) -> None:
    header = "participant_code,wave,birth-date,sec_home"
    with pytest.raises(FileRefused, match="birth-date"):
        checked(written(tmp_path, header, "KC-001,t0,2025-01-24,1"))


ABOUT = ("self", "vi", "1", "Ewa")


@pytest.mark.parametrize(
    ("names", "read_as"),
    [
        (("mode", "language", "interpreter", "filled_by"), True),
        (("about/mode", "about/language", "about/interpreter", "about/filled_by"), True),
        (("Sposób wypełnienia", "Język rozmowy", "Obecność tłumacza", "Osoba z zespołu"), True),
        (("mode", "child/language", "interpreter", "filled_by"), False),
    ],
)
def test_an_export_says_how_the_questionnaire_came_about_where_the_form_in_kobo_asks_for_it(
    tmp_path: Path, names: tuple[str, ...], read_as: bool
) -> None:
    head = f"{HEAD},{REST},_uuid,{','.join(names)}"
    path = written(tmp_path, head, f"KC-001,t0,2025-01-24,1,1,1,1,1,0,5,0,1,0,x,{','.join(ABOUT)}")
    if not read_as:
        with pytest.raises(FileRefused) as refused:
            checked(path)
        assert refused.value.column == "child/language"
        return
    (values,) = checked(path).accepted
    told = [values[name] for name in ("mode", "language", "interpreter", "filled_by")]
    assert told == ["self", "vi", "true", "Ewa"]


# --- labels, and what the tool itself says of a submission ------------------------------------------

SPOKEN = dataclasses.replace(
    SECOND,
    items=(*SECOND.items, Item("hint", "note", {"pl": "Teraz o domu"})),
    header={**WHO_LABELS, "participant": {"pl": "Kod uczestniczki", "uk": "Код особи"}},
    groups={"sec_home": "sec", "unsafe_places": "sec/where", "hint": "sec"},
    headings={"sec": {"pl": "Bezpieczeństwo"}, "sec/where": {"pl": "Miejsca"}},
    waves=(Choice("t0", {"uk": "Вхід"}), Choice("endline", {"uk": "Кінець"}), Choice("gone", {"uk": "Раз"})),
)
CORRECTING = dataclasses.replace(CONTEXT, correcting=True, existing={SECOND.id: {("KC-001", "baseline"): WHO | PLAIN}})


@pytest.mark.parametrize("mark", ["/", ".", ":", "-", "__"])
@pytest.mark.parametrize("groups", [("Bezpieczeństwo", "Miejsca"), ("", "")])
def test_labels_of_groups_questions_and_choices_are_read_with_any_mark_between(
    tmp_path: Path, mark: str, groups: tuple[str, str]
) -> None:
    labels = {item.id: item.labels["pl"] for item in SPOKEN.items}
    where = mark.join(filter(None, (*groups, labels["unsafe_places"])))
    head = ["Код особи", WHO_LABELS["wave"]["pl"], WHO_LABELS["date"]["pl"]]
    head += [mark.join(filter(None, (groups[0], labels[name]))) for name in ("hint", "sec_home")]
    head += [where, *(f"{where}{mark}{place}" for place in ("W domu", "Na ulicy")), "_uuid"]
    line = ("KC-001", "Вхід", "2025-01-24", "", "Raczej prawda", "Na ulicy W domu", "1", "1", "u")
    (values,) = check(read(written(tmp_path, ";".join(head), ";".join(line))), SPOKEN, CORRECTING).accepted
    assert (values["wave"], values["sec_home"], values["unsafe_places"]) == ("baseline", "3", "home street")


@pytest.mark.parametrize(
    ("joined", "marks", "fault"),
    [
        ("W domu", "0", "split_disagrees"),
        ("At home", "1", ""),
        ("Na ulicy At home", "1", ""),
        ("Na moście At home", "1", "unknown_choice"),
    ],
)
def test_labels_in_the_joined_column_are_held_against_the_split_ones(
    tmp_path: Path, joined: str, marks: str, fault: str
) -> None:
    head, row = export(tmp_path).read_text(encoding="utf-8").splitlines()
    result = checked(written(tmp_path, f"{head},unsafe_places,unsafe_places/home", f"{row},{joined},{marks}"))
    assert [rejection.reason for rejection in result.rejected] == ([fault] if fault else [])


def test_a_label_that_several_questions_have_is_refused_and_that_of_several_notes_is_left_out(tmp_path: Path) -> None:
    twice = Item("sec_again", "select_one", {"pl": "Ile razy?"}, SECOND.item("sec_home").choices)
    notes = [Item(name, "note", {"pl": "Dziękujemy"}) for name in ("n1", "n2")]
    form = dataclasses.replace(SECOND, items=(*SECOND.items, twice, *notes))
    head, row = export(tmp_path).read_text(encoding="utf-8").splitlines()
    assert check(read(written(tmp_path, f"{head},Dziękujemy,Dziękujemy", f"{row},,")), form, CONTEXT).accepted
    error = refused(written(tmp_path, f"{head},Ile razy?", f"{row},1"), form)
    assert (error.reason, error.column) == ("label_of_several", "Ile razy?")


def test_notes_and_what_the_tool_puts_beside_a_recording_are_left_out(tmp_path: Path) -> None:
    form = dataclasses.replace(SPOKEN, beside=("start-geopoint", "background-audio"))
    head, row = export(tmp_path).read_text(encoding="utf-8").splitlines()
    columns = "sec/hint,start-geopoint,_start-geopoint_latitude,background-audio,background-audio_URL"
    sheet = read(written(tmp_path, f"{head},{columns}", f"{row},,52 21,52,a.m4a,https://kobo/a.m4a"), expected=COLUMNS)
    assert len(check(sheet, form, CONTEXT).accepted) == 1


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("_validation_status", ("validation_status_approved", "validation_status_not_approved", "")),
        ("_validation_status", ("validation_status_on_hold", "Not approved", "Approved")),
        ("_validation_status", ("Zaakceptowane", "Niezaakceptowane", "Wstrzymane")),
        ("_validation_status", ("Тимчасово затримано", "Не затверджено", "Затверджено")),
        ("_validation_status", ("Approuvé", "Non  approuvé", "En attente")),
        ("ReviewState", ("hasIssues", "rejected", "edited")),
        ("review_status", ("APPROVED", "REJECTED", "")),
    ],
)
def test_a_submission_that_was_rejected_in_its_tool_is_held_back(
    tmp_path: Path, column: str, words: tuple[str, str, str]
) -> None:
    head, row = export(tmp_path).read_text(encoding="utf-8").splitlines()
    rows = [f"{row.replace('KC-001', f'KC-00{at}')},{word}" for at, word in enumerate(words, 1)]
    result = checked(written(tmp_path, f"{head},{column}", *rows))
    assert [(r.row, r.column, r.reason) for r in result.rejected] == [(3, "", "not_approved")]
    assert [values["participant"] for values in result.accepted] == ["KC-001", "KC-003"]
    assert "judgement_unknown" not in {note.id for note in result.notes}


def test_of_a_judgement_in_words_that_nobody_knows_it_is_said_that_they_are_to_be_looked_up(tmp_path: Path) -> None:
    head, row = export(tmp_path).read_text(encoding="utf-8").splitlines()
    rows = [f"{row.replace('KC-001', f'KC-00{at}')},{word}" for at, word in enumerate(("Hylätty", "rejected", ""), 1)]
    result = checked(written(tmp_path, f"{head},_validation_status", *rows))
    assert [(r.row, r.reason) for r in result.rejected] == [(3, "not_approved")]
    assert [note.rows for note in result.notes if note.id == "judgement_unknown"] == [(2,)]


def test_a_choice_that_the_form_has_no_more_rejects_the_rows_that_have_it_and_no_others(tmp_path: Path) -> None:
    head, row = export(tmp_path).read_text(encoding="utf-8").splitlines()
    rows = [f"{row.replace('KC-001', f'KC-00{at}')},1,{mark}" for at, mark in enumerate("01", 1)]
    result = checked(written(tmp_path, f"{head},unsafe_places/home,unsafe_places/park", *rows))
    assert [values["unsafe_places"] for values in result.accepted] == ["home"]
    assert [(r.row, r.column, r.reason) for r in result.rejected] == [(3, "unsafe_places/home", "unknown_choice")]
    assert ("choice_gone", "unsafe_places/park") in {(note.id, note.column) for note in result.notes}
    assert refused(written(tmp_path, f"{head},unsafe_places/park", f"{row},at night")).reason == "unknown_column"


def test_what_an_export_writes_where_nothing_was_answered_is_an_empty_cell(tmp_path: Path) -> None:
    choices = (*SECOND.item("unsafe_places").choices, Choice("n_a", {"en": "N/A"}))
    form = dataclasses.replace(SECOND, items=(*SECOND.items, Item("place", "select_one", {}, choices)))
    head, row = export(tmp_path).read_text(encoding="utf-8").splitlines()
    columns, cells = "threat_times,unsafe_places,remarks,place", "n/a,n/a,n/a,n/a"
    result = check(read(written(tmp_path, f"{head},{columns}", f"{row},{cells}"), expected=COLUMNS), form, CONTEXT)
    (values,) = result.accepted
    assert [values[name] for name in columns.split(",")] == [None, None, None, "n_a"]
    assert ("export_blank", (2,)) in {(note.id, note.rows) for note in result.notes}
    cells = WHO | PLAIN | {"threat_times": "", "remarks": "n/a"}
    result = checked(written(tmp_path, ",".join(cells), ",".join(cells.values())))
    assert result.accepted[0]["remarks"] == "n/a"
