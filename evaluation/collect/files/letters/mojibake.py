"""Letters that an earlier program misread, once or more often, are restored where one reading alone makes words."""

from __future__ import annotations

import re

from evaluation.collect.files.letters.alphabets import in_any_language

_MISREAD = ("cp1252", "cp1250", "cp1251", "cp852", "mac_roman")
_DEEPEST = 3
# The first byte of a letter in UTF-8, misread as a letter, and a sign behind it that no word has there.
_GARBLED = re.compile("[ÃÂÅÄĂĹĽÐÑРС┼├][\u0080-\u00bf\u02c0-\u02ff\u2018-\u2122\u2500-\u25ff]|â€|пїЅ|Ð[°-¿]|ï»¿")


def _letters(first: int, last: int) -> str:
    """What bytes look like in the encodings, as they stand in the brackets of an expression."""
    pieces = (bytes([byte]).decode(encoding, "ignore") for encoding in _MISREAD for byte in range(first, last + 1))
    return re.escape("".join({*pieces, *map(chr, range(first, last + 1))}))


# A letter in UTF-8 is one such byte and at least one of the others: what has no such pair was never misread.
_PAIR = re.compile(f"[{_letters(0xC2, 0xF4)}][{_letters(0x80, 0xBF)}]")


def restored(cell: str) -> tuple[str, str]:
    """The cell as it once was, and ``mojibake`` if that was restored, ``garbled`` if it cannot be, else nothing."""
    if cell.isascii() or not _PAIR.search(cell):
        return cell, ""
    level, seen = {cell}, {cell}
    for _ in range(_DEEPEST):
        level = {text for each in level for text in _once(each)} - seen
        seen |= level
        sound = {text for text in level if in_any_language(text) and not _GARBLED.search(text)}
        if sound:
            return (sound.pop(), "mojibake") if len(sound) == 1 else (cell, "garbled")
    return cell, "garbled" if _GARBLED.search(cell) else ""


def _once(cell: str) -> set[str]:
    """What the cell was if its UTF-8 was read in another encoding."""
    texts: set[str] = set()
    for encoding in _MISREAD:
        try:
            texts.add(b"".join(_byte(letter, encoding) for letter in cell).decode("utf-8"))
        except UnicodeError:
            continue
    return texts


def _byte(letter: str, encoding: str) -> bytes:
    # Programs pass the few undefined bytes of these pages through as control characters.
    return bytes([ord(letter)]) if "\x80" <= letter <= "\x9f" else letter.encode(encoding)
