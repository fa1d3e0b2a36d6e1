"""The page of a portfolio: projects, comparable indicators and outcomes, how good the data are, and what was added."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from evaluation.report import words
from evaluation.report.blocks import Block, Document, Part, Table, bullets, paragraphs
from evaluation.report.drawn.drawing import Point
from evaluation.report.foreign import untranslated
from evaluation.report.formats import html
from evaluation.report.portfolio import combining, pictures
from evaluation.report.portfolio.combining import Ends, Outcome, Shared
from evaluation.report.portfolio.pictures import Panel, figures
from evaluation.report.portfolio.reading import Change, Project, Told
from evaluation.report.portfolio.telling import between, named, say, table

_LEVELS = ("output", "outcome", "bilateral")


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Projects that each reported once, out of so many in the programme (0: not said).

    ``overlaps``: pairs in which the same people may have taken part, so that nothing of theirs is added; ``distinct``:
    somebody who knows says that nobody took part in two of them.
    """

    projects: tuple[Project, ...]
    programme: int = 0
    overlaps: tuple[tuple[Project, Project], ...] = ()
    distinct: bool = False


def page(told: Portfolio, language: str) -> bytes:
    """The page as one self-contained HTML file."""
    made: dict[str, bytes] = {}
    lacking = untranslated((labels for one in told.projects for labels in one.labels), language)
    parts = [
        _part("projects", [_who(told, language), *_projects(told, language)], language),
        _part("indicators", _indicators(told, language, made), language),
        _part("outcomes", _outcomes(told, language, made), language),
        _part("quality", [_quality(told, language)], language),
        _part("method", [bullets(_method(told, language))], language),
    ]
    return html.document(
        Document(
            name="portfolio",
            language=language,
            title=say("title", language, n=len(told.projects)),
            fictional=told.projects[0].fictional,
            confidential=any(one.profile != "public" for one in told.projects),
            released={},
            parts=tuple(dataclasses.replace(part, foreign=lacking) for part in parts if part.blocks),
            pictures=made,
            data={},
        )
    )


def _part(name: str, blocks: Sequence[Block], language: str) -> Part:
    return Part(f"portfolio-{name}", name, language, say(f"heading.{name}", language), tuple(blocks))


# --- projects -----------------------------------------------------------------------------------


def _who(told: Portfolio, language: str) -> Block:
    number = len(told.projects)
    said = [say("of_all", language, n=number, all=told.programme)] if told.programme else []
    return paragraphs([" ".join([*said, say("from_released", language)])])[0]


def _projects(told: Portfolio, language: str) -> Iterator[Block]:
    columns = ("project", "promoter", "period", "planned", "reached", "released")
    rows = [
        (
            named(one, language),
            one.promoter,
            words.period(one.start, one.end, language),
            words.number(one.planned, language),
            words.number(one.reached, language),
            words.date(one.released_on, language),
        )
        for one in told.projects
    ]
    if not told.overlaps:
        sums = (sum(one.planned for one in told.projects), sum(one.reached for one in told.projects))
        planned, reached = (words.number(one, language) for one in sums)
        rows.append((say("total", language), "", "", planned, reached, ""))
    yield table("projects", say("table.projects", language), columns, rows, language)
    yield from paragraphs([say(f"method.{_people(told)}", language), *_overlap(told, language)])


def _people(told: Portfolio) -> str:
    return "distinct" if told.distinct else "may_be_same"


def _overlap(told: Portfolio, language: str) -> list[str]:
    return [
        say("not_added", language, one=named(one, language), other=named(other, language))
        for one, other in told.overlaps
    ]


# --- indicators ---------------------------------------------------------------------------------


