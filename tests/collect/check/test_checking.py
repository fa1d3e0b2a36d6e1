"""Every row is accepted, repeated or rejected, with a reason a caseworker can act on and no answer in it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random

import pytest

from evaluation.collect.check.checking import Intake
from evaluation.collect.check.checking import check as check_sheet
from evaluation.collect.check.context import Context, Values
from evaluation.collect.files.sheet import Row, Sheet
from evaluation.errors import BadArgument, BadDeclaration, FileRefused
from evaluation.schema import Choice, Field, Instrument, Item, Scale, Table
from evaluation.texts import in_all, say
from tests.collect.intake_forms import CONTEXT, FORM, SECURITY, WAVES

HEADER = ("participant", "wave", "date", "mood", "why")
MOOD = Instrument(
    "mood",
    "2",
    {"en": "Mood"},
    (
        Item("mood", "integer", {"en": "Mood"}, key=1, low=0, high=10, required=True, missing={"98": "refused"}),
        Item("why", "text", {"en": "Why"}),
    ),
    (Scale("mood", {}, "higher", "sum", 0, 10, 1, ("mood",)),),
)


CODED_COLUMNS = ("c1", "c2")
CODED = Instrument(
    "coded",
    "1",
    {"en": "Coded"},
    tuple(
        Item(name, "select_one", {"en": name}, tuple(Choice(code, {"en": code}) for code in ("1", "2")))
        for name in CODED_COLUMNS
    ),
    (),
)


def sheet(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER, epoch: int = 1900) -> Sheet:
    made = Sheet("sent.csv", header, tuple(Row(number, row) for number, row in enumerate(rows, 2)))
    return dataclasses.replace(made, epoch=epoch)


def context(**changes: object) -> Context:
    return dataclasses.replace(CONTEXT, **{"names": {}, **changes})  # type: ignore[arg-type]


def check(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER, **changes: object) -> Intake:
    return check_sheet(sheet(*rows, header=header), MOOD, context(**changes))


def places(result: Intake) -> list[tuple[int, str, str]]:
    return [(rejection.row, rejection.column, rejection.reason) for rejection in result.rejected]


def noted(result: Intake) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(note.id, note.column, note.rows) for note in result.notes]


# --- one row ----------------------------------------------------------------------------------


def test_an_accepted_row_is_canonical_with_the_wave_by_its_own_name() -> None:
    result = check(("kc-001", "T0", "24.01.2025", "7,0", " calmer"))
    assert result.accepted == (
        {
            "participant": "KC-001",
            "wave": "baseline",
            "date": "2025-01-24",
            "form_version": None,
            "mood": "7",
            "why": "calmer",
        },
    )
    assert {name for name, _, _ in noted(result)} == {"case", "date_dmy", "float_integer", "space"}


@pytest.mark.parametrize(("code", "fault"), [("1", ""), ("#N/A", "excel_error"), ("'2", "unknown_choice"), ("3 ", "")])
def test_a_code_that_a_spreadsheet_could_have_made_is_read_even_where_all_cells_hold_it(code: str, fault: str) -> None:
    choices = tuple(Choice(name, {"en": name}) for name in ("1", "#N/A", "'2", "3"))
    form = Instrument("odd", "1", {"en": "Odd"}, (Item("way", "select_one", {"en": "Way"}, choices),), ())
    rows = [(f"KC-00{number}", "baseline", "2025-01-24", code) for number in (1, 2)]
    result = check_sheet(sheet(*rows, header=("participant", "wave", "date", "way")), form, context())
    assert places(result) == ([(row, "way", fault) for row in (2, 3)] if fault else [])
    assert [row["way"] for row in result.accepted] == ([] if fault else [code.strip()] * 2)


def test_a_wave_may_also_be_called_by_its_id() -> None:
    assert check(("KC-001", "endline", "2025-01-24", "7", "")).accepted[0]["wave"] == "endline"


def test_all_faults_of_a_row_are_told_at_once() -> None:
    result = check(("Anna", "t7", "2025-02-30", "11", "anna@example.org"))
    assert places(result) == [
        (2, "participant", "bad_code"),
        (2, "wave", "unknown_wave"),
        (2, "date", "date_impossible"),
        (2, "mood", "out_of_scale"),
        (2, "why", "personal_data"),
    ]
    assert result.accepted == ()


def test_a_date_on_the_first_day_and_on_today_is_accepted_and_the_next_is_not() -> None:
    rows = [("KC-001", "t0", "2014-01-01"), ("KC-002", "t0", "2026-01-15")]
    rows += [("KC-003", "t0", "2013-12-31"), ("KC-004", "t0", "2026-01-16")]
    result = check(*((*row, "7", "") for row in rows))
    assert result.accepted_rows == (2, 3)
    assert places(result) == [(4, "date", "date_before_period"), (5, "date", "date_future")]


def test_an_ambiguous_date_holds_its_row_back_and_only_this_row() -> None:
    result = check(("KC-001", "t0", "05/02/2025", "7", ""), ("KC-002", "t0", "2025-02-05", "7", ""))
    assert (places(result), result.accepted_rows) == ([(2, "date", "date_ambiguous")], (3,))


def test_a_day_above_twelve_in_the_column_makes_the_order_certain() -> None:
    result = check(("KC-001", "t0", "05/02/2025", "7", ""), ("KC-002", "t0", "24/02/2025", "7", ""))
    assert [values["date"] for values in result.accepted] == ["2025-02-05", "2025-02-24"]


def test_two_orders_in_one_column_leave_what_is_certain_and_hold_back_the_rest() -> None:
    days = ("05/02/2025", "24/02/2025", "02/25/2025")
    result = check(*((f"KC-00{n}", "t0", day, "7", "") for n, day in enumerate(days, 1)))
    assert (places(result), result.accepted_rows) == ([(2, "date", "date_ambiguous")], (3, 4))


def test_whoever_knows_the_order_can_say_it() -> None:
    result = check(("KC-001", "t0", "05/02/2025", "7", ""), date_order="month first")
    assert result.accepted[0]["date"] == "2025-05-02"


def test_day_numbers_from_1904_in_a_csv_are_refused_and_not_read_four_years_early() -> None:
    late = (dt.date(2014, 3, 1) - dt.date(1904, 1, 1)).days
    with pytest.raises(FileRefused) as refused:
        check(("KC-001", "t0", str(late), "7", ""))
    assert (refused.value.reason, refused.value.column) == ("epoch_unknown", "date")
    mixed = check(("KC-001", "t0", str(late), "7", ""), ("KC-002", "t0", "45681", "7", ""))
    assert places(mixed) == [(2, "date", "date_before_period")]
    known = check_sheet(sheet(("KC-001", "t0", str(late), "7", ""), epoch=1904), MOOD, context())
    assert known.accepted[0]["date"] == "2014-03-01"


def test_a_header_that_stands_again_between_the_rows_is_no_answer() -> None:
    assert places(check(("KC-001", "t0", "2025-01-24", "7", ""), HEADER)) == [(3, "", "repeated_header")]


def test_a_remark_that_reads_like_a_column_is_an_answer() -> None:
    assert check((*FIRST[:4], "mood")).accepted_rows == (2,)


def test_a_cell_with_control_characters_is_held_back() -> None:
    result = check(("KC-001", "t0", "2025-01-24", "7", "a\x07b"))
    assert places(result) == [(2, "why", "unreadable_characters")]


# --- columns ----------------------------------------------------------------------------------


def refused(*rows: tuple[str, ...], header: tuple[str, ...], **changes: object) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        check(*rows, header=header, **changes)
    return caught.value


def test_capitals_and_spaces_in_column_names_are_repaired_and_said() -> None:
    result = check(("KC-001", "t0", "2025-01-24", "7", ""), header=("Participant", " WAVE", "Date", "mood", "why"))
    assert noted(result) == [("header_repaired", name, ()) for name in ("participant", "wave", "date")]


def test_a_column_may_be_dropped_or_renamed_by_declaration() -> None:
    row = ("KC-001", "t0", "2025-01-24", "7", "600 100 200", "")
    header = ("kod", "wave", "date", "mood", "telefon", "why")
    result = check(row, header=header, names={"kod": "participant"}, drop={"telefon"})
    assert (len(result.accepted), noted(result)) == (1, [("column_dropped", "telefon", ())])
    assert (
        check(("x", *row[1:]), header=header, names={"kod": "participant"}, drop={"telefon"}).rejected[0].column
        == "kod"
    )


def test_a_column_that_stands_twice_is_refused() -> None:
    error = refused(("KC-001", "t0", "2025-01-24", "7", "6"), header=("participant", "wave", "date", "mood", "Mood"))
    assert error.reason == "repeated_column"


def test_of_a_header_that_lacks_nothing_a_column_that_stands_twice_is_refused_too() -> None:
    whole = ("participant", "wave", "date", *CODED_COLUMNS, "c1")
    with pytest.raises(FileRefused) as refusal:
        check_sheet(sheet(("kc-001", "T0", "24.01.2025", "1", "2", "1"), header=whole), CODED, context())
    assert (refusal.value.reason, refusal.value.column) == ("repeated_column", "c1")


@pytest.mark.parametrize("fault", ["struck_out", "merged", "excel_error"])
def test_what_cannot_be_seen_in_a_code_holds_its_row_back(fault: str) -> None:
    header = ("participant", "wave", "date", *CODED_COLUMNS)
    rows = [
        Row(2, ("kc-001", "T0", "24.01.2025", "1", "2"), {4: fault}),
        Row(3, ("kc-002", "T0", "24.01.2025", "2", "2")),
    ]
    result = check_sheet(dataclasses.replace(sheet(header=header), rows=tuple(rows)), CODED, context())
    assert (places(result), result.accepted_rows) == ([(2, "c2", fault)], (3,))


def test_an_optional_column_that_is_absent_is_read_as_not_asked_and_said() -> None:
    result = check(("KC-001", "t0", "2025-01-24", "7"), header=HEADER[:4])
    assert (result.accepted[0]["why"], noted(result)) == (None, [("column_absent", "why", ())])


def test_a_scored_column_that_is_absent_is_refused() -> None:
    optional = dataclasses.replace(MOOD, items=tuple(dataclasses.replace(item, required=False) for item in MOOD.items))
    with pytest.raises(FileRefused) as caught:
        check_sheet(sheet(("KC-001", "t0", "2025-01-24"), header=HEADER[:3]), optional, context())
    assert (caught.value.reason, caught.value.column) == ("missing_column", "mood")


@pytest.mark.parametrize("at", [0, 1, 2])
def test_participant_wave_and_date_must_be_in_the_file(at: int) -> None:
    left = [position for position in range(5) if position != at]
    error = refused(tuple(FIRST[p] for p in left), header=tuple(HEADER[p] for p in left))
    assert (error.reason, error.column) == ("missing_column", HEADER[at])


def test_an_item_of_a_scale_must_be_in_the_file_even_if_it_has_no_key() -> None:
    items = tuple(dataclasses.replace(item, required=False, key=0) for item in MOOD.items)
    with pytest.raises(FileRefused, match="'mood'"):
        check_sheet(sheet(FIRST[:3], header=HEADER[:3]), dataclasses.replace(MOOD, items=items), context())


def test_a_rejection_names_the_column_without_the_spaces_around_it() -> None:
    result = check((*FIRST[:1], "t7", *FIRST[2:]), header=("participant", " WAVE ", *HEADER[2:]))
    assert places(result) == [(2, "WAVE", "unknown_wave")]


def test_a_file_without_a_header_is_refused_without_repeating_its_cells() -> None:
    error = refused(("KC-002", "t0", "2025-01-24", "7", ""), header=("KC-001", "t0", "2025-01-24", "7", "Anna"))
    assert error.reason == "no_header"
    assert "KC-001" not in str(error)


@pytest.mark.parametrize("name", ["2025-01-24", "KC-001", "anna@example.org", "600 123 456"])
def test_a_column_name_that_could_be_an_answer_is_named_by_its_number(name: str) -> None:
    error = refused(("KC-001", "t0", "2025-01-24", "7", "", "x"), header=(*HEADER, name))
    assert name not in str(error)
    assert "no. 6" in str(error)


# --- between rows -----------------------------------------------------------------------------

FIRST = ("KC-001", "t0", "2025-01-24", "7", "calm")


def test_an_identical_row_is_kept_once_and_said() -> None:
    result = check(FIRST, FIRST, FIRST)
    assert (result.accepted_rows, result.repeated, result.rejected) == ((2,), (3, 4), ())
    assert noted(result) == [("duplicate_identical", "participant", (3, 4))]


def test_of_contradicting_rows_none_is_taken_even_if_two_agree() -> None:
    result = check(FIRST, FIRST, (*FIRST[:3], "8", "calm"))
    assert (result.accepted, result.repeated) == ((), (3,))
    assert places(result) == [(2, "participant", "duplicate_key"), (4, "participant", "duplicate_key")]


def test_a_row_is_not_taken_while_its_double_is_held_back_for_another_reason() -> None:
    result = check(FIRST, (*FIRST[:3], "11", "calm"))
    assert result.accepted == ()
    assert {(row, reason) for row, _, reason in places(result)} == {
        (2, "duplicate_key"),
        (3, "duplicate_key"),
        (3, "out_of_scale"),
    }


def stored(**changes: str) -> dict[str, dict[tuple[str, ...], Values | None]]:
    values = {"participant": "KC-001", "wave": "baseline", "date": "2025-01-24", "mood": "7", "why": "calm"}
    return {"mood": {("KC-001", "baseline"): {**values, **changes}}}


def test_a_row_that_is_stored_already_is_said_and_not_added() -> None:
    result = check(FIRST, existing=stored())
    assert (result.accepted, result.repeated, result.rejected) == ((), (2,), ())
    assert noted(result) == [("already_stored", "participant", (2,))]


@pytest.mark.parametrize("changes", [{"mood": "6"}, {"why": ""}])
def test_a_row_that_is_stored_with_other_answers_needs_a_correction(changes: dict[str, str]) -> None:
    assert places(check(FIRST, existing=stored(**changes))) == [(2, "participant", "key_stored")]


def test_what_the_file_does_not_send_is_not_compared() -> None:
    assert check(FIRST[:4], header=HEADER[:4], existing=stored()).repeated == (2,)


def test_where_only_the_key_is_known_the_row_is_held_back() -> None:
    assert places(check(FIRST, existing={"mood": {("KC-001", "baseline"): None}})) == [(2, "participant", "key_stored")]


def test_waves_out_of_order_hold_back_both_rows() -> None:
    result = check(FIRST, ("KC-001", "t1", "2025-01-23", "5", ""), ("KC-002", "t1", "2025-01-20", "5", ""))
    assert (places(result), result.accepted_rows) == (
        [(2, "date", "wave_order"), (3, "date", "wave_order")],
        (4,),
    )


def test_two_waves_on_the_same_day_are_out_of_order() -> None:
    assert len(check(FIRST, ("KC-001", "t1", "2025-01-24", "5", "")).rejected) == 2


@pytest.mark.parametrize(
    ("wave", "date", "held"), [("t1", "2025-01-25", 0), ("t1", "2025-01-23", 1), ("t2", "2025-01-24", 1)]
)
def test_waves_are_compared_with_what_is_stored(wave: str, date: str, held: int) -> None:
    result = check(("KC-001", wave, date, "5", ""), existing=stored())
    assert [reason for _, _, reason in places(result)] == ["wave_order"] * held


def two_waves() -> dict[str, dict[tuple[str, ...], Values | None]]:
    """One person's start of 24 January and end of 1 March."""
    first = stored()["mood"]
    last = {**(first["KC-001", "baseline"] or {}), "wave": WAVES[1].id, "date": "2025-03-01"}
    return {"mood": {**first, ("KC-001", WAVES[1].id): last}}


