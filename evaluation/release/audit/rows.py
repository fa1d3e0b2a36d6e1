"""Totals, printed percentages and printed means become rows with whole coefficients."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from evaluation.errors import BadDeclaration
from evaluation.release.audit.reading import Reading, exact, is_number, known
from evaluation.release.audit.system import Limit, Number, Row, divided


def _add(reading: Reading, terms: Iterable[tuple[str, Number]], low: Limit, high: Limit, fact: int) -> None:
    """Appends one row, scaled to whole numbers and, where all of it is whole, rounded inwards."""
    sums: dict[int, Number] = {}
    whole = True
    for id, coefficient in terms:
        index = reading.where[id]
        if reading.continuous:  # hardly ever
            whole = whole and reading.continuous.isdisjoint(reading.members[index])
        sums[index] = sums.get(index, 0) + coefficient
    kept = [(index, value) for index, value in sums.items() if value]
    ends = [] if whole else [end for end in (low, high) if end is not None]
    scale: Number = math.lcm(*(x.denominator for _, x in kept), *(x.denominator for x in ends))
    if whole and kept:
        scale = divided(scale, math.gcd(*(int(value * scale) for _, value in kept)))
    scaled = tuple((index, int(value * scale)) for index, value in kept)
    reading.rows.append(
        Row(
            scaled,
            None if low is None else math.ceil(low * scale),
            None if high is None else math.floor(high * scale),
            fact,
        )
    )


def _fact(reading: Reading, ids: Iterable[str]) -> int:
    reading.facts.append(tuple(dict.fromkeys(ids)))
    return len(reading.facts) - 1


def _pairs(reading: Reading, value: Any, place: str) -> list[tuple[str, Number]]:
    if not isinstance(value, (list, tuple)):
        raise BadDeclaration("release.audit.terms", place=place)
    terms = []
    for pair in value:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise BadDeclaration("release.audit.terms", place=place)
        terms.append((known(reading, pair[0], place), exact(pair[1], place)))
    return terms


def read_relation(reading: Reading, relation: Any, place: str) -> None:
    """One total or identity: a row."""
    if not isinstance(relation, Mapping):
        raise BadDeclaration("release.audit.no_terms", place=place)
    terms = _pairs(reading, relation.get("terms"), place)
    sense = relation.get("sense", "=")
    if sense not in ("=", "<=", ">="):
        raise BadDeclaration("release.format.sense", place=place)
    rhs = exact(relation.get("rhs", 0), place)
    fact = _fact(reading, (id for id, _ in terms))
    _add(reading, terms, None if sense == "<=" else rhs, None if sense == ">=" else rhs, fact)


def _rounded(entry: Any, place: str) -> tuple[Number, Number]:
    """The smallest and largest number that is printed as this value with these decimals."""
    if not isinstance(entry, Mapping):
        raise BadDeclaration("release.format.mapping", place=place)
    value, decimals = exact(entry.get("value"), place), entry.get("decimals")
    if not isinstance(decimals, int) or isinstance(decimals, bool):
        raise BadDeclaration("release.audit.decimals", place=place)
    half = Fraction(1, 2) / Fraction(10) ** decimals
    return value - half, value + half


def read_percentage(reading: Reading, share: Any, place: str) -> None:
    """A printed percentage: two rows, and somebody to divide by."""
    low, high = _rounded(share, place)
    part, whole = (known(reading, share.get(key), place) for key in ("num", "den"))
    fact = _fact(reading, (part, whole))
    _add(reading, [(part, 100), (whole, -low)], 0, None, fact)
    _add(reading, [(part, 100), (whole, -high)], None, 0, fact)
    nobody = is_number(reading.printed[whole]) and reading.printed[whole] == 0 and low < 0 < high
    if not nobody and not any(id in reading.continuous for id in (part, whole)):
        _add(reading, [(whole, 1)], 1, None, fact)  # there is no percentage of nobody


def read_mean(reading: Reading, mean: Any, place: str) -> None:
    """A printed mean of scores: two rows over the counts with each score, and somebody to divide by."""
    low, high = _rounded(mean, place)
    scores = _pairs(reading, mean.get("scores"), place)
    fact = _fact(reading, (id for id, _ in scores))
    _add(reading, [(id, score - low) for id, score in scores], 0, None, fact)
    _add(reading, [(id, score - high) for id, score in scores], None, 0, fact)
    if not any(id in reading.continuous for id, _ in scores):
        _add(reading, [(id, 1) for id, _ in scores], 1, None, fact)  # nor a mean of nobody
