"""A document of format `sdc-audit/1` becomes a linear system, or the sentence why it cannot."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evaluation.errors import BadDeclaration, Contradiction, Infeasible
from evaluation.release.suppress.system import TOLERANCE, Bools, Demand, Floats, Row, System, some, tied
from evaluation.texts import Message


def read_system(document: Mapping[str, Any]) -> System:
    """The linear system of a document of format `sdc-audit/1`.

    Raises BadDeclaration (not that format), Contradiction (duplicate or negative cells, totals that do
    not add up) and Infeasible (a quantity that must be published and hidden at once).
    """
    if not isinstance(document, Mapping) or document.get("format") != "sdc-audit/1":
        raise BadDeclaration("release.format.version")
    try:
        return _system(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadDeclaration("release.format.unlike", fault=f"{type(error).__name__}: {error}") from error


@dataclass(frozen=True, slots=True)
class _Cell:
    id: str
    where: tuple[Any, ...]
    value: Any
    weight: int


@dataclass(frozen=True, slots=True)
class _Names:
    """Which cells are the same quantity: ``groups`` of ids, and the group of each id."""

    groups: tuple[tuple[str, ...], ...]
    members: Mapping[str, int]

    def at(self, name: Any, where: str) -> int:
        if not isinstance(name, str) or name not in self.members:
            raise BadDeclaration("release.format.unknown_id", place=where, id=str(name))
        return self.members[name]

    def flags(self, document: Mapping[str, Any], key: str) -> Bools:
        marked = np.zeros(len(self.groups), dtype=np.bool_)
        marked[[self.at(name, key) for name in _list(document, key)]] = True
        return marked


def _system(document: Mapping[str, Any]) -> System:
    cells = _cells(document)
    names = _names(document, cells)
    low, high = _bounds(document, names)
    integer = ~names.flags(document, "continuous")
    shown_low, shown_high, printed = low.copy(), high.copy(), np.zeros(len(low), dtype=np.bool_)
    truth, weight = np.full(len(low), math.nan), np.zeros(len(low), dtype=np.int64)
    has_value = printed.copy()
    for cell in [*cells, *_list(document, "hidden")]:
        shown = isinstance(cell, _Cell)
        name, value = (cell.id, cell.value) if shown else (cell["id"], cell.get("value"))
        q = names.members[name]
        if shown:
            printed[q], weight[q] = True, max(weight[q], cell.weight)
        if value is None:
            continue
        least, most = _interval(value, name, whole=bool(integer[q]))
        _check_inside(name, (least, most), (low[q], high[q]))
        if shown:
            has_value[q] = True
            shown_low[q], shown_high[q] = max(shown_low[q], least), min(shown_high[q], most)
        if least == most:
            if not math.isnan(truth[q]) and truth[q] != least:
                raise _unequal(names.groups[q])
            truth[q] = least
    for q in np.flatnonzero((shown_low > shown_high) | (truth < shown_low) | (truth > shown_high)).tolist():
        raise _unequal(names.groups[q])
    closed, suppressed = names.flags(document, "must_publish"), names.flags(document, "must_suppress")
    _refuse_impossible(names, closed, suppressed, has_value)
    # An earlier range stays known although what is behind it stays hidden.
    ranged = suppressed & has_value & (shown_low < shown_high)
    return System(
        ids=tuple(group[0] for group in names.groups),
        members=names.members,
        low=np.where(ranged, shown_low, low),
        high=np.where(ranged, shown_high, high),
        shown_low=shown_low,
        shown_high=shown_high,
        truth=truth,
        weight=weight,
        integer=integer,
        printed=printed,
        open=suppressed | ~has_value,
        ranged=ranged,
        closed=closed,
        rows=_rows(document, names, truth),
        demands=_demands(document, names, integer),
    )


def _cells(document: Mapping[str, Any]) -> list[_Cell]:
    cells: list[_Cell] = []
    for table in _list(document, "tables"):
        seen: dict[Any, str] = {}
        for cell in _list(table, "cells"):
            name, weight = cell.get("id"), cell.get("weight", 1)
            if not isinstance(name, str):
                raise BadDeclaration("release.suppress.no_id", table=str(table.get("id")))
            at = frozenset((cell.get("at") or {}).items())
            if at in seen and cell.get("at") is not None:
                raise Contradiction(
                    "release.suppress.same_cell", first=seen[at], second=name, table=str(table.get("id"))
                )
            seen[at] = name
            if isinstance(weight, bool) or not isinstance(weight, int) or weight < 0:
                raise BadDeclaration("release.suppress.weight", name=name)
            where = (table.get("population", document.get("population")), table.get("release"), at)
            cells.append(_Cell(name, where, cell.get("value"), weight))
    return cells


def _names(document: Mapping[str, Any], cells: Sequence[_Cell]) -> _Names:
    names = [*(cell.id for cell in cells), *(str(entry["id"]) for entry in _list(document, "hidden"))]
    places: dict[str, int] = {}
    for name in names:
        if name in places:
            raise Contradiction("release.format.twice", id=name)
        places[name] = len(places)
    single = _Names(tuple((name,) for name in names), places)
    alike: dict[Any, list[str]] = {}
    if document.get("auto_equal"):
        for cell in cells:
            alike.setdefault(cell.where, []).append(cell.id)
    equal = [[single.at(name, "equal") for name in group] for group in [*_list(document, "equal"), *alike.values()]]
    groups: dict[int, list[str]] = {}
    for name, lead in zip(names, tied(len(names), equal), strict=True):
        groups.setdefault(lead, []).append(name)
    return _Names(
        groups=tuple(tuple(group) for group in groups.values()),
        members={name: place for place, group in enumerate(groups.values()) for name in group},
    )


def _unequal(group: Sequence[str]) -> Contradiction:
    return Contradiction("release.suppress.unequal", names=some(group))


def _check_inside(name: str, value: tuple[float, float], bounds: tuple[float, float]) -> None:
    if value[1] < 0 <= bounds[0]:
        raise Contradiction("release.suppress.negative", name=name)
    if value[1] < bounds[0] - TOLERANCE or value[0] > bounds[1] + TOLERANCE:
        raise Contradiction("release.suppress.outside_bounds", name=name)


def _refuse_impossible(names: _Names, closed: Bools, suppressed: Bools, has_value: Bools) -> None:
    for q in np.flatnonzero(closed & (suppressed | ~has_value)).tolist():
        name = names.groups[q][0]
        if suppressed[q]:
            raise Infeasible("release.suppress.published_suppressed", name=name)
        raise Infeasible("release.suppress.published_empty", name=name)


def _bounds(document: Mapping[str, Any], names: _Names) -> tuple[Floats, Floats]:
    given = dict(document.get("bounds") or {})
    default = _pair(given.pop("default", [0, None]), "bounds: default")
    low, high = (np.full(len(names.groups), end) for end in default)
    seen: set[int] = set()
    for name, pair in given.items():
        q, (least, most) = names.at(name, "bounds"), _pair(pair, f"bounds: {name}")
        low[q] = max(low[q], least) if q in seen else least
        high[q] = min(high[q], most) if q in seen else most
        seen.add(q)
        if low[q] > high[q]:
            raise Contradiction("release.suppress.empty_bounds", name=name)
    return low, high


def _rows(document: Mapping[str, Any], names: _Names, truth: Floats) -> tuple[Row, ...]:
    """Rows that the intruder knows; percentages that leave with their counts are only checked."""
    rows = [_relation(relation, names) for relation in _list(document, "relations")]
    checked: list[Row] = []
    for entry in _list(document, "percentages"):
        if entry.get("value") is not None:
            name = Message("release.suppress.percentage", part=str(entry["num"]), whole=str(entry["den"]))
            top, bottom = names.at(entry["num"], "percentages"), names.at(entry["den"], "percentages")
            pair = _ratio([(top, 100.0)], [bottom], entry, truth, name)
            (rows if entry.get("must_publish") else checked).extend(pair)
    for entry in _list(document, "means"):
        if entry.get("value") is not None:
            name = Message("release.suppress.mean", names=some([str(n) for n, _ in entry["scores"]]))
            top_terms = [(names.at(n, "means"), _number(s, "means: scores")) for n, s in entry["scores"]]
            rows += _ratio(top_terms, [q for q, _ in top_terms], entry, truth, name)
    for row in [*rows, *checked]:
        if not row.holds(truth):
            raise Contradiction("release.suppress.impossible", row=row.name)
    return tuple(rows)


def _relation(relation: Mapping[str, Any], names: _Names) -> Row:
    sense, rhs = relation.get("sense", "="), _number(relation.get("rhs", 0), "relations: rhs")
    if sense not in ("=", "<=", ">="):
        raise BadDeclaration("release.format.sense", place="relations")
    terms = [(names.at(n, "relations"), _number(c, "relations: terms")) for n, c in relation["terms"]]
    name = Message("release.suppress.relation", names=some([str(n) for n, _ in relation["terms"]]))
    return _row(terms, -math.inf if sense == "<=" else rhs, math.inf if sense == ">=" else rhs, name)


def _row(terms: Iterable[tuple[int, float]], low: float, high: float, name: Message) -> Row:
    total: dict[int, float] = {}
    for q, coefficient in terms:
        total[q] = total.get(q, 0.0) + coefficient
    kept = {q: coefficient for q, coefficient in total.items() if coefficient != 0.0}
    return Row(tuple(kept), tuple(kept.values()), low, high, name)


def _ratio(
    top: Sequence[tuple[int, float]],
    bottom: Sequence[int],
    entry: Mapping[str, Any],
    truth: Floats,
    name: Message,
) -> list[Row]:
    """|top/bottom - printed| <= half a unit of the last digit, as two rows of whole coefficients.

    An intruder who knows the rounding rule can exclude an end of the interval, so an end is let in
    only where the true value lies on it or is not known.
    """
    scale = 10 ** int(entry.get("decimals", 0))
    printed = round(_number(entry["value"], "value") * scale)
    whole = all(float(score).is_integer() for _, score in top)
    rows: list[Row] = []
    for end in (-1, 1):
        terms = [(q, 2.0 * scale * score) for q, score in top]
        terms += [(q, -float(2 * printed + end)) for q in bottom]
        total = math.fsum(c * truth[q] for q, c in terms)
        inside = 1.0 if whole and abs(total) > TOLERANCE else 0.0  # NaN: the unknown may lie on the end
        low, high = (-math.inf, -inside) if end == 1 else (inside, math.inf)
        rows.append(replace(_row(terms, low, high, name), ratio=True))
    return rows


def _demands(document: Mapping[str, Any], names: _Names, integer: Bools) -> tuple[Demand, ...]:
    demands: list[Demand] = []
    for name, pair in (document.get("sensitive") or {}).items():
        place = f"sensitive: {name}"
        q, (low, high) = names.at(name, "sensitive"), _pair(pair, place)
        if low > high:
            raise BadDeclaration("release.format.upside_down", place=place)
        for side, target in ((1, high), (-1, -low)):
            if math.isfinite(target):
                demands.append(Demand(q, side, float(math.ceil(target) if integer[q] else target)))
    return tuple(demands)


def _list(holder: Mapping[str, Any], key: str) -> Sequence[Any]:
    items = holder.get(key) or ()
    if not isinstance(items, Sequence) or isinstance(items, str):
        raise BadDeclaration("release.format.list", place=key)
    return items


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadDeclaration("release.format.number", place=name)
    return float(value)


def _pair(pair: Any, name: str) -> tuple[float, float]:
    if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
        raise BadDeclaration("release.format.pair", place=name)
    low = -math.inf if pair[0] is None else _number(pair[0], name)
    return low, math.inf if pair[1] is None else _number(pair[1], name)


def _interval(value: Any, name: str, *, whole: bool) -> tuple[float, float]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        low, high = _pair(value, f"value: {name}")
        if low > high:
            raise Contradiction("release.format.upside_down", place=f"value: {name}")
        return low, high
    number = _number(value, f"value: {name}")
    if whole and not number.is_integer():
        raise Contradiction("release.suppress.not_whole", name=name)
    return number, number
