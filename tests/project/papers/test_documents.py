"""Documents are drawn before a release enters the ledger, and stand in their places all together or not at all."""

from __future__ import annotations

import copy
import errno
import html
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib.mathtext
import nbformat
import pytest
from click.testing import CliRunner

from evaluation.cli import main
from evaluation.errors import BadDeclaration, LedgerError, RunFailed
from evaluation.inside import pictures
from evaluation.project.papers import documents
from evaluation.project.papers.documents import staged
from evaluation.project.releases import releasing
from evaluation.report import parameters, runs
from evaluation.report.blocks import Document
from evaluation.report.content import figures
from tests.conftest import Folder
from tests.readers import ENDINGS, WITH_INDICATORS, content, squeezed

MARKUP = r"_a_b $x^2$ $$ \frac{1}{2} {e} %s & <i>"
MADE = {"en/report.html": b"one", "en/report.json": b"two", "pl/report.html": b"three"}


def typed(folder: Folder, label: str = MARKUP) -> None:
    """Puts ``label`` into every label of the project's files."""
    for name in ("project.yml", "plan.yml", "indicators.yml"):
        path = folder.path / name
        text = path.read_text(encoding="utf-8")

        labelled = re.sub(r"(?<=labels: )\{[^}]*\}", lambda _: f"{{en: '{label}', pl: '{label}'}}", text)
        path.write_text(labelled, encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def small(filled: Callable[[str], Folder], tmp_path: Path) -> Folder:
    """A copy of the smaller fictional project that a test may change."""
    made = filled("shelter")
    folder = Folder(tmp_path / "project", tmp_path / "project" / made.key_file.name)
    shutil.copytree(made.path, folder.path)
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which everything temporary is made."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path / "temporary"


# --- labels -------------------------------------------------------------------------------------


def test_a_label_with_markup_is_printed_as_it_was_typed(copied: Folder, elsewhere: Path) -> None:
    typed(copied)
    made = CliRunner().invoke(main, copied.arguments("report", "--yes"))
    assert made.exit_code == 0, made.output
    for language in ("en", "pl"):
        for name in ("report", "analysis"):
            path = copied.path / "reports" / "final" / language / name
            assert html.escape(MARKUP) in path.with_suffix(".html").read_text(encoding="utf-8")
            assert MARKUP in json.dumps(json.loads(path.with_suffix(".json").read_text("utf-8"))).replace("\\\\", "\\")
            for ending in set(ENDINGS) - {"html", "json"}:
                assert squeezed(MARKUP) in squeezed(content(path.with_suffix(f".{ending}")))
        for suffix in (".csv", ".xlsx"):
            assert MARKUP in content(path.with_name(f"report{suffix}"))
    assert list(elsewhere.iterdir()) == []
    assert len(files(copied.path / "reports")) == 2 * (len(WITH_INDICATORS) + len(ENDINGS))


def test_no_figure_reads_a_label_as_mathematics(copied: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(*_: object, **__: object) -> None:
        pytest.fail("a label was read as mathematics")

    monkeypatch.setattr(matplotlib.mathtext.MathTextParser, "parse", parse)
    typed(copied)
    with copied.open() as project:
        declaration, language = project.declaration, "pl"
        shown = [
            pictures.completeness(project.frames, declaration, language),
            pictures.flow(project.flow, declaration, language),
            pictures.swimmer(project.frames, declaration, language),
            pictures.leaving(project.frames["participants"], declaration, language),
            pictures.attrition(project.flow, project.frames["participants"], declaration, language),
            pictures.courses(project.dose, declaration, language),
            pictures.mix(project.dose, declaration, language),
            pictures.combinations(project.dose, declaration, language),
            pictures.support(project.frames, declaration, language),
            pictures.needs(project.frames, declaration, language),
            pictures.outcomes(project.changes, declaration, language),
            pictures.estimation(project.scores, project.changes, declaration, language),
            pictures.tipping(project.changes, declaration, language),
            pictures.indicators(project.results.indicators, language),
            pictures.items(project.results.items, project.changes, declaration, language),
            pictures.dose(project.dose, project.scores, project.changes, declaration, language),
            pictures.waves(project.scores, project.changes, declaration, language),
        ]
        assert sum(bool(one.png) for one in shown) >= 10
        leaving = releasing.propose(project, "final").leaving
    made = [figures.courses, figures.needs, figures.distributions, figures.direction, figures.flow,
            figures.means, figures.progress]  # fmt: skip
    assert all(figure(leaving, language).png for figure in made)


def test_a_label_that_begins_with_a_line_stands_in_the_legend(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib.figure import Figure

    from evaluation.inside.display import stack
    from evaluation.report.drawn.drawing import Bar
    from evaluation.report.drawn.drawing import stack as stacked

    axes, plot = Figure().subplots(), stacked([Bar("a", (3, 4), 7)], legend=["_b", "c"], rest="–", said=str, unit="")
    import pandas as pd

    stack(axes, ["a"], [("_b", pd.Series([3]), "white", ""), ("c", pd.Series([4]), "black", "")])
    assert [said.get_text() for said in axes.get_legend().get_texts()] == ["_b", "c"]
    assert [entry.label for entry in plot.legend] == ["_b", "c"]


@pytest.mark.parametrize(
    ("file", "before", "after", "words"),
    [
        ("project.yml", "languages: [en, pl]", "languages: [en, de]", ("'de'", "may name en and pl")),
        ("project.yml", "languages: [en, pl]", "languages: []", ("names no language",)),
        ("project.yml", "languages: [en, pl]", "languages: [en, en]", ("or one twice",)),
        ("project.yml", "{en: follow-up, pl: obserwacja późniejsza}", "{en: later}", ("wave 'follow_up'", "'pl'")),
        ("project.yml", "pl: w Warszawie lub okolicy", "pl: ' '", ("'place' is missing in 'pl'",)),
        ("project.yml", "{en: follow-up,", "{en: follow-up 漢,", ("wave 'follow_up' ('en')", "no figure can show: 漢")),
    ],
)  # fmt: skip
def test_what_no_document_could_carry_is_refused_before_anything_is_released(
    copied: Folder, file: str, before: str, after: str, words: tuple[str, ...]
) -> None:
    path = copied.path / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    for command in ("check", "release", "report"):
        refused = CliRunner().invoke(main, copied.arguments(command, *(["--yes"] if command != "check" else [])))
        assert refused.exit_code == 6, refused.output
        for word in words:
            assert word in refused.output
    assert files(copied.path / "releases") == files(copied.path / "reports") == {}


def test_every_label_of_the_project_is_looked_at(copied: Folder) -> None:
    typed(copied, "漢")
    refused = CliRunner().invoke(main, copied.arguments("check"))
    with copied.open() as project:
        file, plan = project.declaration.file, project.declaration.plan
        labels = [*file.waves, *file.courses, *file.breakdowns, *plan.outcomes, *project.declaration.indicators]
    assert f"and {2 * len(labels) - 5} more" in refused.output


# --- drawn before entered -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def executed() -> dict[str, Any]:
    """The English notebooks of the example's release, by name, once they were run."""
    return {}


@pytest.mark.parametrize("command", ["release", "report"])
def test_what_cannot_be_drawn_in_one_language_does_not_enter_the_ledger(
    small: Folder, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, executed: dict[str, Any], command: str
) -> None:
    run = runs.run

    def without_polish(notebook: Path, values: Mapping[str, Any], **more: Any) -> Any:
        if values["language"] == "pl":
            assert (more["folder"] / "release.json").exists()
            raise RunFailed("project.documents.another_release", notebook="summary", release="final")
        if notebook.name not in executed:
            executed[notebook.name] = run(notebook, values, **more)
        return copy.deepcopy(executed[notebook.name])

    monkeypatch.setattr(runs, "run", without_polish)
    arguments = ["--yes", "-p", "language=en"] if command == "report" else ["--yes"]
    refused = CliRunner().invoke(main, small.arguments(command, *arguments))
    assert (refused.exit_code, "summary showed another release" in refused.output) == (11, True), refused.output
    assert files(small.path / "releases") == files(small.path / "reports") == {}
    assert list((small.path / "reports").iterdir()) == list(elsewhere.iterdir()) == []
    with small.open() as project:
        assert project.store.content().releases == ()


def test_documents_of_a_release_that_did_not_enter_are_nowhere(
    small: Folder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(releasing, "drawn", lambda *_, **__: MADE)
    out = tmp_path / "out" / "final"
    with small.open() as project:
        late = releasing.propose(project, "late")
        assert [path.name for path in releasing.report(project, releasing.propose(project, "final"), out)] == [
            "report.html", "report.json", "report.html",
        ]  # fmt: skip
        with pytest.raises(LedgerError, match="propose it again"):
            releasing.report(project, late, tmp_path / "other" / "late")
    assert not (tmp_path / "other").exists()
    assert sorted(files(tmp_path / "out")) == [f"final/{place}" for place in MADE]


def test_only_the_language_that_was_asked_for_is_put_into_place(
    small: Folder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(releasing, "drawn", lambda _, languages, **__: MADE if set(languages) == {"en", "pl"} else {})
    with small.open() as project:
        releasing.report(project, releasing.propose(project, "final"), tmp_path / "out", parameters={"language": "pl"})
    assert sorted(files(tmp_path / "out")) == ["pl/report.html"]


def test_a_notebook_that_shows_another_release_gives_no_document(
    small: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "run", lambda *_, **__: None)
    other = Document("n", "en", "", False, {"release": "final", "digest": "0" * 64}, (), {}, {})
    monkeypatch.setattr(documents.executed, "document", lambda *_, **__: other)
    with small.open() as project, pytest.raises(RunFailed, match="another release than 'final'"):
        releasing.release(project, releasing.propose(project, "final"))


# --- a document of a funder's own ------------------------------------------------------------------


def letter(shelf: Path, *, sidecar: str = "", shown: str = "assurance.facts(released, language)") -> Path:
    """A shelf with one notebook ``letter`` and its sidecar."""
    shelf.mkdir()
    cells = [
        nbformat.v4.new_code_cell('bundle = "release.json"\nlanguage = "en"', metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(
            "from pathlib import Path\nfrom evaluation.release import bundle as bundles\n"
            "from evaluation.report.content import assurance\nreleased = bundles.read(Path(bundle))"
        ),
        nbformat.v4.new_markdown_cell("With *thanks* to all.", metadata={"tags": ["document"]}),
        nbformat.v4.new_code_cell(
            f"display({shown}, assurance.certificate(released, language), assurance.provenance(released, language))"
        ),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), shelf / "letter.ipynb")
    (shelf / "letter.yml").write_text(
        "purpose: {en: A letter}\n"
        "document: {stem: letter, title: {en: A letter, pl: List}" + sidecar + "}\n"
        "parameters:\n"
        "  bundle: {type: str, default: release.json, description: {en: the release}}\n"
        "  language: {type: str, default: en, description: {en: the language}}\n",
        encoding="utf-8",
    )
    return shelf


def test_a_funder_adds_a_document_with_one_notebook_and_its_sidecar(reported: Folder, tmp_path: Path) -> None:
    editions = {"": ((reported.path / "releases" / "final.json").read_text(encoding="utf-8"), "")}
    made = documents.drawn(editions, parameters={}, shelf=letter(tmp_path / "shelf"))
    assert sorted(made) == [f"{language}/letter.{end}" for language in ("en", "pl") for end in ENDINGS]
    title = json.loads(made["pl/letter.json"])["facts"]["content"]["title"]["pl"]
    assert f"<h1>{title}. List</h1>" in made["pl/letter.html"].decode()
    assert "<p>With <em>thanks</em> to all.</p>" in made["pl/letter.html"].decode()
    assert made["en/letter.txt"].decode().count("With thanks to all.") == 1


def test_a_document_whose_topics_the_release_has_not_is_not_made(reported: Folder, tmp_path: Path) -> None:
    editions = {"": ((reported.path / "releases" / "final.json").read_text(encoding="utf-8"), "")}
    assert documents.drawn(editions, parameters={}, shelf=letter(tmp_path / "a", sidecar=", topics: [weather]")) == {}
    assert documents.drawn(editions, ["en"], parameters={}, shelf=letter(tmp_path / "b", sidecar=", topics: [x, flow]"))


def test_what_a_funders_notebook_shows_besides_is_refused_with_its_cell(reported: Folder, tmp_path: Path) -> None:
    editions = {"": ((reported.path / "releases" / "final.json").read_text(encoding="utf-8"), "")}
    with pytest.raises(RunFailed, match="cell 4 showed something that is no part of a release"):
        documents.drawn(editions, ["en"], parameters={}, shelf=letter(tmp_path / "a", shown="released.release"))
    with pytest.raises(RunFailed, match="cell 4 printed or warned of something"):
        documents.drawn(editions, ["en"], parameters={}, shelf=letter(tmp_path / "b", shown="print(3)"))


@pytest.mark.parametrize("stem", ["../x", "a/b", ".", "a.html"])
def test_a_document_is_called_by_a_name_and_not_by_a_path(tmp_path: Path, stem: str) -> None:
    path = letter(tmp_path / "shelf") / "letter.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("stem: letter", f"stem: {stem}"), encoding="utf-8")
    with pytest.raises(BadDeclaration, match="no name for a file"):
        parameters.sidecar(path)


def test_two_notebooks_that_become_the_same_document_are_named(reported: Folder, tmp_path: Path) -> None:
    shelf = letter(tmp_path / "shelf")
    for end in ("ipynb", "yml"):
        shutil.copyfile(shelf / f"letter.{end}", shelf / f"other.{end}")
    editions = {"": ((reported.path / "releases" / "final.json").read_text(encoding="utf-8"), "")}
    with pytest.raises(BadDeclaration, match="other and letter both become 'letter'"):
        documents.drawn(editions, parameters={}, shelf=shelf)


# --- all of them or none ------------------------------------------------------------------------


def place(out: Path) -> None:
    with staged(MADE, out) as put:
        put()


def test_all_documents_are_put_into_place_and_replace_those_before(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "report.html").write_text("old", encoding="utf-8")
    (tmp_path / "en" / "letter.docx").write_text("the officer's own", encoding="utf-8")
    place(tmp_path)
    assert files(tmp_path) == {
        "en/letter.docx": b"the officer's own",
        **MADE,
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["en", "pl"]


@pytest.mark.parametrize("call", ["write_bytes", "replace", "mkdir"])
@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("old", [True, False])
def test_a_disk_that_is_full_at_any_file_leaves_the_folder_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, old: bool
) -> None:
    out = tmp_path / "reports" / "final"
    if old:
        (out / "en").mkdir(parents=True)
        for name in ("report.html", "report.json"):
            (out / "en" / name).write_text("old", encoding="utf-8")
    before, there = files(tmp_path), sorted(tmp_path.rglob("*"))
    real, calls = getattr(Path, call), []

    def full(self: Path, *arguments: Any, **more: Any) -> Any:
        calls.append(self)
        if len(calls) == number:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, *arguments, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Path, call, full)
        with pytest.raises(RunFailed, match=r"could not be written .*none was changed: the disk is full"):
            place(out)
    assert len(calls) >= number
    assert files(tmp_path) == before
    assert sorted(tmp_path.rglob("*")) == there


def test_a_folder_where_a_document_should_stand_changes_none(tmp_path: Path) -> None:
    (tmp_path / "pl" / "report.html").mkdir(parents=True)
    with pytest.raises(RunFailed, match="none was changed"):
        place(tmp_path)
    assert files(tmp_path) == {}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pl"]
