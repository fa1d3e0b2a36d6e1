"""The draft as project.yml and the plan let it leave: which table at which fineness, fixed before the data or not."""

from __future__ import annotations

from evaluation.errors import BadDeclaration
from evaluation.project.draft.assembly import draft
from evaluation.project.opened import Project
from evaluation.project.releases import known_releases
from evaluation.release import bundle, schedule
from evaluation.release.design import designed
from evaluation.release.files import chain
from evaluation.release.released import Draft
from evaluation.schema import Rules


def chosen(project: Project, release: str, rules: Rules) -> Draft:
    """The draft of a release, for readers of these rules, with the tables that are to leave.

    Raises BadDeclaration where what is declared of them is not what was locked, and what schedule.planned raises.
    """
    entries = known_releases.entries(project)
    planned = schedule.planned(project.declaration.file, release, entries)
    file, locks = project.declaration.file, project.locks
    if locks and locks[-1].design != file.design:
        raise BadDeclaration("project.design.not_as_locked", day=locks[-1].locked_on)
    made = designed(draft(project.results, release), file.rules, rules.threshold, late=project.design_late)
    if planned is None:
        return made
    paths = [chain.file(project.folder / "releases", one) for one in entries if one.profile == rules.profile]
    return schedule.scheduled(made, planned, [bundle.read(path) for path in paths], threshold=rules.threshold)
