"""Fictional projects, generated from their own schema and a seed: people, registers and answers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from evaluation.schema import Course, Declaration, Instrument, Item, Wave

Row = dict[str, str]
Rows = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the people: how many from which country, how likely each takes a course, what all share."""

    target_group: str
    countries: Mapping[str, int]
    takes: Mapping[str, float] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """What happens in a fictional project. ``gains`` are mean changes by instrument, in item steps."""

    seed: int
    groups: tuple[Group, ...]
    gains: Mapping[str, float]
    sex: Mapping[str, float]
    leavers: int = 0
    refuses: float = 0.01
    skips_item: float = 0.015
    skips_wave: float = 0.06
    takes_otherwise: float = 0.45
    withdrawals: int = 0
    activities: tuple[Row, ...] = ()
    survey: tuple[Row, ...] = ()
    aggregates: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    code: str
    group: Group
    country: str
    enrolled: dt.date
    left: dt.date | None
    courses: tuple[str, ...]


def rows(declaration: Declaration, story: Story) -> Rows:
    """Every table and questionnaire of the fictional project as intake would read it.

    One list of rows per table name or instrument id; a row maps column to text, "" where empty. The
    same project and story give the same rows on every machine.
    """
    rng = np.random.default_rng(story.seed)
    people = _people(declaration, story, rng)
    made: Rows = {"participants": _participants(declaration, story, people, rng)}
    made |= _register(declaration, people, rng)
    made |= _track(declaration, people, rng)
    made["bilateral_activities"] = list(story.activities)
    made["partner_survey"] = list(story.survey)
    made["aggregate_counts"] = list(story.aggregates)
    for instrument in declaration.instruments.values():
        made[instrument.id] = _answers(declaration, story, people, instrument, rng)
    return {name: listed for name, listed in made.items() if listed}


def _code(pattern: str, number: int) -> str:
    digits = re.search(r"\\d\{(\d+)\}", pattern)
    width = int(digits.group(1)) if digits else 3
    return re.sub(r"\\d\{\d+\}", str(number).zfill(width), pattern)


