"""The road of a project's data in two small pictures: from the record to the report, and through the gate."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from evaluation import drawing
from evaluation.inside.display import DARK, GREY, LIGHT, Inside, pictured
from evaluation.schema import Declaration
from evaluation.texts import DASH, LANGUAGES, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEPS = ("collect", "measure", "gate", "report")
"""The rooms that data walk through; only what is behind the gate leaves the house."""


@drawing.settings()
def road(frames: Mapping[str, pd.DataFrame], declaration: Declaration, language: str) -> Inside:
    """The rooms one below another, with what this project has in each and where it is looked at.

    ``frames``: the tables of the record by name, of which the rows of people and answers are counted.
    """
    import matplotlib.pyplot as plt
    from matplotlib.patches import Rectangle

    file = declaration.file
    facts = {
        "people": len(frames["participants"]),
        "answers": len(frames["answers"]),
        "waves": len(file.waves),
        "outcomes": len(declaration.plan.outcomes),
        "indicators": len(declaration.indicators),
        "threshold": file.rules.threshold,
        "languages": [say(f"inside.road.language.{one}", language) for one in file.languages if one in LANGUAGES],
    }
    rows = [
        [say(f"inside.road.{step}.{part}", language, **facts) for part in ("step", "here", "where")] for step in STEPS
    ]
    figure, axes = plt.subplots(figsize=(4.6, 4.4))
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(len(rows), -0.1))
    for at, (step, here, where) in enumerate(rows):
        leaves = STEPS[at] == "report"
        box = Rectangle((0, at), 1, 0.72, facecolor="white" if leaves else LIGHT, edgecolor=DARK)
        axes.add_patch(box)
        axes.text(0.04, at + 0.16, step, weight="bold", va="center", color=DARK, size=11)
        axes.text(0.04, at + 0.4, here, va="center", color="black", size=9)
        axes.text(0.04, at + 0.6, where, va="center", color="#555555", size=8)
        if not leaves:
            axes.annotate("", (0.5, at + 1), (0.5, at + 0.72), arrowprops={"arrowstyle": "->", "color": DARK})
    wall = len(rows) - 1.14
    axes.plot([0, 1], [wall, wall], color=DARK, ls="--", lw=1.5)
    axes.text(1.02, wall, say("inside.road.wall", language), va="center", size=8, color=DARK)
    caption = say("inside.road.caption", language)
    return pictured(figure, caption, say("inside.road.columns", language).split("|"), rows, language)


# Fictional, for a threshold of 5: one number is too small, and its row and column would give it away.
_GROUPS, _ANSWERS, _TOLD_FROM = ("A", "B", "C"), ("yes", "no"), 5
_COUNTS = {("A", "yes"): 12, ("A", "no"): 9, ("B", "yes"): 3, ("B", "no"): 8, ("C", "yes"): 7, ("C", "no"): 6}


@drawing.settings()
def gate(declaration: Declaration, language: str) -> Inside:
    """A fictional table before and after the gate: the least that hides one small number, as the gate finds it."""
    import matplotlib.pyplot as plt

    threshold = max(_TOLD_FROM, declaration.file.rules.threshold)
    counts = {at: count * threshold // _TOLD_FROM for at, count in _COUNTS.items()}
    table = {
        (group, answer): sum(n for at, n in counts.items() if group in (at[0], "") and answer in (at[1], ""))
        for group, answer in itertools.product((*_GROUPS, ""), (*_ANSWERS, ""))
    }
    looks = _hidden(table, threshold)
    figure, (before, after) = plt.subplots(2, 1, figsize=(4.6, 4.8), gridspec_kw={"hspace": 0.5})
    _grid(before, table, {}, say("inside.road.before", language), language)
    _grid(after, table, looks, say("inside.road.after", language), language)
    rows = [
        (f"{_group(group, language)}, {_answer(answer, language)}", count, say(f"inside.road.{why}", language))
        for (group, answer), count in table.items()
        for why in [looks.get((group, answer), "printed")]
    ]
    caption = say("inside.road.gate_caption", language, threshold=threshold)
    return pictured(figure, caption, say("inside.road.gate_columns", language).split("|"), rows, language)


def _hidden(table: Mapping[tuple[str, str], int], threshold: int) -> dict[tuple[str, str], str]:
    """What the optimiser hides of the table, with why: ``primary`` is too small itself."""
    from evaluation.release.suppress.protection import protect

    names = {f"{group}/{answer}": (group, answer) for group, answer in table}
    cells = [{"id": name, "at": dict(zip("ga", at, strict=True)), "value": table[at]} for name, at in names.items()]
    sums = [
        *([[f"{group}/{answer}" for answer in (*_ANSWERS, "")] for group in (*_GROUPS, "")]),
        *([[f"{group}/{answer}" for group in (*_GROUPS, "")] for answer in (*_ANSWERS, "")]),
    ]
    found = protect(
        {
            "format": "sdc-audit/1",
            "tables": [{"id": "T", "release": "R", "population": "people", "cells": cells}],
            "relations": [{"terms": [*([one, 1] for one in parts), [whole, -1]]} for *parts, whole in sums],
            "must_publish": [name for name, at in names.items() if "" in at],
            "sensitive": {name: [0, threshold] for name, at in names.items() if table[at] < threshold},
        }
    )
    return {names[one]: "primary" if one in found.primary else "complementary" for one in found.hidden}


def _grid(
    axes: Axes, table: Mapping[tuple[str, str], int], looks: Mapping[tuple[str, str], str], title: str, language: str
) -> None:
    """The table as squares; a hidden number is the one mark, the ones too small dark and the others hatched."""
    from matplotlib.patches import Rectangle

    groups, answers = (*_GROUPS, ""), (*_ANSWERS, "")
    axes.set_title(title, loc="left", size=10, pad=18)  # above the answers
    axes.set(xlim=(0, len(answers)), ylim=(len(groups), 0))
    axes.set_xticks([at + 0.5 for at in range(len(answers))], [_answer(one, language) for one in answers])
    axes.set_yticks([at + 0.5 for at in range(len(groups))], [_group(one, language) for one in groups])
    axes.tick_params(length=0, labelsize=9)
    axes.xaxis.tick_top()
    for down, across in itertools.product(range(len(groups)), range(len(answers))):
        why = looks.get((groups[down], answers[across]))
        face, hatch, ink = _LOOKS[why or ""]
        axes.add_patch(Rectangle((across, down), 1, 1, facecolor=face, hatch=hatch, edgecolor=GREY))
        told = DASH if why else str(table[groups[down], answers[across]])
        paper = {"facecolor": "white", "edgecolor": "none", "pad": 1} if hatch else None
        axes.text(across + 0.5, down + 0.5, told, ha="center", va="center", color=ink, size=10, bbox=paper)


_LOOKS = {"": ("white", "", "black"), "primary": (DARK, "", "white"), "complementary": (LIGHT, "//", "black")}
"""Ground, hatching and ink of a square, by why its number is hidden."""


def _group(group: str, language: str) -> str:
    return say("inside.road.group", language, group=group) if group else say("inside.road.all", language)


def _answer(answer: str, language: str) -> str:
    return say(f"inside.road.{answer or 'all'}", language)
