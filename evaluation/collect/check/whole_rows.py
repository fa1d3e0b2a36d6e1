"""Rows that are no answers are found: sums of the others, torn lines, a second header, words under the table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set

from evaluation.collect.check.columns import Column
from evaluation.collect.check.context import Context, Key
from evaluation.collect.files.sheet import WHOLE_ROW, Row, Sheet

_TOTAL = re.compile(
    r"średnia|srednia|suma( końcowa| częściowa)?|razem|ogółem|ogolem|łącznie|lacznie|mediana|liczba"
    r"|odchylenie( standardowe)?|odch\. std|minimum|min|maksimum|maximum|max|(grand )?totals?|subtotal|sum"
    r"|mean|average|median|count|std|sd|standard deviation|w sumie|∑|σ|frekwencja|obecnych|attendance( rate)?"
    r"|(suma|razem|ogółem|łącznie|liczba|% ?|(grand )?total|sum|number|count)( of)?"
    r" (obecności|obecnych|nieobecności|godzin|zajęć|spotkań|osób|present|attended|attendances?|hours|sessions|people)"
)
_END = re.compile(r"(?<![\s:.])[\s:.]++$")  # looked for once in a run of spaces: a cell may hold thousands
_WORD = re.compile(r"[^\W\d_]{3,}")

Texts = Mapping[str, Sequence[str]]
"""Column of the form → its cells, row by row."""


def no_answers(
    sheet: Sheet, texts: Texts, columns: Sequence[Column], *, coded: Set[str], keys: Key, context: Context
) -> Mapping[int, str]:
    """The rows that are no answers, by their position, each with its fault.

    Only those are looked at that lack a required cell, repeat a heading under itself, or are torn. ``coded``: the
    columns that hold nothing but codes as they are declared.
    """
    pattern = context.participant_pattern
    required = [column for column in columns if column.required and column.name in texts]
    looked_at = {at for at, row in enumerate(sheet.rows) if row.faults and WHOLE_ROW in row.faults}
    for column in required:
        if column.name in coded:
            continue
        looked_at |= _holding({text for text in {*texts[column.name]} if not text.strip()}, texts[column.name])
    named = texts.get("participant", ())
    looked_at |= _holding({text for text in {*named} if is_total(text) and not _coded(text, pattern)}, named)
    sent = {*{id(row.columns): row.columns for row in sheet.rows}.values()}
    headings = {*sheet.header}.union(*sent)
    for at, (name, cells) in enumerate(texts.items()):
        if name in coded:
            continue
        said = {text for text in {*cells} if text.strip("\ufeff \t") in headings}
        if said:
            own = {name, *(called[at] for called in sent)}
            looked_at |= _holding({text for text in said if text.strip("\ufeff \t") in own}, cells)
    found = ((at, _fault(sheet.rows[at], sheet.header, required, keys, context)) for at in sorted(looked_at))
    return {at: fault for at, fault in found if fault}


def _holding(wanted: set[str], cells: Sequence[str]) -> set[int]:
    return {at for at, text in enumerate(cells) if text in wanted} if wanted else set()


def _fault(row: Row, header: Sequence[str], required: Sequence[Column], keys: Key, context: Context) -> str:
    if _sums_up(row, header, required, context.participant_pattern):
        return "total_row"
    if WHOLE_ROW in row.faults:
        return row.faults[WHOLE_ROW]
    sent = row.columns or header
    filled = [at for at, cell in enumerate(row.cells) if cell and not cell.isspace()]
    again = all(row.cells[at].strip("\ufeff \t") in (sent[at], header[at]) for at in filled)
    if again and len(filled) > 1:
        return "repeated_header"
    return "footer_row" if _is_footer(row, filled, required, keys, context) else ""


def _sums_up(row: Row, header: Sequence[str], required: Sequence[Column], pattern: str) -> bool:
    """Whether one of the first cells says that the row sums up the others, and the rest of it looks so.

    A category or a session may have such a name: its row has the columns that are required, and more than numbers.
    A participant has none, whatever else is filled.
    """
    named = next((at for at, cell in enumerate(row.cells[: min(3, len(header))]) if cell.strip()), None)
    if named is None or not is_total(row.cells[named]):
        return False
    filled = {at: cell.strip() for at, cell in enumerate(row.cells[: len(header)]) if cell.strip()}
    others = [cell for at, cell in filled.items() if at != named]
    nobody = header[named] == "participant" and not _coded(row.cells[named], pattern)
    lacking = nobody or any(header.index(column.name) not in filled for column in required)
    return lacking and all(cell[0] in "=-+" or cell[0].isdigit() for cell in others)


def is_total(text: str) -> bool:
    """Whether a cell says that its row or column sums up the others."""
    return _TOTAL.fullmatch(_END.sub("", text.strip().casefold())) is not None


def _coded(text: str, pattern: str) -> bool:
    return re.fullmatch(pattern, text.strip(), re.ASCII) is not None


def _is_footer(row: Row, filled: list[int], required: Sequence[Column], keys: Key, context: Context) -> bool:
    """Whether the row is words alone, in one cell, though a row needs more: a signature, a source, a remark."""
    if len(filled) != 1 or len(required) < 2:
        return False
    text = row.cells[filled[0]].strip()
    word = _WORD.search(text) and not re.search(r"\d", text) and keys[0] == "participant"
    return len(_WORD.findall(text)) > 1 or bool(word and not _coded(text, context.participant_pattern))
