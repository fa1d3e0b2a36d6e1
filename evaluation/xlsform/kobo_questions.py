"""Kobo's own kinds of question (a rating, a ranking) and a range are written out as questions that the kit knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from evaluation.xlsform.sheets import Form, Row, translation

_PARAMETER = re.compile(r"\b(start|end|step)\s*=\s*(-?\d+(?:\.\d+)?)(?![\d.])", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a group of Kobo's is written: its rows, the column with their list, the end of its heading's name."""

    part: str
    listed: str
    heading: str
    apart: bool  # no two of its questions have the same answer


_KINDS = {
    "score": _Kind("score__row", "kobo--score-choices", "_header", apart=False),
    "rank": _Kind("rank__level", "kobo--rank-items", "_label", apart=True),
}


def written_out(form: Form) -> Form:
    """The form with a group of choices for each rating and ranking, as Kobo's server makes them.

    The label of a rating or ranking is a note in its group, as in Kobo's exports.
    """
    survey: list[Row] = []
    opened: tuple[_Kind, Row] | None = None
    levels: list[str] = []
    for row in form.rows["survey"]:
        verb, _, name = row["type"].replace(" ", "_").partition("_")
        if name in _KINDS and verb == "begin":
            opened, levels = (_KINDS[name], row), []
            survey += _headed(row, _KINDS[name])
        elif name in _KINDS and verb == "end":
            opened = None
            survey.append(_changed(row, type="end_group"))
        elif opened and row["type"] == opened[0].part:
            survey.append(_asked(row, *opened, levels))
            levels.append(row["name"])
        else:
            survey.append(row)
    return _with_rows(form, survey)


def numbered(form: Form) -> Form:
    """The form with each range as a number between its ends."""
    return _with_rows(form, [_number(row) if row["type"] == "range" else row for row in form.rows["survey"]])


def _with_rows(form: Form, survey: Sequence[Row]) -> Form:
    line, columns = form.columns["survey"]
    named = tuple(dict.fromkeys((*columns, *(column for row in survey for column in row.cells))))
    return replace(form, rows={**form.rows, "survey": tuple(survey)}, columns={**form.columns, "survey": (line, named)})


def _changed(row: Row, **cells: str) -> Row:
    filled = {column: cell for column, cell in {**row.cells, **cells}.items() if cell}
    return replace(row, cells=filled)


def _headed(row: Row, kind: _Kind) -> Iterator[Row]:
    texts = {column for column in row.cells if translation(column)}
    labels = {column: cell for column, cell in row.cells.items() if column in texts}
    group = {column: cell for column, cell in row.cells.items() if column not in (*texts, "required", kind.listed)}
    yield replace(row, cells={**group, "type": "begin_group"})
    yield replace(row, cells={**labels, "type": "note", "name": f"{row['name']}{kind.heading}"})


def _asked(row: Row, kind: _Kind, group: Row, earlier: Sequence[str]) -> Row:
    others = " and ".join(f". != ${{{name}}}" for name in earlier) if kind.apart else ""
    rules = [f"({rule})" for rule in (row["constraint"], others) if rule]
    rule = " and ".join(rules) if len(rules) > 1 else row["constraint"] or others
    needed = row["required"] or group["required"]
    return _changed(row, type=f"select_one {group[kind.listed]}", required=needed, constraint=rule)


def _number(row: Row) -> Row:
    """A range is a number from its start to its end, whole where start, end and step are; else it stays as it is."""
    told = {"start": "1", "end": "10", "step": "1", **dict(_PARAMETER.findall(row["parameters"]))}
    if _PARAMETER.sub("", row["parameters"]).strip(" ,;"):
        return row
    low, high = sorted((told["start"], told["end"]), key=float)
    rules = (f"({row['constraint']})" if row["constraint"] else "", f". >= {low} and . <= {high}")
    kind = "decimal" if "." in "".join(told.values()) else "integer"
    return _changed(row, type=kind, parameters="", constraint=" and ".join(filter(None, rules)))