def _indicators(told: Portfolio, language: str, made: dict[str, bytes]) -> list[Block]:
    shared = sorted(combining.shared(told.projects), key=lambda one: _LEVELS.index(one.level))
    blocks: list[Block] = []
    if not shared:
        blocks += paragraphs([say("nothing_shared", language)])
    blocks += _multiples(shared, told, language, made)
    blocks += [_compared(number, one, told, language) for number, one in enumerate(shared)]
    if lone := combining.single(told.projects):
        columns = ("indicator", "project", "achieved", "target", "share")
        rows = [
            (f"{one.code} {words.title(one.labels, language)}", named(project, language), *_cells(one, language))
            for project, one in lone
        ]
        untold = [(f"{one.code} {words.title(one.labels, language)}", one.withheld) for _, one in lone if not one.ends]
        blocks.append(table("single", say("table.single", language), columns, rows, language, untold=untold))
    return blocks


def _compared(number: int, one: Shared, told: Portfolio, language: str) -> Table:
    rows = [(_called(project, each, one, language), *_cells(each, language)) for project, each in one.told]
    telling = say("telling", language, n=len(one.telling), all=len(told.projects))
    if (total := one.total(told.overlaps)) is not None:
        rows.append((say("total", language), *_sum(total, one, language)))
    caption = f"{words.title(one.labels, language)} ({telling})"
    columns = ("project", "achieved", "target", "share")
    untold = [(named(project, language), each.withheld) for project, each in one.told if not each.ends]
    return table(f"indicator-{number}", caption, columns, rows, language, untold=untold)


def _called(project: Project, each: Told, one: Shared, language: str) -> str:
    """The project, with its own words for the indicator where they are others."""
    name = named(project, language)
    if combining.alike(each.labels, one.labels):
        return name
    return say("other_words", language, project=name, words=words.inline(each.labels, language))


def _cells(one: Told, language: str) -> tuple[str, str, str]:
    """Achieved, target and the share of it, as the project released them."""
    target = _none(language) if one.target is None else words.in_unit(one.target, one.unit, language)
    return _achieved(one.ends, one.unit, language), target, _of_target(one.ends, one.target, language)


def _achieved(ends: Ends | None, unit: str, language: str) -> str:
    low, high = ends or (None, None)
    if low is not None and low == high:
        return words.in_unit(low, unit, language)
    return words.between(low, high, unit, language) or words.hidden(language)


def _of_target(ends: Ends | None, target: float | None, language: str) -> str:
    """The share of the target, or between which two it lies."""
    if target is None:
        return _none(language)
    if target <= 0:
        return words.say("report.mark.undefined", language)
    low, high = ends or (None, None)
    if low is None or high is None:
        return words.hidden(language)
    return words.percent(low / target, language) if low == high else between(low / target, high / target, language)


def _none(language: str) -> str:
    return words.say("report.mark.not_agreed", language)


def _sum(total: Ends, one: Shared, language: str) -> tuple[str, str, str]:
    targets = [each.target for _, each in one.telling if each.target is not None]
    target = sum(targets) if len(targets) == len(one.telling) else None
    agreed = _none(language) if target is None else words.in_unit(target, one.unit, language)
    return _achieved(total, one.unit, language), agreed, _of_target(total, target, language)


def _panel(one: Shared, told: Portfolio, language: str) -> Panel | None:
    """The indicator as one small picture: achieved as a share of the target in every project; None without targets.

    Of many projects only those that have the indicator.
    """
    few = len(told.projects) <= pictures.ROWS
    projects = told.projects if few else tuple(project for project, _ in one.told)
    points = [_point(project, _of(one, project), language) for project in projects]
    if not any(point.at is not None or point.between for point in points):
        return None
    return Panel(words.title(one.labels, language), tuple(points))


def _of(one: Shared, project: Project) -> Told | None:
    return next((each for owner, each in one.told if owner is project), None)


def _point(project: Project, each: Told | None, language: str) -> Point:
    name = named(project, language)
    if each is None or not each.target or each.target < 0:
        return Point(name, None, absent=say("no_share" if each else "does_not_report", language))
    if each.fewer:
        return Point(name, None, absent=say("fewer", language))
    if each.value is not None:
        return Point(name, each.value / each.target)
    low, high = each.ends or (0.0, None)
    if high is None:
        return Point(name, None, absent=words.say("report.mark.not_shown", language))
    return Point(name, None, between=(low / each.target, high / each.target))


