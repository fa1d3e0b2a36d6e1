"""A project's own tables: counted by variables that the kit has anyway, so that the same facts and gate hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evaluation.project.draft.counting import Classification, Tabulation, coarsened, cross_tabulate
from evaluation.project.draft.own_variables import variables
from evaluation.release.planned.design import OWN
from evaluation.schema import Declaration, OwnTable


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
