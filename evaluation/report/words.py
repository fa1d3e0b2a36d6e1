"""How released numbers, dates, amounts, lists and names are written in the language of a document."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from evaluation import descriptors, texts
from evaluation.errors import BadArgument, BadDeclaration
from evaluation.release.released import Value
from evaluation.rounding import rounded
from evaluation.schema import Labels, text
from evaluation.texts import DASH, LANGUAGES
from evaluation.texts import number as written
from evaluation.texts import percent as percent

NBSP = "\u00a0"


def check_language(language: str) -> str:
    """The language itself; raises BadArgument unless documents can be written in it."""
    if language not in LANGUAGES:
        raise BadArgument("report.error.language", language=language, known=", ".join(LANGUAGES))
    return language


def say(key: str, language: str, /, **facts: object) -> str:
    """The sentence of a key with its facts, its short words tied to the next."""
    return tidy(texts.say(key, check_language(language), **facts), language)


def begun(key: str, language: str, /, **facts: object) -> str:
    """The same with a capital, whatever it begins with."""
    sentence = say(key, language, **facts)
    return sentence[:1].upper() + sentence[1:]


def fits(rule: str, words: str, language: str) -> bool:
    """Whether a rule of the language's grammar holds for these words."""
    pattern = texts.say(rule, language)
    return bool(pattern) and re.match(pattern, words) is not None


def tidy(sentence: str, language: str) -> str:
    """Words of one letter are tied to the next word where the language wants it, so that none ends a line.

    What belongs to the number before it, such as the mark of a year, is tied to that, so that it begins none.
    """
    back = "|".join(map(re.escape, texts.say("report.grammar.tied_back", language).split()))
    sentence = re.sub(rf"(?<=\d) ({back})", rf"{NBSP}\1", sentence) if back else sentence
    tied = "|".join(texts.say("report.grammar.tied", language).split())
    return re.sub(rf"(?<![^\s(„])({tied}) ", rf"\1{NBSP}", sentence, flags=re.IGNORECASE) if tied else sentence


# --- numbers ------------------------------------------------------------------------------------


def number(value: float | Decimal, language: str, *, decimals: int = 0) -> str:
    """A number with thousands apart, a true minus, and no minus before a rounded zero."""
    return written(value, check_language(language), decimals)


def signed(value: float, language: str, *, decimals: int = 1) -> str:
    """A change with its sign: "+2.0", "−0.3", "0.0"."""
    return f"{'+' if rounded(value, decimals) > 0 else ''}{number(value, language, decimals=decimals)}"


def plain(value: float, language: str) -> str:
    """A number with only the decimals that it has (at most two): 30, 4.5, 0.25."""
    return number(value, language, decimals=decimals_in(value, at_least=0))


def decimals_in(*values: float, at_least: int = 1) -> int:
    """How many decimals (at most two) these numbers were printed with."""
    needed = [-int(rounded(value, 2).normalize().as_tuple().exponent) for value in values]
    return min(2, max([at_least, *needed]))


def interval(low: float, high: float, language: str, *, decimals: int = 1) -> str:
    """The two ends of an interval: "0.4 to 3.5", "od 0,4 do 3,5"."""
    ends = {"low": number(low, language, decimals=decimals), "high": number(high, language, decimals=decimals)}
    return say("report.number.interval", language, **ends)


def money(amount: str, currency: str, language: str) -> str:
    """An amount: "EUR 85,000", "85 000 EUR"; cents only where there are some."""
    value = Decimal(amount)
    decimals = 0 if value == value.to_integral_value() else 2
    told = number(value, language, decimals=decimals)
    return say("report.number.money", language, amount=told, currency=currency)


def in_unit(value: float, unit: str, language: str) -> str:
    """A value of an indicator in its unit; shares become percents."""
    if unit == "share":
        return percent(value, language)
    if unit in ("points", "score 1-7"):
        return number(value, language, decimals=decimals_in(value))
    return plain(value, language)


def between(low: float | None, high: float | None, unit: str, language: str) -> str:
    """Between which two values of an indicator its own lies: "20–30", "at least 53%"; empty where it may be any."""
    if unit != "share":
        return "" if low is None else count((int(low), None if high is None else int(high)), language)
    if high is None or high >= 1:
        return say("report.number.share_at_least", language, share=percent(low, language)) if low else ""
    if not low:
        return say("report.number.share_at_most", language, share=percent(high, language))
    return f"{percent(low, language)}{DASH}{percent(high, language)}"


# --- released counts ----------------------------------------------------------------------------


def hidden(language: str) -> str:
    """The one mark of a number that is not shown, whichever the reason."""
    return say("report.mark.hidden", language)


