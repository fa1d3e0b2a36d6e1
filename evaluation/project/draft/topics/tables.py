"""Participants counted by course, by stage of the project, and by how their outcomes changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluation.measure.results import Results
from evaluation.project.draft.counting import (
    YES_NO,
    Classification,
    Tabulation,
    coarsened,
    cross_tabulate,
    labels_of,
    outcome_labels,
    placed,
    tabulate,
)
from evaluation.project.draft.ladders import graded, rungs
from evaluation.project.draft.topics.means import later_name
from evaluation.release.released import Variable
from evaluation.schema import Course, Outcome, text
from evaluation.texts import Message, in_all

DIRECTIONS = labels_of("direction", "higher", "same", "lower", "not_paired")
TAKEN = labels_of("course", "completed", "attended", "none")
STAGES = labels_of("stage", "finished", "left", "no_answer")


def taken(results: Results, course: Course, people: Sequence[str]) -> Classification:
    """Who completed a course, attended some of it, or did not take it."""
    dose, name = results.dose[results.dose["course"] == course.id], f"course:{course.id}"
    completed, attended = (dose.loc[some, "participant"] for some in (dose["completer"], dose["present"] > 0))
    within = {f"{name}.completed": {"completed": "yes", "attended": "no", "none": "no"}}  # where an indicator counts it
    variable = Variable(name, course.labels, TAKEN, within=within)
    code_of = placed(people, "none", completed=completed, attended=attended)
    return graded("courses", (variable, code_of), results.declaration.file.rules)


def stages(results: Results, people: Sequence[str]) -> Classification:
    """Who answered at the end, who left, and of whom there is no answer."""
    answers, frame = results.frames["answers"], results.frames["participants"]
    answered = (answers["wave"] == results.declaration.plan.endline) & (answers["state"] == "answered")
    finished, left = answers.loc[answered, "participant"], frame.loc[frame["left_on"].notna(), "participant"]
    variable = Variable("stage", in_all(Message("project.draft.flow")), STAGES)
    code_of = placed(people, "no_answer", finished=finished, left=left)
    return graded("flow", (variable, code_of), results.declaration.file.rules)


def directions(results: Results, outcome: Outcome, people: Sequence[str]) -> Classification:
    """Where each person is by the step of the plan, the one classification of changes that leaves."""
    change = results.changes[outcome.id]
    better, worse = ("higher", "lower") if change.scale.direction == "higher" else ("lower", "higher")
    moved = {better: change.improved_by_step, worse: change.worse_by_step}
    within = {
        f"{outcome.id}.pairs": {"higher": "yes", "same": "yes", "lower": "yes", "not_paired": "no"},
        f"{outcome.id}.worse": {code: "yes" if code == worse else "no" for code in DIRECTIONS},
    }
    labels = outcome_labels(outcome.labels, preplanned=change.preplanned)
    variable = Variable(f"{outcome.id}.direction", labels, DIRECTIONS, within=within)
    code_of = placed(people, "not_paired", **moved, same=change.paired)
    return graded("outcomes", (variable, code_of), results.declaration.file.rules, better=better)


def of_outcome(outcome: str, people: Sequence[str], direction: Classification) -> list[Tabulation]:
    """How people changed, at every rung, and how many answered both times."""
    pairs = f"{outcome}.pairs"
    told = rungs("outcomes", direction, people, zeros_sensitive=True)
    return [*told, tabulate(pairs, "outcomes", people, coarsened(direction, pairs))]


def answered_later(results: Results, outcome: Outcome, people: Sequence[str]) -> Iterator[Tabulation]:
    """How many answered at the start and at each wave after the end."""
    named = outcome_labels(outcome.labels, preplanned=results.changes[outcome.id].preplanned)
    for wave, change in results.follow_ups[outcome.id].items():
        name, then = f"{later_name(outcome, wave)}.pairs", results.declaration.wave(wave).labels
        labels = {language: f"{label} ({text(then, language)})" for language, label in named.items()}
        code_of = placed(people, "no", yes=change.paired)
        yield tabulate(name, "later", people, (Variable(name, labels, YES_NO), code_of))


def worsened(outcome: str, people: Sequence[str], direction: Classification) -> Tabulation:
    """How many changed for the worse: told as a range only."""
    name = f"{outcome}.worse"
    return tabulate(name, "worse", people, coarsened(direction, name), zeros_sensitive=True)


def paired_by_served(
    outcome: str, people: Sequence[str], served: Classification, direction: Classification
) -> Tabulation:
    """Who of those served first, and of those waiting, has both measurements."""
    paired = coarsened(direction, f"{outcome}.pairs")
    return cross_tabulate(f"{outcome}.pairs.by.served", "waiting", paired[0].labels, people, served, paired)
