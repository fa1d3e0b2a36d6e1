"""The numbers that the two fictional projects release, and their documents show, stay what they are."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from evaluation.project.documents import make_documents
from tests.conftest import Folder, enter
from tests.numbers import numbers
from tests.readers import content

GOLDEN = Path(__file__).parent / "golden" / "numbers"


@pytest.mark.parametrize("name", ["reference", "shelter"])
def test_the_numbers_of_a_fictional_project_stay_what_they_are(
    filled: Callable[[str], Folder], tmp_path: Path, name: str
) -> None:
    made = filled(name)
    shutil.copytree(made.path, tmp_path / "project")
    with Folder(tmp_path / "project", tmp_path / "project" / made.key_file.name).open() as project:
        bundle = enter(project, "final")
    found = {"bundle": numbers(json.loads(bundle.read_text(encoding="utf-8")))}
    for path in make_documents(bundle, tmp_path / "out"):
        written = content(path)
        assert not re.search(r"<t[dh][^>]*>(?:<span[^>]*>)?[^<]*(?:hidden|ukryt)", written), path
        if path.suffix == ".json" and path.parent.name == "en":
            found[path.name] = numbers(json.loads(path.read_text(encoding="utf-8")))
    assert found == json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
