"""The columns of a foreign file are held to its import, and its rows chosen; what is wanted of both kinds of import."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from evaluation import texts
from evaluation.collect.files.cells import blank, clean
from evaluation.collect.files.sheet import WHOLE_ROW, Row, Sheet
from evaluation.collect.issues import Note, near_name, note, quoted, refusal
from evaluation.errors import FileRefused
from evaluation.texts import Message


def places(sheet: Sheet, *, needed: Collection[str], wanted: Collection[str], drop: Collection[str]) -> dict[str, int]:
    """Where each column stands. Raises FileRefused for one that is missing, unknown or there twice, and for no rows.

    ``needed`` have to be there, ``wanted`` may be; the others have to be among ``drop``.
    """
    header = [cell.strip() for cell in sheet.header]
    known = dict.fromkeys((*needed, *wanted))
    absent = [column for column in needed if column not in header]
    for column in known:
        if header.count(column) > 1:
            raise refused("repeated_column", column, [], sheet)
    for at, column in enumerate(header):
        if column not in known and column not in drop:
            raise refused("unknown_column", column, absent, sheet, at + 1)
    for column in absent:
        raise refused("missing_column", column, header, sheet)
    if not sheet.rows:
        raise refusal("no_rows", file=sheet.name)
    return {cell: at for at, cell in enumerate(header)}


def refused(
    fault: str, column: str, near: Sequence[str], sheet: Sheet, position: int = 0, *, hint: Message | None = None
) -> FileRefused:
    """The refusal of a file for one of its columns; ``near``: names that may be meant; ``hint`` ends the sentence."""
    spoken = quoted(column, position) if position else texts.quoted(column)
    return refusal(
        fault, column=column, row=sheet.header_row, file=sheet.name, spoken=spoken, hint=hint or near_name(column, near)
    )


def selected(
    sheet: Sheet, select: Mapping[str, str], place: Mapping[str, int], *, used: Collection[str]
) -> tuple[list[Row], list[Note]]:
    """The rows with the declared values; torn lines stay, to be rejected rather than lost.

    A row with nothing in the columns that are ``used``, such as a numbered line that was left empty, is left out.
    """
    wanted = [(place[column], value) for column, value in select.items()]
    chosen = [
        row
        for row in sheet.rows
        if WHOLE_ROW in row.faults or all(clean(row.cells[at])[0] == value for at, value in wanted)
    ]
    kept = {row.number for row in chosen}
    read = [place[column] for column in used if column in place]
    unused = {row.number for row in chosen if not row.faults.keys() & {WHOLE_ROW, *read} and _empty(row, read)}
    left_out = {"not_selected": {row.number for row in sheet.rows} - kept, "row_unused": unused}
    notes = [note(said, rows=tuple(sorted(rows))) for said, rows in left_out.items() if rows]
    return [row for row in chosen if row.number not in unused], notes


def _empty(row: Row, places: Collection[int]) -> bool:
    return all(blank(row.cells[at]) for at in places)
