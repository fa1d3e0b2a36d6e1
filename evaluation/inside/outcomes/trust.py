"""Whether scales can be trusted, whose change is more than noise, and those served against those waiting."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.inside.display import Inside, frame
from evaluation.inside.numbers import estimated, named, number, percents, probability
from evaluation.measure.outcomes.change import Change
from evaluation.measure.outcomes.waiting import Waiting
from evaluation.schema import text
from evaluation.texts import say


def trust(changes: Mapping[str, Change], language: str) -> Inside:
    """Alpha at baseline with its interval and the people it is from, each item's correlation with the rest, and
    what follows; scales of one item are left out."""
    rows = []
    for change in changes.values():
        if change.trust is None:
            continue
        made = change.trust.reliability
        about = (*change.trust.refusals, *(one for one in change.refusals if one.id == "reversed_item"))
        said = " ".join(say(refusal.message, language) for refusal in about)
        alpha = "–" if made is None else estimated(made.cronbach, (made.low, made.high), language, 2)
        rest = () if made is None else zip(change.scale.items, made.item_rest, strict=True)
        weakest = "; ".join(f"{item} {number(r, language, 2)}" for item, r in rest)
        people = "–" if made is None else made.n
        rows.append((named(change, language), alpha, people, weakest or "–", said or "–"))
    names = say("inside.trust.trust_columns", language)
    caption = say("inside.trust.trust_caption", language)
    return Inside(language, caption, frame(names.split("|"), rows))


def reliable(changes: Mapping[str, Change], language: str) -> Inside:
    """How many people changed by more than measurement error, and which thresholds are smaller than that error.

    Each threshold stands in points, with the source and the population it is from.
    """
    rows = []
    for change in changes.values():
        made = change.reliable
        cautions = [one for one in change.refusals if one.id in ("step_within_noise", "published_within_noise")]
        notes = " ".join(say(one.message, language) for one in cautions)
        if made is None:
            none = say("inside.trust.no_reliability_known", language)
            rows.append((named(change, language), "–", "–", none, notes or "–"))
            continue
        where = "; ".join(filter(None, [made.source, text(made.population, language)]))
        source = where or say("inside.trust.own_sample_approximate", language)
        counts = f"{made.improved} / {made.same} / {made.worse}"
        rows.append((named(change, language), counts, number(made.threshold, language), source, notes or "–"))
    names = say("inside.trust.reliable_columns", language)
    caption = say("inside.trust.reliable_caption", language)
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
                else f"{estimated(adjusted.difference, (adjusted.low, adjusted.high), language)}"
                f" ({adjusted.served} / {adjusted.waiting})",
                "–" if shares is None else estimated(100 * shares.difference, percents(shares.interval), language, 0),
                probability(one.permutation_p, language),
            )
        )
    names = say("inside.trust.waiting_columns", language)
    caption = say("inside.trust.waiting_caption", language)
    return Inside(language, caption, frame(names.split("|"), rows))
