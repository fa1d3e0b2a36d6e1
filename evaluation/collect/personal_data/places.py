"""Where and when somebody is found: addresses, rooms of a shelter, the date of a birth."""

from __future__ import annotations

import re

from evaluation.collect.personal_data.numbers import has_digit

_CAPITAL = r"[A-ZŻŹĆŁŚÓĄĘŃ][\w-]+"
_HOUSE = r"\d{1,4}(?:\s?[A-Za-z]\b)?"
_DAY = (
    r"(?:\d{4}|\d{1,2}[-./]\d{1,2}(?:[-./]\d{2,4})?|\d{1,2}(?:st|nd|rd|th)?\s(?:of\s)?[^\W\d]{3,}"
    r"|[A-Z][a-z]{2,8}\s\d{1,2})\b"
)
_SHELTER = (
    r"(?:schronisk|ośrod|osrod|hostel|hotel|akademik|internat|dom[uy]?\b|noclegowni|pensjonat|przytułk|mieszkani"
    r"|shelter|dormitor|house|refuge|centre|center|facility)\w*"
)
_ROOM = r"\b(?:pok[oó]j\w*|room|łóżk\w*|bed)(?:\s(?:nr|numer|no\.?|number))?\s\d{1,3}\b"
_STREET = re.compile(rf"\b(?:[Uu]l|[Aa]l|[Oo]s|[Pp]l)\.\s?(?:\w+\.?\s){{0,2}}{_CAPITAL}")
_NUMBERED = (
    # A street: after the word for one, or a preposition with the ending of streets, or with a flat.
    re.compile(
        r"\b(?:[Uu]lic[aąęy]|[Aa]lej[aąęi]|[Oo]siedl[aeu]|[Oo]siedlem|[Pp]lac(?:u|em)?|[Rr]ond\w+)\s(?:\w+\.?\s){0,2}"
        rf"{_CAPITAL}(?:\s{_CAPITAL}){{0,2}}\s(?:nr\s)?{_HOUSE}"
    ),
    re.compile(rf"\b(?:przy|na|z|ze|od|do|Przy|Na)\s(?:{_CAPITAL}\s)?[A-ZŻŹĆŁŚÓ][\w-]+ej\s{_HOUSE}"),
    re.compile(rf"\b{_CAPITAL}\s\d{{1,4}}[A-Za-z]?(?:\s?/\s?\d{{1,4}}|\s?(?:m|lok)\.?\s?\d{{1,4}})\b"),
    re.compile(
        rf"\b\d{{1,4}}[A-Za-z]?,?\s(?:{_CAPITAL}\s){{1,3}}"
        r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Square|Close|Court|Way|Gardens|Terrace|Place)\b"
    ),
    re.compile(
        r"\b(?:flat|apartment|apt\.?|mieszkani\w+|lokal\w*|lok\.)\s(?:nr|no\.?|number|numer)?\s?\d{1,4}\b(?!\s?(?:os|m2|zł))",
        re.I,
    ),
    re.compile(r"\b\d{2}-\d{3}\s[A-ZŻŹĆŁŚÓ]"),
    re.compile(rf"{_ROOM}[^.!?]{{0,40}}\b{_SHELTER}|\b{_SHELTER}[^.!?]{{0,40}}{_ROOM}", re.I),
    re.compile(rf"\b(?:mieszka\w*|śpi\w*|sleep\w*|lives?|living|stays?|staying)\b[^.!?]{{0,25}}{_ROOM}", re.I),
    # A birth with its day or year.
    re.compile(
        r"(?:\bur\.|\burodz\w*|\bborn\b|\bbirth\w*|\bd\.?\s?o\.?\s?b\b\.?|\brocznik\w*)"
        rf"[^!?;]{{0,25}}?\b{_DAY}",
        re.I,
    ),
)


def identifies(text: str) -> bool:
    """Whether the text holds an address, a room of a shelter or the date of a birth."""
    if _STREET.search(text):
        return True
    return has_digit(text) and any(sign.search(text) for sign in _NUMBERED)
