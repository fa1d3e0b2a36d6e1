"""What HiGHS was seen to do wrong cannot make a release unsafe, and what is hidden depends on no order and no clock."""

from __future__ import annotations

import random
from pathlib import Path

import highspy
import numpy as np
import pytest

from evaluation.release.suppress.attack import quiet, run
from evaluation.release.suppress.protection import protect
from evaluation.release.system.assembly import document
from tests.release.people import drafted
from tests.release.worlds import courses, drawn, outcomes

FILE = Path(__file__).parents[1] / "data" / "solver" / "highs_wrong_optimum.mps"


def test_the_program_that_presolve_answers_wrongly_is_answered_in_whole_numbers():
    solver = quiet()
    assert solver.readModel(str(FILE)) == highspy.HighsStatus.kOk
    run(solver)
    lp, point = solver.getLp(), np.rint(np.array(solver.getSolution().col_value))
    matrix = lp.a_matrix_
    assert lp.sense_ == highspy.ObjSense.kMinimize
    place = np.repeat(np.arange(lp.num_col_), np.diff(matrix.start_))
    sums = np.bincount(np.array(matrix.index_), np.array(matrix.value_) * point[place], minlength=lp.num_row_)
    assert (sums >= np.array(lp.row_lower_)).all()
    assert (sums <= np.array(lp.row_upper_)).all()
    assert np.array(lp.col_cost_) @ point + lp.offset_ == solver.getInfo().objective_function_value == 0


def shuffled(told, chance):
    """The same document with tables, cells, unprinted quantities and relations in another order."""
    tables = [{**table, "cells": chance.sample(table["cells"], len(table["cells"]))} for table in told["tables"]]
    more = {key: chance.sample(told[key], len(told[key])) for key in ("hidden", "relations")}
    return {**told, "tables": chance.sample(tables, len(tables)), **more}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("world", [courses(2), outcomes(by=("g",))], ids=["courses", "outcomes"])
def test_in_whatever_order_a_document_tells_it_the_same_numbers_are_hidden(world, seed):
    people = drawn(world, random.Random(f"order {seed}"))
    told = document(drafted(world, people), threshold=5).as_mapping()
    made = protect(told)
    other = document(drafted(world, people[::-1]), threshold=5).as_mapping()
    for again in (protect(shuffled(told, random.Random(seed))), protect(other)):
        assert (set(again.hidden), again.cost, again.gap) == (set(made.hidden), made.cost, made.gap)


def test_ties_do_not_depend_on_hidden_values():
    """Three of six groups are small, in two ways that differ in hidden values only: one pattern."""

    def told(*numbers):
        cells = [{"id": f"g{n}", "at": {"g": str(n)}, "value": value} for n, value in enumerate(numbers)]
        whole = {"id": "all", "at": {}, "value": sum(numbers)}
        relation = {"terms": [[cell["id"], 1] for cell in cells] + [["all", -1]]}
        return {
            "format": "sdc-audit/1", "tables": [{"id": "T", "cells": [*cells, whole]}], "relations": [relation],
            "must_publish": ["all"], "sensitive": {"g2": [0, 5]},
        }  # fmt: skip

    patterns = {
        protect(told(*numbers)).hidden for numbers in ((9, 9, 3, 9, 9, 9), (40, 5, 1, 7, 5, 5), (5, 40, 4, 5, 8, 6))
    }
    assert len(patterns) == 1


@pytest.mark.parametrize("steps", [0, 40, 400])
def test_what_few_steps_leave_is_the_same_each_time_and_protected(steps):
    world = courses(2)
    told = document(drafted(world, drawn(world, random.Random("steps"))), threshold=5).as_mapping()
    first, again = (protect(told, steps=steps) for _ in range(2))
    assert (first.hidden, first.gap) == (again.hidden, again.gap)
    assert first.cost >= protect(told).cost >= first.cost - first.gap
