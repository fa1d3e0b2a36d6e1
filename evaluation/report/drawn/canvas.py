"""The canvas of a figure: as high as its rows' names need, with room for all that is written; PNG bytes.

Rows and a few ticks need none of what matplotlib measures for figures of every kind, which takes most of its time:
the places are computed here, and its renderer draws.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evaluation import drawing
from evaluation.errors import BadArgument
from evaluation.report.drawn.paint import DPI as DPI
from evaluation.report.drawn.paint import Paint, Written, whole
from evaluation.report.drawn.plot import INK, Box, Entry, Look, Plot, Word

WIDTH, HIGHEST = 4.7, 6.5
"""Inches: so that words are legible on a telephone, and a page holds text beside a picture."""
_POINT = DPI / 72
_PAD, _MARGIN = 3 * _POINT, 0.12 * DPI
"""Between the parts of a picture, and at its sides, where the last tick's label may reach beyond the axis."""
_GAP = 3.5 * _POINT
"""The length of a tick, and the space between it and its label."""
_GREY = "#767676"
_LETTERS, _FEW, _MOST = (28, 32, 36), 3, 6
"""How long a line of a row's name may be, and how many lines it should have and may have."""
_NAME, _SMALL, _MARK = 9, 8, 7
"""Sizes of letters in points: of names, of what stands in the plot or its legend, of the mark."""
_SWATCH, _HALF = (11.2 * _POINT, 5.6 * _POINT), 0.31
"""Width and height of what stands before an entry of the legend; half of a bar's height as a share of its row's."""


def picture(plot: Plot, *, mark: str = "") -> bytes:
    """PNG of the plot, high enough for its rows' names; the same bytes each time.

    ``mark`` is written small in the corner: a picture that is passed on alone still says it is fictional.
    Raises BadArgument for letters that the font lacks: a reader would see empty boxes.
    """
    if missing := drawing.undrawable("".join((*plot.texts, mark))):
        raise BadArgument("drawing.letters", letters=missing)
    laid = _laid(plot, mark)
    paint = Paint(whole(WIDTH * DPI), whole(laid.height))
    _parts(plot, laid, paint)
    _axis(plot, laid, paint)
    for place, written in laid.texts:
        paint.text(written, *place)
    return drawing.encoded(paint.pixels, DPI)


# --- where everything stands ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Laid:
    """In pixels from the upper left corner: the plot's sides, the height of all, upper left corners of ``texts``."""

    plot: Plot
    left: float
    right: float
    top: float
    bottom: float
    height: float
    ticks: Sequence[tuple[float, str]]
    swatches: Sequence[tuple[float, float, Entry]]
    texts: Sequence[tuple[tuple[float, float], Written]]

    def across(self, value: float) -> float:
        return self.left + (value - self.plot.low) / (self.plot.high - self.plot.low) * (self.right - self.left)

    def down(self, row: float) -> float:
        """The middle of a row; there is a little more room above the first than below the last."""
        return self.top + (row + 0.6) / len(self.plot.names) * (self.bottom - self.top)


def _laid(plot: Plot, mark: str) -> _Laid:
    width = WIDTH * DPI
    names = [Written.of("\n".join(lines), _NAME, align="right") for lines in wrapped(plot.names)]
    left = _MARGIN + max((name.width for name in names), default=0) + _GAP
    swatches, texts, below = _legend(plot.legend)
    top = below + _PAD
    bottom = top + _row_height(plot.names) * DPI * len(names)
    ticks = _ticks(plot, width - left - _MARGIN)
    right = _right_end(plot, left, ticks)
    unit, corner = Written.of(textwrap.fill(plot.unit, 34), _NAME, align="center"), Written.of(mark, _MARK)
    under = bottom + 2 * _GAP + Written.of("0", _NAME).height
    unit_at = min((left + right - unit.width) / 2, width - _MARGIN - unit.width)
    texts.append(((unit_at, under + _PAD), unit))
    height = under + _PAD + unit.height + _PAD
    if mark:
        texts.append(((width * 0.99 - corner.width, height), corner))
        height += corner.height + _PAD
    laid = _Laid(plot, left, right, top, bottom, height, ticks, swatches, texts)
    for row, name in enumerate(names):
        texts.append(((left - _GAP - name.width, laid.down(row) - name.height / 2), name))
    return laid


def _legend(entries: Sequence[Entry]) -> tuple[list[tuple[float, float, Entry]], list[Any], float]:
    """Above the plot, where it covers nothing, line after line: swatches, texts, and where it ends."""
    swatches, texts = [], []
    left, top, height = _PAD, _PAD, 0.0
    for entry in entries:
        label = Written.of(textwrap.fill(entry.label, 38), _SMALL)
        whole = _SWATCH[0] + 6.4 * _POINT + label.width
        if left > _PAD and left + whole > WIDTH * DPI - _PAD:
            left, top, height = _PAD, top + height + 4 * _POINT, 0.0
        swatches.append((left, top + label.line / 2, entry))
        texts.append(((left + whole - label.width, top), label))
        left, height = left + whole + 9.6 * _POINT, max(height, label.height)
    return swatches, texts, top + height + (_PAD if entries else 0)


