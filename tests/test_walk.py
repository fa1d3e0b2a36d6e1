"""One value walks through all rooms: a ticked answer, stored, scored, compared, released, printed."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pytest

from evaluation.collect.record.store import Store
from evaluation.project import demo, open_project
from evaluation.project.intake.incoming import take_in
from evaluation.project.releasing import make_documents, propose, release, report
from tests.conftest import Folder
from tests.readers import ENDINGS, WITH_INDICATORS, content

# P-017 at baseline: sec_04 ("I am afraid to go out after dark") is reverse-keyed, so her 4 counts as 2.
TICKED = {"sec_01": "2", "sec_02": "3", "sec_03": "2", "sec_04": "4", "sec_05": "3", "sec_06": "4"}
AT_THE_END = {"sec_01": "3", "sec_02": "4", "sec_03": "3", "sec_04": "3", "sec_05": "3", "sec_06": "3"}


def rewrite(path: Path, code: str, wave: str, values: dict[str, str]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    her = [row for row in rows if (row["participant"], row["wave"]) == (code, wave)]
    assert len(her) == 1
    her[0].update(values)
    demo.write(path, rows)


def printed(page: str, row: str, column: str) -> str:
    """What stands in the first table with such a column, in the row whose name begins with ``row``."""
    for table in re.findall(r"<table.*?</table>", page, re.S):
        cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", one, re.S) for one in re.findall(r"<tr.*?</tr>", table, re.S)]
        if column in cells[0]:
            return next(one[cells[0].index(column)] for one in cells if one[0].startswith(row))
    raise AssertionError(f"no table has a column {column}")


@pytest.fixture
def walked(reference: Folder, tmp_path: Path) -> Folder:
    """The example with P-017's two forms as above, taken in from its files into a record of its own."""
    folder = tmp_path / "project"
    incoming = reference.path / "incoming"
    key_file = folder / demo.KEY
    demo.new_project(folder, name="tester", key_file=key_file, template="reference")
    with open_project(folder, key_file=key_file, environ={}) as project:
        for path in sorted(incoming.glob("*.csv"), key=lambda p: (p.stem != "participants", p.stem != "courses",
                                                                  p.stem != "sessions", p.stem)):  # fmt: skip
            copy = folder / "incoming" / path.name
            copy.write_bytes(path.read_bytes())
            if path.stem == "security":
                rewrite(copy, "P-017", "baseline", TICKED)
                rewrite(copy, "P-017", "endline", AT_THE_END)
            assert take_in(project, copy, target=path.stem, name="tester").rejected == 0
    return Folder(folder, key_file)


def test_one_answer_walks_from_the_form_to_the_funder(walked: Folder, tmp_path: Path) -> None:
    with walked.open() as project:
        # Stored: encrypted, so her answer is nowhere on the disk in clear.
        raw = b"".join(path.read_bytes() for path in walked.path.glob("records.*"))
        assert b"P-017" not in raw
        assert b"sec_04" not in raw
        assert isinstance(project.store, Store)
        answers = project.frames["answers"]
        her = answers[(answers["participant"] == "P-017") & (answers["wave"] == "baseline")]
        assert her.loc[her["item"] == "sec_04", ["value", "state"]].to_numpy().tolist() == [["4", "answered"]]

        # Scored: 2 + 3 + 2 + (6 - 4) + 3 + (6 - 4) = 14 at the start, 3 + 4 + 3 + 3 + 3 + 3 = 19 at the end.
        scores = project.scores.set_index(["participant", "scale", "wave"])["score"]
        assert scores["P-017", "security.subjective", "baseline"] == 14
        assert scores["P-017", "security.subjective", "endline"] == 19

        # Compared: she is one of those who rose by the plan's step.
        change = project.changes["security"]
        assert "P-017" in change.improved_by_step

        # Through the gate: the indicator counts her and nobody can find her in it.
        proposal = propose(project, "final")
        assert proposal.safe
        line = next(one for one in proposal.leaving.indicators if one.code == "RES-1")
        assert line.achieved == len(change.improved_by_step)
        improved = len(change.improved_by_step)
        documents = report(project, proposal, tmp_path / "out")
        bundle = walked.path / "releases" / "final.json"

    # Printed: the documents hold the count, and no code, item or path of anybody.
    made = {f"{path.parent.name}/{path.name}": path for path in documents}
    names = [f"analysis.{end}" for end in ENDINGS] + [f"report.{end}" for end in WITH_INDICATORS]
    assert sorted(made) == [f"{language}/{name}" for language in ("en", "pl") for name in names]
    for path in (*made.values(), bundle):
        text = content(path)
        assert not re.search(r"\bP-\d{3}\b", text)
        assert "sec_04" not in text
        assert str(tmp_path) not in text
    document = json.loads(made["en/report.json"].read_text(encoding="utf-8"))
    indicator = next(one for one in document["indicators"]["content"] if one["code"] == "RES-1")
    assert indicator["achieved"] == improved
    for language, column in (("en", "Achieved"), ("pl", "Osiągnięto")):
        page = made[f"{language}/report.html"].read_text(encoding="utf-8")
        assert printed(page, "RES-1", column) == str(improved)


def test_the_same_release_again_makes_the_same_documents_byte_for_byte(reported: Folder, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "project", tmp_path / "project" / reported.key_file.name)
    shutil.copytree(reported.path, folder.path)
    first = folder.path / "reports" / "final"
    with folder.open() as project:
        again = propose(project, "final")
        assert again.again
        second = make_documents(release(project, again), tmp_path / "two", parameters={"language": "pl"})
    made = [f"report.{end}" for end in WITH_INDICATORS] + [f"analysis.{end}" for end in ENDINGS]
    assert sorted(path.name for path in second) == sorted(made)
    assert [(first / "pl" / path.name).read_bytes() for path in second] == [path.read_bytes() for path in second]