@pytest.mark.parametrize(
    ("wave", "date", "held"),
    [("t0", "2025-02-20", 0), ("t0", "2025-03-02", 1), ("t1", "2025-01-20", 1), ("t1", "2025-01-30", 0)],
)
def test_a_correction_is_compared_with_the_other_waves_and_not_with_what_it_replaces(
    wave: str, date: str, held: int
) -> None:
    both = two_waves()
    result = check(("KC-001", wave, date, "5", ""), existing=both, correcting=True)
    assert [reason for _, _, reason in places(result)] == ["wave_order"] * held
    assert len(result.accepted) == 1 - held


def test_waves_that_are_corrected_together_are_compared_with_each_other_only() -> None:
    rows = ("KC-001", "t0", "2025-03-02", "5", ""), ("KC-001", "t1", "2025-04-01", "5", "")
    later = check(*rows, existing=two_waves(), correcting=True)
    assert (len(later.accepted), later.rejected) == (2, ())


def test_a_correction_is_compared_with_what_stays_where_another_is_held_back() -> None:
    dates = {"baseline": "2025-01-02", "endline": "2025-01-05", "followup": "2025-01-12"}
    her = {("KC-001", wave): {"participant": "KC-001", "wave": wave, "date": day} for wave, day in dates.items()}
    rows = ("KC-001", "t1", "2025-01-01"), ("KC-001", "t2", "2025-01-04")
    # Endline cannot move before baseline, so it stays on the 5th and the follow-up cannot move to the 4th.
    result = check(*rows, header=HEADER[:3], existing={"mood": her}, correcting=True)
    assert places(result) == [(2, "date", "wave_order"), (3, "date", "wave_order")]


