"""Nothing is lost: what was not accepted waits in a file that can be corrected and sent again."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from evaluation.collect.check.checking import Intake, check
from evaluation.collect.files.reading import read
from evaluation.collect.files.rejected import write_rejected
from evaluation.collect.files.sheet import Row, Sheet
from evaluation.errors import EvaluationError
from evaluation.texts import in_all
from tests.collect.intake_forms import BAD, COLUMNS, CONTEXT, FORM

SOURCE = Path(__file__).parents[3] / "evaluation"
ABOUT = ("intake_row", "intake_column", "intake_reason_en", "intake_reason_pl", "intake_file")
CLEAN = read(BAD / "clean.csv", expected=COLUMNS)


def waiting(sheet: Sheet, path: Path) -> tuple[Intake, Sheet]:
    """What was found in ``sheet``, and the file of its rejected rows read again."""
    found = check(sheet, FORM, CONTEXT)
    write_rejected(found.rejected, sheet, path)
    return found, read(path, expected=COLUMNS)


def with_cells(changes: dict[tuple[int, str], str]) -> Sheet:
    """The clean file with some cells (row, column) changed."""
    rows = []
    for row in CLEAN.rows:
        cells = [changes.get((row.number, name), cell) for name, cell in zip(CLEAN.header, row.cells, strict=True)]
        rows.append(dataclasses.replace(row, cells=tuple(cells)))
    return dataclasses.replace(CLEAN, rows=tuple(rows))


# --- the file ---------------------------------------------------------------------------------


def test_exactly_the_rejected_rows_are_written_with_place_and_reason_in_two_languages(tmp_path: Path) -> None:
    sheet = with_cells({(3, "sec_home"): "7", (3, "remarks"): "600 123 456", (9, "wave"): "t9"})
    found = check(sheet, FORM, CONTEXT)
    assert write_rejected(found.rejected, sheet, tmp_path / "again.csv") == 2
    with (tmp_path / "again.csv").open(encoding="utf-8-sig", newline="") as file:
        header, first, second = csv.reader(file)
    assert header == [*ABOUT, *CLEAN.header]
    assert {first[4], second[4]} == {"again.csv"}
    assert first[:2] == ["3", "sec_home / remarks"]
    assert first[2].startswith("the answer is not on the scale (1–4, 98)")
    assert first[3].startswith("odpowiedź jest spoza skali (1–4, 98)")
    assert (second[0], second[1]) == ("9", "wave")


def test_the_file_begins_with_the_mark_that_excel_needs_for_polish_letters(tmp_path: Path) -> None:
    waiting(with_cells({(3, "sec_home"): "7"}), tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_corrected_row_is_accepted_when_it_is_sent_again(tmp_path: Path) -> None:
    path = tmp_path / "again.csv"
    first, _ = waiting(with_cells({(3, "sec_home"): "7"}), path)
    path.write_text(path.read_text(encoding="utf-8-sig").replace('"7"', '"1"'), encoding="utf-8-sig")
    second = check(read(path, expected=COLUMNS), FORM, CONTEXT)
    assert [note.id for note in second.notes] == ["returned"]
    assert sorted(str(dict(row)) for row in (*first.accepted, *second.accepted)) == sorted(
        str(dict(row)) for row in check(CLEAN, FORM, CONTEXT).accepted
    )


def test_a_file_of_rejected_rows_is_known_whatever_languages_its_reasons_are_in(tmp_path: Path) -> None:
    path = tmp_path / "again.csv"
    _, both = waiting(with_cells({(3, "sec_home"): "7"}), path)
    path.write_text(path.read_text(encoding="utf-8-sig").replace("intake_reason_pl", "intake_reason_uk"), "utf-8-sig")
    other = read(path, expected=COLUMNS)
    assert (other.header, other.answers) == (both.header, both.answers) == (CLEAN.header, {"again.csv": frozenset("3")})


def test_a_file_that_is_sent_again_uncorrected_is_rejected_for_the_same_reasons(tmp_path: Path) -> None:
    for name in ("ragged_short", "ragged_long", "pii_in_text", "duplicate_key", "code_homoglyph"):
        sheet = read(BAD / f"{name}.csv", expected=COLUMNS)
        found, again = waiting(sheet, tmp_path / "again.csv")
        repeated = check(again, FORM, CONTEXT)
        assert [r.reason for r in repeated.rejected] == [r.reason for r in found.rejected]
        kept = {row.number: row.cells for row in sheet.rows}
        assert [row.cells for row in again.rows] == [kept[number] for number in found.rejected_rows]


def test_a_workbook_without_computed_values_is_written_with_its_formulas_as_text(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(CLEAN.header)
    book.worksheets[0].append(["=A1", *CLEAN.rows[0].cells[1:]])
    book.save(tmp_path / "sent.xlsx")
    found, again = waiting(read(tmp_path / "sent.xlsx", expected=COLUMNS), tmp_path / "again.csv")
    assert found.rejected[0].reason == "formula_without_value"
    assert again.rows[0].cells[0] == "=A1"
    assert '"\'=A1"' in (tmp_path / "again.csv").read_text(encoding="utf-8-sig")


# --- nothing is lost --------------------------------------------------------------------------

SECRETS = (
    "tajemnica",
    "kw1atuszek",
    "=cmd|secret",
    "600123456",
    "zażółć@gęśl.pl",
    "2019-13-45",
    "KC-9x9",
    "9173.5521",
)
ODDITIES = (
    "",
    " ",
    "\u00a0",
    "99",
    "-1",
    "3,0",
    "NaN",
    "#N/A",
    "01/02/2025",
    "45681",
    "t1",
    "none home",
    "\u200b",
    "٣",
)
CELL = st.one_of(st.sampled_from(SECRETS), st.sampled_from(ODDITIES), st.text(max_size=8))
PLACE = st.tuples(st.integers(2, 25), st.sampled_from(CLEAN.header))


def texts(found: Intake) -> str:
    return " ".join(
        part for thing in (*found.rejected, *found.notes) for part in (repr(thing), *in_all(thing.message).values())
    )


def checked(sheet: Sheet) -> Intake | str:
    """What was found, or the sentence of a refusal."""
    try:
        return check(sheet, FORM, CONTEXT)
    except EvaluationError as error:
        return str(error)


def assert_whole(found: Intake, sheet: Sheet) -> None:
    rows = sorted((*found.accepted_rows, *found.repeated, *found.rejected_rows))
    assert rows == [row.number for row in sheet.rows]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(PLACE, CELL, max_size=12), twice=st.lists(st.integers(0, 23), max_size=3))
def test_mangled_cells_lose_no_row_and_no_sentence_repeats_them(
    changes: dict[tuple[int, str], str], twice: list[int], tmp_path: Path
) -> None:
    sheet = with_cells(changes)
    more = tuple(Row(number, sheet.rows[at].cells) for number, at in enumerate(twice, 26))
    sheet = dataclasses.replace(sheet, rows=sheet.rows + more)
    found = checked(sheet)
    if isinstance(found, str):
        assert not any(secret in found for secret in SECRETS)
        return
    assert_whole(found, sheet)
    assert not any(secret in texts(found) for secret in SECRETS)
    write_rejected(found.rejected, sheet, tmp_path / "again.csv")
    if found.rejected:
        again = read(tmp_path / "again.csv", expected=COLUMNS)
        kept = {row.number: row.cells for row in sheet.rows}
        assert len(again.rows) == len(found.rejected_rows)
        for row, number in zip(again.rows, found.rejected_rows, strict=True):
            # Letters that were misread once are restored on reading; everything else is as it was sent.
            assert row.cells == kept[number] or "mojibake" in {note.id for note in again.notes}


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_torn_bytes_raise_nothing_but_a_sentence_and_lose_no_row(data: st.DataObject, tmp_path: Path) -> None:
    name = data.draw(st.sampled_from(["clean.csv", "semicolon.csv", "encoding_cp1250.csv", "total_row.xlsx"]))
    content = bytearray((BAD / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        patch = data.draw(st.one_of(st.binary(max_size=3), st.sampled_from([b'"', b";", b",", b"\r\n", b"\0", b"="])))
        content[at : at + data.draw(st.integers(0, 40))] = patch
        if not content:
            return
    path = tmp_path / "torn"
    path.write_bytes(content)
    with contextlib.suppress(EvaluationError):
        sheet = read(path, expected=COLUMNS)
        assert_whole(check(sheet, FORM, CONTEXT), sheet)


# --- words ------------------------------------------------------------------------------------


def keys(table: str) -> dict[str, str | dict[str, str]]:
    words = tomllib.loads((SOURCE / "texts" / "en.toml").read_text(encoding="utf-8"))
    return dict(words["collect"][table])


@pytest.mark.parametrize("table", ["note", "rejected", "refused"])
def test_every_reason_is_given_somewhere_and_ends_as_a_sentence(table: str) -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (SOURCE / "collect").rglob("*.py"))
    for key, wording in keys(table).items():
        assert f'"{key}"' in source, key
        for sentence in wording.values() if isinstance(wording, dict) else (wording,):
            assert sentence.endswith((".", "?", "{hint}")), key
