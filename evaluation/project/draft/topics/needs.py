"""What people asked for and what was met, by area of the client track, where project.yml asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluation import descriptors
from evaluation.measure.results import Results
from evaluation.project.draft.counting import Tabulation, labels_of, placed
from evaluation.project.draft.ladders import graded, rungs
from evaluation.release.released import Variable

_NEEDS = labels_of("need", "met", "some", "none")


def needs(results: Results, people: Sequence[str]) -> Iterator[Tabulation]:
    """The tables of each area, from what was met to whether anything was asked."""
    # Needs are sensitive: they are told of those who agreed to be reported on.
    recorded = results.of_consenting(results.frames["needs"])
    area = recorded["need"].map(descriptors.recode("needs", "area"))
    for name, labels in descriptors.codes("need_areas").items():
        own = recorded[area == name]
        open_of = own.loc[~own["state"].eq("met"), "participant"]
        code_of = placed(people, "none", some=open_of, met=own["participant"])
        fine = graded("needs", (Variable(f"needs:{name}", labels, _NEEDS), code_of), results.declaration.file.rules)
        # What a person needs is sensitive: that nobody, or everybody, asked would tell it of each of them.
        yield from rungs("needs", fine, people, zeros_sensitive=True)