def _multiples(shared: Sequence[Shared], told: Portfolio, language: str, made: dict[str, bytes]) -> Iterator[Block]:
    panels = [panel for one in shared if (panel := _panel(one, told, language))]
    draw = functools.partial(
        pictures.achieved,
        unit=say("axis.target", language),
        mark=_mark(told, language),
        percent=functools.partial(words.percent, language=language),
    )
    return figures("targets", panels, draw, language, made)


# --- outcomes -----------------------------------------------------------------------------------


def _outcomes(told: Portfolio, language: str, made: dict[str, bytes]) -> list[Block]:
    shared = combining.outcomes(told.projects)
    if not shared:
        return []
    panels = [_mean_panel(one, language) for one in shared]
    draw = functools.partial(
        pictures.changes,
        unit=words.say("report.axis.range", language),
        mark=_mark(told, language),
        absent=words.say("report.mark.not_shown", language),
        percent=functools.partial(words.percent, language=language),
    )
    blocks: list[Block] = [*paragraphs([say("not_averaged", language)])]
    blocks += figures("changes", panels, draw, language, made)
    for number, one in enumerate(shared):
        rows = [(named(project, language), *_mean(each, language)) for project, each in one.told]
        ends = [words.plain(end, language) for end in one.scale]
        caption = say("table.outcome", language, outcome=words.title(one.labels, language), low=ends[0], high=ends[1])
        columns = ("project", "change", "interval", "people")
        untold = [(named(project, language), each.withheld) for project, each in one.told if each.change is None]
        blocks.append(table(f"outcome-{number}", caption, columns, rows, language, untold=untold))
    return blocks


def _mean(each: Change, language: str) -> tuple[str, str, str]:
    if each.change is None:
        return words.hidden(language), words.hidden(language), words.count(each.n, language)
    decimals = words.decimals_in(each.change)
    between = words.interval(each.low, each.high, language) if each.low is not None and each.high is not None else ""
    change = words.signed(each.change, language, decimals=decimals)
    return change, between or words.hidden(language), words.out_of(each.n, each.of, language)


def _mean_panel(one: Outcome, language: str) -> Panel:
    width = one.scale[1] - one.scale[0]
    points = []
    for project, each in one.told:
        at, low, high = (None if end is None else end / width for end in (each.change, each.low, each.high))
        points.append(Point(named(project, language), at, low, high))
    return Panel(words.title(one.labels, language), tuple(points))


def _mark(told: Portfolio, language: str) -> str:
    return words.say("report.frame.fictional_short", language) if told.projects[0].fictional else ""


# --- how good the data are, and how the page was made ---------------------------------------------


def _quality(told: Portfolio, language: str) -> Table:
    columns = ("project", "answered", "untold", "indicators", "scales", "exploratory", "reader")
    rows = [
        (
            named(one, language),
            words.out_of(one.answered[0], one.reached, language)
            if one.answered
            else words.say("report.mark.not_given", language),
            words.say("report.number.of", language, part=one.hidden, whole=one.numbers),
            _share_of([each.ends is None for each in one.indicators], language),
            _share_of([not each.trusted for each in one.changes], language),
            _share_of([not each.preplanned for each in one.changes], language),
            say(f"reader.{one.profile}", language),
        )
        for one in told.projects
    ]
    return table("quality", say("table.quality", language), columns, rows, language)


def _share_of(found: Collection[bool], language: str) -> str:
    return words.say("report.number.of", language, part=sum(found), whole=len(found)) if found else "0"


def _method(told: Portfolio, language: str) -> list[str]:
    readers = {one.profile for one in told.projects}
    strictest = next(one for one in ("internal", "funder", "public") if one in readers)
    keys = ("matched", "added", "not_pooled", "unchanged", f"for.{strictest}")
    versions = [
        say("source", language, project=named(one, language), release=one.release, digest=one.digest[:12])
        for one in told.projects
    ]
    return [*(say(f"method.{key}", language) for key in keys), *versions]
