"""The rows of a sheet are read under its header: cells, required answers, skip rules and constraints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress

from evaluation.collect.check import corrections
from evaluation.collect.check.cells.cell import CheckedColumn, read_column
from evaluation.collect.check.checked_row import CheckedRow
from evaluation.collect.check.columns import Column
from evaluation.collect.check.context import Context, Values
from evaluation.collect.check.reader import Reader
from evaluation.collect.files.cells import Cell
from evaluation.collect.files.sheet import Row, Sheet
from evaluation.collect.issues import Issues
from evaluation.collect.record.cells.alike import Cells, Columns
from evaluation.xlsform import expressions

_NONE: frozenset[str] = frozenset()


def read_rows(sheet: Sheet, reader: Reader, *, issues: Issues) -> list[CheckedRow]:
    """The rows as checked, their faults told to ``issues``; without totals, torn lines and second headers.

    What a text says depends on its column alone, and whether answers go together on these answers alone. So columns
    are read first, and one by one only the rows of which something is to be said, and corrections.
    """
    repeated = {} if reader.context.correcting else _stored_so(sheet, reader)
    asked = [at not in reader.no_answers and at not in repeated for at in range(len(sheet.rows))]
    columns = _columns([*compress(sheet.rows, asked)], asked, reader)
    told = _told(columns)
    coded: dict[str, Sequence[str]] = {name: reader.texts[name] for name in reader.coded if name not in columns}
    if not all(asked):
        coded = {name: [*compress(texts, asked)] for name, texts in coded.items()}
    values_of = {name: coded[name] if name in coded else columns[name].values for name in reader.names}
    apart = {*told, *_broken(values_of, reader)}
    shared = Columns(reader.names)
    read = enumerate(zip(*values_of.values(), strict=True))
    called: dict[tuple[str, ...], Mapping[str, str]] = {}
    sent: tuple[str, ...] = ()
    file_names: Mapping[str, str] = {}
    checked: list[CheckedRow] = []
    for at, row in enumerate(sheet.rows):
        if row.columns is not sent:
            sent = row.columns
            file_names = called.setdefault(sent, dict(zip(reader.header, sent, strict=True)))
        if not asked[at]:
            if at in repeated:
                checked.append(CheckedRow(row.number, repeated[at], _NONE, file_names, before=repeated[at]))
            else:
                fault = reader.no_answers[at]
                issues.reject(fault, row.number, file_names[reader.header[0]] if fault == "total_row" else "")
            continue
        place, values = next(read)
        one = CheckedRow(row.number, Cells(shared, values), _NONE, file_names)
        if reader.context.correcting or place in apart:
            cleared = {name for name, column in columns.items() if place in column.cleared}
            one = _judged(one, told.get(place, {}), cleared, row, reader, issues)
        checked.append(one)
    return checked


def _stored_so(sheet: Sheet, reader: Reader) -> dict[int, Values]:
    """The stored values of rows that repeat them cell by cell: what is there already is not judged anew."""
    empty = [""] * len(sheet.rows)
    keys = [*zip(*(map(str.strip, reader.texts.get(name, empty)) for name in reader.keys), strict=True)]
    there = reader.stored.keys() & {*keys}
    found: dict[int, Values] = {}
    for at, key in enumerate(keys) if there else ():
        stored = reader.stored[key] if key in there and at not in reader.no_answers else None
        if stored is None:
            continue
        cells = {name: cell.strip() for name, cell in zip(reader.header, sheet.rows[at].cells, strict=True)}
        version = {"form_version": cells.pop("form_version") or None} if "form_version" in cells else {}
        if all(cell == (stored.get(name) or "") for name, cell in cells.items()):
            found[at] = {column.name: stored.get(column.name) or None for column in reader.columns} | version
    return found


def _columns(rows: Sequence[Row], asked: Sequence[bool], reader: Reader) -> dict[str, CheckedColumn]:
    """Each column of the form as the ``asked`` rows fill it; empty where the file has none.

    Not those that hold declared codes: they say what stands there, unless they correct something.
    """
    marked = {at: row.faults for at, row in enumerate(rows) if row.faults}
    places = {name: at for at, name in enumerate(reader.header)}
    whole = all(asked)
    read: dict[str, CheckedColumn] = {}
    for column in reader.columns:
        if column.name in reader.coded and not reader.context.correcting:
            continue
        if column.name not in places:
            read[column.name] = CheckedColumn([None] * len(rows))
            continue
        position = places[column.name]
        marks = {at: faults[position] for at, faults in marked.items() if position in faults} if marked else {}
        texts = reader.texts[column.name]
        read[column.name] = read_column(column, texts if whole else [*compress(texts, asked)], marks, reader)
    return read


def _told(columns: Mapping[str, CheckedColumn]) -> dict[int, dict[str, Cell]]:
    """By row, the cells of which something is to be said, in the order of the form."""
    told: dict[int, dict[str, Cell]] = {}
    for name, column in columns.items():
        for at, cell in column.told.items():
            told.setdefault(at, {})[name] = cell
    return told


def _broken(values_of: Mapping[str, Sequence[str | None]], reader: Reader) -> set[int]:
    """The rows that may break a rule of a column: each combination of what it looks at is judged once."""
    found: set[int] = set()
    for column in reader.ruled if not reader.context.correcting else ():
        if not (column.relevant or column.constraint or None in values_of[column.name]):
            continue
        rules = [expressions.parse(rule).names for rule in (column.relevant, column.constraint) if rule]
        looked_at = dict.fromkeys((column.name, "form_version", *(name for names in rules for name in names)))
        names = [name for name in looked_at if name in values_of]
        answers = [*zip(*(values_of[name] for name in names), strict=True)]
        supposed = {each: CheckedRow(0, dict(zip(names, each, strict=True)), _NONE, {}) for each in {*answers}}
        broken = {
            each for each, row in supposed.items() if rule_fault(column, row, reader.context, version=reader.version)
        }
        found |= {at for at, each in enumerate(answers) if each in broken} if broken else set()
    return found


def _judged(
    checked: CheckedRow, told: Mapping[str, Cell], cleared: set[str], row: Row, reader: Reader, issues: Issues
) -> CheckedRow:
    """The row with what is to be said of its cells, laid over the stored one if it corrects it, and its rules."""
    values = checked.values
    faulty: set[str] = set()
    reviewed: set[str] = set()
    columns = {column.name: column for column in reader.columns} if told else {}
    for column, cell in told.items():
        if cell.fault == "personal_data" and row.number in reader.context.text_reviewed:
            cell = Cell(row.cells[reader.header.index(column)].strip(), ("text_reviewed",))
            values = {**values, column: cell.value}
            reviewed.add(column)
        if cell.fault:
            faulty.add(column)
            issues.reject(cell.fault, row.number, checked.name(column), **_facts(columns[column], reader.context))
            continue
        for said in cell.notes:
            issues.note(said, checked.name(column), row.number, str(reader.epoch) if said == "excel_serial" else "")
    checked = checked._replace(values=values, faulty=frozenset(faulty), reviewed=frozenset(reviewed))
    if reader.context.correcting:
        checked = corrections.laid_over(checked, cleared, keys=reader.keys, stored=reader.stored, issues=issues)
    return checked._replace(faulty=checked.faulty | _rules(checked, reader, issues))


def _rules(checked: CheckedRow, reader: Reader, issues: Issues) -> frozenset[str]:
    """The columns whose emptiness, skip rule or constraint is at fault."""
    faulty: set[str] = set()
    for column in reader.ruled:
        if reader.context.correcting and not corrections.concerns(column, checked, keys=reader.keys):
            continue
        if column.name not in checked.faulty and (
            fault := rule_fault(column, checked, reader.context, version=reader.version)
        ):
            faulty.add(column.name)
            issues.reject(fault, checked.number, checked.name(column.name), **_facts(column, reader.context))
    return frozenset(faulty)


def rule_fault(column: Column, checked: CheckedRow, context: Context, *, version: str) -> str:
    """What emptiness, the skip rule or the constraint of the column forbids in the row; ``version``: the form's."""
    value, today = checked.values[column.name], context.today
    relevant = True
    if column.relevant:
        rule = expressions.parse(column.relevant)
        if checked.faulty & set(rule.names):
            return ""  # whether this was to be asked is not known before that answer is corrected
        relevant = rule.holds(checked.values, today=today)
    if value is None:
        # Another version of the form may not have asked this at all.
        other = column.answer and checked.values.get("form_version") not in (None, version)
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
    return corrections.consent_fault(column, checked, context) if checked.before is not None else ""


def _facts(column: Column, context: Context) -> dict[str, object]:
    """What sentences may say of a column: its form, never its answers."""
    return {
        "scale": column.scale,
        "waves": ", ".join(wave.id for wave in context.waves),
        "table": column.reference.partition(".")[0],
        "start": context.period_start.isoformat(),
        "end": context.period_end.isoformat() if context.period_end else "",
    }
