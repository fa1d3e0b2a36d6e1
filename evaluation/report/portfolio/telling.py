"""What the page of a portfolio says in more than one place: its words, its tables, a share of a target."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.report import words
from evaluation.report.blocks import Table
from evaluation.report.portfolio.reading import Project


def say(key: str, language: str, /, **facts: object) -> str:
    return words.say(f"report.portfolio.{key}", language, **facts)


def named(project: Project, language: str) -> str:
    return words.title(project.title, language)


def table(name: str, caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]], language: str) -> Table:
    """A table whose columns are ``report.portfolio.column``, with what its mark of a hidden number means."""
    heads = tuple(say(f"column.{column}", language) for column in columns)
    mark, cells = words.hidden(language), tuple(map(tuple, rows))
    notes = (words.say("report.mark.legend", language),) if any(mark in row for row in cells) else ()
    return Table(f"t-{name}", caption, heads, cells, mark, notes)


def between(low: float, high: float, language: str) -> str:
    """From share to share, as percents."""
    ends = {"low": words.percent(low, language), "high": words.percent(high, language)}
    return words.say("report.number.interval", language, **ends)
