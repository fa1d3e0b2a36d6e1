"""Commands that write to the record."""

from __future__ import annotations

from pathlib import Path

import click

from evaluation.cli.commands import FOLDER, KEY_FILE, NAME, PATH, main, opened
from evaluation.speech import echo, option


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
    with opened(folder, key_file) as project:
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
