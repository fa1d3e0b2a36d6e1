"""One value walks through all rooms: a ticked answer, stored, scored, compared, released, printed."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluation.cli import main
from evaluation.collect.record.store import Store
from evaluation.release import bundle as bundles
from tests.conftest import Folder
from tests.readers import ENDINGS, WITH_INDICATORS, content


def printed(page: str, row: str, column: str) -> str:
    """What stands in the first table with such a column, in the row whose name begins with ``row``."""
    for table in re.findall(r"<table.*?</table>", page, re.S):
        cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", one, re.S) for one in re.findall(r"<tr.*?</tr>", table, re.S)]
        if column in cells[0]:
            return next(one[cells[0].index(column)] for one in cells if one[0].startswith(row))
    raise AssertionError(f"no table has a column {column}")


def test_one_answer_walks_from_the_form_to_the_funder(
    reported: Folder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # Filled in: sec_04 ("I am afraid to go out after dark") and sec_06 are reverse-keyed, so her 4 and 5 count 2 and 1.
    with (reported.path / "incoming" / "security.csv").open(encoding="utf-8", newline="") as file:
        forms = {row["wave"]: row for row in csv.DictReader(file) if row["participant"] == "P-015"}
    ticked = {wave: [forms[wave][f"sec_0{item}"] for item in range(1, 7)] for wave in ("baseline", "endline")}
    assert ticked == {"baseline": ["2", "2", "2", "4", "1", "5"], "endline": ["3", "3", "3", "3", "2", "2"]}
    with reported.open() as project:
        # Stored: encrypted, so her answer is nowhere on the disk in clear.
        raw = b"".join(path.read_bytes() for path in reported.path.glob("records.*"))
        assert b"P-015" not in raw
        assert b"sec_04" not in raw
        assert isinstance(project.store, Store)
        answers = project.frames["answers"]
        her = answers[(answers["participant"] == "P-015") & (answers["wave"] == "baseline")]
        assert her.loc[her["item"] == "sec_04", ["value", "state"]].to_numpy().tolist() == [["4", "answered"]]

        # Scored: 2 + 2 + 2 + (6 - 4) + 1 + (6 - 5) = 10 at the start, 3 + 3 + 3 + (6 - 3) + 2 + (6 - 2) = 18 later.
        scores = project.scores.set_index(["participant", "scale", "wave"])["score"]
        assert scores["P-015", "security.subjective", "baseline"] == 10
        assert scores["P-015", "security.subjective", "endline"] == 18

        # Compared: she is one of those who rose by the plan's step.
        change = project.changes["security"]
        assert "P-015" in change.improved_by_step
        improved = len(change.improved_by_step)

    # Through the gate: the indicator counts her and nobody can find her in it.
    bundle = reported.path / "releases" / "final.json"
    released = bundles.read(bundle)
    assert (released.certificate.exact, released.certificate.narrow) == (0, 0)
    assert next(one for one in released.indicators if one.code == "RES-1").achieved == improved

    # Printed: the documents hold the count, and no code, item or path of anybody.
    made = {f"{path.parent.name}/{path.name}": path for path in (reported.path / "reports" / "final").rglob("*.*")}
    names = [f"analysis.{end}" for end in ENDINGS] + [f"report.{end}" for end in WITH_INDICATORS]
    assert sorted(made) == [f"{language}/{name}" for language in ("en", "pl") for name in names]
    for path in (*made.values(), bundle):
        text = content(path)
        assert not re.search(r"\bP-\d{3}\b", text)
        assert "sec_04" not in text
        assert str(tmp_path_factory.getbasetemp().parent) not in text
    document = json.loads(made["en/report.json"].read_text(encoding="utf-8"))
    indicator = next(one for one in document["indicators"]["content"] if one["code"] == "RES-1")
    assert indicator["achieved"] == improved
    for language, column in (("en", "Achieved"), ("pl", "Osiągnięto")):
        page = made[f"{language}/report.html"].read_text(encoding="utf-8")
        assert printed(page, "RES-1", column) == str(improved)
        assert ('<span lang="en">Example Foundation (fictional)</span>' in page) == (language == "pl")
        assert '<span lang="no">Nordlys Senter (fictional)</span>' in page


def test_the_same_release_again_makes_the_same_documents_byte_for_byte(reported: Folder, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "project", tmp_path / "project" / reported.key_file.name)
    shutil.copytree(reported.path, folder.path)
    before = {path: path.read_bytes() for path in (folder.path / "reports").rglob("*.*")}
    assert len(before) == 2 * (len(WITH_INDICATORS) + len(ENDINGS))
    shutil.rmtree(folder.path / "reports" / "final" / "pl")
    again = CliRunner().invoke(main, folder.arguments("report", "--yes", "-p", "language=pl"))
    assert again.exit_code == 0, again.output
    assert {path: path.read_bytes() for path in (folder.path / "reports").rglob("*.*")} == before
