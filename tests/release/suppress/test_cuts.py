"""No inequality of the proof excludes a pattern that is protected."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from evaluation.release.suppress.attack import Steps
from evaluation.release.suppress.cuts import Cut, rounded
from evaluation.release.suppress.master import Master
from evaluation.release.suppress.problem import Problem, completed, parts
from evaluation.release.suppress.read import read_system
from evaluation.release.suppress.search import Unprotectable


def small(seed: int) -> dict[str, Any]:
    """Up to seven quantities of 0..4 under one to three relations with small whole coefficients."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 5, rng.integers(4, 8))
    relations = []
    for _ in range(rng.integers(1, 4)):
        columns = rng.choice(len(truth), rng.integers(2, len(truth) + 1), replace=False)
        factors = rng.choice([1, 1, -1, 2, 3, -2], len(columns))
        sense, slack = [("=", 0), ("=", 0), ("<=", 1), (">=", -1)][rng.integers(0, 4)]
        terms = [[f"q{c}", int(f)] for c, f in zip(columns, factors, strict=True)]
        relations.append({"terms": terms, "sense": sense, "rhs": int(factors @ truth[columns]) + slack})
    cells = [{"id": f"q{i}", "at": {"v": str(i)}, "value": int(v)} for i, v in enumerate(truth)]
    sensitive = {f"q{i}": sorted(map(int, rng.integers(0, 5, 2))) for i in range(len(truth)) if rng.random() < 0.5}
    tables = [{"id": "T", "cells": [c | {"weight": int(rng.integers(1, 4))} for c in cells]}]
    bounds = {"default": [0, 4]}
    head = {"format": "sdc-audit/1", "tables": tables, "relations": relations}
    return head | {"bounds": bounds, "sensitive": sensitive}


def thinkable(problem: Problem) -> np.ndarray:
    """Every integer point of what everybody knows, one per row."""
    points = np.array(list(itertools.product(range(5), repeat=len(problem.low))))
    dense = np.zeros((len(problem.matrix.low), len(problem.low)))
    dense[problem.matrix.row, problem.matrix.column] = problem.matrix.value
    sums = points @ dense.T
    inside = (sums >= problem.matrix.low - 1e-9) & (sums <= problem.matrix.high + 1e-9)
    return points[inside.all(axis=1)]


def protected_patterns(problem: Problem) -> list[np.ndarray]:
    """Every set of hidden unknowns under which plain enumeration meets every demand."""
    points = thinkable(problem)
    found = []
    for choice in itertools.product((False, True), repeat=int((~problem.always).sum())):
        pattern = problem.always.copy()
        pattern[~problem.always] = choice
        left = points[np.all((points == problem.center) | pattern, axis=1)]
        if all((d.side * left[:, d.quantity]).max() >= d.target for d in problem.demands):
            found.append(pattern)
    return found


@pytest.mark.parametrize("block", range(6))
def test_every_protected_pattern_satisfies_every_cut(block: int) -> None:
    cuts = 0
    for seed in range(80 * block, 80 * block + 80):
        system = read_system(small(seed))
        steps = Steps(1_000_000)
        for _, problem in parts(system, completed(system, steps=steps)):
            master = Master(problem, steps=steps)
            try:
                master.start()
            except Unprotectable:
                continue
            outcome = master.run()
            patterns = protected_patterns(problem)
            cheapest = min(problem.weight[p & ~problem.always].sum() for p in patterns)
            assert outcome.cost == outcome.bound == cheapest, seed
            for cut, pattern in itertools.product(master.cuts, patterns):
                assert cut.value @ pattern[problem.choice][cut.index] >= cut.rhs - 1e-6, seed
            cuts += len(master.cuts)
    assert cuts > 20


@pytest.mark.parametrize("seed", range(30))
def test_rounding_keeps_every_integer_point_of_a_cut(seed: int) -> None:
    rng = np.random.default_rng(seed)
    value = rng.integers(1, 9, 7) / rng.choice([1, 2, 3])
    cut = Cut(np.arange(7, dtype=np.int32), value, float(rng.integers(2, 12)))
    for choice in itertools.product((0.0, 1.0), repeat=7):
        hidden = np.array(choice)
        if cut.lack(hidden) <= 0:
            assert all(stronger.lack(hidden) <= 1e-9 for stronger in rounded(cut))


def test_rounding_makes_two_of_three_threes_for_a_four() -> None:
    cut = Cut(np.arange(3, dtype=np.int32), np.array([3.0, 3.0, 3.0]), 4.0)
    assert any(c.rhs == 2 and c.value.tolist() == [1, 1, 1] for c in rounded(cut))
