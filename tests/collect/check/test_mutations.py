"""Whatever became of a file on its way: no traceback, nothing stored that the form forbids, every row accounted for."""

from __future__ import annotations

import dataclasses
import io
import itertools
import random
import re
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation import xlsform
from evaluation.collect.check import checking, plain_row
from evaluation.collect.check.checking import check
from evaluation.collect.check.context import Context
from evaluation.collect.files.reading import read
from evaluation.collect.files.sheet import Row, Sheet
from evaluation.collect.personal_data import looks_personal
from evaluation.errors import FileRefused
from evaluation.schema import Instrument
from tests.collect.intake_forms import BAD, COLUMNS, CONTEXT, DATA, FORM

PUBLIC = DATA / "public_intake"
ANKIETA = xlsform.read(PUBLIC / "ankieta.md")
PEOPLE = dataclasses.replace(
    CONTEXT, names={}, participants={f"P-{n:03d}" for n in range(1, 41)}, participant_pattern=r"P-\d{3}"
)
FILES = [
    *((BAD / name, FORM, CONTEXT) for name in ("clean.csv", "semicolon.csv", "encoding_cp1250.csv", "total_row.xlsx")),
    *(
        (PUBLIC / name, ANKIETA, PEOPLE)
        for name in ("odk_central.csv", "msdos_cp852.csv", "e_real.xlsx", "strict.xlsx")
    ),
    *((PUBLIC / name, ANKIETA, PEOPLE) for name in ("k_split_only_partial_blank.csv", "merged_participant.xlsx")),
]
ODDITIES = (
    *("", " ", "\u00a0", "0", "-1", "99", "1e9", "45718", "600123456", "=1+1", "#N/A", "NaN", "n/a", "odmowa", "P-001"),
    *("Raczej prawda", "1;2", "home street", "01/02/2025", "31.02.2025", "ż", "Ă³", "\u202e", "\x00", '"', "\n", ";"),
    *("a" * 40_000, "１", "t0", "razem", "true", "{}", "<x>", "\ufeff", "2025-02-03", "Wejście (T0)", "_x0000_"),
)


def sent(folder: Path, content: bytes, ending: str, form: Instrument, context: Context) -> None:
    """Reads and checks the file; fails where a row is lost or something is stored that the form forbids."""
    path = folder / f"sent{ending}"
    path.write_bytes(content)
    try:
        sheet = read(path, expected=COLUMNS if form is FORM else [item.id for item in form.items])
        result = check(sheet, form, context)
    except FileRefused:
        return
    told = [*result.accepted_rows, *result.repeated, *result.rejected_rows]
    assert sorted(set(told)) == sorted({row.number for row in sheet.rows})
    for values in result.accepted:
        assert_allowed(values, form, context, sheet)


def assert_allowed(values: object, form: Instrument, context: Context, sheet: Sheet) -> None:
    assert isinstance(values, Mapping)
    assert values["participant"] in context.participants
    assert values["wave"] in {wave.id for wave in context.waves}
    assert context.period_start.isoformat() <= values["date"] <= context.today.isoformat()
    for item in form.items:
        value = values.get(item.id)
        if value is None or value in item.missing:
            continue
        codes = {choice.name for choice in item.choices}
        if codes:
            assert set(value.split()) <= codes
        elif item.kind in ("integer", "decimal"):
            assert re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII)
            assert item.low is None or float(value) >= item.low
            assert len(value) < 12
        elif item.kind == "date":
            assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII)
        else:
            assert len(value) <= 32_767
            assert not re.search(r"[\x00-\x08]", value)


QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(st.sampled_from(FILES), st.integers(0, 2**32))
def test_bytes_that_change_on_the_way_harm_nothing(
    tmp_path: Path, file: tuple[Path, Instrument, Context], seed: int
) -> None:
    path, form, context = file
    content = bytearray(path.read_bytes())
    dice = random.Random(seed)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(content))
        match dice.randrange(4):
            case 0:
                content[at] = dice.randrange(256)
            case 1:
                del content[at : at + dice.randint(1, 40)]
            case 2:
                content[at:at] = bytes(dice.choice((content[at : at + 30], b'"', b"\n", b";", b"\xff\xfe", b"\0")))
            case 3:
                content = content[: at + 1]
        if not content:
            return
    sent(tmp_path, bytes(content), path.suffix, form, context)


