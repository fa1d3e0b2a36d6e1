"""The whole-number tableau by itself: exact ends, moved bounds, and no silent overflow."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.release.audit.integers.tableau import Ends, Tableau, TooLarge

SOME = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def _tableau(matrix: list[list[int]], ends: list[Ends], row_ends: list[Ends]) -> Tableau:
    return Tableau(matrix, ends, row_ends, wide=False)


def test_a_vertex_between_whole_numbers_is_an_exact_fraction() -> None:
    """3x + y <= 7 and x - 5y >= -2 cross at x = 33/16, y = 13/16."""
    tableau = _tableau([[3, 1], [1, -5]], [(0, None), (0, None)], [(None, 7), (-2, None)])
    assert tableau.feasible()
    assert tableau.extreme(1, 1) == Fraction(13, 16)
    assert tableau.values() == [Fraction(33, 16), Fraction(13, 16)]
    assert tableau.extreme(0, 1) == Fraction(7, 3)
    assert tableau.extreme(0, -1) == 0


def test_no_row_and_no_bound_is_no_end() -> None:
    tableau = _tableau([[1, -1]], [(0, None), (0, None)], [(0, 0)])
    assert tableau.feasible()
    tableau.settle()
    assert tableau.extreme(0, 1) is None
    assert tableau.extreme(0, -1) == 0


def test_rows_that_exclude_each_other_are_infeasible() -> None:
    assert not _tableau([[1, 1], [1, 1]], [(0, 9), (0, 9)], [(4, None), (None, 3)]).feasible()


@pytest.mark.parametrize(("ends", "most"), [((2, 4), 3), ((-4, -1), 9), ((3, 3), 2)])
def test_an_unknown_at_its_end_moves_along_when_its_bounds_move(ends: Ends, most: int) -> None:
    tableau = _tableau([[1, 1]], [(0, None), (0, 9)], [(None, 5)])
    assert tableau.feasible()
    assert tableau.extreme(0, 1) == 5
    tableau.bound(1, ends)
    assert tableau.feasible()
    assert tableau.extreme(0, 1) == most
    tableau.bound(1, (0, 9))
    assert tableau.feasible()
    assert tableau.extreme(0, 1) == 5


def test_a_copy_does_not_move_with_its_original() -> None:
    tableau = _tableau([[1, 1]], [(0, 4), (0, 9)], [(None, 5)])
    assert tableau.feasible()
    kept = tableau.copy()
    tableau.bound(0, (3, 3))
    assert tableau.feasible()
    assert tableau.extreme(1, 1) == 2
    assert kept.ends(0) == (0, 4)
    assert kept.feasible()
    assert kept.extreme(1, 1) == 5


@st.composite
def _large(draw: st.DrawFn) -> tuple[list[list[int]], list[Ends], list[Ends]]:
    size, rows = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    entry = st.sampled_from([0, 1, -1, 3]) | st.integers(-(2**30), 2**30) | st.integers(-(2**16), 2**16)
    far = 2 ** draw(st.sampled_from([4, 20, 38]))
    point = [draw(st.integers(0, far)) for _ in range(size)]
    matrix = [[draw(entry) for _ in range(size)] for _ in range(rows)]
    slack = draw(st.sampled_from([0, 5, 2**20]))
    totals = [sum(a * x for a, x in zip(line, point, strict=True)) for line in matrix]
    return matrix, [(0, far)] * size, [(total - slack, total + slack) for total in totals]


@SOME
@given(_large(), st.data())
def test_64_bits_agree_with_python_integers_or_refuse(
    case: tuple[list[list[int]], list[Ends], list[Ends]], data: st.DataObject
) -> None:
    matrix, ends, row_ends = case
    wide = Tableau(matrix, ends, row_ends, wide=True)
    assert wide.feasible()
    wide.settle()
    at = data.draw(st.integers(0, len(ends) - 1))
    below = data.draw(st.integers(0, ends[0][1] or 0))
    expected = [wide.extreme(unknown, sense) for unknown in range(len(ends)) for sense in (-1, 1)]
    wide.bound(at, (0, below))
    expected_after = wide.extreme(0, 1) if wide.feasible() else "nothing"
    try:
        narrow = Tableau(matrix, ends, row_ends, wide=False)
        assert narrow.feasible()
        narrow.settle()
        found = [narrow.extreme(unknown, sense) for unknown in range(len(ends)) for sense in (-1, 1)]
        narrow.bound(at, (0, below))
        found_after = narrow.extreme(0, 1) if narrow.feasible() else "nothing"
    except TooLarge:
        return
    assert found == expected
    assert found_after == expected_after
