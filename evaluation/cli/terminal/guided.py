"""What a file is, is asked: its form, its columns, its words, and whether to store it; Enter takes the likeliest."""

from __future__ import annotations

import dataclasses
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from evaluation.cli.terminal import by_hand
from evaluation.cli.terminal.asking import agreed, chosen, words_of
from evaluation.errors import FileRefused
from evaluation.speech import echo, language, word

if TYPE_CHECKING:
    from evaluation.collect.submit import Submitted
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
    echo(way.of(path.name))
    for message in recognition.look(project, path, way, today=today).messages:
        echo(message)


def ask(
    project: Project, path: Path, way: Way | FileRefused, *, sheet: str, name: str | None, today: dt.date
) -> Way | Submitted | FileRefused | None:
    """The way in which a person wants the file to come in, None if she does not; a new import is written down first.

    FileRefused where it cannot come in: whoever asked says so. Rows that are stored with other values are corrected
    here, if she agrees to what would change; Submitted where nothing is left then.
    """
    from evaluation.project.intake import declaring, recognition

    none = FileRefused("collect.preview.left", reason="not_recognised", file=path.name)
    try:
        if isinstance(way, FileRefused) and (sheets := recognition.sheets_in(way)):
            fitting = (
                at for at, each in enumerate(sheets) if recognition.holds_a_form(project, path, each, today=today)
            )
            sheet = sheets[chosen("cli.guided.sheet", sheets, likely=next(fitting, 0), file=path.name)]
            found = _found(project, path, sheet, today)
            way = recognition.of_sheet(project, found, sheet) if found else none
        elif isinstance(way, FileRefused):
            way = _found(project, path, sheet, today) or (none if way.reason == none.reason else way)
        if isinstance(way, FileRefused):
            return way
        if way.imported is None:
            echo(way.of(path.name))
        seen = recognition.look(project, path, way, sheet=sheet, today=today)
        if ordered := _ordered(project, way, seen, sheet):
            way, seen = ordered, recognition.look(project, path, ordered, sheet=sheet, today=today)
    except FileRefused as error:
        return error
    for message in seen.messages:
        echo(message)
    # How columns match is written down only where something was taken so: else it may just be wrong.
    unproven = way.imported is not None and not seen.new and not seen.already
    nothing = FileRefused("collect.preview.nothing", reason="all_rows_rejected", file=path.name)
    if unproven and not seen.differing:
        return nothing
    declared = declaring.name_for(path, set(project.declaration.file.imports))
    if way.imported is not None:
        click.echo(declaring.text_of(declared, way.imported))
    only_differs = seen.differing and not seen.new and not {each.row for each in seen.rejected} - seen.differing
    if not only_differs and not agreed(word("cli.guided.store"), usual=not way.correct):
        return None
    corrected = seen.differing and not way.correct and _agreed(project, path, way, seen, sheet=sheet, today=today)
    if unproven and not corrected:
        return nothing
    # Whatever is asked was asked by now: whoever stops before leaves nothing behind.
    if way.imported is not None:
        _declare(project, declared, way.imported)
        way = dataclasses.replace(way, mapping=declared, imported=None)
    return _corrected(project, path, way, seen, sheet=sheet, name=name, today=today) if corrected else way


def _ordered(project: Project, way: Way, seen: Seen, sheet: str) -> Way | None:
    """The way with the order of day, month and year that a person says, where years have two digits only."""
    from evaluation.project.intake import recognition

    columns = dict.fromkeys(each.column for each in seen.rejected if each.reason == "two_digit_year")
    if not columns or way.mapping:
        return None
    orders: tuple[Literal["dmy", "mdy", ""], ...] = ("dmy", "mdy", "")
    told = [word(f"cli.guided.order_{order or 'none'}") for order in orders]
    order = orders[chosen("cli.guided.order", told, column=next(iter(columns)))]
    known = recognition.of_sheet(project, way, sheet)
    if not order or known.imported is None:
        return None
    return dataclasses.replace(known, imported=dataclasses.replace(known.imported, date_order=order))


def _found(project: Project, path: Path, sheet: str, today: dt.date) -> Way | None:
    return _of_several(project, path, sheet=sheet, today=today) or _of_proposal(project, path, sheet, today)


