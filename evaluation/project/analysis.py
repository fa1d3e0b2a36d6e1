"""What the analytical report shows beyond the results, where project.yml asks for it: needs and distributions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from evaluation import descriptors
from evaluation.measure.change import Change
from evaluation.project.house import House
from evaluation.project.placing import YES_NO, Counted, Placing, named, split
from evaluation.release.released import Reference, Relation, Variable
from evaluation.schema import Labels, Outcome

_NEEDS: Mapping[str, Labels] = {
    "met": {"en": "asked, all of it met", "pl": "zgłoszone, wszystkie zaspokojone"},
    "some": {"en": "asked, not all of it met", "pl": "zgłoszone, nie wszystkie zaspokojone"},
    "none": {"en": "did not ask, or is not reported on", "pl": "niezgłoszone albo bez zgody"},
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

    tables: tuple[Counted, ...] = ()
    relations: tuple[Relation, ...] = ()


def trusted(house: House, change: Change) -> bool:
    """Whether a report may say that the outcome's items bear a total.

    That says that the plan's ``alpha_people`` answered at the start; where it would say something of the
    few who did not, no total is called trusted.
    """
    if change.trust is None:
        return True
    threshold = house.project.file.rules.threshold
    others = change.enrolled - house.project.plan.alpha_people
    return change.trust.headlined and (threshold <= 1 or others >= threshold)


def parts(house: House, people: Sequence[str]) -> tuple[Part, ...]:
    """The parts that project.yml names under ``rules: tables``, in a fixed order."""
    wanted = house.project.file.rules.tables
    made = []
    if "needs" in wanted and not house.frames["needs"].empty:
        made.append(Part(tuple(table for area in _areas(house, people) for table in area)))
    if "distributions" in wanted:
        outcomes = [one for one in house.project.plan.primary if house.project.scale(one).transform != "ordinal"]
        made += [_distribution(house, outcome, people) for outcome in outcomes]
    return tuple(made)


# --- needs along the client track ---------------------------------------------------------------


def _areas(house: House, people: Sequence[str]) -> list[tuple[Counted, Counted]]:
    area_of = descriptors.recode("needs", "area")
    # Needs are sensitive: they are told of those who agreed to be reported on.
    needs = house.agreed(house.frames["needs"])
    area = needs["need"].map(area_of)
    return [
        _area(name, labels, needs[area == name], people) for name, labels in descriptors.codes("need_areas").items()
    ]


def _area(name: str, labels: Labels, own: pd.DataFrame, people: Sequence[str]) -> tuple[Counted, Counted]:
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
        own_name = named(outcome.labels, preplanned=house.changes[outcome.id].preplanned)
        labels = {language: f"{text}, {moment.get(language, moment['en'])}" for language, text in own_name.items()}
        placing: Placing = (Variable(f"{outcome.id}.{name}", labels, _THIRDS), placed)
        tables.append(split(f"{outcome.id}.{name}", "distributions", people, placing, zeros_sensitive=True))
    known = (*_who_answered(outcome.id), *_crossings(house, outcome), *_enough(house, outcome, people))
    return Part(tuple(tables), known)


def _third(score: float, minimum: float, width: float) -> str:
    share = (score - minimum) / width
    return "low" if share < 1 / 3 else "middle" if share < 2 / 3 else "high"


def _who_answered(outcome: str) -> tuple[Relation, ...]:
    """Whoever lacks a score lacks the pair, whoever lacks the pair lacks a score, and a last score is an answer."""
    start, end = _third_at(outcome, "start", "none"), _third_at(outcome, "end", "none")
    unpaired = Reference(f"{outcome}.pairs", {f"{outcome}.pairs": "no"})
    finished = Reference("flow", {"stage": "finished"})
    scored = [_third_at(outcome, "end", third) for third in ("low", "middle", "high")]
    return (
        Relation(((start, 1), (unpaired, -1))),
        Relation(((end, 1), (unpaired, -1))),
        Relation(((unpaired, 1), (start, -1), (end, -1))),
        Relation((*((one, 1) for one in scored), (finished, -1))),
    )


def _third_at(outcome: str, moment: str, third: str) -> Reference:
    return Reference(f"{outcome}.{moment}", {f"{outcome}.{moment}": third})


def _crossings(house: House, outcome: Outcome) -> Iterator[Relation]:
    """Whoever fell out of the upper third(s) is lower, or the same where a step may cross their boundary.

    And whoever came into them is higher. Nobody the same can have crossed where every change of a whole
    point is a step, which the declarations say: whole sums, never prorated.
    """
    scale = house.project.scale(outcome)
    whole = scale.transform == "sum" and scale.factor >= 1 and scale.minimum_answered == len(scale.items)
    same = () if whole and outcome.step <= 1 else ((_direction(outcome.id, "same"), -1),)
    for thirds in (("high",), ("high", "middle")):
        for one, other, way in (("start", "end", "lower"), ("end", "start", "higher")):
            inside = [_third_at(outcome.id, one, third) for third in thirds]
            outside = [_third_at(outcome.id, other, third) for third in (*thirds, "none")]
            terms = (*((place, 1) for place in inside), *((place, -1) for place in outside))
            yield Relation((*terms, (_direction(outcome.id, way), -1), *same))
    if outcome.step <= scale.range / 3:  # whoever crosses the whole middle third has moved by a step
        for third, way in (("low", "higher"), ("high", "lower")):
            reached = [_third_at(outcome.id, "end", one) for one in (third, "middle", "none")]
            terms = ((_third_at(outcome.id, "start", third), 1), *((place, -1) for place in reached))
            yield Relation((*terms, (_direction(outcome.id, way), -1)))


def _direction(outcome: str, way: str) -> Reference:
    return Reference(f"{outcome}.direction", {f"{outcome}.direction": way})


def _enough(house: House, outcome: Outcome, people: Sequence[str]) -> Iterator[Relation]:
    """A total that is trusted says that enough people answered at the start."""
    change = house.changes[outcome.id]
    if change.trust is not None and trusted(house, change):
        least = house.project.plan.alpha_people
        yield Relation(((_third_at(outcome.id, "start", "none"), 1),), rhs=len(people) - least)
