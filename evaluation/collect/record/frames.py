"""What the record says today as the frames that measuring works on."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import itertools
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from evaluation import descriptors
from evaluation.codec import nearest
from evaluation.collect.access.keys import DataKey
from evaluation.collect.record.alike import lines
from evaluation.collect.record.entries import Cell
from evaluation.collect.record.replay import Content, Row, uncollected
from evaluation.collect.record.store import Store
from evaluation.errors import StoreError
from evaluation.schema import CONSENTS, Field, Instrument, Item, Table
from evaluation.texts import Message

Type = Literal["text", "date", "number", "yes/no", "consent"]
Columns = Mapping[str, Type]
Places = np.ndarray[tuple[int, ...], np.dtype[np.intp]]

_ANSWERS: Columns = {
    "participant": "text",
    "wave": "text",
    "date": "date",
    "instrument": "text",
    "version": "text",
    "item": "text",
    "value": "text",
    "state": "text",
}

_TYPES: Mapping[str, Type] = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "date": "date",
    "yearmonth": "text",
    "boolean": "yes/no",
}

_FILLED: Columns = {
    "participant": "text",
    "wave": "text",
    "instrument": "text",
    "version": "text",
    "date": "date",
    "recorded_on": "date",
}

QUESTIONNAIRES = "questionnaires"
"""The frame that says of each filled questionnaire how it came about."""

_LATER_TABLES = ("goals", "referrals", "tallies")
_LATER_COLUMNS: Mapping[str, Sequence[str]] = {
    "participants": ("identification", "guardian_consent", "consented_on", "paper_at"),
    "sessions": ("minutes", "kind"),
    QUESTIONNAIRES: ("mode", "language", "interpreter", "filled_by"),
}
"""What the schema has gained since the first records: it counts in their fingerprint only where it is used."""

_TYPE_KEYS: Mapping[Type, Message] = {
    "text": Message("collect.record.text"),
    "date": Message("collect.record.date"),
    "number": Message("collect.record.number"),
    "yes/no": Message("collect.record.boolean"),
    "consent": Message("collect.record.boolean"),
}

_TRUE, _FALSE = ("true", "1", "yes", "tak"), ("false", "0", "no", "nie")


def frames(store: Store, instruments: Mapping[str, Instrument], tables: Mapping[str, Table]) -> dict[str, pd.DataFrame]:
    """The record as it holds today, one frame per table, ``answers``, and ``questionnaires`` for all filled in.

    ``answers`` has one row per participant, wave and item of the instrument, notes aside; ``value`` is
    text and NaN unless ``state`` is ``answered``. ``questionnaires`` has one row per participant, wave and
    instrument: ``date`` of the answers, ``recorded_on`` (the day it was entered or last corrected, UTC), and
    what was said of how it came about (``mode``, ``language``, ``interpreter``, ``filled_by``; NaN where
    nothing was). Hours of a session are those of its minutes where only these are known. The other frames
    have the table's columns and one row
    per what its key says (``needs``: per participant and need, the latest). Dates are datetime64 (NaT
    missing), numbers float64 (NaN), text str (NaN), yes/no bool, or object with NaN where some are
    missing; a consent that is missing was not given. Rows are sorted by key; a table without rows is an
    empty frame with all columns. Alerts are in no frame. Erased participants are not there;
    ``consent_reporting`` is False for whoever withdrew it, whatever the date.

    Raises DamagedStore as the store does, and StoreError for rows of a table or questionnaire that the
    project does not declare, or cells that do not fit their column.
    """
    with uncollected():
        return _frames(store.content(), instruments, tables)


def _frames(
    content: Content, instruments: Mapping[str, Instrument], tables: Mapping[str, Table]
) -> dict[str, pd.DataFrame]:
    rows = _by_table((row for row in content.rows if row.table != descriptors.ALERTS), [*instruments, *tables])
    frames_by_name = {name: _table_frame(table, rows.get(name, [])) for name, table in tables.items()}
    filled = [(instrument, rows.get(name, [])) for name, instrument in sorted(instruments.items())]
    frames_by_name["answers"] = _answers(filled)
    frames_by_name[QUESTIONNAIRES] = _questionnaires(filled)
    if "needs" in frames_by_name:
        frames_by_name["needs"] = _latest(frames_by_name["needs"], by=["participant", "need"])
    if "sessions" in frames_by_name:
        held = frames_by_name["sessions"]
        held["hours"] = held["hours"].fillna(held["minutes"] / 60)
    if "participants" in frames_by_name:
        withdrawn = frames_by_name["participants"]["participant"].isin(list(content.withdrawn))
        frames_by_name["participants"].loc[withdrawn, "consent_reporting"] = False
    return frames_by_name


def fingerprint(frames: Mapping[str, pd.DataFrame], key: DataKey) -> str:
    """A keyed hash (HMAC-SHA256, 64 hexadecimal digits) of the frames' cells.

    It does not depend on the order of rows, columns or frames, and means nothing without the record's
    key: plain hashes of small tables can be guessed. The day on which something was entered is no part of
    the data, and what the schema has gained since the first records counts only where it is used.
    """
    digest = hmac.new(key.derive("fingerprint"), digestmod=hashlib.sha256)
    for name in sorted(frames):
        frame = frames[name]
        columns = sorted(_counted(name, frame))
        cells = [[_canonical(cell) for cell in frame[column].tolist()] for column in columns]
        if not columns:
            continue
        lines = sorted(json.dumps(line, ensure_ascii=False) for line in zip(*cells, strict=True))
        digest.update((json.dumps([name, columns, len(lines)]) + "\n").encode("utf-8"))
        digest.update("".join(line + "\n" for line in lines).encode("utf-8"))
    return digest.hexdigest()


def _counted(name: str, frame: pd.DataFrame) -> list[str]:
    """The columns of the frame that the fingerprint is of."""
    later = _LATER_COLUMNS.get(name, ())
    used = [column for column in later if column in frame and frame[column].notna().any()]
    if (name in _LATER_TABLES and frame.empty) or (name == QUESTIONNAIRES and not used):
        return []
    return [column for column in frame.columns if column != "recorded_on" and (column not in later or column in used)]


def _canonical(cell: object) -> Cell:
    if cell is None or cell != cell:
        return None
    if isinstance(cell, bool | np.bool_):
        return bool(cell)
    if isinstance(cell, int | float | np.number):
        return float(cell) + 0.0  # the same for 4 and 4.0, and for 0 and -0
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


# --- tables -----------------------------------------------------------------------------------


def _by_table(rows: Iterable[Row], known: Sequence[str]) -> dict[str, list[Row]]:
    """The rows of each table, sorted by key."""
    of: dict[str, list[Row]] = {}
    for row in rows:
        of.setdefault(row.table, []).append(row)
    for name, found in of.items():
        if name not in known:
            raise StoreError("collect.record.undeclared", form=name, hint=nearest(name, known))
        found.sort(key=lambda row: row.place)
    return of


def _cells(rows: Sequence[Row], names: Sequence[str]) -> dict[str, Sequence[Cell]]:
    """The cells of some columns, column by column."""
    return dict(zip(names, zip(*lines((row.values for row in rows), names), strict=True), strict=True)) if rows else {}


def _table_frame(table: Table, rows: Sequence[Row]) -> pd.DataFrame:
    cells = _cells(rows, [field.name for field in table.fields])
    columns = {field.name: _column(cells.get(field.name, ()), _type(field), where=field.name) for field in table.fields}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)))


def _type(field: Field) -> Type:
    # A consent that nobody recorded was not given: it is never missing, and never true by default.
    return "consent" if field.name in CONSENTS else _TYPES[field.type]


def _latest(frame: pd.DataFrame, *, by: list[str]) -> pd.DataFrame:
    ordered = frame.sort_values([*by, "date"], kind="stable", na_position="first")
    return ordered.drop_duplicates(by, keep="last").reset_index(drop=True)


def _column(cells: Sequence[Cell], kind: Type, *, where: str) -> pd.Series:
    distinct, places = _coded(cells)
    return pd.Series(_array(distinct, kind, where=where).take(places))


def _coded(cells: Sequence[Cell]) -> tuple[list[Cell], Places]:
    """The different cells, and at which of them each cell is; 1, 1.0 and True are equal and not the same."""
    plain = all(kind is str or kind is type(None) for kind in set(map(type, cells)))
    told: Sequence[object] = cells if plain else [(type(cell), cell) for cell in cells]
    at = {cell: place for place, cell in enumerate(dict.fromkeys(told))}
    distinct: list[Any] = list(at) if plain else [key[1] for key in at]  # type: ignore[index]
    return distinct, np.fromiter(map(at.__getitem__, told), np.intp, len(cells))


def _array(cells: Sequence[Cell], kind: Type, *, where: str) -> Any:
    kept = [None if cell == "" else cell for cell in cells]
    try:
        if kind == "date":
            dates = [None if cell is None else dt.date.fromisoformat(str(cell)) for cell in kept]
            return pd.to_datetime(pd.Series(dates, dtype="object")).astype("datetime64[us]").array
        if kind == "number":
            return pd.array([np.nan if cell is None else _number(cell) for cell in kept], dtype="float64")
        if kind == "text":
            return pd.array([np.nan if cell is None else _text(cell) for cell in kept], dtype="str")
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
    if word not in _TRUE + _FALSE:
        raise ValueError
    return word in _TRUE


def _text(cell: Cell) -> str:
    """A code as it is written in questionnaires: 4 and 4.0 are both ``4``."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


