"""Whom numbers may count: who consents to the service (of those under age: whose guardian does too), to reporting."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from evaluation import descriptors


def reporting(participants: pd.DataFrame) -> pd.Series[str]:
    """Those of ``participants`` who consent to reporting: only a plain yes counts, not one never asked for (NaN)."""
    return participants.loc[participants["consent_reporting"].isin([True]), "participant"]


def of_service(frames: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], int]:
    """The ``frames`` without people of whom there is no consent to the service, and how many these are.

    ``participants`` has one row per person with ``consent_service``, ``guardian_consent`` (yes/no; what is NaN
    was not given) and ``age_band`` (code). Rows of anybody else, in any frame with a column ``participant``,
    are left out; frames about nobody (sessions held, tallies, activities) stay as they are: what was delivered
    stays delivered.
    """
    people = frames["participants"]
    minor = people["age_band"].map(descriptors.recode("age_bands", "minor")).eq("yes")
    consents = people["consent_service"].isin([True]) & (~minor | people["guardian_consent"].isin([True]))
    without = people.loc[~consents, "participant"]
    if without.empty:
        return dict(frames), 0
    kept = {
        name: frame.loc[~frame["participant"].isin(without)].reset_index(drop=True) if "participant" in frame else frame
        for name, frame in frames.items()
    }
    return kept, len(without)
