"""Whom each wave lost, and why, in bands with a plain warning instead of a test."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pandas as pd

from evaluation.inside.display import Inside, frame, pick
from evaluation.measure.attendance import leavers
from evaluation.schema import Declaration, Plan, text

BANDS = ((10, "10+"), (5, "5–9"), (1, "1–4"), (0, "0"))
"""People are told in bands: a reason that one person had is nobody's statistic."""


def band(people: int) -> str:
    """How many people, in bands."""
    return next(name for least, name in BANDS if people >= least)


def attrition(made: pd.DataFrame, participants: pd.DataFrame, declaration: Declaration, language: str) -> Inside:
    """Per wave: who answered of those whose day had come, and the reasons of those who left since the wave before.

    ``made``: attendance.flow(). ``participants``: enrolled_on, left_on, leaving_reason. The warnings
    follow the plan's limits of retention; people who left are told in bands.
    """
    gone = leavers(participants, declaration.file.waves)
    rows = [_row(wave, gone, declaration, language) for wave in made.to_dict("records")]
    after = gone[gone["before"] == ""]
    if not after.empty:
        later = pick(language, "after the last wave", "po ostatnim pomiarze")
        rows.append((later, "–", "–", _reasons(after, declaration, language), "–"))
    names = pick(
        language,
        "wave|answered / reached|left since the wave before|their reasons|what follows",
        "pomiar|odpowiedzi / osoby objęte|odeszło od poprzedniego pomiaru|ich powody|co z tego wynika",
    ).split("|")
    caption = pick(
        language, "Attrition by wave and reason, in bands", "Ubytek według pomiarów i powodów, w przedziałach"
    )
    return Inside(language, caption, frame(names, rows))


def _row(
    wave: Mapping[Hashable, object], gone: pd.DataFrame, declaration: Declaration, language: str
) -> tuple[str, ...]:
    own = gone[gone["before"] == wave["wave"]]
    reached = int(str(wave["enrolled"])) - int(str(wave["not_yet"]))
    answered = int(str(wave["answered"]))
    return (
        text(declaration.wave(str(wave["wave"])).labels, language),
        f"{answered} / {reached}",
        band(len(own)),
        _reasons(own, declaration, language),
        _warning(answered, reached, declaration.plan, language),
    )


def _reasons(gone: pd.DataFrame, declaration: Declaration, language: str) -> str:
    codes = declaration.tables["participants"].field("leaving_reason").codes
    counts = gone["reason"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    told = [f"{text(codes.get(str(code), {'en': str(code)}), language)} {band(int(n))}" for code, n in counts.items()]
    return "; ".join(told) or "–"


def _warning(answered: int, reached: int, plan: Plan, language: str) -> str:
    """What the share of answers means for an outcome that ends at this wave, by the plan's limits."""
    if not reached:
        return pick(language, "Nobody has reached this wave yet.", "Nikt jeszcze nie doszedł do tego pomiaru.")
    share = answered / reached
    if share >= plan.high_retention:
        return pick(language, "Nearly everyone answered.", "Odpowiedziały prawie wszystkie osoby.")
    if share >= plan.tipping_below:
        return pick(
            language,
            "Some are missing: read the estimate for all enrolled.",
            "Części osób brakuje: czytaj oszacowanie dla wszystkich.",
        )
    if share >= plan.minimum_retention:
        return pick(
            language,
            "Many are missing: read the tipping point with every estimate.",
            "Wielu osób brakuje: każde oszacowanie czytaj z punktem zwrotnym.",
        )
    return pick(
        language,
        "Most are missing: no mean change is headlined.",
        "Brakuje większości: średniej zmiany nie podaje się w nagłówku.",
    )
