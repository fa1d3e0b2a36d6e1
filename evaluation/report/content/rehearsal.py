"""What every document does the first time: read the texts and the rules of its language, with no data."""

from __future__ import annotations

import datetime as dt

from evaluation.report import words
from evaluation.texts import LANGUAGES

_DAY = dt.date(2000, 1, 1)


def rehearse() -> None:
    """Word something in every language, so that whatever is forked from this process does the like at once.

    Nothing is drawn: a font keeps its file open, and processes that share it would lose their places in it.
    """
    for language in LANGUAGES:
        words.period(_DAY, _DAY, language)
        words.percent(0.5, language)
        words.inline({language: words.country("PL", language)}, language)