def _of_several(project: Project, path: Path, *, sheet: str, today: dt.date) -> Way | None:
    """The way that is chosen where several fit, or the correction that the file can only be."""
    from evaluation.project.intake import recognition

    for correct in (False, True):
        found = recognition.ways(project, path, sheet=sheet, correct=correct, today=today)
        if found:
            way = found[chosen("cli.guided.which", [each.mapping or each.form for each in found])]
            # Which of several forms it is, is written down for the next time; declared imports have their names.
            return way if len(found) == 1 or way.mapping or correct else recognition.of_sheet(project, way, sheet)
    return None


def _of_proposal(project: Project, path: Path, sheet: str, today: dt.date) -> Way | None:
    """The way that a person agrees to, column by column and word by word."""
    from evaluation.project.intake import recognition

    if recognition.undated(project, path, sheet=sheet, today=today):
        echo("collect.preview.undated", file=path.name)
    from evaluation.project.intake import telling
    from evaluation.schema import text

    found = recognition.propose(project, path, sheet=sheet, today=today)[:5]
    if not found:
        none = agreed(word("cli.guided.by_hand", file=path.name), usual=False)
        return by_hand.way(project, path, None, sheet=sheet, today=today) if none else None
    titles = {name: text(labels, language()) for name, labels in telling.forms(project).items()}
    forms = [each.imported.form for each in found]
    at = chosen("cli.guided.what", [f"{form}: {titles[form]}" for form in forms], file=path.name)
    proposal, form = found[at], forms[at]
    echo("cli.guided.seems", file=path.name, form=form, title=titles[form])
    labels = telling.names(project, form) if proposal.imported.table else {}
    for column, name in proposal.columns:
        title = ", ".join(text(labels[each], language()) for each in name.split(", ") if labels.get(each))
        echo(
            "cli.guided.column" if name else "cli.guided.dropped",
            column=column,
            name=f"{name} ({title})" if title else name,
        )
    if not agreed(word("cli.guided.columns"), usual=True):
        return by_hand.way(project, path, proposal, sheet=sheet, today=today)
    return recognition.Way(proposal.imported.form, imported=proposal.answered(words_of(project, proposal)))


def _declare(project: Project, name: str, imported: Import) -> None:
    """The import is written into project.yml, and the project reads it."""
    from evaluation.project import folder
    from evaluation.project.intake import declaring

    declaring.write(project.folder / "project.yml", name, imported)
    echo("cli.guided.written", name=name)
    project.declaration = folder.read(project.folder)
    project.forget()


def _agreed(project: Project, path: Path, way: Way, seen: Seen, *, sheet: str, today: dt.date) -> bool:
    """Whether a person agrees to what a correction of the rows that are stored with other values would change."""
    from evaluation.project.intake import recognition

    corrected = dataclasses.replace(way, correct=True)
    change = recognition.look(project, path, corrected, sheet=sheet, rows=seen.differing, today=today)
    for message in change.messages[1:]:
        echo(message)
    return bool(change.changes) and agreed(word("cli.guided.correct", n=len(seen.differing)), usual=False)


def _corrected(
    project: Project, path: Path, way: Way, seen: Seen, *, sheet: str, name: str | None, today: dt.date
) -> Way | Submitted:
    """Corrects the rows that are stored with other values; the way for what is left then."""
    from evaluation.project.intake.recognition import look

    filed = _correct(project, path, way, seen, sheet=sheet, name=name, today=today)
    left = {row: look(project, path, way, sheet=sheet, rows=frozenset({row}), today=today) for row in seen.differing}
    done = frozenset(row for row, each in left.items() if not each.new)
    return filed if len(done) == seen.rows else dataclasses.replace(way, corrected=done, before=(filed,))


def _correct(
    project: Project, path: Path, way: Way, seen: Seen, *, sheet: str, name: str | None, today: dt.date
) -> Submitted:
    """The rows that are stored with other values are corrected."""
    from evaluation.project.intake.incoming import take_in

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
    for message in done.messages if done.rejected else done.messages[:1]:
        echo(message)
    return done
