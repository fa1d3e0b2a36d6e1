"""The text of one cell without what a screen does not show, and the code it stands for; nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from evaluation.texts.folding import INVISIBLE

_EXCEL_ERROR = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!"
    r"|N/D!?|ND!|ADR!|ARG!|DZIEL/0!|NAZWA\?|LICZBA!|ZERO!)",
    re.IGNORECASE,
)
_NO_BREAK = "\u00a0\u202f\u2007"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LOOKALIKES = str.maketrans(
    "АВЕЅЗІЈКМНОРСТУХаеорсухіјѕԁһԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρυικ",
    "ABES3IJKMHOPCTYXaeopcyxijsdhqwABEZHIKMNOPTYXovpuik",
)
TRUE = frozenset(("true", "prawda", "wahr", "vrai", "verdadero", "sann", "істина", "истина"))
FALSE = frozenset(("false", "fałsz", "falsz", "falsch", "faux", "falso", "usann", "хибність", "ложь"))
"""What spreadsheets of the languages around us write for a cell that is true or false."""
TICKED, UNTICKED = frozenset("☑☒✓✔√"), frozenset("☐□")
_ZEROS = str.maketrans("OoIl|", "00111")
_BETWEEN = re.compile(r"(?<=\w) ?[-–—] ?(?=\w)")
_KEPT_AS_TEXT = re.compile(r"'(?=.)|=\"([^\"]*)\"")
_MARKED = re.compile(r"(?<![\s*])\s*+(\*++|\((required|wymagane|obowiązkowe)\))\s*+$", re.IGNORECASE)
_KEYS = ("participant", "wave", "date")  # what any questionnaire has besides its items
_WHOLE = re.compile(r"[-+]?(?:0(?=\d))*+(\d++)(?:[.,]0*+)?", re.ASCII)
_NOUGHT = re.compile(r"[.,]0+", re.ASCII)  # as SPSS writes it


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell read: ``value`` (None: empty), the ids of ``notes``, or the id of the ``fault``."""

    value: str | None = None
    notes: tuple[str, ...] = ()
    fault: str = ""


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """A coded cell without invisible characters, its digits and signs as ordinary ones."""
    if text.isascii():
        plain = text.strip()
        return plain, () if plain == text else ("space",)
    notes: list[str] = []
    spaced = text.translate(INVISIBLE)
    if any(space in spaced for space in _NO_BREAK):
        notes.append("nbsp")
        spaced = "".join(" " if letter in _NO_BREAK else letter for letter in spaced)
    elif spaced.strip() != text:
        notes.append("space")
    plain = "".join(map(_ordinary, spaced.strip()))
    if plain != spaced.strip():
        notes.append("digits")
    return plain.strip(), tuple(notes)


def unmarked(text: str) -> str:
    """A coded cell without the sign by which a spreadsheet keeps it as text: ``'0123`` and ``="0123"`` are 0123."""
    found = _KEPT_AS_TEXT.match(text)
    if not found:
        return text
    return text[1:] if found[1] is None else found[1] if found.end() == len(text) else text


def _ordinary(letter: str) -> str:
    if letter.isascii():
        return letter
    if "\uff01" <= letter <= "\uff5e":
        return unicodedata.normalize("NFKC", letter)
    if letter in "\u2212\u2010\u2011\u2012":
        return "-"
    # Digits of another script (Arabic, Devanagari) mean the same; superscripts and fractions do not.
    return str(unicodedata.decimal(letter)) if unicodedata.decimal(letter, None) is not None else letter


def headings(cells: Iterable[str], expected: Collection[str]) -> list[str]:
    """The cells as headings: without the mark of a required column where one of the expected names is before it."""
    names = {*map(str.casefold, expected), *_KEYS}
    return [bare if (bare := unstarred(cell)).strip().casefold() in names else cell for cell in cells]


def unstarred(cell: str) -> str:
    """The heading without the mark of a required column."""
    return _MARKED.sub("", cell)


def recognised(cells: Iterable[str], expected: Collection[str]) -> int:
    """How many of the expected names stand in the cells."""
    names = {name.casefold() for name in expected}
    return len({cell.strip().casefold() for cell in headings(cells, expected)} & names)


def without_point(text: str) -> str:
    """A whole number as it was meant: ``28.0`` is 28, as programs write a column of numbers with gaps."""
    found = _WHOLE.fullmatch(text)
    return found[1] if found and text[0] not in "-+" else text


def says_itself(text: str) -> bool:
    """Whether a text is just what it says: something visible, with nothing to clean or take off."""
    return not (blank(text) or visible_fault(text)) and unmarked(clean(text)[0]) == text


def blank(text: str) -> bool:
    """Whether a cell holds nothing that is visible."""
    return not (text if text.isascii() else text.translate(INVISIBLE)).strip()


def visible_fault(text: str) -> str:
    """A fault that any cell can have, whatever its column."""
    if _EXCEL_ERROR.fullmatch(text.strip()):
        return "excel_error"
    return "unreadable_characters" if _CONTROL.search(text) else ""


def code_of(text: str, codes: Collection[str]) -> Cell:
    """One code of ``codes``, repaired if only its capitals or the form of its number differ."""
    if text in codes:
        return Cell(text)
    folded = [code for code in codes if code.casefold() == text.casefold()]
    if len(folded) == 1:
        return Cell(folded[0], ("case",))
    if (ranged := _BETWEEN.sub("-", text)) != text and ranged in codes:
        return Cell(ranged, ("digits",))
    whole = _WHOLE.fullmatch("0" if _NOUGHT.fullmatch(text) else text)
    if whole:
        digits = ("-" if text.startswith("-") and whole[1] != "0" else "") + whole[1]
        if digits in codes:
            return Cell(digits, ("float_integer",))
    return Cell(fault="homoglyph" if _looks_like(text, codes) else "unknown")


def _looks_like(text: str, codes: Collection[str]) -> bool:
    """Whether the text would be one of the codes but for characters that look the same."""
    skeleton = text.translate(LOOKALIKES)
    known = {code.casefold() for code in codes}
    digits = {code.translate(_ZEROS).casefold() for code in codes}
    return (skeleton != text and skeleton.casefold() in known) or (
        not text.isdigit() and bool(re.search(r"\d", text)) and skeleton.translate(_ZEROS).casefold() in digits
    )
