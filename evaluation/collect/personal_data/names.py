"""Names of persons: given names by a list, surnames by their ending, any name by what stands before it."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluation.collect.personal_data.words import lines

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_NEAR = 12
"""So many signs before a word tell whether it begins a sentence."""
_OPENING = re.compile(r"(?:^|[.!?:;…•\n„“\"(«]|\s[-–—])[\s„“\"(«]*$")
_TITLE = re.compile(
    r"p(?:an(?:i|ią|ie|a|u|em)?)?|państw[aou]|mrs?|ms|miss|madam|dr|mgr|mec|prof|ks|inż|sir", re.IGNORECASE
)
_TIE = re.compile(
    r"syn(?:a|em|owi|ek|ka|kiem)?|cór\w+|brat(?:a|em|u)?|siostr\w+|mąż|męż\w+|żon\w+|mam[aąęy]|oj(?:ciec|c\w+)"
    r"|tat[aąęy]|mat(?:k\w+|ce)|ciot\w+|wuj\w*|kuzyn\w*|bab\w+|dziad\w+|przyjaci\w+|koleg\w+|koleżan\w+|chłopak\w*"
    r"|narzeczon\w+|sąsiad\w*|szef\w*|pracodawc\w+|właściciel\w*|współlokator\w*|opiekun\w*|imieni(?:u|em)|imię"
    r"|nazwisk\w+|niejak\w+|zwan\w+|sprawc\w+|sutener\w*|alfons\w*|asystent\w*|tłumacz\w*"
    r"|son|daughter|brother|sister|husband|wife|mother|father|mum|mom|dad|aunt|uncle|cousin|friend|boyfriend|girlfriend"
    r"|fianc\w+|neighbou?r|boss|employer|landlord|landlady|flatmate|roommate|baby|pimp|trafficker|madam|called|named"
    r"|interpreter|caseworker",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:[Nn]azyw\w+ się|[Mm]am? na imię|[Nn]ame (?:is|was)|[Ii]mię:?|[Nn]azwisko:?|[Nn]ames?:)"
    r"\s+[^\W\d_a-ząćęłńóśźż]"
)
_INITIAL = re.compile(r"(?<![\w.])([A-ZŁŚŻ])\.\s?([A-ZŻŹĆŁŚÓĄĘŃ][a-ząćęłńóśźż]{2,}(?:-\w+)?)")
_SURNAME = re.compile(
    r"\w{2,}(?:enk[oaią]|czuk(?:a|iem|owi)?|chuk|wicz(?:a|em|owi)?|czyk(?:a|iem|owi)?|shvili|szwili|escu|eanu|ović|ovic)"
    r"|\w{3,}[^jn](?:sk|ck)(?:i|a|ą|im|iemu)|\w{3,}(?:ńsk|jewsk|owsk|ewsk|ick)(?:i|a|ą|ej|iego|im|iemu)|\w{3,}(?:ov|ev)a?"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text and how it stands there."""

    text: str
    capital: bool
    opens: bool  # a sentence, where a capital letter says nothing
    touches: bool  # the word before, with only a space between

    @property
    def acronym(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()


def identifies(text: str) -> bool:
    """Whether the text names somebody."""
    if _CALLED.search(text) or any(not _no_name(found[2]) for found in _INITIAL.finditer(text)):
        return True
    words = tuple(_words(text))
    return any(_named(run, before) for run, before in _runs(words)) or _in_small_letters(words)


def _words(text: str) -> Iterator[Word]:
    end, before = 0, ""
    for found in _WORD.finditer(text):
        word, start = found[0], found.start()
        between = text[end:start]
        titled = between == ". " and _TITLE.fullmatch(before) is not None  # "Mrs. N." is no new sentence
        near = text[start - _NEAR : start] if start > _NEAR else text[:start]
        opens = not titled and (_OPENING.search(near) is not None if near.strip() or start <= _NEAR else True)
        yield Word(word, word[0].isupper(), opens, end > 0 and (titled or between == " "))
        end, before = found.end(), word


def _runs(words: tuple[Word, ...]) -> Iterator[tuple[tuple[Word, ...], str]]:
    """Each run of words with capital letters, and the word before it."""
    at = 0
    while at < len(words):
        if not words[at].capital:
            at += 1
            continue
        end = at + 1
        while end < len(words) and words[end].capital and words[end].touches and not words[end].opens:
            end += 1
        yield words[at:end], words[at - 1].text if at and not words[at].opens else ""
        at = end


def _named(run: tuple[Word, ...], before: str) -> bool:
    """Whether the run of capitals is a name: its words, its surname, or what stands before it say so."""
    title = next((at for at, word in enumerate(run) if _TITLE.fullmatch(word.text)), None)
    after = run[title + 1 :] if title is not None else run if _TITLE.fullmatch(before) else ()
    if after and not _no_name(after[0].text) and not after[0].acronym:
        return True
    bare = tuple(word for word in run if not _TITLE.fullmatch(word.text))
    tie = bool(_TIE.fullmatch(before)) or bool(len(bare) > 1 and bare[0].opens and _TIE.fullmatch(bare[0].text))
    if tie and bare and not bare[-1].acronym and (_given(bare[-1].text) or not _no_name(bare[-1].text)):
        return True
    given = [_given(word.text) for word in bare]
    if any(mark == "sure" or (mark == "word" and not word.opens) for mark, word in zip(given, bare, strict=True)):
        return True
    if any(map(_no_name, (word.text for word in bare))):
        return False
    if any(given) and len(bare) > 1:
        return True
    inner = [word for word in bare if len(word.text) > 1 and not word.opens and not word.acronym]
    return len(inner) > 1 or any(_SURNAME.fullmatch(word.text.casefold()) for word in inner)


def _in_small_letters(words: Sequence[Word]) -> bool:
    """A given name and a surname that were typed without capitals."""
    pairs = itertools.pairwise(words)
    return any(
        after.touches and _given(first.text) == "sure" and _SURNAME.fullmatch(after.text.casefold()) is not None
        for first, after in pairs
        if not first.capital and not after.capital and len(first.text) > 3
    )


@functools.cache
def _given(word: str) -> str:
    """Whether the word is a given name: "sure", "word" (also an ordinary word), "month", or "" if it is none."""
    names, folded = _given_names(), word.casefold()
    if folded in names:
        return names[folded]
    for ending, *nominative in _case_endings() if len(folded) > 3 else ():
        stem = folded.removesuffix(ending)
        mark = names.get(stem + "".join(nominative), "") if stem != folded else ""
        if mark and not _no_name(word):
            return mark
    return ""


@functools.cache
def _no_name(word: str) -> bool:
    """Whether the word is known to be nobody's name."""
    exact, stems = _not_names()
    folded = word.casefold()
    return folded in exact or any(folded[:length] in stems for length in range(2, len(folded) + 1))


def _listed(name: str) -> Iterator[str]:
    return itertools.chain.from_iterable(lines(name))


@functools.cache
def _given_names() -> dict[str, str]:
    marks = {"?": "word", "!": "month"}
    return {word.rstrip("?!"): marks.get(word[-1], "sure") for word in _listed("given_names")}


@functools.cache
def _case_endings() -> tuple[list[str], ...]:
    """The ending of a case, and that of the name itself where it has one."""
    return tuple(lines("case_endings"))


@functools.cache
def _not_names() -> tuple[frozenset[str], frozenset[str]]:
    """Whole words, and beginnings of words."""
    words = tuple(_listed("not_names"))
    exact = frozenset(word.rstrip("!") for word in words if word.endswith("!"))
    return exact, frozenset(word for word in words if not word.endswith("!"))
