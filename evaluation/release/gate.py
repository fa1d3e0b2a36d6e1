"""One draft on its way through optimiser and auditor, with those means that can be told without danger."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from evaluation.errors import Contradiction, Infeasible
from evaluation.release.files.chain import Entry, Row
from evaluation.release.judged import Audit, Consistent, Judged, Protect, Verdict
from evaluation.release.minimality import candidates
from evaluation.release.planned import hours
from evaluation.release.released import Draft, Value
from evaluation.release.system.assembly import (
    PriorIntervals,
    as_if,
    attainable,
    beside,
    document,
    publication,
    quantities_of,
)
from evaluation.release.system.document import Document, values
from evaluation.release.system.earlier import families
from evaluation.release.system.means import tellable_starts, without_starts
from evaluation.release.system.quantities import Quantities


def printed(counted: Sequence[Quantities], hidden: Collection[str]) -> dict[str, Value]:
    """What is printed of each quantity that a table shows: its number, or None."""
    shown = ((counts.name(at), cell) for counts in counted for at, cell in counts.cells.items() if cell.shown)
    return {name: None if name in hidden else cell.value for name, cell in shown}


_ROUNDS = 12
"""How often the optimiser is told what the auditor found; what is narrow after that does not leave."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Optimiser and auditor with the ledger they answer to.

    ``printable``: the numbers of this release that another edition prints, where no others may be; None: all.
    ``known``: between which numbers the reader of that edition knows each of the others.
    """

    entries: Sequence[Entry]
    threshold: int
    protect: Protect
    audit: Audit
    consistent: Consistent
    steps: int
    printable: Collection[str] | None = None
    known: PriorIntervals = field(default_factory=dict)

    def judged(self, draft: Draft) -> Judged:
        """With person-hours if that is possible; see ``_with_means``."""
        if draft.hours is not None:
            with contextlib.suppress(Infeasible):
                judged = self._with_means(draft)
                if not judged.verdict.narrow:
                    return judged
        return self._with_means(hours.without(draft))

    def _with_means(self, draft: Draft) -> Judged:
        """With all means if that is possible; else without those of first scores; else with each that can be told.

        Each mean change is told beside those before it.

        Raises Infeasible when public numbers alone leave something too narrow, and Contradiction
        when the tables cannot be true.
        """
        telling = [number for number, mean in enumerate(draft.means) if mean.change is not None]
        whole = dataclasses.replace(draft, means=tellable_starts(draft.means, threshold=self.threshold))
        draft = dataclasses.replace(draft, means=without_starts(draft.means))
        for tried in (whole, draft) if whole != draft else (draft,):
            try:
                judged = self._corrected_where_needed(tried)
            except Infeasible:
                if not telling:
                    raise
            else:
                if not (telling and judged.verdict.narrow):
                    return judged
        judged, tellable = self._corrected_where_needed(with_means(draft, ())), list[int]()
        for number in telling:
            try:
                more = self._corrected_where_needed(with_means(draft, (*tellable, number)))
            except Infeasible:
                continue
            if not more.verdict.narrow:
                judged, tellable = more, [*tellable, number]
        return judged

    def _corrected_where_needed(self, draft: Draft) -> Judged:
        """A contradiction with earlier releases means that somebody was corrected where nobody can see it.

        The fewest variables are supposed to be so: of the others a reader knows that only newcomers came. An erratum
        says that anything may have been corrected.
        """
        if draft.replaces is not None:
            return self._attempt(draft, [variable for counts in quantities_of(draft) for variable in counts.codes])
        try:
            judged = self._attempt(draft, ())
        except Contradiction:
            if not self.entries:
                raise
            judged = None
        if judged is not None and (judged.verdict.consistent or not self.entries):
            return judged
        return self._attempt(draft, self._corrected(draft))

    def _corrected(self, draft: Draft) -> tuple[str, ...]:
        """The variables in which unseen corrections make the earlier releases and this one true together.

        That is so by what may be printed of them: numbers that no reader will see decide nothing. Each family of
        variables is left out of them where the others suffice.
        """
        corrected = [family for counts in quantities_of(draft) for family in families(counts)]

        def suffices(kept: Sequence[tuple[str, ...]]) -> bool:
            unseen = [variable for family in kept for variable in family]
            written = self._document(draft, unseen)
            return self.consistent(publication(written, ()).as_mapping())

        return tuple(variable for family in fewest(corrected, corrected, suffices) for variable in family)

    def _attempt(self, draft: Draft, unseen: Collection[str]) -> Judged:
        """For those who suppose that people stay as they are, also with as many exceptions as is true of these."""
        supposed, known = list[Document](), None
        for exceptions in _EXCEPTIONS if self.entries else ():
            written, without_means = self._written(draft, unseen, exceptions)
            known = known_beforehand(without_means, self.audit)
            if known.apart:
                break  # there are too many ways to move on, so nobody supposes any: as below
            asked = attainable(written, known.intervals)
            if _true(without_means, known.intervals):
                with contextlib.suppress(Contradiction):  # what the auditor found is not true of these people
                    judged = self._judge(draft, asked, known.intervals, supposed)
                    if _true(judged.document, judged.verdict.intervals):
                        return self._where_people_moved(judged, unseen, exceptions, supposed)
            supposed += [] if exceptions else [asked]
        written, without_means = self._written(draft, unseen, None)
        apart = known is not None and known.apart
        if known is None or not apart:
            known = known_beforehand(without_means, self.audit)
        judged = self._judge(draft, attainable(written, known.intervals), known.intervals, supposed)
        return dataclasses.replace(self._where_people_moved(judged, unseen, None, supposed), apart=apart)

    def _where_people_moved(
        self, judged: Judged, unseen: Collection[str], exceptions: int | None, supposed: Sequence[Document]
    ) -> Judged:
        """Also for whoever knows that hidden numbers may have fallen: she knew less beforehand, and may learn more."""
        every = [variable for counts in judged.counted for variable in counts.codes]
        if not self.entries or {*every} <= {*unseen}:
            return judged
        written, without_means = self._written(judged.draft, every, exceptions)
        prior = known_beforehand(without_means, self.audit).intervals
        changes = {name for names in written.changes.values() for name in names}
        own = {name: ends for name, ends in attainable(written, prior).sensitive.items() if name not in changes}
        # Who came and what was corrected is protected from whoever supposes that nothing else happened.
        own |= {name: ends for name, ends in judged.document.sensitive.items() if name in changes}
        asked = dataclasses.replace(written, sensitive=own)
        if not self.audit(publication(asked, judged.hidden).as_mapping()).narrow:
            return judged
        return self._judge(judged.draft, asked, prior, [*supposed, judged.document])

    def _judge(self, draft: Draft, written: Document, prior: PriorIntervals, supposed: Sequence[Document]) -> Judged:
        """``supposed``: the same for those who suppose what is not true, and may guess right nevertheless."""
        counted, told, misled, apart = quantities_of(draft), written, list[Document](), list[Document]()
        for _ in range(_ROUNDS):
            try:
                protection = self.protect(told.as_mapping(), steps=self.steps)
            except Contradiction:
                if not supposed or told is written:
                    raise
                misled += supposed  # no numbers are both true and as they suppose: some are wrong, others may be right
                supposed, told = (), written
                continue
            except Infeasible:
                if told is written or written in apart:
                    raise
                apart += supposed or [written]  # what these know is not known to all: who knows less is asked for more
                supposed, told = (), written
                continue
            chosen = _hidden(written, protection.published)
            hidden = self._hidden_from([*misled, *apart], chosen, written, counted)
            # The auditor gets the tables from here and not from the optimiser: what leaves is what it judges.
            verdicts = [self.audit(publication(one, hidden).as_mapping()) for one in (written, *supposed, *apart)]
            learnt = [
                Row(terms, "<=", most) for verdict in verdicts[: 1 + len(supposed)] for terms, most in verdict.rows
            ]
            learnt = [row for row in dict.fromkeys(learnt) if row not in told.relations]
            if not learnt:
                break
            told = dataclasses.replace(told, relations=(*told.relations, *learnt))
        verdict = verdicts[0]
        if narrow := [name for other in verdicts[1:] for name in other.narrow if name not in verdict.narrow]:
            verdict = dataclasses.replace(verdict, narrow=(*verdict.narrow, *dict.fromkeys(narrow)))  # type: ignore[type-var]
        primary = tuple(name for name in protection.primary if name in hidden)
        more = len(hidden) - len(chosen)
        return Judged(
            draft=draft,
            counted=counted,
            document=written,
            hidden=hidden,
            primary=primary,
            optimal=protection.optimal and not more,
            gap=protection.gap + more,
            verdict=verdict,
            candidates=self._candidates(counted, written, prior, hidden, primary),
        )

    def _hidden_from(
        self,
        misled: Sequence[Document],
        hidden: tuple[str, ...],
        written: Document,
        counted: Sequence[Quantities],
    ) -> tuple[str, ...]:
        """Also what those must not see who suppose what is not true of these people, or more than the others know.

        The optimiser cannot serve them, since its numbers are the true ones and what it is told holds for everybody:
        all of the variables goes in which something would be too narrow for them, and where that does not suffice all
        that may be hidden.
        """
        free = [cell for cell in written.cells if cell.id in written.own and cell.id not in written.must_publish]
        for whole in (False, True) if misled else ():
            narrow: set[str] = set()
            for one in misled:
                at = {cell.id: cell.at for cell in one.cells} | {other.id: other.at for other in one.hidden}
                found = self.audit(publication(one, hidden).as_mapping()).narrow
                narrow |= {variable for name in found for variable in at[name]}
            if not narrow:
                break
            related = {
                name for counts in counted for family in families(counts) if narrow & {*family} for name in family
            }
            gone = {cell.id for cell in free if whole or related & {*cell.at}}
            hidden = tuple(cell.id for cell in written.cells if cell.id in gone or cell.id in hidden)
        return hidden

    def _candidates(
        self,
        counted: Sequence[Quantities],
        written: Document,
        prior: PriorIntervals,
        hidden: Sequence[str],
        primary: Sequence[str],
    ) -> int | None:
        """Values left for the worst cell where a reader knows this rule.

        Not assessed after an earlier release, and where another edition was chosen first.
        """
        if self.entries or self.printable is not None:
            return None

        def hide(part: Document, numbers: Mapping[str, int]) -> Collection[str]:
            demanded = attainable(as_if(part, counted, numbers, self.threshold), prior)
            try:
                return _hidden(demanded, self.protect(demanded.as_mapping(), steps=self.steps).published)
            except (Contradiction, Infeasible):
                return ()  # such a table would not have been published

        return candidates(written, publication(written, hidden), primary=primary, hide=hide)

    def _written(self, draft: Draft, unseen: Collection[str], exceptions: int | None) -> tuple[Document, Document]:
        """The document with the draft's means and person-hours, and without."""
        bare = hours.without(with_means(draft, ()))
        drafts = (draft,) if bare == draft else (draft, bare)
        made = [self._document(one, unseen).supposing(exceptions) for one in drafts]
        return made[0], made[-1]

    def _document(self, draft: Draft, unseen: Collection[str]) -> Document:
        written = document(
            draft,
            threshold=self.threshold,
            earlier=self.entries,
            unseen=unseen,
            printable=self.printable,
            known=self.known,
        )
        return written if self.printable is None else beside(written, self.printable, self.known)


