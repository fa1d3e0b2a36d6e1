"""An export of KoboToolbox or ODK is read in the layouts in which it arrives."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from intake_forms import COLUMNS, CONTEXT, DATA, FORM

from evaluation.collect import intake
from evaluation.errors import FileRefused
from evaluation.schema import Item

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


def checked(path: Path) -> intake.Intake:
    return intake.check(intake.read(path, expected=COLUMNS), SECOND, CONTEXT)


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


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_of_one_version_is_warned_of(ending: str) -> None:
    result = checked(EXPORTS / f"xml_values_latest_version_only.{ending}")
    assert len(result.accepted) == 1
    assert {"single_version", "column_absent"} <= {note.id for note in result.notes}


@pytest.mark.parametrize("language", ["en", "pl"])
def test_an_export_of_labels_is_refused_with_what_to_choose_instead(language: str) -> None:
    sheet = intake.read(EXPORTS / "labels_pl_summary_only.csv", expected=COLUMNS)
    with pytest.raises(FileRefused, match="XML values and headers"):
        intake.check(sheet, SECOND, CONTEXT, language)


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


def test_a_name_with_a_hyphen_is_not_taken_for_a_group(tmp_path: Path) -> None:
    header = "participant_code,wave,birth-date,sec_home"
    with pytest.raises(FileRefused, match="birth-date"):
        checked(written(tmp_path, header, "KC-001,t0,2025-01-24,1"))
