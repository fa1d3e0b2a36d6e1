"""How rows of a figure are drawn: greys that stay apart in print, hatching for what is hidden, what marks mean."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from evaluation.release.released import Value
from evaluation.report.canvas import INK, wrapped

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEGEND = 0.4
FILLS = (("#1f4e79", ""), ("#6f9fc8", ""), ("#e3e9ef", ""), ("#ffffff", "..."))
"""Colour and dots, from dark to light, so that a grey print keeps them apart."""
DARK = 1
"""How many of FILLS are dark enough for white text."""
HATCH = "////"


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


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Row names at the left, the first on top, wrapped so that they are not cut."""
    axes.set_yticks(range(len(names)), ["\n".join(wrapped(name)) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)


def stack(axes: Axes, rows: Sequence[Bar], *, legend: Sequence[str], rest: str, said: Callable[[Value], str]) -> None:
    """Stacked bars: what is certain filled and numbered, the rest of the whole hatched.

    A range is filled up to its lower end and carries the whole range. ``rest`` is what the legend calls
    the hatched part, of which nobody is told how it is divided.
    """
    longest = max([bar.whole or sum(map(least, bar.values)) for bar in rows] + [1])
    for row, bar in enumerate(rows):
        left = 0.0
        for index, value in enumerate(bar.values):
            length = least(value)
            if length:
                fill(axes, row, left, length, FILLS[index % len(FILLS)])
                if length >= longest * 0.035:
                    light = index >= DARK
                    write(axes, left + length / 2, row, said(value), INK if light else "white", boxed=index > 2)
                left += length
        if bar.whole is not None and bar.whole > left:
            hatched(axes, row, left, bar.whole)
    name_rows(axes, [bar.name for bar in rows])
    axes.set_xlim(0, longest * 1.02)
    divided = all(isinstance(value, int) for bar in rows for value in bar.values)
    _legend(axes, legend, "" if divided else rest)


def fill(axes: Axes, row: int, left: float, length: float, look: tuple[str, str]) -> None:
    """One filled part of a row."""
    colour, dots = look
    _part(axes, row, left, length, {"facecolor": colour, "edgecolor": INK, "hatch": dots or None})


def _part(axes: Axes, row: int, left: float, length: float, look: Mapping[str, Any]) -> None:
    """A rectangle as it is, whatever the limits of the axes: to look for them takes half of a bar's time."""
    from matplotlib.patches import Rectangle

    axes.add_artist(Rectangle((left, row - 0.31), length, 0.62, linewidth=0.5, **look))


def bars(axes: Axes, rows: Sequence[Bar], *, said: Sequence[str], unit: str) -> None:
    """One count a row, written behind it; a range is filled to its lower end and hatched to its upper one."""
    longest = max([bar.whole or 0 for bar in rows] + [least(bar.values[0]) for bar in rows] + [1])
    for row, (bar, words) in enumerate(zip(rows, said, strict=True)):
        value = bar.values[0]
        shown = least(value)
        if shown:
            fill(axes, row, 0, shown, FILLS[0])
        end = value[1] or longest if isinstance(value, tuple) else shown
        if end > shown:
            hatched(axes, row, shown, end)
        axes.text(end + longest * 0.01, row, words, va="center", ha="left", fontsize=8)
    name_rows(axes, [bar.name for bar in rows])
    axes.set_xlim(0, longest * 1.08)
    axes.set_xlabel(unit)


def intervals(axes: Axes, points: Sequence[Point], *, absent: str) -> None:
    """A point with its interval in each row, and a line at 0; the word where nothing is shown."""
    axes.axvline(0, color=INK, linewidth=0.9)
    for row, point in enumerate(points):
        if point.at is None:
            axes.text(0, row, f" {absent}", va="center", fontstyle="italic")
            continue
        if point.low is not None and point.high is not None:
            axes.plot([point.low, point.high], [row, row], color=INK, linewidth=1.4, marker="|", markersize=7)
        face = "white" if point.hollow else FILLS[0][0]
        axes.plot(point.at, row, "o", color=FILLS[0][0], markerfacecolor=face, markersize=7)
    name_rows(axes, [point.name for point in points])


def shares(axes: Axes, points: Sequence[Point]) -> None:
    """A bar to ``at``, a diamond at ``low`` and a dashed line at 1; the word where no value is told.

    Where it is known between which two values it lies, the bar is filled to the lower one and hatched to the other.
    """
    axes.axvline(1, color=INK, linewidth=1, linestyle="--", zorder=3)
    for row, point in enumerate(points):
        if point.at is None:
            low, high = point.between or (0.0, 0.0)
            if low:
                fill(axes, row, 0, low, FILLS[1])
            if high > low:
                hatched(axes, row, low, high)
            if point.absent:  # boxed: the line at 1 may run behind it
                write(axes, high, row, f" {point.absent}", INK, align="left", boxed=True)
            continue
        fill(axes, row, 0, point.at, FILLS[1])
        if point.low is not None:
            axes.plot(point.low, row, "D", color=INK, markersize=6, zorder=4, clip_on=False)
    name_rows(axes, [point.name for point in points])
    ends = [end for one in points for end in (one.at, one.low, *(one.between or ())) if end is not None]
    low, high = min(0.0, *ends), max(1.0, *ends)
    axes.set_xlim(low - 0.05 * (high - low) if low else 0, high + 0.05 * (high - low))


def shares_legend(axes: Axes, points: Sequence[Point], *, legend: Sequence[str], rest: str) -> None:
    """What bar, diamond and line of ``shares`` are; ``rest``: the hatched part."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    bar = Patch(facecolor=FILLS[1][0], edgecolor=INK, linewidth=0.5, label=legend[0])
    diamond = Line2D([], [], marker="D", linestyle="", color=INK, label=legend[1])
    line = Line2D([], [], linestyle="--", color=INK, label=legend[2])
    above(axes, [bar, diamond, line, *([_hatching(rest)] if any(point.between for point in points) else [])])


def percents(axes: Axes, written: Callable[[float], str]) -> None:
    """Few round ticks along the bottom, written as the language writes percents."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    low, high = axes.get_xlim()
    axes.set_xlim(low - 0.03 * (high - low), high + 0.05 * (high - low))
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: written(float(share))))


