"""Who opened what: kept by every page, read by the coordinator alone, without an answer, a passphrase or a token."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evaluation.cli import main
from evaluation.collect.access import keys
from evaluation.collect.record import trail
from evaluation.project import open_project
from tests.desk.running import NAME, OTHER, OTHER_PASSPHRASE, PASSPHRASE, Running


def evaluate(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


Line = tuple[str, str, str, str, str]


def kept(desk: Running) -> list[Line]:
    """The trail, the oldest first."""
    with desk.store() as store:
        lines = trail.read(store, limit=99)
    return [(each.actor, each.act, each.page, each.about, each.participant) for each in reversed(lines)]


def test_every_page_of_a_participant_is_kept_with_who_opened_it(desk: Running) -> None:
    client = desk.signed_in(OTHER, OTHER_PASSPHRASE)
    person = client.get("/people").link("P-003")
    session = client.get("/tables/sessions").link("polish-01")
    hers = [f"{person}/{page}" for page in ("print", "security/baseline", "add/support", "act/leave")]
    for path in (person, *hers, session):
        assert client.get(path).status == 200, path
    client.get("/").get("/tables/courses").get("/people/0123456789abcdef0123")
    assert kept(desk) == [
        (OTHER, "signed_in", "", "", ""),
        (OTHER, "opened", "person", "", "P-003"),
        (OTHER, "exported", "print", "", "P-003"),
        (OTHER, "opened", "questionnaire", "security baseline", "P-003"),
        (OTHER, "opened", "entry", "support", "P-003"),
        (OTHER, "opened", "act", "leave", "P-003"),
        (OTHER, "opened", "register", "polish-01", ""),
    ]


def test_wrong_passphrases_are_kept_once_somebody_is_in_and_unknown_names_never(desk: Running) -> None:
    for name in (NAME, "a passphrase by mistake"):
        desk.client().sign_in(name, "wrong wrong")
    desk.signed_in()
    desk.client().sign_in(OTHER, "wrong wrong")
    assert [line[:2] for line in kept(desk)] == [
        (NAME, "refused"), ("", "refused"), (NAME, "signed_in"), (OTHER, "refused"),
    ]  # fmt: skip


def test_what_could_not_be_written_while_another_program_wrote_is_written_with_the_next(desk: Running) -> None:
    client = desk.signed_in()
    person = client.get("/people").link("P-003")
    with desk.store() as store, store.transaction("IMMEDIATE"):
        assert client.get(person).status == 200
    client.get("/people").get("/trail")
    assert [line[2:] for line in kept(desk)[1:]] == [("person", "", "P-003"), ("trail", "", "")]


def test_the_coordinator_reads_it_searches_a_code_and_sees_no_token_or_passphrase(desk: Running) -> None:
    client = desk.signed_in()
    person = client.get("/people").link("P-003")
    client.get(person).get(f"{person}/print").get(client.get("/people").link("P-001"))
    text = client.get("/trail").text
    assert "printed or exported : participant's page, to be printed P-003".replace(" :", ":") in text
    assert text.index("P-001") < text.index("P-003") < text.index("signed in")
    found = client.post("/trail", {"find": "P-001"}).text
    assert ("P-001" in found, "P-003" in found) == (True, False)
    assert "Nothing is kept" in client.post("/trail", {"find": "P-00"}).text
    assert client.get("/trail?before=never").status == 200
    database = json.dumps(kept(desk))
    for secret in (PASSPHRASE, *client.cookies.values()):
        assert secret not in database


def test_after_an_erasure_her_code_is_gone_from_it(desk: Running) -> None:
    client = desk.signed_in()
    person = client.get("/people").link("P-003")
    client.get(f"{person}/act/erase").post(f"{person}/act/erase", {"action": "show"})
    client.post(f"{person}/act/erase", {"action": "confirm", "typed_code": "P-003"})
    assert client.status == 200
    assert "P-003" not in json.dumps(kept(desk))
    assert (NAME, "erasure", "", "", "(erased)") in kept(desk)
    assert "erased" in client.get("/trail").text


@pytest.fixture
def folder(desk: Running, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EVALUATION_PASSPHRASE", PASSPHRASE)
    return desk.folder


def test_commands_and_notebooks_are_kept_and_the_command_tells_it(desk: Running, folder: Path) -> None:
    with open_project(folder):
        pass
    assert evaluate("export", folder, "attendance", "--participant", "P-003").exit_code == 0
    told = evaluate("trail", folder, "--json")
    lines = [list(line.values())[1:] for line in json.loads(told.stdout)]
    assert lines == [
        [NAME, "opened", "command", "trail", ""],
        [NAME, "exported", "command", "attendance", "P-003"],
        [NAME, "opened", "command", "export", ""],
        [NAME, "opened", "notebook", "", ""],
    ]
    (line,) = evaluate("trail", folder, "--participant", "P-003").stdout.splitlines()
    assert line.endswith(f"{NAME}: printed or exported (command, attendance and P-003)")


def test_only_a_coordinator_reads_it_by_command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVALUATION_PASSPHRASE", OTHER_PASSPHRASE)
    told = evaluate("trail", folder)
    assert told.exit_code != 0
    assert "Only a coordinator reads who opened what" in told.stderr


def test_a_copy_of_the_record_brings_it_along(desk: Running, tmp_path: Path) -> None:
    desk.signed_in()
    with desk.store() as store:
        store.copy(tmp_path / "records.db")
    shutil.copy(desk.folder / keys.NAME, tmp_path)
    assert [line[:2] for line in kept(Running(tmp_path))] == [(NAME, "signed_in")]
