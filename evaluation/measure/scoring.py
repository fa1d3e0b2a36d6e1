"""Answers become scale scores: by item id, reversed by key, prorated where enough was answered."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from evaluation.errors import BadDeclaration, Contradiction
from evaluation.measure.points import points
from evaluation.schema import Instrument, Item, Scale

COLUMNS = ["participant", "wave", "scale", "score", "answered", "asked"]


def score(answers: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """One row per participant × wave × scale of ``instrument``, for every wave she has a form of it.

    ``answers``: one row per participant × wave × item (participant, wave, instrument, item, value,
    state); rows of other instruments and items of no scale are left aside. Gives participant, wave,
    ``scale`` ("instrument.scale"), ``score`` in points of the scale (NaN below the minimum
    answered), ``answered`` and ``asked`` (items with an answer; items put to her, whatever she
    said). Only the state "answered" is a number. Raises Contradiction for an answer that is no
    number or outside the item's codes, and for an item answered twice in a wave.
    """
    own = answers[answers["instrument"] == instrument.id]
    _once(own)
    scored = {name: instrument.item(name) for scale in instrument.scales for name in scale.items}
    numbers = _wide(own, _numbers(own, scored), list(scored))
    asked = _wide(own, own["state"].ne("not_asked").astype(float), list(scored)).fillna(0)
    parts = [_scale_scores(own, numbers, asked, instrument, scale) for scale in instrument.scales]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat(parts, ignore_index=True)


def keyed_items(answers: pd.DataFrame, instrument: Instrument, scale: Scale, *, wave: str) -> pd.DataFrame:
    """One row per participant with a form of ``instrument`` in ``wave``, one column per item of ``scale``.

    Numbers as they enter the score: reversed by key, so that more is more of the scale; NaN where
    there is no answer. ``answers`` and errors as for ``score``.
    """
    own = answers[(answers["instrument"] == instrument.id) & (answers["wave"] == wave)]
    _once(own)
    numbers = _numbers(own, {item: instrument.item(item) for item in scale.items})
    return _wide(own, numbers, list(scale.items)).droplevel("wave")


def by_wave(scores: pd.DataFrame, scale: str, waves: Sequence[str]) -> pd.DataFrame:
    """The scores of ``scale`` ("instrument.scale") in points: one row per participant who has one, one column per wave.

    ``scores``: as ``score`` gives them. NaN where she has no score in a wave. Raises Contradiction where
    somebody has two in one of the ``waves``.
    """
    own = scores[(scores["scale"] == scale) & scores["wave"].isin(list(waves))]
    twice = own.duplicated(["participant", "wave"])
    if twice.any():
        raise Contradiction("measure.answered_twice", wave=own.loc[twice, "wave"].iloc[0])
    return own.pivot(index="participant", columns="wave", values="score").reindex(columns=list(waves)).astype(float)


def _once(own: pd.DataFrame) -> None:
    twice = own.duplicated(["participant", "wave", "item"])
    if twice.any():
        raise Contradiction("measure.answered_twice", wave=own.loc[twice, "wave"].iloc[0])


def _numbers(own: pd.DataFrame, scored: dict[str, Item]) -> pd.Series[float]:
    """The answered numbers of scored items, keyed so that more is more of the scale; NaN elsewhere."""
    counts = own["state"].eq("answered") & own["item"].isin(list(scored))
    items = own.loc[counts, "item"]
    given = pd.to_numeric(own.loc[counts, "value"], errors="coerce").astype(float)
    low = items.map({name: _bounds(item)[0] for name, item in scored.items()}).astype(float)
    high = items.map({name: _bounds(item)[1] for name, item in scored.items()}).astype(float)
    outside = ~((given >= low) & (given <= high))  # NaN compares as outside
    if outside.any():
        name = items[outside].iloc[0]
        raise Contradiction(
            "measure.answer_outside", item=name, low=_bounds(scored[name])[0], high=_bounds(scored[name])[1]
        )
    reversed_ = items.isin([name for name, item in scored.items() if item.key < 0])
    return given.where(~reversed_, low + high - given).reindex(own.index)


def _bounds(item: Item) -> tuple[float, float]:
    if not item.key or item.low is None or item.high is None:
        raise BadDeclaration("measure.item_without_key", item=item.id)
    return item.low, item.high


def _wide(own: pd.DataFrame, values: pd.Series[float], items: list[str]) -> pd.DataFrame:
    """One row per participant × wave, one column per item; NaN where there is no row of it."""
    table = own[["participant", "wave", "item"]].assign(value=values)
    wide = table.pivot(index=["participant", "wave"], columns="item", values="value")
    return wide.reindex(columns=items).astype(float)


def _scale_scores(
    own: pd.DataFrame, numbers: pd.DataFrame, asked: pd.DataFrame, instrument: Instrument, scale: Scale
) -> pd.DataFrame:
    items = list(scale.items)
    if scale.transform == "ordinal" and len(items) != 1:
        raise BadDeclaration("measure.ordinal_items", scale=scale.id)
    return pd.DataFrame(
        {
            "participant": numbers.index.get_level_values("participant"),
            "wave": numbers.index.get_level_values("wave"),
            "scale": f"{instrument.id}.{scale.id}",
            "score": points(own, numbers, instrument, scale),
            "answered": numbers[items].notna().sum(axis=1).to_numpy(),
            "asked": asked[items].sum(axis=1).astype(int).to_numpy(),
        },
        columns=COLUMNS,
    )
