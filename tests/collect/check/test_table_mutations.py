"""Whatever became of a file of any table on its way: no traceback, nothing that the schema forbids, no row lost."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation import descriptors, example
from evaluation.collect.check.checking import check
from evaluation.collect.check.columns import Column, columns_of
from evaluation.collect.check.context import Context
from evaluation.collect.files.reading import read
from evaluation.errors import FileRefused
from evaluation.project import folder as folders
from evaluation.schema import Declaration

TABLES = descriptors.tables()
ODDITIES = (
    *("", " ", "\u00a0", "0", "-1", "-3", "99", "1e9", "1,5", "1.5", "3,", "45718", "600123456", "=1+1", "#N/A", "NaN"),
    *("n/a", "odmowa", "P-001", "P-999", "p-001", "Polska", "PL", "pl", "K", "x", "tak", "TRUE", "0-17", "24", "1800"),
    *(
        "01/02/2025",
        "13/13/2025",
        "31.02.2025",
        "2025-02-30",
        "2099-01-01",
        "03.02.25",
        "luty 2025",
        "2025-13",
        "02/2025",
    ),
    *("ż", "Ă³", "\u202e", "\x00", '"', "\n", ";", "a" * 40_000, "１", "٣", "razem", "{}", "\ufeff", "_x0000_", "inf"),
    *("anna@example.org", "tel. 600 123 456", "2025-02-03 12:00:00", "true;false", "polish", "S-1", "baseline", "-0"),
)


@dataclasses.dataclass(frozen=True, repr=False)
class Setting:
    """Rows of every table, and what is known beside them."""

    rows: dict[str, list[dict[str, str]]]
    context: Context


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    """Some rows of every table of a fictional project, and what is known beside them."""
    folder = tmp_path_factory.mktemp("tables") / "project"
    folders.make(folder, "reference")
    declaration: Declaration = folders.read(folder)
    rows = example.rows(declaration, example.REFERENCE)
    known = {"aggregate_counts": [*example.SHELTER.aggregates], **{name: rows[name] for name in {*TABLES} & {*rows}}}
    context = Context(
        participants={row["participant"] for row in known["participants"]},
        waves=declaration.file.waves,
        today=declaration.file.period_end + dt.timedelta(days=30),
        period_start=declaration.file.period_start,
        period_end=declaration.file.period_end,
        existing={"participants": {(row["participant"],): {**row} for row in known["participants"]}},
        known={
            "sessions.session": {row["session"] for row in known["sessions"]},
            "courses.course": {row["course"] for row in known["courses"]},
        },
    )
    return Setting({name: listed[:12] for name, listed in known.items()}, context)


def beside(table: str, context: Context) -> Context:
    """What is known beside a file of the table; a list of participants is their first."""
    return dataclasses.replace(context, existing={}) if table == "participants" else context


def allowed(value: str | None, column: Column, context: Context, form: str) -> bool:
    """Whether the schema lets a stored cell be so."""
    if value is None:
        return not column.required
    match column.kind:
        case "participant":
            return value in context.participants
        case "reference":
            return value in context.known[column.reference]
        case "code":
            return value in column.codes
        case "wave":
            return value in {wave.id for wave in context.waves}
        case "boolean":
            return value in ("true", "false")
        case "date":
            return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII)) and value <= context.today.isoformat()
        case "month":
            return bool(re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value, re.ASCII))
        case "integer" | "decimal":
            form_of = r"-?\d{1,12}" if column.kind == "integer" else r"-?\d{1,12}(\.\d+)?"
            low, high = (
                (column.low if column.low is not None else -1e12),
                (column.high if column.high is not None else 1e12),
            )
            return bool(re.fullmatch(form_of, value, re.ASCII)) and low <= float(value) <= high
        case _:
            plain = len(value) <= 32_767 and not re.search(r"[\x00-\x08]", value) and value == value.strip()
            return plain and (not column.pattern or bool(re.fullmatch(column.pattern, value, re.ASCII)))


def sent(path: Path, table: str, context: Context) -> None:
    """Reads and checks the file; fails where a row is lost or something is accepted that the schema forbids."""
    form, context = TABLES[table], beside(table, context)
    try:
        sheet = read(path, expected=[entry.name for entry in form.fields])
        result = check(sheet, form, context)
    except FileRefused:
        return
    told = [*result.accepted_rows, *result.repeated, *result.rejected_rows]
    assert sorted(told) == sorted({row.number for row in sheet.rows})
    columns = columns_of(form, context)
    for values in result.accepted:
        wrong = [each.name for each in columns if not allowed(values.get(each.name), each, context, form.name)]
        assert wrong == [], {name: values.get(name) for name in wrong}
    keys = [tuple(values[name] for name in form.key) for values in result.accepted]
    assert len(keys) == len(set(keys))


QUICK = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def text_of(rows: list[dict[str, str]], delimiter: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*rows[0]], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("table", TABLES)
def test_the_rows_that_are_changed_are_right_as_they_are(setting: Setting, tmp_path: Path, table: str) -> None:
    rows, context = setting.rows, setting.context
    path = tmp_path / "sent.csv"
    path.write_text(text_of(rows[table], ";"), encoding="utf-8", newline="")
    result = check(read(path), TABLES[table], beside(table, context))
    assert (result.rejected, len(result.accepted)) == ((), len(rows[table]))


@pytest.mark.parametrize("table", TABLES)
@QUICK
@given(seed=st.integers(0, 2**32))
def test_cells_and_lines_that_somebody_changes_harm_no_table(
    setting: Setting, tmp_path: Path, table: str, seed: int
) -> None:
    rows, context = setting.rows, setting.context
    dice = random.Random(seed)
    changed = [{**row} for row in rows[table]]
    for _ in range(dice.randint(1, 8)):
        row = dice.choice(changed)
        row[dice.choice([*row])] = dice.choice(ODDITIES)
    if dice.random() < 0.4:
        changed.insert(dice.randrange(len(changed)), {**dice.choice(changed)})
    if dice.random() < 0.2:
        gone = dice.choice([*changed[0]])
        changed = [{name: cell for name, cell in row.items() if name != gone} for row in changed]
    text = text_of(changed, dice.choice((";", ",", "\t")))
    if dice.random() < 0.3:
        lines = text.split("\r\n")
        lines.insert(dice.randrange(len(lines)), dice.choice((lines[0], "", ";;;", "Razem;;12", "Sporządziła: A. B.")))
        text = "\r\n".join(lines)
    path = tmp_path / "sent.csv"
    path.write_bytes(text.encode(dice.choice(("utf-8", "utf-8-sig", "cp1250", "utf-16")), "replace"))
    sent(path, table, context)


@pytest.mark.parametrize("table", TABLES)
@QUICK
@given(seed=st.integers(0, 2**32))
def test_bytes_that_change_on_the_way_harm_no_table(setting: Setting, tmp_path: Path, table: str, seed: int) -> None:
    rows, context = setting.rows, setting.context
    dice = random.Random(seed)
    content = bytearray(text_of(rows[table], ";").encode())
    for _ in range(dice.randint(1, 5)):
        at = dice.randrange(len(content))
        match dice.randrange(3):
            case 0:
                content[at] = dice.randrange(256)
            case 1:
                del content[at : at + dice.randint(1, 40)]
            case _:
                content[at:at] = bytes(dice.choice((content[at : at + 30], b'"', b"\n", b";", b"\xef\xbb\xbf", b"\0")))
    path = tmp_path / "sent.csv"
    path.write_bytes(bytes(content))
    sent(path, table, context)
