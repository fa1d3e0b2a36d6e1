"""Who may open a project's record: coordinators add, list and remove people, and print the recovery code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from evaluation.collect.record import keys
from evaluation.collect.record.keys import COORDINATOR, Role
from evaluation.errors import StoreError
from evaluation.project.opened import Project
from evaluation.project.unlocking import new_passphrase
from evaluation.texts import Message, say


def add(
    project: Project, name: str, *, role: Role, on: dt.date, key_file: Path | None = None, language: str
) -> Iterator[Message]:
    """Let ``name`` open the record: with a passphrase that she types twice, or with ``key_file``, made if missing.

    Raises StoreError where the one who opened the record is no coordinator, or there is such a name already.
    """
    _coordinator(project)
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
    _coordinator(project)
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
    _coordinator(project)
    return Message("project.access.recovery", code=keys.add_recovery(project.folder, project.key, on=on))


_KIND = {
    "passphrase": "project.access.kind.passphrase",
    "key file": "project.access.kind.key_file",
    "recovery code": "project.access.kind.recovery_code",
}


def _role(role: Role) -> Message:
    return Message(f"project.access.role.{role}")


def _coordinator(project: Project) -> None:
    if project.who.role != COORDINATOR:
        raise StoreError("project.access.coordinator", role=_role(project.who.role))
