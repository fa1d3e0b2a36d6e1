"""Who opened, exported and changed what in the record, told to a coordinator."""

from __future__ import annotations

import dataclasses

from evaluation.collect.access.keys import COORDINATOR
from evaluation.collect.record import trail
from evaluation.collect.record.trail import ERASED, Trace
from evaluation.errors import StoreError
from evaluation.project.opened import Project
from evaluation.texts import Message


def read(project: Project, *, participant: str, limit: int) -> tuple[Trace, ...]:
    """The last ``limit`` traces, the newest first. Raises StoreError for whoever is no coordinator."""
    if project.who.role != COORDINATOR:
        raise StoreError("project.trail.coordinator", role=Message(f"project.access.role.{project.who.role}"))
    return trail.read(project.store, limit=limit, participant=participant)


def as_data(trace: Trace) -> dict[str, str]:
    """A trace for other programs; the time is UTC."""
    return {**dataclasses.asdict(trace), "at": trace.at.isoformat()}


def said(trace: Trace) -> Message:
    """A trace as one line; the time is this machine's."""
    where = [Message(f"desk.trail.page.{trace.page}")] if trace.page else []
    code = Message("desk.trail.erased") if trace.participant == ERASED else trace.participant
    what = [each for each in (*where, trace.about, code) if each]
    return Message(
        "project.trail.line",
        at=f"{trace.at.astimezone():%Y-%m-%d %H:%M}",
        name=trace.actor or Message("desk.trail.unknown"),
        act=Message(f"desk.trail.act.{trace.act}"),
        what=Message("project.trail.what", what=what) if what else "",
    )
