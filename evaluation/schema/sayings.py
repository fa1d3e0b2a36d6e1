"""Fixed words that stand inside and in documents alike."""

from __future__ import annotations

from evaluation.schema.labels import Labels

CAVEAT: Labels = {
    "en": "Attendance was not assigned: those who attended more may differ in other ways from those who attended"
    " less, so this is not evidence that attending more brings more change.",
    "pl": "Obecności nikomu nie przydzielano: osoby, które uczestniczyły częściej, mogą się różnić od pozostałych"
    " także pod innymi względami, więc nie wynika z tego, że częstszy udział przynosi większą zmianę.",
}
"""Stands under every comparison of attendance with change, in these words."""

EXPLORATORY: Labels = {"en": "exploratory", "pl": "eksploracyjnie"}
"""Stands in brackets behind the name of whatever was not planned beforehand."""
