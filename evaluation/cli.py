"""The commands. Each imports what it needs when it is called, so that --help answers at once."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evaluation import __version__
from evaluation.errors import EvaluationError

if TYPE_CHECKING:
    from evaluation.project import Project
    from evaluation.release.ledger import Proposal

FOLDER = click.argument("folder", type=click.Path(path_type=Path), default=".")
KEY_FILE = click.option(
    "--key-file",
    type=click.Path(path_type=Path),
    help="The key file that opens the record, instead of a passphrase.",
)
YES = click.option("--yes", is_flag=True, help="Release without asking, for batches under a frozen plan.")


class Sentences(click.Group):
    """Ends every command with a sentence and an exit code, never with a traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except EvaluationError as error:
            click.echo(f"{error}", err=True)
            context.exit(error.exit_code)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            click.echo("Stopped. What was acknowledged before is stored.", err=True)
            context.exit(130)
        except BrokenPipeError:
            sys.stderr.close()  # whoever read the output has left
            context.exit(141)
        except OSError as error:
            where = f" ({Path(error.filename).name})" if isinstance(error.filename, str) else ""
            click.echo(f"The system refused: {error.strerror or type(error).__name__}{where}.", err=True)
            context.exit(1)
        except Exception as error:
            # The text of an unforeseen error may hold someone's answer, so only its kind is told.
            place = _last_place(error)
            click.echo(f"This should not have happened ({type(error).__name__} in {place}); nothing left.", err=True)
            context.exit(70)


def _last_place(error: Exception) -> str:
    frame = error.__traceback__
    place = "evaluation"
    while frame is not None:
        module = frame.tb_frame.f_globals.get("__name__", "")
        if module.startswith("evaluation"):
            place = f"{module}, line {frame.tb_lineno}"
        frame = frame.tb_next
    return place


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="evaluation")
def main() -> None:
    """Evaluate a reintegration project: answers in, a safe report for the funder out."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", help="Your name in the record of who did what; else the name of your account.")
@KEY_FILE
def new(folder: Path, name: str | None, key_file: Path | None) -> None:
    """Make a new project folder with an empty encrypted record."""
    from evaluation.project.creation import new_project

    fresh = key_file is not None and not key_file.exists()
    new_project(folder, name=name, key_file=key_file)
    if fresh:
        click.echo(f"{key_file} is the key to the record: keep a copy away from this machine; nobody can replace it.")
    click.echo(f"{folder} is ready. Next: describe the project in {folder / 'project.yml'}, then")
    click.echo(f"  evaluation intake {folder} participants.csv --as participants")


@main.command()
@FOLDER
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "target", help="The table or questionnaire that the file holds.")
@click.option("--import", "mapping", help="An import of project.yml, for files with other columns.")
@click.option("--sheet", help="Which sheet of a workbook.")
@click.option("--correct", is_flag=True, help="The file corrects rows that are there; an empty cell changes nothing.")
@click.option(
    "--consent-given",
    type=int,
    multiple=True,
    metavar="ROW",
    help="You vouch that in this row of a correction a consent was given anew; no file can say so itself.",
)
@click.option("--name", help="Your name in the record of who did what; else the name of your account.")
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
    """Read a filled CSV or Excel file into the record; rejected rows go to a file beside it."""
    from evaluation.errors import BadArgument, RowsRejected
    from evaluation.project import open_project
    from evaluation.project.filing import file_in

    if (target is None) == (mapping is None):
        raise BadArgument("Say what the file holds: --as TABLE-OR-QUESTIONNAIRE, or --import NAME.")
    if consent_given and not correct:
        raise BadArgument("--consent-given belongs to a correction; add --correct.")
    with open_project(folder, key_file=key_file) as project:
        filed = file_in(
            project,
            file,
            target=target,
            mapping=mapping,
            sheet=sheet,
            name=name,
            correct=correct,
            consent_given=frozenset(consent_given),
        )
    for line in filed.lines("en"):
        click.echo(line)
    if filed.rejected:
        raise RowsRejected(
            f"{filed.rejected} rows wait in {filed.rejected_file}; correct them there and send it again."
        )


@main.command()
@FOLDER
@KEY_FILE
def check(folder: Path, key_file: Path | None) -> None:
    """Check the project's files and record, and show how complete the data are (for inside)."""
    from evaluation.project import open_project
    from evaluation.project.checks import check_lines

    with open_project(folder, key_file=key_file) as project:
        for line in check_lines(project):
            click.echo(line)


@main.group()
def plan() -> None:
    """Lock the analysis plan, and see what change the planned number of people could find."""


@plan.command("lock")
@FOLDER
@KEY_FILE
def lock_plan(folder: Path, key_file: Path | None) -> None:
    """Lock plan.yml as it stands today; what is changed after endline answers came in is called exploratory."""
    from evaluation.project import open_project

    with open_project(folder, key_file=key_file) as project:
        for line in project.lock_plan(on=dt.date.today()):
            click.echo(line)


