"""A draft becomes one linear system in which every margin, complement and zero is looked after."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from evaluation.errors import Contradiction
from evaluation.release.audit.verdict import audit
from evaluation.release.released import Count, Reference, Relation
from evaluation.release.system.assembly import OPEN_POPULATIONS, attainable, document, mapping, publication
from evaluation.release.system.document import Document
from evaluation.release.system.quantities import identity
from tests.release.drafts import (
    DIRECTION,
    PAIRS,
    L,
    draft,
    line,
    mean,
    name,
    outcome,
    propose,
    reference,
    table,
    variable,
)

SEX = variable("sex", "F", "M")
GROUP = variable("group", "polish", "foreign", "other")


def numbers(written):
    return {cell["id"]: cell["value"] for t in written["tables"] for cell in t["cells"]} | {
        cell["id"]: cell["value"] for cell in written["hidden"]
    }


def sums(written):
    """Each whole with its parts, for the relations that are plain sums."""
    found = set()
    for relation in written["relations"]:
        wholes = [id for id, coefficient in relation["terms"] if coefficient == -1]
        if len(wholes) == 1 and relation.get("sense", "=") == "=":
            found.add((wholes[0], frozenset(id for id, coefficient in relation["terms"] if coefficient == 1)))
    return found


def crossed(**chosen):
    return table(
        "cross",
        [SEX, GROUP],
        {
            ("F", "polish"): 9,
            ("F", "foreign"): 14,
            ("F", "other"): 2,
            ("M", "polish"): 3,
            ("M", "foreign"): 6,
            ("M", "other"): 7,
        },
        **chosen,
    )


def test_a_table_without_margins_gets_them_all_as_hidden_quantities():
    written = mapping(draft("r", crossed()), threshold=5)
    found = numbers(written)
    assert found[name("", "r")] == 41
    assert found[name("sex=F", "r")] == 25
    assert found[name("group=polish", "r")] == 12
    assert {cell["id"] for cell in written["hidden"]} == {
        name(codes, "r") for codes in ("", "sex=F", "sex=M", "group=polish", "group=foreign", "group=other")
    }


def test_every_margin_is_the_sum_of_each_variable_that_is_left_out():
    found = sums(mapping(draft("r", crossed()), threshold=5))
    assert len(found) == 2 + 3 + 2
    assert (
        name("sex=F", "r"),
        frozenset(name(f"group={g},sex=F", "r") for g in ("polish", "foreign", "other")),
    ) in found
    assert (name("", "r"), frozenset({name("sex=F", "r"), name("sex=M", "r")})) in found
    assert (name("", "r"), frozenset(name(f"group={g}", "r") for g in GROUP.codes)) in found


def test_a_quantity_in_two_tables_is_one_unknown_with_the_larger_weight():
    first = table("a", [SEX], {(): 41, ("F",): 30, ("M",): 11})
    second = dataclasses.replace(
        table("b", [SEX, GROUP], {(): 41, ("F",): 30}),
        variables=(SEX,),
        counts=(Count({}, 41), Count({"sex": "F"}, 30, weight=7)),
    )
    written = mapping(draft("r", second, first), threshold=5)
    cells = [cell for t in written["tables"] for cell in t["cells"]]
    assert len(cells) == len({cell["id"] for cell in cells}) == 3
    assert {cell["id"]: cell["weight"] for cell in cells}[name("sex=F", "r")] == 7


def test_what_is_small_must_reach_from_nobody_to_the_threshold():
    written = mapping(draft("r", crossed()), threshold=5)
    assert written["sensitive"] == {
        name("group=other,sex=F", "r"): [0, 5],
        name("group=polish,sex=M", "r"): [0, 5],
    }


def test_a_count_equal_to_the_threshold_is_safe_and_one_below_is_not():
    for small, expected in ((5, []), (4, [name("sex=M", "r")])):
        one = table("t", [SEX], {(): 41, ("F",): 41 - small, ("M",): small})
        assert list(mapping(draft("r", one), threshold=5)["sensitive"]) == expected


def test_the_complement_of_a_printed_count_is_protected_although_no_table_shows_it():
    one = table("t", [SEX], {(): 41, ("F",): 38})
    written = mapping(draft("r", one), threshold=5)
    assert written["sensitive"] == {name("sex=M", "r"): [0, 5]}


def test_a_margin_that_no_table_shows_is_protected_if_it_is_small():
    one = table(
        "t",
        [SEX, GROUP],
        {
            ("F", "polish"): 20,
            ("F", "foreign"): 15,
            ("F", "other"): 6,
            ("M", "polish"): 1,
            ("M", "foreign"): 2,
            ("M", "other"): 0,
        },
    )
    assert name("sex=M", "r") in mapping(draft("r", one), threshold=5)["sensitive"]


def test_somebody_whose_presence_is_public_keeps_one_as_the_lower_end():
    one = table("t", [SEX], {(): 41, ("F",): 38, ("M",): 3}, present=[("M",)])
    written = mapping(draft("r", one), threshold=5)
    assert written["sensitive"] == {name("sex=M", "r"): [1, 5]}
    assert written["bounds"][name("sex=M", "r")] == [1, None]


def test_nothing_can_be_kept_above_what_everybody_knows(tmp_path):
    one = table("t", [SEX], {(): 3, ("F",): 2, ("M",): 1})
    found = propose(draft("r", one), tmp_path)
    assert found.intervals == {name("sex=F", "r"): (0, 3), name("sex=M", "r"): (0, 3)}
    assert found.safe


def test_a_demand_is_cut_to_what_is_left_when_nothing_new_is_printed_and_what_is_known_anyway_is_refused():
    sensitive = {"a": (0, 5), "b": (0, 5), "old": (0, 3), "c": (1, 5)}
    written = Document("r", 5, sensitive=sensitive, own=("a", "b", "c"))
    prior = {"a": (0, 2), "b": (3, 3), "old": (2, 2), "c": (None, None)}
    assert attainable(written, prior).sensitive == {"a": (0, 2), "b": (0, 5), "c": (1, 5)}


def test_a_public_number_must_be_published_and_is_not_protected():
    one = table("t", [SEX], {(): 41, ("F",): 38, ("M",): 3}, public=[(), ("F",), ("M",)])
    written = mapping(draft("r", one), threshold=5)
    assert written["sensitive"] == {}
    assert set(written["must_publish"]) == {name("", "r"), name("sex=F", "r"), name("sex=M", "r")}


def test_a_zero_is_protected_only_where_it_tells_something_about_each_person():
    plain = mapping(draft("r", *outcome(30, 11, 0, 0, zeros=False)), threshold=5)
    assert name("security.direction=lower", "r") not in plain["sensitive"]
    told = mapping(draft("r", *outcome(30, 11, 0, 9)), threshold=5)["sensitive"]
    assert told[name("security.direction=lower", "r")] == [0, 5]


def test_a_zero_in_another_table_of_the_same_people_tells_nothing():
    both = table("sex", [SEX], {(): 41, ("F",): 41, ("M",): 0}), *outcome(24, 5, 12, 0)
    told = mapping(draft("r", *both), threshold=5)["sensitive"]
    assert set(told) == {name("security.pairs=no", "r")}


def test_everybody_in_one_category_is_protected_through_the_zeros_of_the_others():
    told = mapping(draft("r", *outcome(41, 0, 0, 0)), threshold=5)["sensitive"]
    # Who is not paired is pairs=no by a sum, so one demand does for both.
    assert set(told) == {name(f"security.{codes}", "r") for codes in ("direction=same", "direction=lower", "pairs=no")}


def test_a_zero_where_nobody_could_be_counted_is_not_protected():
    both = table(
        "t",
        [SEX, DIRECTION],
        {
            ("F", "higher"): 20,
            ("F", "same"): 11,
            ("F", "lower"): 9,
            ("F", "not_paired"): 8,
            ("M", "higher"): 0,
            ("M", "same"): 0,
            ("M", "lower"): 0,
            ("M", "not_paired"): 0,
        },
        zeros=True,
    )
    told = mapping(draft("r", both), threshold=5)["sensitive"]
    assert set(told) == {name("sex=M", "r")}


def test_a_coarser_variable_is_tied_to_the_finer_one():
    written = mapping(reference(), threshold=5)
    found = sums(written)
    assert (
        name("security.pairs=yes"),
        frozenset(name(f"security.direction={c}") for c in ("higher", "same", "lower")),
    ) in found
    assert (name("security.pairs=no"), frozenset({name("security.direction=not_paired")})) in found


def test_a_cross_table_of_the_finer_variable_also_tells_the_coarser_one():
    crossing = table(
        "t",
        [SEX, DIRECTION],
        {
            (sex, code): number
            for sex, numbers in (("F", (14, 3, 2, 6)), ("M", (10, 2, 2, 2)))
            for code, number in zip(DIRECTION.codes, numbers, strict=True)
        },
    )
    written = mapping(draft("r", crossing, *outcome(24, 5, 4, 8)), threshold=5)
    hidden = {cell["id"]: cell["value"] for cell in written["hidden"]}
    assert hidden[name("security.pairs=yes,sex=F", "r")] == 19
    assert written["sensitive"][name("security.pairs=no,sex=M", "r")] == [0, 5]


def test_a_coarser_variable_that_misses_a_category_is_refused():
    broken = dataclasses.replace(DIRECTION, within={"security.pairs": {"higher": "yes"}})
    tables = dataclasses.replace(outcome(24, 5, 4, 8)[0], variables=(broken,)), outcome(24, 5, 4, 8)[1]
    with pytest.raises(Contradiction, match="not every category"):
        mapping(draft("r", *tables), threshold=5)


def test_a_declared_relation_between_variables_is_a_row():
    flow = table("flow", [variable("stage", "finished", "left")], {(): 41, ("finished",): 35, ("left",): 6})
    below = Relation(
        (
            (Reference("security.pairs", {"security.pairs": "yes"}), 1),
            (Reference("flow", {"stage": "finished"}), -1),
        )
    )
    written = mapping(draft("r", flow, *outcome(24, 5, 4, 8), relations=[below]), threshold=5)
    assert {
        "terms": [[name("security.pairs=yes", "r"), 1], [name("stage=finished", "r"), -1]],
        "sense": "<=",
        "rhs": 0,
    } in written["relations"]
    with pytest.raises(Contradiction, match="points at"):
        mapping(draft("r", flow, relations=[below]), threshold=5)


def test_two_tables_that_disagree_about_one_quantity_are_refused_by_name_and_without_numbers():
    one = table("a", [SEX], {(): 41, ("F",): 30, ("M",): 11})
    other = table("b", [SEX], {(): 41, ("F",): 29, ("M",): 12})
    with pytest.raises(Contradiction) as caught:
        mapping(draft("r", one, other), threshold=5)
    assert name("sex=F", "r") in str(caught.value)
    assert not any(number in str(caught.value) for number in ("30", "29", "11", "12"))


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({(): 41, ("F",): 30, ("M",): 12}, "do not add up"),
        ({(): 41, ("F",): 43}, "do not add up"),
        ({(): 41, ("F",): 30, ("M",): -11}, "0 or more"),
        ({("F", "polish"): 3, ("M", "polish"): 4}, "is missing"),
        ({(): 41, ("F",): 30.5}, "0 or more"),
        ({(): 41, ("F",): None}, "0 or more"),
    ],
)
def test_numbers_that_cannot_be_true_are_refused(cells, words):
    with pytest.raises(Contradiction, match=words):
        mapping(draft("r", table("t", [SEX, GROUP], cells)), threshold=5)


def test_a_cell_that_stands_twice_in_a_table_is_refused():
    one = table("t", [SEX], {(): 41, ("F",): 30, ("M",): 11})
    twice = dataclasses.replace(one, counts=(*one.counts, Count({"sex": "F"}, 30)))
    with pytest.raises(Contradiction, match="twice"):
        mapping(draft("r", twice), threshold=5)


def test_a_code_that_the_variable_does_not_have_is_refused():
    one = table("t", [SEX], {(): 41, ("F",): 30, ("M",): 11})
    strange = dataclasses.replace(one, counts=(*one.counts, Count({"sex": "X"}, 0)))
    with pytest.raises(Contradiction, match="no such cell"):
        mapping(draft("r", strange), threshold=5)


def test_one_variable_with_two_lists_of_categories_is_refused():
    one = table("a", [variable("group", "polish", "foreign")], {(): 41, ("polish",): 30})
    other = table("b", [GROUP], {(): 41, ("polish",): 30, ("foreign",): 6})
    with pytest.raises(Contradiction, match="name of its own"):
        mapping(draft("r", one, other), threshold=5)


def test_names_stay_distinct_whatever_the_codes_are():
    strange = ["a", "a=b", "a,b", "a@b", "a[b]", "a%3Db", "żółć", "a>b"]
    made = {
        identity(population, release, {variable: code})
        for population, release, variable, code in itertools.product(strange, repeat=4)
    }
    assert len(made) == len(strange) ** 4
    assert identity("participants", "2015", {"sex": "F", "group": "żółć"}) == "participants@2015[group=żółć,sex=F]"


@pytest.mark.parametrize("population", ["participants", "clients", "women", "Staff", "staff ", ""])
def test_participants_never_leave_by_the_open_door(population):
    one = table("t", [SEX], {(): 41, ("F",): 38, ("M",): 3}, population=population, protected=False)
    with pytest.raises(Contradiction, match="without protection"):
        mapping(draft("r", one), threshold=5)


def test_the_open_populations_are_four_and_stand_outside_the_system():
    assert {"activities", "organisations", "delegates", "staff"} == OPEN_POPULATIONS
    open_ones = [
        table(who, [SEX], {(): 4, ("F",): 3, ("M",): 1}, population=who, protected=False)
        for who in sorted(OPEN_POPULATIONS)
    ]
    written = mapping(draft("r", *open_ones), threshold=5)
    assert written["tables"] == written["hidden"] == []


def test_an_intruder_sees_no_true_number_of_what_is_hidden():
    written = document(draft("r", crossed()), threshold=5)
    seen = numbers(publication(written, [name("group=other,sex=F", "r")]).as_mapping())
    assert seen[name("group=other,sex=F", "r")] is None
    assert seen[name("sex=F", "r")] is None  # no table shows it
    assert seen[name("group=polish,sex=F", "r")] == 9


def test_a_mean_tells_that_at_least_ten_answered_twice():
    written = mapping(draft("r", *outcome(24, 5, 4, 8), means=[mean(33, 41)]), threshold=5)
    assert written["bounds"][name("security.pairs=yes", "r")] == [10, None]


def test_a_mean_tells_the_same_however_few_did_not_answer():
    written = mapping(draft("r", *outcome(24, 5, 9, 3), means=[mean(38, 41)]), threshold=5)
    assert written["bounds"][name("security.pairs=yes", "r")] == [10, None]


def test_a_mean_over_everyone_tells_of_three_more_for_its_coefficients():
    everyone = mean(33, 41, method="all enrolled")
    written = mapping(draft("r", *outcome(24, 5, 4, 8), means=[everyone]), threshold=5)
    assert written["bounds"][name("security.pairs=yes", "r")] == [13, None]


def test_a_high_mean_tells_that_some_must_have_risen():
    # 33 people rose by 2.0 on average (1.95 at least) on a scale 24 points wide, steps of 1 point.
    written = mapping(draft("r", *outcome(24, 5, 4, 8), means=[mean(33, 41)]), threshold=5)
    row = next(r for r in written["relations"] if r.get("sense") == ">=")
    terms = dict(row["terms"])
    scale = terms[name("security.direction=higher", "r")] / (24 - 1.95)
    assert terms[name("security.direction=same", "r")] == pytest.approx((1 - 1.95) * scale)
    assert terms[name("security.direction=lower", "r")] == pytest.approx((-1 - 1.95) * scale)


def test_the_auditor_uses_what_a_mean_says_about_those_who_rose():
    # Twelve people; six points on average cannot come from fewer than three who rose.
    tables = outcome(4, 0, 8, 29, zeros=False)
    what = draft("r", *tables, means=[mean(12, 41, 6.0)])
    written = document(what, threshold=1)
    hidden = {cell.id for cell in written.cells} - {name("", "r")}
    hidden -= {name("security.pairs=yes", "r"), name("security.pairs=no", "r")}
    verdict = audit(publication(written, hidden).as_mapping())
    assert verdict.intervals[name("security.direction=higher", "r")] == (3, 12)
    silent = publication(document(dataclasses.replace(what, means=()), threshold=1), hidden)
    assert audit(silent.as_mapping()).intervals[name("security.direction=higher", "r")] == (0, 12)


@pytest.mark.parametrize(
    ("told", "words"),
    [(mean(32, 41), "another n"), (mean(33, 40), "public total")],
)
def test_a_mean_that_rests_on_other_counts_than_its_table_is_refused(told, words):
    with pytest.raises(Contradiction, match=words):
        mapping(draft("r", *outcome(24, 5, 4, 8), means=[told]), threshold=5)


def test_a_mean_without_a_table_of_its_pairs_is_refused():
    with pytest.raises(Contradiction, match=r"security\.pairs"):
        mapping(draft("r", outcome(24, 5, 4, 8)[0], means=[mean(33, 41)]), threshold=5)


def test_a_table_that_crosses_a_variable_with_its_coarser_one_is_refused():
    one = table("t", [DIRECTION, PAIRS], {("higher", "yes"): 24})
    with pytest.raises(Contradiction, match="crosses"):
        mapping(draft("r", one), threshold=5)


def test_an_indicator_is_not_part_of_the_system():
    assert mapping(draft("r", crossed(), lines=[line()]), threshold=5) == mapping(draft("r", crossed()), threshold=5)


def test_labels_are_never_in_the_document():
    assert L["en"] not in str(mapping(reference(), threshold=5))
