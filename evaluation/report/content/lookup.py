"""How the report finds numbers in a release: by table, code, topic and path."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from evaluation.errors import BadArgument
from evaluation.release.printed.wording import as_of
from evaluation.release.released import CountTable, Line, Mean, Released, Value, Variable
from evaluation.schema import Labels

_Repeated = TypeVar("_Repeated", CountTable, Mean)


def find(released: Released, table_id: str) -> CountTable | None:
    """The table with this id, or None where the release has none."""
    return next((table for table in released.tables if table.id == table_id), None)


def by_topic(released: Released, topic: str) -> tuple[CountTable, ...]:
    """The tables of one topic in their declared order."""
    return tuple(table for table in released.tables if table.topic == topic)


def flow(released: Released) -> tuple[CountTable, ...]:
    """Who answered at the end, where anything was to be answered."""
    return by_topic(released, "flow") if released.facts.outcomes else ()


def by_variable(released: Released, variable: str) -> CountTable | None:
    """The table that splits everyone by this variable alone."""
    return next((t for t in released.tables if [v.id for v in t.variables] == [variable]), None)


def fine(tables: Sequence[CountTable]) -> tuple[CountTable, ...]:
    """The tables that are not merely a coarser grouping of another one among them, nor beside it in its row."""
    coarser = {name for table in tables for variable in table.variables for name in variable.within}
    coarser |= {one.id for table in tables if (one := beside(tables, table)) is not None}
    return tuple(table for table in tables if not (table.variables and table.variables[-1].id in coarser))


def beside(tables: Sequence[CountTable], table: CountTable) -> Variable | None:
    """Who answered both times, where the table tells how an outcome changed without saying so."""
    own = table.variables[-1].id if table.variables else ""
    pairs = [other.variables[-1] for other in tables if other.id.endswith(".pairs")]
    return next((one for one in pairs if own.startswith(one.id.removesuffix("pairs")) and own != one.id), None)


def merged(tables: Sequence[CountTable], table: CountTable) -> tuple[Value, bool]:
    """How many are at any of the codes that a coarser table among them merges to a yes, and whether there is one."""
    variable, told = table.variables[-1], beside(tables, table)
    for coarser in tables:
        name = coarser.variables[-1].id if coarser.variables else ""
        several = list(variable.within.get(name, {}).values()).count("yes") > 1
        if several or (told is not None and name == told.id):
            return value(coarser, {name: "yes"}), True
    return None, False


def direction(released: Released, outcome: str) -> CountTable | None:
    """How people changed in an outcome, at the finest rung that is told."""
    names = (f"{outcome}.direction", f"{outcome}.direction.merged", f"{outcome}.direction.improved")
    found = (by_variable(released, name) for name in (*names, f"{outcome}.direction.known"))
    return next((table for table in found if table is not None), None)


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
    fixed = _counted(released, line, table)
    return tuple(
        (variable, code, value(table, {**fixed, variable.id: code}))
        for variable in table.variables
        if variable.id not in fixed
        for code in variable.codes
    )


def _counted(released: Released, line: Line, table: CountTable) -> dict[str, str]:
    """The codes at which an indicator counts, of the variables of a table that may be finer or coarser than its own."""
    fixed = dict(line.numerator.at) if line.numerator else {}
    own = find(released, line.numerator.table) if line.numerator else None
    for mine in own.variables if own else ():
        code = fixed.get(mine.id, "")
        for other in table.variables:
            if code and code in mine.within.get(other.id, {}):
                fixed[other.id] = mine.within[other.id][code]
            finer = [at for at, to in other.within.get(mine.id, {}).items() if to == code]
            if len(finer) == 1:
                fixed[other.id] = finer[0]
    return {variable.id: fixed[variable.id] for variable in table.variables if variable.id in fixed}


def same_day(repeated: Sequence[CountTable | Mean]) -> dt.date | None:
    """The day as of which all of these are repeated; None where they are of several, or of today."""
    days = {one.as_of for one in repeated}
    return days.pop() if len(days) == 1 else None


def undated(repeated: Sequence[_Repeated], day: dt.date | None) -> tuple[_Repeated, ...]:
    """The same without the day that all of them bear, which then stands once above them."""
    if day is None:
        return tuple(repeated)
    return tuple(dataclasses.replace(one, labels=_without(one.labels, day)) for one in repeated)


def _without(labels: Labels, day: dt.date) -> Labels:
    ends = as_of(dict.fromkeys(labels, ""), day)
    return {language: label.removesuffix(ends[language]) for language, label in labels.items()}


def dated(said: str, day: dt.date | None, language: str) -> str:
    """A caption with the day of what stands under it, if that is repeated."""
    return said if day is None else as_of({language: said}, day)[language]


def means_once(released: Released) -> bool:
    """Whether means are missing because they are told once: in an erratum and after it they are not told again."""
    told = released.replaces is not None or by_topic(released, "outcomes")
    return bool(told) and "outcomes" not in released.elsewhere and not released.means


def planned_day(released: Released, topics: Iterable[str]) -> dt.date | None:
    """For when the report is planned that tells these topics, if one tells all of them and its day is known."""
    planned = released.provenance.parameters
    days = {planned.get(f"planned:{topic}", "") for topic in topics}
    return dt.date.fromisoformat(days.pop()) if len(days) == 1 and all(days) else None


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
        **({"as_of": table.as_of.isoformat()} if table.as_of else {}),
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
