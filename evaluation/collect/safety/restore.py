"""A backup becomes a project's folder again, as a chain of its own; erasures that were made since are made again."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path

from evaluation import files
from evaluation.collect.access.keys import DataKey
from evaluation.collect.record import admission, database, entries, place, replay
from evaluation.collect.record.current import ENTRIES
from evaluation.collect.record.replay import Sealed
from evaluation.collect.record.store import Store
from evaluation.collect.safety.backup import MANIFEST, Backup
from evaluation.errors import StoreError


def restore(backup: Backup, folder: Path, key: DataKey, *, aside: Path | None = None) -> None:
    """Make ``folder`` of the backup, whole or not at all.

    ``aside``: where a folder that is there goes, nothing of it deleted; without it a folder that holds anything
    is refused. ``key`` is the backup's. Raises StoreError, and DamagedStore where the backup is not whole.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())) and aside is None:
        raise StoreError("collect.restore.there", folder=folder)
    if aside is not None and aside.exists():
        raise StoreError("collect.restore.there", folder=aside)
    place.check(folder)
    scratch = folder.absolute().with_name(f".{folder.absolute().name}.{uuid.uuid4().hex[:8]}")
    try:
        files.private_folder(scratch)
        for name in backup.digests:
            if name != MANIFEST:
                (scratch / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(backup.path / name, scratch / name)
        (scratch / database.NAME).chmod(0o600)
        files.private_folder(scratch / "incoming")
        with Store.open(scratch, key) as store:
            store.verify()
            renew(store)
        if aside is not None and folder.exists():
            os.rename(folder, aside)
        elif folder.exists():
            folder.rmdir()
        os.rename(scratch, folder)
    except OSError as error:
        raise StoreError("collect.restore.unwritable", folder=folder, reason=error.strerror or "") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def renew(store: Store) -> None:
    """From now on entries are added to a chain of their own, as a copy of the record that went on elsewhere may have
    other ones after the same last entry; the store has to be opened anew.
    """
    with store.transaction("IMMEDIATE") as execute:
        admission.keep_clock(replay.latest_clock([Sealed(*row) for row in execute(ENTRIES).fetchall()]), execute)
        execute("UPDATE meta SET value = ? WHERE name = 'device'", (str(uuid.uuid4()),))


def erase_again(store: Store, participants: Iterable[str], *, actor: str) -> int:
    """Destroy what is recorded of people whose erasure the restored record does not know; how many they were.

    Codes of which nothing is recorded are erased, too: they are never used again.
    """
    again = sorted({*participants} - store.erased())
    with store.transaction("IMMEDIATE") as execute:
        for participant in again:
            admission.destroy(entries.erasure(participant, actor=actor), execute, by=store.writer)
    store.overwrite_journal()
    return len(again)


def take_over(releases: Path, folder: Path) -> None:
    """Put the releases of the folder that was replaced in the place of the restored ones."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(releases, folder)


def age(backup: Backup, *, now: dt.datetime) -> int:
    """How many days ago a backup was made."""
    return max(0, (now.date() - backup.made_at.astimezone(now.tzinfo).date()).days)
