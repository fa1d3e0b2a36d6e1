"""How far those who are missing would have to differ from what was predicted before the result changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np

from evaluation import drawing
from evaluation.inside.display import DARK, GREY, LIGHT, Inside, drawn, frame
from evaluation.inside.numbers import between, named, number
from evaluation.measure.change import Change
from evaluation.measure.missing import AllEnrolled
from evaluation.schema import Declaration
from evaluation.texts import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@drawing.settings()
def tipping(changes: Mapping[str, Change], declaration: Declaration, language: str) -> Inside:
    """Per outcome: the mean change of all enrolled as those missing differ by δ points from the prediction.

    The line crosses 0 at the tipping point; dotted is the smallest worthwhile change. Outcomes
    without an estimate for all enrolled, or with nobody missing, stand in the table only.
    """
    caption = say("inside.tipping.tipping_caption", language)
    drawable = [(change, change.means.all_enrolled) for change in changes.values() if _missing(change)]
    table = frame(
        say("inside.tipping.tipping_columns", language).split("|"),
        [_row(change, language) for change in changes.values()],
    )
    if not drawable:
        return Inside(language, caption, table)
    import matplotlib.pyplot as plt

    figure, grid = plt.subplots(len(drawable), 1, figsize=(7, 2.5 * len(drawable) + 0.4), squeeze=False)
    for axes, (change, model) in zip(grid[:, 0], drawable, strict=True):
        if model is not None:
            _line(axes, change, model, language)
    label = say("inside.tipping.delta", language)
    grid[-1, 0].set_xlabel(label)
    told = " ".join(f"{named(change, language)}: {_words(change, language)}" for change, _ in drawable)
    return Inside(language, caption, table, drawn(figure, apart=1.5), f"{caption}. {told}")


def _missing(change: Change) -> int:
    """People without an end score whom the estimate for all enrolled predicts."""
    model = change.means.all_enrolled
    return 0 if model is None else model.n - model.completers


def _worthwhile(change: Change) -> float | None:
    """The smallest worthwhile change in raw points: below 0 where lower is better."""
    declared = change.outcome.smallest_worthwhile
    return declared if declared is None or change.scale.direction == "higher" else -declared


def _delta_at(value: float, model: AllEnrolled) -> float:
    """By how much each missing person must differ for the estimate to be ``value``."""
    return (value - model.estimate) * model.n / (model.n - model.completers)


def _line(axes: Axes, change: Change, model: AllEnrolled, language: str) -> None:
    share = (model.n - model.completers) / model.n
    worthwhile, zero = _worthwhile(change), _delta_at(0, model)
    marked = [0.0, zero] if worthwhile is None else [0.0, zero, _delta_at(worthwhile, model)]
    # Beyond the scale's range nobody can differ; a tipping point out there is told in words.
    reach = min(change.scale.range, 1.25 * max(map(abs, marked)) or 1.0)
    deltas = np.array([-reach, reach])
    axes.fill_between(deltas, model.low + share * deltas, model.high + share * deltas, color=LIGHT)
    axes.plot(deltas, model.estimate + share * deltas, color=DARK, lw=2)
    axes.plot(0, model.estimate, "o", color=DARK, ms=7)
    axes.axhline(0, color="black", lw=1)
    axes.set_xlim(-reach, reach)
    if abs(zero) <= reach:
        axes.plot(zero, 0, "D", color="white", mec="black", mew=1.5, ms=8)
        axes.annotate(f"δ = {number(zero, language)}", (zero, 0), (0, 9), textcoords="offset points", ha="center")
    if worthwhile is not None:
        axes.axhline(worthwhile, color=GREY, lw=1.5, ls=":")
        name = say("inside.tipping.smallest_worthwhile_change", language)
        # On the side where the rising line has left the dotted one.
        side: Literal["left", "right"] = "left" if worthwhile > 0 else "right"
        spot, shift = ((-reach, worthwhile), 3) if worthwhile > 0 else ((reach, worthwhile), -3)
        axes.annotate(name, spot, (shift, 3), textcoords="offset points", ha=side, fontsize=8, color=DARK)
    axes.set_ylabel(say("inside.tipping.mean_change", language))
    axes.set_title(named(change, language), loc="left", fontsize=10)


def _row(change: Change, language: str) -> tuple[str, ...]:
    model, worthwhile = change.means.all_enrolled, _worthwhile(change)
    drawn_here = model is not None and _missing(change)
    return (
        named(change, language),
        f"{change.at_baseline - change.pairs} / {change.at_baseline}",
        number(_delta_at(0, model), language) if model is not None and drawn_here else "–",
        number(_delta_at(worthwhile, model), language)
        if model is not None and drawn_here and worthwhile is not None
        else "–",
        _words(change, language),
    )


def _words(change: Change, language: str) -> str:
    """The estimate, its tipping point, and the bounds, as sentences."""
    return " ".join(filter(None, [_tipping_words(change, language), _bounds_words(change, language)]))


def _tipping_words(change: Change, language: str) -> str:
    model = change.means.all_enrolled
    if model is None:
        return say("inside.tipping.no_estimate", language)
    if not _missing(change):
        return say("inside.tipping.nobody_missing", language)
    delta = _delta_at(0, model)
    if abs(delta) > change.scale.range:
        return say("inside.tipping.never_crosses_0", language, estimate=number(model.estimate, language))
    side = say("inside.tipping.above", language) if delta > 0 else say("inside.tipping.below", language)
    return say(
        "inside.tipping.crosses_0",
        language,
        estimate=number(model.estimate, language),
        number=number(abs(delta), language),
        side=side,
    )


def _bounds_words(change: Change, language: str) -> str:
    means = change.means
    if means.bounds is None or change.at_baseline == change.pairs:
        return ""
    low, high = means.bounds
    certain = low > 0 or high < 0
    sign = say("inside.tipping.excludes_0", language) if certain else say("inside.tipping.includes_0", language)
    return say(
        "inside.tipping.bounds",
        language,
        between=between((low, high), language),
        sign=sign,
        if_nothing_gained=number(means.if_nothing_gained, language),
    )
