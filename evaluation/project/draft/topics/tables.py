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
    tabulate,
)
from evaluation.project.draft.ladders import graded, rungs
from evaluation.project.draft.topics.means import later_name
from evaluation.release.released import Variable
from evaluation.schema import Course, Outcome, Rules, text
from evaluation.texts import Message, in_all

DIRECTIONS = labels_of("direction", "higher", "same", "lower", "not_paired")
TAKEN = labels_of("course", "completed", "attended", "none")
STAGES = labels_of("stage", "finished", "left", "no_answer")


def taken(results: Results, course: Course, people: Sequence[str]) -> Classification:
    """Who completed a course, attended some of it, or did not take it."""
    dose = results.dose[results.dose["course"] == course.id]
    completed = set(dose.loc[dose["completer"], "participant"])
    attended = set(dose.loc[dose["present"] > 0, "participant"]) - completed
    code_of = {p: "completed" if p in completed else "attended" if p in attended else "none" for p in people}
    name = f"course:{course.id}"
    within = {f"{name}.completed": {"completed": "yes", "attended": "no", "none": "no"}}  # where an indicator counts it
    variable = Variable(name, course.labels, TAKEN, within=within)
    return graded("courses", (variable, code_of), results.declaration.file.rules)


def stages(results: Results, people: Sequence[str]) -> Classification:
    answers, frame = results.frames["answers"], results.frames["participants"]
    answered = (answers["wave"] == results.declaration.plan.endline) & (answers["state"] == "answered")
    finished = set(answers.loc[answered, "participant"])
    left = set(frame.loc[frame["left_on"].notna(), "participant"]) - finished
    code_of = {p: "finished" if p in finished else "left" if p in left else "no_answer" for p in people}
    variable = Variable("stage", in_all(Message("project.draft.flow")), STAGES)
    return graded("flow", (variable, code_of), results.declaration.file.rules)


def directions(results: Results, outcome: Outcome, people: Sequence[str]) -> Classification:
    """Where each person is by the step of the plan, the one classification of changes that leaves."""
    change = results.changes[outcome.id]
    code_of = dict.fromkeys(people, "not_paired") | dict.fromkeys(change.paired, "same")
    better, worse = ("higher", "lower") if change.scale.direction == "higher" else ("lower", "higher")
    code_of |= dict.fromkeys(change.improved_by_step, better) | dict.fromkeys(change.worse_by_step, worse)
    within = {
        f"{outcome.id}.pairs": {"higher": "yes", "same": "yes", "lower": "yes", "not_paired": "no"},
        f"{outcome.id}.worse": {code: "yes" if code == worse else "no" for code in DIRECTIONS},
    }
    name = f"{outcome.id}.direction"
    labels = outcome_labels(outcome.labels, preplanned=change.preplanned)
    variable = Variable(name, labels, DIRECTIONS, within=within)
    return graded("outcomes", (variable, code_of), results.declaration.file.rules, better=better)


def of_outcome(
    outcome: str, people: Sequence[str], direction: Classification, rules: Rules, *, better: str
) -> list[Tabulation]:
    """How people changed, at every rung, and how many answered both times."""
    name, pairs = direction[0].id, f"{outcome}.pairs"
    told = rungs("outcomes", name, people, direction, rules, better=better, zeros_sensitive=True)
    return [*told, tabulate(pairs, "outcomes", people, coarsened(direction, pairs))]


def answered_later(results: Results, outcome: Outcome, people: Sequence[str]) -> Iterator[Tabulation]:
    """How many answered at the start and at each wave after the end."""
    named = outcome_labels(outcome.labels, preplanned=results.changes[outcome.id].preplanned)
    for wave, change in results.follow_ups[outcome.id].items():
        name, then = f"{later_name(outcome, wave)}.pairs", results.declaration.wave(wave).labels
        labels = {language: f"{label} ({text(then, language)})" for language, label in named.items()}
        code_of = dict.fromkeys(people, "no") | dict.fromkeys(change.paired, "yes")
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
