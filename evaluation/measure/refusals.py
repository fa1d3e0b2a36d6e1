"""What the tool declines to compute or warns about, as sentences for the reader in English and Polish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from evaluation.measure.missing import Unpredicted, Vector
from evaluation.measure.statistics.values import SAME
from evaluation.rounding import in_percent, rounded
from evaluation.schema import Evidence, Labels, Outcome, Plan, Scale, text

if TYPE_CHECKING:
    from evaluation.measure.statistics.reliable_change import ReliableChange

COUNTS_ONLY = frozenset({"nobody_enrolled", "no_baseline", "no_pairs", "few_pairs", "ordinal"})
"""Refusals after which only counts of people are left."""

NO_HEADLINE = COUNTS_ONLY | {"no_spread", "low_retention", "no_prediction"}
"""Refusals because of which there is no mean change to head what is told."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One rule that applied. ``refused``: a number is missing; ``caution``: one to read with care.

    ``sentences`` may hold counts of people: they are for inside the house.
    """

    id: str
    kind: Literal["refused", "caution"]
    sentences: Labels


def refusal(identifier: str, **values: int | float | str | Labels) -> Refusal:
    """The refusal with this id, its sentences filled with ``values``; a float is told with one decimal."""
    kind, english, polish = _SENTENCES[identifier]
    sentences = {}
    for language, sentence in (("en", english), ("pl", polish)):
        told = {name: _told(value, language) for name, value in values.items()}
        sentences[language] = sentence.format_map(told)
    return Refusal(identifier, kind, sentences)


def _told(value: int | float | str | Labels, language: str) -> int | str:
    if isinstance(value, float):
        return str(rounded(value, 1)).removesuffix(".0").replace(".", "," if language == "pl" else ".")
    return text(value, language) if isinstance(value, Mapping) else value


def no_prediction(why: Unpredicted) -> Refusal:
    """That there is no estimate for everyone enrolled, with the reason."""
    return refusal("no_prediction", why=_UNPREDICTED[why])


def noise_cautions(outcome: Outcome, scale: Scale, reliable: ReliableChange | None) -> tuple[Refusal, ...]:
    """Where a step or a published threshold is smaller than what one person's score may change by error alone.

    The error is that of the reliability that the plan declares, else the one published about the scale,
    else that of ``reliable``.
    """
    declared = outcome.reliability is not None and outcome.reliability_source != ""
    error, source = _error(scale, reliable, declared=declared)
    found = []
    if outcome.step < error:
        found.append(refusal("step_within_noise", step=float(outcome.step), error=error, source=source))
    found += [
        refusal("published_within_noise", points=one.value, error=error, source=_source(one))
        for one in scale.published("change")
        if one.value < error
    ]
    return tuple(found)


def _error(scale: Scale, reliable: ReliableChange | None, *, declared: bool) -> tuple[float, Labels]:
    """The change in points that error alone can bring (95 %), and where that is known from; 0 where it is not."""
    if (published := scale.published("detectable")) and not (declared and reliable is not None):
        return published[0].value, _source(published[0])
    if reliable is None:
        return 0.0, {}
    own = {"en": "reliability of the own sample, approximate", "pl": "rzetelność w próbie własnej, w przybliżeniu"}
    return reliable.threshold, {"en": reliable.source, "pl": reliable.source} if reliable.source else own


def _source(one: Evidence) -> Labels:
    return {language: f"{one.source}; {label}" for language, label in one.labels.items()}


def refusals_for(enrolled: int, at_baseline: int, differences: Vector, scale: Scale, plan: Plan) -> tuple[Refusal, ...]:
    """The rules of STATISTICS.md §4 that apply to these pairs, refused before cautions.

    ``differences``: one per pair, in points, no NaN. The plan's ``minimum_pairs`` and
    ``minimum_released`` bound pairs and changed pairs alike.
    """
    found = [*_refused(enrolled, at_baseline, differences, scale, plan)]
    if len(differences) >= max(plan.minimum_pairs, 1):
        found += _doubtful(differences, plan, at_baseline)
    return tuple(sorted(found, key=lambda refusal: refusal.kind == "caution"))


def _refused(enrolled: int, at_baseline: int, differences: Vector, scale: Scale, plan: Plan) -> Iterator[Refusal]:
    pairs = len(differences)
    if not pairs:
        yield refusal("nobody_enrolled" if not enrolled else "no_baseline" if not at_baseline else "no_pairs")
        return
    if scale.transform == "ordinal":
        yield refusal("ordinal")
    if pairs < plan.minimum_pairs:
        yield refusal("few_pairs", pairs=pairs, minimum=plan.minimum_pairs)
        return
    if np.ptp(np.round(differences, SAME)) == 0 and scale.transform != "ordinal":
        yield refusal("no_spread")
    if pairs / at_baseline < plan.minimum_retention:
        yield refusal(
            "low_retention",
            pairs=pairs,
            first=at_baseline,
            minimum=int(in_percent(plan.minimum_retention)),
        )


def _doubtful(differences: Vector, plan: Plan, at_baseline: int) -> Iterator[Refusal]:
    pairs, nonzero = len(differences), int(np.count_nonzero(np.round(differences, SAME)))
    if nonzero < plan.minimum_pairs:
        yield refusal("no_test", nonzero=nonzero, minimum=plan.minimum_pairs)
    elif nonzero < plan.minimum_released:
        yield refusal("few_changes", nonzero=nonzero, minimum=plan.minimum_released)
    if pairs < plan.minimum_released:
        yield refusal("very_few_pairs", pairs=pairs, minimum=plan.minimum_released)
    if plan.minimum_retention <= pairs / at_baseline < plan.tipping_below:
        yield refusal("moderate_retention", pairs=pairs, first=at_baseline)


_UNPREDICTED: dict[Unpredicted, Labels] = {
    "unlearnt": {
        "en": "those who stayed give too little to learn from",
        "pl": "wyniki osób, które zostały, dają za mało podstaw",
    },
    "unlike": {
        "en": "most of them began outside the range of those who stayed",
        "pl": "większość z nich zaczynała poza zakresem wyników osób, które zostały",
    },
    "impossible": {
        "en": "the estimate would lie outside what the scale allows",
        "pl": "oszacowanie wykraczałoby poza to, na co pozwala skala",
    },
}

_SENTENCES: dict[str, tuple[Literal["refused", "caution"], str, str]] = {
    "nobody_enrolled": (
        "refused",
        "Nobody is enrolled, so there is nothing to compare.",
        "Nikt nie uczestniczy w projekcie, więc nie ma czego porównać.",
    ),
    "no_baseline": (
        "refused",
        "Nobody has a score at the start, so no change can be computed.",
        "Nikt nie ma wyniku na początku, więc zmiany nie można obliczyć.",
    ),
    "no_pairs": (
        "refused",
        "Nobody has a score both at the start and at the end, so no change can be computed.",
        "Nikt nie ma wyniku i na początku, i na końcu, więc zmiany nie można obliczyć.",
    ),
    "few_pairs": (
        "refused",
        "People with both scores: {pairs}; below {minimum} only counts are shown, no interval and no test.",
        "Osoby z oboma wynikami: {pairs}; poniżej {minimum} podaje się tylko liczby osób, bez przedziału i bez testu.",
    ),
    "ordinal": (
        "refused",
        "The answers are levels, and levels are never averaged: only moves between levels are counted.",
        "Odpowiedzi są poziomami, a poziomów się nie uśrednia: liczy się tylko przejścia między nimi.",
    ),
    "no_spread": (
        "refused",
        "Everyone changed by the same amount, so no interval for the mean can be computed.",
        "Wszystkie zmiany są jednakowe, więc przedziału dla średniej nie można obliczyć.",
    ),
    "low_retention": (
        "refused",
        "Of {first} people with a first score only {pairs} have a last one; below {minimum} % no mean change is"
        " headlined, only those who stayed and the bounds are shown.",
        "Osoby z pierwszym wynikiem: {first}, w tym także z ostatnim: tylko {pairs}; poniżej {minimum} % nie podaje się"
        " średniej zmiany w nagłówku, a jedynie wynik osób, które zostały, i granice.",
    ),
    "no_prediction": (
        "refused",
        "The end scores of those who left cannot be predicted from their first scores ({why}), so there is no"
        " estimate for everyone enrolled.",
        "Wyników końcowych osób, które odeszły, nie da się przewidzieć z pierwszych wyników ({why}), więc nie ma"
        " oszacowania dla wszystkich uczestniczek i uczestników.",
    ),
    "no_test": (
        "refused",
        "People whose score changed: {nonzero}; below {minimum} there is no test, and counts come before the mean.",
        "Osoby, których wynik się zmienił: {nonzero}; poniżej {minimum} nie wykonuje się testu, a liczby"
        " osób podaje się przed średnią.",
    ),
    "very_few_pairs": (
        "caution",
        "Very few people: {pairs} have both scores. For use inside only; nothing on fewer than {minimum}"
        " people is released.",
        "Bardzo mało osób: oba wyniki mają {pairs}. Tylko do użytku wewnętrznego; niczego o mniej niż"
        " {minimum} osobach się nie udostępnia.",
    ),
    "few_changes": (
        "caution",
        "People whose score changed: {nonzero}; below {minimum} the counts come first and the mean is to be"
        " read with caution.",
        "Osoby, których wynik się zmienił: {nonzero}; poniżej {minimum} najpierw podaje się liczby osób,"
        " a średnią należy czytać ostrożnie.",
    ),
    "moderate_retention": (
        "caution",
        "Of {first} people with a first score {pairs} have a last one; the estimate for everyone enrolled is"
        " shown with how wrong it would have to be for those who left.",
        "Osoby z pierwszym wynikiem: {first}, w tym także z ostatnim: {pairs}; oszacowanie dla wszystkich podaje się"
        " wraz z tym, jak bardzo musiałoby się mylić co do osób, które odeszły.",
    ),
    "few_for_alpha": (
        "refused",
        "People who answered all items of the scale at the start: {people}; below {minimum} its reliability"
        " cannot be judged, so the items are shown instead of the total.",
        "Osoby, które na początku odpowiedziały na wszystkie pozycje skali: {people}; poniżej {minimum} nie da się"
        " ocenić jej rzetelności, dlatego zamiast sumy pokazuje się pozycje.",
    ),
    "low_alpha": (
        "refused",
        "The items of the scale agree too little with one another (the interval of Cronbach's alpha reaches below"
        " 0.{hundredths:02d}), so the items are shown instead of the total.",
        "Pozycje skali zbyt mało zgadzają się ze sobą (przedział alfy Cronbacha sięga poniżej 0,{hundredths:02d}),"
        " dlatego zamiast sumy pokazuje się pozycje.",
    ),
    "no_alpha": (
        "refused",
        "Everyone answered the items of the scale alike, so its reliability cannot be judged; the items are"
        " shown instead of the total.",
        "Odpowiedzi na pozycje skali są u wszystkich jednakowe, więc nie da się ocenić jej rzetelności; zamiast"
        " sumy pokazuje się pozycje.",
    ),
    "many_primary": (
        "caution",
        "The plan names {primary} primary outcomes, and {most} at most can be: all results are exploratory.",
        "Plan wymienia główne rezultaty w liczbie {primary}, a może ich być najwyżej {most}: wszystkie wyniki są"
        " eksploracyjne.",
    ),
    "small_group": (
        "refused",
        "People in this group with both scores: {pairs}; below {minimum} there is no estimate for it.",
        "Osoby w tej grupie z oboma wynikami: {pairs}; poniżej {minimum} nie ma dla niej oszacowania.",
    ),
    "step_within_noise": (
        "caution",
        "The step that counts as improved, {step} points, is less than one person's score may change by error alone:"
        " {error} points ({source}). Count people by it, but call nobody improved by it.",
        "Krok uznawany za poprawę ({step} pkt) jest mniejszy od zmiany, jaką wynik jednej osoby może wykazać przez sam"
        " błąd pomiaru: {error} pkt ({source}). Można według niego liczyć osoby, ale nie oceniać poprawy jednej osoby.",
    ),
    "published_within_noise": (
        "caution",
        "A published threshold of {points} points ({source}) is below the measurement error of one"
        " person's change, {error} points; nobody is called improved by it.",
        "Opublikowany próg {points} pkt ({source}) jest mniejszy od błędu pomiaru zmiany jednej osoby,"
        " {error} pkt; nikogo nie uznaje się na jego podstawie za osobę z poprawą.",
    ),
    "dose_few": (
        "refused",
        "People in the register of the course with both scores: {people}; below {minimum} attendance is not"
        " compared with the change.",
        "Osoby z listy obecności kursu, które mają oba wyniki: {people}; poniżej {minimum} nie porównuje się"
        " obecności ze zmianą.",
    ),
    "dose_alike": (
        "refused",
        "Different numbers of sessions attended: {distinct}; below {minimum} attendance is not compared with the"
        " change.",
        "Różne liczby zajęć, w których uczestniczono: {distinct}; poniżej {minimum} nie porównuje się obecności"
        " ze zmianą.",
    ),
    "dose_no_spread": (
        "refused",
        "Everyone changed by the same amount, so attendance cannot be compared with the change.",
        "Wszystkie zmiany są jednakowe, więc obecności nie można porównać ze zmianą.",
    ),
}
