"""A portfolio puts released reports side by side, adds what was released only, and asks who may be in two projects."""

from __future__ import annotations

import copy
import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from evaluation.cli import main
from evaluation.errors import BadDeclaration
from evaluation.report.drawn.drawing import Point
from evaluation.report.executed import document
from evaluation.report.formats.json import data
from evaluation.report.portfolio import combining, page, pictures, reading
from evaluation.report.portfolio.pictures import Panel
from evaluation.report.portfolio.reading import Project
from tests.report.handmade import INDICATORS, executed

GOLDEN = Path(__file__).parents[1] / "golden" / "first"
OLDEST = json.loads((GOLDEN / "reports" / "report.en.json").read_text(encoding="utf-8"))


def report(name: str, *, promoter: str = "", digest: str = "", **changed: Any) -> dict[str, Any]:
    """The report of an early version of the kit, as if another project had released it: people, sessions, a share."""
    made = copy.deepcopy(OLDEST)
    promoter, digest = promoter or f"Promoter of {name}", digest or f"digest of {name}"
    made["facts"]["content"] |= {"project": name, "title": {"en": name, "pl": name}, "promoter": promoter}
    made["digest"] = digest
    first = made["indicators"]["content"][0] | {"low": None, "high": None}
    persons = first | {"unit": "persons", "level": "output", "labels": {"en": "people reached"}, "target": 20.0}
    sessions = first | {"unit": "number", "level": "output", "labels": {"en": "sessions"}, "target": None}
    share = first | {"unit": "share", "level": "outcome", "labels": {"en": "feels safer"}, "target": 0.5}
    values = {"persons": 20.0, "sessions": 7.0, "share": 0.5} | changed
    made["indicators"]["content"] = [
        one | (dict(zip(("achieved", "low", "high"), value, strict=True)) if isinstance(value, tuple) else
               {"achieved": value})
        for one, value in zip((persons, sessions, share), values.values(), strict=True)
    ]  # fmt: skip
    return made


def read(*reports: dict[str, Any]) -> tuple[Project, ...]:
    return tuple(reading.read(json.dumps(one).encode(), f"{n}.json") for n, one in enumerate(reports))


def test_a_report_that_an_early_version_wrote_is_read() -> None:
    (project,) = read(OLDEST)
    assert (project.id, project.profile, len(project.indicators)) == ("my-project", "public", 1)
    assert project.changes[0].trusted


DAMAGED = copy.deepcopy(OLDEST)
DAMAGED["facts"]["content"]["reached"] = "many"


@pytest.mark.parametrize(
    ("source", "key"),
    [
        (b"", "no_report"),
        (b"PK\x03\x04\xff", "no_report"),
        (b"[1]", "no_report"),
        ((GOLDEN / "releases" / "final.json").read_bytes(), "no_report"),
        (json.dumps(OLDEST | {"format": "evaluation-report/2"}).encode(), "codec.in_file"),
        (json.dumps(DAMAGED).encode(), "damaged"),
        (json.dumps({key: part for key, part in OLDEST.items() if key != "facts"}).encode(), "other_document"),
        (json.dumps({key: part for key, part in OLDEST.items() if key != "indicators"}).encode(), "other_document"),
    ],
)
def test_what_is_no_report_of_a_project_is_refused_by_its_name(source: bytes, key: str) -> None:
    with pytest.raises(BadDeclaration) as refused:
        reading.read(source, "given.json")
    assert refused.value.message.key in (key, f"report.portfolio.{key}")


@pytest.mark.parametrize(
    ("reports", "key"),
    [
        ([report("a")], "too_few"),
        ([report("a"), report("a")], "too_few"),
        ([report("a"), report("a", digest="another"), report("b")], "two_releases"),
        ([report("a"), report("b") | {"fictional": not OLDEST["fictional"]}], "fictional"),
    ],
)
def test_reports_that_make_no_portfolio_are_refused(reports: list[dict[str, Any]], key: str) -> None:
    with pytest.raises(BadDeclaration) as refused:
        reading.distinct(read(*reports))
    assert refused.value.message.key == f"report.portfolio.{key}"


