"""Anyone audits what she was handed, a bundle or a report as data: what it is, what was checked, the verdict."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from evaluation import codec
from evaluation.cli import main

GOLDEN = Path(__file__).parents[2] / "golden" / "first"
FILES = {"bundle": GOLDEN / "releases" / "final.json", "report": GOLDEN / "reports" / "report.en.json"}


def audit(path: Path, *more: str, language: str = "en") -> Result:
    return CliRunner().invoke(main, ["--language", language, "audit", str(path), *more])


def directions(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The counts of who rose and fell, in either file."""
    tables = body["tables"] if "tables" in body else body["outcomes"]["content"]["directions"]
    (found,) = (table for table in tables if table["id"] == "security.direction")
    return list(found["counts"])


def changed(kind: str, tmp_path: Path, told: dict[str, object]) -> Path:
    """The file of this kind with these directions printed, sealed anew."""
    body = json.loads(FILES[kind].read_text(encoding="utf-8"))
    for count in directions(body):
        code = count["at"].get("security.direction", "")
        count["value"] = told.get(code, count["value"])
    if kind == "bundle":
        body["digest"] = codec.digest({key: value for key, value in body.items() if key not in ("digest", "format")})
    path = tmp_path / f"{kind}.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["bundle", "report"])
@pytest.mark.parametrize("language", ["en", "pl"])
def test_what_was_released_is_found_safe_and_what_it_is_is_said(kind: str, language: str) -> None:
    done = audit(FILES[kind], language=language)
    assert done.exit_code == 0, done.output
    said = {"en": f"This is the {kind} of the release 'final'", "pl": "wydania „final”"}[language]
    assert said in done.output
    told = json.loads(audit(FILES[kind], "--json").output)
    assert (told["kind"], told["release"], told["threshold"], told["unsafe"]) == (kind, "final", 10, [])
    assert told["consistent"]


@pytest.mark.parametrize("kind", ["bundle", "report"])
@pytest.mark.parametrize(
    ("told", "code", "said"),
    [
        ({"higher": 12, "same": 5}, 4, "security.direction=lower] is 2 to 2"),  # 32 - 13 - 12 - 5
        ({"higher": 12, "same": 7}, 4, "security.direction=same] is 7 to 7"),  # printed itself
        ({"higher": 19}, 0, "No number from 1 to below 10"),  # nobody else: 0 is no small number
        ({"higher": 10}, 0, "No number from 1 to below 10"),  # two are 9 together: each may be 0
        ({"higher": 17, "same": 5}, 5, "contradicts itself"),
        ({"higher": {"low": 10, "high": 14}}, 0, "No number from 1 to below 10"),
    ],
)  # fmt: skip
def test_a_small_number_that_can_be_told_is_named(
    kind: str, told: dict[str, object], code: int, said: str, tmp_path: Path
) -> None:
    if kind == "bundle":
        told = {at: [*value.values()] if isinstance(value, dict) else value for at, value in told.items()}
    done = audit(changed(kind, tmp_path, told))
    assert said in done.output
    assert done.exit_code == code


def test_a_range_within_the_small_numbers_is_one_too(tmp_path: Path) -> None:
    done = audit(changed("report", tmp_path, {"higher": {"low": 12, "high": 14}, "same": 4}))
    assert done.exit_code == 4
    assert "security.direction=lower] is 1 to 3, below the threshold of 10" in done.output


def test_a_bundle_that_was_edited_by_hand_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "final.json"
    path.write_text(FILES["bundle"].read_text(encoding="utf-8").replace('"reached": 32', '"reached": 31'), "utf-8")
    done = audit(path)
    assert done.exit_code not in (0, 4, 5)
    assert "was changed after it was released" in done.output


@pytest.mark.parametrize("spoil", [lambda b: b.pop("certificate"), lambda b: b["people"].update(content=[{"id": "x"}])])
def test_a_report_that_lacks_what_an_audit_needs_is_refused_by_name(
    spoil: Callable[[dict[str, Any]], object], tmp_path: Path
) -> None:
    body = json.loads(FILES["report"].read_text(encoding="utf-8"))
    spoil(body)
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    done = audit(path)
    assert done.exit_code not in (0, 4, 5)
    assert "odd.json" in done.output
