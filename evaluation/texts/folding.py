"""A text as it sounds, so that one word written in two ways is known as one."""

from __future__ import annotations

import unicodedata

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e"))
_PLAIN = {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ı": "i"} | dict.fromkeys("‐‑‒–—−", "-")
_PLAIN |= dict.fromkeys("’‘`´", "'")


def folded(text: str) -> str:
    """The text without capitals, accents, the kind of its spaces and dashes, and a mark at its end."""
    return _words(text) if text.isascii() else _words("".join(map(_letter, _decomposed(text))))


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFKD", text.translate(INVISIBLE))


def _letter(letter: str) -> str:
    return "" if unicodedata.combining(letter) else _PLAIN.get(letter, letter)


def _words(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".:;,* ")
