"""A workbook that goes out comes back filled in: what it offers is what intake reads."""

from __future__ import annotations

import dataclasses
import datetime as dt
import stat
import warnings
from pathlib import Path

import openpyxl
import pytest

from evaluation import descriptors, xlsform
from evaluation.blank_forms import stamp
from evaluation.blank_forms.asked import Asked, asked
from evaluation.blank_forms.stamp import Stamp
from evaluation.blank_forms.workbook import BOTH, LISTS, Blank, entry, workbook
from evaluation.collect.access import keys
from evaluation.collect.check.cells.values import boolean_of, choice_of, wave_of
from evaluation.collect.check.columns import columns_of
from evaluation.collect.check.context import Context
from evaluation.collect.files.workbooks.reading import KIT
from evaluation.collect.record.store import Store
from evaluation.collect.submit import Submitted
from evaluation.errors import BadArgument
from evaluation.project import Project, blanks
from evaluation.project.folder import make, read
from evaluation.project.intake.incoming import take_in
from evaluation.resources import folder
from evaluation.schema import Declaration, Form, Instrument

TODAY = dt.date(2026, 11, 2)
CONSENTS = {"consent_service": "yes / tak", "consent_reporting": "yes / tak"}


def declared(tmp_path: Path) -> Declaration:
    make(tmp_path / "project", "reference")
    instruments = {path.stem: xlsform.read(path) for path in (folder("data_schema") / "questionnaires").glob("*.md")}
    return dataclasses.replace(read(tmp_path / "project"), instruments=instruments)


@pytest.fixture(scope="module")
def declaration(tmp_path_factory: pytest.TempPathFactory) -> Declaration:
    return declared(tmp_path_factory.mktemp("declared"))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    declaration = declared(tmp_path)
    store = Store.create(tmp_path / "project", keys.passphrase("long enough words"), slot="Anna", cost=2**4)
    return Project(tmp_path / "project", declaration, store, keys.DataKey(b"k" * 32))


FORMS = [*descriptors.tables(), *(path.stem for path in (folder("data_schema") / "questionnaires").glob("*.md"))]


def made(declaration: Declaration, name: str, path: Path, **codes: list[str]) -> openpyxl.Workbook:
    blanks.template(declaration, name, path, codes=codes)
    return openpyxl.load_workbook(path)


def checked(declaration: Declaration, form: Form) -> dict[str, object]:
    file = declaration.file
    context = Context(participants=set(), waves=file.waves, today=TODAY, period_start=file.period_start)
    return {column.name: column for column in columns_of(form, context)}


@pytest.mark.parametrize("name", FORMS)
def test_whatever_a_drop_down_offers_is_read_back_as_its_code(declaration: Declaration, name: str) -> None:
    form = declaration.form(name)
    columns = checked(declaration, form)
    offered = asked(form, declaration, codes={})
    assert [column.name for column in offered] == [each for each in columns if each != "form_version"]
    for each in offered:
        column = columns[each.name]
        entries = [entry(code, labels, declaration.file.languages) for code, labels in each.options.items()]
        if each.kind == "choice":
            assert len(set(entries)) == len(entries), each.name
            how = wave_of if column.kind == "wave" else choice_of  # type: ignore[attr-defined]
            if column.kind != "reference":  # type: ignore[attr-defined]
                assert [how(written, column).value for written in entries] == [*each.options], each.name


@pytest.mark.parametrize("name", FORMS)
def test_the_headings_are_locked_the_cells_are_not_and_every_column_says_what_may_stand_in_it(
    declaration: Declaration, name: str, tmp_path: Path
) -> None:
    book = made(declaration, name, tmp_path / "form.xlsx")
    sheet = book.worksheets[0]
    form = declaration.form(name)
    assert (sheet["A1"].value, sheet.protection.sheet, book.security.lockStructure) == (
        BOTH.join(dict.fromkeys((form.labels if isinstance(form, Instrument) else form.title).values())),
        True,
        True,
    )
    assert [page.sheet_state for page in book.worksheets[1:]] == ["veryHidden", "veryHidden"]
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$2:$4"
    for cell in sheet[4]:
        assert cell.protection.locked
        assert not sheet.column_dimensions[cell.column_letter].protection.locked
        assert sheet.cell(2, cell.column).comment.text.strip()


