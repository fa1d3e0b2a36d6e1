"""The tables of a record as they are measured: of whom numbers may tell, and with the waves in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from evaluation import descriptors
from evaluation.schema import Wave


class Frames(dict[str, pd.DataFrame]):
    """The tables of a record by name; shown as names and sizes, never as rows."""

    def __repr__(self) -> str:
        return f"<Frames: {', '.join(f'{name} ({len(frame)} rows)' for name, frame in self.items())}>"


def measured(tables: Mapping[str, pd.DataFrame], waves: Sequence[Wave]) -> tuple[Frames, int]:
    """``tables`` as numbers are made of them, and of how many people nothing is; see of_service and in_order."""
    kept, without = of_service(tables)
    return Frames({name: in_order(table, waves) for name, table in kept.items()}), without


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


def in_order(frame: pd.DataFrame, waves: Sequence[Wave]) -> pd.DataFrame:
    """``frame`` with its column ``wave`` ordered as the waves are declared, so that it sorts and plots so."""
    if "wave" not in frame:
        return frame
    declared = [wave.id for wave in waves]
    order = [*declared, *sorted({*frame["wave"].dropna()} - {*declared})]  # a wave that is declared no more stays
    return frame.assign(wave=pd.Categorical(frame["wave"], order, ordered=True))
