"""How rows of a figure are drawn: greys that stay apart in print, hatching for what is hidden, what marks mean."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evaluation.release.released import Value
from evaluation.report.drawn.plot import HATCH as HATCH
from evaluation.report.drawn.plot import INK, UNTOLD, Box, Entry, Interval, Look, Mark, Plot, Rule, Word

FILLS = (("#1f4e79", ""), ("#6f9fc8", ""), ("#e3e9ef", ""), ("#ffffff", "..."))
"""Colour and dots, from dark to light, so that a grey print keeps them apart."""
DARK = 1
"""How many of FILLS are dark enough for white text."""
_LOOKS = tuple(Look(colour, hatch=dots) for colour, dots in FILLS)
_LEAST = 0.035
"""A part shorter than this share of the longest row has no room for its number."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of stacked counts: its name, its parts in the order of the legend, and the whole if known."""

    name: str
    values: tuple[Value, ...]
    whole: int | None


@dataclass(frozen=True, slots=True)
class Point:
    """One row with a value and two more: the ends of its interval, or a second mark."""

    name: str
    at: float | None
    low: float | None = None
    high: float | None = None
    absent: str = ""  # the word where there is no value
    hollow: bool = False
    between: tuple[float, float] | None = None  # where the value lies that is not told


def stack(rows: Sequence[Bar], *, legend: Sequence[str], rest: str, said: Callable[[Value], str], unit: str) -> Plot:
    """Stacked bars: what is certain filled and numbered, the rest of the whole hatched.

    A range is filled up to its lower end and carries the whole range. ``rest`` is what the legend calls
    the hatched part, of which nobody is told how it is divided.
    """
    longest = max([bar.whole or sum(map(least, bar.values)) for bar in rows] + [1])
    plot = Plot([bar.name for bar in rows], high=longest * 1.02, unit=unit)
    for row, bar in enumerate(rows):
        left = 0.0
        for index, value in enumerate(bar.values):
            length = least(value)
            if length:
                plot.boxes.append(Box(row, left, length, _LOOKS[index % len(FILLS)]))
                if length >= longest * _LEAST:
                    ink = INK if index >= DARK else "#ffffff"
                    plot.words.append(Word(row, left + length / 2, said(value), ink, boxed=index > 2))
                left += length
        if bar.whole is not None and bar.whole > left:
            plot.boxes.append(Box(row, left, bar.whole - left, UNTOLD))
    plot.legend.extend(Entry(label, look) for look, label in zip(itertools.cycle(_LOOKS), legend, strict=False))
    if not all(isinstance(value, int) for bar in rows for value in bar.values):
        plot.legend.append(Entry(rest, UNTOLD))
    return plot


def bars(rows: Sequence[Bar], *, said: Sequence[str], unit: str) -> Plot:
    """One count a row, written behind it; a range is filled to its lower end and hatched to its upper one."""
    longest = max([bar.whole or 0 for bar in rows] + [least(bar.values[0]) for bar in rows] + [1])
    plot = Plot([bar.name for bar in rows], high=longest * 1.08, unit=unit)
    for row, (bar, words) in enumerate(zip(rows, said, strict=True)):
        value = bar.values[0]
        shown = least(value)
        if shown:
            plot.boxes.append(Box(row, 0, shown, _LOOKS[0]))
        end = value[1] or longest if isinstance(value, tuple) else shown
        if end > shown:
            plot.boxes.append(Box(row, shown, end - shown, UNTOLD))
        plot.words.append(Word(row, end + longest * 0.01, words, align="left"))
    return plot


def intervals(points: Sequence[Point], *, absent: str, unit: str, written: Callable[[float], str]) -> Plot:
    """A point with its interval in each row, and a line at 0; the word where nothing is shown."""
    plot = Plot([point.name for point in points], unit=unit, percent=written, rules=[Rule(0, 0.9)])
    for row, point in enumerate(points):
        if point.at is None:
            plot.words.append(Word(row, 0, f" {absent}", align="left", italic=True, size=9))
            continue
        if point.low is not None and point.high is not None:
            plot.intervals.append(Interval(row, point.low, point.high))
        plot.marks.append(Mark(row, point.at, "hollow point" if point.hollow else "point"))
    ends = [end for one in points for end in (one.at, one.low, one.high) if end is not None]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    plot.low, plot.high = wider(low, high, 0.08, 0.1)
    return plot


def shares(points: Sequence[Point], *, unit: str, written: Callable[[float], str]) -> Plot:
    """A bar to ``at``, a diamond at ``low`` and a dashed line at 1; the word where no value is told.

    Where it is known between which two values it lies, the bar is filled to the lower one and hatched to the other.
    """
    plot = Plot([point.name for point in points], unit=unit, percent=written, rules=[Rule(1, 1, dashed=True)])
    for row, point in enumerate(points):
        if point.at is None:
            low, high = point.between or (0.0, 0.0)
            if low:
                plot.boxes.append(Box(row, 0, low, _LOOKS[1]))
            if high > low:
                plot.boxes.append(Box(row, low, high - low, UNTOLD))
            if point.absent:  # boxed: the line at 1 may run behind it
                plot.words.append(Word(row, high, f" {point.absent}", align="left", boxed=True))
            continue
        plot.boxes.append(Box(row, 0, point.at, _LOOKS[1]))
        if point.low is not None:
            plot.marks.append(Mark(row, point.low, "diamond"))
    ends = [end for one in points for end in (one.at, one.low, *(one.between or ())) if end is not None]
    low, high = min([0.0, *ends]), max([1.0, *ends])
    plot.low, plot.high = wider(low, high, 0.08 if low else 0.03, 0.1)
    return plot


def shares_legend(plot: Plot, points: Sequence[Point], *, legend: Sequence[str], rest: str) -> None:
    """What bar, diamond and line of ``shares`` are; ``rest``: the hatched part."""
    looks = (_LOOKS[1], "diamond", "dashes", UNTOLD)
    told = [*legend, *([rest] if any(point.between for point in points) else [])]
    plot.legend.extend(Entry(label, look) for label, look in zip(told, looks, strict=False))  # type: ignore[arg-type]


def wider(low: float, high: float, before: float, after: float) -> tuple[float, float]:
    """The limits with these shares of their span beside them."""
    span = high - low or 1.0
    return low - before * span, high + after * span


def least(value: Value) -> int:
    """The smallest number that a released count tells: its own, or the lower end of its range."""
    if value is None:
        return 0
    return value if isinstance(value, int) else value[0]
