"""Several tests at once: p-values adjusted for how many were made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from evaluation.errors import Contradiction

Method = Literal["holm", "hochberg", "bh", "by", "bonferroni"]


def adjust(p: Sequence[float], method: Method = "holm") -> tuple[float, ...]:
    """``p`` (each 0…1, in any order) adjusted, in the same order.

    Holm (1979) is the plan's; Hochberg (1988), Benjamini–Hochberg (1995), Benjamini–Yekutieli (2001)
    and Bonferroni are there for comparison. Raises Contradiction for a p that is not from 0 to 1.
    """
    values = np.asarray(p, dtype=np.float64)
    if not ((values >= 0) & (values <= 1)).all():  # NaN compares as outside
        raise Contradiction("A p-value is missing or not from 0 to 1; leave the test out or correct it.")
    n = values.size
    order = np.argsort(values, kind="stable")
    rank = np.arange(1, n + 1)
    factor = {
        "holm": n - rank + 1.0,
        "hochberg": n - rank + 1.0,
        "bh": n / rank,
        "by": n / rank * np.sum(1 / rank),
        "bonferroni": np.full(n, float(n)),
    }[method]
    scaled = values[order] * factor
    if method in ("hochberg", "bh", "by"):  # from the largest down
        scaled = np.minimum.accumulate(scaled[::-1])[::-1]
    else:
        scaled = np.maximum.accumulate(scaled)
    adjusted = np.empty(n)
    adjusted[order] = np.minimum(scaled, 1.0)
    return tuple(adjusted.tolist())
