"""What became of a file, as data: the verdict, ids, places and sentences, and never an answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from evaluation.cli import main
from evaluation.collect.issues import MOST_RUNS, Rejection, grouped, note
from evaluation.texts import Message
from tests.conftest import Folder, worded

KEYS = ["file", "target", "verdict", "stored", "already", "notes", "rejected", "refused", "rejected_file"]
HEAD = "participant,enrolled_on,target_group,country,consent_service,consent_reporting\n"
GOOD = "P-001,2026-02-01,x,PL,true,true\n"


def sent(empty: Folder, text: str, *more: str, target: str = "participants") -> tuple[int, Any]:
    """The exit code and the one object that the command printed."""
    file = empty.path.parent / "people.csv"
    file.write_text(text, encoding="utf-8")
    return answered(empty, file, "--as", target, *more)


def answered(empty: Folder, file: Path, *more: str) -> tuple[int, Any]:
    result = CliRunner().invoke(main, empty.arguments("intake", str(file), "--json", *more))
    (line,) = result.stdout.splitlines()
    return result.exit_code, json.loads(line)


def test_a_file_that_is_accepted_with_notes_names_their_rows_and_columns(empty: Folder) -> None:
    code, said = sent(empty, HEAD + GOOD + "P-002,03.02.2026,x,PL,tak,true\n")
    assert (code, list(said), said["verdict"]) == (0, KEYS, "accept_with_note")
    assert (said["file"], said["target"], said["stored"], said["already"]) == ("people.csv", "participants", 2, 0)
    assert {"id": "date_dmy", "column": "enrolled_on", "rows": [3]} in said["notes"]
    assert {"id": "column_absent", "column": "sex", "rows": []} in said["notes"]
    assert (said["rejected"], said["refused"], said["rejected_file"]) == ([], None, None)


def test_a_file_with_nothing_to_say_of_is_accepted(empty: Folder) -> None:
    text = "category,period,count,whole,grouping,source\ncalls,2026,12,,,register\n"
    code, said = sent(empty, text, target="aggregate_counts")
    assert (code, said["verdict"], said["notes"], said["stored"]) == (0, "accept", [], 1)


def test_what_is_there_already_is_counted_apart(empty: Folder) -> None:
    sent(empty, HEAD + GOOD)
    code, said = sent(empty, HEAD + GOOD + GOOD.replace("001", "002"))
    assert (code, said["stored"], said["already"]) == (0, 1, 1)


def test_rejected_rows_have_their_reason_in_the_language_spoken_and_a_file(empty: Folder) -> None:
    text = HEAD + GOOD + "P-002,2026-02-30,x,Atlantyda,true,true\n"
    code, said = sent(empty, text, "--language", "pl")
    assert (code, said["verdict"], said["stored"]) == (8, "quarantine_rows", 1)
    first, second = said["rejected"]
    assert first == {
        "id": "date_impossible",
        "sheet": None,
        "row": 3,
        "column": "enrolled_on",
        "reason": "w kalendarzu nie ma takiego dnia; popraw datę.",
    }
    assert (second["id"], second["column"]) == ("unknown_choice", "country")
    assert Path(said["rejected_file"]).is_file()
    assert "Atlantyda" not in json.dumps(said, ensure_ascii=False)


def test_a_rejected_row_of_a_workbook_names_its_sheet(empty: Folder) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Register"
    for line in (HEAD + "P-002,2026-02-30,x,PL,true,true").splitlines():
        book.worksheets[0].append(line.split(","))
    book.save(empty.path.parent / "people.xlsx")
    _, said = answered(empty, empty.path.parent / "people.xlsx", "--as", "participants")
    assert [(each["sheet"], each["row"]) for each in said["rejected"]] == [("Register", 2)]


@pytest.mark.parametrize(
    ("header", "id", "row", "column"),
    [
        (HEAD.replace("consent_service", "nickname"), "unknown_column", 1, "nickname"),
        ("a,b,c,d,e,f\n", "no_header", None, None),
    ],
)
def test_a_refused_file_names_row_and_column_where_there_is_one(
    empty: Folder, header: str, id: str, row: int | None, column: str | None
) -> None:
    code, said = sent(empty, header + GOOD)
    assert (code, list(said), said["verdict"], said["stored"]) == (9, KEYS, "reject_file", 0)
    refused = said["refused"]
    assert (refused["id"], refused["row"], refused["column"]) == (id, row, column)
    assert refused["reason"].startswith("people.csv: ")


# --- sentences ---------------------------------------------------------------------------------


def rejected(*rows: int, column: str = "sex", reason: str = "bad_date") -> list[Rejection]:
    return [Rejection(row, column, reason, Message(f"collect.rejected.{reason}")) for row in rows]


@pytest.mark.parametrize(
    ("rows", "english", "polish"),
    [
        ((4,), "Row 4, column 'sex'", "Wiersz 4, kolumna „sex”"),
        ((4, 5), "Rows 4, 5, column 'sex'", "Wiersze 4, 5, kolumna „sex”"),
        ((3, 4, 5, 6, 7, 12), "Rows 3–7, 12, column 'sex'", "Wiersze 3–7, 12, kolumna „sex”"),
        ((12, 4, 3, 5), "Rows 3–5, 12, column 'sex'", "Wiersze 3–5, 12, kolumna „sex”"),
        ((4, 4), "Row 4, column 'sex'", "Wiersz 4, kolumna „sex”"),
    ],
)
def test_rows_of_one_column_and_reason_are_one_sentence(rows: tuple[int, ...], english: str, polish: str) -> None:
    said = grouped(rejected(*rows))
    assert [line.partition(": ")[0] for language in ("en", "pl") for line in worded(said, language)] == [
        english,
        polish,
    ]


def test_another_column_and_another_reason_are_sentences_of_their_own() -> None:
    several = [*rejected(2, 3), *rejected(2, column="country"), *rejected(3, reason="not_boolean")]
    assert len(grouped(several)) == 3


def test_of_very_many_places_the_first_are_listed_and_the_others_counted() -> None:
    rows = tuple(range(2, 2 + 2 * (MOST_RUNS + 3), 2))
    (line,) = worded(grouped(rejected(*rows)))
    assert line.startswith("Rows 2, 4, 6,")
    assert "24 and 3 more, column" in line


def test_a_note_of_the_whole_file_has_no_place() -> None:
    assert worded([note("delimiter", separator="';'").message]) == ["columns are separated by ';'."]
