"""Whether scales can be trusted, whose change is more than noise, and those served against those waiting."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.measure.change import Change
from evaluation.measure.pictures.inside import Inside, frame, pick
from evaluation.measure.reliable import ReliableChange
from evaluation.measure.trust import Trust
from evaluation.measure.waiting import Waiting
from evaluation.schema import text


def trust(trusted: Mapping[str, Trust], changes: Mapping[str, Change], language: str) -> Inside:
    """Alpha at baseline with its interval and the people it is from, and what follows."""
    rows = []
    for name, one in trusted.items():
        made = one.reliability
        said = " ".join(text(refusal.sentences, language) for refusal in one.refusals)
        alpha = "–" if made is None else f"{made.cronbach:.2f} [{made.low:.2f}; {made.high:.2f}]"
        rows.append((text(changes[name].outcome.labels, language), alpha, "–" if made is None else made.n, said or "–"))
    names = pick(
        language, "outcome|alpha at the start|people|what follows", "rezultat|alfa na początku|osoby|co wynika"
    )
    caption = pick(language, "Can the scales be trusted?", "Czy skalom można ufać?")
    return Inside(language, caption, frame(names.split("|"), rows))


def reliable(found: Mapping[str, ReliableChange | None], changes: Mapping[str, Change], language: str) -> Inside:
    """How many people changed by more than measurement error, with the threshold in points and its source."""
    rows = []
    for name, one in found.items():
        label = text(changes[name].outcome.labels, language)
        if one is None:
            rows.append((label, "–", "–", pick(language, "no reliability is known", "rzetelność nie jest znana")))
            continue
        source = one.source or pick(language, "own sample, approximate", "własna próba, w przybliżeniu")
        if one.step_within_noise:
            source += pick(
                language, "; the plan's step is below this error", "; krok planu jest mniejszy od tego błędu"
            )
        rows.append((label, f"{one.improved} / {one.same} / {one.worse}", f"{one.threshold:.1f}", source))
    names = pick(
        language,
        "outcome|reliably better / neither / reliably worse|threshold in points|reliability from",
        "rezultat|rzetelnie lepiej / ani tak, ani tak / rzetelnie gorzej|próg w punktach|rzetelność z",
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
                text(changes[name].outcome.labels, language),
                "–"
                if adjusted is None
                else f"{adjusted.difference:.1f} [{adjusted.low:.1f}; {adjusted.high:.1f}]"
                f" ({adjusted.served} / {adjusted.waiting})",
                "–"
                if shares is None
                else f"{100 * shares.difference:.0f} [{100 * shares.interval[0]:.0f}; {100 * shares.interval[1]:.0f}]",
                "–" if one.permutation_p is None else f"{one.permutation_p:.3f}",
            )
        )
    names = pick(
        language,
        "outcome|difference in points (served / waiting)|difference improved, percentage points|permutation p",
        "rezultat|różnica w punktach (objęci / oczekujący)|różnica poprawy, punkty procentowe|p permutacyjne",
    )
    caption = pick(
        language,
        "Served against waiting (only where the plan is a waiting list)",
        "Objęci wsparciem a oczekujący (tylko gdy plan przewiduje listę oczekujących)",
    )
    return Inside(language, caption, frame(names.split("|"), rows))
