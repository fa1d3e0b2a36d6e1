"""The analytical report: mixes of courses, needs and distributions pass the gate; a waiting list is compared."""

from __future__ import annotations

import dataclasses
import html
import re
from pathlib import Path

import pytest

from evaluation.project import House
from evaluation.project.analysis import parts
from evaluation.project.drafting import draft
from evaluation.project.releasing import make_documents, propose, release
from evaluation.project.wording import claim_lines
from evaluation.release import bundle
from evaluation.release.released import Draft, Released
from evaluation.report import analysis, assurance, figures, narrative, tables, words
from evaluation.report.claims import causal_claims
from evaluation.schema import Rules
from tests.conftest import Folder

AREAS = ["safety", "health", "law", "relations", "livelihood"]


def value(drafted: Draft, table: str, **at: str) -> int:
    found = next(one for one in drafted.tables if one.id == table)
    name = found.variables[0].id
    return next(count.value for count in found.counts if dict(count.at) == ({name: at["code"]} if at else {}))


def plain(text: str) -> str:
    """The text with plain spaces."""
    return text.replace("\u00a0", " ")


@pytest.fixture(scope="module")
def drafted(house: House) -> Draft:
    return draft(house, "analysis")


def test_nothing_beyond_the_standard_tables_leaves_unasked(house: House) -> None:
    silent = dataclasses.replace(house.project.file, rules=Rules("public"))
    bare = House(house.folder, dataclasses.replace(house.project, file=silent), house.store, house.key)
    topics = {table.topic for table in draft(bare, "bare").tables}
    assert not topics & {"mixes", "needs", "distributions"}
    assert parts(bare, [], others=()) == ()


def test_each_person_is_in_one_band_of_courses_by_those_she_was_present_at(house: House, drafted: Draft) -> None:
    present = house.dose[house.dose["present"] > 0].groupby("participant").size()
    counts = present.reindex(house.frames["participants"]["participant"], fill_value=0)
    assert value(drafted, "mixes", code="none") == int((counts == 0).sum())
    assert value(drafted, "mixes", code="few") == int(counts.between(1, 2).sum())
    assert value(drafted, "mixes", code="several") == int(counts.between(3, 4).sum())
    assert value(drafted, "mixes", code="many") == int((counts >= 5).sum()) > 0


def test_an_area_of_needs_is_met_only_if_all_that_was_asked_in_it_is(house: House, drafted: Draft) -> None:
    assert [t.id for t in drafted.tables if t.topic == "needs" and not t.id.endswith(".asked")] == [
        f"needs:{area}" for area in AREAS
    ]
    needs = house.frames["needs"]
    health = needs[needs["need"].isin(["physical_health", "mental_health"])]
    asked, unmet = set(health["participant"]), set(health.loc[health["state"] != "met", "participant"])
    assert value(drafted, "needs:health", code="met") == len(asked - unmet)
    assert value(drafted, "needs:health", code="some") == len(unmet)
    assert value(drafted, "needs:health.asked", code="yes") == len(asked)
    assert all(table.zeros_sensitive for table in drafted.tables if table.topic == "needs")


def test_scores_are_told_in_thirds_of_the_scale_for_primary_outcomes_only(house: House, drafted: Draft) -> None:
    assert [t.id for t in drafted.tables if t.topic == "distributions"] == [
        f"{outcome}.{moment}"
        for outcome in ("security", "self_perception", "social_awareness")
        for moment in ("start", "end")
    ]
    own = house.scores[(house.scores["scale"] == "security.subjective") & (house.scores["wave"] == "endline")]
    scores = own["score"].dropna()
    # The scale goes from 6 to 30: its thirds begin at 6, 14 and 22.
    assert value(drafted, "security.end", code="low") == int((scores < 14).sum())
    assert value(drafted, "security.end", code="middle") == int(((scores >= 14) & (scores < 22)).sum())
    assert value(drafted, "security.end", code="high") == int((scores >= 22).sum())
    assert value(drafted, "security.end", code="none") == 41 - len(scores)


