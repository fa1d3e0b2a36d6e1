"""The mean change of every outcome side by side, primary and secondary told apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from evaluation import drawing
from evaluation.inside.display import DARK, GREY, Inside, pictured
from evaluation.inside.numbers import between, named, number, signed_worthwhile
from evaluation.measure.outcomes.change import Change
from evaluation.schema import Declaration
from evaluation.texts import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@drawing.settings()
def outcomes(changes: Mapping[str, Change], declaration: Declaration, language: str) -> Inside:
    """Mean change of every outcome with its interval, in % of the scale's range; forest plot.

    Discs are primary outcomes, squares secondary ones; hollow marks are of totals that the items do not bear: they
    head nothing. Dotted across its line stands the smallest worthwhile change of an outcome.
    """
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 0.5 * max(1, len(changes)) + 1.2))
    for at, change in enumerate(changes.values()):
        _mark(axes, at, change, language)
    rows = [_row(change, language) for change in changes.values()]
    axes.axvline(0, color=GREY, lw=1)
    axes.set_yticks(range(len(rows)), [row[0] for row in rows])
    axes.set_ylim(max(1, len(rows)) - 0.5, -0.5)
    axes.set_xlabel(say("inside.results.percent_of_range", language))
    _key(axes, changes, language)
    names = say("inside.results.outcomes_columns", language).split("|")
    caption = say("inside.results.outcomes_caption", language)
    if any(change.headline != "none" and not change.headlined for change in changes.values()):
        caption += say("inside.results.hollow", language)
    return pictured(figure, caption, names, rows, language)


MARKS = {"primary": "o", "secondary": "s"}
"""The mark of an outcome by its standing in the plan."""


def _standing(change: Change) -> str:
    return "primary" if change.outcome.primary else "secondary"


def _mark(axes: Axes, at: int, change: Change, language: str) -> None:
    """The line of one outcome: its worthwhile change, and the mean with its interval or why there is none."""
    estimate, interval, percents_of = change.headline_estimate, change.headline_interval, 100 / change.scale.range
    worthwhile = signed_worthwhile(change)
    if worthwhile is not None:
        axes.vlines(worthwhile * percents_of, at - 0.4, at + 0.4, color="black", lw=1.5, ls=":")
    if estimate is None or interval is None:
        axes.annotate(whose(change, language), (0, at), (6, 0), textcoords="offset points", va="center", color=GREY)
        return
    axes.plot([end * percents_of for end in interval], [at, at], color=DARK, lw=2)
    face = DARK if change.headlined else "white"
    axes.plot(estimate * percents_of, at, MARKS[_standing(change)], color=DARK, mfc=face, mew=1.5, ms=7)


def _row(change: Change, language: str) -> tuple[str, ...]:
    estimate = change.headline_estimate
    return (
        named(change, language),
        say(f"inside.results.{_standing(change)}", language),
        number(estimate, language),
        between(change.headline_interval, language),
        number(None if estimate is None else 100 * estimate / change.scale.range, language),
        number(signed_worthwhile(change), language),
        whose(change, language),
    )


def _key(axes: Axes, changes: Mapping[str, Change], language: str) -> None:
    """What the marks say, of those that can stand in the picture."""
    from matplotlib.lines import Line2D

    standings = {_standing(change) for change in changes.values()}
    handles = [
        Line2D([], [], color=DARK, marker=mark, ms=7, ls="", label=say(f"inside.results.{standing}", language))
        for standing, mark in MARKS.items()
        if standing in standings
    ]
    if any(change.outcome.smallest_worthwhile is not None for change in changes.values()):
        label = say("inside.results.smallest_worthwhile", language)
        handles.append(Line2D([], [], color="black", lw=1.5, ls=":", label=label))
    if handles:
        axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, fontsize=9)


def whose(change: Change, language: str) -> str:
    """Whose mean change it is, and how many they are."""
    return {
        "paired": say("inside.results.pairs", language, pairs=change.pairs),
        "all enrolled": say(
            "inside.results.all_enrolled", language, at_baseline=change.at_baseline, pairs=change.pairs
        ),
        "none": say("inside.results.no_headline", language),
    }[change.headline]
