"""``python -m benchmarks.statistics``: our exact methods beside scipy's resampling, on the same data in one run.

Prints medians and ratios of medians: the machine's own speed falls out of a ratio.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numpy as np
import pandas as pd
from scipy import stats

from evaluation.measure.outcomes.change import outcome_change
from evaluation.measure.statistics.bootstrap import bootstrap
from evaluation.measure.statistics.exact import sign_flip, sign_flip_interval
from evaluation.measure.statistics.ranks import wilcoxon
from evaluation.schema import Outcome, Plan, Scale

DRAWS = 9_999
HALVINGS = 10
"""Tests per limit to find an interval by halving, which scipy leaves to its user: three digits of a limit."""

SCALE = Scale("total", {}, "higher", "sum", 6, 30, 5, tuple("abcdef"))


def seconds(work: Callable[[], object], *, times: int) -> float:
    """The median wall-clock time of ``work`` after one call that warms up."""
    work()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return median(taken)


def scores(people: int, outcomes: int, *, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame, Plan]:
    """Scores of 6–30 points in two waves, one in eight without an end score; participants; a plan."""
    rng = np.random.default_rng(seed)
    names = [f"P-{number:05d}" for number in range(people)]
    parts = []
    for outcome in range(outcomes):
        level = rng.normal(17, 4, people)
        start = np.clip(np.rint(level + rng.normal(0, 2.5, people)), 6, 30)
        end = np.clip(np.rint(level + 2 + rng.normal(0, 2.5, people)), 6, 30)
        end[rng.random(people) < 0.125] = np.nan
        for wave, values in (("baseline", start), ("endline", end)):
            parts.append(pd.DataFrame({"participant": names, "wave": wave, "scale": f"s{outcome}.t", "score": values}))
    plan = Plan(outcomes=tuple(Outcome(f"o{number}", {}, f"s{number}.t") for number in range(outcomes)))
    return pd.concat(parts, ignore_index=True), pd.DataFrame({"participant": names}), plan


def block(people: int, outcomes: int) -> Callable[[], object]:
    """The whole primary block of ``outcomes`` outcomes of ``people`` people, ready to be run."""
    table, participants, plan = scores(people, outcomes)
    rng = np.random.default_rng(6)
    items = np.clip(np.rint(rng.normal(3, 0.8, (people, 1)) + rng.normal(0, 0.8, (people, 6))), 1, 5)

    def work() -> list[float | None]:
        made = [outcome_change(table, participants, one, SCALE, plan, items=items) for one in plan.outcomes]
        # The interval for everyone enrolled is computed when it is asked for.
        return [each.means.all_enrolled and each.means.all_enrolled.low for each in made]

    return work


def compared(people: int = 41) -> list[tuple[str, float, float, float | None]]:
    """(what, our seconds, scipy's seconds, the ratio wanted) at n = ``people``.

    scipy has no interval: its user would halve the distance to each limit, one test a step; the row
    beside it takes one test only, which gives her a p and no interval.
    """
    differences = np.rint(np.random.default_rng(41).normal(1.5, 4, people))
    rng = np.random.default_rng(9)
    flips = {"permutation_type": "samples", "n_resamples": DRAWS, "rng": rng, "vectorized": True}
    draws = stats.PermutationMethod(n_resamples=DRAWS, rng=rng)

    def permuted() -> object:
        return stats.permutation_test((differences,), lambda x, axis: x.mean(axis=axis), **flips)

    def drawn() -> object:
        return stats.bootstrap((differences,), np.mean, n_resamples=DRAWS, method="BCa", rng=rng)

    def ranked() -> object:
        return stats.wilcoxon(differences, method=draws)

    permuting, drawing, ranking = (seconds(work, times=5) for work in (permuted, drawn, ranked))
    inverting = (1 + 2 * HALVINGS) * permuting
    return [
        ("sign-flip p", seconds(lambda: sign_flip(differences), times=200), permuting, 500),
        ("sign-flip p and interval", seconds(lambda: _flip_block(differences), times=100), inverting, 500),
        ("the same, beside one p", seconds(lambda: _flip_block(differences), times=100), permuting, None),
        ("BCa interval", seconds(lambda: bootstrap(differences), times=200), drawing, 10),
        ("Wilcoxon p", seconds(lambda: wilcoxon(differences), times=200), ranking, 1000),
    ]


def _flip_block(differences: np.ndarray) -> object:
    return sign_flip(differences), sign_flip_interval(differences)


def main() -> None:
    print("n = 41                      ours       scipy     ratio  (wanted)")
    for what, ours, theirs, wanted in compared():
        print(f"{what:<26}{ours * 1e3:8.3f} ms {theirs * 1e3:8.1f} ms {theirs / ours:8.0f}x  {wanted or '':>5}")
    print(f"\nfive outcomes, n = 41: {seconds(block(41, 5), times=10) * 1e3:.1f} ms (wanted: below 50)")
    print("\none outcome                p        interval      BCa   Wilcoxon   (ms)")
    for people in (100, 200, 400, 1000, 4000, 10_000):
        differences = np.rint(np.random.default_rng(people).normal(1.5, 4, people))
        methods = (sign_flip, sign_flip_interval, bootstrap, wilcoxon)
        taken = [seconds(lambda m=method, d=differences: m(d), times=3) * 1e3 for method in methods]
        print(f"n = {people:<18,}" + "".join(f"{one:10.2f}" for one in taken))
    big = block(10_000, 50)
    begun = time.perf_counter()
    big()
    print(f"\nfifty outcomes, n = 10,000: {time.perf_counter() - begun:.1f} s (wanted: below 10)")


if __name__ == "__main__":
    main()
