"""A questionnaire goes to Kobo and ODK as a workbook, and a workbook is read as the Markdown is."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import openpyxl
import pytest

from evaluation import xlsform
from evaluation.blank_forms.xlsform_file import workbook
from evaluation.errors import BadDeclaration
from evaluation.project.folder import make, questionnaire_path
from evaluation.resources import folder
from evaluation.schema import Wave
from evaluation.xlsform.instrument import sheets_of

PATHS = sorted((folder("data_schema") / "questionnaires").glob("*.md"))
EACH = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
WAVES = (
    Wave("baseline", {"en": "in", "pl": "wejście"}, 0),
    Wave("six_weeks", {"en": "6 weeks", "pl": "6 tygodni"}, 42),
)


def written(path: Path, to: Path, waves: tuple[Wave, ...] = ()) -> Path:
    made = to / f"{path.stem}.xlsx"
    made.write_bytes(workbook(sheets_of(path), waves))
    return made


@EACH
def test_pyxform_converts_the_workbook_without_a_warning(path: Path, tmp_path: Path) -> None:
    from pyxform.xls2xform import convert

    made = convert(str(written(path, tmp_path, WAVES)))
    assert made.warnings == []
    assert "six_weeks" in made.xform
    assert "follow_up" not in made.xform
    for item in xlsform.read(path).items:
        assert f'nodeset="/data/{item.id}"' in made.xform


@EACH
def test_the_workbook_is_read_back_as_the_same_questionnaire(path: Path, tmp_path: Path) -> None:
    assert xlsform.read(written(path, tmp_path)) == xlsform.read(path)


def test_the_waves_are_those_of_the_project_with_the_words_of_the_form_where_it_has_them(tmp_path: Path) -> None:
    path = next(path for path in PATHS if path.stem == "security")
    rows = sheets_of(written(path, tmp_path, WAVES)).choices("wave")
    assert [(row["name"], row.labels()) for row in rows] == [
        ("baseline", {"en": "At the start", "pl": "Na początku udziału"}),
        ("six_weeks", {"en": "6 weeks", "pl": "6 tygodni"}),
    ]


RATED = """| survey |
| | type | name | label | kobo--score-choices |
| | select_one etap | wave | Meeting | |
| | begin_score | rated | Mother | often |
| | score__row | warm | Warm | |
| | end_score | | | |
| | range | pain | Pain | |
| choices |
| | list_name | name | label |
| | often | 1 | never |
| | often | 2 | often |
| | etap | baseline | First |
| settings |
| | form_id | version | form_title |
| | rated | 1 | Rated |
"""


def test_what_only_kobo_knows_goes_out_as_odk_knows_it_with_the_waves_in_whatever_list(tmp_path: Path) -> None:
    from pyxform.xls2xform import convert

    (tmp_path / "rated.md").write_text(RATED, encoding="utf-8")
    path = written(tmp_path / "rated.md", tmp_path, WAVES)
    made = convert(str(path))
    assert made.warnings == []
    for part in ("six_weeks", 'nodeset="/data/rated/warm"', 'ref="/data/rated/rated_header"', "<range "):
        assert part in made.xform
    assert [row["name"] for row in sheets_of(path).choices("etap")] == ["baseline", "six_weeks"]
    read = xlsform.read(path)
    assert read == dataclasses.replace(xlsform.read(tmp_path / "rated.md"), waves=read.waves)


def edited(tmp_path: Path, sheet: str, row: int, column: str, value: object) -> str:
    """What is said of the questionnaire 'first_aid' with one cell of its workbook changed."""
    path = written(next(path for path in PATHS if path.stem == "first_aid"), tmp_path)
    book = openpyxl.load_workbook(path)
    at = next(cell.column for cell in book[sheet][1] if cell.value == column)
    book[sheet].cell(row, at, value)
    book.save(path)
    with pytest.raises(BadDeclaration) as caught:
        xlsform.read(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "said"),
    [
        ("survey", 6, "type", "select_one nowhere", "there is no choice list 'nowhere'"),
        ("choices", 4, "name", "two words", "has a space in it"),
        ("scales", 2, "transform", "product", "transform cannot be 'product'"),
        ("settings", 2, "form_id", "second_aid", "make them equal"),
        ("survey", 1, "key", "keys", "the column 'keys' is not known"),
        ("survey", 1, "key", "scale", "column"),
    ],
)
def test_a_fault_in_a_workbook_names_file_sheet_and_row(
    tmp_path: Path, sheet: str, row: int, column: str, value: str, said: str
) -> None:
    sentence = edited(tmp_path, sheet, row, column, value)
    assert f"first_aid.xlsx, sheet '{sheet}', row {row}: " in sentence
    assert said in sentence


def test_numbers_typed_as_numbers_and_sheets_for_people_change_nothing(tmp_path: Path) -> None:
    path = written(PATHS[0], tmp_path)
    before = xlsform.read(path)
    book = openpyxl.load_workbook(path)
    for row in book["choices"].iter_rows(min_row=2):
        for cell in row:
            cell.value = int(cell.value) if str(cell.value).isdecimal() else cell.value
    book["settings"].cell(2, [cell.value for cell in book["settings"][1]].index("version") + 1, 1.0)
    book.create_sheet("How to use", 0).append(["Read this first", "type", "name"])
    book.save(path)
    assert xlsform.read(path) == before


@pytest.mark.parametrize("name", ["Choice", "surveys", "external_choices", "settings2"])
def test_a_sheet_that_is_nearly_called_as_one_of_the_form_is_not_passed_over(tmp_path: Path, name: str) -> None:
    path = written(PATHS[0], tmp_path)
    book = openpyxl.load_workbook(path)
    book.create_sheet(name).append(["list_name"])
    book.save(path)
    with pytest.raises(BadDeclaration, match="sheet"):
        xlsform.read(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"name;label\n"])
def test_what_is_no_workbook_is_told_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "small.xlsx"
    path.write_bytes(content)
    with pytest.raises(BadDeclaration, match=r"small\.xlsx: this is no Excel workbook"):
        xlsform.read(path)


def test_a_project_keeps_a_questionnaire_as_a_workbook_or_as_markdown_but_not_as_both(tmp_path: Path) -> None:
    make(tmp_path / "project", "new")
    own = tmp_path / "project" / "questionnaires"
    path = written(next(path for path in PATHS if path.stem == "security"), own)
    assert questionnaire_path(tmp_path / "project", "security") == path
    (own / "security.md").write_text("| survey |\n", encoding="utf-8")
    with pytest.raises(BadDeclaration, match=r"security\.md.*security\.xlsx"):
        questionnaire_path(tmp_path / "project", "security")


def test_a_cell_that_begins_like_a_formula_stays_text(tmp_path: Path) -> None:
    form = sheets_of(PATHS[0])
    first = form.rows["survey"][3]
    altered = dataclasses.replace(first, cells={**first.cells, "label::English (en)": "=1+1 is two"})
    rows = {**form.rows, "survey": (*form.rows["survey"][:3], altered, *form.rows["survey"][4:])}
    path = tmp_path / f"{PATHS[0].stem}.xlsx"
    path.write_bytes(workbook(dataclasses.replace(form, rows=rows), ()))
    assert sheets_of(path).rows["survey"][3]["label::English (en)"] == "=1+1 is two"
