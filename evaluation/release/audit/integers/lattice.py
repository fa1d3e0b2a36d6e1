"""Whether the equations of a part have any solution in whole numbers, signs and bounds left aside."""

from __future__ import annotations

from evaluation.release.audit.integers.part import Part


def solvable(part: Part, *, unknown: int | None = None, value: int = 0) -> bool:
    """False proves that no whole numbers satisfy all equations, with ``unknown`` at ``value`` if given.

    Euclid's algorithm on the columns, equation by equation (Hermite normal form): each equation then
    has one unknown that is left free by those before, whose coefficient must divide what remains.
    """
    columns = [dict[int, int]() for _ in part.low]
    wanted: list[int] = []
    for line in part.rows:
        if line.low is not None and line.low == line.high and not any(part.continuous[at] for at, _ in line.terms):
            for at, factor in line.terms:
                columns[at][len(wanted)] = factor
            wanted.append(int(line.low))
    if unknown is not None:
        columns[unknown][len(wanted)] = 1
        wanted.append(value)
    for equation in range(len(wanted)):
        column = _gather(columns, equation)
        factor = column.get(equation, 0)
        if wanted[equation] % factor if factor else wanted[equation]:
            return False
        times = wanted[equation] // factor if factor else 0
        for row, entry in column.items():
            wanted[row] -= times * entry
        columns = [other for other in columns if other is not column]
    return True


def _gather(columns: list[dict[int, int]], equation: int) -> dict[int, int]:
    """Combines columns until only one of them takes part in the equation; that one is the answer."""
    active = [column for column in columns if column.get(equation)]
    while len(active) > 1:
        active.sort(key=lambda column: abs(column[equation]))
        smallest = active[0]
        for column in active[1:]:
            times = column[equation] // smallest[equation]
            for row, entry in smallest.items():
                column[row] = column.get(row, 0) - times * entry
        active = [column for column in active if column[equation]]
    return active[0] if active else {}
