"""To whom people were referred, who referred them, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

FROM_US, TO_US = "from_us", "to_us"
ACCEPTED = "accepted"
"""The outcome of a referral after which the institution gave its support."""

NOT_RECORDED = ""


@dataclass(frozen=True, slots=True)
class Referred:
    """Referrals in one ``direction`` (from_us, to_us) by one kind of ``institution``.

    ``outcomes``: how many ended so, by code; those whose outcome nobody wrote down are under "".
    """

    direction: str
    institution: str
    referrals: int
    people: int
    outcomes: Mapping[str, int]


def by_institution(referrals: pd.DataFrame) -> tuple[Referred, ...]:
    """What was referred, from us first, the most frequent institutions first.

    ``referrals``: one row per participant, institution, direction and day, with ``outcome`` (NaN = not recorded).
    """
    made = [
        Referred(
            str(direction),
            str(institution),
            referrals=len(own),
            people=own["participant"].nunique(),
            outcomes={str(code): int(n) for code, n in own["outcome"].fillna(NOT_RECORDED).value_counts().items()},
        )
        for (direction, institution), own in referrals.groupby(["direction", "institution"], observed=True)
    ]
    return tuple(sorted(made, key=lambda one: (one.direction != FROM_US, -one.referrals, one.institution)))


def people_referred(referrals: pd.DataFrame, *, institution: str = "", outcome: str = "") -> frozenset[str]:
    """Whom we referred, to one kind of institution and with one outcome where these are named."""
    chosen = referrals["direction"] == FROM_US
    for column, code in (("institution", institution), ("outcome", outcome)):
        if code:
            chosen &= referrals[column] == code
    return frozenset(referrals.loc[chosen, "participant"].astype(str))
