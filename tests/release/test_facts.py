"""Facts about people reach optimiser and auditor by different ways: what one of them forgot the other notices."""

from __future__ import annotations

import dataclasses
import itertools
import random

import pytest

from evaluation.descriptors import codes
from evaluation.errors import Disclosive, Infeasible
from evaluation.release import ledger, serving
from evaluation.release.audit.persons import kinds
from evaluation.release.audit.persons.lists import Lists
from evaluation.release.audit.verdict import audit, consistent
from evaluation.release.facts import NOT_TOLD, SITUATIONS, Fact, stated
from evaluation.release.released import Draft
from evaluation.release.suppress.protection import protect
from evaluation.release.system import assembly
from evaluation.release.system.assembly import document, publication
from evaluation.schema import Breakdown, Course, Outcome, Scale
from tests.release.drafts import propose
from tests.release.people import Intruder, World, drafted
from tests.release.worlds import fact

pytestmark = pytest.mark.usefixtures("without_the_reader_who_knows_the_rule")

L = {"en": "x"}
SCALE = Scale("x", L, "higher", "sum", 6, 30, 5, tuple("abcdef"))
OUTCOMES = [(Outcome(name, L, "s", step=step), SCALE) for name, step in (("a", 2.0), ("b", 9.0))]
COURSES = [Course("c1", L, 3, 1), Course("c2", L, 3, 2), Course("c3", L, 3, 2)]
YES_NO = ("yes", "no")
CODES = {
    **dict.fromkeys(("taken", "completed", "supported", "supported.law", "a.pairs", "b.pairs"), YES_NO),
    "stage": ("finished", "left", "no_answer"),
    **{f"course:{course.id}.taken": YES_NO for course in COURSES},
    **{f"course:{course.id}": ("completed", "attended", "none") for course in COURSES},
    **dict.fromkeys(("a.direction", "b.direction"), ("higher", "same", "lower", "not_paired")),
    **dict.fromkeys(("a.start", "a.end", "b.start", "b.end"), ("low", "middle", "high", "none")),
    **dict.fromkeys(("supported.medical", "supported.psychological"), YES_NO),
    **{f"support:{area}": YES_NO for area in codes("support_areas")},
    **dict.fromkeys(("goals", *(f"goals.{kind}" for kind in codes("goal_kinds"))), ("reached", "not_reached", "none")),
    **dict.fromkeys(("legal.start", "legal.end"), (*SITUATIONS, NOT_TOLD)),
    "legal.change": ("changed", "same", NOT_TOLD),
    "regulated": ("reached", "not_reached", "none"),
    "home": ("PL", "UA"),
}
HOME = Breakdown("home", L, "country", {"PL": L, "UA": L}, citizens=("PL",))
ALIKE = {f"goals.{kind}" for kind in [*codes("goal_kinds")][1:]}
FACTS = stated(CODES, COURSES, OUTCOMES, (HOME,))


def counted(known: Fact) -> Draft:
    """2, 6 and 10 people of three groups are on both sides of the fact; one side is told of the second group only.

    What hiding costs decides that: of whom the fact speaks, the third group is dear, and of the other side the second.
    """
    (name, codes), then = known.whoever, known.then
    first = {name: (codes[0], next(code for code in CODES[name] if code not in codes))}
    for other, at in then:
        away = next(code for code in CODES[other] if code not in at)
        first[other] = (at[0] if other == then[0][0] else away, away)
    people = [
        {**{variable: codes[side] for variable, codes in first.items()}, "g": group}
        for group, number in (("x", 2), ("y", 6), ("z", 10))
        for side, times in ((0, number), (1, 12))
        for _ in range(times)
    ]
    names = list(first)
    fine = {"g": ("x", "y", "z"), **{name: CODES[name] for name in names}}
    whole = drafted(
        World(fine, [("g",), *((one,) for one in names), *((one, "g") for one in names)], facts=[known]), people
    )
    dear = {name: "z", **{other: "y" for other, _ in then[:1]}, **{other: "xyz" for other, _ in then[1:]}}
    cheap = {*first[name], *(code for other, _ in then[:1] for code in first[other])}

    def weight(at: dict[str, str]) -> int:
        own = next((one for one in at if one != "g"), "")
        return 1 if len(at) == 2 and at["g"] not in dear[own] and at[own] in cheap else 40

    tables = tuple(
        dataclasses.replace(one, counts=tuple(dataclasses.replace(c, weight=weight(dict(c.at))) for c in one.counts))
        for one in whole.tables
    )
    return dataclasses.replace(whole, tables=tables)


@pytest.mark.parametrize(
    "known",
    [known for known in FACTS if known.then and known.whoever[0] not in ALIKE],
    ids=lambda one: f"{one.whoever[0]} {'/'.join(one.whoever[1])} {len(one.then)}",
)
def test_a_fact_that_the_optimiser_forgot_is_found_by_the_auditor(tmp_path, known):
    what = counted(known)
    told, forgotten = document(what, threshold=5), document(dataclasses.replace(what, implications=()), threshold=5)
    hidden = {
        c["id"] for t in protect(forgotten.as_mapping()).published["tables"] for c in t["cells"] if c["value"] is None
    }
    assert audit(publication(forgotten, hidden).as_mapping()).narrow == ()
    assert audit(publication(told, hidden).as_mapping()).narrow
    assert propose(what, tmp_path).safe


