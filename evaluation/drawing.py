"""How every picture is drawn: from matplotlib's own settings, labels as they were typed, the same bytes each time."""

from __future__ import annotations

import contextlib
import functools
import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from evaluation.errors import BadArgument

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

FONT = "DejaVu Sans"  # comes with matplotlib, so that it is there on every machine


@contextlib.contextmanager
def settings(style: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Figures that are made and saved inside know nothing of the account's matplotlibrc; ``style`` comes on top."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        rules: Any = {**(style or {}), "font.family": FONT, "text.parse_math": False}  # $ and all
        matplotlib.rcParams.update(rules)
        yield


def png(figure: Figure, *, dpi: int, tight: bool = False) -> bytes:
    """The figure, made inside ``settings``, as PNG; ``tight`` cuts or widens the canvas to what is drawn.

    Raises BadArgument for letters that the font lacks: a reader would see empty boxes.
    """
    from matplotlib.text import Text

    as_typed(figure)
    _lay_out(figure, dpi)
    written = io.BytesIO()
    figure.savefig(
        written, format="png", dpi=dpi, bbox_inches=_drawn_on(figure) if tight else None, metadata={"Software": None}
    )
    missing = undrawable("".join(label.get_text() for label in figure.findobj(Text)))
    if missing:
        raise BadArgument("drawing.letters", letters=missing)
    return written.getvalue()


def _lay_out(figure: Figure, dpi: int) -> None:
    """Everything in its place, once; left to savefig, matplotlib draws the whole figure another time for that."""
    figure.dpi = dpi
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine("none")


def _drawn_on(figure: Figure) -> Bbox:
    """In inches, where something is drawn, and matplotlib's own margin around it."""
    import matplotlib

    box: Bbox = figure.get_tightbbox()
    return box.padded(matplotlib.rcParams["savefig.pad_inches"])


def as_typed(figure: Figure) -> None:
    """No label of the figure is read as mathematics, wherever it was made."""
    from matplotlib.text import Text

    for label in figure.findobj(Text):
        label.set_parse_math(False)


def undrawable(label: str) -> str:
    """The letters of a label that the font of the figures does not have."""
    return "".join(dict.fromkeys(letter for letter in label if letter.isprintable() and ord(letter) not in _drawable()))


@functools.cache
def _drawable() -> frozenset[int]:
    """The code points that the font of the figures has."""
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont(FONT)).get_charmap())
