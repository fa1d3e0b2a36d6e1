"""How far those who are missing would have to differ from what was predicted before the result changes."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from evaluation import drawing
from evaluation.inside.display import DARK, GREY, LIGHT, Inside, drawn, frame
from evaluation.inside.numbers import named, number, signed_worthwhile, tipped
from evaluation.measure.outcomes.change import Change
from evaluation.measure.outcomes.missing import AllEnrolled
from evaluation.measure.outcomes.tipping import Tipping, missing_people, tipping_of_interval
from evaluation.measure.outcomes.tipping import tipping as tipping_at
from evaluation.schema import Declaration
from evaluation.texts import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@drawing.settings()
def tipping(changes: Mapping[str, Change], declaration: Declaration, language: str) -> Inside:
    """Per outcome: the mean change of all enrolled as those missing differ by δ points from the prediction.

    The line crosses 0 at the tipping point; dotted is the smallest worthwhile change. No further is drawn than the
    scale allows. Outcomes without an estimate for all enrolled, or with nobody missing, stand in the table only.
    """
    caption = say("inside.tipping.tipping_caption", language)
    drawable = [(change, change.means.all_enrolled) for change in changes.values() if missing_people(change)]
    table = frame(
        say("inside.tipping.tipping_columns", language).split("|"),
        [_row(change, language) for change in changes.values()],
    )
    if not drawable:
        return Inside(language, caption, table)
    import matplotlib.pyplot as plt

    figure, grid = plt.subplots(len(drawable), 1, figsize=(7, 2.7 * len(drawable) + 0.4), squeeze=False)
    for axes, (change, model) in zip(grid[:, 0], drawable, strict=True):
        if model is not None:
            _line(axes, change, model, language)
    label = say("inside.tipping.delta", language)
    grid[-1, 0].set_xlabel(label)
    told = " ".join(f"{named(change, language)}: {_words(change, language)}" for change, _ in drawable)
    return Inside(language, caption, table, drawn(figure, apart=1.5), f"{caption}. {told}")


def _line(axes: Axes, change: Change, model: AllEnrolled, language: str) -> None:
    share, worthwhile = missing_people(change) / model.n, signed_worthwhile(change)
    marks = [(tipping_at(change, 0.0), 0.0, "D", ""), (tipping_of_interval(change), 0.0, "|", "inside.tipping.touches")]
    low, high = _window(change, model, [at for at, *_ in marks] + [_at_worthwhile(change)])
    deltas = np.array([low, high])
    axes.fill_between(deltas, model.low + share * deltas, model.high + share * deltas, color=LIGHT)
    axes.plot(deltas, model.estimate + share * deltas, color=DARK, lw=2)
    axes.plot(0, model.estimate, "o", color=DARK, ms=7)
    axes.axhline(0, color="black", lw=1)
    axes.set_xlim(low, high)
    # Each label has a place of its own outside the lines: above, below the title's end, and at the right.
    for row, (at, height, mark, name) in enumerate(marks):
        if at is None or not at.possible:
            continue
        axes.plot(at.delta, height, mark, color="white" if mark == "D" else "black", mec="black", mew=1.5, ms=9)
        axes.axvline(at.delta, color=GREY, lw=0.8, ls="-" if mark == "D" else "--")
        label = f"δ = {tipped(at, language)}" + (f" ({say(name, language)})" if name else "")
        side = "left" if at.delta < (low + high) / 2 else "right"
        axes.annotate(label, (at.delta, 1.0), (0, 3 + 11 * row), xycoords=("data", "axes fraction"),
                      textcoords="offset points", ha=side, fontsize=8)  # fmt: skip
    if worthwhile is not None:
        axes.axhline(worthwhile, color=GREY, lw=1.5, ls=":")
        name = textwrap.fill(say("inside.tipping.smallest_worthwhile_change", language), 14)
        axes.annotate(name, (1.0, worthwhile), (4, 0), xycoords=("axes fraction", "data"),
                      textcoords="offset points", va="center", fontsize=8)  # fmt: skip
    axes.set_ylabel(say("inside.tipping.mean_change", language))
    axes.set_title(named(change, language), loc="left", fontsize=10, pad=28)


def _at_worthwhile(change: Change) -> Tipping | None:
    worthwhile = signed_worthwhile(change)
    return None if worthwhile is None else tipping_at(change, worthwhile)


def _window(change: Change, model: AllEnrolled, marked: Sequence[Tipping | None]) -> tuple[float, float]:
    """From where to where δ is drawn: around 0 and the marked points, and no further than the scale allows."""
    lowest, highest = change.means.bounds or (model.estimate, model.estimate)
    per_point = model.n / missing_people(change)
    ends = (lowest - model.estimate) * per_point, (highest - model.estimate) * per_point
    reach = 1.25 * max([0.1 * change.scale.range, *(abs(at.delta) for at in marked if at is not None and at.possible)])
    return max(ends[0], -reach), min(ends[1], reach)


def _row(change: Change, language: str) -> tuple[str, ...]:
    return (
        named(change, language),
        f"{change.at_baseline - change.pairs} / {change.at_baseline}",
        tipped(tipping_at(change, 0.0), language),
        tipped(tipping_of_interval(change), language),
        tipped(_at_worthwhile(change), language),
        _words(change, language),
    )


def _words(change: Change, language: str) -> str:
    """The estimate, its tipping points, and the bounds, as sentences."""
    return " ".join(filter(None, [_tipping_words(change, language), _bounds_words(change, language)]))


def _tipping_words(change: Change, language: str) -> str:
    model, of_interval = change.means.all_enrolled, tipping_of_interval(change)
    if model is None:
        return say("inside.tipping.no_estimate", language)
    at = tipping_at(change, 0.0)
    if at is None or of_interval is None:
        return say("inside.tipping.nobody_missing", language)
    estimate = number(model.estimate, language)
    if not at.possible:
        said = say("inside.tipping.never_crosses_0", language, estimate=estimate)
    else:
        said = say("inside.tipping.crosses_0", language, estimate=estimate, **_side(at, language))
    if not of_interval.possible:
        return f"{said} {say('inside.tipping.interval_never', language)}"
    return f"{said} {say('inside.tipping.interval_crosses_0', language, **_side(of_interval, language))}"


def _side(at: Tipping, language: str) -> dict[str, str]:
    side = say("inside.tipping.above" if at.delta > 0 else "inside.tipping.below", language)
    return {"number": number(abs(at.delta), language), "side": side}


def _bounds_words(change: Change, language: str) -> str:
    means = change.means
    if means.bounds is None or change.at_baseline == change.pairs:
        return ""
    low, high = (number(end, language) for end in means.bounds)
    nothing = number(means.if_nothing_gained, language)
    return say("inside.tipping.bounds", language, n=change.at_baseline, low=low, high=high, if_nothing_gained=nothing)
