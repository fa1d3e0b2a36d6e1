"""What a reader may rely on, in plain words: project facts, method and limits, certificate, provenance."""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import NormalDist

from evaluation import codec
from evaluation.release import bundle
from evaluation.release.released import Certificate, Mean, Released
from evaluation.report import words
from evaluation.report.blocks import Certificate as Certified
from evaluation.report.blocks import Definitions, bullets, paragraphs
from evaluation.report.content import bilateral, lookup, summary
from evaluation.report.shown import Shown, show
from evaluation.rounding import in_percent
from evaluation.schema import text


def facts(released: Released, language: str) -> Shown:
    """What the project says publicly about itself, as a definition list."""
    stated = released.facts
    pairs = [
        (words.say("report.facts.title", language), text(stated.title, language)),
        (words.say("report.facts.promoter", language), stated.promoter),
        (words.say("report.facts.partners", language), "; ".join(_partners(released, language))),
        (words.say("report.facts.programme", language), words.named(stated.programme, language)),
        (words.say("report.facts.fund", language), words.named(stated.fund, language)),
        (words.say("report.facts.donor_states", language), _names(stated.donor_states, language)),
        (words.say("report.facts.operator", language), words.named(stated.operator, language)),
        (words.say("report.facts.amount", language), words.money(stated.amount, stated.currency, language)),
        (words.say("report.facts.period", language), words.period(stated.period_start, stated.period_end, language)),
        (words.say("report.facts.place", language), text(stated.place, language)),
        (words.say("report.facts.planned", language), words.counted(stated.planned, "people", language)),
        (words.say("report.facts.reached", language), _reached(released, language)),
        (words.say("report.facts.countries", language), "" if stated.countries is None else str(stated.countries)),
        (
            words.say("report.facts.languages", language),
            ", ".join(words.label("languages", code, language) for code in stated.work_languages),
        ),
    ]
    tidied = tuple((name, words.tidy(value, language)) for name, value in pairs if value)
    return show(
        released,
        language,
        name="facts",
        blocks=[Definitions(tidied)],
        content=codec.plain(stated),
    )


def _partners(released: Released, language: str) -> list[str]:
    named = []
    for name, code, donor in bilateral.partners(released):
        partner = f"{name} ({words.label('countries', code, language)})"
        named.append(words.say("report.facts.donor_partner", language, partner=partner) if donor else partner)
    return named


def _names(codes: tuple[str, ...], language: str) -> str:
    return words.listing([words.country(code, language) for code in codes], language)


def _reached(released: Released, language: str) -> str:
    stated = released.facts
    reached = words.counted(stated.reached, "people", language)
    if not stated.planned:
        return reached
    share = words.percent(stated.reached / stated.planned, language)
    return words.say("report.facts.reached_share", language, people=reached, share=share)


def method(released: Released, language: str) -> Shown:
    """How the numbers came about and what they cannot say, one plain sentence each."""
    phrases = ["report.method.people"]
    told = [mean for mean in released.at_end if mean.change is not None]
    if released.facts.courses:
        phrases.append("report.method.courses")
    scored = released.at_end or lookup.by_topic(released, "outcomes")
    if scored:
        phrases += ["report.method.change", _step(released)]
    if told:
        phrases.append("report.method.interval")
    if any(mean.primary and mean.preplanned for mean in told) and _planned(released) == _BEFOREHAND:
        phrases.append("report.method.primary")
    if any(mean.method == "all enrolled" for mean in told):
        phrases.append("report.method.all")
    if released.facts.allocation:
        phrases.append("report.method.waiting")
    elif scored:
        phrases.append("report.method.regression")
    if len(told) > 1:
        phrases.append("report.method.several")
    phrases.append("report.method.missing")
    if released.at_end:
        phrases += [
            "report.method.items",
            "report.method.reporting",
            _planned(released),
        ]
    if scored:
        phrases.append(summary.comparison(released))
    if any(isinstance(count.value, tuple) for table in released.tables for count in table.counts):
        phrases.append("report.method.ranges")
    tables, means, lines = released.tables, released.means, released.indicators
    if any([*(one.as_of for one in tables), *(one.as_of for one in means), *(one.as_of for one in lines)]):
        phrases.append("report.method.repeated")
    if released.indicators:
        phrases.append("report.method.two")
    step = _steps(released)[0] if _steps(released) else 0.0
    given: dict[str, dict[str, object]] = {
        "report.method.interval": {"level": _level(released, language)},
        "report.method.step_points": {"n": step, "points": words.plain(step, language)},
    }
    said = [words.say(phrase, language, **given.get(phrase, {})) for phrase in phrases]
    said += [
        words.begun(key, language, outcome=words.inline(mean.labels, language), **facts)
        for mean in released.at_end
        if mean.method != "waiting list"
        for key, facts in _by_error(mean, language)
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
        blocks=[bullets(said)],
        content=said,
    )


