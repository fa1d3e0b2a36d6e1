"""What is hidden from the readers of a release, one after another, until none of them gains by what is left."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evaluation.errors import Contradiction, Infeasible
from evaluation.release.audit.verdict import Audit as Verdict
from evaluation.release.files.chain import Row
from evaluation.release.judged import Audit, Protect
from evaluation.release.readers import Reader
from evaluation.release.suppress.system import fewest
from evaluation.release.system.assembly import publication
from evaluation.release.system.document import Document, values

_ROUNDS = 12
"""How often the optimiser is told what the auditor found; what is narrow after that does not leave."""


@dataclass(slots=True)
class Serving:
    """Optimiser and auditor in turns, for one draft.

    ``thorough``: whether all that may be hidden goes, if need be, before something is told too well. ``hidden``: the
    names of this release's quantities that are not printed; ``least``: what hiding costs at least.
    """

    protect: Protect
    audit: Audit
    steps: int
    thorough: bool
    hidden: tuple[str, ...] = ()
    least: int | None = None
    _judged: dict[Reader, tuple[tuple[str, ...], Verdict]] = field(default_factory=dict)

    def serve(self, readers: Sequence[Reader]) -> None:
        """Also these readers; the others once more, where more is hidden than when they were judged.

        For the less is printed, the fewer exceptions may somebody suppose. Raises Infeasible where public numbers
        leave something too narrow, and Contradiction where no reader can take the tables to be true.
        """
        told = [*self._judged, *readers]
        while waiting := [one for one in told if one not in self._judged or self._judged[one][0] != self.hidden]:
            refuted = [error for one in waiting if (error := self._serve(one))]
            if len(refuted) == len(told) and not self.hidden:
                raise refuted[0]

    def verdict(self, reader: Reader) -> Verdict:
        """What the auditor said last of what she can derive."""
        return self._judged[reader][1]

    @property
    def narrow(self) -> tuple[str, ...]:
        """What some reader knows too well."""
        return tuple(dict.fromkeys(name for _, verdict in self._judged.values() for name in verdict.narrow))

    @property
    def apart(self) -> bool:
        """Whether some reader was judged by each release alone, since people can move on in too many ways."""
        return any(verdict.apart for _, verdict in self._judged.values())

    @property
    def gap(self) -> int:
        """By how much what is hidden costs more than the least that was proven."""
        return max(self._cost(one.document) for one in self._judged) - (self.least or 0)

    def _cost(self, document: Document) -> int:
        return sum(cell.weight for cell in document.cells if cell.id in self.hidden)

    def _judge(self, reader: Reader, hidden: tuple[str, ...]) -> Verdict:
        # The auditor gets the tables from here and not from the optimiser: what leaves is what it judges.
        verdict = self.audit(publication(reader.document, hidden).as_mapping())
        self.hidden, self._judged[reader] = hidden, (hidden, verdict)
        return verdict

    def _serve(self, reader: Reader) -> Contradiction | None:
        """The optimiser hides what she must not see besides what is hidden, whose numbers may be any to her.

        So may be all that it hides where no numbers are both true and as she supposes: some are not so, others may be.
        Where what is printed shows her that she supposes what is not so, she is not served.
        """
        verdict = self._judge(reader, self.hidden) if self.hidden else None
        if verdict is not None and not verdict.narrow:
            return None
        told, unseen = _without(reader.document, self.hidden), self.hidden
        learnt = _learnt(told, verdict)
        for _ in range(_ROUNDS):
            told = dataclasses.replace(told, relations=(*told.relations, *learnt))
            try:
                protection = self.protect(told.as_mapping(), steps=self.steps)
            except Contradiction as error:
                if not self.hidden:
                    self._judge(reader, ())
                    return error
                if unseen == self.hidden:
                    break
                told, unseen, learnt = _without(told, self.hidden), self.hidden, []
                continue
            except Infeasible:
                if not self.thorough:
                    raise
                break
            verdict = self._judge(reader, hidden_in(reader.document, protection.published))
            if not unseen:
                least = self._cost(reader.document) - protection.gap
                self.least = least if self.least is None else max(self.least, least)
            if not (learnt := _learnt(told, verdict)):
                if _overlooked(reader.document, verdict):
                    return None  # what the optimiser knows and does not heed is no reader's fault: nothing leaves
                break
        if self.thorough and (verdict is None or verdict.narrow):
            self._hide_more(reader)
        return None

    def _hide_more(self, reader: Reader) -> None:
        """What the optimiser does not find: as few as leave nothing narrow that may be hidden."""
        may_go = {*reader.document.own} - {*reader.document.must_publish, *self.hidden}
        free = [cell.id for cell in reader.document.cells if cell.id in may_go]

        def suffice(more: Sequence[str]) -> bool:
            return not self.audit(publication(reader.document, (*self.hidden, *more)).as_mapping()).narrow

        if suffice(free):
            gone = {*self.hidden, *fewest(free, free, suffice)}
            self._judge(reader, tuple(cell.id for cell in reader.document.cells if cell.id in gone))


def hidden_in(written: Document, published: Mapping[str, object]) -> tuple[str, ...]:
    """What of a document has no number in what the optimiser made of it; all others are as they were."""
    left = values(published)
    hidden = []
    for cell in written.cells:
        value = left.get(cell.id)
        if value is None:
            hidden.append(cell.id)
        elif value != cell.value:
            raise Contradiction("release.changed_on_its_way", name=cell.id)
    return tuple(hidden)


def _overlooked(document: Document, verdict: Verdict) -> bool:
    """Whether something is too narrow by what was proven, and not because no lists of people were found."""
    for name in verdict.narrow:
        (low, high), (least, most) = verdict.intervals.get(name, (None, None)), document.sensitive[name]
        if (low is not None and low > least) or (high is not None and high < most):
            return True
    return False


def _without(document: Document, hidden: Sequence[str]) -> Document:
    return document.with_values(dict.fromkeys(hidden))


def _learnt(told: Document, verdict: Verdict | None) -> list[Row]:
    """What the auditor found to hold for all lists of people, and the optimiser does not know."""
    rows = (Row(terms, "<=", most) for terms, most in (verdict.rows if verdict else ()))
    return [row for row in dict.fromkeys(rows) if row not in told.relations]
