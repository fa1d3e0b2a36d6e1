"""What the gate asks optimiser and auditor for, and a draft as the two of them judged it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evaluation.release.audit.verdict import Audit as Verdict
from evaluation.release.released import Draft
from evaluation.release.suppress.protection import Protection
from evaluation.release.system.document import Document
from evaluation.release.system.quantities import Quantities

Protect = Callable[..., Protection]
"""The optimiser: a document of the open format, and ``steps``, in, the document with hidden numbers out."""

Audit = Callable[[Mapping[str, object]], Verdict]
"""The auditor: what an intruder can still derive from a published document."""

Consistent = Callable[[Mapping[str, object]], bool]
"""The auditor where only that is asked: whether all that a published document states can be true."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A draft after optimiser and auditor. ``draft`` has only the means that may be told.

    ``hidden``: the names of this release's quantities that stand in a table but are not printed;
    ``primary``: those of them that are unsafe themselves. ``document`` holds true numbers, and ``verdict`` is
    about its reader; ``narrow``: what some reader knows too well; ``gap``: how many fewer
    numbers might do, at best. ``apart``: whether
    this release and those before it were judged each by itself, not as people who move on.
    """

    draft: Draft
    counted: tuple[Quantities, ...]
    document: Document
    hidden: tuple[str, ...]
    primary: tuple[str, ...]
    gap: int
    verdict: Verdict
    narrow: tuple[str, ...]
    candidates: int | None = None
    apart: bool = False

    @property
    def exact(self) -> tuple[str, ...]:
        """Protected quantities that an intruder can compute."""
        return tuple(name for name in self.verdict.exact if name in self.document.sensitive)

    @property
    def loss(self) -> int:
        """The weights of what is hidden."""
        weights = {counts.name(at): cell.weight for counts in self.counted for at, cell in counts.cells.items()}
        return sum(weights[name] for name in self.hidden)