def _by_error(mean: Mean, language: str) -> Iterator[tuple[str, dict[str, object]]]:
    """The caution about a step below measurement error, from what is published of the scale, if anything is.

    A reliability r alone gives the error in standard deviations of the scores (Jacobson & Truax 1991): of 100 people
    who stay as they are, 95 change by less than 1.96 √2 √(1 − r) of them. How many points that is rests on answers.
    """
    if mean.detectable is not None:
        yield "report.method.detectable", {"n": mean.detectable, "points": words.plain(mean.detectable, language)}
    elif mean.reliability is not None and 0 < mean.reliability < 1:
        error = NormalDist().inv_cdf(0.975) * math.sqrt(2 * (1 - mean.reliability))
        facts = {"reliability": mean.reliability, "sds": error}
        yield (
            "report.method.reliability",
            {name: words.number(value, language, decimals=2) for name, value in facts.items()},
        )


def _steps(released: Released) -> list[float]:
    """From how many points on a change counts in the tables, each number once."""
    return sorted({mean.step for mean in released.at_end if mean.step is not None})


def _step(released: Released) -> str:
    """With the points where they are the same for all outcomes."""
    return "report.method.step_points" if len(_steps(released)) == 1 else "report.method.step"


def _level(released: Released, language: str) -> str:
    """The level of the printed intervals without its sign: "95"; several of them as "90/95"."""
    levels = sorted({mean.confidence for mean in released.at_end})
    return "/".join(words.plain(float(in_percent(level)), language) for level in levels)


_BEFOREHAND = "report.method.plan"


def _planned(released: Released) -> str:
    if released.facts.most_primary is not None:
        return "report.method.plan_not"
    if released.facts.retrospective:
        return "report.summary.retrospective"
    return _BEFOREHAND if all(mean.preplanned for mean in released.at_end) else "report.method.plan_not"


def certificate(released: Released, language: str) -> Shown:
    """What the gate did, in plain words, with what a reader still can know."""
    return show(
        released,
        language,
        name="certificate",
        blocks=[Certified(tuple(_certified(released, language)))],
        content=codec.plain(released.certificate),
    )


def _certified(released: Released, language: str) -> list[str]:
    gate = released.certificate
    if gate.threshold <= 1:
        return [words.say("report.certificate.open", language)]
    last = words.number(gate.threshold - 1, language)
    small = min(released.facts.planned, released.facts.reached) < gate.threshold
    return [
        words.say(f"report.certificate.threshold{'_small' if small else ''}", language, last=last),
        words.say(
            "report.certificate.hidden",
            language,
            numbers=gate.numbers,
            hidden=gate.hidden,
        ),
        *([words.say("report.certificate.beside", language)] if gate.beside else []),
        *_optimality(gate, language),
        words.say(
            "report.certificate.audit",
            language,
            exact=gate.exact,
            narrow=gate.narrow,
        ),
        words.say("report.certificate.earlier", language, n=gate.earlier_releases)
        if gate.earlier_releases
        else words.say("report.certificate.first", language),
        *([words.say("report.certificate.apart", language)] if gate.apart else []),
        *([words.say("report.certificate.honest", language, last=last)] if gate.hidden else []),
        *([words.say("report.certificate.declared_late", language)] if gate.declared_late else []),
        *_insider(gate, language),
    ]


def _insider(gate: Certificate, language: str) -> list[str]:
    if not gate.hidden:
        return []
    if gate.candidates is None:
        return [words.say("report.certificate.not_assessed", language)]
    return [words.say("report.certificate.candidates", language, n=gate.candidates)]


def _optimality(gate: Certificate, language: str) -> list[str]:
    """Nothing after an earlier release: what readers suppose of hidden numbers decides it there."""
    if not gate.hidden or gate.earlier_releases or gate.optimal is None:
        return []
    return [words.say(f"report.certificate.{'' if gate.optimal else 'not_'}optimal", language)]


def provenance(released: Released, language: str) -> Shown:
    """One visible sentence for the footer, one more where words were mended; everything else is in the data."""
    made, worded = released.provenance, bundle.content(released)[:12]
    said = words.say(
        "report.provenance.line",
        language,
        release=released.release,
        date=words.date(made.released_on, language),
        library=made.library,
        digest=released.digest[:12],
        texts=worded,
    )
    if made.worded_on:
        said += " " + words.say("report.provenance.mended", language, date=words.date(made.worded_on, language))
    return show(
        released,
        language,
        name="provenance",
        heading=False,
        blocks=paragraphs([said]),
        content={"release": released.release, "digest": released.digest, "texts": worded, **codec.plain(made)},
        place="footer",
    )
