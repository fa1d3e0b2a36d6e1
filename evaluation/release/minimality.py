"""What somebody learns who knows our open rule and runs it on every table that fits the publication."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from evaluation.release.audit.document import read_system
from evaluation.release.audit.integers.propagation import fall_apart, narrow_bounds, rows_of
from evaluation.release.audit.system import Limit, System
from evaluation.release.system.document import Document

Values = Mapping[str, int]
Hide = Callable[[Document, Values], Collection[str]]

MOST = 1000
"""Tables consistent with a publication that are tried; beyond it the question is not assessed."""


def candidates(written: Document, published: Document, *, primary: Collection[str], hide: Hide) -> int | None:
    """How many values the worst of the ``primary`` cells can still have for whoever knows the rule.

    ``written`` has true numbers, ``published`` what left. ``hide`` gives the names that our rule hides
    in a document if these were its values. Parts of the document that no relation ties together are
    judged one by one: every table of a part that fits the publication and would have been published
    with the same cells hidden is a candidate (minimality attack: Wong, Fu, Wang, Pei 2007). None where
    more than MOST tables fit a part (not assessed), or where nothing is primary.
    """
    system = read_system(published.as_mapping())
    public = set(written.must_publish)
    worst: list[int] = []
    for ids in _parts(system, public):
        own = ids & set(primary)
        if not own:
            continue
        tables = _tables(system, ids)
        if tables is None:
            return None
        part = written.about(ids)
        wanted = _unprinted(published, ids)
        values: dict[str, set[int]] = {name: set() for name in own}
        for table in tables:
            new = {name: _whole(table[system.where[name]]) for name in own}
            if any(value not in values[name] for name, value in new.items()):
                numbers = {id: _whole(table[system.where[id]]) for id in ids}
                if set(hide(part, numbers)) & ids == wanted:
                    for name, value in new.items():
                        values[name].add(value)
        worst += [len(possible) for possible in values.values()]
    return min(worst, default=None)


def _parts(system: System, public: Collection[str]) -> Iterator[set[str]]:
    """The ids that relations tie together; numbers that everybody knows tie nothing."""
    known = {system.where[name] for name in public if name in system.where}
    loose = [index for index in range(len(system.quantities)) if index not in known]
    for members, _ in fall_apart(system.rows, loose, len(system.quantities)):
        yield {id for index in members for id in system.quantities[index].ids}


def _tables(system: System, ids: Collection[str]) -> list[list[Limit]] | None:
    """Every whole-number table of these ids that the publication allows, a number a quantity; None beyond MOST."""
    inside = sorted({system.where[id] for id in ids})
    rows = [row for row in system.rows if not {index for index, _ in row.terms}.isdisjoint(inside)]
    whole, users = [False] * len(system.quantities), rows_of(rows, len(system.quantities))
    solutions: list[list[Limit]] = []
    waiting: list[tuple[list[Limit], list[Limit], int | None]]
    waiting = [([q.low for q in system.quantities], [q.high for q in system.quantities], None)]
    while waiting:
        low, high, fixed = waiting.pop()
        if not narrow_bounds(rows, low, high, whole, fixed=fixed, users=users):
            continue
        undecided = [index for index in inside if low[index] != high[index] or low[index] is None]
        if not undecided:
            solutions.append(low)
        else:
            index = min(undecided, key=lambda at: _width(low[at], high[at]))
            first, last = low[index], high[index]
            if first is None or last is None:
                return None
            for value in range(_whole(first), _whole(last) + 1):
                least, most = [*low], [*high]
                least[index] = most[index] = value
                waiting.append((least, most, index))
        if len(solutions) > MOST or len(waiting) > 20 * MOST:
            return None
    return solutions


def _width(low: Limit, high: Limit) -> float:
    return float("inf") if low is None or high is None else float(high - low)


def _whole(value: Limit) -> int:
    return int(value) if value is not None else 0


def _unprinted(published: Document, ids: Collection[str]) -> set[str]:
    return {cell.id for cell in published.cells if cell.id in ids and cell.value is None}
