"""A document has the sections that its project has, says nothing twice, and hides no harm behind a missing picture."""

from __future__ import annotations

import dataclasses
import re

import pytest

from evaluation.codec import build, digest, plain
from evaluation.release.released import Facts, Released
from evaluation.release.system.means import withheld
from evaluation.report.blocks import FIGURES
from evaluation.report.content import annex, assurance, bilateral, figures, summary, tables
from evaluation.report.executed import document
from evaluation.report.formats import html, json, text
from tests.report.handmade import MEANS, all_parts, executed, make_released, nothing_bilateral, table

LANGUAGES = ("en", "pl")


def stated(released: Released, **facts: object) -> Released:
    return dataclasses.replace(released, facts=dataclasses.replace(released.facts, **facts))


def of(released: Released, name: str, language: str = "en") -> str:
    return dict(assurance.facts(released, language).part.blocks[0].pairs).get(name, "")  # type: ignore[union-attr]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_funder_that_asks_for_nothing_bilateral_gets_no_bilateral_section_in_any_format(
    released: Released, language: str
) -> None:
    alone = stated(nothing_bilateral(released), donor_states=(), partners=())
    whole = document(executed(all_parts(alone, language)), language=language)
    assert not {"bilateral_summary", "partnership"} & json.data(whole).keys()
    for made in (html.document(whole), text.document(whole)):
        assert not re.search(r"bilateral|dwustronn", made.decode().casefold())


def test_a_donor_state_alone_asks_for_it_and_nothing_is_made_up(released: Released) -> None:
    asked = stated(nothing_bilateral(released), partners=())
    assert bilateral.summary(asked, "en").text == "The project had no partner from a donor state."
    assert "nothing was recorded" in annex.partnership(asked, "en").text


def test_the_promoter_is_not_its_own_partner(released: Released) -> None:
    assert of(released, "Partners") == "Nordlys Senter (Norway), donor state"
    assert of(stated(released, partners=(("Example Foundation", "PL", False),)), "Partners") == ""


def test_languages_of_the_work_are_declared_or_absent(released: Released) -> None:
    assert of(released, "Languages of the work") == ""
    assert of(stated(released, work_languages=("pl", "uk")), "Languages of the work") == "Polish, Ukrainian"


def test_names_of_the_funder_take_both_languages_or_one_for_all(released: Released) -> None:
    both = stated(released, operator={"en": "Batory Foundation", "pl": "Fundacja Batorego"})
    assert [of(both, "Operator"), of(both, "Operator", "pl")] == ["Batory Foundation", "Fundacja Batorego"]
    assert of(released, "Operator", "pl") == released.facts.operator
    for facts in (both.facts, released.facts):
        assert build(Facts, plain(facts)) == facts
    assert digest(plain(both.facts)) != digest(plain(released.facts))


def test_numbers_of_a_figure_stand_once_in_the_text(released: Released) -> None:
    away = dataclasses.replace(released.indicators[0], achieved=None, achieved_share=None, progress=None)
    lines = (*released.indicators, dataclasses.replace(away, code="X", withheld=withheld("scheduled")))
    released = dataclasses.replace(released, indicators=lines)
    written = text.document(document(executed(all_parts(released, "en")), language="en")).decode()
    assert written.count("Indicators: target and achievement:") == 1
    rows = [line for line in written.splitlines() if line.startswith("- ")]
    twice = {line for line in rows if rows.count(line) > 1}
    assert twice == set()
    assert "Human rights workshops" in written


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_of_which_only_ranges_are_told_says_that_the_table_has_them(language: str) -> None:
    codes = {"completed": ({"en": "yes", "pl": "tak"}, (0, 9)), "none": ({"en": "no", "pl": "nie"}, (0, 9))}
    ranges = table("course:x", "courses", {"en": "x", "pl": "x"}, codes)  # type: ignore[arg-type]
    nothing = table(
        "course:x", "courses", {"en": "x", "pl": "x"}, {code: (one, None) for code, (one, _) in codes.items()}
    )
    said, hidden = (figures.courses(make_released(tables=(one,)), language).text for one in (ranges, nothing))
    assert {"en": "the table says between", "pl": "tabela podaje"}[language] in said
    assert {"en": "none of these", "pl": "żadnej z\u00a0tych"}[language] in hidden


