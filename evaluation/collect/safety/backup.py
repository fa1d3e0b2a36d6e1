"""A backup: a dated folder with a consistent copy of the record and of the project's files, opened before it counts."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation import files
from evaluation.collect.access import keys
from evaluation.collect.record import database
from evaluation.collect.record.file import faults
from evaluation.collect.record.store import Store
from evaluation.collect.safety.verification import verify
from evaluation.errors import DamagedStore, StoreError

MANIFEST = "backup.json"
FORMAT = "backup/1"
FILES = ("project.yml", "plan.yml", "plan.lock", "indicators.yml")
FOLDERS = ("questionnaires", "releases", "texts", "funders", "reports", "notebooks")
"""What of a project's folder is copied besides the record. What lies there in clear with people's rows (incoming/,
inside/), and every key, is not."""

_LAST = "backup"  # the record's own note of the last one


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself: when it was made, of how many entries, and the digest of each of its files."""

    path: Path
    made_at: dt.datetime
    entries: int
    digests: dict[str, str]


def make(store: Store, folder: Path, to: Path, *, at: dt.datetime) -> Backup:
    """A backup of the project in ``folder`` below ``to``, verified by opening it; others may write meanwhile.

    Raises StoreError where ``to`` lies in the project's folder, cannot be written or is full, and DamagedStore
    where the copy is not whole. Then nothing that could be taken for a backup is left.
    """
    if to.resolve() == folder.resolve() or folder.resolve() in to.resolve().parents:
        raise StoreError("collect.backup.inside", folder=to)
    name = f"{folder.resolve().name}-{at.astimezone():%Y-%m-%d-%H%M%S}"
    path, part = to / name, to / f"{name}.part"
    if path.exists():
        raise StoreError("collect.backup.there", folder=path)
    with _told(to):
        try:
            to.mkdir(parents=True, exist_ok=True)
            files.private_folder(part)
            made = _fill(part, store, folder, at=at)
            _settle(part)
            os.rename(part, path)
            files.sync(to)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    with store.transaction("IMMEDIATE") as execute:
        execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_LAST, f"{at.isoformat()} {made.entries}"))
    return Backup(path, at, made.entries, made.digests)


def last(store: Store) -> tuple[dt.datetime, int] | None:
    """When the last backup of this record was made, and how many entries it has."""
    with store.transaction("DEFERRED") as execute:
        row = execute("SELECT value FROM meta WHERE name = ?", (_LAST,)).fetchone()
    if row is None:
        return None
    at, _, entries = row[0].partition(" ")
    return dt.datetime.fromisoformat(at), int(entries)


def read(path: Path) -> Backup:
    """The backup at ``path``, each of its files as it was written. Raises StoreError, DamagedStore."""
    try:
        written = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        family, _, version = str(written["format"]).partition("/")
        made_at, entries = dt.datetime.fromisoformat(written["made_at"]), int(written["entries"])
        digests = {str(name): str(digest) for name, digest in written["files"].items()}
    except OSError:
        raise StoreError("collect.backup.none", folder=path) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DamagedStore("collect.backup.damaged", folder=path, file=MANIFEST) from None
    if family != "backup" or not version.isdigit() or int(version) > 1:
        raise StoreError("collect.record.newer", file=path / MANIFEST)
    for name, digest in digests.items():
        if Path(name).is_absolute() or ".." in Path(name).parts or _digest(path / name) != digest:
            raise DamagedStore("collect.backup.damaged", folder=path, file=name)
    return Backup(path, made_at, entries, digests)


def _fill(part: Path, store: Store, folder: Path, *, at: dt.datetime) -> Backup:
    for name in _project_files(folder):
        (part / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _copy(folder / name, part / name)
    shutil.copyfile(folder / keys.NAME, part / keys.NAME)
    store.copy(part / database.NAME)
    entries = _checked(part, store)
    names = sorted(path.relative_to(part).as_posix() for path in part.rglob("*") if path.is_file())
    digests = {name: _digest(part / name) for name in names}
    manifest: dict[str, Any] = {"format": FORMAT, "made_at": at.isoformat(), "entries": entries, "files": digests}
    (part / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return Backup(part, at, entries, digests)


def _checked(part: Path, store: Store) -> int:
    """The number of entries of the copy, every one of them opened; its slots must give the key that opens it."""
    if not keys.belongs(part, store.key):
        raise StoreError("collect.key.changing", folder=part)
    path = part / database.NAME
    copy = database.read_only(path, store.key.derive(database.NAME))
    with contextlib.closing(copy), faults.explained(path):
        copy.execute("BEGIN")
        found = verify(copy.execute)
    if found.faults:
        raise DamagedStore("collect.backup.not_whole", fault=found.faults[0])
    return found.entries


def _project_files(folder: Path) -> Iterator[str]:
    for name in FILES:
        if (folder / name).is_file():
            yield name
    for name in FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            if path.is_file() and not any(each.startswith(".") for each in path.relative_to(folder).parts):
                yield path.relative_to(folder).as_posix()


def _copy(source: Path, target: Path) -> None:
    """A file as it is; a notebook without what it showed, which is personal."""
    if source.suffix != ".ipynb":
        shutil.copyfile(source, target)
        return
    try:
        notebook = json.loads(source.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell.get("cell_type") == "code":
                cell["outputs"], cell["execution_count"] = [], None
        target.write_text(json.dumps(notebook, indent=1, ensure_ascii=False), encoding="utf-8")
    except (ValueError, KeyError, TypeError, AttributeError):
        return  # what is no notebook might show anything


def _settle(part: Path) -> None:
    """Put everything on the disk for good, for its owner only where the disk knows owners."""
    for path in part.rglob("*"):
        with contextlib.suppress(OSError):
            path.chmod(0o700 if path.is_dir() else 0o600)
        if path.is_file():
            with open(path, "rb+") as file:
                os.fsync(file.fileno())


def _digest(path: Path) -> str:
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


@contextlib.contextmanager
def _told(to: Path) -> Iterator[None]:
    """What goes wrong on the other disk is told as that disk's."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StoreError("collect.backup.full", folder=to) from None
        raise StoreError("collect.backup.unwritable", folder=to) from None
    except StoreError as error:
        if error.message.key in ("collect.record.disk_full", "collect.record.disk"):
            raise StoreError("collect.backup.full", folder=to) from None
        raise
