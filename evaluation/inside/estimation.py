"""Each person's start and end, and beside them the mean change with its interval, outcome by outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from evaluation.inside.display import DARK, GREY, LIGHT, Inside, drawn, frame, pick
from evaluation.inside.numbers import between, named, number, paired_scores
from evaluation.measure.change import Change
from evaluation.schema import Declaration, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Estimate = tuple[str, float, float, float, str]
"""One mean change to draw: whose it is, estimate, low, high, marker."""

MANY = 60
"""Pairs above which each line is drawn paler, so that hundreds do not become one patch of ink."""


def estimation(scores: pd.DataFrame, changes: Mapping[str, Change], declaration: Declaration, language: str) -> Inside:
    """Per outcome: one line a person with dots at start and end, and the mean change of all enrolled and of pairs.

    ``scores``: one row per participant × wave × scale (points, NaN = too few answers). Lines are
    solid, dashed for whoever did worse; where only counts may be shown no mean is drawn.
    """
    caption = pick(
        language,
        "Each person from start to end (dashed: worse), and the mean change with its interval"
        " (dotted: smallest worthwhile change)",
        "Każda osoba od początku do końca (kreskowane: gorzej) i średnia zmiana z przedziałem"
        " (kropkowane: najmniejsza zmiana warta zachodu)",
    )
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
    margin = 0.04 * change.scale.range
    axes.set_ylim(change.scale.minimum - margin, change.scale.maximum + margin)
    waves = (declaration.plan.baseline, declaration.plan.endline)
    axes.set_xticks([0, 1], [text(declaration.wave(wave).labels, language) for wave in waves])
    axes.set_ylabel(pick(language, "points", "punkty"))
    people = pick(language, "pairs", "pary")
    axes.set_title(f"{named(change, language)} ({people}: {change.pairs})", loc="left", fontsize=10)


def _means(axes: Axes, change: Change, language: str) -> None:
    found = _estimates(change, language)
    axes.yaxis.tick_right()
    axes.set_xlim(-0.95, max(1, len(found)) - 0.3)
    axes.set_xticks(range(len(found)), [one[0].replace(" ", "\n") for one in found])
    if not found:
        axes.set_yticks([])
        told = pick(language, "no mean change:\nonly counts of people", "bez średniej zmiany:\ntylko liczby osób")
        axes.text(0.5, 0.5, told, transform=axes.transAxes, ha="center", va="center", color=DARK)
        return
    for at, (_, estimate, low, high, marker) in enumerate(found):
        axes.plot([at, at], [low, high], color=DARK, lw=2.5)
        axes.plot(at, estimate, marker, color=DARK, mfc=DARK if marker == "o" else "white", ms=9, mew=1.5)
        axes.annotate(f"{number(estimate)}", (at, estimate), (9, 0), textcoords="offset points", va="center")
    axes.axhline(0, color="black", lw=1)
    worthwhile = change.outcome.smallest_worthwhile
    if worthwhile is not None:
        signed = worthwhile if change.scale.direction == "higher" else -worthwhile
        axes.axhline(signed, color=GREY, lw=1, ls=":")
        label = pick(language, "worthwhile", "warta zachodu")
        axes.annotate(label, (-0.92, signed), (0, 2), textcoords="offset points", fontsize=7, color=DARK)
    axes.margins(y=0.15)
    axes.set_title(pick(language, "mean change in points", "średnia zmiana w punktach"), loc="left", fontsize=10)


def _estimates(change: Change, language: str) -> list[Estimate]:
    found: list[Estimate] = []
    model, pairs = change.means.all_enrolled, change.means.t
    if model is not None:
        name = pick(language, "all enrolled", "wszystkie przyjęte osoby")
        found.append((name, model.estimate, model.low, model.high, "o"))
    if pairs is not None:
        found.append((pick(language, "pairs only", "tylko pary"), pairs.mean, pairs.low, pairs.high, "s"))
    return found


def _columns(language: str) -> list[str]:
    return pick(
        language,
        "outcome|pairs / at the start|better / same / worse|mean start → end (pairs)"
        "|mean change, all enrolled|mean change, pairs only",
        "rezultat|pary / na początku|lepiej / tyle samo / gorzej|średnia początek → koniec (pary)"
        "|średnia zmiana, wszystkie przyjęte osoby|średnia zmiana, tylko pary",
    ).split("|")


def _row(change: Change, language: str) -> tuple[str, ...]:
    means = change.means
    model, pairs = means.all_enrolled, means.t
    return (
        named(change, language),
        f"{change.pairs} / {change.at_baseline}",
        f"{change.improved} / {change.same} / {change.worse}",
        f"{number(means.paired_baseline)} → {number(means.endline)}",
        "–" if model is None else f"{number(model.estimate)} {between((model.low, model.high))}",
        "–" if pairs is None else f"{number(pairs.mean)} {between((pairs.low, pairs.high))}",
    )


def _sentence(change: Change, language: str) -> str:
    """What the picture says about one outcome, in words."""
    told = pick(
        language,
        f"{named(change, language)}: of {change.pairs} people with both scores {change.improved} did"
        f" better, {change.same} the same, {change.worse} worse",
        f"{named(change, language)}: osoby z oboma wynikami: {change.pairs}; lepiej {change.improved},"
        f" tyle samo {change.same}, gorzej {change.worse}",
    )
    found = _estimates(change, language)
    if not found:
        return told + pick(language, "; no mean change is shown.", "; średniej zmiany się nie pokazuje.")
    means = [f"{name} {number(estimate)} {between((low, high))}" for name, estimate, low, high, _ in found]
    return told + pick(language, "; mean change: ", "; średnia zmiana: ") + ", ".join(means) + "."
