"""Tables about fictional people: documents to protect (format sdc-audit/1) and the records behind them."""

from __future__ import annotations

import copy
import itertools
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Person = Mapping[str, str]
Document = dict[str, Any]
ALL = "*"  # a variable that is summed over

CHOICES: dict[str, tuple[Sequence[str], Sequence[int]]] = {
    "country": (("BG", "PL", "RO", "UA", "other"), (15, 25, 17, 29, 14)),
    "sex": (("F", "M"), (73, 27)),
    "course": (("completed", "attending", "left"), (55, 30, 15)),
    "residence": (("citizen or EU", "permit", "no title"), (50, 35, 15)),
    "age": (("18-24", "25-34", "35-44", "45+"), (20, 35, 28, 17)),
    "work": (("none", "some", "regular"), (45, 25, 30)),
    "housing": (("shelter", "shared", "own"), (40, 35, 25)),
}
CONTINENTS = {
    "Europe": ("BG", "MD", "PL", "RO", "UA"),
    "Africa": ("ER", "ET", "NG"),
    "Asia": ("PH", "TH", "VN"),
}


@dataclass(frozen=True)
class Sheet:
    """What a peer is asked for: a table of these dimensions over these records, and where its cells belong.

    ``cells``: (code per dimension, ALL for a total) to the id in the document. ``groups``: the codes of the
    first dimension that are themselves totals, with the codes below them.
    """

    dims: tuple[str, ...]
    people: Sequence[Person]
    cells: Mapping[tuple[str, ...], str]
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One comparison: the document with true values, and the sheets that together show all of its cells."""

    name: str
    document: Document
    sheets: Sequence[Sheet]
    kind: str  # given, family, releases, hierarchy, scaling
    seconds: float = 30.0  # time budget of the gate
    proven: int | None = None  # the proven smallest number of hidden quantities, where it is known beforehand
    quarters: Sequence[str] = ()  # releases that leave one after the other


def people(
    size: int, *, seed: int, variables: Mapping[str, tuple[Sequence[str], Sequence[int]]] = CHOICES
) -> list[Person]:
    """``size`` invented people; the same ones for the same seed."""
    draw = random.Random(seed)
    return [{v: draw.choices(codes, odds)[0] for v, (codes, odds) in variables.items()} for _ in range(size)]


def _margins(codes: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    return itertools.product(*((ALL, *c) for c in codes))


def sheet_cells(
    table: str,
    dims: Sequence[str],
    records: Sequence[Person],
    codes: Mapping[str, Sequence[str]],
    *,
    release: str = "R1",
) -> tuple[Document, list[Document], Sheet]:
    """A table with all of its margins, the relations of its totals, and the sheet a peer is asked for."""
    domains = [codes[d] for d in dims]
    count: Counter[tuple[str, ...]] = Counter()
    for person in records:
        for key in itertools.product(*((ALL, person[d]) for d in dims)):
            count[key] += 1
    ids = {key: f"{table}:" + "/".join(key) for key in _margins(domains)}
    cells = [
        {"id": ids[k], "at": {d: c for d, c in zip(dims, k, strict=True) if c != ALL}, "value": count[k], "weight": 1}
        for k in ids
    ]
    relations = [
        {"terms": [[ids[(*k[:i], c, *k[i + 1 :])], 1] for c in domains[i]] + [[ids[k], -1]]}
        for k in ids
        for i in range(len(dims))
        if k[i] == ALL
    ]
    entry = {"id": table, "release": release, "population": "all", "dims": list(dims), "cells": cells}
    return entry, relations, Sheet(tuple(dims), records, ids)


def document(name: str, tables: Sequence[tuple[Document, Sequence[Document]]], *, threshold: int) -> Document:
    """Tables joined into one document: equal quantities, sensitive cells and the published head counts."""
    cells = [(table, cell) for table, _ in tables for cell in table["cells"]]
    same: dict[tuple[Any, ...], list[str]] = {}
    for table, cell in cells:
        same.setdefault((table["release"], *sorted(cell["at"].items())), []).append(cell["id"])
    return {
        "format": "sdc-audit/1",
        "name": name,
        "threshold": threshold,
        "tables": [table for table, _ in tables],
        "hidden": [],
        "equal": [ids for ids in same.values() if len(ids) > 1],
        "relations": [relation for _, relations in tables for relation in relations],
        "bounds": {"default": [0, None]},
        "must_publish": [cell["id"] for _, cell in cells if not cell["at"]],
        "must_suppress": [],
        "sensitive": {cell["id"]: [0, threshold] for _, cell in cells if 0 < cell["value"] < threshold},
    }


def report(name: str, tables: Sequence[Sequence[str]], records: Sequence[Person], *, kind: str, **more: Any) -> Case:
    """One release of several tables over the same people."""
    variables = more.pop("variables", CHOICES)
    threshold = more.pop("threshold", 5)
    codes = {v: c for v, (c, _) in variables.items()}
    built = [sheet_cells(f"T{i}", dims, records, codes) for i, dims in enumerate(tables, 1)]
    whole = document(name, [(entry, relations) for entry, relations, _ in built], threshold=threshold)
    return Case(name, whole, [sheet for _, _, sheet in built], kind, **more)


def given(folder: Path) -> Iterator[Case]:
    """The instances with a known optimum; their records are rebuilt from their innermost cells."""
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    for name, known in expected.items():
        whole = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        sheets = []
        for table in whole["tables"]:
            dims = tuple(table["dims"])
            ids = {tuple(cell["at"].get(d, ALL) for d in dims): cell["id"] for cell in table["cells"]}
            records = [
                cell["at"] for cell in table["cells"] if len(cell["at"]) == len(dims) for _ in range(cell["value"])
            ]
            sheets.append(Sheet(dims, records, ids))
        yield Case(name, whole, sheets, "given", proven=known["optimal_suppressed_quantities"])


def families(sizes: Sequence[int], *, seed: int) -> Iterator[Case]:
    """Country × sex × course status: as three linked two-way tables, and as the whole cube."""
    for size in sizes:
        crowd = people(size, seed=seed + size)
        pairs = [("country", "sex"), ("country", "course"), ("sex", "course")]
        yield report(f"three linked tables, n = {size}", pairs, crowd, kind="family")
        yield report(f"cube country × sex × course, n = {size}", [("country", "sex", "course")], crowd, kind="family")


def whole_report(*, seed: int) -> Case:
    """Thirteen linked tables about 41 people, as a funder's report has them."""
    first = ("country", "sex", "residence", "course", "work", "housing")
    pairs = list(itertools.combinations(first, 2))[:13]
    return report("report of 13 linked tables, n = 41", pairs, people(41, seed=seed), kind="scaling")


