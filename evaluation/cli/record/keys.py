"""Commands on who can open the record, and who did."""

from __future__ import annotations

import datetime as dt
import json
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


@main.command()
@FOLDER
@option("--participant", metavar="CODE", default="")
@option("--number", type=click.IntRange(1), default=200, show_default=True)
@option("--json", "as_json", is_flag=True)
@KEY_FILE
def trail(folder: Path, participant: str, number: int, as_json: bool, key_file: Path | None) -> None:
    from evaluation.project.safekeeping import trails

    with opened(folder, key_file) as project:
        traces = trails.read(project, participant=participant, limit=number)
    if as_json:
        click.echo(json.dumps([trails.as_data(each) for each in traces], ensure_ascii=False))
        return
    for each in traces:
        echo(trails.said(each))


@key.command()
@FOLDER
@KEY_FILE
def rotate(folder: Path, key_file: Path | None) -> None:
    from evaluation.project.folder import find
    from evaluation.project.safekeeping import access

    for line in access.rotate(find(folder), key_file=key_file, language=speech.language()):
        echo(line)
