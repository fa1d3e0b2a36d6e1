"""The analytical report: needs and distributions pass the gate; a waiting list is compared."""

from __future__ import annotations

import dataclasses
import html
import itertools
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from evaluation.errors import Contradiction
from evaluation.project import Project
from evaluation.project.draft.assembly import draft
from evaluation.project.draft.counting import Places, outcome_labels
from evaluation.project.draft.ladders import graded
from evaluation.project.draft.topics.distributions import distribution
from evaluation.project.draft.topics.indicators import build
from evaluation.project.draft.topics.means import later, means, published_error, trusted
from evaluation.project.folder import read
from evaluation.project.papers.claims import claim_lines
from evaluation.project.releases.releasing import make_documents, propose
from evaluation.release import bundle
from evaluation.release.facts import Fact, check, stated
from evaluation.release.files.chain import PrintedMean
from evaluation.release.ledger import Proposal
from evaluation.release.released import Draft, Reference, Released, Variable
from evaluation.release.system.assembly import mapping, quantities_of
from evaluation.release.system.means import printed_means, released_before
from evaluation.report import words
from evaluation.report.claims import causal_claims
from evaluation.report.content import analysis, assurance, figures, summary, tables
from evaluation.schema import Evidence, Outcome, Rules, Scale
from tests.conftest import Folder, enter, worded
from tests.readers import WITH_INDICATORS

AREAS = ["safety", "health", "law", "relations", "livelihood"]


def value(drafted: Draft, table: str, **at: str) -> int:
    found = next(one for one in drafted.tables if one.id == table)
    name = found.variables[0].id
    return next(count.value for count in found.counts if dict(count.at) == ({name: at["code"]} if at else {}))


def plain(text: str) -> str:
    """The text with plain spaces."""
    return text.replace("\u00a0", " ")


@pytest.fixture(scope="module")
def drafted(project: Project) -> Draft:
    return draft(project.results, "analysis")


def test_nothing_beyond_the_standard_tables_leaves_unasked(project: Project) -> None:
    silent = dataclasses.replace(project.declaration.file, rules=Rules("public"))
    bare = Project(project.folder, dataclasses.replace(project.declaration, file=silent), project.store, project.who)
    topics = {table.topic for table in draft(bare.results, "bare").tables}
    assert not topics & {"needs", "distributions"}


def test_an_area_of_needs_is_met_only_if_all_that_was_asked_in_it_is(project: Project, drafted: Draft) -> None:
    assert [t.id for t in drafted.tables if t.topic == "needs" and not t.id.endswith(".asked")] == [
        f"needs:{area}" for area in AREAS
    ]
    people = project.frames["participants"]
    needs = project.frames["needs"]
    needs = needs[needs["participant"].isin(people.loc[people["consent_reporting"], "participant"])]
    health = needs[needs["need"].isin(["physical_health", "mental_health"])]
    asked, unmet = set(health["participant"]), set(health.loc[health["state"] != "met", "participant"])
    assert value(drafted, "needs:health", code="met") == len(asked - unmet)
    assert value(drafted, "needs:health", code="some") == len(unmet)
    assert value(drafted, "needs:health.asked", code="yes") == len(asked)
    assert all(table.zeros_sensitive for table in drafted.tables if table.topic == "needs")


def test_scores_are_told_in_thirds_of_the_scale_for_primary_outcomes_only(project: Project, drafted: Draft) -> None:
    assert [t.id for t in drafted.tables if t.topic == "distributions"] == [
        f"{outcome}.{moment}{rung}"
        for outcome in ("security", "self_perception", "social_awareness")
        for moment in ("start", "end")
        for rung in ("", ".best", ".known")
    ]
    own = project.scores[(project.scores["scale"] == "security.subjective") & (project.scores["wave"] == "endline")]
    scores = own["score"].dropna()
    # The scale goes from 6 to 30: its thirds begin at 6, 14 and 22.
    assert value(drafted, "security.end", code="low") == int((scores < 14).sum())
    assert value(drafted, "security.end", code="middle") == int(((scores >= 14) & (scores < 22)).sum())
    assert value(drafted, "security.end", code="high") == int((scores >= 22).sum())
    assert value(drafted, "security.end", code="none") == 41 - len(scores)


