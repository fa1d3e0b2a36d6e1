"""The record lies only where it is safe, and whatever the disk refuses is told as what it is, never as damage."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluation.collect.access import keys, place
from evaluation.collect.record import entries
from evaluation.collect.record.store import Store
from evaluation.errors import StoreError

WORDS = keys.passphrase("long enough words")
FAST = 2**4


def make(folder: Path) -> Store:
    return Store.create(folder, WORDS, slot="Anna", cost=FAST)


def row(number: int, size: int = 3000) -> entries.Entry:
    return entries.row("t", key=["k"], values={"k": str(number), "v": "z" * size}, actor="Anna")


def fill(store: Store) -> tuple[int, str]:
    """How many rows were acknowledged until one was refused, and the sentence."""
    for number in range(1000):
        try:
            store.append([row(number)])
        except StoreError as error:
            return number, str(error)
    raise AssertionError("the disk was never full")


# --- folders that other computers copy -----------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "service"),
    [
        ("Dropbox", "Dropbox"), ("Dropbox (Personal)", "Dropbox"), ("Dropbox Fundacja", "Dropbox"),
        ("OneDrive - Fundacja Pomoc", "OneDrive"), ("OneDriveFundacja", "OneDrive"), ("One Drive", "OneDrive"),
        ("Google Drive", "Google Drive"), ("GoogleDrive-a@b.example", "Google Drive"), ("My Drive", "Google Drive"),
        ("Mój dysk", "Google Drive"), (unicodedata.normalize("NFD", "Mój dysk"), "Google Drive"),
        ("Dyski współdzielone", "Google Drive"), ("nextcloud", "Nextcloud"), ("Nextcloud2", "Nextcloud"),
        ("ownCloud", "ownCloud"), ("iCloudDrive", "iCloud"), ("iCloud~com~apple", "iCloud"), ("Box", "Box"),
        ("Box Sync", "Box"), ("MEGA", "MEGA"), ("MEGAsync", "MEGA"), ("pCloudDrive", "pCloud"), ("pCloud", "pCloud"),
        ("Yandex.Disk", "Yandex.Disk"), ("Яндекс.Диск", "Yandex.Disk"), ("Proton Drive", "Proton Drive"),
        ("SynologyDrive", "Sync"), ("Sync", "Sync"), ("CloudStorage", "macOS CloudStorage"),
    ],
)  # fmt: skip
def test_a_synchronised_folder_is_refused_by_its_name(tmp_path: Path, part: str, service: str) -> None:
    folder = tmp_path / part / "project"
    folder.mkdir(parents=True)
    with pytest.raises(StoreError, match=f"a folder of {service} that is copied") as refused:
        make(folder)
    assert refused.value.message.facts["part"] == part
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("mark", "content", "service"),
    [
        (".dropbox", "", "Dropbox"), (".owncloudsync.log", "", "ownCloud"), (".stfolder/x", "", "Syncthing"),
        (".sync_0a1b2c3d4e5f.db", "", "Nextcloud"), (".sync/ID", "", "Resilio Sync"),
        ("desktop.ini", "[.ShellClassInfo]\nIconResource=C:\\Program Files\\OneDrive\\OneDrive.exe,0", "OneDrive"),
    ],
)  # fmt: skip
def test_a_synchronised_folder_under_any_name_is_known_by_what_its_program_leaves_there(
    tmp_path: Path, mark: str, content: str, service: str
) -> None:
    top, folder = tmp_path / "dane", tmp_path / "dane" / "2026" / "project"
    folder.mkdir(parents=True)
    place.check(folder)
    (top / mark).parent.mkdir(exist_ok=True)
    (top / mark).write_text(content)
    with pytest.raises(StoreError, match=f"lies in 'dane', a folder of {service} that is copied"):
        place.check(folder)


@pytest.mark.parametrize(
    "part",
    ["dropbox_evaluation", "my-onedrives", "records", "box", "mega projekt", "sync", "Drive", "onedrivers", "Megan"],
)
def test_a_folder_that_only_sounds_synchronised_is_fine(tmp_path: Path, part: str) -> None:
    (tmp_path / part).mkdir()
    (tmp_path / part / ".dropbox").mkdir()  # a home folder holds the settings so
    (tmp_path / part / "desktop.ini").write_text("[.ShellClassInfo]\nLocalizedResourceName=@shell32.dll,-21770")
    place.check(tmp_path / part)


def test_a_link_into_a_synchronised_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    link = tmp_path / "local"
    try:
        link.symlink_to(tmp_path / "Dropbox", target_is_directory=True)
    except OSError:
        pytest.skip("links cannot be made here")
    with pytest.raises(StoreError, match="not synchronised"):
        place.check(link)


@pytest.mark.parametrize("path", ["//server/share/project", r"\\server\share\project", r"\\?\UNC\server\share"])
def test_a_network_folder_is_refused(path: str) -> None:
    with pytest.raises(StoreError, match="network folder"):
        place.check(Path(path))


MOUNTS = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /srv/office rw shared:9 - cifs //server/office rw
31 30 8:2 / /srv/office/local rw - ext4 /dev/sdb1 rw
32 22 0:41 / /media/Anna\040N rw master:3 - fuse.sshfs anna@host: rw
""".strip()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/office/a/b", "cifs"), ("/srv/office", "cifs"), ("/srv/office2", "ext4"), ("/", "ext4"),
        ("/srv/office/local/x", "ext4"), ("/media/Anna N/project", "fuse.sshfs"),
    ],
)  # fmt: skip
def test_the_disk_under_a_folder_is_the_innermost_one(path: str, kind: str) -> None:
    assert place.kind_of_disk(Path(path), MOUNTS) == kind


