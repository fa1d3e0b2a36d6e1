"""One row is read under its header: cells, required answers, skip rules and constraints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from evaluation.collect.check import corrections
from evaluation.collect.check.cells.cell import cell_of
from evaluation.collect.check.checked_row import CheckedRow
from evaluation.collect.check.columns import Column
from evaluation.collect.check.context import Context, Values
from evaluation.collect.check.reader import Reader, sums_up
from evaluation.collect.files.cells import Cell
from evaluation.collect.files.sheet import WHOLE_ROW, Row
from evaluation.collect.issues import Issues
from evaluation.xlsform import expressions

_WORD = re.compile(r"[^\W\d_]{3,}")


def read_row(row: Row, reader: Reader, *, issues: Issues) -> CheckedRow | None:
    """The row as an checked, its faults told to ``issues``; None for a total, a torn line, a second header."""
    called = _called(row.columns, reader)
    fault = _whole_row(row, reader)
    if fault:
        first = called.get(reader.header[0], reader.header[0])
        issues.reject(fault, row.number, first if fault == "total_row" else "")
        return None
    stored = None if reader.context.correcting else _stored_so(row, reader)
    if stored is not None:
        return CheckedRow(row.number, stored, frozenset(), called, before=stored)
    values: dict[str, str | None] = {column.name: None for column in reader.columns}
    faulty: set[str] = set()
    cleared: set[str] = set()
    reviewed: set[str] = set()
    for column in reader.columns:
        at = reader.places.get(column.name)
        if at is None:
            continue
        if reader.context.correcting and corrections.clears(row.cells[at]):
            cleared.add(column.name)
            continue
        cell = cell_of(at, row, column, reader)
        if cell.fault == "personal_data" and row.number in reader.context.text_reviewed:
            cell = Cell(row.cells[at].strip(), ("text_reviewed",))
            reviewed.add(column.name)
        name = called.get(column.name, column.name)
        if cell.fault:
            faulty.add(column.name)
            issues.reject(cell.fault, row.number, name, **_facts(column, reader.context))
        values[column.name] = None if cell.fault else cell.value
        for said in cell.notes if not cell.fault else ():
            issues.note(said, name, row.number, str(reader.epoch) if said == "excel_serial" else "")
    checked = CheckedRow(row.number, values, frozenset(faulty), called, reviewed=frozenset(reviewed))
    if reader.context.correcting:
        checked = corrections.laid_over(checked, cleared, keys=reader.keys, stored=reader.stored, issues=issues)
    return replace(checked, faulty=checked.faulty | _rules(checked, reader, issues))


def _called(sent: tuple[str, ...], reader: Reader) -> Mapping[str, str]:
    """The file's own names of the columns."""
    if sent and sent not in reader.called:
        reader.called[sent] = dict(zip(reader.header, sent, strict=True))
    return reader.called[sent] if sent else {}


def _stored_so(row: Row, reader: Reader) -> Values | None:
    """The stored values where the row repeats them cell by cell: what is there already is not judged anew."""
    key = tuple(row.cells[reader.places[name]].strip() if name in reader.places else "" for name in reader.keys)
    stored = reader.stored.get(key)
    if stored is None:
        return None
    cells = {name: cell.strip() for name, cell in zip(reader.header, row.cells, strict=True)}
    version = {"form_version": cells.pop("form_version") or None} if "form_version" in cells else {}
    if any(cell != (stored.get(name) or "") for name, cell in cells.items()):
        return None
    return {column.name: stored.get(column.name) or None for column in reader.columns} | version


def _whole_row(row: Row, reader: Reader) -> str:
    if sums_up(row, reader.header, reader.columns):
        return "total_row"
    if WHOLE_ROW in row.faults:
        return row.faults[WHOLE_ROW]
    sent = row.columns or reader.header
    filled = [at for at, cell in enumerate(row.cells) if cell and not cell.isspace()]
    again = all(row.cells[at].strip("\ufeff \t") in (sent[at], reader.header[at]) for at in filled)
    if again and len(filled) > 1:
        return "repeated_header"
    return "footer_row" if _is_footer(row, filled, reader) else ""


def _is_footer(row: Row, filled: list[int], reader: Reader) -> bool:
    """Whether the row is words alone, in one cell, though a row needs more: a signature, a source, a remark."""
    needed = [column for column in reader.columns if column.required and column.name in reader.places]
    if len(filled) != 1 or len(needed) < 2:
        return False
    text = row.cells[filled[0]].strip()
    word = _WORD.search(text) and not re.search(r"\d", text) and reader.keys[0] == "participant"
    coded = re.fullmatch(reader.context.participant_pattern, text, re.ASCII)
    return len(_WORD.findall(text)) > 1 or bool(word and not coded)


def _rules(checked: CheckedRow, reader: Reader, issues: Issues) -> frozenset[str]:
    """The columns whose emptiness, skip rule or constraint is at fault."""
    faulty: set[str] = set()
    for column in reader.ruled:
        if reader.context.correcting and not corrections.concerns(column, checked, keys=reader.keys):
            continue
        if column.name not in checked.faulty and (fault := _rule(column, checked, reader)):
            faulty.add(column.name)
            issues.reject(fault, checked.number, checked.name(column.name), **_facts(column, reader.context))
    return frozenset(faulty)


def _rule(column: Column, checked: CheckedRow, reader: Reader) -> str:
    value = checked.values[column.name]
    today = reader.context.today
    relevant = True
    if column.relevant:
        rule = expressions.parse(column.relevant)
        if checked.faulty & set(rule.names):
            return ""  # whether this was to be asked is not known before that answer is corrected
        relevant = rule.holds(checked.values, today=today)
    if value is None:
        # Another version of the form may not have asked this at all.
        other = column.answer and checked.values.get("form_version") not in (None, reader.version)
        needed = column.required and relevant and not other
        if needed and checked.before is not None and column.name in checked.changed:
            return "required_cleared"
        return ("skip_missing" if column.relevant else "required_missing") if needed else ""
    state = column.missing.get(value)
    if not relevant:
        return "" if state in ("not_applicable", "not_asked") else "not_relevant"
    if column.constraint and state is None:
        limit = expressions.parse(column.constraint)
        if not checked.faulty & set(limit.names) and not limit.holds(checked.values, own=value, today=today):
            return "constraint"
    return corrections.consent_fault(column, checked, reader.context) if checked.before is not None else ""


def _facts(column: Column, context: Context) -> dict[str, object]:
    """What sentences may say of a column: its form, never its answers."""
    return {
        "scale": column.scale,
        "waves": ", ".join(wave.id for wave in context.waves),
        "table": column.reference.partition(".")[0],
        "start": context.period_start.isoformat(),
        "end": context.period_end.isoformat() if context.period_end else "",
    }
