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
from evaluation.collect.record.replay import uncollected
from evaluation.errors import BadArgument, TooFew
from evaluation.project import folder as folders
from evaluation.project.draft.assembly import draft
from evaluation.project.handing import Asked
from evaluation.project.opened import Project
from evaluation.project.papers import own_words, translations
from evaluation.project.papers.documents import drawn, make_documents, staged
from evaluation.project.papers.replaced import mark, replaced
from evaluation.project.releases import design, known_releases
from evaluation.release import bundle, ledger
from evaluation.release.files.chain import Entry
from evaluation.release.ledger import Proposal
from evaluation.release.planned import schedule
from evaluation.release.printed import wording
from evaluation.release.released import Draft, Provenance, Released
from evaluation.report.engine import Name
from evaluation.report.own import Own
from evaluation.resources import folder as resource
from evaluation.schema import PlannedRelease
from evaluation.texts import Message, quoted

_NAMED = 8
__all__ = ["make_documents", "mend", "mended", "parameters", "propose", "release", "released_before", "report"]


@dataclass(frozen=True, slots=True)
class Mending:
    """The words of a release as the project has them now.

    ``words``: the files that keep them, by the bundle of each edition; "" where they are as they were released.
    ``new``: what was not said before. ``numerals``: numbers in it that the release (its public edition) does not
    print, each with the text where it stands. ``replaced``: what is said of a release that an erratum replaced.
    """

    path: Path
    words: Mapping[Path, str]
    new: tuple[str, ...]
    numerals: tuple[tuple[str, str], ...]
    replaced: Message | None = None

    def lines(self) -> Iterator[Message]:
        """What changes, for a person to decide on."""
        if self.replaced:
            yield self.replaced
        if self.new:
            named = [quoted(text) for text in self.new[:_NAMED]]
            yield Message("project.releasing.new_words", n=len(self.new), texts=named)
        for numeral, text in self.numerals:
            yield Message("project.releasing.foreign_numeral", numeral=numeral, text=quoted(text))


def propose(project: Project, release: str, *, today: dt.date | None = None, erratum_of: str = "") -> Proposal:
    """What would leave under this name, after the gate and its auditor; nothing is written.

    ``erratum_of``: the release that was wrong and that this one replaces.

    Raises BadDeclaration for labels that no document could carry, TooFew for a project without
    participants, LedgerError where the record knows of another ledger or where ``erratum_of`` was never released or
    is an erratum itself, and what ledger.propose and design.chosen raise.
    """
    translations.check(project.declaration)
    own_words.check_codes(project)
    entries = known_releases.entries(project)
    for name in {one.release: None for one in entries}:
        known_releases.complete(project, entries, name)
    if project.frames["participants"].empty:
        raise TooFew("project.releasing.nobody")
    plan = folders.plan_hash(project.folder)
    entered = tuple(one.hash for one in entries)
    asked = Asked(release, erratum_of, today or dt.date.today(), plan, entered)
    with uncollected():
        return project.proposed(asked, lambda: _proposed(project, asked, entries))


def _proposed(project: Project, asked: Asked, entries: Sequence[Entry]) -> Proposal:
    *confidential, public = design.chosen(project, asked.release, entries, erratum_of=asked.erratum_of)
    return ledger.propose(
        public,
        project.folder / "releases",
        project=project.declaration.file.id,
        rules=project.declaration.file.rules,
        provenance=_provenance(project, asked),
        anchor=known_releases.anchor(project),
        confidential=next(iter(confidential), None),
    )


def released_before(project: Project, release: str) -> Path | None:
    """The bundle of the release of this name, if there is one; its ledger is verified on the way.

    What a crash left undone of it is finished. Raises LedgerError where the bundle of an edition of it is gone.
    """
    entries = known_releases.entries(project)
    made = ledger.named(release, entries)
    if made is None:
        return None
    known_releases.remember(project, entries)  # where a crash came between the ledger and the record
    known_releases.complete(project, entries, made.release)
    return project.folder / "releases" / f"{made.release}.json"


