"""What a published document gives away: judged by the kit's auditor and, where it is small, by plain enumeration."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.release.audit.verdict import audit

Span = tuple[float, float]


@dataclass(frozen=True)
class Verdict:
    """Counts of distinct quantities: sensitive ones, those known exactly, those known too narrowly, and hidden ones.

    ``agreed``: unknowns whose interval plain enumeration found too (None where it was too large to enumerate);
    ``differ``: those where it found another interval, which must never happen.
    """

    sensitive: int
    exact: int
    narrow: int
    hidden: int
    consistent: bool
    seconds: float
    agreed: int | None = None
    differ: tuple[str, ...] = ()


def judge(published: Mapping[str, Any], *, work: int = 1_500_000) -> Verdict:
    """The verdict on a published document that still lists what is ``sensitive``."""
    start = time.perf_counter()
    found = audit(published)
    seconds = time.perf_counter() - start
    one = representatives(published)
    cells = {cell["id"]: cell["value"] for table in published["tables"] for cell in table["cells"]}
    if not found.consistent:
        return Verdict(0, 0, 0, 0, consistent=False, seconds=seconds)
    demands = {one[id]: ends for id, ends in published["sensitive"].items()}
    known = {one[id] for id in found.exact} | {one[id] for id, value in cells.items() if value is not None}
    narrow = {one[id] for id in found.narrow}
    hidden = {one[id] for id, value in cells.items() if value is None and one[id] not in _printed(cells, one)}
    listed = enumerate_spans(published, work=work)
    differ = []
    if listed is not None:
        differ = [id for id, (low, high) in found.intervals.items() if listed[one[id]] != (low, high)]
    return Verdict(
        sensitive=len(demands),
        exact=len(known & demands.keys()),
        narrow=len(narrow),
        hidden=len(hidden),
        consistent=True,
        seconds=seconds,
        agreed=None if listed is None else len(found.intervals) - len(differ),
        differ=tuple(differ),
    )


def _printed(cells: Mapping[str, Any], one: Mapping[str, str]) -> set[str]:
    return {one[id] for id, value in cells.items() if value is not None}


def representatives(document: Mapping[str, Any]) -> dict[str, str]:
    """Every id, and the one id that stands for the quantity it shows."""
    ids = [cell["id"] for table in document["tables"] for cell in table["cells"]]
    ids += [entry["id"] for entry in document.get("hidden", ())]
    lead = {id: id for id in ids}

    def top(id: str) -> str:
        while lead[id] != id:
            id = lead[id]
        return id

    for group in document.get("equal", ()):
        for other in group[1:]:
            lead[top(other)] = top(group[0])
    return {id: top(id) for id in ids}


ONE = ""  # stands for the number 1 in equations
Equation = list[tuple[str, int]]  # coefficients of unknowns and printed numbers; the sum is nought


def enumerate_spans(document: Mapping[str, Any], *, work: int) -> dict[str, Span] | None:
    """Smallest and largest value of every quantity over all whole numbers that fit; None where trying takes too long.

    Only the plainest tools: equations, counts that are not negative, and trying one value after the other, from
    each end inwards until all other unknowns can be filled in.
    """
    one = representatives(document)
    low = dict.fromkeys(one.values(), 0.0)
    high = dict.fromkeys(one.values(), math.inf)
    low[ONE] = high[ONE] = 1.0
    for table in document["tables"]:
        for cell in table["cells"]:
            if cell["value"] is not None:
                low[one[cell["id"]]] = high[one[cell["id"]]] = float(cell["value"])
    equations: list[Equation] = [
        [(one[id], factor) for id, factor in relation["terms"]] for relation in document["relations"]
    ]
    budget = [work]
    if not _narrow(equations, low, high, budget):
        return {} if budget[0] > 0 else None
    spans: dict[str, Span] = {id: (low[id], high[id]) for id in low if low[id] == high[id]}
    for names, part in _parts(equations, low, high):
        seen: dict[str, Span] = {}
        for id in names:
            if high[id] == math.inf or not _find_ends(id, names, part, low, high, seen, budget):
                return None
        spans |= seen
    return spans


def _find_ends(
    id: str,
    names: list[str],
    part: list[Equation],
    low: dict[str, float],
    high: dict[str, float],
    seen: dict[str, Span],
    budget: list[int],
) -> bool:
    """Widen ``seen`` until it holds both ends of ``id``; False when the budget of tries is spent."""
    upwards = range(int(low[id]), int(high[id]) + 1)
    for values in (upwards, reversed(upwards)):
        for value in values:
            if id in seen and value in seen[id]:
                break
            point = next(_points(names, part, low | {id: value}, high | {id: value}, budget), None)
            if budget[0] <= 0:
                return False
            if point is not None:
                for other in names:
                    old = seen.get(other, (point[other], point[other]))
                    seen[other] = (min(old[0], point[other]), max(old[1], point[other]))
                break
    return True


def _narrow(equations: list[Equation], low: dict[str, float], high: dict[str, float], budget: list[int]) -> bool:
    """Let every equation narrow its quantities until nothing changes; False where a range runs empty.

    False too when the budget, counted in looks at terms, is spent.
    """
    changed = True
    while changed:
        changed = False
        for terms in equations:
            budget[0] -= len(terms) ** 2
            if budget[0] <= 0:
                return False
            for id, factor in terms:
                rest = [(o, f) for o, f in terms if o != id]
                least = sum(f * (low if f > 0 else high)[o] for o, f in rest)
                most = sum(f * (high if f > 0 else low)[o] for o, f in rest)
                below, above = sorted((-least / factor, -most / factor))
                below = math.ceil(below) if below > -math.inf else below
                above = math.floor(above) if above < math.inf else above
                if below > low[id]:
                    low[id], changed = below, True
                if above < high[id]:
                    high[id], changed = above, True
                if low[id] > high[id]:
                    return False
    return True


def _parts(
    equations: list[Equation], low: Mapping[str, float], high: Mapping[str, float]
) -> Iterator[tuple[list[str], list[Equation]]]:
    """Unknowns that hang together, with their equations (without what is known: see ``_without_known``)."""
    open_rows = [_without_known(terms, low, high) for terms in equations]
    left = {id for id in low if low[id] != high[id]}
    near: dict[str, set[str]] = {id: set() for id in left}
    for terms, _ in open_rows:
        for id, _ in terms:
            near[id].update(o for o, _ in terms)
    while left:
        names, rim = [], [min(left)]
        left -= set(rim)
        while rim:
            id = rim.pop()
            names.append(id)
            rim += sorted(near[id] & left)
            left -= near[id]
        inside = set(names)
        yield names, [_closed(terms, rest) for terms, rest in open_rows if terms and terms[0][0] in inside]


def _without_known(terms: Equation, low: Mapping[str, float], high: Mapping[str, float]) -> tuple[Equation, int]:
    known = sum(int(factor * low[id]) for id, factor in terms if low[id] == high[id])
    return [(id, factor) for id, factor in terms if low[id] != high[id]], known


def _closed(terms: Equation, rest: int) -> Equation:
    """An equation whose known part is one term: the constant one, times what it adds up to."""
    return [*terms, (ONE, rest)] if rest else terms


def _points(
    names: list[str], equations: list[Equation], low: dict[str, float], high: dict[str, float], budget: list[int]
) -> Iterator[dict[str, float]]:
    """Every solution of one part; stops when the budget of tries is spent."""
    low, high = dict(low), dict(high)
    if not _narrow(equations, low, high, budget):
        return
    free = [id for id in names if low[id] != high[id]]
    if not free:
        yield low
        return
    id = min(free, key=lambda name: high[name] - low[name])
    if high[id] == math.inf:
        budget[0] = 0
        return
    for value in range(int(low[id]), int(high[id]) + 1):
        yield from _points(names, equations, low | {id: value}, high | {id: value}, budget)
