"""The language that a column of translations names: by its code, or by its name in English, Polish or itself."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

_CODE = re.compile(r".*\(([A-Za-z]{2,3})(?:[-_][A-Za-z]+)?\)", re.DOTALL)


@functools.lru_cache(maxsize=1000)
def language_of(text: str) -> str:
    """The code of the language that ``English (en)``, ``en`` or ``English`` names; empty if nobody knows it."""
    named = text.strip()
    if match := _CODE.fullmatch(named):
        return match[1].lower()
    word = named.casefold()
    return word if word in _codes() else _names().get(word) or _own_names().get(word, "")


@functools.cache
def _codes() -> frozenset[str]:
    from babel import Locale

    return frozenset(code for code in map(str, Locale("en").languages) if re.fullmatch(r"[a-z]{2,3}", code))


@functools.cache
def _names() -> Mapping[str, str]:
    """The names of languages in English and Polish."""
    from babel import Locale

    named = [(name.casefold(), code) for own in ("pl", "en") for code, name in Locale(own).languages.items()]
    return {name: code for name, code in named if code in _codes()}


@functools.cache
def _own_names() -> Mapping[str, str]:
    """The names that languages have for themselves."""
    from babel import Locale, localedata

    names: dict[str, str] = {}
    for code in sorted(localedata.locale_identifiers(), key=len, reverse=True):
        if code in _codes():
            names[(Locale(code).get_language_name(code) or code).casefold()] = code
    return names
