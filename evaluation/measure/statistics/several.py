"""Several tests at once: p-values adjusted for how many were made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluation.errors import Contradiction

Method = Literal["holm", "hochberg", "bh", "by", "bonferroni"]
_NAMES = {"hochberg": "simes-hochberg", "bh": "fdr_bh", "by": "fdr_by"}


def holm(p: Sequence[float]) -> tuple[float, ...]:
    """``p`` (each 0…1, in any order) adjusted by Holm (1979), in the same order: the plan's method.

    Written out, because every command needs it and statsmodels, whose answer is the same, takes most of
    a second to import. Raises Contradiction for a p that is not from 0 to 1.
    """
    values = _chances(p)
    order = np.argsort(values, kind="stable")
    adjusted = np.empty(values.size)
    scaled = np.maximum.accumulate(values[order] * np.arange(values.size, 0, -1))
    adjusted[order] = np.minimum(scaled, 1.0)
    return tuple(adjusted.tolist())


def adjust(p: Sequence[float], method: Method = "holm") -> tuple[float, ...]:
    """``p`` adjusted by statsmodels' ``multipletests``; Holm's beside others for comparison.

    Hochberg (1988), Benjamini–Hochberg (1995), Benjamini–Yekutieli (2001), Bonferroni. Arguments and
    errors as for ``holm``.
    """
    from statsmodels.stats.multitest import multipletests

    values = _chances(p)
    return tuple(multipletests(values, method=_NAMES.get(method, method))[1].tolist())


def _chances(p: Sequence[float]) -> NDArray[np.float64]:
    values = np.asarray(p, dtype=np.float64)
    if not ((values >= 0) & (values <= 1)).all():  # NaN compares as outside
        raise Contradiction("measure.statistics.not_a_p")
    return values
