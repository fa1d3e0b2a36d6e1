"""What the analytical report shows beyond the results, where project.yml asks for it: mixes, needs, distributions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluation import descriptors
from evaluation.project.house import House
from evaluation.project.placing import YES_NO, Placing, split
from evaluation.release.released import CountTable, Reference, Relation, Variable
from evaluation.schema import Labels, Outcome

_MIXES: Labels = {"en": "courses per person", "pl": "kursy na osobę"}
_BANDS: tuple[tuple[str, int, Labels], ...] = (
    ("none", 0, {"en": "no course", "pl": "żaden kurs"}),
    ("few", 1, {"en": "one or two courses", "pl": "jeden lub dwa kursy"}),
    ("several", 3, {"en": "three or four courses", "pl": "trzy lub cztery kursy"}),
    ("many", 5, {"en": "five courses or more", "pl": "pięć lub więcej kursów"}),
)
"""Code, least number of courses, labels. The bands are fixed: none is drawn to fit the data."""

_NEEDS: Mapping[str, Labels] = {
    "met": {"en": "asked, all of it met", "pl": "zgłoszone, wszystkie zaspokojone"},
    "some": {"en": "asked, not all of it met", "pl": "zgłoszone, nie wszystkie zaspokojone"},
    "none": {"en": "did not ask", "pl": "nie zgłoszone"},
}
_THIRDS: Mapping[str, Labels] = {
    "low": {"en": "lower third of the scale", "pl": "dolna jedna trzecia skali"},
    "middle": {"en": "middle third", "pl": "środkowa jedna trzecia"},
    "high": {"en": "upper third", "pl": "górna jedna trzecia"},
    "none": {"en": "no score", "pl": "brak wyniku"},
}
_WAVES: tuple[tuple[str, Labels], ...] = (
    ("start", {"en": "start", "pl": "początek"}),
    ("end", {"en": "end", "pl": "koniec"}),
)


@dataclass(frozen=True, slots=True)
class Part:
    """Tables of counts with what everybody knows about them."""

    tables: tuple[CountTable, ...] = ()
    relations: tuple[Relation, ...] = ()


def parts(house: House, people: Sequence[str], *, others: Collection[str]) -> tuple[Part, ...]:
    """The parts that project.yml names under ``rules: tables``, in a fixed order.

    ``others``: ids of the tables already there, to which relations are told.
    """
    wanted = house.project.file.rules.tables
    made = []
    if "mixes" in wanted and house.project.file.courses:
        made.append(_mixes(house, people, others))
    if "needs" in wanted:
        made.append(Part(tuple(table for area in _areas(house, people) for table in area)))
    if "distributions" in wanted:
        outcomes = [one for one in house.project.plan.primary if house.project.scale(one).transform != "ordinal"]
        made += [_distribution(house, outcome, people) for outcome in outcomes]
    return tuple(made)


# --- mixes of courses ---------------------------------------------------------------------------


def _mixes(house: House, people: Sequence[str], others: Collection[str]) -> Part:
    courses = [course.id for course in house.project.file.courses]
    bands = [band for band in _BANDS if band[1] <= len(courses)]
    taken = house.dose[(house.dose["present"] > 0) | house.dose["completer"]]
    numbers = taken["participant"].value_counts()
    starts = [least for _, least, _ in bands]
    placed = {p: bands[int(np.searchsorted(starts, numbers.get(p, 0), side="right")) - 1][0] for p in people}
    placing = Variable("mixes", _MIXES, {code: labels for code, _, labels in bands}), placed
    of = {code: Reference("mixes", {"mixes": code}) for code, _, _ in bands}
    each = [Reference(f"course:{course}.taken", {f"course:{course}.taken": "yes"}) for course in courses]
    # The courses taken, counted over people, lie between the ends of everyone's band.
    most = [least - 1 for least in starts[1:]] + [len(courses)]
    below = Relation((*((of[c], least) for c, least, _ in bands if least), *((one, -1) for one in each)))
    above = Relation(
        (*((one, 1) for one in each), *((of[c], -top) for (c, _, _), top in zip(bands, most, strict=True) if top))
    )
    everyone = Reference("people", {})
    some = [Relation(((one, 1), (of["none"], 1), (everyone, -1))) for one in each]
    for name in {"taken", "completed"} & set(others):
        any_course = Reference(name, {name: "yes"})
        some.append(Relation(((any_course, 1), (of["none"], 1), (everyone, -1)), "=" if name == "taken" else "<="))
    return Part((split("mixes", "mixes", people, placing),), (below, above, *some))


# --- needs along the client track ---------------------------------------------------------------


def _areas(house: House, people: Sequence[str]) -> list[tuple[CountTable, CountTable]]:
    area_of = descriptors.recode("needs", "area")
    needs = house.frames["needs"]
    area = needs["need"].map(area_of)
    return [
        _area(name, labels, needs[area == name], people) for name, labels in descriptors.codes("need_areas").items()
    ]


def _area(name: str, labels: Labels, own: pd.DataFrame, people: Sequence[str]) -> tuple[CountTable, CountTable]:
    met = own["state"].eq("met").groupby(own["participant"]).all()
    placed = {p: "none" if p not in met.index else "met" if met[p] else "some" for p in people}
    coarse = {"met": "yes", "some": "yes", "none": "no"}
    fine = f"needs:{name}"
    asked = Variable(f"{fine}.asked", labels, YES_NO)
    placing: Placing = (Variable(fine, labels, _NEEDS, within={asked.id: coarse}), placed)
    anything: Placing = (asked, {p: coarse[code] for p, code in placed.items()})
    # What a person needs is sensitive: that nobody, or everybody, asked would tell it of each of them.
    return (
        split(fine, "needs", people, placing, zeros_sensitive=True),
        split(asked.id, "needs", people, anything, zeros_sensitive=True),
    )


# --- distributions before and after -------------------------------------------------------------


def _distribution(house: House, outcome: Outcome, people: Sequence[str]) -> Part:
    plan, scale = house.project.plan, house.project.scale(outcome)
    own = house.scores[house.scores["scale"] == outcome.scale].dropna(subset=["score"])
    tables = []
    for (name, moment), wave in zip(_WAVES, (plan.baseline, plan.endline), strict=True):
        at = own[own["wave"] == wave].set_index("participant")["score"]
        placed = {p: _third(float(at[p]), scale.minimum, scale.range) if p in at.index else "none" for p in people}
        labels = {language: f"{text}, {moment[language]}" for language, text in outcome.labels.items()}
        placing: Placing = (Variable(f"{outcome.id}.{name}", labels, _THIRDS), placed)
        tables.append(split(f"{outcome.id}.{name}", "distributions", people, placing, zeros_sensitive=True))
    return Part(tuple(tables), _who_answered(outcome.id))


def _third(score: float, minimum: float, width: float) -> str:
    share = (score - minimum) / width
    return "low" if share < 1 / 3 else "middle" if share < 2 / 3 else "high"


def _who_answered(outcome: str) -> tuple[Relation, ...]:
    """Whoever lacks a score lacks the pair, whoever lacks the pair lacks a score, and a last score is an answer."""
    start, end = (Reference(f"{outcome}.{name}", {f"{outcome}.{name}": "none"}) for name, _ in _WAVES)
    unpaired = Reference(f"{outcome}.pairs", {f"{outcome}.pairs": "no"})
    finished = Reference("flow", {"stage": "finished"})
    scored = [Reference(f"{outcome}.end", {f"{outcome}.end": third}) for third in ("low", "middle", "high")]
    return (
        Relation(((start, 1), (unpaired, -1))),
        Relation(((end, 1), (unpaired, -1))),
        Relation(((unpaired, 1), (start, -1), (end, -1))),
        Relation((*((one, 1) for one in scored), (finished, -1))),
    )