# --- skip rules and versions ------------------------------------------------------------------


def row(**answers: str) -> Intake:
    own = {
        "participant": "KC-001",
        "wave": "t0",
        "date": "2025-01-24",
        **{item.id: "" for item in FORM.items},
    }
    own |= {
        "weekly_budget_pln": "10",
        "threat": "0",
        **{item.id: "2" for item in FORM.items if item.key},
    } | answers
    return check_sheet(sheet(tuple(own.values()), header=tuple(own)), FORM, context())


@pytest.mark.parametrize(
    ("threat", "times", "faults"),
    [
        ("0", "", []),
        ("1", "3", []),
        ("1", "", ["skip_missing"]),
        ("0", "3", ["not_relevant"]),
        ("98", "3", ["not_relevant"]),
        ("98", "", []),
        ("1", "0", ["out_of_range"]),
        ("7", "", ["out_of_scale"]),  # whether times was to be asked is not known
        ("7", "3", ["out_of_scale"]),
    ],
)
def test_a_skip_rule_decides_what_is_answered(threat: str, times: str, faults: list[str]) -> None:
    assert [reason for _, _, reason in places(row(threat=threat, threat_times=times))] == faults


def test_a_constraint_of_the_form_holds_back_the_row() -> None:
    even = Item("even", "integer", {}, low=0, high=10, constraint=". = 2 or . = 4", missing={"98": "refused"})
    form = dataclasses.replace(MOOD, items=(*MOOD.items, even))
    rows = tuple((f"KC-00{n}", "t0", "2025-01-24", "7", "", answer) for n, answer in enumerate(("4", "3", "98"), 1))
    result = check_sheet(sheet(*rows, header=(*HEADER, "even")), form, context())
    assert (places(result), result.accepted_rows) == ([(3, "even", "constraint")], (2, 4))


