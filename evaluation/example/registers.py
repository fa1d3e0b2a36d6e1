"""What the registers of a fictional project hold: courses and sessions, support, needs, goals, referrals, tallies."""

from __future__ import annotations

import datetime as dt

import numpy as np

from evaluation.example.story import Person, Row, Rows, Story, generator, pick
from evaluation.schema import Course, Declaration


def register(declaration: Declaration, story: Story, people: list[Person], rng: np.random.Generator) -> Rows:
    courses, sessions, attendance = [], [], []
    own = generator(story, "sessions")
    span = (declaration.file.period_end - declaration.file.period_start).days
    for course in declaration.file.courses:
        courses.append(_course(course))
        for number in range(course.sessions):
            day = span * 0.15 + span * 0.7 * number / course.sessions
            held = declaration.file.period_start + dt.timedelta(days=round(day))
            name = f"{course.id}-{number + 1:02d}"
            length = {"hours": "", "minutes": "120"} if own.random() < 0.2 else {"hours": "2", "minutes": ""}
            kind = "individual" if own.random() < 0.1 else "group"
            session = {"session": name, "course": course.id, "date": held.isoformat()}
            sessions.append(session | length | {"kind": kind})
            for person in people:
                gone = person.left is not None and person.left < held
                if course.id in person.courses and person.enrolled <= held and not gone:
                    status = str(rng.choice(["present", "absent", "excused"], p=[0.8, 0.13, 0.07]))
                    attendance.append({"session": name, "participant": person.code, "status": status})
    return {"courses": courses, "sessions": sessions, "attendance": attendance}


def _course(course: Course) -> Row:
    return {"course": course.id, "title": course.labels["en"], "sessions": str(course.sessions)}


def track(declaration: Declaration, story: Story, people: list[Person], rng: np.random.Generator) -> Rows:
    """Support given and needs. An open need has the day it was asked for, at enrolment; one that was met, wholly or
    partly, the day of that: some weeks or months later, while the person was there."""
    later = generator(story, "needs")
    kinds = list(declaration.tables["support"].field("kind").codes)
    needs = list(declaration.tables["needs"].field("need").codes)
    support, needed = [], []
    for person in people:
        for step in range(int(rng.integers(2, 7))):
            date = person.enrolled + dt.timedelta(days=7 * step)
            support.append({"participant": person.code, "kind": pick(rng, kinds), "date": date.isoformat()})
        for index in sorted(rng.choice(len(needs), min(3, len(needs)), replace=False).tolist()):
            state = str(rng.choice(["open", "partly", "met"], p=[0.2, 0.3, 0.5]))
            until = min(filter(None, (person.left, declaration.file.period_end)))
            met = min(person.enrolled + dt.timedelta(days=int(later.integers(3, 180))), until)
            day = person.enrolled if state == "open" else met
            needed.append({"participant": person.code, "need": needs[index], "date": day.isoformat(), "state": state})
    unique = {(row["participant"], row["kind"], row["date"]): row for row in support}
    return {"support": list(unique.values()), "needs": needed}


def goals(declaration: Declaration, story: Story, people: list[Person]) -> list[Row]:
    """Up to three goals of each person; whoever left early or came late has them unrated."""
    rng, kinds = generator(story, "goals"), list(declaration.tables["goals"].field("kind").codes)
    made = []
    for person in people:
        until = min(filter(None, (person.left, declaration.file.period_end)))
        for number in range(1, int(rng.integers(0, 4)) + 1):
            agreed = person.enrolled + dt.timedelta(days=int(rng.integers(7, 40)))
            rated = agreed + dt.timedelta(days=int(rng.integers(150, 220)))
            weight, kind, start = str(rng.integers(1, 4)), pick(rng, kinds), pick(rng, ("-2", "-1", "-1"))
            reached = str(rng.choice(["-2", "-1", "0", "1", "2"], p=[0.05, 0.25, 0.4, 0.2, 0.1]))
            if agreed > until:
                continue
            row = {"participant": person.code, "goal": str(number), "kind": kind, "weight": weight}
            row |= {"set_on": agreed.isoformat(), "baseline_level": start}
            row |= {"rated_on": rated.isoformat(), "reached_level": reached} if rated <= until else _UNRATED
            made.append(row)
    return made


_UNRATED = {"rated_on": "", "reached_level": ""}


def referrals(declaration: Declaration, story: Story, people: list[Person]) -> list[Row]:
    """Who referred each person to the project, and where it referred her in turn."""
    rng, table = generator(story, "referrals"), declaration.tables["referrals"]
    institutions = list(table.field("institution").codes)
    outcomes = list(table.field("outcome").codes)
    made: dict[tuple[str, ...], Row] = {}
    for person in people:
        directions = ["to_us", *["from_us"] * int(rng.integers(0, 4))]
        for direction in directions:
            days = -int(rng.integers(0, 10)) if direction == "to_us" else int(rng.integers(5, 120))
            date = (person.enrolled + dt.timedelta(days=days)).isoformat()
            institution, outcome = pick(rng, institutions), pick(rng, outcomes)
            if date <= declaration.file.period_end.isoformat():
                place = (person.code, institution, direction, date)
                columns = ("participant", "institution", "direction", "date", "outcome")
                made[place] = dict(zip(columns, (*place, outcome), strict=True))
    return list(made.values())


def tallies(declaration: Declaration, story: Story) -> list[Row]:
    """What was counted in each month of the project."""
    rng, file = generator(story, "tallies"), declaration.file
    first, last = (day.year * 12 + day.month - 1 for day in (file.period_start, file.period_end))
    return [
        {"month": f"{at // 12}-{at % 12 + 1:02d}", "kind": kind, "count": str(rng.poisson(mean)), "source": _SOURCE}
        for at in range(first, last + 1)
        for kind, mean in story.tallies.items()
    ]


_SOURCE = "monthly sheets (fictional)"
