"""A scale item by item: how the answers were spread at both waves, and how many people moved up or down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from evaluation.errors import Contradiction
from evaluation.measure.statistics.paired import Directions
from evaluation.schema import Instrument, Plan, Scale


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item among the people who answered it at both waves.

    ``codes`` are its answers in their order as asked; ``before`` and ``after`` how many gave each.
    ``directions`` are counted in the item's key: higher is more of the scale.
    """

    item: str
    codes: tuple[str, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    directions: Directions


def item_changes(answers: pd.DataFrame, instrument: Instrument, scale: Scale, plan: Plan) -> tuple[ItemChange, ...]:
    """Every item of ``scale`` at the plan's baseline and endline.

    ``answers``: one row per participant × wave × item (participant, wave, instrument, item, value,
    state); only the state "answered" counts. Nothing is tested: single items are described
    (docs/statistics.md). Raises Contradiction for an item answered twice in a wave.
    """
    own = answers[(answers["instrument"] == instrument.id) & (answers["state"] == "answered")]
    return tuple(_one(own[own["item"] == item], item, instrument, plan) for item in scale.items)


def _one(own: pd.DataFrame, name: str, instrument: Instrument, plan: Plan) -> ItemChange:
    item = instrument.item(name)
    if own.duplicated(["participant", "wave"]).any():
        raise Contradiction("measure.item_twice", item=name)
    wide = own.pivot(index="participant", columns="wave", values="value")
    both = wide.reindex(columns=[plan.baseline, plan.endline]).dropna().astype(str)
    numbers = both.astype(float)
    moved = (numbers[plan.endline] - numbers[plan.baseline]) * (item.key or 1)
    codes = _codes([choice.name for choice in item.choices if choice.name not in item.missing], both)
    before, after = (both[wave].value_counts() for wave in (plan.baseline, plan.endline))
    return ItemChange(
        item=name,
        codes=codes,
        before=tuple(int(before.get(code, 0)) for code in codes),
        after=tuple(int(after.get(code, 0)) for code in codes),
        directions=Directions(int((moved > 0).sum()), int((moved == 0).sum()), int((moved < 0).sum())),
    )


def _codes(declared: Sequence[str], both: pd.DataFrame) -> tuple[str, ...]:
    """The declared choices; of an open number, every one that was given. In ascending order."""
    given = declared or pd.unique(both.to_numpy().ravel()).tolist()
    return tuple(sorted(given, key=float))
