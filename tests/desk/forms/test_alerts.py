"""An answer that needs attention: the organisation's card at once, and who has seen it."""

from __future__ import annotations

import dataclasses

import pytest

from evaluation.collect import alerts
from evaluation.collect.acts import Erase, perform
from evaluation.collect.export.person import every_form, held_of
from evaluation.collect.files.sheet import Row, Sheet
from evaluation.collect.record.frames import frames
from evaluation.collect.record.store import Store
from evaluation.collect.submit import Submission, Submitted, submit
from evaluation.project import folder as folders
from tests.desk.forms.test_hand_over import end, hand_over, say
from tests.desk.forms.test_questionnaire import opened, saved, send
from tests.desk.running import NAME, NOON, OTHER, OTHER_PASSPHRASE, Running

CARD = "Stay with her."
CALM = {"date": "2.3.2015", "safe": "1", "nights": "5", "wish": "sleep"}


def held(store: Store) -> list[tuple[str, tuple[str, ...], str]]:
    return [(each.participant, each.questions, each.seen_by) for each in alerts.of_rows(store.rows(alerts.TABLE))]


def told(desk: Running) -> list[tuple[str, tuple[str, ...], str]]:
    with desk.store() as store:
        return held(store)


def sent(store: Store, desk: Running, *rows: dict[str, str], correct: bool = False) -> Submitted:
    declaration = folders.read(desk.folder)
    sheet = Sheet("test", tuple(rows[0]), tuple(Row(n, tuple(row.values())) for n, row in enumerate(rows, 1)))
    form = declaration.form("visit")
    submission = Submission(sheet, form, actor="Test", today=NOON.date(), correct=correct)
    return submit(submission, store, declaration=declaration)


def row(code: str = "P-001", **answers: str) -> dict[str, str]:
    named = {"participant": code, "wave": "baseline", "date": "2015-03-01", "form_version": "1"}
    return {**named, "safe": "1", "who": "", "nights": "5", "wish": "sleep", **answers}


@pytest.mark.parametrize(
    ("answers", "questions"),
    [
        ({"nights": "6"}, ("nights",)),
        ({"nights": "5"}, None),
        ({"nights": "refused"}, None),
        ({"safe": "0", "who": "others"}, ("who",)),
        ({"safe": "0", "who": "family"}, None),
        ({"safe": "0", "who": "family others", "nights": "7"}, ("who", "nights")),
    ],
)
def test_an_answer_raises_an_alert_where_the_rule_of_its_question_holds(
    visit: Running, answers: dict[str, str], questions: tuple[str, ...] | None
) -> None:
    with visit.store() as store:
        done = sent(store, visit, row(**answers))
        assert (done.stored, done.attention) == (1, int(questions is not None))
        assert held(store) == ([("P-001", questions, "")] if questions else [])


def test_a_file_says_how_many_and_neither_whose_nor_what(visit: Running) -> None:
    with visit.store() as store:
        done = sent(store, visit, row(nights="7"), row("P-002"), row("P-003", nights="6"))
        said = next(message for message in done.messages if message.key == "collect.attention")
        assert (done.stored, dict(said.facts)) == (3, {"n": 2})
        again = sent(store, visit, row(nights="7"), row("P-002"), row("P-003", nights="6"))
        assert (again.stored, again.repeated, again.attention) == (0, 3, 0)


def test_a_correction_raises_what_it_brings_and_opens_what_was_seen_again(visit: Running) -> None:
    place = ("P-001", "visit", "baseline")
    with visit.store() as store:
        sent(store, visit, row(safe="0", who="family", nights="6"))
        alerts.acknowledge([place], store, actor="Ewa", now=NOON)
        sent(store, visit, row(wish="rest"), correct=True)
        assert held(store) == [("P-001", ("nights",), "Ewa")]
        sent(store, visit, {**row(), "safe": "0", "who": "others"}, correct=True)
        assert held(store) == [("P-001", ("nights", "who"), "")]
        alerts.acknowledge([place], store, actor="Jan", now=NOON)
        alerts.acknowledge([place], store, actor="Ewa", now=NOON)
        assert held(store) == [("P-001", ("nights", "who"), "Jan")]


def test_an_answer_that_changes_within_its_rule_is_seen_anew(visit: Running) -> None:
    with visit.store() as store:
        sent(store, visit, row(nights="6"))
        alerts.acknowledge([("P-001", "visit", "baseline")], store, actor="Ewa", now=NOON)
        sent(store, visit, row(nights="7"), correct=True)
        assert held(store) == [("P-001", ("nights",), "")]


