"""Commands on a project as a whole: made, checked, planned, shown."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from evaluation import speech
from evaluation.cli.commands import ENGINE, FOLDER, KEY_FILE, NAME, PARAMETER, PATH, main, opened
from evaluation.cli.terminal import progress
from evaluation.errors import RunFailed
from evaluation.report.engine import Name
from evaluation.speech import echo, option


@main.command()
@click.argument("folder", type=PATH)
@NAME
@KEY_FILE
def new(folder: Path, name: str | None, key_file: Path | None) -> None:
    from evaluation.project.creation import new_project

    fresh = key_file is not None and not key_file.exists()
    new_project(folder, name=name, key_file=key_file, language=speech.language())
    if fresh:
        echo("cli.new.key", key_file=key_file)
    echo("cli.new.ready", folder=folder, file=folder / "project.yml")


@main.command()
@FOLDER
@option("--clock-right", is_flag=True)
@KEY_FILE
def check(folder: Path, clock_right: bool, key_file: Path | None) -> None:
    from evaluation.collect.safety import clock
    from evaluation.project.checks import check_lines

    with opened(folder, key_file) as project:
        if clock_right:
            clock.call_right(project.store)
            echo("collect.clock.confirmed", now=dt.datetime.now().astimezone().date())
        for line in check_lines(project):
            echo(line)


@main.group()
def plan() -> None:
    pass


@plan.command("lock")
@FOLDER
@KEY_FILE
def lock_plan(folder: Path, key_file: Path | None) -> None:
    with opened(folder, key_file) as project:
        for line in project.lock_plan(on=dt.date.today()):
            echo(line)


@plan.command("power")
@FOLDER
@option("--pairs", type=int)
def plan_power(folder: Path, pairs: int | None) -> None:
    from evaluation.project.folder import find, read
    from evaluation.project.plan.power import power_lines

    for line in power_lines(read(find(folder)), pairs=pairs):
        echo(line)


@main.command()
@FOLDER
@option("--only", default="")
@PARAMETER
@ENGINE
@KEY_FILE
def notebooks(folder: Path, only: str, parameter: tuple[str, ...], engine: Name | None, key_file: Path | None) -> None:
    _warm_up(engine)
    from evaluation.project import notebooks as shelf
    from evaluation.project.releases.releasing import parameters

    given = parameters(parameter)
    with opened(folder, key_file) as project:
        chosen = shelf.for_inside(project.folder, only)
        if changed := shelf.changed(chosen):
            echo("cli.notebooks.changed", n=len(changed), names=changed)
        made = shelf.run_inside(project, chosen, language=speech.language(), given=given, engine=engine)
        failed = 0
        for one in progress.shown(made, len(chosen)):
            failed += isinstance(one, RunFailed)
            _tell(one)
        if failed:
            raise RunFailed("project.notebooks.failed", n=failed, all=len(chosen))


def _warm_up(engine: Name | None) -> None:
    """What notebooks need is imported in the process that they are forked from while this one imports its own."""
    from evaluation.project.imports import WARM
    from evaluation.report import runs

    runs.warm_up(WARM, engine=engine)


def _tell(made: Path | RunFailed) -> None:
    if isinstance(made, RunFailed):
        echo(made.message, err=True)
    else:
        echo("cli.notebooks.made", path=made)


@main.command()
@click.argument("folder", type=PATH, default="demo")
@option("--project", default="reference", show_default=True)
@ENGINE
def demo(folder: Path, project: str, engine: Name | None) -> None:
    _warm_up(engine)
    from evaluation.project.demo import walk

    for line in progress.steps(walk(folder, project, language=speech.language(), engine=engine)):
        echo(line)
