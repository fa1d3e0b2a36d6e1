"""A foreign file becomes any table by its import: words, ages, marks, grids and dates, and nothing is made up."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from click.testing import CliRunner

from evaluation.cli import main
from evaluation.codec import parse
from evaluation.collect.files.imported.words import mark_of
from evaluation.collect.submit import Submitted
from evaluation.errors import BadDeclaration, FileRefused
from evaluation.project import open_project
from evaluation.project.intake.incoming import take_in
from evaluation.schema import Import
from tests.conftest import Folder

PEOPLE = """
  people:
    table: participants
    columns: {participant: Kod, enrolled_on: Od, country: Kraj, age_band: Wiek, sex: Plec,
      consent_service: Zgoda, consent_reporting: Raporty}
    words: {sex: {k: F}}
    missing: ["", brak]
    drop: [Uwagi]
"""
COURSES = """
  courses:
    table: courses
    columns: {course: Kurs, title: Kurs, sessions: Ile}
    words: {course: {Sewing: sew, Law: law}}
  sessions:
    table: sessions
    columns: {session: Nr, course: Kurs, date: Dnia, hours: Godziny}
"""
GRID = """
  grid:
    table: attendance
    columns: {participant: Kod}
    grid: session
    drop: [Razem]
"""
GRID += GRID.replace("grid:\n", "unsummed:\n").replace("    drop: [Razem]\n", "") + GRID.replace(
    "grid:\n    table", "told:\n    words: {status: {x: absent}}\n    table"
)
HEAD = "Kod;Od;Kraj;Wiek;Plec;Zgoda;Raporty;Uwagi\n"
ROWS = "P-001;01.02.2026;Polska;24;K;TAK;NIE;-\nP-002;02.02.2026;Ukraina;65;k;TAK;TAK;\n"


class Office:
    """A project with the declared imports, and what is sent to it."""

    def __init__(self, folder: Folder, imports: str) -> None:
        self.folder = folder
        declared = folder.path / "project.yml"
        declared.write_text(declared.read_text(encoding="utf-8") + f"\nimports:{imports}", encoding="utf-8")

    def send(self, mapping: str | None, text: str, *, correct: bool = False, target: str | None = None) -> Submitted:
        path = self.folder.path.parent / "file.csv"
        path.write_text(text, encoding="utf-8" if {*text} & {*"✓✗☒½"} else "cp1250")
        with open_project(self.folder.path, key_file=self.folder.key_file, environ={}) as project:
            return take_in(
                project, path, target=target, mapping=mapping, name="Ewa", correct=correct, today=dt.date(2026, 7, 1)
            )

    def attended(self) -> dict[tuple[str, str], str]:
        """The status of everybody at every session, by session and participant."""
        return {(row["session"], row["participant"]): row["status"] for row in self.rows("attendance")}

    def rows(self, table: str) -> list[Mapping[str, Any]]:
        with open_project(self.folder.path, key_file=self.folder.key_file, environ={}) as project:
            return [row.values for row in project.store.rows(table)]


def notes(submitted: Submitted) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for note in submitted.intakes[-1].notes:
        found.setdefault(note.id, set()).add(note.column)
    return found


def faults(submitted: Submitted) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.reason) for each in submitted.intakes[-1].rejected]


@pytest.fixture
def office(empty: Folder) -> Office:
    office = Office(empty, PEOPLE + COURSES + GRID)
    office.send("people", HEAD + ROWS)
    office.send("courses", "Kurs;Ile\nSewing;4\nLaw;2\n")
    office.send(
        "sessions",
        "Nr;Kurs;Dnia;Godziny\ns-1;Sewing;03.02.2026;1,5\ns-2;Sewing;10.02.2026;1,5\nl-1;Law;10.02.2026;2\n",
    )
    return office


# --- a row for a row ---------------------------------------------------------------------------


def test_labels_words_and_ages_become_codes_and_consents_come_from_their_columns(office: Office) -> None:
    first, second = office.rows("participants")
    assert {name: first[name] for name in ("enrolled_on", "country", "age_band", "sex")} == {
        "enrolled_on": "2026-02-01",
        "country": "PL",
        "age_band": "18-24",
        "sex": "F",
    }
    assert (first["consent_service"], first["consent_reporting"], second["consent_reporting"]) == (
        "true",
        "false",
        "true",
    )
    assert (second["country"], second["age_band"], second["sex"]) == ("UA", "65+", "F")


@pytest.mark.parametrize(
    ("age", "band"),
    [("18", "18-24"), ("24", "18-24"), ("25", "25-34"), ("64", "55-64"), ("101", "65+")],
)
def test_an_age_in_years_is_its_band_from_end_to_end(office: Office, age: str, band: str) -> None:
    sent = office.send("people", HEAD + f"P-003;01.02.2026;Polska;{age};K;TAK;TAK;\n")
    assert (office.rows("participants")[-1]["age_band"], "Wiek" in notes(sent)["age_read"]) == (band, True)


@pytest.mark.parametrize("age", ["24-", "1.5", "-3", "about 20", "1926"])
def test_what_is_no_age_in_years_is_rejected(office: Office, age: str) -> None:
    sent = office.send("people", HEAD + f"P-003;01.02.2026;Polska;{age};K;TAK;TAK;\n")
    assert faults(sent) == [(2, "Wiek", "unknown_choice")]


def test_a_declared_word_for_nothing_is_an_empty_cell(office: Office) -> None:
    office.send("people", HEAD + "P-003;01.02.2026;BRAK;brak;K;TAK;TAK;\n".replace("BRAK", "brak"))
    assert [office.rows("participants")[-1][name] for name in ("country", "age_band")] == [None, None]


def test_an_unknown_word_is_rejected_under_the_files_own_name_of_the_column(office: Office) -> None:
    sent = office.send("people", HEAD + "P-003;01.02.2026;Atlantyda;30;K;TAK;TAK;\n")
    assert faults(sent) == [(2, "Kraj", "unknown_choice")]


def test_the_code_of_namibia_is_no_empty_cell(office: Office) -> None:
    office.send("people", HEAD + "P-003;01.02.2026;NA;30;K;TAK;TAK;\n")
    assert office.rows("participants")[-1]["country"] == "NA"


def test_a_title_that_was_stored_with_a_course_is_known_in_later_files(office: Office) -> None:
    assert [row["course"] for row in office.rows("sessions")] == ["sew", "sew", "law"]
    assert [row["hours"] for row in office.rows("sessions")] == ["1.5", "1.5", "2"]


def test_a_column_that_nobody_declared_refuses_the_file_and_a_dropped_one_does_not(office: Office) -> None:
    with pytest.raises(FileRefused) as refused:
        office.send("people", HEAD.replace("Uwagi", "Pseudonim") + ROWS)
    assert (refused.value.reason, refused.value.column) == ("unknown_column", "Pseudonim")


def test_the_same_file_again_is_already_there(office: Office) -> None:
    again = office.send("people", HEAD + ROWS)
    assert (again.stored, again.repeated, again.rejected) == (0, 2, 0)


def test_a_correction_needs_only_its_columns_and_changes_only_them(office: Office) -> None:
    sent = office.send("people", "Kod;Wiek\nP-001;25\n", correct=True)
    row = office.rows("participants")[0]
    assert (sent.stored, row["age_band"], row["country"], row["consent_service"]) == (1, "25-34", "PL", "true")


@pytest.mark.parametrize(
    ("order", "number", "date", "hours"),
    [
        ("dmy", "1.250,5", "2026-03-02", ""),
        ("mdy", "1,5", "2026-02-03", "1.5"),
        ("dmy", "1,250", "2026-03-02", "1.25"),
        ("dmy", "1.250", "2026-03-02", ""),
    ],
)
def test_the_import_says_what_a_swappable_date_and_a_thousand_mean(
    empty: Folder, order: str, number: str, date: str, hours: str
) -> None:
    office = Office(
        empty,
        COURSES
        + "  swapped: {table: sessions, columns: {session: Nr, date: Dnia, hours: H}, fixed: {course: sew},"
        + f" date_order: {order}, decimal_comma: true}}\n",
    )
    office.send("courses", "Kurs;Ile\nSewing;4\n")
    sent = office.send("swapped", f"Nr;Dnia;H\ns-1;02/03/2026;1\ns-2;03/02/2026;{number}\n")
    first, *second = office.rows("sessions")
    assert (first["date"], first["course"]) == (date, "sew")
    assert [row["hours"] for row in second] == [hours][: bool(hours)]
    assert faults(sent) == ([] if hours else [(3, "H", "out_of_range")])


# --- a grid ------------------------------------------------------------------------------------


def test_a_grid_gives_a_row_for_every_person_and_session_and_an_empty_cell_is_absent(office: Office) -> None:
    sent = office.send("grid", "Kod;s-1;s-2;Razem\nP-001;x;;1\nP-002;X;usp.;1\n")
    rows = office.attended()
    assert rows == {
        ("s-1", "P-001"): "present",
        ("s-2", "P-001"): "absent",
        ("s-1", "P-002"): "present",
        ("s-2", "P-002"): "excused",
    }
    assert (sent.stored, sent.rejected) == (4, 0)


@pytest.mark.parametrize(
    ("mark", "status"),
    [
        *((mark, "present") for mark in ("x", "X", "1", "obecna", "+", "present", "Obecność", " x ")),
        *((mark, "present") for mark in ("Sp.", "spóźnienie", "late", "ob. (spóźniona)", "✓", "v", "☒")),
        *(
            (mark, "absent")
            for mark in ("0", "-", "–", "nieobecna", "nb", "NN", "nie uspr.", "nieob. nieuspr.", "no-show")
        ),
        *((mark, "absent") for mark in ("unexcused absence", "brak")),
        *(
            (mark, "excused")
            for mark in ("excused", "U", "choroba", "Chora", "chory", "L4", "EX", "sick", "sick leave")
        ),
        *(
            (mark, "excused")
            for mark in ("uspr.", "zwolnienie lekarskie", "zwolniona", "excused abs.", "absent (excused)")
        ),
        *((mark, "excused") for mark in ("nieob. uspr.", "nieobecność – choroba", "nb/u")),
    ],
)
def test_a_register_may_be_marked_in_many_ways(office: Office, mark: str, status: str) -> None:
    office.send("grid", f"Kod;s-1\nP-001;{mark}\n")
    assert [row["status"] for row in office.rows("attendance")] == [status]


@pytest.mark.parametrize(
    "mark",
    ["?", "nie obecna", "not excused", "obecna/nieobecna", "obecna, chora", "ch", "s", "l", "✗", "½", "+/-", "1-"],
)
def test_a_mark_that_nobody_knows_is_rejected_under_its_session(office: Office, mark: str) -> None:
    sent = office.send("grid", f"Kod;s-1;s-2\nP-001;{mark};x\n")
    assert faults(sent) == [(2, "s-1", "unknown_choice")]
    assert [row["session"] for row in office.rows("attendance")] == ["s-2"]


def test_a_cross_beside_ticks_may_say_present_or_absent_and_is_asked_about_unless_the_import_says(
    office: Office,
) -> None:
    sent = office.send("grid", "Kod;s-1;s-2\nP-001;✓;X\nP-002;;✓\n")
    assert faults(sent) == [(2, "s-2", "cross_or_tick")]
    assert office.attended() == {("s-1", "P-001"): "present", ("s-1", "P-002"): "absent", ("s-2", "P-002"): "present"}
    sent = office.send("told", "Kod;s-1;s-2\nP-001;✓;X\nP-002;;✓\n")
    assert (faults(sent), office.attended()["s-2", "P-001"]) == ([], "absent")


def test_a_cross_beside_ticks_is_asked_about_in_a_list_of_the_kits_own_columns_too(office: Office) -> None:
    sent = office.send(None, "session;participant;status\ns-1;P-001;v\ns-2;P-001;x\n", target="attendance")
    assert faults(sent) == [(3, "status", "cross_or_tick")]


def test_a_session_without_any_mark_is_not_yet_held_and_comes_later(office: Office) -> None:
    sent = office.send("grid", "Kod;s-1;s-2\nP-001;x;\nP-002;;\n")
    assert notes(sent)["grid_unmarked"] == {"s-2"}
    assert Counter(row["status"] for row in office.rows("attendance")) == {"present": 1, "absent": 1}
    later = office.send("grid", "Kod;s-1;s-2\nP-001;x;x\nP-002;;\n")
    assert (later.stored, later.repeated, later.rejected) == (2, 2, 0)


def test_a_changed_mark_is_held_back_until_it_is_sent_as_a_correction(office: Office) -> None:
    office.send("grid", "Kod;s-1;s-2\nP-001;x;x\n")
    changed = "Kod;s-1;s-2\nP-001;x;\nP-002;x;x\n"
    sent = office.send("grid", changed)
    assert (sent.stored, sent.repeated, faults(sent)) == (2, 1, [(2, "s-2", "key_stored")])
    corrected = office.send("grid", changed.replace("P-002;x;x\n", ""), correct=True)
    assert (corrected.stored, corrected.repeated) == (0, 1)  # s-2 has no mark at all now: nothing is taken back unsaid
    office.send("grid", "Kod;s-1;s-2\nP-001;x;nb\n", correct=True)
    assert {row["status"] for row in office.rows("attendance") if row["participant"] == "P-001"} == {
        "present",
        "absent",
    }


def test_somebody_who_is_not_enrolled_is_told_once_for_her_row(office: Office) -> None:
    sent = office.send("grid", "Kod;s-1;s-2\nP-009;x;x\nP-001;x;x\n")
    assert faults(sent) == [(2, "Kod", "unknown_participant")]
    assert sent.stored == 2


@pytest.mark.parametrize("column", ["s-3", "Uwagi", "10.02.2026"])
def test_a_column_of_a_grid_that_is_no_session_refuses_the_file(office: Office, column: str) -> None:
    with pytest.raises(FileRefused) as refused:
        office.send("grid", f"Kod;s-1;{column}\nP-001;x;x\n")
    assert (refused.value.reason, refused.value.column) == ("unknown_column", column)


DATED = ["03.02.2026;10.02.2026", "2026-02-03;2026-02-10", "3.2;10.2", "03.02.;10.02."]
DATED += ["3 lutego 2026;10 lutego 2026 r.", "wt. 03.02.2026;wt 10.02.2026", "2026/02/03;10 Feb 2026", "46056;46063"]


@pytest.mark.parametrize("heads", DATED)
def test_a_grid_of_one_course_may_call_its_sessions_by_their_dates(empty: Folder, heads: str) -> None:
    office = Office(empty, PEOPLE + COURSES + GRID.replace("grid: session", "grid: session\n    course: sew"))
    declared = empty.path / "project.yml"
    course = "courses:\n  - {id: sew, sessions: 4, minimum_sessions: 2, labels: {en: sewing, pl: szycie}}\n"
    text = declared.read_text(encoding="utf-8")
    assert text.count("\ncourses:\n") == 1
    declared.write_text(text.replace("\ncourses:\n", f"\n{course}", 1), encoding="utf-8")
    office.send("people", HEAD + ROWS)
    office.send("sessions", "Nr;Kurs;Dnia;Godziny\ns-1;sewing;03.02.2026;1\ns-2;szycie;10.02.2026;1\n")
    office.send("grid", f"Kod;{heads}\nP-001;x;\nP-002;;x\n")
    assert {
        (row["session"], row["participant"]) for row in office.rows("attendance") if row["status"] == "present"
    } == {
        ("s-1", "P-001"),
        ("s-2", "P-002"),
    }


def test_a_day_with_two_sessions_of_a_course_or_none_is_said_where_a_column_is_called_by_it(empty: Folder) -> None:
    office = Office(empty, PEOPLE + COURSES + GRID)
    office.send("people", HEAD + ROWS)
    office.send("courses", "Kurs;Ile\nSewing;4\n")
    office.send("sessions", "Nr;Kurs;Dnia;Godziny\ns-1;Sewing;03.02.2026;1\ns-2;Sewing;03.02.2026;1\n")
    for day in ("3 lutego 2026", "4 lutego 2026"):
        with pytest.raises(FileRefused, match="no session of this course, or several"):
            office.send("grid", f"Kod;s-1;{day}\nP-001;x;x\n")


@pytest.mark.parametrize(("yes", "no"), [("PRAWDA", "FAŁSZ"), ("WAHR", "FALSCH"), ("1.0", "0.0"), ("SANN", "USANN")])
def test_a_mark_of_any_spreadsheet_says_who_was_there(office: Office, yes: str, no: str) -> None:
    office.send("grid", f"Kod;s-1;s-2\nP-001;{yes};{no}\nP-002;{no};{yes}\n")
    marks = office.attended()
    assert marks == {
        ("s-1", "P-001"): "present",
        ("s-2", "P-001"): "absent",
        ("s-1", "P-002"): "absent",
        ("s-2", "P-002"): "present",
    }
    assert (mark_of("☑"), mark_of("☐")) == ("present", "absent")
    assert not any(map(mark_of, ("+/-", "+-", "-1", "1-", "x/-", "/1", "n/ob", "--")))  # half of one, half of another


def test_sums_legend_signature_and_lines_left_empty_under_a_grid_are_told_and_are_nobody(office: Office) -> None:
    marks = "Kod;s-1;s-2;Razem obecności\nP-001;x;nb;1\nP-002;;x;=SUM(B3:C3)\n"
    beneath = "Razem;1;1;2\nx – obecna, nb – nieobecna;;;\nLegenda:;;;\nPodpis prowadzącej:;Anna;;\n;;;3\nP-007;x;x;2\n"
    sent = office.send("unsummed", marks + beneath)
    footers = [(row, "", "footer_row") for row in (5, 6, 7)]
    assert faults(sent) == [(4, "Kod", "total_row"), *footers, (9, "Kod", "unknown_participant")]
    assert (notes(sent)["total_column"], notes(sent)["row_unused"]) == ({"Razem obecności"}, {""})
    assert [*office.attended().values()] == ["present", "absent", "absent", "present"]


def test_what_is_called_as_a_sum_and_holds_marks_is_no_sum(office: Office) -> None:
    with pytest.raises(FileRefused, match="'Suma' is not in the form"):
        office.send("unsummed", "Kod;s-1;Suma\nP-001;x;x\n")


TURNED = """
  turned:
    table: attendance
    columns: {session: Zajecia}
    grid: participant
    drop: [Razem]