def test_an_indicator_whose_range_is_told_does_not_say_that_it_is_not_shown(released: Released) -> None:
    told = dataclasses.replace(released.indicators[1], low=0.53)
    shown = annex.indicators(dataclasses.replace(released, indicators=(told,)), "en").text
    assert "at least 53%" in shown
    assert "Too few people rose" not in shown


def test_what_is_not_told_is_said_once_a_section_and_a_figure_alone_says_it_itself(released: Released) -> None:
    interim = dataclasses.replace(released, tables=(), means=(), elsewhere=("flow", "courses", "outcomes"))
    shown = all_parts(interim, "en")
    whole = document(executed(shown), language="en")
    for made in (html.document(whole).decode(), text.document(whole).decode()):
        plain_text = re.sub(r"\s+", " ", made)
        assert plain_text.count("not in this report") == 1
        assert plain_text.count("Who took part, courses and outcomes: not in this report; these numbers") == 1
        assert "Courses</h2>" not in made
        assert plain_text.count("Who took part, courses and outcomes") == (3 if made.startswith("<!") else 2)
    assert [one["id"] for one in json.data(whole)["figures"]] == [
        one.part.id for one in shown if one.part.name == FIGURES
    ]
    planned = {"kind": "interim", "planned:courses": "2015-12-31", "planned:outcomes": "2016-02-29"}
    planned_on = dataclasses.replace(interim, provenance=dataclasses.replace(interim.provenance, parameters=planned))
    for shown_part, day in ((tables.courses, "31 December 2015"), (tables.outcomes, "29 February 2016")):
        assert f"told once, in the report planned for {day}." in shown_part(planned_on, "en").text.replace(
            "\u00a0", " "
        )
    said = summary.results_summary(planned_on, "en").text.replace("\u00a0", " ")
    assert "is told once, in the report planned for 29 February 2016." in said
    assert "in the release that the project planned" in tables.people(planned_on, "en").text  # of no day that is known
    both = dataclasses.replace(interim, elsewhere=("groups", "flow"))
    for day, told in (("2015-12-31", "planned for 31"), ("2016-02-29", "in the release that the project planned")):
        days = {"planned:groups": "2015-12-31", "planned:flow": day}
        parted = dataclasses.replace(both, provenance=dataclasses.replace(both.provenance, parameters=days))
        assert told in tables.people(parted, "en").text
    alone = document(executed([figures.flow(interim, "en")]), language="en")
    assert "From enrolment to the end: not in this report" in " ".join(text.document(alone).decode().split())


@pytest.mark.parametrize(("elsewhere", "said"), [("flow", "Flow of participants"), ("groups", "Participants by group")])
def test_a_table_of_people_that_another_release_tells_is_named_beside_the_one_that_is_told(
    released: Released, elsewhere: str, said: str
) -> None:
    told = table("g", "people", {"en": "group"}, {"a": ({"en": "a"}, 20), "b": ({"en": "b"}, 21)})
    interim = dataclasses.replace(released, tables=(told,), elsewhere=(elsewhere,))
    assert f"{said}: not in this report; these numbers are told once" in tables.people(interim, "en").text
    assert "not in this report" not in tables.people(dataclasses.replace(interim, elsewhere=("courses",)), "en").text


