"""What a file is, is found by the names of its columns and by what stands in them; what nobody knows is asked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from evaluation.collect.matching.proposal import Proposal, likeliest
from evaluation.errors import FileRefused
from evaluation.project import open_project
from evaluation.project.intake import declaring
from evaluation.project.intake.incoming import take_in
from evaluation.project.intake.recognition import Way, look, propose
from tests.conftest import Folder, worded

TODAY = dt.date(2026, 7, 1)
ITEMS = [f"sec_{n:02d}" for n in range(1, 7)]


def proposed(empty: Folder, tmp_path: Path, text: str) -> list[Proposal]:
    (tmp_path / "f.csv").write_text(text, encoding="utf-8")
    with empty.open() as project:
        return propose(project, tmp_path / "f.csv", today=TODAY)


def matched(proposal: Proposal) -> dict[str, str]:
    return {column: name for column, name in proposal.columns if name}


@pytest.mark.parametrize(
    ("text", "form", "columns"),
    [
        (
            "ID,Admitted (enrolled),Country,Gender / sex,Consents: service,Consents: use in reports,Room\n"
            "P-001,2026-02-01,Poland,Female,yes,no,12\n",
            "participants",
            {"ID": "participant", "Country": "country", "Consents: use in reports": "consent_reporting"},
        ),
        (
            "Kod osoby;Rodzaj wsparcia;Data\nP-001;Konsultacja telefoniczna;03.02.2026\n",
            "support",
            {"Kod osoby": "participant", "Rodzaj wsparcia": "kind", "Data": "date"},
        ),
        (
            "Kod;Potrzeba;Data oceny;Stan\nP-001;Zdrowie;03.02.2026;Otwarta\nP-002;Zdrowie;04.02.2026;Otwarta\n",
            "needs",
            {"Kod": "participant", "Potrzeba": "need", "Data oceny": "date", "Stan": "state"},
        ),
        (
            "Organisation;From a donor state;Wave;Trust between organisations (1-7);Satisfaction (1-7)\n"
            "Nord;yes;baseline;5;6\n",
            "partner_survey",
            {"Organisation": "organisation", "From a donor state": "donor_state", "Wave": "wave"},
        ),
        (
            "Nazwa;Liczba zajęć;Minimum do zaliczenia\nJęzyk polski;8;6\n",
            "courses",
            {"Nazwa": "title, course", "Liczba zajęć": "sessions"},
        ),
        (
            "Kod;Data przyjęcia;Zgoda na wsparcie;Zgoda na sprawozdania\nP-001;31.01.26;TAK;NIE\n",
            "participants",
            {"Kod": "participant", "Data przyjęcia": "enrolled_on", "Zgoda na sprawozdania": "consent_reporting"},
        ),
        (
            "Zajęcia;Kod osoby;Obecność\nS-1;P-001;obecna\nS-1;P-002;nb\n",
            "attendance",
            {"Zajęcia": "session", "Kod osoby": "participant", "Obecność": "status"},
        ),
    ],
)  # fmt: skip
def test_a_table_is_known_by_titles_in_either_language_and_by_its_cells(
    empty: Folder, tmp_path: Path, text: str, form: str, columns: dict[str, str]
) -> None:
    best = proposed(empty, tmp_path, text)[0]
    assert best.imported.form == form
    assert matched(best).items() >= columns.items()


def test_a_column_that_matches_nothing_is_left_out_and_named(empty: Folder, tmp_path: Path) -> None:
    text = "Kod;Rodzaj wsparcia;Data;Telefon\nP-001;Konsultacja telefoniczna;03.02.2026;600123456\n"
    best = proposed(empty, tmp_path, text)[0]
    assert (best.imported.drop, ("Telefon", "") in best.columns) == (("Telefon",), True)


def test_a_long_questionnaire_with_its_own_names_of_waves_is_asked_for_them(empty: Folder, tmp_path: Path) -> None:
    others = [f"sec_{n}" for n in range(11, 19)]
    text = f"Kod;Etap;Data;{';'.join((*ITEMS, *others))}\n"
    text += f"P-001;1;03.02.2026;{';'.join('3' * 6)}{';' * 8}\nP-002;wstęp;03.02.2026;{';'.join('3' * 6)}{';' * 8}\n"
    best = proposed(empty, tmp_path, text)[0]
    assert (best.imported.instrument, best.imported.wave_column, best.imported.date_column) == (
        "security",
        "Etap",
        "Data",
    )
    assert [(each.word, each.likely) for each in best.questions] == [("1", "baseline"), ("wstęp", "")]
    answered = best.answered({("wave", "1"): "baseline"})
    assert (answered.wave_codes, answered.words) == ({"1": "baseline"}, {})


def test_nothing_is_proposed_where_a_required_column_is_missing(empty: Folder, tmp_path: Path) -> None:
    assert proposed(empty, tmp_path, "Imię;Telefon\nA;600123456\n") == []


def test_a_register_by_dates_is_proposed_for_the_course_whose_sessions_they_are(empty: Folder, tmp_path: Path) -> None:
    declared = empty.path / "project.yml"
    text = declared.read_text(encoding="utf-8")
    courses = "courses:\n  - {id: sew, sessions: 2, minimum_sessions: 1, labels: {en: sewing, pl: szycie}}\n"
    declared.write_text(text.replace("courses:\n", courses, 1), encoding="utf-8")
    rows = "s-1,sew,2026-02-03,1\ns-2,sew,2026-02-10,1\nl-1,polish,2026-02-03,1\n"
    (tmp_path / "s.csv").write_text("session,course,date,hours\n" + rows, encoding="utf-8")
    with open_project(empty.path, key_file=empty.key_file, environ={}) as project:
        take_in(project, tmp_path / "s.csv", target="sessions", name="Ewa", today=TODAY)
    best = proposed(empty, tmp_path, "Kod;03.02.2026;10.02.2026;Suma\nP-001;x;;1\nP-002;;x;1\n")[0]
    assert (best.imported.grid, best.imported.course, best.imported.drop) == ("session", "sew", ("Suma",))


MARKED = "K01;x;;x\nK02;nb;x;x\n"


@pytest.mark.parametrize(
    ("name", "header", "rows", "sessions"),
    [
        ("f.csv", "Kod;03.02.2026;10.02.2026;17.02.2026;Suma", "P-001;x;;1;2\nP-002;;nb;1;1\n", 3),
        ("f.csv", "Uczestniczka;1;2;3", MARKED, 3),
        ("f.csv", "Kod;Zajęcia 1;Zajęcia 2;Uwagi", "K01;1;0;c\nK02;1;1;\n", 2),
        ("f.csv", "Kod;polish-1;polish-2;polish-3", MARKED, 3),
        ("obecnosc_arte.csv", "Kod;arte-1;arte-2;arte-3", MARKED, 3),
        # what else is ticked of people: needs, consents, answers, a scale; too little; nobody's code
        ("f.csv", "Kod;Prawna;Mieszkanie;Zdrowie", MARKED, 0),
        ("f.csv", "Kod;Zgoda 1;Zgoda 2;Zgoda 3", "K01;tak;nie;tak\nK02;nie;nie;tak\n", 0),
        ("f.csv", "Kod;1;2;3", "K01;1;0;1\nK02;0;1;1\n", 0),
        ("f.csv", "Kod;1;2;3", "K01;x;;\nK02;;;x\n", 0),
        ("f.csv", "Kod;03.02.2026;Adres;Uwagi", "K01;x;a;b\n", 0),
        ("f.csv", "Kod;03.02.2026", "K01;x\n", 0),
        ("f.csv", "Uczestniczka;1;2;3", MARKED.replace("K01", "Anna Nowak"), 0),
        ("f.csv", "Osoba;1;2;3", MARKED.replace("K01", "600 700 800"), 0),
        ("f.csv", "Osoba;1;2;3", MARKED.replace("K01", "600700800"), 0),
        ("f.csv", "Imię;1;2;3", MARKED, 0),
    ],
)
def test_a_register_is_known_by_headings_and_marks_before_any_session_is_recorded(
    empty: Folder, tmp_path: Path, name: str, header: str, rows: str, sessions: int
) -> None:
    (tmp_path / name).write_text(f"{header}\n{rows}", encoding="utf-8")
    with empty.open() as project:
        registers = [
            each for each in propose(project, tmp_path / name, today=TODAY) if each.imported.form == "attendance"
        ]
        assert [[*matched(each).values()] for each in registers] == [["participant", *["session"] * sessions]] * bool(
            sessions
        )
        for each in registers:
            with pytest.raises(FileRefused, match="send in the list of sessions first"):
                look(project, tmp_path / name, Way("attendance", imported=each.imported), today=TODAY)


def test_a_column_of_yes_and_no_is_no_kind_of_support_whatever_its_heading_is_like(
    empty: Folder, tmp_path: Path
) -> None:
    text = "Kod;Data przyjęcia;Zgoda na wsparcie;Zgoda na sprawozdania\nP-001;31.01.2026;tak;nie\n"
    assert [each.imported.form for each in proposed(empty, tmp_path, text)] == ["participants"]


def test_where_no_code_is_of_the_agreed_form_it_is_said_where_that_form_stands(empty: Folder, tmp_path: Path) -> None:
    head = "participant;enrolled_on;consent_service;consent_reporting\n"
    first = "K01;2026-02-03;tak;nie\n"
    for second, said in (("K02;{};tak;tak", True), ("P-002;{};tak;tak", False), ("P-002;{};tak;może", False)):
        (tmp_path / "f.csv").write_text(head + first + second.format("2026-02-03"), encoding="utf-8")
        with empty.open() as project:
            messages = worded(look(project, tmp_path / "f.csv", Way("participants"), today=TODAY).messages)
        assert ("'participant_pattern'" in messages[0] and r"P-\d{3}" in messages[0]) is said


def test_a_list_of_codes_in_another_form_than_agreed_is_proposed_all_the_same(empty: Folder, tmp_path: Path) -> None:
    text = f"Kod;Data ankiety 1;{';'.join(f'{each} (1)' for each in ITEMS)}\nK01;03.02.2026;{';'.join('333333')}\n"
    best = proposed(empty, tmp_path, text)[0]
    assert (best.imported.instrument, best.imported.participant) == ("security", "Kod")


@pytest.mark.parametrize(
    "text",
    [
        "Data;Uwagi;P-001;P-002\n03.02.2026;-;x;\n10.02.2026;;x;x\n",
        "Data;P-001;Uwagi;P-002\n03.02.2026;x;;\n17.02.2026;;;\n10.02.2026;x;;x\n",
    ],
)
def test_a_register_with_sessions_down_is_proposed_for_the_course_whose_dates_they_are(
    empty: Folder, tmp_path: Path, text: str
) -> None:
    held = "session;course;date;hours\n" + "".join(
        f"{course}-{n};{course};2026-02-{day};1\n"
        for course, days in (("polish", ("03", "10", "17")), ("rights", ("04", "10", "11")))
        for n, day in enumerate(days, 1)
    )
    sent = [("courses", "course;title;sessions\npolish;P;3\nrights;R;3\n"), ("sessions", held)]
    with open_project(empty.path, key_file=empty.key_file, environ={}) as project:
        for target, rows in sent:
            (tmp_path / "sent.csv").write_text(rows, encoding="utf-8")
            assert take_in(project, tmp_path / "sent.csv", target=target, today=TODAY).rejected == 0
    best = proposed(empty, tmp_path, text)[0]
    assert (best.imported.table, best.imported.grid, best.imported.course) == ("attendance", "participant", "polish")
    assert (best.imported.columns, best.imported.drop) == ({"session": "Data"}, ("Uwagi",))


TALLIED = {("2026-01", "calls"): "41", ("2026-02", "calls"): "38", ("2026-02", "cases_new"): "7"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "f.csv",
            "Zestawienie za 2026 rok;;;\nMiesiąc;Rozmowy w telefonie zaufania;Nowe sprawy;Razem\n"
            "styczeń;41;;41\nLuty;38;7;45\nRazem;79;7;86\n",
        ),
        (
            "f.csv",
            "Co policzono;styczeń 2026 r.;II 2026;Suma\n"
            "Rozmowy w telefonie zaufania;41;38;79\nNowe sprawy;;7;7\nRazem;41;45;86\n",
        ),
        ("tallies 2026.csv", "Counted;Jan;Feb.\nCalls to the helpline;41;38\nNew cases;;7\n"),
        ("f.csv", "Month,Calls to the helpline,New cases\n2026-01,41,\n02.2026,38,7\n"),
        ("f.csv", "Month,Calls to the helpline,New cases\n2026-01,41,-\n02.2026,38,7\n"),
    ],
)
def test_tallies_with_months_down_or_across_come_in_with_the_year_of_their_title(
    empty: Folder, tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with empty.open() as project:
        best = propose(project, tmp_path / name, today=TODAY)[0]
    assert (best.imported.table, best.questions) == ("tallies", ())
    declaring.write(empty.path / "project.yml", "counted", best.imported)
    with empty.open() as project:
        done = take_in(project, tmp_path / name, mapping="counted", today=TODAY)
        assert {each.reason for intake in done.intakes for each in intake.rejected} <= {"total_row", "not_a_number"}
        dated = [one.said.facts["fact"] for intake in done.intakes for one in intake.notes if one.id == "month_dated"]
        assert {*dated} <= {"2026"}
        assert bool(dated) is ("Zestawienie" in text or name != "f.csv")
        stored = {row.place: row.values["count"] for row in project.store.rows("tallies")}
    assert stored == TALLIED


def test_of_tallies_a_kind_that_nobody_knows_is_asked_for_and_months_without_any_year_are_none(
    empty: Folder, tmp_path: Path
) -> None:
    text = "Miesiąc;Rozmowy w telefonie zaufania;Nowe sprawy;Spacery\n2026-03;4;1;9\n2026-04;5;2;8\n"
    best = proposed(empty, tmp_path, text)[0]
    assert [(one.name, one.word, one.likely) for one in best.questions] == [("kind", "Spacery", "")]
    assert best.answered({}).drop == ("Spacery",)
    undated = text.replace("2026-03", "marzec").replace("2026-04", "maj")
    for other in (undated, f"Lata 2025 i 2026;;;\n{undated}", text.replace("Nowe sprawy", "Wiek")):
        assert "tallies" not in [each.imported.table for each in proposed(empty, tmp_path, other)][:1]


def test_what_says_how_a_questionnaire_came_about_is_proposed_and_other_dates_and_names_are_not(
    empty: Folder, tmp_path: Path
) -> None:
    items = [*ITEMS, *(f"sec_{n}" for n in range(11, 19))]
    text = f"Kod;Etap;Data;{';'.join(items)};Sposób wypełnienia;Język;Tłumacz;Ankieterka;Data wpisu;Język dziecka\n"
    answers = f"{';'.join('123412')}{';' * 8}"
    text += f"P-001;baseline;03.02.2026;{answers};samodzielnie;polski;tak;Ewa;05.02.2026;wietnamski\n"
    (best, *_) = [each for each in proposed(empty, tmp_path, text) if each.imported.instrument == "security"]
    about = {name: column for name, column in best.imported.items.items() if name not in items}
    assert about == {
        "mode": "Sposób wypełnienia",
        "language": "Język",
        "interpreter": "Tłumacz",
        "filled_by": "Ankieterka",
    }
    assert best.imported.drop == ("Data wpisu", "Język dziecka")


def test_a_wide_questionnaire_says_how_it_came_about_for_each_wave_or_for_all(empty: Folder, tmp_path: Path) -> None:
    waves = [f"Data {n};{';'.join(f'{item} ({n})' for item in ITEMS)};Sposób {n}" for n in (1, 2)]
    text = f"Kod;{';'.join(waves)};Ankieterka\n"
    text += f"P-001;03.02.2026;{';'.join('123412')};sama;03.05.2026;{';'.join('123412')};z pomocą;Ewa\n"
    (best, *_) = [each for each in proposed(empty, tmp_path, text) if each.imported.instrument == "security"]
    assert [columns["mode"] for columns in best.imported.by_wave.values()] == ["Sposób 1", "Sposób 2"]
    assert best.imported.items == {"filled_by": "Ankieterka"}
    assert {(one.name, one.word) for one in best.questions} == {("mode", "sama"), ("mode", "z pomocą")}


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Data 1. ankiety;{} (1)", "Data 2. ankiety;{} (2)"),
        ("Data (początek);{} początek", "Data (koniec);{} – koniec"),
        ("baseline.date;baseline.{}", "endline.date;endline.{}"),
    ],
)
def test_the_wave_of_a_column_is_told_by_its_number_name_or_label(
    empty: Folder, tmp_path: Path, first: str, last: str
) -> None:
    heads = [
        f"{wave.split(';')[0]};" + ";".join(wave.split(";")[1].format(name) for name in ITEMS) for wave in (first, last)
    ]
    line = "P-001;03.02.2026;1;2;3;4;5;1;03.06.2026;5;4;3;2;1;2"
    best = proposed(empty, tmp_path, f"Kod;{';'.join(heads)}\n{line}\n")[0]
    assert [name for _, name in best.columns] == [
        "participant",
        *(f"{name} ({wave})" for wave in ("baseline", "endline") for name in ("date", *ITEMS)),
    ]


def test_a_column_that_is_called_so_is_it_even_if_few_of_its_cells_can_be_read(empty: Folder, tmp_path: Path) -> None:
    text = "Kod osoby;Rodzaj wsparcia;Data\nP-001;Konsultacja telefoniczna;3.02.26\nP-001;Transport;4.02.26\n"
    best = proposed(empty, tmp_path, text)[0]
    assert matched(best) == {"Kod osoby": "participant", "Rodzaj wsparcia": "kind", "Data": "date"}


@pytest.mark.parametrize(
    ("other", "cell"),
    [
        ("Data urodzenia", "03.02.1999"),
        ("Date of birth", "1999-02-03"),
        ("Kraj pochodzenia matki", "Polska"),
        ("Wiek dziecka", "18"),
    ],
)
def test_who_somebody_is_and_what_is_said_of_others_is_never_proposed_as_a_participants_own(
    empty: Folder, tmp_path: Path, other: str, cell: str
) -> None:
    text = f"Kod;{other};Data przyjęcia;Zgoda na wsparcie;Zgoda na sprawozdania\nP-001;{cell};03.02.2026;tak;nie\n"
    best = proposed(empty, tmp_path, text)[0]
    assert (best.imported.form, best.imported.drop) == ("participants", (other,))
    assert matched(best)["Data przyjęcia"] == "enrolled_on"
    without = text.replace(";Data przyjęcia", "").replace(";03.02.2026", "")
    assert [each for each in proposed(empty, tmp_path, without) if other in matched(each)] == []


@pytest.mark.parametrize("other", ["sec_07", "sec_15/home", "Ankieta/sec_15/home", "sec_15.home"])
def test_no_choice_and_no_item_of_another_number_stands_for_an_item_that_is_missing(
    empty: Folder, tmp_path: Path, other: str
) -> None:
    items = [other, *ITEMS[1:], *(f"sec_{n}" for n in range(11, 19))]
    row = ";".join(["P-001", "baseline", "2026-02-03", "1", *"33333", *[""] * 8])
    found = proposed(empty, tmp_path, f"participant;wave;date;{';'.join(items)}\n{row}\n")
    assert [each for each in found if other in matched(each)] == []
    whole = f"participant;wave;date;{';'.join(['sec_01', *items[1:]])}\n{row}\n"
    assert matched(proposed(empty, tmp_path, whole)[0])["sec_01"] == "sec_01"


@pytest.mark.parametrize(
    ("word", "code"), [("psycholog", "psychological"), ("porada prawna", ""), ("konsultacja", ""), ("zakupy", "")]
)
def test_a_word_about_as_near_to_two_labels_is_asked_about_without_a_guess(word: str, code: str) -> None:
    labels = {"Konsultacja prawna": "legal", "Reprezentacja prawna": "court", "Legal help": "legal"}
    labels |= {"Konsultacja telefoniczna": "phone", "Pomoc psychologiczna": "psychological"}
    assert likeliest(word, labels) == (("legal", "court", "phone", "psychological"), code)
