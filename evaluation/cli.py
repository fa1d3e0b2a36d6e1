"""The commands. Each imports what it needs when it is called, so that --help answers at once."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evaluation import __version__, speech
from evaluation.errors import EvaluationError
from evaluation.speech import echo, option, word
from evaluation.texts import say, spoken

if TYPE_CHECKING:
    from evaluation.project import Project
    from evaluation.release.ledger import Proposal

PATH = click.Path(readable=False, path_type=Path)  # what cannot be read is said by whoever reads it
FOLDER = click.argument("folder", type=PATH, default=".", callback=speech.of_project)
KEY_FILE = option("--key-file", type=PATH)
NAME = option("--name")
RELEASE = option("--release", "name", default="final", show_default=True)
YES = option("--yes", is_flag=True)


class Sentences(speech.Group):
    """Ends every command with a sentence and an exit code, never with a traceback."""

    def make_context(self, info_name: str | None, args: list[str], *more: Any, **named: Any) -> click.Context:
        with _usage():
            return super().make_context(info_name, args, *more, **named)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return self._worded(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            # The text of an unforeseen error may hold someone's answer, so only its kind is told.
            kind, place = type(error).__name__, _last_place(error)
            click.echo(say("cli.unforeseen", spoken(), kind=kind, place=place), err=True)
            ctx.exit(70)

    def _worded(self, ctx: click.Context) -> Any:
        try:
            with _usage():
                return super().invoke(ctx)
        except EvaluationError as error:
            echo(error.message, err=True)
            ctx.exit(error.exit_code)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, EOFError, click.Abort):  # Ctrl+C, or nobody answers
            echo("cli.stopped", err=True)
            ctx.exit(130)
        except BrokenPipeError:
            sys.stderr.close()  # whoever read the output has left
            ctx.exit(141)
        except OSError as error:
            file = Path(error.filename).name if isinstance(error.filename, str) else "–"
            echo("cli.system", err=True, reason=error.strerror or type(error).__name__, file=file)
            ctx.exit(1)


@contextlib.contextmanager
def _usage() -> Iterator[None]:
    """A command line that click does not understand ends in a sentence, too."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        echo(speech.of_usage(error), err=True)
        raise click.exceptions.Exit(error.exit_code) from None


def _opened(folder: Path, key_file: Path | None) -> Project:
    """The project of a command, its passphrase asked for in the language that is spoken."""
    from evaluation.project import open_project

    return open_project(folder, key_file=key_file, language=speech.language())


def _last_place(error: Exception) -> str:
    frame = error.__traceback__
    place = "evaluation"
    while frame is not None:
        module = frame.tb_frame.f_globals.get("__name__", "")
        if module.startswith("evaluation"):
            place = f"{module}:{frame.tb_lineno}"
        frame = frame.tb_next
    return place


@click.group(cls=Sentences, name="evaluation", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="evaluation", cls=speech.Option)
def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


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
@click.argument("file", type=PATH)
@option("--as", "target")
@option("--import", "mapping")
@option("--sheet")
@option("--correct", is_flag=True)
@option("--consent-given", type=int, multiple=True, metavar="ROW")
@NAME
@KEY_FILE
def intake(
    folder: Path,
    file: Path,
    target: str | None,
    mapping: str | None,
    sheet: str | None,
    correct: bool,
    consent_given: tuple[int, ...],
    name: str | None,
    key_file: Path | None,
) -> None:
    from evaluation.errors import BadArgument, RowsRejected
    from evaluation.project.incoming import take_in

    if (target is None) == (mapping is None):
        raise BadArgument("cli.intake.what")
    if consent_given and not correct:
        raise BadArgument("cli.intake.consent_without_correct")
    with _opened(folder, key_file) as project:
        filed = take_in(
            project,
            file,
            target=target,
            mapping=mapping,
            sheet=sheet,
            name=name,
            correct=correct,
            consent_given=frozenset(consent_given),
        )
    for message in filed.messages:
        echo(message)
    if filed.rejected:
        raise RowsRejected("cli.intake.rejected", n=filed.rejected, file=filed.rejected_file)


@main.command()
@FOLDER
@KEY_FILE
def check(folder: Path, key_file: Path | None) -> None:
    from evaluation.project.checks import check_lines

    with _opened(folder, key_file) as project:
        for line in check_lines(project):
            echo(line)


