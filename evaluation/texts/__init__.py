"""Every fixed sentence of the kit once, by its key, in every language that has a file here."""

from __future__ import annotations

import datetime as dt
import functools
import html
import os
import re
import string
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from evaluation.rounding import SETTLED, in_percent, rounded

if TYPE_CHECKING:
    from babel import Locale

_FOLDER = Path(__file__).parent

MINUS = "\u2212"
DASH = "\u2013"
_RANGE = re.compile(rf"[\w.,]{{0,12}}\w{DASH}\w[\w.,]{{0,12}}")


@dataclass(frozen=True, init=False)
class Message:
    """A sentence that is not yet worded: its key and the facts that it tells.

    A fact is a text, number, date, path, list, label (language → text) or another message.
    """

    key: str
    facts: Mapping[str, object] = field(hash=False, repr=False)

    def __init__(self, key: str, /, **facts: object) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "facts", facts)


def say(message: str | Message, language: str, /, **facts: object) -> str:
    """The sentence of a key with its facts, or of a message, in ``language``.

    Numbers, dates and lists are written as the language writes them: ``{share:%}`` is a share in whole
    percents, ``{x:1}`` has one decimal, ``{day}`` is "30 June 2026" and ``{day:iso}`` 2026-06-30,
    ``{names:or}`` is "a, b or c". A key with several wordings has one for each plural category of the
    language, chosen by the fact ``n``. Raises KeyError for a key, LookupError for a language that there is not.
    """
    if isinstance(message, Message):
        return say(message.key, language, **message.facts)
    if language not in LANGUAGES:
        raise LookupError(f"The kit has no texts in '{language}'; it speaks {', '.join(LANGUAGES)}.")
    wording = _texts(language)[message]
    if isinstance(wording, dict):
        wording = wording[locale(language).plural_form(cast(int, facts["n"]))]
    return str(_Writer(language).vformat(wording, (), facts))


def unbroken(told: str) -> str:
    """The text with each range such as 6–30 tied, so that no line ends at its dash."""
    return _RANGE.sub(lambda found: found[0].replace(DASH, f"{DASH}\u2060"), told)


YES, NO = frozenset(("yes", "y", "tak", "t")), frozenset(("no", "n", "nie"))


def is_yes(answer: str) -> bool:
    """Whether a person typed a clear yes, in a language that the kit speaks."""
    return answer.strip().casefold() in YES


def is_no(answer: str) -> bool:
    """Whether a person typed a clear no."""
    return answer.strip().casefold() in NO


def as_html(told: str) -> str:
    """The text escaped for HTML, with each range tied by a style, so that its letters stay as they are."""
    return _RANGE.sub(r'<span style="white-space: nowrap">\g<0></span>', html.escape(told))


def quoted(name: str) -> Message:
    """A name or value in the quotation marks of the language: a fact among others, such as an item of a list."""
    return Message("shared.quoted", name=name)


def in_all(message: Message) -> dict[str, str]:
    """The sentence in every language that the kit speaks, by language code."""
    return {language: say(message, language) for language in LANGUAGES}


def nearest_in(labels: Mapping[str, str], language: str) -> tuple[str, str]:
    """The language of a label, ``language`` or what there is, and the label; both empty where there is none."""
    found = next((one for one in (language, "en", *labels) if labels.get(one)), "")
    return found, labels.get(found, "")


def translated(labels: Mapping[str, str], language: str) -> str:
    """The label in ``language``; where it has none, what there is with its own language: "sense of security [en]"."""
    found, label = nearest_in(labels, language)
    return label if found in ("", language) else f"{label} [{found}]"


def or_english(language: str) -> str:
    """The language itself where the kit speaks it, else English: for labels in a language of the user's own."""
    return language if language in LANGUAGES else "en"


def spoken() -> str:
    """The language of this system by LC_ALL, LC_MESSAGES or LANG, where the kit speaks it, else English."""
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return named[:2] if named[:2] in LANGUAGES else "en"


def lacking(language: str) -> tuple[str, ...]:
    """The keys that the language's file has not; all of them where it has no file."""
    return tuple(key for key in _texts("en") if key not in _texts(language))


