"""Looking further than the first and the last wave: every wave at once, and the missing end scores drawn anew."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evaluation import drawing
from evaluation.errors import NotEstimable
from evaluation.inside.display import DARK, Inside, drawn, frame, panels
from evaluation.inside.numbers import estimated, named, number
from evaluation.measure.change import Change
from evaluation.measure.models.coefficients import Coefficient
from evaluation.measure.models.imputation import imputed_change
from evaluation.measure.models.mmrm import mmrm
from evaluation.measure.refusals import NO_HEADLINE
from evaluation.measure.scoring import by_wave
from evaluation.schema import Declaration, text
from evaluation.texts import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Found = tuple[Change, Sequence[Coefficient] | str]
"""An outcome with its changes from the first wave, or why there are none."""


@drawing.settings()
def waves(scores: pd.DataFrame, changes: Mapping[str, Change], declaration: Declaration, language: str) -> Inside:
    """The mean change of every wave from the first, with its interval, from all scores there are (MMRM).

    ``scores``: one row per participant × wave × scale. Exploratory: the plan compares two waves.
    """
    caption = say("inside.waves.waves_caption", language)
    order = [wave.id for wave in declaration.file.waves]
    models = [
        (change, _refused(change, language) or _fitted(by_wave(scores, change.outcome.scale, order), order, language))
        for change in changes.values()
    ]
    rows = [row for one in models for row in _rows(one, declaration, language)]
    names = say("inside.waves.waves_columns", language).split("|")
    shown = [(change, made) for change, made in models if not isinstance(made, str)]
    if not shown:
        return Inside(language, caption, frame(names, rows))
    figure, grid = panels(len(shown), width=2.6)
    for axes, (change, made) in zip(grid, shown, strict=True):
        _path(axes, made, [text(declaration.wave(wave).labels, language) for wave in order])
        axes.set_title(textwrap.fill(named(change, language), 24), loc="left", fontsize=9)
    figure.supylabel(say("inside.points", language), fontsize=10)
    told = "; ".join(" ".join(str(cell) for cell in row[:3]) for row in rows if row[2] != "–")
    return Inside(language, caption, frame(names, rows), drawn(figure, apart=1.08), f"{caption}. {told}.")


def _fitted(wide: pd.DataFrame, order: Sequence[str], language: str) -> Sequence[Coefficient] | str:
    try:
        return mmrm(wide.to_numpy(dtype=np.float64), waves=order).coefficients[1:]
    except NotEstimable as error:
        return say(error.message, language)


def _refused(change: Change, language: str) -> str:
    """The sentences by which an outcome has no mean change at all; empty where it has one."""
    return " ".join(say(one.message, language) for one in change.refusals if one.id in NO_HEADLINE)


def _rows(one: Found, declaration: Declaration, language: str) -> list[tuple[object, ...]]:
    change, made = one
    name = named(change, language)
    if isinstance(made, str):
        return [(name, "–", "–", "–", made)]
    return [
        (
            name,
            text(declaration.wave(at.name).labels, language),
            estimated(at.estimate, (at.low, at.high), language),
            number(at.df, language),
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
        own = "–" if model is None else estimated(model.estimate, (model.low, model.high), language)
        wide = by_wave(scores, change.outcome.scale, [wave for wave in (plan.baseline, plan.mid, plan.endline) if wave])
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
                other = estimated(made.result.estimate, (made.result.low, made.result.high), language)
            except NotEstimable as error:
                why = say(error.message, language)
        rows.append((named(change, language), own, other, why))
    names = say("inside.waves.imputed_columns", language).split("|")
    caption = say("inside.waves.imputed_caption", language, seed=seed)
    return Inside(language, caption, frame(names, rows))