@main.group()
def plan() -> None:
    pass


@plan.command("lock")
@FOLDER
@KEY_FILE
def lock_plan(folder: Path, key_file: Path | None) -> None:

    with _opened(folder, key_file) as project:
        for line in project.lock_plan(on=dt.date.today()):
            echo(line)


@plan.command("power")
@FOLDER
@option("--pairs", type=int)
def plan_power(folder: Path, pairs: int | None) -> None:
    from evaluation.project.folder import find, read
    from evaluation.project.power import power_lines

    for line in power_lines(read(find(folder)), pairs=pairs):
        echo(line)


@main.command()
@FOLDER
@RELEASE
@option("--preview", is_flag=True)
@YES
@KEY_FILE
def release(folder: Path, name: str, preview: bool, yes: bool, key_file: Path | None) -> None:
    from evaluation.project import output_check, releasing

    with _opened(folder, key_file) as project:
        if preview:
            for line in output_check.costs(project, name, speech.language()):
                click.echo(line)
        else:
            agreed = _agreed(project, name, yes=yes)
            made = agreed if isinstance(agreed, Path) else releasing.release(project, agreed)
            echo("cli.release.done", path=made)


def _agreed(project: Project, name: str, *, yes: bool) -> Path | Proposal:
    """The proposal ``name`` after a person has seen it and said yes, or the bundle if it was released before."""
    from evaluation.project import output_check
    from evaluation.project.claims import claim_lines
    from evaluation.project.releasing import propose, released_before

    for line in claim_lines(project.folder, random_allocation=project.declaration.plan.allocation == "draw"):
        echo(line)
    before = released_before(project, name)
    if before is not None:
        echo("cli.release.before", name=name)
        return before
    proposal = propose(project, name)
    for sentence in output_check.sentences(proposal, speech.language()):
        click.echo(sentence)
    if not yes and proposal.safe:
        output_check.confirm(click.prompt(word("cli.release.confirm"), default=word("cli.release.no")))
    return proposal


@main.command()
@FOLDER
@RELEASE
@option("--out", type=PATH)
@option("-p", "--parameter", multiple=True, metavar="NAME=VALUE")
@YES
@KEY_FILE
def report(
    folder: Path, name: str, out: Path | None, parameter: tuple[str, ...], yes: bool, key_file: Path | None
) -> None:
    from evaluation.project import releasing
    from evaluation.project.claims import document_claims

    chosen = releasing.parameters(parameter)
    where = out or folder / "reports" / name
    with _opened(folder, key_file) as project:
        agreed, draw = _agreed(project, name, yes=yes), project.declaration.plan.allocation == "draw"
        if isinstance(agreed, Path):
            documents = releasing.make_documents(agreed, where, parameters=chosen)
        else:
            documents = releasing.report(project, agreed, where, parameters=chosen)
    for made in documents:
        echo("project.made", path=made)
    for line in document_claims(where) if not draw else ():
        echo(line)


@main.command()
@FOLDER
@option("--only")
@KEY_FILE
def notebooks(folder: Path, only: str | None, key_file: Path | None) -> None:
    from evaluation.project.notebooks import run_inside

    with _opened(folder, key_file) as project:
        for made in run_inside(project, only=only):
            echo("cli.notebooks.made", path=made)


@main.command()
@click.argument("folder", type=PATH, default="demo")
@option("--project", default="reference", show_default=True)
def demo(folder: Path, project: str) -> None:
    from evaluation.project.demo import walk

    for line in walk(folder, project):
        echo(line)


@main.command()
@click.argument("instance", type=PATH)
@option("-o", "--output", type=PATH, required=True)
@option("--seconds", default=60.0, show_default=True)
def protect(instance: Path, output: Path, seconds: float) -> None:
    from evaluation.release.exchange import protect_file

    click.echo(protect_file(instance, output, seconds=seconds, language=speech.language()))


@main.command()
@click.argument("published", type=PATH)
@option("--json", "as_json", is_flag=True)
def audit(published: Path, as_json: bool) -> None:
    from evaluation.release.exchange import audit_file

    text, code = audit_file(published, as_json=as_json, language=speech.language())
    click.echo(text)
    sys.exit(code)


if __name__ == "__main__":
    main()
