"""What a reader of a printed mean knows of everybody's change, for each kind of person by thirds and direction."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scipy.special import stdtrit

_THIRDS = ("low", "middle", "high")
AWAY = "-"  # where somebody is who is not among those of a release
_FINE = 10**6  # the largest factor of a row in whole numbers; rounding only weakens it


@dataclass(frozen=True, slots=True)
class Part:
    """A kind's part in the mean: its smallest and largest change in points, first score and last.

    ``paired``: has both scores; ``start``: has the first one, for certain or perhaps.
    """

    least: float
    most: float
    paired: bool
    start: bool
    surely: bool
    first: tuple[float, float] = (0.0, 0.0)
    last: tuple[float, float] = (0.0, 0.0)


def variables(told: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Thirds at the start and at the wave of the mean, direction up to there, and whether there are both scores."""
    outcome, at = told["scored"]["outcome"], told.get("at", "")
    later = f"{outcome}.{told['wave']}" if told.get("wave") else outcome
    return f"{outcome}.start{at}", f"{later}.end{at}", f"{later}.direction{at}", f"{later}.pairs{at}"


def rows(told: Mapping[str, Any], kinds: Sequence[Mapping[str, str]], most: int, started: int) -> Iterator[list[int]]:
    """Factors of the ``kinds``, whose sum is 0 or more; at most so many have both scores, and have the first one."""
    parts = [_part(told, kind) for kind in kinds]
    half = 0.5 * 10.0 ** -told["decimals"]
    low, high = told["change"] - half, told["change"] + half
    yield _row([one.start * (one.most - low) for one in parts], parts)
    yield _row([one.start * (high - one.least) for one in parts], parts)
    if told.get("start") is not None:
        begun = (told["start"] - half, told["start"] + half)
        for ends, (least, most_) in (([one.first for one in parts], begun),
                                    ([one.last for one in parts], (begun[0] + low, begun[1] + high))):  # fmt: skip
            yield _row([one.start * (far - least) for one, (_, far) in zip(parts, ends, strict=True)], parts)
            yield _row([one.start * (most_ - near) for one, (near, _) in zip(parts, ends, strict=True)], parts)
    yield _row([one.paired - told["scored"]["retention"] * one.start for one in parts], parts)
    if told["scored"]["plain"] and most > 1:
        reach = min(told["high"] + half - low, high - told["low"] + half, (told["high"] - told["low"]) / 2 + half)
        each = (reach / float(stdtrit(most - 1, (1 + told["confidence"]) / 2))) ** 2
        own, gain = each * (most - 1), each * (started - 1) * (told["method"] != "paired")
        apart = [max(0.0, one.least - high, low - one.most) ** 2 for one in parts]
        yield _row(
            [one.paired * (own - far) + one.start * gain for one, far in zip(parts, apart, strict=True)],
            parts,
        )


def _row(factors: Sequence[float], parts: Sequence[Part]) -> list[int]:
    """In whole numbers. Who is perhaps no part of the mean can only help: what fits without her fits."""
    free = [factor if one.surely else max(0.0, factor) for factor, one in zip(factors, parts, strict=True)]
    scale = _FINE / max(1e-9, *map(abs, free))
    return [math.ceil(factor * scale) for factor in free]


def _part(told: Mapping[str, Any], kind: Mapping[str, str]) -> Part:
    """``kind``: codes by those of the ``variables`` that are counted."""
    start, end, way, pairs = (kind.get(name, "") for name in variables(told))
    width, step, same = (float(told["scored"][name]) for name in ("width", "step", "same"))
    paired = pairs == "yes" if pairs else way in ("higher", "same", "lower")
    known = bool(pairs or way)
    if AWAY in (start, end, way, pairs) or start == "none" or (told["method"] == "paired" and not paired and known):
        return Part(0.0, 0.0, paired=False, start=False, surely=True)
    first, last = _score(start, told["scored"]), _score(end if paired else "", told["scored"])
    reach = {"higher": (step, width), "same": (-same, same), "lower": (-width, -step)}.get(way, (-width, width))
    least, most = max(last[0] - first[1], reach[0]), min(last[1] - first[0], reach[1])
    began = max(first[0], last[0] - reach[1]), min(first[1], last[1] - reach[0])
    ended = max(last[0], first[0] + reach[0]), min(last[1], first[1] + reach[1])
    surely = paired or (known and start in _THIRDS)
    return Part(least, most, paired=paired, start=True, surely=surely, first=began, last=ended)


def _score(third: str, scored: Mapping[str, Any]) -> tuple[float, float]:
    """By which scores there can be, where that is known; else from edge to edge."""
    width = float(scored["width"])
    if third not in _THIRDS:
        return 0.0, width
    at = _THIRDS.index(third)
    least, most = scored["ends"][at] if scored.get("ends") else (at * width / 3, (at + 1) * width / 3)
    return float(least), float(most)
