"""Every figure and table of the notebooks that stay in the house, under one name."""

from evaluation.inside.attrition import attrition
from evaluation.inside.doses import dose
from evaluation.inside.estimation import estimation
from evaluation.inside.groups import groups, left_out
from evaluation.inside.items import items
from evaluation.inside.other_ways import other_ways
from evaluation.inside.overview import outcomes
from evaluation.inside.participation import courses, flow, leaving, support
from evaluation.inside.quality import answer_states, completeness, record, scores
from evaluation.inside.results import block, indicators, refusals
from evaluation.inside.road import gate, road
from evaluation.inside.swimmer import swimmer
from evaluation.inside.tailoring import combinations, mix, needs
from evaluation.inside.tipping import tipping
from evaluation.inside.track import goals, referrals, sessions, statuses, tallies
from evaluation.inside.trust import reliable, trust, waiting
from evaluation.inside.waves import imputed, waves

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
    "gate",
    "goals",
    "groups",
    "imputed",
    "indicators",
    "items",
    "leaving",
    "left_out",
    "mix",
    "needs",
    "other_ways",
    "outcomes",
    "record",
    "referrals",
    "refusals",
    "reliable",
    "road",
    "scores",
    "sessions",
    "statuses",
    "support",
    "swimmer",
    "tallies",
    "tipping",
    "trust",
    "waiting",
    "waves",
]
