"""The auditor against plain enumeration on random small documents."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.release.audit.integers import relaxation, search
from evaluation.release.audit.verdict import audit
from evaluation.texts import say
from tests.release.audit.enumeration import Domains, ends, solutions

SOME = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


def _rounded(value: Fraction, decimals: int) -> float:
    return float(round(value, decimals))


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[str, Any], Domains]:
    """A table with margins, some of it hidden or in ranges, with a percentage and a mean now and then."""
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(2, 3))
    top = draw(st.integers(1, 3 if rows * columns > 4 else 5))
    truth = {f"{r}/{c}": draw(st.integers(0, top)) for r in range(rows) for c in range(columns)}
    relations = []
    for r in range(rows):
        relations.append((f"{r}/*", [f"{r}/{c}" for c in range(columns)]))
    for c in range(columns):
        relations.append((f"*/{c}", [f"{r}/{c}" for r in range(rows)]))
    inner = dict(truth)
    for total, parts in relations:
        truth[total] = sum(truth[part] for part in parts)
    document: dict[str, Any] = {
        "format": "sdc-audit/1",
        "relations": [{"terms": [*([p, 1] for p in parts), [total, -1]]} for total, parts in relations],
        "bounds": {"default": [0, None], **{id: [0, top] for id in inner}},
        "percentages": [],
        "means": [],
    }
    cells, domains = [], {}
    for id, value in truth.items():
        how = draw(st.sampled_from(["printed", "hidden", "hidden", "range"]))
        most = top if id in inner else top * 3
        low, high = {
            "printed": (value, value),
            "hidden": (0, most),
            "range": (draw(st.integers(0, value)), draw(st.integers(value, most))),
        }[how]
        cells.append({"id": id, "value": {"printed": value, "hidden": None}.get(how, [low, high])})
        domains[id] = (low, high)
    document["tables"] = [{"id": "T", "cells": cells}]
    if draw(st.booleans()) and truth["0/*"]:
        decimals = draw(st.integers(0, 1))
        share = _rounded(Fraction(100 * truth["0/0"], truth["0/*"]), decimals)
        document["percentages"].append({"num": "0/0", "den": "0/*", "value": share, "decimals": decimals})
    if draw(st.booleans()) and truth["*/0"] and rows > 1:
        scores = [[f"{r}/0", r + 1] for r in range(rows)]
        mean = Fraction(sum(score * truth[id] for id, score in scores), truth["*/0"])
        document["means"].append({"scores": scores, "value": _rounded(mean, 1), "decimals": 1})
    return document, {id: domains[id] for id in inner} | {id: domains[id] for id in truth if id not in inner}


@st.composite
def systems(draw: st.DrawFn) -> tuple[dict[str, Any], Domains]:
    """Anything linear over a few quantities, also what cannot be true."""
    ids = [f"x{i}" for i in range(draw(st.integers(1, 5)))]
    top = draw(st.integers(1, 6 if len(ids) < 5 else 3))
    truth = {id: draw(st.integers(0, top)) for id in ids}
    small, large = [1, 1, 1, -1, -1, 2, -3, 5, 0.5], [1, -1, 65537, -99991, 1000003]
    factor = st.sampled_from(draw(st.sampled_from([small, small, large])))
    relations = []
    for _ in range(draw(st.integers(0, 4))):
        inside = draw(st.lists(st.sampled_from(ids), min_size=1, max_size=4, unique=True))
        terms = [[id, draw(factor)] for id in inside]
        total = sum(Fraction(str(f)) * truth[id] for id, f in terms) + draw(st.sampled_from([0] * 8 + [1]))
        sense = draw(st.sampled_from(["=", "=", "<=", ">="]))
        relations.append({"terms": terms, "sense": sense, "rhs": float(total)})
    percentages = []
    if len(ids) > 1 and draw(st.booleans()) and truth[ids[1]]:
        share = _rounded(Fraction(100 * truth[ids[0]], truth[ids[1]]), 0)
        percentages.append({"num": ids[0], "den": ids[1], "value": share, "decimals": 0})
    document = {
        "format": "sdc-audit/1",
        "tables": [{"cells": [{"id": id, "value": None} for id in ids]}],
        "relations": relations,
        "percentages": percentages,
        "bounds": {id: [0, top] for id in ids},
    }
    return document, dict.fromkeys(ids, (0, top))


def _agrees(document: dict[str, Any], domains: Domains) -> None:
    small = 1
    for id, (low, high) in domains.items():
        small *= 1 if "*" in id else high - low + 1
    fixed = {id: pair for id, pair in domains.items() if "*" not in id}
    found = list(_points(document, domains, fixed))
    result = audit(document)
    assert result.consistent is bool(found)
    assert not result.unproven
    if found:
        expected = ends(found)
        assert {id: list(pair) for id, pair in result.intervals.items()} == {
            id: expected[id] for id in result.intervals
        }
        assert result.exact == tuple(sorted(id for id in result.intervals if len(set(expected[id])) == 1))
    else:
        assert result.where


def _points(document: dict[str, Any], domains: Domains, inner: Domains) -> Any:
    """Enumerates inner cells; totals follow from them."""
    totals = [relation for relation in document["relations"] if str(relation["terms"][-1][0]).count("*")]
    bare = {**document, "relations": [r for r in document["relations"] if r not in totals]}
    bare["percentages"], bare["means"] = [], []
    for point in solutions(bare, inner):
        for relation in totals:
            *parts, (total, _) = relation["terms"]
            point[total] = sum(point[id] for id, _ in parts)
        if all(low <= point[id] <= high for id, (low, high) in domains.items()):
            yield from solutions(document, {id: (value, value) for id, value in point.items()})


@SOME
@given(tables())
def test_every_interval_of_a_table_is_what_enumeration_finds(case: tuple[dict[str, Any], Domains]) -> None:
    _agrees(*case)


@SOME
@given(systems())
def test_every_interval_of_any_system_is_what_enumeration_finds(case: tuple[dict[str, Any], Domains]) -> None:
    _agrees(*case)


@settings(SOME, max_examples=25)
@given(tables())
def test_without_a_guess_of_the_solver_branches_find_the_same(case: Any) -> None:
    document, domains = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "guess", lambda *_: None)
        _agrees(document, domains)


@settings(SOME, max_examples=15)
@given(systems())
def test_where_floating_point_tells_nothing_branches_find_the_same(case: Any) -> None:
    document, domains = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relaxation, "_LARGE", 0)
        _agrees(document, domains)


@SOME
@given(tables(), st.data())
def test_releasing_less_never_reveals_more(case: tuple[dict[str, Any], Domains], data: st.DataObject) -> None:
    document, _ = case
    more = audit(document)
    cells = document["tables"][0]["cells"]
    hidden = data.draw(st.sets(st.sampled_from([cell["id"] for cell in cells])))
    less = audit(
        {
            **document,
            "tables": [
                {"cells": [{**cell, "value": None if cell["id"] in hidden else cell["value"]} for cell in cells]}
            ],
            "percentages": document["percentages"] if data.draw(st.booleans()) else [],
            "means": [],
        }
    )
    for id, (low, high) in more.intervals.items():
        lower, upper = less.intervals[id]
        assert lower is None or (low is not None and lower <= low)
        assert upper is None or (high is not None and upper >= high)


@SOME
@given(systems())
def test_the_named_contradiction_is_smallest(case: tuple[dict[str, Any], Domains]) -> None:
    document, domains = case
    result = audit(document)
    if result.consistent:
        return
    assert result.where is not None
    where = say(result.where, "en")
    named = [r for r in document["relations"] if all(f"'{id}'" in where for id, _ in r["terms"])]
    shares = [p for p in document["percentages"] if all(f"'{p[k]}'" in where for k in ("num", "den"))]
    rest = {**document, "relations": named, "percentages": shares}
    assert next(solutions(rest, domains), None) is None
