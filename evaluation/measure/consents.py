"""Whom numbers may count: those who consent to the service."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd


def of_service(frames: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], int]:
    """The ``frames`` without people who do not consent to the service, and how many these are.

    ``participants`` has one row per person with ``consent_service`` (bool; what is NaN was not given). Rows of
    anybody else, in any frame with a column ``participant``, are left out; frames about nobody (sessions held,
    tallies, activities) stay as they are: what was delivered stays delivered.
    """
    people = frames["participants"]
    without = people.loc[~people["consent_service"].isin([True]), "participant"]
    if without.empty:
        return dict(frames), 0
    kept = {
        name: frame.loc[~frame["participant"].isin(without)].reset_index(drop=True) if "participant" in frame else frame
        for name, frame in frames.items()
    }
    return kept, len(without)
