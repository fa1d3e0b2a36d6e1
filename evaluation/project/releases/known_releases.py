"""The record keeps each release whole, so that a releases folder that is missing, older or foreign is noticed."""

from __future__ import annotations

import base64
import getpass
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from evaluation.collect.record.entries import RELEASES, released
from evaluation.collect.record.replay import Row
from evaluation.errors import LedgerError
from evaluation.release import ledger
from evaluation.release.files import chain
from evaluation.release.files.chain import Anchor, Entry

if TYPE_CHECKING:
    from evaluation.project.opened import Project


def anchor(project: Project) -> Anchor:
    """What the record knows of the lines of its ledger."""
    return Anchor(
        project.store.key.derive("ledger"), [_kept(row)[0] for row in _known(project) if "line" in row.values]
    )


def entries(project: Project) -> tuple[Entry, ...]:
    """The project's ledger, verified, and held against what the record knows of it.

    A ledger may go on after what the record knows: a crash came between the two, the record is that of a backup,
    or of before it remembered releases. If it was made with a key for its ledger, only with lines of that key. Raises
    LedgerError where it lacks a release or holds another one, and where two offices released.
    """
    known, found = _known(project), _verified(project)
    for number, entry in enumerate(found[len(known) :], start=len(known) + 1):
        if not entry.keyed and "ledger" in project.store.key.kept:
            facts = {"name": entry.release, "number": number, "folder": project.folder / "releases"}
            raise LedgerError("project.releases.unknown", **facts)
    return found


def _verified(project: Project) -> tuple[Entry, ...]:
    if any(table == RELEASES for table, _ in project.store.content().conflicts):
        raise LedgerError("project.releases.two_offices")
    found = ledger.read(project.folder / "releases", project.declaration.file.id, anchor(project))
    for one in _known(project):
        number, name = int(str(one.values["number"])), str(one.values["release"])
        facts = {"name": name, "number": number, "folder": project.folder / "releases"}
        if number > len(found):
            raise LedgerError("project.releases.missing", held=len(found), **facts)
        if found[number - 1].hash != one.values["head"]:
            raise LedgerError("project.releases.another", **facts)
    return found


def remember(project: Project, made: Sequence[Entry]) -> None:
    """Enter in the record every release of the ledger ``made`` that it does not know yet, whole."""
    known, actor = len(_known(project)), getpass.getuser()
    places = [chain.file(project.folder / "releases", entry) for entry in made[known:]]
    project.store.append(
        [
            released(
                number,
                name=entry.release,
                head=entry.hash,
                actor=actor,
                kept={"line": _packed(line), "bundle": _packed(place.read_text(encoding="utf-8"))},
            )
            for number, (entry, line, place) in enumerate(
                zip(made[known:], _lines(project)[known:], places, strict=True), start=known + 1
            )
        ]
    )


def complete(project: Project, made: Sequence[Entry], name: str) -> None:
    """Put the bundles of a release of the ledger ``made`` into their places, where a crash came before that.

    Raises LedgerError for one that is gone: without it the documents of an edition would silently be missing.
    """
    folder, own = project.folder / "releases", [entry for entry in made if entry.release == name]
    if any(chain.file(folder, entry).suffix == ".part" for entry in own):
        with chain.locked(folder):
            chain.repair(folder, made)
    for place in (chain.file(folder, entry) for entry in own):
        if not place.exists():
            raise LedgerError("project.releases.no_bundle", name=name, place=place.relative_to(project.folder))


def restore(project: Project) -> tuple[str, ...]:
    """Write again what the releases folder lacks of what the record keeps; the names of the releases written.

    Raises LedgerError where the record keeps one only by its name, or the folder holds another ledger.
    """
    known = _known(project)[::-1]
    for row in known:
        if "line" not in row.values:
            raise LedgerError("project.releases.not_kept", name=str(row.values["release"]))
    folder = project.folder / "releases"
    with chain.locked(folder):
        kept, key = [_kept(row) for row in known], anchor(project).key
        return chain.restore(folder, kept, project=project.declaration.file.id, key=key)


def _lines(project: Project) -> list[str]:
    path = project.folder / "releases" / chain.LINES
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _kept(row: Row) -> tuple[str, str]:
    """The line of a release, and its bundle."""
    line, bundle = (zlib.decompress(base64.b64decode(str(row.values[name]))) for name in ("line", "bundle"))
    return line.decode("utf-8"), bundle.decode("utf-8")


def _packed(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")


def _known(project: Project) -> list[Row]:
    """The releases that the record knows, the last one first."""
    return sorted(project.store.content().releases, key=lambda row: int(str(row.values["number"])), reverse=True)