def test_what_is_true_of_everybody_is_true_of_the_numbers_of_these_tables(drafted: Draft) -> None:
    alone = (count for table in drafted.tables for count in table.counts if len(count.at) == 1)
    numbers = {next(iter(count.at.items())): count.value for count in alone}
    begun = {f"{outcome}.start" for outcome in ("security", "self_perception", "social_awareness")}
    known = [fact for fact in drafted.implications if begun & fact.variables]
    assert len(known) == 3 * 9
    for fact in drafted.implications:
        some, others = (
            sum(int(numbers[name, code]) for name, codes in side for code in codes)  # type: ignore[arg-type]
            for side in ((fact.whoever,), fact.then)
        )
        assert some <= others, fact


def thirds(scale: Scale, step: float) -> set[tuple[str, str, str]]:
    """Every first third, last third and direction that somebody can have, by the facts alone."""
    outcome = Outcome("o", {}, "x", step=step)
    codes = ("low", "middle", "high", "none")
    facts = stated(("o.start", "o.end", "o.direction"), (), [(outcome, scale)])
    found = set()
    for first, last, way in itertools.product(codes, codes, ("higher", "same", "lower", "not_paired")):
        at = {"o.start": first, "o.end": last, "o.direction": way}
        if all(any(at[n] in c for n, c in f.then) for f in facts if at[f.whoever[0]] in f.whoever[1]):
            found.add((first, last, way))
    return found


@pytest.mark.parametrize(("step", "whole"), [(1, True), (1, False), (2, False), (8, False), (8.5, False), (23, False)])
def test_facts_of_thirds_leave_what_some_pair_of_scores_gives_and_nothing_else(step: float, whole: bool) -> None:
    scale = Scale("x", {}, "higher", "sum", 6, 30, 6 if whole else 5, tuple("abcdef"))
    scores = [6 + n / 4 for n in range(24 * 4 + 1) if not whole or n % 4 == 0]
    third = {score: "low" if score < 14 else "middle" if score < 22 else "high" for score in scores}
    pairs = {
        (third[a], third[b], "higher" if b - a >= step else "lower" if a - b >= step else "same")
        for a, b in itertools.product(scores, scores)
    }
    some = [("none", code, "not_paired") for code in ("low", "middle", "high", "none")]
    assert thirds(scale, step) == {*pairs, *some, *((b, a, way) for a, b, way in some)}


@pytest.mark.parametrize(("enrolled", "told"), [(30, True), (29, False)])
def test_a_total_is_called_trusted_only_where_that_says_nothing_of_the_few_who_did_not_answer(
    project: Project, enrolled: int, told: bool
) -> None:
    # Twenty must have answered at the start; at t = 10 as many as ten must stay possible who did not.
    change = dataclasses.replace(project.changes["security"], enrolled=enrolled)
    assert change.trust is not None
    assert change.trust.headlined
    assert trusted(project.results, change) is told


def test_that_enough_answered_is_told_to_the_gate_with_a_trusted_total(drafted: Draft) -> None:
    (known,) = [
        one for one in drafted.relations if [place.at for place, _ in one.terms] == [{"security.start": "none"}]
    ]
    assert (known.rhs, known.sense) == (41 - 20, "<=")


def test_the_release_with_all_tables_is_safe_and_optimal(first_release: Proposal) -> None:
    proposal = first_release
    assert proposal.safe
    assert proposal.certificate.optimal
    assert (proposal.certificate.exact, proposal.certificate.narrow) == (0, 0)


@pytest.fixture(scope="module")
def made(reported: Folder) -> tuple[Path, Released]:
    """The documents of a release of the reference project, and that release."""
    return reported.path / "reports" / "final", bundle.read(reported.path / "releases" / "final.json")


