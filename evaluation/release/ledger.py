"""Makes a release out of a proposal, once and for all, and remembers what was printed and what was hidden."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.errors import BadArgument, Disclosive, LedgerError, NotReleased
from evaluation.release import bundle, editions
from evaluation.release import files as of_releases
from evaluation.release.audit import verdict as auditor
from evaluation.release.audit.persons.people import Memory
from evaluation.release.bundle import FUNDER, Edition
from evaluation.release.files import chain
from evaluation.release.files.chain import UNANCHORED, Anchor, Entry, Interval
from evaluation.release.gate import Gate, printed, with_means
from evaluation.release.judged import Audit, Consistent, Protect
from evaluation.release.planned import hours
from evaluation.release.printed.printing import certificate_of, entry_of, leaving_of
from evaluation.release.printed.ranges import ranges
from evaluation.release.released import Certificate, Draft, Provenance, Released
from evaluation.release.suppress import protection as suppress
from evaluation.release.suppress.system import some
from evaluation.release.system.assembly import mapping as document
from evaluation.release.system.assembly import quantities_of
from evaluation.release.system.means import released_before
from evaluation.release.system.quantities import identity
from evaluation.schema import Rules
from evaluation.texts import Message


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would leave, for a person to decide on. Nothing is written yet.

    ``leaving`` is what documents would show; it has no digest, so no bundle can be made of it.
    ``hidden``/``primary``: names of the numbers not printed, and those of them that are unsafe
    themselves (for inside only). ``loss``: the sum of their weights;
    ``gap``: by how much it may be more than the least. ``intervals``: what an intruder
    can still say of every unknown. ``exact``/``narrow``: protected numbers that are not protected.
    ``again``: the same was released before; ``leaving`` is that release, ``intervals`` are what could be
    said when it was made, and ``primary`` is of the draft's numbers: the ledger keeps no hidden one.
    ``confidential``: the funder's edition beside this public one, where there are two.
    """

    leaving: Released
    entry: Entry
    hidden: tuple[str, ...]
    primary: tuple[str, ...]
    loss: int
    gap: int | None
    intervals: Mapping[str, Interval]
    consistent: bool = True
    exact: tuple[str, ...] = ()
    narrow: tuple[str, ...] = ()
    where: Message | None = None
    again: bool = False
    confidential: Proposal | None = None

    @property
    def editions(self) -> tuple[Proposal, ...]:
        """What leaves in one go, the confidential edition first."""
        return (self,) if self.confidential is None else (self.confidential, self)

    @property
    def certificate(self) -> Certificate:
        return self.leaving.certificate

    @property
    def safe(self) -> bool:
        """Whether the auditor lets each edition leave, and knowing the rule does not tell a hidden number."""
        return all(
            one.consistent and not one.exact and not one.narrow and one.certificate.candidates not in (0, 1)
            for one in self.editions
        )


def read(folder: Path, project: str, anchor: Anchor = UNANCHORED) -> tuple[Entry, ...]:
    """The ledger of ``project`` in its releases ``folder``, every line verified; see chain.read."""
    return chain.read(folder, project, anchor)


def propose(
    draft: Draft,
    folder: Path,
    *,
    project: str,
    rules: Rules,
    provenance: Provenance,
    anchor: Anchor = UNANCHORED,
    protect: Protect = suppress.protect,
    audit: Audit | None = None,
    consistent: Consistent | None = None,
    steps: int = suppress.STEPS,
    confidential: Draft | None = None,
) -> Proposal:
    """The draft after the gate, judged together with every release in ``folder``; nothing is written.

    Means that could not be told without danger are withheld. A draft that was released before gives
    that release. ``confidential``: the draft of the funder's edition where the rules name two, if it is finer; its
    numbers are chosen first. Raises LedgerError (the ledger is damaged, of another project or audience, or has
    other numbers under this name), Contradiction (the tables) and Infeasible (what is public leaves
    something too narrow).
    """
    _check_name(draft.release)
    entries = chain.read(folder, project, anchor)
    editions.check(entries, rules)
    provenance = dataclasses.replace(provenance, ledger_head=chain.head(entries))
    memory: Memory = []
    auditing = audit or functools.partial(auditor.audit, memory=memory)
    asking = consistent or functools.partial(auditor.consistent, memory=memory)

    def made(one: Draft, own: Rules, edition: Edition, beside: Proposal | None = None) -> Proposal:
        before = named(one.release, entries, edition)
        if before is not None:
            return _repeated(before, one, folder)
        printable = None if beside is None else editions.numbers(beside.leaving)
        known = {} if beside is None else dict(beside.intervals)
        told = editions.of(entries, edition)
        one = hours.once(one if beside is None else editions.as_told(one, beside.leaving), told)
        one = with_means(one, _untold(one, told, own.threshold))
        gate = Gate(one, told, own.threshold, protect, auditing, asking, steps, printable, known)
        return _proposal(gate, own, provenance, project=project, edition=edition)

    *other, own = rules.audiences
    if not other:
        return made(draft, own, "")
    first = made(confidential or draft, other[0], FUNDER)
    second = made(draft, own, "", first)
    beyond = () if second.again else editions.beyond(second.leaving, first.leaving, first.intervals)
    return dataclasses.replace(second, confidential=first, narrow=(*second.narrow, *beyond))


def _untold(draft: Draft, entries: Sequence[Entry], threshold: int) -> list[int]:
    """The means, by their places, that were never told to the readers of this edition."""
    before = [mean for entry in entries for mean in entry.means]
    found = [released_before(mean, before, threshold=threshold, scored=draft.scored) for mean in draft.means]
    return [number for number, told in enumerate(found) if not told]


