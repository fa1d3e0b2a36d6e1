"""One run of a batch in an opened project: its documents, then its notebooks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evaluation.errors import BadArgument, Declined, RunFailed
from evaluation.project import notebooks
from evaluation.project.batch.manifest import Run
from evaluation.project.opened import Project
from evaluation.project.papers import claims, own_words
from evaluation.project.papers.documents import remarks
from evaluation.project.releases import releasing
from evaluation.release import bundle
from evaluation.report import parameters
from evaluation.report.engine import Name
from evaluation.texts import Message


def carry_out(project: Project, run: Run, *, engine: Name | None = None, at_once: int | None = None) -> list[Path]:
    """The files that the run makes, with the bundle of its release.

    Nobody is asked: a release is made only under a locked plan, and words whose numbers nobody has checked are
    left to a person. Raises what the single commands raise; of several notebooks that fail, the first.
    """
    spoken = project.declaration.file.languages
    for language in run.languages:
        if language not in spoken:
            raise BadArgument("project.batch.no_language", language=language, languages=list(spoken))
    editions = [one.profile for one in project.declaration.file.rules.audiences]
    for edition in run.editions:
        if edition not in editions:
            raise BadArgument("project.batch.no_edition", edition=edition, editions=editions)
    chosen = _notebooks(project.folder, run)
    inside = {name for path in chosen for name in parameters.declared(path)}
    documents = {name: value for name, value in run.parameters.items() if run.release and name not in inside}
    own = {name: value for name, value in run.parameters.items() if name not in documents}
    parameters.checked_each(chosen, own)  # before anything leaves
    made = [*_documents(project, run, documents, engine)] if run.release else []
    for language in run.languages or [next(iter(spoken))] if chosen else ():
        for one in notebooks.run_inside(project, chosen, language=language, given=own, engine=engine, at_once=at_once):
            if isinstance(one, RunFailed):
                raise one
            made.append(one)
    return made


def warnings(project: Project, run: Run) -> Iterator[Message]:
    """The texts that claim a cause, typed into the project's files or standing in the run's documents, and for whom
    these are."""
    if run.release:
        yield from claims.claim_lines(project.folder, project.declaration)
        place = Path("reports") / run.release
        yield from remarks(project.folder / place, project.declaration, named=project.folder.name / place)


def _notebooks(folder: Path, run: Run) -> list[Path]:
    found = {path: None for only in run.notebooks for path in notebooks.for_inside(folder, only)}
    return list(found)


def _documents(project: Project, run: Run, given: dict[str, str], engine: Name | None) -> Iterator[Path]:
    out = project.folder / "reports" / run.release
    before, rules = releasing.released_before(project, run.release), project.declaration.file.rules

    def wanted(place: str) -> bool:
        return run.wanted(place) and (not rules.editions or run.among(place))

    if before is not None:
        mending = releasing.mended(project, before)
        if mending.numerals:
            raise Declined("project.batch.words", release=run.release)
        own = own_words.read(project)
        yield from releasing.mend(mending, out, parameters=given, own=own, only=wanted, engine=engine)
    elif project.locks:
        proposal = releasing.propose(project, run.release)
        yield from releasing.report(project, proposal, out, parameters=given, only=wanted, engine=engine)
    else:
        raise Declined("project.batch.open_plan", release=run.release)
    yield from bundle.editions(project.folder / "releases" / f"{run.release}.json").values()
