"""Rows narrow the bounds of each quantity in exact arithmetic until nothing moves; parts fall apart."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Sequence
from fractions import Fraction

from evaluation.release.audit.system import Limit, Number, Row, tied

_VISITS = 60  # how often a row may be looked at again: chains of percentages could creep for ever


def rows_of(rows: Sequence[Row], size: int) -> list[list[int]]:
    """The rows, by their places, in which each of so many quantities stands."""
    users: list[list[int]] = [[] for _ in range(size)]
    for position, row in enumerate(rows):
        for index, _ in row.terms:
            users[index].append(position)
    return users


def narrow_bounds(
    rows: Sequence[Row],
    low: list[Limit],
    high: list[Limit],
    continuous: Sequence[bool],
    *,
    fixed: int | None = None,
    users: Sequence[Sequence[int]] = (),
) -> bool:
    """Narrows ``low`` and ``high`` (one entry a quantity) in place; False where a row cannot hold.

    Bounds of whole quantities are rounded inwards. They are valid for every solution, but need not be
    reached by one. ``fixed``: the quantity whose bounds alone have moved since the same rows narrowed them all.
    ``users``: of ``rows_of``, where the same rows narrow more than once.
    """
    users = users or rows_of(rows, len(low))
    first = range(len(rows)) if fixed is None else dict.fromkeys(users[fixed])
    queue, waiting, left = deque(first), [fixed is None] * len(rows), [_VISITS] * len(rows)
    for position in first:
        waiting[position] = True
    while queue:
        position = queue.popleft()
        waiting[position] = False
        left[position] -= 1
        moved = _visit(rows[position], low, high, continuous)
        if moved is None:
            return False
        for index in moved:
            for user in users[index]:
                if not waiting[user] and left[user] > 0:
                    waiting[user] = True
                    queue.append(user)
    return True


def _visit(row: Row, low: list[Limit], high: list[Limit], continuous: Sequence[bool]) -> list[int] | None:
    least, most = _reach(row, low, high)
    if _beyond(row.low, row.high) or _beyond(least, row.high) or _beyond(row.low, most):
        return None
    moved = []
    for index, factor in row.terms:
        if low[index] is not None and low[index] == high[index]:
            continue
        lower, upper = (low[index], high[index]) if factor > 0 else (high[index], low[index])
        at_most = _room(row.high, least, lower, factor)
        at_least = _room(row.low, most, upper, factor)
        if factor < 0:
            at_most, at_least = at_least, at_most
        if _tighten(index, at_least, at_most, low, high, whole=not continuous[index]):
            moved.append(index)
            if _beyond(low[index], high[index]):
                return None
    return moved


_Reach = tuple[Number, int]  # sum over the bounded terms, number of unbounded ones


def _reach(row: Row, low: list[Limit], high: list[Limit]) -> tuple[_Reach, _Reach]:
    least: Number = 0
    most: Number = 0
    open_below = open_above = 0
    for index, factor in row.terms:
        lower, upper = (low[index], high[index]) if factor > 0 else (high[index], low[index])
        if lower is None:
            open_below += 1
        else:
            least += factor * lower
        if upper is None:
            open_above += 1
        else:
            most += factor * upper
    return (least, open_below), (most, open_above)


def _beyond(left: Limit | _Reach, right: Limit | _Reach) -> bool:
    if isinstance(left, tuple):
        left = None if left[1] else left[0]
    if isinstance(right, tuple):
        right = None if right[1] else right[0]
    return left is not None and right is not None and left > right


def _room(end: Limit, others: _Reach, own: Limit, factor: int) -> Limit:
    """What the row leaves for one term when all others are at the end that helps it most."""
    total, unbounded = others
    if end is None or unbounded > (1 if own is None else 0):
        return None
    rest = total if own is None else total - factor * own
    difference = end - rest
    whole, remainder = divmod(difference, factor)
    if not remainder:
        return int(whole)
    return Fraction(difference) / factor


def _tighten(index: int, at_least: Limit, at_most: Limit, low: list[Limit], high: list[Limit], *, whole: bool) -> bool:
    moved = False
    if at_least is not None:
        at_least = math.ceil(at_least) if whole else at_least
        if low[index] is None or at_least > low[index]:  # type: ignore[operator]
            low[index], moved = at_least, True
    if at_most is not None:
        at_most = math.floor(at_most) if whole else at_most
        if high[index] is None or at_most < high[index]:  # type: ignore[operator]
            high[index], moved = at_most, True
    return moved


def fall_apart(rows: Sequence[Row], open_: Iterable[int], size: int) -> list[tuple[list[int], list[int]]]:
    """Groups the ``open_`` quantities that rows tie together: (quantities, rows) of each group."""
    undecided = set(open_)
    leader = tied(size, ([index for index, _ in row.terms if index in undecided] for row in rows))
    groups: dict[int, tuple[list[int], list[int]]] = {}
    for index in sorted(undecided):
        groups.setdefault(leader[index], ([], []))[0].append(index)
    for position, row in enumerate(rows):
        first = next((index for index, _ in row.terms if index in undecided), None)
        if first is not None:
            groups[leader[first]][1].append(position)
    return list(groups.values())
