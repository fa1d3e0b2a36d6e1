"""The form behind tests/collect/data/badinputs (its README), as an instrument, and what is known beside it."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from evaluation.collect.check.context import Context
from evaluation.schema import Choice, Instrument, Item, Scale, Wave

DATA = Path(__file__).parent / "data"
BAD = DATA / "badinputs"

ANCHORS = ("Zupełnie nieprawda", "Raczej nieprawda", "Raczej prawda", "Całkowita prawda")
FOUR = (
    *(Choice(str(n), {"pl": text, "en": f"anchor {n}"}) for n, text in enumerate(ANCHORS, 1)),
    Choice("98", {"pl": "Odmawia odpowiedzi", "en": "prefers not to answer"}),
)
THREAT = (
    Choice("0", {"pl": "Nie", "en": "No"}),
    Choice("1", {"pl": "Tak", "en": "Yes"}),
    Choice("98", {"pl": "Odmawia odpowiedzi", "en": "prefers not to answer"}),
)
PLACES = (
    Choice("home", {"pl": "W domu", "en": "At home"}),
    Choice("street", {"pl": "Na ulicy", "en": "In the street"}),
    Choice("work", {"pl": "W pracy", "en": "At work"}),
    Choice("office", {"pl": "W urzędzie", "en": "At an office"}),
    Choice("none", {"pl": "Nigdzie", "en": "Nowhere"}),
)
SECURITY = ("sec_home", "sec_street", "sec_help", "sec_rights", "sec_future")
LABELS = {
    "sec_home": "Czuję się bezpiecznie tam, gdzie mieszkam.",
    "sec_street": "Czuję się bezpiecznie, gdy wychodzę sama.",
    "sec_help": "Wiem, do kogo zadzwonić, gdy coś mi grozi.",
    "sec_rights": "Znam swoje prawa w Polsce.",
    "sec_future": "Patrzę w przyszłość ze spokojem.",
}


def scored(name: str, *, required: bool = True) -> Item:
    return Item(
        name,
        "select_one",
        {"pl": LABELS[name]},
        FOUR,
        scale="security",
        key=1,
        required=required,
        missing={"98": "refused"},
        low=1,
        high=4,
    )


FORM = Instrument(
    id="questionnaire",
    version="v1",
    labels={"en": "Questionnaire"},
    items=(
        *(scored(name) for name in SECURITY),
        Item(
            "threat",
            "select_one",
            {"pl": "Czy w ciągu ostatnich 30 dni ktoś Pani groził?"},
            THREAT,
            required=True,
            missing={"98": "refused"},
        ),
        Item(
            "threat_times",
            "integer",
            {"pl": "Ile razy?"},
            required=True,
            relevant="${threat} = '1'",
            constraint=". >= 1",
            low=1,
        ),
        Item(
            "unsafe_places",
            "select_multiple",
            {"pl": "Gdzie nie czuje się Pani bezpiecznie?"},
            PLACES,
            exclusive=("none",),
        ),
        Item("weekly_budget_pln", "decimal", {"pl": "Budżet na tydzień"}, required=True, low=0),
        Item("remarks", "text", {"pl": "Uwagi osoby prowadzącej"}),
    ),
    scales=(Scale("security", {"en": "Sense of security"}, "higher", "sum", 5, 20, 4, SECURITY),),
)

WAVES = (
    Wave("baseline", {"en": "Baseline"}, 0, ("t0",)),
    Wave("endline", {"en": "Endline"}, 180, ("t1",)),
    Wave("followup", {"en": "Follow-up"}, 360, ("t2",)),
)


def known_participants() -> frozenset[str]:
    with (BAD / "participants.csv").open(encoding="utf-8-sig", newline="") as file:
        return frozenset(row["participant_code"] for row in csv.DictReader(file))


CONTEXT = Context(
    participants=known_participants(),
    waves=WAVES,
    today=dt.date(2026, 1, 15),
    period_start=dt.date(2014, 1, 1),
    participant_pattern=r"KC-\d{3}",
    names={"participant_code": "participant", "interview_date": "date"},
)
COLUMNS = (
    "participant_code",
    "wave",
    "interview_date",
    *(item.id for item in FORM.items),
)
