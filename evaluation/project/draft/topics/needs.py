"""What people asked for and what was met, by area of the client track, where project.yml asks for it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from evaluation import descriptors
from evaluation.measure.results import Results
from evaluation.project.draft.counting import Tabulation, labels_of
from evaluation.project.draft.ladders import graded, rungs
from evaluation.release.released import Variable
from evaluation.schema import Labels, Rules

_NEEDS = labels_of("need", "met", "some", "none")


def needs(results: Results, people: Sequence[str]) -> list[Tabulation]:
    """The tables of each area, from what was met to whether anything was asked."""
    area_of = descriptors.recode("needs", "area")
    # Needs are sensitive: they are told of those who agreed to be reported on.
    recorded = results.of_consenting(results.frames["needs"])
    area = recorded["need"].map(area_of)
    return [
        table
        for name, labels in descriptors.codes("need_areas").items()
        for table in _of_area(name, labels, recorded[area == name], people, results.declaration.file.rules)
    ]


def _of_area(name: str, labels: Labels, own: pd.DataFrame, people: Sequence[str], rules: Rules) -> list[Tabulation]:
    met = own["state"].eq("met").groupby(own["participant"]).all()
    code_of = {p: "none" if p not in met.index else "met" if met[p] else "some" for p in people}
    fine = graded("needs", (Variable(f"needs:{name}", labels, _NEEDS), code_of), rules)
    # What a person needs is sensitive: that nobody, or everybody, asked would tell it of each of them.
    return rungs("needs", fine[0].id, people, fine, rules, zeros_sensitive=True)
