"""Whether scales can be trusted, whose change is more than noise, and those served against those waiting."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.inside.display import Inside, frame, pick
from evaluation.inside.numbers import between, named, number, percents, probability
from evaluation.measure.change import Change
from evaluation.measure.waiting import Waiting
from evaluation.schema import text


def trust(changes: Mapping[str, Change], language: str) -> Inside:
    """Alpha at baseline with its interval and the people it is from, each item's correlation with the rest, and
    what follows; scales of one item are left out."""
    rows = []
    for change in changes.values():
        if change.trust is None:
            continue
        made = change.trust.reliability
        said = " ".join(text(refusal.sentences, language) for refusal in change.trust.refusals)
        alpha = "–" if made is None else f"{number(made.cronbach, 2)} {between((made.low, made.high), 2)}"
        rest = () if made is None else zip(change.scale.items, made.item_rest, strict=True)
        weakest = "; ".join(f"{item} {number(r, 2)}" for item, r in rest)
        people = "–" if made is None else made.n
        rows.append((named(change, language), alpha, people, weakest or "–", said or "–"))
    names = pick(
        language,
        "outcome|alpha at the start|people|items with the rest of the scale (r)|what follows",
        "rezultat|alfa na początku|osoby|pozycje z resztą skali (r)|co wynika",
    )
    caption = pick(language, "Can the scales be trusted?", "Czy skalom można ufać?")
    return Inside(language, caption, frame(names.split("|"), rows))


def reliable(changes: Mapping[str, Change], language: str) -> Inside:
    """How many people changed by more than measurement error, and which thresholds are smaller than that error.

    Each threshold stands in points, with the source and the population it is from.
    """
    rows = []
    for change in changes.values():
        made = change.reliable
        cautions = [one for one in change.refusals if one.id in ("step_within_noise", "published_within_noise")]
        notes = " ".join(text(one.sentences, language) for one in cautions)
        if made is None:
            none = pick(language, "no reliability is known", "rzetelność nie jest znana")
            rows.append((named(change, language), "–", "–", none, notes or "–"))
            continue
        where = "; ".join(filter(None, [made.source, text(made.population, language)]))
        source = where or pick(language, "own sample, approximate", "własna próba, w przybliżeniu")
        counts = f"{made.improved} / {made.same} / {made.worse}"
        rows.append((named(change, language), counts, number(made.threshold), source, notes or "–"))
    names = pick(
        language,
        "outcome|reliably better / neither / reliably worse|threshold in points|reliability from|read with it",
        "rezultat|rzetelnie lepiej / ani tak, ani tak / rzetelnie gorzej|próg w punktach|rzetelność z|czytaj z tym",
    )
    caption = pick(language, "Is one person's change more than noise?", "Czy zmiana jednej osoby to więcej niż szum?")
    return Inside(language, caption, frame(names.split("|"), rows))


def waiting(made: Mapping[str, Waiting], changes: Mapping[str, Change], language: str) -> Inside:
    """Those served against those still waiting: difference at the end, adjusted for the start."""
    rows = []
    for name, one in made.items():
        adjusted, shares = one.adjusted, one.shares
        rows.append(
            (
                named(changes[name], language),
                "–"
                if adjusted is None
                else f"{number(adjusted.difference)} {between((adjusted.low, adjusted.high))}"
                f" ({adjusted.served} / {adjusted.waiting})",
                "–"
                if shares is None
                else f"{number(100 * shares.difference, 0)} {between(percents(shares.interval), 0)}",
                probability(one.permutation_p),
            )
        )
    names = pick(
        language,
        "outcome|difference in points (served / waiting)|difference improved, percentage points|permutation p",
        "rezultat|różnica w punktach (osoby objęte / oczekujące)|różnica poprawy, punkty procentowe|p permutacyjne",
    )
    caption = pick(
        language,
        "Served against waiting (only where the plan is a waiting list)",
        "Osoby objęte wsparciem a oczekujące (tylko gdy plan przewiduje listę oczekujących)",
    )
    return Inside(language, caption, frame(names.split("|"), rows))
