"""An answer given in words is the code whose label it is, where it fits exactly one; else nothing is made of it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from evaluation import texts
from evaluation.collect.files.cells import FALSE, TRUE, Cell, without_point
from evaluation.schema import STATE_WORDS
from evaluation.texts.folding import folded

YES, NO = TRUE | texts.YES | {"1"}, FALSE | texts.NO | {"0"}

_MOST_PARTS = 120
_LONGEST = 1_000  # a code with its label is shorter, and looking for one takes time as the square of the length
_BETWEEN = re.compile(r"[\s;,|/]+")
_BAND = re.compile(r"(\d{1,3})(?:-(\d{1,3})|\+)", re.ASCII)
_CODE_FIRST = re.compile(r"(?P<code>\S+?)(?:\s*[-–—=.:)]\s*|\s+)(?P<label>\S.*)")
_CODE_LAST = re.compile(r"(?P<label>\S.*?)\s*[(\[](?P<code>\S+)[)\]]")

Spoken = Mapping[str, frozenset[str]]
"""A label as ``folded`` → the codes that have it, in any language."""


def spoken(labelled: Iterable[tuple[str, Mapping[str, str]]], *, joined: bool = False) -> Spoken:
    """The labels of codes in all languages, by how they sound; ``joined``: also two of them as ``Yes / Tak``."""
    codes: dict[str, frozenset[str]] = {}
    for code, labels in labelled:
        texts = [*labels.values(), *(map(" / ".join, itertools.permutations(labels.values(), 2)) if joined else ())]
        for text in filter(None, map(folded, texts)):
            codes[text] = codes.get(text, frozenset()) | {code}
    return codes


def initials(labelled: Sequence[tuple[str, Mapping[str, str]]]) -> Mapping[str, str]:
    """The letters that stand for one code each: ``k`` (Kobieta) and ``f`` (Female), in a short list of words."""
    found: dict[str, set[str]] = {}
    for language in {language for _, labels in labelled for language in labels}:
        first = {code: folded(labels.get(language, ""))[:1] for code, labels in labelled}
        if len(first) <= 5 and len(set(first.values())) == len(first) and not any(map(str.isdigit, first)):
            for code, letter in first.items():
                found.setdefault(letter, set()).add(code)
    return {letter: codes.pop() for letter, codes in found.items() if len(codes) == 1 and letter}


def worded(text: str, labels: Spoken, letters: Mapping[str, str], missing: Mapping[str, str]) -> Cell:
    """The code that a label, a code with its label, yes or no, or a word for a refusal stands for.

    ``missing``: the codes that are no answer, with their states. The fault is ``unknown`` where nothing fits, and
    ``label_ambiguous`` where several codes do.
    """
    sound = folded(text) if len(text) > 1 or text.isascii() else text  # a tick of Wingdings is an ü in plain text
    codes = labels.get(sound) or _yes_or_no(sound, labels)
    if not codes and sound in letters:
        codes = frozenset((letters[sound],))
    both = not codes and len(text) <= _LONGEST
    for pair in filter(None, (_CODE_FIRST.fullmatch(text), _CODE_LAST.fullmatch(text)) if both else ()):
        fitting = (each for each in labels.get(folded(pair["label"]), ()) if each.casefold() == pair["code"].casefold())
        codes = codes | frozenset(fitting)
    if len(codes) == 1:
        return Cell(next(iter(codes)), ("label_read",))
    return Cell(fault="label_ambiguous") if codes else state_code(sound, missing)


def _yes_or_no(sound: str, labels: Spoken) -> frozenset[str]:
    """The codes whose label is another word for the same yes or no; a bare 1 or 0 is none."""
    meant = next((words for words in (YES, NO) if sound in words and not sound.isdigit()), frozenset[str]())
    return frozenset(itertools.chain.from_iterable(codes for text, codes in labels.items() if text in meant))


def state_code(text: str, missing: Mapping[str, str]) -> Cell:
    """The code of a word such as ``odmowa``, if the question has exactly one for that state."""
    state = STATE_WORDS.get(folded(text))
    codes = [code for code, known in missing.items() if known == state]
    if len(codes) == 1:
        return Cell(codes[0], ("state_read",))
    return Cell(fault="no_code_for_state" if state else "unknown")


def several(text: str, codes: Iterable[str], labels: Spoken) -> Sequence[tuple[str, ...]]:
    """The ways, two at most, in which a cell is a list of codes and labels, one after another, however separated.

    ``W domu Na ulicy`` is two labels, and no other two; a label with a comma inside is one.
    """
    words = {(_parts(folded(code)), code) for code in codes}
    words |= {(_parts(sound), code) for sound, known in labels.items() for code in known}
    parts = _parts(folded(text))
    if not parts or len(parts) > _MOST_PARTS:
        return []
    steps: list[list[tuple[int, str]]] = [[] for _ in parts]
    ends = {len(parts)}
    for at in reversed(range(len(parts))):
        fitting = [(word, code) for word, code in words if word and parts[at : at + len(word)] == word]
        steps[at] = sorted({(at + len(word), code) for word, code in fitting if at + len(word) in ends})
        ends |= {at} if steps[at] else set()
    return list(dict.fromkeys(itertools.islice(_ways(steps, 0), _MOST_PARTS)))[:2]


def _parts(text: str) -> tuple[str, ...]:
    return tuple(filter(None, _BETWEEN.split(text)))


def _ways(steps: Sequence[Sequence[tuple[int, str]]], at: int) -> Iterator[tuple[str, ...]]:
    if at == len(steps):
        yield ()
    else:
        for end, code in steps[at]:
            yield from ((code, *rest) for rest in _ways(steps, end))


def age_band(text: str, bands: Iterable[str]) -> str:
    """The band of ``bands`` (``18-24``, ``65+``) in which an age in whole years lies; empty if in none, or no age."""
    if not re.fullmatch(r"\d{1,3}", text := without_point(text), re.ASCII):
        return ""
    for band in bands:
        ends = _BAND.fullmatch(band)
        if ends and int(ends[1]) <= int(text) <= (int(ends[2]) if ends[2] else 120):
            return band
    return ""
