"""The commands that protect and audit a document of the open format, in the reader's language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evaluation.cli import main

LINE = {
    "format": "sdc-audit/1",
    "tables": [
        {
            "id": "T",
            "cells": [{"id": name, "value": value} for name, value in (("PL", 3), ("UA", 17), ("BG", 21), ("all", 41))],
        }
    ],
    "relations": [{"terms": [["PL", 1], ["UA", 1], ["BG", 1], ["all", -1]]}],
    "must_publish": ["all"],
    "sensitive": {"PL": [0, 5]},
}


def run(language: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--language", language, *arguments])


def write(path: Path, document: object) -> str:
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("language", "cost", "interval"),
    [
        ("en", "numbers hidden: 2, loss 2, the fewest possible.", "PL: 0 to 20"),
        ("pl", "ukryte liczby: 2, strata 2, najmniej, ile można.", "PL: od 0 do 20"),
    ],
)
def test_what_protecting_costs_and_what_a_reader_can_derive_is_said(
    tmp_path: Path, language: str, cost: str, interval: str
) -> None:
    given, out = write(tmp_path / "given.json", LINE), tmp_path / "out.json"
    done = run(language, "protect", given, "-o", str(out))
    assert (done.exit_code, done.output) == (0, f"out.json: {cost}\n")
    assert interval in run(language, "audit", str(out)).output.splitlines()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "'relations: 1' of the document names 'al', which is no cell; did you mean 'all'?"),
        ("pl", "„relations: 1” w dokumencie wymienia „al”, czego nie ma w żadnej komórce; może chodziło o „all”?"),
    ],
)
def test_what_cannot_be_read_is_refused_in_the_reader_s_language(tmp_path: Path, language: str, sentence: str) -> None:
    refused = run(language, "audit", write(tmp_path / "x.json", {**LINE, "relations": [{"terms": [["al", 1]]}]}))
    assert refused.exit_code == 6
    assert sentence in refused.output


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The document contradicts itself: What is stated about 'x', 'y' and 'z' cannot all be true together."),
        ("pl", "Dokument jest wewnętrznie sprzeczny: Stwierdzenia o „x”, „y” i „z” nie mogą być wszystkie prawdziwe"),
    ],
)
def test_a_contradiction_is_named_in_the_reader_s_language(tmp_path: Path, language: str, sentence: str) -> None:
    cells = [{"id": name, "value": value} for name, value in (("x", 1), ("y", 2), ("z", 4))]
    document = {
        "format": "sdc-audit/1",
        "tables": [{"id": "T", "cells": cells}],
        "relations": [{"terms": [["x", 1], ["y", 1], ["z", -1]]}],
    }
    path = write(tmp_path / "x.json", document)
    told = run(language, "audit", path)
    assert told.exit_code == 5
    assert sentence in told.output
    assert json.loads(run(language, "audit", path, "--json").output)["where"].startswith("What is stated about")
