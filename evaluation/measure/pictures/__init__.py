"""The working figures and tables of the notebooks for inside; the report room cannot import them."""

from evaluation.measure.pictures.participation import courses, flow, leaving, mix, needs, support
from evaluation.measure.pictures.quality import answer_states, completeness, record, scores
from evaluation.measure.pictures.results import block, change_per_person, indicators, outcomes, refusals

__all__ = [
    "answer_states",
    "block",
    "change_per_person",
    "completeness",
    "courses",
    "flow",
    "indicators",
    "leaving",
    "mix",
    "needs",
    "outcomes",
    "record",
    "refusals",
    "scores",
    "support",
]
