"""Each page is for the roles of its row, and an evaluator sees no free text and no exact day on any."""

from __future__ import annotations

import re

import pytest

from evaluation.collect.access import keys
from evaluation.collect.record import entries
from evaluation.desk.application import PAGES
from tests.desk.running import (
    EVALUATOR,
    EVALUATOR_PASSPHRASE,
    NAME,
    OTHER,
    OTHER_PASSPHRASE,
    PASSPHRASE,
    Client,
    Running,
)

PEOPLE = {
    "coordinator": (NAME, PASSPHRASE),
    "caseworker": (OTHER, OTHER_PASSPHRASE),
    "evaluator": (EVALUATOR, EVALUATOR_PASSPHRASE),
}
READ_BY_ALL = {
    "",
    "guide/(first-day|lost-laptop|leaving-staff)",
    "people",
    "people/:id",
    "people/:id/:word/:word",
    "tables",
    "tables/:word",
    "(.*)",
}
BY_ALL_UNSIGNED = {"sign-in", "static/:file"}
COORDINATORS = {"people/:id/act/(erase)", "clock", "trail"}
SENT_BY_ALL = {"sign-out", "people", "(.*)"}
SENT_UNSIGNED = {"sign-in", "language"}
FREE = "Zofia from the bakery"
EXACT = re.compile(r"\b\d{1,2}\.\d{1,2}\.\d{4}|\b20\d\d-\d\d-\d\d|\b\d{1,2} [A-Z][a-z]+ 20\d\d")


def named(address: str) -> str:
    """A page's address with a word for each of its patterns."""
    for pattern, word in (
        (r"([0-9a-f]{20})", ":id"), (r"([0-9a-f-]{36})", ":row"), (r"([\w.-]+)", ":file"),
        (r"([\w-]+)", ":word"), (r"(\w+)", ":word"),
    ):  # fmt: skip
        address = address.replace(pattern, word)
    return address


def test_every_page_has_its_roles_and_only_these_are_for_whoever_enters_nothing() -> None:
    opened = {named(each.address) for each in PAGES if "evaluator" in each.reads}
    sent = {named(each.address) for each in PAGES if "evaluator" in each.writes}
    unsigned = {named(each.address) for each in PAGES if "" in each.reads}
    sent_unsigned = {named(each.address) for each in PAGES if "" in each.writes}
    assert opened == READ_BY_ALL | BY_ALL_UNSIGNED
    assert sent == SENT_BY_ALL | SENT_UNSIGNED
    assert (unsigned, sent_unsigned) == (BY_ALL_UNSIGNED, SENT_UNSIGNED)
    for each in PAGES:
        assert each.reads | each.writes, each.address
        by_all = named(each.address) in COORDINATORS
        assert ("caseworker" in each.reads | each.writes) is not by_all, each.address
        assert "coordinator" in each.reads | each.writes, each.address


def addresses(client: Client) -> dict[str, str]:
    """An address of every page of the table, found as a member of staff finds it."""
    person = client.get("/people").link("P-003")
    rows = re.findall(r"[0-9a-f-]{36}", client.get("/tables/sessions").page)
    hers = re.findall(r"/row/([0-9a-f-]{36})", client.get(person).page)
    found = {
        ":id": person.rsplit("/", 1)[1], ":row": rows[0], ":file": "desk.css", "(all)": "all", "(.*)": "nowhere",
        "(erase)": "erase", "(leave|withdraw)": "leave",
        "(first-day|lost-laptop|leaving-staff)": "first-day",
    }  # fmt: skip
    made = {}
    for each in PAGES:
        address = named(each.address)
        words = {"add": "support", "tables": "courses"}
        for pattern, value in found.items():
            address = address.replace(pattern, hers[0] if pattern == ":row" and "people" in address else value)
        address = address.replace("add/:word", "add/" + words["add"]).replace("tables/:word", "tables/courses")
        address = address.replace(":word/desk.css/:word", "security/sec_01/en")
        made[each.address] = "/" + address.replace(":word/:word", "security/baseline")
    return made


