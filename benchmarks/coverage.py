"""``python -m benchmarks.coverage``: how often the intervals hold the truth, and the test cries wolf.

Simulates seven populations that answer a questionnaire twice and prints two Markdown tables: the
headline for inside, and the estimate that leaves. Every sample goes through the functions that make reports.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from evaluation.measure.outcomes.missing import AllEnrolled, predicted
from evaluation.measure.statistics.exact import sign_flip
from evaluation.measure.statistics.paired import paired_t
from evaluation.release.system.means import MINIMUM
from evaluation.schema import Plan

SIZES = (10, 20, 41)
TOLD = (20, 41, 80)
"""Numbers of people of whom a mean may leave."""
PLAN = Plan(outcomes=())
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Population:
    """People whose latent state moves by ``shift`` SDs, seen through ``items`` cut at ``cuts``.

    The two waves' states correlate ``r``; an item is the state at correlation ``loading`` plus
    noise. The score is the items' sum times ``unit``.
    """

    name: str
    items: int
    cuts: tuple[float, ...]
    shift: float
    r: float = 0.6
    loading: float = 0.75
    unit: float = 1.0

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest score."""
        return 0.0, self.items * len(self.cuts) * self.unit

    def draw(self, rng: np.random.Generator, shape: tuple[int, int], *, moved: bool) -> tuple[Vector, Vector]:
        """Scores before and after, repetitions × people; without ``moved`` both waves are alike."""
        lasting = np.sqrt(self.r) * rng.normal(size=shape)
        waves = []
        for shift in (0.0, self.shift if moved else 0.0):
            state = lasting + np.sqrt(1 - self.r) * rng.normal(size=shape) + shift
            noise = rng.normal(size=(*shape, self.items))
            answers = self.loading * state[..., None] + np.sqrt(1 - self.loading**2) * noise
            waves.append(self.unit * np.searchsorted(self.cuts, answers).sum(axis=-1).astype(float))
        return waves[0], waves[1]


class FewLargeGains(Population):
    """Four in five lose a point and one in five gains four (six if ``moved``): a very skewed change."""

    @property
    def ends(self) -> tuple[float, float]:
        low, high = super().ends
        return low - 1, high + 6

    def draw(self, rng: np.random.Generator, shape: tuple[int, int], *, moved: bool) -> tuple[Vector, Vector]:
        start, _ = super().draw(rng, shape, moved=False)
        # Whoever starts low gains more often, as in life, and the mean gain stays the same.
        luck = rng.normal(size=shape) - 0.5 * (start - self.items * 2) / self.items
        gains = luck > np.quantile(luck, 0.8)
        return start, start + np.where(gains, 6.0 if moved else 4.0, -1.0)


EVEN = (-1.2, -0.4, 0.4, 1.2)
HIGH = (-2.2, -1.6, -0.9, -0.1)
POPULATIONS = (
    Population("sum of six items, 5 levels", 6, EVEN, 0.45),
    Population("the same, near the ceiling", 6, HIGH, 0.45),
    Population("one item, 5 levels", 1, EVEN, 0.45),
    Population("one item, near the ceiling", 1, HIGH, 0.45),
    Population("five items, 0–100 in steps of 4", 5, (-1.5, -0.9, -0.2, 0.5, 1.2), 0.5, r=0.5, unit=4.0),
    Population("0–10 symptom, near the floor", 1, tuple(np.linspace(0.0, 2.7, 10)), -0.5, r=0.7, loading=0.9),
    FewLargeGains("most lose 1 point, one in five gains much", 6, EVEN, 0.0),
)


def staying(rng: np.random.Generator, by: Vector, *, slope: float = 0.9) -> NDArray[np.bool_]:
    """Who answers the second time: about seven in ten, the more the higher ``by`` is.

    By the start that is dropout at random (MAR); by the end or the change no method survives it.
    ``slope``: of the log odds per SD.
    """
    spread = (by - by.mean()) / by.std()
    return rng.random(by.shape) < 1 / (1 + np.exp(-(0.95 * max(1.0, slope / 1.5) + slope * spread)))


@dataclass
class Tally:
    """Of ``tried`` samples, how many were ``refused`` a headline, and how many of the others ``held`` the truth."""

    tried: int = 0
    refused: int = 0
    held: int = 0

    def add(self, interval: tuple[float, float] | None, truth: float) -> None:
        self.tried += 1
        if interval is None:
            self.refused += 1
        elif interval[0] <= truth <= interval[1]:
            self.held += 1

    @property
    def share(self) -> float:
        return self.held / (self.tried - self.refused)


def headline(start: Vector, end: Vector, ends: tuple[float, float]) -> tuple[float, float] | None:
    """The interval that a report would headline (docs/statistics.md), None where it would refuse."""
    differences = (end - start)[~np.isnan(end)]
    retention = differences.size / start.size
    if differences.size < PLAN.minimum_pairs or np.ptp(differences) == 0 or retention < PLAN.minimum_retention:
        return None
    if retention >= PLAN.high_retention:
        found = paired_t(differences)
        return found.low, found.high
    model = predicted(start, end, mid=None, minimum=ends[0], maximum=ends[1], alpha=PLAN.alpha)
    return (model.low, model.high) if isinstance(model, AllEnrolled) else None


