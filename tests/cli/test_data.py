"""An office's own data as a command gives them, and the page that says what they mean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evaluation.cli import main
from tests.conftest import Folder

PEOPLE = "participant,enrolled_on,country,consent_service,consent_reporting\nP-001,2026-02-01,PL,true,true\n"


def run(*arguments: str) -> Result:
    return CliRunner(env={"EVALUATION_PASSPHRASE": "", "EVALUATION_KEY_FILE": ""}).invoke(main, list(arguments))


@pytest.fixture
def office(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "project", tmp_path / "my.key")
    assert run("new", str(folder.path), "--key-file", str(folder.key_file), "--name", "Anna").exit_code == 0
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    sent = run(*folder.arguments("intake", str(tmp_path / "people.csv"), "--as", "participants", "--name", "Anna"))
    assert sent.exit_code == 0, sent.output
    return folder


def test_the_rows_come_alone_and_what_to_know_of_them_beside(office: Folder) -> None:
    shown = run(*office.arguments("export", "participants"))
    assert shown.exit_code == 0
    header, row = shown.stdout.splitlines()
    assert header.startswith("participant,enrolled_on,target_group,country,")
    assert row.startswith("P-001,2026-02-01,,PL,")
    assert "stays inside" in shown.stderr
    assert json.loads(run(*office.arguments("export", "participants", "--json")).stdout)[0]["country"] == "PL"
    assert "Poland" in run(*office.arguments("export", "participants", "--labels")).stdout


def test_what_a_command_wrote_can_be_sent_in_by_a_command(office: Folder, tmp_path: Path) -> None:
    assert run(*office.arguments("export", "participants", "-o", str(tmp_path / "out.csv"))).stdout == ""
    assert (tmp_path / "out.csv").stat().st_mode & 0o777 == 0o600
    again = run(*office.arguments("intake", str(tmp_path / "out.csv"), "--as", "participants"))
    assert again.exit_code == 0
    assert "0 rows stored, 1 already there" in again.output
    twice = run(*office.arguments("export", "participants", "-o", str(tmp_path / "out.csv")))
    assert (twice.exit_code, "is already there" in twice.output) == (2, True)


def test_everything_goes_into_a_folder_of_its_own(office: Folder, tmp_path: Path) -> None:
    made = run(*office.arguments("export", "--all", "-o", str(tmp_path / "everything")))
    assert made.exit_code == 0, made.output
    assert [path.name for path in (tmp_path / "everything").iterdir()] == ["participants.csv"]


def test_a_person_can_be_given_everything_of_hers(office: Folder, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text(PEOPLE.replace("P-001", "P-002"), encoding="utf-8")
    assert run(*office.arguments("intake", str(tmp_path / "more.csv"), "--as", "participants")).exit_code == 0
    of_hers = ("export", "--all", "--participant", "P-002")
    assert run(*office.arguments(*of_hers, "-o", str(tmp_path / "hers"))).exit_code == 0
    (made,) = (tmp_path / "hers").iterdir()
    assert [line[:5] for line in made.read_text(encoding="utf-8").splitlines()] == ["parti", "P-002"]
    shown = run(*office.arguments("export", "participants", "--participant", "P-001")).stdout
    assert [line[:5] for line in shown.splitlines()] == ["parti", "P-001"]
    nobody = run(*office.arguments("export", "participants", "--participant", "P-003"))
    assert (nobody.exit_code, "nothing is recorded under this participant code" in nobody.output) == (7, True)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ((), "Say which table"),
        (("participants", "--all"), "Say which table"),
        (("--all",), "Say which table"),
        (("partcipants",), "did you mean 'participants'"),
        (("participants", "--wide"), "has no waves"),
    ],
)
def test_what_cannot_be_exported_is_said(office: Folder, wanted: tuple[str, ...], said: str) -> None:
    refused = run(*office.arguments("export", *wanted))
    assert (refused.exit_code, said in refused.output) == (2, True), refused.output


def test_the_codebook_needs_no_key(office: Folder, tmp_path: Path) -> None:
    office.key_file.unlink()
    assert "# Codebook: Our project" in run("codebook", str(office.path)).stdout
    assert "# Opis zmiennych: Nasz projekt" in run("codebook", str(office.path), "--language", "pl").stdout
    assert run("codebook", str(office.path), "--format", "csv").stdout.startswith(
        "form,what,name,code,label_en,label_pl,"
    )
    assert run("codebook", str(office.path), "-o", str(tmp_path / "codes.md")).exit_code == 0
    assert run("codebook", str(office.path), "-o", str(tmp_path / "codes.md")).exit_code == 2
