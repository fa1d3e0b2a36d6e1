"""Who may see the pages, what keeps them in, and what never appears outside."""

from __future__ import annotations

import datetime as dt
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from evaluation.collect.access import keys
from evaluation.collect.record.store import Store
from evaluation.desk.staff.accounts import FREE_TRIES, IDLE, LONGEST, Tries
from evaluation.errors import StoreError
from evaluation.project import folder as folders
from evaluation.project.desk import office
from tests.desk.running import NAME, NOON, PASSPHRASE, Running


def test_whoever_is_not_signed_in_sees_no_page_but_the_one_for_signing_in(desk: Running) -> None:
    for path in ("/", "/people", "/people/new", "/people/0123456789abcdef0123"):
        client = desk.client().get(path)
        assert "Passphrase" in client.text, path
        assert "P-00" not in client.text, path
    assert desk.client().post("/people/new", {"participant": "P-009"}).status == 403


@pytest.mark.parametrize(
    "path", ["/api/contents", "/api/kernels", "/terminals/websocket/1", "/files/project.yml", "/lab", "/tree", "/x"]
)
def test_nothing_is_served_beside_the_pages(desk: Running, path: str) -> None:
    assert desk.signed_in().get(path).status == 404


def test_a_wrong_name_or_passphrase_opens_nothing_and_is_told_without_saying_which(desk: Running) -> None:
    wrong = desk.client().sign_in(NAME, "long enough word")
    nobody = desk.client().sign_in("Nobody", PASSPHRASE)
    assert (wrong.status, nobody.status) == (403, 403)
    said = "This name and passphrase do not open the record."
    assert said in wrong.text
    assert said in nobody.text
    assert desk.client().sign_in(NAME, PASSPHRASE).get("/people").status == 200


def test_many_wrong_passphrases_are_slowed_down_and_the_right_one_waits_too(desk: Running) -> None:
    client = desk.client()
    for _ in range(FREE_TRIES):
        assert client.sign_in(NAME, "wrong wrong").status == 403
    assert client.sign_in(NAME, PASSPHRASE).status == 429
    assert "Wait 15 seconds" in client.text
    desk.now += dt.timedelta(seconds=15)
    assert "P-001" in client.sign_in(NAME, PASSPHRASE).get("/people").text


def test_waits_double_and_many_names_are_guessed_as_slowly_as_one() -> None:
    now = [NOON]
    tries = Tries(lambda: now[0])
    waits = []
    for _ in range(FREE_TRIES + 3):
        tries.wrong("a")
        waits.append(tries.wait("A"))
    assert waits == [0] * (FREE_TRIES - 1) + [15, 30, 60, 120]
    assert tries.wait("b") == 0
    for name in "cdefghijklmn":
        tries.wrong(name)
    assert tries.wait("b") == 15
    now[0] += dt.timedelta(hours=1)
    assert tries.wait("a") == 0


@pytest.mark.parametrize(
    ("pauses", "in_then"),
    [([IDLE], True), ([IDLE + dt.timedelta(seconds=1)], False), ([IDLE] * 36, True), ([IDLE] * 37, False)],
)
def test_a_session_ends_when_nothing_was_done_or_after_a_day_s_work(
    desk: Running, pauses: list[dt.timedelta], in_then: bool
) -> None:
    assert IDLE * 36 == LONGEST
    client = desk.signed_in()
    for pause in pauses:
        desk.now += pause
        client.get("/people")
    assert ("P-001" in client.text) is in_then


def test_what_was_typed_when_the_session_had_ended_is_kept_and_sent_after_signing_in(desk: Running) -> None:
    client = desk.signed_in().get("/people/new")
    typed = {
        "submission": client.hidden("submission"),
        "participant": "P-004",
        "enrolled_on": "2.3.2015",
        "consent_service": "true",
        "consent_reporting": "false",
        "name": "a field of this name",
    }
    desk.now += LONGEST
    client.post("/people/new", typed)
    assert "What you typed is still here" in client.text
    again = {f"held:{name}": client.hidden(f"held:{name}") for name in typed}
    client.post("/sign-in", {**again, "going": client.hidden("going"), "name": NAME, "passphrase": PASSPHRASE})
    assert {name: client.hidden(name) for name in typed} == typed
    assert "Enrolled." in client.post("/people/new", {name: client.hidden(name) for name in typed}).text


