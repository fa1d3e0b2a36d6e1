"""What has to be counted jointly follows from the tables and relations alone, and what cannot be judged is refused."""

from __future__ import annotations

import dataclasses

import pytest
from drafts import draft, name, outcome, propose, table, variable
from worlds import fact

from evaluation.errors import Infeasible
from evaluation.release.released import Reference, Relation
from evaluation.release.system.assembly import mapping
from evaluation.release.system.joint_counts import needed

GROUP = variable("group", "polish", "foreign")
SEX = variable("sex", "F", "M")
TAKEN, DONE = variable("taken", "took", "stayed"), variable("done", "finished", "open")
BOTH = fact("done", "finished", ("taken", "took"))


def single():
    """22 of 30 finished, 25 took part."""
    return (
        table("taken", [TAKEN], {(): 30, ("took",): 25, ("stayed",): 5}),
        table("done", [DONE], {(): 30, ("finished",): 22, ("open",): 8}),
    )


def taken_by_group(taken=TAKEN):
    cells = {("took", "polish"): 12, ("took", "foreign"): 13, ("stayed", "polish"): 2, ("stayed", "foreign"): 3}
    return table("taken.by.group", [taken, GROUP], cells)


def done_by_group():
    cells = {("finished", "polish"): 10, ("finished", "foreign"): 12, ("open", "polish"): 4, ("open", "foreign"): 4}
    return table("done.by.group", [DONE, GROUP], cells)


def rows(what):
    """The relations of the document that are no sums."""
    return [
        (tuple(map(tuple, one["terms"])), one["sense"])
        for one in mapping(what, threshold=5)["relations"]
        if one.get("sense", "=") != "="
    ]


def test_who_finished_took_part_in_every_group_that_both_are_counted_by():
    what = draft("r", *single(), taken_by_group(), done_by_group(), facts=[BOTH])
    assert needed(what) == ()
    assert rows(what) == [
        (((name(f"done=finished{of}", "r"), 1), (name(f"{by}taken=took", "r"), -1)), "<=")
        for of, by in ((",group=polish", "group=polish,"), (",group=foreign", "group=foreign,"))
    ]


def test_a_group_that_only_one_of_them_is_counted_by_adds_nothing():
    assert len(rows(draft("r", *single(), taken_by_group(), facts=[BOTH]))) == 1


def test_what_is_known_of_a_number_of_people_holds_in_no_smaller_group():
    least = Relation(((Reference("taken", {"taken": "took"}), -1),), rhs=-20)
    assert len(rows(draft("r", *single(), taken_by_group(), relations=[least]))) == 1


def test_three_tables_in_a_ring_need_the_joint_cells_of_all_three():
    what = draft("r", _crossed(TAKEN, GROUP), _crossed(SEX, GROUP), _crossed(SEX, TAKEN))
    (joint,) = needed(what)
    assert joint.variables == ("group", "sex", "taken")
    with pytest.raises(Infeasible, match=r"'taken.by.group' and 'sex.by.taken'"):
        mapping(what, threshold=5)
    mapping(dataclasses.replace(what, joint=(_crossed(SEX, TAKEN, GROUP, each=3),)), threshold=5)


def test_tables_in_a_chain_need_nothing():
    assert needed(draft("r", taken_by_group(), _crossed(SEX, GROUP), *outcome(24, 5, 1, 0))) == ()


def test_a_ring_through_a_relation_needs_what_binds_it_by_the_groups():
    """Whoever has either pair of measurements answered at the end, in each group."""
    end = variable("end", "there", "away")
    pairs = [variable(f"{one}.pairs", f"{one}+", f"{one}-") for one in ("a", "b")]
    alone = [table(one.id, [one], {(): 30, (f"{one.id[0]}+",): 20, (f"{one.id[0]}-",): 10}) for one in pairs]
    known = [fact(one.id, f"{one.id[0]}+", ("end", "there")) for one in pairs]
    ends = table("end", [end], {(): 30, ("there",): 24, ("away",): 6})
    what = draft("r", *alone, ends, *(_crossed(one, GROUP) for one in pairs), facts=known)
    assert [one.variables for one in needed(what)] == [("end", "group")]
    one_only = dataclasses.replace(what, tables=what.tables[:-1])
    assert needed(one_only) == ()


def test_a_coarser_variable_is_the_same_thing_as_the_finer_one():
    fine = variable("taken2", "often", "once", "never", taken={"often": "took", "once": "took", "never": "stayed"})
    assert [one.variables for one in needed(draft("r", _crossed(fine, GROUP), _crossed(TAKEN, SEX)))] == []
    ring = draft("r", _crossed(fine, GROUP), _crossed(TAKEN, SEX), _crossed(SEX, GROUP))
    assert [one.variables for one in needed(ring)] == [("group", "sex", "taken2")]


def test_a_table_that_crosses_what_is_tied_is_refused_because_one_of_its_cells_cannot_be(tmp_path):
    crossed = table(
        "cross",
        [TAKEN, DONE],
        {("took", "finished"): 22, ("took", "open"): 3, ("stayed", "finished"): 0, ("stayed", "open"): 5},
    )
    with pytest.raises(Infeasible, match="'cross'"):
        propose(draft("r", *single(), crossed, facts=[BOTH]), tmp_path)


def test_what_would_take_too_many_joint_cells_is_refused_naming_two_tables(tmp_path):
    wide = [variable(letter, *(f"{letter}{n}" for n in range(8))) for letter in "abc"]
    ring = [_crossed(wide[0], wide[1]), _crossed(wide[1], wide[2]), _crossed(wide[0], wide[2])]
    with pytest.raises(Infeasible, match=r"'a.by.b' and 'a.by.c'"):
        propose(draft("r", *ring), tmp_path)


def _crossed(*variables, each=6):
    """As many people in each cell."""
    cells = [()]
    for one in variables:
        cells = [(*cell, code) for cell in cells for code in one.codes]
    return table(".by.".join(one.id for one in variables), variables, dict.fromkeys(cells, each))


def test_two_groupings_do_not_meet_in_three_variables_whose_overlap_is_free(tmp_path):
    """Whoever took any course: how many took two of three courses follows from no totals, and binds both groupings."""
    courses = [variable(name, f"{name}+", f"{name}-") for name in ("one", "two", "three")]
    everyone = variable("any", "any+", "any-")
    known = [fact(one.id, f"{one.id}+", ("any", "any+")) for one in courses]
    known.append(fact("any", "any+", *((one.id, f"{one.id}+") for one in courses)))
    alone = [_crossed(one, each=12) for one in (everyone, *courses)]
    by_group = [_crossed(one, GROUP) for one in (everyone, *courses)]
    by_sex = [_crossed(one, SEX) for one in (everyone, *courses)]
    assert needed(draft("r", *alone, *by_group, facts=known)) == ()
    with pytest.raises(Infeasible, match="say something together"):
        needed(draft("r", *alone, *by_group, *by_sex, facts=known))
