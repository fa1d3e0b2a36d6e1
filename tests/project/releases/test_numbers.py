"""The numbers that the two fictional projects release, and their documents show, stay what they are."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from evaluation.project.papers.documents import make_documents
from tests.conftest import Folder, enter
from tests.project.releases.numbers import numbers
from tests.readers import content

GOLDEN = Path(__file__).parents[2] / "golden" / "numbers"


@pytest.fixture
def shelter(filled: Callable[[str], Folder], tmp_path: Path) -> Folder:
    """The shelter with its release 'final' and its documents, as ``reported`` is the reference project."""
    made = filled("shelter")
    folder = Folder(tmp_path / "project", tmp_path / "project" / made.key_file.name)
    shutil.copytree(made.path, folder.path)
    with folder.open() as project:
        make_documents(enter(project, "final"), folder.path / "reports" / "final")
    return folder


@pytest.mark.parametrize(("name", "made"), [("reference", "reported"), ("shelter", "shelter")])
def test_the_numbers_of_a_fictional_project_stay_what_they_are(
    request: pytest.FixtureRequest, name: str, made: str
) -> None:
    folder: Folder = request.getfixturevalue(made)
    bundle = folder.path / "releases" / "final.json"
    found = {"bundle": numbers(json.loads(bundle.read_text(encoding="utf-8")))}
    for path in sorted((folder.path / "reports" / "final").rglob("*.*")):
        written = content(path)
        assert not re.search(r"<t[dh][^>]*>(?:<span[^>]*>)?[^<]*(?:hidden|ukryt)", written), path
        if path.suffix == ".json" and path.parent.name == "en":
            found[path.name] = numbers(json.loads(path.read_text(encoding="utf-8")))
    assert found == json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
