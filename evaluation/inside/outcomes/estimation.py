"""Each person's start and end, and beside them the mean change with its interval, outcome by outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from evaluation import drawing
from evaluation.inside.display import DARK, GREY, LIGHT, Inside, drawn, frame
from evaluation.inside.numbers import between, estimated, named, number, paired_scores, signed_worthwhile
from evaluation.measure.outcomes.change import Change
from evaluation.schema import Declaration, text
from evaluation.texts import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Estimate = tuple[str, float, float, float, str]
"""One mean change to draw: whose it is, estimate, low, high, marker."""

MANY = 60
"""Pairs above which each line is drawn paler, so that hundreds do not become one patch of ink."""


@drawing.settings()
def estimation(scores: pd.DataFrame, changes: Mapping[str, Change], declaration: Declaration, language: str) -> Inside:
    """Per outcome: one line a person with dots at start and end, and the mean change of all enrolled and of pairs.

    The axis of change has as many points a centimetre as the axis of scores beside it, and its 0 lies at the mean of
    the start (Gardner & Altman 1986): a small change is drawn small.
    ``scores``: one row per participant × wave × scale (points, NaN = too few answers). Lines are
    solid, dashed for whoever did worse; where only counts may be shown no mean is drawn.
    """
    caption = say("inside.estimation.estimation_caption", language)
    rows = [_row(change, language) for change in changes.values()]
    table = frame(_columns(language), rows)
    if not any(change.pairs for change in changes.values()):
        return Inside(language, caption, table)
    import matplotlib.pyplot as plt

    height = 3.1 * len(changes) + 0.4
    figure, grid = plt.subplots(len(changes), 2, figsize=(7.5, height), width_ratios=(3, 2), squeeze=False)
    for (left, right), change in zip(grid, changes.values(), strict=True):
        _lines(left, paired_scores(scores, change, declaration.plan), change, (declaration, language))
        _means(right, change, language)
        _alike(left, right, change, language)
    told = " ".join(_sentence(change, language) for change in changes.values())
    return Inside(language, caption, table, drawn(figure, apart=2.0), f"{caption}. {told}")


def _lines(axes: Axes, pairs: pd.DataFrame, change: Change, where: tuple[Declaration, str]) -> None:
    from matplotlib.collections import LineCollection

    declaration, language = where
    pale = min(1.0, max(0.3, MANY / max(len(pairs), 1)))
    gain = (pairs["end"] - pairs["start"]) * (1 if change.scale.direction == "higher" else -1)
    for worse, tone, dash in ((False, GREY, "-"), (True, DARK, "--")):
        chosen = pairs[(gain < 0) == worse].to_numpy()
        lines = [[(0, start), (1, end)] for start, end in chosen]
        axes.add_collection(LineCollection(lines, colors=tone, linestyles=dash, linewidths=0.9, alpha=pale))
    counted = pairs.melt().value_counts(["variable", "value"]).reset_index()
    at = counted["variable"].map({"start": 0, "end": 1})
    # A bigger dot is several people on the same score: on a scale of few points most dots coincide.
    sizes = 12 * counted["count"] if len(pairs) <= MANY else 12 * MANY * counted["count"] / len(pairs)
    axes.scatter(at, counted["value"], s=sizes, color=LIGHT, edgecolor=DARK, linewidth=0.7, zorder=3)
    means = change.means
    if means.paired_baseline is not None and means.endline is not None:
        axes.plot([0, 1], [means.paired_baseline, means.endline], color="black", lw=2.5, zorder=4)
        axes.scatter([0, 1], [means.paired_baseline, means.endline], s=60, color="black", zorder=5)
    axes.set_xlim(-0.15, 1.15)
    waves = (declaration.plan.baseline, declaration.plan.endline)
    axes.set_xticks([0, 1], [text(declaration.wave(wave).labels, language) for wave in waves])
    axes.set_ylabel(say("inside.points", language))
    people = say("inside.estimation.pairs", language)
    axes.set_title(f"{named(change, language)} ({people}: {change.pairs})", loc="left", fontsize=10)


def _means(axes: Axes, change: Change, language: str) -> None:
    estimates = _estimates(change, language)
    axes.yaxis.tick_right()
    axes.set_xlim(-0.95, max(1, len(estimates)) - 0.3)
    axes.set_xticks(range(len(estimates)), [one[0].replace(" ", "\n") for one in estimates])
    if not estimates:
        axes.set_yticks([])
        told = say("inside.estimation.only_counts", language)
        axes.text(0.5, 0.5, told, transform=axes.transAxes, ha="center", va="center", color=DARK)
        return
    for at, (_, estimate, low, high, marker) in enumerate(estimates):
        axes.plot([at, at], [low, high], color=DARK, lw=2.5)
        axes.plot(at, estimate, marker, color=DARK, mfc=DARK if marker == "o" else "white", ms=9, mew=1.5)
        axes.annotate(f"{number(estimate, language)}", (at, estimate), (9, 0), textcoords="offset points", va="center")
    axes.axhline(0, color="black", lw=1)
    worthwhile = signed_worthwhile(change)
    if worthwhile is not None:
        axes.axhline(worthwhile, color=GREY, lw=1, ls=":")
        label, above = say("inside.estimation.worthwhile", language), worthwhile > 0
        axes.annotate(label, (-0.92, worthwhile), (0, 2 if above else -2), textcoords="offset points",
                      va="bottom" if above else "top", fontsize=7, color=DARK)  # fmt: skip
    axes.set_title(say("inside.estimation.mean_change_points", language), loc="left", fontsize=10)


def _alike(scores: Axes, gains: Axes, change: Change, language: str) -> None:
    """Both axes of one length in points: of the whole scale, and of whatever is drawn beyond it."""
    start = change.means.paired_baseline
    ends = [change.scale.minimum, change.scale.maximum]
    estimates = _estimates(change, language)
    if start is not None and estimates:
        drawn_at = [end for _, _, low, high, _ in estimates for end in (low, high)]
        ends += [start + at for at in (*drawn_at, signed_worthwhile(change) or 0.0)]
        scores.axhline(start, color="black", lw=0.6)
    margin = 0.04 * (max(ends) - min(ends))
    low, high = min(ends) - margin, max(ends) + margin
    scores.set_ylim(low, high)
    gains.set_ylim(low - (start or 0.0), high - (start or 0.0))


def _estimates(change: Change, language: str) -> list[Estimate]:
    estimates: list[Estimate] = []
    model, pairs = change.means.all_enrolled, change.means.t
    if model is not None:
        name = say("inside.estimation.all_enrolled", language)
        estimates.append((name, model.estimate, model.low, model.high, "o"))
    if pairs is not None:
        estimates.append((say("inside.estimation.pairs_only", language), pairs.mean, pairs.low, pairs.high, "s"))
    return estimates


def _columns(language: str) -> list[str]:
    return say("inside.estimation.estimation_columns", language).split("|")


def _row(change: Change, language: str) -> tuple[str, ...]:
    means = change.means
    model, pairs = means.all_enrolled, means.t
    return (
        named(change, language),
        f"{change.pairs} / {change.at_baseline}",
        f"{change.improved} / {change.same} / {change.worse}",
        f"{number(means.paired_baseline, language)} → {number(means.endline, language)}",
        "–" if model is None else estimated(model.estimate, (model.low, model.high), language),
        "–" if pairs is None else estimated(pairs.mean, (pairs.low, pairs.high), language),
    )


def _sentence(change: Change, language: str) -> str:
    """What the picture says about one outcome, in words."""
    told = say(
        "inside.estimation.directions",
        language,
        outcome=named(change, language),
        pairs=change.pairs,
        improved=change.improved,
        same=change.same,
        worse=change.worse,
    )
    estimates = _estimates(change, language)
    if not estimates:
        return told + say("inside.estimation.no_mean_change_shown", language)
    means = [
        f"{name} {number(estimate, language)} {between((low, high), language)}"
        for name, estimate, low, high, _ in estimates
    ]
    return told + say("inside.estimation.mean_change", language) + ", ".join(means) + "."
