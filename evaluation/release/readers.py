"""Who reads a release beside those before it: what she supposes of people, and what she knows beforehand."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from evaluation.release.audit.verdict import Audit as Verdict
from evaluation.release.judged import Audit
from evaluation.release.system.assembly import PriorIntervals, attainable, publication
from evaluation.release.system.document import Document


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """One of them. ``document``: that of the release as she supposes it, with true numbers.

    It asks for no more than she does not know beforehand.

    ``known``: between which numbers each is to her beforehand; ``right``: whether the true ones are there; ``apart``:
    whether the auditor judged each release by itself, since people can move on in too many ways.
    """

    document: Document
    known: PriorIntervals
    right: bool
    apart: bool

    def of(self, written: Document) -> Reader:
        """The same reader, of a document that asks for everything and tells means and person-hours besides."""
        return dataclasses.replace(self, document=attainable(written, self.known))

    def asking_changes_of(self, other: Reader) -> Reader:
        """The same reader, asked to miss a change only where it is known to be small, or to the ``other`` may be.

        It is known since a number that was printed; of one that was hidden all may be supposed.
        """
        changes = {name for names in self.document.changes.values() for name in names}
        printed = {*self.document.must_publish}
        since = {row.terms[-1][0] for row in self.document.relations if row.terms[1:2] and row.terms[1][0] in printed}
        free = changes - since - other.document.sensitive.keys()
        asked = {name: ends for name, ends in self.document.sensitive.items() if name not in free}
        return dataclasses.replace(self, document=dataclasses.replace(self.document, sensitive=asked))


def reader(without_means: Document, audit: Audit) -> Reader:
    """Of a document that asks for everything and tells no means and person-hours."""
    before = known_beforehand(without_means, audit)
    right = before.consistent and holds(without_means, before.intervals)
    return Reader(attainable(without_means, before.intervals), before.intervals, right, before.apart)


def known_beforehand(without_means: Document, audit: Audit) -> Verdict:
    """What a reader can say of each unknown from public numbers and earlier releases alone."""
    blank = publication(without_means, set(without_means.own) - set(without_means.must_publish))
    return audit(dataclasses.replace(blank, sensitive={}, asked=blank.sensitive, own=(), changes={}).as_mapping())


def holds(written: Document, known: PriorIntervals) -> bool:
    """Whether the numbers that the kit knows lie in what is said of them."""
    values = {cell.id: cell.value for cell in written.cells} | {one.id: one.value for one in written.hidden}

    def inside(value: int, low: int | None, high: int | None) -> bool:
        return (low is None or low <= value) and (high is None or value <= high)

    return all(inside(value, *known.get(name, (None, None))) for name, value in values.items() if value is not None)