@pytest.mark.parametrize(("language", "title"), [("en", "Analytical report"), ("pl", "Raport analityczny")])
def test_the_analytical_report_is_a_document_of_its_own(made: tuple[Path, Released], language: str, title: str) -> None:
    page = (made[0] / language / "analysis.html").read_text(encoding="utf-8")
    assert f"{title}</h1>" in page
    assert page.count("<figure>") == 7
    assert len(re.findall(r'<img alt="[^"]{40,}"', page)) == 7
    said = plain(html.unescape(page))
    caveat = words.say("shared.attendance_not_assigned", language)
    for limit in ("attendance", "reasons", "groups"):
        assert plain(words.say(f"report.limits.{limit}", language, caveat=caveat)) in said
    source = {"en": "source: notes of the team meetings", "pl": "źródło: notatki z zebrań zespołu"}
    assert source[language] in said


@pytest.mark.parametrize("language", ["en", "pl"])
def test_no_part_of_it_shows_a_hidden_number_or_claims_a_cause(
    made: tuple[Path, Released], project: Project, language: str
) -> None:
    released = made[1]
    true = {(t.id, tuple(c.at.items())): c.value for t in draft(project.results, "final").tables for c in t.counts}
    topics = {"needs": analysis.needs, "distributions": analysis.distributions}
    hidden = [(t, c) for t in released.tables if t.topic in topics for c in t.counts if not isinstance(c.value, int)]
    assert hidden
    for shown in (analysis.needs, analysis.distributions, analysis.challenges, analysis.limits):
        part = shown(released, language)
        assert causal_claims(part.text, language) == []
    table, count = hidden[0]
    lines = topics[table.topic](released, language).text.splitlines()
    row = next(line for line in lines if words.title(table.labels, language) in line)
    assert str(true[table.id, tuple(count.at.items())]) not in re.findall(r"\d+", row)
    for shown in (figures.needs, figures.distributions):
        assert shown(released, language).png


def test_without_its_tables_there_is_no_analytical_report(copied: Folder) -> None:
    path = copied.path / "project.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"  tables: .*\n", "", text), encoding="utf-8")
    with copied.open() as project:
        bundled = enter(project, "short")
    names = {file.name for file in make_documents(bundled, copied.path / "out", parameters={"language": "en"})}
    assert names == {f"report.{end}" for end in WITH_INDICATORS}
    released = bundle.read(bundled)
    assert analysis.needs(released, "en").text.endswith("nothing was recorded.")


# --- a waiting list ---------------------------------------------------------------------------------------------------

WAITING = "design: waiting list\nserved_column: sex\nserved_code: {code}\n{draw}"


def waiting(folder: Folder, *, draw: bool, threshold: str = "funder") -> None:
    """The project as a waiting list, in which whoever has the code F was served first."""
    plan = folder.path / "plan.yml"
    told = WAITING.format(code="F", draw="random_allocation: true" if draw else "")
    plan.write_text(plan.read_text(encoding="utf-8").replace("design: single group", told), encoding="utf-8")
    file = folder.path / "project.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"  profile: public\n  tables: .*\n", f"  profile: {threshold}\n", text), encoding="utf-8")


def halved(project: Project) -> None:
    """Every second person was served first; the fictional project knows no waiting list."""
    people = project.frames["participants"]
    people["sex"] = ["F" if number % 2 else "M" for number in range(len(people))]


