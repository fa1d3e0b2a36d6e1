"""A frame of one's own becomes the declaration of an own table: its variables are taken over, its numbers never."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from evaluation.codec import nearest
from evaluation.errors import BadArgument
from evaluation.project.draft.own_variables import misfits, variables
from evaluation.schema import Declaration
from evaluation.texts import say

PEOPLE = "participants"
"""The one population whose tables can be asked for; staff and organisations are told by the partner survey."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to write into project.yml, and what happens with it then. It holds no number."""

    declaration: str
    said: str

    def __repr__(self) -> str:
        return f"{self.declaration}\n{self.said}"


def request(
    declaration: Declaration, frame: pd.DataFrame, *, of: int, population: str = PEOPLE, language: str = "en"
) -> Request:
    """The declaration of the table that counts ``population`` by the columns of ``frame``.

    ``of``: how many participants there are, each of whom must have a row. ``frame``: one row per participant, columns
    as ``project.frame`` names them (a breakdown, ``COURSE_completer``, ``COURSE_sessions``, ``OUTCOME_change``,
    ``left``) or variables of the kit; what stands in the cells is not read. The kit counts anew, everyone
    and by the codes it has declared. Raises BadArgument for another population, a part of the people, columns without
    declared codes, and no or too many of them.
    """
    if population != PEOPLE:
        raise BadArgument("project.request.population", name=population)
    if len(frame) < of:
        raise BadArgument("project.request.part")
    known = _named(declaration)
    columns = [str(column) for column in frame.columns if column != "participant"]
    for column in columns:
        if column not in known:
            raise BadArgument("project.request.column", name=column, hint=nearest(column, [*known]))
    chosen = [known[column] for column in columns]
    for said in misfits(declaration, chosen):
        raise BadArgument(said.key, **said.facts)
    name = "_by_".join(re.sub(r"\W+", "_", one) for one in chosen)
    labels = ", ".join(f"{spoken}: {_LABEL}" for spoken in declaration.file.languages)
    lines = [
        "own_tables:",
        f"  - id: {name}",
        f"    labels: {{{labels}}}",
        f"    variables: [{', '.join(map(_quoted, chosen))}]",
    ]
    return Request("\n".join(lines) + "\n", say("project.request.next", language))


_LABEL = "…"


def _quoted(name: str) -> str:
    return f'"{name}"' if ":" in name else name


def _named(declaration: Declaration) -> dict[str, str]:
    """The variable that each column of ``project.frame`` with declared codes is counted by; variables themselves."""
    found = {name: name for name in variables(declaration)} | {"left": "stage"}
    for course in declaration.file.courses:
        found |= {
            f"{course.id}_completer": f"course:{course.id}.completed",
            f"{course.id}_sessions": f"course:{course.id}.taken",
        }
    return found | {f"{outcome.id}_change": f"{outcome.id}.direction" for outcome in declaration.plan.outcomes}