def release(project: Project, proposal: Proposal, *, engine: Name | None = None) -> Path:
    """Enter the proposal in the ledger, then in the record; the bundle that documents are made of.

    All its documents are drawn first: what cannot be printed does not enter. Raises what ``report`` raises.
    """
    if not proposal.again:
        _drawn(project, proposal, (), {}, engine)
    return _enter(project, proposal)


def _drawn(
    project: Project, proposal: Proposal, languages: Sequence[str], given: Mapping[str, str], engine: Name | None
) -> dict[str, bytes]:
    """The documents of every edition by their places; those of the confidential one in a folder of its name."""
    own, folder = own_words.read(project), project.folder / "releases"
    editions = {one.entry.edition: (ledger.as_bundle(one, folder), "") for one in reversed(proposal.editions)}
    return drawn(editions, languages, parameters=given, own=own, engine=engine)


def mended(project: Project, path: Path, *, today: dt.date | None = None) -> Mending:
    """What the release ``path`` says in the words that the project's files have now; nothing is written.

    Raises BadDeclaration for labels that no document could carry.
    """
    translations.check(project.declaration)
    own_words.check_codes(project)
    own = None if project.frames["participants"].empty else draft(project.results, path.stem)
    found = {one: _mended(one, own, today or dt.date.today()) for one in bundle.editions(path).values()}
    new = dict.fromkeys(text for one in found.values() for text in one.new)
    words = {one: text for mending in found.values() for one, text in mending.words.items()}
    said = replaced(known_releases.entries(project)).get(path.stem)
    return Mending(path, words, tuple(new), found[path].numerals, said)


def _mended(path: Path, own: Draft | None, today: dt.date) -> Mending:
    """The same of the bundle of one edition; without a draft its words stay as they are."""
    if own is None:  # who is nowhere any more is in no table that could name its codes
        return Mending(path, {path: _kept(path)}, (), ())
    sealed, standing = bundle.parse(path.read_text(encoding="utf-8"), path.name), bundle.read(path)
    made = bundle.settled(wording.reworded(sealed, own, on=None))
    if bundle.content(made) == bundle.content(sealed):
        return Mending(path, {path: ""}, _new(made, standing), ())
    same = bundle.content(made) == bundle.content(standing)
    made = wording.reworded(made, made, on=standing.provenance.worded_on if same else today)
    numerals = wording.foreign_numerals(made, standing)
    return Mending(path, {path: bundle.words_text(made)}, _new(made, standing), numerals)


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
    for path, words in mending.words.items():
        beside = bundle.words_file(path)
        if words:
            files.write(beside, words)
        else:
            beside.unlink(missing_ok=True)
    if mending.replaced:
        mark(out, mending.replaced)
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
    texts = _drawn(project, proposal, tuple(languages), given, engine)
    wanted = {place: text for place, text in texts.items() if place.split("/")[-2] in chosen and only(place)}
    with staged(wanted, out) as place:
        _enter(project, proposal)
        return place()


def _enter(project: Project, proposal: Proposal) -> Path:
    known_releases.entries(project)
    released = ledger.release(proposal, project.folder / "releases", known_releases.anchor(project))
    entries = known_releases.entries(project)
    known_releases.remember(project, entries)
    for name, said in replaced(entries).items():
        mark(project.folder / "reports" / name, said)
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


def _provenance(project: Project, asked: Asked) -> Provenance:
    return Provenance(
        data=project.fingerprint,
        plan=asked.plan,
        library=__version__,
        python=platform.python_version(),
        released_on=asked.today,
        commit=_commit(),
        parameters=_planned(project.declaration.file.releases, asked),
    )


def _planned(releases: Sequence[PlannedRelease], asked: Asked) -> dict[str, str]:
    """By the schedule: what kind of release this is, and for when the next one is planned that tells each topic."""
    names = [one.name.casefold() for one in releases]
    name = (asked.erratum_of or asked.release).casefold()
    if name not in names:
        return {}
    own, *later = releases[names.index(name) :]
    due = {topic: next((one.date for one in later if one.due(topic)), None) for topic in schedule.TOPICS}
    return {"kind": own.kind, **{f"planned:{topic}": day.isoformat() for topic, day in due.items() if day}}


@functools.cache
def _commit() -> str:
    """The commit the kit was run from, ``+`` where files differ from it; "" outside a checkout."""
    here = resource("notebooks").parent
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