def number(value: float | Decimal | Fraction, language: str, decimals: int | None = None) -> str:
    """A number with a true minus; ``decimals`` None: as many as it has. NaN and infinity are a dash."""
    from babel.numbers import format_decimal

    printed = rounded(value, SETTLED if decimals is None else decimals)
    if not printed.is_finite():
        return DASH
    pattern = f"#,##0.{'#' * SETTLED}" if decimals is None else "#,##0" + (f".{'0' * decimals}" if decimals else "")
    return format_decimal(printed, pattern, locale(language), decimal_quantization=False).replace("-", MINUS)


def percent(share: float | Decimal | Fraction, language: str) -> str:
    """A share (1 = all) in whole percents."""
    return f"{number(in_percent(share), language)}%"


def date(day: dt.date, language: str) -> str:
    """A day as the language writes it: "30 June 2026", "30 czerwca 2026"."""
    from babel.dates import format_date

    return format_date(day, "d MMMM y", locale(language))


def month(day: dt.date, language: str) -> str:
    """The month of a day: "June 2026", "czerwiec 2026"."""
    from babel.dates import format_date

    return format_date(day, "LLLL y", locale(language))


def weekday(day: dt.date, language: str) -> str:
    """A day with its weekday, to be recognised by: "Tuesday, 30 June 2026", "wtorek, 30 czerwca 2026"."""
    from babel.dates import format_date

    return format_date(day, "EEEE, d MMMM y", locale(language))


def listed(words: Sequence[str], language: str, style: Literal["standard", "or"] = "standard") -> str:
    """Words as the language joins them: "a, b and c"; with ``or``: "a, b or c"."""
    from babel.lists import format_list

    return format_list(list(words), style, locale(language)) if words else ""


def either(labels: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Several labels as one, in each language of the first: "lower or about the same"."""
    return {
        language: listed([label[language] for label in labels if language in label], language, "or")
        for language in labels[0]
    }


@functools.cache
def locale(language: str) -> Locale:
    """Babel's rules for the language; English is British."""
    from babel import Locale

    return Locale.parse("en_GB" if language == "en" else language)


class _Writer(string.Formatter):
    """Fills the places of a wording with facts, each written as the language writes its kind."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        match value:
            case str() | Path():
                return str(value)
            case Message():
                return say(value, self.language)
            case Real() | Decimal() if format_spec == "%":
                return percent(cast(float, value), self.language)
            case Real() | Decimal():
                return number(cast(float, value), self.language, int(format_spec) if format_spec else None)
            case dt.date() if format_spec == "iso":
                return value.isoformat()
            case dt.date():
                return date(value, self.language)
            case Mapping():
                return translated(value, self.language)
            case Sequence():
                words = [self.format_field(each, "") for each in value]
                return listed(words, self.language, "or" if format_spec == "or" else "standard")
        raise TypeError(f"a fact of type {type(value).__name__} has no wording")


_LINE = re.compile(r"^(?:\[([\w.]+)\]|([\w.-]+) *=)", re.M)


def _seen(language: str) -> set[str]:
    """The keys of a file as its lines show them, without understanding it, which takes ten times as long."""
    section, found = "", set()
    for line in _LINE.finditer((_FOLDER / f"{language}.toml").read_text(encoding="utf-8")):
        section = line[1] or section
        if line[2]:
            found.add(f"{section}.{line[2]}")
    return found


@functools.cache
def _texts(language: str) -> dict[str, Any]:
    """Wordings by dotted key: a text, or a dict of plural category → text."""
    file = _FOLDER / f"{language}.toml"
    return dict(_flat(tomllib.loads(file.read_text(encoding="utf-8")), "")) if file.exists() else {}


_CATEGORIES = frozenset({"zero", "one", "two", "few", "many", "other"})


def _flat(table: Mapping[str, Any], prefix: str) -> list[tuple[str, Any]]:
    made: list[tuple[str, Any]] = []
    for key, value in table.items():
        plural = isinstance(value, dict) and "other" in value and set(value) <= _CATEGORIES
        made += [(prefix + key, value)] if plural or isinstance(value, str) else _flat(value, f"{prefix}{key}.")
    return made


_FILES = sorted(path.stem for path in _FOLDER.glob("*.toml") if path.stem != "en")
LANGUAGES: tuple[str, ...] = (
    "en",
    *(language for language in _FILES if _seen("en") <= _seen(language) or not lacking(language)),
)
"""The languages that the kit speaks: each is a file beside en.toml with all its keys."""
UNFINISHED: tuple[str, ...] = tuple(language for language in _FILES if language not in LANGUAGES)
"""The languages whose file lacks a key: nothing is said in them yet."""
