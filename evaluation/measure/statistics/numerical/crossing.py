"""Where a falling function crosses zero, by halving, to the last digit."""

from __future__ import annotations

from collections.abc import Callable


def crossing(falling: Callable[[float], float], low: float, high: float) -> float:
    """Where ``falling`` crosses 0 between ``low`` and ``high``; the end where it does not."""
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return (low + high) / 2
