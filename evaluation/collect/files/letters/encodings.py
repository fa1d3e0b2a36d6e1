"""The bytes of a text file become letters, by the evidence of its words; where two readings remain, that is marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from evaluation.collect.files.letters.alphabets import explained, words_of
from evaluation.collect.issues import refusal
from evaluation.schema import Form, Table
from evaluation.texts import LANGUAGES

_CENTRAL = ("pl", "cs", "sk", "hu", "ro", "hr", "sl", "de")
_WESTERN = ("fr", "es", "de", "it", "pt", "da", "no", "sv", "fi", "is", "nl")
_CYRILLIC = ("uk", "ru", "be", "bg")
_ENCODINGS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "cp1250": ("Windows-1250", _CENTRAL),
    "iso-8859-2": ("ISO-8859-2", _CENTRAL),
    "cp1252": ("Windows-1252", _WESTERN),
    "cp1257": ("Windows-1257", ("lt", "lv", "et")),
    "cp1251": ("Windows-1251", _CYRILLIC),
    "cp1254": ("Windows-1254", ("tr",)),
    "cp1253": ("Windows-1253", ("el",)),
    "cp852": ("CP852 (MS-DOS)", _CENTRAL),
    "mac_latin2": ("Macintosh", _CENTRAL),
    "cp850": ("CP850 (MS-DOS)", _WESTERN),
    "mac_roman": ("Macintosh", _WESTERN),
    "koi8-u": ("KOI8-U", _CYRILLIC),
    "cp866": ("CP866 (MS-DOS)", _CYRILLIC),
    "iso-8859-5": ("ISO-8859-5", _CYRILLIC),
    "mac_cyrillic": ("Macintosh", _CYRILLIC),
    "cp1256": ("Windows-1256", ("ar", "fa")),
    "cp1255": ("Windows-1255", ("he",)),
}
"""What offices' programs wrote and write, the commonest first: its name, and the languages that it is used for."""

_EVERYWHERE = frozenset(_ENCODINGS) - {"mac_latin2", "cp852", "koi8-u", "cp866", "iso-8859-5", "mac_cyrillic"}
"""A file may be in one of these whatever the language of the form is; in the others only in one of its languages."""
_LOANING = ("cp1250", "iso-8859-2", "cp1252")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_MOST_WORDS = 1_000


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is known of the words in a file: the languages of its form, and words that its form has."""

    languages: tuple[str, ...] = LANGUAGES
    words: Collection[str] = field(default_factory=frozenset)


KIT = Vocabulary()
"""What is known of words where there is no form: the languages of the kit."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text; the name of its encoding unless it is UTF-8; ``sure``: no other reading gives other words."""

    text: str
    encoding: str = ""
    sure: bool = True


def vocabulary_of(form: Form) -> Vocabulary:
    """The languages and words of a form's labels, beside the languages of the kit."""
    if isinstance(form, Table):
        labels = [field.title for field in form.fields]
        labels += [labels for field in form.fields for labels in field.codes.values()]
    else:
        labels = [item.labels for item in form.items]
        labels += [choice.labels for item in form.items for choice in item.choices]
    languages = dict.fromkeys((*LANGUAGES, *(language for each in labels for language in each)))
    return Vocabulary(tuple(languages), words_of(text for each in labels for text in each.values()))


def decode(content: bytes, name: str, vocabulary: Vocabulary) -> Decoded:
    """The letters of a file. Raises FileRefused for bytes that are no text."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return Decoded(content.decode(encoding), "" if "8" in encoding else "UTF-16")
            except UnicodeDecodeError:
                raise refusal("encoding_unknown", file=name) from None
    if b"\0" in content:
        return Decoded(_without_mark(content, name), "UTF-16")
    try:
        return Decoded(content.decode("utf-8"))
    except UnicodeDecodeError:
        return _by_its_words(content, vocabulary)


def _without_mark(content: bytes, name: str) -> str:
    """UTF-16 without its mark has a zero in every second byte of ASCII; anything else is no text."""
    zeros = (content[0::2].count(0), content[1::2].count(0))
    try:
        if max(zeros) > 0.3 * len(content) / 2 and len(content) % 2 == 0:
            text = content.decode("utf-16-be" if zeros[0] > zeros[1] else "utf-16-le")
            if "\0" not in text:
                return text
    except UnicodeDecodeError:
        pass
    raise refusal("not_a_table", file=name)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The words of a file in one encoding: their text, and those of them that are words of a language."""

    encoding: str
    texts: Sequence[str]
    own: frozenset[int]  # of a language of the form
    one: tuple[frozenset[int], ...]  # of each language that the encoding is used for
    known: int


def _by_its_words(content: bytes, vocabulary: Vocabulary) -> Decoded:
    found = sorted(word for word in set(_WORD.findall(content)) if not word.isascii())
    words = found[:: len(found) // _MOST_WORDS + 1]
    readings = [_reading(encoding, words, vocabulary) for encoding in _ENCODINGS]
    best = max(readings, key=lambda reading: (reading.known, len(reading.own)))
    sure = len(best.own) * 2 >= len(words) and not any(_rivals(best, other) for other in readings)
    # Bytes that an encoding has no letter for are kept as a sign that marks them lost.
    return Decoded(content.decode(best.encoding, errors="replace"), _ENCODINGS[best.encoding][0], sure)


def _reading(encoding: str, words: Iterable[bytes], vocabulary: Vocabulary) -> _Reading:
    used = _ENCODINGS[encoding][1]
    own = tuple(language for language in vocabulary.languages if language in used)
    others = used if encoding in _EVERYWHERE else own
    texts = [word.decode(encoding, errors="replace") for word in words]
    loans = encoding in _LOANING
    return _Reading(
        encoding,
        texts,
        _words(texts, own, loans=loans),
        tuple(_words(texts, (each,), loans=loans) for each in others),
        sum(text.lower() in vocabulary.words for text in texts),
    )


def _words(texts: Sequence[str], languages: tuple[str, ...], *, loans: bool) -> frozenset[int]:
    return frozenset(at for at, text in enumerate(texts) if explained(text, languages, loans=loans))


def _rivals(best: _Reading, other: _Reading) -> bool:
    """Whether the other reading gives other words that are as well those of one language."""
    differing = {at for at, (text, read) in enumerate(zip(best.texts, other.texts, strict=True)) if text != read}
    if not differing or best.known > other.known:
        return False
    missed = min((len(differing - words) for words in other.one), default=len(differing))
    return missed <= 3 * len(differing - best.own)