def _people(declaration: Declaration, story: Story, rng: np.random.Generator) -> list[Person]:
    origin = [(group, country) for group in story.groups for country, n in group.countries.items() for _ in range(n)]
    order = rng.permutation(len(origin))
    leavers = set(rng.choice(len(origin), story.leavers, replace=False).tolist())
    span = (declaration.file.period_end - declaration.file.period_start).days
    # The last wave but one still fits for all but the late joiners, who come in the second half.
    late = set(range(len(origin) - max(1, len(origin) // 10), len(origin)))
    people = []
    for number, index in enumerate(order.tolist()):
        group, country = origin[index]
        share = rng.uniform(0.5, 0.6) if number in late else rng.uniform(0.0, 0.3)
        enrolled = declaration.file.period_start + dt.timedelta(days=round(span * share))
        left = enrolled + dt.timedelta(days=int(rng.integers(20, 200))) if number in leavers else None
        chance = [group.takes.get(course.id, story.takes_otherwise) for course in declaration.file.courses]
        taken = [c.id for c, p in zip(declaration.file.courses, chance, strict=True) if rng.random() < p]
        code = _code(declaration.file.participant_pattern, number + 1)
        people.append(Person(code, group, country, enrolled, left, tuple(taken)))
    return people


def _pick(rng: np.random.Generator, codes: Sequence[str]) -> str:
    return str(codes[int(rng.integers(len(codes)))])


_AGES = ("18-24", "25-34", "25-34", "35-44", "45-54")
_CITIZENS = {"PL": "polish_citizen", "BG": "eu_citizen", "RO": "eu_citizen"}
_RESIDENCE = ("temporary_victim", "reflection_period", "visa", "none", "protection_applicant")
_LEGAL = ("in_procedure", "unregulated")


def _participants(declaration: Declaration, story: Story, people: list[Person], rng: np.random.Generator) -> list[Row]:
    table = declaration.tables["participants"]
    reasons = [code for code in table.field("leaving_reason").codes if code not in ("completed", "unknown")]
    withdrawn = set(rng.choice(len(people), story.withdrawals, replace=False).tolist())
    made = []
    for number, person in enumerate(people):
        citizen = _CITIZENS.get(person.country, "")
        residence, legal = citizen or _pick(rng, _RESIDENCE), "regulated" if citizen else _pick(rng, _LEGAL)
        settled = rng.random() < 0.5
        row = {
            "participant": person.code,
            "enrolled_on": person.enrolled.isoformat(),
            "target_group": person.group.target_group,
            "country": person.country,
            "sex": str(rng.choice(list(story.sex), p=list(story.sex.values()))),
            "age_band": _pick(rng, _AGES),
            "residence_start": residence,
            "residence_end": "temporary" if settled and not citizen else residence,
            "legal_start": legal,
            "legal_end": "regulated" if settled else legal,
            "consent_service": "true",
            "consent_reporting": "false" if number in withdrawn else "true",
            "left_on": person.left.isoformat() if person.left else "",
            "leaving_reason": _pick(rng, reasons) if person.left else "",
        }
        made.append(row | dict(person.group.fixed))
    return made


def _register(declaration: Declaration, people: list[Person], rng: np.random.Generator) -> Rows:
    courses, sessions, attendance = [], [], []
    span = (declaration.file.period_end - declaration.file.period_start).days
    for course in declaration.file.courses:
        courses.append(_course(course))
        for number in range(course.sessions):
            day = span * 0.15 + span * 0.7 * number / course.sessions
            held = declaration.file.period_start + dt.timedelta(days=round(day))
            name = f"{course.id}-{number + 1:02d}"
            sessions.append({"session": name, "course": course.id, "date": held.isoformat(), "hours": "2"})
            for person in people:
                gone = person.left is not None and person.left < held
                if course.id in person.courses and person.enrolled <= held and not gone:
                    status = str(rng.choice(["present", "absent", "excused"], p=[0.8, 0.13, 0.07]))
                    attendance.append({"session": name, "participant": person.code, "status": status})
    return {"courses": courses, "sessions": sessions, "attendance": attendance}


def _course(course: Course) -> Row:
    return {"course": course.id, "title": course.labels["en"], "sessions": str(course.sessions)}


def _track(declaration: Declaration, people: list[Person], rng: np.random.Generator) -> Rows:
    kinds = list(declaration.tables["support"].field("kind").codes)
    needs = list(declaration.tables["needs"].field("need").codes)
    support, needed = [], []
    for person in people:
        for step in range(int(rng.integers(2, 7))):
            date = person.enrolled + dt.timedelta(days=7 * step)
            support.append({"participant": person.code, "kind": _pick(rng, kinds), "date": date.isoformat()})
        for index in sorted(rng.choice(len(needs), min(3, len(needs)), replace=False).tolist()):
            state = str(rng.choice(["open", "partly", "met"], p=[0.2, 0.3, 0.5]))
            needed.append(
                {
                    "participant": person.code,
                    "need": needs[index],
                    "date": person.enrolled.isoformat(),
                    "state": state,
                }
            )
    unique = {(row["participant"], row["kind"], row["date"]): row for row in support}
    return {"support": list(unique.values()), "needs": needed}


def _answers(
    declaration: Declaration, story: Story, people: list[Person], instrument: Instrument, rng: np.random.Generator
) -> list[Row]:
    of_course = {course.id for course in declaration.file.courses if course.instrument == instrument.id}
    waves = declaration.file.waves
    asked_at = (
        waves if not of_course else [w for w in waves if w.id in (declaration.plan.baseline, declaration.plan.endline)]
    )
    reach = max(1, declaration.wave(declaration.plan.endline).day)
    made = []
    for person in people:
        if of_course and not of_course & set(person.courses):
            continue
        level, gain = rng.normal(0.0, 0.7), rng.normal(story.gains.get(instrument.id, 0.5), 0.6)
        for wave in asked_at:
            date = person.enrolled + dt.timedelta(days=wave.day + int(rng.integers(0, 9)))
            late = date > declaration.file.period_end or (person.left is not None and date >= person.left)
            if late or (wave.day > 0 and rng.random() < story.skips_wave):
                continue
            made.append(_filled(instrument, person, wave, date, level + gain * min(1.0, wave.day / reach), story, rng))
    return made


def _filled(
    instrument: Instrument,
    person: Person,
    wave: Wave,
    date: dt.date,
    level: float,
    story: Story,
    rng: np.random.Generator,
) -> Row:
    row = {"participant": person.code, "wave": wave.id, "date": date.isoformat()}
    for item in instrument.items:
        if item.kind != "note":
            row[item.id] = _answer(item, row, person, level, story, rng)
    return row


def _answer(item: Item, row: Row, person: Person, level: float, story: Story, rng: np.random.Generator) -> str:
    if not _asked(item, row):
        return ""
    refused = next((code for code, state in item.missing.items() if state == "refused"), "")
    if refused and rng.random() < story.refuses:
        return refused
    if not item.required and not item.relevant and rng.random() < story.skips_item:
        return ""
    if item.kind in ("select_one", "integer", "decimal") and item.low is not None and item.high is not None:
        place = (item.low + item.high) / 2 - 0.4 + (level + rng.normal(0.0, 0.7)) * (item.high - item.low) / 4
        score = int(np.clip(round(place), item.low, item.high))
        return str(score if item.key >= 0 else int(item.low + item.high) - score)
    options = [choice.name for choice in item.choices if choice.name not in item.missing]
    if item.kind == "select_one":
        return _pick(rng, options)
    if item.kind == "select_multiple":
        own = [name for name in options if name in person.courses]
        chosen = own or [name for name in options if name not in item.exclusive and rng.random() < 0.4]
        return " ".join(chosen) or " ".join(item.exclusive[:1]) or options[0]
    return ""


def _asked(item: Item, row: Row) -> bool:
    """Whether skip logic puts the item to her; the two forms that the kit's questionnaires use."""
    equal = re.fullmatch(r"\$\{(\w+)\} *= *'([^']*)'", item.relevant)
    among = re.fullmatch(r"selected\(\$\{(\w+)\}, *'([^']*)'\)", item.relevant)
    if equal:
        return row.get(equal[1]) == equal[2]
    return not among or among[2] in row.get(among[1], "").split()


REFERENCE = Story(
    seed=48,
    groups=(
        Group("polish_women", {"PL": 12}, {"polish": 0.0, "english": 0.75, "human_rights": 0.5}, {"sex": "F"}),
        Group(
            "foreigners",
            {"UA": 9, "BG": 5, "RO": 4, "MD": 3, "VN": 3, "NG": 3, "BY": 2},
            {"polish": 0.8, "english": 0.15, "human_rights": 0.7},
        ),
    ),
    gains={
        "security": 0.75,
        "self_perception": 0.5,
        "social_awareness": 0.55,
        "rights": 0.7,
        "social_competence": -0.05,
    },
    sex={"F": 0.85, "M": 0.15},
    leavers=6,
    withdrawals=1,
    activities=(
        {
            "activity": "A1",
            "date": "2014-03-11",
            "dimension": "cooperation",
            "kind": "study_visit",
            "partner": "nordlys",
            "persons_beneficiary": "4",
            "persons_donor": "0",
        },
        {
            "activity": "A2",
            "date": "2014-10-02",
            "dimension": "cooperation",
            "kind": "study_visit",
            "partner": "nordlys",
            "persons_beneficiary": "3",
            "persons_donor": "2",
        },
        {
            "activity": "A3",
            "date": "2015-02-17",
            "dimension": "results",
            "kind": "joint_publication",
            "partner": "nordlys",
            "persons_beneficiary": "",
            "persons_donor": "",
        },
        {
            "activity": "A4",
            "date": "2015-05-20",
            "dimension": "knowledge",
            "kind": "joint_training",
            "partner": "nordlys",
            "persons_beneficiary": "14",
            "persons_donor": "3",
        },
        {
            "activity": "A5",
            "date": "2015-11-05",
            "dimension": "wider",
            "kind": "new_initiative",
            "partner": "nordlys",
            "persons_beneficiary": "",
            "persons_donor": "",
        },
    ),
    survey=(
        {
            "organisation": "promoter",
            "donor_state": "false",
            "wave": "baseline",
            "trust": "4",
            "satisfaction": "4",
            "applies_knowledge": "false",
        },
        {
            "organisation": "nordlys",
            "donor_state": "true",
            "wave": "baseline",
            "trust": "4",
            "satisfaction": "5",
            "applies_knowledge": "false",
        },
        {
            "organisation": "promoter",
            "donor_state": "false",
            "wave": "endline",
            "trust": "6",
            "satisfaction": "6",
            "applies_knowledge": "true",
        },
        {
            "organisation": "nordlys",
            "donor_state": "true",
            "wave": "endline",
            "trust": "5",
            "satisfaction": "6",
            "applies_knowledge": "true",
        },
    ),
)

SHELTER = Story(
    seed=2005,
    groups=(Group("residents", {"PL": 15, "UA": 7, "BY": 4}, {"household": 0.85}),),
    gains={"self_perception": 0.05, "relaxation": 0.6, "budgeting": 0.4},
    sex={"F": 0.9, "M": 0.1},
    leavers=5,
    aggregates=(
        {"category": "prevention", "period": "2022", "count": "214", "source": "lists of meetings"},
        {"category": "prevention", "period": "2023", "count": "61", "source": "lists of meetings"},
    ),
)

STORIES: Mapping[str, Story] = {"reference": REFERENCE, "shelter": SHELTER}
"""The fictional projects by the name of their folder in templates/projects/."""
