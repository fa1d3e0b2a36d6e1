"""Commands that keep the record from being lost: verify, backup, restore, parcels between offices, retention."""

from __future__ import annotations

import datetime as dt
import getpass
from pathlib import Path

import click

from evaluation import speech
from evaluation.cli.commands import FOLDER, KEY_FILE, NAME, PATH, YES_ERASED, main, opened
from evaluation.speech import echo, option, word


@main.command()
@FOLDER
@option("--head", default="")
@option("--accept-older", is_flag=True)
@KEY_FILE
def verify(folder: Path, head: str, accept_older: bool, key_file: Path | None) -> None:
    from evaluation.project.folder import find
    from evaluation.project.safekeeping import safety
    from evaluation.project.safekeeping.unlocking import unlock

    root = find(folder)
    who = unlock(root, key_file=key_file, language=speech.language())
    for line in safety.verify_lines(root, who, printed=head, accept=accept_older):
        echo(line)


@main.command()
@FOLDER
@click.argument("to", type=PATH)
@KEY_FILE
def backup(folder: Path, to: Path, key_file: Path | None) -> None:
    from evaluation.project.safekeeping import safety

    with opened(folder, key_file) as project:
        for line in safety.backup_lines(project, to, at=dt.datetime.now(dt.UTC)):
            echo(line)


@main.command()
@click.argument("backup", type=PATH)
@click.argument("folder", type=PATH)
@option("--over", is_flag=True)
@NAME
@KEY_FILE
def restore(backup: Path, folder: Path, over: bool, name: str | None, key_file: Path | None) -> None:
    from evaluation.project.safekeeping import safety
    from evaluation.project.safekeeping.unlocking import given

    now, actor = dt.datetime.now(dt.UTC), name or getpass.getuser()
    secret = given(backup, key_file=key_file, language=speech.language())
    for line in safety.restore_lines(backup, folder, secret, over=over, actor=actor, at=now):
        echo(line)


@main.group()
def parcel() -> None:
    pass


@parcel.command("id")
@FOLDER
@KEY_FILE
def office_id(folder: Path, key_file: Path | None) -> None:
    from evaluation.project.safekeeping import parcels

    with opened(folder, key_file) as project:
        click.echo(parcels.own_id(project))


@parcel.command()
@FOLDER
@click.argument("file", type=PATH)
@option("--to", multiple=True, metavar="ID")
@KEY_FILE
def make(folder: Path, file: Path, to: tuple[str, ...], key_file: Path | None) -> None:
    from evaluation.project.safekeeping import parcels

    with opened(folder, key_file) as project:
        echo(parcels.make(project, file, to=to))


@parcel.command()
@FOLDER
@click.argument("file", type=PATH)
@option("--from", "sender", metavar="ID")
@NAME
@KEY_FILE
def take(folder: Path, file: Path, sender: str | None, name: str | None, key_file: Path | None) -> None:
    from evaluation.project.safekeeping import parcels

    with opened(folder, key_file) as project:
        for line in parcels.take(project, file, actor=name or getpass.getuser(), sender=sender):
            echo(line)


@main.command()
@FOLDER
@option("--before", metavar="DATE")
@YES_ERASED
@NAME
@KEY_FILE
def expire(folder: Path, before: str | None, yes: bool, name: str | None, key_file: Path | None) -> None:
    from evaluation.cli.record.people import _day
    from evaluation.errors import Declined
    from evaluation.project.safekeeping import expiring

    today = dt.date.today()
    with opened(folder, key_file) as project:
        limit = expiring.limit(project, today=today, before=_day(before) if before else None)
        codes = expiring.expired(project, before=limit)
        if not codes:
            echo("project.expire.nobody", day=limit)
            return
        echo("project.expire.whom", n=len(codes), day=limit, codes=codes)
        if not yes and click.prompt(word("project.expire.sure", n=len(codes)), default="0") != str(len(codes)):
            raise Declined("cli.people.declined")
        for line in expiring.erase(project, codes, actor=name or getpass.getuser(), today=today):
            echo(line)
