"""Projects of several releases, attacked over people's lives by somebody who knows how people move."""

from __future__ import annotations

import dataclasses
import random

import pytest

from evaluation.release import gate, ledger
from evaluation.release.audit.persons import lists
from evaluation.release.audit.persons.kinds import Model
from evaluation.release.audit.persons.lives import Times, linked
from evaluation.release.audit.verdict import Memory, audit, consistent
from evaluation.release.moves import stays
from evaluation.release.planned.design import LADDERS
from evaluation.release.system import document as documents
from evaluation.release.system.document import People
from tests.release.audit.histories import WORLDS, Plan, attacked, drawn
from tests.release.drafts import draft, propose, table, variable
from tests.release.people import drafted


@pytest.fixture(autouse=True)
def without_the_reader_who_knows_the_rule(monkeypatch):
    monkeypatch.setattr(gate, "candidates", lambda *_, **__: None)


def project(kind, seed, folder, *, threshold=5, times=2):
    chance = random.Random(f"{kind} {seed} {times}")
    world = WORLDS[kind]()
    return attacked(world, drawn(world, chance, times), threshold, folder)


@pytest.mark.parametrize(("kind", "seed"), [("one course", 2), ("one course", 4), ("support", 1), ("situations", 3)])
def test_who_knows_how_people_move_learns_no_more_than_promised(tmp_path, kind, seed):
    assert project(kind, seed, tmp_path).narrower == ()


def two_completed_more(folder):
    """Of 35, who all took part, 18 completed the course; the two who join complete it, too."""
    world = WORLDS["one course"]()

    def people(completed):
        both = {("BG", "attended"): 2, ("BG", "completed"): 5}
        numbers = {**both, ("PL", "attended"): 15, ("PL", "completed"): completed}
        return [world.person(codes) for codes, number in numbers.items() for _ in range(number)]

    return attacked(world, [people(13), people(15)], 0, folder)


def test_who_knows_how_people_move_and_not_that_nothing_fell_learns_of_few_newcomers_no_more_than_promised(tmp_path):
    found = two_completed_more(tmp_path)
    assert (found.narrower, found.refused) == ((), 0)


def test_that_somebody_new_has_both_scores_is_kept_where_another_number_tells_how_many_can_have_them(tmp_path):
    """Of 48, 8 had both scores, as was printed; then 9 answered at the end, and one more of them has both."""
    world = WORLDS["an outcome"]()

    def people(left, finished):
        numbers = {("PL", "left", "not_paired"): left, ("PL", "finished", "higher"): finished}
        return [world.person(codes) for codes, number in numbers.items() for _ in range(number)]

    plan = Plan([frozenset({"outcomes"}), frozenset({"flow", "groups"})])
    found = attacked(world, [people(40, 8), people(39, 9)], 5, tmp_path, plan)
    assert (found.narrower, found.refused) == ((), 0)


def test_the_attack_finds_what_a_gate_lets_out_that_knows_of_no_moves(tmp_path, monkeypatch):
    monkeypatch.setattr(documents, "stays", lambda *_: ())
    assert two_completed_more(tmp_path).narrower


def test_who_was_not_told_of_before_moves_on_without_an_exception(tmp_path):
    """Groups stay, so that what one release prints of two, and the next of the third, gives each."""
    chance = random.Random("situations 4035")
    assert (chance.choice((5, 10, 0)), chance.choice((1, 2))) == (10, 2)
    world = WORLDS["situations"]()
    assert attacked(world, drawn(world, chance, 2), 10, tmp_path).narrower == ()


def test_that_hidden_numbers_did_not_fall_is_nothing_that_everybody_knows(tmp_path):
    """Of 5 without the course 4 are left and hidden; that there are 2 or more would follow from two printed numbers."""
    chance = random.Random("two courses 3038")
    assert (chance.choice((5, 10, 0)), chance.choice((1, 2))) == (5, 2)
    world = WORLDS["two courses"]()
    assert attacked(world, drawn(world, chance, 2), 5, tmp_path).narrower == ()


