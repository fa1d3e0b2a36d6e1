"""Which words of a text claim a cause that a project without a comparison group cannot know."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping

from evaluation import texts
from evaluation.report import words

_CLAUSE = re.compile(r"[.,;:!?()\n\u2013]")
_SENTENCE = re.compile(r"[.!?\n]+(?:\s|$)")
_FOLLOWING = 8
"""So many words after "because of" say what the cause is."""


def causal_claims(text: str, language: str, *, allowed: Iterable[str] = ()) -> list[str]:
    """The words that claim a cause, in the order in which they stand; empty when the text claims nothing.

    Some words always do ("led to"), unless they stand in a phrase about something else ("the effects of
    violence"); some only in a sentence about the project ("effective"); words that name a reason only where the
    project is the reason, or nothing is named ("because of illness" is none). The fixed sentence on the missing
    comparison group, the funder's dimension "wider effects", names such as "Impact Hub" and what is ``allowed``
    claim nothing. Whoever has a randomly allocated waiting list need not ask. Source: docs/statistics.md.
    """
    fixed = (
        words.say("report.summary.no_comparison", language),
        words.label("bilateral_dimensions", "wider", language),
        *allowed,
    )
    told = _flat(re.sub(texts.say("report.claims.names", language), " … ", unicodedata.normalize("NFC", text)))
    for phrase in map(_flat, fixed):
        told = told.replace(phrase, " … ") if phrase else told
    return [claim for sentence in _SENTENCE.split(told) for claim in _in_sentence(sentence, language)]


def _in_sentence(sentence: str, language: str) -> list[str]:
    patterns = _patterns(language)
    harmless = [phrase.span() for phrase in patterns["harmless"].finditer(sentence)]
    of_project = bool(patterns["project"].search(sentence))
    claims: dict[int, str] = {}
    for kind in ("reason", "always", "about"):
        for word in patterns[kind].finditer(sentence):
            if any(start <= word.start() and word.end() <= end for start, end in harmless):
                continue
            if kind == "reason":
                clause = _CLAUSE.split(sentence[word.end() :])[0].split()[:_FOLLOWING]
                cause = " ".join(clause)
                named = patterns["project"].search(cause) or patterns["pronoun"].match(cause)
                claimed = not cause or bool(named)
            else:
                claimed = kind == "always" or of_project
            if claimed:
                claims.setdefault(word.start(), word[0])
    return [claims[at] for at in sorted(claims)]


@functools.cache
def _patterns(language: str) -> Mapping[str, re.Pattern[str]]:
    """The language's words by what they do in a sentence."""
    hardship = texts.say("report.claims.hardship", language)
    project = texts.say("report.claims.project", language)
    told = {kind: texts.say(f"report.claims.{kind}", language) for kind in ("reason", "always", "about", "pronoun")}
    told |= {"project": project}
    told |= {"harmless": texts.say("report.claims.harmless", language, hardship=hardship, project=project)}
    return {kind: re.compile(rf"\b(?:{pattern})\b") for kind, pattern in told.items()}


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).casefold()
