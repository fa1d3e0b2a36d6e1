"""What an open project computes besides its outcomes: trust in scales, reliable change, a waiting list."""

from __future__ import annotations

import pytest

from evaluation.errors import BadDeclaration
from evaluation.measure import pictures
from evaluation.project import House
from evaluation.schema import Plan
from evaluation.strict import parse
from tests.conftest import Folder


def test_every_scale_of_items_is_judged_at_baseline(house: House) -> None:
    assert set(house.trusted) == set(house.changes)
    for one in house.trusted.values():
        assert one.reliability is not None
        assert one.reliability.n <= 41
        assert one.reliability.low < one.reliability.cronbach < one.reliability.high


def test_reliable_change_counts_the_pairs_and_says_where_its_threshold_is_from(house: House) -> None:
    for name, one in house.reliable.items():
        assert one is not None
        assert one.improved + one.same + one.worse == house.changes[name].pairs
        assert one.approximate  # the example declares no published reliability
    table = pictures.reliable(house.reliable, house.changes, "en").table
    assert "own sample, approximate" in table.iloc[0, -1]


def test_a_waiting_list_compares_served_with_waiting_on_the_same_day(copied: Folder) -> None:
    plan = copied.path / "plan.yml"
    text = plan.read_text(encoding="utf-8").replace(
        "design: single group",
        "design: waiting list\nserved_column: target_group\nserved_code: foreigners\nrandom_allocation: true",
    )
    plan.write_text(text, encoding="utf-8")
    with copied.open() as house:
        made = house.waiting["security"]
        assert made.adjusted is not None
        assert made.adjusted.served + made.adjusted.waiting == house.changes["security"].pairs
        assert made.adjusted.low < made.adjusted.difference < made.adjusted.high
        assert made.permutation_p is not None
        shown = pictures.waiting(house.waiting, house.changes, "pl").table
        assert len(shown) == len(house.changes)


def test_labels_are_not_permuted_where_no_draw_decided(copied: Folder) -> None:
    plan = copied.path / "plan.yml"
    text = plan.read_text(encoding="utf-8").replace(
        "design: single group", "design: waiting list\nserved_column: target_group\nserved_code: foreigners"
    )
    plan.write_text(text, encoding="utf-8")
    with copied.open() as house:
        assert house.waiting["security"].permutation_p is None


def test_a_single_group_has_nothing_to_compare(house: House) -> None:
    assert house.waiting == {}


def test_a_waiting_list_must_say_who_was_served() -> None:
    with pytest.raises(BadDeclaration, match="served_column"):
        parse(Plan, "design: waiting list\noutcomes: []", "plan.yml")