def test_moves_are_stated_by_the_names_that_the_kit_gives():
    assert stays("course:polish", ("completed", "attended", "none")) == (("completed",), ("completed", "attended"))
    assert stays("course:polish.taken", ("yes", "no")) == (("yes",),)
    assert stays("security.end", ("low", "middle", "high", "none")) == (("low",), ("middle",), ("high",))
    assert stays("needs:law", ("met", "some", "none")) == (("met",), ("met", "some"))
    assert stays("supported.law", ("yes", "no")) == (("yes",),)
    assert stays("support:law", ("yes", "no")) == (("yes",),)
    assert stays("legal.end", ("regulated", "unregulated", "not_told")) == (("regulated",), ("unregulated",))
    assert stays("goals:law", ("reached", "not_reached", "none")) == (("reached",), ("reached", "not_reached"))
    assert stays("home", ("UA", "PL")) == (("UA",), ("PL",))
    assert stays("home&legal.end", ("UA&regulated", "PL&not_told")) == ()  # each of the two says it itself


@pytest.mark.parametrize(
    ("topic", "name", "rung", "stay"),
    [
        ("flow", "stage", "answered", (("yes",),)),
        ("courses", "course:polish", "taken", (("yes",),)),
        ("outcomes", "security.direction", "improved", (("higher",), ("others",))),
        ("outcomes", "security.direction", "known", (("higher",),)),
        ("distributions", "security.end", "best", (("high",), ("others",))),
        ("status", "legal.end", "regulated", (("regulated",), ("others",))),
        ("status", "legal.end", "known", (("regulated",),)),
        ("status_change", "legal.change", "known", (("changed",),)),
        ("needs", "needs:law", "asked", (("yes",),)),
        ("indicators", "regulated", "known", (("yes",),)),
    ],
)
def test_of_a_coarser_rung_stays_what_stays_of_the_finest(topic, name, rung, stay):
    """Nobody is bound to 'all others', among whom are those of whom nothing is known yet."""
    to = LADDERS[topic][rung]
    people = People({name: tuple(to), f"{name}.{rung}": tuple({*to.values()})}, {name: {f"{name}.{rung}": to}}, (), {})
    assert people.as_mapping()["stays"][f"{name}.{rung}"] == [list(some) for some in stay]


@pytest.mark.parametrize(
    ("steps", "names", "full"),
    [
        ((0, 0), [], [True]),
        ((3,), ["@0"], [False, True]),
        ((-2,), ["@1"], [True, False]),
        ((3, -2), ["@0", "@2"], [False, True, False]),
        ((-2, 3), ["@0", "@1", "@2"], [False] * 3),
    ],
)
def test_as_few_people_come_and_go_as_the_totals_require(steps, names, full):
    assert (Times(steps).names, Times(steps).full) == (names, full)


YES_NO = ("yes", "no")
HOME = {"codes": {"home": ["UA", "PL"]}, "within": {}, "facts": [], "stays": {"home": [["UA"], ["PL"]]}}


def entry(release):
    return {**HOME, "quantities": {f"{release} {code}": {"home": code} for code in ("UA", "PL")}}


@pytest.mark.parametrize(
    ("totals", "lives"), [((9, 9), "UAUA PLPL"), ((9, 12), "UAUA PLPL -UA -PL"), ((9, 7), "UAUA PLPL UA- PL-")]
)
def test_a_life_goes_on_where_it_was_and_only_newcomers_begin_later(totals, lives):
    model = Model(linked([entry("a"), entry("b")], totals, exceptions=False))
    _, kinds = model.of(["home@0", "home@1"])
    assert sorted({one["home@0"] + one["home@1"] for one in kinds}) == sorted(lives.split())


