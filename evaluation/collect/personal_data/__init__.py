"""Signs of personal data in free text: what could tell a reader who somebody is. In doubt it asks."""

from __future__ import annotations

from collections.abc import Iterator

from evaluation.collect.personal_data import names, numbers, places, spoken

_PIECE, _SHARED = 300, 100
_SIGNS = (numbers.identifies, places.identifies, spoken.identifies, names.identifies)


def looks_personal(text: str) -> bool:
    """Whether free text seems to hold a number, address, birthday, account or name by which a person is found.

    It knows shapes and short word lists, so it is wrong at times, rather by asking once too often: a person who
    has read the text may overrule it.
    """
    return any(sign(piece) for piece in _pieces(text) for sign in _SIGNS)


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces of whole words that share their ends: looking takes time as it is long, not as its square."""
    if len(text) <= _PIECE:
        yield text
        return
    for start in range(0, len(text) - _SHARED, _PIECE - _SHARED):
        piece = text[start : start + _PIECE]
        words = piece.split(" ")
        last = start + _PIECE >= len(text)
        yield " ".join(words[bool(start) : None if last else -1]) or piece
