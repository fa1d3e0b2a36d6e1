"""A keyed hash of the frames of a record, by which a reader sees whether two documents rest on the same data."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from evaluation.collect.access.keys import DataKey
from evaluation.collect.record.entries import Cell
from evaluation.collect.record.frames import QUESTIONNAIRES

_LATER_TABLES = ("goals", "referrals", "tallies")
_LATER_COLUMNS: Mapping[str, Sequence[str]] = {
    "participants": ("identification", "guardian_consent", "consented_on", "paper_at"),
    "sessions": ("minutes", "kind"),
    QUESTIONNAIRES: ("mode", "language", "interpreter", "filled_by"),
}
"""What the schema has gained since the first records: it counts in their fingerprint only where it is used."""
_TEXT = json.JSONEncoder(ensure_ascii=False)


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
        lines = sorted(_TEXT.encode(line) for line in zip(*cells, strict=True))
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
    if type(cell) is str:  # nearly always
        return cell
    if cell is None or cell != cell:
        return None
    if isinstance(cell, bool | np.bool_):
        return bool(cell)
    if isinstance(cell, int | float | np.number):
        return float(cell) + 0.0  # the same for 4 and 4.0, and for 0 and -0
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)
