"""Rejected rows wait for their owner alone, each table's and sender's for themselves, until they are answered for."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from evaluation import files
from evaluation.cli import main
from evaluation.collect.files.reading import read
from evaluation.collect.record import entries
from evaluation.collect.record.store import Store
from evaluation.collect.submit import Submitted
from evaluation.project import demo, open_project
from evaluation.project.checks import check_lines
from evaluation.project.creation import new_project
from evaluation.project.intake.incoming import take_in
from evaluation.project.notebooks import for_inside, run_inside
from evaluation.project.opened import Project
from evaluation.texts import Message
from tests.conftest import Folder, worded

TODAY = dt.date(2026, 7, 1)
HEAD = "participant;enrolled_on;country;consent_service;consent_reporting\n"
BAD = "P-001;2026-02-30;PL;yes;yes\n"
ALSO_BAD = "P-002;2026-02-02;XX;yes;yes\n"
GOOD = "P-003;2026-02-03;UA;yes;yes\n"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    folder = Folder(tmp_path / "project", tmp_path / "key")
    new_project(folder.path, name="tester", key_file=folder.key_file)
    with folder.open() as opened:
        yield opened


def send(project: Project, path: Path, text: str | None = None, target: str = "participants") -> Submitted:
    if text is not None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return take_in(project, path, target=target, name="tester", today=TODAY)


def waiting(project: Project) -> list[Path]:
    return sorted((project.folder / "incoming").iterdir())


def rows(path: Path) -> list[str]:
    return [row.cells[0] for row in read(path).rows]


def told(project: Project) -> list[str]:
    return [line for line in worded(check_lines(project)) if "incoming/" in line]


def edited(path: Path, *changes: tuple[str, str]) -> str:
    text = path.read_text(encoding="utf-8-sig")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- names of their own ------------------------------------------------------------------------


def test_the_same_file_name_of_two_senders_and_two_tables_keeps_the_rows_of_all(
    project: Project, tmp_path: Path
) -> None:
    send(project, tmp_path / "anna" / "list.csv", HEAD + BAD)
    send(project, tmp_path / "ewa" / "list.csv", HEAD + ALSO_BAD)
    send(project, tmp_path / "list.csv", "session;course;date;hours\nS-1;nowhere;2026-03-01;2\n", "sessions")
    assert sorted(rows(path) for path in waiting(project)) == [["P-001"], ["P-002"], ["S-1"]]


def test_the_name_of_a_waiting_file_says_the_table_and_nothing_of_what_was_sent(
    project: Project, tmp_path: Path
) -> None:
    filed = send(project, tmp_path / "Anna Kowalska 600123456.csv", HEAD + BAD)
    assert filed.rejected_file
    assert re.fullmatch(r"participants-[0-9a-f]{12}\.rejected\.csv", filed.rejected_file.name)
    assert not any("Anna" in line or "Kowalska" in line for line in told(project))


def test_the_digest_in_a_name_cannot_be_made_without_the_key(tmp_path: Path) -> None:
    names = set()
    for office in ("one", "two"):
        folder = Folder(tmp_path / office, tmp_path / f"{office}.key")
        new_project(folder.path, name="tester", key_file=folder.key_file)
        with folder.open() as project:
            filed = send(project, tmp_path / "list.csv", HEAD + BAD)
        assert filed.rejected_file
        names.add(filed.rejected_file.name)
    assert len(names) == 2


def test_the_same_rows_sent_twice_wait_once(project: Project, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        send(project, tmp_path / name, HEAD + BAD)
    assert len(waiting(project)) == 1


# --- listed and removed ------------------------------------------------------------------------


def test_check_lists_file_number_and_table_of_what_waits(project: Project, tmp_path: Path) -> None:
    assert told(project) == []
    filed = send(project, tmp_path / "list.csv", HEAD + BAD + ALSO_BAD + GOOD)
    assert filed.rejected_file
    (line,) = told(project)
    assert line.startswith(f"2 rejected rows wait in incoming/{filed.rejected_file.name}, of 'participants'")
    assert "--as participants" in line


def test_check_says_how_the_rows_were_sent(project: Project, tmp_path: Path) -> None:
    declared = project.folder / "project.yml"
    mapping = "{instrument: security, participant: id, wave_column: time, wave_codes: {'1': baseline}, date_column: day"
    text = declared.read_text(encoding="utf-8") + f"\nimports:\n  old clinic: {mapping}, items: {{sec_01: q}}}}\n"
    declared.write_text(text, encoding="utf-8")
    with open_project(project.folder, key_file=tmp_path / "key", environ={}) as again:
        (tmp_path / "old.csv").write_text("id;time;day;q\nP-001;1;2026-03-01;2\n", encoding="utf-8")
        take_in(again, tmp_path / "old.csv", mapping="old clinic", name="tester", correct=True, today=TODAY)
        (line,) = told(again)
    assert "of 'security'" in line
    assert line.endswith("send it again with --import 'old clinic' --correct.")


def test_a_waiting_file_that_was_answered_for_elsewhere_is_removed(project: Project, tmp_path: Path) -> None:
    filed = send(project, tmp_path / "list.csv", HEAD + BAD + GOOD)
    assert filed.rejected_file
    text = edited(filed.rejected_file, ("2026-02-30", "2026-02-28"))
    assert send(project, tmp_path / "desktop" / "corrected by Ewa.csv", text).rejected == 0
    assert waiting(project) == []


def test_a_waiting_file_that_was_corrected_where_it_lay_is_removed(project: Project, tmp_path: Path) -> None:
    path = send(project, tmp_path / "list.csv", HEAD + BAD + ALSO_BAD).rejected_file
    assert path
    lines = edited(path, ("2026-02-30", "2026-02-28")).splitlines(keepends=True)
    assert send(project, path, "".join(lines[:2])).stored == 1  # the other row was deleted by hand
    assert waiting(project) == []


def test_a_corrected_file_that_came_back_as_a_workbook_answers_too(project: Project, tmp_path: Path) -> None:
    path = send(project, tmp_path / "list.csv", HEAD + BAD).rejected_file
    assert path
    book = openpyxl.Workbook()
    text = edited(path, ("2026-02-30", "2026-02-28"))
    for line in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
        book.worksheets[0].append(line)
    book.save(tmp_path / "back.xlsx")
    assert send(project, tmp_path / "back.xlsx").stored == 1
    assert waiting(project) == []


def test_what_is_rejected_again_waits_again_and_the_rest_does_not(project: Project, tmp_path: Path) -> None:
    first = send(project, tmp_path / "list.csv", HEAD + BAD + ALSO_BAD).rejected_file
    assert first
    again = send(project, tmp_path / "again.csv", edited(first, ("2026-02-30", "2026-02-28")))
    assert (again.stored, again.rejected) == (1, 1)
    assert again.rejected_file
    assert waiting(project) == [again.rejected_file]
    assert rows(again.rejected_file) == ["P-002"]


def test_a_file_sent_again_as_it_was_goes_on_waiting(project: Project, tmp_path: Path) -> None:
    path = send(project, tmp_path / "list.csv", HEAD + BAD).rejected_file
    assert path
    assert send(project, path).rejected_file == path
    assert rows(path) == ["P-001"]


def test_rows_that_are_there_already_answer_for_their_file(project: Project, tmp_path: Path) -> None:
    path = send(project, tmp_path / "list.csv", HEAD + BAD).rejected_file
    assert path
    send(project, tmp_path / "new.csv", HEAD + BAD.replace("30", "28"))
    again = send(project, tmp_path / "again.csv", edited(path, ("2026-02-30", "2026-02-28")))
    assert (again.stored, again.repeated, waiting(project)) == (0, 1, [])


def test_rows_that_were_not_sent_back_go_on_waiting_and_it_is_said(project: Project, tmp_path: Path) -> None:
    path = send(project, tmp_path / "list.csv", HEAD + BAD + ALSO_BAD).rejected_file
    assert path
    lines = edited(path, ("2026-02-30", "2026-02-28")).splitlines(keepends=True)
    half = send(project, tmp_path / "half.csv", "".join(lines[:2]))
    assert (half.stored, waiting(project)) == (1, [path])
    assert half.messages[-1] == Message("collect.left_waiting", n=1, file=path.name)


@pytest.mark.parametrize("name", ["../project.yml", "of another table"])
def test_a_file_cannot_answer_for_what_is_not_its_tables(project: Project, tmp_path: Path, name: str) -> None:
    other = send(project, tmp_path / "s.csv", "session;course;date;hours\nS-1;nowhere;2026-03-01;2\n", "sessions")
    assert other.rejected_file
    path = send(project, tmp_path / "list.csv", HEAD + BAD).rejected_file
    assert path
    text = edited(path, ("2026-02-30", "2026-02-28"), (path.name, name if "/" in name else other.rejected_file.name))
    assert send(project, tmp_path / "forged.csv", text).rejected == 0
    assert other.rejected_file.exists()
    assert (project.folder / "project.yml").exists()


def test_a_waiting_file_of_an_earlier_version_is_listed_and_removed_when_answered(
    project: Project, tmp_path: Path
) -> None:
    path = send(project, tmp_path / "list.csv", HEAD + BAD).rejected_file
    assert path
    old = path.with_name("list.rejected.csv")
    old.write_text(edited(path, (';"intake_file"', ""), (f';"{path.name}"', "")), encoding="utf-8-sig")
    path.unlink()
    assert "1 rejected row waits in incoming/list.rejected.csv" in told(project)[0]
    old.write_text(edited(old, ("2026-02-30", "2026-02-28")), encoding="utf-8-sig")
    assert send(project, old).stored == 1
    assert waiting(project) == []


def test_rejected_rows_are_written_before_anything_is_stored(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(files, "write", full)
    with pytest.raises(OSError, match="disk full"):
        send(project, tmp_path / "list.csv", HEAD + BAD + GOOD)
    assert project.store.verify() == 0


# --- for their owner alone ---------------------------------------------------------------------

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")


@posix
def test_what_waits_is_its_owners_alone_even_in_an_older_open_folder(project: Project, tmp_path: Path) -> None:
    (project.folder / "incoming").chmod(0o755)
    path = send(project, tmp_path / "list.csv", HEAD + BAD).rejected_file
    assert path
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


@posix
def test_a_private_file_is_never_open_to_others_not_even_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    replace = os.replace

    def watched(part: Path, path: Path) -> None:
        seen.append(mode(part))
        replace(part, path)

    monkeypatch.setattr(os, "replace", watched)
    before = os.umask(0)
    try:
        files.write(tmp_path / "a.csv", b"x", private=True)
    finally:
        os.umask(before)
    assert (seen, mode(tmp_path / "a.csv")) == ([0o600], 0o600)


def test_a_private_file_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        files.write(tmp_path / "a.csv", b"x", private=True)
    assert list(tmp_path.iterdir()) == []


@posix
def test_everything_that_holds_rows_of_persons_is_its_owners_alone(copied: Folder) -> None:
    with copied.open() as project:
        made = [Path(str(path)) for path in run_inside(project, for_inside(project.folder, "1"))]
        demo.write(copied.path / "incoming" / "fresh.csv", [{"participant": "P-001"}])
        assert made
        held = [*made, *copied.path.glob("records.*"), copied.path / "incoming" / "fresh.csv"]
        assert {path.name for path in held} >= {"records.db", "records.keys", "records.db-wal", "fresh.csv"}
        assert {path.name: oct(mode(path)) for path in held} == dict.fromkeys((p.name for p in held), "0o600")
        assert {mode(copied.path / name) for name in ("inside", "incoming")} == {0o700}
    assert not list(copied.path.rglob("*.part"))


def test_a_file_beside_a_wrong_clock_is_refused_until_the_clock_is_called_right(
    project: Project, tmp_path: Path
) -> None:
    ahead = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    with Store.open(project.folder, project.key, clock=lambda: ahead) as store:
        store.append([entries.row("courses", key=["course"], values={"course": "polish"}, actor="tester")])
    (tmp_path / "people.csv").write_text(HEAD + GOOD, encoding="utf-8")
    folder = Folder(project.folder, tmp_path / "key")
    arguments = [*folder.arguments("intake", str(tmp_path / "people.csv")), "--as", "participants", "--json"]
    result = CliRunner().invoke(main, [*arguments, "--language", "en"])
    said = json.loads(result.stdout)
    assert (result.exit_code, said["verdict"], said["refused"]["id"]) == (9, "reject_file", "wrong_clock")
    assert "Nothing was stored. Set the clock right" in said["refused"]["reason"]
    assert project.store.rows("participants") == ()
    checked = CliRunner().invoke(main, [*folder.arguments("check"), "--clock-right", "--language", "en"])
    assert "The clock of this computer was called right" in checked.output
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert len(project.store.rows("participants")) == 1
