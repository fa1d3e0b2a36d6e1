"""What is known of changes in points: of every outcome by its scale and plan, and by a mean as it was printed."""

from __future__ import annotations

from dataclasses import dataclass

Ends = tuple[tuple[float, float], ...]
"""The least and the greatest score in each third of a scale."""


@dataclass(frozen=True, slots=True)
class Scored:
    """How one outcome is scored, by public declarations.

    ``width``: of its scale; ``step``: the smallest change that counts as higher or lower; ``same``: the largest that
    counts as neither; ``retention``: the least share, of those with a first score, with both behind a printed mean;
    ``plain``: no wave between the two lends scores to the mean; ``ends``: of each third, in points above the least
    score, where it is known which scores there can be; ``scale``: which, where outcomes may share it.
    """

    outcome: str
    width: float
    step: float
    same: float
    retention: float = 0.0
    plain: bool = True
    ends: Ends = ()
    scale: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A mean as it was printed, with so many ``decimals``, and how what it is a mean of was scored.

    ``start``: the mean first score of the same people, in points above the least, where it is printed; ``wave``: a
    wave after the end, up to which the change goes.
    """

    scored: Scored
    method: str
    change: float
    low: float
    high: float
    confidence: float
    decimals: int
    start: float | None = None
    wave: str = ""