def test_drop_downs_dates_and_ends_of_numbers_are_checked_by_the_spreadsheet_too(
    declaration: Declaration, tmp_path: Path
) -> None:
    book = made(declaration, "budgeting", tmp_path / "form.xlsx")
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[4]]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    letters = [sheet.cell(5, at).column_letter for at in range(1, len(names) + 1)]
    by_name = {name: rules.get(f"{letter}5:{letter}2004") for name, letter in zip(names, letters, strict=True)}
    assert (by_name["date"].type, by_name["date"].operator) == ("date", "greaterThan")
    assert by_name["participant"] is None
    assert by_name["bud_06"] is None  # 998 and 999 stand for no answer, so a number outside its ends may stand there
    first, last = by_name["wave"].formula1.replace("$", "").removeprefix(f"{LISTS}!").split(":")
    assert [row[0].value for row in book[LISTS][first:last]] == [
        "start / początek", "mid-point / połowa", "end / koniec", "follow-up / obserwacja późniejsza"
    ]  # fmt: skip
    sessions = made(declaration, "sessions", tmp_path / "sessions.xlsx").worksheets[0]
    numbers = [rule for rule in sessions.data_validations.dataValidation if rule.type in ("whole", "decimal")]
    assert [(rule.operator, rule.formula1) for rule in numbers][:1] == [("between", numbers[0].formula1)]
    assert float(numbers[0].formula1) >= 0


def test_codes_of_participants_are_offered_only_where_they_were_asked_for_and_the_file_is_its_owners_alone(
    declaration: Declaration, tmp_path: Path
) -> None:
    plain, own = tmp_path / "plain.xlsx", tmp_path / "own.xlsx"
    assert not any(cell.value == "P-017" for row in made(declaration, "attendance", plain)[LISTS] for cell in row)
    book = made(declaration, "attendance", own, **{"participants.participant": ["P-003", "P-017"]})
    assert any(cell.value == "P-017" for row in book[LISTS] for cell in row)
    assert stat.S_IMODE(own.stat().st_mode) == 0o600
    assert stat.S_IMODE(plain.stat().st_mode) & 0o044


