"""Every release is judged together with all earlier ones: newcomers, leavers and old hidden numbers stay hidden."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from evaluation.errors import Contradiction
from evaluation.release import gate, ledger, serving
from evaluation.release.audit.verdict import audit
from evaluation.release.system.assembly import document, mapping, publication
from evaluation.release.system.earlier import change_name
from tests.release.drafts import draft, mean, name, outcome, propose, reference, released, table, value, variable

SEX = variable("sex", "F", "M")
REGION = variable("region", "europe", "asia", "africa")


def sexes(release, women, men, **chosen):
    return draft(release, table("t", [SEX], {(): women + men, ("F",): women, ("M",): men}, **chosen))


def changed(codes, old="first", new="second"):
    return f"participants@{old}>{new}[{codes}]"


def test_a_change_has_a_name_of_its_own():
    assert change_name("participants", "2014", "2015", frozenset({("sex", "F")})) == "participants@2014>2015[sex=F]"


def test_the_new_number_is_the_old_one_and_the_change(tmp_path):
    released(sexes("first", 20, 10), tmp_path)
    written = mapping(sexes("second", 22, 11), threshold=5, earlier=ledger.read(tmp_path, "demo"))
    terms = [[name("sex=F", "second"), 1], [name("sex=F", "first"), -1], [changed("sex=F"), -1]]
    assert {"terms": terms, "sense": "=", "rhs": 0} in written["relations"]
    assert {cell["id"]: cell["value"] for cell in written["hidden"]} == {
        changed(""): 3,
        changed("sex=F"): 2,
        changed("sex=M"): 1,
    }
    assert name("sex=F", "first") in written["must_publish"]


def test_few_newcomers_must_stay_possible_from_none_to_one_more(tmp_path):
    released(sexes("first", 20, 10), tmp_path)
    earlier = ledger.read(tmp_path, "demo")
    # 2 and 1 of 3 who joined; 4 and 5 of 9; nobody and 6 of 6.
    for women, men, expected in (
        (22, 11, {changed("sex=F"): [0, 3], changed("sex=M"): [0, 2]}),
        (24, 15, {changed("sex=F"): [0, 5]}),
        (20, 16, {}),
    ):
        written = mapping(sexes("second", women, men), threshold=5, earlier=earlier)
        assert written["sensitive"] == expected


def test_where_everybody_knows_that_one_joined_nobody_learns_where(tmp_path):
    released(sexes("first", 20, 10), tmp_path)
    found = propose(sexes("second", 21, 10), tmp_path)
    assert found.safe
    assert set(found.hidden) == {name("sex=F", "second"), name("sex=M", "second")}
    assert found.intervals[changed("sex=F")] == (0, 1)


def test_what_was_printed_before_limits_what_can_be_kept_uncertain_now(tmp_path):
    # Nobody was from Africa; two joined, which is public: so now they are 2 at most, and not 5.
    numbers = {(): 44, ("europe",): 32, ("asia",): 12, ("africa",): 0}
    released(draft("first", table("t", [REGION], numbers)), tmp_path)
    more = {(): 46, ("europe",): 33, ("asia",): 12, ("africa",): 1}
    found = propose(draft("second", table("t", [REGION], more)), tmp_path)
    assert found.safe
    assert found.intervals[name("region=africa", "second")] == (0, 2)


def test_two_newcomers_do_not_follow_from_two_reports(tmp_path):
    released(sexes("first", 20, 10), tmp_path)
    found = propose(sexes("second", 22, 16), tmp_path)
    assert set(found.hidden) == {name("sex=F", "second"), name("sex=M", "second")}
    assert found.safe
    assert found.intervals[changed("sex=F")] == (0, 8)
    assert found.certificate.earlier_releases == 1


def test_without_the_ledger_the_two_newcomers_would_be_printed(tmp_path):
    assert propose(sexes("second", 22, 16), tmp_path).hidden == ()


def test_a_ledger_that_the_optimiser_forgot_is_caught_by_the_auditor(tmp_path):
    from evaluation.release.suppress.protection import protect

    released(sexes("first", 20, 10), tmp_path)
    alone = propose(sexes("second", 22, 16), tmp_path / "empty")

    def forgetful(document, *, steps):
        made = protect(document, steps=steps)
        truth = {cell["id"]: cell["value"] for t in document["tables"] for cell in t["cells"]}
        for t in made.published["tables"]:
            for cell in t["cells"]:
                cell["value"] = None if cell["id"] in alone.hidden else truth[cell["id"]]
        return made

    found = propose(sexes("second", 22, 16), tmp_path, protect=forgetful)
    assert found.exact == (changed("sex=F"),)
    assert not found.safe


def test_what_an_earlier_release_hid_does_not_come_out_in_a_later_one(tmp_path):
    # 4 of 30 were hidden with the 26; now nobody joined and the same numbers would tell them.
    first = released(sexes("first", 26, 4), tmp_path)
    assert all(count.value is None for count in first.tables[0].counts if count.at)
    found = propose(sexes("second", 26, 14), tmp_path)
    assert found.safe
    low, high = found.intervals[name("sex=M", "first")]
    assert low == 0
    assert high >= 5


def test_a_hidden_number_of_the_ledger_is_an_unknown_with_what_it_must_keep(tmp_path):
    released(sexes("first", 26, 4), tmp_path)
    written = mapping(sexes("second", 36, 14), threshold=5, earlier=ledger.read(tmp_path, "demo"))
    hidden = {cell["id"]: cell["value"] for cell in written["hidden"]}
    assert hidden[name("sex=M", "first")] is None
    assert written["sensitive"][name("sex=M", "first")] == [0, 5]
    # Women were 0 to 30: the ledger does not know that they were safe.
    assert written["sensitive"][name("sex=F", "first")] == [0, 5]


def test_a_number_that_became_smaller_is_a_revision_and_few_who_left_are_protected(tmp_path):
    released(sexes("first", 20, 15), tmp_path)
    written = mapping(sexes("second", 18, 25), threshold=5, earlier=ledger.read(tmp_path, "demo"))
    assert written["smaller"] == {"participants": [changed("sex=F")]}
    assert written["bounds"][changed("sex=F")] == [-20, None]
    assert written["sensitive"][changed("sex=F")] == [-3, 0]
    found = propose(sexes("second", 18, 25), tmp_path)
    assert found.safe
    assert value(found, "t", sex="F") is None


COURSE = variable("course", "yes", "no")


def moved(release, women, men, yes):
    """Women and men, which nobody changes, and who took a course, which a correction can take back."""
    people = women + men
    return draft(
        release,
        table("s", [SEX], {(): people, ("F",): women, ("M",): men}),
        table("c", [COURSE], {(): people, ("yes",): yes, ("no",): people - yes}),
    )


def test_a_correction_of_one_variable_does_not_free_what_everybody_knows_of_another(tmp_path):
    # One joined each; one who had taken the course had not. Nobody's sex changed: two joined, so women are 20 to 22.
    released(moved("first", 20, 30, 15), tmp_path)
    what = moved("second", 21, 31, 14)
    written = mapping(what, threshold=5, earlier=ledger.read(tmp_path, "demo"))
    assert written["smaller"] == {"participants": [changed("course=yes")]}
    assert changed("sex=F") not in written["bounds"]
    assert written["bounds"][changed("course=yes")] == [-15, None]
    found = propose(what, tmp_path)
    assert found.safe
    assert found.intervals[changed("sex=F")] == (0, 2) == found.intervals[changed("sex=M")]


def test_only_the_variable_that_was_corrected_unseen_is_taken_to_be_so(tmp_path):
    # Asia and Africa were hidden (12 and 2); Africa is now fewer in truth, and Asia too, which nobody can see.
    first = draft(
        "first",
        table("t", [REGION], {(): 44, ("europe",): 30, ("asia",): 12, ("africa",): 2}),
        table("s", [SEX], {(): 44, ("F",): 20, ("M",): 24}),
    )
    released(first, tmp_path)
    second = draft(
        "second",
        table("t", [REGION], {(): 46, ("europe",): 34, ("asia",): 11, ("africa",): 1}),
        table("s", [SEX], {(): 46, ("F",): 21, ("M",): 25}),
    )
    found = propose(second, tmp_path)
    assert found.safe
    smaller = found.entry.populations["participants"].smaller
    assert smaller
    assert not any("sex" in name for name in smaller)
    assert found.intervals[changed("sex=F")] == (0, 2)


def test_where_one_left_nobody_can_have_lost_more_than_one(tmp_path):
    released(sexes("first", 20, 15), tmp_path)
    written = mapping(sexes("second", 19, 15), threshold=5, earlier=ledger.read(tmp_path, "demo"))
    assert written["left"] == {"participants": 1}
    assert written["smaller"] == {}
    assert written["bounds"][changed("sex=F")] == [-1, None] == written["bounds"][changed("sex=M")]
    found = propose(sexes("second", 19, 15), tmp_path)
    assert found.safe
    assert found.intervals[changed("sex=F")] == (-1, 0) == found.intervals[changed("sex=M")]
    released(sexes("second", 19, 15), tmp_path)
    later = mapping(sexes("third", 19, 15), threshold=5, earlier=ledger.read(tmp_path, "demo"))
    assert later["bounds"][changed("sex=F")] == [-1, None]
    assert changed("sex=F", "second", "third") not in later["bounds"]


def test_many_who_left_are_not_protected(tmp_path):
    released(sexes("first", 20, 15), tmp_path)
    assert propose(sexes("second", 15, 20), tmp_path).hidden == ()


@pytest.mark.parametrize(("between", "last"), [((31, 20), (26, 20)), ((31, 14), (26, 19)), ((28, 22), (26, 24))])
def test_what_a_number_became_by_growing_and_falling_tells_no_more_than_the_two_changes(tmp_path, between, last):
    """25, 31, 26: that there is one more in the end is 6 more and 5 fewer, which are told; nobody can say 'one joined'.

    Where the number between the two is not told, the last is not either, unless it keeps both changes uncertain.
    """
    for number, counts in enumerate(((25, 20), between, last)):
        found = propose(sexes(f"r{number}", *counts), tmp_path)
        ledger.release(found, tmp_path)
    first, second = (found.intervals[changed("sex=F", f"r{n}", f"r{n + 1}")] for n in (0, 1))
    if between[0] == 31:
        assert (first, second, value(found, "t", sex="F")) == ((6, 6), (-5, -5), 26)
    else:
        assert (first[0], first[1] > 3, value(found, "t", sex="F")) == (0, True, None)


def test_a_withdrawn_consent_shows_only_in_the_public_total(tmp_path):
    released(reference("first"), tmp_path)
    # One of the 24 withdrew: 40 remain, which is public; her answer is one of several.
    found = propose(draft("second", *outcome(23, 5, 4, 8), means=[mean(32, 40)]), tmp_path)
    assert found.safe
    assert value(found, "security.direction", security__direction="higher") is None
    assert found.intervals[changed("security.direction=higher")][1] >= 0


def test_a_revision_that_only_hidden_numbers_show_is_found_and_released_upon(tmp_path):
    # Hidden: 2 and 3 of 5 in all besides the 30; later they are 9 and the 30 are 35, of 44.
    first = draft("first", table("t", [REGION], {(): 44, ("europe",): 30, ("asia",): 12, ("africa",): 2}))
    released(first, tmp_path)
    second = draft("second", table("t", [REGION], {(): 44, ("europe",): 33, ("asia",): 10, ("africa",): 1}))
    found = propose(second, tmp_path)
    assert found.safe
    assert found.entry.populations["participants"].smaller


def test_a_contradiction_that_only_the_auditor_finds_is_taken_for_a_revision(tmp_path):
    released(sexes("first", 20, 10), tmp_path)

    def finding(document):
        verdict = audit(document)
        return verdict if document["smaller"] else dataclasses.replace(verdict, consistent=False)

    found = propose(sexes("second", 30, 20), tmp_path, audit=finding, consistent=lambda seen: bool(seen["smaller"]))
    assert found.safe
    assert found.entry.populations["participants"].smaller


def needs(release, numbers):
    need = variable("need", *"abcd"[: len(numbers)])
    cells = {(code,): number for code, number in zip(need.codes, numbers, strict=True)}
    return draft(release, table("needs", [need], {(): sum(numbers), **cells}))


@pytest.mark.parametrize(
    ("profile", "before", "after"),
    [
        ("public", [1, 0, 18], [0, 2, 18]),
        ("public", [0, 1, 12, 10], [2, 2, 10, 11]),
        ("funder", [0, 1, 18, 10], [1, 0, 21, 9]),
        ("funder", [1, 25, 10, 6], [0, 26, 10, 6]),
        ("funder", [6, 25, 1, 12], [5, 27, 0, 12]),
        ("funder", [9, 1, 6, 9], [8, 1, 7, 10]),
    ],
)
def test_a_reader_is_not_asked_to_stay_uncertain_of_what_only_another_supposes(tmp_path, profile, before, after):
    released(needs("first", before), tmp_path, profile)
    assert propose(needs("second", after), tmp_path, profile).safe


@pytest.mark.parametrize("profile", ["funder", "public"])
def test_what_was_nobody_in_earlier_releases_and_is_somebody_now_refuses_no_release(tmp_path, profile):
    """Who supposes that nobody moved is sure of 0 beforehand; nothing that is printed now tells her otherwise."""
    for release, numbers in (("first", [0, 0, 9, 18]), ("second", [0, 0, 8, 18])):
        released(needs(release, numbers), tmp_path, profile)
    found = propose(needs("third", [0, 1, 7, 18]), tmp_path, profile)
    assert found.safe
    assert name("need=b", "third") in found.hidden


def test_whoever_supposes_more_than_the_others_know_is_judged_too(tmp_path):
    released(needs("first", [9, 1, 6, 9]), tmp_path)
    narrow = (name("need=b", "first"),)

    def strict(document):
        alone = document["sensitive"] and document["exceptions"] == 0  # nobody moved, as far as she knows
        return dataclasses.replace(audit(document), narrow=narrow) if alone else audit(document)

    assert propose(needs("second", [8, 1, 7, 10]), tmp_path, audit=strict).narrow == narrow


@pytest.mark.parametrize("needed", [(), ("a",), ("g",), ("b", "e"), ("a", "g"), tuple("abcdefg")])
def test_what_is_left_out_in_blocks_is_what_is_left_out_one_by_one(needed):
    everything = [(letter,) for letter in "abcdefg"]

    def suffices(kept):  # "c" stands in for "b"
        return all((letter,) in kept or (letter == "b" and ("c",) in kept) for letter in needed)

    one_by_one = everything
    for letter in everything:
        fewer = [other for other in one_by_one if other != letter]
        one_by_one = fewer if suffices(fewer) else one_by_one
    assert list(serving.fewest(everything, everything, suffices)) == one_by_one


def test_recoded_categories_are_frozen(tmp_path):
    released(sexes("first", 20, 10), tmp_path)
    wider = variable("sex", "F", "M", "X")
    second = draft("second", table("t", [wider], {(): 40, ("F",): 20, ("M",): 13, ("X",): 7}))
    with pytest.raises(Contradiction, match="frozen"):
        propose(second, tmp_path)


def test_a_population_that_was_never_released_has_no_past(tmp_path):
    released(sexes("first", 20, 10), tmp_path)
    other = sexes("second", 22, 11, population="visitors")
    written = mapping(other, threshold=5, earlier=ledger.read(tmp_path, "demo"))
    assert [t["release"] for t in written["tables"]] == ["second"]


def test_a_quantity_is_compared_with_the_last_release_that_had_it(tmp_path):
    released(sexes("first", 20, 15), tmp_path)
    released(draft("second", table("n", [], {(): 40})), tmp_path)
    written = mapping(sexes("third", 30, 20), threshold=5, earlier=ledger.read(tmp_path, "demo"))
    ids = {cell["id"] for cell in written["hidden"]}
    assert {changed("sex=F", "first", "third"), changed("", "second", "third"), changed("")} <= ids
    assert changed("", "first", "third") not in ids


def test_a_range_told_with_a_mean_is_known_ever_after(tmp_path):
    released(reference("first"), tmp_path, "public")
    (entry,) = ledger.read(tmp_path, "demo")
    kept = {tuple(cell.at.values()): cell.value for cell in entry.populations["participants"].cells}
    assert kept[("yes",)] == (10, 41)
    written = mapping(reference("second"), threshold=10, earlier=(entry,))
    assert written["bounds"][name("security.pairs=yes", "first")] == [10, 41]


def test_what_a_mean_said_about_counts_is_known_ever_after(tmp_path):
    released(reference("first"), tmp_path)
    written = mapping(reference("second"), threshold=5, earlier=ledger.read(tmp_path, "demo"))
    told = [r for r in written["relations"] if r.get("sense") == ">="]
    assert {id.partition("[")[0] for r in told for id, _ in r["terms"]} == {
        "participants@first",
        "participants@second",
    }


def test_the_same_numbers_in_the_next_quarter_cost_no_more_than_before(tmp_path):
    hidden = []
    for release in ("q1", "q2", "q3", "q4"):
        found = propose(reference(release), tmp_path)
        assert found.safe
        hidden.append({codes.partition("[")[2] for codes in found.hidden})
        ledger.release(found, tmp_path)
    assert [len(some) for some in hidden] == [2, 2, 2, 2]


def grown(rng, people, joining):
    """Adds ``joining`` people, each somewhere in the 2 x 3 table."""
    more = people.copy()
    for _ in range(joining):
        more[rng.integers(2), rng.choice(3, p=[0.6, 0.3, 0.1])] += 1
    return more


def quarter(release, people):
    cells = {
        (sex, region): int(people[i, j]) for i, sex in enumerate(SEX.codes) for j, region in enumerate(REGION.codes)
    }
    cells |= {(sex,): int(people[i].sum()) for i, sex in enumerate(SEX.codes)}
    cells |= {(region,): int(people[:, j].sum()) for j, region in enumerate(REGION.codes)}
    return draft(release, table("t", [SEX, REGION], cells | {(): int(people.sum())}))


def cells(people):
    """Every quantity of the table but the public total, by the codes in its name."""
    found = {
        f"region={region},sex={sex}": int(people[i, j])
        for i, sex in enumerate(SEX.codes)
        for j, region in enumerate(REGION.codes)
    }
    found |= {f"sex={sex}": int(people[i].sum()) for i, sex in enumerate(SEX.codes)}
    return found | {f"region={region}": int(people[:, j].sum()) for j, region in enumerate(REGION.codes)}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("threshold", ["funder", "public"])
def test_over_three_quarters_no_small_number_and_no_newcomer_ever_comes_out(tmp_path, monkeypatch, seed, threshold):
    if seed > 1:  # running our rule on a thousand tables takes long
        monkeypatch.setattr(gate, "candidates", lambda *_, **__: None)
    rng, t = np.random.default_rng(seed), {"funder": 5, "public": 10}[threshold]
    people = [grown(rng, np.zeros((2, 3), dtype=int), int(rng.integers(12, 45)))]
    people += [grown(rng, people[-1], int(rng.integers(1, 9)))]
    people += [grown(rng, people[-1], int(rng.integers(1, 9)))]
    for number, now in enumerate(people):
        found = propose(quarter(f"q{number}", now), tmp_path, threshold)
        assert found.safe
        ledger.release(found, tmp_path)
    # The test knows the truth of every quarter, as the ledger does not.
    for number, now in enumerate(people):
        for codes, count in cells(now).items():
            if 1 <= count < t:
                low, high = found.intervals[name(codes, f"q{number}")]
                assert low == 0
                # Whoever was none in a printed table before is at most as many as joined since.
                limits = [
                    cells(people[before])[codes] + int(now.sum() - people[before].sum()) for before in range(number)
                ]
                assert high >= min([t, int(now.sum()), *limits])
    for number, (before, now) in enumerate(itertools.pairwise(people)):
        joined, limit = cells(now - before), int(now.sum() - before.sum())
        for codes, count in joined.items():
            if 1 <= count < t:
                low, high = found.intervals[changed(codes, f"q{number}", f"q{number + 1}")]
                assert low == 0
                assert high >= min(count + 1, limit)


def test_releasing_less_never_reveals_more(tmp_path):
    written = document(reference(), threshold=5)
    ids = [cell.id for cell in written.cells if cell.at]
    found = propose(reference(), tmp_path)
    for more in ids:
        fewer = audit(publication(written, {*found.hidden, more}).as_mapping())
        for id, (low, high) in found.intervals.items():
            least, most = fewer.intervals[id]
            assert least <= low
            assert most >= high


def test_a_relation_that_was_declared_is_known_ever_after(tmp_path):
    what = dataclasses.replace(reference("first"), relations=())
    released(what, tmp_path)
    (entry,) = ledger.read(tmp_path, "demo")
    assert all(row.sense == ">=" for row in entry.populations["participants"].rows)


# --- means of successive releases ---------------------------------------------------------------


def one_mean(release, paired, change=2.0):
    # Everybody rose, so that only the mean can tell something; 60 are enrolled.
    tables = outcome(paired, 0, 0, 60 - paired, zeros=False)
    return draft(release, *tables, means=[mean(paired, 60, change)])


def printed(tmp_path, what, profile="funder"):
    return propose(what, tmp_path, profile).leaving.means[0]


@pytest.mark.parametrize(("n", "change"), [(21, 2.2), (19, 1.8), (20, 2.0), (25, 2.2), (40, 2.4)])
def test_an_outcomes_mean_leaves_once_whatever_became_of_it(n, change, tmp_path):
    # Repeated, it would say that nobody new answered twice; changed, what the new ones answered.
    released(one_mean("first", 20, 2.0), tmp_path)
    assert printed(tmp_path, one_mean("second", n, change)).change is None


def test_a_mean_that_was_withheld_at_first_may_be_told_later(tmp_path):
    released(one_mean("first", 9, 2.0), tmp_path)
    assert printed(tmp_path, one_mean("second", 30, 2.2)).change == 2.2
