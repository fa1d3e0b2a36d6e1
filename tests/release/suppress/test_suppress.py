"""What is hidden is enough for every demand, and nothing cheaper would be."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluation.errors import Infeasible
from evaluation.release.suppress.protection import Protection, protect

INSTANCES = Path(__file__).parents[1] / "data" / "instances"
EXPECTED = json.loads((INSTANCES / "expected.json").read_text(encoding="utf-8"))


def instance(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((INSTANCES / f"{name}.json").read_text(encoding="utf-8"))
    return document


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_reference_case_is_protected_at_its_proven_cost(name: str) -> None:
    found = protect(instance(name))
    assert found.cost == EXPECTED[name]["optimal_suppressed_quantities"]
    assert found.optimal
    assert found.gap == 0
    assert len(found.hidden) == found.cost
    assert set(found.primary) <= set(found.hidden)


def test_nothing_true_that_was_hidden_remains_in_the_document() -> None:
    document = instance("h08_two_releases")
    document["truth"] = {"Q1:BG/F": 2}
    document["tables"][0]["note"] = "two women from BG"
    document["tables"][0]["cells"][4]["true"] = 2
    found = protect(document)
    cells = {c["id"]: c for table in found.published["tables"] for c in table["cells"]}
    original = {c["id"]: c for table in document["tables"] for c in table["cells"]}
    assert {name for name, cell in cells.items() if cell["value"] is None} == set(found.hidden)
    for name, cell in cells.items():
        assert set(cell) == {"id", "at", "value", "weight"}
        assert cell["value"] in (None, original[name]["value"])
    assert all(entry["value"] is None for entry in found.published["hidden"])
    assert "truth" not in found.published
    assert "note" not in found.published["tables"][0]
    assert found.published["sensitive"] == document["sensitive"]
    assert document["hidden"][0]["value"] == 4


def test_protecting_twice_gives_the_same_document() -> None:
    assert protect(instance("h03_linked_two")) == protect(instance("h03_linked_two"))


def grid(counts: Sequence[Sequence[int]], **more: Any) -> dict[str, Any]:
    """A two-way table r<i>/c<j> with margins and a public total; counts 1..4 need [0, 5]."""
    rows, columns = range(len(counts)), range(len(counts[0]))
    values = {f"r{i}/c{j}": counts[i][j] for i in rows for j in columns}
    values |= {f"r{i}/*": sum(counts[i]) for i in rows}
    values |= {f"*/c{j}": sum(row[j] for row in counts) for j in columns}
    values["*/*"] = sum(map(sum, counts))
    relations = [[*(f"r{i}/c{j}" for j in columns), f"r{i}/*"] for i in rows]
    relations += [[*(f"r{i}/c{j}" for i in rows), f"*/c{j}"] for j in columns]
    relations += [[*(f"r{i}/*" for i in rows), "*/*"], [*(f"*/c{j}" for j in columns), "*/*"]]
    cells = [{"id": name, "at": at(name), "value": value} for name, value in values.items()]
    return {
        "format": "sdc-audit/1",
        "tables": [{"id": "T", "release": "R", "cells": cells}],
        "relations": [{"terms": [*([n, 1] for n in names[:-1]), [names[-1], -1]]} for names in relations],
        "must_publish": ["*/*"],
        "sensitive": {n: [0, 5] for n, value in values.items() if 0 < value < 5 and n != "*/*"},
    } | more


def at(name: str) -> dict[str, str]:
    return {variable: code for variable, code in zip("rc", name.split("/"), strict=True) if code != "*"}


def tables_of(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Every way to put ``total`` people into ``cells``."""
    for bars in itertools.combinations(range(total + cells - 1), cells - 1):
        ends = (-1, *bars, total + cells - 1)
        yield tuple(right - left - 1 for left, right in itertools.pairwise(ends))


