"""A project's record verified, backed up and restored, in sentences that say what to do next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from evaluation.collect.access import keys
from evaluation.collect.access.keys import Opened, Secret
from evaluation.collect.record import database
from evaluation.collect.record.store import Store
from evaluation.collect.safety import backup, clock, restore, seen, verification
from evaluation.errors import DamagedStore, EvaluationError, StoreError
from evaluation.project.opened import Project
from evaluation.texts import Message

LEDGER = Path("releases") / "ledger.jsonl"


def verify_lines(root: Path, who: Opened, *, printed: str = "", accept: bool = False) -> Iterator[Message]:
    """Every page and every entry of the record in ``root`` checked; what was found, each broken place for itself.

    ``accept``: an older file than the one that was last seen here is gone on with, as a chain of its own.
    Raises DamagedStore after all was told, where anything is broken.
    """
    try:
        opened = Store.open(root, who.key)
    except DamagedStore:
        pages = verification.broken_pages(root / database.NAME, who.key.derive(database.NAME))
        yield from pages
        if pages:
            raise DamagedStore("collect.verify.broken", n=len(pages)) from None
        raise
    with opened as store:
        found = verification.verified(store, printed=printed)
        yield from found.faults
        if found.faults:
            raise DamagedStore("collect.verify.broken", n=len(found.faults))
        yield Message("project.check.record", n=found.entries)
        yield Message("collect.verify.head", head=store.head())
        if len(found.heads) > 1:
            yield Message("collect.verify.devices", n=len(found.heads))
        yield from clock.lines(store, now=dt.datetime.now(dt.UTC))
        if store.erased_in_journal:
            yield Message("collect.record.journal")
        if accept:
            restore.renew(store)
            yield Message("collect.verify.accepted")
    if not accept:
        with Store.open(root, who.key) as store:
            seen.check(store, root, where=seen.folder())


def backup_lines(project: Project, to: Path, *, at: dt.datetime) -> Iterator[Message]:
    """Make a backup of the project below ``to`` and say what is in it, and what is not."""
    made = backup.make(project.store, project.folder, to, at=at)
    yield Message("collect.backup.made", n=made.entries, folder=made.path)
    if made.path.stat().st_dev == project.folder.stat().st_dev:
        yield Message("collect.backup.same_disk")
    yield Message("collect.backup.without")


def last_backup(project: Project, *, now: dt.datetime) -> Message:
    """How many days ago the last backup was made, and how many entries came in since."""
    last = backup.last(project.store)
    if last is None:
        return Message("collect.backup.never")
    at, entries = last
    days = (now.astimezone().date() - at.astimezone().date()).days
    since = project.store.content().entries - entries
    return Message("collect.backup.last", n=max(0, days), since=max(0, since))


def restore_lines(
    source: Path, folder: Path, secret: Secret, *, over: bool, actor: str, at: dt.datetime
) -> Iterator[Message]:
    """Make ``folder`` of a backup; with ``over`` what lies there is set aside, and what people took back is taken back.

    Raises StoreError where ``folder`` holds something and ``over`` was not asked for.
    """
    found = backup.read(source)
    who = keys.unlock(source, secret)
    aside = folder.absolute().with_name(f"{folder.absolute().name}-{at.astimezone():%Y-%m-%d-%H%M%S}-replaced")
    living = (folder / database.NAME).exists()
    if living and not over:
        raise StoreError("collect.restore.living", folder=folder)
    replaced = over and folder.is_dir() and any(folder.iterdir())
    before = _before(folder, secret) if living else None
    restore.restore(found, folder, who.key, aside=aside if replaced else None)
    yield Message("collect.restore.done", folder=folder, n=restore.age(found, now=at), entries=found.entries)
    if replaced:
        yield Message("collect.restore.aside", folder=aside)
    day = found.made_at.astimezone().date()
    if before is not None:
        with Store.open(folder, who.key) as store:
            erased, consents = restore.do_again(store, before, actor=actor)
        yield Message("collect.restore.again", erasures=erased, consents=consents)
    else:
        yield Message("collect.restore.erase_again", day=day)
    if replaced and _ledger_goes_on(folder, aside):
        restore.take_over(aside / "releases", folder / "releases")
        yield Message("collect.restore.releases_kept")
    else:
        yield Message("collect.restore.releases", day=day)


def _before(folder: Path, secret: Secret) -> restore.TakenBack | None:
    """What people took back in the record that is being replaced; None where that can no longer be read.

    Raises StoreError where another program has it open: what that acknowledges would go into the folder set aside.
    """
    try:
        key = keys.unlock(folder, secret).key
        with database.alone(folder / database.NAME, key.derive(database.NAME)):
            pass
        with Store.open(folder, key) as store:
            return restore.taken_back(store)
    except EvaluationError as error:
        if error.message.key == "collect.record.not_alone":
            raise
        return None


def _ledger_goes_on(restored: Path, before: Path) -> bool:
    """Whether the replaced folder's ledger holds all that the restored one holds, and perhaps more."""
    try:
        return (before / LEDGER).read_bytes().startswith((restored / LEDGER).read_bytes())
    except FileNotFoundError:
        return (before / LEDGER).exists()
    except OSError:
        return False
