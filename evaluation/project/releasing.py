"""From the house through the gate: propose, draw the documents, enter the release, put the documents into place."""

from __future__ import annotations

import datetime as dt
import functools
import platform
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation import __version__, files
from evaluation.errors import BadArgument, TooFew
from evaluation.project import design, known_releases, own_words, translations
from evaluation.project import folder as folders
from evaluation.project.documents import drawn, make_documents, staged
from evaluation.project.draft.assembly import draft
from evaluation.project.opened import Project
from evaluation.release import bundle, ledger, wording
from evaluation.release.design import as_before
from evaluation.release.ledger import Proposal
from evaluation.release.released import Draft, Provenance, Released
from evaluation.report.engine import Name
from evaluation.report.own import Own
from evaluation.texts import Message, quoted

_NAMED = 8
__all__ = ["make_documents", "mend", "mended", "parameters", "propose", "release", "released_before", "report"]


@dataclass(frozen=True, slots=True)
class Mending:
    """The words of a release as the project has them now.

    ``words``: the file that keeps them; "" where they are as they were released. ``new``: what was not said
    before. ``numerals``: numbers in it that the release does not print, each with the text where it stands.
    """

    path: Path
    words: str
    new: tuple[str, ...]
    numerals: tuple[tuple[str, str], ...]

    def lines(self) -> Iterator[Message]:
        """What changes, for a person to decide on."""
        if self.new:
            named = [quoted(text) for text in self.new[:_NAMED]]
            yield Message("project.releasing.new_words", n=len(self.new), texts=named)
        for numeral, text in self.numerals:
            yield Message("project.releasing.foreign_numeral", numeral=numeral, text=quoted(text))


def propose(project: Project, release: str, *, today: dt.date | None = None) -> Proposal:
    """What would leave under this name, after the gate and its auditor; nothing is written.

    Raises BadDeclaration for labels that no document could carry, TooFew for a project without
    participants, LedgerError where the record knows of another ledger, and what ledger.propose raises.
    """
    translations.check(project.declaration)
    known_releases.entries(project)
    if project.frames["participants"].empty:
        raise TooFew("project.releasing.nobody")
    return ledger.propose(
        _designed(project, release),
        project.folder / "releases",
        project=project.declaration.file.id,
        rules=project.declaration.file.rules,
        provenance=_provenance(project, today or dt.date.today()),
        anchor=known_releases.anchor(project),
    )


def _designed(project: Project, release: str) -> Draft:
    """The draft with the tables that are to leave; those of a release that was made before stay the same."""
    before = ledger.named(release, known_releases.entries(project))
    if before is None:
        return design.chosen(project, release, threshold=project.declaration.file.rules.threshold)
    made = bundle.read(project.folder / "releases" / f"{before.release}.json")
    return as_before(draft(project.results, release), made.tables, made.means)


def released_before(project: Project, release: str) -> Path | None:
    """The bundle of the release of this name, if there is one; its ledger is verified on the way."""
    entries = known_releases.entries(project)
    made = ledger.named(release, entries)
    if made is None:
        return None
    known_releases.remember(project, entries)  # where a crash came between the ledger and the record
    return project.folder / "releases" / f"{made.release}.json"


def release(project: Project, proposal: Proposal, *, engine: Name | None = None) -> Path:
    """Enter the proposal in the ledger, then in the record; the bundle that documents are made of.

    All its documents are drawn first: what cannot be printed does not enter. Raises what ``report`` raises.
    """
    if not proposal.again:
        source = ledger.as_bundle(proposal, project.folder / "releases")
        drawn(source, parameters={}, own=own_words.read(project), engine=engine)
    return _enter(project, proposal)


