"""Two offices of one project exchange what they recorded, in parcels that only they open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from evaluation.collect.safety import office, parcel
from evaluation.project.opened import Project
from evaluation.texts import Message

_TOLD = 20


def own_id(project: Project) -> str:
    """What this office gives to others, and they to it."""
    return str(parcel.identity(project.store))


def make(project: Project, file: Path, *, to: Sequence[str]) -> Message:
    """Write a parcel for the offices whose identities are given."""
    offices = [office.parse(each) for each in to]
    sent = parcel.make(project.store, project.declaration.file.id, file, to=offices)
    return Message("collect.parcel.made", n=sent, file=file)


def take(project: Project, file: Path, *, actor: str, sender: str | None = None) -> Iterator[Message]:
    """Add what a parcel brings, and say what changed by it."""
    believed = office.parse(sender) if sender else None
    merged = parcel.take(project.store, project.declaration.file.id, file, actor=actor, sender=believed)
    project.forget()
    yield Message("collect.parcel.taken", n=merged.new, already=merged.already)
    if merged.erased:
        yield Message("collect.parcel.erased", n=merged.erased)
    if merged.conflicts:
        yield Message("collect.parcel.conflicts", n=len(merged.conflicts))
        for table, place in merged.conflicts[:_TOLD]:
            yield Message("collect.parcel.conflict", table=table, row=", ".join(place))
