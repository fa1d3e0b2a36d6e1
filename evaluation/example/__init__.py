"""Fictional projects, generated from their own schema and a seed: people, registers and answers."""

from __future__ import annotations

import numpy as np

from evaluation.example.answers import answers
from evaluation.example.fictional import REFERENCE, SHELTER, STORIES
from evaluation.example.people import participants, people_of
from evaluation.example.registers import goals, referrals, register, tallies, track
from evaluation.example.story import Group, Rows, Story
from evaluation.schema import Declaration

__all__ = ["REFERENCE", "SHELTER", "STORIES", "Group", "Rows", "Story", "rows"]


def rows(declaration: Declaration, story: Story) -> Rows:
    """Every table and questionnaire of the fictional project as intake would read it.

    One list of rows per table name or instrument id; a row maps column to text, "" where empty. The
    same project and story give the same rows on every machine.
    """
    rng = np.random.default_rng(story.seed)
    people = people_of(declaration, story, rng)
    made: Rows = {"participants": participants(declaration, story, people, rng)}
    made |= register(declaration, story, people, rng)
    made |= track(declaration, story, people, rng)
    made["goals"] = goals(declaration, story, people)
    made["referrals"] = referrals(declaration, story, people)
    made["tallies"] = tallies(declaration, story)
    made["bilateral_activities"] = list(story.activities)
    made["partner_survey"] = list(story.survey)
    made["aggregate_counts"] = list(story.aggregates)
    for instrument in declaration.instruments.values():
        made[instrument.id] = answers(declaration, story, people, instrument, rng)
    return {name: listed for name, listed in made.items() if listed}
