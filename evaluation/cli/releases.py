"""Commands on what leaves: releases, reports, and tables that anyone can protect or audit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evaluation import speech
from evaluation.cli.commands import ENGINE, FOLDER, KEY_FILE, PARAMETER, PATH, YES, main, opened
from evaluation.cli.terminal import progress
from evaluation.errors import Declined
from evaluation.report.engine import Name
from evaluation.speech import echo, option, word

if TYPE_CHECKING:
    from evaluation.project import Project
    from evaluation.project.releases.releasing import Mending
    from evaluation.release.ledger import Proposal

RELEASE = option("--release", "name", default="final", show_default=True)


@main.command()
@FOLDER
@RELEASE
@option("--erratum-of", default="", metavar="RELEASE")
@option("--preview", is_flag=True)
@YES
@ENGINE
@KEY_FILE
def release(
    folder: Path, name: str, erratum_of: str, preview: bool, yes: bool, engine: Name | None, key_file: Path | None
) -> None:
    from evaluation.project import output_check
    from evaluation.project.releases import releasing
    from evaluation.report import runs

    with opened(folder, key_file) as project:
        if preview:
            for line in output_check.costs(project, name, speech.language(), erratum_of=erratum_of):
                click.echo(line)
        else:
            runs.warm_up(runs.WARM, engine=engine)  # it imports while the release is proposed
            agreed = _agreed(project, name, yes=yes, erratum_of=erratum_of)
            with progress.working():
                made = (
                    agreed.path
                    if isinstance(agreed, releasing.Mending)
                    else releasing.release(project, agreed, engine=engine)
                )
            echo("cli.release.done", path=made)


def _agreed(project: Project, name: str, *, yes: bool, erratum_of: str = "") -> Mending | Proposal:
    """The proposal ``name`` after a person has seen it and said yes, or its words now if it was released before."""
    from evaluation.project import output_check
    from evaluation.project.papers.claims import claim_lines
    from evaluation.project.releases import since
    from evaluation.project.releases.releasing import mended, propose, released_before

    for line in claim_lines(project.folder, project.declaration):
        echo(line)
    before = released_before(project, name)
    if before is not None and not erratum_of:
        echo("cli.release.before", name=name)
        mending = mended(project, before)
        for line in mending.lines():
            echo(line)
        return mending
    with progress.working():
        proposal = propose(project, name, erratum_of=erratum_of)
    language = speech.language()
    for sentence in (*output_check.sentences(proposal, language), *since.lines(project, proposal, language)):
        click.echo(sentence)
    if not yes and proposal.safe:
        _confirm("cli.release.confirm")
    elif yes and proposal.safe and not project.locks:
        raise Declined("project.batch.open_plan", release=name)
    return proposal


def _confirm(question: str) -> None:
    from evaluation.project import output_check

    output_check.confirm(click.prompt(word(question), default=word("cli.release.no")))


@main.command()
@FOLDER
@RELEASE
@option("--out", type=PATH)
@PARAMETER
@YES
@ENGINE
@KEY_FILE
def report(
    folder: Path,
    name: str,
    out: Path | None,
    parameter: tuple[str, ...],
    yes: bool,
    engine: Name | None,
    key_file: Path | None,
) -> None:
    from evaluation.project.papers import own_words
    from evaluation.project.papers.documents import remarks
    from evaluation.project.releases import releasing
    from evaluation.report import runs

    chosen = releasing.parameters(parameter)
    where = out or folder / "reports" / name
    with opened(folder, key_file) as project:
        runs.warm_up(runs.WARM, engine=engine)  # it imports while the release is proposed
        agreed, declaration = _agreed(project, name, yes=yes), project.declaration
        own = own_words.read(project)
        if isinstance(agreed, releasing.Mending):
            if agreed.numerals and not yes:
                _confirm("cli.release.confirm_words")
            with progress.working():
                documents = releasing.mend(agreed, where, parameters=chosen, own=own, engine=engine)
        else:
            with progress.working():
                documents = releasing.report(project, agreed, where, parameters=chosen, engine=engine)
    for made in documents:
        echo("project.made", path=made)
    for line in (*remarks(where, declaration), *own_words.unprinted(own, where)):
        echo(line)


@main.command()
@click.argument("instance", type=PATH)
@option("-o", "--output", type=PATH, required=True)
@option("--steps", default=3_000_000, show_default=True)
def protect(instance: Path, output: Path, steps: int) -> None:
    from evaluation.release.files.exchange import protect_file

    click.echo(protect_file(instance, output, steps=steps, language=speech.language()))


@main.command()
@click.argument("published", type=PATH, nargs=-1, required=True)
@option("--json", "as_json", is_flag=True)
def audit(published: tuple[Path, ...], as_json: bool) -> None:
    from evaluation.release.files.exchange import audit_file

    text, code = audit_file(*published, as_json=as_json, language=speech.language())
    click.echo(text)
    sys.exit(code)


@main.group()
def ledger() -> None:
    pass


@ledger.command()
@FOLDER
@KEY_FILE
def restore(folder: Path, key_file: Path | None) -> None:
    from evaluation.project.releases import known_releases

    with opened(folder, key_file) as project:
        written = known_releases.restore(project)
        echo("cli.release.restored" if written else "cli.release.nothing_restored", names=list(written))
