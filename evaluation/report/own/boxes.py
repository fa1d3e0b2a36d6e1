"""The texts for the boxes of a funder's online form, each with how many of its characters are used."""

from __future__ import annotations

from evaluation.report.blocks import Document
from evaluation.report.formats import text
from evaluation.report.own.profile import Box
from evaluation.report.words import say
from evaluation.schema import text as text_in


def written(whole: Document, boxes: tuple[Box, ...]) -> bytes:
    """The boxes one after another, ready to be copied; one that is too long says by how much."""
    return ("\n\n".join(_box(whole, box) for box in boxes) + "\n").encode()


def filled(whole: Document, box: Box) -> str:
    """What goes into a box: the parts that it asks for, as far as the document has them, without their figures."""
    parts = {part.name: part for part in whole.parts if part.name}
    return "\n\n".join(text.part(parts[name]) for name in box.parts if name in parts)


def _box(whole: Document, box: Box) -> str:
    said = filled(whole, box)
    label, language = text_in(box.label, whole.language), whole.language
    used = say("report.boxes.used", language, n=len(said), limit=box.characters)
    over = len(said) - box.characters
    much = [say("report.boxes.over", language, n=over)] if over > 0 else []
    none = [] if said else [say("report.boxes.empty", language)]
    return "\n".join([f"[{label}]", used, *much, *none, "", said]).strip()
