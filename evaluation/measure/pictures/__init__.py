"""The working figures and tables of the notebooks for inside; the report room cannot import them."""

from evaluation.measure.pictures.attrition import attrition
from evaluation.measure.pictures.doses import dose
from evaluation.measure.pictures.estimation import estimation
from evaluation.measure.pictures.groups import groups, left_out
from evaluation.measure.pictures.items import items
from evaluation.measure.pictures.participation import courses, flow, leaving, support
from evaluation.measure.pictures.quality import answer_states, completeness, record, scores
from evaluation.measure.pictures.results import block, indicators, outcomes, refusals
from evaluation.measure.pictures.swimmer import swimmer
from evaluation.measure.pictures.tailoring import combinations, mix, needs
from evaluation.measure.pictures.tipping import tipping
from evaluation.measure.pictures.trust import reliable, trust, waiting
from evaluation.measure.pictures.waves import imputed, waves

__all__ = [
    "answer_states",
    "attrition",
    "block",
    "combinations",
    "completeness",
    "courses",
    "dose",
    "estimation",
    "flow",
    "groups",
    "imputed",
    "indicators",
    "items",
    "leaving",
    "left_out",
    "mix",
    "needs",
    "outcomes",
    "record",
    "refusals",
    "reliable",
    "scores",
    "support",
    "swimmer",
    "tipping",
    "trust",
    "waiting",
    "waves",
]