def large_report(*, seed: int) -> Case:
    """About 500 distinct quantities in tables that share margins."""
    wide = {
        f"v{i}": ([f"{c}" for c in range(size)], range(size + 3, 3, -1)) for i, size in enumerate((8, 7, 7, 6, 6, 5), 1)
    }
    pairs = [(a, b) for a, b in itertools.combinations(wide, 2) if a < "v4"][:11]
    crowd = people(600, seed=seed, variables=wide)
    return report("500 quantities with linked margins", pairs, crowd, kind="scaling", variables=wide, seconds=40.0)


def grid(rows: int, columns: int, *, seed: int, seconds: float = 30.0) -> Case:
    """A two-way table with about five small cells in four rows, so that nearly every one needs company.

    Where small cells are many they protect each other; few of them are the harder case.
    """
    draw = random.Random(seed)
    codes = {"row": [f"r{i}" for i in range(rows)], "column": [f"c{i}" for i in range(columns)]}
    crowd: list[Person] = []
    for r, c in itertools.product(codes["row"], codes["column"]):
        small = draw.random() < 1.25 / columns
        crowd += [{"row": r, "column": c}] * (draw.randint(1, 4) if small else 5 + int(draw.gammavariate(1.3, 9)))
    variables = {v: (c, ()) for v, c in codes.items()}
    name = f"grid {rows} × {columns}"
    return report(name, [("row", "column")], crowd, kind="scaling", variables=variables, seconds=seconds)