def test_where_one_session_completes_nobody_attends_and_the_auditor_knows():
    (nobody,) = [known for known in FACTS if not known.then]
    people = [{"course:c1": code} for code, number in (("completed", 2), ("none", 18)) for _ in range(number)]
    what = drafted(World({"course:c1": CODES["course:c1"]}, [("course:c1",)]), people)
    hidden = [f"participants@r[course:c1={code}]" for code in ("completed", "attended")]
    for known, exact in (((), ()), ((nobody,), tuple(sorted(hidden)))):
        told = document(dataclasses.replace(what, implications=known), threshold=5)
        assert audit(publication(told, hidden).as_mapping()).exact == exact


def test_what_the_auditor_found_is_told_to_the_optimiser_as_a_row(tmp_path, monkeypatch):
    monkeypatch.setattr(assembly, "implied", lambda *_: ())
    known = next(one for one in FACTS if one.whoever == ("completed", ("yes",)))
    assert propose(counted(known), tmp_path).narrow == ()
    monkeypatch.setattr(serving, "_ROUNDS", 1)
    found = propose(counted(known), tmp_path)
    assert found.narrow
    assert not found.safe
    with pytest.raises(Disclosive):
        ledger.release(found, tmp_path)


def test_more_kinds_of_people_than_can_be_counted_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(kinds, "MOST", 5)
    with pytest.raises(Infeasible, match="'g' and 'taken' are told together; leave a table"):
        propose(counted(FACTS[0]), tmp_path)


SMALL = {"a": ("1", "2", "3"), "b": YES_NO, "c": YES_NO}
PEOPLE = [{"b": "yes", "c": "yes"}] * 8 + [{"b": "no", "c": "no"}] * 12
BOUND = [
    fact("a", "1", ("b", "yes"), ("c", "yes")),
    fact("b", "yes", ("a", "1"), ("a", "2")),
    fact("c", "no", ("b", "no")),
]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("tables", [("a", "b", "c"), ("ab", "c"), ("ab", "bc", "ac"), ("abc",)])
@pytest.mark.parametrize("facts", [(), BOUND[:1], BOUND])
def test_ends_are_those_over_all_lists_of_people(seed, tables, facts):
    chance = random.Random(f"{seed} {tables} {len(facts)}")
    everyone = [dict(zip(SMALL, codes, strict=True)) for codes in itertools.product(*SMALL.values())]
    kinds_there = [one for one in everyone if all(holds(known, one) for known in facts)]
    people = chance.choices(kinds_there, [chance.random() ** 2 for _ in kinds_there], k=20)
    what = drafted(World(SMALL, [tuple(one) for one in tables], facts=facts), people)
    written = document(what, threshold=5)
    free = [cell.id for cell in written.cells if cell.id not in written.must_publish]
    hidden = chance.sample(free, len(free) * 2 // 3)
    seen = publication(written, hidden)
    at = {cell.id: (frozenset(cell.at.items()), cell.value) for cell in seen.cells}
    intruder = Intruder(kinds_there, {where: value for where, value in at.values() if value is not None})
    found = audit(seen.as_mapping())
    assert consistent(seen.as_mapping())
    for id in hidden:
        assert found.intervals[id] == (intruder.end(at[id][0], 1, -1), intruder.end(at[id][0], -1, 10**6)), id


@pytest.mark.parametrize(("sense", "ends"), [("<=", (0, 8)), (">=", (8, 20)), ("=", (8, 8))])
def test_the_auditor_knows_a_relation_that_is_not_true_of_whatever_people_there_can_be(sense, ends):
    """By what bounds tell, and by the lists of people that are found: none of these breaks it."""
    seen = unseen_and_wanted()
    found = audit(seen)
    assert (found.intervals[UNSEEN], found.narrow) == ((0, 20), ())
    row = {"terms": [[UNSEEN, 1], ["participants@r[c=yes]", -1]], "sense": sense}
    found = audit({**seen, "relations": [*seen["relations"], row]})
    assert (found.intervals[UNSEEN], found.narrow) == (ends, (UNSEEN,))


def test_a_number_counts_as_told_where_no_list_of_people_was_found_at_its_end(monkeypatch):
    seen, take, taken = unseen_and_wanted(), Lists._take, []
    monkeypatch.setattr(Lists, "_take", lambda self, point: not taken and not taken.append(take(self, point)))
    assert audit(seen).narrow == (UNSEEN,)
    assert taken == [True]


UNSEEN = "participants@r[b=yes]"


def unseen_and_wanted():
    """Nobody knows how many of 20 are at ``b``, and this has to stay so."""
    told = document(drafted(World({"b": YES_NO, "c": YES_NO}, [("b",), ("c",)]), PEOPLE), threshold=1)
    return {**publication(told, [UNSEEN, "participants@r[b=no]"]).as_mapping(), "sensitive": {UNSEEN: [0, 20]}}


def holds(known, person):
    name, codes = known.whoever
    return person[name] not in codes or any(person[other] in at for other, at in known.then)


def test_no_list_of_people_fits_what_a_fact_excludes():
    people = [{"b": "yes", "c": "yes"}] * 10 + [{"b": "no", "c": "no"}] * 10
    known = fact("b", "yes", ("c", "no"))
    told = document(drafted(World({"b": YES_NO, "c": YES_NO}, [("b",), ("c",)], facts=[known]), people), threshold=1)
    changed = told.with_values({"participants@r[c=no]": 9, "participants@r[c=yes]": 11})
    assert audit(told.as_mapping()).consistent
    assert not audit(changed.as_mapping()).consistent
    assert not consistent(changed.as_mapping())
