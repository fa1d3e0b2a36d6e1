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


@dataclass(frozen=True, eq=False)
class Gate:
    """Optimiser and auditor for one draft, with the ledger they answer to.

    ``printable``: the numbers of this release that another edition prints, where no others may be; None: all.
    ``known``: between which numbers the reader of that edition knows each of the others.
    """

    draft: Draft
    entries: Sequence[Entry]
    threshold: int
    protect: Protect
    audit: Audit
    consistent: Consistent
    steps: int
    printable: Collection[str] | None = None
    known: PriorIntervals = field(default_factory=dict)

    @functools.cached_property
    def counted(self) -> tuple[Quantities, ...]:
        """The quantities of the draft."""
        return quantities_of(self.draft)

    @property
    def _variables(self) -> tuple[str, ...]:
        return tuple(variable for counts in self.counted for variable in counts.codes)

    @functools.cached_property
    def _beforehand(self) -> Callable[[tuple[str, ...], int | None], Reader]:
        """Who reads the draft without means and person-hours, each found once, whatever is tried beside it."""
        written = functools.cache(functools.partial(self._document, _bare(self.draft)))
        return functools.cache(
            lambda unseen, exceptions: reader(dataclasses.replace(written(unseen), exceptions=exceptions), self.audit)
        )

    def judged(self) -> Judged:
        """With person-hours if that is possible; see ``_with_means``."""
        if self.draft.hours is not None:
            with contextlib.suppress(Infeasible):
                judged = self._with_means(self.draft)
                if not judged.narrow:
                    return judged
        return self._with_means(hours.without(self.draft))

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
                judged = self._for_all_readers(tried)
            except Infeasible:
                if not telling:
                    raise
            else:
                if not (telling and judged.narrow):
                    return judged
        judged, tellable = self._for_all_readers(with_means(draft, ())), list[int]()
        for number in telling:
            try:
                more = self._for_all_readers(with_means(draft, (*tellable, number)))
            except Infeasible:
                continue
            if not more.narrow:
                judged, tellable = more, [*tellable, number]
        return judged

    def _for_all_readers(self, draft: Draft) -> Judged:
        """What no reader may see is hidden, for one after another, until nobody gains by what is left.

        Whoever supposes that no more people moved on than what is printed requires may be wrong about these, and
        guess right nevertheless: what she must not see is hidden besides.
        """
        bare = draft == _bare(draft)
        serving = Serving(self.protect, self.audit, self.steps, thorough=bool(self.entries) and bare)
        written = functools.cache(functools.partial(self._document, draft))

        def read(unseen: tuple[str, ...]) -> Reader:
            return self._beforehand(unseen, exceptions).of(dataclasses.replace(written(unseen), exceptions=exceptions))

        unseen, wrong = self._corrected(written), list[Reader]()
        for exceptions in _EXCEPTIONS if self.entries else (None,):
            main = read(unseen)
            if main.right or not exceptions:
                others = [read(fallen) for fallen in self._others(unseen)]
                readers = [main, *(one.asking_changes_of(main) for one in others)]
            if main.right or exceptions is None:
                serving.serve(readers)
                found = serving.verdict(main)
                if found.consistent and holds(main.document, found.intervals):
                    break
            elif not exceptions:
                wrong = readers
        serving.serve(wrong)
        if serving.apart and not main.apart and not bare:  # means tie numbers that are counted apart otherwise
            raise Infeasible("release.audit.too_many_kinds", names=[quoted(mean.id) for mean in draft.means])
        primary = tuple(name for name in serving.hidden if name in main.document.sensitive)
        return Judged(
            draft=draft,
            counted=self.counted,
            document=main.document,
            hidden=serving.hidden,
            primary=primary,
            gap=serving.gap,
            verdict=serving.verdict(main),
            narrow=serving.narrow,
            candidates=self._candidates(main, serving.hidden, primary),
            apart=main.apart or serving.apart,
        )

    def _others(self, unseen: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Besides the fewest variables in which hidden numbers fell: none, or any, of which she supposes it, too."""
        asked = self.entries and self.draft.replaces is None
        return [one for one in ((), self._variables) if one != unseen] if asked else []

    def _corrected(self, written: Callable[[tuple[str, ...]], Document]) -> tuple[str, ...]:
        """The variables in which unseen corrections make the earlier releases and this one true together.

        That is so by what may be printed of them: numbers that no reader will see decide nothing. Each family of
        variables is left out of them where the others suffice. An erratum says that anything may have been corrected.
        """
        if self.draft.replaces is not None:
            return self._variables
        corrected = [family for counts in self.counted for family in families(counts)]

        def suffices(kept: Sequence[tuple[str, ...]]) -> bool:
            unseen = tuple(variable for family in kept for variable in family)
            return self.consistent(publication(written(unseen), ()).as_mapping())

        needed = fewest(corrected, corrected, suffices) if self.entries else ()
        return tuple(variable for family in needed for variable in family)

    def _candidates(self, main: Reader, hidden: Sequence[str], primary: Sequence[str]) -> int | None:
        """Values left for the worst cell where a reader knows this rule.

        Not assessed after an earlier release, and where another edition was chosen first.
        """
        if self.entries or self.printable is not None:
            return None

        def hide(part: Document, numbers: Mapping[str, int]) -> Collection[str]:
            demanded = attainable(as_if(part, self.counted, numbers, self.threshold), main.known)
            try:
                return hidden_in(demanded, self.protect(demanded.as_mapping(), steps=self.steps).published)
            except (Contradiction, Infeasible):
                return ()  # such a table would not have been published

        return candidates(main.document, publication(main.document, hidden), primary=primary, hide=hide)

    def _document(self, draft: Draft, unseen: tuple[str, ...]) -> Document:
        written = document(
            draft,
            self.counted,
            threshold=self.threshold,
            earlier=self.entries,
            unseen=unseen,
            printable=self.printable,
            known=self.known,
        )
        return written if self.printable is None else beside(written, self.printable, self.known)


_EXCEPTIONS = (0, 2, 4, 8, None)
"""Of how many people more than the print requires nothing need stay, until what is known beforehand is true."""


def _bare(draft: Draft) -> Draft:
    return hours.without(with_means(draft, ()))


def with_means(draft: Draft, means: Collection[int]) -> Draft:
    """The draft with these means, by position; the others stay without a number."""
    kept = (
        mean if number in means else dataclasses.replace(mean, change=None) for number, mean in enumerate(draft.means)
    )
    return dataclasses.replace(draft, means=tuple(kept))
