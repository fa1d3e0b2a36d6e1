"""Nothing the project hands out claims a cause, and what people type into its files is looked through."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from evaluation.errors import BadDeclaration
from evaluation.project import Project
from evaluation.project.checks import check_lines
from evaluation.project.folder import read
from evaluation.project.papers.claims import claim_lines, document_claims
from evaluation.report import cell_texts
from evaluation.report.claims import causal_claims
from evaluation.schema import Declaration
from evaluation.texts import LANGUAGES, _texts, say
from tests.conftest import Folder, worded

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
DECLARED = sorted([*(ROOT / "templates").rglob("*.yml"), *(ROOT / "notebooks").rglob("*.yml")])
# Pages on results. docs/gate.md is mathematics (there, a proof is a proof), CONTRIBUTING.md is on code.
NAMES = ("coverage", "glossary", "intake", "methods", "statistics")
PAGES = [ROOT / "README.md", *(ROOT / "docs" / f"{name}.md" for name in NAMES)]


def labelled(node: Any) -> Iterator[tuple[str, str]]:
    """Every text under a key that is a language."""
    for key, value in node.items() if isinstance(node, dict) else []:
        if key in ("en", "pl"):
            yield key, str(value)
        else:
            yield from labelled(value)
    for value in node if isinstance(node, list) else []:
        yield from labelled(value)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_cell_of_a_notebook_claims_a_cause(path: Path) -> None:
    for language in LANGUAGES:
        told = [text for (name, _), text in cell_texts.texts(language).items() if name == path.stem]
        assert told
        for text in told:
            assert causal_claims(text, language) == [], text


@pytest.mark.parametrize("path", DECLARED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_text_of_a_template_or_sidecar_claims_a_cause(path: Path) -> None:
    for language, text in labelled(yaml.safe_load(path.read_text(encoding="utf-8"))):
        assert causal_claims(text, language) == [], text


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_page_on_results_claims_a_cause(path: Path) -> None:
    prose = re.sub(r"```.*?```|`[^`]*`", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert causal_claims(prose, "en") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_or_refusal_from_which_text_is_made_claims_a_cause(language: str) -> None:
    rooms = ("report.", "measure.refusal.")
    for name, wording in _texts(language).items():
        told = " ".join(wording.values()) if isinstance(wording, dict) else wording
        if name.startswith(rooms) and not name.startswith(("report.claims.", "report.error.")):
            assert causal_claims(told, language) == [], name
    assert causal_claims(say("shared.attendance_not_assigned", language), language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_caveat_on_attendance_leaves_in_its_fixed_words(language: str) -> None:
    caveat = say("shared.attendance_not_assigned", language)
    assert say("report.limits.attendance", language, caveat=caveat).endswith(caveat)


GENDERED = r"\b(wszyscy|przyjęci|objęci|oczekujący|brakujący|każdy,? kto)\b"


def test_no_polish_text_of_the_code_calls_participants_by_a_gender() -> None:
    for path in (ROOT / "evaluation").rglob("*"):
        if path.suffix not in (".py", ".toml"):
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not re.search(GENDERED, line.lower()), f"{path.name}: {line.strip()}"


@pytest.fixture(scope="module")
def declared() -> Declaration:
    return read(ROOT / "templates" / "projects" / "reference")


def test_a_claim_in_a_document_is_named_with_its_file_and_part(tmp_path: Path, declared: Declaration) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "pl").mkdir()
    told = {"language": "en", "challenges": {"text": "It rose because of us."}, "figures": []}
    (tmp_path / "en" / "analysis.json").write_text(json.dumps(told), encoding="utf-8")
    figure = {"id": "f", "caption": "Wynik", "alt": "wskutek"}
    drawn = {"language": "pl", "limits": {"text": "Nic."}, "figures": [figure]}
    (tmp_path / "pl" / "report.json").write_text(json.dumps(drawn), encoding="utf-8")
    first, second = worded(document_claims(tmp_path, declared))
    assert first.startswith("en/analysis.json, challenges: 'because of' claims a cause")
    assert second.startswith("pl/report.json, f: 'wskutek' claims a cause")


@pytest.mark.parametrize("name", ["reference", "shelter"])
def test_the_check_of_an_example_finds_no_claim(name: str) -> None:
    folder = ROOT / "templates" / "projects" / name
    assert worded(claim_lines(folder, read(folder))) == []


def test_a_claim_that_is_typed_into_a_file_is_named_with_file_line_and_language(
    tmp_path: Path, declared: Declaration
) -> None:
    (tmp_path / "project.yml").write_text(
        "id: x\npurpose:\n  en: We saw change.\n  pl: Zmiana dzięki kursom.\n", encoding="utf-8"
    )
    (tmp_path / "indicators.yml").write_text(
        "indicators:\n  - code: A\n    note: {en: 'An impact, and again an impact, led to it.'}\n", encoding="utf-8"
    )
    first, second = worded(claim_lines(tmp_path, declared))
    assert first.startswith("project.yml, line 4, purpose (pl): 'dzięki' claims a cause")
    assert second.startswith("indicators.yml, line 3, note (en): 'impact' and 'led to' claim a cause")


def test_a_code_or_an_empty_file_is_no_claim(tmp_path: Path, declared: Declaration) -> None:
    (tmp_path / "project.yml").write_text("id: impact\nmeasure: effect\n", encoding="utf-8")
    (tmp_path / "plan.yml").write_text("", encoding="utf-8")
    assert worded(claim_lines(tmp_path, declared)) == []


def test_the_check_warns_of_a_claim_in_an_indicator(copied: Folder) -> None:
    path = copied.path / "indicators.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("left places free", "left places free thanks to us"), encoding="utf-8")
    with copied.open() as project:
        assert [line for line in worded(check_lines(project)) if "claims a cause" in line] == worded(
            claim_lines(copied.path, project.declaration)
        )
    (warned,) = worded(claim_lines(copied.path, read(copied.path)))
    assert "indicators.yml, line 13, note (en): 'thanks to'" in warned


def test_what_a_project_allows_with_a_reason_is_passed_over_and_told(copied: Folder) -> None:
    path = copied.path / "indicators.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("left places free", "Impact prize for all"), "utf-8")
    project_file = copied.path / "project.yml"
    before = project_file.read_text(encoding="utf-8")
    assert len(worded(claim_lines(copied.path, read(copied.path)))) == 1
    project_file.write_text(f"{before}\nallowed_claims:\n  - {{text: impact PRIZE, reason: a name}}\n", "utf-8")
    assert worded(claim_lines(copied.path, read(copied.path))) == []
    with copied.open() as project:
        told = worded(check_lines(project))
    assert "Allowed by project.yml as no claim of a cause: 'impact PRIZE' (a name)." in told
    project_file.write_text(f"{before}\nallowed_claims:\n  - {{text: impact PRIZE, reason: ' '}}\n", "utf-8")
    with pytest.raises(BadDeclaration, match="'allowed_claims' lists needs a text and a reason"):
        read(copied.path)


def test_the_check_of_the_example_has_no_claim(project: Project) -> None:
    assert not [line for line in worded(check_lines(project)) if "claims a cause" in line]