@dataclass
class Enumeration:
    """The intruder by plain enumeration: one row per thinkable truth, one column per quantity."""

    names: list[str]
    points: np.ndarray
    truth: dict[str, int]
    sensitive: dict[str, list[int]]

    def safe(self, hidden: set[str]) -> bool:
        shown = [i for i, n in enumerate(self.names) if n not in hidden]
        values = np.array([self.truth[self.names[i]] for i in shown])
        left = self.points[np.all(self.points[:, shown] == values, axis=1)]
        assert len(left), "the truth itself must be thinkable"
        columns = {n: left[:, self.names.index(n)] for n in self.sensitive}
        return all(columns[n].min() <= low and columns[n].max() >= high for n, (low, high) in self.sensitive.items())

    def cheapest(self, free: set[str], choice: Sequence[str], weight: dict[str, int]) -> int | None:
        """The least weight over all sets to hide besides ``free``; None if there is no safe one."""
        best = None
        for size in range(len(choice) + 1):
            for extra in itertools.combinations(choice, size):
                cost = sum(weight[n] for n in extra)
                if (best is None or cost < best) and self.safe({*extra, *free}):
                    best = cost
        return best


def enumerate_grid(document: dict[str, Any]) -> Enumeration:
    values = {c["id"]: c["value"] for c in document["tables"][0]["cells"]}
    inner = [n for n in values if "*" not in n]
    points = []
    for base in tables_of(values["*/*"], len(inner)):
        point = dict(zip(inner, base, strict=True))
        points.append([sum(v for m, v in point.items() if at(n).items() <= at(m).items()) for n in values])
    return Enumeration(list(values), np.array(points), values, document["sensitive"])


