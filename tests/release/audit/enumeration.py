"""All whole numbers that agree with a small document, one after another: the slow way to audit."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

Domains = Mapping[str, tuple[int, int]]  # every id, its lowest and highest value
Point = dict[str, int]

_HOLDS = {"=": lambda a, b: a == b, "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b}


def solutions(document: Mapping[str, Any], domains: Domains) -> Iterator[Point]:
    """Every assignment inside ``domains`` that all statements of ``document`` allow."""
    statements = list(_statements(document))
    for values in itertools.product(*(range(low, high + 1) for low, high in domains.values())):
        point = dict(zip(domains, values, strict=True))
        if all(holds(point) for holds in statements):
            yield point


def _statements(document: Mapping[str, Any]) -> Iterator[Callable[[Point], bool]]:
    for ids in document.get("equal", []):
        yield lambda point, ids=ids: len({point[id] for id in ids}) == 1
    for relation in document.get("relations", []):
        yield _relation(relation)
    for share in document.get("percentages", []):
        yield lambda point, share=share: _percentage(point, share)
    for mean in document.get("means", []):
        yield lambda point, mean=mean: _mean(point, mean)


def _relation(relation: Mapping[str, Any]) -> Callable[[Point], bool]:
    terms = [(id, Fraction(str(factor))) for id, factor in relation["terms"]]
    rhs = Fraction(str(relation.get("rhs", 0)))
    scale = math.lcm(rhs.denominator, *(factor.denominator for _, factor in terms))
    whole, total = [(id, int(factor * scale)) for id, factor in terms], int(rhs * scale)
    compare = _HOLDS[relation.get("sense", "=")]
    return lambda point: compare(sum(factor * point[id] for id, factor in whole), total)


def _rounds(value: Fraction, printed: Mapping[str, Any]) -> bool:
    """Half up or half even: at a tie both neighbours may have been printed."""
    return abs(value - Fraction(str(printed["value"]))) * 2 * 10 ** printed["decimals"] <= 1


def _percentage(point: Point, share: Mapping[str, Any]) -> bool:
    base = point[share["den"]]
    return base > 0 and _rounds(Fraction(100 * point[share["num"]], base), share)


def _mean(point: Point, mean: Mapping[str, Any]) -> bool:
    people = sum(point[id] for id, _ in mean["scores"])
    total = sum(score * point[id] for id, score in mean["scores"])
    return people > 0 and _rounds(Fraction(total, people), mean)


def ends(found: list[Point]) -> dict[str, list[int]]:
    """Smallest and largest value of each id over all ``found``."""
    return {id: [min(p[id] for p in found), max(p[id] for p in found)] for id in found[0]}
