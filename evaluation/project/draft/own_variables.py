"""What an own table may be counted by, and what is declared of one that cannot be: read with every project."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from evaluation import descriptors
from evaluation.codec import nearest
from evaluation.release.planned.design import LADDERS
from evaluation.schema import Declaration
from evaluation.texts import Message


def variables(declaration: Declaration) -> dict[str, str]:
    """What an own table may be counted by: each variable with the finest one that tells of the same."""
    file = declaration.file
    found = {breakdown.id: breakdown.id for breakdown in file.breakdowns}
    for course in file.courses:
        found |= _rungs("courses", f"course:{course.id}", f"course:{course.id}.completed")
    found |= _rungs("flow", "stage")
    for outcome in declaration.plan.outcomes:
        found |= _rungs("outcomes", f"{outcome.id}.direction", f"{outcome.id}.pairs")
    for area in descriptors.codes("need_areas"):
        found |= _rungs("needs", f"needs:{area}")
    for name in _support():
        found |= {name: name}
    for kind in ("residence", "legal"):
        found |= _rungs("status", f"{kind}.start") | _rungs("status", f"{kind}.end")
        found |= _rungs("status_change", f"{kind}.change")
    for name in ("goals", *(f"goals.{kind}" for kind in declaration.tables["goals"].field("kind").codes)):
        found |= dict.fromkeys((name, f"{name}.assessed", f"known:{name}"), name)
    return found


_TOPICS = {"supported": "support", "residence": "status", "legal": "status"}


def kept(declaration: Declaration) -> set[str]:
    """The topics of which something is counted for an own table, whether they are told or not."""
    known = variables(declaration)
    named = {known[name] for table in declaration.file.own_tables for name in table.variables if name in known}
    return {_TOPICS.get(first, first) for name in named for first in re.split(r"\W", name)[:1]}


def _support() -> dict[str, str]:
    """Any support, by area, and each kind, with its area."""
    areas, of = (
        [f"support:{area}" for area in descriptors.codes("support_areas")],
        descriptors.recode("support_kinds", "area"),
    )
    return {
        "supported": "",
        **dict.fromkeys(areas, "supported"),
        **{f"supported.{kind}": f"support:{area}" for kind, area in of.items()},
    }


def _rungs(topic: str, fine: str, *more: str) -> dict[str, str]:
    coarser = [f"{fine}.{rung}" for rung, to in LADDERS[topic].items() if to]
    return dict.fromkeys([fine, *coarser, *more], fine)


def faults(declaration: Declaration) -> Iterator[tuple[int, Message]]:
    """What is declared of own tables that cannot be, each with the number of the table, from 0."""
    seen = set[str]()
    for at, table in enumerate(declaration.file.own_tables):
        if not re.fullmatch(r"[\w-]+", table.id):
            yield at, Message("project.own_table.bad_id", name=table.id)
        if table.id in seen:
            yield at, Message("project.own_table.twice", name=table.id)
        seen.add(table.id)
        yield from ((at, said) for said in misfits(declaration, table.variables))


def _tied(declaration: Declaration) -> list[set[str]]:
    """Variables of which one rules out codes of another: some cells of their table could hold nobody."""
    outcomes = declaration.plan.outcomes
    scales = {outcome.scale for outcome in outcomes}
    same = [{f"{outcome.id}.direction" for outcome in outcomes if outcome.scale == scale} for scale in scales]
    support, goals = _support(), [kind for kind in variables(declaration) if kind.startswith("goals.")]
    return [
        *({"stage", f"{outcome.id}.direction"} for outcome in outcomes),
        *same,
        *({name, wider} for name, area in support.items() for wider in (area, "supported") if wider != name),
        *({"goals", kind} for kind in goals),
        *({f"{kind}.{moment}", f"{kind}.change"} for kind in ("residence", "legal") for moment in ("start", "end")),
        *(
            {breakdown.id, f"{kind}.{moment}"}
            for breakdown in declaration.file.breakdowns
            for kind, moment in itertools.product(("residence", "legal"), ("start", "end", "change"))
            if breakdown.citizens
        ),
    ]


def misfits(declaration: Declaration, names: Sequence[str]) -> Iterator[Message]:
    """Why no own table can be counted by these variables together."""
    known = variables(declaration)
    unknown = [name for name in names if name not in known]
    yield from (Message("project.own_table.no_variable", name=name, hint=nearest(name, [*known])) for name in unknown)
    if not 1 <= len(names) <= _MOST:
        yield Message("project.own_table.how_many", most=_MOST)
    if not unknown:
        finest = {known[name] for name in names}
        if len(finest) < len(names) or any(len(finest & some) > 1 for some in _tied(declaration)):
            yield Message("project.own_table.same", names=list(names))


_MOST = 2
"""Variables by more than which nearly every number would have to be hidden."""
