"""A document has the sections that its project has, says nothing twice, and hides no harm behind a missing picture."""

from __future__ import annotations

import dataclasses
import re

import pytest

from evaluation.codec import build, digest, plain
from evaluation.release.released import Facts, Released
from evaluation.report.content import annex, assurance, bilateral, figures
from evaluation.report.executed import document
from evaluation.report.formats import html, json, text
from tests.report.handmade import all_parts, executed, make_released, nothing_bilateral, table

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
    written = text.document(document(executed(all_parts(released, "en")), language="en")).decode()
    lines = [line for line in written.splitlines() if line.startswith("- ")]
    twice = {line for line in lines if lines.count(line) > 1}
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
