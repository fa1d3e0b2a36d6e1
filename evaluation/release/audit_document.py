"""An ``sdc-audit/1`` document becomes unknowns with bounds and rows with whole coefficients."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from evaluation.errors import BadDeclaration, Contradiction

Number = int | Fraction
Limit = Number | None
"""One end of an interval; None where it is open."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One unknown or printed number: all ids that show it, and what its own print and bounds allow."""

    ids: tuple[str, ...]
    low: Limit
    high: Limit
    continuous: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """``low <= sum(coefficient * quantity) <= high``; ``fact`` is the printed statement it comes from."""

    terms: tuple[tuple[int, int], ...]  # (index of the quantity, coefficient other than 0)
    low: int | None
    high: int | None
    fact: int


@dataclass(frozen=True, slots=True)
class System:
    """Everything that a reader of the document knows, without any true value."""

    quantities: tuple[Quantity, ...]
    rows: tuple[Row, ...]
    facts: tuple[tuple[str, ...], ...]  # the ids that each statement ties together
    where: Mapping[str, int]  # index of the quantity of an id
    unknown: tuple[str, ...]  # ids that are not printed as a plain number, in the document's order
    sensitive: Mapping[str, tuple[Limit, Limit]]


@dataclass(slots=True)
class _Reading:
    document: Mapping[str, Any]
    printed: dict[str, Any] = field(default_factory=dict)
    where: dict[str, int] = field(default_factory=dict)
    members: list[list[str]] = field(default_factory=list)
    continuous: frozenset[str] = frozenset()
    rows: list[Row] = field(default_factory=list)
    facts: list[tuple[str, ...]] = field(default_factory=list)


def read_system(document: Mapping[str, Any]) -> System:
    """The unknowns and rows of ``document`` (parsed JSON in the format ``sdc-audit/1``).

    Equal ids become one quantity. Printed numbers are quantities whose bounds are that number. A
    percentage or mean was rounded up or down, nobody knows which way at a tie, so both ends are in.

    Raises BadDeclaration for what cannot be understood, Contradiction for an id that is given twice,
    for one quantity printed with two values and for a print outside its bounds.
    """
    if not isinstance(document, Mapping) or document.get("format") != "sdc-audit/1":
        raise BadDeclaration('The document to audit needs "format": "sdc-audit/1" at its top.')
    reading = _Reading(document)
    groups = _read_cells(reading)
    reading.continuous = frozenset(_known(reading, id, "continuous") for id in _list(document, "continuous"))
    _join_equal(reading, groups)
    quantities = _read_bounds(reading)
    for position, relation in enumerate(_list(document, "relations"), 1):
        _read_relation(reading, relation, f"relation {position}")
    for position, share in enumerate(_list(document, "percentages"), 1):
        _read_percentage(reading, share, f"percentage {position}")
    for position, mean in enumerate(_list(document, "means"), 1):
        _read_mean(reading, mean, f"mean {position}")
    sensitive = {
        _known(reading, id, "sensitive"): _interval(value, f"'sensitive' of {id}")
        for id, value in _mapping(document, "sensitive").items()
    }
    unknown = tuple(id for id, value in reading.printed.items() if not _is_number(value))
    return System(tuple(quantities), tuple(reading.rows), tuple(reading.facts), reading.where, unknown, sensitive)


def _list(document: Mapping[str, Any], key: str) -> list[Any]:
    value = document.get(key) or []
    if not isinstance(value, (list, tuple)):
        raise BadDeclaration(f"'{key}' of the document to audit needs a list.")
    return list(value)


def _mapping(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = document.get(key) or {}
    if not isinstance(value, Mapping):
        raise BadDeclaration(f"'{key}' of the document to audit needs a mapping.")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Fraction)) and not isinstance(value, bool)


def _exact(value: Any, place: str) -> Number:
    """A JSON number as it is written: 28.6 is 286/10, not the nearest binary fraction."""
    if not _is_number(value) or (isinstance(value, float) and not math.isfinite(value)):
        raise BadDeclaration(f"{place} of the document to audit needs a number.")
    exact = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    return int(exact) if exact.denominator == 1 else exact


def _interval(value: Any, place: str) -> tuple[Limit, Limit]:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise BadDeclaration(f"{place} of the document to audit needs two numbers, [lowest, highest].")
    low, high = (None if end is None else _exact(end, place) for end in value)
    if low is not None and high is not None and low > high:
        raise Contradiction(f"{place} has a lowest number above its highest; write the lower one first.")
    return low, high


