"""How numbers, dates, amounts and lists are written in English and Polish; percent signs are born here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from evaluation.errors import BadArgument
from evaluation.release.released import Value
from evaluation.report.captions import CAPTIONS
from evaluation.report.names import COUNTRIES, MONTHS, NOUNS, TONGUES, WAVES
from evaluation.report.phrases import PHRASES
from evaluation.rounding import in_percent, rounded
from evaluation.schema import Labels, text

LANGUAGES = ("en", "pl")
NBSP = "\u00a0"
MINUS = "\u2212"
DASH = "\u2013"

_PROPER = re.compile(
    "Albanian|Arabic|Belarusian|Bulgarian|Chinese|Czech|Dutch|English|European|Filipino|French|German|Hausa|Hindi"
    "|Icelandic|Italian|Lithuanian|Moldovan|Mongolian|Norwegian|Polish|Portuguese|Romanian|Russian|Slovak|Spanish"
    "|Tagalog|Thai|Turkish|Ukrainian|Vietnamese|Norway|Poland|Warsaw"
)


def check_language(language: str) -> str:
    """The language itself; raises BadArgument unless documents can be written in it."""
    if language not in LANGUAGES:
        raise BadArgument(f"the language '{language}' is not known; documents are written in: en, pl.")
    return language


def say(phrase: str, language: str, /, **values: str) -> str:
    """The phrase in ``language`` with its places filled by texts that are already formatted."""
    wordings = PHRASES.get(phrase) or CAPTIONS[phrase]
    filled = wordings[LANGUAGES.index(check_language(language))].format(**values)
    return tidy(filled, language)


def tidy(sentence: str, language: str) -> str:
    """Polish one-letter words are tied to the next word, so that none hangs at the end of a line."""
    if language != "pl":
        return sentence
    return re.sub(r"(?<![^\s(„])([aiouwzAIOUWZ]) ", rf"\1{NBSP}", sentence)


# --- numbers ------------------------------------------------------------------------------------


def number(value: float | Decimal, language: str, *, decimals: int = 0) -> str:
    """A number with thousands apart, a true minus, and no minus before a rounded zero."""
    printed = rounded(value, decimals)
    digits = f"{abs(printed):,.{decimals}f}"
    if check_language(language) == "pl":
        digits = digits.replace(",", NBSP).replace(".", ",")
    return f"{MINUS}{digits}" if printed < 0 else digits


def signed(value: float, language: str, *, decimals: int = 1) -> str:
    """A change with its sign: "+2.0", "−0.3", "0.0"."""
    written = number(value, language, decimals=decimals)
    return f"+{written}" if value > 0 and written.strip("0.,") else written


def plain(value: float, language: str) -> str:
    """A number with only the decimals that it has (at most two): 30, 4.5, 0.25."""
    return number(value, language, decimals=decimals_in(value, at_least=0))


def decimals_in(*values: float, at_least: int = 1) -> int:
    """How many decimals (at most two) these numbers were printed with."""
    found = [-int(rounded(value, 2).normalize().as_tuple().exponent) for value in values]
    return min(2, max([at_least, *found]))


def percent(share: float, language: str) -> str:
    """A share (1 = all) in whole percents."""
    return f"{number(in_percent(share), language)}%"


def interval(low: float, high: float, language: str, *, decimals: int = 1) -> str:
    """The two ends of an interval: "0.4 to 3.5", "od 0,4 do 3,5"."""
    return say(
        "interval",
        language,
        low=number(low, language, decimals=decimals),
        high=number(high, language, decimals=decimals),
    )


def money(amount: str, currency: str, language: str) -> str:
    """A stated amount: "EUR 85,000", "85 000 EUR"; cents only where there are some."""
    value = Decimal(amount)
    decimals = 0 if value == value.to_integral_value() else 2
    digits = number(float(value), language, decimals=decimals)
    return f"{digits}{NBSP}{currency}" if language == "pl" else f"{currency}{NBSP}{digits}"


def in_unit(value: float, unit: str, language: str) -> str:
    """A value of an indicator in its unit; shares become percents."""
    if unit == "share":
        return percent(value, language)
    if unit in ("points", "score 1-7"):
        return number(value, language, decimals=decimals_in(value))
    return plain(value, language)


# --- released counts ----------------------------------------------------------------------------


def hidden(language: str) -> str:
    """The one mark of a number that is not shown, whichever the reason."""
    return say("hidden", language)


def count(value: Value, language: str) -> str:
    """A released count as text: "41", "at least 31", "20 to 29", or the mark of a hidden number."""
    if value is None:
        return hidden(language)
    if isinstance(value, int):
        return number(value, language)
    low, high = value
    if high is None:
        return say("at_least", language, n=number(low, language))
    if low == 0:
        return say("at_most", language, n=number(high, language))
    return f"{number(low, language)}{DASH}{number(high, language)}"


def counted(value: Value, noun: str, language: str) -> str:
    """A released count with its noun in the right form: "41 people", "2 osoby", "5 osób"."""
    if value is None:
        return hidden(language)
    last = value if isinstance(value, int) else (value[0] if value[1] is None else value[1])
    return f"{count(value, language)}{NBSP}{plural(last, noun, language)}"


def plural(n: int, noun: str, language: str) -> str:
    """The form of the noun after ``n``: English one/other, Polish 1, 2–4 (not 12–14), and the rest."""
    one, few, many = NOUNS[noun][LANGUAGES.index(check_language(language))]
    if n == 1:
        return one
    return few if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else many


def opened(value: Value, whole: Value) -> Value:
    """A range up to everybody says no more than "at least"."""
    if isinstance(value, tuple) and value[1] is not None and value[1] == whole:
        return (value[0], None)
    return value


def out_of(part: Value, whole: Value, language: str) -> str:
    """ "33 of 41"; the mark alone where the part is hidden, the part alone where the whole is not told."""
    if part is None or whole is None:
        return count(part, language)
    part = opened(part, whole)
    return say("of", language, part=count(part, language), whole=count(whole, language))


# --- dates, lists, names ------------------------------------------------------------------------


def date(day: dt.date, language: str) -> str:
    """ "31 May 2015", "31 maja 2015 r."."""
    month = MONTHS[LANGUAGES.index(check_language(language))][day.month - 1]
    written = f"{day.day}{NBSP}{month} {day.year}"
    return f"{written}{NBSP}r." if language == "pl" else written


def period(start: dt.date, end: dt.date, language: str) -> str:
    """From day to day."""
    return say("period", language, start=date(start, language), end=date(end, language))


def listing(items: Sequence[str], language: str) -> str:
    """ "a, b and c"; semicolons where an item has a comma of its own."""
    if len(items) < 2:
        return "".join(items)
    if any("," in item for item in items):
        return "; ".join(items)
    conjunction = f" {say('and', language)} "
    last = f"{say('and_besides', language)} " if conjunction in items[-1] else conjunction
    return tidy(f"{', '.join(items[:-1])}{last}{items[-1]}", language)


def inline(labels: Labels, language: str) -> str:
    """A label inside a sentence: no capital, except for abbreviations and, in English, proper names."""
    label = tidy(text(labels, language), language)
    first = label.split(maxsplit=1)[0] if label.strip() else ""
    if not first or first[1:] != first[1:].lower() or len(first) == 1:
        return label
    if language == "en" and _PROPER.match(first):
        return label
    return label[0].lower() + label[1:]


def sentence(words: str) -> str:
    """With a full stop at the end, unless it has an end of its own."""
    words = words.strip()
    return words if not words or words.endswith((".", "!", "?", ".”")) else f"{words}."


def country(code: str, language: str) -> str:
    """The name of a country by its ISO 3166 code; a code that is not on the list as it stands."""
    return _known(COUNTRIES, code, language)


def wave(wave_id: str, language: str) -> str:
    """The name of a wave; an id of the project's own as it stands."""
    return _known(WAVES, wave_id, language)


def tongue(code: str, language: str) -> str:
    """The name of a language by its code; a code that is not on the list as it stands."""
    return _known(TONGUES, code, language)


def title(labels: Labels, language: str) -> str:
    """A label where it stands alone: with a capital."""
    label = text(labels, language)
    return tidy(label[:1].upper() + label[1:], language)


def unit(unit_id: str, language: str) -> str:
    """The name of an indicator's unit."""
    return say(f"unit_{unit_id.split(maxsplit=1)[0]}", language)


def _known(names: Mapping[str, tuple[str, str]], key: str, language: str) -> str:
    return names[key][LANGUAGES.index(language)] if key in names else key
