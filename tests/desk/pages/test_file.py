"""A file is taken in from a page as by the command: looked at first, then stored, and nothing of it left about."""

from __future__ import annotations

import json
import logging
import stat
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from evaluation.cli import main
from evaluation.collect.access import keys
from evaluation.collect.record import trail
from evaluation.desk.dropped import LIMIT
from evaluation.project import desk as project_desk
from evaluation.project.intake import apart
from tests.desk.running import NAME, OTHER, OTHER_PASSPHRASE, PASSPHRASE, Client, Running

HEADER = "participant;enrolled_on;consent_service;consent_reporting\n"
PEOPLE = HEADER + "P-011;5.1.2015;true;false\nP-012;2015-01-06;true;true\nP-013;;true;true\n"
CHANGED = HEADER + "P-001;2015-02-26;true;true\n"


class Answer:
    """What the process that reads the file says."""

    def __init__(self, stdout: bytes = b'{"said": [{"en": "As it is."}], "form": "participants"}') -> None:
        self.stdout = stdout


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the process is asked, which here reads nothing and says that the file can come in."""
    asked: list[dict[str, Any]] = []

    def run(_: list[str], **how: Any) -> Answer:
        asked.append(json.loads(how["input"]))
        return Answer()

    monkeypatch.setattr(apart.subprocess, "run", run)
    return asked


def sent(client: Client, content: str | bytes, name: str = "people.csv", **fields: str) -> Client:
    """The page's form with a file, as a browser sends it."""
    client.get("/file")
    edge, content = "edge-of-a-part", content.encode("utf-8") if isinstance(content, str) else content
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in {"form_token": client.token, "action": "look", **fields}.items()
    ]
    parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n')
    body = "".join(parts).encode("utf-8") + content + f"\r\n--{edge}--\r\n".encode()
    client.ask("POST", "/file", body, {"Content-Type": f"multipart/form-data; boundary={edge}"})
    return client.get("/file") if client.status == 303 else client


def store(client: Client, **more: str) -> Client:
    return client.post("/file", {"action": "store", "held": client.hidden("held"), **more})


def codes(desk: Running) -> set[object]:
    with desk.store() as record:
        return {row.values["participant"] for row in record.rows("participants")}


def test_a_file_is_looked_at_in_the_words_of_the_command_and_then_stored(desk: Running, tmp_path: Path) -> None:
    client = sent(desk.signed_in(OTHER, OTHER_PASSPHRASE), PEOPLE)
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    environment = {"EVALUATION_PASSPHRASE": PASSPHRASE}
    command = CliRunner().invoke(
        main, ["intake", str(desk.folder), str(tmp_path / "people.csv"), "--language", "en"], env=environment
    )
    said = [" ".join(line.split()) for line in command.output.splitlines()[:3]]
    assert "3 rows: 2 new, 0 there already, 0 stored with other values" in said[1]
    for line in said:
        assert line in client.text
    assert "P-011" not in codes(desk)

    stored = store(client).text
    assert {"P-011", "P-012"} < codes(desk)
    assert "P-013" not in codes(desk)
    (waits,) = (desk.folder / "incoming").iterdir()
    assert stat.S_IMODE(waits.stat().st_mode) == 0o600
    assert f"1 row waits in incoming/{waits.name}" in stored
    assert waits.name in client.get("/").text
    with desk.store() as record:
        traces = [(each.actor, each.act, each.page, each.about) for each in reversed(trail.read(record, limit=99))]
        assert {row.actor for row in record.rows("participants") if row.values["participant"] == "P-011"} == {OTHER}
    assert (OTHER, "opened", "file", "") in traces
    assert (OTHER, "took_in", "file", "participants") in traces

    mended = waits.read_bytes().decode("utf-8-sig").replace('"P-013";"";', '"P-013";"2015-01-07";')
    store(sent(client, mended, waits.name))
    assert "P-013" in codes(desk)
    assert list((desk.folder / "incoming").iterdir()) == []


def test_rows_stored_with_other_values_are_corrected_where_that_was_ticked(desk: Running) -> None:
    def enrolled() -> object:
        with desk.store() as record:
            return next(r.values["enrolled_on"] for r in record.rows("participants") if r.place == ("P-001",))

    client = sent(desk.signed_in(), CHANGED)
    assert "As a correction it would change 'enrolled_on' in 1 row." in client.text
    assert "waits in incoming/" not in store(client, correct="true").text
    assert str(enrolled()) == "2015-02-26"


def test_a_second_click_another_tab_and_another_person_store_nothing_more(
    desk: Running, asked: list[dict[str, Any]]
) -> None:
    client, other = sent(desk.signed_in(), PEOPLE), desk.signed_in(OTHER, OTHER_PASSPHRASE)
    first = client.hidden("held")
    assert "no longer held" in other.get("/file").post("/file", {"action": "store", "held": first}).text
    sent(client, CHANGED)
    assert client.post("/file", {"action": "store", "held": first}).status == 409
    assert [each["store"] for each in asked] == [False, False]
    held = client.get("/file").hidden("held")
    client.post("/file", {"action": "store", "held": held}, follow=False)
    again = client.get("/people").post("/file", {"action": "store", "held": held})
    assert "What became of it" in again.text
    assert "What became of it" not in client.get("/file").text
    assert [each["store"] for each in asked] == [False, False, True]
    assert (asked[-1]["actor"], asked[-1]["correct"]) == (NAME, False)


