"""The summary of project results: order, length, wording, and what every sentence stands on."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest
from handmade import MEANS, make_released

from evaluation.errors import BadArgument
from evaluation.release.released import Mean, Released
from evaluation.report.claims import causal_claims
from evaluation.report.content import lookup, outcome, summary
from evaluation.report.shown import Shown

LANGUAGES = ("en", "pl")
SECURITY, SELF, SOCIAL, COMPETENCE = MEANS


def sentences(shown: Shown) -> list[tuple[str, list[str]]]:
    return [(s["text"], s["sources"]) for p in shown.content["paragraphs"] for s in p["sentences"]]


def said(mean: Mean, language: str = "en", released: Released | None = None) -> str:
    found = outcome.sentences(released or make_released(), mean, language)
    return " ".join(sentence.text for sentence in found).replace("\u00a0", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_has_between_150_and_300_words(released: Released, language: str) -> None:
    told = summary.results_summary(released, language)
    assert 150 <= len(told.text.split()) <= 300
    assert told.content["words"] == len(told.text.split())


def test_the_summary_follows_the_order_of_the_published_one(released: Released) -> None:
    text = summary.results_summary(released, "en").text
    stated = ("Official statistics", "Women abused", "Crisis intervention", "The project set out")
    counted = ("reached 41", "These were:", "sense of security", "from 8\u00a0countries")
    order = [text.index(mark) for mark in (*stated, *counted)]
    assert order == sorted(order)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_stands_on_something_in_the_release(released: Released, language: str) -> None:
    found = sentences(summary.results_summary(released, language))
    assert len(found) > 8
    for text, sources in found:
        assert sources, text
        for source in sources:
            assert lookup.resolve(released, source) is not None, (text, source)


def test_a_path_that_leads_nowhere_is_refused(released: Released) -> None:
    for wrong in (
        "/means/nothing/low",
        "/tables/flow/stage=gone",
        "/facts/nothing",
        "x",
        "/facts/statements/9",
    ):
        with pytest.raises(BadArgument):
            lookup.resolve(released, wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_a_sentence_is_one_of_its_sources(released: Released, language: str) -> None:
    for text, sources in sentences(summary.results_summary(released, language)):
        allowed = {"137", "95"}
        for source in sources:
            allowed |= set(re.findall(r"\d+", str(lookup.resolve(released, source))))
            if source == "/facts/courses":
                allowed.add(str(len(released.facts.courses)))
            if source.startswith("/means/"):
                mean = lookup.resolve(released, source.rsplit("/", 1)[0])
                allowed |= {str(int(mean.scale_minimum)), str(int(mean.scale_maximum)), str(mean.of)}
                ends = [f"{abs(end):.2f}" for end in (mean.low, mean.high) if end is not None]
                allowed |= {end.split(".")[1] for end in ends}
        assert set(re.findall(r"\d+", text.replace("\u00a0", " ").replace(",", " "))) <= allowed | {"052"}, text


def test_an_outcome_that_rose_says_how_much_on_which_scale_and_for_how_many() -> None:
    mean = dataclasses.replace(SECURITY, n=33)
    assert said(mean).startswith(
        "On average, participants’ sense of security was 2.0 points higher"
        " (scale 6–30; 95% CI 0.4 to 3.5; 33 of 41 with both answers) at the end than at the start."
        " 24 of 33 answered higher."
    )


def test_polish_says_the_same_with_its_own_decimals() -> None:
    mean = dataclasses.replace(SECURITY, n=33)
    assert said(mean, "pl").startswith(
        "Poczucie bezpieczeństwa: średni wynik był na końcu o 2,0 punktu wyższy niż na początku"
        " (skala 6–30; przedział ufności 95%: od 0,4 do 3,5; oba pomiary: 33 z 41)."
    )


def test_a_worse_result_uses_the_same_template_as_a_better_one() -> None:
    better = dataclasses.replace(SOCIAL, change=1.25, low=0.1, high=2.5)
    fell, rose = said(SOCIAL), said(better)
    assert "1.25 points lower" in fell
    templates = [re.sub(r"[−\d.]+", "#", re.sub(r"(higher|lower) \(", "W (", text)) for text in (fell, rose)]
    assert templates[0] == templates[1]


@pytest.mark.parametrize(
    ("low", "high", "ends"),
    [
        (-0.2, 0.7, "from a 0.2-point fall to a 0.7-point rise"),
        (0.0, 0.7, "from no change to a 0.7-point rise"),
        (-8.5, 0.0, "from an 8.5-point fall to no change"),
    ],
)
def test_an_interval_that_touches_zero_says_that_we_cannot_tell(low: float, high: float, ends: str) -> None:
    text = said(dataclasses.replace(SELF, low=low, high=high))
    assert f"The data are compatible with anything {ends}; we cannot tell whether scores changed." in text
    assert "no effect" not in text


def test_an_interval_beside_zero_does_not_say_that_we_cannot_tell() -> None:
    assert "cannot tell" not in said(dataclasses.replace(SELF, low=0.1, high=0.7))
    assert "cannot tell" not in said(SOCIAL)


def test_a_scale_on_which_lower_is_better_says_so() -> None:
    assert "scale 6–30, lower is better" in said(dataclasses.replace(SECURITY, direction="lower"))


def test_predicted_answers_are_told_even_where_the_number_behind_is_hidden() -> None:
    assert "missing last answers predicted" in said(dataclasses.replace(SELF, n=None))


def test_a_withheld_mean_says_why_and_gives_no_number() -> None:
    text = said(COMPETENCE)
    assert text == "Social competences: no mean change is shown. Fewer than 10 people answered both times."


def test_only_the_visible_directions_are_told() -> None:
    assert "17 of 31 answered lower." in said(SOCIAL)
    assert "14 of at least 31 answered higher, 12 lower." in said(SELF)


def test_plural_outcomes_take_a_plural_verb() -> None:
    for label, verb in (
        ("social competences", "were"), ("awareness of rights", "was"), ("skills (short check)", "were"),
        ("self-confidence at classes", "were"), ("wellness", "was"), ("status", "was"),
    ):  # fmt: skip
        assert f"participants’ {label} {verb} 2.0" in said(dataclasses.replace(SECURITY, labels={"en": label}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_on_the_missing_comparison_group_stands_once(released: Released, language: str) -> None:
    fixed = {"en": "Without a comparison group", "pl": "Bez grupy porównawczej"}[language]
    assert summary.results_summary(released, language).text.replace("\u00a0", " ").count(fixed) == 1


def test_without_a_mean_there_is_nothing_to_compare() -> None:
    none = make_released(means=(COMPETENCE,))
    assert "comparison group" not in summary.results_summary(none, "en").text


def test_a_plan_written_afterwards_is_called_exploratory() -> None:
    release = make_released()
    late = dataclasses.replace(release, facts=dataclasses.replace(release.facts, retrospective=True))
    assert "exploratory" in summary.results_summary(late, "en").text
    assert "exploratory" not in summary.results_summary(release, "en").text


def test_secondary_outcomes_leave_a_summary_that_would_be_too_long() -> None:
    more = tuple(
        dataclasses.replace(SECURITY, id=f"extra{i}", labels={"en": f"extra outcome {i}"}, primary=False)
        for i in range(6)
    )
    told = summary.results_summary(make_released(means=(*MEANS, *more)), "en")
    assert len(told.text.split()) <= 300
    assert "extra outcome" not in told.text
    assert "24 of at least 31 answered higher." in told.text
    assert "sense of security" in told.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_is_shown_claims_a_cause(parts_of: Callable[[str], list[Shown]], language: str) -> None:
    for part in parts_of(language):
        told = [words for one in part.part.figures for words in (one.caption, one.alt)]
        for text in (part.part.heading, part.text, *told):
            assert causal_claims(text, language) == [], part.part.id


def test_polish_inflects_fall_and_rise() -> None:
    assert "od spadku o 0,2 punktu do wzrostu o 0,7 punktu; nie możemy stwierdzić" in said(SELF, "pl")
    assert "od braku zmiany do" in said(dataclasses.replace(SELF, low=0.0), "pl")


def test_a_range_up_to_everybody_reads_as_at_least_on_both_sides() -> None:
    text = said(dataclasses.replace(SECURITY, n=(31, 41)))
    assert "at least 31 of 41 with both answers" in text
    assert "24 of at least 31 answered higher." in text


def test_the_step_of_the_plan_is_said_with_who_moved_by_it() -> None:
    rose, fell = dataclasses.replace(SECURITY, n=33, step=2.0), dataclasses.replace(SOCIAL, step=2.5)
    assert "24 of 33 rose by 2 or more." in said(rose)
    assert "Wyższy wynik o co najmniej 2 pkt: 24 z 33." in said(rose, "pl")
    assert "fell by 2.5 or more." in said(fell)
    assert "Niższy wynik o co najmniej 2,5 pkt" in said(fell, "pl")
