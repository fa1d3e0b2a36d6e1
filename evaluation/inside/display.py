"""What a notebook for inside shows: a caption, a table, and a picture with its alt text; it never leaves."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from evaluation import drawing
from evaluation.errors import BadArgument
from evaluation.texts import as_html, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Part = tuple[str, "pd.Series[int]", str, str]
"""One part of stacked bars: label, lengths, colour, hatch."""

GREY, DARK, LIGHT = "#8a8a8a", "#1f3b57", "#c9d6e2"
"""Three tones that stay apart in greyscale."""


@dataclass(frozen=True, slots=True)
class Inside:
    """A table with its caption and, where ``png`` is given, a picture whose ``alt`` is mandatory."""

    language: str
    caption: str
    table: pd.DataFrame
    png: bytes = b""
    alt: str = ""

    def __post_init__(self) -> None:
        if self.png and not self.alt:
            raise BadArgument("inside.no_alt", caption=self.caption)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Data and metadata by MIME type, as Jupyter asks for them."""
        mark = say("inside.stays_in_the_house", self.language)
        caption = as_html(f"{self.caption} ({mark})")
        table = _as_html(self.table, self.language)
        figure = ""
        data: dict[str, Any] = {}
        metadata: dict[str, Any] = {}
        if self.png:
            encoded = base64.b64encode(self.png).decode("ascii")
            figure = f'<img alt="{html.escape(self.alt)}" src="data:image/png;base64,{encoded}">'
            data["image/png"] = encoded
            metadata["image/png"] = {"alt": self.alt}
        data["text/html"] = f'<figure lang="{self.language}">{figure}<figcaption>{caption}</figcaption></figure>{table}'
        told = say("inside.nothing", self.language) if self.table.empty else self.table.to_string(index=False)
        data["text/plain"] = f"{self.caption} ({mark})\n{told}"
        return data, metadata


def _as_html(table: pd.DataFrame, language: str) -> str:
    """The table with its numbers at the right and its texts at the left; a sentence where it has no rows."""
    if table.empty:
        return f'<p lang="{language}">{html.escape(say("inside.nothing", language))}</p>'
    # JupyterLab sets every cell at the right, so each cell says its own side.
    cells = table.astype(str)
    sides = ["right" if all(_NUMBER.fullmatch(cell) for cell in cells.iloc[:, at]) else "left"
             for at in range(len(cells.columns))]  # fmt: skip
    head = _line("th", cells.columns, sides)
    body = "".join(_line("td", row, sides) for row in cells.itertuples(index=False))
    return f'<table lang="{language}"><thead>{head}</thead><tbody>{body}</tbody></table>'


_NUMBER = re.compile(r"[+−-]?\d[\d\s.,]*%?|–|")


def _line(tag: str, cells: Iterable[object], sides: Sequence[str]) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    made = (
        f'<{tag}{scope} style="text-align: {side}">{as_html(str(cell))}</{tag}>'
        for cell, side in zip(cells, sides, strict=True)
    )
    return f"<tr>{''.join(made)}</tr>"


def panels(many: int, *, width: float) -> tuple[Figure, list[Axes]]:
    """A figure of so many panels, at most three in a row, each ``width`` inches wide."""
    import matplotlib.pyplot as plt

    across = min(3, many)
    down = -(-many // across)
    figure, grid = plt.subplots(down, across, figsize=(width * across + 0.6, 2.8 * down), squeeze=False)
    for axes in grid.flat[many:]:
        axes.set_axis_off()
    return figure, list(grid.flat[:many])


def drawn(figure: Figure, *, apart: float | None = None) -> bytes:
    """The figure as PNG bytes that are the same for the same data; the figure is closed.

    ``apart``: the space between panels, where there are several, in sizes of the font.
    """
    import matplotlib.pyplot as plt

    with drawing.settings():
        try:
            return drawing.png(figure, dpi=110, tight=True, apart=apart)
        finally:
            plt.close(figure)


def frame(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> pd.DataFrame:
    """A table for reading: every cell is text already."""
    return pd.DataFrame([list(map(str, row)) for row in rows], columns=list(columns))


def pictured(
    figure: Figure, caption: str, columns: Sequence[str], rows: Sequence[Sequence[object]], language: str
) -> Inside:
    """The figure with its rows as table, and as alt text the same rows in words."""
    told = "; ".join(f"{row[0]}: {', '.join(map(str, row[1:]))}" for row in rows)
    return Inside(
        language, caption, frame(columns, rows), drawn(figure), f"{caption} ({', '.join(columns[1:])}): {told}"
    )


def stack(axes: Axes, labels: Sequence[str], parts: Sequence[Part]) -> None:
    """Horizontal bars of several parts, each with its number inside where it is not zero."""
    from matplotlib.ticker import MaxNLocator

    reached, named = [0] * len(labels), []
    for _, lengths, colour, hatch in parts:
        values = [int(length) for length in lengths]
        named.append(axes.barh(list(labels), values, left=reached, color=colour, hatch=hatch, edgecolor=DARK))
        for at, value in enumerate(values):
            if value:
                ink = "white" if colour in (DARK, GREY) else DARK
                paper = None if not hatch else {"facecolor": "white", "edgecolor": "none", "pad": 1}
                axes.text(reached[at] + value / 2, at, str(value), ha="center", va="center", color=ink, bbox=paper)
        reached = [before + value for before, value in zip(reached, values, strict=True)]
    axes.invert_yaxis()
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(named, [label for label, *_ in parts], loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
