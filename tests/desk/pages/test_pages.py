"""Entering, correcting and ending: what a page stores of one person, and what it says before."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from evaluation.collect.access import keys
from evaluation.collect.record import entries, trail
from evaluation.collect.record.replay import Row
from evaluation.collect.record.store import Store
from evaluation.collect.safety import backup
from evaluation.desk.forms.register import shortcuts
from tests.desk.forms.test_questionnaire import ANSWERS, opened, rows, send
from tests.desk.running import NAME, NOON, OTHER, OTHER_PASSPHRASE, PASSPHRASE, Client, Running, add

PERSON = {
    "participant": "P-004",
    "enrolled_on": "1.3.2015",
    "country": "VN",
    "consent_service": "true",
    "consent_reporting": "false",
}


def fill(client: Client, path: str, typed: Mapping[str, str], **more: str) -> Client:
    """The form at ``path`` opened and sent."""
    client.get(path)
    hidden = {name: client.hidden(name) for name in ("submission", "base") if f'name="{name}"' in client.page}
    return client.post(path, {**hidden, **typed, **more})


def stored(desk: Running, table: str) -> tuple[Row, ...]:
    with desk.store() as store:
        return store.rows(table)


def test_enrolling_asks_for_both_consents_and_for_nothing_of_the_end(desk: Running) -> None:
    client = desk.signed_in().get("/people/new")
    assert 'value="P-004"' in client.page
    for name in ("left_on", "leaving_reason", "residence_end", "legal_end"):
        assert f'name="{name}"' not in client.page
    fill(client, "/people/new", {name: value for name, value in PERSON.items() if name != "consent_reporting"})
    assert client.status == 422
    assert "Not stored: 1 thing is to be put right. Consents to use in reports : An answer is needed." in client.text
    assert "Enrolled." in fill(client, "/people/new", PERSON).text
    assert "P-004" in client.text
    row = stored(desk, "participants")[-1]
    assert (row.values["country"], row.values["consent_reporting"], row.actor) == ("VN", "false", "Ewa Test")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"participant": "P-001"}, "This is already stored with other answers."),
        ({"participant": "Anna Kowalska"}, "This is not a code of the agreed form; never type a name."),
        ({"enrolled_on": "31.2.2015"}, "there is no such day in the calendar"),
        ({"country": "Atlantis"}, "This is not one of the answers on offer"),
    ],
)
def test_what_is_wrong_is_said_at_its_question_and_nothing_is_stored(
    desk: Running, changed: dict[str, str], said: str
) -> None:
    client = fill(desk.signed_in(), "/people/new", {**PERSON, **changed})
    assert client.status == 422
    assert client.text.count(said) == 2  # in the summary, and at the question
    assert 'aria-invalid="true"' in client.page
    assert len(stored(desk, "participants")) == 3


def test_a_correction_touches_only_what_was_changed_and_keeps_what_was_written(desk: Running) -> None:
    client = desk.signed_in()
    path = opened(client)
    send(client, path, ANSWERS)
    before = stored(desk, "security")[0]
    again = {**ANSWERS, "sec_01": "5", "sec_02": "", "sec_13": "0"}
    assert "Corrected: 4 answers." in fill(client, f"{path}/correct", again).text
    (row,) = rows(desk)
    assert (row["sec_01"], row["sec_02"], row["sec_13"], row["sec_14"]) == ("5", None, "0", None)
    same = {name for name in before.values if row[name] == before.values[name]}
    assert set(before.values) - same == {"sec_01", "sec_02", "sec_13", "sec_14"}
    assert "Nothing was changed." in fill(client, f"{path}/correct", {**again, "sec_14": "3"}).text


def test_a_correction_over_somebody_else_s_shows_both_and_stores_nothing(desk: Running) -> None:
    first, second = desk.signed_in(), desk.signed_in(OTHER, OTHER_PASSPHRASE)
    path = opened(first)
    send(first, path, ANSWERS)
    base = {name: second.get(f"{path}/correct").hidden(name) for name in ("submission", "base")}
    fill(first, f"{path}/correct", {**ANSWERS, "sec_01": "5"})
    second.post(f"{path}/correct", {**base, **ANSWERS, "sec_01": "3"})
    assert second.status == 409
    assert "Ewa Test corrected this in between" in second.text
    assert [row["sec_01"] for row in rows(desk)] == ["5"]
    hidden = {name: second.hidden(name) for name in ("submission", "base", *ANSWERS)}
    assert "Corrected: 1 answer." in second.post(f"{path}/correct", hidden).text
    assert [row["sec_01"] for row in rows(desk)] == ["3"]


def test_no_correction_of_the_enrolment_touches_consents_or_leaving(desk: Running) -> None:
    client = desk.signed_in()
    client.get(client.get("/people").link("P-002"))
    path = client.link("Correct")
    client.get(path)
    assert "consent_reporting" not in client.page
    fill(client, path, {"enrolled_on": "30.1.2015", "sex": "F", "consent_reporting": "true"})
    row = next(row for row in stored(desk, "participants") if row.values["participant"] == "P-002")
    assert (row.values["sex"], row.values["consent_reporting"]) == ("F", "false")


@pytest.mark.parametrize(
    ("table", "typed"),
    [
        ("support", {"kind": "legal_consultation", "date": "1.3.2015"}),
        ("needs", {"need": "residence", "date": "1.3.2015", "state": "open"}),
        ("goals", {"goal": "1", "kind": "work", "set_on": "28.2.2015", "baseline_level": "-2"}),
        ("referrals", {"institution": "court", "direction": "to", "date": "1.3.2015"}),
    ],
)
def test_a_row_of_any_table_is_entered_shown_corrected_and_struck_out(
    desk: Running, table: str, typed: dict[str, str]
) -> None:
    client = desk.signed_in()
    person = client.get("/people").link("P-001")
    client.get(f"{person}/add/{table}")
    typed = {name: value if on_offer(client, value) else pick(client, name) for name, value in typed.items()}
    assert "Stored" in fill(client, f"{person}/add/{table}", typed).text
    (row,) = stored(desk, table)
    assert row.values["participant"] == "P-001"
    path = f"{person}/row/{row.id}"
    assert path in client.page
    assert client.get(f"{client.get('/people').link('P-002')}/row/{row.id}").status == 404
    assert "struck out" in fill(client, path, {}, action="strike").text
    assert stored(desk, table) == ()
    assert "Stored" in fill(client, f"{person}/add/{table}", typed).text


def on_offer(client: Client, value: str) -> bool:
    """Whether the page has this option, or takes what is typed."""
    return f'value="{value}"' in client.page or "." in value or value == "1"


def pick(client: Client, name: str) -> str:
    """Some option of a question on the page."""
    found = re.search(rf'name="{name}".*?value="([^"]+)"', client.page, flags=re.S)
    assert found, name
    return found[1]


def test_a_course_is_renamed_and_keeps_its_sessions(desk: Running) -> None:
    client = desk.signed_in()
    client.get("/tables/courses")
    path = re.search(r'href="(/tables/row/[^"]+)"', client.page)
    assert path
    assert 'name="course"' not in client.get(path[1]).page
    assert "Corrected: 1 answer." in fill(client, path[1], {"title": "Polish for work", "sessions": "20"}).text
    assert [row.values["title"] for row in stored(desk, "courses")] == ["Polish for work"]
    assert len(stored(desk, "sessions")) == 1


@pytest.fixture
def register(desk: Running) -> tuple[Client, str]:
    with desk.store() as store:
        more = {"session": "polish-02", "course": "polish", "date": "2015-03-01", "hours": "2"}
        add(desk.folder, store, "sessions", more)
        (row,) = [row for row in store.rows("sessions") if row.values["session"] == "polish-02"]
    return desk.signed_in(), f"/registers/{row.id}"


def attended(desk: Running) -> dict[str, object]:
    return {
        str(row.values["participant"]): row.values["status"]
        for row in stored(desk, "attendance")
        if row.values["session"] == "polish-02"
    }


@pytest.mark.parametrize(("since", "expected"), [(8, True), (9, False)])
def test_a_register_expects_whoever_stands_on_one_of_the_last_ten_of_its_course(
    desk: Running, register: tuple[Client, str], since: int, expected: bool
) -> None:
    sessions = [
        {"session": f"polish-1{n}", "course": "polish", "date": f"2014-10-0{n}", "hours": "2"}
        for n in range(1, since + 1)
    ]
    later = {"session": "polish-30", "course": "polish", "date": "2015-03-02", "hours": "2"}
    other = {"session": "english-01", "course": "english", "date": "2014-10-05", "hours": "2"}
    with desk.store() as store:
        add(desk.folder, store, "sessions", *sessions, later, other)
    client, path = register
    assert ("status:P-003" in client.get(path).page) == expected


def test_a_register_expects_whoever_came_before_and_takes_others(desk: Running, register: tuple[Client, str]) -> None:
    client, path = register
    client.get(path)
    assert 'name="status:P-003"' in client.page
    assert 'name="status:P-001"' not in client.page
    assert "<option>P-001</option>" in client.page
    client.post(path, {"status:P-003": "absent", "other": "P-001", "other_status": "present"})
    assert "Stored: 2 changes." in client.text
    assert attended(desk) == {"P-003": "absent", "P-001": "present"}


def test_a_register_is_sent_twice_changed_and_taken_back(desk: Running, register: tuple[Client, str]) -> None:
    client, path = register
    client.get(path).post(path, {"status:P-003": "present"})
    assert "Stored: 0 changes." in client.post(path, {"status:P-003": "present"}).text
    client.post(path, {"status:P-003": "excused", "other": "P-002", "other_status": "absent"})
    assert attended(desk) == {"P-003": "excused", "P-002": "absent"}
    assert "Taken back: 2 changes." in client.post(path, {"action": "undo"}).text
    assert attended(desk) == {"P-003": "present"}
    client.post(path, {"status:P-003": ""})
    assert attended(desk) == {}


def test_a_register_is_stored_in_one_transaction_or_not_at_all(desk: Running, register: tuple[Client, str]) -> None:
    client, path = register
    client.get(path).post(path, {"status:P-003": "present", "other": "P-002", "other_status": "absent"})
    mixed = {"status:P-003": "", "status:P-002": "excused", "other": "P-001", "other_status": "present"}
    refused = client.post(path, {**mixed, "status:P-009": "present"})
    assert (refused.status, "Nothing of this is stored" in refused.text) == (422, True)
    assert attended(desk) == {"P-003": "present", "P-002": "absent"}
    client.get(path).post(path, mixed)
    assert attended(desk) == {"P-002": "excused", "P-001": "present"}


@pytest.mark.parametrize(
    ("labels", "letters"),
    [
        (("Present", "Absent", "Excused"), "pae"),
        (("Obecność", "Nieobecność", "Nieobecność usprawiedliwiona"), "onu"),
        (("A", "a", "Ab"), ("a", "", "b")),
    ],
)
def test_each_status_of_a_register_has_a_letter_of_its_own(labels: tuple[str, ...], letters: str) -> None:
    assert shortcuts(labels) == tuple(letters)


def test_the_key_sheet_has_every_code_and_an_empty_line_and_is_kept_as_printed(desk: Running) -> None:
    client = desk.signed_in(OTHER, OTHER_PASSPHRASE)
    client.get(client.get("/people").link("Key sheet for the safe"))
    rows = re.findall(r'<th scope="row">(P-\d+)</th><td>([^<]+)</td><td class="blank"></td>', client.page)
    assert rows == [("P-001", "February 2015"), ("P-002", "January 2015"), ("P-003", "July 2014")]
    assert "<input" not in client.page.split("<main", 1)[1]
    with desk.store() as store:
        assert trail.read(store, limit=1)[0].page == "key_sheet"


def test_a_withdrawal_and_a_leaving_say_first_what_they_change(desk: Running) -> None:
    client = desk.signed_in()
    path = opened(client)
    send(client, path, ANSWERS)
    person = client.get("/people").link("P-001")
    for name, typed, button in (
        ("withdraw", {"on": "2.3.2015", "service": "false"}, "Record the withdrawal"),
        ("leave", {"on": "2.3.2015", "reason": "safety"}, "Record the leaving"),
    ):
        act = f"{person}/act/{name}"
        client.get(act).post(act, {**typed, "action": "show"})
        assert "This will happen" in client.text
        assert button in client.text
        with desk.store() as store:
            assert name != "withdraw" or not store.content().withdrawn
        client.post(act, {**typed, "action": "confirm"})
        assert client.status == 200
    with desk.store() as store:
        assert store.content().withdrawn == {"P-001": NOON.date()}
    assert stored(desk, "participants")[0].values["left_on"] == "2015-03-02"
    assert "(has left)" in client.get("/people").text
    assert "withdrawn since 2 March 2015" in client.get(person).text


def test_a_leaving_without_its_day_or_reason_says_at_the_question_what_is_missing(desk: Running) -> None:
    client = desk.signed_in()
    act = client.get("/people").link("P-001") + "/act/leave"
    for typed, missing in (
        ({"on": "", "reason": "safety"}, "From which day : An answer is needed."),
        ({"on": "31.2.2015", "reason": "safety"}, "From which day : This is not a date"),
        ({"on": "2.3.2015", "reason": ""}, "Reason for leaving : An answer is needed."),
    ):
        assert client.get(act).post(act, {**typed, "action": "confirm"}).status == 422
        assert "Not stored: 1 thing" in client.text
        assert missing in client.text
    assert not stored(desk, "participants")[0].values["left_on"]
    client.get(act.replace("leave", "withdraw")).post(act.replace("leave", "withdraw"), {"on": "1.3.2015"})
    assert "0 answers" not in client.text


def test_an_erasure_needs_a_coordinator_and_the_code_typed_and_takes_the_drafts_too(desk: Running) -> None:
    caseworker = desk.signed_in(OTHER, OTHER_PASSPHRASE)
    person = caseworker.get("/people").link("P-001")
    assert "act/erase" not in caseworker.get(person).page
    assert caseworker.get(f"{person}/act/erase").status == 403
    client = desk.signed_in()
    path = opened(client)
    send(client, path, {"sec_01": "1"}, "save")
    act = f"{person}/act/erase"
    client.get(act).post(act, {"action": "show"})
    assert "It cannot be undone" in client.text
    client.post(act, {"action": "confirm", "typed_code": "P-002"})
    assert "nothing was erased" in client.text
    assert len(stored(desk, "participants")) == 3
    client.post(act, {"action": "confirm", "typed_code": "P-001"})
    assert client.status == 200
    assert len(stored(desk, "participants")) == 2
    assert client.get(person).status == 404
    assert "Begun" not in client.get("/").text


def test_a_participant_s_page_has_everything_recorded_of_her_and_nothing_of_others(desk: Running) -> None:
    client = desk.signed_in()
    path = opened(client, "P-003")
    send(client, path, ANSWERS)
    page = client.get(client.get("/people").link("P-003") + "/print").text
    for said in (
        "01.07.2014",
        "I strongly disagree",
        "Polish language",
        "Present",
        "Two or three times",
    ):
        assert said in page, said
    assert "P-001" not in page
    assert "1 September 2014" in page


@pytest.mark.parametrize(("name", "typed"), [("leave", {"reason": "safety"}), ("withdraw", {"service": "true"})])
def test_today_says_what_is_due_until_when_and_nothing_of_who_left_or_withdrew_from_the_service(
    desk: Running, name: str, typed: dict[str, str]
) -> None:
    client = desk.signed_in().get("/")
    assert "P-001" in client.text
    found = client.text.index("P-001")
    assert "until 13 March 2015" in client.text[found:]
    assert re.search(r"P-003.*overdue since 15 July 2014", client.text)
    assert "Monday, 2 March 2015" in client.text
    person = client.get("/people").link("P-003")
    act = f"{person}/act/{name}"
    client.get(act).post(act, {"on": "2.3.2015", **typed, "action": "confirm"})
    assert "P-003" not in client.get("/").text


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("p-002", ["P-002"]), ("july polish", ["P-003"]), ("2015", ["P-001", "P-002"]), ("nobody", []), ("", None)],
)
def test_somebody_is_found_by_code_month_or_course_and_no_search_stands_in_an_address(
    desk: Running, wanted: str, found: list[str] | None
) -> None:
    client = desk.signed_in().get("/people").post("/people", {"find": wanted})
    assert client.path == "/people"
    assert re.findall(r"P-00\d", client.text) == (found if found is not None else ["P-001", "P-002", "P-003"])


def test_a_long_list_says_how_many_it_does_not_show(desk: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    from evaluation.desk.pages import people, today

    monkeypatch.setattr(people, "_SHOWN", 2)
    monkeypatch.setattr(today, "_SHOWN", 1)
    client = desk.signed_in().get("/people")
    assert "1 more is not shown" in client.text
    assert "P-003" not in client.text
    assert "Show 2 more" in client.get("/").text
    assert "P-001" not in client.text
    assert "P-001" in client.get("/today/all").text


def test_today_tells_when_the_last_backup_was_made(desk: Running, tmp_path: Path) -> None:
    client = desk.signed_in().get("/")
    assert "No backup was ever made" in client.text
    with desk.store() as store:
        backup.make(store, desk.folder, tmp_path, at=NOON - dt.timedelta(days=3))
    assert "Last backup: 3 days ago." in client.get("/").text


def test_beside_a_clock_that_is_wrong_no_page_stores_anything_and_each_says_why(
    desk: Running, register: tuple[Client, str]
) -> None:
    client, path = register
    client.get(path).post(path, {"status:P-003": "present"})
    key = keys.unlock(desk.folder, keys.passphrase(PASSPHRASE), slot=NAME).key
    ahead = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    with Store.open(desk.folder, key, clock=lambda: ahead) as store:
        (course,) = store.rows("courses")
        store.append([entries.correction(course.id, values=course.values, actor="Test")])
    assert "Nothing was stored. Set the clock right" in client.get(path).post(path, {"status:P-003": "absent"}).text
    assert "Nothing was stored. Set the clock right" in client.get(path).post(path, {"status:P-003": ""}).text
    assert "Nothing was stored. Set the clock right" in fill(client, "/people/new", PERSON).text
    assert client.status == 422
    assert 'value="P-004"' in client.page
    assert attended(desk) == {"P-003": "present"}
    caseworker = desk.signed_in(OTHER, OTHER_PASSPHRASE).get("/")
    assert "one of the two was wrong" in caseworker.text
    assert "a coordinator says so here" in caseworker.text
    assert caseworker.post("/clock", {}).status == 403
    said = client.get("/").link("The clock is right now")
    assert "Everything can be stored again." in client.get(said).post(said, {}).text
    assert "one of the two was wrong" not in client.get("/").text
    assert "called the clock right" in client.get("/trail").text
    assert "Stored: 1 change." in client.get(path).post(path, {"status:P-003": "absent"}).text


def test_a_session_without_a_code_gets_the_next_of_its_course(desk: Running) -> None:
    client = desk.signed_in().get("/tables/sessions/add")
    for course in ("polish", "polish", "english"):
        client.get("/tables/sessions/add")
        sent = {"submission": client.hidden("submission"), "course": course, "date": "3.9.2014", "hours": "2"}
        client.post("/tables/sessions/add", {**sent, "session": ""})
        assert client.path == "/tables/sessions", client.text
    codes = {row.values["session"] for row in stored(desk, "sessions")}
    assert codes == {"polish-01", "polish-02", "polish-03", "english-01"}


def test_the_bilateral_log_says_what_came_of_an_activity_and_whether_it_is_still_used(desk: Running) -> None:
    client = desk.signed_in().get("/tables/bilateral_activities/add")
    assert "Example Foundation" not in client.text.split("Partner", 1)[1]  # a partner is another organisation
    assert "Which of the four bilateral results" in client.text
    sent = {"submission": client.hidden("submission"), "activity": "A1", "title": "training", "date": "1.3.2015"}
    sent |= {"dimension": "knowledge", "kind": "joint_training", "partner": "nordlys", "persons_donor": "3"}
    client.post("/tables/bilateral_activities/add", {**sent, "product": "a training plan", "evidence": "minutes"})
    for said in ("Name", "What came of it", "a training plan", "minutes", "Persons from the donor state"):
        assert said in client.text
    assert "Persons from the beneficiary state" not in client.text  # no row fills it
    (row,) = stored(desk, "bilateral_activities")
    path = client.get("/tables/bilateral_activities").link("Correct")
    typed = {name: str(row.values[name]) for name in ("title", "product", "evidence", "dimension", "kind", "partner")}
    client.get(path).post(
        path, {**typed, "date": "1.3.2015", "persons_donor": "3", "still_used": "true"} | about(client)
    )
    assert stored(desk, "bilateral_activities")[0].values["still_used"] in (True, "true")


def about(client: Client) -> dict[str, str]:
    """What the page of a correction sends of itself."""
    return {name: client.hidden(name) for name in ("submission", "base")}


def test_a_month_begins_with_this_one_and_the_language_is_changed_in_place(desk: Running) -> None:
    client = desk.signed_in().get("/tables/tallies/add")
    assert 'name="month" value="03.2015"' in client.page
    back = client.hidden("back")
    client.post("/language", {"language": "pl", "back": back})
    assert client.path == "/tables/tallies/add"
    assert "Na przykład 2026-05." in client.text
    kind = re.search(r'<option value="(\w+)"', client.page)
    assert kind
    sent = {"submission": client.hidden("submission"), "month": "03.2015", "kind": kind[1], "count": "7"}
    client.post("/tables/tallies/add", sent)
    assert stored(desk, "tallies")[0].values["month"] == "2015-03"
