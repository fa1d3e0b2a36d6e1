"""Looking further than the first and the last wave: every wave at once, and the missing end scores drawn anew."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evaluation import drawing
from evaluation.errors import NotEstimable
from evaluation.inside.display import DARK, Inside, drawn, frame, panels
from evaluation.inside.numbers import estimated, named, number
from evaluation.measure.models.coefficients import Coefficient
from evaluation.measure.models.imputation import imputed_change
from evaluation.measure.models.mmrm import mmrm, waves_with_enough
from evaluation.measure.outcomes.change import Change
from evaluation.measure.refusals import NO_HEADLINE
from evaluation.measure.scoring import by_wave
from evaluation.schema import Declaration, text
from evaluation.texts import DASH, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class Found:
    """An outcome with its changes from the first wave, or ``why`` there are none.

    ``kept``: the waves in the model; ``left_out``: those with too few people, and how many have a score there.
    """

    change: Change
    made: Sequence[Coefficient]
    kept: Sequence[str]
    left_out: Mapping[str, int]
    why: str = ""


@drawing.settings()
def waves(scores: pd.DataFrame, changes: Mapping[str, Change], declaration: Declaration, language: str) -> Inside:
    """The mean change of every wave from the first, with its interval, from all scores there are (MMRM).

    ``scores``: one row per participant × wave × scale. Waves of which too few have a score are left out, and that
    is said. Exploratory: the plan compares two waves.
    """
    caption = say("inside.waves.waves_caption", language)
    order = [wave.id for wave in declaration.file.waves]
    models = [_found(change, by_wave(scores, change.outcome.scale, order), language) for change in changes.values()]
    rows = [row for one in models for row in _rows(one, declaration, language)]
    names = say("inside.waves.waves_columns", language).split("|")
    shown = [one for one in models if one.made]
    if not shown:
        return Inside(language, caption, frame(names, rows))
    figure, grid = panels(len(shown), width=2.6)
    for axes, one in zip(grid, shown, strict=True):
        _path(axes, one.made, [text(declaration.wave(wave).labels, language) for wave in one.kept])
        axes.set_title(textwrap.fill(named(one.change, language), 24), loc="left", fontsize=9)
    figure.supylabel(say("inside.points", language), fontsize=10)
    told = "; ".join(" ".join(str(cell) for cell in row[:3]) for row in rows if row[2] != DASH)
    return Inside(language, caption, frame(names, rows), drawn(figure, apart=1.08), f"{caption}. {told}.")


def _found(change: Change, wide: pd.DataFrame, language: str) -> Found:
    if refused := _refused(change, language):
        return Found(change, (), (), {}, refused)
    order, points = [str(wave) for wave in wide.columns], wide.to_numpy(dtype=np.float64)
    places = waves_with_enough(points)
    # Where no two waves are enough the model of all of them says what is missing.
    kept = [order[place] for place in places] if len(places) > 1 else order
    left_out = {wave: int(wide[wave].notna().sum()) for wave in order if wave not in kept}
    try:
        made = mmrm(wide[kept].to_numpy(dtype=np.float64), waves=kept, alpha=change.alpha).coefficients[1:]
    except NotEstimable as error:
        return Found(change, (), kept, left_out, say(error.message, language))
    return Found(change, made, kept, left_out)


def _refused(change: Change, language: str) -> str:
    """The sentences by which an outcome has no mean change at all; empty where it has one."""
    return " ".join(say(one.message, language) for one in change.refusals if one.id in NO_HEADLINE)


def _rows(one: Found, declaration: Declaration, language: str) -> list[tuple[object, ...]]:
    name = named(one.change, language)
    left_out = [
        (
            name,
            text(declaration.wave(wave).labels, language),
            DASH,
            DASH,
            say("inside.waves.left_out", language, people=people),
        )
        for wave, people in one.left_out.items()
    ]
    if not one.made:
        return [(name, DASH, DASH, DASH, one.why), *left_out]
    shown = [
        (
            name,
            text(declaration.wave(at.name).labels, language),
            estimated(at.estimate, (at.low, at.high), language),
            number(at.df, language),
            DASH,
        )
        for at in one.made
    ]
    return [*shown, *left_out]


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