def test_what_everybody_knows_of_these_tables_is_told_to_the_gate_and_true(drafted: Draft) -> None:
    about = [" ".join(str(place.at) for place, _ in one.terms) for one in drafted.relations]
    # Two for the sum of courses, nine for each course, one for "completed any".
    assert len([terms for terms in about if "'mixes'" in terms]) == 12
    # Of each of three outcomes: start, end, both.
    assert len([terms for terms in about if ".start': 'none'" in terms or ".end': 'none'" in terms]) == 9
    numbers = {(t.id, frozenset(c.at.items())): c.value for t in drafted.tables for c in t.counts}
    for one in drafted.relations:
        total = sum(times * numbers[place.table, frozenset(place.at.items())] for place, times in one.terms)
        assert total <= 0 if one.sense == "<=" else total == 0, one


def test_the_release_with_all_tables_is_safe_and_optimal(house: House) -> None:
    proposal = propose(house, "analysis")
    assert proposal.safe
    assert proposal.certificate.optimal
    assert (proposal.certificate.exact, proposal.certificate.narrow) == (0, 0)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, house: House) -> tuple[Path, Released]:
    """The documents of a release of the reference project, in a folder of their own."""
    from evaluation.release import ledger

    out = tmp_path_factory.mktemp("analysis")
    released = ledger.release(propose(house, "analysis"), out / "releases")
    list(make_documents(out / "releases" / "analysis.json", out / "reports"))
    return out / "reports", released


@pytest.mark.parametrize(("language", "title"), [("en", "Analytical report"), ("pl", "Raport analityczny")])
def test_the_analytical_report_is_a_document_of_its_own(made: tuple[Path, Released], language: str, title: str) -> None:
    page = (made[0] / language / "analysis.html").read_text(encoding="utf-8")
    assert f"{title}</h1>" in page
    assert page.count("<figure>") == 7
    assert len(re.findall(r'<img alt="[^"]{40,}"', page)) == 7
    said = plain(html.unescape(page))
    for phrase in ("a_attendance", "a_reasons", "a_groups"):
        assert plain(words.say(phrase, language)) in said
    source = {"en": "source: notes of the team meetings", "pl": "źródło: notatki z zebrań zespołu"}
    assert source[language] in said


@pytest.mark.parametrize("language", ["en", "pl"])
def test_no_part_of_it_shows_a_hidden_number_or_claims_a_cause(
    made: tuple[Path, Released], house: House, language: str
) -> None:
    released = made[1]
    true = {(t.id, tuple(c.at.items())): c.value for t in draft(house, "analysis").tables for c in t.counts}
    hidden = [(t, c) for t in released.tables if t.topic == "needs" for c in t.counts if c.value is None]
    assert hidden
    for shown in (analysis.mixes, analysis.needs, analysis.distributions, analysis.challenges, analysis.limits):
        part = shown(released, language)
        assert causal_claims(part.text, language) == []
    table, count = hidden[0]
    lines = analysis.needs(released, language).text.splitlines()
    row = next(line for line in lines if words.title(table.labels, language) in line)
    assert str(true[table.id, tuple(count.at.items())]) not in re.findall(r"\d+", row)
    for shown in (figures.mixes, figures.needs, figures.distributions):
        assert shown(released, language).png


def test_without_its_tables_there_is_no_analytical_report(copied: Folder) -> None:
    path = copied.path / "project.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"  tables: .*\n", "", text), encoding="utf-8")
    with copied.open() as house:
        bundled = release(house, propose(house, "short"))
    names = {file.name for file in make_documents(bundled, copied.path / "out", parameters={"language": "en"})}
    assert names == {"report.html", "report.json"}
    released = bundle.read(bundled)
    assert analysis.needs(released, "en").text.endswith("nothing was recorded.")


