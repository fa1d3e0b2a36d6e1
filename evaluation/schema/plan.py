"""plan.yml: what will be compared and how, fixed before the last answers are seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from evaluation.errors import BadDeclaration
from evaluation.schema.labels import Labels, find

OF_A_PART = dict.fromkeys(("cohort", "cohorts", "group", "groups", "means"), "schema.mean_of_a_part")
"""Keys that would ask for a mean of some of the people; see ``REFUSED`` in evaluation/codec/read.py."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A scale the plan compares between two waves; ``scale`` is ``instrument.scale``.

    ``step`` is the smallest change in points that counts as improved; ``smallest_worthwhile`` is
    the mean change below which the project would not call it worth having. ``sd_of_change``, in
    points, is assumed for planning the number of people, and used for nothing else.
    """

    id: str
    labels: Labels
    scale: str
    primary: bool = False
    step: float = 1.0
    smallest_worthwhile: float | None = None
    reliability: float | None = None
    reliability_source: str = ""
    sd_of_change: float | None = None

    REFUSED: ClassVar = OF_A_PART

    def __post_init__(self) -> None:
        if "." in self.id:
            raise BadDeclaration("schema.outcome_id", id=self.id)
        if self.sd_of_change is not None and self.sd_of_change <= 0:
            raise BadDeclaration("schema.sd_of_change")


@dataclass(frozen=True, slots=True)
class Estimand:
    """What the mean change is about, in words; where one is empty the kit's own wording stands.

    The five attributes of ICH E9(R1) (2019): whom, with what, what is compared, what becomes of those who leave or
    do not answer, and what is told.
    """

    population: Labels = field(default_factory=dict)
    treatment: Labels = field(default_factory=dict)
    variable: Labels = field(default_factory=dict)
    intercurrent_events: Labels = field(default_factory=dict)
    summary: Labels = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """plan.yml: the analysis plan, fixed before endline data are seen (docs/statistics.md).

    ``alpha_people`` and ``alpha_lower_limit``: people and lower limit of Cronbach's alpha below
    which a scale's total is not headlined. ``near_end_share``: the share of first scores within a step of an end
    of the scale from which on that is said. ``dose_people`` and ``dose_distinct``: people and
    different numbers of sessions below which attendance is not set against an outcome. A first answer
    is late more than ``late_after_days`` after its day, or after the first session attended;
    ``late_baseline`` says whether it counts in the estimate. In a waiting
    list, ``served_column`` of participants is ``served_code`` for those who were served first;
    ``random_allocation`` says that a draw decided who.
    """

    outcomes: tuple[Outcome, ...]
    design: Literal["single group", "waiting list"] = "single group"
    kind: Literal["prospective", "retrospective"] = "prospective"
    baseline: str = "baseline"
    mid: str = ""
    endline: str = "endline"
    alpha: float = 0.05
    minimum_pairs: int = 6
    minimum_released: int = 10
    minimum_retention: float = 0.5
    high_retention: float = 0.95
    tipping_below: float = 0.8
    alpha_people: int = 20
    alpha_lower_limit: float = 0.5
    near_end_share: float = 0.25
    dose_people: int = 20
    dose_distinct: int = 5
    minimum_group: int = 10
    most_primary: int = 5
    late_baseline: Literal["counted", "left out"] = "counted"
    late_after_days: int = 14
    served_column: str = ""
    served_code: str = ""
    random_allocation: bool = False
    estimand: Estimand = Estimand()

    REFUSED: ClassVar = OF_A_PART

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise BadDeclaration("schema.alpha")
        waves = [wave for wave in (self.baseline, self.mid, self.endline) if wave]
        if len(set(waves)) < len(waves):
            raise BadDeclaration("schema.same_waves")
        if self.design == "waiting list" and not (self.served_column and self.served_code):
            raise BadDeclaration("schema.served")

    @property
    def primary(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.primary)

    @property
    def allocation(self) -> Literal["", "draw", "other"]:
        """Who decided who was served first; "" without a waiting list."""
        if self.design != "waiting list":
            return ""
        return "draw" if self.random_allocation else "other"

    @property
    def sprawling(self) -> bool:
        """Whether more outcomes are primary than a plan can hold: then none of them is planned any more."""
        return len(self.primary) > self.most_primary

    def outcome(self, outcome_id: str) -> Outcome:
        return find(self.outcomes, outcome_id, "schema.no_outcome")
