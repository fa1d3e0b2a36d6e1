"""A word is a claim by what it says of the project, not by its letters: 80 sentences, half of them claims."""

from __future__ import annotations

import pytest

from evaluation.report.claims import causal_claims

CLAIMS_EN = """
Thanks to the courses, women feel safer.
The project led to higher scores.
Our workshops had a strong impact on self-esteem.
The effect of the training was visible after three months.
The support caused a lasting change.
Scores rose because of the language course.
Participants became more confident as a result of our counselling.
The improvement is due to the programme.
Safety improved owing to the psychologist's help.
The higher scores are attributable to the classes.
The project proved that reintegration works.
The courses were highly effective.
The effectiveness of our support is clear.
Participants were significantly safer at the end.
The rise is proof of the project's quality.
The mentoring contributed to their sense of agency.
The shelter brought about a real change in their lives.
It rose because of us.
The difference after the training is statistically significant.
Attendance resulted in better self-perception.
"""

HARMLESS_EN = """
Many women live with the effects of violence.
She stopped coming because of violence at home.
Three people left due to illness.
The impact of trauma on sleep was discussed.
Effective communication was one of the topics.
The workshop on effective budgeting was held twice.
The study visit was hosted by Impact Hub Oslo.
A significant other may be named as a contact.
The new act came into effect in March.
One person was absent because of pregnancy.
Classes were cancelled owing to the pandemic.
Trafficking causes long separation from children.
Please bring proof of identity.
Side effects of medication were the reason for two absences.
The visits resulted in a joint handbook.
The causes of dropping out were asked.
Sessions were moved because of the course schedule.
Two people were late due to a strike of the trams.
Trauma effects differ from person to person.
The traffickers' threats led to fear of going out.
"""

CLAIMS_PL = """
Dzięki projektowi uczestniczki czują się bezpieczniej.
Projekt doprowadził do wzrostu poczucia bezpieczeństwa.
Kursy miały duży wpływ na samoocenę.
Efekty szkolenia były widoczne po trzech miesiącach.
Wsparcie spowodowało trwałą zmianę.
Wyniki wzrosły z powodu kursu języka.
Poczucie bezpieczeństwa wzrosło w wyniku naszych działań.
Wzrost nastąpił wskutek terapii.
Zajęcia wpłynęły na poczucie sprawczości.
Uczestniczki zawdzięczają nam nową pracę.
Projekt udowodnił, że reintegracja jest możliwa.
Kursy okazały się bardzo skuteczne.
Skuteczność naszej pomocy jest oczywista.
Zmiana po kursach jest istotna statystycznie.
Wzrost jest dowodem na jakość projektu.
Mentoring przyczynił się do poczucia sprawczości.
Pobyt w schronisku sprawił, że nabrały odwagi.
Skutkiem projektu jest wyższa samoocena.
Udział w warsztatach przełożył się na lepsze wyniki.
Dzięki temu nikt nie wrócił do sprawców.
"""

HARMLESS_PL = """
Wiele kobiet odczuwa skutki przemocy.
Poczucie wpływu mierzono trzema pytaniami.
Jedna osoba zrezygnowała z powodu choroby.
Omówiono wpływ traumy na sen.
Tematem była skuteczna komunikacja.
Odbyły się dwa warsztaty efektywnej komunikacji.
Wizytę zorganizował Impact Hub Oslo.
Zajęcia odwołano z powodu pandemii.
Trzy osoby odeszły z przyczyn osobistych.
Pytano o przyczyny odejścia z projektu.
Potrzebny jest dowód osobisty.
Wpłynęło 12 zgłoszeń.
Pod wpływem stresu trudno zasnąć.
Mam wpływ na swoje życie.
Skutki uboczne leków były powodem dwóch nieobecności.
Handel ludźmi powoduje długą rozłąkę z dziećmi.
Współpraca zaowocowała wspólną publikacją: efektem wizyt jest podręcznik.
Jedna osoba nie przyszła wskutek strajku tramwajów.
Terminy zmieniono z powodu godzin zajęć.
Uczestniczki mówiły, że mają wpływ na decyzje.
"""


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


@pytest.mark.parametrize("told", lines(CLAIMS_EN))
def test_a_claim_in_english_is_found(told: str) -> None:
    assert causal_claims(told, "en")


@pytest.mark.parametrize("told", lines(HARMLESS_EN))
def test_english_on_something_else_is_no_claim(told: str) -> None:
    assert causal_claims(told, "en") == []


@pytest.mark.parametrize("told", lines(CLAIMS_PL))
def test_a_claim_in_polish_is_found(told: str) -> None:
    assert causal_claims(told, "pl")


@pytest.mark.parametrize("told", lines(HARMLESS_PL))
def test_polish_on_something_else_is_no_claim(told: str) -> None:
    assert causal_claims(told, "pl") == []


def test_what_is_allowed_is_passed_over_and_nothing_else() -> None:
    told = "Effects Choir sang. The choir had an effect on all of us."
    assert causal_claims(told, "en", allowed=["effects choir"]) == ["effect"]
    assert causal_claims(told, "en") == ["effects", "effect"]


def test_a_project_that_heals_the_effects_of_violence_still_claims_to() -> None:
    assert causal_claims("The effects of violence faded thanks to the project.", "en") == ["thanks to"]
    assert causal_claims("Skutki przemocy osłabły dzięki projektowi.", "pl") == ["dzięki"]