@pytest.mark.parametrize(
    ("draw", "said", "unsaid"), [(True, "by_draw", "not_by_draw"), (False, "not_by_draw", "by_draw")]
)
def test_a_waiting_list_is_told_as_served_against_waiting_and_only_a_draw_names_the_reason(
    copied: Folder, draw: bool, said: str, unsaid: str
) -> None:
    waiting(copied, draw=draw)
    with copied.open() as project:
        halved(project)
        adjusted = project.results.waiting["security"].adjusted
        leaving = propose(project, "waiting").leaving
    assert adjusted is not None
    mean = next(one for one in leaving.means if one.id == "security.waiting")
    assert (mean.method, mean.primary, mean.change) == ("waiting list", True, round(adjusted.difference, 1))
    assert not any(one.primary for one in leaving.means if one.method != "waiting list")
    for language in ("en", "pl"):
        told = plain(summary.results_summary(leaving, language).text)
        method = plain(assurance.method(leaving, language).text)
        for text in (told, method):
            assert plain(words.say(f"report.summary.{said}", language)) in text
            assert plain(words.say(f"report.summary.{unsaid}", language)) not in text
            assert plain(words.say("report.summary.no_comparison", language)) not in text
    told = plain(summary.results_summary(leaving, "en").text)
    way = "higher" if mean.change > 0 else "lower"
    name, by = "sense of security (exploratory)", f"{abs(mean.change):.1f} points {way}"
    assert f"{name} of those served first was {by} than that of those" in told
    assert "we cannot tell whether the groups differ" in told
    assert "at the end than at the start" not in told
    assert not any(one.id == "security.pairs.by.served" for one in leaving.tables)  # its four cells are too many
    rows = tables.outcomes(leaving, "en").text
    assert "Sense of security (exploratory): served first less still waiting" in rows
    assert "served first and still waiting" in rows


def test_a_comparison_leaves_only_if_each_group_has_enough_on_both_sides(copied: Folder) -> None:
    # At t = 10 a group needs ten pairs and twenty people: with 20 and 21 it may leave, with 12 and 29 it may not.
    waiting(copied, draw=True, threshold="public")
    with copied.open() as project:
        halved(project)
        found = project.results.waiting["self_perception"].adjusted
        assert found is not None
        assert min(found.served, found.waiting) >= 10
        told = {mean.id: mean.change for mean in draft(project.results, "waiting").means}
        assert told["self_perception.waiting"] is not None
        people = project.frames["participants"]
        people["sex"] = ["F" if group == "foreigners" else "M" for group in people["target_group"]]
        del project.results.__dict__["waiting"]
        told = {mean.id: mean.change for mean in draft(project.results, "waiting").means}
        assert told["self_perception.waiting"] is None
        assert told["self_perception"] is not None


def test_a_told_comparison_says_that_each_group_has_enough_and_the_gate_knows_it(copied: Folder) -> None:
    waiting(copied, draw=True)
    with copied.open() as project:
        halved(project)
        drafted = draft(project.results, "waiting")
    written = mapping(drafted, threshold=5)
    for code in ("yes", "no"):
        name = f"participants@waiting[security.pairs=yes,served={code}]"
        assert written["bounds"][name] == [10, None]
    alone = dataclasses.replace(drafted, tables=tuple(t for t in drafted.tables if not t.id.endswith(".by.served")))
    with pytest.raises(Contradiction, match="by 'served'"):
        mapping(alone, threshold=5)


@pytest.mark.parametrize(
    ("told", "new", "may"),
    [
        ("security", "security.waiting", False),
        ("security.waiting", "security", False),
        ("security", "security", False),
        ("security", "rights", True),
        ("security", "security.later", True),
        ("security.later", "security", True),
        ("security.later", "security.later", False),
    ],
)
def test_what_is_told_of_an_outcome_is_told_at_once_and_never_again(
    drafted: Draft, told: str, new: str, may: bool
) -> None:
    before, wave = (name.partition(".")[2].removesuffix("waiting") for name in (told, new))
    mean = dataclasses.replace(drafted.means[0], id=new, wave=wave)
    printed = [PrintedMean(told, "all enrolled", None, 1.0, 0.5, 1.5, wave=before)]
    assert released_before(mean, printed, threshold=5) is not may
    assert not released_before(mean, printed, threshold=1)


