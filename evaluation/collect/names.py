"""What else an office calls things that are recorded or declared: titles of courses, dates of sessions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from evaluation.collect.check.cells.dates import order_of, read_day
from evaluation.collect.check.context import Context
from evaluation.collect.files.imported.words import unique
from evaluation.schema import Declaration, Import, Table


def references(
    declaration: Declaration, context: Context, imported: Import, *, table: Table
) -> Mapping[str, Mapping[str, str]]:
    """Where a column of ``table`` refers to (``courses.course``) → names in small letters → the code.

    A name that two things share stands for neither; sessions are called by their dates within the import's course.
    """
    wanted = {entry.reference or f"{table.name}.{entry.name}" for entry in table.fields}
    names: dict[str, Mapping[str, str]] = {}
    if "courses.course" in wanted:
        names["courses.course"] = _distinct(context.known["courses.course"], _courses(declaration, context))
    if "sessions.session" in wanted:
        names["sessions.session"] = _distinct(context.known["sessions.session"], _sessions(context, imported))
    return names


def sessions_called(texts: Iterable[str], names: Mapping[str, str]) -> dict[str, str]:
    """Which sessions the texts call: by a name, or by a day that is written in any way that only one day can mean."""
    cells = [*texts]
    order = order_of(cells)
    days = {text: day.isoformat() for text in cells if (day := read_day(text, order).value)}
    called = {text: names.get(text.casefold()) or names.get(days.get(text, "")) for text in cells}
    return {text: code for text, code in called.items() if code}


def _distinct(codes: Collection[str], others: Iterator[tuple[str, str]]) -> dict[str, str]:
    """Every code by itself, and by its other names."""
    return unique(others) | {code.casefold(): code for code in codes}


def _courses(declaration: Declaration, context: Context) -> Iterator[tuple[str, str]]:
    for course in declaration.file.courses:
        yield from ((label, course.id) for label in course.labels.values())
    for (code,), values in context.existing.get("courses", {}).items():
        yield (values or {}).get("title") or "", code


def _sessions(context: Context, imported: Import) -> Iterator[tuple[str, str]]:
    for (code,), values in context.existing.get("sessions", {}).items():
        day = (values or {}).get("date")
        if not day or (imported.course and (values or {}).get("course") != imported.course):
            continue
        year, month, date = day.split("-")
        yield day, code
        for mark in "./-" if imported.date_order != "mdy" else "":
            for short in {(date, month), (date.lstrip("0"), month), (date.lstrip("0"), month.lstrip("0"))}:
                # A slash may stand before the month as well as after it: only the import can say.
                if mark == "." or imported.date_order == "dmy":
                    yield mark.join((*short, year)), code
                    yield mark.join((*short, year[2:])), code
                    yield mark.join(short), code
                    yield f"{mark.join(short)}{mark}", code
        if imported.date_order == "mdy":
            yield f"{month}/{date}/{year}", code
            yield f"{month.lstrip('0')}/{date.lstrip('0')}/{year}", code
