"""Cells and hidden quantities become unknowns with bounds; equal ones become one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from evaluation.errors import BadDeclaration, Contradiction
from evaluation.release.audit.reading import Reading, exact, interval, is_number, known, list_of, mapping_of
from evaluation.release.audit.system import Limit, Quantity, tied
from evaluation.texts import quoted


def read_cells(reading: Reading) -> dict[Any, list[str]]:
    """Notes what each id prints; the answer groups ids by population, release and codes."""
    groups: dict[Any, list[str]] = {}
    for table in list_of(reading.document, "tables"):
        if not isinstance(table, Mapping):
            raise BadDeclaration("release.audit.tables")
        for cell in list_of(table, "cells"):
            id = _read_cell(reading, cell, hidden=False)
            at = cell.get("at")
            if isinstance(at, Mapping):
                codes = tuple(sorted((str(key), str(code)) for key, code in at.items()))
                whose = (str(table.get("population") or ""), str(table.get("release") or ""))
                groups.setdefault((*whose, codes), []).append(id)
    for cell in list_of(reading.document, "hidden"):
        _read_cell(reading, cell, hidden=True)
    return groups


def _read_cell(reading: Reading, cell: Any, *, hidden: bool) -> str:
    if not isinstance(cell, Mapping) or not isinstance(cell.get("id"), str):
        raise BadDeclaration("release.format.cell_id")
    id = str(cell["id"])
    if id in reading.printed:
        raise Contradiction("release.format.twice", id=id)
    value = None if hidden else cell.get("value")  # a hidden value is nobody's to read
    if value is not None and not is_number(value) and not isinstance(value, (list, tuple)):
        raise BadDeclaration("release.format.value", id=id)
    reading.printed[id] = value
    return id


def join_equal(reading: Reading, groups: Mapping[Any, list[str]]) -> None:
    """Ids of one quantity get one index: those listed as equal, and with ``auto_equal`` each group."""
    lists = [list(ids) for ids in groups.values()] if reading.document.get("auto_equal") is True else []
    for ids in list_of(reading.document, "equal"):
        if not isinstance(ids, (list, tuple)):
            raise BadDeclaration("release.audit.equal")
        lists.append([known(reading, id, "equal") for id in ids])
    place = {id: at for at, id in enumerate(reading.printed)}
    leader = tied(len(place), ([place[id] for id in ids] for ids in lists))
    position: dict[int, int] = {}
    for id, lead in zip(reading.printed, leader, strict=True):
        index = position.setdefault(lead, len(position))
        if index == len(reading.members):
            reading.members.append([])
        reading.members[index].append(id)
        reading.where[id] = index


def read_bounds(reading: Reading) -> list[Quantity]:
    """What prints and bounds allow each quantity; an id's own bounds replace the default."""
    bounds = mapping_of(reading.document, "bounds")
    named = {
        known(reading, id, "bounds"): interval(value, f"bounds: {id}")
        for id, value in bounds.items()
        if id != "default"
    }
    default = interval(bounds.get("default", (0, None)), "bounds: default")
    return [_quantity(reading, ids, named, default) for ids in reading.members]


def _quantity(
    reading: Reading, ids: list[str], named: Mapping[str, tuple[Limit, Limit]], default: tuple[Limit, Limit]
) -> Quantity:
    continuous = any(id in reading.continuous for id in ids)
    prints = [(id, _print(reading.printed[id], id, continuous)) for id in ids]
    low, high = _meet(ends for _, ends in prints)
    if low is not None and high is not None and low > high:
        raise Contradiction(
            "release.audit.printed_differently", names=[quoted(id) for id, ends in prints if ends != (None, None)]
        )
    known_before = [named[id] for id in ids if id in named] or [default]
    low, high = _meet([(low, high), *known_before])
    if not continuous:
        low, high = (None if low is None else math.ceil(low)), (None if high is None else math.floor(high))
    if low is not None and high is not None and low > high:
        raise Contradiction("release.audit.outside_bounds", id=ids[0])
    return Quantity(tuple(ids), low, high, continuous)


def _print(value: Any, id: str, continuous: bool) -> tuple[Limit, Limit]:
    if value is None:
        return None, None
    if not is_number(value):
        return interval(value, f"value: {id}")
    number = exact(value, f"value: {id}")
    if not continuous and isinstance(number, Fraction):
        raise BadDeclaration("release.audit.not_whole", id=id)
    return number, number


def _meet(intervals: Iterable[tuple[Limit, Limit]]) -> tuple[Limit, Limit]:
    pairs = list(intervals)
    lows = [low for low, _ in pairs if low is not None]
    highs = [high for _, high in pairs if high is not None]
    return max(lows, default=None), min(highs, default=None)
