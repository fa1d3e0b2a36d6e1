"""Where a proposal is not right, each column of a file is asked for: which of the form it is, or none."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evaluation.cli.terminal.asking import agreed, chosen, one_of, words_of
from evaluation.speech import echo, language, word

if TYPE_CHECKING:
    from evaluation.collect.matching.proposal import Proposal
    from evaluation.project import Project
    from evaluation.project.intake.recognition import Way
    from evaluation.project.intake.telling import Told

NONE = "-"
"""What is typed for a column that is none of the form."""


def way(project: Project, path: Path, proposal: Proposal | None, *, sheet: str, today: dt.date) -> Way | None:
    """The way that somebody tells; None if she breaks off. ``proposal`` is what Enter takes. Raises FileRefused."""
    from evaluation.project.intake import recognition, telling
    from evaluation.schema import text

    titles = telling.forms(project)
    forms = list(dict.fromkeys([*([proposal.imported.form] if proposal else []), *titles]))
    form = forms[chosen("cli.guided.form", [f"{name}: {text(titles[name], language())}" for name in forms])]
    likely = _likely(project, proposal, form)
    told = _told(project, path, form, likely, sheet=sheet)
    while (missing := telling.lacking(project, form, told)) or telling.twice(project, form, told):
        twice = telling.twice(project, form, told)
        echo("cli.guided.twice" if twice else "cli.guided.lacking", names=twice or missing)
        if not agreed(word("cli.guided.again"), usual=True):
            return None
        told = _told(project, path, form, told.fields, sheet=sheet)
    made = telling.as_told(project, path, form, told, sheet=sheet, today=today)
    return recognition.Way(form, imported=made.answered(words_of(project, made)))


def _likely(project: Project, proposal: Proposal | None, form: str) -> dict[int, str]:
    """What Enter takes for each column: what was proposed, without the wave behind it; across a grid, its cells."""
    from evaluation.schema.imports import cell_of

    if proposal is None or proposal.imported.form != form:
        return {}
    grid = proposal.imported.grid
    cell = cell_of(proposal.imported, project.declaration.tables[form]) if grid else None
    named = {at: name.split(" (")[0].split(",")[0] for at, (_, name) in enumerate(proposal.columns) if name}
    return {at: cell.name if cell and name == grid else name for at, name in named.items()}


def _told(project: Project, path: Path, form: str, likely: Mapping[int, str], *, sheet: str) -> Told:
    """What is told of each column, and of the waves of a questionnaire."""
    from evaluation.project.intake import telling
    from evaluation.schema import text

    names = telling.names(project, form)
    for number, (name, labels) in enumerate(names.items(), 1):
        click.echo(f"  {number}. {name}" + (f": {text(labels, language())}" if labels else ""))
    numbered = {str(number): name for number, name in enumerate(names, 1)}
    fields: dict[int, str] = {}
    header = telling.header(path, sheet=sheet)
    for at, column in enumerate(header):
        usual = likely.get(at, "")
        asked = word("cli.guided.field", column=column)
        said = one_of(asked, [*names, *numbered, NONE], usual=usual if usual in names else NONE)
        if said != NONE:
            fields[at] = numbered.get(said, said)
    return _with_waves(project, form, telling.Told(fields), header)


def _with_waves(project: Project, form: str, told: Told, header: Sequence[str]) -> Told:
    """The wave of each column where the same question stands in several, else that of the file; and their days."""
    from evaluation.project.intake import telling

    waves = telling.waves(project, form)
    if not waves or "wave" in told.fields.values():
        return told
    if told.across:
        of: dict[int, str] = {}
        seen: Counter[str] = Counter()
        for at, name in told.fields.items():
            if name != "participant":
                usual = waves[min(seen[name], len(waves) - 1)] if name in told.across else NONE
                said = one_of(word("cli.guided.wave", column=header[at], waves=waves), [*waves, NONE], usual=usual)
                of[at] = "" if said == NONE else said
                seen[name] += 1
        told = dataclasses.replace(told, waves=of)
    else:
        told = dataclasses.replace(
            told, wave=one_of(word("cli.guided.wave_of_file", waves=waves), waves, usual=waves[0])
        )
    return dataclasses.replace(told, days={wave: _day(wave) for wave in telling.undated(told)})


def _day(wave: str) -> dt.date:
    from evaluation.project.intake import telling

    while True:
        said = telling.day(click.prompt(word("cli.guided.day", wave=wave)))
        if said is not None:
            return said
        echo("cli.guided.no_day")
