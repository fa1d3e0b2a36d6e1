"""Which words of a document are in another language than it, and where they stand in a text."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping

from evaluation import descriptors
from evaluation.release.printed.wording import labels
from evaluation.release.released import Released
from evaluation.schema import Labels
from evaluation.texts import nearest_in, translated

Foreign = Mapping[str, str]
"""Patterns (of Python and of Typst alike) of such words, each to the code of their language."""


def foreign(released: Released, language: str) -> Foreign:
    """Of a release: names declared to be in another language, and labels that ``language`` lacks."""
    return _of(_Same(released), language)


class _Same:
    """One very release, kept: to find two that are equal, every label would have to be compared."""

    def __init__(self, released: Released) -> None:
        self.released = released

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.released is self.released

    def __hash__(self) -> int:
        return id(self.released)


@functools.lru_cache(4)  # every part of a document asks
def _of(same: _Same, language: str) -> Foreign:
    released = same.released
    names = {name: own for name, own in released.facts.names_in.items() if own != language}
    lacking = untranslated((one for one in labels(released) if not isinstance(one, str)), language)
    return {**_patterns(names), **lacking}


def untranslated(told: Iterable[Labels], language: str) -> Foreign:
    """Of these labels those that ``language`` lacks, as they are printed: with the code of their own behind them."""
    return _patterns({translated(one, language): nearest_in(one, language)[0] for one in told if not one.get(language)})


def _patterns(words: Mapping[str, str]) -> dict[str, str]:
    """The longest first, so that a name in a name does not take it apart."""
    known = descriptors.codes("languages")
    there = sorted((one for one in words if one.strip() and words[one] in known), key=len, reverse=True)
    return {_pattern(one): words[one] for one in there}


def _pattern(words: str) -> str:
    """Whole words, with or without a capital, whatever space ties them."""
    first, rest = re.escape(words[:1]), words[1:]
    either = f"[{words[0].lower()}{words[0].upper()}]" if words[0].isalpha() else first
    said = either + r"\s".join(map(re.escape, rest.split(" ")))
    return (r"\b" if words[0].isalnum() else "") + said + (r"\b" if words[-1].isalnum() else "")


def spans(text: str, words: Foreign) -> Iterator[tuple[str, str]]:
    """The text in pieces, each with its language: "" for that of the document."""
    at = 0
    for found in re.finditer("|".join(f"({one})" for one in words), text) if words else ():
        if found.start() > at:
            yield text[at : found.start()], ""
        yield found[0], [*words.values()][found.lastindex - 1] if found.lastindex else ""
        at = found.end()
    if text[at:]:
        yield text[at:], ""
