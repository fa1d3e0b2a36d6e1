"""What a reader may rely on, in plain words: project facts, method and limits, certificate, provenance."""

from __future__ import annotations

from evaluation import codec
from evaluation.release.released import Certificate, Released
from evaluation.report import words
from evaluation.report.blocks import Certificate as Certified
from evaluation.report.blocks import Definitions, bullets, paragraphs
from evaluation.report.content import summary
from evaluation.report.shown import Shown, show
from evaluation.schema import text


def facts(released: Released, language: str) -> Shown:
    """What the project says publicly about itself, as a definition list."""
    stated = released.facts
    pairs = [
        (words.say("title", language), text(stated.title, language)),
        (words.say("promoter", language), stated.promoter),
        (words.say("partners", language), "; ".join(_partners(released, language))),
        (words.say("programme", language), stated.programme),
        (words.say("fund", language), stated.fund),
        (words.say("donor_states", language), _names(stated.donor_states, language)),
        (words.say("operator", language), stated.operator),
        (words.say("amount", language), words.money(stated.amount, stated.currency, language)),
        (words.say("period_label", language), words.period(stated.period_start, stated.period_end, language)),
        (words.say("place", language), text(stated.place, language)),
        (words.say("planned", language), words.counted(stated.planned, "person", language)),
        (words.say("reached_label", language), _reached(released, language)),
        (words.say("countries", language), "" if stated.countries is None else str(stated.countries)),
        (
            words.say("languages", language),
            ", ".join(words.tongue(code, language) for code in stated.languages),
        ),
    ]
    tidied = tuple((name, words.tidy(value, language)) for name, value in pairs if value)
    return show(
        released,
        language,
        name="facts",
        heading=words.say("h_facts", language),
        blocks=[Definitions(tidied)],
        content=codec.plain(stated),
    )


def _partners(released: Released, language: str) -> list[str]:
    named = []
    for name, code, donor in released.facts.partners:
        partner = f"{name} ({words.country(code, language)})"
        named.append(words.say("donor_partner", language, partner=partner) if donor else partner)
    return named


def _names(codes: tuple[str, ...], language: str) -> str:
    return words.listing([words.country(code, language) for code in codes], language)


def _reached(released: Released, language: str) -> str:
    stated = released.facts
    reached = words.counted(stated.reached, "person", language)
    if not stated.planned:
        return reached
    share = words.percent(stated.reached / stated.planned, language)
    return words.say("reached_share", language, people=reached, share=share)


def method(released: Released, language: str) -> Shown:
    """How the numbers came about and what they cannot say, one plain sentence each."""
    phrases = ["m_people"]
    if released.facts.courses:
        phrases.append("m_courses")
    if released.means:
        phrases += ["m_change", "m_step", "m_interval"]
    if any(mean.method == "all enrolled" for mean in released.means):
        phrases.append("m_all")
    if released.facts.allocation:
        phrases.append("m_waiting")
    phrases.append("m_missing")
    if released.means:
        phrases += [
            "m_items",
            "m_reporting",
            _planned(released),
            summary.comparison(released),
        ]
    if released.indicators:
        phrases.append("m_two")
    if released.surveys:
        phrases.append("project_level")
    said = [words.say(phrase, language) for phrase in phrases]
    said += [
        words.say(
            "m_detectable",
            language,
            Outcome=words.title(mean.labels, language),
            points=words.plain(mean.detectable, language),
        )
        for mean in released.means
        if mean.detectable is not None and mean.method != "waiting list"
    ]
    said += [
        words.tidy(words.sentence(text(stated.text, language)), language)
        for stated in released.facts.statements
        if stated.part == "method"
    ]
    return show(
        released,
        language,
        name="method",
        heading=words.say("h_method", language),
        blocks=[bullets(said)],
        content=said,
    )


def _planned(released: Released) -> str:
    if released.facts.most_primary is not None:
        return "m_plan_not"
    if released.facts.retrospective:
        return "retrospective"
    return "m_plan" if all(mean.preplanned for mean in released.means) else "m_plan_not"


def certificate(released: Released, language: str) -> Shown:
    """What the gate did, in plain words, with what a reader still can know."""
    return show(
        released,
        language,
        name="certificate",
        heading=words.say("h_certificate", language),
        blocks=[Certified(tuple(_certified(released.certificate, language)))],
        content=codec.plain(released.certificate),
    )


def _certified(gate: Certificate, language: str) -> list[str]:
    if gate.threshold <= 1:
        return [words.say("c_open", language)]
    last = words.number(gate.threshold - 1, language)
    return [
        words.say("c_threshold", language, threshold=words.number(gate.threshold, language)),
        words.say(
            "c_hidden",
            language,
            numbers=words.number(gate.numbers, language),
            hidden=words.number(gate.hidden, language),
        ),
        *_optimality(gate, language),
        words.say(
            "c_audit",
            language,
            exact=words.number(gate.exact, language),
            narrow=words.number(gate.narrow, language),
        ),
        words.say("c_earlier", language, n=words.number(gate.earlier_releases, language))
        if gate.earlier_releases
        else words.say("c_first", language),
        words.say("c_honest", language, last=last),
        *_insider(gate, language),
    ]


def _insider(gate: Certificate, language: str) -> list[str]:
    if not gate.hidden:
        return []
    if gate.candidates is None:
        return [words.say("c_not_assessed", language)]
    return [words.say("c_candidates", language, n=words.number(gate.candidates, language))]


def _optimality(gate: Certificate, language: str) -> list[str]:
    if not gate.hidden:
        return []
    if gate.optimal:
        return [words.say("c_optimal", language)]
    if gate.gap is None:
        return [words.say("c_not_optimal", language)]
    return [words.say("c_gap", language, gap=words.number(gate.gap, language))]


def provenance(released: Released, language: str) -> Shown:
    """One visible sentence for the footer; everything else is in the data."""
    made = released.provenance
    said = words.say(
        "p_line",
        language,
        release=released.release,
        date=words.date(made.released_on, language),
        library=made.library,
        digest=released.digest[:12],
    )
    return show(
        released,
        language,
        name="provenance",
        blocks=paragraphs([said]),
        content={"release": released.release, "digest": released.digest, **codec.plain(made)},
        place="footer",
    )
