"""Small multiples: one small picture for each indicator or outcome, all projects in the same order on one scale."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evaluation import drawing
from evaluation.report import words
from evaluation.report.blocks import Block, Figure, fingerprint, paragraphs
from evaluation.report.drawn.canvas import DPI, wrapped
from evaluation.report.drawn.drawing import Point as Point
from evaluation.report.drawn.drawing import intervals, shares, wider
from evaluation.report.drawn.plot import INK, Plot
from evaluation.report.portfolio.telling import between, say, table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

_EDGE = 0.02
"""Where titles begin, as a share of the picture's width."""
_WIDTH, _MOST = 4.7, 5
"""One under the other, so that words are legible on a telephone; as many as a page holds."""
ROWS = 40
"""Of so many projects a picture, or several panels of one, still can be taken in; more are read in a table."""
_STYLE: dict[str, Any] = {"font.size": 9.0, "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": "#767676",
                          "xtick.color": INK, "ytick.color": INK, "hatch.linewidth": 0.6}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Panel:
    """One small picture: its title, and a row for each project."""

    title: str
    points: tuple[Point, ...]


def figures(
    name: str, panels: Sequence[Panel], draw: functools.partial[bytes], language: str, made: dict[str, bytes]
) -> Iterator[Block]:
    """The panels as figures, each with its numbers as text; their pictures go into ``made`` by their fingerprints.

    Those with too many rows are left out, which is said.
    """
    fitting = [panel for panel in panels if len(panel.points) <= ROWS]
    if left := len(panels) - len(fitting):
        yield from paragraphs([say("not_drawn", language, n=left)])
    number = min(_MOST, max(1, ROWS // max((len(panel.points) for panel in fitting), default=1)))
    pieces = [fitting[at : at + number] for at in range(0, len(fitting), number)]
    for number, piece in enumerate(pieces, start=1):
        png = draw(piece)
        made[fingerprint(png)] = png
        caption = say(f"figure.{name}", language)
        if len(pieces) > 1:
            caption = words.say("report.figure.piece", language, what=caption, n=number, of=len(pieces))
        rows = [(f"{panel.title}: {point.name}", _said(point, language)) for panel in piece for point in panel.points]
        numbers = table(f"f-{name}-{number}", caption, ("project", name), rows, language)
        told = " ".join(words.say("report.alt.row", language, name=row[0], values=row[1]) for row in rows)
        yield Figure(
            caption, words.say("report.alt.bars", language, what=caption, rows=told), fingerprint(png), numbers
        )


def _said(point: Point, language: str) -> str:
    if point.at is not None:
        ends = () if point.low is None or point.high is None else (point.low, point.high)
        return words.percent(point.at, language) + (f" ({between(*ends, language)})" if ends else "")
    if point.between:
        return between(*point.between, language)
    return point.absent or words.say("report.mark.not_shown", language)


def achieved(panels: Sequence[Panel], *, unit: str, mark: str, percent: Callable[[float], str]) -> bytes:
    """Achieved as a share of the target: a bar with a line at the target; hatched between which two it lies."""
    ends = [each for panel in panels for one in panel.points for each in (one.at, *(one.between or ()))]
    known = [end for end in ends if end is not None]
    least, longest = min([0.0, *known]), max([1.0, *known])

    plots = [shares(panel.points, unit=unit, written=percent) for panel in panels]
    return _drawn(panels, plots, (least, longest * 1.02), mark=mark)


def changes(panels: Sequence[Panel], *, unit: str, mark: str, absent: str, percent: Callable[[float], str]) -> bytes:
    """Mean changes with their intervals, as a share of the scale's range; a line at 0."""
    ends = [end for panel in panels for one in panel.points for end in (one.low, one.high) if end is not None]
    least, greatest = min([0.0, *ends]), max([0.05, *ends])

    plots = [intervals(panel.points, absent=absent, unit=unit, written=percent) for panel in panels]
    return _drawn(panels, plots, (least, greatest), mark=mark)


def _drawn(panels: Sequence[Panel], plots: Sequence[Plot], ends: tuple[float, float], *, mark: str) -> bytes:
    """All on one scale, with a little room beside it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Drawn
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    rows = max(len(panel.points) for panel in panels)
    lines = max(len(name) for plot in plots for name in wrapped(plot.names))
    height, unit = 0.7 + max(0.3, 0.06 + 0.15 * lines) * rows, plots[0].unit
    with drawing.settings(_STYLE):
        figure = Drawn(
            figsize=(_WIDTH, 0.4 + len(panels) * height), layout=ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.08)
        )
        FigureCanvasAgg(figure)
        for axes, panel, plot in zip(figure.subplots(len(panels), squeeze=False).flat, panels, plots, strict=True):
            _onto(axes, plot)
            axes.set_xlim(*wider(*ends, 0.03, 0.05))
            title = "\n".join(textwrap.wrap(panel.title, 48, max_lines=2, placeholder=" …"))
            axes.set_title(title, fontsize=9, loc="left", fontweight="bold")
            axes.spines[["top", "right", "left"]].set_visible(False)
            axes.tick_params(axis="y", length=0)
        figure.supxlabel(textwrap.fill(f"{unit} ({mark})" if mark else unit, 70), fontsize=8)
        _titles_from_the_left(figure)
        return drawing.png(figure, dpi=DPI)


def _onto(axes: Axes, plot: Plot) -> None:
    """What a plot shows, as matplotlib draws it."""
    from matplotlib.patches import Rectangle
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    for box in plot.boxes:
        look: dict[str, Any] = {
            "facecolor": box.look.colour,
            "edgecolor": box.look.edge,
            "hatch": box.look.hatch or None,
        }
        axes.add_artist(Rectangle((box.left, box.row - 0.31), box.length, 0.62, linewidth=0.5, **look))
    for rule in plot.rules:
        style: dict[str, Any] = {"linestyle": "--", "zorder": 3} if rule.dashed else {}
        axes.axvline(rule.at, color=INK, linewidth=rule.width, **style)
    for one in plot.intervals:
        axes.plot([one.low, one.high], [one.row] * 2, color=INK, linewidth=1.4, marker="|", markersize=7)
    for mark in plot.marks:
        axes.plot(mark.at, mark.row, **_MARKS[mark.kind])
    for word in plot.words:
        paper = {"facecolor": "white", "edgecolor": "none", "pad": 1.2} if word.boxed else None
        slant = "italic" if word.italic else "normal"
        axes.text(word.at, word.row, word.text, va="center", color=word.colour, fontsize=word.size, bbox=paper,
                  fontstyle=slant)  # fmt: skip
    axes.set_yticks(range(len(plot.names)), ["\n".join(lines) for lines in wrapped(plot.names)])
    axes.set_ylim(len(plot.names) - 0.4, -0.6)
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    if written := plot.percent:
        axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: written(float(share))))


_POINT: dict[str, Any] = {"marker": "o", "color": "#1f4e79", "markersize": 7}
_MARKS: dict[str, dict[str, Any]] = {
    "point": _POINT,
    "hollow point": {**_POINT, "markerfacecolor": "white"},
    "diamond": {"marker": "D", "color": INK, "markersize": 6, "zorder": 4, "clip_on": False},
}


def _titles_from_the_left(figure: Canvas) -> None:
    """Titles begin where the rows' names do at the earliest, however short these are."""
    drawing.lay_out(figure, dpi=DPI)
    for axes in figure.axes:
        left, _, width, _ = axes.get_position().bounds
        axes.set_title(axes.get_title(loc="left"), fontsize=9, loc="left", fontweight="bold", x=(_EDGE - left) / width)
