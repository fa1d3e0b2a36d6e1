"""What was counted month by month without records of persons, and what its months make together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True)
class Tally:
    """The months of one ``kind`` in their order (``2026-05``), and what they make together.

    ``total``: their sum where ``summed``, else the count of the last month (cases pending, people supported: who
    is there in two months must not count twice). ``gaps``: months between the first and the last without a count;
    they are not zero, and the total lacks them.
    """

    kind: str
    months: Mapping[str, int]
    total: int
    summed: bool
    gaps: tuple[str, ...]


def tallies(recorded: pd.DataFrame, months: Mapping[str, str]) -> tuple[Tally, ...]:
    """Each kind in the order of ``months``, which says of every kind whether its months are a ``sum`` or the ``last``.

    ``recorded``: one row per month and kind: ``month`` (text such as 2026-05), ``kind``, ``count``.
    """
    return tuple(
        _of(kind, recorded[recorded["kind"] == kind], how) for kind, how in months.items() if _has(recorded, kind)
    )


def _has(recorded: pd.DataFrame, kind: str) -> bool:
    return bool((recorded["kind"] == kind).any())


def _of(kind: str, own: pd.DataFrame, how: str) -> Tally:
    ordered = own.sort_values("month")
    counted = {str(month): int(count) for month, count in zip(ordered["month"], ordered["count"], strict=True)}
    first, last = next(iter(counted)), next(reversed(counted))
    between = pd.period_range(first, last, freq="M").strftime("%Y-%m")
    total = sum(counted.values()) if how == "sum" else counted[last]
    gaps = tuple(month for month in between if month not in counted)
    return Tally(kind, counted, total, how == "sum", gaps)
