"""Who may open a project's record: coordinators add and remove people, print the recovery code, change the key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from evaluation.collect.access import keys
from evaluation.collect.access.keys import COORDINATOR, Opened, Role
from evaluation.collect.record.store import Store
from evaluation.collect.safety import office
from evaluation.errors import StoreError
from evaluation.project.opened import Project
from evaluation.project.safekeeping.unlocking import given, new_passphrase
from evaluation.texts import Message, say


def add(
    project: Project, name: str, *, role: Role, on: dt.date, key_file: Path | None = None, language: str
) -> Iterator[Message]:
    """Let ``name`` open the record: with a passphrase that she types twice, or with ``key_file``, made if missing.

    Raises StoreError where the one who opened the record is no coordinator, or there is such a name already.
    """
    _only_coordinators(project.who)
    if key_file is None:
        secret = new_passphrase(say("project.access.choose", language, name=name), language)
    else:
        fresh = not key_file.exists()
        secret = keys.make_key_file(key_file) if fresh else keys.read_key_file(key_file)
        if fresh:
            yield Message("cli.new.key", key_file=key_file)
    keys.add_slot(project.folder, project.key, secret=secret, slot=name, role=role, on=on)
    yield Message("project.access.added", name=name, role=_role(role))


def remove(project: Project, name: str) -> Message:
    """Take away ``name``'s way into the record; what to know then. Raises StoreError for the last coordinator's."""
    _only_coordinators(project.who)
    keys.remove_slot(project.folder, project.key, slot=name)
    return Message("project.access.removed", name=name)


def listed(folder: Path) -> Iterator[Message]:
    """Who can open the record in ``folder``: names, roles, with what and since when; no secret is needed for it."""
    for slot in keys.slots(folder):
        facts = {"name": slot.name, "role": _role(slot.role), "kind": Message(_KIND[slot.kind])}
        if slot.added is None:
            yield Message("project.access.slot", **facts)
        else:
            yield Message("project.access.slot_since", **facts, day=slot.added)


def recovery(project: Project, *, on: dt.date) -> Message:
    """A new recovery code, told this once."""
    _only_coordinators(project.who)
    return Message("project.access.recovery", code=keys.add_recovery(project.folder, project.key, on=on))


def rotate(folder: Path, *, key_file: Path | None = None, language: str) -> Iterator[Message]:
    """Give the record in ``folder`` another data key; who keeps her way in, and who has to be added again.

    Raises StoreError where whoever opens it is no coordinator, or another program has it open.
    """
    secret = given(folder, key_file=key_file, language=language)
    _only_coordinators(keys.unlock(folder, secret))
    gone = keys.rotate(folder, secret)
    yield Message("project.access.rotated", n=len(keys.slots(folder)))
    if gone:
        yield Message("project.access.rotated_without", n=len(gone), names=gone)
    with Store.open(folder, keys.unlock(folder, secret).key) as store, store.transaction("IMMEDIATE") as execute:
        renewed = office.forget(execute)
    if renewed:
        yield Message("project.access.new_id")


_KIND = {
    "passphrase": "project.access.kind.passphrase",
    "key file": "project.access.kind.key_file",
    "recovery code": "project.access.kind.recovery_code",
}


def _role(role: Role) -> Message:
    return Message(f"project.access.role.{role}")


def _only_coordinators(who: Opened) -> None:
    if who.role != COORDINATOR:
        raise StoreError("project.access.coordinator", role=_role(who.role))
