"""Who was given which support: any, of an area, and of a kind; a person can have been given several."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Sequence

from evaluation import descriptors
from evaluation.measure.results import Results
from evaluation.project.draft.counting import Tabulation, labels_of, placed, tabulate
from evaluation.release.planned.design import LADDERS
from evaluation.release.released import Ladder, Variable
from evaluation.schema import Labels
from evaluation.texts import Message, in_all

_HAD = labels_of("support", "yes", "no")


def support(results: Results, people: Sequence[str]) -> list[Tabulation]:
    """Whether people had any support, and by area and kind; which kinds leave follows from how many an area has.

    What an indicator counts leaves in any case.
    """
    given = results.frames["support"]
    had = {str(kind): {*own["participant"]} for kind, own in given.groupby("kind")}
    counted = {one.measure.replace(":", ".") for one in results.declaration.indicators}
    whoever = _whether("supported", in_all(Message("project.draft.supported")), people, {*given["participant"]})
    table = dataclasses.replace(whoever.table, zeros_sensitive=False)  # that all had some support is what it is for
    found = [dataclasses.replace(whoever, table=table, ladder=Ladder("support", {"areas": "supported"}))]
    found += [table for area in descriptors.codes("support_areas") for table in _of_area(area, people, had)]
    return [dataclasses.replace(one, ladder=None) if one.table.id in counted else one for one in found]


def _of_area(area: str, people: Sequence[str], had: dict[str, set[str]]) -> Iterator[Tabulation]:
    of, labels = descriptors.recode("support_kinds", "area"), descriptors.codes("support_kinds")
    kinds = [kind for kind in labels if of[kind] == area]
    name, any_kind = f"support:{area}", {person for kind in kinds for person in had.get(kind, ())}
    whole = _whether(name, descriptors.codes("support_areas")[area], people, any_kind)
    yield dataclasses.replace(whole, ladder=Ladder("support", {"areas": name}))
    for kind in kinds:
        own = _whether(f"supported.{kind}", labels[kind], people, had.get(kind, ()))
        rungs = dict(zip(LADDERS["support"], (own.table.id, name), strict=True))
        yield dataclasses.replace(own, ladder=Ladder("support", rungs, {own.table.id: len(kinds) + 1}))


def _whether(name: str, labels: Labels, people: Sequence[str], had: Collection[str]) -> Tabulation:
    """Which help somebody needed is sensitive: that nobody, or everybody, had it would tell it of each of them."""
    topic, fine = "support_kinds" if name.startswith("supported.") else "support", Variable(name, labels, _HAD)
    return tabulate(name, topic, people, (fine, placed(people, "no", yes=had)), zeros_sensitive=True)