def _ticks(plot: Plot, room: float) -> list[tuple[float, str]]:
    """Few round values along the bottom with how they are written."""
    from matplotlib.ticker import MaxNLocator

    if plot.percent is not None:
        many = int(min(6, max(2, room / _POINT // (4 * _NAME))))
        locator = MaxNLocator(many, steps=[1, 2, 5, 10])
    else:
        many = int(min(9, max(1, room / _POINT // (3 * _NAME))))
        locator = MaxNLocator(many, steps=[1, 2, 2.5, 5, 10], integer=True)
    values = [float(value) for value in locator.tick_values(plot.low, plot.high) if plot.low <= value <= plot.high]
    return [(value, plot.percent(value) if plot.percent else str(whole(value))) for value in values]


def _right_end(plot: Plot, left: float, ticks: Sequence[tuple[float, str]]) -> float:
    """As far to the right as words behind bars and the last tick's label leave it."""
    end = WIDTH * DPI - _MARGIN
    beyond = [(at, Written.of(said, _NAME).width / 2) for at, said in ticks]
    beyond += [(one.at, _written(one).width) for one in plot.words if one.align == "left"]
    shares = (((at - plot.low) / (plot.high - plot.low), wide) for at, wide in beyond)
    found = min([end, *(left + (end - wide - left) / share for share, wide in shares if share > 0)])
    return max(found, left + DPI / 2)


def _row_height(names: Sequence[str]) -> float:
    return max(0.42, 0.12 + 0.15 * max(map(len, wrapped(names))))


def pieces(names: Sequence[str]) -> list[slice]:
    """Which rows stand in one picture: all of them, or as many as a page holds, in pieces of about one height."""
    room = max(1, int((HIGHEST - 1.2) / _row_height(names))) if names else 1
    count = max(1, -(-len(names) // room))
    ends = [len(names) * at // count for at in range(count + 1)]
    return [slice(start, end) for start, end in itertools.pairwise(ends)]


def wrapped(names: Sequence[str]) -> list[list[str]]:
    """The lines of each row's name, as narrow as three lines allow; of more than six the text has the rest."""
    for letters in _LETTERS:
        lines = [textwrap.wrap(name, letters, max_lines=_MOST, placeholder=" …") for name in names]
        if max(map(len, lines), default=0) <= _FEW:
            break
    return lines


# --- how it is drawn ------------------------------------------------------------------------------


def _parts(plot: Plot, laid: _Laid, paint: Paint) -> None:
    """Boxes, over them rules and intervals, then words, and marks on top."""
    for box in plot.boxes:
        _box(box, laid, paint)
    for rule in plot.rules:
        at = laid.across(rule.at)
        paint.line([(at, laid.top), (at, laid.bottom)], rule.width, INK, dashed=rule.dashed)
    for one in plot.intervals:
        low, high, at = laid.across(one.low), laid.across(one.high), laid.down(one.row)
        paint.line([(low, at), (high, at)], 1.4, INK)
        for end in (low, high):
            paint.line([(end, at - _GAP), (end, at + _GAP)], 1, INK)
    for word in plot.words:
        _word(word, laid, paint)
    for mark in plot.marks:
        _mark(mark.kind, laid.across(mark.at), laid.down(mark.row), paint)
    for left, middle, entry in laid.swatches:
        _swatch(entry.look, left, middle, paint)


def _box(box: Box, laid: _Laid, paint: Paint) -> None:
    half = _HALF * (laid.down(1) - laid.down(0))
    middle = laid.down(box.row)
    sides = laid.across(box.left), middle - half, laid.across(box.left + box.length), middle + half
    paint.box(sides, box.look)


def _word(word: Word, laid: _Laid, paint: Paint) -> None:
    written = _written(word)
    left = laid.across(word.at) - (written.width / 2 if word.align == "center" else 0)
    top = laid.down(word.row) - written.height / 2
    if word.boxed:
        pad = 1.2 * _POINT
        start = left if word.align == "left" else left - pad  # the end of a bar stays
        paint.box((start, top - pad, left + written.width + pad, top + written.height + pad), Look("#ffffff", ""))
    paint.text(written, left, top, word.colour)


def _written(word: Word) -> Written:
    return Written.of(word.text, word.size, italic=word.italic)


def _mark(kind: str, x: float, y: float, paint: Paint) -> None:
    if kind == "diamond":
        paint.diamond(x, y, 6 * _POINT, INK)
    else:
        paint.circle(x, y, _GAP, "#1f4e79", "#ffffff" if kind == "hollow point" else "#1f4e79")


def _swatch(look: Any, left: float, middle: float, paint: Paint) -> None:
    width, height = _SWATCH
    if look == "diamond":
        _mark(look, left + width / 2, middle, paint)
    elif look == "dashes":
        paint.line([(left, middle), (left + width, middle)], 1.5, INK, dashed=True)
    else:
        paint.box((left, middle - height / 2, left + width, middle + height / 2), look)


def _axis(plot: Plot, laid: _Laid, paint: Paint) -> None:
    """The line along the bottom with its ticks and their labels."""
    paint.line([(laid.left, laid.bottom), (laid.right, laid.bottom)], 0.8, _GREY)
    for at, said in laid.ticks:
        x, label = laid.across(at), Written.of(said, _NAME)
        paint.line([(x, laid.bottom), (x, laid.bottom + _GAP)], 0.8, INK)
        paint.text(label, x - label.width / 2, laid.bottom + 2 * _GAP)