def filled(path: Path, *rows: dict[str, object]) -> None:
    """The workbook with these rows typed in, as a spreadsheet program saves it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[4]}
    for number, row in enumerate(rows, 5):
        for name, value in row.items():
            sheet.cell(number, at[name], value)
    book.save(path)


def sent(project: Project, path: Path) -> Submitted:
    return take_in(project, path, name="Ewa", today=TODAY)


def test_a_filled_workbook_comes_back_without_any_option_and_without_a_remark(project: Project, tmp_path: Path) -> None:
    people, answers = tmp_path / "people.xlsx", tmp_path / "answers.xlsx"
    blanks.template(project.declaration, "participants", people, codes={})
    start = project.declaration.file.period_start
    person = {
        "enrolled_on": start,
        "country": "Ukraine / Ukraina",
        "sex": "Female / Kobieta",
        "consent_service": "yes / tak",
    }
    filled(people, *({"participant": code, **person, "consent_reporting": "no / nie"} for code in ("P-001", "P-002")))
    taken = sent(project, people)
    assert (taken.stored, taken.rejected, taken.intakes[0].notes) == (2, 0, ())
    assert project.store.rows("participants")[0].values["country"] == "UA"
    assert project.store.rows("participants")[1].values["consent_reporting"] == "false"
    blanks.template(project.declaration, "security", answers, codes={})
    security = project.declaration.instruments["security"]
    disagree = entry("2", security.item("sec_01").choices[1].labels, ("en", "pl"))
    row = dict.fromkeys(security.scale("subjective").items, disagree)
    filled(
        answers,
        {
            "participant": "P-001",
            "wave": "start / początek",
            "date": start,
            **row,
            "sec_13": "No / Nie",
            "mode": "Filled in alone / Samodzielnie",
        },
    )
    taken = sent(project, answers)
    assert (taken.stored, taken.rejected, taken.intakes[0].notes) == (1, 0, ())
    (stored,) = project.store.rows("security")
    values = stored.values
    assert [values[name] for name in ("wave", "sec_01", "sec_13", "mode")] == ["baseline", "2", "0", "self"]
    assert stored.version == security.version


def test_what_was_typed_past_the_drop_downs_is_checked_again(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    blanks.template(project.declaration, "participants", path, codes={})
    day = project.declaration.file.period_start
    filled(
        path,
        {
            "participant": "Anna K.",
            "enrolled_on": day,
            "country": "Atlantis",
            "consent_service": "perhaps",
            "consent_reporting": "yes / nie",
        },
    )
    taken = sent(project, path)
    assert taken.stored == 0
    assert {(one.row, one.column, one.reason) for one in taken.intakes[0].rejected} >= {
        (5, "participant", "bad_code"),
        (5, "country", "unknown_choice"),
        (5, "consent_service", "not_boolean"),
        (5, "consent_reporting", "not_boolean"),
    }


def test_a_workbook_of_an_earlier_version_of_the_questionnaire_says_so_in_the_record(
    project: Project, tmp_path: Path
) -> None:
    people, answers = tmp_path / "people.xlsx", tmp_path / "answers.xlsx"
    blanks.template(project.declaration, "participants", people, codes={})
    day = project.declaration.file.period_start
    filled(
        people,
        {"participant": "P-001", "enrolled_on": day, **CONSENTS},
    )
    assert sent(project, people).stored == 1
    security = project.declaration.instruments["security"]
    columns = asked(security, project.declaration, codes={})
    answers.write_bytes(workbook(Blank(Stamp("security", "0.9"), security.labels, columns, ("en",))))
    book = openpyxl.load_workbook(answers)
    for cell in book.worksheets[0][3]:
        book.worksheets[0].cell(
            4, cell.column, {"participant": "P-001", "wave": "start", "date": day, "sec_01": "5"}.get(cell.value)
        )
    book.save(answers)
    taken = sent(project, answers)
    assert (taken.stored, [note.id for note in taken.intakes[0].notes]) == (1, ["other_version"])
    assert project.store.rows("security")[0].version == "0.9"


def test_a_workbook_that_does_not_say_what_it_is_has_to_be_named(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    blanks.template(project.declaration, "participants", path, codes={})
    assert stamp.of(path) == Stamp("participants")
    book = openpyxl.load_workbook(path)
    book.remove(book[stamp.SHEET])
    book.save(path)
    assert stamp.of(path) is None
    with pytest.raises(BadArgument):
        sent(project, path)
    for text in ("participant;enrolled_on\n", "PK but no workbook"):
        other = tmp_path / "list.csv"
        other.write_text(text, encoding="utf-8")
        assert stamp.of(other) is None


def test_one_language_gives_one_heading_and_a_list_of_many_is_sorted_by_what_is_read(tmp_path: Path) -> None:
    codes = {f"c{number}": {"en": f"{'zyxwv'[number % 5]}{number}"} for number in range(50)}
    made = workbook(
        Blank(Stamp("list"), {"en": "List"}, (Asked("one", {"en": "One"}, "choice", options=codes),), ("en",))
    )
    (tmp_path / "one.xlsx").write_bytes(made)
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    assert [row[0].value for row in book.worksheets[0].iter_rows(max_row=3)] == ["List", "One", "one"]
    offered = [row[0].value for row in book[LISTS].iter_rows()]
    assert offered == sorted(offered)
    assert len(offered) == 50


@pytest.mark.parametrize(
    ("text", "value"),
    [("yes / tak", "true"), ("Tak / Yes", "true"), ("no / nie", "false"), ("yes / nie", None), ("yes / maybe", None)],
)
def test_yes_or_no_in_two_languages_has_to_mean_the_same(text: str, value: str | None) -> None:
    assert boolean_of(text).value == value


def test_a_program_that_shows_the_hidden_sheets_when_it_has_saved_the_file_costs_nothing(
    project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "participants.xlsx"
    blanks.template(project.declaration, "participants", path, codes={})
    filled(path, {"participant": "P-001", "enrolled_on": dt.date(2015, 1, 3), **CONSENTS})
    book = openpyxl.load_workbook(path)
    assert (
        {sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"} == {*KIT} == {LISTS, stamp.SHEET}
    )
    for sheet in book.worksheets:
        sheet.sheet_state = "visible"  # as Gnumeric does
    book.save(path)
    result = sent(project, path)
    assert (result.stored, result.rejected) == (1, 0)
