"""Every figure and table of the notebooks that stay in the house, under one name."""

from evaluation.inside.outcomes.estimation import estimation
from evaluation.inside.outcomes.groups import groups, left_out
from evaluation.inside.outcomes.items import items
from evaluation.inside.outcomes.other_ways import other_ways
from evaluation.inside.outcomes.overview import outcomes
from evaluation.inside.outcomes.results import block, indicators, refusals
from evaluation.inside.outcomes.tipping import tipping
from evaluation.inside.outcomes.trust import reliable, trust, waiting
from evaluation.inside.outcomes.waves import imputed, waves
from evaluation.inside.people.attrition import attrition
from evaluation.inside.people.doses import dose
from evaluation.inside.people.participation import courses, flow, leaving, support
from evaluation.inside.people.swimmer import swimmer
from evaluation.inside.people.tailoring import combinations, mix, needs
from evaluation.inside.people.track import goals, referrals, sessions, statuses, tallies
from evaluation.inside.quality import answer_states, completeness, record, scores
from evaluation.inside.road import gate, road

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
