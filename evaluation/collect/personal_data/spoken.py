"""Numbers in words, as a telephone number is dictated: Polish and English."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence

from evaluation.collect.personal_data import words

FEWEST = 5
"""A telephone number has at least so many words."""
FEWEST_AFTER = 3
"""So many are enough behind a word that announces one."""

_LARGER = 10
_QUANTITY = re.compile(r"tysi\w+|thousand|million|milion\w*")
_ANNOUNCED = frozenset(("tel", "telefon", "telefonu", "komórka", "komórkę", "phone", "mobile", "cell"))
_WORD = re.compile(r"\w+|[.!?;]")


def identifies(text: str) -> bool:
    """Whether enough words of numbers follow each other, and are neither an amount nor counted aloud."""
    numbers = _numbers()
    run: list[int] = []
    fewest = FEWEST
    for word in (*_WORD.findall(text.casefold()), "."):
        if word in numbers or (run and len(word) <= 3 and word.isdecimal()):
            run.append(numbers.get(word, _LARGER))
        elif word not in ("plus", "i", "and") or not run:
            if len(run) >= fewest and not _QUANTITY.fullmatch(word) and not _counted(run):
                return True
            announced = word in _ANNOUNCED or (word == "." and fewest == FEWEST_AFTER and not run)
            run, fewest = [], FEWEST_AFTER if announced else FEWEST
    return False


def _counted(run: Sequence[int]) -> bool:
    """One, two, three, or three, two, one."""
    steps = {after - before for before, after in itertools.pairwise(run) if (before, after) != (_LARGER, _LARGER)}
    return steps in ({1}, {-1})


@functools.cache
def _numbers() -> dict[str, int]:
    """Each word with its digit, or _LARGER."""
    listed = words.lines("numbers")
    return {word: _LARGER if line[0] == "+" else int(line[0]) for line in listed for word in line[1:]}
