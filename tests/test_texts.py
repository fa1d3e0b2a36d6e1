"""Every sentence stands once in each language, with the same places, and each one is said somewhere."""

import ast
import datetime as dt
import functools
import json
import os
import re
import shutil
import string
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from evaluation import texts
from evaluation.errors import BadArgument, EvaluationError
from evaluation.texts import LANGUAGES, Message, lacking, say

ROOT = Path(__file__).parent.parent
HERE = ROOT / "evaluation"


def _wordings(language: str) -> dict[str, str | dict[str, str]]:
    return texts._texts(language)


def _places(wording: str | dict[str, str]) -> set[tuple[str, str]]:
    forms = [wording] if isinstance(wording, str) else list(wording.values())
    found = {
        (name, spec or "") for form in forms for _, name, spec, _ in string.Formatter().parse(form) if name is not None
    }
    return found - {("n", "")} if isinstance(wording, dict) else found


@functools.cache
def _parsed() -> Mapping[Path, ast.Module]:
    """Every module of the kit."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in HERE.rglob("*.py")}


@functools.cache
def _said() -> tuple[set[str], set[str]]:
    """The keys that stand whole in the source, and the beginnings of those that are put together."""
    sources = [*_parsed().values()]
    for notebook in (ROOT / "notebooks").rglob("*.ipynb"):
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        sources += [ast.parse("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]
    whole, beginnings = set(), set()
    for source in sources:
        for node in ast.walk(source):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                beginnings.add(node.values[0].value)
    for page in (ROOT / "templates" / "desk").glob("*.html"):
        for key in re.findall(r"""["'](desk\.[\w.]+)["']""", page.read_text(encoding="utf-8")):
            (beginnings if key.endswith((".", "_")) else whole).add(key)
    return whole, {begun for begun in beginnings if begun.count(".") >= 1 and begun.endswith((".", "_"))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_the_keys_and_places_of_english_and_no_others(language: str) -> None:
    english, other = _wordings("en"), _wordings(language)
    assert lacking(language) == ()
    assert set(other) == set(english) == texts._seen(language)
    differing = [key for key in english if _places(english[key]) != _places(other[key])]
    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_counted_sentence_has_a_wording_for_each_plural_category_of_its_language(language: str) -> None:
    wanted = {*texts.locale(language).plural_form.tags, "other"}
    wrong = [key for key, value in _wordings(language).items() if isinstance(value, dict) and set(value) != wanted]
    assert wrong == []


def test_polish_sentences_quote_in_one_way_and_no_fact_brings_its_own_marks() -> None:
    code = {
        "release.file.no_format",
        "release.format.version",
        "project.draft.in_no_group",
        "xlsform.not_alone",
    }
    for key, wording in _wordings("pl").items():
        for form in (wording,) if isinstance(wording, str) else wording.values():
            assert key in code or not set("'\"‘’“«»") & set(form), key
            assert re.fullmatch("([^„”]|„[^„”]+”)*", form), key
    for path, module in _parsed().items():
        for node in ast.walk(module):
            begun = node.values[0] if isinstance(node, ast.JoinedStr) else None
            assert not (isinstance(begun, ast.Constant) and begun.value == "'"), (path.name, begun)


COUNTED = {
    "en": r"(people|persons?|participants?|rows?|answers?|questions|numbers|pairs|days?|hours|months|entries|releases"
    r"|columns?|sheets|files|cells|points|sessions|organisations|projects|characters|values|waves|outcomes|names"
    r"|scores|tables|groups|documents|notebooks|pages|courses|changes|categories|variables|lines|records|runs)",
    "pl": r"(os[oó]b(y|a|om)?|wierszy|wiersze|odpowiedzi|pyta(ń|nia)|liczb(y)?|par(y|a)?|dni|godzin(y)?|wpis(ów|y)"
    r"|wyda(ń|nia)|kolumn(y)?|plik(ów|i)|punkt(ów|y)|zaję(ć|cia)|organizacji|projekt(ów|y)|znak(ów|i)|wartości|pomiar(ów|y)|arkusz(y|e)"
    r"|wynik(ów|i)|tabel(e)?|grup(y)?|dokument(ów|y)|stron(y)?|kurs(ów|y)|zmian(y)?|kategorii|kategorie|zmiennych)",
}
"""Words that have another form behind one than behind several; decimals have one form, and here are none."""
SEVERAL = {
    "xlsform.lookup_length": "a table of points has several",
    "measure.refusal.very_few_pairs": "the least number that is released is ten",
    "measure.statistics.flips": "up to some hundreds",
    "measure.models.few_for_waves": "a model of waves has several",
    "inside.road.gate_caption": "a threshold is five or ten",
    "inside.road.gate.here": "a threshold is five or ten",
    "release.overlap.adds_up": "may be none as well",
    "report.boxes.used": "a box of a form holds hundreds",
    "report.portfolio.of_all": "a portfolio is of two projects or more",
    "report.portfolio.telling": "a portfolio is of two projects or more",
    "report.portfolio.more_than_all": "a portfolio is of two projects or more",
    "project.demo.taken_in": "the fictional project has dozens",
    "project.demo.released": "the fictional project has dozens",
    "project.plan.too_many": "there are more than may be",
    "project.own_table.how_many": "always two",
}
"""Sentences whose number is never one, and why."""


def _bare_plurals(language: str) -> set[str]:
    """Keys of sentences in which a whole number stands before a counted word that has one form only."""
    decimal = r"points|number|estimate|interval|error|sd|change"
    before = re.compile(rf"\{{(?!(?:{decimal}|code|of|folder|file|n_)\b)(\w+)(?::or)?\}} {COUNTED[language]}(?!\w)")
    found = set()
    for key, wording in _wordings(language).items():
        forms = [wording] if isinstance(wording, str) else list(wording.values())
        named = {at[1] for form in forms for at in before.finditer(form)}
        found |= {key} if named - ({"n"} if isinstance(wording, dict) else set()) else set()
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_before_a_counted_word_takes_its_form_from_the_language(language: str) -> None:
    assert _bare_plurals(language) - SEVERAL.keys() == set()


def test_no_sentence_is_excused_that_needs_no_excuse() -> None:
    assert SEVERAL.keys() - set().union(*map(_bare_plurals, LANGUAGES)) == set()


def test_every_sentence_is_said_somewhere() -> None:
    whole, beginnings = _said()
    unused = [key for key in _wordings("en") if key not in whole and not any(key.startswith(b) for b in beginnings)]
    assert unused == []


def test_a_key_in_the_source_has_a_sentence() -> None:
    whole, beginnings = _said()
    tables = set(tomllib.loads((HERE / "texts" / "en.toml").read_text(encoding="utf-8")))
    keys = {
        word
        for word in whole
        if word.partition(".")[0] in tables
        and word.replace(".", "_").isidentifier()
        and "." in word[:-1]
        and word[-1] != "."
    }
    files = {
        key
        for key in keys
        if key.endswith(
            (".yml", ".json", ".html", ".db", ".csv", ".md", ".txt", ".css", ".js", ".svg", ".docx", ".typ")
        )
    }
    assert sorted(keys - set(_wordings("en")) - files - beginnings) == []


@pytest.fixture
def sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few sentences, in place of the kit's."""
    made = {
        "en": {
            "t.rows": {"one": "{n} row in {file}", "other": "{n} rows in {file}"},
            "t.facts": "{share:%} of {big}, {mean:1} on {day} ({day:iso}), {names} / {names:or}; {label}: {inner}",
        },
        "pl": {
            "t.rows": {"one": "{n} wiersz: {file}", "few": "{n} wiersze: {file}", "many": "{n} wierszy: {file}",
                       "other": "{n} wiersza: {file}"},
            "t.facts": "{share:%} z {big}, {mean:1} dnia {day} ({day:iso}), {names} / {names:or}; {label}: {inner}",
        },
    }  # fmt: skip
    monkeypatch.setattr(texts, "_texts", made.__getitem__)


@pytest.mark.usefixtures("sentences")
@pytest.mark.parametrize(
    ("language", "n", "said"),
    [
        ("en", 1, "1 row in a.csv"),
        ("en", 0, "0 rows in a.csv"),
        ("en", 1200, "1,200 rows in a.csv"),
        ("pl", 1, "1 wiersz: a.csv"),
        ("pl", 3, "3 wiersze: a.csv"),
        ("pl", 12, "12 wierszy: a.csv"),
        ("pl", 22, "22 wiersze: a.csv"),
    ],
)
def test_a_number_of_things_takes_the_plural_of_the_language(language: str, n: int, said: str) -> None:
    assert say("t.rows", language, n=n, file=Path("a.csv")) == said


@pytest.mark.usefixtures("sentences")
def test_facts_are_written_as_the_language_writes_them() -> None:
    message = Message(
        "t.facts",
        share=Fraction(22, 40),
        big=Decimal("1234.5"),
        mean=-0.25,
        day=dt.date(2026, 6, 30),
        names=("Anna {x}", "B", "C"),
        label={"en": "Safety", "pl": "Bezpieczeństwo"},
        inner=Message("t.rows", n=2, file="b"),
    )
    assert say(message, "en") == (
        "55% of 1,234.5, \u22120.3 on 30 June 2026 (2026-06-30), Anna {x}, B and C / Anna {x}, B or C;"
        " Safety: 2 rows in b"
    )
    assert say(message, "pl") == (
        "55% z 1\u00a0234,5, \u22120,3 dnia 30 czerwca 2026 (2026-06-30), Anna {x}, B i C / Anna {x}, B lub C;"
        " Bezpieczeństwo: 2 wiersze: b"
    )
    assert texts.in_all(Message("t.rows", n=1, file="a")) == {"en": "1 row in a", "pl": "1 wiersz: a"}


@pytest.mark.parametrize(
    ("label", "polish"),
    [
        ({"en": "Safety", "pl": "Bezpieczeństwo"}, "Bezpieczeństwo"),
        ({"en": "Safety", "uk": "Безпека"}, "Safety [en]"),
        ({"uk": "Безпека", "en": ""}, "Безпека [uk]"),
        ({"en": "Safety", "pl": ""}, "Safety [en]"),
        ({}, ""),
    ],
)
def test_a_label_that_is_not_there_in_a_language_says_in_which_it_is(label: dict[str, str], polish: str) -> None:
    assert texts.translated(label, "pl") == polish
    assert say("codec.nearest", "pl", word=label) == f"; czy chodzi o „{polish}”?"


@pytest.mark.usefixtures("sentences")
def test_an_error_carries_its_key_and_facts_and_shows_no_fact_in_its_repr() -> None:
    error = BadArgument("t.rows", n=3, file="secret.csv")
    assert error.message == Message("t.rows", n=3, file="secret.csv")
    assert str(error) == "3 rows in secret.csv"
    assert say(error.message, "pl") == "3 wiersze: secret.csv"
    assert repr(error) == "BadArgument('t.rows')"
    assert repr(error.message) == "Message(key='t.rows')"


@pytest.mark.usefixtures("sentences")
def test_a_notebook_shows_the_sentence_of_an_error_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "pl_PL.UTF-8")
    monkeypatch.setattr(EvaluationError, "opened_in", "")
    cell = "from evaluation.errors import BadArgument\nsecret = 'P-017'\nraise BadArgument('t.rows', n=3, file='a.csv')"
    InteractiveShell().run_cell(cell)
    shown = capsys.readouterr().out
    assert "3 wiersze: a.csv" in shown
    assert "P-017" not in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    ("value", "decimals", "english", "polish"),
    [
        (0.05, None, "0.05", "0,05"),
        (-0.04, 1, "0.0", "0,0"),
        (2.5, 0, "3", "3"),
        (12345, None, "12,345", "12\u00a0345"),
        (float("nan"), 1, "\u2013", "\u2013"),
    ],
)
def test_a_number_is_rounded_once_and_written_by_the_language(
    value: float, decimals: int | None, english: str, polish: str
) -> None:
    assert texts.number(value, "en", decimals) == english
    assert texts.number(value, "pl", decimals) == polish


