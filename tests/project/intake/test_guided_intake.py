"""A shelter's own files come in as they are: asked for once, taken by themselves the next time; then a report."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from evaluation.cli import main
from evaluation.cli.terminal import guided
from evaluation.codec import parse
from evaluation.errors import BadDeclaration
from evaluation.project.creation import new_project
from evaluation.project.intake import declaring
from evaluation.project.releases import releasing
from evaluation.schema import Import, ProjectFile
from evaluation.texts import say
from tests.conftest import Folder

FILES = Path(__file__).parents[2] / "collect" / "data" / "office_files"
GRIDS = [f"obecnosc_{course}.csv" for course in ("dom", "arte", "praca", "prawo")]
FIRST = ["uczestniczki.csv", "kursy.csv", "zajecia.csv", *GRIDS]
FIRST += ["ankieta_poczucie_wplywu.csv", "poradnictwo_zbiorczo.csv"]
ENTER = "\n" * 60


def shelter(root: Path) -> Folder:
    """The shelter's project as it was declared, but for its imports."""
    folder = Folder(root / "p", root / "key")
    new_project(folder.path, name="Ewa", key_file=folder.key_file)
    for name in ("plan.yml", "indicators.yml"):
        shutil.copy(FILES / name, folder.path / name)
    shutil.copy(FILES / "wplyw.md", folder.path / "questionnaires" / "wplyw.md")
    declared = (FILES / "project.yml").read_text(encoding="utf-8")
    start, end = declared.index("imports:"), declared.index("rules:")
    (folder.path / "project.yml").write_text(declared[:start] + declared[end:], encoding="utf-8")
    return folder


def intake(folder: Folder, file: str | Path, *more: str, answers: str = "") -> Result:
    path = file if isinstance(file, Path) else FILES / file
    return CliRunner().invoke(main, [*folder.arguments("intake", str(path)), *more], input=answers)


def objects(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guided, "somebody_is_there", lambda: True)


