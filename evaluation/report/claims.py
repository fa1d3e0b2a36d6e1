"""Which words of a text claim a cause that a project without a comparison group cannot know."""

from __future__ import annotations

import re
import unicodedata

from evaluation import texts
from evaluation.report import words


def causal_claims(text: str, language: str) -> list[str]:
    """The forbidden words in the order in which they stand; empty when the text claims nothing.

    The fixed sentence on the missing comparison group and the funder's dimension "wider effects" are
    allowed; an inflected language is matched by stem. Whoever has a randomly allocated waiting list need not
    ask. Source: STATISTICS.md §6.
    """
    told = _flat(text)
    for allowed in (
        words.say("report.summary.no_comparison", language),
        words.label("bilateral_dimensions", "wider", language),
    ):
        told = told.replace(_flat(allowed), " … ")
    return re.findall(rf"\b(?:{texts.say('report.claims.forbidden', language)})\b", told)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).casefold()