# --- a third language is a file -------------------------------------------------------------------


def kit_with(folder: Path, german: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    """A copy of the kit that has a file de.toml, and what its commands say."""
    shutil.copytree(HERE, folder / "evaluation", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("data_schema", "templates", "notebooks"):
        (folder / "evaluation" / name).symlink_to(ROOT / name)
    (folder / "evaluation" / "texts" / "de.toml").write_text(german, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "evaluation.cli", *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)

    return run


def test_a_third_language_is_a_file_and_an_unfinished_one_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    english = (HERE / "texts" / "en.toml").read_text(encoding="utf-8")
    run = kit_with(tmp_path / "whole", english.replace('usage = "Usage: "', 'usage = "Aufruf: "'))
    assert run("--language", "de", "--help").stdout.startswith("Aufruf: ")
    assert run("--help").stdout.startswith("Usage: ")

    run = kit_with(tmp_path / "part", english.replace('usage = "Usage: "', "").replace("[cli.new]", "[cli.neu]"))
    assert "'--language' is one of en or pl." in run("--language", "de", "--help").stderr
    new = tmp_path / "project"
    assert run("new", str(new), "--key-file", str(tmp_path / "key")).returncode == 0
    declared = new / "project.yml"
    declared.write_text(declared.read_text(encoding="utf-8").replace("[en, pl]", "[en, de]"), encoding="utf-8")
    refused = run("check", str(new), "--key-file", str(tmp_path / "key"))
    assert (refused.returncode, refused.stdout) == (6, "")
    lacks = "The texts of the kit in 'de' lack 3 sentences, such as cli.new.key, cli.new.ready and cli.usage.usage."
    assert lacks in refused.stderr
