"""A correction that is not finished: saved while one types, resumed by anybody, and never laid over another's."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from evaluation.collect.acts import Erase, perform
from evaluation.collect.record.drafts import Drafts
from evaluation.project import folder as folders
from tests.desk.forms.test_questionnaire import ANSWERS, opened, rows, send
from tests.desk.running import NAME, NOON, OTHER, OTHER_PASSPHRASE, Client, Running

CALM = {**ANSWERS, "sec_13": "0"}
BEGUN = "Begun, not finished"


def correcting(client: Client) -> str:
    """The address of the correction of a questionnaire that is stored, its page shown."""
    path = opened(client)
    if "Store the questionnaire" in client.text:
        send(client, path, CALM)
    client.get(f"{path}/correct")
    return f"{path}/correct"


def about(client: Client) -> dict[str, str]:
    return {name: client.hidden(name) for name in ("submission", "base", "revision", "page")}


def autosaved(client: Client, path: str, typed: Mapping[str, str], **known: str) -> dict[str, object]:
    page = client.page
    sent = {**about(client), **known, **typed, "action": "save"}
    client.post(path, {"form_token": client.token, **sent}, Accept="application/json")
    told: dict[str, object] = json.loads(client.page)
    client.page = page
    return told


def drafts(desk: Running) -> int:
    with desk.store() as store:
        return len(Drafts(store).all())


def test_what_is_typed_over_a_stored_questionnaire_is_a_draft_that_anybody_resumes(desk: Running) -> None:
    first = desk.signed_in()
    path = correcting(first)
    told = autosaved(first, path, {**CALM, "sec_01": "5", "sec_13": "1"})
    assert (told["saved"], told["revision"]) == (True, 1)
    assert autosaved(first, path, {**CALM, "sec_01": "5"}, revision="1")["closed"] == ["sec_14"]
    assert rows(desk)[0]["sec_01"] == "1"

    second = desk.signed_in(OTHER, OTHER_PASSPHRASE)
    assert BEGUN in second.get("/").text
    assert "being corrected" in second.text
    assert second.get(second.link("P-001")).path == path
    assert f"saved by {NAME}" in second.text
    second.post(path, {**about(second), **CALM, "sec_01": "5", "action": "store"})
    assert "Corrected: 1 answer." in second.text
    assert (rows(desk)[0]["sec_01"], drafts(desk)) == ("5", 0)
    assert BEGUN not in second.get("/").text


def test_of_two_people_who_correct_one_row_the_second_is_shown_both_and_stores_only_on_purpose(desk: Running) -> None:
    first, second = desk.signed_in(), desk.signed_in(OTHER, OTHER_PASSPHRASE)
    path = correcting(first)
    second.get(path)
    assert autosaved(first, path, {**CALM, "sec_01": "5"})["saved"]
    told = autosaved(second, path, {**CALM, "sec_01": "3"})
    assert (told["saved"], second.status) == (False, 409)
    second.post(path, {**about(second), **CALM, "sec_01": "3", "action": "store"})
    assert second.status == 409
    assert "Two versions" in second.text
    assert rows(desk)[0]["sec_01"] == "1"
    hidden = {name: second.hidden(name) for name in ("submission", "base", "over", *CALM)}
    assert "Corrected: 1 answer." in second.post(path, hidden).text
    assert (rows(desk)[0]["sec_01"], drafts(desk)) == ("3", 0)


def test_a_correction_that_is_resumed_after_another_was_stored_shows_both(desk: Running) -> None:
    client = desk.signed_in()
    path = correcting(client)
    autosaved(client, path, {**CALM, "sec_01": "5"})
    over = {**about(client), "submission": "", "over": "yes"}
    desk.signed_in(OTHER, OTHER_PASSPHRASE).get(path).post(path, {**over, **CALM, "sec_01": "4", "action": "store"})
    client.post(path, {**about(client), **CALM, "sec_01": "5", "action": "store"})
    assert client.status == 409
    assert rows(desk)[0]["sec_01"] == "4"


@pytest.mark.parametrize("way", ["nothing changed", "erased", "stored as it was"])
def test_a_correction_that_is_given_up_leaves_no_draft(desk: Running, way: str) -> None:
    client = desk.signed_in()
    path = correcting(client)
    client.post(path, {**about(client), **CALM, "sec_01": "5", "action": "save"})
    assert "Draft saved" in client.text
    assert drafts(desk) == 1
    if way == "nothing changed":
        assert "Nothing was changed." in client.post(path, {"action": "give_up"}).text
    elif way == "stored as it was":
        client.get(path).post(path, {**about(client), **CALM, "action": "store"})
        assert "Nothing was changed." in client.text
    else:
        with desk.store() as store:
            declaration = folders.read(desk.folder)
            perform(Erase("P-001"), store, declaration=declaration, actor=NAME, today=NOON.date())
    assert drafts(desk) == 0
    assert way == "erased" or rows(desk)[0]["sec_01"] == "1"


@pytest.mark.parametrize("end", ["store", "strike"])
def test_a_row_of_a_table_is_corrected_by_a_draft_too(desk: Running, end: str) -> None:
    client = desk.signed_in()
    path = client.get("/tables/courses").link("Correct")
    client.get(path).post(path, {**about(client), "title": "Polish for beginners", "sessions": "20", "action": "save"})
    assert "Polish for beginners" in client.get(path).page
    assert client.get("/").link("Courses") == path
    client.get(path)
    client.post(path, {**about(client), "title": "Polish for all", "sessions": "20", "action": end})
    assert drafts(desk) == 0
    with desk.store() as store:
        assert [row.values["title"] for row in store.rows("courses")] == (["Polish for all"] if end == "store" else [])