@pytest.fixture(scope="module")
def first_half(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The shelter after its first half-year: each file by one command, every question answered by Enter."""
    folder = shelter(tmp_path_factory.mktemp("office"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guided, "somebody_is_there", lambda: True)
        for file in FIRST:
            result = intake(folder, file, answers=ENTER)
            assert result.exit_code == 0, (file, result.output)
    return folder


@pytest.fixture
def office(first_half: Folder, tmp_path: Path) -> Folder:
    shutil.copytree(first_half.path, tmp_path / "p")
    return Folder(tmp_path / "p", first_half.key_file)


# --- the first half-year -----------------------------------------------------------------------


def test_every_file_comes_in_by_pressing_enter_and_says_what_its_truth_says(first_half: Folder) -> None:
    with first_half.open() as project:
        people = project.frames["participants"]
        assert Counter(people["country"]) == {"PL": 15, "UA": 3}
        assert set(people.loc[people["left_on"].notna(), "participant"]) == {"K05", "K12"}
        assert set(people.loc[~people["consent_reporting"], "participant"]) == {"K08"}
        assert set(project.frames["courses"]["course"]) == {"dom", "prawo", "arte", "praca"}
        marks = project.frames["attendance"].merge(project.frames["sessions"])
        present = marks[marks["status"] == "present"]
        assert Counter(present["course"]) == {"dom": 87, "arte": 76, "praca": 44, "prawo": 41}
        assert set(marks["status"]) == {"present", "absent"}
        answers = project.frames["answers"]
        assert Counter(answers["state"]) == {"answered": 33 * 6 - 7, "refused": 7}
        counts = project.frames["aggregate_counts"]
        assert dict(zip(counts["category"], counts["count"], strict=True)) == {"telefony": 412, "porady prawne": 96}


def test_one_grid_is_declared_and_the_other_three_are_known_by_it(first_half: Folder) -> None:
    imports = parse(ProjectFile, (first_half.path / "project.yml").read_text(encoding="utf-8"), "project.yml").imports
    assert [name for name, each in imports.items() if each.table == "attendance"] == ["obecnosc_dom"]
    assert len(imports) == 6


def test_a_half_year_of_files_is_proposed_for_release(first_half: Folder) -> None:
    with first_half.open() as project:
        assert releasing.propose(project, "first")


def test_the_same_folder_again_is_known_without_a_question_and_stores_nothing(office: Folder, tmp_path: Path) -> None:
    sent = tmp_path / "sent"
    sent.mkdir()
    for file in FIRST:
        shutil.copy(FILES / file, sent / file)
    said = objects(intake(office, sent, "--yes", "--json"))
    assert {each["file"] for each in said} == set(FIRST)
    assert {each["stored"] for each in said} == {0}
    assert sum(each["already"] for each in said) == 18 + 4 + 23 + 316 + 33 + 2
    assert [each["target"] for each in said[:3]] == ["participants", "courses", "sessions"]


def test_a_folder_comes_in_in_the_order_in_which_its_files_refer_to_each_other(
    first_half: Folder, tmp_path: Path
) -> None:
    folder = shelter(tmp_path)
    shutil.copy(first_half.path / "project.yml", folder.path / "project.yml")
    sent = tmp_path / "sent"
    sent.mkdir()
    for file in FIRST:
        shutil.copy(FILES / file, sent / file)
    (sent / "notes.md").write_text("no table", encoding="utf-8")
    result = intake(folder, sent, "--yes", "--json")
    assert result.exit_code == 0, result.output
    assert sum(each["stored"] for each in objects(result)) == 18 + 4 + 23 + 316 + 33 + 2


# --- the next quarter --------------------------------------------------------------------------


def test_the_next_quarter_comes_in_and_corrections_change_what_they_name(office: Folder, asked: None) -> None:
    for file, stored in (("q3_nowe.csv", 3), ("ankieta.xlsx", 3), ("ankieta2.xlsx", 0)):
        result = intake(office, file, "--yes", "--json")
        assert (file, result.exit_code, objects(result)[0]["stored"]) == (file, 0, stored)
    for file in ("korekta.csv", "kor_ob.csv", "wycofanie.csv"):
        result = intake(office, file, answers="y\n")
        assert result.exit_code == 0, (file, result.output)
    with office.open() as project:
        people = project.frames["participants"].set_index("participant")
        assert len(people) == 21
        assert (people.loc["K03", "consent_reporting"], people.loc["K03", "country"]) == (False, "PL")
        forms = {row.place: row.values for row in project.store.rows("wplyw")}
        assert (forms["K01", "endline"]["date"], forms["K01", "endline"]["p1"]) == ("2025-07-15", "5")
        assert forms["K01", "endline"]["p2"] == "3"
        assert (forms["K20", "baseline"]["p1"], forms["K21", "baseline"]["p4"]) == ("4", "98")
        marks = {row.place: row.values["status"] for row in project.store.rows("attendance")}
        assert (marks["dom-6", "K04"], Counter(marks.values())["present"]) == ("present", 249)
        assert releasing.propose(project, "second")


def test_of_a_folder_nobody_has_declared_yet_what_others_refer_to_is_asked_for_first(
    tmp_path: Path, asked: None
) -> None:
    folder, sent = shelter(tmp_path), tmp_path / "sent"
    sent.mkdir()
    for file in ("kursy.csv", "obecnosc_dom.csv", "zajecia.csv"):
        shutil.copy(FILES / file, sent / file)
    shutil.copy(FILES / "uczestniczki.csv", sent / "z.csv")
    (sent / "a.csv").write_text("x;y\n1;2\n", encoding="utf-8")
    result = intake(folder, sent, "--language", "en", answers=ENTER)
    assert result.exit_code == 9, result.output
    assert "5 files; refused: 1, rows that wait: 0." in result.output
    with folder.open() as project:
        assert len(project.store.rows("attendance")) == 18 * 6


def test_an_updated_register_is_shown_as_what_it_would_change_and_asked_for(
    office: Folder, tmp_path: Path, asked: None
) -> None:
    text = (FILES / "uczestniczki.csv").read_bytes().decode("cp1250")
    before = "K18;27.01.2025;Polska;21;K;TAK;TAK;;"
    assert before in text
    later = tmp_path / "uczestniczki.csv"
    later.write_bytes(text.replace(before, before[:-1] + "01.07.2025;wyprowadzka").encode("cp1250"))
    declined = intake(office, later, "--language", "en", answers="n\n")
    assert declined.exit_code == 8
    for line in ("1 stored with other values", "would change 'left_on' in 1 row", "would change 'leaving_reason'"):
        assert line in declined.output
    assert not any(each in declined.output for each in ("01.07.2025", "2025-07-01", "K18", "wyprowadzka"))
    agreed = intake(office, later, "--language", "en", answers="y\n")
    assert agreed.exit_code == 0, agreed.output
    with office.open() as project:
        left = project.frames["participants"].dropna(subset=["left_on"])
        assert set(left["participant"]) == {"K05", "K12", "K18"}


def test_what_a_person_has_agreed_to_correct_does_not_wait_as_rejected(
    office: Folder, tmp_path: Path, asked: None
) -> None:
    head = (FILES / "ankieta_poczucie_wplywu.csv").read_bytes().decode("cp1250").splitlines()[0]
    part, unknown = "K02;;;;;;;;07.07.2025;;;;;;{}", "K99;01.02.2025;1;1;1;1;1;1;;;;;;;"
    for mark, others, waiting in (("5", [], 0), ("3", [unknown], 1)):
        sent = tmp_path / "poprawka.csv"
        sent.write_text("\n".join((head, part.format(mark), *others)), encoding="utf-8")
        result = intake(office, sent, "--language", "en", answers="y\n" * (1 + waiting))
        assert (result.exit_code, "--correct" in result.output) == (8 if waiting else 0, False), result.output
        with office.open() as project:
            stored = {row.place: row.values for row in project.store.rows("wplyw")}["K02", "endline"]
        assert (stored["p1"], stored["p6"]) == ("4", mark)


# --- nobody is asked ---------------------------------------------------------------------------


def test_without_a_terminal_it_is_said_what_would_happen_and_nothing_is_stored(office: Folder) -> None:
    result = intake(office, "q3_nowe.csv", "--language", "en")
    assert result.exit_code == 2
    for line in ("q3_nowe.csv is 'participants'", "3 rows: 3 new", "add --yes"):
        assert line in result.output
    assert "K19" not in result.output
    with office.open() as project:
        assert len(project.frames["participants"]) == 18


@pytest.mark.parametrize(
    ("text", "says"),
    [("a;b\n1;2\n", "fits no import"), ("participant;consent_reporting\nK03;NIE\n", "add --correct")],
)
def test_yes_takes_only_what_fits(office: Folder, tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "f.csv").write_text(text, encoding="utf-8")
    result = intake(office, tmp_path / "f.csv", "--yes", "--json", "--language", "en")
    (said,) = objects(result)
    assert (result.exit_code, said["verdict"], said["refused"]["id"]) == (9, "reject_file", "not_recognised")
    assert says in said["refused"]["reason"]


def test_a_refused_file_of_a_folder_keeps_no_other_back(office: Folder, tmp_path: Path) -> None:
    sent = tmp_path / "sent"
    sent.mkdir()
    shutil.copy(FILES / "q3_nowe.csv", sent / "b.csv")
    (sent / "a.csv").write_text("x;y\n1;2\n", encoding="utf-8")
    result = intake(office, sent, "--yes", "--json")
    assert result.exit_code == 9
    assert [(each["file"], each["verdict"]) for each in objects(result)] == [
        ("b.csv", "accept_with_note"),
        ("a.csv", "reject_file"),
    ]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--as", "participants", "--sheet", "Lista"), "no workbook"),
        (("--as", "participants", "--correct", "--consent-given", "9"), "no row 9"),
    ],
)
def test_what_cannot_be_meant_is_said_and_not_passed_over(office: Folder, options: tuple[str, ...], says: str) -> None:
    result = intake(office, "q3_nowe.csv", *options, "--language", "en")
    assert result.exit_code == 2
    assert says in result.output


# --- column by column --------------------------------------------------------------------------

LIST = "Nr;Kiedy;Skąd;Kto;A;B\nK31;03.02.2025;Polska;pani;TAK;NIE\nK32;04.02.2025;Ukraina;pani;TAK;TAK\n"
TOLD = [
    *("y", "1"),  # she says what each column is: of the list of participants
    *("participant", "enrolled_on", "-", "sex", "consent_service", "12"),
    "F",  # pani
    "y",
]
"""What a person types who is asked for every column; the last one by its number."""


def typed(*answers: str) -> str:
    return "".join(f"{answer}\n" for answer in answers)


def number_of(folder: Folder, form: str) -> str:
    """The number by which a form is chosen."""
    with folder.open() as project:
        return str([*project.declaration.tables, *project.declaration.instruments].index(form) + 1)


def state(folder: Folder) -> tuple[bytes, int]:
    with folder.open() as project:
        return (folder.path / "project.yml").read_bytes(), project.store.verify()


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The shelter before its first file, for dialogues that store nothing."""
    return shelter(tmp_path_factory.mktemp("bare"))


def told(folder: Folder) -> list[str]:
    return ["y", number_of(folder, "participants"), *TOLD[2:]]


def test_whoever_is_asked_column_by_column_is_believed_and_not_asked_again(tmp_path: Path, asked: None) -> None:
    folder = shelter(tmp_path)
    (tmp_path / "lista.csv").write_text(LIST, encoding="utf-8")
    result = intake(folder, tmp_path / "lista.csv", "--language", "en", answers=typed(*told(folder)))
    assert result.exit_code == 0, result.output
    with folder.open() as project:
        first, second = (row.values for row in project.store.rows("participants"))
        assert (first["participant"], first["enrolled_on"], first["sex"]) == ("K31", "2025-02-03", "F")
        assert (first["country"], first["consent_reporting"], second["consent_reporting"]) == (None, "false", "true")
        assert project.declaration.file.imports["lista"].drop == ("Skąd",)
    (tmp_path / "lista.csv").write_text(LIST.replace("K31", "K41").replace("K32", "K42"), encoding="utf-8")
    (said,) = objects(intake(folder, tmp_path / "lista.csv", "--yes", "--json"))
    assert (said["stored"], said["verdict"]) == (2, "accept_with_note")


@pytest.mark.parametrize(
    ("answer", "days"), [("1", ["2025-03-02", "2025-03-14"]), ("2", ["2025-02-03", "2025-03-14"]), ("3", [])]
)
def test_of_years_with_two_digits_a_person_says_the_order_once(
    tmp_path: Path, asked: None, answer: str, days: list[str]
) -> None:
    folder = shelter(tmp_path)
    head = "participant;enrolled_on;consent_service;consent_reporting"
    sent = tmp_path / "list.csv"
    sent.write_text(f"{head}\nK31;02/03/25;yes;no\nK32;14/03/25;yes;no\n", encoding="utf-8")
    intake(folder, sent, answers=typed(answer, "y"))
    with folder.open() as project:
        assert [row.values["enrolled_on"] for row in project.store.rows("participants")] == days
    if days:
        sent.write_text(f"{head}\nK33;04.03.25;yes;yes\n", encoding="utf-8")
        (said,) = objects(intake(folder, sent, "--yes", "--json"))
        assert ("short_year" in {note["id"] for note in said["notes"]}, said["stored"]) == (True, 1)


@pytest.mark.parametrize("known", [0, 1, 2, 5, 8, 9])
def test_whoever_stops_in_the_middle_leaves_nothing(bare: Folder, tmp_path: Path, asked: None, known: int) -> None:
    (tmp_path / "lista.csv").write_text(LIST, encoding="utf-8")
    before = state(bare)
    result = intake(bare, tmp_path / "lista.csv", answers=typed(*told(bare)[:known]))
    assert result.exit_code == 130, result.output
    assert state(bare) == before


def test_what_is_needed_and_no_column_is_said_and_asked_again(tmp_path: Path, asked: None) -> None:
    folder = shelter(tmp_path)
    (tmp_path / "lista.csv").write_text(LIST, encoding="utf-8")
    twice = ["participant", "enrolled_on", "enrolled_on", "-", "consent_service", "consent_reporting"]
    forgot = ["", "-", "-", "-", "-", "-"]
    answers = [*told(folder)[:2], *twice, "", *forgot, "y", "", *TOLD[3:]]
    result = intake(folder, tmp_path / "lista.csv", "--language", "en", answers=typed(*answers))
    assert result.exit_code == 0, result.output
    assert "Two columns cannot both be: enrolled_on." in result.output
    assert "needed and no column is it: enrolled_on, consent_service and consent_reporting." in result.output
    with folder.open() as project:
        assert len(project.store.rows("participants")) == 2


def test_a_proposal_that_is_not_right_is_put_right_by_its_wrong_columns_only(tmp_path: Path, asked: None) -> None:
    folder = shelter(tmp_path)
    (tmp_path / "kursy.csv").write_text("Kurs;Liczba spotkań;Minimum\nKurs szycia;6;4\n", encoding="utf-8")
    answers = ["n", "", *("", "", "-"), "dom", "y"]
    result = intake(folder, tmp_path / "kursy.csv", "--language", "en", answers=typed(*answers))
    assert result.exit_code == 0, result.output
    with folder.open() as project:
        (course,) = (row.values for row in project.store.rows("courses"))
        assert (course["course"], course["sessions"], course["minimum_sessions"]) == ("dom", "6", None)


ACROSS = (
    ["Osoba", *(f"{name} raz" for name in "abcdef"), *(f"{name} dwa" for name in "abcdef")],
    ["K01", *"123451", *"543215"],
    ["participant", *(f"p{n}" for n in (*range(1, 7), *range(1, 7)))],
    [*[""] * 12, "01.02.2025", "not a day", "15.07.2025"],
    {"baseline": ("2025-02-01", "1", None), "endline": ("2025-07-15", "5", None)},
)
ONE_WAVE = (
    ["Osoba", *"abcdef", "Kto"],
    ["K01", *"123451", "Ewa"],
    ["participant", *(f"p{n}" for n in range(1, 7)), "filled_by"],
    ["endline", "15.07.2025"],
    {"endline": ("2025-07-15", "1", "Ewa")},
)


@pytest.mark.parametrize(("head", "cells", "fields", "waves", "stored"), [ACROSS, ONE_WAVE])
def test_a_questionnaire_is_told_with_its_waves_and_with_the_days_that_no_column_has(
    tmp_path: Path,
    asked: None,
    head: list[str],
    cells: list[str],
    fields: list[str],
    waves: list[str],
    stored: dict[str, tuple[str, str, str | None]],
) -> None:
    folder = shelter(tmp_path)
    assert intake(folder, "uczestniczki.csv", answers=ENTER).exit_code == 0
    (tmp_path / "f.csv").write_text(f"{';'.join(head)}\n{';'.join(cells)}\n", encoding="utf-8")
    answers = ["y", number_of(folder, "wplyw"), *fields, *waves, "y"]
    result = intake(folder, tmp_path / "f.csv", "--language", "en", answers=typed(*answers))
    assert result.exit_code == 0, result.output
    with folder.open() as project:
        rows = {row.place[1]: row.values for row in project.store.rows("wplyw")}
    found = {wave: (values["date"], values["p1"], values.get("filled_by")) for wave, values in rows.items()}
    assert found == stored


def test_a_grid_is_told_by_its_marks_and_asked_for_the_sessions_that_nobody_knows(
    office: Folder, tmp_path: Path, asked: None
) -> None:
    (tmp_path / "f.csv").write_text("Kto;pierwsze;drugie;suma\nK01;x;;1\n", encoding="utf-8")
    answers = ["y", number_of(office, "attendance"), "participant", "status", "status", "-", "dom-1", "", "y"]
    result = intake(office, tmp_path / "f.csv", "--language", "en", answers=typed(*answers))
    assert result.exit_code == 0, result.output
    with office.open() as project:
        declared = project.declaration.file.imports["f"]
    assert (declared.grid, declared.drop) == ("session", ("suma", "drugie"))
    assert declared.words == {"session": {"pierwsze": "dom-1"}}


def test_of_a_workbook_with_several_sheets_one_is_chosen_and_known_the_next_time(tmp_path: Path, asked: None) -> None:
    folder = shelter(tmp_path)
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Kontakty"
    book.worksheets[0].append(["Instytucja", "Adres"])
    for name, person in (("Przyjęcia", "K51"), ("Odejścia", "K52")):
        sheet = book.create_sheet(name)
        sheet.append(["participant", "enrolled_on", "consent_service", "consent_reporting"])
        sheet.append([person, "2025-02-03", "yes", "yes"])
    book.save(tmp_path / "osoby.xlsx")
    result = intake(folder, tmp_path / "osoby.xlsx", "--language", "en", answers=typed("2", "y"))
    assert result.exit_code == 0, result.output
    assert "several sheets; which one" in result.output
    again = intake(folder, tmp_path / "osoby.xlsx", "--yes", "--json")
    assert [(each["stored"], each["already"]) for each in objects(again)] == [(0, 1)]
    with folder.open() as project:
        assert [row.values["participant"] for row in project.store.rows("participants")] == ["K51"]


def test_enter_takes_the_sheet_that_holds_a_form_and_a_chosen_one_that_holds_none_is_said(
    tmp_path: Path, asked: None
) -> None:
    folder = shelter(tmp_path)
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Instrukcja wypełniania"])
    sheet = book.create_sheet("Dane")
    sheet.append(["Kod", "Data przyjęcia", "Zgoda na wsparcie", "Zgoda na sprawozdania"])
    sheet.append(["K53", "2025-02-03", "yes", "yes"])
    book.save(tmp_path / "osoby.xlsx")
    wrong = intake(folder, tmp_path / "osoby.xlsx", "--language", "en", answers=typed("1", "n"))
    assert (wrong.exit_code, "fits no import" in wrong.output) == (9, True)
    assert "say which one to read" not in wrong.output
    assert intake(folder, tmp_path / "osoby.xlsx", answers=ENTER).exit_code == 0
    with folder.open() as project:
        assert [row.values["participant"] for row in project.store.rows("participants")] == ["K53"]


COLUMNS = ["participant", "enrolled_on", "country", "consent_service", "consent_reporting"]
OFFICE = ["Kod", "Data przyjęcia", "Kraj", "Zgoda na wsparcie", "Zgoda na sprawozdania"]
FACTS = [
    ["Projekt:", "Własną drogą"],
    ["Umowa:", "12/2025"],
    ["Okres:", "2025"],
    ["Data:", "1.07.2025"],
    ["Kto:", "EK"],
]
COVERS = {
    "title": [["Rejestr uczestniczek"], [], ["stan na 1 lipca"], ["według kodów"], ["(bez nazwisk)"]],
    "facts": FACTS,
    "csv": FACTS,
    "legend": [],
}


def covered(to: Path, kind: str, header: list[str], person: str) -> Path:
    """A file with more lines above its header than below it, or with a sheet before that one."""
    lines = [*COVERS[kind], header, [person, "02.02.2025", "PL", "TAK", "NIE"]]
    if kind == "csv":
        path = to / "rejestr.csv"
        path.write_text("\n".join(map(";".join, lines)), encoding="utf-8")
        return path
    book = openpyxl.Workbook()
    for line in lines:
        book.worksheets[0].append(line)
    if kind == "legend":
        sheet = book.create_sheet("Legenda", 0)
        for line in (["Jak wypełnić rejestr"], ["Kod", "z listy, nigdy nazwisko"], ["Kraj", "dwie litery"]):
            sheet.append(line)
    book.save(to / "rejestr.xlsx")
    return to / "rejestr.xlsx"


@pytest.mark.parametrize("kind", COVERS)
def test_what_stands_above_a_header_or_before_its_sheet_hides_no_form_and_no_import(
    tmp_path: Path, asked: None, kind: str
) -> None:
    folder = shelter(tmp_path)
    told = objects(intake(folder, covered(tmp_path, kind, COLUMNS, "K61"), "--yes", "--json"))
    assert [(each["target"], each["stored"]) for each in told] == [("participants", 1)]
    starred = objects(
        intake(folder, covered(tmp_path, kind, [f"{each} *" for each in COLUMNS], "K62"), "--yes", "--json")
    )
    assert [(each["target"], each["stored"]) for each in starred] == [("participants", 1)]
    result = intake(folder, covered(tmp_path, kind, OFFICE, "K63"), "--language", "en", answers=ENTER)
    assert (result.exit_code, "seems to be 'participants'" in result.output) == (0, True), result.output
    again = objects(intake(folder, covered(tmp_path, kind, OFFICE, "K64"), "--yes", "--json"))
    assert [(each["target"], each["stored"]) for each in again] == [("participants", 1)]
    with folder.open() as project:
        assert [row.values["participant"] for row in project.store.rows("participants")] == ["K61", "K62", "K63", "K64"]
        assert project.declaration.file.imports["rejestr"].columns["enrolled_on"] == "Data przyjęcia"


def test_of_two_forms_that_fit_the_one_that_was_chosen_is_known_the_next_time(tmp_path: Path, asked: None) -> None:
    folder = shelter(tmp_path)
    twin = (FILES / "wplyw.md").read_text(encoding="utf-8").replace("wplyw", "wplyw_krotki")
    (folder.path / "questionnaires" / "wplyw_krotki.md").write_text(twin, encoding="utf-8")
    declared = (folder.path / "project.yml").read_text(encoding="utf-8")
    (folder.path / "project.yml").write_text(
        declared.replace("instruments: [", "instruments: [wplyw_krotki, "), encoding="utf-8"
    )
    items = "".join(f";p{n}" for n in range(1, 7))
    people = tmp_path / "people.csv"
    people.write_text("participant;enrolled_on;consent_service;consent_reporting\nK51;2025-02-03;yes;yes\n")
    assert intake(folder, people, "--yes").exit_code == 0
    path = tmp_path / "ankiety.csv"
    path.write_text(f"participant;wave;date{items}\nK51;baseline;2025-02-04;1;2;3;4;5;1\n")
    assert intake(folder, path, "--yes").exit_code == 9
    result = intake(folder, path, "--language", "en", answers=typed("2", "y"))
    assert result.exit_code == 0, result.output
    again = intake(folder, path, "--yes", "--json")
    assert [(each["target"], each["already"]) for each in objects(again)] == [("wplyw", 1)]


def test_an_export_in_labels_is_known_by_those_that_the_form_gives_to_who_and_when(
    office: Folder, tmp_path: Path
) -> None:
    form = (FILES / "wplyw.md").read_text(encoding="utf-8")
    labels = [line.split("|")[4].strip() for line in form.splitlines() if line.startswith("| | select_one agree | p")]
    (tmp_path / "export.csv").write_text(
        f"Kod;Etap;Data;{';'.join(labels)};_uuid\nK05;Na końcu;2025-07-04;1;2;3;4;5;1;u"
    )
    (said,) = objects(intake(office, tmp_path / "export.csv", "--yes", "--json"))
    assert (said["target"], [each["column"] for each in said["rejected"]]) == ("wplyw", ["Etap"])
    sent = (tmp_path / "export.csv").read_text().replace("końcu", "koniec")
    (tmp_path / "export.csv").write_text(sent)
    (said,) = objects(intake(office, tmp_path / "export.csv", "--yes", "--json"))
    assert (said["target"], said["stored"], said["rejected"]) == ("wplyw", 1, [])


@pytest.mark.parametrize("consents", ["[reporting]", "[]", "[service]"])
def test_enrolling_without_a_consent_to_the_service_is_said_before_and_after_storing(
    tmp_path: Path, consents: str
) -> None:
    folder = shelter(tmp_path)
    with (folder.path / "project.yml").open("a", encoding="utf-8") as declared:
        declared.write(
            "imports:\n  clinic: {instrument: wplyw, participant: Kod, wave_column: Etap, "
            f"items: {{p1: a, p2: b, p3: c, p4: d, p5: e, p6: f}},"
            f" dates: {{baseline: 2025-02-01}}, enrolled_on: 2025-01-10, consents: {consents}}}\n"
        )
    path = tmp_path / "clinic.csv"
    path.write_text("Kod;Etap;a;b;c;d;e;f\nK71;baseline;1;2;3;4;5;1\nK72;baseline;2;2;2;2;2;2\n")
    before = intake(folder, path, "--language", "en")
    with folder.open() as project:
        assert project.store.verify() == 0
    after = intake(folder, path, "--language", "en", "--yes")
    assert after.exit_code == 0, after.output
    said = ["2 people are enrolled here without a consent to the service" in each.output for each in (before, after)]
    assert said == [consents != "[service]"] * 2


def test_who_says_no_leaves_project_and_record_as_they_were(tmp_path: Path, asked: None) -> None:
    folder = shelter(tmp_path)
    before = (folder.path / "project.yml").read_bytes()
    result = intake(folder, "kursy.csv", answers="\n\nn\n")
    assert result.exit_code == 0, result.output
    assert (folder.path / "project.yml").read_bytes() == before
    with folder.open() as project:
        assert project.store.verify() == 0


def test_a_refusal_is_said_once_of_a_file_and_of_each_file_of_a_folder(tmp_path: Path, asked: None) -> None:
    folder = shelter(tmp_path)
    sent = tmp_path / "sent"
    sent.mkdir()
    for name in ("a.csv", "b.csv"):
        (sent / name).write_text("x;y\n1;2\n", encoding="utf-8")
    for path, options, answers in ((sent / "a.csv", (), "n\n"), (sent, (), "n\nn\n"), (sent, ("--yes",), "")):
        result = intake(folder, path, "--language", "en", *options, answers=answers)
        assert result.exit_code == 9
        said = [result.output.count(f"{name}: fits no import") for name in ("a.csv", "b.csv")]
        assert said == ([1, 1] if path == sent else [1, 0]), result.output


TALLIES = "Miesiąc;Rozmowy w telefonie zaufania;Nowe sprawy\nmarzec;4;1\nmaj;5;2\n"


@pytest.mark.parametrize(
    ("text", "exit_code", "said"),
    [
        (TALLIES, 9, True),
        ("Lata 2024 i 2025;;\n" + TALLIES, 9, True),
        ("Rok 2025;;\n" + TALLIES.replace("marzec", "listopad").replace("maj", "styczeń"), 9, True),
        ("Co;styczeń;luty\nNowe sprawy;1;2\nRozmowy w telefonie zaufania;4;5\n", 9, True),
        ("Rok 2025;;\n" + TALLIES, 0, False),
        (TALLIES.replace("marzec", "wiosna"), 9, False),
        ("Miesiąc;Wydatki\nmarzec;4\n", 9, False),
    ],
)
def test_tallies_of_no_one_year_say_why_they_are_not_proposed(
    bare: Folder, tmp_path: Path, asked: None, text: str, exit_code: int, said: bool
) -> None:
    folder, path = Folder(tmp_path / "p", bare.key_file), tmp_path / "f.csv"
    shutil.copytree(bare.path, folder.path)
    path.write_text(text, encoding="utf-8")
    told = [objects(intake(folder, path, "--yes", "--json", "--language", "en"))[0]["refused"]["reason"]]
    result = intake(folder, path, "--language", "en", answers="\n" * 5)
    assert result.exit_code == exit_code, result.output
    assert [each.count("but not sure of which year") for each in (*told, result.output)] == [int(said)] * 2


def test_how_columns_match_is_kept_only_where_a_row_was_taken_so(tmp_path: Path, asked: None) -> None:
    folder = shelter(tmp_path)
    before = state(folder)
    head = "Kod;Data przyjęcia;Zgoda na wsparcie;Zgoda na sprawozdania\n"
    path = tmp_path / "rejestr.csv"
    path.write_text(head + "P-031;03.02.2025;TAK;NIE\nP-032;04.02.2025;TAK;TAK\n", encoding="utf-8")
    none = intake(folder, path, "--language", "en", answers=ENTER)
    assert (none.exit_code, none.output.count("no row can be taken in as it is")) == (9, 1), none.output
    assert "Store this?" not in none.output
    assert (state(folder), [*(folder.path / "incoming").glob("*.csv")]) == (before, [])
    assert "'participant_pattern'" in none.output
    path.write_text(head + "P-031;03.02.2025;TAK;NIE\nK32;04.02.2025;TAK;TAK\n", encoding="utf-8")
    some = intake(folder, path, "--language", "en", answers=ENTER)
    assert (some.exit_code, "no row can be taken" in some.output) == (8, False), some.output
    with folder.open() as project:
        assert [*project.declaration.file.imports] == ["rejestr"]
        assert [row.values["participant"] for row in project.store.rows("participants")] == ["K32"]


def test_of_rows_stored_with_other_values_a_new_import_is_kept_if_they_are_corrected(
    office: Folder, tmp_path: Path, asked: None
) -> None:
    path = tmp_path / "ruch.csv"
    path.write_text("Osoba;Przyjęta dnia;wsparcie;sprawozdania;Kraj\nK03;01.02.2025;TAK;NIE;UA\n", encoding="utf-8")
    columns = ("participant", "enrolled_on", "consent_service", "consent_reporting", "country")
    answers = ("y", number_of(office, "participants"), *columns)
    before = state(office)
    declined = intake(office, path, "--language", "en", answers=typed(*answers, "n"))
    assert (declined.exit_code, state(office)) == (9, before), declined.output
    agreed = intake(office, path, "--language", "en", answers=typed(*answers, "y"))
    assert agreed.exit_code == 0, agreed.output
    with office.open() as project:
        assert "ruch" in project.declaration.file.imports
        assert {row.place: row.values for row in project.store.rows("participants")}["K03",]["country"] == "UA"


def test_forms_columns_and_codes_are_named_in_the_language_spoken_once_before_they_are_asked_for(
    bare: Folder, tmp_path: Path, asked: None
) -> None:
    head = "Kod;Data przyjęcia;Zgoda na wsparcie;Zgoda na sprawozdania;Data wyjścia;Powód wyjścia\n"
    row = "K3{};03.02.2025;TAK;NIE;04.03.2025;{}\n"
    path = tmp_path / "odejscia.csv"
    path.write_text(head + row.format(1, "wyprowadzka") + row.format(2, "inaczej"), encoding="utf-8")
    result = intake(bare, path, "--language", "pl", answers=typed("", "przeprowadzka", "", "", "n"))
    assert result.exit_code == 0, result.output
    for said in ("„participants” (Osoby uczestniczące)", "Data wyjścia → left_on (Data zakończenia udziału)"):
        assert said in result.output
    assert result.output.count("  moved: Przeprowadzka\n") == 1
    assert [
        result.output.count(ending) for ending in ("„wyprowadzka”? (Enter wybiera", "„inaczej”? (Enter pomija")
    ] == [
        2,
        1,
    ]
    by_hand = intake(bare, path, "--language", "pl", answers=typed("n", "99", "1", "x"))
    assert (by_hand.exit_code, "To nie jest nic z tych: 1–13." in by_hand.output) == (130, True), by_hand.output
    assert "To nie jest nic z tych: participant, " in by_hand.output
    assert "3, 4" not in by_hand.output


def test_an_answer_that_is_none_is_asked_again_in_the_language_spoken(tmp_path: Path, asked: None) -> None:
    folder = shelter(tmp_path)
    result = intake(folder, "kursy.csv", "--language", "pl", answers="może\nTAK\nszycie\n\nNIE\n")
    assert result.exit_code == 0, result.output
    assert "[T/n]" in result.output
    assert "To nie jest nic z tych: " in result.output
    assert "Wpisz t, jeśli tak, albo n, jeśli nie." in result.output
    assert "Error" not in result.output
    result = intake(folder, "kursy.csv", "--language", "pl")
    assert (result.exit_code, say("cli.stopped", "pl") in result.output) == (130, True)
    with folder.open() as project:
        assert project.store.verify() == 0


# --- project.yml -------------------------------------------------------------------------------

NEW = Import(table="courses", columns={"course": "Kurs", "title": "Kurs"}, words={"course": {"Szycie: A": "sew"}})


def declared(change: Callable[[str], str]) -> str:
    text = (FILES / "project.yml").read_text(encoding="utf-8")
    return change(text[: text.index("imports:")] + text[text.index("rules:") :])


@pytest.mark.parametrize(
    "text",
    [
        declared(lambda text: text),
        declared(lambda text: text.rstrip("\n")),
        declared(lambda text: text + "imports: {}  # none yet\n"),
        declared(lambda text: text.replace("rules:", "imports:\n  # ours\n  a: {table: courses}\n\n# strict\nrules:")),
        declared(lambda text: text + "imports:\n  a:\n    table: courses\n    # the last word\n    drop: [x]\n# end\n"),
        declared(lambda text: text.replace("\n", "\r\n")),
    ],
)  # fmt: skip
def test_an_import_is_added_and_all_else_stays_to_the_letter(tmp_path: Path, text: str) -> None:
    path = tmp_path / "project.yml"
    path.write_bytes(text.encode())
    before = parse(ProjectFile, text, "project.yml")
    declaring.write(path, "kursy", NEW)
    after = path.read_bytes().decode()
    assert parse(ProjectFile, after, "project.yml").imports == {**before.imports, "kursy": NEW}
    kept = [line for line in text.splitlines() if line.strip() and not line.startswith("imports:")]
    left = iter(after.splitlines())
    assert all(line in left for line in kept)
    assert ("\r\n" in after) == ("\r\n" in text)


def test_a_project_file_that_nothing_can_be_added_to_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "project.yml"
    path.write_text(declared(lambda text: text + "imports: {a: {table: courses}}\n"), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(BadDeclaration, match="under 'imports:'"):
        declaring.write(path, "kursy", NEW)
    assert path.read_bytes() == before