def test_a_rule_that_cannot_be_evaluated_is_refused_before_any_row() -> None:
    for broken in ("regex(., 'x')", "${nobody} = '1'"):
        form = dataclasses.replace(MOOD, items=(dataclasses.replace(MOOD.items[0], relevant=broken),))
        with pytest.raises(BadDeclaration, match=r"regex|nobody"):
            check_sheet(sheet(FIRST), form, context())


def test_an_answer_in_another_version_need_not_have_the_newer_questions() -> None:
    header = ("participant", "wave", "date", "form_version", "mood", "why")
    result = check(
        ("KC-001", "t0", "2025-01-24", "1", "", ""),
        ("KC-002", "t0", "2025-01-24", "2", "", ""),
        header=header,
    )
    assert (result.accepted_rows, places(result)) == ((2,), [(3, "mood", "required_missing")])
    assert ("other_version", "form_version", (2,)) in noted(result)


def test_a_row_among_many_gets_the_verdict_that_it_gets_alone() -> None:
    own = {"form_version": ("", "v1", "v0"), "threat": ("0", "1", "98", "7", ""), "threat_times": ("", "3", "0", "x")}
    own |= {"unsafe_places": ("home", "home none", ""), "remarks": ("calm", "tel. 600 100 200", " calmer")}
    header = ("participant", "wave", "date", *SECURITY, "weekly_budget_pln", *own)
    people = [f"KC-{number:03}" for number in range(300)]
    dice = random.Random(11)
    filled = (
        (dice.choice(("2025-01-24", "2025-02-30", "")), *"22222", "10", *map(dice.choice, own.values())) for _ in people
    )
    marks = ({}, {}, {3: "struck_out"}, {0: "merged", 9: "formula_value"})
    sent = enumerate(zip(people, filled, strict=True), 2)
    rows = [Row(at, (person, "t0", *cells), marks[at % 4]) for at, (person, cells) in sent]
    around = context(participants=frozenset(people[:250]))
    many = check_sheet(Sheet("sent.csv", header, tuple(rows)), FORM, around)
    alone = [check_sheet(Sheet("sent.csv", header, (row,)), FORM, around) for row in rows]
    assert many.accepted == tuple(values for each in alone for values in each.accepted)
    assert many.rejected == tuple(rejection for each in alone for rejection in each.rejected)
    said = {(note.id, note.column, row) for each in alone for note in each.notes for row in note.rows}
    assert said == {(note.id, note.column, row) for note in many.notes for row in note.rows}