def fewest(
    kept: Sequence[tuple[str, ...]],
    block: Sequence[tuple[str, ...]],
    suffices: Callable[[Sequence[tuple[str, ...]]], bool],
) -> Sequence[tuple[str, ...]]:
    """``kept`` without each member of ``block`` that those left can do without, tried in this order.

    More never suffice less, so a block without which they do is left out in one step.
    """
    rest = [family for family in kept if family not in block]
    if suffices(rest):
        return rest
    if len(block) < 2:
        return kept
    half = len(block) // 2
    return fewest(fewest(kept, block[:half], suffices), block[half:], suffices)


_EXCEPTIONS = (0, 2, 4, 8)
"""Of how many people more than the print requires nothing need stay, until what is known beforehand is true."""


def _true(written: Document, known: PriorIntervals) -> bool:
    """Whether the numbers that the kit knows lie in what is said of them."""
    values = {cell.id: cell.value for cell in written.cells} | {one.id: one.value for one in written.hidden}

    def inside(value: int, low: int | None, high: int | None) -> bool:
        return (low is None or low <= value) and (high is None or value <= high)

    return all(inside(value, *known.get(name, (None, None))) for name, value in values.items() if value is not None)


def known_beforehand(without_means: Document, audit: Audit) -> Verdict:
    """What a reader can say of each unknown from public numbers and earlier releases alone."""
    blank = publication(without_means, set(without_means.own) - set(without_means.must_publish))
    return audit(dataclasses.replace(blank, sensitive={}, asked=blank.sensitive, own=(), changes={}).as_mapping())


def with_means(draft: Draft, means: Collection[int]) -> Draft:
    """The draft with these means, by position; the others stay without a number."""
    kept = (
        mean if number in means else dataclasses.replace(mean, change=None) for number, mean in enumerate(draft.means)
    )
    return dataclasses.replace(draft, means=tuple(kept))


def _hidden(written: Document, published: Mapping[str, object]) -> tuple[str, ...]:
    left = values(published)
    hidden = []
    for cell in written.cells:
        value = left.get(cell.id)
        if value is None:
            hidden.append(cell.id)
        elif value != cell.value:
            raise Contradiction("release.changed_on_its_way", name=cell.id)
    return tuple(hidden)
