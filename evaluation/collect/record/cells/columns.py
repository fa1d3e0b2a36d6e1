"""Stored cells become a column of one type, every different cell of it read once."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from evaluation.collect.record.entries import Cell
from evaluation.errors import StoreError
from evaluation.schema import CONSENTS, Field
from evaluation.texts import Message

Type = Literal["text", "date", "number", "yes/no", "consent"]
Places = np.ndarray[tuple[int, ...], np.dtype[np.intp]]

_TYPES: Mapping[str, Type] = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "date": "date",
    "yearmonth": "text",
    "boolean": "yes/no",
}

_TYPE_KEYS: Mapping[Type, Message] = {
    "text": Message("collect.record.text"),
    "date": Message("collect.record.date"),
    "number": Message("collect.record.number"),
    "yes/no": Message("collect.record.boolean"),
    "consent": Message("collect.record.boolean"),
}

TRUE, FALSE = ("true", "1", "yes", "tak"), ("false", "0", "no", "nie")


def type_of(field: Field) -> Type:
    """The type of the field's column."""
    # A consent that nobody recorded was not given: it is never missing, and never true by default.
    return "consent" if field.name in CONSENTS else _TYPES[field.type]


def column(cells: Sequence[Cell], kind: Type, *, where: str) -> Any:
    """An array with an element for each cell, NaN (NaT) for an empty one; ``where`` names the column.

    Dates are datetime64, numbers float64, text str, yes/no bool, or object where some are missing; a consent that is
    missing was not given. Raises StoreError for a cell that is none of its type.
    """
    distinct, places = coded(cells)
    return _array(distinct, kind, where=where).take(places)


def coded(cells: Sequence[Cell]) -> tuple[list[Cell], Places]:
    """The different cells, and at which of them each cell is; 1, 1.0 and True are equal and not the same."""
    distinct, places = _numbered(cells)
    if all(cell is None or type(cell) is str for cell in distinct):
        return distinct, places
    typed, places = _numbered([(type(cell), cell) for cell in cells])
    return [cell for _, cell in typed], places


def _numbered(cells: Sequence[Any]) -> tuple[list[Any], Places]:
    """The different cells in the order in which they come, and the number of each cell's among them."""
    number: defaultdict[Any, int] = defaultdict(itertools.count().__next__)
    places = np.fromiter(map(number.__getitem__, cells), np.intp, len(cells))
    return list(number), places


def _array(cells: Sequence[Cell], kind: Type, *, where: str) -> Any:
    kept = [None if cell == "" else cell for cell in cells]
    try:
        if kind == "date":
            dates = [None if cell is None else dt.date.fromisoformat(str(cell)) for cell in kept]
            return pd.to_datetime(pd.Series(dates, dtype="object")).astype("datetime64[us]").array
        if kind == "number":
            return pd.array([np.nan if cell is None else _number(cell) for cell in kept], dtype="float64")
        if kind == "text":
            return pd.array([np.nan if cell is None else text(cell) for cell in kept], dtype="str")
        given = [None if cell is None else _yes(cell) for cell in kept]
    except ValueError:
        raise StoreError("collect.record.cell", column=where, type=_TYPE_KEYS[kind]) from None
    if kind == "consent":
        return pd.array([bool(cell) for cell in given], dtype="bool")
    complete = None not in given
    return pd.Series([np.nan if cell is None else cell for cell in given], dtype="bool" if complete else "object").array


def _number(cell: Cell) -> float:
    number = float(str(cell))
    if not math.isfinite(number):
        raise ValueError
    return number


def _yes(cell: Cell) -> bool:
    word = str(cell).strip().lower()
    if word not in TRUE + FALSE:
        raise ValueError
    return word in TRUE


def text(cell: Cell) -> str:
    """A code as it is written in questionnaires: 4 and 4.0 are both ``4``."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