@pytest.mark.parametrize("role", PEOPLE)
def test_a_page_answers_the_roles_of_its_row_and_refuses_the_others(desk: Running, role: str) -> None:
    where = addresses(desk.signed_in())
    client = desk.signed_in(*PEOPLE[role])
    for each in PAGES:
        path = where[each.address]
        if path in ("/sign-out", "/sign-in", "/language"):  # held by other tests
            continue
        refused = "This page is for" in client.get(path).text
        assert refused is (role not in each.reads), path
        assert (client.status == 403) is refused, path
        if role not in each.writes and role in each.reads:
            answer = client.post(path, {"action": "store", "participant": "P-001"})
            assert (answer.status, "This page is for" in answer.text) == (
                (403, True) if each.writes else (405, False)
            ), path
            client.get("/people")


def filled(desk: Running) -> str:
    """The address of a participant with free text and exact days wherever there can be any."""
    with desk.store() as store:
        values = {"participant": "P-003", "wave": "baseline", "date": "2014-07-03", "sec_01": "4", "filled_by": FREE}
        about = {"participant": "P-003", "enrolled_on": "2014-07-01", "target_group": FREE, "left_on": "2015-01-15"}
        (her,) = [row for row in store.rows("participants") if row.values["participant"] == "P-003"]
        support = {"participant": "P-003", "kind": "legal_advice", "date": "2014-08-19"}
        store.append(
            [
                entries.row("security", key=["participant", "wave"], values=values, actor="Test"),
                entries.row("support", key=["participant", "kind", "date"], values=support, actor="Test"),
                entries.correction(her.id, values={**her.values, **about}, actor="Test"),
            ]
        )
    return desk.signed_in().get("/people").link("P-003")


def test_an_evaluator_sees_neither_free_text_nor_an_exact_day_on_any_page(desk: Running) -> None:
    person = filled(desk)
    for role, fine in (("coordinator", True), ("evaluator", False)):
        client = desk.signed_in(*PEOPLE[role])
        pages = [
            client.get(path).text
            for path in ("/", "/people", person, f"{person}/security/baseline", "/tables", "/tables/sessions")
        ]
        assert [client.get(f"{person}/security/endline").status] == [200 if fine else 404]
        assert any(FREE in page for page in pages) is fine
        assert any(EXACT.search(page) for page in pages) is fine, [EXACT.findall(page) for page in pages]
        assert "4" in pages[3]
        assert "July 2014" in pages[2] or fine
        client.get(person)
        assert ("/act/" in client.page, "/add/" in client.page, "/row/" in client.page) == (fine, fine, fine)


@pytest.mark.parametrize("change", ["removed", "made anew", "another one removed"])
def test_whose_slot_is_removed_or_changed_is_signed_out_at_the_next_request(desk: Running, change: str) -> None:
    coordinator, caseworker = desk.signed_in(), desk.signed_in(OTHER, OTHER_PASSPHRASE)
    assert "P-001" in caseworker.get("/people").text
    with desk.store() as store:
        gone = EVALUATOR if change == "another one removed" else OTHER
        keys.remove_slot(desk.folder, store.key, slot=gone)
        if change == "made anew":
            secret = keys.passphrase(OTHER_PASSPHRASE)
            keys.add_slot(desk.folder, store.key, secret=secret, slot=OTHER, role="caseworker", cost=2**4)
    stays = change == "another one removed"
    assert ("P-001" in caseworker.get("/people").text) is stays
    assert ("Passphrase" in caseworker.text) is not stays
    assert "P-001" in coordinator.get("/people").text
    again = desk.signed_in(OTHER, OTHER_PASSPHRASE).get("/people").text
    assert ("P-001" in again) is (change != "removed")


def test_who_signs_in_under_another_spelling_has_the_name_of_her_slot(desk: Running) -> None:
    assert f"Sign out {NAME}" in desk.client().sign_in(f"  {NAME} ", PASSPHRASE).get("/people").text
