"""The summary of project results: order, length, wording, and what every sentence stands on."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest

from evaluation.errors import BadArgument
from evaluation.project.releases import releasing
from evaluation.release.released import Mean, Released, Replaced, Statement
from evaluation.report import words
from evaluation.report.claims import causal_claims
from evaluation.report.content import lookup, summary
from evaluation.report.content.outcomes import moved as movement
from evaluation.report.content.outcomes import outcome
from evaluation.report.shown import Shown
from tests.conftest import Folder
from tests.report.handmade import MEANS, direction, make_released, table

LANGUAGES = ("en", "pl")
SECURITY, SELF, SOCIAL, COMPETENCE = MEANS


def sentences(shown: Shown) -> list[tuple[str, list[str]]]:
    return [(s["text"], s["sources"]) for p in shown.content["paragraphs"] for s in p["sentences"]]


def said(mean: Mean, language: str = "en", released: Released | None = None) -> str:
    release = released or make_released()
    found = [*outcome.changes([mean], language), *movement.moved(release, [mean], language)]
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
        allowed = {"137"}
        for source in sources:
            allowed |= set(re.findall(r"\d+", str(lookup.resolve(released, source))))
            if source == "/facts/courses":
                allowed.add(str(len(released.facts.courses)))
            if source.startswith("/means/"):
                mean = lookup.resolve(released, source.rsplit("/", 1)[0])
                allowed |= {str(int(mean.scale_minimum)), str(int(mean.scale_maximum)), str(mean.of)}
                ends = [f"{abs(end):.2f}" for end in (mean.low, mean.high) if end is not None]
                allowed |= {end.split(".")[1] for end in ends}
        whole = [int(one) for one in allowed if one.isdigit()]
        allowed |= {
            str(one - other)
            for one in whole
            for other in whole
            if re.search("the other|pozostałe", text) and one > other
        }  # all others
        assert set(re.findall(r"\d+", text.replace("\u00a0", " ").replace(",", " "))) <= allowed | {"052"}, text


def test_a_scale_on_which_lower_is_better_says_so() -> None:
    assert "scale 6–30, lower is better" in said(dataclasses.replace(SECURITY, direction="lower"))


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_is_shown_claims_a_cause(parts_of: Callable[[str], list[Shown]], language: str) -> None:
    for part in parts_of(language):
        told = [words for one in part.part.figures for words in (one.caption, one.alt)]
        for text in (part.part.heading, part.text, *told):
            assert causal_claims(text, language) == [], part.part.id


def undecided(mean: Mean, language: str = "en") -> str:
    return outcome.undecided(mean, language).replace("\u00a0", " ")


def both(*counts: int | tuple[int, int] | None, n: int | None = 33, step: float | None = 2.0) -> Released:
    """The release where these rose, stayed, fell and were not measured twice, of ``n`` measured twice."""
    return make_released(
        tables=direction("security", SECURITY.labels, counts, None),  # type: ignore[arg-type]
        means=(dataclasses.replace(SECURITY, n=n, step=step),),
    )


def moved(released: Released, language: str = "en") -> str:
    return " ".join(one.text for one in movement.moved(released, released.means, language)).replace("\u00a0", " ")


def test_an_outcome_that_rose_says_how_much_on_which_scale_and_nothing_of_method() -> None:
    assert said(dataclasses.replace(SECURITY, n=33)).startswith(
        "Participants’ sense of security was higher at the end than at the start: by 2.0 points on average (scale"
    )
    assert said(dataclasses.replace(SECURITY, n=33), "pl").startswith(
        "Poczucie bezpieczeństwa: średni wynik był na końcu o 2,0 punktu wyższy niż na początku (skala 6–30)."
    )


def test_a_worse_result_uses_the_same_template_as_a_better_one() -> None:
    fell, rose = said(SOCIAL), said(dataclasses.replace(SOCIAL, change=1.25, low=0.1, high=2.5))
    assert "was lower at the end than at the start: by 1.25 points" in fell
    assert fell.split(". ")[0].replace("lower", "higher") == rose.split(". ")[0]


def test_outcomes_that_went_one_way_on_one_scale_share_a_sentence() -> None:
    other = dataclasses.replace(SECURITY, id="other", labels={"en": "calm"}, change=1.5, low=0.2)
    down = dataclasses.replace(SECURITY, id="down", labels={"en": "sleep"}, change=-1.5, low=-2.0, high=-0.2)
    unsure = dataclasses.replace(SECURITY, id="unsure", labels={"en": "trust"}, low=-0.2)
    told = [one.text.replace("\u00a0", " ") for one in outcome.changes([SECURITY, down, other, unsure], "en")]
    assert told == [
        "Participants’ sense of security and calm were higher at the end than at the start:"
        " on average by 2.0 and 1.5 points (scale 6–30).",
        "Participants’ sleep was lower at the end than at the start: by 1.5 points on average (scale 6–30).",
        "Participants’ trust was 2.0 points higher at the end on average (scale 6–30), but that may be chance:"
        " we cannot tell whether anything changed.",
    ]


@pytest.mark.parametrize(
    ("low", "high", "ends"),
    [
        (-0.2, 0.7, "from a 0.2-point fall to a 0.7-point rise"),
        (0.0, 0.7, "from no change to a 0.7-point rise"),
        (-8.5, 0.0, "from an 8.5-point fall to no change"),
    ],
)
def test_an_interval_that_touches_zero_says_that_we_cannot_tell(low: float, high: float, ends: str) -> None:
    mean = dataclasses.replace(SELF, low=low, high=high)
    assert "we cannot tell whether anything changed" in said(mean)
    assert f"Self-perception: the data are compatible with anything {ends}; we cannot tell" in undecided(mean)
    assert "no effect" not in said(mean)


def test_an_interval_beside_zero_does_not_say_that_we_cannot_tell() -> None:
    for mean in (dataclasses.replace(SELF, low=0.1, high=0.7), SOCIAL):
        assert "cannot tell" not in said(mean) + undecided(mean)


def test_plural_outcomes_take_a_plural_verb() -> None:
    for label, verb in (
        ("social competences", "were"), ("awareness of rights", "was"), ("skills (short check)", "were"),
        ("self-confidence at classes", "were"), ("wellness", "was"), ("status", "was"),
    ):  # fmt: skip
        assert f"Participants’ {label} {verb} higher" in said(dataclasses.replace(SECURITY, labels={"en": label}))


def test_polish_inflects_fall_and_rise() -> None:
    assert "od spadku o 0,2 punktu do wzrostu o 0,7 punktu; nie możemy stwierdzić" in undecided(SELF, "pl")
    assert "od braku zmiany do" in undecided(dataclasses.replace(SELF, low=0.0), "pl")


def test_outcomes_without_a_mean_say_why_once_and_give_no_number() -> None:
    twin = dataclasses.replace(COMPETENCE, id="twin", labels={"en": "trust"})
    text = summary.results_summary(make_released(means=(COMPETENCE, twin)), "en").text
    assert "Social competences and trust: no mean change is shown. Fewer than 10 people answered both times." in text


@pytest.mark.parametrize(
    ("counts", "n", "told"),
    [
        ((20, 6, 7, 8), 33, "of the 33 people who answered both times, 20 rose by 2 points or more;"
            " the other 13 fell (7) or stayed about the same."),
        ((20, (0, 13), (0, 12), 8), 33, "the other 13 fell (at most 12) or stayed about the same."),
        ((20, (0, 13), (0, 13), 8), 33, "the other 13 fell or stayed about the same."),
        ((20, None, None, None), None, "the other 21 fell, stayed about the same or lack an answer."),
        ((0, 33, 0, 8), 33, "0 rose by 2 points or more; the other 33 fell (0) or stayed about the same."),
        (((20, 31), None, 7, None), None, ""),
        ((None, None, 7, None), 33, ""),
    ],
)  # fmt: skip
def test_who_moved_is_never_told_without_who_did_not(counts: tuple[Any, ...], n: int | None, told: str) -> None:
    text = moved(both(*counts, n=n))
    assert text.endswith(told)
    assert bool(text) == bool(told)


def test_who_moved_in_several_outcomes_is_told_in_one_sentence_where_the_like_is_known() -> None:
    rows = {"a": ((20, 6, 7, 8), 33), "b": ((12, (0, 18), (0, 18), 11), 30), "c": ((9, None, None, None), None)}
    scale = dataclasses.replace(SECURITY, step=2.0)
    means = tuple(
        dataclasses.replace(scale, id=one, labels={"en": one, "pl": one}, n=n) for one, (_, n) in rows.items()
    )
    counts = [direction(one, {"en": one, "pl": one}, told, None) for one, (told, _) in rows.items()]  # type: ignore[arg-type]
    release = make_released(tables=tuple(table for pair in counts for table in pair), means=means)
    told = [one.text.replace("\u00a0", " ") for one in movement.moved(release, means, "en", together=True)]
    assert told == [
        "Of those who answered both times, 20 of 33 (a; 7 fell) and 12 of 30 (b) rose by 2 points or more;"
        " the others fell or stayed about the same.",
        "C: of 41 people, 9 certainly rose by 2 points or more; the other 32 fell, stayed about the same or lack"
        " an answer.",
    ]
    polish = movement.moved(release, means[:2], "pl", together=True)[0].text.replace("\u00a0", " ")
    assert polish.startswith("Wyższy wynik o co najmniej 2 punkty wśród osób z oboma pomiarami: 20 z 33 (a; niższy wyn")


def test_targets_that_were_not_reached_are_never_left_out_beside_those_that_were() -> None:
    release = make_released()
    lines = [dataclasses.replace(release.indicators[0], code=f"I{at}", target=at, achieved=30.0) for at in (30, 31)]
    bare = make_released(tables=(), means=(), indicators=tuple(lines), activities=(), surveys=())
    facts = dataclasses.replace(bare.facts, statements=(), courses=(), outcomes=())
    for language, said in (
        ("en", r"reached it: [^.]*30; target 30\)\. Not reached, or not told: [^.]*30; target 31\)"),
        ("pl", r"osiągnięto: [^.]*30; cel 30\)\. Nie osiągnięto albo nie podano: [^.]*30; cel 31\)"),
    ):
        text = summary.results_summary(dataclasses.replace(bare, facts=facts), language).text.replace("\u00a0", " ")
        assert re.search(said, text)
    interim = dataclasses.replace(bare.provenance, parameters={"kind": "interim"})
    begun = dataclasses.replace(bare, facts=facts, provenance=interim)
    assert "Not reached so far, or not told: " in summary.results_summary(begun, "en").text


def test_an_erratum_begins_with_what_the_project_says_was_wrong_and_no_other_release_does() -> None:
    release = make_released()
    wrong = Statement({"en": "Two registers were mixed up.", "pl": "Pomylono dwa dzienniki."}, {}, "correction")
    facts = dataclasses.replace(release.facts, statements=(*release.facts.statements, wrong))
    release = dataclasses.replace(release, facts=facts)
    erratum = dataclasses.replace(release, replaces=Replaced("q1", dt.date(2015, 7, 6)))
    assert summary.results_summary(erratum, "en").text.startswith("What was wrong. Two registers were mixed up.")
    assert "registers" not in summary.results_summary(release, "en").text


def test_on_a_scale_where_lower_is_better_those_who_fell_are_told_first_and_harm_is_named() -> None:
    release = both(4, 9, 20, 8)
    release = dataclasses.replace(release, means=(dataclasses.replace(release.means[0], direction="lower"),))
    assert "20 fell by 2 points or more; the other 13 rose (4) or stayed about the same" in moved(release)
    assert "niższy wynik o co najmniej 2 punkty – 20; pozostałe (13): wyższy wynik (4) albo podobny" in moved(
        release, "pl"
    )


def test_without_a_step_any_change_counts() -> None:
    assert "20 rose; the other 13" in moved(both(20, 6, 7, 8, step=None))


def test_secondary_outcomes_leave_a_summary_that_would_be_too_long_and_then_who_moved() -> None:
    scales = [
        dataclasses.replace(SECURITY, id=f"extra{i}", labels={"en": f"extra outcome {i}"}, scale_maximum=31.0 + i)
        for i in range(6)
    ]
    secondary = tuple(dataclasses.replace(mean, primary=False) for mean in scales)
    told = summary.results_summary(make_released(means=(*MEANS, *secondary)), "en")
    assert len(told.text.split()) <= 300
    assert "extra outcome" not in told.text
    assert "of 41 people, 24 certainly rose" in told.text.replace("\u00a0", " ")
    told = summary.results_summary(make_released(means=(*MEANS, *scales[:2])), "en")
    assert "extra outcome 1" in told.text
    assert len(told.text.split()) <= 300


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_project_with_next_to_nothing_has_a_summary_and_nothing_is_made_up(language: str) -> None:
    bare = make_released(tables=(), means=(), indicators=(), activities=(), surveys=())
    facts = dataclasses.replace(bare.facts, statements=(), courses=(), outcomes=(), purpose={}, countries=None)
    told = summary.results_summary(dataclasses.replace(bare, facts=facts), language)
    assert len(sentences(told)) == 6
    assert told.content["words"] < 150
    method = [words.say(f"report.{key}", language) for key in ("method.people", "method.missing", "summary.annexed")]
    assert not any(one in told.text for one in method)  # of nothing
    assert words.say("report.summary.protected", language) in told.text
    for low, more in ((None, 0), (0, 3)):  # as soon as anything is told of people
        some = table("g", "people", {"en": "g"}, {"a": ({"en": "a"}, low), "b": ({"en": "b"}, None)})
        other = summary.results_summary(dataclasses.replace(bare, facts=facts, tables=(some,)), language)
        assert sum(one in other.text for one in method) == more
    assert set(re.findall(r"\d+", told.text)) <= {"30", "41", "137", "7", "2014", "18", "2015", "2009"}


def test_both_languages_tell_the_same_where_one_alone_is_too_long_or_too_short() -> None:
    bare = make_released(means=(), indicators=(), activities=(), surveys=())
    stated = dataclasses.replace(bare.facts, statements=(), courses=(), outcomes=(), countries=None)
    told = []
    for more in range(14):
        purpose = f"{'told ' * 4 * more}here"
        facts = dataclasses.replace(stated, purpose={"en": purpose, "pl": purpose})
        told.append({one: summary.results_summary(dataclasses.replace(bare, facts=facts), one) for one in LANGUAGES})
        extra = [
            dataclasses.replace(SECURITY, id=f"m{i}", labels={"en": f"o{i}"}, scale_maximum=31.0 + i, primary=i > more)
            for i in range(4)
        ]
        told.append({one: summary.results_summary(make_released(means=(*MEANS, *extra)), one) for one in LANGUAGES})
    for one in told:
        sources = {language: [source for _, source in sentences(shown)] for language, shown in one.items()}
        assert sources["en"] == sources["pl"]
        assert all(150 <= shown.content["words"] <= 300 for shown in one.values())
    assert len({len(sentences(one["en"])) for one in told}) > 3  # more and fewer further sentences were needed


def test_what_is_told_elsewhere_or_withdrawn_is_said_however_long_the_summary_is() -> None:
    released = make_released(means=())
    assert len(summary.results_summary(released, "en").text.split()) >= 150
    here = dataclasses.replace(released, elsewhere=("outcomes",))
    assert "each such number is told once, in the release" in summary.results_summary(here, "en").text
    wrong = dataclasses.replace(released, replaces=Replaced("final", dt.date(2016, 1, 11)))
    assert "a mean is told once, and one that was wrong is withdrawn" in summary.results_summary(wrong, "en").text
    assert "is told once" not in summary.results_summary(make_released(), "en").text


def test_an_outcome_of_which_nothing_is_told_is_not_called_an_exploratory_result() -> None:
    late = [dataclasses.replace(mean, preplanned=False) for mean in (SECURITY, COMPETENCE)]
    said = summary.results_summary(make_released(means=tuple(late)), "en").text
    assert "therefore exploratory: sense of security." in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_source_stands_once_behind_all_that_comes_from_it(released: Released, language: str) -> None:
    text = summary.results_summary(released, language).text
    assert text.count({"en": "project application", "pl": "wniosek projektowy"}[language]) == 1


@pytest.mark.parametrize("project", ["reference", "shelter"])
def test_the_summaries_of_both_examples_have_150_to_300_words(filled: Callable[[str], Folder], project: str) -> None:
    with filled(project).open() as opened:
        leaving = releasing.propose(opened, "counted").leaving
    for language in LANGUAGES:
        told = summary.results_summary(leaving, language)
        assert 150 <= len(told.text.split()) <= 300
        assert {"en": "the other", "pl": "pozostałe"}[language] in told.text or project == "shelter"
