"""Looking further than the first and the last wave: every wave at once, and the missing end scores drawn anew."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evaluation.errors import NotEstimable
from evaluation.inside.display import DARK, Inside, drawn, frame, pick
from evaluation.inside.numbers import between, named, number
from evaluation.measure.change import Change
from evaluation.measure.models.coefficients import Coefficient
from evaluation.measure.models.imputation import imputed_change
from evaluation.measure.models.mmrm import mmrm
from evaluation.measure.refusals import NO_HEADLINE
from evaluation.schema import Declaration, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Found = tuple[Change, Sequence[Coefficient] | str]
"""An outcome with its changes from the first wave, or why there are none."""


def waves(scores: pd.DataFrame, changes: Mapping[str, Change], declaration: Declaration, language: str) -> Inside:
    """The mean change of every wave from the first, with its interval, from all scores there are (MMRM).

    ``scores``: one row per participant × wave × scale. Exploratory: the plan compares two waves.
    """
    caption = pick(
        language,
        "Mean change from the start at every wave, from all answers there are (repeated-measures model; exploratory)",
        "Średnia zmiana od początku w każdym pomiarze, ze wszystkich odpowiedzi (model powtarzanych pomiarów;"
        " eksploracyjnie)",
    )
    order = [wave.id for wave in declaration.file.waves]
    found = [
        (change, _refused(change, language) or _fitted(_wide(scores, change, order), order, language))
        for change in changes.values()
    ]
    rows = [row for one in found for row in _rows(one, declaration, language)]
    names = pick(
        language,
        "outcome|wave|mean change [interval]|degrees of freedom|why not",
        "rezultat|pomiar|średnia zmiana [przedział]|stopnie swobody|dlaczego nie",
    ).split("|")
    shown = [(change, made) for change, made in found if not isinstance(made, str)]
    if not shown:
        return Inside(language, caption, frame(names, rows))
    import matplotlib.pyplot as plt

    across = min(3, len(shown))
    down = -(-len(shown) // across)
    figure, grid = plt.subplots(down, across, figsize=(2.6 * across + 0.6, 2.8 * down), squeeze=False)
    for axes in grid.flat[len(shown) :]:
        axes.set_axis_off()
    for axes, (change, made) in zip(grid.flat, shown, strict=False):
        _path(axes, made, [text(declaration.wave(wave).labels, language) for wave in order])
        axes.set_title(textwrap.fill(named(change, language), 24), loc="left", fontsize=9)
    figure.supylabel(pick(language, "points", "punkty"), fontsize=10)
    told = "; ".join(" ".join(str(cell) for cell in row[:3]) for row in rows if row[2] != "–")
    return Inside(language, caption, frame(names, rows), drawn(figure, apart=1.08), f"{caption}. {told}.")


def _wide(scores: pd.DataFrame, change: Change, order: Sequence[str]) -> pd.DataFrame:
    """One row per person, one column per wave, in points; NaN = no score."""
    own = scores[scores["scale"] == change.outcome.scale]
    wide = own.pivot(index="participant", columns="wave", values="score")
    return wide.reindex(columns=list(order)).astype(float)


def _fitted(wide: pd.DataFrame, order: Sequence[str], language: str) -> Sequence[Coefficient] | str:
    try:
        return mmrm(wide.to_numpy(dtype=np.float64), waves=order).coefficients[1:]
    except NotEstimable as error:
        return _why(error, language)


def _refused(change: Change, language: str) -> str:
    """The sentences by which an outcome has no mean change at all; empty where it has one."""
    return " ".join(text(one.sentences, language) for one in change.refusals if one.id in NO_HEADLINE)


def _why(error: NotEstimable, language: str) -> str:
    return pick(language, str(error), "Odpowiedzi nie wystarczają, aby oszacować ten model.")


def _rows(one: Found, declaration: Declaration, language: str) -> list[tuple[object, ...]]:
    change, made = one
    name = named(change, language)
    if isinstance(made, str):
        return [(name, "–", "–", "–", made)]
    return [
        (
            name,
            text(declaration.wave(at.name).labels, language),
            f"{number(at.estimate)} {between((at.low, at.high))}",
            number(at.df),
            "–",
        )
        for at in made
    ]


def _path(axes: Axes, made: Sequence[Coefficient], labels: Sequence[str]) -> None:
    places = range(1, len(made) + 1)
    axes.plot([0, *places], [0.0, *(one.estimate for one in made)], color=DARK, lw=1.2)
    axes.plot(0, 0, "s", color="white", mec=DARK, ms=6)
    for at, one in zip(places, made, strict=True):
        axes.plot([at, at], [one.low, one.high], color=DARK, lw=2)
        axes.plot(at, one.estimate, "o", color=DARK, ms=6)
    axes.axhline(0, color="black", lw=0.8, ls=":")
    axes.set_xticks(range(len(labels)), labels, fontsize=8, rotation=30, ha="right")


def imputed(
    scores: pd.DataFrame, changes: Mapping[str, Change], declaration: Declaration, language: str, *, seed: int
) -> Inside:
    """The mean change of everyone enrolled by multiple imputation beside that of the primary block.

    ``scores`` as for ``waves``. The draws follow ``seed``; the primary block needs none.
    """
    plan = declaration.plan
    rows: list[tuple[object, ...]] = []
    for change in changes.values():
        model = change.means.all_enrolled
        own = "–" if model is None else f"{number(model.estimate)} {between((model.low, model.high))}"
        wide = _wide(scores, change, [wave for wave in (plan.baseline, plan.mid, plan.endline) if wave])
        other, why = "–", "–"
        if model is None:
            why = _refused(change, language) or "–"
        else:
            try:
                made = imputed_change(
                    wide[plan.baseline],
                    wide[plan.endline],
                    mid=wide[plan.mid] if plan.mid else None,
                    rng=np.random.default_rng(seed),
                    alpha=plan.alpha,
                )
                other = f"{number(made.result.estimate)} {between((made.result.low, made.result.high))}"
            except NotEstimable as error:
                why = _why(error, language)
        rows.append((named(change, language), own, other, why))
    names = pick(
        language,
        "outcome|all enrolled, by regression|all enrolled, by multiple imputation|why not",
        "rezultat|wszystkie osoby, z regresji|wszystkie osoby, z wielokrotnej imputacji|dlaczego nie",
    ).split("|")
    caption = pick(
        language,
        f"A second opinion on those without an end score (exploratory; 50 imputations, seed {seed})",
        f"Druga opinia o osobach bez wyniku końcowego (eksploracyjnie; 50 imputacji, ziarno {seed})",
    )
    return Inside(language, caption, frame(names, rows))
