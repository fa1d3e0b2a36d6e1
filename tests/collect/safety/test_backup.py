"""A backup counts only once it was opened; restored, it goes on as a chain of its own and erases again."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluation.collect.access import keys
from evaluation.collect.record import entries
from evaluation.collect.record.store import Store
from evaluation.collect.safety import backup, merging, restore
from evaluation.errors import DamagedStore, StoreError

WORDS = keys.passphrase("long enough words")
NOON = dt.datetime(2026, 3, 9, 12, tzinfo=dt.UTC)


def row(number: int, size: int = 700) -> entries.Entry:
    values = {"participant": f"P-{number:03}", "note": "afraid at night " + "z" * size}
    return entries.row("security", key=["participant"], values=values, actor="Anna")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project's folder with things that belong into a backup, and things that do not."""
    project = tmp_path / "project"
    project.mkdir()
    for name in ("project.yml", "releases/final.json", "questionnaires/own.md", "funders/own.yml", "incoming/rows.csv",
                 "inside/1.html", "my.key", "participants.csv"):  # fmt: skip
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(f"content of {name}")
    shown = {"cell_type": "code", "source": "frames", "outputs": [{"text": "P-001"}], "execution_count": 3}
    (project / "notebooks").mkdir()
    (project / "notebooks" / "own.ipynb").write_text(json.dumps({"cells": [shown]}))
    return project


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store.create(folder, WORDS, slot="Anna", cost=2**4) as made:
        made.append([row(number) for number in range(20)])
        yield made


def restored(made: backup.Backup, to: Path) -> Store:
    restore.restore(backup.read(made.path), to, keys.unlock(made.path, WORDS).key)
    return Store.open(to, keys.unlock(to, WORDS).key)


def test_a_backup_holds_the_record_and_the_projects_files_and_nothing_in_clear(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    made = backup.make(store, folder, tmp_path / "usb", at=NOON)
    assert made.entries == 20
    names = {path.relative_to(made.path).as_posix() for path in made.path.rglob("*") if path.is_file()}
    assert names == {"backup.json", "records.db", "records.keys", "project.yml", "releases/final.json",
                     "questionnaires/own.md", "funders/own.yml", "notebooks/own.ipynb"}  # fmt: skip
    for name in names:
        assert not any(word in (made.path / name).read_bytes() for word in (b"P-001", b"afraid", b"SQLite"))
        if sys.platform != "win32":
            assert (made.path / name).stat().st_mode & 0o077 == 0
    assert backup.last(store) == (NOON, 20)


def test_a_backup_made_while_others_write_is_of_one_moment(store: Store, folder: Path, tmp_path: Path) -> None:
    done = threading.Event()

    def write() -> None:
        with Store.open(folder, store.key) as other:
            number = 100
            while not done.is_set():
                other.append([row(number), row(number + 1)])
                number += 2

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backup.make(store, folder, tmp_path / f"usb{number}", at=NOON) for number in range(2)]
    finally:
        done.set()
        writer.join()
    for number, each in enumerate(made):
        with restored(each, tmp_path / f"restored{number}") as opened:
            assert opened.verify() == each.entries
            assert each.entries % 2 == 0
    assert made[0].entries <= made[1].entries <= store.verify()


