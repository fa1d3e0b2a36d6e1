"""The two pictures of the road show the project's own numbers, and a table that the gate itself has hidden."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path
from typing import Literal

import pandas as pd
import pytest

from evaluation.inside.road import gate, road
from evaluation.project import folder as folders
from evaluation.report.claims import causal_claims
from evaluation.schema import Declaration

TEMPLATES = Path(__file__).parents[2] / "templates" / "projects"


@pytest.fixture(scope="module")
def declaration() -> Declaration:
    return folders.read(TEMPLATES / "shelter")


def test_the_road_counts_what_is_there_and_says_what_leaves(declaration: Declaration) -> None:
    frames = {
        "participants": pd.DataFrame({"participant": ["P-001", "P-002"]}),
        "answers": pd.DataFrame({"item": "x"}, index=range(7)),
    }
    plan, file = declaration.plan, declaration.file
    for language, first in (("en", "people: 2; answers: 7"), ("pl", "osoby: 2; odpowiedzi: 7")):
        shown = road(frames, declaration, language)
        here = list(shown.table.iloc[:, 1])
        assert here[0] == first
        assert [n for n in here[1] if n.isdigit()] == [
            str(len(each)) for each in (file.waves, plan.outcomes, declaration.indicators)
        ]
        assert str(file.rules.threshold) in here[2]
        assert all(cell in shown.alt for cell in here)
        assert shown.png.startswith(b"\x89PNG")


@pytest.mark.parametrize(("profile", "threshold"), [("internal", 5), ("public", 10)])
def test_the_gate_hides_one_small_number_and_no_line_shows_all_but_one(
    declaration: Declaration, profile: Literal["internal", "public"], threshold: int
) -> None:
    rules = dataclasses.replace(declaration.file.rules, profile=profile)
    of = dataclasses.replace(declaration, file=dataclasses.replace(declaration.file, rules=rules))
    shown = gate(of, "en")
    cells = {cell: (int(number), why) for cell, number, why in shown.table.itertuples(index=False)}
    hidden = {cell for cell, (_, why) in cells.items() if why != "printed"}
    assert {cell for cell, (number, _) in cells.items() if number < threshold} == {"group B, found work"}
    assert cells["group B, found work"][1] == "hidden: too few people"
    assert [cell for cell in hidden if "all" in cell] == []
    lines = Counter(part for cell in hidden for part in cell.split(", "))
    assert (len(hidden), {*lines.values()}) == (4, {2})
    assert f"fewer than {threshold} people" in shown.alt


def test_what_they_say_claims_no_cause(declaration: Declaration) -> None:
    shown = gate(declaration, "pl")
    assert causal_claims(f"{shown.caption} {shown.table.to_csv()}", "pl") == []