def test_a_mean_first_score_is_of_everyone_the_change_is_about_and_a_later_wave_has_a_mean_of_its_own(
    project: Project, drafted: Draft
) -> None:
    results = project.results
    by_id = {mean.id: mean for mean in drafted.means}
    assert len(by_id) == len(drafted.means) == 2 * len(results.changes)
    for name, change in results.changes.items():
        afterwards = results.follow_ups[name]["follow_up"]
        mine, then = by_id[name], by_id[f"{name}.follow_up"]
        assert change.pairs < change.at_baseline < change.enrolled
        assert mine.start == pytest.approx(change.means.baseline or 0.0, abs=0.051)
        assert abs((mine.start or 0.0) - (change.means.paired_baseline or 0.0)) > 0.06 or name != "security"
        assert (mine.wave, then.wave, then.start) == ("", "follow_up", None)
        assert (then.n, then.of) == (afterwards.pairs, 41)
        assert then.change == pytest.approx(afterwards.means.all_enrolled.estimate, abs=0.051)  # type: ignore[union-attr]
        assert value(drafted, f"{name}.follow_up.pairs", code="yes") == afterwards.pairs


def test_where_the_mean_change_is_refused_nothing_is_said_of_where_people_began(project: Project) -> None:
    results = project.results
    (outcome, *_), declaration = results.declaration.plan.outcomes, results.declaration
    strict = dataclasses.replace(declaration, plan=dataclasses.replace(declaration.plan, minimum_retention=0.9))
    refused = dataclasses.replace(results, declaration=strict)
    assert [(mean.change, mean.start, mean.low) for made in (means, later) for mean in made(refused, outcome)] == [
        (None, None, None)
    ] * 2


def test_a_withheld_mean_says_nothing_of_its_items(drafted: Draft) -> None:
    counted = quantities_of(drafted)
    mean = dataclasses.replace(drafted.means[0], trusted=False, change=None, low=None, high=None)
    (printed,) = printed_means([mean], counted, threshold=10, printed={})
    assert printed.trusted
    assert printed.primary == mean.primary


def test_whoever_took_a_course_and_completed_none_attended_one(copied: Folder) -> None:
    indicators = copied.path / "indicators.yml"
    more = """  - {code: OUT-9, level: output, unit: persons, measure: taken, labels: {en: took any, pl: dowolny kurs},
     source: {en: register, pl: dziennik}}
"""
    indicators.write_text(indicators.read_text(encoding="utf-8") + more, encoding="utf-8")
    with copied.open() as project:
        made = draft(project.results, "taken")
    courses = [course.id for course in project.declaration.file.courses]
    attended = tuple((f"course:{id}", ("attended",)) for id in courses)
    assert Fact(("taken", ("yes",)), (("completed", ("yes",)), *attended)) in made.implications
    assert Fact(("completed", ("yes",)), (("taken", ("yes",)),)) in made.implications


def test_a_fact_that_is_false_of_somebody_stops_the_draft_by_its_name_and_names_nobody() -> None:
    known = (Fact(("completed", ("yes",)), (("taken", ("yes",)),)),)
    codes = {"taken": {"P-001": "yes", "P-002": "no"}, "completed": {"P-001": "no", "P-002": "yes"}}
    with pytest.raises(Contradiction, match="'evaluation check'") as refused:
        check(known, codes)
    assert "completed = yes is at taken = yes" in str(refused.value)
    assert "P-00" not in str(refused.value)
    check(known, {**codes, "taken": {"P-001": "yes", "P-002": "yes"}})


def test_typed_text_may_name_a_cause_only_where_a_draw_decided(copied: Folder) -> None:
    path = copied.path / "indicators.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("left places free", "left places free thanks to us"), encoding="utf-8")
    declaration = read(copied.path)
    assert worded(claim_lines(copied.path, declaration))
    waiting = {"design": "waiting list", "served_column": "target_group", "served_code": "foreigners"}
    plan = dataclasses.replace(declaration.plan, **waiting, random_allocation=True)
    drawn = dataclasses.replace(declaration, plan=plan)
    assert worded(claim_lines(copied.path, drawn)) == []


