"""The record knows which releases were made: a releases folder that is not theirs releases nothing more."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluation import codec, files
from evaluation.cli import main
from evaluation.collect.access import keys
from evaluation.collect.record import entries
from evaluation.collect.record.store import Store
from evaluation.collect.safety import merging
from evaluation.errors import LedgerError, RunFailed, StoreError
from evaluation.project import Project
from evaluation.project.notebooks import for_inside, run_inside
from evaluation.project.releases import known_releases
from evaluation.project.releases.releasing import propose, released_before
from evaluation.release import bundle, ledger
from evaluation.release.bundle import FUNDER
from evaluation.release.files import chain
from evaluation.release.ledger import Proposal
from tests.conftest import Folder, enter


@pytest.fixture(scope="module")
def shelter(filled: Callable[[str], Folder]) -> Folder:
    return filled("shelter")


@pytest.fixture
def copied(shelter: Folder, tmp_path: Path) -> Folder:
    path = tmp_path / "project"
    shutil.copytree(shelter.path, path)
    return Folder(path, path / shelter.key_file.name)


@pytest.fixture(scope="module")
def released_twice(shelter: Folder, once: Callable[[str, Callable[[Path], None]], Path]) -> Folder:
    def make(path: Path) -> None:
        shutil.copytree(shelter.path, path)
        with Folder(path, path / shelter.key_file.name).open() as project:
            enter(project, "first")
            shutil.copytree(path / "releases", path / "older")
            enter(project, "second")

    path = once("twice", make)
    return Folder(path, path / shelter.key_file.name)


@pytest.fixture(scope="module")
def third(released_twice: Folder) -> Proposal:
    """What would leave after the two releases; nothing of it is entered yet."""
    with released_twice.open() as project:
        return propose(project, "third")


@pytest.fixture
def twice(released_twice: Folder, tmp_path: Path) -> Folder:
    """A project with two releases; ``older`` beside its releases folder is a copy of it before the second."""
    path = tmp_path / "twice"
    shutil.copytree(released_twice.path, path)
    return Folder(path, path / released_twice.key_file.name)


def deleted(folder: Path) -> None:
    shutil.rmtree(folder / "releases")


def emptied(folder: Path) -> None:
    for path in (folder / "releases").iterdir():
        path.unlink()


def cut_by_its_last_line(folder: Path) -> None:
    releases = folder / "releases"
    first = (releases / "ledger.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)[0]
    (releases / "ledger.jsonl").write_text(first, encoding="utf-8")
    head = {"format": chain.FORMAT, "head": json.loads(first)["hash"], "lines": 1}
    (releases / "ledger.head").write_text(codec.canonical(head), encoding="utf-8")
    (releases / "second.json").unlink()


def older(folder: Path) -> None:
    deleted(folder)
    shutil.copytree(folder / "older", folder / "releases")


def of_a_copy_that_went_its_own_way(folder: Path) -> None:
    """The folder of the same project elsewhere, with as many releases under the same names."""
    older(folder)
    with Folder(folder, folder / "demo.key").open() as project:
        ledger.release(_proposed_unseen(project, "other"), folder / "releases", known_releases.anchor(project))


def of_another_project(folder: Path) -> None:
    declared = folder / "project.yml"
    text = declared.read_text(encoding="utf-8")
    deleted(folder)
    declared.write_text(text.replace("id: fictional-shelter", "id: another"), encoding="utf-8")
    with Folder(folder, folder / "demo.key").open() as project:
        ledger.release(_proposed_unseen(project, "first"), folder / "releases", known_releases.anchor(project))
    declared.write_text(text, encoding="utf-8")


def _proposed_unseen(project: Project, name: str) -> ledger.Proposal:
    """A proposal as a record makes it that does not know of the releases."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(known_releases, "_known", lambda _: [])
        return propose(project, name)


CHANGES = [deleted, emptied, cut_by_its_last_line, older, of_a_copy_that_went_its_own_way, of_another_project]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_releases_folder_that_is_not_the_one_of_the_record_is_refused(
    twice: Folder, change: Callable[[Path], None]
) -> None:
    change(twice.path)
    before = {path.name: path.read_bytes() for path in (twice.path / "releases").glob("*")}
    commands = [("check",), ("release", "--yes", "--release", "third"), ("report", "--yes", "--release", "third"),
                ("report", "--yes", "--release", "first"), ("release", "--preview", "--release", "third")]  # fmt: skip
    for command, *more in commands:
        result = CliRunner().invoke(main, twice.arguments(command, *more))
        assert result.exit_code == 13, (command, result.output)
        assert "releases" in result.output
        assert "Traceback" not in result.output
    assert {path.name: path.read_bytes() for path in (twice.path / "releases").glob("*")} == before
    assert not list((twice.path / "reports").iterdir())


def test_the_notebook_of_the_output_check_says_that_the_folder_is_gone(twice: Folder) -> None:
    deleted(twice.path)
    with twice.open() as project:
        (failed,) = run_inside(project, for_inside(project.folder, "5"))
    assert isinstance(failed, RunFailed)
    assert "The record knows 'second' as release 2" in str(failed)


