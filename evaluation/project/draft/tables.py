"""Participants counted by course, by stage of the project, and by how their outcomes changed."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.measure.results import Results
from evaluation.project.draft.counting import (
    Classification,
    Tabulation,
    coarsened,
    cross_tabulate,
    labels_of,
    outcome_labels,
    tabulate,
)
from evaluation.release.released import Variable
from evaluation.schema import Course, Outcome
from evaluation.texts import Message, in_all

DIRECTIONS = labels_of("direction", "higher", "same", "lower", "not_paired")
TAKEN = labels_of("course", "completed", "attended", "none")
STAGES = labels_of("stage", "finished", "left", "no_answer")


def of_course(results: Results, course: Course, people: Sequence[str]) -> list[Tabulation]:
    dose = results.dose[results.dose["course"] == course.id]
    completed = set(dose.loc[dose["completer"], "participant"])
    attended = set(dose.loc[dose["present"] > 0, "participant"]) - completed
    code_of = {p: "completed" if p in completed else "attended" if p in attended else "none" for p in people}
    name = f"course:{course.id}"
    taken = f"{name}.taken"
    within = {taken: {"completed": "yes", "attended": "yes", "none": "no"}}
    fine = (Variable(name, course.labels, TAKEN, within=within), code_of)
    return [tabulate(name, "courses", people, fine), tabulate(taken, "courses", people, coarsened(fine, taken))]


def stages(results: Results, people: Sequence[str]) -> Classification:
    answers, frame = results.frames["answers"], results.frames["participants"]
    answered = (answers["wave"] == results.declaration.plan.endline) & (answers["state"] == "answered")
    finished = set(answers.loc[answered, "participant"])
    left = set(frame.loc[frame["left_on"].notna(), "participant"]) - finished
    code_of = {p: "finished" if p in finished else "left" if p in left else "no_answer" for p in people}
    return Variable("stage", in_all(Message("project.draft.flow")), STAGES), code_of


def directions(results: Results, outcome: Outcome, people: Sequence[str]) -> Classification:
    """Where each person is by the step of the plan, the one classification of changes that leaves."""
    change = results.changes[outcome.id]
    code_of = dict.fromkeys(people, "not_paired") | dict.fromkeys(change.paired, "same")
    better, worse = ("higher", "lower") if change.scale.direction == "higher" else ("lower", "higher")
    code_of |= dict.fromkeys(change.improved_by_step, better) | dict.fromkeys(change.worse_by_step, worse)
    coarse = {"higher": "yes", "same": "yes", "lower": "yes", "not_paired": "no"}
    name = f"{outcome.id}.direction"
    labels = outcome_labels(outcome.labels, preplanned=change.preplanned)
    return Variable(name, labels, DIRECTIONS, within={f"{outcome.id}.pairs": coarse}), code_of


def of_outcome(outcome: str, people: Sequence[str], direction: Classification) -> list[Tabulation]:
    pairs = f"{outcome}.pairs"
    return [
        tabulate(f"{outcome}.direction", "outcomes", people, direction, zeros_sensitive=True),
        tabulate(pairs, "outcomes", people, coarsened(direction, pairs)),
    ]


def paired_by_served(
    outcome: str, people: Sequence[str], served: Classification, direction: Classification
) -> Tabulation:
    """Who of those served first, and of those waiting, has both measurements."""
    paired = coarsened(direction, f"{outcome}.pairs")
    return cross_tabulate(f"{outcome}.pairs.by.served", "waiting", paired[0].labels, people, served, paired)
