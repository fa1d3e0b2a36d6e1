"""The output check says what a release spends, and what is told otherwise than in the release before."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from evaluation.project import Project
from evaluation.project.releases import since
from evaluation.release.ledger import Proposal
from evaluation.release.released import Released, Value


def test_what_is_told_once_is_named_before_it_is_told(project: Project, first_release: Proposal) -> None:
    (said,) = since.lines(project, first_release)
    assert said.startswith("Told once: with this release the means of 'sense of security'")
    told = [m for m in first_release.leaving.means if m.change is not None]
    means = tuple(m if m is told[0] else dataclasses.replace(m, change=None) for m in first_release.leaving.means)
    one = dataclasses.replace(first_release, leaving=dataclasses.replace(first_release.leaving, means=means))
    assert [line.count("'") for line in since.lines(project, one)] == [2]
    none = dataclasses.replace(one.leaving, means=())
    assert list(since.lines(project, dataclasses.replace(one, leaving=none))) == []
    assert list(since.lines(project, dataclasses.replace(first_release, again=True))) == []


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (20, 21, ["Changed since the release 'first' of 30 June 2031: 1 number", "20 → 21"]),
        ((2, 9), 7, ["Changed since the release 'first' of 30 June 2031: 1 number", "2–9 → 7"]),
        (20, 20, ["Of what the release 'first' of 30 June 2031 printed, nothing is told otherwise."]),
        (None, 20, ["Of what the release 'first' of 30 June 2031 printed, nothing is told otherwise."]),
        (20, None, ["Of what the release 'first' of 30 June 2031 printed, nothing is told otherwise."]),
    ],
)
def test_only_numbers_that_both_print_are_compared(
    first_release: Proposal, was: Value, now: Value, said: list[str]
) -> None:
    table = next(one for one in first_release.leaving.tables if one.id == "flow.answered")

    def leaving(value: Value) -> Released:
        first, *others = table.counts
        counts = (dataclasses.replace(first, value=value), *others)
        day = dataclasses.replace(first_release.leaving.provenance, released_on=dt.date(2031, 6, 30))
        # The same table twice: a number that stands in several places is told once.
        tables = (dataclasses.replace(table, counts=counts),) * 2
        return dataclasses.replace(first_release.leaving, tables=tables, provenance=day)

    found = list(since.changed(leaving(was), leaving(now), "en"))
    assert len(found) == len(said)
    for line, part in zip(found, said, strict=True):
        assert part in line