"""


def test_a_grid_with_sessions_down_gives_the_same_rows_as_one_with_people_down(empty: Folder) -> None:
    office = Office(empty, PEOPLE + COURSES + TURNED)
    office.send("people", HEAD + ROWS)
    office.send("courses", "Kurs;Ile\nSewing;4\n")
    office.send("sessions", "Nr;Kurs;Dnia;Godziny\ns-1;Sewing;03.02.2026;1\ns-2;Sewing;10.02.2026;1\n")
    sent = office.send(
        "turned", "Zajecia;P-001;P-002;P-009;Razem\ns-1;x;;x;1\ns-2;;;;\ns-7;x;x;;2\nPodpis prowadzącej;;;;\n"
    )
    rows = office.attended()
    assert rows == {("s-1", "P-001"): "present", ("s-1", "P-002"): "absent"}
    assert faults(sent) == [
        (2, "P-009", "unknown_participant"),
        (4, "Zajecia", "unknown_reference"),
        (4, "P-009", "unknown_participant"),
        (5, "", "footer_row"),
    ]
    assert [note.rows for note in sent.intakes[-1].notes if note.id == "grid_unmarked_row"] == [(3,)]
    later = office.send("turned", "Zajecia;P-001;P-002\ns-1;x;\ns-2;;x\n")
    assert (later.stored, later.repeated, later.rejected) == (2, 2, 0)


def test_a_column_of_a_turned_grid_that_is_nobodys_code_refuses_the_file(empty: Folder) -> None:
    office = Office(empty, PEOPLE + COURSES + TURNED)
    office.send("people", HEAD + ROWS)
    with pytest.raises(FileRefused) as refused:
        office.send("turned", "Zajecia;P-001;Anna\ns-1;x;x\n")
    assert (refused.value.reason, refused.value.column) == ("unknown_column", "Anna")


# --- the declaration ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "line", "says"),
    [
        ("    table: participants\n    columns: {participant: Kod, sexx: Plec}", 4, "'sexx'.*did you mean 'sex'"),
        ("    table: participant\n    columns: {participant: Kod}", 3, "'participant'.*did you mean 'participants'"),
        ("    table: participants\n    words:\n      sex: {K: G}", 5, "'G'.*no code of 'sex'"),
        ("    table: attendance\n    grid: sesion", 4, "'sesion'.*did you mean 'session'"),
        ("    table: support\n    grid: kind", 4, "Exactly one required column"),
        ("    instrument: security\n    participant: K\n    columns:\n      baseline: {date: D, sec_1: P}", 6, "sec_1"),
        ("    instrument: security\n    participant: Kod\n    columns: {start: {date: D, sec_01: P1}}", 5, "'start'"),
        ("    instrument: sec\n    participant: Kod\n    fixed: {wave: baseline, date: 2026-02-01}", 3, "'sec'"),
        ("    table: attendance\n    grid: session\n    columns: {participant: Kod}\n    course: x", 6, "course 'x'"),
    ],
)  # fmt: skip
def test_what_an_import_names_and_there_is_not_is_found_before_any_file_with_line_and_nearest_name(
    empty: Folder, declared: str, line: int, says: str
) -> None:
    Office(empty, f"\n  own:\n{declared}\n")
    text = (empty.path / "project.yml").read_text(encoding="utf-8")
    first = text[: text.index("imports:")].count("\n")
    result = CliRunner().invoke(main, [*empty.arguments("check"), "--language", "en"])
    assert result.exit_code == 6, result.output
    assert f"project.yml, line {first + line}" in result.output.replace("\n", " ")
    assert re.search(says, result.output)


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ("{drop: [a]}", "either its 'table' or its questionnaire"),
        ("{table: courses, instrument: x}", "either its 'table' or its questionnaire"),
        ("{table: participants, fixed: {consent_service: 'true'}}", "never makes up a consent"),
        ("{table: participants, words: {consent_reporting: {'': 'true'}}}", "never makes up a consent"),
        ("{table: participants, consents: [service]}", "'consents' belongs to the import of a questionnaire"),
        ("{table: courses, wave_column: x}", "'wave_column' belongs to the import of a questionnaire"),
        ("{table: courses, columns: {baseline: {a: b}}}", "field: column"),
        ("{table: courses, course: sew}", "add 'grid: session'"),
        ("{instrument: x, wave_column: w, wave_codes: {'1': a}}", "'participant'"),
        ("{instrument: x, participant: id, wave_column: w, wave_codes: {'1': a}}", "no date for the wave 'a'"),
        ("{instrument: x, participant: id, columns: {a: {i: c}}}", "no date for the wave 'a'"),
        ("{instrument: x, participant: id, columns: {a: c}}", "wave: {item: column}"),
        ("{table: courses, columns: {course: K}, drops: [x]}", "did you mean 'drop'"),
    ],
)
def test_keys_that_do_not_go_together_are_refused_with_their_line(declared: str, says: str) -> None:
    with pytest.raises(BadDeclaration) as refused:
        parse(Import, declared, "project.yml")
    assert "line 1" in str(refused.value)
    assert says in str(refused.value)
