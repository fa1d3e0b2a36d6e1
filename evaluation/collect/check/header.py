"""The header of a file is fitted to its form: columns recognised, renamed, dropped, or the file refused."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from evaluation import texts
from evaluation.collect.check.columns import Column, Same
from evaluation.collect.check.context import Context
from evaluation.collect.files.sheet import Sheet, picked
from evaluation.collect.issues import Note, near_name, note, quoted, refusal, two_columns
from evaluation.texts import Message


def fitted(sheet: Sheet, columns: Sequence[Column], *, form: str, context: Context) -> tuple[Sheet, tuple[Note, ...]]:
    """The sheet with the form's column names, the file's own names kept in each row, and notes.

    Raises FileRefused for an unknown, repeated or missing column, no header, or no rows.
    """
    if not context.names and not context.drop and sheet.rows and whole(Same(columns), sheet.header):
        rows = tuple(picked(row, range(len(sheet.header)), sheet.header) for row in sheet.rows)
        return replace(sheet, rows=rows), ()
    names = dict.fromkeys(column.name for column in columns)
    called, notes = _recognised(sheet.header, names, context)
    if not any(name in names for name in called):
        raise refusal("no_header", file=sheet.name, form=form)
    _refuse_unknown(sheet, called, names)
    _refuse_repeated(sheet, called)
    sent_names = {*called}
    for column in columns:
        if column.name in sent_names:
            continue
        if column.needed:
            missing = _as_sent(column.name, context)
            others = [text.strip() for text in sheet.header if text.strip() not in names]
            hint = Message("collect.or_correct") if _corrects(columns, sent_names) else near_name(missing, others)
            spoken = texts.quoted(missing)
            raise refusal(
                "missing_column", column=missing, row=sheet.header_row, file=sheet.name, hint=hint, spoken=spoken
            )
        if not (column.optional or column.kind == "version" or context.correcting):
            notes.append(note("column_absent", column.name))
    if not sheet.rows:
        raise refusal("no_rows", file=sheet.name)
    keep = [at for at, name in enumerate(called) if name]
    sent = tuple(sheet.header[at].strip() for at in keep)
    rows = tuple(picked(row, keep, sent) for row in sheet.rows)
    return replace(sheet, header=tuple(called[at] for at in keep), rows=rows), tuple(notes)


def _corrects(columns: Sequence[Column], sent: Collection[str]) -> bool:
    """Whether a file looks like a correction that was not sent as one: it says whose rows, and little else."""
    needed = [column.name for column in columns if column.needed]
    return columns[0].name in sent and 2 * len({*needed} & {*sent}) <= len(needed)


@functools.lru_cache(maxsize=256)
def known(columns: Same, header: tuple[str, ...]) -> bool:
    """Whether every heading is the name of a column."""
    return {column.name for column in columns.declared}.issuperset(cell.strip() for cell in header)


@functools.lru_cache(maxsize=256)
def whole(columns: Same, header: tuple[str, ...]) -> bool:
    """Whether the header is that of the form: each heading a column's name, no column twice, and none left out."""
    left_out = {column.name for column in columns.declared if column.optional or column.kind == "version"}
    names = {column.name for column in columns.declared}
    return len({*header}) == len(header) and names - left_out <= {*header} <= names


def _recognised(header: Sequence[str], names: Collection[str], context: Context) -> tuple[list[str], list[Note]]:
    """Each column's name in the form ('' if it is dropped, as sent if it is not recognised), and notes."""
    if not context.names and not context.drop and all(cell in names for cell in header):
        return [*header], []
    folded = {_folded(name): name for name in names}
    declared = {_folded(sent): name for sent, name in context.names.items()}
    dropped = {_folded(name) for name in context.drop}
    called: list[str] = []
    notes: list[Note] = []
    for cell in header:
        sent = cell.strip()
        if _folded(sent) in dropped:
            notes.append(note("column_dropped", sent))
            called.append("")
            continue
        name = declared.get(_folded(sent)) or folded.get(_folded(sent)) or sent
        if name in names and name != cell and cell not in context.names:
            notes.append(note("header_repaired", name))
        called.append(name)
    return called, notes


@functools.lru_cache(maxsize=10_000)
def _folded(name: str) -> str:
    return re.sub(r"[\s\u200b\ufeff]+", "_", name.strip().strip("\ufeff\u200b")).casefold()


def _refuse_unknown(sheet: Sheet, called: Sequence[str], names: Collection[str]) -> None:
    for at, name in enumerate(called):
        if name and name not in names:
            free = [known for known in names if known not in called]
            spoken = quoted(name, at + 1)
            hint = near_name(name, free)
            raise refusal(
                "unknown_column", column=name, row=sheet.header_row, file=sheet.name, spoken=spoken, hint=hint
            )


def _refuse_repeated(sheet: Sheet, called: Sequence[str]) -> None:
    first: dict[str, int] = {}
    for at, name in enumerate(called):
        if name and first.setdefault(name, at) != at:
            earlier = first[name]
            if _folded(sheet.header[earlier]) != _folded(sheet.header[at]):
                raise two_columns(sheet.name, sheet.header, name, (earlier, at), row=sheet.header_row)
            spoken = quoted(sheet.header[at].strip(), at + 1)
            raise refusal("repeated_column", column=name, row=sheet.header_row, file=sheet.name, spoken=spoken)


def _as_sent(name: str, context: Context) -> str:
    """What the file was declared to call the column ``name``."""
    return next((sent for sent, own in context.names.items() if own == name), name)
