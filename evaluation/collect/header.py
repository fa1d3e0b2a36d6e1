"""The header of a file is fitted to its form: columns recognised, renamed, dropped, or the file refused."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from evaluation.collect.columns import Column
from evaluation.collect.personal import looks_personal
from evaluation.collect.refusals import refusal
from evaluation.collect.remarks import note
from evaluation.collect.sheet import Context, Note, Row, Sheet
from evaluation.errors import FileRefused

_NAME = re.compile(r"[\w ./()?!:\-]{1,60}")


def fitted(
    sheet: Sheet, columns: Sequence[Column], *, form: str, context: Context, language: str
) -> tuple[Sheet, tuple[Note, ...]]:
    """The sheet with the form's column names, the file's own names kept in each row, and notes.

    Raises FileRefused for an unknown, repeated or missing column, no header, or no rows.
    """
    names = tuple(column.name for column in columns)
    called, notes = _recognised(sheet.header, names, context)
    if not any(name in names for name in called):
        raise refusal("no_header", language, file=sheet.name, form=form)
    _refuse_unknown(sheet, called, names, language)
    _refuse_repeated(sheet, called, language)
    for column in columns:
        if column.name not in called and column.needed:
            missing = _as_sent(column.name, context)
            others = [text.strip() for text in sheet.header if text.strip() not in names]
            hint = near_name(missing, others, language=language)
            raise refusal(
                "missing_column",
                language,
                column=missing,
                row=1,
                file=sheet.name,
                hint=hint,
                spoken=f"'{missing}'",
            )
        if column.name not in called and column.kind != "version" and not context.correcting:
            notes.append(note("column_absent", column.name))
    if not sheet.rows:
        raise refusal("no_rows", language, file=sheet.name)
    keep = [at for at, name in enumerate(called) if name]
    rows = tuple(picked(row, keep, [sheet.header[at].strip() for at in keep]) for row in sheet.rows)
    return replace(sheet, header=tuple(called[at] for at in keep), rows=rows), tuple(notes)


def picked(row: Row, keep: Sequence[int], called: Sequence[str]) -> Row:
    """The row with the cells at the positions ``keep`` only; ``called`` are the file's names of them."""
    place = {old: new for new, old in enumerate(keep)}
    return Row(
        row.number,
        tuple(row.cells[at] if at < len(row.cells) else "" for at in keep),
        {place.get(at, at): fault for at, fault in row.faults.items() if at in place or at < 0},
        tuple(row.columns[at] if row.columns else called[new] for new, at in enumerate(keep)),
    )


def _recognised(header: Sequence[str], names: Collection[str], context: Context) -> tuple[list[str], list[Note]]:
    """Each column's name in the form ('' if it is dropped, as sent if it is not recognised), and notes."""
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


def _folded(name: str) -> str:
    return re.sub(r"[\s\u200b\ufeff]+", "_", name.strip().strip("\ufeff\u200b")).casefold()


def _refuse_unknown(sheet: Sheet, called: Sequence[str], names: Collection[str], language: str) -> None:
    for at, name in enumerate(called):
        if name and name not in names:
            free = [known for known in names if known not in called]
            spoken = quoted(name, at + 1, language=language)
            hint = near_name(name, free, language=language)
            raise refusal("unknown_column", language, column=name, row=1, file=sheet.name, spoken=spoken, hint=hint)


def _refuse_repeated(sheet: Sheet, called: Sequence[str], language: str) -> None:
    for at, name in enumerate(called):
        if name and name in called[:at]:
            earlier = called.index(name)
            if _folded(sheet.header[earlier]) != _folded(sheet.header[at]):
                raise two_columns(sheet, name, (earlier, at), language)
            spoken = quoted(sheet.header[at].strip(), at + 1, language=language)
            raise refusal("repeated_column", language, column=name, row=1, file=sheet.name, spoken=spoken)


def two_columns(sheet: Sheet, name: str, positions: tuple[int, int], language: str) -> FileRefused:
    """The refusal of two columns that stand for the same question ``name``."""
    first, spoken = (quoted(sheet.header[at].strip(), at + 1, language=language) for at in positions)
    facts = {"file": sheet.name, "first": first, "spoken": spoken, "question": name}
    return refusal("two_columns", language, column=name, row=1, **facts)


def _as_sent(name: str, context: Context) -> str:
    """What the file was declared to call the column ``name``."""
    return next((sent for sent, own in context.names.items() if own == name), name)


def quoted(name: str, position: int, *, language: str) -> str:
    """A column's name, or only its number if the name could be an answer (a file without a header)."""
    plain = _NAME.fullmatch(name) and not re.search(r"\d{3}|\d-\d", name) and not looks_personal(name)
    return f"'{name}'" if plain else f"{'nr' if language == 'pl' else 'no.'} {position}"


def near_name(name: str, known: Sequence[str], *, language: str) -> str:
    """The end of the sentence: the nearest name, if one is near."""
    folded = {entry.casefold(): entry for entry in known}
    close = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    if not close:
        return "."
    asked = "czy chodzi o" if language == "pl" else "did you mean"
    return f"; {asked} '{folded[close[0]]}'?"
