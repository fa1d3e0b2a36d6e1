"""How a funder wants a document: its parts, their order and headings, the boxes of an online form, indicators."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from evaluation.codec import nearest
from evaluation.errors import BadDeclaration
from evaluation.report.blocks import Document, Part
from evaluation.schema import Labels, text

PARTS = (
    *(
        "facts",
        "results_summary",
        "bilateral_summary",
        "people",
        "courses",
        "needs",
        "support",
        "status",
        "outcomes",
        "distributions",
    ),
    *("indicators", "partnership", "challenges", "limits", "method", "certificate"),
)
"""What a document can be made up of."""
KEPT = ("method", "certificate")
"""No funder's wish takes these away: what the numbers cannot say, and how people are protected."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part under a heading of the funder's own. Raises BadDeclaration for a part that no document has."""

    part: str
    heading: Labels = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_part(self.part)


@dataclass(frozen=True, slots=True)
class Box:
    """One box of an online form: what it asks for, the parts that answer it, and how many characters it takes."""

    label: Labels
    parts: tuple[str, ...]
    characters: int

    def __post_init__(self) -> None:
        for part in self.parts:
            check_part(part)
        if self.characters < 1 or not self.parts:
            raise BadDeclaration("report.profile.box")


@dataclass(frozen=True, slots=True)
class Asked:
    """An indicator that the funder asks for: ``measure`` as in indicators.yml, before its colon."""

    label: Labels
    measure: str
    unit: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A funder's file. ``status``: read at its source, or recalled, which is said as "unverified" to whoever uses it.

    ``documents`` are stems of files, none for all that a release has; ``sections`` of each of them, none for the
    notebook's own order; ``editions`` those that the funder is given.
    """

    label: Labels
    status: Literal["read", "recalled", "own"]
    source: Labels = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    boxes: tuple[Box, ...] = ()
    indicators: tuple[Asked, ...] = ()
    editions: tuple[Literal["funder", "public"], ...] = ()


def check_part(part: str) -> None:
    """Raises BadDeclaration for a part that no document has."""
    if part not in PARTS:
        raise BadDeclaration("report.profile.no_part", part=part, hint=nearest(part, PARTS))


def arranged(whole: Document, profile: Profile) -> Document:
    """The document as the funder wants it; without sections as it is. A figure stays behind its part."""
    if not profile.sections:
        return whole
    groups = {group[0].name: group for group in _groups([part for part in whole.parts if part.place == "main"])}
    headings: Mapping[str, Labels] = {one.part: one.heading for one in profile.sections}
    wanted = dict.fromkeys((*headings, *KEPT))
    parts = [part for name in wanted for part in _headed(groups.get(name, ()), headings.get(name, {}))]
    footer = [part for part in whole.parts if part.place == "footer"]
    return dataclasses.replace(whole, parts=(*parts, *footer))


def _groups(parts: Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    """Each part under a heading with all behind it that have none."""
    group: list[Part] = []
    for part in parts:
        if part.heading and group:
            yield tuple(group)
            group = []
        group.append(part)
    if group:
        yield tuple(group)


def _headed(group: Sequence[Part], heading: Labels) -> Iterator[Part]:
    for at, part in enumerate(group):
        yield dataclasses.replace(part, heading=text(heading, part.language)) if heading and not at else part
