"""Results of multiply imputed data become one result, by Rubin's rules."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import ArrayLike

from evaluation.errors import NotEstimable
from evaluation.measure.models.blocks import modelled
from evaluation.measure.models.coefficients import Coefficient, coefficient


@dataclass(frozen=True, slots=True)
class Pooled:
    """The pooled ``result`` of ``imputations`` and where its variance is from.

    ``within``: mean variance of the imputed analyses; ``between``: variance of their estimates;
    ``total``: their sum as Rubin weighs them; ``increase``: relative increase of the variance for
    what is missing; ``missing_information``: share of the information that is missing, 0–1.
    """

    imputations: int
    result: Coefficient
    within: float
    between: float
    total: float
    increase: float
    missing_information: float


def pool(
    estimates: ArrayLike, variances: ArrayLike, *, complete_df: float, name: str = "estimate", alpha: float = 0.05
) -> Pooled:
    """Rubin's rules (1987) with Barnard and Rubin's (1999) degrees of freedom.

    One estimate and its squared standard error per imputed data set; ``complete_df``: degrees of
    freedom that the analysis would have without anything missing (people − coefficients). Raises
    NotEstimable for fewer than two imputations, numbers that are missing or infinite, variances that
    are not positive or nothing beside the differences between imputations, and ``complete_df`` not
    above 0.
    """
    given, squares = modelled(estimates), modelled(variances)
    if given.shape != squares.shape or given.size < 2:
        raise NotEstimable("measure.models.pool_two")
    if not (np.isfinite(given).all() and (squares > 0).all() and 0 < complete_df < inf):
        raise NotEstimable("measure.models.pool_variance")
    count = given.size
    within, between = float(squares.mean()), float(given.var(ddof=1))
    extra = (1 + 1 / count) * between
    total = within + extra
    share = max(extra / total, 1e-4)  # as mice; keeps the degrees of freedom finite
    if share > 1 - 1e-12:
        raise NotEstimable("measure.models.pool_alike")
    observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share)
    # 1/df adds up; with no variance between imputations only the observed data's remains.
    df = 1 / (share**2 / (count - 1) + 1 / observed)
    increase = extra / within
    return Pooled(
        imputations=count,
        result=coefficient(name, float(given.mean()), se=sqrt(total), df=df, alpha=alpha),
        within=within,
        between=between,
        total=total,
        increase=increase,
        missing_information=(increase + 2 / (df + 3)) / (increase + 1),
    )