@plan.command("power")
@FOLDER
@click.option("--pairs", type=int, help="People with both measurements; else everyone planned in project.yml.")
def plan_power(folder: Path, pairs: int | None) -> None:
    """The least change that could be found, and how many people the smallest worthwhile one needs."""
    from evaluation.project.folder import find, read
    from evaluation.project.power import power_lines

    for line in power_lines(read(find(folder)), pairs=pairs):
        click.echo(line)


@main.command()
@FOLDER
@click.option("--release", "name", default="final", show_default=True, help="The name of this release.")
@click.option("--preview", is_flag=True, help="Only show what each table costs, and what would cost less.")
@YES
@KEY_FILE
def release(folder: Path, name: str, preview: bool, yes: bool, key_file: Path | None) -> None:
    """The output check: show what would leave, what is hidden and why, ask, and release it."""
    from evaluation.project import open_project, output_check, releasing

    with open_project(folder, key_file=key_file) as project:
        if preview:
            for line in output_check.costs(project, name):
                click.echo(line)
        else:
            agreed = _agreed(project, name, yes=yes)
            made = agreed if isinstance(agreed, Path) else releasing.release(project, agreed)
            click.echo(f"released {made}")


def _agreed(project: Project, name: str, *, yes: bool) -> Path | Proposal:
    """The proposal ``name`` after a person has seen it and said yes, or the bundle if it was released before."""
    from evaluation.project import output_check
    from evaluation.project.claims import claim_lines
    from evaluation.project.releasing import propose, released_before

    for line in claim_lines(project.folder, random_allocation=project.declaration.plan.allocation == "draw"):
        click.echo(line)
    before = released_before(project, name)
    if before is not None:
        click.echo(f"'{name}' was released before and stays as it is; --release NAME makes a new one.")
        return before
    proposal = propose(project, name)
    for line in output_check.sentences(proposal):
        click.echo(line)
    if not yes and proposal.safe:
        output_check.confirm(click.prompt("Release this? Type yes", default="no"))
    return proposal


@main.command()
@FOLDER
@click.option("--release", "name", default="final", show_default=True, help="The name of this release.")
@click.option("--out", type=click.Path(path_type=Path), help="Where the documents go; else reports/RELEASE/.")
@click.option("-p", "--parameter", multiple=True, metavar="NAME=VALUE", help="A parameter of the funder's notebook.")
@YES
@KEY_FILE
def report(
    folder: Path, name: str, out: Path | None, parameter: tuple[str, ...], yes: bool, key_file: Path | None
) -> None:
    """Show what would leave, ask, release it, and make the funder's documents from it."""
    from evaluation.project import open_project, releasing
    from evaluation.project.claims import document_claims

    chosen = releasing.parameters(parameter)
    where = out or folder / "reports" / name
    with open_project(folder, key_file=key_file) as project:
        agreed, draw = _agreed(project, name, yes=yes), project.declaration.plan.allocation == "draw"
        if isinstance(agreed, Path):
            documents = releasing.make_documents(agreed, where, parameters=chosen)
        else:
            documents = releasing.report(project, agreed, where, parameters=chosen)
    for made in documents:
        click.echo(f"made {made}")
    for line in document_claims(where) if not draw else ():
        click.echo(line)


@main.command()
@FOLDER
@click.option("--only", help="Run only the notebook whose name begins like this.")
@KEY_FILE
def notebooks(folder: Path, only: str | None, key_file: Path | None) -> None:
    """Run the notebooks for inside with papermill; what they show is personal and never leaves."""
    from evaluation.project import open_project
    from evaluation.project.notebooks import run_inside

    with open_project(folder, key_file=key_file) as project:
        for made in run_inside(project, only=only):
            click.echo(f"made {made} (personal data: keep it in the house)")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default="demo")
@click.option("--project", default="reference", show_default=True, help="reference, or shelter for another kind.")
def demo(folder: Path, project: str) -> None:
    """Make a filled fictional project and run the whole road on it, down to the funder's report."""
    from evaluation.project.demo import walk

    for line in walk(folder, project):
        click.echo(line)


@main.command()
@click.argument("instance", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The published document.")
@click.option("--seconds", default=60.0, show_default=True, help="Time to look for the fewest hidden numbers.")
def protect(instance: Path, output: Path, seconds: float) -> None:
    """Hide the fewest numbers of an sdc-audit/1 instance that keep its sensitive ones safe."""
    from evaluation.release.exchange import protect_file

    click.echo(protect_file(instance, output, seconds=seconds))


@main.command()
@click.argument("published", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The intervals as JSON.")
def audit(published: Path, as_json: bool) -> None:
    """What can still be computed from a published sdc-audit/1 document: 0 nothing, 4 something, 5 contradiction."""
    from evaluation.release.exchange import audit_file

    text, code = audit_file(published, as_json=as_json)
    click.echo(text)
    sys.exit(code)


if __name__ == "__main__":
    main()
