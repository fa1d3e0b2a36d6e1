"""How every picture is drawn: from matplotlib's own settings, labels as they were typed, the same bytes each time."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from evaluation.errors import BadArgument

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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
    written = io.BytesIO()
    box = "tight" if tight else None
    figure.savefig(written, format="png", dpi=dpi, bbox_inches=box, metadata={"Software": None})
    missing = undrawable("".join(label.get_text() for label in figure.findobj(Text)))
    if missing:
        raise BadArgument("drawing.letters", letters=missing)
    return written.getvalue()


def as_typed(figure: Figure) -> None:
    """No label of the figure is read as mathematics, wherever it was made."""
    from matplotlib.text import Text

    for label in figure.findobj(Text):
        label.set_parse_math(False)


def undrawable(label: str) -> str:
    """The letters of a label that the font of the figures does not have."""
    from matplotlib.font_manager import findfont, get_font

    drawn = get_font(findfont(FONT)).get_charmap()
    return "".join(dict.fromkeys(letter for letter in label if letter.isprintable() and ord(letter) not in drawn))
