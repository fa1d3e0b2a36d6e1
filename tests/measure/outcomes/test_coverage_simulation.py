"""The simulation behind docs/coverage.md."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.coverage import POPULATIONS, Tally, cell, headline, staying, truth
from evaluation.measure.outcomes.missing import all_enrolled
from evaluation.measure.statistics.paired import paired_t

START = np.array([10.0, 14, 20, 12, 18, 16, 22, 8, 13, 15])
END = START + np.array([6.0, 5, 1, 6, 7, 1, -1, 1, -1, 3])


ENDS = (0.0, 30.0)


def gone(people: int) -> np.ndarray:
    end = END.copy()
    end[:people] = np.nan
    return end


def test_the_headline_is_the_paired_t_of_all_and_the_model_s_where_some_left() -> None:
    t, model = paired_t(END - START), all_enrolled(START, gone(3))
    assert headline(START, END, ENDS) == (t.low, t.high)
    assert headline(START, gone(3), ENDS) == (model.low, model.high)
    assert headline(START, gone(4), ENDS) is not None
    assert headline(START, gone(5), ENDS) is None
    assert headline(START, START + 2, ENDS) is None


def test_there_is_no_headline_where_a_report_would_refuse_one_for_lack_of_a_prediction() -> None:
    half, both = END.copy(), END.copy()
    half[[7, 1]] = np.nan  # the lowest at the start, and one in the middle
    both[[7, 6]] = np.nan  # the lowest and the highest
    assert headline(START, half, ENDS) is not None
    assert headline(START, both, ENDS) is None


def test_coverage_is_among_the_samples_that_got_a_headline() -> None:
    tally = Tally()
    for interval in ((0.0, 2.0), (1.5, 2.0), None, (1.0, 1.0), None):
        tally.add(interval, 1.0)
    assert (tally.tried, tally.refused, tally.share) == (5, 2, 2 / 3)


@pytest.mark.parametrize("population", POPULATIONS, ids=lambda population: population.name)
def test_a_population_that_does_not_move_has_a_mean_change_of_zero(population: object) -> None:
    start, end = population.draw(np.random.default_rng(3), (20, 20_000), moved=False)
    assert abs((end - start).mean()) < 0.02 * start.std()
    assert truth(population, moved=False) == 0.0


def test_who_starts_low_leaves_more_often_and_three_in_ten_leave() -> None:
    start = np.random.default_rng(1).normal(17, 4, (50, 400))
    stayed = staying(np.random.default_rng(2), start)
    assert 0.65 < stayed.mean() < 0.75
    assert start[stayed].mean() > start.mean() + 0.5


def test_a_cell_of_few_samples_is_reproducible() -> None:
    one = cell(POPULATIONS[2], 10, moved=False, repeats=40, seed=5)
    assert one == cell(POPULATIONS[2], 10, moved=False, repeats=40, seed=5)
    assert 0.8 < one["complete"] <= 1
    assert 0 <= one["rejected"] < 0.2