def test_a_restored_record_holds_what_was_there_and_goes_on_as_a_chain_of_its_own(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    made = backup.make(store, folder, tmp_path / "usb", at=NOON)
    store.append([row(20)])
    with restored(made, tmp_path / "again") as again:
        assert (len(again.rows("security")), again.verify()) == (20, 20)
        again.append([row(21)])
        with store.transaction("DEFERRED") as execute:
            merging.merge(again, merging.shared(execute), actor="Anna")
        assert again.verify() == len(again.rows("security")) == 22
    assert (tmp_path / "again" / "releases" / "final.json").read_text() == "content of releases/final.json"
    assert (tmp_path / "again" / "records.db").stat().st_mode & 0o077 == 0


def test_what_is_corrected_after_a_restoring_holds_though_the_clock_is_behind(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    made = backup.make(store, folder, tmp_path / "usb", at=NOON)
    restored(made, tmp_path / "again").close()
    key = keys.unlock(tmp_path / "again", WORDS).key
    with Store.open(tmp_path / "again", key, clock=lambda: dt.datetime(2020, 1, 1, tzinfo=dt.UTC)) as again:
        of = again.find("security", ("P-003",))
        assert of is not None
        values = {"participant": "P-003", "note": "corrected"}
        again.append([entries.correction(of, values=values, actor="Anna")])
        (held,) = [row for row in again.rows("security") if row.place == ("P-003",)]
        assert held.values["note"] == "corrected"
        assert again.verify() == 21


def test_whoever_was_erased_after_the_backup_is_erased_again_and_stays_it(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    made = backup.make(store, folder, tmp_path / "usb", at=NOON)
    store.append([row(20)])
    store.append([entries.erasure("P-003", actor="Anna"), entries.erasure("P-020", actor="Anna")])
    with restored(made, tmp_path / "again") as again:
        assert restore.do_again(again, restore.taken_back(store), actor="Ewa") == (2, 0)
        assert restore.do_again(again, restore.taken_back(store), actor="Ewa") == (0, 0)
        assert again.erased() == {"P-003", "P-020"}
        assert len(again.rows("security")) == 19
        for number in (3, 20):
            with pytest.raises(StoreError, match="never used again"):
                again.append([row(number)])
        again.verify()


def test_a_folder_that_holds_anything_is_never_overwritten(store: Store, folder: Path, tmp_path: Path) -> None:
    made = backup.make(store, folder, tmp_path / "usb", at=NOON)
    store.append([row(20)])
    key = store.key
    store.close()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(StoreError, match="is there and is not empty"):
        restore.restore(backup.read(made.path), folder, key)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    restore.restore(backup.read(made.path), folder, key, aside=tmp_path / "aside")
    with Store.open(folder, key) as now, Store.open(tmp_path / "aside", key) as aside:
        assert (now.verify(), aside.verify()) == (20, 21)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("name", ["records.db", "records.keys", "project.yml", "backup.json"])
@pytest.mark.parametrize("how", ["flipped", "cut", "gone"])
def test_a_backup_that_is_not_what_was_written_is_told_and_nothing_is_made_of_it(
    store: Store, folder: Path, tmp_path: Path, name: str, how: str
) -> None:
    path = backup.make(store, folder, tmp_path / "usb", at=NOON).path
    whole = (path / name).read_bytes()
    if how == "gone":
        (path / name).unlink()
    else:
        middle = len(whole) // 2
        changed = bytes([whole[middle] ^ 1]) + whole[middle + 1 :] if how == "flipped" else b""
        (path / name).write_bytes(whole[:middle] + changed)
    with pytest.raises(StoreError, match=r"is not what was written; use an earlier backup|holds no backup"):
        restored(backup.Backup(path, NOON, 20, {}), tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_copy_that_is_not_whole_is_no_backup(store: Store, folder: Path, tmp_path: Path) -> None:
    store.head()  # no row is fresh any more
    store._connection.execute("DROP TRIGGER events_update")
    store._connection.execute("UPDATE events SET actor = 'Ewa' WHERE entry = 7")
    with pytest.raises(DamagedStore, match=r"not whole: Entry 7 is not what was written\. Run 'evaluation verify'"):
        backup.make(store, folder, tmp_path / "usb", at=NOON)
    assert list((tmp_path / "usb").iterdir()) == []
    assert backup.last(store) is None


def test_a_backup_beside_the_record_is_refused(store: Store, folder: Path) -> None:
    for to in (folder, folder / "backups"):
        with pytest.raises(StoreError, match="would be lost with it"):
            backup.make(store, folder, to, at=NOON)
    assert not (folder / "backups").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs is Linux's")
@pytest.mark.parametrize("room", ["40k", "100k"])
def test_a_full_disk_leaves_no_half_copy_that_is_called_a_backup(
    store: Store, folder: Path, tmp_path: Path, room: str
) -> None:
    store.append([row(number, size=3000) for number in range(30, 60)])
    usb = tmp_path / "usb"
    usb.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", str(usb)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("disks cannot be mounted here")
    try:
        with pytest.raises(StoreError, match="is full; no backup was made"):
            backup.make(store, folder, usb, at=NOON)
        assert list(usb.iterdir()) == []
        assert backup.last(store) is None
    finally:
        subprocess.run(["umount", "-l", str(usb)], check=True)


def test_a_key_that_was_changed_since_does_not_lock_an_earlier_backup(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    made = backup.make(store, folder, tmp_path / "usb", at=NOON)
    store.close()
    keys.rotate(folder, WORDS)
    with restored(made, tmp_path / "again") as again:
        assert again.verify() == 20
    shutil.rmtree(tmp_path / "again")
    with Store.open(folder, keys.unlock(folder, WORDS).key) as opened:
        newer = backup.make(opened, folder, tmp_path / "usb", at=NOON + dt.timedelta(days=1))
    with restored(newer, tmp_path / "again") as again:
        assert again.verify() == 20
