"""What nobody verified about a published instrument is called so wherever a person reads of it."""

from __future__ import annotations

import csv
import dataclasses
import io
from pathlib import Path

import pytest

from evaluation import xlsform
from evaluation.codebook.written import as_csv, as_markdown
from evaluation.project.checks import instrument_lines
from evaluation.project.folder import make, read
from evaluation.resources import folder
from evaluation.schema import Declaration
from evaluation.texts import say
from evaluation.texts import translated as text_of

SHELF = folder("data_schema") / "questionnaires"


@pytest.fixture(scope="module")
def declaration(tmp_path_factory: pytest.TempPathFactory) -> Declaration:
    make(path := tmp_path_factory.mktemp("unverified") / "project", "reference")
    used = ("security", "ras", "gas_t", "cfpb_fwb10")
    return dataclasses.replace(read(path), instruments={name: xlsform.read(SHELF / f"{name}.md") for name in used})


def test_the_check_names_recalled_keys_recalled_values_and_own_translations_of_what_is_used(
    declaration: Declaration,
) -> None:
    said = [say(line, "en") for line in instrument_lines(declaration)]
    assert [(line.split("'")[1], line.split(": ")[1].split(" ")[0]) for line in said] == [
        ("ras", "1"),
        ("gas_t", "its"),
        ("gas_t", "the"),
        ("gas_t", "the"),
        ("cfpb_fwb10", "the"),
    ]
    assert "unverified" in said[0]
    assert "unverified" in said[1]
    assert all("niesprawdzon" in say(line, "pl") for line in list(instrument_lines(declaration))[:2])
    only_polish = dataclasses.replace(declaration.file, languages=("pl",))
    lines = [*instrument_lines(dataclasses.replace(declaration, file=only_polish))]
    assert [line.facts.get("language") for line in lines] == [None, None, "pl", "pl"]


def test_the_check_says_once_what_was_assumed_of_a_form_that_says_little_of_itself(
    declaration: Declaration, tmp_path: Path
) -> None:
    text = (SHELF / "security.md").read_text(encoding="utf-8").partition("| settings |")[0]
    titled = f"{text}| settings |\n| | version | form_title |\n| | 2 | Safety |\n"
    for name, content in (("bare", text), ("safety", titled)):
        (tmp_path / f"{name}.md").write_text(content, encoding="utf-8")
    used = {name: xlsform.read(tmp_path / f"{name}.md") for name in ("bare", "safety")}
    lines = [*instrument_lines(dataclasses.replace(declaration, instruments=used))]
    assert [(line.facts["form"], line.facts.get("language")) for line in lines] == [
        ("bare", None),
        ("safety", None),
        ("safety", "pl"),
    ]
    said = [say(line, "en") for line in lines]
    assert f"form_id = bare, version = {used['bare'].version}, form_title = bare." in said[0]
    assert said[1].endswith(": form_id = safety.")
    assert text_of(used["safety"].labels, "pl") == "Safety [en]"


def test_the_codebook_says_so_too_with_source_licence_and_translation(declaration: Declaration) -> None:
    page = as_markdown(declaration, "en")
    ras, gas, cfpb = (page[page.index(f"(`{name}`)") :] for name in ("ras", "gas_t", "cfpb_fwb10"))
    assert "reliability 0.78" in ras[: ras.index("\n## ")]
    assert "unverified" in ras[: ras.index("\n## ")]
    assert "The rule of scoring is unverified" in gas.split("\n## ")[0]
    about = cfpb.split("\n## ")[0]
    assert "Licence: CC0-1.0" in about
    assert "pl: our own, not official" in about
    assert "unverified" not in about
    rows = list(csv.DictReader(io.StringIO(as_csv(declaration))))
    status = {(row["form"], row["what"], row["name"]): row["status"] for row in rows if row["status"]}
    assert status["ras", "evidence", "assertiveness"] == "recalled"
    assert (status["gas_t", "form", "gas_t"], status["cfpb_fwb10", "form", "cfpb_fwb10"]) == ("recalled", "read")