def test_signing_out_ends_the_session_and_closes_the_record_when_nobody_is_left(desk: Running) -> None:
    first, second = desk.signed_in(), desk.signed_in()
    cookies = dict(first.cookies)
    first.get("/people").post("/sign-out", {})
    first.cookies = cookies
    assert "P-001" not in first.get("/people").text
    assert "P-001" in second.get("/people").text


@pytest.mark.parametrize(
    ("form_token", "headers"),
    [
        ("", {}),
        ("guessed", {}),
        ("right", {"Sec_Fetch_Site": "cross-site"}),
        ("right", {"Sec_Fetch_Site": "same-site"}),
    ],
)
def test_a_form_that_another_site_made_stores_nothing(desk: Running, form_token: str, headers: dict[str, str]) -> None:
    client = desk.signed_in().get("/people/new")
    sent = client.token if form_token == "right" else form_token
    typed = {"participant": "P-004", "enrolled_on": "2.3.2015", "consent_service": "true", "consent_reporting": "true"}
    assert client.post("/people/new", {**typed, "form_token": sent}, **headers).status == 403
    with desk.store() as store:
        assert len(store.rows("participants")) == 3


@pytest.mark.parametrize(("host", "known"), [("localhost", True), ("127.0.0.1:80", True), ("evil.example", False)])
def test_a_foreign_name_that_points_to_this_machine_is_refused(desk: Running, host: str, known: bool) -> None:
    client = desk.client().get("/sign-in", Host=host)
    assert (client.status == 200) is known


def test_every_page_stays_out_of_caches_frames_and_other_sites(desk: Running) -> None:
    client = desk.signed_in()
    for path in ("/", "/people", "/people/new", "/nowhere"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store", path
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Server"] is None
        assert " style=" not in client.page
        assert "<script>" not in client.page


def test_the_cookie_of_a_session_is_for_this_server_alone(desk: Running) -> None:
    client = desk.client().get("/sign-in")
    client.post("/sign-in", {"name": NAME, "passphrase": PASSPHRASE, "going": "//evil.example"}, follow=False)
    (line,) = client.headers.get_all("Set-Cookie", [])
    assert all(part in line for part in ("HttpOnly", "SameSite=Strict", "Path=/"))
    assert client.headers["Location"] == "/evil.example"


def test_the_desk_listens_on_this_machine_only(desk: Running) -> None:
    own = next((one[4][0] for one in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)), "127.0.0.1")
    if own.startswith("127."):
        own = "127.0.0.2"
    with pytest.raises(OSError), socket.create_connection((own, desk.port), timeout=2):  # noqa: PT011
        pass


def test_the_desk_s_process_loads_no_pandas() -> None:
    heavy = "import sys, evaluation.project.desk; print([m for m in ('pandas', 'numpy', 'scipy') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_record_that_only_a_key_file_opens_is_told_so_before_anybody_types(tmp_path: Path) -> None:
    folders.make(tmp_path / "project", "reference")
    secret = keys.make_key_file(tmp_path / "key")
    Store.create(tmp_path / "project", secret, slot="office").close()
    with pytest.raises(StoreError, match="Only key files open this record"):
        office(tmp_path / "project")


def test_no_address_names_a_participant(desk: Running) -> None:
    client = desk.signed_in().get("/people")
    assert client.link("P-001").startswith("/people/")
    assert "P-001" not in client.link("P-001")
    assert client.link("P-001") != client.link("P-002")


def test_an_unforeseen_error_shows_no_traceback_and_logs_no_answer(
    desk: Running, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evaluation.desk.pages import people

    def broken(*_: object) -> None:
        raise ValueError("P-001 answered 4")

    monkeypatch.setattr(people, "cues", broken)
    client = desk.signed_in().get("/people")
    assert client.status == 500
    assert "Something went wrong that nobody foresaw." in client.text
    assert "ValueError at evaluation.desk.pages.people" in caplog.text
    assert "answered" not in client.page + caplog.text
