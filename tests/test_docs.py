"""What the README says is so: every command and exit code is there, and its examples run."""

from __future__ import annotations

import dataclasses
import doctest
import importlib
import itertools
import re
import shlex
from collections import Counter
from pathlib import Path
from typing import Any

import click
import matplotlib
import pytest
import yaml

from evaluation import errors
from evaluation.cli import main, reference
from evaluation.cli.commands import REFUSED, STOPPED, UNFORESEEN, UNREAD
from evaluation.codec import parse
from evaluation.measure.indicators import MEASURES
from evaluation.project.batch.manifest import Run
from evaluation.report.own.judgements import Signed
from evaluation.report.own.profile import Asked, Box, Profile, Section
from evaluation.report.parameters import Documents, Parameter, Sidecar, declared
from evaluation.schema import (
    Breakdown,
    Course,
    Estimand,
    Fact,
    Grant,
    Import,
    Indicator,
    Outcome,
    OwnTable,
    Partner,
    Plan,
    ProjectFile,
    Rules,
    Wave,
)
from evaluation.schema.declaration import AllowedClaim
from evaluation.texts import LANGUAGES
from tests.conftest import Folder
from tests.oracles.methods import METHODS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_is_in_the_readme_and_every_command_of_the_readme_exists() -> None:
    told = set(re.findall(r"evaluation (\w+)", README)) - {"project", "folder"}
    assert told == set(main.commands)


SHEETS = [f"{name}{end}" for name in ("first-day", "lost-laptop", "leaving-staff") for end in (".md", ".pl.md")]


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_commands_of_a_printed_sheet_are_understood_as_they_stand(sheet: str) -> None:
    told = re.findall(r"`evaluation ([^`]+)`", (ROOT / "docs" / sheet).read_text(encoding="utf-8"))
    assert len(told) >= 2
    for line in told:
        understood(line)


def understood(line: str) -> None:
    """Raises unless click understands what stands behind `evaluation`."""
    name, *arguments = shlex.split(line.removeprefix("--language pl "), comments=True)
    command = main.commands[name]
    if isinstance(command, click.Group):
        command, arguments = command.commands[arguments[0]], arguments[1:]
    command.make_context(name, arguments)


PAGES = [ROOT / "README.md", *(page for page in sorted((ROOT / "docs").glob("*.md")) if "commands" not in page.name)]


