"""What is shown of a row, to whoever enters and corrects or, coarsely, to others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from evaluation import texts
from evaluation.desk.forms.questions import Question, as_labels, said
from evaluation.schema import Labels
from evaluation.texts import LANGUAGES

_FREE = ("line", "text")
_UNTOLD = as_labels("–")


def seen(asked: Iterable[Question], *, fine: bool, of_person: bool = True) -> tuple[Question, ...]:
    """The questions whose answers are shown; not ``fine``: none that is free text about a person."""
    return tuple(each for each in asked if fine or not (of_person and each.kind in _FREE))


def in_words(question: Question, cell: object, *, fine: bool) -> Labels:
    """A stored cell in words, empty where there is none; not ``fine``: the month of a day, and nothing uncoded."""
    if cell in (None, ""):
        return {}
    typed = question.typed(cell)
    if not fine:
        if question.kind == "date":
            return month(cell)
        known = {option.code for option in question.options}
        if known and question.kind != "number" and not known >= set(typed.split()):
            return _UNTOLD
    return said(question, typed)


def month(cell: object) -> Labels:
    """The month of a stored day; what is none, a refusal say, is not told."""
    try:
        on = dt.date.fromisoformat(str(cell))
    except ValueError:
        return _UNTOLD
    return {language: texts.month(on, language) for language in LANGUAGES}


def day(on: dt.date, *, fine: bool) -> Labels:
    """A day as a sentence has it; not ``fine``: its month."""
    return {language: texts.date(on, language) for language in LANGUAGES} if fine else month(on)
