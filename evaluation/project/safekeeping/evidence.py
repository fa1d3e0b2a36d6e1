"""What a check on the spot asks of each participant: the consents, the day they were signed, where the paper lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaluation.collect.access.keys import COORDINATOR
from evaluation.errors import StoreError
from evaluation.project.opened import Project
from evaluation.texts import DASH, Message

ENTERING = ("caseworker", COORDINATOR)
"""Whoever enters these days and opens the binder they lie in."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of one participant, by her code: to what a consent holds, when she signed and where; "" is not recorded."""

    participant: str
    service: bool
    reporting: bool
    consented_on: str
    paper_at: str

    @property
    def complete(self) -> bool:
        return bool(self.consented_on and self.paper_at)


def read(project: Project) -> tuple[Evidence, ...]:
    """One line a participant, by code; of those too who withdrew. Raises StoreError for whoever does not enter.

    A consent holds as it does for numbers: of whoever is under age, only while a guardian consents as well.
    """
    if project.who.role not in ENTERING:
        raise StoreError("project.evidence.role", role=Message(f"project.access.role.{project.who.role}"))
    people = project.frames["participants"]
    found, consents = [], dict(zip(people["participant"], people["consent_reporting"], strict=True))
    for row in project.store.rows("participants"):
        cells = {name: "" if value is None else str(value) for name, value in row.values.items()}
        code, paper = row.place[0], (cells.get("consented_on", ""), cells.get("paper_at", ""))
        found.append(Evidence(code, code in consents, bool(consents.get(code, False)), *paper))
    return tuple(sorted(found, key=lambda one: one.participant))


def lines(found: tuple[Evidence, ...]) -> Iterator[Message]:
    """Each participant in a line, and how many lack something."""
    for one in found:
        consents = [Message(f"project.evidence.{kind}") for kind in ("service", "reporting") if getattr(one, kind)]
        yield Message(
            "project.evidence.line",
            participant=one.participant,
            day=one.consented_on or DASH,
            place=one.paper_at or DASH,
            consents=consents or Message("project.evidence.none"),
        )
    lacking = sum(not one.complete for one in found)
    yield (
        Message("project.evidence.lacking", n=lacking, all=len(found)) if lacking else Message("project.evidence.whole")
    )