def test_the_commands_of_every_page_are_understood_as_they_stand() -> None:
    blocks = [block for page in PAGES for block in re.findall(r"^```\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)]
    told = [line for block in blocks for line in re.findall(r"^evaluation (.+)$", block, flags=re.M)]
    assert len(told) > 40
    for line in told:
        understood(line)


def test_a_printed_sheet_has_the_same_commands_in_both_languages() -> None:
    for sheet in SHEETS[::2]:
        pages = [(ROOT / "docs" / name).read_text(encoding="utf-8") for name in (sheet, sheet.replace(".md", ".pl.md"))]
        english, polish = (re.findall(r"`evaluation (\w+)", page) for page in pages)
        assert english == polish
        assert len({(page.count("\n1. "), page.count("☐"), page.count("\n|")) for page in pages}) == 1


def test_every_exit_code_is_in_the_readme() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", README, flags=re.M)}
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    known = {kind.exit_code for kind in kinds if issubclass(kind, errors.EvaluationError)}
    assert told - {0} == known | {REFUSED, UNFORESEEN, STOPPED, UNREAD}


def test_the_readme_names_the_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make (\w+)`", README):
        assert re.search(rf"^{target}:", makefile, flags=re.M)


def test_links_in_the_documents_lead_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
        for target, place in re.findall(r"\]\(([\w./-]*)#([^)\s]+)\)", page.read_text(encoding="utf-8")):
            there = page.parent / target if target else page
            headings = re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), flags=re.M)
            named = [re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings]
            assert place in named, f"{page.name}: {target}#{place}"


def test_the_declared_imports_of_the_intake_page_are_valid() -> None:
    page = (ROOT / "docs" / "intake.md").read_text(encoding="utf-8")
    declared = re.search(r"```yaml\nimports:\n(.*?)```", page, flags=re.S)
    assert declared
    for one in yaml.safe_load("imports:\n" + declared[1])["imports"].values():
        parse(Import, yaml.safe_dump(one), "docs")


def test_the_page_on_statistics_has_every_key_of_the_plan_with_its_default() -> None:
    page = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
    keys = {field.name for kind in (Plan, Outcome, Estimand) for field in dataclasses.fields(kind)}
    told = set(re.findall(r"`(\w+)(?:: [^`]*)?`", page))
    assert keys <= told, keys - told
    for name, default in re.findall(r"`(\w+): ([\d.]+)`", page):
        assert getattr(Plan(outcomes=()), name) == float(default), name


def toolbox() -> dict[str, set[str]]:
    """The functions of the toolbox by the reference cases that they reproduce, each as module.name."""
    page = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for functions, cases in re.findall(r"^\| [^|]+\? \| (`[^|]+) \| [^|]+ \| (\w+) \|$", page, flags=re.M):
        room = ""
        for function in re.findall(r"`([\w.]+)`", functions):
            *path, name = function.split(".")
            room = ".".join(path) or room
            found.setdefault(cases, set()).add(f"{room}.{name}")
    return found


def test_the_page_on_indicators_has_every_measure() -> None:
    text = (ROOT / "docs" / "indicators.md").read_text(encoding="utf-8")
    told = {
        name
        for line in text.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    }
    assert told == set(MEASURES)


def test_the_toolbox_has_every_method_that_has_reference_cases() -> None:
    assert set(toolbox()) == set(METHODS)
    for functions in toolbox().values():
        for function in functions:
            room, name = function.rsplit(".", 1)
            assert callable(getattr(importlib.import_module(f"evaluation.measure.{room}"), name)), function


def test_every_statistic_has_a_door() -> None:
    """It is called somewhere else in the kit, or stands in the toolbox."""
    page = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    told = set().union(*toolbox().values(), re.findall(r"`((?:statistics|models)\.\w+\.\w+)`", page))
    sources = {path: path.read_text(encoding="utf-8") for path in (ROOT / "evaluation").rglob("*.py")}
    rooms = [path for path in sources if {"statistics", "models"} & {*path.parts} and path.stem != "__init__"]
    assert len(rooms) > 20
    calls = {path: set(re.findall(r"\b(\w+)\(", text)) for path, text in sources.items()}
    callers = Counter(itertools.chain.from_iterable(calls.values()))
    for path in rooms:
        for name in re.findall(r"^def ([a-z]\w*)\(", sources[path], flags=re.M):
            called = callers[name] > (name in calls[path])
            assert called or f"{path.parent.name}.{path.stem}.{name}" in told, f"{path.stem}.{name}"


def test_the_examples_of_the_toolbox_run() -> None:
    failed, tried = doctest.testfile(str(ROOT / "docs" / "methods.md"), module_relative=False)
    assert (failed, tried > 20) == (0, True)


def test_words_of_the_glossary_stand_there_once() -> None:
    words = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), flags=re.M)
    single = [word for cell in words for word in re.split(r", | / ", cell)]
    assert len(single) == len(set(single))


def test_the_examples_of_an_analysis_of_one_s_own_run(reference: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVALUATION_KEY_FILE", str(reference.key_file))
    matplotlib.use("agg")
    page = ROOT / "docs" / "own-analysis.md"
    failed, tried = doctest.testfile(
        str(page), module_relative=False, globs={"folder": reference.path}, optionflags=doctest.IGNORE_EXCEPTION_DETAIL
    )
    assert (failed, tried > 15) == (0, True)


def test_every_place_where_a_change_goes_is_there() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = page[page.index("## Where a change goes") : page.index("### A questionnaire")]
    rows = [row.split("|")[1:-1] for row in table.splitlines() if row.startswith("|")][2:]
    assert len(rows) >= 15
    for what, where, further in rows:
        named = [place for place in re.findall(r"`([^`]+)`", where + further) if "/" in place and " " not in place]
        assert re.search(r"`[^`]+/[^`]*`", where), what
        missing = [place for place in named if not (ROOT / place).exists() and place != "questionnaires/"]
        assert missing == [], what


def test_what_the_worked_examples_name_is_there() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    page = page[page.index("### A questionnaire") : page.index("## Notebooks")]
    made_up = {"notebooks/funder/city_report.ipynb"}
    named = set(re.findall(r"`((?:evaluation|tests|notebooks|docs|data_schema)/[\w./]+)`", page)) - made_up
    assert {place for place in named if not (ROOT / place).exists() and "NAME" not in place} == set()


KEYS: dict[str, Any] = {
    "project.yml": ProjectFile, "A wave": Wave, "A course": Course, "A partner": Partner, "The grant": Grant,
    "A sentence of the context": Fact, "A breakdown": Breakdown, "A table of your own": OwnTable,
    "The rules of release": Rules,
    "Words that are allowed": AllowedClaim, "An import": Import, "plan.yml": Plan, "An outcome": Outcome,
    "The estimand": Estimand, "indicators.yml": Indicator, "The manifest of a batch": Run,
    "A funder's profile": Profile, "A section": Section, "A box": Box, "An indicator asked for": Asked,
    "The head of a text of your own": Signed, "The sidecar of a notebook": Sidecar, "A parameter": Parameter,
    "A document": Documents,
}  # fmt: skip
KEY_PAGE = (ROOT / "docs" / "project-files.md").read_text(encoding="utf-8")


def keys_of(heading: str) -> dict[str, str]:
    """The keys under a heading of the page, each with its default as it is written there."""
    section = re.split(r"^##+ ", KEY_PAGE.partition(f"# {heading}\n")[2], flags=re.M)[0]
    return dict(re.findall(r"^\| `(\w+)` \| (.*?) \| .+ \|$", section, flags=re.M))


@pytest.mark.parametrize("heading", KEYS)
def test_every_key_of_a_file_is_on_its_page_with_its_default(heading: str) -> None:
    told, known = keys_of(heading), {one.name: one for one in dataclasses.fields(KEYS[heading])}
    assert set(told) == set(known)
    for name, one in known.items():
        default = one.default if one.default_factory is dataclasses.MISSING else one.default_factory()
        if default is dataclasses.MISSING:
            assert told[name] == "needed", name
        elif default in ("", (), None, Estimand()) or default == {}:
            assert told[name] == "", name
        else:
            assert read_as(type(default), told[name].strip("`")) == default, name


def read_as(kind: type, written: str) -> object:
    """What a default on the page stands for."""
    if dataclasses.is_dataclass(kind):
        return parse(kind, written, "page")
    return written if kind is str else kind(yaml.safe_load(written))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_commands_says_what_the_commands_say(language: str) -> None:
    """Where it does not, `python -m evaluation.cli.reference` writes it anew, as `make docs` does."""
    assert reference.place(language).read_text(encoding="utf-8") == reference.page(language)


def test_the_page_of_commands_has_every_command_option_and_parameter() -> None:
    page = reference.page("en")
    sections = dict(re.findall(r"^##+ (.+)\n((?:(?!##).*\n)*)", page, flags=re.M))
    for name, command in main.commands.items():
        for inner in command.commands.values() if isinstance(command, click.Group) else [command]:
            path = " ".join(dict.fromkeys(["evaluation", name, str(inner.name)]))
            told = re.findall(r"--[\w-]+", sections[path])
            assert {each.opts[-1] for each in inner.params if each.opts[0][0] == "-"} - {"--language"} <= {*told}, path
    for notebook in (ROOT / "notebooks").glob("*/*.ipynb"):
        told = re.findall(r"^\| `(\w+)`", sections[f"{notebook.parent.name}/{notebook.stem}"], flags=re.M)
        assert set(told) == set(declared(notebook)), notebook.stem


def test_the_index_leads_to_every_page_and_every_page_is_reached() -> None:
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"index.md"}
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(([\w.-]+\.md)", index)) == pages