def mended(project: Project, path: Path, *, today: dt.date | None = None) -> Mending:
    """What the release ``path`` says in the words that the project's files have now; nothing is written.

    Raises BadDeclaration for labels that no document could carry.
    """
    translations.check(project.declaration)
    sealed = bundle.parse(path.read_text(encoding="utf-8"), path.name)
    if project.frames["participants"].empty:  # who is nowhere any more is in no table that could name its codes
        return Mending(path, _kept(path), (), ())
    standing = bundle.read(path)
    made = bundle.settled(wording.reworded(sealed, draft(project.results, sealed.release), on=None))
    if bundle.content(made) == bundle.content(sealed):
        return Mending(path, "", _new(made, standing), ())
    same = bundle.content(made) == bundle.content(standing)
    made = wording.reworded(made, made, on=standing.provenance.worded_on if same else today or dt.date.today())
    return Mending(path, bundle.words_text(made), _new(made, standing), wording.foreign_numerals(made, standing))


def mend(
    mending: Mending,
    out: Path,
    *,
    parameters: Mapping[str, str] | None = None,
    own: Own | None = None,
    only: Callable[[str], bool] = bool,
    engine: Name | None = None,
) -> tuple[Path, ...]:
    """The documents of a release in its mended words, which are then kept beside its bundle; numbers stay.

    Raises what ``make_documents`` raises; then nothing has changed.
    """
    documents = make_documents(
        mending.path, out, parameters=parameters, words=mending.words, own=own, only=only, engine=engine
    )
    beside = bundle.words_file(mending.path)
    if mending.words:
        files.write(beside, mending.words)
    else:
        beside.unlink(missing_ok=True)
    return documents


def _kept(path: Path) -> str:
    beside = bundle.words_file(path)
    return beside.read_text(encoding="utf-8") if beside.exists() else ""


def _new(made: Released, standing: Released) -> tuple[str, ...]:
    before = wording.texts(standing)
    return tuple(text for text in wording.texts(made) if text not in before)


def report(
    project: Project,
    proposal: Proposal,
    out: Path,
    *,
    parameters: Mapping[str, str] | None = None,
    only: Callable[[str], bool] = bool,
    engine: Name | None = None,
) -> tuple[Path, ...]:
    """Release the proposal and put its documents into ``out``/<language>/, those that ``only`` takes; the documents.

    They are drawn in all languages and written beside their places before anything is entered. Raises
    RunFailed where one cannot be drawn, and what ledger.release raises; then nothing has changed.
    """
    released = proposal.leaving
    given = dict(parameters or {})
    chosen = [given.pop("language")] if "language" in given else released.facts.languages
    if proposal.again:
        path = project.folder / "releases" / f"{released.release}.json"
        own = own_words.read(project)
        return mend(mended(project, path), out, parameters=parameters, own=own, only=only, engine=engine)
    languages = dict.fromkeys((*released.facts.languages, *chosen))
    source = ledger.as_bundle(proposal, project.folder / "releases")
    texts = drawn(source, tuple(languages), parameters=given, own=own_words.read(project), engine=engine)
    wanted = {place: text for place, text in texts.items() if place.partition("/")[0] in chosen and only(place)}
    with staged(wanted, out) as place:
        _enter(project, proposal)
        return place()


def _enter(project: Project, proposal: Proposal) -> Path:
    known_releases.entries(project)
    released = ledger.release(proposal, project.folder / "releases", known_releases.anchor(project))
    known_releases.remember(project, known_releases.entries(project))
    return project.folder / "releases" / f"{released.release}.json"


def parameters(given: Sequence[str]) -> dict[str, str]:
    """``NAME=VALUE`` of a command line as parameters. Raises BadArgument for anything else, and for a name twice."""
    chosen: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise BadArgument("project.releasing.parameter")
        if name in chosen:
            raise BadArgument("project.releasing.parameter_twice", name=name)
        chosen[name] = value
    return chosen


def _provenance(project: Project, today: dt.date) -> Provenance:
    return Provenance(
        data=project.fingerprint,
        plan=folders.plan_hash(project.folder),
        library=__version__,
        python=platform.python_version(),
        released_on=today,
        commit=_commit(),
    )


@functools.cache
def _commit() -> str:
    """The commit the kit was run from, ``+`` where files differ from it; "" outside a checkout."""
    here = Path(__file__).parents[2]
    if not (here / ".git").exists():
        return ""
    try:
        said = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--abbrev=12", "--exclude=*"],
            cwd=here, capture_output=True, text=True, timeout=10, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.stdout.strip()
