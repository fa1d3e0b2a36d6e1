"""One door to the record: what a page sends and what a file brings are checked and stored in one transaction."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evaluation.collect.check.checking import Intake
from evaluation.collect.files.sheet import Row, Sheet
from evaluation.collect.record import entries
from evaluation.collect.record.store import Store
from evaluation.collect.safety import clock
from evaluation.collect.submit import Submission, Submitted, preview, strike, submit, submit_together
from evaluation.errors import FileRefused, StoreError
from tests.collect.intake_forms import FORM, WAVES
from tests.records import declared, new

DECLARATION = declared(FORM, waves=WAVES, languages=("en",))
PERSON = {"participant": "P-001", "enrolled_on": "2025-01-02", "consent_service": "yes", "consent_reporting": "yes"}
ANSWERS = {
    "participant": "P-001",
    "wave": "baseline",
    "date": "2025-02-03",
    **dict.fromkeys(("sec_home", "sec_street", "sec_help", "sec_rights", "sec_future"), "3"),
    "threat": "0",
    "weekly_budget_pln": "120.5",
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new(tmp_path) as made:
        send(made, PERSON, form="participants")
        yield made


def page(values: dict[str, str], header: tuple[str, ...] = ()) -> Sheet:
    """One person's values as a page would send them."""
    names = header or (*values, *({item.id for item in FORM.items} - {*values} if "wave" in values else ()))
    return Sheet("page", names, (Row(1, tuple(values.get(name, "") for name in names)),))


def send(
    store: Store, values: dict[str, str], form: str = FORM.id, *, correct: bool = False, set_aside: object = None
) -> Submitted:
    sheet = page(values, tuple(values) if correct or form != FORM.id else ())
    sent = Submission(sheet, DECLARATION.form(form), actor="Ewa", today=dt.date(2025, 3, 9), correct=correct)
    if set_aside is None:
        return submit(sent, store, declaration=DECLARATION)
    return submit(sent, store, declaration=DECLARATION, set_aside=set_aside)  # type: ignore[arg-type]


def stored(store: Store) -> dict[str, object]:
    (row,) = store.rows(FORM.id)
    return dict(row.values)


def test_one_person_of_a_page_is_stored_with_the_receipt_of_the_record(store: Store) -> None:
    made = send(store, ANSWERS)
    assert (made.receipt.stored, made.receipt.already, made.receipt.head) == (1, 0, store.head())
    assert stored(store)["weekly_budget_pln"] == "120.5"
    assert store.rows(FORM.id)[0].actor == "Ewa"


@pytest.mark.parametrize(("stopped", "kept"), [(False, 0), (True, 1)])
def test_a_questionnaire_that_was_broken_off_is_stored_without_its_required_answers(
    store: Store, stopped: bool, kept: int
) -> None:
    some = {name: ANSWERS[name] for name in ("participant", "wave", "date", "sec_home")}
    sent = Submission(page(some), FORM, actor="Ewa", today=dt.date(2025, 3, 9), stopped=stopped)
    assert submit(sent, store, declaration=DECLARATION).stored == kept
    undated = Submission(page({**some, "date": ""}), FORM, actor="Ewa", today=dt.date(2025, 3, 9), stopped=stopped)
    assert submit(undated, store, declaration=DECLARATION).stored == 0


def test_what_is_sent_twice_is_acknowledged_twice_and_stored_once(store: Store) -> None:
    send(store, ANSWERS)
    again = send(store, ANSWERS)
    assert (again.receipt.stored, again.receipt.already, len(store.rows(FORM.id))) == (0, 1, 1)


def test_rejected_values_come_back_with_column_and_reason_and_nothing_is_stored(store: Store) -> None:
    made = send(store, ANSWERS | {"sec_home": "9"})
    assert [(one.column, one.reason) for one in made.intakes[0].rejected] == [("sec_home", "out_of_scale")]
    assert (made.stored, made.rejected, store.rows(FORM.id)) == (0, 1, ())


def test_no_door_stores_or_previews_anything_beside_a_wrong_clock(tmp_path: Path) -> None:
    now = [dt.datetime(2025, 5, 9, tzinfo=dt.UTC)]
    with new(tmp_path / "ahead", clock=lambda: now[0]) as store:
        send(store, PERSON, form="participants")
        now[0] = dt.datetime(2025, 3, 9, tzinfo=dt.UTC)
        sent = Submission(page(ANSWERS), FORM, actor="Ewa", today=dt.date(2025, 3, 9))
        (row,) = store.rows("participants")
        doors: dict[str, Callable[[], object]] = {
            "submit": lambda: submit(sent, store, declaration=DECLARATION),
            "preview": lambda: preview(sent, store, declaration=DECLARATION),
            "strike": lambda: strike(row.id, store, actor="Ewa"),
            "together": lambda: submit_together([sent], store, declaration=DECLARATION, struck=[], actor="Ewa"),
        }
        for name, door in doors.items():
            with pytest.raises(FileRefused) as refused:
                door()
            assert refused.value.reason == "wrong_clock", name
        assert store.verify() == 1
        clock.call_right(store)
        assert submit(sent, store, declaration=DECLARATION).stored == 1


def test_what_cannot_be_set_aside_is_not_stored_either(store: Store) -> None:
    def full(intake: Intake, sheet: Sheet) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        send(store, ANSWERS, set_aside=full)
    assert store.rows(FORM.id) == ()


