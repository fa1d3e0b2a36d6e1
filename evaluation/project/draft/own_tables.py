"""A project's own tables: counted by variables that the kit has anyway, so that the same facts and gate hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from evaluation.codec import nearest
from evaluation.project.draft.counting import Classification, Tabulation, coarsened, cross_tabulate
from evaluation.release.design import LADDERS, OWN
from evaluation.schema import Declaration, OwnTable
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
    return found


def _rungs(topic: str, fine: str, *more: str) -> dict[str, str]:
    coarser = [f"{fine}.{rung}" for rung, to in LADDERS[topic].items() if to]
    return dict.fromkeys([fine, *coarser, *more], fine)


def faults(declaration: Declaration) -> Iterator[tuple[int, Message]]:
    """What is declared of own tables that cannot be, each with the number of the table, from 0."""
    known, tied, seen = variables(declaration), _tied(declaration), set[str]()
    for at, table in enumerate(declaration.file.own_tables):
        if not re.fullmatch(r"[\w-]+", table.id):
            yield at, Message("project.own_table.bad_id", name=table.id)
        if table.id in seen:
            yield at, Message("project.own_table.twice", name=table.id)
        seen.add(table.id)
        yield from ((at, said) for said in _misfits(table.variables, known, tied))


def _tied(declaration: Declaration) -> list[set[str]]:
    """Variables of which one rules out codes of another: some cells of their table could hold nobody."""
    outcomes = declaration.plan.outcomes
    scales = {outcome.scale for outcome in outcomes}
    same = [{f"{outcome.id}.direction" for outcome in outcomes if outcome.scale == scale} for scale in scales]
    return [*({"stage", f"{outcome.id}.direction"} for outcome in outcomes), *same]


def _misfits(names: Sequence[str], known: Mapping[str, str], tied: Sequence[set[str]]) -> Iterator[Message]:
    unknown = [name for name in names if name not in known]
    yield from (Message("project.own_table.no_variable", name=name, hint=nearest(name, [*known])) for name in unknown)
    if not 1 <= len(names) <= _MOST:
        yield Message("project.own_table.how_many", most=_MOST)
    if not unknown:
        finest = {known[name] for name in names}
        if len(finest) < len(names) or any(len(finest & some) > 1 for some in tied):
            yield Message("project.own_table.same", names=list(names))


_MOST = 2
"""Variables by more than which nearly every number would have to be hidden."""


def own_tables(
    declaration: Declaration, people: Sequence[str], counted: Sequence[Tabulation]
) -> tuple[list[Tabulation], list[Tabulation]]:
    """The declared tables, and those at their finest that nobody prints: they stay protected, whatever is told.

    ``counted``: the tables of every project, of whose variables these are.
    """
    known = variables(declaration)
    found = {variable.id: (variable, code_of) for one in counted for variable, code_of in one.classifications}
    told, joint = [], []
    for table in declaration.file.own_tables:
        chosen = [_classified(name, known[name], found) for name in table.variables]
        finest = [found[known[name]] for name in table.variables]
        told.append(_crossed(f"{OWN}:{table.id}", table, people, chosen))
        if [one[0].id for one in finest] != [*table.variables]:
            joint.append(_crossed(f"joint:{OWN}:{table.id}", table, people, finest))
    return told, joint


def _classified(name: str, finest: str, found: Mapping[str, Classification]) -> Classification:
    return found[name] if name in found else coarsened(found[finest], name)


def _crossed(name: str, table: OwnTable, people: Sequence[str], by: Sequence[Classification]) -> Tabulation:
    return cross_tabulate(name, OWN, table.labels, people, *by, zeros_sensitive=True)