# --- tables -----------------------------------------------------------------------------------


def field(name: str, kind: str = "string", **more: object) -> Field:
    return Field(name, kind, {"en": name}, "quasi", **more)  # type: ignore[arg-type]


ATTENDANCE = Table(
    "attendance",
    {"en": "Attendance"},
    (
        field("session", reference="sessions.session", required=True),
        field("participant", reference="participants.participant", required=True),
        field("status", codes={"present": {"en": "here"}, "absent": {"en": "away"}}, required=True),
    ),
    ("session", "participant"),
)
PEOPLE = Table(
    "participants",
    {"en": "Participants"},
    (
        field("participant", required=True),
        field("enrolled_on", "date", required=True),
        field("country", codes={"NO": {"en": "Norway"}, "PL": {"en": "Poland"}}),
        field("consent", "boolean"),
        field("note"),
        field("hours", "number", minimum=0, maximum=24),
    ),
    ("participant",),
)
NAMES = tuple(entry.name for entry in PEOPLE.fields)


def test_a_register_is_checked_against_sessions_and_participants() -> None:
    known = {"sessions.session": {"S-1"}}
    rows = (("S-1", "KC-001", "present"), ("S-9", "KC-001", "present"), ("s-1", "KC-099", "gone"))
    result = check_sheet(sheet(*rows, header=("session", "participant", "status")), ATTENDANCE, context(known=known))
    assert places(result) == [
        (3, "session", "unknown_reference"),
        (4, "participant", "unknown_participant"),
        (4, "status", "unknown_choice"),
    ]