def test_a_refused_sheet_leaves_the_record_usable(store: Store) -> None:
    with pytest.raises(FileRefused):
        send(store, {"participant": "P-001", "unknown": "x"}, "participants")
    assert send(store, ANSWERS).stored == 1


def test_two_people_who_correct_one_row_at_once_both_keep_what_they_wrote(store: Store, tmp_path: Path) -> None:
    send(store, ANSWERS)
    key = {"participant": "P-001", "wave": "baseline"}
    with Store.open(tmp_path, store.key) as other:
        late = threading.Thread(target=send, args=(other, key | {"sec_street": "1"}), kwargs={"correct": True})

        def meanwhile(intake: Intake, sheet: Sheet) -> None:
            late.start()  # it begins after this correction was checked, and before it is stored
            late.join(0.3)

        send(store, key | {"sec_home": "4"}, correct=True, set_aside=meanwhile)
        late.join()
    assert (stored(store)["sec_home"], stored(store)["sec_street"]) == ("4", "1")


def test_what_goes_wrong_while_rows_are_set_aside_is_not_told_as_a_damaged_record(store: Store) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    def asks(*_: object) -> None:
        store.content()

    with pytest.raises(MemoryError):
        send(store, ANSWERS | {"sec_home": "9"}, set_aside=full)
    with pytest.raises(StoreError, match="being written at this moment"):
        send(store, ANSWERS | {"sec_home": "9"}, set_aside=asks)
    assert send(store, ANSWERS).receipt.stored == 1


@pytest.mark.parametrize("correct", [False, True])
def test_free_text_that_looks_personal_is_stored_only_for_the_row_that_a_person_has_read(
    store: Store, correct: bool
) -> None:
    header = ("participant", "enrolled_on", "consent_service", "consent_reporting", "target_group")
    people = tuple(
        Row(number, (code, "2025-01-02", "yes", "yes", "Olga Tokarczuk readers' circle (fictional)"))
        for number, code in ((2, "P-001"), (3, "P-002"))
    )
    if correct:
        send(store, {**PERSON, "participant": "P-002"}, form="participants")
    else:
        people = tuple(Row(row.number, ("P-10" + row.cells[0][-1], *row.cells[1:])) for row in people)
    sent = Submission(
        Sheet("people", header, people),
        DECLARATION.form("participants"),
        actor="Ewa",
        today=dt.date(2025, 3, 9),
        correct=correct,
    )
    made = submit(sent, store, declaration=DECLARATION)
    assert [(one.row, one.column, one.reason) for one in made.intakes[0].rejected] == [
        (2, "target_group", "personal_data"),
        (3, "target_group", "personal_data"),
    ]
    made = submit(dataclasses.replace(sent, text_reviewed=frozenset({3})), store, declaration=DECLARATION)
    assert [one.row for one in made.intakes[0].rejected] == [2]
    assert [(note.id, note.rows) for note in made.intakes[0].notes if note.id == "text_reviewed"] == [
        ("text_reviewed", (3,))
    ]
    reviewed = {row.place[0]: dict(row.reviewed) for row in store.rows("participants") if row.reviewed}
    assert reviewed == {people[1].cells[0]: {"target_group": "Ewa"}}


def test_what_is_opened_to_check_one_row_does_not_grow_with_the_record(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    real = entries.unseal
    monkeypatch.setattr(entries, "unseal", lambda *args, **named: opened.append(1) or real(*args, **named))
    counts = []
    for size in (3, 60):
        people = [PERSON | {"participant": f"P-{number:03}"} for number in range(size - 1, size * 3)]
        header = tuple(PERSON)
        rows = tuple(Row(at, tuple(one[name] for name in header)) for at, one in enumerate(people, 2))
        form = DECLARATION.form("participants")
        sent = Submission(Sheet("list", header, rows), form, actor="Ewa", today=dt.date(2025, 3, 9))
        submit(sent, store, declaration=DECLARATION)
        opened.clear()
        one = f"P-{size:03}"
        assert send(store, ANSWERS | {"participant": one}).stored == 1
        assert send(store, {"participant": one, "wave": "baseline", "sec_home": "4"}, correct=True).stored == 1
        counts.append(len(opened))
    assert counts[0] == counts[1] <= 8


def test_a_goal_is_held_against_the_enrolment_that_the_record_has(store: Store) -> None:
    goal = {"participant": "P-001", "goal": "1", "kind": "work", "set_on": "2025-01-01", "baseline_level": "-1"}
    early = send(store, goal, form="goals")
    assert [(one.column, one.reason) for one in early.intakes[-1].rejected] == [("set_on", "before_enrolment")]
    made = send(store, goal | {"set_on": "2025-01-02"}, form="goals")
    assert (early.stored, made.stored) == (0, 1)


def test_how_a_questionnaire_came_about_is_stored_only_where_it_was_said(store: Store) -> None:
    send(store, ANSWERS)
    assert {"mode", "language", "interpreter", "filled_by"}.isdisjoint(stored(store))
    said = {"participant": "P-001", "wave": "baseline", "mode": "self_with_help", "interpreter": "tak"}
    send(store, said, correct=True)
    assert (stored(store)["mode"], stored(store)["interpreter"], stored(store)["sec_home"]) == (
        "self_with_help",
        "true",
        "3",
    )
