"""The groups that participants are in: declared breakdowns, who was served first, and what ties those of one column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evaluation.errors import BadDeclaration
from evaluation.measure.groups import group_of
from evaluation.measure.results import Results
from evaluation.project.draft.counting import YES_NO, Classification, Tabulation, placed, tabulate
from evaluation.project.draft.ladders import graded
from evaluation.release.released import Reference, Relation, Variable
from evaluation.schema import Breakdown
from evaluation.texts import Message, in_all

_SERVED = in_all(Message("project.draft.served_first"))


def groups(results: Results, breakdown: Breakdown) -> Classification:
    """The declared groups. Raises BadDeclaration when somebody is in none of them."""
    people = results.frames["participants"]
    column = group_of(people, breakdown)
    if not column.isin(list(breakdown.groups)).all():
        raise BadDeclaration("project.draft.in_no_group", breakdown=breakdown.id)
    code_of = {str(person): str(group) for person, group in zip(people["participant"], column, strict=True)}
    variable = Variable(breakdown.id, breakdown.labels, dict(breakdown.groups))
    return graded("groups", (variable, code_of), results.declaration.file.rules)


def served_first(results: Results, people: Sequence[str]) -> Classification:
    """Who was served first, in a waiting-list design."""
    plan, frame = results.declaration.plan, results.frames["participants"]
    served = frame.loc[frame[plan.served_column].eq(plan.served_code), "participant"]
    return Variable("served", _SERVED, YES_NO), placed(people, "no", yes=served)


def of_one_column(
    results: Results, people: Sequence[str], breakdowns: Mapping[str, Classification], served: Classification | None
) -> Iterator[Tabulation]:
    """Groups made of one column, by all of them at once: whoever is in one group is in few of the others."""
    plan, table = results.declaration.plan, results.declaration.tables["participants"]
    columns: dict[str, list[tuple[Classification, Mapping[str, str]]]] = {}
    for breakdown in results.declaration.file.breakdowns:
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
            yield refined(some, people)


def least_of_group(results: Results, breakdowns: Mapping[str, Classification]) -> Iterator[Relation]:
    """How many people a group of countries has at least, since so many countries are stated.

    What is stated is public; where the record holds fewer countries it is not true of it, and tells nobody anything.
    """
    stated = results.declaration.file.countries or 0
    for breakdown in results.declaration.file.breakdowns:
        if breakdown.column == "country":
            codes = results.declaration.tables["participants"].field("country").codes
            _, code_of = breakdowns[breakdown.id]
            for group in breakdown.groups:
                others = sum(breakdown.recode.get(code, code) in {*breakdown.groups} - {group} for code in codes)
                if 0 < stated - others <= sum(code == group for code in code_of.values()):
                    place = Reference(f"breakdown:{breakdown.id}", {breakdown.id: group})
                    yield Relation(((place, -1),), rhs=others - stated)


def refined(
    some: Sequence[tuple[Classification, Mapping[str, str]]],
    people: Sequence[str],
    *,
    topic: str = "",
    zeros_sensitive: bool = False,
) -> Tabulation:
    """One variable for several that some values are recoded to: its codes are those that a value can have in all."""
    classifications = [classification for classification, _ in some]
    values = {value for _, group in some for value in group}
    possible = {tuple(group.get(value, value) for _, group in some) for value in values}
    codes = sorted(at for at in possible if all(c in v.codes for c, (v, _) in zip(at, classifications, strict=True)))
    name = "&".join(variable.id for variable, _ in classifications)
    within = {v.id: {"&".join(at): at[place] for at in codes} for place, (v, _) in enumerate(classifications)}
    fine = Variable(name, {}, {"&".join(at): {} for at in codes}, within=within)
    code_of = {person: "&".join(code_of[person] for _, code_of in classifications) for person in people}
    return tabulate(f"joint:{name}", topic, people, (fine, code_of), zeros_sensitive=zeros_sensitive)