def test_a_waiting_list_of_levels_or_with_few_who_stayed_has_no_mean_difference(copied: Folder) -> None:
    waiting(copied, draw=True)
    plan = copied.path / "plan.yml"
    level = "  - {id: level, scale: language.english_speaking, labels: {en: speaking, pl: mówienie}}\n"
    plan.write_text(plan.read_text(encoding="utf-8") + level + "minimum_retention: 0.79\n", encoding="utf-8")
    with copied.open() as project:
        halved(project)
        assert project.results.waiting["level"].adjusted is None
        told = {mean.id: mean.change for mean in draft(project.results, "waiting").means}
        assert project.changes["security"].headline == "none"  # 30 of 40 stayed
        assert project.results.waiting["security"].adjusted is not None
        assert told["security.waiting"] is None
        assert told["social_awareness.waiting"] is not None  # 33 of 40


def test_improved_is_counted_in_the_good_direction_also_where_nobody_improved(project: Project) -> None:
    (measured,) = [one for one in project.results.indicators if one.indicator.code == "RES-1"]
    measured = dataclasses.replace(measured, indicator=dataclasses.replace(measured.indicator, breakdown=""))
    codes = ("higher", "same", "lower", "not_paired")
    for better in ("higher", "lower"):
        placing = (Variable("security.direction", {}, {code: {} for code in codes}), {"P-001": "higher"})
        placing = graded("outcomes", placing, Rules(), better=better)
        change = project.changes["security"]
        change = dataclasses.replace(change, scale=dataclasses.replace(change.scale, direction=better))  # type: ignore[arg-type]
        results: Any = SimpleNamespace(declaration=project.declaration, changes={"security": change})
        drafted = build(measured, Places(results, ["P-001"], {}, {"security": placing}, {}))
        assert drafted.line.numerator == Reference("security.direction", {"security.direction": better})
    (line,) = [one for one in draft(project.results, "x").indicators if one.code == "RES-1"]
    assert line.numerator is not None
    assert line.numerator.at == {"security.direction": "higher"}


def test_what_was_not_planned_is_called_exploratory_in_every_part_that_names_it(copied: Folder) -> None:
    plan = copied.path / "plan.yml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("step: 2", "step: 3", 1), encoding="utf-8")
    file = copied.path / "project.yml"
    text = file.read_text(encoding="utf-8").replace("profile: public", "profile: internal")
    file.write_text(text, encoding="utf-8")
    with copied.open() as project:
        assert [name for name, one in project.changes.items() if not one.preplanned] == ["security"]
        leaving = propose(project, "late").leaving
    for language in ("en", "pl"):
        name = {"en": "Sense of security (exploratory)", "pl": "Poczucie bezpieczeństwa (eksploracyjnie)"}[language]
        for shown in (tables.outcomes, figures.means, figures.direction, analysis.distributions, figures.distributions):
            part = shown(leaving, language)
            said = plain(" ".join([part.text, *(one.alt for one in part.part.figures), html.unescape(part.html)]))
            assert name in said
            assert name.partition(" (")[0] not in said.replace(name, ""), shown
        marked = {line.code: "(e" in line.labels[language] for line in leaving.indicators}
        assert [code for code, is_marked in marked.items() if is_marked] == ["RES-1"]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "no reliable total score"), ("pl", "brak rzetelnego łącznego wyniku")]
)
def test_a_total_that_its_questions_do_not_bear_heads_nothing_and_says_so(
    first_release: Proposal, language: str, said: str
) -> None:
    leaving = first_release.leaving
    means = tuple(dataclasses.replace(one, trusted=one.id != "security") for one in leaving.means)
    doubted = dataclasses.replace(leaving, means=means)
    told = plain(summary.results_summary(doubted, language).text)
    name = {"en": "sense of security", "pl": "poczucie bezpieczeństwa"}[language]
    assert plain(words.say("report.summary.untrusted_left_out", language, list=name)) in told
    assert told.lower().count(name) == 1
    for shown in (tables.outcomes, figures.means):
        assert said in plain(shown(doubted, language).text)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_a_plan_with_too_many_main_outcomes_says_that_all_is_exploratory(
    first_release: Proposal, language: str
) -> None:
    leaving = first_release.leaving
    many = dataclasses.replace(leaving, facts=dataclasses.replace(leaving.facts, most_primary=5))
    assert plain(words.say("report.summary.sprawling", language, n=5)) in plain(
        summary.results_summary(many, language).text
    )
    assert plain(words.say("report.method.plan_not", language)) in plain(assurance.method(many, language).text)


