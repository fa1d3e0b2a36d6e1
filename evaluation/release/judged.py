"""What the gate asks optimiser and auditor for, and a draft as the two of them judged it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from evaluation.release.released import Draft
from evaluation.release.suppress.protection import Protection
from evaluation.release.system.document import Document
from evaluation.release.system.quantities import Quantities
from evaluation.texts import Message


class Verdict(Protocol):
    """What is used of an answer of the auditor. All ends of a draft's intervals are whole numbers or None."""

    @property
    def consistent(self) -> bool: ...
    @property
    def intervals(self) -> Mapping[str, tuple[Any, Any]]: ...
    @property
    def exact(self) -> tuple[str, ...]: ...
    @property
    def narrow(self) -> tuple[str, ...]: ...
    @property
    def where(self) -> Message | None: ...
    @property
    def unproven(self) -> tuple[str, ...]: ...
    @property
    def rows(self) -> tuple[tuple[tuple[tuple[str, int], ...], int], ...]: ...
    @property
    def apart(self) -> bool: ...


class Protect(Protocol):
    """The optimiser: a document of the open format in, the document with hidden numbers out."""

    def __call__(self, document: Mapping[str, object], *, steps: int) -> Protection: ...


class Audit(Protocol):
    """The auditor: what an intruder can still derive from a published document."""

    def __call__(self, document: Mapping[str, object], /) -> Verdict: ...


class Consistent(Protocol):
    """The auditor where only that is asked: whether all that a published document states can be true."""

    def __call__(self, document: Mapping[str, object], /) -> bool: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """A draft after optimiser and auditor. ``draft`` has only the means that may be told.

    ``hidden``: the names of this release's quantities that stand in a table but are not printed;
    ``primary``: those of them that are unsafe themselves. ``document`` holds true numbers, and ``verdict`` is
    about its reader; ``narrow``: what some reader knows too well. ``apart``: whether
    this release and those before it were judged each by itself, not as people who move on.
    """

    draft: Draft
    counted: tuple[Quantities, ...]
    document: Document
    hidden: tuple[str, ...]
    primary: tuple[str, ...]
    optimal: bool
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