# --- answers ----------------------------------------------------------------------------------


def _answers(filled: Sequence[tuple[Instrument, Sequence[Row]]]) -> pd.DataFrame:
    parts = [_of_instrument(instrument, rows) for instrument, rows in filled if rows]
    return parts[0] if len(parts) == 1 else pd.concat(parts or [_of_instrument(None, [])], ignore_index=True)


def _of_instrument(instrument: Instrument | None, rows: Sequence[Row]) -> pd.DataFrame:
    """Column by column: each distinct cell is read once, and stands wherever it was answered."""
    items = [item for item in instrument.items if item.kind != "note"] if instrument else []
    form, version = (instrument.id, instrument.version) if instrument else ("", "")
    ids = [item.id for item in items]
    of_row, of_item = np.repeat(np.arange(len(rows)), len(items)), np.tile(np.arange(len(items)), len(rows))
    answers, answered = _answered(items, lines((row.values for row in rows), ids))
    about = _cells(rows, ("participant", "wave", "date"))
    columns: Mapping[str, tuple[Sequence[Cell], Places]] = {
        **{name: (about.get(name, ()), of_row) for name in ("participant", "wave", "date")},
        "instrument": ([form], np.zeros(len(of_row), dtype=np.intp)),
        "version": ([row.version or version for row in rows], of_row),
        "item": (ids, of_item),
        "value": ([value for value, _ in answers], answered),
        "state": ([state for _, state in answers], answered),
    }
    return pd.DataFrame(
        {
            name: _column(cells, _ANSWERS[name], where=name).array.take(places)
            for name, (cells, places) in columns.items()
        },
        copy=False,
    )


