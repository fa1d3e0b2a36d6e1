"""Who takes part in a fictional project."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np

from evaluation.example.story import Person, Row, Story, generator, pick
from evaluation.schema import Declaration


def _code(pattern: str, number: int) -> str:
    digits = re.search(r"\\d\{(\d+)\}", pattern)
    width = int(digits.group(1)) if digits else 3
    return re.sub(r"\\d\{\d+\}", str(number).zfill(width), pattern)


def people_of(declaration: Declaration, story: Story, rng: np.random.Generator) -> list[Person]:
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


_AGES = ("18-24", "25-34", "25-34", "35-44", "45-54")
_CITIZENS = {"PL": "polish_citizen", "BG": "eu_citizen", "RO": "eu_citizen"}
_RESIDENCE = ("temporary_victim", "reflection_period", "visa", "none", "protection_applicant")
_LEGAL = ("in_procedure", "unregulated")


def participants(declaration: Declaration, story: Story, people: list[Person], rng: np.random.Generator) -> list[Row]:
    table = declaration.tables["participants"]
    reasons = [code for code in table.field("leaving_reason").codes if code not in ("completed", "unknown")]
    withdrawn = set(rng.choice(len(people), story.withdrawals, replace=False).tolist())
    made, own = [], generator(story, "identification")
    for number, person in enumerate(people):
        citizen = _CITIZENS.get(person.country, "")
        residence, legal = citizen or pick(rng, _RESIDENCE), "regulated" if citizen else pick(rng, _LEGAL)
        settled = rng.random() < 0.5
        row = {
            "participant": person.code,
            "enrolled_on": person.enrolled.isoformat(),
            "target_group": person.group.target_group,
            "country": person.country,
            "sex": str(rng.choice(list(story.sex), p=list(story.sex.values()))),
            "age_band": pick(rng, _AGES),
            "residence_start": residence,
            "residence_end": "" if person.left else "temporary" if settled and not citizen else residence,
            "legal_start": legal,
            "legal_end": "" if person.left else "regulated" if settled else legal,
            "consent_service": "true",
            "consent_reporting": "false" if number in withdrawn else "true",
            "left_on": person.left.isoformat() if person.left else "",
            "leaving_reason": pick(rng, reasons) if person.left else "",
            "identification": str(own.choice(["provisional", "confirmed", "none"], p=[0.35, 0.55, 0.1])),
            "guardian_consent": "",
            "consented_on": person.enrolled.isoformat(),
            "paper_at": f"segregator {1 + number // 20}",
        }
        made.append(row | dict(person.group.fixed))
    return made