def count(value: Value, language: str) -> str:
    """A released count as text: "41", "at least 31", "20 to 29", or the mark of a hidden number."""
    if value is None:
        return hidden(language)
    if isinstance(value, int):
        return number(value, language)
    low, high = value
    if high is None:
        return say("report.number.at_least", language, n=low)
    if not low:
        return say("report.number.at_most", language, n=high)
    return f"{number(low, language)}{DASH}{number(high, language)}"


def counted(value: Value, noun: str, language: str) -> str:
    """A released count with its noun in the form that it asks for: "41 people", "2 osoby", "5 osób"."""
    if value is None:
        return hidden(language)
    last = value if isinstance(value, int) else (value[0] if value[1] is None else value[1])
    return say(f"report.counted.{noun}", language, n=last, count=count(value, language))


def named(name: Labels | str, language: str) -> str:
    """A name that may have a form of its own in each language."""
    return name if isinstance(name, str) else text(name, language)


def opened(value: Value, whole: Value) -> Value:
    """A range up to everybody says no more than "at least"."""
    if isinstance(value, tuple) and value[1] is not None and value[1] == whole:
        return (value[0], None)
    return value


def out_of(part: Value, whole: Value, language: str) -> str:
    """ "33 of 41"; the mark alone where the part is hidden, the part alone where the whole is not told."""
    if part is None or whole is None:
        return count(part, language)
    told = count(opened(part, whole), language)
    return say("report.number.of", language, part=told, whole=count(whole, language))


# --- dates, lists, names ------------------------------------------------------------------------


def date(day: dt.date, language: str) -> str:
    """ "31 May 2015", "31 maja 2015 r."."""
    return say("report.number.day", language, day=texts.date(day, language).replace(" ", NBSP, 1))


def period(start: dt.date, end: dt.date, language: str) -> str:
    """From day to day."""
    return say("report.number.period", language, start=date(start, language), end=date(end, language))


def listing(items: Sequence[str], language: str) -> str:
    """ "a, b and c"; semicolons where an item has a comma of its own, other words where it has an "and"."""
    if any("," in item for item in items):
        if len(items) == 1 or any(" " in item for item in items):
            return "; ".join(items)
        items = ["; ".join(items[:-1]), items[-1]]  # numbers: "4,7; 2,7 i 3,2"
    conjunction = texts.listed(("", ""), language).strip()
    if len(items) > 1 and any(conjunction in item.split() for item in items):
        return say("report.number.besides", language, items=", ".join(items[:-1]), last=items[-1])
    return tidy(texts.listed(items, language), language)


def inline(labels: Labels, language: str) -> str:
    """A label inside a sentence: no capital, except for abbreviations and names of countries and languages.

    One in another language stays as it is.
    """
    label = tidy(text(labels, language), language)
    if not labels.get(language):
        return label
    first = label.split(maxsplit=1)[0] if label.strip() else ""
    if len(first) < 2 or first[1:] != first[1:].lower() or first in _capitals(language):
        return label
    return label[0].lower() + label[1:]


@functools.cache
def _capitals(language: str) -> frozenset[str]:
    """Words that have a capital wherever they stand."""
    names = {_name(codes, code, language) for codes in ("countries", "languages") for code in descriptors.codes(codes)}
    more = texts.say("report.grammar.capitals", language).split()
    return frozenset(name for name in (*names, *more) if name[:1].isupper())


def sentence(words: str) -> str:
    """With a full stop at the end, unless it has an end of its own."""
    words = words.strip()
    return words if not words or words.endswith((".", "!", "?", ".”")) else f"{words}."


def title(labels: Labels, language: str) -> str:
    """A label where it stands alone: with a capital."""
    label = text(labels, language)
    return tidy(label[:1].upper() + label[1:], language)


def wave(wave_id: str, language: str) -> str:
    """The name of a wave; an id of the project's own as it stands."""
    known = ("baseline", "mid", "endline", "follow_up", "follow-up")
    return say(f"report.wave.{wave_id.replace('-', '_')}", language) if wave_id in known else wave_id


def country(code: str, language: str) -> str:
    """The name of a country by its ISO 3166 code."""
    return label("countries", code, language)


def label(codes: str, code: str, language: str) -> str:
    """What a code of a list in data_schema/codes is called. Raises BadDeclaration where nothing names it."""
    name = _name(codes, code, check_language(language))
    if not name:
        raise BadDeclaration("report.error.no_label", list=codes, code=code, language=language)
    return tidy(name, language)


def _name(codes: str, code: str, language: str) -> str:
    """The name in our list, else what Babel calls the country or language."""
    rules = texts.locale(language)
    others: Mapping[str, str] = {"countries": rules.territories, "languages": rules.languages}.get(codes, {})
    return descriptors.codes(codes).get(code, {}).get(language) or others.get(code, "")
