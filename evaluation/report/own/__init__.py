"""What is the officer's own in a document: her judgements, her Word template, and how her funder wants it arranged."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from evaluation.report import formats
from evaluation.report.blocks import Document
from evaluation.report.own import boxes, judgements, profile
from evaluation.report.own.judgements import Judgement
from evaluation.report.own.profile import Profile

BOXES = "boxes.txt"


@dataclass(frozen=True, slots=True)
class Own:
    """Of one project; a project without any has the kit's documents as they are."""

    judgements: tuple[Judgement, ...] = ()
    template: bytes = b""
    profile: Profile | None = None

    def of(self, edition: str) -> Own:
        """What there is of it in an edition: a funder's profile shapes those that the funder is given."""
        given = self.profile.editions if self.profile else ()
        return dataclasses.replace(self, profile=None) if given and edition not in given else self


def written(whole: Document, stem: str, own: Own) -> dict[str, bytes]:
    """The document with what is the officer's own, in every format that it has, by the names of its files.

    The boxes of an online form are filled from all of it, whatever the funder wants to see on paper.
    """
    whole = dataclasses.replace(judgements.placed(whole, own.judgements), template=own.template)
    files = formats.written(profile.arranged(whole, own.profile) if own.profile else whole, stem)
    asked = own.profile.boxes if own.profile else ()
    if fitting := tuple(box for box in asked if {one.name for one in whole.parts} & {*box.parts}):
        files[f"{stem}.{BOXES}"] = boxes.written(whole, fitting)
    return files