def test_a_release_in_two_languages_counts_once_and_that_is_said() -> None:
    projects, said = reading.distinct(read(report("a"), report("a") | {"language": "pl"}, report("b")))
    assert [project.id for project in projects] == ["a", "b"]
    assert [line.key for line in said] == ["report.portfolio.same_release"]
    renamed = report("c", digest="digest of a")
    assert [project.id for project in reading.distinct(read(report("a"), renamed, report("b")))[0]] == ["a", "b"]


@pytest.mark.parametrize(
    ("one", "other", "total"),
    [
        (20.0, 22.0, (42.0, 42.0)),
        (20.0, (None, 11.0, 30.0), (31.0, 50.0)),
        ((None, 0.0, 9.0), (None, 11.0, 30.0), (11.0, 39.0)),
        (20.0, (None, 11.0, None), (31.0, None)),
        ((None, None, 9.0), 20.0, (20.0, 29.0)),
        (20.0, (None, None, None), None),
    ],
)
def test_a_sum_has_the_ends_of_its_terms_and_leaves_out_who_tells_nothing(one: Any, other: Any, total: Any) -> None:
    shared = combining.shared(read(report("a", persons=one), report("b", persons=other)))
    assert shared[0].total(()) == total


ENDS = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda two: (float(min(two)), float(max(two))))


@given(st.lists(st.tuples(ENDS, st.floats(0, 1)), min_size=1, max_size=6))
def test_whatever_the_hidden_numbers_are_their_sum_lies_within_the_printed_range(terms: Any) -> None:
    low, high = combining.added(ends for ends, _ in terms)
    truth = sum(least + part * (most - least) for (least, most), part in terms)
    assert high is not None
    assert low - 1e-9 <= truth <= high + 1e-9


def test_shares_and_projects_that_may_have_the_same_people_are_not_added() -> None:
    a, b, c = read(report("a"), report("b"), report("c"))
    persons, sessions, share = combining.shared((a, b, c))
    assert (persons.total(()), sessions.total(()), share.total(())) == ((60.0, 60.0), (21.0, 21.0), None)
    assert persons.total(((a, c),)) is None
    assert sessions.total(((a, c),)) is None


@pytest.mark.parametrize(
    ("changed", "alike"),
    [
        ({"labels": {"en": "People  reached."}}, True),
        ({"labels": {"en": "people turned away"}}, False),
        ({"labels": {"pl": "people reached"}}, False),
        ({"unit": "number"}, False),
        ({"level": "outcome"}, False),
        ({"code": "OTHER-9"}, True),
    ],
)
def test_indicators_are_the_same_by_level_unit_and_words_never_by_their_code(
    changed: dict[str, Any], alike: bool
) -> None:
    other = report("b")
    other["indicators"]["content"][0] |= changed
    shared = combining.shared(read(report("a"), other))
    assert ("people reached" in [one.labels["en"] for one in shared]) == alike


OTHER = {"en": "adults and children admitted"}


@pytest.mark.parametrize(
    ("own", "other", "changed", "alike"),
    [
        ("enrolled", "enrolled", {"labels": OTHER, "level": "outcome"}, True),
        ("enrolled", "taken", {}, False),
        ("enrolled", "enrolled", {"unit": "share"}, False),
        ("supported:legal", "supported:legal", {"labels": OTHER}, True),
        ("supported:legal", "supported:medical", {}, False),
        ("completed:pottery", "completed:pottery", {"labels": OTHER}, False),
        ("completed:pottery", "completed:pottery", {}, True),
        ("aggregate:people reached", "aggregate:people", {}, False),
        ("enrolled", "", {"labels": OTHER}, False),
        ("enrolled", "", {}, True),
        ("", "enrolled", {}, True),
    ],
)
def test_indicators_are_the_same_by_measure_and_unit_and_by_words_where_only_the_project_knows_what_is_measured(
    own: str, other: str, changed: dict[str, Any], alike: bool
) -> None:
    reports = report("a"), report("b")
    for one, measure in zip(reports, (own, other), strict=True):
        one["indicators"]["content"][0] |= {"measure": measure} if measure else {}
    reports[1]["indicators"]["content"][0] |= changed
    projects = read(*reports)
    assert any(len(one.told) == 2 and one.told[0][1].measure == own and one.labels["en"] == "people reached"
               for one in combining.shared(projects)) == alike  # fmt: skip
    made = re.sub(r"<[^>]+>|\s+", " ", page.page(page.Portfolio(projects), "en").decode())
    assert ("B (there: adults and children admitted)" in made) == (alike and changed.get("labels") == OTHER)


