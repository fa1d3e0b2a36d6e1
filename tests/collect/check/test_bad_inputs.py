"""The reference files: one clean, 39 with one fault each; the verdict and the place must be right."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

import pytest

from evaluation import texts
from evaluation.collect.check.checking import Intake, check
from evaluation.collect.files.imported.mapping import apply
from evaluation.collect.files.reading import read
from evaluation.errors import FileRefused
from evaluation.schema import Import
from evaluation.texts import say
from tests.collect.intake_forms import BAD, COLUMNS, CONTEXT, FORM, WAVES

CASES: list[dict[str, Any]] = json.loads((BAD / "index.json").read_text(encoding="utf-8"))
ACCEPTED = [case for case in CASES if case["verdict"].startswith("accept")]
QUARANTINED = [case for case in CASES if case["verdict"] == "quarantine_rows"]
REFUSED = [case for case in CASES if case["verdict"] == "reject_file"]

REASON = {
    "date_impossible": "date_impossible",
    "date_future": "date_future",
    "duplicate_key": "duplicate_key",
    "unknown_participant": "unknown_participant",
    "out_of_scale": "out_of_scale",
    "undeclared_sentinel": "undeclared_sentinel",
    "nan_string": "not_a_number",
    "mixed_type": "label_instead_of_code",
    "required_missing": "required_missing",
    "skip_logic": "not_relevant",
    "skip_logic_missing": "skip_missing",
    "exclusive_choice": "exclusive_choice",
    "unknown_choice": "unknown_choice",
    "pii_in_free_text": "personal_data",
    "homoglyph": "homoglyph",
    "excel_error_value": "excel_error",
    "total_row": "total_row",
}


def checked(name: str) -> Intake:
    return check(read(BAD / name, expected=COLUMNS), FORM, CONTEXT)


def called(case: Mapping[str, Any]) -> str:
    return str(case["file"])


CLEAN = checked("clean.csv")

# The same form as a declared import of a project, which knows nothing of the file but its columns.
IMPORT = Import(
    instrument=FORM.id,
    participant="participant_code",
    wave_column="wave",
    wave_codes={"t0": "baseline", "t1": "endline", "t2": "followup"},
    date_column="interview_date",
)


def imported(name: str) -> Intake:
    laid = apply(read(BAD / name), IMPORT, instrument=FORM, waves=WAVES)
    return check(laid.sheet, FORM, dataclasses.replace(CONTEXT, names={}))


def test_the_index_is_whole() -> None:
    assert (len(CASES), len(ACCEPTED), len(QUARANTINED), len(REFUSED)) == (40, 16, 19, 5)


def test_a_clean_file_gives_no_complaint() -> None:
    assert (len(CLEAN.accepted), CLEAN.notes, CLEAN.rejected, CLEAN.repeated) == (24, (), (), ())


@pytest.mark.parametrize("case", ACCEPTED, ids=called)
def test_a_harmless_oddity_is_accepted_with_a_note_and_the_same_answers(case: Mapping[str, Any]) -> None:
    result = checked(case["file"])
    assert result.rejected == ()
    assert bool(result.notes) == (case["verdict"] == "accept_with_note")
    assert len(result.accepted) == case["clean_rows_expected"]
    if case["fault"] not in ("formula_injection", "decimal_comma_mixed"):
        assert result.accepted == CLEAN.accepted


@pytest.mark.parametrize("case", [c for c in ACCEPTED if c["where"]], ids=called)
def test_the_note_names_the_rows_and_the_column(case: Mapping[str, Any]) -> None:
    rows = [place["row"] for place in case["where"]]
    expected = tuple(range(2, 26)) if rows == ["all"] else tuple(rows)
    column = case["where"][0]["column"] or ""
    assert (column, expected) in {(note.column, note.rows) for note in checked(case["file"]).notes}


@pytest.mark.parametrize("case", QUARANTINED, ids=called)
def test_only_the_named_rows_are_held_back_and_the_others_are_accepted(case: Mapping[str, Any]) -> None:
    result = checked(case["file"])
    places = {(place["row"], place["column"] or "") for place in case["where"]}
    assert {(rejection.row, rejection.column) for rejection in result.rejected} == places
    assert {r.reason for r in result.rejected} <= {
        REASON.get(case["fault"], ""),
        "ragged_short",
        "ragged_long",
    }
    left = [v for row, v in zip(CLEAN.accepted_rows, CLEAN.accepted, strict=True) if row not in result.rejected_rows]
    assert list(result.accepted) == left


@pytest.mark.parametrize("case", REFUSED, ids=called)
@pytest.mark.parametrize("language", ["en", "pl"])
def test_a_file_that_cannot_be_trusted_is_refused_with_its_column(case: Mapping[str, Any], language: str) -> None:
    sheet = read(BAD / case["file"], expected=COLUMNS)
    with pytest.raises(FileRefused) as refused:
        check(sheet, FORM, CONTEXT)
    for place in case["where"]:
        assert refused.value.column == place["column"]
        assert say(texts.quoted(place["column"]), language) in say(refused.value.message, language)


@pytest.mark.parametrize("case", CASES, ids=called)
def test_a_declared_import_finds_the_same(case: Mapping[str, Any]) -> None:
    if case in REFUSED:
        with pytest.raises(FileRefused):
            imported(case["file"])
        return
    own, direct = imported(case["file"]), checked(case["file"])
    assert (own.accepted, own.rejected, own.repeated) == (direct.accepted, direct.rejected, direct.repeated)
    assert {(n.id, n.column, n.rows) for n in own.notes} == {(n.id, n.column, n.rows) for n in direct.notes}


def test_one_decimal_comma_is_read_as_a_number() -> None:
    assert checked("one_decimal_comma.csv").accepted[5]["weekly_budget_pln"] == "310.5"


def test_text_that_looks_like_a_formula_is_kept_as_it_is() -> None:
    assert str(checked("formula_injection.csv").accepted[8]["remarks"]).startswith("=HYPERLINK(")


def test_a_misspelt_column_is_met_with_the_right_name() -> None:
    with pytest.raises(FileRefused, match="did you mean 'sec_rights'"):
        checked("header_typo.csv")


def test_polish_letters_of_windows_1250_survive() -> None:
    assert checked("encoding_cp1250.csv").accepted[1]["remarks"] == "źle śpi, ma wsparcie"