def test_the_net_change_is_told_where_both_counts_are_and_only_there(project: Project) -> None:
    released = propose(project, "net").leaving
    for language, said in (("en", "who scored higher, less those"), ("pl", "z wyższym wynikiem minus liczba osób")):
        shown = [line for line in plain(tables.outcomes(released, language).text).split("\n") if said in line]
        assert len(shown) <= 1
        for table in released.tables:
            if table.id.endswith(".direction"):
                of = {dict(count.at).get(table.variables[0].id, ""): count.value for count in table.counts}
                both = isinstance(of["higher"], int) and isinstance(of["lower"], int)
                assert any(words.inline(table.labels, language) in line for line in shown) == both
        seen = next(one for one in draft(project.results, "net").tables if one.id == "security.direction")
        counts = tuple(
            dataclasses.replace(
                one, value={"higher": 4, "lower": 15}.get(one.at.get("security.direction", ""), one.value)
            )
            for one in seen.counts
        )
        (line,) = tables.net([dataclasses.replace(seen, counts=counts)], language)
        assert plain(line).endswith({"en": "security −11.", "pl": "bezpieczeństwa −11."}[language])


def test_a_label_in_a_language_that_the_kit_does_not_speak_stands_beside_the_others(project: Project) -> None:
    labels = {"uk": "безпека", "en": "security", "pl": "bezpieczeństwo"}
    assert outcome_labels(labels, preplanned=False) == {
        "uk": "безпека (exploratory)", "en": "security (exploratory)", "pl": "bezpieczeństwo (eksploracyjnie)",
    }  # fmt: skip
    outcome = dataclasses.replace(project.declaration.plan.outcome("security"), labels=labels)
    tables, _ = distribution(project.results, outcome, list(project.frames["participants"]["participant"]))
    assert tables[0].table.labels == {"uk": "безпека, start", "en": "security, start", "pl": "bezpieczeństwo, początek"}


@pytest.mark.parametrize(
    ("evidence", "plan", "told"),
    [
        ([], None, (None, None)),
        ([("reliability", 0.8, "read"), ("reliability", 0.7, "read")], None, (None, 0.8)),
        ([("reliability", 0.8, "read"), ("detectable", 9.0, "read")], 0.9, (9.0, None)),
        ([("reliability", 0.8, "read")], 0.9, (None, 0.9)),
        ([("reliability", 0.8, "recalled"), ("detectable", 9.0, "recalled")], None, (None, None)),
        ([("change", 5.0, "read")], None, (None, None)),
    ],
    ids=["nothing", "the first", "points before reliability", "the plan's first", "not read", "another kind"],
)
def test_only_what_was_published_of_a_scale_says_outside_how_large_its_error_is(
    project: Project,
    evidence: list[tuple[Any, float, Any]],
    plan: float | None,
    told: tuple[float | None, float | None],
) -> None:
    first = project.declaration.plan.outcomes[0]
    found = tuple(Evidence(kind, value, "a book", {}, status) for kind, value, status in evidence)
    scale = dataclasses.replace(project.declaration.scale(first), evidence=found)
    outcome = dataclasses.replace(first, reliability=plan, reliability_source="another book" if plan else "")
    assert published_error(outcome, scale) == told
    # Without a source it is nobody's finding.
    assert published_error(dataclasses.replace(first, reliability=0.6), scale)[1] != 0.6