def test_a_folder_as_the_record_knows_it_releases_on(twice: Folder, third: Proposal) -> None:
    with twice.open() as project:
        assert [row.values["release"] for row in project.store.content().releases] == ["first", "second"]
        assert project.store.verify() == project.store.content().entries
        assert third.certificate.earlier_releases == 2
        enter(project, third)
        assert len(project.store.content().releases) == 3


def test_a_crash_between_ledger_and_record_locks_nobody_out_and_is_made_good(twice: Folder, third: Proposal) -> None:
    with twice.open() as project:
        ledger.release(third, twice.path / "releases", known_releases.anchor(project))  # and here the power went
        assert len(known_releases.entries(project)) == 3
        assert len(project.store.content().releases) == 2
        assert released_before(project, "third") is not None  # the documents are about to be made again
        assert len(project.store.content().releases) == 3
        older(twice.path)
        with pytest.raises(LedgerError, match="'third' as release 3"):
            propose(project, "fourth")


@pytest.mark.parametrize("moved", [0, 1])
def test_a_release_whose_bundle_a_crash_kept_from_its_place_is_finished_and_one_that_is_gone_is_named(
    twice: Folder, third: Proposal, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    """Killed before the bundle of the first of two editions is in its place, and between the two."""
    place, placed = twice.path / "releases" / "third.json", list[str]()

    def move(part: Path, path: Path) -> None:
        placed.extend([path.parent.name] if path.suffix == ".json" else [])
        if len(placed) > moved:
            raise KeyboardInterrupt
        part.replace(path)

    both = dataclasses.replace(third, confidential=dataclasses.replace(third, entry=dataclasses.replace(
        third.entry, edition=FUNDER)))  # fmt: skip
    with twice.open() as project:
        with monkeypatch.context() as patch:
            patch.setattr(files, "move", move)
            with pytest.raises(KeyboardInterrupt):
                ledger.release(both, twice.path / "releases", known_releases.anchor(project))
        assert placed == [FUNDER, "releases"][: moved + 1]
        assert (place.exists(), place.with_name("third.json.part").exists()) == (False, True)
        assert released_before(project, "third") == place
        assert [*bundle.editions(place)] == ["", FUNDER]
        assert not [*place.parent.rglob("*.part")]
        for gone in bundle.editions(place).values():
            text = gone.read_text(encoding="utf-8")
            gone.unlink()
            said = f"{gone.relative_to(twice.path)}, .*'third', is gone; .* evaluation ledger restore"
            for asked in (released_before, propose):
                with pytest.raises(LedgerError, match=said):
                    asked(project, "third" if asked is released_before else "fourth")
            gone.write_text(text, encoding="utf-8")


def test_a_crash_before_the_ledger_leaves_nothing_in_the_record(
    twice: Folder, third: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with twice.open() as project:
        with monkeypatch.context() as patch:
            patch.setattr(files, "move", power_cut)
            with pytest.raises(KeyboardInterrupt):
                ledger.release(third, twice.path / "releases", known_releases.anchor(project))
        assert [entry.release for entry in known_releases.entries(project)] == ["first", "second"]
        enter(project, third)
        assert len(project.store.content().releases) == 3


def unkeyed(releases: Path, of: Folder) -> None:
    """Makes the ledger, which the record of a folder has the key of, again as it was before its hashes had one."""
    with of.open() as project:
        key = known_releases.anchor(project).key
    entries, previous = [], chain.NOTHING
    for line in (releases / "ledger.jsonl").read_text(encoding="utf-8").splitlines():
        entry = codec.build(chain.Entry, json.loads(line)).opened(key)
        assert entry is not None
        entries.append(dataclasses.replace(entry, previous=previous).sealed())
        previous = entries[-1].hash
    (releases / "ledger.jsonl").write_text("".join(f"{entry.line}\n" for entry in entries), encoding="utf-8")
    head = {"format": chain.FORMAT, "head": previous, "lines": len(entries)}
    (releases / "ledger.head").write_text(codec.canonical(head), encoding="utf-8")


def test_a_record_of_before_adopts_the_ledger_it_finds_at_the_next_release(copied: Folder, twice: Folder) -> None:
    # As two releases were made before the record knew of any, and had no key for its ledger.
    shutil.copytree(twice.path / "releases", copied.path / "releases", dirs_exist_ok=True)
    unkeyed(copied.path / "releases", twice)
    with copied.open() as project:
        project.store.key = dataclasses.replace(project.store.key, kept={})
        assert project.store.content().releases == ()
        enter(project, "third")
        assert [row.values["release"] for row in project.store.content().releases] == ["first", "second", "third"]
        assert [entry.keyed for entry in known_releases.entries(project)] == [False, False, True]
        deleted(copied.path)
        with pytest.raises(LedgerError, match="'third' as release 3"):
            propose(project, "fourth")
        assert known_releases.restore(project) == ("first", "second", "third")
        assert len(known_releases.entries(project)) == 3


def test_a_record_that_never_saw_a_release_accepts_no_ledger_of_another(
    copied: Folder, twice: Folder, tmp_path: Path
) -> None:
    shutil.copytree(twice.path / "releases", copied.path / "releases", dirs_exist_ok=True)
    with copied.open() as project:
        assert len(known_releases.entries(project)) == 2  # of a backup of this record
        project.store.key = dataclasses.replace(project.store.key, kept={"ledger": bytes(32)})
        with pytest.raises(LedgerError, match=r"line 1 .* key of another record"):
            propose(project, "third")
        unkeyed(copied.path / "releases", twice)
        with pytest.raises(LedgerError, match="does not know of it"):
            propose(project, "third")


def test_nobody_without_the_key_can_go_on_with_the_ledger(twice: Folder, third: Proposal) -> None:
    with twice.open() as project:
        ledger_of_the_record = known_releases.anchor(project)
        other = dataclasses.replace(ledger_of_the_record, key=b"x" * 32)
        with pytest.raises(LedgerError, match=r"line 1 .* key of another record"):
            ledger.release(third, twice.path / "releases", other)
        chain.add(twice.path / "releases", [(third.entry.sealed(other.key), "{}")])
        with pytest.raises(LedgerError, match=r"line 3 .* key of another record"):
            known_releases.entries(project)


@pytest.mark.parametrize("change", CHANGES[:4], ids=lambda change: change.__name__)
def test_what_the_folder_lacks_is_written_again_from_the_record(twice: Folder, change: Callable[[Path], None]) -> None:
    before = {path.name: path.read_bytes() for path in (twice.path / "releases").glob("*.json*")}
    change(twice.path)
    result = CliRunner().invoke(main, ["ledger", "restore", str(twice.path), "--key-file", str(twice.key_file)])
    assert result.exit_code == 0, result.output
    assert "second" in result.output
    assert {path.name: path.read_bytes() for path in (twice.path / "releases").glob("*.json*")} == before
    again = CliRunner().invoke(main, ["ledger", "restore", str(twice.path), "--key-file", str(twice.key_file)])
    assert "nothing" in again.output
    with twice.open() as project:
        assert len(known_releases.entries(project)) == 2


@pytest.mark.parametrize("change", CHANGES[4:], ids=lambda change: change.__name__)
def test_a_ledger_that_is_not_the_record_s_is_never_written_over(twice: Folder, change: Callable[[Path], None]) -> None:
    change(twice.path)
    before = {path.name: path.read_bytes() for path in (twice.path / "releases").glob("*.[jh]*")}
    result = CliRunner().invoke(main, ["ledger", "restore", str(twice.path), "--key-file", str(twice.key_file)])
    assert result.exit_code == 13, result.output
    assert "aside" in result.output
    assert {path.name: path.read_bytes() for path in (twice.path / "releases").glob("*.[jh]*")} == before


def test_where_two_offices_released_and_their_records_were_put_together_nothing_is_released(
    twice: Folder, tmp_path: Path
) -> None:
    (tmp_path / "south").mkdir()
    with Store.create(tmp_path / "south", keys.passphrase("long enough words"), slot="Ewa", cost=2**4) as south:
        south.append([entries.released(1, name="theirs", head="f" * 64, actor="Ewa")])
        with south.transaction("IMMEDIATE") as execute:
            theirs = merging.shared(execute)
    with twice.open() as project:
        merged = merging.merge(project.store, theirs, actor="Ewa")
        assert [table for table, _ in merged.conflicts] == ["(releases)"]
        for attempt in (lambda: propose(project, "third"), lambda: known_releases.entries(project)):
            with pytest.raises(LedgerError, match="Two offices made releases"):
                attempt()


def test_what_the_record_knows_of_releases_changes_no_frame_and_no_fingerprint(copied: Folder) -> None:
    with copied.open() as project:
        before, frames = project.fingerprint, {name: len(frame) for name, frame in project.frames.items()}
        her = project.changes["self_perception"].paired[0]
        enter(project, "first")
        project.forget()
        assert project.fingerprint == before
        assert {name: len(frame) for name, frame in project.frames.items()} == frames
        project.store.append([entries.erasure(her, actor="tester")])
        assert [row.values["release"] for row in project.store.content().releases] == ["first"]
        assert project.store.verify()


def test_a_release_in_the_record_is_sent_again_without_effect_and_never_corrected(twice: Folder) -> None:
    with twice.open() as project:
        held = project.store.verify()
        known_releases.remember(project, known_releases.entries(project))
        first, second = project.store.content().releases
        kept = {name: str(first.values[name]) for name in ("line", "bundle")}
        again = entries.released(1, name="first", head=str(first.values["head"]), actor="somebody else", kept=kept)
        assert project.store.append([again]).already == 1
        assert project.store.verify() == held
        for values in (None, {**first.values, "head": "0" * 64}):
            with pytest.raises(StoreError, match="never corrected or struck out"):
                project.store.append([entries.correction(first.id, values=values, actor="tester")])
        with pytest.raises(StoreError, match="already there"):
            project.store.append([entries.released(2, name="x", head="f" * 64, actor="tester")])
        assert second.values["number"] == 2