def _proposal(gate: Gate, rules: Rules, provenance: Provenance, *, project: str, edition: Edition) -> Proposal:
    judged = gate.judged()
    between = ranges(judged.draft, judged.hidden, judged.counted, threshold=rules.threshold, audit=gate.audit)
    leaving = leaving_of(
        judged.draft,
        {**printed(judged.counted, judged.hidden), **between},
        judged.counted,
        certificate=certificate_of(judged, rules, gate.entries, beside=gate.printable is not None),
        provenance=provenance,
    )
    entry = entry_of(judged, leaving, project=project, threshold=rules.threshold)
    return Proposal(
        leaving=leaving,
        entry=dataclasses.replace(entry, edition=edition),
        hidden=judged.hidden,
        primary=judged.primary,
        loss=judged.loss,
        gap=judged.gap,
        intervals=judged.verdict.intervals,
        consistent=judged.verdict.consistent,
        exact=judged.exact,
        narrow=judged.narrow,
        where=judged.verdict.where,
    )


def as_bundle(proposal: Proposal, folder: Path) -> str:
    """The bundle that was made or would be, to draw documents of before anything is entered.

    Raises Disclosive when the auditor found a number that is not protected.
    """
    if proposal.again:
        return chain.file(folder, proposal.entry).read_text(encoding="utf-8")
    return bundle.text(_as_released(proposal))


def _as_released(proposal: Proposal) -> Released:
    _check_safe(proposal)
    return dataclasses.replace(proposal.leaving, digest=bundle.digest(proposal.leaving))


def release(proposal: Proposal, folder: Path, anchor: Anchor = UNANCHORED) -> Released:
    """Enters the proposal in the ledger and writes its bundle ``<release>.json``: both or neither.

    So it does with the confidential edition beside it, whose bundle lies in ``funder/``.

    The same proposal again gives the release that is there. Raises Disclosive when the auditor found
    a number that is not protected, LedgerError when the name is taken by other numbers or another
    release was made in between; then nothing is written.
    """
    name = proposal.entry.release
    with chain.locked(folder):
        entries = chain.read(folder, proposal.entry.project, anchor)
        chain.repair(folder, entries)
        before = [named(name, entries, one.entry.edition) for one in proposal.editions]
        for entry, one in zip(before, proposal.editions, strict=True):
            # Of one version: a proposal made before is of this entry.
            if entry is not None and entry.content != one.entry.content:
                raise _taken(entry)
        if before[-1] is not None:
            return bundle.read(chain.file(folder, before[-1]))
        made = [_as_released(one) for one in proposal.editions]
        if chain.head(entries) != proposal.entry.previous:
            raise LedgerError("release.ledger.overtaken", release=name)
        head, lines = proposal.entry.previous, list[tuple[Entry, str]]()
        for released, one in zip(made, proposal.editions, strict=True):
            entry = dataclasses.replace(one.entry, bundle=released.digest, previous=head).sealed(anchor.key)
            head = entry.hash
            lines.append((entry, bundle.text(released)))
        chain.add(folder, lines)
        return made[-1]


def _repeated(before: Entry, draft: Draft, folder: Path) -> Proposal:
    """The release that was released of this draft; what it hid is hidden again and nothing is optimised."""
    path = chain.file(folder, before)
    released = bundle.read(path)
    draft = with_means(draft, [n for n, mean in enumerate(released.means) if mean.change is not None])
    draft = hours.as_told(draft, released)
    unseen = {
        identity(name, before.release, kept.at): kept.between or (0, None)
        for name, population in before.populations.items()
        for kept in population.cells
        if not isinstance(kept.value, int)
    }
    counted = quantities_of(draft)
    values = printed(counted, unseen)
    between = {name: value for name, value in editions.printed(released).items() if values.get(name) is None}
    leaving = leaving_of(
        draft, {**values, **between}, counted, certificate=released.certificate, provenance=released.provenance
    )
    if not bundle.same(leaving, bundle.values(path.read_text(encoding="utf-8"), path.name)):
        raise _taken(before)
    hidden = tuple(name for name, value in values.items() if value is None)
    unsafe = document(draft, threshold=before.threshold)["sensitive"]
    primary = tuple(name for name in hidden if name in unsafe)
    loss = sum(cell.weight for one in counted for at, cell in one.cells.items() if one.name(at) in hidden)
    return Proposal(released, before, hidden, primary, loss, None, unseen, again=True)


def named(name: str, entries: Sequence[Entry], edition: Edition = "") -> Entry | None:
    """The release of this name, if it was made; small and capital letters are the same, as in file names."""
    own = editions.of(entries, edition)
    return next((entry for entry in own if entry.release.casefold() == name.casefold()), None)


def _taken(entry: Entry) -> LedgerError:
    return LedgerError("release.ledger.taken", release=entry.release, day=entry.released_on)


def _check_name(name: str) -> None:
    if not of_releases.NAMED.fullmatch(name):
        raise BadArgument("release.ledger.bad_name", name=name)


def _check_safe(proposal: Proposal) -> None:
    if proposal.certificate.threshold <= 1:
        raise NotReleased("release.unsafe.internal", release=proposal.entry.release)
    if not proposal.consistent:
        raise Disclosive("release.unsafe.contradiction", release=proposal.entry.release, where=proposal.where)
    if proposal.certificate.candidates in (0, 1):
        raise Disclosive("release.unsafe.rule", release=proposal.entry.release)
    open_cells = sorted({*proposal.exact, *proposal.narrow})
    if open_cells:
        raise Disclosive("release.unsafe.recoverable", release=proposal.entry.release, names=some(open_cells, 5))
