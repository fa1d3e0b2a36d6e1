"""Commands on one person: each says what it will change before it happens, asks, and gives a receipt."""

from __future__ import annotations

import dataclasses
import datetime as dt
import getpass
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evaluation.cli.commands import FOLDER, KEY_FILE, NAME, YES_ERASED, YES_RECORDED, main, opened
from evaluation.speech import echo, option, word
from evaluation.texts import is_yes

if TYPE_CHECKING:
    from evaluation.collect.acts import Act

CODE = click.argument("code")


@main.command()
@FOLDER
@option("--json", "as_json", is_flag=True)
@KEY_FILE
def evidence(folder: Path, as_json: bool, key_file: Path | None) -> None:
    from evaluation.project.safekeeping import evidence as held

    with opened(folder, key_file) as project:
        found = held.read(project)
        seen_only = sys.stdout.isatty() and not as_json
        project.note("opened" if seen_only else "exported", page="command", about="evidence", needed=True)
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(each) for each in found], ensure_ascii=False))
        return
    for line in held.lines(found):
        echo(line)


@main.command()
@FOLDER
@CODE
@option("--on", "day", metavar="DATE", required=True)
@option("--reason", required=True)
@YES_RECORDED
@NAME
@KEY_FILE
def leave(folder: Path, code: str, day: str, reason: str, yes: bool, name: str | None, key_file: Path | None) -> None:
    from evaluation.collect.acts import Leave

    _act(Leave(code, _day(day), reason), folder, key_file, name=name, yes=yes)


@main.command()
@FOLDER
@CODE
@option("--on", "day", metavar="DATE")
@option("--service", is_flag=True)
@YES_RECORDED
@NAME
@KEY_FILE
def withdraw(
    folder: Path, code: str, day: str | None, service: bool, yes: bool, name: str | None, key_file: Path | None
) -> None:
    from evaluation.collect.acts import Withdraw

    on = _day(day) if day else dt.date.today()
    _act(Withdraw(code, on, service=service), folder, key_file, name=name, yes=yes)


@main.command()
@FOLDER
@CODE
@YES_ERASED
@NAME
@KEY_FILE
def erase(folder: Path, code: str, yes: bool, name: str | None, key_file: Path | None) -> None:
    from evaluation.collect.acts import Erase

    _act(Erase(code), folder, key_file, name=name, yes=yes)


def _act(act: Act, folder: Path, key_file: Path | None, *, name: str | None, yes: bool) -> None:
    from evaluation.collect.acts import Erase, consequences, outside, perform

    with opened(folder, key_file) as project:
        today = dt.date.today()
        expected = consequences(act, project.store, declaration=project.declaration, today=today, folder=project.folder)
        for message in expected.messages:
            echo(message)
        if not expected.changes:
            return
        if not yes:
            _ask(act)
        actor = name or getpass.getuser()
        done = perform(act, project.store, declaration=project.declaration, actor=actor, today=today)
        for message in done.messages:
            echo(message)
        for message in outside(expected.copies) if yes and isinstance(act, Erase) else ():
            echo(message)


def _ask(act: Act) -> None:
    """Raises Declined unless the person says yes, or for an erasure types the code again."""
    from evaluation.collect.acts import Erase
    from evaluation.errors import Declined

    if isinstance(act, Erase):
        sure = click.prompt(word("cli.people.code_again"), default="", show_default=False) == act.participant
    else:
        answer = click.prompt(word("cli.people.sure"), default=word("cli.release.no"))
        sure = is_yes(answer)
    if not sure:
        raise Declined("cli.people.declined")


def _day(text: str) -> dt.date:
    """A day as people write it. Raises BadArgument where it is none, or could be two."""
    from evaluation.collect.check.cells.dates import read_day
    from evaluation.errors import BadArgument

    day = read_day(text.strip(), "").value
    if day is None:
        raise BadArgument("cli.people.day")
    return day
