"""Whatever a correction sends of whatever row, what it does not send stays, in every table and layout."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from evaluation.collect.files.sheet import Row as SheetRow
from evaluation.collect.files.sheet import Sheet
from evaluation.collect.lookup import text_of
from evaluation.collect.record.replay import Row
from evaluation.collect.submit import Submission, submit
from evaluation.errors import FileRefused
from evaluation.project import Project
from evaluation.schema import Import, Instrument
from tests.conftest import Folder

TODAY = dt.date(2016, 12, 31)
BLANK = ("", " ", "\u00a0", "\u200b", "\t ")
CLEARED = ("(empty)", "(puste)")


Rows = dict[str, dict[str, Row]]


@pytest.fixture(scope="module")
def project(reference: Folder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The filled reference project, to be corrected over and over."""
    path = Path(shutil.copytree(reference.path, tmp_path_factory.mktemp("corrected") / "project"))
    with Folder(path, path / reference.key_file.name).open() as opened:
        yield opened


@pytest.fixture(scope="module")
def first(project: Project) -> Rows:
    """The rows of every table and questionnaire before any correction, by submission id."""
    return held(project)


def held(project: Project) -> Rows:
    forms = [*project.declaration.tables, *project.declaration.instruments]
    content = project.store.content()
    found = {form: {row.id: row for row in content.of(form)} for form in forms}
    return {form: rows for form, rows in found.items() if any(own_columns(project, row) for row in rows.values())}


def own_columns(project: Project, row: Row) -> list[str]:
    """The columns that may be corrected in a row: those of the form, its key apart."""
    declared = project.declaration.form(row.table)
    names = (
        [item.id for item in declared.items if item.kind != "note"] + ["date"]
        if isinstance(declared, Instrument)
        else [field.name for field in declared.fields]
    )
    return [name for name in names if name not in row.key]


def correct(project: Project, form: str, header: Sequence[str], cells: Sequence[str], by: Import | None = None) -> bool:
    """Whether the one row was stored; it may be rejected or change nothing."""
    sent = Sheet("sent", tuple(header), (SheetRow(2, tuple(cells)),))
    declared = project.declaration.form(form)
    submission = Submission(sent, declared, actor="tester", today=TODAY, imported=by, correct=True)
    return bool(submit(submission, project.store, declaration=project.declaration).stored)


def now(project: Project, row: Row) -> Row:
    found = project.store.ask(lambda current: current.row(row.table, row.place))
    assert found is not None
    return found


def changed(before: Row, after: Row) -> set[str]:
    """The columns that hold something else."""
    names = {*before.values, *after.values}
    return {name for name in names if before.values.get(name) != after.values.get(name)}


def draw_correction(chance: Random, project: Project, rows: Rows, forms: Sequence[str]) -> tuple[Row, dict[str, str]]:
    """A row of one of the forms and what is sent of it: cells of other rows, blanks, or the word that clears."""
    form = chance.choice(sorted(forms))
    row = chance.choice(list(rows[form].values()))
    own = own_columns(project, row)
    columns = chance.sample(own, chance.randint(0, min(4, len(own))))
    sent = {}
    for column in columns:
        cells = [text for other in [*rows[form].values()][:40] if (text := text_of(other.values.get(column)))]
        sent[column] = chance.choice([*BLANK, *CLEARED, *dict.fromkeys(cells)])
    return row, sent


TOUCHED: set[str] = set()
"""The ids of rows that were corrected."""

DRAWN = settings(
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.generate,),  # each example goes on from the record that the one before left
    suppress_health_check=list(HealthCheck),
)


@given(chance=st.randoms(use_true_random=True))
@DRAWN
def test_a_column_that_is_not_sent_and_an_empty_cell_change_nothing(
    project: Project, first: Rows, chance: Random
) -> None:
    row, sent = draw_correction(chance, project, first, list(first))
    newer = {"_uuid": "u", "__version__": "v9"} if row.table in project.declaration.instruments else {}
    version = newer if chance.random() < 0.5 else {}  # an export of a newer form
    before = now(project, row)
    cells = (*row.place, *sent.values(), *version.values())
    stored = correct(project, row.table, (*row.key, *sent, *version), cells)
    found = changed(before, now(project, row))
    assert found - {"form_version"} <= {name for name, cell in sent.items() if cell not in BLANK}
    assert "form_version" not in found or version
    assert bool(found - {"form_version"}) == stored
    TOUCHED.add(row.id)


@given(chance=st.randoms(use_true_random=True))
@DRAWN
def test_a_wide_file_changes_the_waves_and_items_that_it_sends_and_no_others(
    project: Project, first: Rows, chance: Random
) -> None:
    row, sent = draw_correction(
        chance, project, first, [form for form in first if form in project.declaration.instruments]
    )
    form = project.declaration.instruments[row.table]
    items = [item.id for item in form.items if item.kind != "note"]
    waves = [wave.id for wave in project.declaration.file.waves]
    columns = {wave: {item: f"{item}.{wave}" for item in items} for wave in waves}
    wide = Import(instrument=form.id, participant="id", columns=columns, dates=dict.fromkeys(waves, TODAY))
    sent.pop("date", None)
    person, wave = row.place
    before = now(project, row)
    header = ("id", *(f"{item}.{wave}" for item in sent))
    with contextlib.suppress(FileRefused):  # there is nothing in it
        correct(project, form.id, header, (person, *sent.values()), wide)
    assert changed(before, now(project, row)) <= {name for name, cell in sent.items() if cell not in BLANK}
    TOUCHED.add(row.id)


def test_all_other_rows_are_as_they_were_and_some_correction_did_change_something(
    project: Project, first: Rows
) -> None:
    last = held(project)
    assert {form: set(rows) for form, rows in last.items()} == {form: set(rows) for form, rows in first.items()}
    different = {id for form, rows in first.items() for id, row in rows.items() if changed(row, last[form][id])}
    assert different <= TOUCHED
    row = next(row for row in last["participants"].values() if row.values.get("age_band"))
    assert correct(project, "participants", ("participant", "age_band"), (*row.place, "(empty)"))
    assert changed(row, now(project, row)) == {"age_band"}
