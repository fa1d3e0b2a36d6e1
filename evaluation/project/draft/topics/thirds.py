"""The thirds of a scale, and the least and the greatest score that answers can give in each."""

from __future__ import annotations

import math
from collections.abc import Collection

from evaluation.release.printed.points import Ends
from evaluation.schema import Instrument, Item, Scale

_FINE = 10**6  # ends are told to so fine a part of a point, outwards beyond what computing blurs
_BLUR = 1e-3


def third(score: float, scale: Scale) -> str:
    """A score at an edge is in the upper third."""
    share = (score - scale.minimum) / scale.range
    return "low" if share < 1 / 3 else "middle" if share < 2 / 3 else "high"


def ends(scale: Scale, instrument: Instrument) -> Ends:
    """The least and greatest score in each third, in points above the least; () where that is not known.

    Whoever knows that scores are whole knows that nobody stands right below an edge.
    """
    scores = attainable(scale, instrument)
    found = []
    for number, code in enumerate(("low", "middle", "high")):
        some = [score - scale.minimum for score in scores if third(score, scale) == code]
        least, greatest = (min(some), max(some)) if some else (scale.range * number / 3, scale.range * (number + 1) / 3)
        found.append((math.floor(least * _FINE + _BLUR) / _FINE, math.ceil(greatest * _FINE - _BLUR) / _FINE))
    return tuple(found) if scores else ()


def attainable(scale: Scale, instrument: Instrument) -> Collection[float]:
    """Every score that answers can give, as measure/points.py computes it; none where that is not known."""
    passed_over = {scale.minimum} if scale.gate else set[float]()
    if scale.transform == "lookup":
        return passed_over | {points * scale.factor for table in scale.lookup for points in table.points}
    numbers = [_numbers(instrument.item(name)) for name in scale.items]
    if scale.transform == "goal_attainment" or not numbers or not all(numbers):
        return ()
    lowest, times = min(map(min, numbers)), len(numbers) if scale.transform == "sum" else 1
    sums = [1] + [0] * len(numbers)  # by how many are answered; a bit for each sum, from so many times the lowest on
    for some in numbers:
        for answered in reversed(range(len(numbers))):
            for number in some:
                sums[answered + 1] |= sums[answered] << (number - lowest)
    return passed_over | {
        (answered * lowest + above) * (times * scale.factor) / answered
        for answered in range(max(scale.minimum_answered, 1), len(numbers) + 1)
        for above in range(sums[answered].bit_length())
        if sums[answered] >> above & 1
    }


def _numbers(item: Item) -> Collection[int]:
    """The numbers that an answer can be, reversed by key; none where they may be other than whole."""
    if item.low is None or item.high is None or not (item.low.is_integer() and item.high.is_integer()):
        return ()
    low, high = int(item.low), int(item.high)
    if item.kind == "integer":
        return range(low, high + 1)
    codes = [choice.name for choice in item.choices if choice.name not in item.missing]
    if item.kind != "select_one" or not all(code.lstrip("-").isdecimal() for code in codes):
        return ()
    return {low + high - int(code) if item.key < 0 else int(code) for code in codes}
