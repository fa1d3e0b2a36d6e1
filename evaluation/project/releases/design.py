"""The draft as project.yml and the plan let it leave: which table at which fineness, fixed before the data or not."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from evaluation.codec import nearest
from evaluation.errors import BadArgument, BadDeclaration, LedgerError
from evaluation.project.draft.assembly import draft
from evaluation.project.opened import Project
from evaluation.project.releases import known_releases
from evaluation.release import bundle
from evaluation.release.files import chain
from evaluation.release.files.chain import Entry
from evaluation.release.planned import lives, schedule
from evaluation.release.planned.design import designed
from evaluation.release.planned.foresight import lost
from evaluation.release.planned.recalled import recallable
from evaluation.release.released import CountTable, Draft, Released
from evaluation.schema import PlannedRelease, Rules
from evaluation.texts import Message


def chosen(project: Project, release: str, entries: Sequence[Entry], *, erratum_of: str = "") -> tuple[Draft, ...]:
    """The drafts of a release, for each audience of its rules, with the tables that are to leave.

    ``entries``: the ledger. Those of a release that was made before stay the same. All editions tell a topic anew at
    once, by the strictest threshold. Raises BadDeclaration where what is declared of the tables is not what was
    locked, LedgerError where ``erratum_of`` was never released, BadArgument where this one was, and what
    schedule.planned and schedule.erratum raise.
    """
    file, whole = project.declaration.file, draft(project.results, release)
    before = [_before(project, entries, rules) for rules in file.rules.audiences]
    made = [one for some in before if (one := _named(release, some))]
    if made and erratum_of:
        raise BadArgument("project.output_check.already_released", release=made[0].release)
    if len(made) == len(before):
        return tuple(schedule.as_made(whole, one) for one in made)
    planned = schedule.planned(file, release, entries, erratum_of=erratum_of)
    if project.lock_taken_away:
        raise BadDeclaration("project.plan.taken_away")
    if project.locks and not project.locks[-1].designed_as(file):
        raise BadDeclaration("project.design.not_as_locked", day=project.locks[-1].locked_on)
    if erratum_of:
        whole = dataclasses.replace(whole, declared_late=project.design_late)
        return tuple(schedule.erratum(whole, _wrong(erratum_of, release, some), some) for some in before)
    strictest = max(one.threshold for one in file.rules.audiences)
    designs = [designed(whole, file.rules, one.threshold, late=project.design_late) for one in file.rules.audiences]
    told = list(zip(designs, before, strict=True))

    def leaving(plan: PlannedRelease | None, *, anew: bool) -> tuple[Draft, ...]:
        planned = (
            schedule.scheduled(one, plan, some, threshold=strictest, anew=anew) if plan else one for one, some in told
        )
        return tuple(recallable(one, some) for one, some in zip(planned, before, strict=True))

    found = leaving(planned, anew=True)
    if not _apart(found, entries, file.rules):
        return found
    return leaving(planned or PlannedRelease(release, "final", dt.date.max), anew=False)


def _apart(drafts: Sequence[Draft], entries: Sequence[Entry], rules: Rules) -> bool:
    """Whether people could move on in too many ways, so that what was told before is not told anew."""
    own = ([entry for entry in entries if entry.profile == one.profile] for one in rules.audiences)
    return any(
        lives.too_many(draft, some, threshold=one.threshold)
        for draft, some, one in zip(drafts, own, rules.audiences, strict=True)
    )


def _named(release: str, before: Iterable[Released]) -> Released | None:
    return next((one for one in before if one.release.casefold() == release.casefold()), None)


def _wrong(erratum_of: str, release: str, before: Sequence[Released]) -> Released:
    """The release that an erratum replaces."""
    wrong = _named(erratum_of, before)
    if wrong is None:
        hint = nearest(erratum_of, [one.release for one in before])
        raise LedgerError("release.schedule.nothing_to_replace", name=release, other=erratum_of, hint=hint)
    return wrong


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
