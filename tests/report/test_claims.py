"""Words that claim a cause are found, the fixed sentences are allowed."""

from __future__ import annotations

import pytest

from evaluation.report.claims import causal_claims
from evaluation.report.phrases import PHRASES


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


@pytest.mark.parametrize(("index", "language"), [(0, "en"), (1, "pl")])
def test_the_fixed_sentence_and_the_funders_dimension_are_allowed(index: int, language: str) -> None:
    fixed = PHRASES["no_comparison"][index] + " " + PHRASES["wider"][index]
    assert causal_claims(fixed, language) == []


def test_the_allowed_sentence_does_not_excuse_another_claim_beside_it() -> None:
    assert causal_claims(PHRASES["no_comparison"][0] + " It is due to the courses.", "en") == ["due to"]
