"""A double-click opens the desk once, finds the one that runs, and shows what is wrong where there is no console."""

from __future__ import annotations

import importlib
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit
from urllib.request import ProxyHandler, build_opener

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from evaluation.cli import double_click, main
from evaluation.desk.server import proof
from evaluation.project import folder as folders
from evaluation.project.start import desktop, problem, running, shortcut
from tests.desk.running import Running, make

Once = Callable[[str, Callable[[Path], None]], Path]
ODD = """Projekt „Łódź” 100% it's $HOME `a` "b" ‘c’ \\d;&|"""


def until(state: Callable[[], object]) -> None:
    """Wait for a state, long enough for a machine with much else to do."""
    limit = time.monotonic() + 120
    while not state():
        assert time.monotonic() < limit, "it never came"
        time.sleep(0.02)


def shown(address: str) -> str:
    """The page at an address of this machine."""
    with build_opener(ProxyHandler({})).open(address) as answer:
        return str(answer.read().decode())


class Account(SimpleNamespace):
    """A person's account with a desktop and a browser that only notes what it was to open."""

    def __init__(self, home: Path) -> None:
        (home / "Pulpit").mkdir(parents=True)
        (home / ".config").mkdir()
        (home / ".config" / "user-dirs.dirs").write_text('XDG_DESKTOP_DIR="$HOME/Pulpit"\n', encoding="utf-8")
        browser = home / "browser"
        browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> {shlex.quote(str(home / "opened"))}\n', encoding="utf-8")
        browser.chmod(0o700)
        environ = {"HOME": str(home), "BROWSER": str(browser), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        super().__init__(home=home, desktop=home / "Pulpit", environ=environ, started=[])

    def opened(self) -> list[str]:
        path = self.home / "opened"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """A process as a desktop starts it: without a console, in a folder of no meaning."""
        nothing = subprocess.DEVNULL
        process = subprocess.Popen(
            command, env=self.environ, cwd="/", stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
        )
        self.started.append(process)
        return process

    def double_click(self, folder: Path, language: str = "en") -> subprocess.Popen[bytes]:
        return self.start(*shortcut.start(folder, language))


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    made = Account(tmp_path / "home")
    yield made
    for process in made.started:
        process.kill()
        process.wait(10)


def test_a_second_start_opens_the_desk_that_runs_and_a_third_after_a_power_cut_works(
    account: Account, once: Once, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = once("desk", make).rename(tmp_path / ODD)
    monkeypatch.setenv("XDG_STATE_HOME", str(account.home / ".local" / "state"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running._file(folder).write_text(json.dumps({"port": port, "pid": 1, "secret": "of last week"}), encoding="utf-8")
    impatient = [account.double_click(folder), account.double_click(folder)]
    until(lambda: len(account.opened()) == 2)
    first, second = account.opened()
    assert first == second == f"http://localhost:{port}/"
    assert "Passphrase" in shown(first)
    until(lambda: any(process.poll() is not None for process in impatient))
    (server,) = [process for process in impatient if process.poll() is None]
    assert [process.returncode for process in impatient if process is not server] == [0]
    (kept,) = (account.home / ".local" / "state" / "reintegration-evaluation").glob("desk-*.json")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "Projekt" not in kept.name + kept.read_text(encoding="utf-8")
    server.send_signal(signal.SIGKILL)
    server.wait(10)
    assert kept.exists()
    third = account.double_click(folder)
    until(lambda: len(account.opened()) == 3)
    assert account.opened()[2] == first  # a page that is still open finds it again
    assert "Passphrase" in shown(first)
    third.terminate()
    assert third.wait(60) == 0
    assert not kept.exists()
    assert list(account.desktop.iterdir()) == []


def test_only_the_desk_that_was_started_is_taken_for_it(desk: Running, once: Once) -> None:
    question = f"/running/{'0' * 32}"
    assert not running.own(desk.port, "").answers()  # this one was started without a secret
    assert desk.client().get(question).status == 404
    other = Running(once("desk", make), secret="a secret").start()
    try:
        here = running.own(other.port, "a secret")
        assert here.answers()
        assert not running.own(other.port, "another secret").answers()
        assert not running.own(desk.port, "a secret").answers()
        said = other.client().get(question)
        assert (said.page, said.headers["Cache-Control"]) == (proof("a secret", "0" * 32), "no-store")
        assert proof("a secret", "1" * 32) != said.page
        assert other.client().get(question, Host="evil.example").status == 403
        assert "Passphrase" in other.client().get("/running/guess").text
    finally:
        other.stop()
    assert not here.answers()


@pytest.mark.parametrize(
    "left",
    ["", "{", "[]", "null", '{"port": 0, "pid": 1, "secret": "x"}', '{"port": 65536, "pid": 1, "secret": "x"}',
     '{"port": "x", "pid": 1, "secret": "x"}', '{"port": 8790, "pid": 1, "secret": ""}', '{"port": 8790}'],
)  # fmt: skip
def test_what_an_earlier_desk_left_is_passed_over_where_it_cannot_be_so(tmp_path: Path, left: str) -> None:
    with running.announced(tmp_path, running.own(8790, "x")):
        assert running.recall(tmp_path) == running.Running(8790, os.getpid(), "x")
        running._file(tmp_path).write_text(left, encoding="utf-8")
        assert running.recall(tmp_path) is None
    assert running._file(tmp_path).exists() is True  # it is not ours any more
    assert running.recall(tmp_path / "another") is None


# --- what is seen where nothing starts ---------------------------------------------------------------


class Read(HTMLParser):
    """The language and the visible text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.language, self.words, self._inside = "", "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        if tag == "html":
            self.language = dict(attrs)["lang"] or ""

    def handle_data(self, data: str) -> None:
        if self._inside in ("h1", "p"):
            self.words += data


def complaint(account: Account) -> Read:
    """The page that the browser was given."""
    (address,) = account.opened()
    path = Path(unquote(urlsplit(address).path))
    assert path == account.desktop / problem.NAME
    assert path.stat().st_mode & 0o777 == 0o600
    page = path.read_text(encoding="utf-8")
    assert "Traceback" not in page
    return Read(page)


@pytest.mark.parametrize(
    ("language", "title", "moved"),
    [("en", "The desk did not open", "make a new one"), ("pl", "Nie udało się otworzyć", "utwórz nową")],
)
def test_a_moved_folder_is_told_on_a_page_in_the_language_of_the_icon(
    account: Account, tmp_path: Path, language: str, title: str, moved: str
) -> None:
    assert account.double_click(tmp_path / "<b>gone</b>", language).wait(120) == 2
    told = complaint(account)
    assert told.language == language
    for words in (title, moved, "<b>gone</b>", "evaluation shortcut"):
        assert words in told.words
    assert "evaluation new" not in told.words


WITHOUT_CONSOLE = f"""
import runpy, sys
sys.stdin = sys.stdout = sys.stderr = sys.__stdin__ = sys.__stdout__ = sys.__stderr__ = None
runpy.run_module({shortcut.MODULE!r}, run_name="__main__", alter_sys=False)
"""
"""As a program without a console finds itself on Windows."""


def test_a_fault_of_the_project_is_told_with_its_file_and_not_as_a_move(account: Account, once: Once) -> None:
    folder = once("desk", make)
    (folder / "plan.yml").unlink()
    assert account.start(sys.executable, "-P", "-c", WITHOUT_CONSOLE, str(folder)).wait(120) == 6
    told = complaint(account)
    assert "plan.yml is missing" in told.words
    assert "exit code 6" in told.words
    assert "moved or renamed" not in told.words


def test_an_unforeseen_error_shows_its_kind_and_no_text_and_the_next_start_takes_the_page_away(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(_: Path) -> None:
        raise ValueError("P-017 said no")

    folders.make(tmp_path / "project", "new")
    (tmp_path / "project" / "records.keys").touch()
    with monkeypatch.context() as patch:
        patch.setattr(folders, "read", explode)
        patch.setattr(sys, "argv", ["", str(tmp_path / "project"), "--language", "pl"])
        for name, value in {**account.environ, "XDG_CONFIG_HOME": ""}.items():
            patch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            double_click.main()
        told = complaint(account)
        problem.forget()
    assert ended.value.code == 70
    assert told.language == "pl"
    assert "ValueError" in told.words
    assert "P-017" not in told.words
    assert list(account.desktop.iterdir()) == []


def test_the_wheel_brings_a_program_without_a_console_that_starts_the_same() -> None:
    declared = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = declared["gui-scripts"]["evaluation-desk"].partition(":")
    assert module == shortcut.MODULE
    assert getattr(importlib.import_module(module), name) is double_click.main


# --- the icons ------------------------------------------------------------------------------------------


def of_desktop_entry(text: str) -> tuple[str, list[str]]:
    """Name and command of a desktop entry, by the rules of its specification: value, then quoting, then fields."""
    pairs = dict(line.split("=", 1) for line in text.split("\n")[1:-1])
    back = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
    values = {name: re.sub(r"\\(.)", lambda found: back[found[1]], value) for name, value in pairs.items()}
    words = re.findall(r'"((?:\\.|[^"\\`$])*)"(?: |$)', values["Exec"], flags=re.S)
    assert " ".join(f'"{word}"' for word in words) == values["Exec"]
    plain = [re.sub(r'\\(["`$\\])', r"\1", word) for word in words]
    assert not any(re.search(r"(?<!%)(?:%%)*%(?!%)", word) for word in plain)
    return values["Name"], [word.replace("%%", "%") for word in plain]


def of_command_line(line: str) -> list[str]:
    """The arguments that a program on Windows gets of its command line."""
    made, word, quoted, begun, at = [], "", False, False, 0
    while at < len(line):
        slashes = len(line[at:]) - len(line[at:].lstrip("\\"))
        at += slashes
        here = line[at : at + 1]
        if here == '"':
            word, begun = word + "\\" * (slashes // 2), True
            if slashes % 2:
                word += '"'
            else:
                quoted = not quoted
            at += 1
        elif here in (" ", "\t") and here and not quoted:
            word += "\\" * slashes
            if word or begun:
                made.append(word)
            word, begun, at = "", False, at + 1
        else:
            word, at = word + "\\" * slashes + here, at + 1
    return [*made, word] if word or begun else made


def of_powershell(text: str) -> dict[str, str]:
    """The texts that a script assigns, by PowerShell's rule that two such characters in a text are one."""
    assigned = re.findall(r"(?:(\w+) = |CreateShortcut\()'((?:[^'‘’‚‛]|(['‘’‚‛])\3)*)'\)?\n", text)
    return {name or "path": re.sub(r"(['‘’‚‛])\1", r"\1", value) for name, value, _ in assigned}


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30) | st.text(
    "aŁ %$`\"'‘’‚‛\\\n;&=", min_size=1, max_size=12
)


@given(folder=WORDS)
def test_any_name_of_a_folder_survives_in_a_desktop_entry(folder: str) -> None:
    command = shortcut.start(Path("/x") / folder.replace("/", "|"), "pl")
    assert of_desktop_entry(shortcut.linux(command, folder)) == (folder, command)


@given(folder=WORDS)
def test_any_name_of_a_folder_survives_in_the_shell_of_a_mac(folder: str) -> None:
    command = shortcut.start(Path("/x") / folder.replace("/", "|"), "pl")
    head, line = shortcut.macos(command).split("\n", 1)
    assert (head, shlex.split(line)) == ("#!/bin/sh", ["exec", *command])


@given(folder=WORDS.filter(lambda name: "\n" not in name and "\r" not in name))
def test_any_name_of_a_folder_survives_on_its_way_through_powershell(folder: str) -> None:
    program, *arguments = ["C:\\Zosia's kit\\pythonw.exe", "-P", f"C:\\{folder}", "--language", "pl"]
    made = of_powershell(shortcut.windows([program, *arguments], Path(f"/d/{folder}.lnk"), Path("/p/x")))
    assert (made["TargetPath"], of_command_line(made["Arguments"])) == (program, arguments)
    assert (made["path"], made["WorkingDirectory"]) == (str(Path(f"/d/{folder}.lnk")), "/p")


def test_the_script_of_a_mac_hands_the_folder_on_as_it_is(tmp_path: Path) -> None:
    kit = tmp_path / "kit of 'Zosia'"
    kit.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    kit.chmod(0o700)
    command = shortcut.start(Path("/x") / ODD, "pl", kit)
    script = tmp_path / "icon.command"
    script.write_text(shortcut.macos(command), encoding="utf-8")
    said = subprocess.run(["/bin/sh", str(script)], capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == command[1:]


def test_a_console_is_avoided_where_python_has_a_program_without_one(tmp_path: Path) -> None:
    (tmp_path / "pythonw.exe").touch()
    assert shortcut.start(Path("/x"), "en", tmp_path / "python.exe")[0] == str(tmp_path / "pythonw.exe")
    assert shortcut.start(Path("/x"), "en", tmp_path / "bin" / "python")[0] == str(tmp_path / "bin" / "python")


def test_the_command_makes_an_icon_on_the_desktop_that_names_the_project_and_holds_no_secret(
    account: Account, tmp_path: Path
) -> None:
    folder = tmp_path / "Projekt 100% „Łódź”"
    folders.make(folder, "new", "pl")
    made = CliRunner(env={**account.environ, "XDG_CONFIG_HOME": ""}).invoke(main, ["shortcut", str(folder)])
    assert made.exit_code == 0, made.output
    (icon,) = account.desktop.iterdir()
    assert str(icon) in made.output
    assert "prawym przyciskiem" in made.output
    assert icon.stat().st_mode & 0o777 == 0o700
    name, command = of_desktop_entry(icon.read_text(encoding="utf-8"))
    assert name == icon.stem == f"Strony zespołu – {folder.name}"
    assert command == [sys.executable, "-P", "-m", shortcut.MODULE, str(folder), "--language", "pl"]


def test_an_account_without_a_desktop_is_asked_where_the_icon_goes(account: Account, tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "project", tmp_path / "icons"
    folders.make(folder, "new")
    account.desktop.rmdir()
    speaking = CliRunner(env={**account.environ, "XDG_CONFIG_HOME": ""})
    told = speaking.invoke(main, ["shortcut", str(folder)])
    assert (told.exit_code, "--where" in told.output) == (2, True)
    assert speaking.invoke(main, ["shortcut", str(folder), "--where", str(elsewhere)]).exit_code == 1
    elsewhere.mkdir()
    assert speaking.invoke(main, ["shortcut", str(folder), "--where", str(elsewhere)]).exit_code == 0
    assert [path.suffix for path in elsewhere.iterdir()] == [".desktop"]
    assert speaking.invoke(main, ["shortcut", str(tmp_path), "--where", str(elsewhere)]).exit_code == 2


@pytest.mark.parametrize(
    ("written", "there", "found"),
    [
        ('XDG_DESKTOP_DIR="$HOME/Pulpit"\n', "Pulpit", "Pulpit"),
        ('# XDG_DESKTOP_DIR="$HOME/x"\nXDG_DESKTOP_DIR="$HOME/My \\"Desk\\""', 'My "Desk"', 'My "Desk"'),
        ('XDG_DESKTOP_DIR="$HOME/"\n', "Desktop", None),  # so a desktop says that it has none
        ('XDG_DESKTOP_DIR="$HOME/Pulpit"\n', "Desktop", None),
        ("", "Desktop", "Desktop"),
        ("", "x", None),
    ],
)
def test_the_desktop_is_found_by_whatever_name_it_goes(
    tmp_path: Path, written: str, there: str, found: str | None
) -> None:
    (tmp_path / ".config").mkdir()
    (tmp_path / ".config" / "user-dirs.dirs").write_text(written, encoding="utf-8")
    (tmp_path / there).mkdir()
    assert desktop.folder({"HOME": str(tmp_path)}) == (tmp_path / found if found else None)