def _known(reading: _Reading, id: Any, place: str) -> str:
    if isinstance(id, str) and id in reading.printed:
        return id
    close = difflib.get_close_matches(str(id), list(reading.printed), n=1, cutoff=0.6)
    hint = f"did you mean '{close[0]}'?" if close else "add it to 'tables' or 'hidden'."
    raise BadDeclaration(f"The {place} of the document to audit names '{id}', which is no cell; {hint}")


def _read_cells(reading: _Reading) -> dict[Any, list[str]]:
    """Notes what each id prints; the answer groups ids by population, release and codes."""
    groups: dict[Any, list[str]] = {}
    for table in _list(reading.document, "tables"):
        if not isinstance(table, Mapping):
            raise BadDeclaration("Each of the 'tables' to audit needs a mapping with 'cells'.")
        for cell in _list(table, "cells"):
            id = _read_cell(reading, cell, hidden=False)
            at = cell.get("at")
            if isinstance(at, Mapping):
                codes = tuple(sorted((str(key), str(code)) for key, code in at.items()))
                whose = (str(table.get("population") or ""), str(table.get("release") or ""))
                groups.setdefault((*whose, codes), []).append(id)
    for cell in _list(reading.document, "hidden"):
        _read_cell(reading, cell, hidden=True)
    return groups


def _read_cell(reading: _Reading, cell: Any, *, hidden: bool) -> str:
    if not isinstance(cell, Mapping) or not isinstance(cell.get("id"), str):
        raise BadDeclaration("Each cell and each hidden quantity to audit needs an 'id' that is text.")
    id = str(cell["id"])
    if id in reading.printed:
        raise Contradiction(f"The cell '{id}' is given twice; keep one of them.")
    value = None if hidden else cell.get("value")  # a hidden value is nobody's to read
    if value is not None and not _is_number(value) and not isinstance(value, (list, tuple)):
        raise BadDeclaration(f"The value of '{id}' needs a number, [lowest, highest] or null.")
    reading.printed[id] = value
    return id


def _join_equal(reading: _Reading, groups: Mapping[Any, list[str]]) -> None:
    lists = [list(ids) for ids in groups.values()] if reading.document.get("auto_equal") is True else []
    for ids in _list(reading.document, "equal"):
        if not isinstance(ids, (list, tuple)):
            raise BadDeclaration("'equal' of the document to audit needs lists of ids.")
        lists.append([_known(reading, id, "'equal'") for id in ids])
    leader = {id: id for id in reading.printed}

    def find(id: str) -> str:
        while leader[id] != id:
            leader[id] = leader[leader[id]]
            id = leader[id]
        return id

    for ids in lists:
        for other in ids[1:]:
            leader[find(other)] = find(ids[0])
    position: dict[str, int] = {}
    for id in reading.printed:
        index = position.setdefault(find(id), len(position))
        if index == len(reading.members):
            reading.members.append([])
        reading.members[index].append(id)
        reading.where[id] = index


def _read_bounds(reading: _Reading) -> list[Quantity]:
    bounds = _mapping(reading.document, "bounds")
    named = {
        _known(reading, id, "'bounds'"): _interval(value, f"'bounds' of {id}")
        for id, value in bounds.items()
        if id != "default"
    }
    default = _interval(bounds.get("default", (0, None)), "'bounds' default")
    return [_quantity(reading, ids, named, default) for ids in reading.members]


def _quantity(
    reading: _Reading, ids: list[str], named: Mapping[str, tuple[Limit, Limit]], default: tuple[Limit, Limit]
) -> Quantity:
    continuous = any(id in reading.continuous for id in ids)
    prints = [(id, _print(reading.printed[id], id, continuous)) for id in ids]
    low, high = _meet(interval for _, interval in prints)
    if low is not None and high is not None and low > high:
        which = " and ".join(f"'{id}'" for id, interval in prints if interval != (None, None))
        raise Contradiction(f"{which} are the same quantity but are printed as different numbers.")
    known = [named[id] for id in ids if id in named] or [default]
    low, high = _meet([(low, high), *known])
    if not continuous:
        low, high = (None if low is None else math.ceil(low)), (None if high is None else math.floor(high))
    if low is not None and high is not None and low > high:
        raise Contradiction(f"What is printed for '{ids[0]}' lies outside the bounds of that quantity.")
    return Quantity(tuple(ids), low, high, continuous)


def _print(value: Any, id: str, continuous: bool) -> tuple[Limit, Limit]:
    if value is None:
        return None, None
    if not _is_number(value):
        return _interval(value, f"the value of '{id}'")
    number = _exact(value, f"the value of '{id}'")
    if not continuous and isinstance(number, Fraction):
        raise BadDeclaration(f"The value of '{id}' is not whole; list it in 'continuous' or correct it.")
    return number, number


