"""A bundle or a report's JSON, as anyone may have been handed it, becomes a document that can be audited."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evaluation import codec
from evaluation.errors import BadDeclaration
from evaluation.release import bundle
from evaluation.release.released import Count, CountTable, Value, Variable

_TOPICS = ("people", "courses", "needs", "support", "status", "distributions")


@dataclass(frozen=True, slots=True)
class Given:
    """The tables of one release with its threshold; ``kind``: what they were read from."""

    kind: Literal["bundle", "report"]
    release: str
    threshold: int
    tables: tuple[CountTable, ...]


def given(source: str, name: str) -> Given | None:
    """What the text of a file holds; None where it is neither a bundle nor a report.

    Raises LedgerError for a bundle that was changed since, BadDeclaration for a report that cannot be read.
    """
    found = codec.json_value(source)
    format = str(found.get("format", "")) if isinstance(found, dict) else ""
    if format.startswith("release/"):
        released = bundle.parse(source, name)
        tables = tuple(table for table in released.tables if table.protected)
        return Given("bundle", released.release, released.certificate.threshold, tables)
    if format.startswith("evaluation-report/"):
        return _report(found, name)
    return None


def _report(found: Mapping[str, Any], name: str) -> Given:
    try:
        threshold = int(found["certificate"]["content"]["threshold"])
        told = [table for topic in _TOPICS if topic in found for table in found[topic]["content"]]
        told += found["outcomes"]["content"]["directions"] if "outcomes" in found else []
        return Given("report", str(found["release"]), threshold, tuple(map(_table, told)))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadDeclaration("release.file.no_report", name=name) from None


def _table(told: Mapping[str, Any]) -> CountTable:
    variables = tuple(
        Variable(one["id"], one["labels"], dict(one["codes"]), one.get("within", {})) for one in told["variables"]
    )
    counts = tuple(Count(dict(one["at"]), _value(one["value"])) for one in told["counts"])
    day = dt.date.fromisoformat(told["as_of"]) if told.get("as_of") else None
    return CountTable(told["id"], "", told["labels"], told["population"], variables, counts, as_of=day)


def _value(told: Any) -> Value:
    if isinstance(told, Mapping):
        return int(told["low"]), None if told["high"] is None else int(told["high"])
    return None if told is None else int(told)


def document(tables: Sequence[CountTable]) -> dict[str, Any]:
    """The tables in the open format: every number by its name, and the sums that hold between them.

    A range is printed as bounds; where several tables tell of a number, all of it holds. What no table prints, such as
    a margin, is an unknown of its own.
    """
    values: dict[str, Value] = {}
    for table in tables:
        for count in table.counts:
            name = _name(table, count.at)
            values[name] = _both(values.get(name), count.value)
    sums = {tuple(sorted(terms)) for table in tables for terms in _sums(table)}
    for name in sorted({name for terms in sums for name, _ in terms} - values.keys()):
        values[name] = None
    cells = [{"id": name, "value": value if isinstance(value, int) else None} for name, value in values.items()]
    return {
        "format": "sdc-audit/1",
        "tables": [{"id": "given", "cells": cells}],
        "relations": [{"terms": [list(term) for term in terms]} for terms in sorted(sums)],
        "bounds": {name: list(value) for name, value in values.items() if isinstance(value, tuple)},
    }


def _both(one: Value, other: Value) -> Value:
    """What two files say of one number together; what cannot be is an empty range."""
    if one is None or other is None:
        return other if one is None else one
    (low, high), (least, most) = ((value, value) if isinstance(value, int) else value for value in (one, other))
    ends = [end for end in (high, most) if end is not None]
    first, last = max(low, least), min(ends, default=None)
    return first if first == last else (first, last)


def together(files: Sequence[Given]) -> Given:
    """What whoever holds several files has: the editions of one release, or a bundle and its report.

    Raises BadDeclaration where they are of different releases.
    """
    first = files[0]
    for other in files[1:]:
        if other.release != first.release:
            raise BadDeclaration("release.file.other_release", first=first.release, other=other.release)
    tables = tuple(table for one in files for table in one.tables)
    return Given(first.kind, first.release, min(one.threshold for one in files), tables)


def _name(table: CountTable, at: Mapping[str, str]) -> str:
    of = f"{table.population}@{table.as_of}" if table.as_of else table.population  # of other people than those of today
    return f"{of}[{','.join(f'{variable}={code}' for variable, code in sorted(at.items()))}]"


def _sums(table: CountTable) -> Iterator[list[tuple[str, int]]]:
    """Every whole of the table with its parts by one variable, and each code of a coarser variable with its own."""
    for variable in table.variables:
        others = [one for one in table.variables if one.id != variable.id]
        for chosen in itertools.product(*([None, *one.codes] for one in others)):
            at = {one.id: code for one, code in zip(others, chosen, strict=True) if code is not None}
            parts = {code: _name(table, {**at, variable.id: code}) for code in variable.codes}
            yield [*((name, 1) for name in parts.values()), (_name(table, at), -1)]
            for coarser, grouping in variable.within.items():
                for code in dict.fromkeys(grouping.values()):
                    own = [(parts[fine], 1) for fine, into in grouping.items() if into == code and fine in parts]
                    yield [*own, (_name(table, {**at, coarser: code}), -1)]
