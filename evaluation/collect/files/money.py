"""An amount that is shown with the sign of a currency has to be in the one that its column counts in."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Set

_SIGNS = {
    "PLN": "pln zł zl złoty złote złotych",
    "EUR": "eur € euro",
    "USD": "usd $ us$",
    "GBP": "gbp £",
    "CHF": "chf fr",
    "NOK": "nok kr",
    "SEK": "sek kr",
    "DKK": "dkk kr",
    "ISK": "isk kr",
    "CZK": "czk kč",
    "UAH": "uah ₴ грн грн.",
    "RON": "ron lei",
    "MDL": "mdl lei",
    "BGN": "bgn лв лв.",
    "RUB": "rub ₽",
    "HUF": "huf ft",
    "GEL": "₾",
    "TRY": "₺",
}
CURRENCIES = {
    sign: frozenset(code for code, signs in _SIGNS.items() if sign in signs.split())
    for sign in {sign for signs in _SIGNS.values() for sign in signs.split()}
}
"""How a currency is written, in small letters → the currencies that are written so."""
MARK = "money"
"""What a cell whose format shows such a sign is marked with, before the sign."""
_WORD = re.compile(r"[^\W\d_]+|[^\w\s]")
_REFERENCE = re.compile(r"\$\{[^}]*\}")
_OTHER_SENSES = frozenset(("fr", "ft", "lei", "kr"))


def words_of(text: str) -> list[str]:
    """The words and single signs of a text, in small letters."""
    return _WORD.findall(text.casefold())


def named(texts: Iterable[str]) -> Set[str]:
    """The currencies that names and labels of a column speak of: ``weekly_budget_pln``, "Koszt (zł)"."""
    words = {word for text in texts for word in words_of(_REFERENCE.sub(" ", text.replace("_", " ")))}
    return frozenset(code for word in words - _OTHER_SENSES for code in CURRENCIES.get(word, ()))


def shown(mark: str) -> Set[str]:
    """The currencies that a cell may be in by its mark: ``formula_value money €``; none where it shows no sign."""
    return CURRENCIES.get(mark.partition(f"{MARK} ")[2].casefold(), frozenset())


def common(marks: Iterable[str]) -> Set[str]:
    """The currencies that all cells of a column may be in, by their marks; none where one shows another, or no sign."""
    signs = [*map(shown, marks)]
    return functools.reduce(lambda some, others: some & others, signs) if signs else frozenset()
