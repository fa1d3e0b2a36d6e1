"""What of a release is words: told apart from its numbers, replaced by new ones, and searched for other numbers."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from evaluation.release.released import Draft, Released
from evaluation.rounding import in_percent
from evaluation.schema import Labels
from evaluation.texts import date, or_english, say

FIELDS = frozenset(("title", "promoter", "place", "purpose", "programme", "fund", "operator", "statements", "text",
                    "languages", "work_languages", "labels", "wave_labels", "source", "note",
                    "organisation", "names_in"))  # fmt: skip
"""The fields that hold nothing but words, wherever they stand."""
NAMED = {"courses": (0,), "outcomes": (0,), "estimand": (0,), "partners": (1, 2)}
"""Fields of tuples in which words stand beside what tells them apart; where that stands."""

_SEALED = ("certificate", "provenance", "digest", "release")
_CODES = ("languages", "work_languages", "names_in")
"""The words among them that are codes of languages."""
_NUMERAL = re.compile(r"\d+(?:[\u00a0\u202f ]\d{3}(?!\d)|[.,]\d+)*")
_OF_PEOPLE = ("planned", "reached", "countries", "value", "start", "change", "low", "high", "n", "of", "baseline",
              "target", "achieved", "achieved_share", "progress", "count", "persons_beneficiary", "persons_donor",
              "trust", "satisfaction", "amount")  # fmt: skip
"""The numbers that a document prints of a release; step, scale, threshold and weight are none of them."""

Thing = TypeVar("Thing")


def reworded(released: Released, words: Released | Draft, *, on: dt.date | None) -> Released:
    """The release with the words that ``words`` has for the same tables, codes, outcomes and indicators.

    Every number, the digest and why a number is missing stay; ``on``: the day on which its words were mended.
    """
    if isinstance(words, Draft):
        words = dataclasses.replace(words, tables=(*words.tables, *words.ranged))
    made = _reworded(released, words, kept=(*_SEALED, "surveys"))
    partners = zip(released.facts.partners, made.facts.partners, strict=True)
    renamed = {before: now for (before, *_), (now, *_) in partners}
    surveys = tuple(
        dataclasses.replace(one, organisation=renamed.get(one.organisation, one.organisation))
        for one in released.surveys
    )
    return dataclasses.replace(made, surveys=surveys, provenance=dataclasses.replace(released.provenance, worded_on=on))


def _reworded(own: Thing, new: object, *, kept: tuple[str, ...] = ()) -> Thing:
    changed = {
        field.name: _field(field.name, getattr(own, field.name), getattr(new, field.name))
        for field in dataclasses.fields(own)  # type: ignore[arg-type]
        if field.name not in kept
    }
    day = getattr(own, "as_of", None)
    if day is not None and getattr(new, "as_of", None) is None:  # from a draft, whose words bear no day
        changed["labels"] = as_of(changed["labels"], day)
    return dataclasses.replace(own, **changed)  # type: ignore[type-var]


def _field(name: str, own: Any, new: Any) -> Any:
    if name in FIELDS:
        return new
    if name == "codes":
        return {code: new.get(code, labels) for code, labels in own.items()}
    if name == "partners":  # two of one state are told apart by their places alone
        return new if [one[1:] for one in own] == [one[1:] for one in new] else own
    if name in NAMED:
        told = dict(new)
        return tuple((one, told.get(one, labels)) for one, labels in own)
    if name == "facts":
        return _reworded(own, new)
    if name != "counts" and isinstance(own, tuple) and own and dataclasses.is_dataclass(own[0]):
        told = {_key(one): one for one in new}
        return tuple(_reworded(one, told[_key(one)]) if _key(one) in told else one for one in own)
    return own


def _key(one: Any) -> object:
    """What tells one table, variable, mean, indicator or activity from another."""
    for names in (("id",), ("code",), ("dimension", "kind")):
        if all(hasattr(one, name) for name in names):
            return tuple(getattr(one, name) for name in names)
    return str(one)


def as_of(labels: Labels, day: dt.date) -> Labels:
    """What something is called, with the day of which it is told, which no line breaks."""
    return {
        language: say("release.schedule.as_of", spoken, what=label, day=date(day, spoken).replace(" ", "\u00a0"))
        for language, label in labels.items()
        for spoken in (or_english(language),)
    }


def texts(released: Released) -> tuple[str, ...]:
    """Every text of the release that a person wrote, once, in the release's languages."""
    spoken = released.facts.languages
    every = ({"": one} if isinstance(one, str) else one for one in labels(released))
    return tuple(dict.fromkeys(text for one in every for key, text in one.items() if text and key in ("", *spoken)))


def labels(released: Released) -> Iterator[Labels | str]:
    """Every label of a release, and every text of it that a person wrote in one language."""
    found = _leaves(released, passed_over=(*_SEALED, *_CODES, "within"))
    return (one for name, one in found if name in FIELDS and isinstance(one, str | Mapping))


def _leaves(one: Any, name: str = "", *, passed_over: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """What stands in a release, each with the name of its field; a label of whatever else stands there is "labels"."""
    if dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            if field.name not in passed_over:
                yield from _leaves(getattr(one, field.name), field.name, passed_over=passed_over)
    elif isinstance(one, tuple):
        for item in one:
            own = "labels" if name in NAMED and isinstance(item, tuple) else name
            yield from _leaves(item, own, passed_over=passed_over)
    elif isinstance(one, Mapping) and name not in FIELDS:
        yield from (("labels", value) for value in one.values() if isinstance(value, Mapping))
    else:
        yield name, one


def foreign_numerals(mended: Released, released: Released) -> tuple[tuple[str, str], ...]:
    """The numerals in new texts that the release does not print, each with the text in which it stands."""
    before = texts(released)
    share = in_percent(released.facts.reached / released.facts.planned) if released.facts.planned else 0
    printed = {*_numbers(released), _plain(float(share))}
    printed |= {form for text in before for numeral in numerals(text) for form in forms(numeral)}
    return tuple(
        (numeral, text)
        for text in texts(mended)
        if text not in before
        for numeral in dict.fromkeys(numerals(text))
        if printed.isdisjoint(forms(numeral))
    )


def numerals(text: str) -> list[str]:
    """The numbers in digits that stand in a text, as they are written."""
    return [found.group() for found in _NUMERAL.finditer(text)]


def forms(numeral: str) -> set[str]:
    """What a numeral can mean: "1,052" is 1052 or 1.052."""
    digits = re.sub(r"[\u00a0\u202f ]", "", numeral)
    whole, mark, rest = digits.replace(",", ".").rpartition(".")
    decimal = f"{whole.replace('.', '')}.{rest}" if mark else digits
    return {_plain(float(re.sub(r"[.,]", "", digits))), _plain(float(decimal))}


def _plain(number: float) -> str:
    return f"{number:g}" if number < 1e6 else str(int(number))


def _numbers(released: Released) -> Iterator[str]:
    """Each number that is printed, and the whole percents of a share."""
    for name, one in _leaves(released, passed_over=("certificate", "provenance")):
        if isinstance(one, dt.date):
            yield str(one.year)
        elif name in _OF_PEOPLE and isinstance(one, int | float | str) and not isinstance(one, bool) and one != "":
            yield _plain(abs(float(one)))
            yield _plain(float(in_percent(abs(float(one)))))