@pytest.mark.parametrize("end", ["forgotten", "signed out"])
def test_a_file_is_forgotten_when_that_is_wished_and_at_signing_out(
    desk: Running, asked: list[dict[str, Any]], end: str
) -> None:
    client = sent(desk.signed_in(), PEOPLE)
    held = client.hidden("held")
    if end == "forgotten":
        client.post("/file", {"action": "forget", "held": held})
        assert client.path == "/file"
    else:
        client.post("/sign-out", {}).sign_in(NAME, PASSPHRASE).get("/file")
    assert "What would become of it" not in client.text
    assert client.post("/file", {"action": "store", "held": held}).status == 409
    assert len(asked) == 1


def test_what_cannot_come_in_here_is_told_in_the_intake_s_own_sentences(
    desk: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = desk.signed_in()
    assert sent(client, "", "").status == 422
    assert "Choose a file first." in client.text
    assert "fits no import of project.yml" in sent(client, "Kod;Imię\n1;2\n", "../../Anna's list.csv").text
    assert f"""evaluation intake {desk.folder} '../../Anna'"'"'s list.csv'""" in client.text
    assert "Store it" not in client.text
    assert sent(client, b"\x89PNG\r\n\x1a\n" + bytes(99), "photo.png").text.count("cannot be taken in here") == 1
    assert "Anna" not in caplog.text
    assert "photo" not in caplog.text
    assert not any(path for path in desk.folder.parent.rglob("*Anna*"))
    assert not [*(desk.folder / "incoming").iterdir()]
    assert client.get("/file").post("/file", {"action": "store", "held": ""}).status == 409


@pytest.mark.parametrize("more", [0, 1])
def test_the_largest_file_is_taken_and_one_byte_more_is_refused_in_a_sentence(
    desk: Running, asked: list[dict[str, Any]], more: int
) -> None:
    client = sent(desk.signed_in(), bytes(LIMIT + more))
    assert client.status == (413 if more else 200)
    assert ('role="alert" tabindex="-1" data-focus>This file is larger than 10 MB' in client.page) is (more == 1)
    assert len(asked) == 1 - more


def test_a_form_of_another_page_may_not_send_so_much(desk: Running) -> None:
    client = desk.signed_in().get("/people")
    assert client.post("/people", {"find": "x" * 2 * 2**20}).status == 413


def test_the_key_goes_neither_through_arguments_nor_the_environment_and_the_file_is_its_owner_s(
    desk: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def watched(arguments: list[str], **how: Any) -> Answer:
        (aside,) = (desk.folder / "incoming").iterdir()
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (aside, *aside.iterdir())]
        seen.append((" ".join(arguments), str(how.get("env")), how["input"].decode(), modes))
        return Answer()

    monkeypatch.setattr(apart.subprocess, "run", watched)
    sent(desk.signed_in(), PEOPLE)
    key = keys.unlock(desk.folder, keys.passphrase(PASSPHRASE), slot=NAME).key.material.hex()
    ((arguments, environment, given, modes),) = seen
    assert key in given
    assert key not in arguments + environment
    assert "people" not in arguments
    assert modes == [0o700, 0o600]


@pytest.mark.parametrize("fault", ["ends badly", "too long", "no answer"])
def test_a_process_that_fails_is_told_and_leaves_nothing(
    desk: Running, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    def failing(*_: object, **__: object) -> Answer:
        if fault == "ends badly":
            raise subprocess.CalledProcessError(1, "x")
        if fault == "too long":
            raise subprocess.TimeoutExpired("x", 1)
        return Answer(b"")

    monkeypatch.setattr(apart.subprocess, "run", failing)
    client = sent(desk.signed_in(), PEOPLE)
    assert client.status == 422
    assert "could not be read to its end" in client.text
    assert not [*(desk.folder / "incoming").iterdir()]


def test_pages_answer_while_a_file_is_read(desk: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, go_on = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> Answer:
        reading.set()
        assert go_on.wait(60)
        return Answer()

    monkeypatch.setattr(apart.subprocess, "run", slow)
    client, other = desk.signed_in(), desk.signed_in()
    sender = threading.Thread(target=sent, args=(client, PEOPLE))
    sender.start()
    try:
        assert reading.wait(60)
        assert "P-001" in other.get("/people").text
    finally:
        go_on.set()
        sender.join(60)


def test_what_a_killed_desk_left_is_removed_at_the_next_start(desk: Running) -> None:
    left = desk.folder / "incoming" / ".page-abc"
    left.mkdir(parents=True)
    (left / "people.csv").write_text(PEOPLE, encoding="utf-8")
    kept = desk.folder / "incoming" / "participants-0123456789ab.rejected.csv"
    kept.write_text(PEOPLE, encoding="utf-8")
    project_desk.office(desk.folder).close()
    assert not left.exists()
    assert kept.exists()
