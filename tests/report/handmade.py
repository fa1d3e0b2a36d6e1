"""A release made by hand: 41 of 30 planned, 8 countries, nine courses, a Norwegian partner, hidden counts."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from evaluation.release.released import (
    Activity,
    Certificate,
    Count,
    CountTable,
    Facts,
    Line,
    Mean,
    Provenance,
    Reference,
    Released,
    Statement,
    Survey,
    Value,
    Variable,
)
from evaluation.report.blocks import Figure
from evaluation.report.content import annex, assurance, bilateral, figures, summary, tables
from evaluation.report.shown import Shown

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "data_schema" / "report" / "report.schema.json"

COURSES: dict[str, tuple[str, str, tuple[Value, Value, Value], Value]] = {
    "human_rights": ("human rights workshops", "warsztaty praw człowieka", (14, 12, 15), 26),
    "polish": ("Polish language", "język polski", (22, None, None), None),
    "english": ("English language", "język angielski", (15, 11, 15), 26),
    "budgeting": ("budget planning", "planowanie budżetu", (18, None, None), (31, None)),
    "assertiveness": ("the ABC of assertiveness", "ABC asertywności", (16, 10, 15), 26),
    "self_defence": ("self-defence", "samoobrona", (None, None, 24), 17),
    "first_aid": ("first aid", "pierwsza pomoc", (13, 0, 28), 13),
    "computers": ("computer literacy", "obsługa komputera", ((10, 19), None, None), None),
    "relaxation": (
        "relaxation and stress management",
        "relaksacja i radzenie sobie ze stresem",
        (None, None, None),
        None,
    ),
}


def table(
    table_id: str,
    topic: str,
    labels: Mapping[str, str],
    codes: Mapping[str, tuple[Mapping[str, str], Value]],
    *,
    variable: str = "",
    total: int | None = 41,
) -> CountTable:
    """A table of participants with one variable; ``codes`` maps code to labels and released count."""
    name = variable or table_id
    counts = [Count({name: code}, value) for code, (_, value) in codes.items()]
    if total is not None:
        counts.append(Count({}, total, public=True))
    return CountTable(
        id=table_id,
        topic=topic,
        labels=labels,
        population="participants",
        variables=(Variable(name, labels, {code: label for code, (label, _) in codes.items()}),),
        counts=tuple(counts),
    )


def course(course_id: str, counts: tuple[Value, Value, Value], taken: Value) -> tuple[CountTable, CountTable]:
    """Completed, attended some, did not attend; and the coarser question whether a person took it at all."""
    en, pl, *_ = COURSES[course_id]
    codes: dict[str, tuple[Mapping[str, str], Value]] = {
        "completed": ({"en": "completed", "pl": "ukończyło"}, counts[0]),
        "attended": ({"en": "attended some", "pl": "było na części zajęć"}, counts[1]),
        "none": ({"en": "did not attend", "pl": "nie było"}, counts[2]),
    }
    coarse = {"completed": "yes", "attended": "yes", "none": "no"}
    name, labels = f"course:{course_id}", {"en": en, "pl": pl}
    return two_tables(name, f"{name}.taken", "courses", labels, codes, coarse, taken)


def direction(
    outcome: str, labels: Mapping[str, str], counts: tuple[Value, Value, Value, Value], both: Value
) -> tuple[CountTable, CountTable]:
    """Higher, the same, lower, not measured twice; and the coarser question whether both were measured."""
    codes: dict[str, tuple[Mapping[str, str], Value]] = {
        "higher": ({"en": "higher", "pl": "wyżej"}, counts[0]),
        "same": ({"en": "the same", "pl": "tak samo"}, counts[1]),
        "lower": ({"en": "lower", "pl": "niżej"}, counts[2]),
        "not_paired": ({"en": "not measured twice", "pl": "bez dwóch pomiarów"}, counts[3]),
    }
    coarse = {"higher": "yes", "same": "yes", "lower": "yes", "not_paired": "no"}
    return two_tables(f"{outcome}.direction", f"{outcome}.pairs", "outcomes", labels, codes, coarse, both)


def two_tables(
    fine_id: str,
    coarse_id: str,
    topic: str,
    labels: Mapping[str, str],
    codes: Mapping[str, tuple[Mapping[str, str], Value]],
    coarse: Mapping[str, str],
    yes: Value,
) -> tuple[CountTable, CountTable]:
    """A table and the coarser yes/no one that its last code is the "no" of."""
    fine = table(fine_id, topic, labels, codes)
    variable = dataclasses.replace(fine.variables[0], within={coarse_id: dict(coarse)})
    *_, (_, no) = codes.values()
    return dataclasses.replace(fine, variables=(variable,)), table(coarse_id, topic, labels, yes_no(yes, no))


def yes_no(yes: Value, no: Value) -> dict[str, tuple[Mapping[str, str], Value]]:
    return {"yes": ({"en": "yes", "pl": "tak"}, yes), "no": ({"en": "no", "pl": "nie"}, no)}


SECURITY = {"en": "sense of security", "pl": "poczucie bezpieczeństwa"}
SELF = {"en": "self-perception", "pl": "postrzeganie siebie"}
SOCIAL = {"en": "social awareness", "pl": "świadomość społeczna"}
COMPETENCES = {"en": "social competences", "pl": "kompetencje społeczne"}

MEANS = (
    Mean("security", SECURITY, "paired", (31, None), 41, 2.0, 0.4, 3.5, "higher", 6, 30, primary=True),
    Mean(
        "self_perception",
        SELF,
        "all enrolled",
        (31, None),
        41,
        0.3,
        -0.2,
        0.7,
        "higher",
        10,
        40,
        primary=True,
    ),
    Mean("social_awareness", SOCIAL, "paired", 31, 41, -1.25, -2.5, -0.1, "higher", 5, 25, primary=True),
    Mean(
        "competence",
        COMPETENCES,
        "paired",
        None,
        41,
        None,
        None,
        None,
        "higher",
        6,
        30,
        withheld={
            "en": "Fewer than 10 people answered both times",
            "pl": "Obu odpowiedzi udzieliło mniej niż 10 osób",
        },
    ),
)

STATEMENTS = (
    Statement(
        {
            "en": "Official statistics describe only part of the problem; for 2010–2012 they hold 527"
            " detected cases and 1,052 identified victims.",
            "pl": "Oficjalne statystyki opisują tylko część problemu; za lata 2010–2012 podają 527"
            " wykrytych spraw i 1052 zidentyfikowane osoby pokrzywdzone.",
        },
        {"en": "Polish police headquarters", "pl": "Komenda Główna Policji"},
        "problem",
    ),
    Statement(
        {
            "en": "Women abused in the sex business and foreigners who find it hard to adapt are at risk.",
            "pl": "Kobiety wykorzystywane w biznesie seksualnym i osoby z zagranicy są znowu zagrożone.",
        },
        {"en": "project application", "pl": "wniosek projektowy"},
        "reason",
    ),
    Statement(
        {
            "en": "Crisis intervention was on offer before, but it was too short to build a life anew.",
            "pl": "Interwencja kryzysowa była dostępna, lecz zbyt krótka, by zbudować życie od nowa.",
        },
        {"en": "project application", "pl": "wniosek projektowy"},
        "gap",
    ),
)

FACTS = Facts(
    project="example",
    title={"en": "A way back: reintegration support", "pl": "Droga powrotu: wsparcie reintegracji"},
    promoter="Example Foundation",
    place={"en": "in or near Warsaw", "pl": "w Warszawie lub okolicy"},
    fictional=True,
    purpose={
        "en": "The project set out to lower the risk of secondary victimisation and marginalisation by"
        " longer, individually fitted support.",
        "pl": "Celem projektu było zmniejszenie ryzyka wtórnej wiktymizacji i marginalizacji przez dłuższe,"
        " indywidualnie dobrane wsparcie.",
    },
    planned=30,
    reached=41,
    countries=8,
    period_start=dt.date(2014, 1, 7),
    period_end=dt.date(2015, 12, 18),
    programme="PL05 Citizens for Democracy",
    fund="EEA and Norway Grants 2009–2014",
    operator="Stefan Batory Foundation",
    amount="78500.00",
    currency="EUR",
    donor_states=("IS", "LI", "NO"),
    partners=(("Example Foundation", "PL", False), ("Nordlys Senter", "NO", True)),
    courses=tuple((key, {"en": en, "pl": pl}) for key, (en, pl, *_) in COURSES.items()),
    outcomes=(("security", SECURITY), ("self_perception", SELF), ("social_awareness", SOCIAL)),
    languages=("en", "pl"),
    statements=STATEMENTS,
)

FLOW = table(
    "flow",
    "flow",
    {"en": "Stage at the end", "pl": "Etap na końcu"},
    {
        "finished": ({"en": "finished the programme", "pl": "ukończyło program"}, (31, None)),
        "left": ({"en": "left earlier", "pl": "odeszło wcześniej"}, None),
    },
    variable="stage",
)

GROUPS = table(
    "breakdown:target_group",
    "people",
    {"en": "target group", "pl": "grupa docelowa"},
    {
        "polish_women": ({"en": "Polish women", "pl": "Polki"}, 19),
        "foreigners": ({"en": "foreigners", "pl": "osoby z zagranicy"}, 22),
    },
    variable="target_group",
)

PEOPLE = CountTable(
    "people",
    "people",
    {"en": "participants", "pl": "osoby uczestniczące"},
    "participants",
    (),
    (Count({}, 41, public=True),),
)

INDICATORS = (
    Line(
        "OUT-1",
        {"en": "people who received support", "pl": "osoby objęte wsparciem"},
        "output",
        "persons",
        {"en": "register of participants", "pl": "rejestr uczestniczek i uczestników"},
        0.0,
        dt.date(2014, 1, 7),
        30.0,
        numerator=Reference("people", {}),
        achieved=41.0,
        achieved_share=41 / 30,
        progress=41 / 30,
        n=41,
        of=41,
        breakdown="breakdown:target_group",
        measure="enrolled",
        note={
            "en": "More people were admitted because places became free.",
            "pl": "Przyjęto więcej osób, bo zwolniły się miejsca.",
        },
    ),
    Line(
        "RES-1",
        {
            "en": "share of people whose social awareness rose",
            "pl": "udział osób, których świadomość społeczna wzrosła",
        },
        "outcome",
        "share",
        {"en": "questionnaire", "pl": "ankieta"},
        None,
        None,
        0.5,
        measure="improved:social_awareness",
        withheld={"en": "Too few people rose.", "pl": "U zbyt małej liczby osób wzrosła."},
    ),
    Line(
        "RES-2",
        {"en": "mean change of self-perception", "pl": "średnia zmiana postrzegania siebie"},
        "outcome",
        "points",
        {"en": "questionnaire", "pl": "ankieta"},
        0.0,
        dt.date(2014, 1, 7),
        2.0,
        mean="self_perception",
        measure="change:self_perception",
        achieved=0.3,
        achieved_share=0.15,
        progress=0.15,
        n=41,
        of=41,
    ),
    Line(
        "BIL-1",
        {"en": "study visits between the partners", "pl": "wizyty studyjne między partnerami"},
        "bilateral",
        "number",
        {"en": "register of bilateral activities", "pl": "rejestr działań dwustronnych"},
        4.0,
        dt.date(2014, 1, 7),
        5.0,
        achieved=4.0,
        achieved_share=0.8,
        progress=0.0,
        dimension="cooperation",
    ),
)

ACTIVITIES = (
    Activity("cooperation", "working_meeting", {"en": "Working meeting", "pl": "Spotkanie robocze"}, 4),
    Activity(
        "cooperation",
        "exchange_visit",
        {"en": "Exchange or study visit", "pl": "Wymiana lub wizyta studyjna"},
        2,
        persons_beneficiary=6,
        persons_donor=3,
    ),
    Activity(
        "results",
        "joint_product",
        {"en": "Joint product or publication", "pl": "Wspólny produkt lub publikacja"},
        1,
    ),
    Activity("wider", "network", {"en": "Network joined together", "pl": "Wspólne przystąpienie do sieci"}, 0),
)

SURVEYS = (
    Survey("Example Foundation", False, "baseline", 4.0, 5.0, None),
    Survey("Nordlys Senter", True, "baseline", 5.0, None, None),
    Survey("Example Foundation", False, "endline", 6.0, 6.0, True),
    Survey("Nordlys Senter", True, "endline", 5.0, 6.0, False),
)


def make_released(**changes: Any) -> Released:
    """The release; keyword arguments replace its parts."""
    whole = Released(
        facts=FACTS,
        release="2015-final",
        tables=(
            PEOPLE,
            GROUPS,
            FLOW,
            *(t for key, (_, _, counts, taken) in COURSES.items() for t in course(key, counts, taken)),
            *direction("security", SECURITY, (24, None, None, None), (31, None)),
            *direction("self_perception", SELF, (14, None, 12, None), None),
            *direction("social_awareness", SOCIAL, (None, None, 17, 10), 31),
            *direction("competence", COMPETENCES, (None, None, None, None), None),
        ),
        means=MEANS,
        indicators=INDICATORS,
        activities=ACTIVITIES,
        surveys=SURVEYS,
        certificate=Certificate("public", 10, 61, 23, True, 0, 0, 0, 2),
        provenance=Provenance("d" * 64, "a" * 64, "0.1.0", "3.11", dt.date(2016, 1, 15), ledger_head="b" * 64),
        digest="0123456789abcdef" * 4,
    )
    return dataclasses.replace(whole, **changes)


def without_donor_partner(released: Released) -> Released:
    return dataclasses.replace(
        released, facts=dataclasses.replace(released.facts, partners=(("Example Foundation", "PL", False),))
    )


def nothing_bilateral(released: Released) -> Released:
    return dataclasses.replace(
        released,
        activities=(),
        surveys=(),
        indicators=tuple(line for line in released.indicators if line.level != "bilateral"),
    )


def figure(shown: Shown) -> Figure:
    """The figure of a part that has one."""
    (found,) = shown.part.figures
    return found


def all_parts(released: Released, language: str) -> list[Shown]:
    """Everything a funder's notebook shows, in its order."""
    return [
        assurance.facts(released, language),
        summary.results_summary(released, language),
        bilateral.summary(released, language),
        tables.people(released, language),
        figures.flow(released, language),
        tables.courses(released, language),
        figures.courses(released, language),
        tables.outcomes(released, language),
        figures.means(released, language),
        figures.direction(released, language),
        annex.indicators(released, language),
        figures.progress(released, language),
        annex.partnership(released, language),
        assurance.method(released, language),
        assurance.certificate(released, language),
        assurance.provenance(released, language),
    ]


def executed(parts: list[Shown]) -> Any:
    """A notebook as it stands after execution: a parameters cell, evaluator's notes, and one cell a part."""
    cells = [
        nbformat.v4.new_markdown_cell("# For the evaluator\nHow to read this notebook."),
        nbformat.v4.new_code_cell("language = 'en'", metadata={"tags": ["parameters"]}),
    ]
    for part in parts:
        data, metadata = part._repr_mimebundle_()
        output = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
        cells.append(nbformat.v4.new_code_cell(f"show_{part.part.id.replace('-', '_')}()", outputs=[output]))
    return nbformat.v4.new_notebook(cells=cells)
