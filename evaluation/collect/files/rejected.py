"""The rows that were held back, as a file to correct and send again, safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from evaluation import files
from evaluation.codec.spreadsheet import csv_text, restore
from evaluation.collect.files.sheet import Row, Sheet
from evaluation.collect.issues import Rejection
from evaluation.texts import LANGUAGES, say

ROW_COLUMN, COLUMN_COLUMN, REASON_COLUMN = "intake_row", "intake_column", "intake_reason_"
"""Where a rejected row stood, its columns at fault, and the reasons: one column for each language of the kit."""
FILE_COLUMN = "intake_file"
"""Names the file in which the row waits, so that its answer is known wherever it was corrected."""


def write_rejected(rejected: Iterable[Rejection], sheet: Sheet, path: Path) -> int:
    """Writes the rejected rows of ``sheet``, or of its source, to ``path``; returns how many there are.

    UTF-8 with BOM, one line per row: row, columns and reasons in each language, the file's name, then the cells
    as sent. The reader takes all but the cells off again, so an unchanged row reads exactly as before.
    """
    sheet = sheet.source or sheet
    reasons: dict[int, list[tuple[str, ...]]] = {}
    for rejection in rejected:
        worded = (say(rejection.said, language) for language in LANGUAGES)
        reasons.setdefault(rejection.row, []).append((rejection.column, *worded))
    named = [REASON_COLUMN + language for language in LANGUAGES]
    lines: list[Sequence[str]] = [[ROW_COLUMN, COLUMN_COLUMN, *named, FILE_COLUMN, *sheet.header]]
    for row in sheet.rows:
        if row.number in reasons:
            about = [" / ".join(dict.fromkeys(filter(None, part))) for part in zip(*reasons[row.number], strict=True)]
            lines.append([str(row.number), *about, path.name, *row.cells])
    files.write(path, csv_text(lines, delimiter=sheet.delimiter, quoted=True, bom=True), private=True)
    return len({row.number for row in sheet.rows} & set(reasons))


def is_rejected(header: Sequence[str]) -> bool:
    """Whether the header is that of a file that ``write_rejected`` made."""
    return {ROW_COLUMN, COLUMN_COLUMN} <= {cell.strip().lower() for cell in header}


def answers(header: Sequence[str], rows: Sequence[Row]) -> Mapping[str, frozenset[str]]:
    """For which waiting files the rows of a file that ``write_rejected`` made stand: file → row numbers there."""
    names = [cell.strip().lower() for cell in header]
    if FILE_COLUMN not in names:
        return {}
    file, number = names.index(FILE_COLUMN), names.index(ROW_COLUMN)
    pairs = [(row.cells[file].strip(), row.cells[number].strip()) for row in rows if len(row.cells) > max(file, number)]
    return {name: frozenset(row for other, row in pairs if other == name) for name, _ in pairs}


def returned(header: Sequence[str], rows: Sequence[Row]) -> tuple[tuple[str, ...], list[Row]]:
    """A file that ``write_rejected`` made, without its reasons and escapes."""
    own = (ROW_COLUMN, COLUMN_COLUMN, FILE_COLUMN)
    names = [cell.strip().lower() for cell in header]
    keep = [at for at, name in enumerate(names) if name not in own and not name.startswith(REASON_COLUMN)]
    place = {old: new for new, old in enumerate(keep)}

    def cells(row: Row) -> Row:
        wanted = [row.cells[at] for at in keep if at < len(row.cells)]
        beyond = row.cells[len(header) :]
        faults = {place.get(at, at): fault for at, fault in row.faults.items()}
        return replace(row, cells=tuple(map(restore, [*wanted, *beyond])), faults=faults)

    return tuple(restore(header[at]) for at in keep), [cells(row) for row in rows]
