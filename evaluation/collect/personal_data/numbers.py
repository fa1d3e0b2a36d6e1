"""Numbers and accounts that belong to one person: telephone, PESEL, documents, plates, files, e-mail, links."""

from __future__ import annotations

import re

_CURRENCY = r"(?:zł|złotych|tys\.?|mln|PLN|EUR|euro|USD|GBP|NOK|CHF|CZK|UAH|funt\w*|dolar\w*|hrywi\w*|%)(?!\w)"
_MONTHS = (
    r"(?:stycz|lut|mar[czt]|kwie|maj|czerw|lip|sierp|wrze|pa[zź]dz|listop|grud"
    r"|jan|feb|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
)
_HARMLESS = re.compile(
    r"\b\d{4}[-./]\d{1,2}[-./]\d{1,2}\b"  # dates
    r"|(?<!\d[-./])\b(?:[012]?\d|3[01])[-./](?:0?[1-9]|1[0-2])[-./](?:\d{4}|\d{2})\b(?![-./]\d)"
    rf"|\b\d{{1,2}}\.?\s{_MONTHS}(?:\s\d{{4}})?"
    r"|\b[0-2]?\d[.:][0-5]\d(?:\s?[-–]\s?[0-2]?\d[.:][0-5]\d)?\b"  # times
    r"|\b(?:19|20)\d\d(?:\s?[-–/,]\s?(?:19|20)\d\d)+\b"  # years
    rf"|(?<![\d-])(?:\d{{1,6}}|\d{{1,3}}(?:[ .,\u00a0\u202f]\d{{3}})+)(?:[.,]\d{{1,2}})?\s?{_CURRENCY}"  # amounts
    r"|(?:€|\$|£)\s?\d[\d ,.\u00a0]*|(?<![\d.,-])\d{1,6}[.,]\d{1,2}(?![\d.,-]|\s\d)"
    r"|\b(?:art|ust|pkt|poz|par|lit|nr|rozdz|section|article|Dz\.?\s?U)\.?\s?(?:z\s)?\d+\w{0,2}(?:\(\d+\))?"  # law
    r"|§+\s?\d+\w?|\b\d{3,4}/(?:19|20)?\d{2,4}/(?:EU|UE|EC|WE|EWG)\b|\b20\d\d/\d{3,4}\b",
    re.IGNORECASE,
)
_WORDED = (
    # E-mail, written so that a machine does not see it too.
    re.compile(r"[^\s@,;]\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.|\s?\(dot\)\s?)\w{2,}", re.IGNORECASE),
    re.compile(r"\w\s(?:małpa|malpa|at)\s[\w-]+\s(?:kropka|dot)\s\w{2,4}\b", re.IGNORECASE),
    re.compile(r"(?:https?://|www\.)[\w.:-]{1,80}/\w|\w\.(?:com|pl|org|net|me|ru|ua|de|eu|info)/[\w@]", re.IGNORECASE),
    re.compile(r"(?:facebook|instagram|telegram|whatsapp|t\.me|fb\.com|wa\.me)\S{0,40}[/:@]\s?\S", re.IGNORECASE),
    re.compile(r"(?<![\w@])@[A-Za-z_][\w.]{2,}"),
    # An account after the name of a network, or after "nick": a word with a digit, an underscore or a point in it.
    re.compile(
        r"\b(?:facebook|fb|instagram|insta|telegram|tiktok|viber|signal|snapchat|skype|messenger|nick|login|konto)"
        r"\w*\b[^.!?]{0,30}?[\s:\"„'](?=[a-z])[a-z]{0,30}(?:[a-z]\d|[_.][a-z\d])",
        re.IGNORECASE,
    ),
)
_NUMBERED = (
    # Passport, identity card, residence card, a foreign IBAN; what follows the word for a document.
    re.compile(r"\b[A-Z]{2,3}\s?\d{6,7}\b|\b[A-Z]{2}\d{2}(?:\s?[A-Z\d]{4}){3,}", re.ASCII),
    re.compile(
        r"(?:pas[zs]+port|dow[oó]d|legitymac|kart[aąęy] pobytu|(?:residence|identity|\bID) card|wiz[aąęy]|visa)\w*"
        r"[^.!?\d]{0,20}\b(?=[A-Z\d]{0,12}\d{4})[A-Z\d]{5,}",
        re.IGNORECASE,
    ),
    # A file of a court, an office or the police.
    re.compile(
        r"\b(?:sygn\w*\.?|(?:nr|numer|znak)\.? (?:sprawy|akt)|spraw[aęy] nr|case (?:no|number|file)\.?|file no\.?)"
        r"\W{0,3}[^.!?]{0,14}?\d+",
        re.IGNORECASE,
    ),
    re.compile(r"\b[IVX]{1,5}\s[A-Z][A-Za-z]{0,3}\s\d{1,5}/\d{2,4}\b|\b(?:RSD|PR|Ds)\.?\s\d{1,5}[/.]\d{2,4}\b"),
    # Coordinates of a place.
    re.compile(r"\b\d{1,2}[.,]\d{4,}\s?[°NnEe]?[,;\s]\s?\d{1,3}[.,]\d{4,}"),
)
_DIGIT = re.compile(r"\d")
_PLATE = re.compile(r"\b([A-Z]{2,3})[ -]?((?=[A-Z\d]{0,3}\d{2})[\dA-Z]{4,5})\b|\b[A-Z]{2} ?\d{4} ?[A-Z]{2}\b", re.ASCII)
_CAR = re.compile(
    r"\b(?:aut(?:o|a|em)|samoch[oó]d\w*|wóz|furgon\w*|bus(?:a|em)?|tablic\w*|rejestr\w*|nr rej\w*|taks\w*|opel\w*"
    r"|bmw|audi|mercedes\w*|skod\w*|ford\w*|toyot\w*|volvo|golf\w*|passat\w*|car|cars|van|plates?|licence|license"
    r"|taxi|lorry|truck)\b",
    re.IGNORECASE,
)
_LOOSE_PLATE = re.compile(r"\b(?=[A-Z\d -]{0,10}\d{2})[A-Z]{1,3}[ -]?[\dA-Z]{1,5}(?:[ -]?[A-Z\d]{2,5})?\b", re.ASCII)
_NO_PLATE = {"PLN", "EUR", "USD", "GBP", "NOK", "CHF", "CZK", "UAH", "ISO", "PIT", "CIT", "VAT", "ZUS", "EEA", "UNHCR"}
_RUN = re.compile(r"(?<![\w.,])(?:\+\d{0,3}\s?)?\(?\d(?:[\s\u00a0).\-/]{0,3}\d){6,}", re.ASCII)


def has_digit(text: str) -> bool:
    """Whether any sign that needs a number is worth looking for."""
    return _DIGIT.search(text) is not None


def identifies(text: str) -> bool:
    """Whether the text holds such a number or account."""
    if any(shape.search(text) for shape in _WORDED):
        return True
    if not has_digit(text):
        return False
    if any(shape.search(text) for shape in _NUMBERED) or _plate(text):
        return True
    return _RUN.search(_HARMLESS.sub(" | ", text)) is not None


def _plate(text: str) -> bool:
    """A plate as Poland and its neighbours make them; near a word for a car, whatever looks like one."""
    for found in _PLATE.finditer(text):
        letters, rest = found[1], found[2]
        year = letters and re.fullmatch(r"(?:19|20)\d\d", rest)
        if letters not in _NO_PLATE and not year and (letters is None or len(letters + rest) >= 7):
            return True
    loose = (found for found in _LOOSE_PLATE.finditer(text) if not set(re.findall(r"[A-Z]+", found[0])) & _NO_PLATE)
    return any(_CAR.search(text[max(0, found.start() - 50) : found.end() + 50]) for found in loose)
