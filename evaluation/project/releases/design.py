"""The draft as project.yml and the plan let it leave: which table at which fineness, fixed before the data or not."""

from __future__ import annotations

from evaluation.errors import BadDeclaration
from evaluation.project.draft.assembly import draft
from evaluation.project.opened import Project
from evaluation.release.design import designed
from evaluation.release.released import Draft


def chosen(project: Project, release: str, *, threshold: int) -> Draft:
    """The draft of a release with the tables that are to leave.

    Raises BadDeclaration where what is declared of them is not what was locked.
    """
    file, locks = project.declaration.file, project.locks
    if locks and locks[-1].design != file.design:
        raise BadDeclaration("project.design.not_as_locked", day=locks[-1].locked_on)
    return designed(draft(project.results, release), file.rules, threshold, late=project.design_late)
