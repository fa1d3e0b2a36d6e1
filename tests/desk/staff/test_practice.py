"""A fictional client to try everything on, whom no count, export or backup can ever see."""

from __future__ import annotations

import tempfile
from pathlib import Path

from evaluation.collect.record.drafts import Drafts
from tests.desk.forms.test_hand_over import CODE, asked, end, say
from tests.desk.forms.test_questionnaire import send
from tests.desk.running import NAME, PASSPHRASE, Client, Running

CALM = {"date": "2.3.2015", "safe": "1", "nights": "5", "wish": "sleep"}


def places() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("practice-*"))


def everything(desk: Running) -> tuple[object, ...]:
    """What the project's folder and its record hold."""
    with desk.store() as store:
        content = store.content()
        drafts = Drafts(store).all()
    names = sorted(path.name for path in desk.folder.rglob("*") if not path.name.endswith(("-wal", "-shm")))
    return content.entries, content.heads, content.rows, drafts, names


def practising(desk: Running) -> tuple[Client, str]:
    client = desk.signed_in()
    client.get(client.get("/").link("Practise on a fictional client"))
    return client, f"{client.get('/practice/people').link('T-001')}/visit/baseline"


def test_nothing_that_is_tried_reaches_the_project_and_it_is_gone_after_signing_out(visit: Running) -> None:
    before, folders = everything(visit), places()
    client, path = practising(visit)
    assert "nobody here is real" in client.text
    assert len(places() - folders) == 1
    client.get(path)
    send(client, path, {**CALM, "nights": "7"})
    assert client.path == f"{path}/alert"
    client.post(f"{path}/alert", {})
    assert f"Seen by {NAME}" in client.text
    client.get("/practice/people/new")
    assert "T-002" in client.page
    person = path.removesuffix("/visit/baseline")
    client.get(f"{person}/act/erase").post(f"{person}/act/erase", {"action": "confirm", "typed_code": "T-001"})
    assert "T-001" not in client.get("/practice/people").text
    assert everything(visit) == before
    assert "T-001" not in client.get("/people").text
    client.get("/").post("/sign-out", {})
    assert places() == folders


def test_a_register_is_tried(visit: Running) -> None:
    client, _ = practising(visit)
    client.get("/practice/tables/sessions")
    assert "Attendance register" in client.get(client.link("human_rights-01")).text
    assert "T-001" in client.text


def test_a_device_is_handed_over_in_practice_and_nothing_else_is_reached(visit: Running) -> None:
    client, path = practising(visit)
    address = f"{path}/hand-over"
    client.get(address).post(address, {"language": "en", "mode": "self", "code": CODE, "action": "begin"})
    assert asked(client) == "safe"
    assert "nobody here is real" in client.text
    for other in ("/", "/people", "/practice/", "/practice/people"):
        assert client.get(other).headers["Location"] == address
    say(client.get(address), address, safe="1")
    end(client, address)
    assert client.path == f"{path}/returned"


def test_every_page_of_it_says_so_and_none_of_the_others(visit: Running) -> None:
    client, path = practising(visit)
    for page in ("", "people", "people/new", "tables", "tables/sessions", path.removeprefix("/practice/")):
        assert "nobody here is real, nothing is kept" in client.get(f"/practice/{page}").text, page
        if not page.startswith("people/") or page == "people/new":
            assert "nothing is kept" not in client.get(f"/{page}").text, page


def test_whoever_is_not_signed_in_practises_nothing(visit: Running) -> None:
    folders = places()
    stranger = visit.client()
    assert "Passphrase" in stranger.get("/practice/people").text
    assert places() == folders
    stranger.post("/sign-in", {"name": NAME, "passphrase": PASSPHRASE, "going": stranger.hidden("going")})
    assert "T-001" in stranger.text
    stranger.post("/language", {"language": "pl", "back": "practice/people"})
    assert "nikt tu nie jest prawdziwy" in stranger.text


def test_what_is_practised_on_goes_with_the_desk(visit: Running) -> None:
    folders = places()
    practising(visit)
    visit.stop()
    assert places() == folders
    visit.start()
