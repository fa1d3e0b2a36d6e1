"""Paragraphs of the project's own: signed, dated, labelled as a judgement, behind a part of a document."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.codec import parse
from evaluation.errors import BadDeclaration
from evaluation.report import words
from evaluation.report.blocks import Block, Document, Paragraph, Part, Sentence
from evaluation.report.own.profile import check_part
from evaluation.report.prose import prose
from evaluation.texts import LANGUAGES, Message

_HEAD = re.compile(r"---\s*\n(.*?)\n---\s*\n(.*)", re.S)


@dataclass(frozen=True, slots=True)
class Signed:
    """The head of the file: who stands for these words, since when, and the part of the document they stand behind.

    A quote of a participant has the day of her separate consent, and a second person who checked that nobody can
    be recognised by it. Raises BadDeclaration without these, and for a text that nobody signed.
    """

    author: str
    date: dt.date
    after: str
    quote: bool = False
    consent_on: dt.date | None = None
    checked_by: str = ""

    def __post_init__(self) -> None:
        if not self.author.strip():
            raise BadDeclaration("report.own.unsigned")
        second = self.checked_by.strip().casefold()
        if self.quote and (self.consent_on is None or not second or second == self.author.strip().casefold()):
            raise BadDeclaration("report.own.quote_unchecked")
        check_part(self.after)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One file of the officer's: its name, its language, who signed it, what it says, and that as blocks."""

    name: str
    language: str
    signed: Signed
    source: str
    blocks: tuple[Block, ...]


def read(name: str, source: str) -> Judgement:
    """The Markdown file ``name``, such as ``lessons.en.md``.

    Raises BadDeclaration for a name without a language or a head that is missing or misspelt, and RunFailed for
    Markdown that is more than text.
    """
    language = name.removesuffix(".md").rpartition(".")[2]
    if language not in LANGUAGES:
        raise BadDeclaration("report.own.name", file=name, languages=", ".join(LANGUAGES))
    found = _HEAD.fullmatch(source.replace("\r\n", "\n").lstrip("\ufeff"))
    if found is None:
        raise BadDeclaration("report.own.head", file=name)
    signed = parse(Signed, found[1], name)
    return Judgement(name, language, signed, found[2], prose(Message("report.own.file", file=name), found[2]))


def placed(whole: Document, judgements: Sequence[Judgement]) -> Document:
    """The document with what is in its language behind the parts that it is about."""
    parts: list[Part] = []
    opened = ""
    for at, part in enumerate(whole.parts):
        parts.append(part)
        last = at + 1 == len(whole.parts) or whole.parts[at + 1].heading or whole.parts[at + 1].place == "footer"
        if part.heading:
            opened = part.name
        if last and part.place == "main":
            parts += [_part(one) for one in judgements if (one.language, one.signed.after) == (whole.language, opened)]
    return dataclasses.replace(whole, parts=tuple(parts))


def _part(one: Judgement) -> Part:
    day = words.date(one.signed.date, one.language)
    key = "report.own.quote" if one.signed.quote else "report.own.judgement"
    label = words.say(key, one.language, author=one.signed.author, date=day, checked_by=one.signed.checked_by)
    return Part("", "", one.language, "", (Paragraph((Sentence(label, style="strong"),)), *one.blocks))
