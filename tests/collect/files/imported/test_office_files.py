"""A shelter's own files come in as they are, each by its import, and say what their truth says."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Iterator

import pytest

from evaluation.project import Project, open_project
from evaluation.project.creation import new_project
from evaluation.project.intake.incoming import take_in
from tests.collect.intake_forms import DATA

FILES = DATA / "office_files"
IMPORTS = """
  uczestniczki:
    table: participants
    columns:
      participant: Kod
      enrolled_on: Data przyjęcia
      country: Kraj
      age_band: Wiek
      sex: Płeć
      consent_service: Zgoda na wsparcie
      consent_reporting: Zgoda na sprawozdania
      left_on: Data wyjścia
      leaving_reason: Powód wyjścia
    words: {sex: {K: F}, leaving_reason: {wyprowadzka: moved}}
  kursy:
    table: courses
    columns: {course: Kurs, title: Kurs, sessions: Liczba spotkań, minimum_sessions: Minimum}
    words: {course: {Prowadzenie domu i budżet: dom, Poradnictwo prawne (warsztaty): prawo}}
  zajecia: {table: sessions, columns: {session: Nr zajęć, course: Kurs, date: Data, hours: Godziny}}
  obecnosc: {table: attendance, columns: {participant: Kod}, grid: session}
  poradnictwo:
    table: aggregate_counts
    columns: {category: Kategoria, period: Okres, count: Liczba, source: Źródło}
"""
SENT = [
    ("uczestniczki", "uczestniczki.csv", 18),
    ("kursy", "kursy.csv", 4),
    ("zajecia", "zajecia.csv", 23),
    ("obecnosc", "obecnosc_dom.csv", 18 * 6),
    ("obecnosc", "obecnosc_arte.csv", 12 * 8),
    ("obecnosc", "obecnosc_praca.csv", 12 * 5),
    ("obecnosc", "obecnosc_prawo.csv", 13 * 4),
    ("ankieta", "ankieta_poczucie_wplywu.csv", 33),
    ("poradnictwo", "poradnictwo_zbiorczo.csv", 2),
]
TODAY = dt.date(2025, 12, 1)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The shelter's project with its first two quarters; its own import of the questionnaire dates it by columns."""
    root = tmp_path_factory.mktemp("office")
    new_project(root / "p", name="Ewa", key_file=root / "key")
    for name in ("plan.yml", "indicators.yml"):
        shutil.copy(FILES / name, root / "p" / name)
    shutil.copy(FILES / "wplyw.md", root / "p" / "questionnaires" / "wplyw.md")
    declared = (FILES / "project.yml").read_text(encoding="utf-8")
    for before, after in (
        ("baseline: {p1", "baseline: {date: Data ankiety 1, p1"),
        ("endline: {p1", "endline: {date: Data ankiety 2, p1"),
        ("    dates: {baseline: 2025-02-15, endline: 2025-07-15}\n", ""),
        ("    drop: [Data ankiety 1, Data ankiety 2]\n", IMPORTS),
    ):
        assert before in declared
        declared = declared.replace(before, after)
    (root / "p" / "project.yml").write_text(declared, encoding="utf-8")
    with open_project(root / "p", key_file=root / "key", environ={}) as project:
        for mapping, file, stored in SENT:
            sent = take_in(project, FILES / file, mapping=mapping, name="Ewa", today=TODAY)
            assert (file, sent.stored, sent.repeated, sent.rejected) == (file, stored, 0, 0)
        yield project


def test_the_register_has_eighteen_people_two_countries_two_who_left_and_seventeen_who_agree(office: Project) -> None:
    people = office.frames["participants"]
    assert Counter(people["country"]) == {"PL": 15, "UA": 3}
    assert set(people.loc[people["left_on"].notna(), "participant"]) == {"K05", "K12"}
    assert set(people["leaving_reason"].dropna()) == {"moved"}
    assert set(people.loc[~people["consent_reporting"], "participant"]) == {"K08"}
    assert set(people["sex"]) == {"F"}
    assert Counter(people["age_band"]) == {"18-24": 8, "25-34": 2, "35-44": 1, "45-54": 4, "55-64": 3}


def test_courses_and_sessions_are_the_declared_ones_by_their_names(office: Project) -> None:
    assert set(office.frames["courses"]["course"]) == {"dom", "prawo", "arte", "praca"}
    held = office.frames["sessions"]
    assert Counter(held["course"]) == {"dom": 6, "prawo": 4, "arte": 8, "praca": 5}
    assert set(held["hours"]) == {1.5}


def test_the_grids_have_248_marks_and_everybody_in_one_was_absent_elsewhere(office: Project) -> None:
    rows = office.frames["attendance"].merge(office.frames["sessions"])
    present = rows[rows["status"] == "present"]
    assert Counter(present["course"]) == {"dom": 87, "arte": 76, "praca": 44, "prawo": 41}
    assert Counter(rows["status"]) == {"present": 248, "absent": 18 * 6 + 12 * 8 + 12 * 5 + 13 * 4 - 248}
    assert rows.groupby("course")["participant"].nunique().to_dict() == {
        "dom": 18,
        "arte": 12,
        "praca": 12,
        "prawo": 13,
    }


def test_both_waves_have_their_own_dates_and_seven_answers_were_refused(office: Project) -> None:
    answers = office.frames["answers"]
    assert Counter(answers["state"]) == {"answered": 33 * 6 - 7, "refused": 7}
    forms = {row.place: row.values for row in office.store.rows("wplyw")}
    assert Counter(wave for _, wave in forms) == {"baseline": 18, "endline": 15}
    assert (forms["K04", "baseline"]["date"], forms["K04", "endline"]["date"]) == ("2025-01-22", "2025-06-18")
    assert (forms["K04", "baseline"]["p5"], forms["K01", "baseline"]["p2"]) == ("98", "98")


def test_aggregate_counts_are_counts(office: Project) -> None:
    counts = office.frames["aggregate_counts"]
    assert dict(zip(counts["category"], counts["count"], strict=True)) == {"telefony": 412, "porady prawne": 96}


def test_the_same_files_again_are_already_there(office: Project) -> None:
    for mapping, file, stored in SENT:
        again = take_in(office, FILES / file, mapping=mapping, name="Ewa", today=TODAY)
        assert (file, again.stored, again.repeated, again.rejected) == (file, 0, stored, 0)
