"""Commands that give an office its own data, and say what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evaluation import speech
from evaluation.cli.commands import FOLDER, KEY_FILE, PATH, main, opened
from evaluation.speech import echo, option

if TYPE_CHECKING:
    from evaluation.collect.export.rows import Exported
    from evaluation.project import Project


@main.command()
@FOLDER
@click.argument("table", required=False)
@option("-o", "--output", type=PATH)
@option("--all", "everything", is_flag=True)
@option("--participant", metavar="CODE")
@option("--json", is_flag=True)
@option("--wide", is_flag=True)
@option("--labels", is_flag=True)
@option("--excel", is_flag=True)
@KEY_FILE
def export(
    folder: Path,
    table: str | None,
    output: Path | None,
    everything: bool,
    participant: str | None,
    json: bool,
    wide: bool,
    labels: bool,
    excel: bool,
    key_file: Path | None,
) -> None:
    from evaluation.collect.export.written import as_csv, as_json, save, save_all
    from evaluation.errors import BadArgument

    if (table is None) != everything or (everything and (output is None or wide)):
        raise BadArgument("cli.export.what")
    with opened(folder, key_file) as project:
        made = _chosen(project, table, participant, wide=wide)
        project.note("exported", page="command", about=table or "", participant=participant or "")
    read = [one.labelled(speech.language()) for one in made] if labels else made
    texts = [as_json(one) if json else as_csv(one, excel=speech.language() if excel else "") for one in read]
    if everything and output is not None:
        save_all({one.form.id: text for one, text in zip(made, texts, strict=True)}, output, ending=_ENDING[json])
    elif output is not None:
        save(texts[0], output)
    else:
        click.echo(texts[0], nl=False)
    _warn(made)


_ENDING = {False: "csv", True: "json"}


def _chosen(project: Project, table: str | None, participant: str | None, *, wide: bool) -> Sequence[Exported]:
    """The rows of ``table``, or of all forms that have some; only those of ``participant`` where one is named."""
    from evaluation.collect.export.person import every_form, held_of
    from evaluation.collect.export.rows import exported

    store, declaration = project.store, project.declaration
    content = store.content() if participant is None else store.ask(lambda current: held_of(participant, current))
    if table is None:
        return every_form(content, declaration)
    return [exported(table, content, declaration, wide=wide)]


def _warn(made: Sequence[Exported]) -> None:
    """What whoever asked has to know of the rows; beside them, so that they can be read by programs."""
    for one in made:
        if one.retired:
            echo("collect.export.retired", err=True, n=len(one.retired), names=list(one.retired), form=one.form.id)
    echo("collect.export.inside", err=True)


@main.command()
@FOLDER
@click.argument("name", required=False)
@option("--participant", metavar="CODE")
@KEY_FILE
def why(folder: Path, name: str | None, participant: str | None, key_file: Path | None) -> None:
    from evaluation.errors import BadArgument
    from evaluation.inside import why as reasons

    with opened(folder, key_file) as project:
        declared = project.declaration
        if name is None:
            known = [*(one.code for one in declared.indicators), *(one.id for one in declared.plan.outcomes)]
            raise BadArgument("inside.why.which", names=known)
        found = reasons.why(project.results, name, speech.language(), participant=participant or "")
        project.note("opened", page="command", about=f"why {name}", participant=participant or "")
    for line in reasons.lines(found, speech.language()):
        click.echo(line)
    echo("inside.stays_in_the_house", err=True)


@main.command()
@FOLDER
@option("--format", "form", type=click.Choice(["markdown", "csv"]), default="markdown", show_default=True)
@option("-o", "--output", type=PATH)
def codebook(folder: Path, form: str, output: Path | None) -> None:
    from evaluation import files
    from evaluation.codebook import as_csv, as_markdown
    from evaluation.errors import BadArgument
    from evaluation.project.folder import find, read

    declaration = read(find(folder))
    text = as_csv(declaration) if form == "csv" else as_markdown(declaration, speech.language())
    if output is None:
        click.echo(text, nl=False)
    elif output.exists():
        raise BadArgument("collect.export.there", file=output)
    else:
        files.write(output, text)
