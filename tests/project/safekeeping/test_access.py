"""Coordinators decide who opens the record, at a real terminal; nobody's passphrase is shown or asked for in vain."""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evaluation.cli import main
from evaluation.collect.access import keys
from evaluation.errors import BadArgument, StoreError
from evaluation.project import open_project
from evaluation.project.safekeeping import access
from tests.conftest import Folder

SILENT = {"EVALUATION_PASSPHRASE": "", "EVALUATION_KEY_FILE": "", "LC_ALL": "C"}
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner(env=SILENT | environment).invoke(main, list(arguments))


@pytest.fixture
def new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A new project whose record only a key file opens."""
    monkeypatch.setitem(keys.add_recovery.__kwdefaults__, "cost", 16)
    folder = Folder(tmp_path / "project", tmp_path / "my.key")
    assert run("new", str(folder.path), "--key-file", str(folder.key_file), "--name", "Anna").exit_code == 0
    return folder


def typed(*arguments: str, answers: list[str]) -> tuple[int, str]:
    """A command at a terminal of its own, each hidden question answered once it stands there; code and screen."""
    pty = pytest.importorskip("pty")
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(SILENT)
        os.execv(sys.executable, [sys.executable, "-m", "evaluation.cli", *arguments])
    screen, left = "", list(answers)
    while True:
        try:
            screen += os.read(terminal, 1000).decode()
        except OSError:  # the command has left the terminal
            break
        if left and screen.count(": ") > len(answers) - len(left) and screen.endswith(": "):
            os.write(terminal, f"{left.pop(0)}\n".encode())
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), screen


def test_a_person_types_her_passphrase_twice_and_then_opens_the_record_with_it(new: Folder) -> None:
    words = "quite secret words"
    adding = ["key", "add", str(new.path), "Ewa", "--role", "evaluator", "--key-file", str(new.key_file)]
    code, screen = typed(*adding, answers=[words, words])
    assert (code, "Ewa can open the record now (evaluation)" in screen) == (0, True)
    assert words not in screen
    with open_project(new.path, environ={"EVALUATION_PASSPHRASE": words}) as project:
        assert (project.who.name, project.who.role) == ("Ewa", "evaluator")


def test_two_passphrases_that_differ_add_nobody(new: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evaluation.project.safekeeping.unlocking.sys.stdin.isatty", lambda: True)
    answers = iter(["quite secret words", "quite other words"])
    monkeypatch.setattr("evaluation.project.safekeeping.unlocking.getpass.getpass", lambda question: next(answers))
    with new.open() as project, pytest.raises(BadArgument, match="differ"):
        list(access.add(project, "Ewa", role="caseworker", on=dt.date(2026, 3, 9), language="en"))
    assert [slot.name for slot in keys.slots(new.path)] == ["Anna"]


def test_a_record_that_only_key_files_open_asks_for_no_passphrase(new: Folder) -> None:
    asked: list[str] = []
    with pytest.raises(StoreError, match="Only key files open the record"):
        open_project(new.path, environ={}, prompt=lambda question: asked.append(question) or "words")
    assert asked == []


def test_a_second_key_file_is_made_and_opens_it_and_goes_again(new: Folder, tmp_path: Path) -> None:
    second = tmp_path / "ewa.key"
    added = run("key", "add", str(new.path), "Ewa", "--new-key-file", str(second), "--key-file", str(new.key_file))
    assert added.exit_code == 0, added.output
    listed = run("key", "list", str(new.path)).output
    assert re.search(
        r"Anna: coordination, with a key file, since \d+ \w+ \d{4}\.\nEwa: casework, with a key file", listed
    )
    assert run("check", str(new.path), "--key-file", str(second)).exit_code == 0
    refused = run("key", "remove", str(new.path), "Anna", "--key-file", str(second))
    assert (refused.exit_code, "Ask a coordinator" in refused.output) == (7, True)
    removed = run("key", "remove", str(new.path), "Ewa", "--key-file", str(new.key_file))
    assert (removed.exit_code, "can still open those copies" in removed.output) == (0, True)
    assert run("check", str(new.path), "--key-file", str(second)).exit_code == 7


def test_the_recovery_code_is_told_once_and_opens_the_record(new: Folder) -> None:
    told = run("key", "recovery", str(new.path), "--key-file", str(new.key_file))
    (code,) = re.findall(r"^ +((?:\w{4}-){4}\w{4})$", told.output, flags=re.M)
    assert "recovery: coordination, with the recovery code" in run("key", "list", str(new.path)).output
    assert code not in run("key", "list", str(new.path)).output
    assert run("check", str(new.path), EVALUATION_PASSPHRASE=code.lower()).exit_code == 0


def test_the_record_gets_another_key_and_the_plan_that_was_locked_stays_locked(copied: Folder) -> None:
    with copied.open() as project:
        locks, fingerprint, key = project.locks, project.fingerprint, project.key.material
    told = run("key", "rotate", str(copied.path), "--key-file", str(copied.key_file))
    assert (told.exit_code, "the 1 way into it stays" in told.output) == (0, True), told.output
    with copied.open() as project:
        assert (project.locks, project.fingerprint) == (locks, fingerprint)
        assert len(locks) == 1
        assert project.key.material != key
