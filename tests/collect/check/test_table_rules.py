"""What the columns of a row say together, and beside its participant: rejected with a sentence, or accepted."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from evaluation import descriptors
from evaluation.collect.check.checking import Intake, check
from evaluation.collect.check.context import Context
from evaluation.collect.files.sheet import Row, Sheet
from evaluation.errors import FileRefused
from evaluation.schema import Choice, Item
from evaluation.texts import in_all, say
from tests.collect.intake_forms import CONTEXT, FORM

ENROLLED = {"participant": "P-001", "enrolled_on": "2025-03-10", "consent_service": "true", "consent_reporting": "true"}
PLAIN = dataclasses.replace(
    CONTEXT,
    names={},
    participants={"P-001"},
    participant_pattern=r"P-\d{3}",
    today=dt.date(2026, 6, 15),
    period_start=dt.date(2025, 1, 15),
    period_end=dt.date(2026, 5, 31),
    existing={"participants": {("P-001",): ENROLLED}},
    known={"courses.course": {"polish"}},
)
ROWS = {
    "participants": ENROLLED | {"participant": "P-002", "age_band": "25-34", "left_on": ""},
    "sessions": {
        "session": "S1",
        "course": "polish",
        "date": "2025-04-01",
        "hours": "1.5",
        "minutes": "90",
        "kind": "",
    },
    "goals": {
        "participant": "P-001",
        "goal": "1",
        "kind": "work",
        "weight": "2",
        "set_on": "2025-04-01",
        "baseline_level": "-1",
        "rated_on": "2025-10-01",
        "reached_level": "1",
    },
    "referrals": {
        "participant": "P-001",
        "institution": "police",
        "direction": "from_us",
        "date": "2025-04-01",
        "outcome": "",
    },
    "courses": {"course": "sewing", "title": "Sewing", "sessions": "6", "minimum_sessions": "6"},
    "tallies": {"month": "2025-04", "kind": "calls", "count": "712", "source": ""},
}


def sent(table: str, *changes: dict[str, str], without: tuple[str, ...] = (), context: Context = PLAIN) -> Intake:
    rows = [
        {name: cell for name, cell in {**ROWS[table], **change}.items() if name not in without} for change in changes
    ]
    cells = tuple(Row(number, tuple(row.values())) for number, row in enumerate(rows, 2))
    return check(Sheet("sent.csv", tuple(rows[0]), cells), descriptors.tables()[table], context)


def places(result: Intake) -> list[tuple[str, str]]:
    return [(rejection.column, rejection.reason) for rejection in result.rejected]


@pytest.mark.parametrize("table", ROWS)
def test_an_ordinary_row_of_each_table_is_accepted(table: str) -> None:
    assert places(sent(table, {})) == []
    assert len(sent(table, {}).accepted) == 1


@pytest.mark.parametrize(
    ("name", "code"), [("Holandia", "NL"), ("USA", "US"), ("czech republic", "CZ"), ("Kongo", None)]
)
def test_a_country_is_known_by_each_of_its_usual_names_and_asked_about_where_two_share_it(
    name: str, code: str | None
) -> None:
    found = sent("participants", {"country": name})
    country = descriptors.tables()["participants"].field("country")
    assert {*country.also} < {*country.codes}
    assert [values["country"] for values in found.accepted] == ([code] if code else [])
    assert places(found) == ([] if code else [("country", "label_ambiguous")])


def test_a_file_that_says_whose_rows_and_little_else_is_told_that_it_may_be_a_correction() -> None:
    with pytest.raises(FileRefused, match=r"'enrolled_on' is missing; add it, or send the file with --correct"):
        sent("participants", {}, without=("enrolled_on", "consent_service", "age_band", "left_on"))
    with pytest.raises(FileRefused, match=r"'enrolled_on' is missing; add it\."):
        sent("participants", {}, without=("enrolled_on",))


def test_a_list_of_attendance_may_have_the_marks_of_a_register() -> None:
    context = dataclasses.replace(PLAIN, known={"sessions.session": {"s-1", "s-2", "s-3"}})
    rows = [("s-1", "x"), ("s-2", "nb"), ("s-3", "FAŁSZ")]
    cells = tuple(Row(at, (session, "P-001", mark)) for at, (session, mark) in enumerate(rows, 2))
    sheet = Sheet("sent.csv", ("session", "participant", "status"), cells)
    found = check(sheet, descriptors.tables()["attendance"], context)
    assert [values["status"] for values in found.accepted] == ["present", "absent", "absent"]
    wingdings = dataclasses.replace(sheet, rows=(Row(2, ("s-1", "P-001", "ü")),))  # a tick, and no "u" for excused
    assert places(check(wingdings, descriptors.tables()["attendance"], context)) == [("status", "unknown_choice")]


@pytest.mark.parametrize(
    ("table", "change", "column", "reason"),
    [
        ("participants", {"left_on": "2025-03-09"}, "left_on", "left_before_enrolled"),
        ("participants", {"age_band": "0-17"}, "guardian_consent", "guardian_missing"),
        ("participants", {"age_band": "0-17", "guardian_consent": "no"}, "guardian_consent", "guardian_missing"),
        ("sessions", {"hours": "", "minutes": ""}, "hours", "no_length"),
        ("sessions", {"hours": "2"}, "minutes", "lengths_differ"),
        ("courses", {"minimum_sessions": "7"}, "minimum_sessions", "minimum_above_sessions"),
        ("goals", {"rated_on": ""}, "rated_on", "rating_incomplete"),
        ("goals", {"reached_level": ""}, "reached_level", "rating_incomplete"),
        ("goals", {"rated_on": "2025-03-31"}, "rated_on", "end_before_start"),
        ("goals", {"set_on": "2025-03-09"}, "set_on", "before_enrolment"),
        ("goals", {"rated_on": "2026-06-01"}, "rated_on", "date_after_period"),
        ("goals", {"reached_level": "3"}, "reached_level", "out_of_scale"),
        ("goals", {"participant": "P-009"}, "participant", "unknown_participant"),
        ("referrals", {"date": "2025-03-09"}, "date", "before_enrolment"),
        ("referrals", {"date": "2026-06-01"}, "date", "date_after_period"),
        ("tallies", {"month": "2024-12"}, "month", "date_before_period"),
        ("tallies", {"month": "2026-06"}, "month", "date_after_period"),
        ("tallies", {"month": "2026-07"}, "month", "date_future"),
        ("tallies", {"month": "2025-13"}, "month", "bad_month"),
        ("tallies", {"month": "spring"}, "month", "bad_month"),
        ("tallies", {"month": "March"}, "month", "month_undated"),
        ("tallies", {"month": "04/05/2025"}, "month", "date_ambiguous"),
        ("tallies", {"count": "-1"}, "count", "out_of_range"),
    ],
)
def test_what_cannot_be_is_rejected_with_its_column(
    table: str, change: dict[str, str], column: str, reason: str
) -> None:
    found = sent(table, {"guardian_consent": ""} | change if table == "participants" else change)
    assert places(found) == [(column, reason)]
    assert all(in_all(rejection.message) for rejection in found.rejected)
    assert found.accepted == ()


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("participants", {"left_on": "2025-03-10"}),
        ("participants", {"age_band": "0-17", "guardian_consent": "tak"}),
        ("participants", {"age_band": "18-24"}),
        ("sessions", {"hours": "", "minutes": "45"}),
        ("sessions", {"hours": "0.75", "minutes": ""}),
        ("sessions", {"hours": "0.33", "minutes": "20"}),
        ("goals", {"rated_on": "", "reached_level": ""}),
        ("goals", {"set_on": "2025-03-10", "rated_on": "2025-03-10"}),
        ("goals", {"rated_on": "2026-05-31", "reached_level": "-2"}),
        ("goals", {"weight": ""}),
        ("referrals", {"direction": "to_us", "date": "2025-03-01"}),
        ("tallies", {"month": "2025-01"}),
        ("tallies", {"month": "2026-05", "count": "0"}),
    ],
)
def test_what_just_can_be_is_accepted(table: str, change: dict[str, str]) -> None:
    assert places(sent(table, {"guardian_consent": ""} | change if table == "participants" else change)) == []


@pytest.mark.parametrize("text", ["2025-04", "04.2025", "4/2025", "2025/4", "2025-04-30", "17.04.2025", "45748"])
def test_a_month_is_read_as_people_and_spreadsheets_write_it(text: str) -> None:
    found = sent("tallies", {"month": text})
    assert [row["month"] for row in found.accepted] == ["2025-04"]
    assert [note.id for note in found.notes] == ([] if text == "2025-04" else ["month_form"])


@pytest.mark.parametrize(
    ("table", "without"),
    [("participants", ("identification", "guardian_consent")), ("sessions", ("minutes", "kind"))],
)
def test_yesterdays_files_are_accepted_without_a_word(table: str, without: tuple[str, ...]) -> None:
    found = sent(table, {}, without=without)
    names = {"identification", "guardian_consent", "minutes", "kind"}
    assert [note for note in found.notes if note.column in names] == []
    assert names.isdisjoint(found.accepted[0])


def corrected(change: dict[str, str], stored: dict[str, str], table: str, key: tuple[str, ...]) -> Intake:
    existing: dict[str, Any] = {**PLAIN.existing, table: {key: stored}}
    context = dataclasses.replace(PLAIN, correcting=True, existing=existing)
    place = dict(zip(descriptors.tables()[table].key, key, strict=True))
    row = place | change
    return check(Sheet("sent.csv", tuple(row), (Row(2, tuple(row.values())),)), descriptors.tables()[table], context)


def test_a_correction_is_held_to_what_it_changes_beside_what_is_stored() -> None:
    goal = {**ROWS["goals"], "set_on": "2025-01-20"}  # from before the rule
    assert places(corrected({"reached_level": "2"}, goal, "goals", ("P-001", "1"))) == []
    assert places(corrected({"rated_on": "2025-01-19"}, goal, "goals", ("P-001", "1"))) == [
        ("rated_on", "end_before_start"),
    ]
    assert places(corrected({"weight": "3", "set_on": "2025-02-01"}, goal, "goals", ("P-001", "1"))) == [
        ("set_on", "before_enrolment")
    ]


def test_whoever_turns_out_to_be_under_age_needs_a_guardian_whose_consent_no_list_turns_on() -> None:
    person = {**ROWS["participants"], "participant": "P-001"}
    assert places(corrected({"age_band": "0-17"}, person, "participants", ("P-001",))) == [
        ("guardian_consent", "guardian_missing")
    ]
    both = {"age_band": "0-17", "guardian_consent": "yes"}
    assert places(corrected(both, person, "participants", ("P-001",))) == [("guardian_consent", "consent_on")]


@pytest.mark.parametrize("said", ["no", "(empty)"])
def test_a_guardian_can_always_take_the_consent_back(said: str) -> None:
    minor = {**ROWS["participants"], "participant": "P-001", "age_band": "0-17", "guardian_consent": "true"}
    found = corrected({"guardian_consent": said}, minor, "participants", ("P-001",))
    assert places(found) == []
    assert found.accepted[0]["guardian_consent"] == ("false" if said == "no" else None)


def test_what_is_stored_already_is_there_whatever_the_rules_say_today() -> None:
    minor = {**ROWS["participants"], "participant": "P-001", "age_band": "0-17"}
    context = dataclasses.replace(PLAIN, existing={"participants": {("P-001",): minor}})
    again = sent("participants", {"participant": "P-001", "age_band": "0-17"}, context=context)
    assert (places(again), again.repeated) == ([], (2,))


# --- how a questionnaire came about -----------------------------------------------------------

ANSWERS = {
    "participant": "KC-001",
    "wave": "t0",
    "date": "2025-02-03",
    **dict.fromkeys(("sec_home", "sec_street", "sec_help", "sec_rights", "sec_future"), "3"),
    "threat": "0",
    "threat_times": "",
    "unsafe_places": "",
    "weekly_budget_pln": "120.5",
    "remarks": "",
}


def filled(**about: str) -> Intake:
    row = ANSWERS | about
    context = dataclasses.replace(CONTEXT, names={})
    return check(Sheet("sent.csv", tuple(row), (Row(2, tuple(row.values())),)), FORM, context)


def test_a_questionnaire_may_say_how_it_came_about() -> None:
    about = {"mode": "self_with_help", "language": "uk", "interpreter": "tak", "filled_by": "Łucja W."}
    (accepted,) = filled(**about).accepted
    assert {name: accepted[name] for name in about} == about | {"interpreter": "true"}


def test_a_questionnaire_that_says_nothing_of_it_is_what_it_always_was() -> None:
    found = filled()
    assert (places(found), found.notes) == ([], ())
    assert {"mode", "language", "interpreter", "filled_by"}.isdisjoint(found.accepted[0])


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("mode", "herself", "unknown_choice"),
        ("language", "xx", "unknown_choice"),
        ("interpreter", "perhaps", "not_boolean"),
        ("filled_by", "k1@example.org", "pattern"),
    ],
)
def test_what_it_says_of_itself_is_checked(column: str, cell: str, reason: str) -> None:
    assert places(filled(**{column: cell})) == [(column, reason)]
    assert cell not in say(filled(**{column: cell}).rejected[0].message, "en")


def test_a_question_of_the_forms_own_keeps_its_name_and_answers() -> None:
    own = Item("mode", "select_one", {"en": "Mode of travel"}, (Choice("bus", {}), Choice("train", {})))
    form = dataclasses.replace(FORM, items=(*FORM.items, own))
    row = ANSWERS | {"mode": "bus"}
    context = dataclasses.replace(CONTEXT, names={})
    found = check(Sheet("sent.csv", tuple(row), (Row(2, tuple(row.values())),)), form, context)
    assert [accepted["mode"] for accepted in found.accepted] == ["bus"]
