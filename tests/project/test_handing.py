"""A notebook finds what its project's process has measured, shows what it would without, and takes nothing stale."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import pickle
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import nbformat
import pytest

from evaluation.collect.record import entries
from evaluation.measure.results import Results
from evaluation.project import Project, demo, handing, open_project, output_check
from evaluation.project import folder as folders
from evaluation.project.handing import Asked, Measured
from evaluation.project.notebooks import for_inside, run_inside, run_with_key
from evaluation.project.releases import releasing
from evaluation.release.ledger import Proposal
from evaluation.report import engine as engines
from tests.conftest import Folder, enter

pytestmark = pytest.mark.skipif(engines.default() != "forked", reason="the system has no such memory")


@pytest.fixture
def inherited(
    project: Project, first_release: Proposal, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Mapping[str, int]]:
    """As in a process that was handed what ``project`` has measured, and its proposal of the release 'first'."""
    with project.handed_over() as handed:
        for variable, descriptor in handed.items():
            monkeypatch.setenv(variable, str(descriptor))
        assert first_release in project.measured().proposals.values()
        yield handed


def found(project: Project) -> bool:
    """Whether it found everything measured; else it has measured nothing yet."""
    return "changes" in vars(project.results)


def test_the_output_check_of_a_notebook_shows_the_proposal_that_it_was_handed(
    copied: Folder, first_release: Proposal, inherited: Mapping[str, int]
) -> None:
    (check,) = for_inside(copied.path, "5")
    with copied.open() as again:
        executed = run_with_key(again, check, {"release": "first"}, handed=inherited)
    shown = [output.data.get("text/html") for cell in executed.cells for output in cell.get("outputs", [])]  # type: ignore[attr-defined]
    for told in (output_check.verdict(first_release, "en"), output_check.counts(first_release, "en")):
        assert told._repr_mimebundle_()[0]["text/html"] in shown


def test_every_notebook_of_a_run_finds_measured_what_was_measured_once(copied: Folder) -> None:
    for path in (copied.path / "notebooks").glob("*.ipynb"):
        path.unlink()
    look = (
        "from evaluation import open_project\nproject = open_project()\n"
        "print('changes' in vars(project.results), 'groups' in vars(project.results), project.scores['score'].sum())"
    )
    for name in ("8_own", "9_own"):
        cell = nbformat.v4.new_code_cell(look)
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), copied.path / "notebooks" / f"{name}.ipynb")
    with copied.open() as project:
        own = [path for path in for_inside(copied.path) if "own" in path.stem and path.stem[0] in "89"]
        made = [*run_inside(project, own)]
        said = [nbformat.read(path, as_version=4).cells[0].outputs[0].text for path in made]
        points = project.scores["score"].sum()
        (alone,) = (run_with_key(project, own[0]),)
    assert said == [f"True False {points}\n"] * 2
    assert alone.cells[0].outputs[0].text == f"False False {points}\n"  # type: ignore[attr-defined]


class Meanwhile:
    """In the place of a frame: another thread computes and proposes at the very moment when it is written."""

    def __init__(self, compute: Callable[[], object]) -> None:
        self.compute = compute

    def __reduce__(self) -> tuple[type[str], tuple[()]]:
        self.compute()
        return str, ()


def test_what_another_thread_measures_or_proposes_meanwhile_does_not_hinder_handing_over(project: Project) -> None:
    basis = project.measured().basis
    frames: dict[str, object] = {}
    results = Results(project.declaration, {**project.frames, "courses": frames})  # type: ignore[dict-item]
    proposals: dict[Asked, Proposal] = {}
    asked = Asked("first", "", dt.date(2026, 1, 1), "", ())
    frames["late"] = Meanwhile(lambda: (results.late, proposals.setdefault(asked, Proposal.__new__(Proposal))))
    proposals[dataclasses.replace(asked, release="second")] = frames["late"]  # type: ignore[assignment]
    with handing.over(Measured(basis, results, proposals)) as handed:
        (descriptor,) = handed.values()
        written = pickle.loads(os.pread(descriptor, os.fstat(descriptor).st_size, 0))
    assert "late" in vars(results)
    assert "late" not in vars(written.results)
    assert len(proposals) == 2
    assert [one.release for one in written.proposals] == ["second"]


def nothing(_: Project) -> None:
    pass


def erased(project: Project) -> None:
    project.store.append([entries.erasure("P-017", actor="tester")])


def locked(project: Project) -> None:
    """Another plan, and then the same again."""
    declared("plan.yml", "alpha: 0.05", "alpha: 0.01")(project)
    with open_project(project.folder, key_file=project.folder / demo.KEY, environ={}) as other:
        other.lock_plan(on=dt.date(2031, 1, 1))
    declared("plan.yml", "alpha: 0.01", "alpha: 0.05")(project)


def declared(name: str, old: str, new: str) -> Callable[[Project], None]:
    def change(project: Project) -> None:
        assert old in _of(project, name)
        (project.folder / name).write_text(_of(project, name).replace(old, new), encoding="utf-8")

    return change


def _of(project: Project, name: str) -> str:
    return (project.folder / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (nothing, True),
        (erased, False),
        (locked, False),
        (declared("plan.yml", "alpha: 0.05", "alpha: 0.04"), False),
        (declared("project.yml", "planned_participants: 30", "planned_participants: 31"), False),
        (declared("indicators.yml", "target:", "# looked through\n    target:"), True),
    ],
    ids=["nothing", "an erasure", "another lock", "the plan", "the project", "a comment"],
)
def test_what_was_measured_of_anything_else_is_measured_anew(
    copied: Folder,
    first_release: Proposal,
    inherited: Mapping[str, int],
    change: Callable[[Project], None],
    same: bool,
) -> None:
    with copied.open() as project:
        assert found(project)
        change(project)
    with copied.open() as project:
        assert found(project) == same
        assert (first_release in project.measured().proposals.values()) == same
        assert len(project.frames["participants"]) == 41 - (change is erased)


@pytest.mark.parametrize(
    ("change", "read"),
    [
        (nothing, 0),
        (erased, 0),
        (declared("project.yml", "planned_participants: 30", "planned_participants: 31"), 1),
        (declared("indicators.yml", "target:", "# looked through\n    target:"), 1),
        (lambda project: (project.folder / "questionnaires" / "rights.md").write_text("of her own"), 1),
    ],
    ids=["nothing", "an erasure", "the project", "a comment", "a questionnaire"],
)
def test_the_declaration_is_handed_on_for_the_very_files_that_it_was_read_from(
    copied: Folder,
    inherited: Mapping[str, int],
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Project], None],
    read: int,
) -> None:
    with copied.open() as project:
        before = project.declaration
        change(project)
    anew: list[Path] = []
    monkeypatch.setattr(folders, "read", lambda folder: anew.append(folder) or before)
    with copied.open() as project:
        assert project.declaration == before
    assert len(anew) == read


def test_a_proposal_is_handed_on_for_what_was_asked_and_no_longer_than_its_ledger_is_the_last(
    copied: Folder, first_release: Proposal, inherited: Mapping[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[handing.Asked] = []
    monkeypatch.setattr(releasing, "_proposed", lambda _, asked, entries: made.append(asked))
    today = first_release.entry.released_on
    with copied.open() as project:
        assert releasing.propose(project, "first", today=today) == first_release
        assert made == []
        releasing.propose(project, "second", today=today)
        releasing.propose(project, "first", today=today + dt.timedelta(1))
        releasing.propose(project, "first", today=today + dt.timedelta(1))
        assert [(asked.release, asked.today) for asked in made] == [
            ("second", today),
            ("first", today + dt.timedelta(1)),
        ]
        enter(project, first_release)
        releasing.propose(project, "first", today=today)
        assert len(made) == 3
        declared("plan.yml", "alpha: 0.05", "alpha: 0.05  # as agreed")(project)  # its hash is in every report
        releasing.propose(project, "first", today=today)
        assert len(made) == 4


def test_what_is_handed_over_cannot_be_changed_and_no_file_is_taken_for_it(
    copied: Folder, inherited: Mapping[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (descriptor,) = inherited.values()
    with pytest.raises(OSError, match="not permitted"):
        os.pwrite(descriptor, b"x", 0)
    with pytest.raises(OSError, match="not permitted"):
        os.ftruncate(descriptor, 10)

    class Planted:
        def __reduce__(self) -> tuple[object, ...]:
            return (Path.touch, (tmp_path / "was here",))

    (tmp_path / "planted").write_bytes(pickle.dumps(Planted()))
    with (tmp_path / "planted").open("rb") as planted, copied.open() as project:
        for number in (str(planted.fileno()), "99999", "-1", "x", ""):
            monkeypatch.setenv(handing.DESCRIPTOR, number)
            project.forget()
            assert not found(project)
    assert not (tmp_path / "was here").exists()
