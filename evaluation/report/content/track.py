"""The client track as tables: the support given, and right of residence and legal situation at the start and end."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.release.released import CountTable, Released
from evaluation.report import words
from evaluation.report.content import lookup
from evaluation.report.content.counts import side_by_side, split_values, tabled
from evaluation.report.shown import Shown, nothing


def support(released: Released, language: str) -> Shown:
    """Who had any support, in each area and, where they are told, of each kind; no part where none is counted."""
    return _part(released, language, "support", ("support", "support_kinds"))


def status(released: Released, language: str) -> Shown:
    """Right of residence and legal situation at the start and at the end, and whether they changed."""
    return _part(released, language, "status", ("residence", "legal", "status_change"))


def _part(released: Released, language: str, name: str, topics: Sequence[str]) -> Shown:
    tables = {topic: lookup.by_topic(released, topic) for topic in topics}
    counted: list[CountTable] = [table for some in tables.values() for table in some]
    if not counted:
        return nothing(released, language, name=name)
    return tabled(
        released,
        language,
        name=name,
        tables=[side_by_side(some, topic, language) for topic, some in tables.items() if some],
        values=split_values(counted),
        content=[lookup.table_json(table) for table in counted],
        after=[] if lookup.all_hidden(split_values(counted)) else [words.say(f"report.{name}.note", language)],
    )
