"""One draft on its way through optimiser and auditor, with those means that can be told without danger."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from evaluation.errors import Contradiction, Infeasible
from evaluation.release.files.chain import Entry
from evaluation.release.judged import Audit, Consistent, Judged, Protect
from evaluation.release.minimality import candidates
from evaluation.release.planned import hours
from evaluation.release.readers import Reader, holds, reader
from evaluation.release.released import Draft, Value
from evaluation.release.serving import Serving, hidden_in
from evaluation.release.suppress.system import fewest
from evaluation.release.system.assembly import (
    PriorIntervals,
    as_if,
    attainable,
    beside,
    document,
    publication,
    quantities_of,
)
from evaluation.release.system.document import Document
from evaluation.release.system.earlier import families
from evaluation.release.system.means import tellable_starts, without_starts
from evaluation.release.system.quantities import Quantities
from evaluation.texts import quoted


def printed(counted: Sequence[Quantities], hidden: Collection[str]) -> dict[str, Value]:
    """What is printed of each quantity that a table shows: its number, or None."""
    shown = ((counts.name(at), cell) for counts in counted for at, cell in counts.cells.items() if cell.shown)
    return {name: None if name in hidden else cell.value for name, cell in shown}


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
        counted = quantities_of(draft)
        if draft.hours is not None:
            with contextlib.suppress(Infeasible):
                judged = self._with_means(draft, counted)
                if not judged.narrow:
                    return judged
        return self._with_means(hours.without(draft), counted)

    def _with_means(self, draft: Draft, counted: tuple[Quantities, ...]) -> Judged:
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
                judged = self._for_all_readers(tried, counted)
            except Infeasible:
                if not telling:
                    raise
            else:
                if not (telling and judged.narrow):
                    return judged
        judged, tellable = self._for_all_readers(with_means(draft, ()), counted), list[int]()
        for number in telling:
            try:
                more = self._for_all_readers(with_means(draft, (*tellable, number)), counted)
            except Infeasible:
                continue
            if not more.narrow:
                judged, tellable = more, [*tellable, number]
        return judged

    def _for_all_readers(self, draft: Draft, counted: tuple[Quantities, ...]) -> Judged:
        """What no reader may see is hidden, for one after another, until nobody gains by what is left.

        Whoever supposes that no more people moved on than what is printed requires may be wrong about these, and
        guess right nevertheless: what she must not see is hidden besides.
        """
        bare = _bare(draft)
        drafts = (draft,) if draft == bare else (draft, bare)
        serving = Serving(self.protect, self.audit, self.steps, thorough=bool(self.entries) and draft == bare)

        @functools.cache
        def written(unseen: tuple[str, ...]) -> tuple[Document, ...]:
            return tuple(self._document(one, counted, unseen) for one in drafts)

        def read(unseen: tuple[str, ...]) -> Reader:
            with_means, *without = (dataclasses.replace(one, exceptions=exceptions) for one in written(unseen))
            return reader(with_means, next(iter(without), with_means), self.audit)

        unseen, wrong = self._corrected(draft, counted, lambda unseen: written(unseen)[0]), list[Reader]()
        for exceptions in _EXCEPTIONS if self.entries else (None,):
            main = read(unseen)
            if main.right or not exceptions:
                others = [read(fallen) for fallen in self._others(draft, counted, unseen)]
                readers = [main, *(one.asking_changes_of(main) for one in others)]
            if main.right or exceptions is None:
                serving.serve(readers)
                found = serving.verdict(main)
                if found.consistent and holds(main.document, found.intervals):
                    break
            elif not exceptions:
                wrong = readers
        serving.serve(wrong)
        if serving.apart and not main.apart and draft != bare:  # means tie numbers that are counted apart otherwise
            raise Infeasible("release.audit.too_many_kinds", names=[quoted(mean.id) for mean in draft.means])
        primary = tuple(name for name in serving.hidden if name in main.document.sensitive)
        return Judged(
            draft=draft,
            counted=counted,
            document=main.document,
            hidden=serving.hidden,
            primary=primary,
            optimal=not serving.gap,
            gap=serving.gap,
            verdict=serving.verdict(main),
            narrow=serving.narrow,
            candidates=self._candidates(counted, main, serving.hidden, primary),
            apart=main.apart or serving.apart,
        )

    def _others(self, draft: Draft, counted: Sequence[Quantities], unseen: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Besides the fewest variables in which hidden numbers fell: none, or any, of which she supposes it, too."""
        every = _variables(counted)
        return [one for one in ((), every) if one != unseen] if self.entries and draft.replaces is None else []

    def _corrected(
        self,
        draft: Draft,
        counted: Sequence[Quantities],
        written: Callable[[tuple[str, ...]], Document],
    ) -> tuple[str, ...]:
        """The variables in which unseen corrections make the earlier releases and this one true together.

        That is so by what may be printed of them: numbers that no reader will see decide nothing. Each family of
        variables is left out of them where the others suffice. An erratum says that anything may have been corrected.
        """
        if draft.replaces is not None:
            return _variables(counted)
        corrected = [family for counts in counted for family in families(counts)]

        def suffices(kept: Sequence[tuple[str, ...]]) -> bool:
            unseen = tuple(variable for family in kept for variable in family)
            return self.consistent(publication(written(unseen), ()).as_mapping())

        needed = fewest(corrected, corrected, suffices) if self.entries else ()
        return tuple(variable for family in needed for variable in family)

    def _candidates(
        self, counted: Sequence[Quantities], main: Reader, hidden: Sequence[str], primary: Sequence[str]
    ) -> int | None:
        """Values left for the worst cell where a reader knows this rule.

        Not assessed after an earlier release, and where another edition was chosen first.
        """
        if self.entries or self.printable is not None:
            return None

        def hide(part: Document, numbers: Mapping[str, int]) -> Collection[str]:
            demanded = attainable(as_if(part, counted, numbers, self.threshold), main.known)
            try:
                return hidden_in(demanded, self.protect(demanded.as_mapping(), steps=self.steps).published)
            except (Contradiction, Infeasible):
                return ()  # such a table would not have been published

        return candidates(main.document, publication(main.document, hidden), primary=primary, hide=hide)

    def _document(self, draft: Draft, counted: tuple[Quantities, ...], unseen: Collection[str]) -> Document:
        written = document(
            draft,
            counted,
            threshold=self.threshold,
            earlier=self.entries,
            unseen=unseen,
            printable=self.printable,
            known=self.known,
        )
        return written if self.printable is None else beside(written, self.printable, self.known)


_EXCEPTIONS = (0, 2, 4, 8, None)
"""Of how many people more than the print requires nothing need stay, until what is known beforehand is true."""


def _variables(counted: Sequence[Quantities]) -> tuple[str, ...]:
    return tuple(variable for counts in counted for variable in counts.codes)


def _bare(draft: Draft) -> Draft:
    return hours.without(with_means(draft, ()))


def with_means(draft: Draft, means: Collection[int]) -> Draft:
    """The draft with these means, by position; the others stay without a number."""
    kept = (
        mean if number in means else dataclasses.replace(mean, change=None) for number, mean in enumerate(draft.means)
    )
    return dataclasses.replace(draft, means=tuple(kept))
