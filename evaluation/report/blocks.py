"""The parts of a document, without a format: a part is a tuple of blocks, and a format is one fold over them."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from evaluation.errors import BadArgument, BadDeclaration
from evaluation.report import words
from evaluation.texts import Message

ADDRESSES = ("https://", "http://", "mailto:")
"""How the address of a link in a document begins; nothing that could run."""
FIGURES = "figures"
"""The name that all figures share."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words of one kind; ``sources`` are the paths (lookup.resolve) of all in the release that they stand on."""

    text: str
    sources: tuple[str, ...] = ()
    style: Literal["", "strong", "emphasis", "code"] = ""
    address: str = ""  # of the page that the words link to
    joined: bool = False  # to the words before, without a space

    def __post_init__(self) -> None:
        if self.address and not self.address.startswith(ADDRESSES):
            raise BadDeclaration("report.error.address_scheme")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a part, of level 3, or 4 below it; in the officer's own text also of level 2."""

    heading: str
    level: int
    kind: Literal["heading"] = field(default="heading", kw_only=True)

    def __post_init__(self) -> None:
        if self.level not in (2, 3, 4):
            raise BadDeclaration("report.error.heading_level")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences one after another; a label opens them."""

    sentences: tuple[Sentence, ...]
    label: str = ""
    kind: Literal["paragraph"] = field(default="paragraph", kw_only=True)

    def pieces(self) -> Iterator[tuple[str, Sentence]]:
        """Each sentence with the space before it."""
        for number, sentence in enumerate(self.sentences):
            yield "" if sentence.joined or not number else " ", sentence


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short texts."""

    items: tuple[Paragraph, ...]
    numbered: bool = False
    kind: Literal["bullets"] = field(default="bullets", kw_only=True)


@dataclass(frozen=True, slots=True)
class Definitions:
    """Names, each with what it stands for."""

    pairs: tuple[tuple[str, str], ...]
    kind: Literal["definitions"] = field(default="definitions", kw_only=True)


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is read: the first cell of each row names the row, the first column name is its kind.

    ``hidden`` is the mark of a number that is not shown; ``notes`` stand under the table.
    """

    id: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    hidden: str
    notes: tuple[str, ...] = ()
    kind: Literal["table"] = field(default="table", kw_only=True)


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture by its fingerprint, with words that say what it shows and its numbers as a table.

    Raises BadArgument for a picture without alt text.
    """

    caption: str
    alt: str
    picture: str
    numbers: Table
    kind: Literal["figure"] = field(default="figure", kw_only=True)

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise BadArgument("report.error.no_alt", caption=self.caption)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the gate did, in plain words."""

    certified: tuple[str, ...]
    kind: Literal["certificate"] = field(default="certificate", kw_only=True)


Block = Heading | Paragraph | Bullets | Definitions | Table | Figure | Certificate


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document in one language.

    ``name`` is its key in the JSON document (figures share the name ``figures``, the officer's own text
    has none); ``released`` says of which release it tells, ``erratum`` which one that replaces, with both days;
    ``absent`` is all that it says, with ``{what}`` in place of its heading, where it shows nothing.
    Raises BadArgument for an unknown language.
    """

    id: str
    name: str
    language: str
    heading: str
    blocks: tuple[Block, ...]
    fictional: bool = False
    place: Literal["main", "footer"] = "main"
    released: Mapping[str, str] = field(default_factory=dict)
    confidential: bool = False
    foreign: Mapping[str, str] = field(default_factory=dict)  # patterns of words in another language, see foreign.py
    erratum: Mapping[str, str] = field(default_factory=dict)
    absent: str = ""

    def __post_init__(self) -> None:
        words.check_language(self.language)

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Figure))


@dataclass(frozen=True, slots=True)
class Document:
    """What a format writes: parts in order, their pictures by fingerprint, and their data by the part's id.

    ``name`` is what errors call the notebook that showed the parts; ``made_on`` the day on which the release, or
    its words, were made: no format knows of another time; ``author`` who promotes the project; ``template`` the
    officer's own for Word, else the kit's.
    """

    name: str | Message
    language: str
    title: str
    fictional: bool
    released: Mapping[str, str]
    parts: tuple[Part, ...]
    pictures: Mapping[str, bytes]
    data: Mapping[str, Any]
    made_on: dt.date = dt.date(2000, 1, 1)
    author: str = ""
    template: bytes = b""
    confidential: bool = False
    erratum: Mapping[str, str] = field(default_factory=dict)

    @property
    def read(self) -> Iterator[Part]:
        """The parts that are read; neighbours that say nothing but why they show nothing are one."""
        for absent, parts in itertools.groupby(self._apart, key=lambda part: bool(part.absent)):
            alike = [*parts]
            yield from [_as_one(alike)] if absent else alike

    @property
    def _apart(self) -> Iterator[Part]:
        """A figure that is not drawn only where no section before it says why."""
        headed = False
        for part in self.parts:
            if part.name != FIGURES or part.figures or not headed:
                yield part
            headed = headed or bool(part.heading)

    @property
    def foreign(self) -> dict[str, str]:
        """Patterns of words in another language, in whichever of its parts they stand."""
        return {pattern: spoken for part in self.parts for pattern, spoken in part.foreign.items()}


def _as_one(parts: Sequence[Part]) -> Part:
    """Why each of them shows nothing, once for all that say the same."""
    reasons = dict.fromkeys(part.absent for part in parts)
    told = (why.replace("{what}", _named([one for one in parts if one.absent == why])) for why in reasons)
    return replace(parts[0], heading=_named(parts), blocks=paragraphs(told))


def _named(parts: Sequence[Part]) -> str:
    first, *others = parts
    names = [first.heading, *(words.inline({one.language: one.heading}, one.language) for one in others)]
    return words.listing(names, first.language)


def fingerprint(png: bytes) -> str:
    """By which a figure names its picture."""
    return hashlib.sha256(png).hexdigest()


def paragraphs(texts: Iterable[str]) -> tuple[Paragraph, ...]:
    """Each text as a paragraph."""
    return tuple(Paragraph((Sentence(text),)) for text in texts)


def bullets(texts: Sequence[str]) -> Bullets:
    """The texts as a list."""
    return Bullets(paragraphs(texts))