def test_a_report_of_today_says_what_each_indicator_is_computed_from(parts_of: Any) -> None:
    whole = document(executed(parts_of("en")), language="en")
    (project,) = read(data(whole))
    assert [one.measure for one in project.indicators] == [line.measure for line in INDICATORS]
    assert len({one.measure for one in project.indicators}) > 2


@pytest.mark.parametrize("name", ["A", "Relaksacja i radzenie sobie ze stresem w codziennym życiu po powrocie, $$ {x}"])
@pytest.mark.parametrize("draw", [pictures.achieved, pictures.changes])
def test_no_title_of_a_small_picture_leaves_the_canvas(monkeypatch: pytest.MonkeyPatch, name: str, draw: Any) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    boxes: list[Any] = []
    plain = FigureCanvasAgg.draw

    def keep(canvas: Any) -> None:
        plain(canvas)
        boxes[:] = [axes.title.figure.bbox.frozen() for axes in canvas.figure.axes[:1]]
        boxes.extend(axes._left_title.get_window_extent() for axes in canvas.figure.axes)

    monkeypatch.setattr(FigureCanvasAgg, "draw", keep)
    points = (Point(name, 0.4, 0.2, 0.7), Point(name, None, between=(0.5, 1.3)), Point(name, None, absent="not told"))
    more = {"absent": "not told"} if draw is pictures.changes else {}
    title = "$$ {x} People whose sense of security rose by two points or more " * 3
    draw([Panel(title, points), Panel("Short", points)], unit="share", mark="fictional", percent=str, **more)
    canvas, *titles = boxes
    assert len(titles) == 2
    assert all(0 <= box.x0 < 0.1 * canvas.width and box.x1 <= canvas.width for box in titles)


def test_no_name_of_a_small_picture_covers_another_and_no_bar_below_zero_is_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    seen: dict[str, Any] = {}
    plain = FigureCanvasAgg.draw

    def keep(canvas: Any) -> None:
        plain(canvas)
        (axes,) = canvas.figure.axes
        seen["names"] = [label.get_window_extent() for label in axes.get_yticklabels()]
        seen["ends"] = axes.get_xlim()

    monkeypatch.setattr(FigureCanvasAgg, "draw", keep)
    long = "A way back: reintegration support for people who find it hard to adapt, a third round"
    points = [Point(f"{number} {long}", at) for number, at in enumerate((1.37, -0.25, 0.9))]
    pictures.achieved([Panel("Title", points)], unit="share", mark="", percent=str)
    assert all(below.y1 <= above.y0 for above, below in itertools.pairwise(seen["names"]))
    assert seen["ends"][0] <= -0.25
    assert seen["ends"][1] >= 1.37


@pytest.mark.parametrize(
    ("promoter", "leads"),
    [
        ("Same  office", True),
        ("SAME OFFICE", True),
        ("Another", False),
    ],
)
@pytest.mark.parametrize("partner", ["", "Same office", "somebody else"])
def test_projects_may_have_the_same_people_where_one_office_leads_both_or_helps_in_the_other(
    promoter: str, leads: bool, partner: str
) -> None:
    one, other = report("a", promoter="Same office"), report("b", promoter=promoter)
    other["facts"]["content"] |= {"period_start": "1990-01-01", "period_end": "1991-01-01"}
    other["facts"]["content"]["partners"] = [[partner, "PL", False]] if partner else []
    asked = leads or partner == "Same office"
    for given_reports in ((one, other), (other, one)):
        assert bool(reading.overlapping(read(*given_reports))) == asked


