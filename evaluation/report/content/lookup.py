"""How the report finds numbers in a release: by table, code, topic and path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evaluation.errors import BadArgument
from evaluation.release.released import CountTable, Line, Released, Value, Variable


def find(released: Released, table_id: str) -> CountTable | None:
    """The table with this id, or None where the release has none."""
    return next((table for table in released.tables if table.id == table_id), None)


def by_topic(released: Released, topic: str) -> tuple[CountTable, ...]:
    """The tables of one topic in their declared order."""
    return tuple(table for table in released.tables if table.topic == topic)


def by_variable(released: Released, variable: str) -> CountTable | None:
    """The table that splits everyone by this variable alone."""
    return next((t for t in released.tables if [v.id for v in t.variables] == [variable]), None)


def fine(tables: Sequence[CountTable]) -> tuple[CountTable, ...]:
    """The tables that are not merely a coarser grouping of another one among them."""
    coarser = {name for table in tables for variable in table.variables for name in variable.within}
    return tuple(table for table in tables if not (table.variables and table.variables[-1].id in coarser))


def merged(tables: Sequence[CountTable], table: CountTable) -> tuple[Value, bool]:
    """What a coarser table among them says of the codes it merges, and whether there is one."""
    variable = table.variables[-1]
    for coarser in tables:
        grouping = variable.within.get(coarser.variables[-1].id) if coarser.variables else None
        codes = list(grouping.values()) if grouping else []
        several = next((code for code in codes if codes.count(code) > 1), None)
        if several is not None:
            return value(coarser, {coarser.variables[-1].id: several}), True
    return None, False


def value(table: CountTable, at: Mapping[str, str]) -> Value:
    """The count at these codes; None where it is hidden or was not released."""
    return next((count.value for count in table.counts if dict(count.at) == dict(at)), None)


def parts(table: CountTable) -> tuple[tuple[str, Value], ...]:
    """(code, count) of each code of a table's last variable, summed over the others."""
    variable = table.variables[-1]
    return tuple((code, value(table, {variable.id: code})) for code in variable.codes)


def disaggregation(released: Released, line: Line) -> tuple[tuple[Variable, str, Value], ...]:
    """(variable, code, count) of the groups that an indicator is split into; empty where it is not split.

    Codes that the indicator itself counts (its numerator) stay fixed; each other variable is split.
    """
    table = find(released, line.breakdown) if line.breakdown else None
    if table is None:
        return ()
    counted = line.numerator.at if line.numerator else {}
    fixed = {variable.id: counted[variable.id] for variable in table.variables if variable.id in counted}
    return tuple(
        (variable, code, value(table, {**fixed, variable.id: code}))
        for variable in table.variables
        if variable.id not in fixed
        for code in variable.codes
    )


def all_hidden(values: Sequence[Value]) -> bool:
    """Whether there are numbers and none of them is shown."""
    return bool(values) and all(single is None for single in values)


# --- JSON and paths -----------------------------------------------------------------------------


def as_json(single: Value) -> Any:
    """A count, ``{"low": …, "high": …}`` for a range, null where hidden."""
    if isinstance(single, tuple):
        return {"low": single[0], "high": single[1]}
    return single


def table_json(table: CountTable) -> dict[str, Any]:
    """A released table with labels in every language it has."""
    return {
        "id": table.id,
        "labels": dict(table.labels),
        "population": table.population,
        "variables": [
            {
                "id": variable.id,
                "labels": dict(variable.labels),
                "codes": {k: dict(v) for k, v in variable.codes.items()},
                "within": {k: dict(v) for k, v in variable.within.items()},
            }
            for variable in table.variables
        ],
        "counts": [{"at": dict(count.at), "value": as_json(count.value)} for count in table.counts],
    }


def path(table: CountTable, at: Mapping[str, str]) -> str:
    """Where a count stands in the release: ``/tables/flow/stage=left``."""
    return f"/tables/{table.id}/" + ",".join(f"{variable}={code}" for variable, code in at.items())


def resolve(released: Released, where: str) -> Any:
    """The released value at a path such as ``/facts/reached``, ``/means/security/low``.

    Raises BadArgument for a path that leads nowhere: a sentence must not stand on nothing.
    """
    try:
        _, area, *rest = where.split("/")
        if area == "tables":
            table = find(released, rest[0])
            at = dict(pair.split("=", 1) for pair in rest[1].split(",")) if rest[1] else {}
            return next(count.value for count in table.counts if dict(count.at) == at)  # type: ignore[union-attr]
        thing: Any = getattr(released, area)
        for step in rest:
            thing = _step(thing, step)
    except (AttributeError, IndexError, KeyError, StopIteration, TypeError, ValueError):
        raise BadArgument("report.error.no_path", where=where) from None
    return thing


def _step(thing: Any, step: str) -> Any:
    if not isinstance(thing, tuple):
        return getattr(thing, step)
    if step.isdigit():
        return thing[int(step)]
    return next(item for item in thing if step in (getattr(item, "id", None), getattr(item, "code", None)))
