"""What tables cost, also after an earlier release."""

from __future__ import annotations

import random

from evaluation.release.preview import merged, preview
from evaluation.release.system.assembly import quantities_of
from evaluation.schema import Rules
from tests.release.drafts import draft, released, table, variable
from tests.release.people import drafted
from tests.release.worlds import drawn, one_column

REGION = variable("region", "europe", "asia", "africa", "america")
SEX = variable("sex", "F", "M")


def quarter(release, europe, asia):
    numbers = {(): europe + asia + 9, ("europe",): europe, ("asia",): asia, ("africa",): 3, ("america",): 6}
    people = europe + asia + 9
    return draft(
        release,
        table("r", [REGION], numbers),
        table("s", [SEX], {(): people, ("F",): people - 12, ("M",): 12}),
    )


def test_before_any_release_merging_two_small_categories_is_proposed(tmp_path):
    found = preview(quarter("first", 30, 14), tmp_path, project="demo", rules=Rules("funder"))
    assert found.hidden == 2
    assert found.by_table["r"] == (2, 3)
    assert found.by_table["s"] == (0, 3)
    assert ("africa", "america") in {one.merge for one in found.suggestions}


def test_after_a_release_categories_are_frozen_and_no_more_is_asked_than_can_be_kept(tmp_path):
    released(quarter("first", 30, 14), tmp_path)
    found = preview(quarter("second", 31, 14), tmp_path, project="demo", rules=Rules("funder"))
    assert found.hidden >= 2
    assert {one.merge for one in found.suggestions} <= {()}


def test_categories_are_merged_in_what_is_counted_jointly_too(tmp_path):
    world = one_column()
    proposed = drafted(world, drawn(world, random.Random(3)))
    together = merged(proposed, "g", ("UA", "PL"))
    joint = next(one for one in together.joint if len(one.variables) == 1)
    assert set(joint.variables[0].within["g"].values()) == {"merged", "rest"}
    assert quantities_of(together)
    found = preview(proposed, tmp_path, project="demo", rules=Rules("public"))
    assert {one.variable for one in found.suggestions} & {"g", "h"}
