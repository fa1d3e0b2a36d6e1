"""What a file is, is asked: its form, its columns, its words, and whether to store it; Enter takes the likeliest."""

from __future__ import annotations

import dataclasses
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evaluation.errors import FileRefused
from evaluation.speech import echo, word
from evaluation.texts import Message

if TYPE_CHECKING:
    from evaluation.collect.matching.proposal import Proposal
    from evaluation.project import Project
    from evaluation.project.intake.recognition import Seen, Way
    from evaluation.schema import Import


def somebody_is_there() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty()


def explain(project: Project, path: Path, way: Way | FileRefused, *, today: dt.date) -> None:
    """Says what would be done with the file, where nobody can be asked."""
    from evaluation.project.intake import recognition

    if isinstance(way, FileRefused):
        echo(way.message)
        return
    echo(_spoken(path, way))
    for message in recognition.look(project, path, way, today=today).messages:
        echo(message)


def ask(
    project: Project, path: Path, way: Way | FileRefused, *, sheet: str, name: str | None, today: dt.date
) -> Way | FileRefused | None:
    """The way in which a person wants the file to come in, None if she does not; a new import is written down first.

    Rows that are stored with other values are corrected here, if she agrees to what would change.
    """
    from evaluation.project.intake import declaring, recognition

    try:
        if isinstance(way, FileRefused):
            way = (
                _of_several(project, path, sheet=sheet, today=today) or _of_proposal(project, path, sheet, today) or way
            )
        if isinstance(way, FileRefused):
            echo(way.message)
            return way
        if way.imported is None:
            echo(_spoken(path, way))
        seen = recognition.look(project, path, way, sheet=sheet, today=today)
    except FileRefused as error:
        echo(error.message)
        return error
    for message in seen.messages:
        echo(message)
    declared = declaring.name_for(path, set(project.declaration.file.imports))
    if way.imported is not None:
        click.echo(declaring.text_of(declared, way.imported))
    only_differs = seen.differing and not seen.new and not {each.row for each in seen.rejected} - seen.differing
    if not only_differs and not click.confirm(word("cli.guided.store"), default=not way.correct):
        return None
    if way.imported is not None:
        _declare(project, declared, way.imported)
        way = dataclasses.replace(way, mapping=declared, imported=None)
    if seen.differing and not way.correct:
        _correct(project, path, way, seen, sheet=sheet, name=name, today=today)
    return way


def _spoken(path: Path, way: Way) -> Message:
    if way.mapping:
        return Message("collect.preview.by", file=path.name, form=way.form, name=way.mapping)
    return Message("collect.preview.as", file=path.name, form=way.form)


def _of_several(project: Project, path: Path, *, sheet: str, today: dt.date) -> Way | None:
    """The way that is chosen where several fit, or the correction that the file can only be."""
    from evaluation.project.intake import recognition

    for correct in (False, True):
        found = recognition.ways(project, path, sheet=sheet, correct=correct, today=today)
        if found:
            return found[_chosen("cli.guided.which", [each.mapping or each.form for each in found]) or 0]
    return None


def _of_proposal(project: Project, path: Path, sheet: str, today: dt.date) -> Way | None:
    """The way that a person agrees to, column by column and word by word."""
    from evaluation.project.intake import recognition

    found = recognition.propose(project, path, sheet=sheet, today=today)[:5]
    if not found:
        return None
    at = _chosen("cli.guided.what", [each.imported.form for each in found], file=path.name)
    proposal = found[at or 0]
    for column, name in proposal.columns:
        echo("cli.guided.column" if name else "cli.guided.dropped", column=column, name=name)
    if not click.confirm(word("cli.guided.columns"), default=True):
        return None
    imported = proposal.answered(_words(proposal))
    return recognition.Way(imported.form, imported=imported)


def _words(proposal: Proposal) -> dict[tuple[str, str], str]:
    """What the words mean that nobody knows; one that is left open is rejected with its row."""
    meant: dict[tuple[str, str], str] = {}
    for question in proposal.questions:
        known = [*question.codes, ""]
        code = click.prompt(
            word("cli.guided.word", column=question.column, word=question.word, codes=list(question.codes)),
            default=question.likely,
            type=click.Choice(known),
            show_choices=False,
        )
        if code:
            meant[question.name, question.word] = code
    return meant


def _declare(project: Project, name: str, imported: Import) -> None:
    """The import is written into project.yml, and the project reads it."""
    from evaluation.project import folder
    from evaluation.project.intake import declaring

    declaring.write(project.folder / "project.yml", name, imported)
    echo("cli.guided.written", name=name)
    project.declaration = folder.read(project.folder)
    project.forget()


def _correct(
    project: Project, path: Path, way: Way, seen: Seen, *, sheet: str, name: str | None, today: dt.date
) -> None:
    """The rows that are stored with other values are corrected, if a person agrees to what would change."""
    from evaluation.project.intake import recognition
    from evaluation.project.intake.incoming import take_in

    corrected = dataclasses.replace(way, correct=True)
    change = recognition.look(project, path, corrected, sheet=sheet, rows=seen.differing, today=today)
    for message in change.messages[1:]:
        echo(message)
    if change.changes and click.confirm(word("cli.guided.correct", n=len(seen.differing)), default=False):
        done = take_in(
            project,
            path,
            target=None if way.mapping else way.form,
            mapping=way.mapping or None,
            sheet=sheet or None,
            name=name,
            correct=True,
            only=seen.differing,
            today=today,
        )
        for message in done.messages[:1]:
            echo(message)


def _chosen(key: str, names: Sequence[str], **facts: object) -> int | None:
    """The place of the name that is chosen; Enter takes the first."""
    if len(names) == 1:
        return 0
    for number, name in enumerate(names, 1):
        click.echo(f"  {number}. {name}")
    chosen: int = click.prompt(word(key, **facts), default=1, type=click.IntRange(1, len(names)))
    return chosen - 1