def test_a_disk_of_another_computer_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "kind_of_disk", lambda path, mounts: "nfs4")
    with pytest.raises(StoreError, match="network folder"):
        place.check(tmp_path)


def test_a_path_too_long_is_named_and_not_blamed_on_permission(tmp_path: Path) -> None:
    folder = tmp_path
    while len(os.fsencode(str(folder / "records.db-journal"))) < 512:
        folder /= "ż" * 30
    folder.mkdir(parents=True)
    with pytest.raises(StoreError, match=r"is \d+ bytes too long for the record; move it nearer"):
        make(folder)
    make(folder.parent.parent).close()


# --- disks that refuse --------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with room for some hundred pages."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("disks cannot be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs is Linux's")
def test_a_full_disk_is_told_as_one_and_loses_nothing_that_was_acknowledged(small_disk: Path) -> None:
    with make(small_disk) as store:
        stored, told = fill(store)
        assert "is full; nothing was stored, make room" in told
        assert stored > 3
        assert len(store.rows("t")) == stored
        again, told = fill_more(store, stored)
        assert "is full" in told
    with Store.open(small_disk, keys.unlock(small_disk, WORDS).key) as store:
        assert len(store.rows("t")) == again


def fill_more(store: Store, number: int) -> tuple[int, str]:
    """Smaller rows until none goes in."""
    while True:
        try:
            store.append([row(number, size=10)])
        except StoreError as error:
            return number, str(error)
        number += 1


def limited(folder: Path) -> str:
    """What a process of its own writes that may write files of 250 kB at most."""
    reader, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            import resource  # POSIX has it

            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (250_000, resource.RLIM_INFINITY))
            os.write(writing, "{} {}".format(*fill(make(folder))).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as pipe:
        return pipe.read().decode()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks on this system")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_disk_that_refuses_to_write_is_no_damaged_record(tmp_path: Path) -> None:
    stored, _, told = limited(tmp_path).partition(" ")
    assert "did not read or write what was asked; nothing was stored" in told
    assert "backup" not in told
    with Store.open(tmp_path, keys.unlock(tmp_path, WORDS).key) as store:
        assert len(store.rows("t")) == int(stored) > 2
        store.append([row(int(stored))])


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights are another matter on this system")
@pytest.mark.parametrize("what", ["folder", "file"])
def test_a_record_that_may_not_be_written_says_so(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    with make(folder) as store:
        store.append([row(0)])
        key = store.key
    for above in (folder, *folder.parents):
        if above.stat().st_uid == os.getuid():
            above.chmod(above.stat().st_mode | 0o055)
    (folder / "records.db").chmod(0o444 if what == "file" else 0o666)
    folder.chmod(0o777 if what == "file" else 0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        with pytest.raises(StoreError, match="cannot be opened for writing; check that the file and its folder"), \
             Store.open(folder, key) as store:  # fmt: skip
            store.append([row(1)])
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o777)
        (folder / "records.db").chmod(0o600)
    with Store.open(folder, key) as store:
        assert store.verify() == 1
