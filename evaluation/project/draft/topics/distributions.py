"""Scores of primary outcomes before and after, in thirds of the scale, where project.yml asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluation.measure.results import Results
from evaluation.project.draft.counting import Tabulation, count_of, labels_of, outcome_labels
from evaluation.project.draft.ladders import graded, rungs
from evaluation.project.draft.topics.means import trusted
from evaluation.project.draft.topics.thirds import third
from evaluation.release.released import Relation, Variable
from evaluation.schema import Outcome
from evaluation.texts import or_english, say

_THIRDS = labels_of("third", "low", "middle", "high", "none")


def distribution(
    results: Results, outcome: Outcome, people: Sequence[str]
) -> tuple[list[Tabulation], tuple[Relation, ...]]:
    """The outcome's scores at the start and at the end, and how many answered at the start at least."""
    plan, scale = results.declaration.plan, results.declaration.scale(outcome)
    own = results.scores[results.scores["scale"] == outcome.scale].dropna(subset=["score"])
    tables = []
    for name, wave in (("start", plan.baseline), ("end", plan.endline)):
        at = own[own["wave"] == wave].set_index("participant")["score"]
        code_of = {p: third(float(at[p]), scale) if p in at.index else "none" for p in people}
        own_name = outcome_labels(outcome.labels, preplanned=results.changes[outcome.id].preplanned)
        labels = {
            language: f"{text}, {say(f'project.draft.wave.{name}', or_english(language))}"
            for language, text in own_name.items()
        }
        fine = Variable(f"{outcome.id}.{name}", labels, _THIRDS), code_of
        made = graded("distributions", fine, results.declaration.file.rules, better=scale.direction)
        tables += rungs("distributions", made, people, zeros_sensitive=True)
    return tables, tuple(_enough(results, outcome, people))


def _enough(results: Results, outcome: Outcome, people: Sequence[str]) -> Iterator[Relation]:
    """A total that is trusted says that enough people answered at the start."""
    change = results.changes[outcome.id]
    if change.trust is not None and trusted(results, change):
        least = results.declaration.plan.alpha_people
        yield Relation(((count_of(f"{outcome.id}.start", "none"), 1),), rhs=len(people) - least)
