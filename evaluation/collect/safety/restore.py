"""A backup becomes a project's folder again, as a chain of its own; what people took back since is taken back again."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evaluation import files
from evaluation.collect.access import place
from evaluation.collect.access.keys import DataKey
from evaluation.collect.record import admission, chain_end, database, entries, replay
from evaluation.collect.record.chain_end import ChainEnd
from evaluation.collect.record.current import Current, chain
from evaluation.collect.record.entries import Cell, Entry
from evaluation.collect.record.store import Store
from evaluation.collect.safety.backup import MANIFEST, Backup
from evaluation.errors import StoreError
from evaluation.schema import CONSENTS, GUARDIAN


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
        _exchange(folder, scratch, aside)
    except OSError as error:
        raise StoreError("collect.restore.unwritable", folder=folder, reason=error.strerror or "") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _exchange(folder: Path, made: Path, aside: Path | None) -> None:
    """Put ``made`` in the place of ``folder``; where that fails, the folder is there as before."""
    if aside is None or not folder.exists():
        if folder.exists():
            folder.rmdir()
        os.rename(made, folder)
        return
    os.rename(folder, aside)
    try:
        os.rename(made, folder)
    except OSError:
        os.rename(aside, folder)
        raise


def renew(store: Store) -> None:
    """From now on entries are added to a chain of their own, as a copy of the record that went on elsewhere may have
    other ones after the same last entry; the store has to be opened anew.
    """
    with store.transaction("IMMEDIATE") as execute:
        chain_end.keep_clock(replay.latest_clock(chain(execute)), execute)
        execute("UPDATE meta SET value = ? WHERE name = 'device'", (str(uuid.uuid4()),))


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What people asked for that a copy of before may not know: who was ``erased``, who is no longer reported on
    and since when, and the consents in her row of participants that are not given, by participant.
    """

    erased: frozenset[str] = field(repr=False)
    withdrawn: Mapping[str, dt.date] = field(repr=False)
    consents: Mapping[str, tuple[str, ...]] = field(repr=False)


def taken_back(store: Store) -> TakenBack:
    """What was asked for as the record says today. Raises DamagedStore."""
    content = store.content()
    consents = {
        row.place[0]: tuple(name for name in (*CONSENTS, GUARDIAN) if not _given(row.values.get(name)))
        for row in content.of("participants")
    }
    return TakenBack(frozenset(content.erased), content.withdrawn, consents)


def do_again(store: Store, asked: TakenBack, *, actor: str) -> tuple[int, int]:
    """Erase and take consents back as it was ``asked`` and the restored record does not know.

    How many erasures and how many withdrawn consents these were. Codes of which nothing is recorded are erased,
    too: they are never used again.
    """
    again = sorted(asked.erased - store.erased())
    with store.transaction("IMMEDIATE") as execute:
        for participant in again:
            admission.destroy(entries.erasure(participant, actor=actor), ChainEnd(execute, by=store.writer))
    store.overwrite_journal()
    receipt = store.append(lambda current: list(_withdrawals(asked, current, actor)))
    return len(again), receipt.stored


def _withdrawals(asked: TakenBack, current: Current, actor: str) -> Iterator[Entry]:
    for participant, since in asked.withdrawn.items():
        known = current.withdrawn(participant)
        if current.known(participant) and (known is None or known > since):
            yield entries.withdrawal(participant, since=since, actor=actor)
    for participant, names in asked.consents.items():
        row = current.row("participants", (participant,))
        off = {name: "false" for name in names if row and _given(row.values.get(name))}
        if row and off:
            yield entries.correction(row.id, values={**row.values, **off}, actor=actor)


def _given(cell: Cell) -> bool:
    return str(cell).casefold() in ("true", "1", "yes", "tak")


def take_over(releases: Path, folder: Path) -> None:
    """Put the releases of the folder that was replaced in the place of the restored ones."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(releases, folder)


def age(backup: Backup, *, now: dt.datetime) -> int:
    """How many days ago a backup was made."""
    return max(0, (now.date() - backup.made_at.astimezone(now.tzinfo).date()).days)
