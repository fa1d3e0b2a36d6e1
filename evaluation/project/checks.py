"""The state of a project's files and record, in sentences for inside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from evaluation.codec import nearest
from evaluation.collect.safety import clock
from evaluation.measure.indicators import called, meant_categories
from evaluation.project.intake import incoming
from evaluation.project.opened import Project
from evaluation.project.papers import own_words, translations
from evaluation.project.papers.claims import allowed_lines, claim_lines
from evaluation.project.papers.replaced import replaced
from evaluation.project.plan import lock as plan_lock
from evaluation.project.releases import design, known_releases
from evaluation.project.safekeeping.safety import last_backup
from evaluation.release.overlap import overlaps
from evaluation.schema import Declaration
from evaluation.texts import Message


def check_lines(project: Project, *, now: dt.datetime | None = None) -> Iterator[Message]:
    """The state of the project's files and data, in sentences for inside.

    Raises BadDeclaration for labels that are missing in a language, DamagedStore and LedgerError.
    """
    declaration, now = project.declaration, now or dt.datetime.now(dt.UTC)
    translations.check(declaration)
    yield Message(
        "project.check.files",
        project=declaration.file.id,
        counts=[
            Message("project.check.count.waves", n=len(declaration.file.waves)),
            Message("project.check.count.questionnaires", n=len(declaration.instruments)),
            Message("project.check.count.indicators", n=len(declaration.indicators)),
        ],
    )
    yield from instrument_lines(declaration)
    yield from recording_lines(project.folder / "questionnaires", declaration)
    yield from indicator_lines(declaration, [*project.frames["aggregate_counts"]["category"].dropna().unique()])
    yield Message("project.check.record", n=project.store.verify())
    yield last_backup(project, now=now)
    yield from clock.lines(project.store, now=now)
    if project.store.erased_in_journal:
        yield Message("collect.record.journal")
    entries = known_releases.entries(project)
    yield Message("project.check.releases", n=len(entries))
    yield from replaced(entries).values()
    yield from design.foreseen(project)
    if project.lock_taken_away:
        yield Message("project.plan.taken_away")
    yield from plan_lock.state(declaration, project.locks, seen=project.endline_seen)
    enrolled = len(project.frames["participants"])
    yield Message("project.check.enrolled", enrolled=enrolled, planned=declaration.file.planned_participants)
    if without := project.results.without_service:
        yield Message("project.check.without_service", n=without)
    counted = project.frames["participants"]["country"].dropna().nunique()
    if declaration.file.countries not in (None, counted):
        yield Message("project.check.countries", declared=declaration.file.countries, recorded=counted)
    for row in project.flow.to_dict("records"):
        yield Message("project.check.wave", wave=str(row["wave"]), answered=row["answered"], due=row["due"])
    for outcome in declaration.plan.outcomes:
        change = project.changes[outcome.id]
        yield Message("project.check.outcome", outcome=outcome.labels, n=change.pairs, enrolled=change.enrolled)
        for refusal in change.refusals:
            yield Message("project.check.refusal", refusal=refusal.message)
    late = project.results.late["participant"].nunique()
    if late:
        left_out = declaration.plan.late_baseline == "left out"
        yield Message("project.check.late_left_out" if left_out else "project.check.late_counted", n=late)
    yield from incoming.waiting(project.folder, declaration)
    yield from overlap_lines(project.frames["aggregate_counts"])
    yield from claim_lines(project.folder, declaration)
    yield from allowed_lines(declaration)
    yield from own_words.lines(project.folder, declaration)
    own_words.read(project)
    own_words.check_codes(project)


def instrument_lines(declaration: Declaration) -> Iterator[Message]:
    """What was assumed of the questionnaires that are used, or never verified, and whose translation they are."""
    for name, instrument in declaration.instruments.items():
        if instrument.assumed:
            said = ", ".join(f"{setting} = {value}" for setting, value in instrument.assumed.items())
            yield Message("project.check.assumed", form=name, settings=said)
        for language in {*instrument.languages} & {*declaration.file.languages} - {*instrument.labels}:
            yield Message("project.check.untitled", form=name, language=language)
        if instrument.key_status == "recalled":
            yield Message("project.check.unverified_key", form=name)
        recalled = sum(one.status == "recalled" for scale in instrument.scales for one in scale.evidence)
        if recalled:
            yield Message("project.check.unverified_evidence", form=name, n=recalled)
        if any(item.alert for item in instrument.items) and not declaration.file.safety_card:
            yield Message("project.check.no_safety_card", form=name)
        for language, whose in instrument.translations.items():
            if whose == "own" and language in declaration.file.languages:
                yield Message("project.check.translation", form=name, language=language)


def recording_lines(folder: Path, declaration: Declaration) -> Iterator[Message]:
    """The recordings that a questionnaire names and that do not lie beside it: nobody could hear them."""
    for name, instrument in declaration.instruments.items():
        named = ((item.id, file) for item in instrument.items for file in item.recordings.values())
        for item, file in named:
            if not (folder / file).is_file():
                yield Message("project.check.no_recording", form=name, item=item, file=folder / file)


def indicator_lines(declaration: Declaration, categories: Sequence[str]) -> Iterator[Message]:
    """The indicators that can never find a row, and what the others find by their own names.

    ``categories``: those of the aggregate counts that are recorded.
    """
    tables, waves = declaration.tables, [wave.id for wave in declaration.file.waves]
    activities = tables["bilateral_activities"]
    known = {
        "supported": [*tables["support"].field("kind").codes],
        "activities": [*activities.field("dimension").codes, *activities.field("kind").codes],
        **dict.fromkeys(("trust", "satisfaction", "applies_knowledge"), waves),
    }
    for indicator in declaration.indicators:
        name, _, argument = indicator.measure.partition(":")
        about = {"code": indicator.code, "name": argument}
        if argument and argument not in known.get(name, [argument]):
            yield Message("project.check.indicator_finds_nothing", hint=nearest(argument, known[name]), **about)
        if name == "aggregate" and indicator.unit != "persons" and not indicator.counts:
            yield Message("project.check.indicator_counts", **about)
        if name == "aggregate" and len(categories):
            meant = meant_categories(indicator, categories)
            if not meant:
                yield Message("project.check.indicator_category", hint=nearest(argument, [*categories]), **about)
            elif not called([argument], categories):
                yield Message("project.check.indicator_by_label", category=meant[0], **about)


def overlap_lines(counts: pd.DataFrame) -> Iterator[Message]:
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
                yield found.message
