"""What the people of a fictional project answer, wave by wave."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np

from evaluation.example.story import Person, Row, Story, generator, pick
from evaluation.schema import Declaration, Instrument, Item, Wave


def answers(
    declaration: Declaration, story: Story, people: list[Person], instrument: Instrument, rng: np.random.Generator
) -> list[Row]:
    of_course = {course.id for course in declaration.file.courses if course.instrument == instrument.id}
    waves = declaration.file.waves
    asked_at = (
        waves if not of_course else [w for w in waves if w.id in (declaration.plan.baseline, declaration.plan.endline)]
    )
    reach = max(1, declaration.wave(declaration.plan.endline).day)
    made, own = [], generator(story, f"about {instrument.id}")
    for person in people:
        about = _about(person, own)
        if of_course and not of_course & set(person.courses):
            continue
        level, gain = rng.normal(0.0, 0.7), rng.normal(story.gains.get(instrument.id, 0.5), 0.6)
        for wave in asked_at:
            date = person.enrolled + dt.timedelta(days=wave.day + int(rng.integers(0, 9)))
            late = date > declaration.file.period_end or (person.left is not None and date >= person.left)
            if late or (wave.day > 0 and rng.random() < story.skips_wave):
                continue
            filled = _filled(instrument, person, wave, date, level + gain * min(1.0, wave.day / reach), story, rng)
            made.append({name: filled[name] for name in ("participant", "wave", "date")} | about | filled)
    return made


_LANGUAGES = {"UA": "uk", "BG": "bg", "RO": "ro", "MD": "ro", "VN": "vi", "NG": "en", "BY": "ru"}


def _about(person: Person, rng: np.random.Generator) -> Row:
    """How the answers of a person came about; of some nothing was said."""
    if rng.random() < 0.1:
        return dict.fromkeys(("mode", "language", "interpreter", "filled_by"), "")
    language = _LANGUAGES.get(person.country, "pl")
    helped = language != "pl" and rng.random() < 0.4
    row = {"mode": str(rng.choice(["staff", "self", "self_with_help"], p=[0.6, 0.25, 0.15])), "language": language}
    return row | {"interpreter": "true" if helped else "false", "filled_by": pick(rng, ("K1", "K2", "K3"))}


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
    for item in instrument.questions:
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
        return pick(rng, options)
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
