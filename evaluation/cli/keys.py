"""Commands on who can open the record."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evaluation import speech
from evaluation.cli.commands import FOLDER, KEY_FILE, PATH, main, opened
from evaluation.speech import echo, option

if TYPE_CHECKING:
    from evaluation.collect.access.keys import Role

ROLES = click.Choice(["caseworker", "evaluator", "coordinator"])


@main.group()
def key() -> None:
    pass


@key.command()
@FOLDER
@click.argument("name")
@option("--role", type=ROLES, default="caseworker", show_default=True)
@option("--new-key-file", type=PATH)
@KEY_FILE
def add(folder: Path, name: str, role: Role, new_key_file: Path | None, key_file: Path | None) -> None:
    from evaluation.project.safekeeping import access

    today, language = dt.date.today(), speech.language()
    with opened(folder, key_file) as project:
        for line in access.add(project, name, role=role, on=today, key_file=new_key_file, language=language):
            echo(line)


@key.command()
@FOLDER
@click.argument("name")
@KEY_FILE
def remove(folder: Path, name: str, key_file: Path | None) -> None:
    from evaluation.project.safekeeping import access

    with opened(folder, key_file) as project:
        echo(access.remove(project, name))


@key.command("list")
@FOLDER
def list_slots(folder: Path) -> None:
    from evaluation.project.folder import find
    from evaluation.project.safekeeping import access

    for line in access.listed(find(folder)):
        echo(line)


@key.command()
@FOLDER
@KEY_FILE
def recovery(folder: Path, key_file: Path | None) -> None:
    from evaluation.project.safekeeping import access

    with opened(folder, key_file) as project:
        echo(access.recovery(project, on=dt.date.today()))


@key.command()
@FOLDER
@KEY_FILE
def rotate(folder: Path, key_file: Path | None) -> None:
    from evaluation.project.folder import find
    from evaluation.project.safekeeping import access

    for line in access.rotate(find(folder), key_file=key_file, language=speech.language()):
        echo(line)