def _answered(items: Sequence[Item], cells: Sequence[tuple[Cell, ...]]) -> tuple[list[tuple[str | None, str]], Places]:
    """The different answers, and which of them each cell is, row by row; items with the same codes share them."""
    distinct, places = _coded([*itertools.chain.from_iterable(cells)])
    kinds: dict[tuple[tuple[str, str], ...], Item] = {}
    of_item = [kinds.setdefault(tuple(sorted(item.missing.items())), item) for item in items]
    from_ = {id(item): place * len(distinct) for place, item in enumerate(kinds.values())}
    answers = [_answer(cell, item) for item in kinds.values() for cell in distinct]
    shift = np.array([from_[id(item)] for item in of_item], dtype=np.intp)
    return answers, (places.reshape(len(cells), len(items)) + shift).ravel()


def _questionnaires(forms: Sequence[tuple[Instrument, Sequence[Row]]]) -> pd.DataFrame:
    about = descriptors.about_answers()
    filled = [(row, instrument) for instrument, rows in forms for row in rows]
    rows = [row for row, _ in filled]
    cells = _cells(rows, [*_FILLED, *(field.name for field in about)])
    own: dict[str, list[Cell]] = {"instrument": [instrument.id for _, instrument in filled]}
    own["version"] = [row.version or instrument.version for row, instrument in filled]
    own["recorded_on"] = [row.recorded_at.date().isoformat() for row in rows]
    columns = {name: _column(own.get(name) or cells.get(name, ()), kind, where=name) for name, kind in _FILLED.items()}
    columns |= {field.name: _column(_said(field, cells), _type(field), where=field.name) for field in about}
    return pd.DataFrame(columns)


def _said(field: Field, cells: Mapping[str, Sequence[Cell]]) -> Sequence[Cell]:
    """What was said in the field; a question of the form's own of that name may have other answers."""
    known = _TRUE + _FALSE if field.type == "boolean" else tuple(field.codes)
    column = cells.get(field.name, ())
    if not known or column.count(None) == len(column):
        return column
    return [cell if str(cell).lower() in known else None for cell in column]


def _answer(cell: Cell, item: Item) -> tuple[str | None, str]:
    """The stored cell as value and answer state; a code the item declares as missing is no value."""
    if cell is None or not str(cell).strip():
        return None, "not_asked"
    value = _text(cell)
    state = item.missing.get(value)
    return (value, "answered") if state in (None, "answered") else (None, state or "unknown")