def hierarchy(size: int, *, seed: int) -> Case:
    """Country × sex where countries add up to continents and continents to everybody."""
    countries = [c for group in CONTINENTS.values() for c in group]
    variables = {"country": (countries, (9, 3, 14, 11, 16, 4, 6, 10, 5, 3, 7)), "sex": CHOICES["sex"]}
    crowd = people(size, seed=seed, variables=variables)
    codes = {v: c for v, (c, _) in variables.items()}
    table, relations, sheet = sheet_cells("H", ("country", "sex"), crowd, codes)
    ids = dict(sheet.cells)
    value = {cell["id"]: cell["value"] for cell in table["cells"]}
    relations = [r for r in relations if len(r["terms"]) != len(countries) + 1]
    for sex in (ALL, "F", "M"):
        for group, members in CONTINENTS.items():
            ids[group, sex] = f"H:{group}/{sex}"
            below = [ids[c, sex] for c in members]
            at = {"continent": group} | ({} if sex == ALL else {"sex": sex})
            total = sum(value[id] for id in below)
            table["cells"].append({"id": ids[group, sex], "at": at, "value": total, "weight": 1})
            relations.append({"terms": [[id, 1] for id in below] + [[ids[group, sex], -1]]})
        relations.append({"terms": [[ids[g, sex], 1] for g in CONTINENTS] + [[ids[ALL, sex], -1]]})
    for group in CONTINENTS:
        relations.append({"terms": [[ids[group, "F"], 1], [ids[group, "M"], 1], [ids[group, ALL], -1]]})
    name = f"countries in continents × sex, n = {size}"
    whole = document(name, [(table, relations)], threshold=5)
    return Case(name, whole, [Sheet(("country", "sex"), crowd, ids, CONTINENTS)], "hierarchy")


def four_releases(*, seed: int) -> Case:
    """Four cumulative quarterly tables of one project; who joined in between must not be learnt."""
    crowd = people(48, seed=seed)
    codes = {v: c for v, (c, _) in CHOICES.items()}
    quarters = {"Q1": 19, "Q2": 27, "Q3": 36, "Q4": 48}
    built = [sheet_cells(q, ("country", "sex"), crowd[:n], codes, release=q) for q, n in quarters.items()]
    whole = document("four quarterly releases", [(entry, relations) for entry, relations, _ in built], threshold=5)
    value = {cell["id"]: cell["value"] for table in whole["tables"] for cell in table["cells"]}
    for before, after in itertools.pairwise(quarters):
        for key in _margins([codes["country"], codes["sex"]]):
            if key == (ALL, ALL):
                continue
            old, new = (f"{q}:" + "/".join(key) for q in (before, after))
            joined = value[new] - value[old]
            id = f"joined {new}"
            whole["hidden"].append({"id": id, "at": {}, "value": joined})
            whole["relations"].append({"terms": [[new, 1], [old, -1], [id, -1]]})
            if 0 < joined < 5:
                whole["sensitive"][id] = [0, joined + 1]
    return Case(whole["name"], whole, [sheet for _, _, sheet in built], "releases", quarters=tuple(quarters))


def until(whole: Document, releases: Sequence[str]) -> Document:
    """The part of a document that concerns these releases only."""
    part = copy.deepcopy(whole)
    part["tables"] = [t for t in part["tables"] if t["release"] in releases]
    known = {c["id"] for t in part["tables"] for c in t["cells"]}
    ends = {h["id"]: h["id"].removeprefix("joined ") for h in part["hidden"]}
    part["hidden"] = [h for h in part["hidden"] if ends[h["id"]] in known]
    known |= {h["id"] for h in part["hidden"]}
    part["relations"] = [r for r in part["relations"] if all(id in known for id, _ in r["terms"])]
    part["equal"] = [ids for ids in part["equal"] if all(id in known for id in ids)]
    part["sensitive"] = {id: ends for id, ends in part["sensitive"].items() if id in known}
    part["must_publish"] = [id for id in part["must_publish"] if id in known]
    return part