def test_what_is_true_of_people_is_true_of_them_at_each_release():
    """Who has papers lives in Poland, then and now, and keeps them."""
    papers = {"whoever": ["papers", ["yes"]], "then": [["home", ["PL"]]]}
    told = [
        {
            **entry(name),
            "codes": {**HOME["codes"], "papers": ["yes", "no"]},
            "facts": [papers],
            "quantities": {
                f"{name} {home} {own}": {"home": home, "papers": own} for home in ("UA", "PL") for own in YES_NO
            },
            "stays": {"papers": [["yes"]]},
        }
        for name in "ab"
    ]
    model = Model(linked(told, (9, 9), exceptions=False))
    for time in ("0", "1"):
        _, kinds = model.of([f"home@{time}", f"papers@{time}"])
        lives = {(one[f"home@{time}"], one[f"papers@{time}"]) for one in kinds}
        assert lives == {("UA", "no"), ("PL", "no"), ("PL", "yes")}, time
    _, kinds = model.of(["papers@0", "papers@1"])
    assert {(one["papers@0"], one["papers@1"]) for one in kinds} == {("no", "no"), ("no", "yes"), ("yes", "yes")}


HERE = variable("home", "UA", "PL")


def homes(release, ukraine, poland):
    return draft(release, table("home", [HERE], {(): ukraine + poland, ("UA",): ukraine, ("PL",): poland}))


def test_as_few_as_the_print_requires_are_supposed_to_be_corrected(tmp_path, monkeypatch):
    ledger.release(propose(homes("first", 30, 10), tmp_path), tmp_path)
    allowed, allow = [], lists.Lists._allow
    monkeypatch.setattr(lists.Lists, "_allow", lambda self, *given: (allowed.append(given[1]), allow(self, *given)))
    assert propose(homes("second", 28, 12), tmp_path).safe
    assert max(allowed) == 2
    allowed.clear()
    assert propose(homes("second", 30, 12), tmp_path).safe
    assert allowed == []


@pytest.fixture
def audited(tmp_path):
    """What the auditor was asked in two releases of one project."""
    documents = []
    world, chance = WORLDS["one course"](), random.Random("one course 4")

    def watched(document):
        documents.append(document)
        return audit(document)

    for time, people in enumerate(drawn(world, chance, 2, (5,))):
        told = dataclasses.replace(drafted(world, people), release=f"r{time}")
        ledger.release(propose(told, tmp_path, audit=watched), tmp_path)
    return documents


def test_people_who_fitted_one_document_are_believed_of_the_next_only_where_they_fit(audited):
    memory: Memory = []
    for one in [*audited, *reversed(audited)]:
        assert consistent(one, memory=memory) == consistent(one)
        found, anew = audit(one, memory=memory), audit(one)
        assert (found.consistent, found.narrow) == (anew.consistent, anew.narrow)
        for id in [*one["own"], *(id for ids in one["changes"].values() for id in ids)]:
            assert found.intervals.get(id) == anew.intervals.get(id), id


def test_ends_that_nobody_asks_for_change_nothing_of_those_that_count(audited):
    """Also of what was told before: whether it still goes as far as it must."""
    later = [one for one in audited if one["changes"] or one["asked"]]
    assert later
    for one in later:
        found, whole = audit(one), audit({**one, "own": [], "changes": {}, "asked": {}})
        assert found.narrow == whole.narrow
        assert len(found.intervals) == len(whole.intervals)
        for id in [*one["own"], *(id for ids in one["changes"].values() for id in ids)]:
            assert found.intervals.get(id) == whole.intervals.get(id), id
        for id, (low, high) in {**one["asked"], **one["sensitive"]}.items():
            known = [run.intervals[id] for run in (found, whole) if id in run.intervals]
            inside = {(max(low, least), high if most is None else min(high, most)) for least, most in known}
            assert len(inside) <= 1, id


def test_what_one_document_says_besides_is_not_believed_of_the_next(audited):
    """That nobody stands at any code: three times all numbers together are none."""
    memory: Memory = []
    one = audited[1]
    nobody = {"terms": [[id, -3] for id in one["own"]] + [[one["own"][0], -1]], "sense": ">=", "rhs": 0}
    documents = one, {**one, "relations": [*one["relations"], nobody]}, one
    assert [audit(each, memory=memory).consistent for each in documents] == [True, False, True]
    assert [consistent(each, memory=memory) for each in documents] == [True, False, True]
