"""How a number is rounded wherever it is printed: in text, table, figure, notebook and file alike."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

SETTLED = 9
"""Decimals to which the same number, added up in another order or on another machine, is the same."""

_ROOM = Context(prec=400, rounding=ROUND_HALF_UP)  # for the longest float with its decimals


def rounded(value: float | Decimal | Fraction, decimals: int = 0) -> Decimal:
    """``value`` with so many decimals, half away from zero, never minus zero (docs/statistics.md).

    First to nine decimals, so that 22/40 is .55 in every order of rows. NaN and infinity stay what they are.
    """
    if isinstance(value, Fraction):
        exact = _ROOM.divide(Decimal(value.numerator), Decimal(value.denominator))
    else:
        exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if not exact.is_finite():
        return exact
    settled = exact.quantize(Decimal(1).scaleb(-SETTLED), context=_ROOM)
    return settled.quantize(Decimal(1).scaleb(-decimals), context=_ROOM) + 0


def in_percent(share: float | Decimal | Fraction) -> Decimal:
    """A share (1 = all) in whole percents."""
    return rounded(100 * rounded(share, 2))
