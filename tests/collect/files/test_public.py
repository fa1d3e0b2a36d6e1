"""Files made after public bug reports and common habits of offices: verdict, place and values through the whole intake.

Where the kit may rightly do either of two things, the index says so (``also_right``). What free text says of persons is
held to sentences of its own elsewhere.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from evaluation.collect import verdict
from evaluation.errors import FileRefused
from evaluation.project import open_project
from evaluation.project.creation import new_project
from evaluation.project.intake.incoming import take_in

PUBLIC = Path(__file__).parents[1] / "data" / "public_intake"
CASES = [
    case
    for case in json.loads((PUBLIC / "index.json").read_text(encoding="utf-8"))
    if not case["fault"].endswith("in free text")
]
TODAY = dt.date(2026, 1, 15)
PEOPLE = "".join(f"P-{number:03d},2025-01-02,PL,true,true\n" for number in range(1, 41))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder as the cases suppose it, with its participants."""
    folder = tmp_path_factory.mktemp("office") / "project"
    new_project(folder, name="tester", key_file=folder.with_name("key"))
    declared = yaml.safe_load((folder / "project.yml").read_text(encoding="utf-8"))
    declared |= yaml.safe_load((PUBLIC / "project.fragment.yml").read_text(encoding="utf-8"))
    (folder / "project.yml").write_text(yaml.safe_dump(declared, allow_unicode=True), encoding="utf-8")
    shutil.copy(PUBLIC / "ankieta.md", folder / "questionnaires")
    people = folder.with_name("people.csv")
    people.write_text(f"participant,enrolled_on,country,consent_service,consent_reporting\n{PEOPLE}", encoding="utf-8")
    with open_project(folder, key_file=folder.with_name("key"), environ={}) as project:
        assert take_in(project, people, target="participants", today=TODAY).stored == 40
    return folder


def sent(office: Path, folder: Path, file: Path, target: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What became of a file: the verdict as other programs read it, and what was accepted of each participant."""
    shutil.copytree(office, folder)
    option, name = target.split()
    how = {"target": name} if option == "--as" else {"mapping": name}
    with open_project(folder, key_file=office.with_name("key"), environ={}) as project:
        try:
            submitted = take_in(project, file, today=TODAY, **how)
        except FileRefused as error:
            return verdict.of_refused(error, file=file.name, target=name, language="en"), {}
    accepted = {str(values.get("participant")): values for values in submitted.intakes[-1].accepted}
    return verdict.of_submitted(submitted, file=file.name, language="en"), accepted


def places(became: Mapping[str, Any]) -> set[tuple[object, object]]:
    noted = {(row, note["column"]) for note in became["notes"] for row in note["rows"]}
    refused = became["refused"] or {}
    return noted | {(each["row"], each["column"]) for each in (*became["rejected"], refused) if each}


def test_the_index_is_whole() -> None:
    assert len(CASES) == 42


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_a_file_as_offices_send_it_gets_the_right_verdict_place_and_values(
    office: Path, tmp_path: Path, case: Mapping[str, Any]
) -> None:
    became, accepted = sent(office, tmp_path / "project", PUBLIC / case["file"], case["target"])
    assert became["verdict"] in (case["verdict"], *case.get("also_right", ()))
    for place in case["where"]:
        rows = {row for row, column in places(became) if place["column"] in (None, "", column)}
        assert place["row"] in rows or (place["row"] == "all" and rows)
    for participant, values in case["values"].items() if accepted else ():
        for name, value in values.items():
            assert str(accepted[participant][name]).startswith(value)
