"""Indicators as they may be printed, from released counts and means only."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from evaluation.errors import Contradiction
from evaluation.release.released import CountTable, Line, Mean, Reference, Value
from evaluation.release.system.means import withheld
from evaluation.release.system.quantities import At
from evaluation.rounding import rounded

Counts = Mapping[tuple[str, At], Value]


def printed_lines(lines: Sequence[Line], tables: Sequence[CountTable], means: Sequence[Mean]) -> tuple[Line, ...]:
    """The indicators with achieved, share of the target and progress, from released numbers only.

    Shares are rounded to whole percents, half up. Raises Contradiction when an indicator points at
    a count or mean that is not there, or counts people and points at neither.
    """
    counts = {(table.id, frozenset(count.at.items())): count.value for table in tables for count in table.counts}
    return tuple(_printed_line(line, counts, means) for line in lines)


def _printed_line(line: Line, counts: Counts, means: Sequence[Mean]) -> Line:
    if line.as_of is not None:
        return _compared(line)
    if line.numerator is not None:
        line = _counted(line, line.numerator, counts)
    elif line.mean:
        line = _averaged(line, means)
    elif line.level != "bilateral":
        if line.achieved is not None and line.unit in ("persons", "share", "points"):
            raise Contradiction("release.indicator.no_source", code=line.code)
        line = dataclasses.replace(line, n=None, of=None)
    return _compared(line)


def _counted(line: Line, numerator: Reference, counts: Counts) -> Line:
    top = _look_up(line, numerator, counts)
    whole = None if line.denominator is None else _look_up(line, line.denominator, counts)
    # A count that stands alone is of nobody but those whom it counts.
    total = counts.get((numerator.table, frozenset())) if numerator.at or line.asked else None
    asked = _look_up(line, line.asked, counts) if line.asked else whole
    line = dataclasses.replace(line, achieved=None, n=asked, of=total, withheld={})
    if not isinstance(top, int) or (line.denominator is not None and not isinstance(whole, int)):
        low, high = _ends(top) if line.denominator is None else _ends_of_share(_ends(top), _ends(whole))
        return dataclasses.replace(line, low=low, high=high, withheld=withheld("too_few"))
    if line.denominator is None:
        return dataclasses.replace(line, achieved=float(top))
    if not isinstance(whole, int) or whole == 0:
        return dataclasses.replace(line, withheld=withheld("nobody"))
    return dataclasses.replace(line, achieved=_share(Fraction(top, whole)))


def _ends(value: Value) -> tuple[float | None, float | None]:
    return value if isinstance(value, tuple) else (value, value)


def _ends_of_share(
    top: tuple[float | None, float | None], whole: tuple[float | None, float | None]
) -> tuple[float | None, float | None]:
    """Between which whole percents a share lies; nothing where it may be any."""
    (least, most), (smallest, largest) = top, whole
    low = math.floor(100 * Fraction(least) / Fraction(largest)) if least and largest else 0
    high = min(100, math.ceil(100 * Fraction(most) / Fraction(smallest))) if most is not None and smallest else 100
    return (None, None) if (low, high) == (0, 100) else (low / 100, high / 100)


def _look_up(line: Line, reference: Reference, counts: Counts) -> Value:
    place = (reference.table, frozenset(reference.at.items()))
    if place not in counts:
        codes = ", ".join(f"{variable}={code}" for variable, code in sorted(reference.at.items()))
        raise Contradiction("release.indicator.no_cell", code=line.code, codes=codes, table=reference.table)
    return counts[place]


def _averaged(line: Line, means: Sequence[Mean]) -> Line:
    named = [mean for mean in means if mean.id == line.mean]
    if not named:
        raise Contradiction("release.indicator.no_mean", code=line.code, mean=line.mean)
    best = next((mean for mean in named if mean.change is not None), named[0])
    return dataclasses.replace(
        line,
        achieved=best.change,
        n=best.n,
        of=best.of,
        withheld={} if best.change is not None else withheld("too_few"),
    )


def _compared(line: Line) -> Line:
    if line.achieved is None:
        return dataclasses.replace(line, achieved_share=None, progress=None)
    share = progress = None
    reasons: list[str] = []
    if line.target is None:
        reasons.append("no_target")
    else:
        if line.target == 0:
            reasons.append("target_zero")
        else:
            share = _share(_exact(line.achieved) / _exact(line.target))
        if line.baseline is None:
            reasons.append("no_baseline")
        elif line.target == line.baseline:
            reasons.append("target_is_baseline")
        else:
            start = _exact(line.baseline)
            progress = _share((_exact(line.achieved) - start) / (_exact(line.target) - start))
    return dataclasses.replace(line, achieved_share=share, progress=progress, withheld=withheld(*reasons))


def _exact(value: float) -> Fraction:
    return Fraction(str(value))


def _share(value: Fraction) -> float:
    """Rounded to whole percents, half up; 0.125 as printed in a report is 13 %."""
    return float(rounded(value, 2))
