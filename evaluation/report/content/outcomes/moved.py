"""In words how many people moved in the good direction in an outcome, of whom, and what is known of all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.release.released import Mean, Released, Value
from evaluation.report import words
from evaluation.report.blocks import Sentence
from evaluation.report.content import lookup


@dataclass(frozen=True, slots=True)
class _Movement:
    """Who is known to have moved in the good direction, of whom, and how many moved in the other."""

    mean: Mean
    went: int
    whole: int
    paired: bool  # whether the whole are those who answered both times
    back: Value
    sources: tuple[str, ...]

    @property
    def ways(self) -> tuple[str, str]:
        return ("higher", "lower") if self.mean.direction == "higher" else ("lower", "higher")

    @property
    def vague(self) -> bool:
        """Whether nothing is told of those who moved in the other but that they are among all others."""
        low, high = self.back if isinstance(self.back, tuple) else (self.back, self.back)
        return not low and (high is None or high >= self.whole - self.went)

    def said(self, language: str) -> dict[str, str]:
        """What every sentence about it has."""
        way, back = (words.say(f"report.summary.{one}", language) for one in self.ways)
        step = "" if self.mean.step is None else words.say("report.summary.by_step", language, n=self.mean.step)
        return {"way": way, "step": step, "back": back}


def moved(released: Released, means: Sequence[Mean], language: str, *, together: bool = False) -> list[Sentence]:
    """Who is known to have moved in the good direction, of whom, and what is known of all others.

    ``together``: those of whom the like is known share a sentence.
    """
    told = [found for mean in means if (found := _movement(released, mean)) is not None]
    groups: dict[object, list[_Movement]] = {}
    for one in told:
        groups.setdefault((one.paired, one.ways, one.mean.step) if together else one.mean.id, []).append(one)
    return [
        _of_one(group[0], language) if len(group) == 1 else _of_several(group, language) for group in groups.values()
    ]


def all_moved(released: Released, language: str, *, together: bool = False) -> list[Sentence]:
    """The same of every outcome, where no mean is told of any: by the counts alone."""
    reached = released.facts.reached
    tables = {name: lookup.direction(released, name) for name, _ in released.facts.outcomes}
    means = [
        Mean(name, table.labels, "paired", None, reached, None, None, None, "higher", 0, 0)
        for name, table in tables.items()
        if table is not None
    ]
    return moved(released, means, language, together=together)


def _of_one(one: _Movement, language: str) -> Sentence:
    rest, said = one.whole - one.went, one.said(language)
    if not one.vague:
        said["back"] += f" ({words.count(words.opened(one.back, one.whole), language)})"
    told = words.begun(
        f"report.summary.{'of_pairs' if one.paired else 'of_all'}",
        language,
        outcome=words.inline(one.mean.labels, language),
        moved=words.count(one.went, language),
        whole=words.counted(one.whole, "people", language),
        rest=words.count(rest, language),
        **said,
    )
    return Sentence(told, one.sources)


def _of_several(group: Sequence[_Movement], language: str) -> Sentence:
    said = group[0].said(language)
    items = [
        words.say(
            "report.summary.together_one" if one.vague else "report.summary.together_one_back",
            language,
            moved=words.count(one.went, language),
            whole=words.count(one.whole, language),
            outcome=words.inline(one.mean.labels, language),
            n=words.count(words.opened(one.back, one.whole), language),
            back=said["back"],
        )
        for one in group
    ]
    phrase = "together_pairs" if group[0].paired else "together_all"
    told = words.begun(f"report.summary.{phrase}", language, list=words.listing(items, language), **said)
    return Sentence(told, tuple(dict.fromkeys(source for one in group for source in one.sources)))


def _movement(released: Released, mean: Mean) -> _Movement | None:
    table = lookup.direction(released, mean.id)
    good, bad = ("higher", "lower") if mean.direction == "higher" else ("lower", "higher")
    if table is None or mean.method == "waiting list":
        return None
    counted = {code: lookup.value(table, {table.variables[-1].id: code}) for code in (good, bad)}
    told = {lookup.path(table, {table.variables[-1].id: code}): count for code, count in counted.items()}
    fell = lookup.by_variable(released, f"{mean.id}.worse")
    if fell is not None and counted[bad] is None:
        counted[bad] = lookup.value(fell, {f"{mean.id}.worse": "yes"})
        told[lookup.path(fell, {f"{mean.id}.worse": "yes"})] = counted[bad]
    went = counted[good]
    if not isinstance(went, int):
        return None
    pairs, sources = _pairs(released, mean)
    whole = f"/means/{mean.id}/of" if mean in released.means else "/facts/reached"
    paths = tuple(path for path, count in told.items() if count is not None)
    steps = () if mean.step is None else (f"/means/{mean.id}/step",)
    return _Movement(
        mean,
        went,
        pairs if isinstance(pairs, int) else mean.of,
        isinstance(pairs, int),
        counted[bad],
        (whole, *sources, *paths, *steps),
    )


def _pairs(released: Released, mean: Mean) -> tuple[Value, tuple[str, ...]]:
    """How many answered both times, from the mean or as the sum of released counts, with its sources."""
    if mean.n is not None:
        return words.opened(mean.n, mean.of), (f"/means/{mean.id}/n",)
    both = lookup.by_variable(released, f"{mean.id}.pairs")
    if both is not None and lookup.value(both, {f"{mean.id}.pairs": "yes"}) is not None:
        at = {f"{mean.id}.pairs": "yes"}
        return lookup.value(both, at), (lookup.path(both, at),)
    table = lookup.direction(released, mean.id)
    if table is None or "not_paired" not in table.variables[-1].codes:
        return None, ()
    variable = table.variables[-1].id
    counts = {code: count for code, count in lookup.parts(table) if code != "not_paired"}
    if not all(isinstance(count, int) for count in counts.values()):
        return None, ()
    paths = tuple(lookup.path(table, {variable: code}) for code in counts)
    return sum(count for count in counts.values() if isinstance(count, int)), paths