COUNTS = Table("counts", {}, (field("what", required=True), field("period", required=True), field("n")), ("what",))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("razem", "", "71"), "total_row"),
        (("Razem:", "", "=SUM(C2:C9)"), "total_row"),
        (("ogółem", "2025", "71"), ""),
        (("razem", "", "kobiety"), "required_missing"),
        (("sum", "2025", ""), ""),
    ],
)
def test_a_row_sums_up_the_others_where_it_has_no_key_and_only_numbers(row: tuple[str, ...], reason: str) -> None:
    result = check_sheet(sheet(row, header=("what", "period", "n")), COUNTS, context())
    assert [each[2] for each in places(result)] == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("code", "reason"), [("Razem", "total_row"), ("KC-001", ""), ("Razem 2", "bad_code"), ("średnia:", "total_row")]
)
def test_whoever_has_no_code_but_a_sum_is_no_participant_whatever_else_is_filled(code: str, reason: str) -> None:
    result = check_sheet(sheet((code, "45690", "", "1", "", "2"), header=NAMES), PEOPLE, context())
    assert [each for _, _, each in places(result)] == ([reason] if reason else [])


def test_a_date_of_another_century_is_a_slip_and_one_of_before_the_project_is_kept() -> None:
    days = ("1983-12-31", "1984-01-01", "2013-12-31", "1900-01-03")
    rows = [(f"KC-00{n}", day, "", "", "", "") for n, day in enumerate(days, 1)]
    result = check_sheet(sheet(*rows, header=NAMES), PEOPLE, context(existing={}))
    assert places(result) == [(2, "enrolled_on", "date_before_period"), (5, "enrolled_on", "date_before_period")]
    assert ("before_period", "enrolled_on", (3, 4)) in noted(result)


