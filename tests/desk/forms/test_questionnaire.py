"""A questionnaire without JavaScript: what is acknowledged is stored, what is not stored is said so."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from tests.desk.running import OTHER, OTHER_PASSPHRASE, Client, Running

ITEMS = tuple(f"sec_{n:02}" for n in (*range(1, 7), *range(11, 19)))
ANSWERS = dict.fromkeys(ITEMS, "1") | {"sec_14": "2", "sec_15": "home", "date": "2.3.2015"}


def opened(client: Client, code: str = "P-001", wave: str = "baseline", form: str = "security") -> str:
    """The address of a questionnaire, its page shown."""
    path = f"{client.get('/people').link(code)}/{form}/{wave}"
    client.get(path)
    return path


def send(client: Client, path: str, typed: Mapping[str, str | list[str]], action: str = "store") -> Client:
    hidden = {name: client.hidden(name) for name in ("submission", "revision", "page")}
    return client.post(path, {**hidden, "action": action, **typed})


def saved(client: Client, path: str, typed: Mapping[str, str], **hidden: str) -> dict[str, object]:
    """The answer to an autosave, as JavaScript would send it."""
    known = {name: client.hidden(name) for name in ("submission", "revision", "page")}
    page, token = client.page, client.token
    client.post(path, {**known, **hidden, "action": "save", "form_token": token, **typed}, Accept="application/json")
    told: dict[str, object] = json.loads(client.page)
    client.page = page
    return told


def rows(desk: Running) -> list[Mapping[str, object]]:
    with desk.store() as store:
        return [row.values for row in store.rows("security")]


def test_a_filled_questionnaire_is_stored_once_however_often_it_is_sent(desk: Running) -> None:
    client = desk.signed_in()
    path = opened(client)
    page = client.page
    assert "Stored: Sense of security." in send(client, path, {**ANSWERS, "mode": "staff", "filled_by": "Ewa"}).text
    client.page = page
    assert "Stored: Sense of security." in send(client, path, {**ANSWERS, "mode": "staff", "filled_by": "Ewa"}).text
    (row,) = rows(desk)
    assert (row["sec_01"], row["date"], row["sec_15"], row["mode"]) == ("1", "2015-03-02", "home", "staff")
    assert row["form_version"] == "1"
    with desk.store() as store:
        assert len({entry.actor for entry in store.rows("security")} | {"Ewa Test"}) == 1


def test_questions_without_an_answer_are_asked_about_once_and_then_count_as_not_asked(desk: Running) -> None:
    client = desk.signed_in()
    path = opened(client)
    some = dict.fromkeys(ITEMS[:4], "98") | {"sec_13": "0", "date": "2.3.2015"}
    send(client, path, some)
    assert client.status == 422
    assert "8 questions have no answer yet." in client.text
    assert "Not stored" not in client.text
    assert rows(desk) == []
    assert "Stored" in send(client, path, some, "stop").text
    (row,) = rows(desk)
    assert [row[name] for name in ("sec_01", "sec_05", "sec_13", "sec_14")] == ["98", None, "0", None]


def test_an_answer_under_a_closed_skip_comes_back_when_it_is_reopened_and_never_enters_the_record(
    desk: Running,
) -> None:
    client = desk.signed_in()
    path = opened(client)
    assert saved(client, path, ANSWERS)["closed"] == []
    closed = saved(client, path, {**ANSWERS, "sec_13": "0"}, revision="1")
    assert closed["closed"] == ["sec_14"]
    client.get(path)
    assert 'data-question="sec_14" hidden' in client.page
    assert '<input type="radio" name="sec_14" value="2" checked>' in client.page
    assert "Stored" in send(client, path, {**ANSWERS, "sec_13": "0"}).text
    (row,) = rows(desk)
    assert (row["sec_13"], row["sec_14"]) == ("0", None)


def test_a_question_that_an_answer_opens_is_asked_without_javascript_too(desk: Running) -> None:
    client = desk.signed_in()
    path = opened(client)
    assert 'data-question="sec_14" hidden' in client.page
    send(client, path, {**ANSWERS, "sec_14": ""})
    assert "1 question has no answer yet." in client.text
    assert 'data-question="sec_14" hidden' not in client.page
    assert "Stored" in send(client, path, ANSWERS).text


@pytest.mark.parametrize(
    ("typed", "in_words", "fault"),
    [
        ("2.3.2015", "Monday, 2 March 2015", ""),
        ("01/02/2015", "Sunday, 1 February 2015", ""),
        ("30.02.2015", "This is no day of the calendar", "there is no such day"),
        ("3.3.2015", "Tuesday, 3 March 2015", "the date is in the future"),
        ("soon", "This is no day of the calendar", "This is not a date"),
        ("", "", "An answer is needed."),
    ],
)
def test_a_date_is_typed_day_first_and_told_in_words(desk: Running, typed: str, in_words: str, fault: str) -> None:
    client = desk.signed_in()
    path = opened(client)
    echoes = saved(client, path, {**ANSWERS, "date": typed})["echoes"]
    assert isinstance(echoes, dict)
    assert str(echoes["date"]).startswith(in_words)
    client.get(path)
    send(client, path, {**ANSWERS, "date": typed})
    if fault:
        assert client.status == 422
        assert "Not stored: 1 thing is to be put right." in client.text
        assert fault in client.text
        assert rows(desk) == []
    else:
        assert len(rows(desk)) == 1


def test_a_rule_that_is_broken_is_told_in_the_questionnaire_s_own_words(desk: Running) -> None:
    client = desk.signed_in()
    path = opened(client)
    send(client, path, {**ANSWERS, "sec_15": ["home", "none"]})
    assert "“In none of these places” and “I prefer not to answer” cannot be combined" in client.text
    client.get("/").post("/language", {"language": "pl", "back": ""})
    client.get(path)
    send(client, path, {**ANSWERS, "sec_15": ["home", "98"]})
    assert "nie można łączyć z innymi" in client.text
    assert "Nie zapisano: 1 rzecz do poprawienia." in client.text


def test_a_draft_is_resumed_in_another_browser_after_the_desk_was_started_anew(desk: Running) -> None:
    client = desk.signed_in()
    path = opened(client)
    assert saved(client, path, {"sec_01": "4", "date": "2.3.2015", "mode": "staff"})["saved"] is True
    desk.stop()
    desk.start()
    again = desk.signed_in(OTHER, OTHER_PASSPHRASE)
    assert "Begun, not finished" in again.get("/").text
    assert again.link("P-001") == path
    again.get(path)
    assert '<input type="radio" name="sec_01" value="4" checked>' in again.page
    assert "saved by Ewa Test" in again.text
    assert "Stored" in send(again, path, ANSWERS).text
    assert "Begun, not finished" not in again.get("/").text


def test_two_people_on_one_questionnaire_see_both_versions_and_one_of_them_decides(desk: Running) -> None:
    first, second = desk.signed_in(), desk.signed_in(OTHER, OTHER_PASSPHRASE)
    path = opened(first)
    opened(second)
    assert saved(first, path, {**ANSWERS, "sec_01": "1"})["saved"] is True
    told = saved(second, path, {**ANSWERS, "sec_01": "5"})
    assert told["saved"] is False
    assert str(told["said"]).startswith("Not saved: Ewa Test has saved this form in between")
    send(second, path, {**ANSWERS, "sec_01": "5"})
    assert second.status == 409
    assert "What Ewa Test wrote" in second.text
    assert "I strongly disagree I strongly agree" in second.text
    assert rows(desk) == []
    assert "Stored" in send(first, path, {**ANSWERS, "sec_01": "1"}).text
    again = {name: second.hidden(name) for name in ("submission", "page", "over", "date", *ITEMS)}
    second.post(path, {**again, "action": "stop"})
    assert second.status == 409
    assert [row["sec_01"] for row in rows(desk)] == ["1"]


def test_whoever_has_seen_the_other_draft_may_store_her_own(desk: Running) -> None:
    first, second = desk.signed_in(), desk.signed_in(OTHER, OTHER_PASSPHRASE)
    path = opened(first)
    opened(second)
    saved(first, path, {"sec_01": "1"})
    send(second, path, {**ANSWERS, "sec_01": "5"})
    again = {name: second.hidden(name) for name in ("submission", "page", "over", "date", *ITEMS)}
    assert "Stored" in second.post(path, {**again, "action": "stop"}).text
    assert [row["sec_01"] for row in rows(desk)] == ["5"]
    assert saved(first, path, {"sec_01": "1"}, revision="1")["saved"] is False
    assert "Begun, not finished" not in first.get("/").text


def test_what_cannot_be_saved_is_said_not_to_be(desk: Running) -> None:
    client = desk.signed_in()
    path = opened(client)
    known = {name: client.hidden(name) for name in ("submission", "revision", "page")}
    client.cookies.clear()
    client.post(path, {**known, "action": "save", "sec_01": "1"}, Accept="application/json")
    assert client.status == 401
    assert json.loads(client.page)["saved"] is False
    assert "Not saved" in json.loads(client.page)["said"]


def test_refusing_is_always_on_offer_and_is_stored_as_such(desk: Running) -> None:
    client = desk.signed_in()
    opened(client)
    for item in ITEMS:
        assert f'name="{item}" value="98"' in client.page, item


def test_the_questions_are_shown_in_another_language_of_the_form(desk: Running) -> None:
    client = desk.signed_in()
    path = opened(client)
    send(client, path, {"sec_01": "4"}, "speak:pl")
    assert "Czuję się bezpiecznie" in client.text
    assert '<div lang="pl" dir="ltr">' in client.page
    assert "Store the questionnaire" in client.text
    assert '<input type="radio" name="sec_01" value="4" checked>' in client.page


@pytest.mark.parametrize("path", ["/security/never", "/nothing/baseline", "/security"])
def test_an_address_of_nothing_is_told_to_be_so(desk: Running, path: str) -> None:
    client = desk.signed_in()
    assert client.get(client.get("/people").link("P-001") + path).status == 404
    assert client.get("/people/00000000000000000000/security/baseline").status == 404
