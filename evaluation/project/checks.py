"""The state of a project's files and record, in sentences for inside."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from evaluation.project import incoming, known_releases, plan_lock, translations
from evaluation.project.claims import claim_lines
from evaluation.project.opened import Project
from evaluation.release.overlap import overlaps


def check_lines(project: Project) -> Iterator[str]:
    """The state of the project's files and data, in sentences for inside.

    Raises BadDeclaration for labels that are missing in a language, DamagedStore and LedgerError.
    """
    declaration = project.declaration
    translations.check(declaration)
    yield (
        f"The files of '{declaration.file.id}' are in order: {len(declaration.file.waves)} waves, "
        f"{len(declaration.instruments)} questionnaires, {len(declaration.indicators)} indicators."
    )
    entries = project.store.verify()
    yield f"The record is whole: {entries} entries, each linked to the one before."
    held = len(known_releases.entries(project))
    yield f"The releases folder lacks no release that the record knows; it holds {held}."
    yield from plan_lock.state(declaration, project.locks, seen=project.endline_seen)
    enrolled = len(project.frames["participants"])
    yield f"Enrolled: {enrolled} of {declaration.file.planned_participants} planned."
    counted = project.frames["participants"]["country"].dropna().nunique()
    if declaration.file.countries not in (None, counted):
        yield (
            f"project.yml states {declaration.file.countries} countries; the record has {counted}. "
            "Decide which to state."
        )
    for row in project.flow.to_dict("records"):
        yield f"  {row['wave']}: {row['answered']} of {row['due']} answered."
    for outcome in declaration.plan.outcomes:
        change = project.changes[outcome.id]
        yield f"{outcome.labels['en']}: {change.pairs} people with both measurements of {change.enrolled}."
        for refusal in change.refusals:
            yield f"  {refusal.sentences['en']}"
    yield from incoming.lines(project.folder, declaration)
    yield from overlap_lines(project.frames["aggregate_counts"])
    yield from claim_lines(project.folder, random_allocation=declaration.plan.allocation == "draw")


def overlap_lines(counts: pd.DataFrame, language: str = "en") -> Iterator[str]:
    """What follows where published categories do not add up to their whole.

    ``counts``: the frame of aggregate counts, one row per category and period; categories that name
    the same ``whole`` and ``grouping`` are compared with it, period by period.
    """
    totals = {(row["category"], row["period"]): int(row["count"]) for row in counts.to_dict("records")}
    parts = counts.dropna(subset=["whole"]).fillna({"grouping": ""})
    for (whole, period, _), group in parts.groupby(["whole", "period", "grouping"], sort=False):
        named = {str(row["category"]): int(row["count"]) for row in group.to_dict("records")}
        if len(named) > 1 and (whole, period) in totals:
            found = overlaps(totals[whole, period], named)
            if found.verdict != "adds up":
                yield found.sentences[language]
