"""May the total of a scale be headlined: its reliability in this sample, or why not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluation.measure.refusals import Refusal, refusal
from evaluation.measure.statistics.reliability import Reliability, reliability
from evaluation.measure.values import numbers
from evaluation.schema import Plan


@dataclass(frozen=True, slots=True)
class Trust:
    """``reliability`` of the items at baseline (None where it cannot be computed), and what that forbids.

    Any refusal means: show the items, not the total. A scale of one item has neither.
    """

    reliability: Reliability | None
    refusals: tuple[Refusal, ...]

    @property
    def headlined(self) -> bool:
        return not self.refusals


def trust(items: ArrayLike, plan: Plan) -> Trust:
    """Judge ``items`` at baseline: people × items, keyed in one direction, NaN = no answer.

    Refused with fewer than the plan's ``alpha_people`` who answered every item, where alpha's lower
    limit is below ``alpha_lower_limit``, or where nothing varies (docs/statistics.md). Raises
    Contradiction for an answer that is no number.
    """
    answers = numbers(items, dimensions=2)
    if answers.shape[1] == 1:
        return Trust(None, ())
    consistency = reliability(answers, alpha=plan.alpha)
    people = int((~np.isnan(answers).any(axis=1)).sum())
    if people < plan.alpha_people:
        return Trust(consistency, (refusal("few_for_alpha", people=people, minimum=plan.alpha_people),))
    if consistency is None:
        return Trust(None, (refusal("no_alpha"),))
    if consistency.low < plan.alpha_lower_limit:
        return Trust(consistency, (refusal("low_alpha", limit=plan.alpha_lower_limit),))
    return Trust(consistency, ())
