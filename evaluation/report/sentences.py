"""Sentences that name what they stand on, and paragraphs of them as something shown."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.release.released import Released
from evaluation.report.shown import Shown, show

Paragraph = tuple["Sentence", ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the paths (reading.resolve) of everything in the release that it stands on."""

    text: str
    sources: tuple[str, ...]


def written(
    released: Released,
    language: str,
    *,
    part: str,
    heading: str,
    paragraphs: Sequence[Paragraph],
    labels: Sequence[str] = (),
    note: str = "",
) -> Shown:
    """Paragraphs of sentences as something shown; ``labels`` open the paragraphs in bold."""
    openings = [*labels, *[""] * (len(paragraphs) - len(labels))]
    plain = [" ".join(sentence.text for sentence in paragraph) for paragraph in paragraphs]
    labelled = list(zip(openings, plain, strict=True))
    return show(
        released,
        language,
        part=part,
        heading=heading,
        text="\n\n".join(f"{label}. {body}" if label else body for label, body in labelled),
        html="\n".join(_marked(label, body) for label, body in labelled),
        content={
            "words": length(paragraphs),
            "note": note,
            "paragraphs": [
                {
                    "label": label,
                    "sentences": [{"text": s.text, "sources": list(s.sources)} for s in paragraph],
                }
                for label, paragraph in zip(openings, paragraphs, strict=True)
            ],
        },
    )


def _marked(label: str, body: str) -> str:
    opening = f"<strong>{html.escape(label)}.</strong> " if label else ""
    return f"<p>{opening}{html.escape(body)}</p>"


def length(paragraphs: Sequence[Paragraph]) -> int:
    """How many words the paragraphs have together."""
    return sum(len(sentence.text.split()) for paragraph in paragraphs for sentence in paragraph)