def told(start: Vector, end: Vector, ends: tuple[float, float]) -> tuple[float, float] | None:
    """The interval that would leave: always of everyone with a first answer; None where none may."""
    differences = (end - start)[~np.isnan(end)]
    too_few = differences.size < max(MINIMUM["all enrolled"], PLAN.minimum_retention * start.size)
    if too_few or np.ptp(differences) == 0:
        return None
    model = predicted(start, end, mid=None, minimum=ends[0], maximum=ends[1], alpha=PLAN.alpha)
    return (model.low, model.high) if isinstance(model, AllEnrolled) else None


@cache
def truth(population: Population, *, moved: bool) -> float:
    """The mean change of two million people."""
    if not moved:
        return 0.0
    start, end = population.draw(np.random.default_rng(1), (20, 100_000), moved=True)
    return float((end - start).mean())


def cell(population: Population, n: int, *, moved: bool, repeats: int, seed: int) -> dict[str, float]:
    """Coverage of the complete and the MAR headline, of the completers alone, and how often p ≤ .05."""
    rng = np.random.default_rng([seed, n, moved])
    start, end = population.draw(rng, (repeats, n), moved=moved)
    there = staying(rng, start)
    exact, rejected = truth(population, moved=moved), 0
    complete, missing, alone = Tally(), Tally(), Tally()
    for before, after, stayed in zip(start, end, there, strict=True):
        complete.add(headline(before, after, population.ends), exact)
        missing.add(headline(before, np.where(stayed, after, np.nan), population.ends), exact)
        alone.add(headline(before[stayed], after[stayed], population.ends) if stayed.any() else None, exact)
        changed = np.count_nonzero(after - before)
        rejected += changed >= PLAN.minimum_pairs and sign_flip(after - before).p_two_sided <= 0.05
    return {
        "truth": exact,
        "complete": complete.share,
        "mar": missing.share,
        "alone": alone.share,
        "rejected": rejected / repeats,
        "refused": missing.refused / repeats,
    }


LEAVING = ("nobody", "start", "end", "change", "strongly")
"""By what people leave: nobody does; by the first score, by the last, by the change, and by the change strongly."""


def told_cell(population: Population, n: int, *, moved: bool, repeats: int, seed: int) -> dict[str, Tally]:
    """Coverage of what leaves, by what people leave by; without a change only where they leave at random."""
    rng = np.random.default_rng([seed, n, moved, 2])
    start, end = population.draw(rng, (repeats, n), moved=moved)
    gain = (end - start) * (1 if population.shift >= 0 else -1)
    last = end if population.shift >= 0 else -end
    there = {
        "nobody": np.ones(start.shape, dtype=bool),
        "start": staying(rng, start),
        "end": staying(rng, last),
        "change": staying(rng, gain),
        "strongly": staying(rng, gain, slope=3.0),
    }
    exact, found = truth(population, moved=moved), {name: Tally() for name in LEAVING}
    for name, stayed in there.items() if moved else [*there.items()][:2]:
        for before, after, answered in zip(start, end, stayed, strict=True):
            found[name].add(told(before, np.where(answered, after, np.nan), population.ends), exact)
    return found


def told_lines(repeats: int, seed: int) -> Iterator[str]:
    """The table of what leaves, line by line."""
    yield (
        "| population | n | true change | nobody leaves | no change: nobody leaves | 3 in 10 leave, by the start"
        " | no change: by the start | by the end | by the change | strongly by the change | not told (by the start) |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for population in POPULATIONS:
        for n in TOLD:
            some = told_cell(population, n, moved=True, repeats=repeats, seed=seed)
            none = told_cell(population, n, moved=False, repeats=repeats, seed=seed)
            tallies = (some["nobody"], none["nobody"], some["start"], none["start"])
            shown = " | ".join(f"{one.share:.3f}" for one in (*tallies, some["end"], some["change"], some["strongly"]))
            refused = some["start"].refused / repeats
            yield f"| {population.name} | {n} | {truth(population, moved=True):.2f} | {shown} | {refused:.1%} |"


def lines(repeats: int, seed: int) -> Iterator[str]:
    """The table of the headline for inside, line by line."""
    yield (
        "| population | n | true change | coverage, complete | no change: complete | no change: test rejects"
        " | coverage, 3 in 10 leave (MAR) | no change: MAR | completers only | no headline (MAR) |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for population in POPULATIONS:
        for n in SIZES:
            some = cell(population, n, moved=True, repeats=repeats, seed=seed)
            none = cell(population, n, moved=False, repeats=repeats, seed=seed)
            figures = (some["complete"], none["complete"], none["rejected"], some["mar"], none["mar"], some["alone"])
            shown = " | ".join(f"{figure:.3f}" for figure in figures)
            yield f"| {population.name} | {n} | {some['truth']:.2f} | {shown} | {some['refused']:.1%} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__.partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=2000, help="samples per row and column (2000)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--tables", default="inside,told", help="which of the two, apart by a comma")
    chosen = parser.parse_args()
    for table in chosen.tables.split(","):
        for line in TABLES[table](chosen.repeats, chosen.seed):
            print(line, flush=True)
        print()


TABLES = {"inside": lines, "told": told_lines}


if __name__ == "__main__":
    main()
