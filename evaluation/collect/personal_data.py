"""Signs of personal data in free text: numbers and addresses that identify, names after a title."""

from __future__ import annotations

import re

_DATE = re.compile(r"\b(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4})\b", re.ASCII)
_SIGNS = (
    re.compile(r"[^\s@,;]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.|\s?\(dot\)\s?)\w{2,}", re.IGNORECASE),
    # Telephone, PESEL, account: seven digits or more, however they are grouped.
    re.compile(r"(?<![\w.,])(?:\+|00)?\(?\d(?:[\s\u00a0().\-/]{0,2}\d){6,}", re.ASCII),
    # Passport, identity card, residence card; also a Polish IBAN.
    re.compile(r"\b[A-Z]{2,3}\s?\d{6,7}\b|\b[A-Z]{2}\d{2}(?:\s?\d{4}){3,}", re.ASCII),
    re.compile(r"(?:facebook|instagram|telegram|whatsapp|t\.me|fb\.com|wa\.me)\S*[/:@]\s?\S+", re.IGNORECASE),
    re.compile(r"(?<![\w@])@[A-Za-z_][\w.]{2,}"),
    re.compile(
        r"\b(?:[Pp]ani(?:ą|ę)?|[Pp]an(?:a|em|u)?|[Mm]rs?\.?|[Mm]s\.?|[Mm]iss|[Dd]r\.?"
        r"|[Nn]azywa się|[Nn]ame is|[Ii]mię:?|[Nn]azwisko:?)\s+(?:[A-ZŻŹĆŁŚÓĄĘŃ][\w-]+)"
    ),
    re.compile(r"\b(?:ul|al|os)\.\s?[A-ZŻŹĆŁŚÓ][\w .-]*\d+", re.UNICODE),
)


def looks_personal(text: str) -> bool:
    """Whether free text seems to hold a telephone number, e-mail, document or account number, or a name."""
    rest = _DATE.sub(" ", text)
    return any(sign.search(rest) for sign in _SIGNS)
