"""The record remembers each release, so that a releases folder that is missing, older or foreign is noticed."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from typing import TYPE_CHECKING

from evaluation.collect.record.entries import released
from evaluation.collect.record.replay import Row
from evaluation.errors import LedgerError
from evaluation.release import ledger
from evaluation.release.chain import Entry

if TYPE_CHECKING:
    from evaluation.project.opened import Project


def entries(project: Project) -> tuple[Entry, ...]:
    """The project's ledger, verified, and held against what the record knows of it.

    A ledger may go on after what the record knows: a crash came between the two, or the record is of
    before it remembered releases. Raises LedgerError where it lacks a release or holds another one.
    """
    found = ledger.read(project.folder / "releases", project.declaration.file.id)
    for one in _known(project):
        number, name = int(str(one.values["number"])), str(one.values["release"])
        if number > len(found):
            facts = {"name": name, "number": number, "folder": project.folder / "releases", "held": len(found)}
            raise LedgerError("project.releases.missing", **facts)
        if found[number - 1].hash != one.values["head"]:
            facts = {"name": name, "number": number, "folder": project.folder / "releases"}
            raise LedgerError("project.releases.another", **facts)
    return found


def remember(project: Project, made: Sequence[Entry]) -> None:
    """Enter in the record every release of the ledger ``made`` that it does not know yet."""
    known = len(_known(project))
    actor = getpass.getuser()
    project.store.append(
        [
            released(number, name=entry.release, head=entry.hash, actor=actor)
            for number, entry in enumerate(made[known:], start=known + 1)
        ]
    )


def _known(project: Project) -> list[Row]:
    """The releases that the record knows, the last one first."""
    return sorted(project.store.content().releases, key=lambda row: int(str(row.values["number"])), reverse=True)
