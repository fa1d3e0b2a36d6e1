"""What keeps a record from being lost, as an office does it: verified, backed up, restored, exchanged, expired."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evaluation.cli import main
from evaluation.collect.record import entries
from evaluation.errors import BadArgument
from evaluation.project.releases import known_releases
from evaluation.project.safekeeping import expiring
from evaluation.release.ledger import Proposal
from tests.conftest import Folder, enter

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


def backed_up(folder: Folder, to: Path) -> Path:
    ok(run(*folder.arguments("backup", str(to))))
    (made,) = to.iterdir()
    return made


def restored(made: Path, folder: Folder) -> Result:
    return run("restore", str(made), str(folder.path), "--over", "--key-file", str(folder.key_file))


@pytest.fixture
def kept(copied: Folder, tmp_path: Path) -> Folder:
    """The example whose key file lies outside its folder, as an office's does."""
    return Folder(copied.path, Path(shutil.copyfile(copied.key_file, tmp_path / "outside.key")))


def set_aside(folder: Folder) -> Folder:
    (aside,) = (path for path in folder.path.parent.iterdir() if path.name.endswith("-replaced"))
    return Folder(aside, folder.key_file)


def test_a_record_that_is_replaced_is_set_aside_and_what_people_took_back_since_is_taken_back_again(
    north: Folder, tmp_path: Path
) -> None:
    given = {"consent_service": True, "consent_reporting": "true", "guardian_consent": "true"}
    with north.open() as project:
        values = {"participant": "P-004", "enrolled_on": "2026-02-01"} | given
        hers = entries.row("participants", key=["participant"], values=values, actor="Anna")
        project.store.append([hers, entries.withdrawal("P-001", since=dt.date(2026, 3, 2), actor="Anna")])
    made = backed_up(north, tmp_path / "usb")
    enrol(north, "P-005")
    with north.open() as project:
        later = dt.date(2026, 3, 4)
        withdrawn = [entries.withdrawal(code, since=later, actor="Anna") for code in ("P-003", "P-005")]
        withdrawn.append(entries.withdrawal("P-001", since=dt.date(2026, 3, 1), actor="Anna"))  # earlier than known
        off = dict.fromkeys(("consent_service", "guardian_consent"), "false")
        project.store.append([*withdrawn, entries.correction(hers.id, values=values | off, actor="Anna")])
    ok(run(*north.arguments("erase", "P-002", "--yes")))
    told = ok(restored(made, north))
    assert "erasures 1, withdrawn consents 3" in told  # P-001, P-003, and both consents of P-004 in one row
    aside = set_aside(north)
    assert str(aside.path) in told
    assert people(north) == ["P-001", "P-003", "P-004"]
    assert people(aside) == ["P-001", "P-003", "P-004", "P-005"]
    with north.open() as project:
        content = project.store.content()
        assert content.withdrawn == {"P-001": dt.date(2026, 3, 1), "P-003": later}
        (row,) = (row for row in content.of("participants") if row.place == ("P-004",))
        assert row.values == values | off
        assert content.rows[0].actor == "Anna"
    assert "erasures 0, withdrawn consents 0" in ok(restored(backed_up(north, tmp_path / "later"), north_again(north)))


def north_again(north: Folder) -> Folder:
    """The folder, with what was set aside out of the way."""
    shutil.rmtree(set_aside(north).path)
    return north


@pytest.mark.parametrize("lost", [False, True])
def test_releases_made_since_are_kept_whether_the_record_lives_or_is_lost(
    kept: Folder, first_release: Proposal, tmp_path: Path, lost: bool
) -> None:
    made = backed_up(kept, tmp_path / "usb")
    with kept.open() as project:
        enter(project, first_release)
    ledger = (kept.path / "releases" / "ledger.jsonl").read_bytes()
    if lost:
        for path in kept.path.glob("records.*"):
            path.unlink()
    told = ok(restored(made, kept))
    assert "they were taken over" in told
    assert ("look through your list of requests" in told) is lost
    assert str(set_aside(kept).path) in told
    assert (kept.path / "releases" / "ledger.jsonl").read_bytes() == ledger
    with kept.open() as project:
        assert [entry.release for entry in known_releases.entries(project)] == [first_release.leaving.release]


def test_a_ledger_that_does_not_go_on_from_the_backup_s_is_not_taken_over(
    kept: Folder, first_release: Proposal, tmp_path: Path
) -> None:
    with kept.open() as project:
        enter(project, first_release)
    made, ledger = backed_up(kept, tmp_path / "usb"), kept.path / "releases" / "ledger.jsonl"
    whole = ledger.read_bytes()
    ledger.write_bytes(whole[:-20])
    assert "they were taken over" not in ok(restored(made, kept))
    assert ledger.read_bytes() == whole


def test_a_record_that_is_open_elsewhere_or_of_another_key_is_not_replaced_unawares(
    north: Folder, tmp_path: Path
) -> None:
    made = backed_up(north, tmp_path / "usb")
    with north.open():
        told = restored(made, north)
    assert (told.exit_code, "is open in another program" in told.output) == (7, True)
    assert not [path for path in tmp_path.iterdir() if "replaced" in path.name]
    ok(run(*north.arguments("erase", "P-002", "--yes")))
    ok(run(*office(tmp_path, "other").arguments("check")))
    shutil.copyfile(tmp_path / "other" / "records.keys", north.path / "records.keys")
    assert "look through your list of requests" in ok(restored(made, north)), "nobody can say who was erased there"


def test_where_the_folder_cannot_be_exchanged_it_is_there_as_before(
    north: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backed_up(north, tmp_path / "usb")
    enrol(north, "P-004")
    real = os.rename

    def rename(source: Path, target: Path) -> None:
        if Path(target) == north.path and Path(source).name.startswith(".north."):
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "rename", rename)
    told = restored(made, north)
    assert (told.exit_code, "nothing was changed" in told.output) == (7, True)
    assert people(north) == ["P-001", "P-002", "P-003", "P-004"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["north", "north.key", "usb"]


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