# --- a waiting list ---------------------------------------------------------------------------------------------------

WAITING = "design: waiting list\nserved_column: sex\nserved_code: {code}\n{draw}"


def waiting(folder: Folder, *, draw: bool, threshold: str = "funder") -> None:
    """The project as a waiting list, in which whoever has the code F was served first."""
    plan = folder.path / "plan.yml"
    told = WAITING.format(code="F", draw="random_allocation: true" if draw else "")
    plan.write_text(plan.read_text(encoding="utf-8").replace("design: single group", told), encoding="utf-8")
    project = folder.path / "project.yml"
    text = project.read_text(encoding="utf-8")
    project.write_text(
        re.sub(r"  profile: public\n  tables: .*\n", f"  profile: {threshold}\n", text), encoding="utf-8"
    )


def halved(house: House) -> None:
    """Every second person was served first; the fictional project knows no waiting list."""
    people = house.frames["participants"]
    people["sex"] = ["F" if number % 2 else "M" for number in range(len(people))]


@pytest.mark.parametrize(
    ("draw", "said", "unsaid"), [(True, "by_draw", "not_by_draw"), (False, "not_by_draw", "by_draw")]
)
def test_a_waiting_list_is_told_as_served_against_waiting_and_only_a_draw_names_the_reason(
    copied: Folder, draw: bool, said: str, unsaid: str
) -> None:
    waiting(copied, draw=draw)
    with copied.open() as house:
        halved(house)
        adjusted = house.waiting["security"].adjusted
        leaving = propose(house, "waiting").leaving
    assert adjusted is not None
    mean = next(one for one in leaving.means if one.id == "security.waiting")
    assert (mean.method, mean.primary, mean.change) == ("waiting list", True, round(adjusted.difference, 1))
    assert not any(one.primary for one in leaving.means if one.method != "waiting list")
    for language in ("en", "pl"):
        told = plain(narrative.results_summary(leaving, language).text)
        method = plain(assurance.method(leaving, language).text)
        for text in (told, method):
            assert plain(words.say(said, language)) in text
            assert plain(words.say(unsaid, language)) not in text
            assert plain(words.say("no_comparison", language)) not in text
    told = plain(narrative.results_summary(leaving, "en").text)
    way = "higher" if mean.change > 0 else "lower"
    assert f"sense of security of those served first was {abs(mean.change):.1f} points {way} than of those" in told
    assert "we cannot tell whether the two groups differ" in told
    assert "at the end than at the start" not in told
    rows = tables.outcomes(leaving, "en").text
    assert "Sense of security: served first less still waiting" in rows
    assert "served first and still waiting" in rows


def test_a_comparison_leaves_only_if_each_group_has_enough_on_both_sides(copied: Folder) -> None:
    # At t = 10 a group needs ten pairs and twenty people: with 20 and 21 it may leave, with 12 and 29 it may not.
    waiting(copied, draw=True, threshold="public")
    with copied.open() as house:
        halved(house)
        found = house.waiting["self_perception"].adjusted
        assert found is not None
        assert min(found.served, found.waiting) >= 10
        told = {mean.id: mean.change for mean in draft(house, "waiting").means}
        assert told["self_perception.waiting"] is not None
        people = house.frames["participants"]
        people["sex"] = ["F" if group == "foreigners" else "M" for group in people["target_group"]]
        del house.__dict__["waiting"]
        told = {mean.id: mean.change for mean in draft(house, "waiting").means}
        assert told["self_perception.waiting"] is None
        assert told["self_perception"] is not None


def test_typed_text_may_name_a_cause_only_where_a_draw_decided(copied: Folder) -> None:
    path = copied.path / "indicators.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("left places free", "left places free thanks to us"), encoding="utf-8")
    assert list(claim_lines(copied.path))
    assert list(claim_lines(copied.path, random_allocation=True)) == []
