"""Scales item by item: the answers before and after as bars, and how many people moved; no total, no test."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from evaluation import drawing
from evaluation.inside.display import DARK, Inside, drawn, frame
from evaluation.inside.numbers import estimated, named, percents
from evaluation.measure.outcomes.change import Change
from evaluation.measure.outcomes.items import ItemChange
from evaluation.schema import Declaration, Item, text
from evaluation.texts import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def items(
    moved: Mapping[str, Sequence[ItemChange]],
    changes: Mapping[str, Change],
    declaration: Declaration,
    language: str,
) -> Inside:
    """The items of every scale whose total is not headlined, or is of levels: answers before and after.

    ``moved``: items.item_changes() by outcome. The darker, the more of the scale.
    """
    caption = say("inside.items.items_caption", language)
    listed = [
        (changes[outcome], one, _item(declaration, changes[outcome], one))
        for outcome, of in moved.items()
        for one in of
    ]
    names = say("inside.items.items_columns", language).split("|")
    rows = [_row(change, one, item, language) for change, one, item in listed]
    shown = [(one, item) for _, one, item in listed if one.directions.n]
    if not shown:
        if not listed:
            caption = say("inside.items.none_needed", language)
        return Inside(language, caption, frame(names, rows))
    told = "; ".join(f"{row[1]}: {row[3]}, {row[4]}; {row[5]}" for row in rows)
    alt = f"{caption}. {names[3]}, {names[4]}; {names[5]}: {told}."
    return Inside(language, caption, frame(names, rows), _bars(shown, language), alt)


def _item(declaration: Declaration, change: Change, one: ItemChange) -> Item:
    return declaration.instrument_of(change.outcome).item(one.item)


def _row(change: Change, one: ItemChange, item: Item, language: str) -> tuple[object, ...]:
    moved = one.directions
    net, limits = moved.net, moved.net_interval(alpha=change.alpha)
    spread = " → ".join(
        ", ".join(f"{code}: {n}" for code, n in zip(one.codes, counts, strict=True))
        for counts in (one.before, one.after)
    )
    return (
        named(change, language),
        text(item.labels, language),
        moved.n,
        f"{moved.higher} / {moved.same} / {moved.lower}",
        "–" if net is None or limits is None else estimated(100 * net, percents(limits), language, 0),
        spread,
    )


@drawing.settings()
def _bars(shown: Sequence[tuple[ItemChange, Item]], language: str) -> bytes:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 0.75 * len(shown) + 0.9))
    for at, (one, item) in enumerate(shown):
        for counts, shift in ((one.before, -0.19), (one.after, 0.19)):
            _bar(axes, at + shift, counts if item.key >= 0 else counts[::-1])
    labels = [textwrap.fill(text(item.labels, language), 38) for _, item in shown]
    axes.set_yticks(range(len(shown)), labels, fontsize=8)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.set_xlabel(say("inside.items.share_of_answers", language))
    return drawn(figure)


def _bar(axes: Axes, at: float, counts: Sequence[int]) -> None:
    """One wave's answers, from the least to the most of the scale."""
    reached, whole, last = 0.0, sum(counts), max(len(counts) - 1, 1)
    for place, count in enumerate(counts):
        if count:
            grey, width = 0.95 - 0.75 * place / last, 100 * count / whole
            axes.barh(at, width, height=0.34, left=reached, color=str(grey), edgecolor=DARK, linewidth=0.6)
            ink = "white" if grey < 0.5 else "black"
            axes.text(reached + width / 2, at, str(count), ha="center", va="center", fontsize=7, color=ink)
            reached += width
