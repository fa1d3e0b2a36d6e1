"""A register of attendance is known by people and sessions, whichever of them stand across."""

from __future__ import annotations

import re

from evaluation.collect.check.context import Context
from evaluation.collect.files.sheet import Sheet
from evaluation.collect.matching.likeness import holds_people, texts_of
from evaluation.collect.matching.proposal import Proposal, spoken
from evaluation.collect.names import references, sessions_called
from evaluation.schema import Declaration, Import


def register(sheet: Sheet, declaration: Declaration, context: Context) -> Proposal | None:
    """The file as a register of attendance: people down and sessions across, or the other way round.

    At least two columns are called as sessions, or as people, are.
    """
    table = declaration.tables["attendance"]
    people = [at for at in range(len(sheet.header)) if holds_people(sheet, at, context)]
    if not people:
        return _turned(sheet, declaration, context)
    best: Proposal | None = None
    for course in ("", *(course.id for course in declaration.file.courses)):
        names = references(declaration, context, Import(table=table.name, grid="session", course=course), table=table)
        called = sessions_called([cell.strip() for cell in sheet.header], names["sessions.session"])
        held = [at for at, cell in enumerate(sheet.header) if cell.strip() in called]
        if len(held) < 2 or (best and len(held) <= len(best.columns) - len(best.imported.drop) - 1):
            continue
        rest = {at: "" for at in range(len(sheet.header)) if at not in (people[0], *held)}
        drop = tuple(sheet.header[at].strip() for at in rest)
        own = {"participant": sheet.header[people[0]].strip()}
        imported = Import(table=table.name, columns=own, grid="session", course=course, drop=drop, sheet=sheet.tab)
        said = spoken(sheet, {people[0]: "participant", **dict.fromkeys(held, "session")})
        best = Proposal(imported, said, (), 2.0)
    return best


def _turned(sheet: Sheet, declaration: Declaration, context: Context) -> Proposal | None:
    """The file as a register with sessions down and people across."""
    table = declaration.tables["attendance"]
    header = [cell.strip() for cell in sheet.header]
    across = [at for at, cell in enumerate(header) if re.fullmatch(context.participant_pattern, cell, re.ASCII)]
    if len(across) < 2:
        return None
    rest = [at for at in range(len(sheet.header)) if at not in across]
    best: tuple[float, int, str] = 0.8, -1, ""
    for course in ("", *(course.id for course in declaration.file.courses)):
        imported = Import(table=table.name, grid="participant", course=course)
        named = references(declaration, context, imported, table=table)["sessions.session"]
        for at in rest:
            texts = texts_of(sheet, at)
            known = len([*filter(sessions_called(texts, named).get, texts)]) / max(len(texts), 1)
            best = max(best, (known, at, course), key=lambda each: each[0])
    _, at, course = best
    if at < 0:
        return None
    drop = tuple(sheet.header[other].strip() for other in rest if other != at)
    own = {"session": sheet.header[at].strip()}
    imported = Import(table=table.name, columns=own, grid="participant", course=course, drop=drop, sheet=sheet.tab)
    return Proposal(imported, spoken(sheet, {at: "session", **dict.fromkeys(across, "participant")}), (), 2.0)
