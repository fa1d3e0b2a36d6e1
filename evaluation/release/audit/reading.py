"""The pieces of an ``sdc-audit/1`` document, each refused in a sentence where it cannot be understood."""

from __future__ import annotations

import difflib
import math
import numbers
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from evaluation.errors import BadDeclaration, Contradiction
from evaluation.release.audit.system import Limit, Number, Row


@dataclass(slots=True)
class Reading:
    """What was read so far: prints by id, ids by quantity, rows by statement."""

    document: Mapping[str, Any]
    printed: dict[str, Any] = field(default_factory=dict)
    where: dict[str, int] = field(default_factory=dict)
    members: list[list[str]] = field(default_factory=list)
    continuous: frozenset[str] = frozenset()
    rows: list[Row] = field(default_factory=list)
    facts: list[tuple[str, ...]] = field(default_factory=list)


def list_of(document: Mapping[str, Any], key: str) -> list[Any]:
    """The list at ``key``, empty where there is none."""
    value = document.get(key) or []
    if not isinstance(value, (list, tuple)):
        raise BadDeclaration("release.format.list", place=key)
    return list(value)


def mapping_of(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The mapping at ``key``, empty where there is none."""
    value = document.get(key) or {}
    if not isinstance(value, Mapping):
        raise BadDeclaration("release.format.mapping", place=key)
    return value


def is_number(value: Any) -> bool:
    """Whether a plain number stands there: no text, no null, not true or false."""
    return type(value) is int or (isinstance(value, numbers.Real) and not isinstance(value, bool))


def exact(value: Any, place: str) -> Number:
    """A JSON number as it is written: 28.6 is 286/10, not the nearest binary fraction."""
    if type(value) is int:  # nearly always
        return value
    if not is_number(value) or not math.isfinite(value):
        raise BadDeclaration("release.format.number", place=place)
    if isinstance(value, numbers.Integral):
        return int(value)
    written = value if isinstance(value, Fraction) else Fraction(str(float(value)))
    return int(written) if written.denominator == 1 else written


def interval(value: Any, place: str) -> tuple[Limit, Limit]:
    """A pair [lowest, highest]; null is an open end."""
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise BadDeclaration("release.format.pair", place=place)
    low, high = (None if end is None else exact(end, place) for end in value)
    if low is not None and high is not None and low > high:
        raise Contradiction("release.format.upside_down", place=place)
    return low, high


def known(reading: Reading, id: Any, place: str) -> str:
    """The id itself, if a cell or a hidden quantity has it."""
    if isinstance(id, str) and id in reading.printed:
        return id
    close = difflib.get_close_matches(str(id), list(reading.printed), n=1, cutoff=0.6)
    if close:
        raise BadDeclaration("release.format.unknown_id_near", place=place, id=str(id), near=close[0])
    raise BadDeclaration("release.format.unknown_id", place=place, id=str(id))
