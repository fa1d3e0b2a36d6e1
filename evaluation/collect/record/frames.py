"""What the record says today as the frames that measuring works on."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from evaluation import descriptors
from evaluation.codec import nearest
from evaluation.collect.record.cells.alike import lines
from evaluation.collect.record.cells.columns import FALSE, TRUE, Places, Type, coded, column, text, type_of
from evaluation.collect.record.entries import Cell
from evaluation.collect.record.replay import Content, Row, uncollected
from evaluation.collect.record.store import Store
from evaluation.errors import StoreError
from evaluation.schema import Field, Instrument, Item, Table

_ANSWERS: Mapping[str, Type] = {
    "participant": "text",
    "wave": "text",
    "date": "date",
    "instrument": "text",
    "version": "text",
    "item": "text",
    "value": "text",
    "state": "text",
}

_FILLED: Mapping[str, Type] = {
    "participant": "text",
    "wave": "text",
    "instrument": "text",
    "version": "text",
    "date": "date",
    "recorded_on": "date",
}

QUESTIONNAIRES = "questionnaires"
"""The frame that says of each filled questionnaire how it came about."""


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
    columns = {
        field.name: column(cells.get(field.name, ()), type_of(field), where=field.name) for field in table.fields
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)))


def _latest(frame: pd.DataFrame, *, by: list[str]) -> pd.DataFrame:
    ordered = frame.sort_values([*by, "date"], kind="stable", na_position="first")
    return ordered.drop_duplicates(by, keep="last").reset_index(drop=True)


# --- answers ----------------------------------------------------------------------------------


def _answers(filled: Sequence[tuple[Instrument, Sequence[Row]]]) -> pd.DataFrame:
    parts = [_of_instrument(instrument, rows) for instrument, rows in filled if rows]
    return parts[0] if len(parts) == 1 else pd.concat(parts or [_of_instrument(None, [])], ignore_index=True)


def _of_instrument(instrument: Instrument | None, rows: Sequence[Row]) -> pd.DataFrame:
    """Column by column: each distinct cell is read once, and stands wherever it was answered."""
    items = instrument.questions if instrument else ()
    form, version = (instrument.id, instrument.version) if instrument else ("", "")
    ids = [item.id for item in items]
    answers, answered = _answered(items, lines((row.values for row in rows), ids))
    about = _cells(rows, ("participant", "wave", "date"))
    of_rows: dict[str, Sequence[Cell]] = {
        **{name: about.get(name, ()) for name in ("participant", "wave", "date")},
        "instrument": [form] * len(rows),
        "version": [row.version or version for row in rows],
    }
    of_answers: dict[str, Sequence[Cell]] = {
        "value": [value for value, _ in answers],
        "state": [state for _, state in answers],
    }
    columns = {name: _typed(name, cells).repeat(len(items)) for name, cells in of_rows.items()}
    columns["item"] = _typed("item", ids).take(np.tile(np.arange(len(items)), len(rows)))
    columns |= {name: _typed(name, cells).take(answered) for name, cells in of_answers.items()}
    return pd.DataFrame(columns, copy=False)


def _typed(name: str, cells: Sequence[Cell]) -> Any:
    return column(cells, _ANSWERS[name], where=name)


def _answered(items: Sequence[Item], cells: Sequence[tuple[Cell, ...]]) -> tuple[list[tuple[str | None, str]], Places]:
    """The different answers, and which of them each cell is, row by row; items with the same codes share them."""
    distinct, places = coded([*itertools.chain.from_iterable(cells)])
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
    columns = {name: column(own.get(name) or cells.get(name, ()), kind, where=name) for name, kind in _FILLED.items()}
    columns |= {field.name: column(_said(field, cells), type_of(field), where=field.name) for field in about}
    return pd.DataFrame(columns)


def _said(field: Field, cells: Mapping[str, Sequence[Cell]]) -> Sequence[Cell]:
    """What was said in the field; a question of the form's own of that name may have other answers."""
    known = TRUE + FALSE if field.type == "boolean" else tuple(field.codes)
    column = cells.get(field.name, ())
    if not known or column.count(None) == len(column):
        return column
    return [cell if str(cell).lower() in known else None for cell in column]


def _answer(cell: Cell, item: Item) -> tuple[str | None, str]:
    """The stored cell as value and answer state; a code the item declares as missing is no value."""
    if cell is None or not str(cell).strip():
        return None, "not_asked"
    value = text(cell)
    state = item.missing.get(value)
    return (value, "answered") if state in (None, "answered") else (None, state or "unknown")
