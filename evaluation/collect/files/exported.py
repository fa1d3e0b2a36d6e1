"""Rows of the record as a CSV file that is safe to open in a spreadsheet and that the reader knows again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evaluation.codec.spreadsheet import restore
from evaluation.collect.files.sheet import Row, picked

RECORDED, REPORTING = "export_recorded_on", "export_reporting"
"""The day on which a row was last written, and whether the person agrees to be reported on."""

RETIRED = "export_retired_"
"""Begins the name of a column that the form no longer has and that holds something still."""


def is_export(header: Sequence[str]) -> bool:
    """Whether the header is that of a file that was made of the record's rows."""
    return RECORDED in (cell.strip().lower() for cell in header)


def _own(name: str) -> bool:
    return name in (RECORDED, REPORTING) or name.startswith(RETIRED)


def sent_again(header: Sequence[str], rows: Sequence[Row]) -> tuple[tuple[str, ...], list[Row]]:
    """Such a file without the columns that say something of its rows, and without its escapes."""
    keep = [at for at, cell in enumerate(header) if not _own(cell.strip().lower())]
    names = tuple(restore(header[at]) for at in keep)
    kept = [replace(picked(row, keep, names), columns=row.columns) for row in rows]
    return names, [replace(row, cells=tuple(map(restore, row.cells))) for row in kept]
