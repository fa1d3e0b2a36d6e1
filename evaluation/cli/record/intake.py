"""Commands that write to the record."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from evaluation import speech
from evaluation.cli.commands import FOLDER, KEY_FILE, NAME, PATH, YES_RECOGNISED, main, opened
from evaluation.cli.terminal import progress
from evaluation.speech import echo, option

if TYPE_CHECKING:
    from evaluation.collect.submit import Submitted
    from evaluation.errors import FileRefused
    from evaluation.project import Project
    from evaluation.project.intake.recognition import Way


@dataclass(frozen=True, slots=True)
class _How:
    """How files are to be taken in, as the command line says."""

    sheet: str | None
    correct: bool
    consent_given: frozenset[int]
    text_reviewed: frozenset[int]
    out: TextIO | None  # where each file's verdict goes, if it is wanted as JSON
    name: str | None
    yes: bool
    several: bool


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
@YES_RECOGNISED
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
    yes: bool,
    name: str | None,
    key_file: Path | None,
) -> None:
    from evaluation.blank_forms import stamp
    from evaluation.errors import BadArgument, FileRefused, RowsRejected

    several = file.is_dir()
    if (target is not None and mapping is not None) or (several and (target or mapping or sheet)):
        raise BadArgument("cli.intake.what")
    if consent_given and not correct:
        raise BadArgument("cli.intake.consent_without_correct")
    with _verdicts_alone(as_json) as out, opened(folder, key_file) as project:
        how = _How(sheet, correct, frozenset(consent_given), frozenset(text_reviewed), out, name, yes, several)
        if target or mapping or (not several and file.is_file() and stamp.of(file)):
            done = [_told(project, file, target, mapping, how)]
        else:
            done = list(_each(project, file, how))
    if not several:
        for error in (each for each in done if isinstance(each, FileRefused)):
            raise error
    filed = [each for each in done if not isinstance(each, FileRefused)]
    refused, rejected = len(done) - len(filed), sum(each.rejected for each in filed)
    if several and not as_json:
        echo("cli.intake.files", n=len(done), refused=refused, rejected=rejected)
    if refused:
        raise FileRefused("cli.intake.some_refused", n=refused)
    if rejected:
        waits = filed[0].rejected_file if not several else "incoming/"
        raise RowsRejected("cli.intake.rejected", n=rejected, file=waits)


@contextlib.contextmanager
def _verdicts_alone(as_json: bool) -> Iterator[TextIO | None]:
    """Where verdicts go as JSON: to standard output, which holds nothing else then, no sentence and no question."""
    with contextlib.ExitStack() as stack:
        out = sys.stdout if as_json else None
        if as_json:
            stack.enter_context(contextlib.redirect_stdout(sys.stderr))
        yield out


def _each(project: Project, file: Path, how: _How) -> Iterator[Submitted | FileRefused]:
    """The file, or the files of a folder in the order in which they refer to each other, one transaction each."""
    from evaluation.cli.terminal import guided
    from evaluation.errors import BadArgument, FileRefused
    from evaluation.project.intake import recognition
    from evaluation.project.intake.recognition import Way

    today = dt.date.today()
    paths = recognition.tables_in(file) if file.is_dir() else [file]
    asking = not how.yes and guided.somebody_is_there() and (how.out is None or sys.stderr.isatty())
    for path, way in recognition.in_order(
        project, paths, sheet=how.sheet or "", correct=how.correct, proposing=asking, today=today
    ):
        asked: Way | Submitted | FileRefused | None = way
        if asking:
            asked = guided.ask(project, path, way, sheet=how.sheet or "", name=how.name, today=today)
        elif not how.yes:
            asked = _explained(project, path, way, how, today=today)
        target = way.form if isinstance(way, Way) else None
        if isinstance(asked, Way):
            yield _told(project, path, None if asked.mapping else asked.form, asked.mapping or None, how, asked)
        elif isinstance(asked, FileRefused):
            _refused(asked, path, how, target)
            yield asked
        elif asked is not None:
            _submitted(asked, path=path, how=how)
            yield asked
        elif how.out:
            _refused(FileRefused("cli.intake.declined", reason="declined", file=path.name), path, how, target)
    if not how.yes and not asking and paths:
        raise BadArgument("cli.intake.no_terminal")


def _explained(project: Project, path: Path, way: Way | FileRefused, how: _How, *, today: dt.date) -> FileRefused:
    """Says what would be done with the file; why nothing is. Raises BadArgument where no verdict is wanted of it."""
    from evaluation.cli.terminal import guided
    from evaluation.errors import BadArgument, FileRefused

    try:
        guided.explain(project, path, way, today=today)
    except FileRefused as error:
        if how.out is None:
            raise
        return error
    if how.out is None:
        raise BadArgument("cli.intake.no_terminal")
    return way if isinstance(way, FileRefused) else FileRefused("cli.intake.no_terminal", reason="nobody_asked")


def _told(
    project: Project, path: Path, target: str | None, mapping: str | None, how: _How, way: Way | None = None
) -> Submitted | FileRefused:
    """Takes one file in and says what became of it."""
    from evaluation.errors import FileRefused
    from evaluation.project.intake.incoming import take_in

    try:
        with progress.working():
            filed = take_in(
                project,
                path,
                target=target,
                mapping=mapping,
                sheet=how.sheet,
                name=how.name,
                correct=way.correct if way else how.correct,
                consent_given=how.consent_given,
                text_reviewed=how.text_reviewed,
                without=way.corrected if way else frozenset(),
            )
    except FileRefused as error:
        _refused(error, path, how, _form_of(project, path, target, mapping))
        return error
    _submitted(*(way.before if way else ()), filed, path=path, how=how)
    if how.out is None:
        if way is not None:
            echo("cli.intake.file", file=path.name)
        for message in filed.messages:
            echo(message)
    return filed


def _form_of(project: Project, path: Path, target: str | None, mapping: str | None) -> str | None:
    """What the file was taken for, as it was said, declared, or by the kit's own workbook."""
    from evaluation.blank_forms import stamp

    if mapping:
        return project.declaration.file.imports[mapping].form
    stamped = None if target else stamp.of(path)
    return stamped.form if stamped else target


def _submitted(*filed: Submitted, path: Path, how: _How) -> None:
    from evaluation.collect import verdict

    if how.out:
        _print(verdict.of_submitted(*filed, file=path.name, language=speech.language()), how.out)


def _refused(error: FileRefused, path: Path, how: _How, target: str | None = None) -> None:
    """Says why; of one file alone its error does, when the command ends."""
    from evaluation.collect import verdict

    if how.several and not how.out:
        echo(error.message, err=True)
    if how.out:
        _print(verdict.of_refused(error, file=path.name, target=target, language=speech.language()), how.out)


def _print(verdict: dict[str, Any], out: TextIO) -> None:
    click.echo(json.dumps(verdict, ensure_ascii=False), file=out)
