"""Paragraphs of sentences that name what they stand on, as a part with its data."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.release.released import Released
from evaluation.report.blocks import Paragraph, Sentence
from evaluation.report.shown import Shown, show

Sentences = tuple[Sentence, ...]


def written(
    released: Released,
    language: str,
    *,
    name: str,
    paragraphs: Sequence[Sentences],
    labels: Sequence[str] = (),
    note: str = "",
) -> Shown:
    """Paragraphs of sentences as a part; ``labels`` open the paragraphs."""
    openings = [*labels, *[""] * (len(paragraphs) - len(labels))]
    labelled = list(zip(openings, paragraphs, strict=True))
    return show(
        released,
        language,
        name=name,
        blocks=[Paragraph(sentences, label) for label, sentences in labelled],
        content={
            "words": length(paragraphs),
            "note": note,
            "paragraphs": [
                {"label": label, "sentences": [{"text": s.text, "sources": list(s.sources)} for s in sentences]}
                for label, sentences in labelled
            ],
        },
    )


def length(paragraphs: Sequence[Sentences]) -> int:
    """How many words the paragraphs have together."""
    return sum(len(sentence.text.split()) for sentences in paragraphs for sentence in sentences)
