"""What keeps a record from being lost, as an office does it: verified, backed up, restored, exchanged, expired."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evaluation.cli import main
from evaluation.collect.record import entries
from evaluation.errors import BadArgument
from evaluation.project.safekeeping import expiring
from tests.conftest import Folder

SILENT = {"EVALUATION_PASSPHRASE": "", "EVALUATION_KEY_FILE": "", "LC_ALL": "C"}


def run(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner(env=SILENT).invoke(main, list(arguments), input=typed)


def office(tmp_path: Path, name: str) -> Folder:
    folder = Folder(tmp_path / name, tmp_path / f"{name}.key")
    assert run("new", str(folder.path), "--key-file", str(folder.key_file), "--name", name).exit_code == 0
    return folder


def enrol(folder: Folder, *people: str, on: str = "2026-02-01", left: str | None = None) -> None:
    with folder.open() as project:
        project.store.append(
            [
                entries.row(
                    "participants",
                    key=["participant"],
                    values={"participant": person, "enrolled_on": on, "left_on": left},
                    actor="Anna",
                )
                for person in people
            ]
        )


def people(folder: Folder) -> list[str]:
    with folder.open() as project:
        return [row.place[0] for row in project.store.rows("participants")]


@pytest.fixture
def north(tmp_path: Path) -> Folder:
    """A new project in which three people are enrolled."""
    folder = office(tmp_path, "north")
    enrol(folder, "P-001", "P-002", "P-003")
    return folder


def ok(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


# --- verified --------------------------------------------------------------------------------------


def test_verify_tells_entries_and_head_and_finds_a_head_that_was_printed(north: Folder) -> None:
    told = ok(run(*north.arguments("verify")))
    assert "The record is whole: 3 entries" in told
    head = re.search(r"Head of the chain: ([0-9a-f]{64})", told)
    assert head
    enrol(north, "P-004")
    ok(run(*north.arguments("verify", "--head", head[1])))
    lost = run(*north.arguments("verify", "--head", "0" * 63 + "1"))
    assert (lost.exit_code, "its head is nowhere in the chain" in lost.output) == (7, True)
    assert "broken in 1 place" in lost.output


def test_verify_names_the_page_that_a_flipped_byte_broke_even_if_nothing_opens(north: Folder) -> None:
    path = north.path / "records.db"
    whole = path.read_bytes()
    for page in range(1, len(whole) // 4096):
        broken = bytearray(whole)
        broken[page * 4096 + 99] ^= 1
        path.write_bytes(broken)
        told = run(*north.arguments("verify"))
        assert (told.exit_code, f"Page {page + 1} of records.db" in told.output) == (7, True), told.output
        assert "restore the latest backup" in told.output
    path.write_bytes(whole)
    ok(run(*north.arguments("verify")))


def test_an_older_file_is_refused_by_every_command_until_somebody_says_that_it_is_meant(north: Folder) -> None:
    older = (north.path / "records.db").read_bytes()
    enrol(north, "P-004")
    (north.path / "records.db").write_bytes(older)
    for command in ("check", "verify"):
        told = run(*north.arguments(command))
        assert (told.exit_code, "1 entry is missing. Put the newer file back" in told.output) == (7, True)
    assert "gone on with" in ok(run(*north.arguments("verify", "--accept-older")))
    enrol(north, "P-005")
    assert people(north) == ["P-001", "P-002", "P-003", "P-005"]


# --- backed up and restored -------------------------------------------------------------------------


def test_a_backup_is_known_to_check_and_becomes_a_project_again(north: Folder, tmp_path: Path) -> None:
    assert "There is no backup of this record" in ok(run(*north.arguments("check")))
    told = ok(run(*north.arguments("backup", str(tmp_path / "usb"))))
    assert "its 3 entries checked" in told
    assert "on the same disk" in told
    assert "made 0 days ago; entries since: 0" in ok(run(*north.arguments("check")))
    (made,) = (tmp_path / "usb").iterdir()
    key = ("--key-file", str(north.key_file))
    living = run("restore", str(made), str(north.path), *key)
    assert (living.exit_code, "holds a record. Restore into a new folder" in living.output) == (7, True)
    told = ok(run("restore", str(made), str(tmp_path / "again"), *key))
    assert "look through your list of requests" in told
    assert "copy their files and ledger back into releases/" in told
    assert people(Folder(tmp_path / "again", north.key_file)) == ["P-001", "P-002", "P-003"]


def test_a_record_that_is_replaced_is_set_aside_and_its_erasures_are_made_again(north: Folder, tmp_path: Path) -> None:
    ok(run(*north.arguments("backup", str(tmp_path / "usb"))))
    (made,) = (tmp_path / "usb").iterdir()
    ok(run(*north.arguments("erase", "P-002", "--yes")))
    told = ok(run("restore", str(made), str(north.path), "--over", "--key-file", str(north.key_file)))
    assert "made again: 1" in told
    (aside,) = (path for path in tmp_path.iterdir() if path.name.endswith("-replaced"))
    assert str(aside) in told
    assert people(north) == people(Folder(aside, north.key_file)) == ["P-001", "P-003"]


# --- exchanged ---------------------------------------------------------------------------------------


def test_two_offices_exchange_parcels_after_comparing_their_identities(north: Folder, tmp_path: Path) -> None:
    south = office(tmp_path, "south")
    enrol(south, "P-003", "P-004")
    theirs, ours = (
        ok(run("parcel", "id", str(folder.path), "--key-file", str(folder.key_file))).strip()
        for folder in (south, north)
    )
    parcel = str(tmp_path / "parcel.age")
    key, other = ("--key-file", str(north.key_file)), ("--key-file", str(south.key_file))
    ok(run("parcel", "make", str(north.path), parcel, "--to", theirs, *key))
    stranger = run("parcel", "take", str(south.path), parcel, *other)
    assert (stranger.exit_code, f"--from {ours}" in stranger.output) == (7, True)
    told = ok(run("parcel", "take", str(south.path), parcel, "--from", ours, *other))
    assert "3 new entries; already there: 0" in told
    assert "Both offices recorded 1 row" in told
    assert "participants: P-003" in told
    assert sorted(people(south)) == ["P-001", "P-002", "P-003", "P-004"]
    assert "0 new entries; already there: 3" in ok(run("parcel", "take", str(south.path), parcel, *other))
    assert "Entries come from 2 chains" in ok(run(*south.arguments("verify")))
    wrong = run("parcel", "make", str(north.path), str(tmp_path / "x"), "--to", theirs[:-4], *key)
    assert (wrong.exit_code, "copy the whole word" in wrong.output) == (2, True)


def test_another_key_gives_the_office_another_identity_and_says_so(north: Folder) -> None:
    key = ("--key-file", str(north.key_file))
    before = ok(run("parcel", "id", str(north.path), *key))
    assert "parcel id" in ok(run("key", "rotate", str(north.path), *key))
    assert ok(run("parcel", "id", str(north.path), *key)) != before


# --- kept no longer -------------------------------------------------------------------------------


def test_whoever_has_a_later_date_is_kept_and_the_number_has_to_be_typed(north: Folder) -> None:
    enrol(north, "P-004", left="2026-03-30")
    enrol(north, "P-005", left="2026-03-31")
    expire = north.arguments("expire", "--before", "31.03.2026")
    told = run(*expire, typed="3\n")
    assert (told.exit_code, "P-001, P-002, P-003 and P-004" in told.output) == (12, True)
    assert len(people(north)) == 5
    assert "All that was recorded of 4 people is destroyed" in ok(run(*expire, typed="4\n"))
    assert people(north) == ["P-005"]
    assert "Everybody has something dated 31 March 2026 or later" in ok(run(*expire))


@pytest.mark.parametrize(
    ("months", "today", "limit"),
    [
        (1, dt.date(2026, 3, 31), dt.date(2026, 2, 28)),
        (12, dt.date(2028, 2, 29), dt.date(2027, 2, 28)),
        (60, dt.date(2026, 1, 15), dt.date(2021, 1, 15)),
        (3, dt.date(2026, 3, 1), dt.date(2025, 12, 1)),
    ],
)
def test_the_months_of_the_project_file_count_back_from_today(
    north: Folder, months: int, today: dt.date, limit: dt.date
) -> None:
    declared = north.path / "project.yml"
    with north.open() as project:
        with pytest.raises(BadArgument, match="retention_months"):
            expiring.limit(project, today=today)
        with pytest.raises(BadArgument, match="has not come yet"):
            expiring.limit(project, today=today, before=today + dt.timedelta(days=1))
        assert expiring.limit(project, today=today, before=today) == today
    declared.write_text(declared.read_text(encoding="utf-8") + f"\nretention_months: {months}\n", encoding="utf-8")
    with north.open() as project:
        assert expiring.limit(project, today=today) == limit
