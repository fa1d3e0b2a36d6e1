"""Commands that write to the record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from evaluation import speech
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
@option("--text-reviewed", type=int, multiple=True, metavar="ROW")
@option("--json", "as_json", is_flag=True)
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
    text_reviewed: tuple[int, ...],
    as_json: bool,
    name: str | None,
    key_file: Path | None,
) -> None:
    from evaluation.collect import verdict
    from evaluation.errors import BadArgument, FileRefused, RowsRejected
    from evaluation.project.incoming import take_in

    if target is not None and mapping is not None:
        raise BadArgument("cli.intake.what")
    if consent_given and not correct:
        raise BadArgument("cli.intake.consent_without_correct")
    try:
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
                text_reviewed=frozenset(text_reviewed),
            )
    except FileRefused as error:
        if as_json:
            _print(verdict.of_refused(error, file=file.name, target=target, language=speech.language()))
        raise
    if as_json:
        _print(verdict.of_submitted(filed, file=file.name, language=speech.language()))
    for message in () if as_json else filed.messages:
        echo(message)
    if filed.rejected:
        raise RowsRejected("cli.intake.rejected", n=filed.rejected, file=filed.rejected_file)


def _print(verdict: dict[str, Any]) -> None:
    click.echo(json.dumps(verdict, ensure_ascii=False))
