"""The groups that participants are in: declared breakdowns, who was served first, and what ties those of one column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evaluation.errors import BadDeclaration
from evaluation.project.house import House
from evaluation.project.placing import YES_NO, Counted, Placing, split
from evaluation.release.released import Reference, Relation, Variable
from evaluation.schema import Breakdown, Labels

_SERVED: Labels = {"en": "served first", "pl": "wsparcie w pierwszej kolejności"}


def groups(house: House, breakdown: Breakdown) -> Placing:
    """The declared groups. Raises BadDeclaration when somebody is in none of them."""
    people = house.frames["participants"]
    column = people[breakdown.column].astype(object).fillna("").replace(dict(breakdown.recode))
    if not column.isin(list(breakdown.groups)).all():
        raise BadDeclaration(
            f"project.yml: breakdown '{breakdown.id}' has participants in none of its groups; add a group and "
            'recode their codes into it ("" stands for an empty one).'
        )
    placed = {str(person): str(group) for person, group in zip(people["participant"], column, strict=True)}
    return Variable(breakdown.id, breakdown.labels, dict(breakdown.groups)), placed


def served_first(house: House, people: Sequence[str]) -> Placing:
    """Who was served first, in a waiting-list design."""
    plan, frame = house.project.plan, house.frames["participants"]
    served = dict(zip(frame["participant"], frame[plan.served_column].eq(plan.served_code), strict=True))
    return Variable("served", _SERVED, YES_NO), {p: "yes" if served[p] else "no" for p in people}


def alike(
    house: House, people: Sequence[str], breakdowns: Mapping[str, Placing], served: Placing | None
) -> Iterator[Counted]:
    """Groups made of one column, by all of them at once: whoever is in one group is in few of the others."""
    plan, table = house.project.plan, house.project.tables["participants"]
    columns: dict[str, list[tuple[Placing, Mapping[str, str]]]] = {}
    for breakdown in house.project.file.breakdowns:
        codes = table.field(breakdown.column).codes
        free = {*breakdown.recode, *breakdown.groups, plan.served_code}
        group = {value: breakdown.recode.get(value, value) for value in {"", *(codes or free)}}
        columns.setdefault(breakdown.column, []).append((breakdowns[breakdown.id], group))
    if served:
        values = {value for _, group in columns.get(plan.served_column, []) for value in group}
        group = {value: "yes" if value == plan.served_code else "no" for value in values}
        columns.setdefault(plan.served_column, []).append((served, group))
    for some in columns.values():
        if len(some) > 1:
            yield _refinement(some, people)


def stated_countries(house: House, breakdowns: Mapping[str, Placing]) -> Iterator[Relation]:
    """How many people a group of countries has at least, since so many countries are stated.

    What is stated is public; where the record holds fewer countries it is not true of it, and tells nobody anything.
    """
    stated = house.project.file.countries or 0
    for breakdown in house.project.file.breakdowns:
        if breakdown.column == "country":
            codes = house.project.tables["participants"].field("country").codes
            _, placed = breakdowns[breakdown.id]
            for group in breakdown.groups:
                others = sum(breakdown.recode.get(code, code) in {*breakdown.groups} - {group} for code in codes)
                if 0 < stated - others <= sum(code == group for code in placed.values()):
                    place = Reference(f"breakdown:{breakdown.id}", {breakdown.id: group})
                    yield Relation(((place, -1),), rhs=others - stated)


def _refinement(some: Sequence[tuple[Placing, Mapping[str, str]]], people: Sequence[str]) -> Counted:
    placings = [placing for placing, _ in some]
    values = {value for _, group in some for value in group}
    possible = {tuple(group.get(value, value) for _, group in some) for value in values}
    codes = sorted(at for at in possible if all(c in v.codes for c, (v, _) in zip(at, placings, strict=True)))
    name = "&".join(variable.id for variable, _ in placings)
    within = {v.id: {"&".join(at): at[place] for at in codes} for place, (v, _) in enumerate(placings)}
    fine = Variable(name, {}, {"&".join(at): {} for at in codes}, within=within)
    placed = {person: "&".join(placed[person] for _, placed in placings) for person in people}
    return split(f"joint:{name}", "", people, (fine, placed))
