"""What the page of a portfolio says in more than one place: its words, its tables, a share of a target."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.report import words
from evaluation.report.blocks import Table
from evaluation.report.portfolio.reading import Project
from evaluation.schema import Labels, text


def say(key: str, language: str, /, **facts: object) -> str:
    return words.say(f"report.portfolio.{key}", language, **facts)


def named(project: Project, language: str) -> str:
    return words.title(project.title, language)


def table(
    name: str,
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    language: str,
    *,
    untold: Sequence[tuple[str, Labels]] = (),
) -> Table:
    """A table whose columns are ``report.portfolio.column``, with what its mark of a number that is not told means.

    ``untold``: of what nothing is told, and why, as far as the report itself says so.
    """
    heads = tuple(say(f"column.{column}", language) for column in columns)
    mark, cells = words.hidden(language), tuple(map(tuple, rows))
    notes = _reasons(untold, language)
    if any(mark in row for row in cells):
        notes.insert(0, say("legend", language) if notes else words.say("report.mark.legend", language))
    return Table(f"t-{name}", caption, heads, cells, mark, tuple(notes))


def _reasons(untold: Sequence[tuple[str, Labels]], language: str) -> list[str]:
    """Each reason once, with everything that is not told for it."""
    whose: dict[str, list[str]] = {}
    for name, withheld in untold:
        if withheld:
            whose.setdefault(text(withheld, language), []).append(name)
    return [say("because", language, names="; ".join(names), why=why) for why, names in whose.items()]


def between(low: float, high: float, language: str) -> str:
    """From share to share, as percents."""
    ends = {"low": words.percent(low, language), "high": words.percent(high, language)}
    return words.say("report.number.interval", language, **ends)
