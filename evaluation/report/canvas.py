"""The canvas of a figure: as high as its rows' names need, with room for all that is written; PNG bytes."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from evaluation import drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HIGHEST = 4.7, 6.5
"""Inches: so that words are legible on a telephone, and a page holds text beside a picture."""
DPI = 220
PAD, MARGIN = 3 / 72, 0.12
"""Inches: between the parts of a picture, and at its sides, where the last tick's label may reach beyond the axes."""
INK = "#1a1a1a"


def picture(draw: Callable[[Axes], None], *, names: Sequence[str], mark: str = "") -> bytes:
    """PNG of what ``draw`` draws on axes that are high enough for the rows' names; the same bytes each time.

    ``mark`` is written small in the corner: a picture that is passed on alone still says it is fictional.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    style: dict[str, Any] = {
        "axes.axisbelow": True,
        "patch.edgecolor": "white",
        "patch.force_edgecolor": True,
        "lines.solid_capstyle": "round",
        "font.size": 9.0,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": "#767676",
        "xtick.color": INK,
        "ytick.color": INK,
        "hatch.linewidth": 0.6,
    }
    with drawing.settings(style):
        figure = Figure(figsize=(WIDTH, 1.2 + _row_height(names) * len(names)), dpi=DPI)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.3, 0.2, 0.6, 0.7))
        draw(axes)
        axes.set_xlabel(textwrap.fill(axes.get_xlabel(), 34))
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
        if mark:
            figure.text(0.99, PAD / figure.get_figheight(), mark, fontsize=7, ha="right")
        _make_room(figure, axes)
        return drawing.png(figure, dpi=DPI)


def _make_room(figure: Figure, axes: Axes) -> None:
    """The axes between the rows' names and the margin, the legend and the mark, with room for words behind bars.

    Everything is measured once; matplotlib's own layout measures it twice, and once more when it draws.
    """
    from matplotlib.transforms import Bbox

    drawing.lay_out(figure, dpi=DPI)
    canvas: Any = figure.canvas
    renderer, to_figure = canvas.get_renderer(), figure.transFigure.inverted()
    pad, margin = PAD * DPI, MARGIN * DPI
    above, below = (
        sum(one.get_window_extent(renderer).height + 2 * pad for one in kind) for kind in (figure.legends, figure.texts)
    )
    names: Any = axes.yaxis.get_tightbbox(renderer)
    left = margin + axes.bbox.x0 - names.x0
    room = Bbox.from_extents(left, below + pad, figure.bbox.width - margin, figure.bbox.height - above - pad)
    axes.set_position(room.transformed(to_figure))
    ticks: Any = axes.xaxis.get_tightbbox(renderer, for_layout_only=True)
    behind = [text.get_window_extent(renderer) for text in axes.texts if text.get_in_layout()]
    written = Bbox.union([room, ticks, *behind])
    label = axes.xaxis.label.get_position()[1] - room.y0
    room.x1, room.y0 = 2 * room.x1 - written.x1, 2 * room.y0 - written.y0
    axes.set_position(room.transformed(to_figure))
    axes.xaxis.set_label_coords(0.5, label / room.height)


def _row_height(names: Sequence[str]) -> float:
    return max(0.42, 0.12 + 0.15 * max(len(wrapped(name)) for name in names))


def pieces(names: Sequence[str]) -> list[slice]:
    """Which rows stand in one picture: all of them, or as many as a page holds, in pieces of about one height."""
    room = max(1, int((HIGHEST - 1.2) / _row_height(names))) if names else 1
    count = max(1, -(-len(names) // room))
    ends = [len(names) * at // count for at in range(count + 1)]
    return [slice(start, end) for start, end in itertools.pairwise(ends)]


def wrapped(name: str) -> list[str]:
    """The lines of a row's name, at most three; the text equivalent has the whole name."""
    return textwrap.wrap(name, 28, max_lines=3, placeholder=" …")
