"""Words that claim a cause are found, the fixed sentences are allowed."""

from __future__ import annotations

import pytest

from evaluation.report import words
from evaluation.report.claims import causal_claims
from evaluation.texts import LANGUAGES


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The course had an impact and led to change.", ["impact", "led to"]),
        ("Thanks to us scores rose, which proved it.", ["thanks to", "proved"]),
        ("Scores rose significantly due to the courses.", ["significantly", "due to"]),
        ("No effect was caused.", ["effect", "caused"]),
        ("Self-perception improved; the plan was approved because it was ready.", []),
    ],
)
def test_english_words_that_claim_a_cause_are_listed_in_order(text: str, found: list[str]) -> None:
    assert causal_claims(text, "en") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kursy wpłynęły na wyniki, a\u00a0wpływem tym cieszą się wszyscy.", ["wpłynęły", "wpływem"]),
        ("Dzięki projektowi; skutkiem tego spowodowało to zmianę.", ["dzięki", "skutkiem", "spowodowało"]),
        ("Udowodniliśmy, że efektywność wzrosła.", ["udowodniliśmy", "efektywność"]),
        ("Średni wynik był na końcu wyższy; wynika to z tabeli.", []),
    ],
)
def test_polish_words_are_matched_by_their_stem(text: str, found: list[str]) -> None:
    assert causal_claims(text, "pl") == found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fixed_sentence_and_the_funders_dimension_are_allowed(language: str) -> None:
    fixed = words.say("report.summary.no_comparison", language)
    assert causal_claims(f"{fixed} {words.label('bilateral_dimensions', 'wider', language)}", language) == []


def test_the_allowed_sentence_does_not_excuse_another_claim_beside_it() -> None:
    fixed = words.say("report.summary.no_comparison", "en")
    assert causal_claims(f"{fixed} It is due to the courses.", "en") == ["due to"]
