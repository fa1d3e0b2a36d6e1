"""What a figure shows, by value across and by row down, before anything is measured: boxes, lines, marks and words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

INK = "#1a1a1a"
HATCH = "////"


@dataclass(frozen=True, slots=True)
class Look:
    """How an area is filled: a colour, the colour of its edge, dots or lines over it."""

    colour: str
    edge: str = INK
    hatch: str = ""


UNTOLD = Look("#ffffff", "#767676", HATCH)


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a row from ``left`` on."""

    row: int
    left: float
    length: float
    look: Look


@dataclass(frozen=True, slots=True)
class Rule:
    """A line from the first row to the last."""

    at: float
    width: float
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """A line with ends."""

    row: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Mark:
    row: int
    at: float
    kind: Literal["point", "hollow point", "diamond"]


@dataclass(frozen=True, slots=True)
class Word:
    """Written over boxes and rules; ``boxed`` where these would make it hard to read."""

    row: int
    at: float
    text: str
    colour: str = INK
    align: Literal["left", "center"] = "center"
    boxed: bool = False
    italic: bool = False
    size: float = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """What the legend says of a look, of diamonds, or of the dashed line."""

    label: str
    look: Look | Literal["diamond", "dashes"]


@dataclass(slots=True)
class Plot:
    """Rows by their names, values from ``low`` to ``high``, ``unit`` what they are.

    ``percent`` writes the values of the axis where they are shares; else they are counts.
    """

    names: Sequence[str]
    low: float = 0
    high: float = 1
    unit: str = ""
    percent: Callable[[float], str] | None = None
    boxes: list[Box] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    intervals: list[Interval] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    legend: list[Entry] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """All that is written, but for the values of the axis."""
        return [*self.names, self.unit, *(one.text for one in self.words), *(one.label for one in self.legend)]