def test_an_answered_day_may_lie_before_the_project_or_ahead_but_not_in_a_year_that_is_a_slip() -> None:
    form = Instrument("past", "1", {"en": "Past"}, (Item("since", "date", {"en": "Since"}),), ())
    head = ("participant", "wave", "date", "since")
    days = ("1900-01-01", "2046-12-31", "1899-12-31", "2047-01-01", "0205-02-03")
    rows = [(f"KC-00{n}", "t0", "2025-01-24", day) for n, day in enumerate(days, 1)]
    assert places(check_sheet(sheet(*rows, header=head), form, context())) == [
        (row, "since", "implausible_year") for row in (4, 5, 6)
    ]


def test_a_text_longer_than_a_cell_can_be_holds_its_row_back() -> None:
    long = ("KC-001", "t0", "2025-01-24", "7", "a " * 16_384)
    assert places(check(long)) == []
    assert places(check((*long[:4], "a " * 16_384 + "b"))) == [(2, "why", "too_long")]


def test_a_column_of_half_swapped_dates_is_refused_with_its_name() -> None:
    with pytest.raises(FileRefused) as refused:
        check(("KC-001", "t0", "2025-05-02", "7", ""), ("KC-002", "t0", "25/01/2025", "7", ""))
    assert (refused.value.reason, refused.value.column) == ("date_half_swapped", "date")