def _meet(intervals: Iterable[tuple[Limit, Limit]]) -> tuple[Limit, Limit]:
    pairs = list(intervals)
    lows = [low for low, _ in pairs if low is not None]
    highs = [high for _, high in pairs if high is not None]
    return max(lows, default=None), min(highs, default=None)


def _add(reading: _Reading, terms: Iterable[tuple[str, Number]], low: Limit, high: Limit, fact: int) -> None:
    """Appends one row, scaled to whole numbers and, where all of it is whole, rounded inwards."""
    sums: dict[int, Fraction] = {}
    whole = True
    for id, coefficient in terms:
        index = reading.where[id]
        whole = whole and not any(member in reading.continuous for member in reading.members[index])
        sums[index] = sums.get(index, Fraction(0)) + coefficient
    kept = [(index, value) for index, value in sums.items() if value]
    ends = [] if whole else [Fraction(end) for end in (low, high) if end is not None]
    scale = Fraction(math.lcm(*(x.denominator for _, x in kept), *(x.denominator for x in ends)))
    if whole and kept:
        scale /= math.gcd(*(int(value * scale) for _, value in kept))
    scaled = tuple((index, int(value * scale)) for index, value in kept)
    reading.rows.append(
        Row(
            scaled,
            None if low is None else math.ceil(low * scale),
            None if high is None else math.floor(high * scale),
            fact,
        )
    )


def _fact(reading: _Reading, ids: Iterable[str]) -> int:
    reading.facts.append(tuple(dict.fromkeys(ids)))
    return len(reading.facts) - 1


def _pairs(reading: _Reading, value: Any, place: str) -> list[tuple[str, Number]]:
    if not isinstance(value, (list, tuple)):
        raise BadDeclaration(f"The {place} of the document to audit needs a list of [id, number].")
    found = []
    for pair in value:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise BadDeclaration(f"The {place} of the document to audit needs a list of [id, number].")
        found.append((_known(reading, pair[0], place), _exact(pair[1], f"The {place}")))
    return found


def _read_relation(reading: _Reading, relation: Any, place: str) -> None:
    if not isinstance(relation, Mapping):
        raise BadDeclaration(f"The {place} of the document to audit needs 'terms'.")
    terms = _pairs(reading, relation.get("terms"), place)
    sense = relation.get("sense", "=")
    if sense not in ("=", "<=", ">="):
        raise BadDeclaration(f"The {place} of the document to audit needs a 'sense' of =, <= or >=.")
    rhs = _exact(relation.get("rhs", 0), f"The {place}")
    fact = _fact(reading, (id for id, _ in terms))
    _add(reading, terms, None if sense == "<=" else rhs, None if sense == ">=" else rhs, fact)


def _rounded(entry: Any, place: str) -> tuple[Number, Number]:
    """The smallest and largest number that is printed as this value with these decimals."""
    if not isinstance(entry, Mapping):
        raise BadDeclaration(f"The {place} of the document to audit needs a mapping.")
    value, decimals = _exact(entry.get("value"), f"The {place}"), entry.get("decimals")
    if not isinstance(decimals, int) or isinstance(decimals, bool):
        raise BadDeclaration(f"The {place} of the document to audit needs 'decimals', a whole number.")
    half = Fraction(1, 2) / Fraction(10) ** decimals
    return value - half, value + half


def _read_percentage(reading: _Reading, share: Any, place: str) -> None:
    low, high = _rounded(share, place)
    part, whole = (_known(reading, share.get(key), place) for key in ("num", "den"))
    fact = _fact(reading, (part, whole))
    _add(reading, [(part, 100), (whole, -low)], 0, None, fact)
    _add(reading, [(part, 100), (whole, -high)], None, 0, fact)
    nobody = _is_number(reading.printed[whole]) and reading.printed[whole] == 0 and low < 0 < high
    if not nobody and not any(id in reading.continuous for id in (part, whole)):
        _add(reading, [(whole, 1)], 1, None, fact)  # there is no percentage of nobody


def _read_mean(reading: _Reading, mean: Any, place: str) -> None:
    low, high = _rounded(mean, place)
    scores = _pairs(reading, mean.get("scores"), place)
    fact = _fact(reading, (id for id, _ in scores))
    _add(reading, [(id, score - low) for id, score in scores], 0, None, fact)
    _add(reading, [(id, score - high) for id, score in scores], None, 0, fact)
    if not any(id in reading.continuous for id, _ in scores):
        _add(reading, [(id, 1) for id, _ in scores], 1, None, fact)  # nor a mean of nobody