@pytest.mark.parametrize("withheld", [False, True])
def test_the_change_up_to_a_later_wave_is_not_shown_as_the_change_to_the_end(withheld: bool) -> None:
    reports = report("a"), report("b")
    for one in reports:
        means = one["outcomes"]["content"]["means"]
        ended = means[0] | {"change": None if withheld else 4.0, "wave": ""}
        means[:] = [means[0] | {"change": 9.0, "wave": "followup"}, ended]
    projects = read(*reports)
    assert [each.change for project in projects for each in project.changes] == [None if withheld else 4.0] * 2
    made = re.sub(r"<[^>]+>|[\s\u00a0]+", " ", page.page(page.Portfolio(projects), "en").decode())
    assert ("+4" in made, "+9" in made) == (not withheld, False)


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """The command on reports, with what it was answered: exit code, what it said, and the words of its page."""

    def made(*reports: dict[str, Any], options: tuple[str, ...] = (), answer: str = "") -> tuple[int, str, str]:
        for number, one in enumerate(reports):
            (tmp_path / f"{number}.json").write_text(json.dumps(one), encoding="utf-8")
        given_files = [str(tmp_path / f"{number}.json") for number in range(len(reports))]
        out = tmp_path / "page.html"
        said = CliRunner().invoke(main, ["portfolio", *given_files, "-o", str(out), *options], input=answer)
        words = re.sub(r"<[^>]+>", " ", out.read_text(encoding="utf-8")) if out.exists() else ""
        return said.exit_code, said.output, re.sub(r"[\s\u00a0]+", " ", words)

    return made


@pytest.mark.parametrize(
    ("options", "answer", "added"), [((), "no\n", False), ((), "yes\n", True), (("--distinct",), "", True)]
)
def test_overlapping_projects_are_asked_about_and_added_only_where_somebody_vouches(
    run: Callable[..., tuple[int, str, str]], options: tuple[str, ...], answer: str, added: bool
) -> None:
    same = (report("a", promoter="Same"), report("b", promoter="Same"))
    code, said, words = run(*same, options=("--language", "en", *options), answer=answer)
    assert code == 0
    assert ("one promoter" in said) == (not options)
    assert ("All of these together 40 40 100%" in words) == added
    assert ("Not added up" in words) == (not added)
    assert ("states that nobody is counted in two" in words) == added
    assert ("Who took part in two projects is counted in both" in words) == (not added)
    assert words.index("counted in") < words.rindex("Indicators side by side")


@pytest.mark.parametrize(
    ("language", "phrases"),
    [
        ("en", ["2 of 5 projects report here", "told by 2 of 2 projects", "People reached: A: 100%."]),
        ("pl", ["Sprawozdanie złożyły 2 projekty z 5", "podaje 2 z 2 projektów", "stoi osobno"]),
    ],
)
def test_a_page_says_how_many_report_and_stands_in_both_languages(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, language: str, phrases: list[str]
) -> None:
    reports = report("a"), report("b", persons=(None, 11.0, 30.0))
    for one in reports:
        one["outcomes"]["content"]["means"][0] |= {"change": 4.0, "low": 1.0, "high": 7.0}
    code, said, words = run(*reports, options=("--language", language, "--programme", "5"))
    assert code == 0, said
    source = (tmp_path / "page.html").read_text(encoding="utf-8")
    for phrase in phrases:
        assert phrase in words or phrase in source
    assert "31–50" in words  # 20 and 11 to 30
    assert f'lang="{language}"' in source
    assert ('<span lang="en">People reached [en]</span>' in source) == (language == "pl")
    assert source.count("<img") == 2


FEW = {"en": "Fewer than five organisations answered.", "pl": "Odpowiedziało mniej niż pięć organizacji."}


