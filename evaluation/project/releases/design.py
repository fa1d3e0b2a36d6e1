"""The draft as project.yml and the plan let it leave: which table at which fineness, fixed before the data or not."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator

from evaluation.codec import nearest
from evaluation.errors import BadDeclaration, LedgerError
from evaluation.project.draft.assembly import draft
from evaluation.project.opened import Project
from evaluation.project.releases import known_releases
from evaluation.release import bundle
from evaluation.release.files import chain
from evaluation.release.files.chain import Entry
from evaluation.release.planned import schedule
from evaluation.release.planned.design import designed
from evaluation.release.planned.foresight import lost
from evaluation.release.planned.recalled import recallable
from evaluation.release.released import CountTable, Draft, Released
from evaluation.schema import PlannedRelease, Rules
from evaluation.texts import Message


def chosen(project: Project, release: str, rules: Rules, *, erratum_of: str = "", once: bool = False) -> Draft:
    """The draft of a release, for readers of these rules, with the tables that are to leave.

    ``once``: though the project has no schedule, what was told before is not told anew, as by one.

    Both editions tell a topic anew at once, by the stricter threshold. Raises BadDeclaration where what is declared
    of the tables is not what was locked, LedgerError where ``erratum_of`` was never released, and what
    schedule.planned and schedule.erratum raise.
    """
    entries = known_releases.entries(project)
    file, locks = project.declaration.file, project.locks
    planned = schedule.planned(file, release, entries, erratum_of=erratum_of)
    if once:
        planned = PlannedRelease(release, "final", dt.date.max)
    if project.lock_taken_away:
        raise BadDeclaration("project.plan.taken_away")
    if locks and not locks[-1].designed_as(file):
        raise BadDeclaration("project.design.not_as_locked", day=locks[-1].locked_on)
    whole, late = draft(project.results, release), project.design_late
    before = _before(project, entries, rules)
    if erratum_of:
        wrong = next((one for one in before if one.release.casefold() == erratum_of.casefold()), None)
        if wrong is None:
            hint = nearest(erratum_of, [one.release for one in before])
            raise LedgerError("release.schedule.nothing_to_replace", name=release, other=erratum_of, hint=hint)
        return schedule.erratum(dataclasses.replace(whole, declared_late=late), wrong, before)
    made = designed(whole, file.rules, rules.threshold, late=late)
    if planned is not None:
        strictest = max(one.threshold for one in file.rules.audiences)
        made = schedule.scheduled(made, planned, before, threshold=strictest)
    return recallable(made, before)


def foreseen(project: Project, *, since: str = "") -> Iterator[Message]:
    """What planned releases cannot tell, as they are planned, because an earlier one of them tells a number of theirs.

    Of those that are still to come, or of ``since`` and later ones; in either edition.
    """
    file, entries = project.declaration.file, known_releases.entries(project)
    if not file.releases or project.frames["participants"].empty:
        return
    names = [one.name.casefold() for one in file.releases]
    made = [names.index(name) for one in entries if (name := one.release.casefold()) in names]
    start = names.index(since.casefold()) if since else max(made, default=-1) + 1
    strictest = max(one.threshold for one in file.rules.audiences)
    found: dict[str, dict[str, Message]] = {}
    for rules in file.rules.audiences:
        whole = designed(draft(project.results, file.releases[-1].name), file.rules, rules.threshold, late=False)
        before = _before(project, entries, rules)
        for plan, tables in lost(whole, file.releases[start:], before, threshold=strictest):
            found.setdefault(plan.name, {}).update((str(table.labels), _called(table)) for table in tables)
    for name, called in found.items():
        yield Message("project.since.lost", release=name, tables=[*called.values()], n=2 * strictest)


def _before(project: Project, entries: Iterable[Entry], rules: Rules) -> list[Released]:
    """What the readers of these rules were told so far, by the ``entries`` of the ledger."""
    folder = project.folder / "releases"
    return [bundle.read(chain.file(folder, one)) for one in entries if one.profile == rules.profile]


def _called(table: CountTable) -> Message:
    """What a table is called, with what it is broken down by."""
    by = [variable.labels for variable in table.variables if dict(variable.labels) != dict(table.labels)]
    return Message("project.since.broken_down" if by else "project.since.table", name=table.labels, by=by)
