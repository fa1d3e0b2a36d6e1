"""Scores of primary outcomes before and after, in thirds of the scale, where project.yml asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluation.measure.results import Results
from evaluation.project.draft.counting import Classification, Tabulation, count_of, labels_of, outcome_labels, tabulate
from evaluation.project.draft.means import trusted
from evaluation.project.draft.relations import at_most
from evaluation.release.released import Reference, Relation, Variable
from evaluation.schema import Outcome
from evaluation.texts import or_english, say

_THIRDS = labels_of("third", "low", "middle", "high", "none")


def distribution(
    results: Results, outcome: Outcome, people: Sequence[str]
) -> tuple[list[Tabulation], tuple[Relation, ...]]:
    """The outcome's scores at the start and at the end, and what everybody knows about these counts."""
    plan, scale = results.declaration.plan, results.declaration.scale(outcome)
    own = results.scores[results.scores["scale"] == outcome.scale].dropna(subset=["score"])
    tables = []
    for name, wave in (("start", plan.baseline), ("end", plan.endline)):
        at = own[own["wave"] == wave].set_index("participant")["score"]
        code_of = {p: _third(float(at[p]), scale.minimum, scale.range) if p in at.index else "none" for p in people}
        own_name = outcome_labels(outcome.labels, preplanned=results.changes[outcome.id].preplanned)
        labels = {
            language: f"{text}, {say(f'project.draft.wave.{name}', or_english(language))}"
            for language, text in own_name.items()
        }
        classification: Classification = (Variable(f"{outcome.id}.{name}", labels, _THIRDS), code_of)
        tables.append(tabulate(f"{outcome.id}.{name}", "distributions", people, classification, zeros_sensitive=True))
    bound = (*_who_answered(outcome.id), *_crossings(results, outcome), *_enough(results, outcome, people))
    return tables, bound


def _third(score: float, minimum: float, width: float) -> str:
    share = (score - minimum) / width
    return "low" if share < 1 / 3 else "middle" if share < 2 / 3 else "high"


def _who_answered(outcome: str) -> tuple[Relation, ...]:
    """Whoever lacks a score lacks the pair, whoever lacks the pair lacks a score, and a last score is an answer."""
    start, end = _third_at(outcome, "start", "none"), _third_at(outcome, "end", "none")
    unpaired = count_of(f"{outcome}.pairs", "no")
    finished = Reference("flow", {"stage": "finished"})
    scored = [_third_at(outcome, "end", third) for third in ("low", "middle", "high")]
    return (
        at_most([start], [unpaired]),
        at_most([end], [unpaired]),
        at_most([unpaired], [start, end]),
        at_most(scored, [finished]),
    )


def _third_at(outcome: str, moment: str, third: str) -> Reference:
    return count_of(f"{outcome}.{moment}", third)


def _crossings(results: Results, outcome: Outcome) -> Iterator[Relation]:
    """Whoever fell out of the upper third(s) is lower, or the same where a step may cross their boundary.

    And whoever came into them is higher. Nobody the same can have crossed where every change of a whole
    point is a step, which the declarations say: whole sums, never prorated.
    """
    scale = results.declaration.scale(outcome)
    whole = scale.transform == "sum" and scale.factor >= 1 and scale.minimum_answered == len(scale.items)
    same = () if whole and outcome.step <= 1 else (count_of(f"{outcome.id}.direction", "same"),)
    for thirds in (("high",), ("high", "middle")):
        for one, other, way in (("start", "end", "lower"), ("end", "start", "higher")):
            inside = [_third_at(outcome.id, one, third) for third in thirds]
            outside = [_third_at(outcome.id, other, third) for third in (*thirds, "none")]
            yield at_most(inside, [*outside, count_of(f"{outcome.id}.direction", way), *same])
    if outcome.step <= scale.range / 3:  # whoever crosses the whole middle third has moved by a step
        for third, way in (("low", "higher"), ("high", "lower")):
            reached = [_third_at(outcome.id, "end", one) for one in (third, "middle", "none")]
            moved = count_of(f"{outcome.id}.direction", way)
            yield at_most([_third_at(outcome.id, "start", third)], [*reached, moved])


def _enough(results: Results, outcome: Outcome, people: Sequence[str]) -> Iterator[Relation]:
    """A total that is trusted says that enough people answered at the start."""
    change = results.changes[outcome.id]
    if change.trust is not None and trusted(results, change):
        least = results.declaration.plan.alpha_people
        yield Relation(((_third_at(outcome.id, "start", "none"), 1),), rhs=len(people) - least)
