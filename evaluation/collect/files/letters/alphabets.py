"""Which letters make a word of a language: what tells one encoding of a file from another."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

LETTERS: Mapping[str, str] = {
    "en": "",
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "hu": "áéíóöőúüű",
    "ro": "ăâîşţșț",
    "hr": "čćđšž",
    "sl": "čšž",
    "de": "äöüß",
    "fr": "àâæçéèêëîïôœùûü",
    "es": "áéíñóúü",
    "pt": "áâãàçéêíóôõú",
    "it": "àèéìòù",
    "da": "æøåé",
    "no": "æøåéò",
    "sv": "åäöé",
    "fi": "äöå",
    "is": "áðéíóúýþæö",
    "nl": "éëïó",
    "et": "äöüõšž",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "tr": "çğıöşüâ",
    "vi": "àáâãèéêìíòóôõùúýăđĩũơư" + "".join(map(chr, range(0x1EA0, 0x1EFA))),
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "el": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    "ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي",
    "fa": "ءآأؤإئابپتثجچحخدذرزژسشصضطظعغفقکكگلمنهوىيی",
    "he": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
}
"""The letters of a language beside a to z; of one that is not written in Latin script all of them."""

# What no word of the language has, so that the letters of another encoding are noticed: Polish writes
# no vowel after ć, ń, ś, ź, and Spanish always one after ñ.
_NEVER: Mapping[str, str] = {
    "pl": r"[qvx]|[ćńśź][aąeęioóuy]|[ąę][aąeęoóuy]|^[ąę].",
    "cs": r"[qwx]|[ďťň][eéií]",
    "sk": r"[qwx]|[ďťň][eéií]",
    "hu": r"[qwx]",
    "ro": r"[kqwy]",
    "hr": r"[qwxy]",
    "sl": r"[qwxy]",
    "de": r"[äö]$|^ß|[äöü][aou]",
    "fr": r"[kw]|ê$|^ê(?!t)|æ$|œ(?![ueil])|ç(?![aouà])|[àù](?!$)",
    "es": r"[kw]|(?<!g)ü|ñ(?![aeiouáéíóú])",
    "pt": r"[kwy]|ã(?![oes]|$)|õ(?!e)|ê(?<!cê)$",
    "it": r"[jkwxy]|[àèéìòù](?!$)",
    "da": r"[cqwxz]",
    "no": r"[cqwxz]",
    "sv": r"[qwxz]",
    "fi": r"[cqwxz]",
    "is": r"[cqwz]",
    "et": r"[cqwxy]",
    "lt": r"[qwx]",
    "lv": r"[qwxy]",
    "tr": r"[qwx]",
}
_LOANS = "éüöäáíçßëôîâ"
"""Letters of neighbours in names, which Windows-1250, -1252 and ISO-8859-1, -2 write alike."""
_OPENING, _CLOSING, _INSIDE, _ALONE = "„“”‘‚’–—…°", "”’…–—", "’\u00a0", "–—…°§€%‰№±×²³\u00a0”"
_ALONE_LETTERS = "àèéåö"
"""Letters that are a word of some language by themselves."""
_WHOLE_ALPHABET = 24
_RUN = re.compile(r"[^\W\d_]+")


@functools.lru_cache(maxsize=100_000)
def explained(text: str, languages: tuple[str, ...], *, loans: bool = False) -> bool:
    """Whether every word in a piece of text is one of the languages, and its other signs stand where such signs do."""
    words = list(_RUN.finditer(text))
    for at, sign in enumerate(text):
        if not sign.isascii() and not sign.isalpha():
            before, after = at > 0 and text[at - 1].isalpha(), text[at + 1 : at + 2].isalpha()
            begins = sign in "¿¡" and text[at + 1 : at + 2].isupper()
            places = _INSIDE if before and after else _CLOSING if before else _OPENING if after else _ALONE
            if sign not in places and not begins:
                return False
    return all(word[0].isascii() or any(_is_word(word[0], each, loans) for each in languages) for word in words)


def _is_word(word: str, language: str, loans: bool) -> bool:
    lower = word.lower()
    if word not in (lower, word.upper(), word.capitalize()):
        return False
    own = LETTERS[language]
    if len(word) == 1 and lower not in _ALONE_LETTERS and len(own) < _WHOLE_ALPHABET:
        return False
    if len(own) >= _WHOLE_ALPHABET:
        return set(lower) <= set(own) or (language == "vi" and set(lower) <= set(own) | set(_ASCII))
    foreign = [letter for letter in lower if letter not in own and letter not in _ASCII]
    lent = (
        loans and set(foreign) <= set(_LOANS) and 2 * len(foreign) < len(lower)
    )  # a name has few letters of that kind
    return (not foreign or lent) and not (language in _NEVER and re.search(_NEVER[language], lower))


_ASCII = "abcdefghijklmnopqrstuvwxyz"


def in_any_language(text: str) -> bool:
    """Whether every word of a text is one of some language; of scripts without letters listed here, of one script."""
    pieces = (piece for piece in text.split() if not piece.isascii())
    return all(explained(piece, tuple(LETTERS)) or _of_one_script(piece) for piece in pieces)


def _of_one_script(piece: str) -> bool:
    letters = [letter for letter in piece if letter.isalpha()]
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in letters}
    return bool(letters) and len(scripts) == 1 and scripts.isdisjoint(("LATIN", "CYRILLIC", "GREEK", ""))


def words_of(texts: Iterable[str]) -> Collection[str]:
    """The words with other letters than a to z in texts that are known."""
    return {word.lower() for text in texts for word in _RUN.findall(text) if not word.isascii()}
