"""The command that makes the documents and runs the notebooks of many projects by one manifest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evaluation import speech
from evaluation.cli.commands import ENGINE, PATH, main
from evaluation.cli.terminal import progress
from evaluation.errors import RunFailed
from evaluation.report.engine import Name
from evaluation.speech import echo, option, word
from evaluation.texts import Message

if TYPE_CHECKING:
    from evaluation.project.batch.manifest import Task
    from evaluation.project.batch.outcomes import Outcomes
    from evaluation.project.batch.running import Look, Result


@main.command()
@click.argument("manifest", type=PATH)
@option("--list", "listed", is_flag=True)
@option("--only", default="")
@option("--dry-run", is_flag=True)
@option("--workers", type=click.IntRange(1))
@option("--scheduler", default="", metavar="ADDRESS")
@option("--trusted-network", is_flag=True)
@option("--json", "as_json", is_flag=True)
@ENGINE
def batch(
    manifest: Path,
    listed: bool,
    only: str,
    dry_run: bool,
    workers: int | None,
    scheduler: str,
    trusted_network: bool,
    as_json: bool,
    engine: Name | None,
) -> None:
    from evaluation.project.batch import manifest as manifests
    from evaluation.project.batch import outcomes, running
    from evaluation.project.batch.scheduler import refuse_open

    if scheduler and not trusted_network:
        refuse_open(scheduler)
    tasks = manifests.read(manifest)
    chosen = manifests.chosen(tasks, only)
    if listed:
        _table(chosen, outcomes.Outcomes.beside(manifest), as_json=as_json)
        return
    if dry_run:
        _looks(running.looks(chosen, outcomes.Outcomes.beside(manifest)), as_json=as_json)
        return
    with outcomes.alone(manifest):
        kept = outcomes.Outcomes.beside(manifest)
        results = running.carried_out(chosen, kept, workers=workers, engine=engine, scheduler=scheduler)
        try:
            failed = sum(each.state == "failed" for each in _told(results, len(chosen), silent=as_json))
        finally:
            _table(tasks, kept, as_json=as_json)
    if failed:
        raise RunFailed("cli.batch.failed", n=failed, all=len(chosen))


def _looks(looks: Iterator[Look], *, as_json: bool) -> None:
    rows = []
    for look in looks:
        why = look.why.get(speech.language()) or word(f"cli.batch.due_{look.due or 'nothing'}")
        rows.append({"name": look.task.name, "line": look.task.line, "due": look.due, "why": why})
        if not as_json:
            echo("cli.batch.look", name=look.task.name, why=why)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))


def _told(results: Iterator[Result], number: int, *, silent: bool) -> Iterator[Result]:
    for result in progress.shown(results, number):
        if not silent:
            echo(_line(result), err=result.state == "failed")
            for warning in result.outcome.warned if result.state == "made" else ():
                click.echo(f"  {warning.get(speech.language(), '')}", err=True)
        yield result


def _line(result: Result) -> Message:
    outcome, facts = result.outcome, {"name": result.task.name, "line": str(result.task.line)}
    if result.state == "failed":
        return Message("cli.batch.failed_line", why=outcome.why.get(speech.language(), ""), **facts)
    if result.state == "unchanged":
        return Message("cli.batch.unchanged_line", **facts)
    return Message("cli.batch.made_line", n=len(outcome.made), seconds=outcome.seconds, **facts)


def _table(tasks: Sequence[Task], kept: Outcomes, *, as_json: bool) -> None:
    """Every run with what became of it the last time, in this batch or an earlier one."""
    rows = []
    for task in tasks:
        outcome = kept.of(task)
        known = {
            "state": outcome.state if outcome else "not_yet",
            "files": len(outcome.made) if outcome else 0,
            "warnings": [each.get(speech.language(), "") for each in outcome.warned] if outcome else [],
        }
        why = outcome.why.get(speech.language(), "") if outcome else ""
        rows.append({"name": task.name, "line": task.line, **known, "seconds": outcome.seconds if outcome else 0,
                     "why": why})  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    columns = ("name", "state", "files", "seconds")
    cells = [[word(f"cli.batch.column_{column}") for column in columns]]
    cells += [[str(row["name"]), word(f"cli.batch.state_{row['state']}"), str(row["files"]), str(row["seconds"])]
              for row in rows]  # fmt: skip
    widths = [max(len(line[at]) for line in cells) for at in range(len(columns))]
    for line in cells:
        texts = [cell.ljust(width) for cell, width in zip(line[:2], widths, strict=False)]
        numbers = [cell.rjust(width) for cell, width in zip(line[2:], widths[2:], strict=True)]
        click.echo("  ".join(texts + numbers).rstrip())