@QUICK
@given(st.sampled_from([file for file in FILES if file[0].suffix == ".csv"]), st.integers(0, 2**32))
def test_cells_that_somebody_changes_harm_nothing(
    tmp_path: Path, file: tuple[Path, Instrument, Context], seed: int
) -> None:
    path, form, context = file
    dice = random.Random(seed)
    text = path.read_bytes().decode("cp1250", "replace")
    mark = ";" if text.splitlines()[0].count(";") > 3 else ","
    rows = [line.split(mark) for line in text.splitlines()]
    for _ in range(dice.randint(1, 8)):
        row = dice.choice(rows)
        row[dice.randrange(len(row))] = dice.choice(ODDITIES)
    lines = [mark.join(row) for row in rows]
    if dice.random() < 0.3:
        lines.insert(dice.randrange(len(lines)), dice.choice((lines[0], "", mark * 3, "Razem")))
    sent(
        tmp_path, "\n".join(lines).encode(dice.choice(("utf-8", "cp1250", "utf-16")), "replace"), ".csv", form, context
    )


@QUICK
@given(st.sampled_from([file for file in FILES if file[0].suffix == ".xlsx"]), st.integers(0, 2**32))
def test_parts_of_a_workbook_that_change_harm_nothing(
    tmp_path: Path, file: tuple[Path, Instrument, Context], seed: int
) -> None:
    path, form, context = file
    dice = random.Random(seed)
    changed = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(changed, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            if name.endswith((".xml", ".rels")) and dice.random() < 0.5:
                part = _altered(part, dice)
            if dice.random() > 0.03:
                after.writestr(name, part)
    sent(tmp_path, changed.getvalue(), ".xlsx", form, context)


def _altered(part: bytes, dice: random.Random) -> bytes:
    """The part with some of its values, references or words replaced."""
    places = list(re.finditer(rb'(?<=>)[^<>]+(?=<)|(?<==")[^"]*(?=")', part))
    for place in sorted(dice.sample(places, min(len(places), dice.randint(1, 4))), key=lambda each: -each.start()):
        new = dice.choice(
            (b"", b"-1", b"99999999999", b"A1048577", b"s", b"d", b"e", b"1.5e308", b"nan", b"0", b"_x0000_")
        )
        part = part[: place.start()] + new + part[place.end() :]
    return part


def test_time_grows_with_the_file_and_not_with_its_square(tmp_path: Path) -> None:
    head = "participant,wave,date," + ",".join(item.id for item in ANKIETA.items)
    row = "P-001,t0,2025-02-03,1,2,3,4,1,0,,home,120.5,2025-02-01,źle śpi"
    path = tmp_path / "long.csv"
    spent = []
    for lines in (2_000, 20_000):
        path.write_text("\n".join([head, *[row] * lines]), encoding="utf-8")
        begun = time.process_time()
        assert len(read(path, expected=["participant", "wave"]).rows) == lines
        spent.append(time.process_time() - begun)
    assert spent[1] < 40 * spent[0]


def test_a_long_remark_is_looked_through_in_time() -> None:
    begun = time.process_time()
    assert not looks_personal("a b " * 8_000)
    assert time.process_time() - begun < 20
    assert looks_personal("a b " * 3_000 + "tel. 600 123 456" + " a b" * 3_000)


LONG = 30_000
GAPS = {
    "spaces": "x" + " " * LONG + "y",
    "points": "x" + "." * LONG + "y",
    "stars": "*" * LONG + "x",
    "brackets": "(" * LONG,
    "zeros": "0" * LONG + "x",
}


def test_a_long_run_of_one_sign_in_a_cell_is_looked_through_once(tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    row = ["P-001", "t0", "2025-02-03", "1", "2", "3", "4", "1", "0", "", "home", "120.5", "2025-02-01", "źle śpi"]
    lines = [["participant", "wave", "date", *(item.id for item in ANKIETA.items)]]
    lines += [[*row[:at], gap, *row[at + 1 :]] for gap in GAPS.values() for at in (0, 1, 4)]
    path.write_text("\n".join(map(",".join, lines)), encoding="utf-8")
    begun = time.process_time()
    result = check(read(path, expected=["participant", "wave"]), ANKIETA, PEOPLE)
    assert time.process_time() - begun < 5  # a second and more for each cell, where every place is a new beginning
    assert len(result.rejected_rows) == len(GAPS) * 3


def test_one_code_in_all_rows_takes_time_as_there_are_rows() -> None:
    answers = ("1", "2", "3", "4", "1", "0", "", "home", "120.5", "2025-02-01")
    rows = tuple(
        Row(at + 2, ("P-001", ("baseline", "endline")[at % 2], f"2025-{at % 12 + 1:02d}-03", *answers, f"{at}"))
        for at in range(12_000)
    )
    header = ("participant", "wave", "date", *(item.id for item in ANKIETA.items))
    begun = time.process_time()
    result = check(Sheet("one.csv", header, rows), ANKIETA, PEOPLE)
    assert time.process_time() - begun < 4  # twice and more, where each row is compared with all others
    assert {rejection.reason for rejection in result.rejected} == {"duplicate_key", "wave_order"}
    assert len(result.rejected_rows) == 12_000


WHOLE = dict(
    zip(
        ("participant", "wave", "date", "form_version", *(item.id for item in ANKIETA.items)),
        ("P-001", "baseline", "2025-02-03", "v1", *"123411", "2", "home street", "120.5", "2025-02-01", "sleeps badly"),
        strict=True,
    )
)
PAGES = (
    WHOLE | {"date": PEOPLE.period_start.isoformat()},
    WHOLE | {"threat": "0", "threat_times": "", "date": PEOPLE.today.isoformat()},
    {name: cell for name, cell in reversed(WHOLE.items()) if name != "form_version"} | {"language": "uk"},
)
STORED = {("P-001", "endline"): WHOLE | {"wave": "endline", "date": "2025-06-05"}}
AT_HAND = (
    *(*ODDITIES, "1", "2", "5", "98", "v0", "home", "none", "none home", "street home", "1.234", "t1", "endline"),
    *("2025-06-05", "2025-07-01", "2013-12-31", "2026-01-16", "P-009", "P-055", "KC-001", "yes"),
)


@pytest.mark.parametrize("page", PAGES)
def test_a_row_that_is_read_at_once_says_what_the_check_of_whole_columns_says(page: Mapping[str, str]) -> None:
    context = dataclasses.replace(PEOPLE, existing={ANKIETA.id: STORED}, erased={"P-009"})
    for column, text in itertools.product(page, AT_HAND):
        sent = Row(1, tuple({**page, column: text}.values()))
        for row in (sent, *([dataclasses.replace(sent, faults={0: "merged"})] if text == "1" else [])):
            for each in (context, *([dataclasses.replace(context, stopped=True)] if text in ("", "98") else [])):
                sheet = Sheet("page", tuple(page), (row,))
                at_once, closely = judged(sheet, each), judged(sheet, each, at_once=lambda *_, **__: None)
                assert at_once == closely, (column, text)


def judged(sheet: Sheet, context: Context, *, at_once: Any = plain_row.read) -> object:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(plain_row, "read", at_once)
        try:
            return check(sheet, ANKIETA, context)
        except FileRefused as refused:
            return str(refused)


def test_what_a_page_sends_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_at(*_: object, **__: object) -> None:
        raise AssertionError("the row was looked at column by column")

    monkeypatch.setattr(checking, "reader_of", looked_at)
    for page in PAGES:
        sent = Sheet("page", tuple(page), (Row(1, tuple(page.values())),))
        (values,) = check(sent, ANKIETA, PEOPLE).accepted
        assert {name: value for name, value in values.items() if value} == {n: c for n, c in page.items() if c}