def least(value: Value) -> int:
    """The smallest number that a released count tells: its own, or the lower end of its range."""
    if value is None:
        return 0
    return value if isinstance(value, int) else value[0]


def hatched(axes: Axes, row: int, left: float, right: float) -> None:
    """What is not told, from ``left`` to ``right``."""
    _part(axes, row, left, right - left, {"facecolor": "white", "edgecolor": "#767676", "hatch": HATCH})


def write(
    axes: Axes, x: float, y: float, text: str, colour: str, *, boxed: bool = False, align: str = "center"
) -> None:
    """A word in the middle of a part; boxed where dots or hatching would make it hard to read."""
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1.2} if boxed else None
    written = axes.text(x, y, text, ha=align, va="center", color=colour, fontsize=8, bbox=box)
    written.set_in_layout(align != "center")  # within its part it needs no room


def _hatching(label: str) -> Artist:
    from matplotlib.patches import Patch

    return Patch(facecolor="white", edgecolor="#767676", hatch=HATCH, label=label)


def _legend(axes: Axes, labels: Sequence[str], rest: str) -> None:
    from matplotlib.patches import Patch

    patches: list[Artist] = [
        Patch(facecolor=colour, hatch=dots or None, edgecolor=INK, linewidth=0.5, label=label)
        for (colour, dots), label in zip(itertools.cycle(FILLS), labels, strict=False)
    ]
    above(axes, [*patches, *([_hatching(rest)] if rest else [])])


def above(axes: Axes, handles: Sequence[Artist]) -> None:
    """A legend above the plot, where it covers nothing, in as many columns as the picture is wide enough for."""
    figure = cast("Figure", axes.get_figure(root=True))
    for handle in handles:
        handle.set_label(textwrap.fill(str(handle.get_label()), 38))
    for columns in (3, 2, 1):
        legend = figure.legend(
            handles=handles,
            labels=[str(handle.get_label()) for handle in handles],  # also those that begin with a line
            loc="outside upper left",
            ncols=columns,
            frameon=False,
            fontsize=8,
            handlelength=1.4,
            columnspacing=1.2,
        )
        box = legend.get_window_extent()
        if columns == 1 or box.width <= figure.bbox.width:
            # the picture grows by what the legend needs beyond one or two lines, so that rows keep their height
            figure.set_figheight(figure.get_figheight() + max(0, box.height / figure.dpi - LEGEND))
            return
        legend.remove()
