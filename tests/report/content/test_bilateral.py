"""The summary of bilateral results: counted facts by dimension, and nothing where nothing was recorded."""

from __future__ import annotations

import dataclasses

import pytest

from evaluation import descriptors
from evaluation.release.released import Activity, Released, Survey
from evaluation.report import words
from evaluation.report.content import bilateral, lookup
from evaluation.report.shown import Shown
from tests.report.handmade import INDICATORS, make_released, nothing_bilateral, without_donor_partner

LANGUAGES = ("en", "pl")


def labels(shown: Shown) -> list[str]:
    return [paragraph["label"] for paragraph in shown.content["paragraphs"]]


def plain(shown: Shown) -> str:
    return shown.text.replace("\u00a0", " ")


def test_only_dimensions_with_evidence_have_a_paragraph(released: Released) -> None:
    summary = bilateral.summary(released, "en")
    told = ["Extent of cooperation", "Shared initiatives and results", "Knowledge and understanding"]
    assert labels(summary) == ["", *told]


def test_activities_are_counted_with_their_people(released: Released) -> None:
    text = plain(bilateral.summary(released, "pl"))
    assert "Odbyły się 4 spotkania robocze; wymiana lub wizyta studyjna – 2 (6 osób z państw-beneficjentów" in text
    assert "i 3 osoby z państw-darczyńców)" in text


def test_each_organisation_gives_its_single_answers_and_no_mean(released: Released) -> None:
    text = plain(bilateral.summary(released, "en"))
    assert (
        "Single answers of 2 organisations on a scale of 1–7: Example Foundation: trust 4 (start) and 6 (end)" in text
    )
    assert "Nordlys Senter: trust 5 (start) and 5 (end), satisfaction with the partnership 6 (end)" in text
    assert "Mean" not in text


def test_the_answers_are_labelled_as_the_projects_own_once(released: Released) -> None:
    assert plain(bilateral.summary(released, "en")).count("not the programme’s official survey") == 1


def test_applied_knowledge_is_told_by_organisation(released: Released) -> None:
    text = plain(bilateral.summary(released, "en"))
    assert "Answers of 2 organisations (end): Example Foundation – yes, Nordlys Senter – no." in text


@pytest.mark.parametrize(("organisations", "mean"), [(4, False), (5, True)])
def test_a_mean_is_given_from_five_organisations_on(organisations: int, mean: bool) -> None:
    surveys = tuple(
        Survey(f"Organisation {i}", i > 2, "endline", 3.0 + i % 3, None, None) for i in range(organisations)
    )
    text = plain(bilateral.summary(make_released(surveys=surveys), "en"))
    assert ("Mean on a scale of 1–7, end: trust 3.8 (n = 5)." in text) is mean
    assert ("Single answers" in text) is not mean


def test_five_organisations_of_which_four_answered_a_question_give_no_mean_of_it() -> None:
    surveys = tuple(Survey(f"No {i}", False, "endline", 4.0, 5.0 if i else None, None) for i in range(5))
    text = plain(bilateral.summary(make_released(surveys=surveys), "en"))
    assert "trust 4.0 (n = 5)" in text
    assert "satisfaction" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_donor_partner_it_says_so(language: str) -> None:
    release = without_donor_partner(make_released())
    opening = {
        "en": "The project had no partner from a donor state.",
        "pl": "Projekt nie miał partnera z państwa-darczyńcy.",
    }[language]
    assert plain(bilateral.summary(release, language)).startswith(opening)


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_nothing_recorded_it_is_empty_and_the_data_say_why(language: str) -> None:
    summary = bilateral.summary(nothing_bilateral(make_released()), language)
    assert summary.text == ""
    assert summary.part.blocks == ()
    assert summary.content["paragraphs"] == []
    assert summary.content["note"]
    assert summary.part.heading


def test_with_neither_partner_nor_record_it_only_says_that_there_was_no_partner() -> None:
    summary = bilateral.summary(without_donor_partner(nothing_bilateral(make_released())), "en")
    assert plain(summary) == "The project had no partner from a donor state."


def test_a_dimension_without_records_uses_what_its_indicators_counted() -> None:
    line = dataclasses.replace(INDICATORS[3], dimension="wider", achieved=2.0)
    text = plain(bilateral.summary(make_released(indicators=(line,)), "en"))
    assert "Wider effects. Study visits between the partners: 2 (target 5)." in text


def test_an_indicator_that_counted_nothing_is_no_evidence() -> None:
    line = dataclasses.replace(INDICATORS[3], dimension="wider", achieved=0.0)
    assert "Wider effects" not in bilateral.summary(make_released(indicators=(line,)), "en").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_stands_on_a_record(released: Released, language: str) -> None:
    for paragraph in bilateral.summary(released, language).content["paragraphs"]:
        for sentence in paragraph["sentences"]:
            assert sentence["sources"]
            assert all(lookup.resolve(released, source) is not None for source in sentence["sources"])


@pytest.mark.parametrize(
    ("kind", "count", "english", "polish"),
    [
        ("study_visit", 1, "1 study visit or exchange took place", "Odbyła się 1 wizyta studyjna lub wymiana"),
        ("study_visit", 2, "2 study visits or exchanges took place", "Odbyły się 2 wizyty studyjne lub wymiany"),
        ("study_visit", 5, "5 study visits or exchanges took place", "Odbyło się 5 wizyt studyjnych lub wymian"),
        ("joint_publication", 22, "22 joint publications", "Powstały 22 wspólne publikacje"),
    ],
)
def test_an_activity_is_told_as_a_sentence_with_its_number(
    released: Released, kind: str, count: int, english: str, polish: str
) -> None:
    one = Activity(dimension="cooperation", kind=kind, labels={"en": "One", "pl": "Jedno"}, count=count)
    told = dataclasses.replace(released, activities=(one,))
    assert english in plain(bilateral.summary(told, "en"))
    assert polish in plain(bilateral.summary(told, "pl"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_activity_has_a_sentence_for_each_number(language: str) -> None:
    kinds = descriptors.codes("bilateral_kinds")
    assert len(kinds) > 10
    for kind in kinds:
        for n in (1, 2, 5):
            assert str(n) in words.say(f"report.bilateral.kind.{kind}", language, n=n)
