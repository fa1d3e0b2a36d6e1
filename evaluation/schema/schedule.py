"""The releases that project.yml plans, each with what it tells of people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from evaluation.texts import Message


@dataclass(frozen=True, slots=True)
class PlannedRelease:
    """One planned release. ``topics``: what it tells of people; else a final one tells all, an interim one none."""

    name: str
    kind: Literal["interim", "final"]
    date: dt.date
    topics: tuple[str, ...] = ()

    def due(self, topic: str) -> bool:
        """Whether this is a release in which the topic is to be told."""
        return topic in self.topics or (self.kind == "final" and not self.topics)


def misplaced(planned: Sequence[PlannedRelease]) -> Iterator[tuple[int, Message]]:
    """What is wrong with the order of these releases, each with the place of the one at fault."""
    finals = [place for place, one in enumerate(planned) if one.kind == "final"]
    if planned and not finals:
        yield len(planned) - 1, Message("schema.schedule.no_final")
    for place in finals[1:]:
        yield place, Message("schema.schedule.two_finals", first=planned[finals[0]].name, second=planned[place].name)
    for place, one in enumerate(planned[1:], start=1):
        before = planned[place - 1]
        if before.kind == "final" and one.kind == "interim":
            yield place, Message("schema.schedule.final_first", final=before.name, interim=one.name)
        elif one.date <= before.date:
            yield place, Message("schema.schedule.not_in_order", name=one.name, day=one.date, before=before.name)
    names = [one.name.casefold() for one in planned]
    for place, name in enumerate(names):
        if name in names[:place]:
            yield place, Message("schema.schedule.twice", name=planned[place].name)
