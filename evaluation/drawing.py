"""How every picture is drawn: from matplotlib's own settings, labels as they were typed, the same bytes each time."""

from __future__ import annotations

import contextlib
import functools
import io
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from evaluation.errors import BadArgument

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

AROUND = 3.5, 1.0, 1.0, 0.5
"""Inches at the left of a figure, below it, at its right and above it, where the labels of its ticks may stand; at any
resolution that is a multiple of ten they are whole pixels."""
Pixels = npt.NDArray[np.uint8]
"""Height × width × red, green, blue, alpha."""

_AS_ABOVE = 2  # the filter of PNG by which a line is its difference from the one above
FONT = "DejaVu Sans"  # comes with matplotlib, so that it is there on every machine
USUAL = frozenset({*map(chr, range(0x180)), *"–—‘’“”„…•€≤≥−→"})
"""Letters of European languages in Latin script and what stands between them: the font has all that are printed."""


@contextlib.contextmanager
def settings(style: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Figures that are made and saved inside know nothing of the account's matplotlibrc; ``style`` comes on top.

    A title does not make way for ticks above the axes: it is given its ``pad``.
    """
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        rules: Any = {**(style or {}), "font.family": FONT, "text.parse_math": False}  # $ and all
        rules["axes.titley"] = 1.0  # where it is; else every title looks at each draw for ticks that it may cover
        matplotlib.rcParams.update(rules)
        yield


def png(figure: Figure, *, dpi: int, tight: bool = False, apart: float | None = None) -> bytes:
    """The figure, made inside ``settings``, as PNG; ``tight`` cuts or widens the canvas to what is drawn.

    ``apart``: the space between panels, where there are several, in sizes of the font.
    Raises BadArgument for letters that the font lacks: a reader would see empty boxes.
    """
    lay_out(figure, dpi=dpi, apart=apart)
    pixels = _tight(figure) if tight else _drawn(figure)
    missing = undrawable("".join(_written(figure)))
    if missing:
        raise BadArgument("drawing.letters", letters=missing)
    return encoded(pixels, dpi)


def lay_out(figure: Figure, *, dpi: int, apart: float | None = None) -> None:
    """Everything in its place, once: what has a layout engine is left without one, or it would be laid out again."""
    _as_typed(figure)
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if not axis.get_label_text():
                axis.set_label_coords(0, 0)  # else its place is sought among all ticks, again and again
    figure.dpi = dpi
    if engine := figure.get_layout_engine():
        engine.execute(figure)
    if apart is not None:
        figure.tight_layout(h_pad=apart)
    figure.set_layout_engine(None)


def _drawn(figure: Figure) -> Pixels:
    canvas: Any = figure.canvas
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def _tight(figure: Figure) -> Pixels:
    """Where there is ink, and matplotlib's own margin around it.

    To ask every tick and label for its extent takes as long as to draw it: that is done only where ink goes far.
    """
    import matplotlib

    inches = matplotlib.rcParams["savefig.pad_inches"]
    pixels = _within(figure, _reached(figure))
    tones = pixels.view(np.uint32)[:, :, 0]
    ink, margin = tones != tones[0, 0], int(np.rint(inches * figure.dpi))
    down, across = (_inked(ink.any(axis=axis), margin) for axis in (1, 0))
    if down and across:
        return pixels[down, across]
    return _within(figure, figure.get_tightbbox().padded(inches))


def _reached(figure: Figure) -> Bbox:
    """In inches, the figure with all that stands beside it, and with room for ticks and their labels."""
    from matplotlib.spines import Spine
    from matplotlib.transforms import Bbox

    beside = [*figure.legends, *figure.texts, *figure.artists, *figure.lines, *figure.patches]
    beside += [artist for axes in figure.axes for artist in axes.get_default_bbox_extra_artists()]
    around = [artist for artist in beside if not isinstance(artist, Spine)]  # a spine asks all ticks beside it
    boxes = [box for artist in around if (box := artist.get_tightbbox()) is not None and np.isfinite(box.extents).all()]
    places = [axes.bbox for axes in figure.axes]
    whole = Bbox.union([figure.bbox, *places, *boxes]).transformed(figure.dpi_scale_trans.inverted())
    left, below, right, above = AROUND
    return Bbox.from_extents(whole.x0 - left, whole.y0 - below, whole.x1 + right, whole.y1 + above)


def _within(figure: Figure, box: Bbox) -> Pixels:
    """What is drawn of the figure, and beside it, within a box of inches."""
    from matplotlib.transforms import Bbox

    width, height = (int(np.ceil(inches * figure.dpi)) for inches in box.size)
    # half a pixel more, so that matplotlib finds the same number of whole ones
    exact = Bbox.from_bounds(box.x0, box.y0, (width + 0.5) / figure.dpi, (height + 0.5) / figure.dpi)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="rgba", dpi=figure.dpi, bbox_inches=exact)
    return np.frombuffer(drawn.getvalue(), np.uint8).reshape(height, width, 4)


def _inked(line: npt.NDArray[np.bool_], margin: int) -> slice | None:
    """From the first to the last with ink, and a margin; None where there is none, or it may go on beyond the end."""
    at = np.flatnonzero(line)
    if not at.size or at[0] <= margin or at[-1] + margin >= line.size - 1:
        return None
    return slice(at[0] - margin, at[-1] + 1 + margin)


def encoded(pixels: Pixels, dpi: int) -> bytes:
    """PNG without alpha.

    A line like the one above it is told as no difference from it; no other is filtered: flat areas of few tones are
    smaller so, and take a third of the time.
    """
    height, width, _ = pixels.shape
    tones = np.ascontiguousarray(pixels).view(np.uint32)[:, :, 0]
    new = np.append(True, (tones[1:] != tones[:-1]).any(axis=1))
    told, lines = pixels[new], np.zeros((height, 1 + 3 * width), np.uint8)
    lines[~new, 0] = _AS_ABOVE
    for at in range(3):  # by colour: much quicker than a copy of three at a time
        lines[new, 1 + at :: 3] = told[:, :, at]
    metre = int(np.rint(dpi / 0.0254))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"pHYs", struct.pack(">IIB", metre, metre, 1)),
        (b"IDAT", zlib.compress(lines.data, 3)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _as_typed(figure: Figure) -> None:
    """No label of the figure is read as mathematics, wherever it was made."""
    from matplotlib.text import Text

    if figure.axes and not any(axes.title.get_parse_math() for axes in figure.axes):
        return  # made inside ``settings``
    for label in figure.findobj(Text):
        label.set_parse_math(False)


def _written(artist: Artist) -> Iterator[str]:
    """All texts in it. An axis that is asked for its ticks makes also those that nobody sees: it is not asked."""
    from matplotlib.axis import Axis
    from matplotlib.text import Text

    parts: Sequence[Artist] = artist.get_children() if not isinstance(artist, Axis) else _of_axis(artist)
    yield from (text for one in parts for text in _written(one))
    if isinstance(artist, Text):
        yield artist.get_text()


def _of_axis(axis: Axis) -> list[Artist]:
    made = vars(axis)
    return [axis.label, axis.offsetText, *made.get("majorTicks", ()), *made.get("minorTicks", ())]


def undrawable(label: str) -> str:
    """The letters of a label that the font of the figures does not have."""
    return "".join(dict.fromkeys(letter for letter in label if letter.isprintable() and not _has(letter)))


def _has(letter: str) -> bool:
    """Whether the font has it, which need not be opened for the usual ones."""
    return letter in USUAL or ord(letter) in _drawable()


@functools.cache
def _drawable() -> frozenset[int]:
    """The code points that the font of the figures has."""
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont(FONT)).get_charmap())
