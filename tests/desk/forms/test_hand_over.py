"""The device in a client's hands: one question a page, nothing else reachable, every answer saved."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from pathlib import Path

import pytest

from evaluation.resources import folder
from tests.desk.forms.test_questionnaire import opened, send
from tests.desk.running import NAME, OTHER, OTHER_PASSPHRASE, PASSPHRASE, Client, Running

CODE = "4711"
PHRASES = tomllib.loads((folder("templates") / "desk" / "phrases.toml").read_text(encoding="utf-8"))


def hand_over(client: Client, *, form: str = "visit", code: str = CODE, **typed: str) -> str:
    """The address of the question, the first one shown."""
    path = f"{client.get('/people').link('P-001')}/{form}/baseline/hand-over"
    said = {"language": "en", "mode": "self", "interpreter": "false", "code": code, **typed}
    client.get(path).post(path, {**said, "action": "begin"})
    return path


def say(client: Client, path: str, action: str = "next", **typed: str | list[str]) -> Client:
    """Send the question that is shown, with what stands in it, as a browser does."""
    found = re.search(r'name="question" value="([^"]*)"', client.page)
    name = found[1] if found else ""
    written = re.search(rf'<input[^>]*name="{name}" value="([^"]+)"(?: checked|[^>]*inputmode)', client.page)
    stands = {name: written[1]} if written and name else {}
    return client.post(path, {"question": name, "action": action, **stands, **typed})


def asked(client: Client) -> str:
    return client.hidden("question")


def end(client: Client, path: str, code: str = CODE) -> Client:
    return client.post(path, {"action": "end", "code": code})


def rows(desk: Running) -> list[dict[str, object]]:
    with desk.store() as store:
        return [dict(row.values) for row in store.rows("visit")]


def test_she_answers_one_question_after_the_other_and_the_record_says_that_it_was_she(visit: Running) -> None:
    client = visit.signed_in()
    path = hand_over(client, mode="self_with_help", interpreter="true", language="ar")
    seen = []
    for answer in ({"safe": "0"}, {"who": ["family", "others"]}, {"nights": "3"}, {"wish": "sen"}):
        seen.append(asked(client))
        say(client, path, **answer)
    assert seen == ["safe", "who", "nights", "wish"]
    say(client, path, "finish")
    assert "Thank" not in client.text
    assert PHRASES["ar"]["thanks"] in client.text
    (row,) = rows(visit)
    assert row == {
        "participant": "P-001", "wave": "baseline", "date": "2015-03-02", "form_version": "1", "safe": "0",
        "who": "family others", "nights": "3", "wish": "sen", "mode": "self_with_help", "language": "ar",
        "interpreter": "true", "filled_by": NAME,
    }  # fmt: skip


@pytest.mark.parametrize(
    "address", ["/", "/people", "/tables", "/sign-in", "/today/all", "/people/new", "/nothing", "/tables/sessions"]
)
def test_every_other_address_leads_back_to_the_question(visit: Running, address: str) -> None:
    client = visit.signed_in()
    path = hand_over(client)
    client.get(address)
    assert (client.status, client.headers["Location"]) == (303, path)
    client.get(path)
    assert asked(client) == "safe"


@pytest.mark.parametrize("other", ["security/baseline/hand-over", "visit/mid/hand-over", "visit/baseline/returned"])
def test_the_question_of_another_questionnaire_is_another_address(visit: Running, other: str) -> None:
    client = visit.signed_in()
    path = hand_over(client)
    client.get(path.replace("visit/baseline/hand-over", other))
    assert (client.status, client.headers["Location"]) == (303, path)


def test_nothing_can_be_sent_from_a_page_that_was_open_before(visit: Running) -> None:
    client = visit.signed_in()
    questionnaire = opened(client, form="security")
    before = client.page
    path = hand_over(client)
    for address in (questionnaire, "/sign-out", "/language", "/sign-in", "/people/new", "/people"):
        client.page = before
        client.post(address, {"action": "store", "name": NAME, "passphrase": PASSPHRASE}, follow=False)
        assert (client.status, client.headers["Location"]) == (303, path), address
    client.page = before
    client.post(questionnaire, {"action": "save", "sec_01": "1"}, Accept="application/json")
    assert (client.status, json.loads(client.page)["saved"]) == (403, False)
    with visit.store() as store:
        assert store.rows("security") == ()


def test_the_code_or_the_passphrase_of_whoever_handed_over_ends_it_and_shows_no_answer(visit: Running) -> None:
    client = visit.signed_in()
    path = hand_over(client)
    say(client, path, wish="", safe="1")
    end(client, path, OTHER_PASSPHRASE)
    assert client.status == 403
    assert "neither the code nor your passphrase" in client.text
    assert client.get("/people").headers["Location"] == path
    end(client.get(path), path, CODE)
    assert "not finished" in client.text
    assert "I feel safe here" not in client.text
    end_by_passphrase = hand_over(client)
    end(client, end_by_passphrase, PASSPHRASE)
    assert "not finished" in client.text


def test_after_five_wrong_codes_the_right_one_ends_nothing_and_there_is_a_wait(visit: Running) -> None:
    client = visit.signed_in()
    path = hand_over(client)
    for _ in range(5):
        end(client.get(path), path, "0000")
        assert client.status == 403
    end(client.get(path), path, CODE)
    assert client.status == 429
    visit.now += dt.timedelta(minutes=1)
    end(client.get(path), path, CODE)
    assert client.status == 403
    visit.now += dt.timedelta(minutes=2)
    end(client.get(path), path, PASSPHRASE)
    assert "not finished" in client.text


def test_a_wrong_code_at_the_device_locks_nobody_out_elsewhere(visit: Running) -> None:
    client = visit.signed_in()
    path = hand_over(client)
    for _ in range(6):
        end(client.get(path), path, "0000")
    assert "Today" in visit.signed_in().get("/").text


@pytest.mark.parametrize("code", ["", "123", "   1 "])
def test_a_code_that_is_too_short_hands_nothing_over(visit: Running, code: str) -> None:
    client = visit.signed_in()
    hand_over(client, code=code)
    assert "4 characters or more" in client.text
    assert client.get("/people").status == 200


@pytest.mark.parametrize("question", ["safe", "nights", "wish"])
def test_a_refusal_is_one_button_and_stays_when_she_passes_by_again(visit: Running, question: str) -> None:
    client = visit.signed_in()
    path = hand_over(client)
    while asked(client) != question:
        say(client, path)
    assert 'value="refused"' not in client.page
    say(client, path, "refuse")
    if client.page.count('name="question"'):
        say(client, path, "back")
    else:
        say(client, path, "resume")
    assert asked(client) == question
    assert 'aria-pressed="true"' in client.page
    say(client, path)
    say(client, path, "stop")
    say(client, path, "finish")
    assert rows(visit)[0][question] == "refused"


def test_stopping_stores_what_has_an_answer(visit: Running) -> None:
    client = visit.signed_in()
    path = hand_over(client)
    say(client, path, safe="1")
    say(client, path, "stop", nights="2")
    assert "Some questions have no answer" in client.text
    assert rows(visit) == []
    say(client, path, "resume")
    assert asked(client) == "nights"
    say(client, path, "stop")
    say(client, path, "finish")
    assert [(row["safe"], row["nights"], row["wish"]) for row in rows(visit)] == [("1", "2", None)]


def test_an_answer_that_cannot_be_is_asked_again_and_never_stored(visit: Running) -> None:
    client = visit.signed_in()
    path = hand_over(client)
    say(client, path, safe="1")
    say(client, path, nights="9")
    assert asked(client) == "nights"
    assert "Please look at this answer again. 0–\u20607" in client.text
    say(client, path, "stop")
    say(client, path, "finish")
    assert asked(client) == "nights"
    assert rows(visit) == []
    say(client, path, "refuse")
    assert asked(client) == "wish"


def test_every_answer_is_there_after_the_desk_was_ended_and_started_anew(visit: Running) -> None:
    client = visit.signed_in()
    path = hand_over(client)
    say(client, path, safe="1")
    page = client.page
    visit.stop()
    visit.start()
    again = visit.signed_in()
    again.page = page.replace(client.token, again.get(path).token)
    again.post(path, {"question": "nights", "nights": "4", "action": "next"})
    assert "hand over again to go on" in again.text
    hand_over(again)
    assert asked(again) == "wish"
    say(again, path, "stop")
    say(again, path, "finish")
    assert [(row["safe"], row["nights"]) for row in rows(visit)] == [("1", "4")]


def test_what_she_answered_is_opened_only_on_purpose(visit: Running) -> None:
    client, other = visit.signed_in(), visit.signed_in(OTHER, OTHER_PASSPHRASE)
    path = hand_over(client)
    say(client, path, safe="1")
    questionnaire = path.removesuffix("/hand-over")
    other.get(questionnaire)
    assert other.headers["Location"] == f"{questionnaire}/returned"
    other.get(f"{questionnaire}/returned").post(f"{questionnaire}/returned", {"action": "open"})
    assert '<input type="radio" name="safe" value="1" checked>' in other.page


def test_staff_store_what_she_answered_without_opening_it(visit: Running) -> None:
    client = visit.signed_in()
    path = hand_over(client)
    say(client, path, safe="1")
    end(client, path)
    client.post(path.replace("hand-over", "returned"), {"action": "store"})
    assert "finished and stored" in client.text
    assert [(row["safe"], row["mode"]) for row in rows(visit)] == [("1", "self")]


def test_a_tap_is_saved_at_once_where_javascript_runs(visit: Running) -> None:
    client = visit.signed_in()
    path = hand_over(client, language="uk")
    page = client.page
    say(client, path, "save", safe="0")
    client.page = page
    client.post(path, {"question": "safe", "safe": "0", "action": "save"}, Accept="application/json")
    assert json.loads(client.page) == {"saved": True, "said": "Збережено", "revision": 3, "closed": [], "echoes": {}}


def test_a_questionnaire_that_somebody_else_stores_meanwhile_thanks_her_and_changes_nothing(visit: Running) -> None:
    client, other = visit.signed_in(), visit.signed_in(OTHER, OTHER_PASSPHRASE)
    path = hand_over(client)
    questionnaire = path.removesuffix("/hand-over")
    other.get(f"{questionnaire}/returned").post(f"{questionnaire}/returned", {"action": "open"})
    send(other, questionnaire, {"date": "2.3.2015", "safe": "1"}, "stop")
    say(client, path, safe="0")
    assert "Thank you." in client.text
    assert [row["safe"] for row in rows(visit)] == ["1"]


def test_the_page_has_no_way_out_and_nobody_is_named_on_it(visit: Running) -> None:
    client = visit.signed_in()
    hand_over(client)
    assert "<nav" not in client.page
    assert not re.findall(r"<a [^>]*href=\"(?!#main)", client.page)
    assert "P-001" not in client.text
    assert NAME not in client.text


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("uk", "ltr"), ("pl", "ltr")])
def test_she_reads_everything_in_her_language(visit: Running, language: str, direction: str) -> None:
    client = visit.signed_in()
    path = hand_over(client, language=language)
    assert f'<html lang="{language}" dir="{direction}">' in client.page
    for key in ("next", "stop", "refuse"):
        assert PHRASES[language][key] in client.text
    say(client, path, "speak:en")
    assert '<html lang="en" dir="ltr">' in client.page


def test_a_device_is_not_handed_over_where_more_than_the_desk_can_be_reached() -> None:
    source = (Path(__file__).parents[3] / "evaluation" / "project" / "desk.py").read_text(encoding="utf-8")
    assert "alone=False" in source


def test_every_language_has_every_phrase() -> None:
    for language, words in PHRASES.items():
        assert words.keys() == PHRASES["en"].keys(), language
        assert all(words.values()), language
        assert words["progress"].format(n=1, total=2), language