@pytest.mark.parametrize("seed", range(40))
def test_a_small_table_is_safe_and_no_smaller_set_would_be(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = (2, 2) if seed % 2 else (2, 3)
    counts = rng.multinomial(rng.integers(3, 12 if seed % 2 else 8), rng.dirichlet(np.ones(shape[0] * shape[1])))
    document = grid(counts.reshape(shape).tolist())
    intruder = enumerate_grid(document)
    choice = [n for n in intruder.names if n != "*/*"]
    best = intruder.cheapest(set(), choice, dict.fromkeys(choice, 1))
    if best is None:
        with pytest.raises(Infeasible):
            protect(document)
        return
    found = protect(document)
    assert found.optimal
    assert intruder.safe(set(found.hidden))
    assert found.cost == best


def test_a_rare_pair_of_codes_takes_three_more_cells_of_a_large_table_with_it() -> None:
    document = grid([[20, 3, 17], [31, 22, 40], [19, 28, 36]])
    found = protect(document)
    assert found.primary == ("r0/c1",)
    assert found.cost == 4
    assert enumerate_total(found) == 4


def enumerate_total(found: Protection) -> int:
    return sum(c["value"] is None for table in found.published["tables"] for c in table["cells"])


@dataclass
class Case:
    """A small random system with everything the format knows."""

    document: dict[str, Any]
    intruder: Enumeration
    free: set[str]
    choice: list[str]
    weight: dict[str, int]


def random_case(seed: int) -> Case:
    rng = np.random.default_rng(seed)
    size, top = int(rng.integers(3, 7)), int(rng.integers(2, 5))
    names = [f"q{i}" for i in range(size)]
    truth = rng.integers(0, top + 1, size)
    points = np.array(list(itertools.product(range(top + 1), repeat=size)))
    relations = []
    for _ in range(rng.integers(1, 4)):
        columns = rng.choice(size, rng.integers(2, size + 1), replace=False)
        factors = rng.choice([1, 1, 1, -1, 2, 3, -2], len(columns))
        sense = str(rng.choice(["=", "=", "<=", ">="]))
        slack = {"=": 0, "<=": 1, ">=": -1}[sense] * int(rng.integers(0, 3))
        rhs = int(factors @ truth[columns]) + slack
        sums = points[:, columns] @ factors
        points = points[(sums == rhs) if sense == "=" else (sums <= rhs) if sense == "<=" else (sums >= rhs)]
        terms = [[names[c], int(f)] for c, f in zip(columns, factors, strict=True)]
        relations.append({"terms": terms, "sense": sense, "rhs": rhs})
    percentages, means = [], []
    if rng.random() < 0.3 and truth[1] > 0:
        share = 100 * Fraction(int(truth[0]), int(truth[1]))
        printed = int(share + Fraction(1, 2))
        percentages.append({"num": "q0", "den": "q1", "value": printed, "decimals": 0, "must_publish": True})
        points = points[within(100 * points[:, 0], points[:, 1], printed, share - printed, 1)]
    if rng.random() < 0.3 and truth[:3].sum() > 0:
        scores = np.array([1, 2, 4])
        mean = Fraction(int(scores @ truth[:3]), int(truth[:3].sum()))
        printed = int(10 * mean + Fraction(1, 2))
        value = {
            "scores": [[n, int(s)] for n, s in zip(names[:3], scores, strict=True)],
            "value": printed / 10,
        }
        means.append(value | {"decimals": 1})
        points = points[within(points[:, :3] @ scores * 10, points[:, :3].sum(axis=1), printed, 10 * mean - printed, 1)]
    never = {n for n in names if rng.random() < 0.15}
    gone = {n for n in names if n not in never and rng.random() < 0.15}
    public = {n for n in names if n not in never | gone and rng.random() < 0.15}
    weight = {n: int(w) for n, w in zip(names, rng.integers(0, 4, size), strict=True)}
    sensitive = {
        n: sorted(map(int, rng.integers(0, top + 1, 2))) for n in names if n not in public and rng.random() < 0.4
    }
    value = dict(zip(names, map(int, truth), strict=True))
    unknown = {n for n in never | gone if rng.random() < 0.5}
    cells = [
        {"id": n, "at": {"v": n}, "value": None if n in unknown else value[n], "weight": weight[n]}
        for n in names
        if n not in never
    ]
    document = {
        "format": "sdc-audit/1",
        "tables": [{"id": "T", "cells": cells}],
        "hidden": [{"id": n, "at": {}, "value": None if n in unknown else value[n]} for n in sorted(never)],
        "relations": relations,
        "percentages": percentages,
        "means": means,
        "bounds": {"default": [0, top]},
        "must_publish": sorted(public),
        "must_suppress": sorted(gone),
        "sensitive": sensitive,
    }
    choice = [n for n in names if n not in never | gone | public]
    return Case(document, Enumeration(names, points, value, sensitive), never | gone, choice, weight)


def within(top: np.ndarray, bottom: np.ndarray, printed: int, off: Fraction, unit: int) -> np.ndarray:
    """|top/bottom - printed| < unit/2, or at an end of it where the truth is at that end."""
    low, high = 2 * top - (2 * printed - unit) * bottom, 2 * top - (2 * printed + unit) * bottom
    at_low, at_high = off == Fraction(-unit, 2), off == Fraction(unit, 2)
    return (low >= 0 if at_low else low > 0) & (high <= 0 if at_high else high < 0)


@pytest.mark.parametrize("block", range(8))
def test_a_random_system_is_safe_and_no_cheaper_set_would_be(block: int) -> None:
    outcomes = {True: 0, False: 0}
    for seed in range(60 * block, 60 * block + 60):
        case = random_case(seed)
        known = {n for entry in case.document["means"] for n, _ in entry["scores"]}
        known |= {n for entry in case.document["percentages"] for n in (entry["num"], entry["den"])}
        if known & case.free:
            continue  # where a true value is not told, both ends of the printed interval are let in
        best = case.intruder.cheapest(case.free, case.choice, case.weight)
        outcomes[best is None] += 1
        if best is None:
            with pytest.raises(Infeasible):
                protect(case.document)
            continue
        found = protect(case.document)
        printed = {c["id"] for c in case.document["tables"][0]["cells"]}
        assert found.optimal
        assert case.intruder.safe(set(found.hidden) | case.free), seed
        assert found.cost == best + sum(case.weight[n] for n in case.free & printed), seed
    assert min(outcomes.values()) > 5  # both answers were tried


def test_an_integer_intruder_is_refused_where_a_linear_one_would_be_content() -> None:
    # x + 2y + z = 4: with z printed x is even, which only halves of y would hide.
    document = system(
        {"x": 0, "y": 2, "z": 0},
        [([["x", 1], ["y", 2], ["z", 1]], 4)],
        bounds={"default": [0, 9], "x": [0, 1]},
        sensitive={"x": [0, 1]},
    )
    document["tables"][0]["cells"][2]["weight"] = 5
    found = protect(document)
    assert found.hidden == ("x", "y", "z")
    assert found.cost == 7
    assert found.optimal
    with pytest.raises(Infeasible, match=r"x cannot stay .* are published: z;"):
        protect(document | {"must_publish": ["z"]})


def system(values: dict[str, int], relations: list[tuple[list[list[Any]], int]], **more: Any) -> dict[str, Any]:
    cells = [{"id": n, "at": {"v": n}, "value": value} for n, value in values.items()]
    return {
        "format": "sdc-audit/1",
        "tables": [{"id": "T", "cells": cells}],
        "relations": [{"terms": terms, "rhs": rhs} for terms, rhs in relations],
    } | more


def test_the_cheaper_of_two_partners_is_hidden() -> None:
    document = system({"a": 2, "b": 30, "c": 40, "sum": 72}, [([["a", 1], ["b", 1], ["c", 1], ["sum", -1]], 0)])
    document |= {"sensitive": {"a": [0, 5]}, "must_publish": ["sum"]}
    for cell, weight in zip(document["tables"][0]["cells"], (1, 7, 3, 1), strict=True):
        cell["weight"] = weight
    found = protect(document)
    assert found.hidden == ("a", "c")
    assert found.primary == ("a",)
    assert found.cost == 4


def test_what_must_be_published_is_printed_even_if_another_choice_costs_more() -> None:
    document = grid([[20, 3, 17], [31, 22, 40], [19, 28, 36]])
    keep = ["r0/c0", "r0/c2", "r1/c1", "r2/c1"]
    document["must_publish"] += keep
    found = protect(document)
    assert set(found.hidden) >= {"r0/c1", "r0/*", "*/c1"}
    assert not set(found.hidden) & set(keep)
    assert found.cost == 6


def test_asking_for_more_published_numbers_never_gets_cheaper() -> None:
    document = grid([[9, 3, 12], [14, 8, 2], [7, 11, 6]])
    free = protect(document)
    for name in sorted({c["id"] for c in document["tables"][0]["cells"]} - set(document["sensitive"])):
        try:
            bound = protect(document | {"must_publish": ["*/*", name]})
        except Infeasible:
            continue
        assert bound.cost >= free.cost
        assert name not in bound.hidden


def test_a_quantity_shown_in_two_tables_is_hidden_in_both_and_counted_once() -> None:
    document = instance("h03_linked_two")
    by_hand = protect(document)
    derived = protect(document | {"equal": [], "auto_equal": True})
    assert derived.cost == by_hand.cost
    shared = [n for n in derived.hidden if n.startswith("A:") and n.endswith("/*")]
    nulls = {c["id"] for t in derived.published["tables"] for c in t["cells"] if c["value"] is None}
    for name in shared:
        assert name.replace("A:", "B:") in nulls
    assert len(nulls) == derived.cost + len(shared)


def test_a_percentage_leaves_with_its_count_and_stays_with_printed_counts() -> None:
    document = grid([[20, 3, 17], [31, 22, 40], [19, 28, 36]])
    document["percentages"] = [
        {"num": "r0/c1", "den": "r0/*", "value": 7.5, "decimals": 1},
        {"num": "r2/c2", "den": "*/*", "value": 16.7, "decimals": 1},
    ]
    document["must_publish"] += ["r2/c2"]
    found = protect(document)
    assert found.cost == 4
    assert found.withdrawn == (("r0/c1", "r0/*"),)
    assert found.published["percentages"] == [document["percentages"][1]]


def test_a_percentage_beside_a_range_leaves_because_it_would_narrow_the_range() -> None:
    document = grid([[20, 3, 17], [31, 22, 40], [19, 28, 36]])
    document["tables"][0]["cells"][5]["value"] = [38, 42]
    document["percentages"] = [{"num": "r1/c2", "den": "*/*", "value": 18.5, "decimals": 1}]
    assert protect(document).withdrawn == (("r1/c2", "*/*"),)


def test_a_percentage_that_was_printed_earlier_counts_as_known() -> None:
    document = grid([[20, 3, 17], [31, 22, 40], [19, 28, 36]], must_publish=["*/*", "r0/*"])
    document["percentages"] = [{"num": "r0/c1", "den": "r0/*", "value": 8, "decimals": 0, "must_publish": True}]
    with pytest.raises(Infeasible, match=r"r0/c1 .* r0/\* and the percentage of r0/c1 in r0/\*"):
        protect(document)


def test_a_mean_narrows_its_counts() -> None:
    values = {"s1": 2, "s2": 9, "s3": 9, "n": 20}
    rows = [([["s1", 1], ["s2", 1], ["s3", 1], ["n", -1]], 0)]
    document = system(values, rows, sensitive={"s1": [0, 5]}, must_publish=["n"])
    assert protect(document).cost == 2
    scores = [["s1", 1], ["s2", 2], ["s3", 3]]
    coarse = protect(document | {"means": [{"scores": scores, "value": 2.4, "decimals": 1}]})
    assert coarse.cost == 3
    with pytest.raises(Infeasible, match="the mean of s1, s2 and s3"):
        protect(document | {"means": [{"scores": scores, "value": 2.35, "decimals": 2}], "bounds": {"s3": [8, 10]}})


def test_a_percentage_leaves_exactly_the_counts_that_round_to_it() -> None:
    document = system({"part": 80, "rest": 920, "all": 1000}, [([["part", 1], ["rest", 1], ["all", -1]], 0)])
    document |= {"must_publish": ["all"], "sensitive": {"part": [76, 84]}}
    document["percentages"] = [{"num": "part", "den": "all", "value": 8, "decimals": 0, "must_publish": True}]
    assert protect(document).cost == 2
    for interval in ([75, 84], [76, 85]):
        with pytest.raises(Infeasible):
            protect(document | {"sensitive": {"part": interval}})


def test_a_range_printed_earlier_stays_known_where_its_number_stays_hidden() -> None:
    document = system({"a": 4, "b": 9, "sum": 13}, [([["a", 1], ["b", 1], ["sum", -1]], 0)])
    document |= {"must_publish": ["sum"], "must_suppress": ["a"], "sensitive": {"a": [3, 6]}}
    document["tables"][0]["cells"][0]["value"] = [3, 6]
    found = protect(document)
    assert found.hidden == ("b",)
    assert found.published["tables"][0]["cells"][0]["value"] == [3, 6]
    for interval in ([2, 6], [3, 7]):
        with pytest.raises(Infeasible):
            protect(document | {"sensitive": {"a": interval}})


def test_a_range_that_must_be_published_is_printed() -> None:
    document = system({"a": 2, "b": 6, "c": 5, "sum": 13}, [([["a", 1], ["b", 1], ["c", 1], ["sum", -1]], 0)])
    document |= {"must_publish": ["b", "sum"], "sensitive": {"a": [0, 5]}}
    document["tables"][0]["cells"][1]["value"] = [5, 7]
    found = protect(document)
    assert found.hidden == ("a", "c")
    assert found.published["tables"][0]["cells"][1]["value"] == [5, 7]


def test_an_interval_between_integers_asks_for_the_next_integer() -> None:
    document = system({"a": 2, "b": 3, "sum": 5}, [([["a", 1], ["b", 1], ["sum", -1]], 0)])
    document |= {"must_publish": ["sum"], "bounds": {"a": [0, 3]}}
    assert protect(document | {"sensitive": {"a": [2, 2.5]}}).cost == 2
    assert protect(document | {"sensitive": {"a": [2, 2]}}).cost == 0
    with pytest.raises(Infeasible):
        protect(document | {"sensitive": {"a": [2, 3.5]}})


def test_the_weight_of_a_quantity_counts_once_however_often_it_is_shown() -> None:
    document = system({"a": 2, "b": 30, "sum": 32, "a2": 2}, [([["a", 1], ["b", 1], ["sum", -1]], 0)])
    document |= {"must_publish": ["sum"], "sensitive": {"a2": [0, 5]}, "equal": [["a", "a2"]]}
    document["tables"][0]["cells"][0]["weight"] = 4
    found = protect(document)
    assert found.hidden == ("a", "b")
    assert found.primary == ("a",)
    assert found.cost == 5
    assert [c["value"] for c in found.published["tables"][0]["cells"]] == [None, None, 32, None]


def test_a_range_stays_printed_until_it_has_to_be_hidden() -> None:
    values = {"a": 2, "b": 6, "c": 5, "sum": 13}
    rows = [([["a", 1], ["b", 1], ["c", 1], ["sum", -1]], 0)]
    document = system(values, rows, sensitive={"a": [0, 5]}, must_publish=["sum"])
    cells = document["tables"][0]["cells"]
    cells[1]["value"] = [3, 9]
    assert protect(document).hidden == ("a",)
    cells[1]["value"] = [5, 7]
    found = protect(document)
    assert found.cost == 2
    assert set(found.hidden) < {"a", "b", "c"}


def test_an_earlier_release_without_true_values_is_protected_too() -> None:
    # The ledger keeps only what was printed: the earlier counts of men and women are unknown to it.
    document = system(
        {"F1": 0, "M1": 0, "n1": 12, "F2": 9, "M2": 6, "n2": 15},
        [
            ([["F1", 1], ["M1", 1], ["n1", -1]], 0),
            ([["F2", 1], ["M2", 1], ["n2", -1]], 0),
            ([["F2", 1], ["F1", -1], ["joined F", -1]], 0),
            ([["M2", 1], ["M1", -1], ["joined M", -1]], 0),
        ],
        hidden=[{"id": "joined F", "at": {}, "value": None}, {"id": "joined M", "at": {}, "value": 2}],
        must_publish=["n1", "n2"],
        must_suppress=["F1", "M1"],
        sensitive={"joined F": [0, 2], "joined M": [0, 3]},
    )
    for cell in document["tables"][0]["cells"][:2]:
        cell["value"] = None
    found = protect(document)
    assert found.optimal
    assert found.cost == 2  # only F1 and M1, hidden already: 9 - F1 women joined
    assert found.hidden == ("F1", "M1")
    document["must_publish"] += ["F2"]
    document["sensitive"]["joined F"] = [0, 4]
    with pytest.raises(Infeasible):
        protect(document)


def test_a_quantity_that_is_not_a_count_may_lie_between_integers() -> None:
    document = system(
        {"cost": 3, "other": 4, "sum": 7},
        [([["cost", 1], ["other", 1], ["sum", -1]], 0)],
        continuous=["cost", "other"],
        sensitive={"cost": [0.5, 6.5]},
        must_publish=["sum"],
        bounds={"other": [0.4, None]},
    )
    document["tables"][0]["cells"][0]["value"] = 3.25
    document["tables"][0]["cells"][1]["value"] = 3.75
    assert protect(document).cost == 2
    with pytest.raises(Infeasible):
        protect(document | {"bounds": {"other": [0.6, None]}})


@pytest.mark.parametrize(("rows", "columns", "seed"), [(12, 9, 1), (12, 9, 2), (20, 20, 3)])
def test_a_grid_is_protected_with_proof(rows: int, columns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.integers(5, 60, (rows, columns))
    counts[rng.random((rows, columns)) < 0.06] = 3
    document = grid(counts.tolist())
    found = protect(document)
    assert found.optimal
    assert set(found.primary) == set(document["sensitive"])


def test_when_no_steps_are_left_the_protected_pattern_at_hand_is_returned_with_its_gap() -> None:
    rng = np.random.default_rng(8)
    counts = rng.integers(5, 60, (20, 20))
    counts[rng.random((20, 20)) < 0.06] = 3
    document = grid(counts.tolist())
    hasty, patient = protect(document, steps=0), protect(document)
    assert hasty.gap > 0
    assert not hasty.optimal
    assert hasty.cost - hasty.gap <= patient.cost <= hasty.cost
    assert np.array_equal(reached(document, hasty), reached(document, patient))


def reached(document: dict[str, Any], found: Protection) -> np.ndarray:
    """Per demand, whether a transport problem (integral, so a linear program is exact) meets it."""
    from scipy.optimize import linprog

    cells = document["tables"][0]["cells"]
    place = {c["id"]: i for i, c in enumerate(cells)}
    rows = np.zeros((len(document["relations"]), len(cells)))
    for i, relation in enumerate(document["relations"]):
        for name, factor in relation["terms"]:
            rows[i, place[name]] = factor
    hidden = set(found.hidden)
    bounds = [(0, None) if c["id"] in hidden else (c["value"], c["value"]) for c in cells]
    met = []
    for name, (low, high) in document["sensitive"].items():
        for side, target in ((1.0, low), (-1.0, -high)):
            cost = np.zeros(len(cells))
            cost[place[name]] = side
            least = linprog(cost, A_eq=rows, b_eq=np.zeros(len(rows)), bounds=bounds)
            met.append(least.status == 3 or least.fun <= target + 1e-6)
    assert all(met)
    return np.array(met)
