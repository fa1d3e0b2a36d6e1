"""The tables as pages show them: which are of a person, what a column may name, what a new row begins with."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from evaluation.collect.record.replay import Row
from evaluation.desk.forms import questions
from evaluation.desk.forms.questions import Question
from evaluation.desk.forms.sight import in_words, seen
from evaluation.desk.office import Opened
from evaluation.schema import CONSENTS, Declaration, Labels, Partner, Table
from evaluation.texts import Message, in_all

_APART = ("participants", "attendance")  # they have pages of their own
_NUMBERED = ("session",)
"""What may be left empty, and then follows from the course."""
_AT_THE_END = re.compile(r".*_end|left_on|leaving_reason")

Known = dict[str, list[tuple[str, Labels]]]


def of_person(declaration: Declaration) -> tuple[Table, ...]:
    """The tables whose rows are about one participant."""
    return tuple(table for table in _tables(declaration) if any(each.name == "participant" for each in table.fields))


def of_house(declaration: Declaration) -> tuple[Table, ...]:
    """The tables whose rows are about no participant."""
    return tuple(table for table in _tables(declaration) if table not in of_person(declaration))


def _tables(declaration: Declaration) -> tuple[Table, ...]:
    return tuple(table for name, table in declaration.tables.items() if name not in _APART)


def questions_of(
    table: Table, opened: Opened, declaration: Declaration, *, row: Row | None = None
) -> tuple[Question, ...]:
    """What the page of a row asks. The columns that say which ``row`` it is are asked of a new one only.

    On enrolment, what is known only at the end is not asked; consents are given there and changed by acts alone.
    """
    without = {"participant"} - {"participant" if table.name == "participants" else ""}
    if row is not None:
        without |= {*table.key, *CONSENTS, "left_on", "leaving_reason"}
    elif table.name == "participants":
        without |= {each.name for each in table.fields if _AT_THE_END.fullmatch(each.name)}
    known = _known(table, opened, declaration, of=[row] if row else [])
    asked = questions.of_table(table, known=known, without=without)
    by_itself = in_all(Message("desk.form.numbered"))
    return tuple(
        dataclasses.replace(each, required=False, hints=by_itself) if each.name in _NUMBERED else each for each in asked
    )


def begun(table: Table, opened: Opened, *, participant: str, today: str) -> dict[str, str]:
    """What a new row begins with: today, this month, and the next number where rows are numbered."""
    typed = {each.name: today for each in table.fields if each.required and each.type == "date"}
    typed |= {each.name: today[3:] for each in table.fields if each.required and each.type == "yearmonth"}
    if table.name == "participants":
        typed["participant"] = next_code([code for (code,) in opened.places("participants")])
    elif table.name == "goals":
        typed["goal"] = str(1 + sum(code == participant for code, _ in opened.places("goals")))
    elif len(table.key) == 1 and table.key[0] not in _NUMBERED:
        typed[table.key[0]] = next_code([code for (code,) in opened.places(table.name)])
    return typed


def numbered(table: Table, typed: Mapping[str, str], opened: Opened) -> dict[str, str]:
    """What was typed, and a code where it was left open: polish-12 after polish-11."""
    course, left = typed.get("course", ""), [name for name in _NUMBERED if name in table.key and not typed.get(name)]
    codes = [code for (code,) in opened.places(table.name) if code.startswith(f"{course}-")] if course else []
    return {**typed, **{name: next_code(codes) or f"{course}-01" for name in left if course}}


def next_code(codes: list[str]) -> str:
    """The code after the highest that ends in a number: P-042 after P-041; empty where there is none."""
    numbered = [found for code in codes if (found := re.fullmatch(r"(.*?)(\d+)", code, re.ASCII))]
    if not numbered:
        return ""
    last = max(numbered, key=lambda found: int(found[2]))
    return f"{last[1]}{int(last[2]) + 1:0{len(last[2])}d}"


def titles_of_courses(opened: Opened, declaration: Declaration) -> dict[str, Labels]:
    """Every course by its id: as the project declares it, or else as it was recorded."""
    recorded: Mapping[str, Labels] = {
        str(row.values["course"]): questions.as_labels(str(row.values["title"])) for row in opened.of("courses")
    }
    return {**recorded, **{course.id: course.labels for course in declaration.file.courses}}


def _known(table: Table, opened: Opened, declaration: Declaration, *, of: Sequence[Row] = ()) -> Known:
    """What the columns that name something else may say; whatever the rows ``of`` which it is say already."""
    partners = declaration.file.partners
    there = {str(row.values.get("partner")) for row in of}
    known: Known = {
        "wave": [(wave.id, wave.labels) for wave in declaration.file.waves],
        "partner": _named([one for one in partners if one.donor_state or one.id in there] or partners),
        "organisation": _named(partners) if len(partners) > 1 else [],
    }
    if table.name != "courses":
        known["course"] = list(titles_of_courses(opened, declaration).items())
    for breakdown in declaration.file.breakdowns:
        if table.name == "participants" and not breakdown.recode and not table.field(breakdown.column).codes:
            known[breakdown.column] = list(breakdown.groups.items())
    return {name: options for name, options in known.items() if options}


def _named(partners: Iterable[Partner]) -> list[tuple[str, Labels]]:
    return [(partner.id, questions.as_labels(partner.name)) for partner in partners]


def in_columns(
    table: Table, rows: Sequence[Row], opened: Opened, declaration: Declaration, *, fine: bool
) -> tuple[list[Labels], list[list[Labels]]]:
    """The titles of the columns that any of the rows fills, and each row in words beneath them, empty where it is.

    Not ``fine``: without free text about a person, and with the months of days.
    """
    asked = questions.of_table(table, known=_known(table, opened, declaration, of=rows), without=("participant",))
    about_one = any(each.name == "participant" for each in table.fields)
    shown = seen(asked, fine=fine, of_person=about_one)
    cells = [[in_words(each, row.values.get(each.name), fine=fine) for each in shown] for row in rows]
    filled = [at for at in range(len(shown)) if any(row[at] for row in cells)]
    return [shown[at].labels for at in filled], [[row[at] for at in filled] for row in cells]


def summaries(
    table: Table, rows: Sequence[Row], opened: Opened, declaration: Declaration, *, fine: bool
) -> list[list[tuple[Labels, Labels]]]:
    """Each row in words: every filled column with its title; see ``in_columns``."""
    titles, cells = in_columns(table, rows, opened, declaration, fine=fine)
    return [[(title, said) for title, said in zip(titles, row, strict=True) if said] for row in cells]


def when(row: Row) -> str:
    """The day of a row, for the order in a list; those without one come first."""
    return str(row.values.get("date") or row.values.get("set_on") or row.values.get("month") or "")


def came(opened: Opened) -> dict[str, Counter[str]]:
    """On how many registers of each course a participant stands."""
    of_session = {str(row.values["session"]): str(row.values["course"]) for row in opened.of("sessions")}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for session, participant in opened.places("attendance"):
        found[participant][of_session.get(session, "")] += 1
    return found
