"""What matplotlib's renderer draws of a figure, in pixels from the upper left corner: boxes, lines, marks and texts."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from evaluation.drawing import FONT, Pixels
from evaluation.report.drawn.plot import INK, Look

DPI = 220
Align = Literal["left", "center", "right"]
_FREE: dict[Align, float] = {"left": 0, "center": 0.5, "right": 1}
"""How much of what a line leaves free is before it."""
_SPACED = 1.2
"""From line to line, in heights of a line."""
_DASHES = 3.7, 1.6
"""Of a dashed line and between them, in widths of the line."""


@dataclass(frozen=True, slots=True)
class Written:
    """Lines of text as they are drawn: the ink of each, its left edge and how far it hangs down.

    A ``line`` is so high, ``above`` its foot.
    """

    width: float
    height: float
    line: float
    above: float
    lines: tuple[tuple[Any, float, float], ...]

    @staticmethod
    @functools.lru_cache(maxsize=1024)
    def of(text: str, size: float, *, align: Align = "left", italic: bool = False) -> Written:
        """The text of this size in points; where a line stands that is shorter than others."""
        font = _font(italic)
        font.clear()
        font.set_size(size, DPI)
        font.set_text("lp", 0.0)
        line, foot = font.get_width_height()[1] / 64, font.get_descent() / 64
        found = []
        for told in text.split("\n"):
            font.set_text(told, 0.0)
            font.draw_glyphs_to_bitmap(antialiased=True)
            sizes = font.get_width_height()[0], font.get_bitmap_offset()[0], font.get_descent()
            found.append((np.array(font.get_image()), *(each / 64 for each in sizes)))
        width = max(wide for _, wide, _, _ in found)
        lines = tuple((ink, (width - wide) * _FREE[align] + edge, hangs) for ink, wide, edge, hangs in found)
        return Written(width, line * (1 + _SPACED * (len(found) - 1)), line, line - foot, lines)


@functools.cache
def _font(italic: bool) -> Any:
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.ft2font import FT2Font

    return FT2Font(findfont(FontProperties(family=[FONT], style="italic" if italic else "normal")))


def whole(pixels: float) -> int:
    """The nearest pixel, of two equally near ones the next."""
    return int(np.floor(pixels + 0.5))


class Paint:
    """A white picture to draw on."""

    def __init__(self, width: int, height: int) -> None:
        from matplotlib.backends.backend_agg import RendererAgg

        renderer: Any = RendererAgg
        self._height, self._renderer = height, renderer(width, height, DPI)
        self.box((0, 0, width, height), Look("#ffffff", ""))

    @property
    def pixels(self) -> Pixels:
        return np.asarray(self._renderer.buffer_rgba())

    def box(self, sides: tuple[float, float, float, float], look: Look) -> None:
        """``sides``: left, upper, right, lower."""
        left, upper, right, lower = sides
        corners = [(left, upper), (right, upper), (right, lower), (left, lower), (left, upper)]
        tools = self._tools(0.5 if look.edge else 0, look.edge or look.colour)
        if look.hatch:
            tools.set_hatch(look.hatch)
            tools.set_hatch_color(_rgb(look.edge))
            tools.set_hatch_linewidth(0.6)
        self._path(tools, corners, look.colour)

    def line(self, points: Sequence[tuple[float, float]], width: float, colour: str, *, dashed: bool = False) -> None:
        """``width`` in points."""
        tools = self._tools(width, colour)
        if dashed:
            tools.set_dashes(0, [each * width for each in _DASHES])
        self._path(tools, points)

    def diamond(self, x: float, y: float, side: float, colour: str) -> None:
        reach = side / 2**0.5
        corners = [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y), (x, y - reach)]
        self._path(self._tools(1, colour), corners, colour)

    def circle(self, x: float, y: float, radius: float, edge: str, face: str) -> None:
        from matplotlib.path import Path
        from matplotlib.transforms import Affine2D

        place = Affine2D.from_values(radius, 0, 0, radius, x, self._height - y)
        self._renderer.draw_path(self._tools(1, edge), Path.unit_circle(), place, _rgb(face))

    def text(self, written: Written, left: float, top: float, colour: str = INK) -> None:
        """The ink in this colour over what is there."""
        tone = np.array(_rgb(colour)[:3]) * 255
        for number, (ink, offset, descent) in enumerate(written.lines):
            high, wide = ink.shape
            foot = whole(top + written.above + number * written.line * _SPACED + descent)
            start = whole(left + offset)
            under = self.pixels[max(0, foot - high) : foot, max(0, start) : start + wide, :3]
            cover = ink[high - under.shape[0] :, : under.shape[1], None] / 255
            under[:] = np.rint(under + (tone - under) * cover)

    def _tools(self, width: float, colour: str) -> Any:
        tools = self._renderer.new_gc()
        tools.set_linewidth(width)
        tools.set_foreground(_rgb(colour), isRGBA=True)
        tools.set_joinstyle("miter")
        return tools

    def _path(self, tools: Any, points: Sequence[tuple[float, float]], face: str = "") -> None:
        from matplotlib.path import Path
        from matplotlib.transforms import IdentityTransform

        path = Path([(x, self._height - y) for x, y in points], closed=bool(face))
        self._renderer.draw_path(tools, path, IdentityTransform(), _rgb(face) if face else None)


@functools.cache
def _rgb(colour: str) -> tuple[float, float, float, float]:
    """Of #rrggbb, each from 0 to 1; nothing shines through."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue, 1.0