def test_a_project_without_courses_or_questionnaires_has_no_section_that_says_that_nothing_was_recorded() -> None:
    flow = table("flow", "flow", {"en": "flow"}, {"end": ({"en": "answered"}, 0), "left": ({"en": "none"}, 41)})
    bare = make_released(tables=(flow,), means=())
    bare = stated(bare, courses=(), outcomes=())
    shown = [tables.people, tables.courses, tables.outcomes, figures.flow]
    assert [part(bare, "en").text for part in shown] == ["", "", "", ""]
    assert "Answered" in tables.people(stated(bare, outcomes=(("x", {"en": "x"}),)), "en").text


@pytest.mark.parametrize(
    ("planned", "said"), [(19, "not told; of a project that planned for so few"), (20, "nothing was")]
)
def test_too_few_people_for_any_table_is_no_lack_of_records(planned: int, said: str) -> None:
    small = stated(make_released(tables=()), planned=planned, reached=9)
    small = dataclasses.replace(small, certificate=dataclasses.replace(small.certificate, threshold=10))
    assert f"Courses: {said}" in tables.courses(small, "en").text
    assert tables.people(small, "en").text == (
        "" if planned == 20 else f"Who took part: {said} people no table can be made that protects them."
    )
    assert "Apart from how many people were planned and reached, no number" in assurance.certificate(small, "en").text
    large = stated(small, reached=10)
    assert ("Apart from" in assurance.certificate(large, "en").text) is False


def test_where_no_mean_is_told_no_method_of_means_is_explained(released: Released) -> None:
    untold = [
        dataclasses.replace(mean, method="all enrolled", change=None, low=None, high=None, withheld={"en": "Too few."})
        for mean in released.means
    ]
    none, some = (
        dataclasses.replace(released, means=tuple(untold)),
        dataclasses.replace(released, means=(MEANS[1], *untold)),
    )
    for parts, marks in (
        (tables.outcomes, ("Whom the mean changes", "Mean changes from start")),
        (assurance.method, ("confidence interval",)),
    ):
        for mark in marks:
            assert (mark in parts(none, "en").text, mark in parts(some, "en").text) == (False, True), mark
    assert "Sense of security, self-perception" in tables.outcomes(none, "en").text.replace("\u00a0", " ")
    assert "no mean change is shown. Too few." in tables.outcomes(none, "en").text


def test_a_breakdown_of_which_no_number_is_told_is_left_out(released: Released) -> None:
    def details(low: int | None) -> str:
        groups = table(
            "breakdown:target_group", "people", {"en": "g"}, {"a": ({"en": "a"}, low), "b": ({"en": "b"}, None)}
        )
        return annex.indicators(dataclasses.replace(released, tables=(groups,)), "en").text

    assert "Broken down: a: 20; b: –" in details(20)
    assert "Broken down" not in details(None)


def test_the_marks_of_indicators_are_explained_where_they_stand_and_only_there(released: Released) -> None:
    hidden = dataclasses.replace(
        released.indicators[0], achieved=None, low=None, high=None, withheld={"en": "Too few."}
    )
    elsewhere = dataclasses.replace(hidden, withheld=withheld("scheduled"))
    wrong, score = (
        dataclasses.replace(hidden, withheld=withheld("withdrawn")),
        dataclasses.replace(hidden, unit="score 1-7"),
    )
    plain_mark, once, gone = "“–”: not told here", "“in another report”, and", "“withdrawn”, and"
    for lines, marks in (
        ((hidden,), (1, 0, 0)),
        ((elsewhere, elsewhere), (0, 1, 0)),
        ((wrong,), (0, 0, 1)),
        ((wrong, hidden, elsewhere), (1, 1, 1)),
        ((elsewhere, score), (0, 1, 0)),  # a score of organisations is not given, and says so itself
        ((score,), (0, 0, 0)),
    ):
        told = annex.indicators(dataclasses.replace(released, indicators=lines), "en").text
        assert tuple(told.count(mark) for mark in (plain_mark, once, gone)) == marks
        assert told.count("Achieved: in another report") == lines.count(elsewhere)