@pytest.mark.parametrize(("nights", "raised"), [("98", ()), ("refused", ()), ("97", ("nights",)), ("", ())])
def test_a_refusal_raises_none_whatever_its_code(visit: Running, nights: str, raised: tuple[str, ...]) -> None:
    form = folders.read(visit.folder).instruments["visit"]
    items = tuple(dataclasses.replace(item, missing={**item.missing, "98": "refused"}) for item in form.items)
    coded = dataclasses.replace(form, items=items)
    assert alerts.matching(coded, {"safe": "1", "nights": nights}, today=NOON.date()) == raised


def test_an_alert_is_in_no_frame_of_the_notebooks(visit: Running) -> None:
    declaration = folders.read(visit.folder)
    with visit.store() as store:
        before = frames(store, declaration.instruments, declaration.tables)
        sent(store, visit, row(nights="7"))
        after = frames(store, declaration.instruments, declaration.tables)
        assert held(store)
        assert {name for name in after if len(after[name]) != len(before[name])} == {"answers", "questionnaires"}


def test_an_alert_is_told_to_her_on_request_and_goes_with_her(visit: Running) -> None:
    declaration = folders.read(visit.folder)
    with visit.store() as store:
        sent(store, visit, row(nights="7"))
        parts = every_form(store.ask(lambda current: held_of("P-001", current)), declaration)
        assert [part.rows[0][:4] for part in parts if part.form.id == alerts.TABLE] == [
            ("P-001", "visit", "baseline", "nights")
        ]
        perform(Erase("P-001"), store, declaration=declaration, actor="Test", today=NOON.date())
        assert held(store) == []
        assert store.verify() > 0


def test_the_card_is_shown_while_one_types_and_once_it_is_stored_until_somebody_has_seen_it(visit: Running) -> None:
    client = visit.signed_in()
    path = opened(client, form="visit")
    assert saved(client, path, {**CALM, "nights": "5"})["alert"] is False
    assert saved(client, path, {**CALM, "nights": "6"}, revision="1")["alert"] is True
    send(client, path, {**CALM, "nights": "6"})
    assert client.path == f"{path}/alert"
    assert CARD in client.text
    assert "How many nights" in client.text
    assert told(visit) == [("P-001", ("nights",), "")]
    assert "Answers that need attention" in client.get("/").text
    client.get(client.link(["P-001", "Visit", "at", "home"][0]))
    client.post(f"{path}/alert", {})
    assert f"Seen by {NAME}, 2 March 2015" in client.text
    assert told(visit) == [("P-001", ("nights",), NAME)]
    assert "Answers that need attention" not in client.get("/").text
    assert CARD not in client.get(path).text
    assert f"Seen by {NAME}" in client.get(path.removesuffix("/visit/baseline")).text


def test_only_a_coordinator_has_the_list_and_whoever_opens_the_person_sees_it(visit: Running) -> None:
    with visit.store() as store:
        sent(store, visit, row(nights="7"))
    other = visit.signed_in(OTHER, OTHER_PASSPHRASE)
    assert "Answers that need attention" not in other.get("/").text
    assert "needed attention" in other.get(other.get("/people").link("P-001")).text


def test_the_client_sees_nothing_alarming_and_staff_see_it_when_the_device_is_back(visit: Running) -> None:
    client = visit.signed_in()
    path = hand_over(client)
    said = []
    for answer in ({"safe": "1"}, {"nights": "7"}, {"wish": "sleep"}):
        said.append(say(client, path, **answer).text)
    said.append(say(client, path, "finish").text)
    assert not [page for page in said if CARD in page or "attention" in page]
    assert client.get(path.replace("hand-over", "alert")).headers["Location"] == path
    end(client.get(path), path)
    assert CARD in client.text
    assert "7" not in client.text.split("needs attention now")[1].split("22 000")[0]


def test_a_draft_that_comes_back_unfinished_shows_the_card_too(visit: Running) -> None:
    client = visit.signed_in()
    path = hand_over(client)
    say(client, path, safe="1")
    say(client, path, nights="7")
    end(client, path)
    assert CARD in client.text
    assert told(visit) == []


def test_a_correction_on_the_page_shows_the_card(visit: Running) -> None:
    client = visit.signed_in()
    path = opened(client, form="visit")
    send(client, path, CALM)
    client.get(f"{path}/correct")
    hidden = {name: client.hidden(name) for name in ("submission", "base")}
    client.post(f"{path}/correct", {**hidden, **CALM, "nights": "7", "action": "store"})
    assert CARD in client.text