@pytest.mark.parametrize(("withheld", "recognised"), [(FEW, False), ({}, True)])
def test_what_is_not_told_has_the_reason_of_its_own_report_and_only_without_one_a_persons_safety(
    withheld: dict[str, str], recognised: bool
) -> None:
    """The mean trust of four organisations says nothing of anybody; nor is a project without a target mute."""
    reports = report("a", sessions=9.0), report("b")
    trust = {"unit": "score 1-7", "target": 4.5, "achieved": None, "low": None, "high": None, "withheld": withheld}
    for one in reports:
        *_, share = one["indicators"]["content"]
        share |= trust
        one["outcomes"]["content"]["means"][0] |= {"change": None, "low": None, "high": None, "withheld": withheld}
    reports[0]["indicators"]["content"][0]["target"] = 0.0
    reports[1]["indicators"]["content"].pop(1)
    source = page.page(page.Portfolio(read(*reports)), "en").decode()
    words = " ".join(re.sub(r"<[^>]+>", " ", source).split())
    assert (words.count("A; B: Fewer than five organisations answered."), "risk that a person" in words) == (
        (0, True) if recognised else (2, False)
    )
    assert ("where it does not, somebody could be recognised" in words) == (not recognised)
    assert "People reached: A: no target to hold it against." in source
    assert " A 20 0 not defined " in words
    assert " A 9 not agreed not agreed " in words


@pytest.mark.parametrize(("baseline", "said"), [(20.1, "fewer is better; see its table"), (20.0, "60%"), (None, "60%")])
def test_where_fewer_is_better_no_bar_is_drawn_that_looks_like_a_failure(baseline: float | None, said: str) -> None:
    """Twelve people, where at most twenty were promised instead of more than twenty before."""
    one, other = report("a", persons=12.0), report("b")
    one["indicators"]["content"][0]["baseline"] = baseline
    source = page.page(page.Portfolio(read(one, other)), "en").decode()
    assert f"People reached: A: {said}. People reached: B: 100%." in source


@pytest.mark.parametrize(("number", "rows"), [(4, [12, 4]), (21, [21, 21, 21, 21]), (41, [2])])
def test_a_picture_has_no_more_rows_than_somebody_takes_in_and_what_is_not_drawn_is_said(
    monkeypatch: pytest.MonkeyPatch, number: int, rows: list[int]
) -> None:
    """Two indicators and an outcome that all projects have; a third indicator is of two of them, however many."""
    reports = [report(f"project {each}") for each in range(number)]
    for each, one in enumerate(reports):
        sessions = one["indicators"]["content"][1]
        sessions |= {"target": 7.0} | ({"labels": {"en": f"sessions {each}"}} if each > 1 else {})
    drawn: list[int] = []

    def draw(panels: Any, *_: Any, **__: Any) -> bytes:
        drawn.append(sum(len(panel.points) for panel in panels))
        return str(len(drawn)).encode()

    monkeypatch.setattr(pictures, "_drawn", draw)
    source = page.page(page.Portfolio(read(*reports)), "en").decode()
    assert drawn == rows
    left_out = ["2 small pictures are left out", "1 small picture is left out"]
    assert [said in source for said in left_out] == [number == 41] * 2


def test_more_projects_than_the_programme_has_are_refused(run: Callable[..., tuple[int, str, str]]) -> None:
    code, said, words = run(report("a"), report("b"), options=("--language", "en", "--programme", "1"))
    assert (code, words) == (2, "")
    assert "--programme" in said


@pytest.mark.parametrize(("profile", "reader"), [("public", "so is this page"), ("funder", "not for the public")])
def test_a_page_is_for_the_readers_of_its_least_public_release(profile: str, reader: str) -> None:
    other = report("b")
    other["certificate"]["content"]["profile"] = profile
    made = page.page(page.Portfolio(read(report("a"), other)), "en").decode()
    assert reader in re.sub(r"[\s\u00a0]+|&nbsp;", " ", made)
    assert ("Confidential" in made) == (profile != "public")
