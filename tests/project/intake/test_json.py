"""What a program reads of `intake --json`: one object a file on standard output, and nothing else whoever is asked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Folder
from tests.project.intake.test_guided_intake import intake, objects, shelter

KEYS = ["file", "target", "verdict", "stored", "already", "notes", "rejected", "refused", "rejected_file"]
PEOPLE = "participant,enrolled_on,consent_service,consent_reporting\n"
FILES = {
    "accept": ("aggregate_counts", "category,period,count,whole,grouping,source\ncalls,2025,12,,,register\n", 0),
    "accept_with_note": ("participants", PEOPLE + "K01,3.02.2025,yes,true\n", 0),
    "quarantine_rows": ("participants", PEOPLE + "K02,2025-02-03,true,true\nK03,2025-02-30,true,true\n", 8),
    "reject_file": (
        None,
        "The office,,,\n\n" + PEOPLE.replace("participant", "Nr", 1) + "K04,2025-02-03,true,true\n",
        9,
    ),
}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return shelter(tmp_path_factory.mktemp("bare"))


@pytest.fixture
def folder(bare: Folder, tmp_path: Path) -> Folder:
    return Folder(Path(shutil.copytree(bare.path, tmp_path / "p")), bare.key_file)


def written(to: Path) -> Path:
    to.mkdir()
    for verdict, (_, text, _) in FILES.items():
        (to / f"{verdict}.csv").write_text(text, encoding="utf-8")
    return to


def check(said: dict[str, Any]) -> None:
    """The object as issue and documents have it, with all its parts and places."""
    verdict = said["verdict"]
    assert (list(said), said["file"], said["target"]) == (KEYS, f"{verdict}.csv", FILES[verdict][0])
    assert (said["stored"], said["already"]) == (int(verdict != "reject_file"), 0)
    assert all(list(each) == ["id", "column", "rows"] for each in said["notes"])
    assert bool([each for each in said["notes"] if each["rows"]]) is (verdict == "accept_with_note")
    places = [(each["id"], each["sheet"], each["row"], each["column"]) for each in said["rejected"]]
    assert places == [("date_impossible", None, 3, "enrolled_on")] * (verdict == "quarantine_rows")
    assert all(list(each) == ["id", "sheet", "row", "column", "reason"] for each in said["rejected"])
    assert (said["refused"] is None, said["rejected_file"] is None) == (
        verdict != "reject_file",
        verdict != "quarantine_rows",
    )


def test_each_verdict_has_the_whole_object_by_itself_and_in_a_folder(folder: Folder, tmp_path: Path) -> None:
    sent = written(tmp_path / "sent")
    together = intake(folder, sent, "--yes", "--json")
    assert (together.exit_code, {each["verdict"] for each in objects(together)}) == (9, set(FILES))
    for said in objects(together):
        check(said)
    (sent / "reject_file.csv").unlink()
    assert intake(folder, sent, "--yes", "--json").exit_code == 8


@pytest.mark.parametrize("verdict", FILES)
def test_a_file_alone_ends_with_the_exit_code_of_its_verdict(folder: Folder, tmp_path: Path, verdict: str) -> None:
    result = intake(folder, written(tmp_path / "sent") / f"{verdict}.csv", "--yes", "--json")
    (said,) = objects(result)
    check(said)
    assert (result.exit_code, said["verdict"]) == (FILES[verdict][2], verdict)


def test_a_refused_file_names_the_row_in_which_its_header_stands_and_what_it_was_taken_for(
    folder: Folder, tmp_path: Path
) -> None:
    with (folder.path / "project.yml").open("a", encoding="utf-8") as declared:
        declared.write("imports: {people: {table: participants, columns: {participant: Nr}}}\n")
    path = written(tmp_path / "sent") / "reject_file.csv"
    for option in (("--as", "participants"), ("--import", "people")):
        result = intake(folder, path, *option, "--json")
        (said,) = objects(result)
        assert (result.exit_code, said["target"], said["refused"]["row"]) == (9, "participants", 3)
        assert said["refused"]["column"] == ("Nr" if "--as" in option else "enrolled_on")
    path.write_text("The office\n\nparticipant,consent_service,consent_reporting\nK04,true,true\n", encoding="utf-8")
    (said,) = objects(intake(folder, path, "--as", "participants", "--json"))
    assert [said["refused"][part] for part in ("id", "row", "column")] == ["missing_column", 3, "enrolled_on"]


def test_where_nobody_can_be_asked_each_file_says_so_and_nothing_is_stored(folder: Folder, tmp_path: Path) -> None:
    result = intake(folder, written(tmp_path / "sent"), "--json", "--language", "en")
    reasons = {each["file"]: each["refused"]["id"] for each in objects(result)}
    asked = {f"{verdict}.csv": "not_recognised" if verdict == "reject_file" else "nobody_asked" for verdict in FILES}
    assert (result.exit_code, reasons) == (2, asked)
    assert all((list(each), each["verdict"]) == (KEYS, "reject_file") for each in objects(result))
    assert "add --yes" in result.stderr
    with folder.open() as project:
        assert project.store.verify() == 0


def at_a_terminal(folder: Folder, path: Path, *more: str, answers: str) -> tuple[int, str, str]:
    """Exit code, standard output (a pipe) and what a person sees, of a process of its own at a terminal."""
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "evaluation.cli", *folder.arguments("intake", str(path)), *more]
    with subprocess.Popen(command, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, text=True) as running:
        os.close(theirs)
        os.write(ours, answers.encode())
        seen = b""
        while part := _read(ours):
            seen += part
        assert running.stdout is not None
        out = running.stdout.read()
    os.close(ours)
    return running.returncode, out, seen.decode("utf-8", "replace")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""


@pytest.mark.skipif(sys.platform == "win32", reason="it needs a terminal of POSIX")
def test_at_a_terminal_the_questions_are_asked_beside_the_objects(folder: Folder, tmp_path: Path) -> None:
    sent = tmp_path / "sent"
    sent.mkdir()
    own = "Kod;Data przyjęcia;Zgoda na wsparcie;Zgoda na sprawozdania;Kraj\n"
    (sent / "a.csv").write_text(own + "K11;03.02.2025;TAK;NIE;PL\nK12;03.02.2025;TAK;NIE;PL\n", encoding="utf-8")
    (sent / "b.csv").write_text(own + "K11;03.02.2025;TAK;NIE;UA\nK13;03.02.2025;TAK;NIE;UA\n", encoding="utf-8")
    (sent / "c.csv").write_text(own + "K14;03.02.2025;TAK;NIE;PL\n", encoding="utf-8")
    (sent / "d.csv").write_text(own + "K12;03.02.2025;TAK;NIE;UA\n", encoding="utf-8")
    first = at_a_terminal(folder, sent / "a.csv", "--json", answers="\n\n")
    assert first[0] == 0, first
    # b: stored, and one row corrected; c: declined; d: corrected, and nothing is left
    code, out, seen = at_a_terminal(folder, sent, "--json", "--language", "en", answers="y\ny\ny\nn\ny\n")
    said = [json.loads(line) for line in out.splitlines()]
    assert code == 0, seen
    assert [(each["file"], each["verdict"], each["stored"], each["already"]) for each in said] == [
        ("a.csv", "accept_with_note", 0, 2),
        ("b.csv", "accept_with_note", 2, 0),
        ("c.csv", "reject_file", 0, 0),
        ("d.csv", "accept_with_note", 1, 0),
    ]
    assert (said[2]["refused"]["id"], said[2]["target"]) == ("declined", "participants")
    assert "Store this?" in seen
    with folder.open() as project:
        countries = {row.values["participant"]: row.values["country"] for row in project.store.rows("participants")}
    assert countries == {"K11": "UA", "K12": "UA", "K13": "UA"}


@pytest.mark.skipif(sys.platform == "win32", reason="it needs a terminal of POSIX")
def test_who_ends_a_question_at_a_terminal_reads_why_on_a_line_of_its_own(folder: Folder, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(PEOPLE + "K01,2025-02-03,true,true\n", encoding="utf-8")
    code, out, seen = at_a_terminal(folder, path, "--json", "--language", "en", answers="\x04")
    assert (code, out) == (130, "")
    assert [line[:13] for line in seen.splitlines()][-2:] == ["Store this? [", "Stopped. What"]
