"""The same people on several occasions: Cochran's Q for yes/no, Friedman's test for scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from evaluation.errors import Contradiction
from evaluation.measure.paired import SAME, finite
from evaluation.measure.squares import ChiSquare


@dataclass(frozen=True, slots=True)
class Friedman:
    """Friedman's tie-corrected chi-square with Kendall's coefficient of concordance ``w`` (0…1)."""

    test: ChiSquare
    w: float


def cochran_q(answers: ArrayLike) -> ChiSquare | None:
    """Are yes answers as frequent on each occasion? ``answers``: people × occasions of 0 and 1, no NaN.

    None where nobody changed an answer. Cochran (1950), Biometrika 37. Raises Contradiction for an
    answer that is missing or neither 0 nor 1.
    """
    table = finite(answers, dimensions=2)
    if not np.isin(table, (0, 1)).all():
        raise Contradiction("A yes/no answer is neither 0 nor 1; recode the answers.")
    k = table.shape[1]
    yes, people = table.sum(axis=0), table.sum(axis=1)
    changing = float(np.sum(people * (k - people)))
    if not changing:
        return None
    q = (k - 1) * k * float(np.sum((yes - yes.mean()) ** 2)) / changing
    return ChiSquare(q, k - 1, float(chdtrc(k - 1, q)))


def friedman(scores: ArrayLike) -> Friedman | None:
    """Do scores lie as high on each occasion? ``scores``: people × occasions, no NaN; ties have mid-ranks.

    None where everybody's scores are all alike, or there is one occasion only. Friedman (1937), JASA
    32. Raises Contradiction for a score that is missing or no finite number.
    """
    table = np.round(finite(scores, dimensions=2), SAME)
    n, k = table.shape
    if k < 2:
        return None
    # Twice the mid-rank: how many of one's own scores are below, plus those not above, plus one.
    below = (table[:, None, :] < table[:, :, None]).sum(axis=2)
    not_above = (table[:, None, :] <= table[:, :, None]).sum(axis=2)
    centred = (below + not_above - k) / 2
    within = float(np.sum(centred**2)) / (k - 1)
    if not within:
        return None
    chi2 = float(np.sum(centred.sum(axis=0) ** 2)) / within
    return Friedman(ChiSquare(chi2, k - 1, float(chdtrc(k - 1, chi2))), chi2 / (n * (k - 1)))
