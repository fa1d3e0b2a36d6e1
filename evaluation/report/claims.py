"""Which words of a text claim a cause that a project without a comparison group cannot know."""

from __future__ import annotations

import re
import unicodedata

from evaluation.report.phrases import PHRASES
from evaluation.report.words import LANGUAGES, check_language

_FORBIDDEN = {
    "en": (
        r"impact\w*|effect\w*|caus(?:e|ed|es|al|ally|ing)|(?:led|leads?|leading) to|resulted in|thanks to"
        r"|due to|because of|owing to|as a result of|attributable to|prov(?:e|ed|es|en|ing)|proof|significan\w*"
    ),
    "pl": (
        r"wpływ\w*|wpłyn\w*|skut\w+|efekt\w*|dzięki|spowodow\w*|powoduj\w*|udow[oó]d\w*|dow(?:ód|od)\w*"
        r"|doprowadz\w*|przyczyn\w*|zawdzięcza\w*|istotn\w+ statystycznie"
        r"|wskutek|z powodu|w wyniku|w rezultacie|za sprawą"
    ),
}
_ALLOWED = ("no_comparison", "wider")


def causal_claims(text: str, language: str) -> list[str]:
    """The forbidden words in the order in which they stand; empty when the text claims nothing.

    The fixed sentence on the missing comparison group and the funder's dimension "wider effects" are
    allowed; Polish is matched by stem. Whoever has a randomly allocated waiting list need not ask.
    Source: STATISTICS.md §6.
    """
    words = _flat(text)
    for phrase in _ALLOWED:
        words = words.replace(_flat(PHRASES[phrase][LANGUAGES.index(check_language(language))]), " … ")
    return re.findall(rf"\b(?:{_FORBIDDEN[language]})\b", words)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).casefold()