def test_a_single_word_among_the_numbers_of_a_column_is_asked_about() -> None:
    anchors = tuple(Choice(code, {"en": text}) for code, text in (("1", "never"), ("2", "often")))
    form = dataclasses.replace(MOOD, items=(Item("how", "select_one", {}, anchors),), scales=())
    header = ("participant", "wave", "date", "how")
    rows = [(f"KC-00{n}", "t0", "2025-01-24", "1") for n in range(1, 5)]
    alone = check_sheet(sheet(*rows, ("KC-005", "t0", "2025-01-24", "Often"), header=header), form, context())
    assert places(alone) == [(6, "how", "label_instead_of_code")]
    words = check_sheet(sheet(*rows[1:], ("KC-005", "t0", "2025-01-24", "Often"), header=header), form, context())
    assert (words.accepted[-1]["how"], noted(words)) == ("2", [("label_read", "how", (5,))])


def test_a_check_that_was_not_told_the_sessions_says_so() -> None:
    with pytest.raises(BadArgument, match=r"sessions\.session"):
        check_sheet(
            sheet(("S-1", "KC-001", "present"), header=("session", "participant", "status")),
            ATTENDANCE,
            context(),
        )


def test_people_are_enrolled_with_codes_and_never_with_names() -> None:
    rows = (
        ("KC-101", "2025-01-24", "NO", "tak", "", "1,5"),
        ("Anna Nowak", "2025-01-24", "PL", "", "", ""),
        ("КС-103", "2025-01-24", "PL", "", "", ""),
        ("KC-104", "2012-01-24", "XX", "perhaps", "call 600 123 456", "25"),
    )
    result = check_sheet(sheet(*rows, header=NAMES), PEOPLE, context())
    assert dict(result.accepted[0]) == {
        "participant": "KC-101",
        "enrolled_on": "2025-01-24",
        "country": "NO",
        "consent": "true",
        "note": None,
        "hours": "1.5",
    }
    assert places(result) == [
        (3, "participant", "bad_code"),
        (4, "participant", "homoglyph"),
        (5, "country", "unknown_choice"),
        (5, "consent", "not_boolean"),
        (5, "note", "personal_data"),
        (5, "hours", "out_of_range"),
    ]


def test_a_stored_person_with_new_columns_is_not_taken_for_a_repetition() -> None:
    existing = {"participants": {("KC-001",): {"participant": "KC-001", "enrolled_on": "2025-01-24"}}}
    rows = (("KC-001", "2025-01-24", "NO", "", "", ""),)
    result = check_sheet(sheet(*rows, header=NAMES), PEOPLE, context(existing=existing))
    assert places(result) == [(2, "participant", "key_stored")]


def test_an_enrolment_before_the_project_is_kept_and_said() -> None:
    rows = (("KC-101", "2012-01-24", "", "", "", ""),)
    assert ("before_period", "enrolled_on", (2,)) in noted(check_sheet(sheet(*rows, header=NAMES), PEOPLE, context()))


# --- words ------------------------------------------------------------------------------------


def test_a_rejection_names_row_and_column_in_both_languages() -> None:
    (rejection,) = check(("KC-001", "t0", "2025-01-24", "11", "")).rejected
    assert in_all(rejection.message) == {
        "en": "Row 2, column 'mood': the answer is not on the scale (0–10, 98); correct it.",
        "pl": "Wiersz 2, kolumna „mood”: odpowiedź jest spoza skali (0–10, 98); popraw ją.",
    }


def test_a_choice_list_is_told_in_a_few_signs() -> None:
    many = tuple(Choice(f"c{n}", {}) for n in range(20))
    form = dataclasses.replace(MOOD, items=(*MOOD.items, Item("many", "select_one", {}, many)))
    result = check_sheet(sheet((*FIRST, "park"), header=(*HEADER, "many")), form, context())
    assert "(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, …)" in say(result.rejected[0].said, "en")


def test_waves_are_told_by_their_names() -> None:
    (rejection,) = check(("KC-001", "t7", "2025-01-24", "7", "")).rejected
    assert ", ".join(wave.id for wave in WAVES) in say(rejection.said, "pl")
