"""Every command ends with a sentence and an exit code, never with a traceback, and leaves nothing half-written."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import click
import openpyxl
import pathspec
import pytest
import yaml
from click.testing import CliRunner, Result

from evaluation.cli import main
from evaluation.errors import BadDeclaration
from evaluation.project import folder as folder_of_project
from evaluation.project.releases import releasing
from evaluation.speech import _declared
from evaluation.texts import LANGUAGES
from tests.conftest import Folder

TEMPLATE = Path(__file__).parents[2] / "templates" / "projects" / "new"


def run(*arguments: str, answers: str | None = None, **environment: str) -> Result:
    return CliRunner(
        env={"EVALUATION_PASSPHRASE": "", "EVALUATION_KEY_FILE": "", "LC_ALL": "", "LANG": "", **environment}
    ).invoke(main, list(arguments), input=answers)


def fails(result: Result, code: int, *words: str) -> None:
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    for word in words:
        assert word in result.output


@pytest.fixture
def new(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "project", tmp_path / "my.key")
    assert run("new", str(folder.path), "--key-file", str(folder.key_file), "--name", "Anna").exit_code == 0
    return folder


def write(folder: Folder, name: str, text: str) -> Path:
    path = folder.path.parent / name
    path.write_text(text, encoding="utf-8")
    return path


PEOPLE = "participant,enrolled_on,target_group,country,consent_service,consent_reporting\n"


def people(number: int) -> str:
    return PEOPLE + "".join(f"P-{n:03d},2026-02-0{n},x,PL,true,true\n" for n in range(1, number + 1))


def test_a_new_folder_is_checked_without_a_complaint(new: Folder) -> None:
    result = run(*new.arguments("check"))
    assert result.exit_code == 0
    assert "The record is whole: 0 entries" in result.output


@pytest.mark.parametrize(
    ("arguments", "environment", "languages", "comment", "not_there"),
    [
        ((), {"LANG": "pl_PL.UTF-8"}, ["pl", "en"], "# Czym jest projekt.", "misspelt key"),
        (("--language", "pl"), {}, ["pl", "en"], "# Profil najbardziej", "misspelt key"),
        (("--language", "en"), {"LANG": "pl_PL.UTF-8"}, ["en", "pl"], "# What the project is.", "Czym jest"),
        ((), {"LANG": "de_DE.UTF-8"}, ["en", "pl"], "# What the project is.", "Czym jest"),
    ],
)
def test_a_new_folder_speaks_the_language_of_whoever_made_it(
    tmp_path: Path,
    arguments: tuple[str, ...],
    environment: dict[str, str],
    languages: list[str],
    comment: str,
    not_there: str,
) -> None:
    made = Folder(tmp_path / "project", tmp_path / "my.key")
    assert run(*made.arguments("new"), *arguments, **environment).exit_code == 0
    declared = (made.path / "project.yml").read_text(encoding="utf-8")
    assert comment in declared
    assert not_there not in declared
    assert list(folder_of_project.read(made.path).file.languages) == languages
    for name in ("project.yml", "plan.yml", "indicators.yml"):
        template, text = ((folder / name).read_text(encoding="utf-8") for folder in (TEMPLATE, made.path))
        assert not re.search("#(en|pl) ", text)
        given, kept = yaml.safe_load(template), yaml.safe_load(text)
        assert sorted(given.pop("languages", ())) == sorted(kept.pop("languages", ()))
        assert given == kept


def test_nothing_of_a_person_is_ever_committed(reported: Folder) -> None:
    ignored = pathspec.GitIgnoreSpec.from_lines((reported.path / ".gitignore").read_text("utf-8").splitlines())
    files = [str(path.relative_to(reported.path)) for path in reported.path.rglob("*") if path.is_file()]
    kept = sorted(name for name in files if not ignored.match_file(name))
    declared = [".gitignore", "indicators.yml", "plan.yml", "project.yml"]
    assert kept == sorted([*declared, *(name for name in files if re.fullmatch(r"releases/[^/]+\.json", name))])
    assert {name.split("/")[0] for name in files} >= {"records.db", "notebooks", "releases", "reports", "demo.key"}


def test_a_folder_that_is_not_empty_is_left_alone(new: Folder) -> None:
    before = sorted(path.name for path in new.path.iterdir())
    fails(run("new", str(new.path), "--key-file", str(new.key_file)), 2, "not empty")
    assert sorted(path.name for path in new.path.iterdir()) == before


def test_nobody_to_ask_for_a_passphrase_leaves_no_folder(tmp_path: Path) -> None:
    fails(run("new", str(tmp_path / "project")), 7, "--key-file")
    assert not (tmp_path / "project").exists()


@pytest.mark.parametrize(
    ("file", "before", "after", "words"),
    [
        ("project.yml", "promoter:", "promotor:", ("project.yml, line", "did you mean 'promoter'")),
        ("plan.yml", "baseline: baseline", "baseline: begining", ("'begining'", "not declared")),
        ("project.yml", "promoter:", "promoter_language: noo\npromoter:", ("'noo'", "did you mean 'no'")),
        ("indicators.yml", "measure: enrolled", "measure: enroled", ("OUT-1", "did you mean 'enrolled'")),
        ("plan.yml", "security.subjective", "security.subjectiv", ("did you mean 'subjective'",)),
        ("project.yml", "instruments: [security", "instruments: [securty", ("did you mean 'security'",)),
        ("project.yml", "promoter:", "cohorts: [spring]\npromoter:", ("project.yml, line", "'cohorts' asks for means")),
        (
            "plan.yml",
            "    scale: security",
            "    groups: [sex]\n    scale: security",
            ("plan.yml, line", "'groups' asks"),
        ),
    ],
)
def test_a_wrong_word_is_named_with_its_file_and_the_nearest_known_one_or_why_it_is_wrong(
    new: Folder, file: str, before: str, after: str, words: tuple[str, ...]
) -> None:
    path = new.path / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    fails(run(*new.arguments("check")), 6, *words)


def test_a_missing_file_of_the_project_is_named(new: Folder) -> None:
    (new.path / "plan.yml").unlink()
    fails(run(*new.arguments("check")), 6, "plan.yml is missing")


def test_a_folder_that_is_no_project_is_named(tmp_path: Path) -> None:
    fails(run("check", str(tmp_path)), 2, "There is no project.yml")


def test_a_wrong_passphrase_opens_nothing(new: Folder) -> None:
    fails(run("check", str(new.path), EVALUATION_PASSPHRASE="not this one"), 7)


def test_a_damaged_record_is_said_to_be_damaged(new: Folder) -> None:
    database = new.path / "records.db"
    database.write_bytes(database.read_bytes()[:1000] + os.urandom(3000))
    fails(run(*new.arguments("check")), 7, "damaged")


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_handful_of_people_gives_sentences_and_not_a_report(new: Folder, number: int) -> None:
    if number:
        file = write(new, "participants.csv", people(number))
        assert run(*new.arguments("intake", str(file), "--as", "participants")).exit_code == 0
    checked = run(*new.arguments("check"))
    assert checked.exit_code == 0
    assert f"Enrolled: {number} of 30" in checked.output
    if number == 0:
        fails(run(*new.arguments("report", "--yes")), 10, "Nobody is enrolled")
        assert not list((new.path / "releases").iterdir())


def test_rejected_rows_wait_in_a_file_and_the_others_are_stored(new: Folder) -> None:
    file = write(
        new, "participants.csv",
        people(2) + "P-003,2026-02-30,x,PL,true,true\nP-004,2026-02-04,x,Atlantis,true,true\n",
    )  # fmt: skip
    result = run(*new.arguments("intake", str(file), "--as", "participants"))
    fails(result, 8, "2 rows wait", "Row 4", "Row 5")
    assert "2026-02-30" not in result.output
    (rejected,) = (new.path / "incoming").iterdir()
    waiting = rejected.read_text(encoding="utf-8-sig")
    assert "P-003" in waiting
    assert "P-001" not in waiting
    checked = run(*new.arguments("check")).output
    assert "Enrolled: 2 of 30" in checked
    assert f"2 rejected rows wait in incoming/{rejected.name}, of 'participants'" in checked
    corrected = waiting.replace("2026-02-30", "2026-02-28").replace("Atlantis", "PL")
    again = write(new, "participants.rejected.csv", corrected)
    assert run(*new.arguments("intake", str(again), "--as", "participants")).exit_code == 0
    checked = run(*new.arguments("check")).output
    assert "Enrolled: 4 of 30" in checked
    assert "wait" not in checked


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("P-009,baseline,2026-02-02,3,3,3,3,3,3", "participant"),
        ("P-001,baseline,2026-02-02,7,3,3,3,3,3", "sec_01"),
        ("P-001,baseline,2026-02-31,3,3,3,3,3,3", "date"),
        ("P-001,beginning,2026-02-02,3,3,3,3,3,3", "wave"),
    ],
)
def test_the_plain_faults_of_a_questionnaire_are_named_by_row_and_column(new: Folder, change: str, reason: str) -> None:
    assert run(*new.arguments("intake", str(write(new, "p.csv", people(2))), "--as", "participants")).exit_code == 0
    others = ",".join(f"sec_{n}" for n in range(11, 19))
    header = f"participant,wave,date,{','.join(f'sec_0{n}' for n in range(1, 7))},{others}\n"
    good = "P-002,baseline,2026-02-03,3,3,3,3,3,3" + "," * 8 + "\n"
    file = write(new, "security.csv", header + good + change + "," * 8 + "\n")
    fails(run(*new.arguments("intake", str(file), "--as", "security")), 8, "Row 3", reason, "1 row stored")


def test_a_missing_column_refuses_the_file_and_stores_nothing(new: Folder) -> None:
    file = write(new, "p.csv", people(2).replace("consent_service,", "").replace("PL,true,", "PL,"))
    fails(run(*new.arguments("intake", str(file), "--as", "participants")), 9, "consent_service")
    assert "Enrolled: 0" in run(*new.arguments("check")).output


def test_help_answers_quickly_without_loading_the_rooms() -> None:
    said = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "evaluation.cli", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "pandas" not in said.stderr
    assert "evaluation.project" not in said.stderr
    assert "report" in said.stdout


def test_the_front_desk_loads_nothing_that_only_a_notebook_or_a_workbook_needs() -> None:
    loaded = "import sys, evaluation.project.checks; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.split()
    assert "evaluation.project.opened" in said
    assert not {"nbformat", "papermill", "jsonschema", "openpyxl", "matplotlib", "scipy.optimize"} & set(said)


def test_the_answer_no_at_the_output_check_releases_nothing(copied: Folder) -> None:
    result = CliRunner().invoke(main, copied.arguments("report"), input="no\n")
    fails(result, 12, "The auditor says: safe", "Nothing was released")
    assert not list((copied.path / "releases").glob("*.json*"))


@pytest.mark.parametrize(
    ("number", "english", "polish"),
    [
        (errno.ENOENT, "there is no such file", "nie ma takiego pliku"),
        (errno.EACCES, "has no right to this", "nie ma do tego prawa"),
        (errno.EPERM, "has no right to this", "nie ma do tego prawa"),
        (errno.ENOSPC, "the disk is full", "dysk jest pełny"),
        (errno.EROFS, "can only be read", "można tylko czytać"),
        (errno.EISDIR, "a folder where a file is needed", "to jest folder, a potrzebny jest plik"),
        (errno.ENOTDIR, "a file and not a folder", "jest plikiem, a nie folderem"),
        (errno.ENAMETOOLONG, "the name is too long", "nazwa jest za długa"),
        (errno.EIO, "does not read or write as it should", "nie czyta lub nie zapisuje"),
        (errno.EEXIST, "it is there already", "to już istnieje"),
        (errno.EBUSY, "another program is using it", "używa tego inny program"),
        (errno.ENOTEMPTY, "the folder is not empty", "folder nie jest pusty"),
        (errno.EMFILE, "too many files are open", "zbyt wiele plików jest otwartych"),
        (errno.ENOLINK, "in its own words", "in its own words"),
    ],
)
def test_what_the_system_refuses_is_told_in_the_language_spoken(
    new: Folder, monkeypatch: pytest.MonkeyPatch, number: int, english: str, polish: str
) -> None:
    def refuse(_: Path) -> None:
        raise OSError(number, "in its own words", "/somewhere/plan.yml")

    monkeypatch.setattr(folder_of_project, "read", refuse)
    for language, said in (("en", english), ("pl", polish)):
        result = run(*new.arguments("check"), "--language", language)
        fails(result, 1, "plan.yml: ", said)
        assert ("in its own words" in result.output) == (number == errno.ENOLINK)
        assert "somewhere" not in result.output


def test_a_folder_in_the_place_of_a_file_is_said_to_be_one(new: Folder) -> None:
    (new.path / "plan.yml").unlink()
    (new.path / "plan.yml").mkdir()
    fails(run(*new.arguments("check")), 1, "plan.yml: this is a folder where a file is needed; name the file.")


def test_an_unforeseen_error_tells_its_kind_and_not_its_text(new: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    from evaluation.project import folder

    def explode(_: Path) -> None:
        raise ValueError("P-017 said no")

    monkeypatch.setattr(folder, "read", explode)
    result = run(*new.arguments("check"))
    fails(result, 70, "ValueError")
    assert "P-017" not in result.output


def test_a_changed_row_is_rejected_unless_it_is_sent_as_a_correction(new: Folder) -> None:
    assert run(*new.arguments("intake", str(write(new, "p.csv", people(2))), "--as", "participants")).exit_code == 0
    changed = write(new, "p.csv", people(2).replace("P-002,2026-02-02,x,PL", "P-002,2026-02-02,x,UA"))
    fails(run(*new.arguments("intake", str(changed), "--as", "participants")), 8, "Row 3")
    again = run(*new.arguments("intake", str(changed), "--as", "participants", "--correct"))
    assert again.exit_code == 0, again.output
    with new.open() as project:
        countries = project.frames["participants"].set_index("participant")["country"]
        assert countries.to_dict() == {"P-001": "PL", "P-002": "UA"}
        assert project.store.verify() == 3  # two rows and one correction; nothing was rewritten


def test_a_consent_is_given_anew_by_a_named_person_in_a_correction_only(new: Folder) -> None:
    assert run(*new.arguments("intake", str(write(new, "p.csv", people(2))), "--as", "participants")).exit_code == 0
    intake = new.arguments("intake", str(new.path.parent / "c.csv"), "--as", "participants")
    write(new, "c.csv", "participant,consent_reporting\nP-002,no\n")
    assert run(*intake, "--correct").exit_code == 0
    write(new, "c.csv", "participant,consent_reporting\nP-002,yes\n")
    fails(run(*intake, "--consent-given", "2"), 2, "add --correct")
    fails(run(*intake, "--correct"), 8, "Row 2", "never turns a consent on")
    assert run(*intake, "--correct", "--consent-given", "2", "--name", "Ewa").exit_code == 0
    with new.open() as project:
        (row,) = (row for row in project.store.rows("participants") if row.place == ("P-002",))
        assert (row.actor, row.values["consent_reporting"], row.values["country"]) == ("Ewa", "true", "PL")


def test_a_release_made_before_gives_its_documents_again_whatever_changed_since(
    copied: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(releasing, "drawn", lambda *_, **__: {})
        first = run(*copied.arguments("release", "--yes"))
    assert first.exit_code == 0, first.output
    bundle = (copied.path / "releases" / "final.json").read_bytes()
    late = copied.path / "incoming" / "late.csv"
    late.write_text(
        "participant,enrolled_on,target_group,country,consent_service,consent_reporting\n"
        "P-900,2015-02-01,foreigners,UA,true,true\n",
        encoding="utf-8",
    )
    assert run(*copied.arguments("intake", str(late), "--as", "participants")).exit_code == 0
    again = run(*copied.arguments("release", "--yes"))
    assert again.exit_code == 0
    assert "its numbers stay as they are" in again.output
    assert (copied.path / "releases" / "final.json").read_bytes() == bundle
    fails(run(*copied.arguments("release", "--preview")), 2, "already released; add --release NAME")


def test_a_key_file_of_the_environment_is_made_and_said_to_be_kept(tmp_path: Path) -> None:
    key = tmp_path / "env.key"
    made = run("new", str(tmp_path / "p"), EVALUATION_KEY_FILE=str(key))
    assert made.exit_code == 0, made.output
    assert key.exists()
    assert run("check", str(tmp_path / "p"), EVALUATION_KEY_FILE=str(key)).exit_code == 0


# --- in the language of whoever types -------------------------------------------------------------


def every_command() -> list[list[str]]:
    plan = main.commands["plan"]
    assert isinstance(plan, click.Group)
    return [[], *([name] for name in main.commands), *(["plan", name] for name in plan.commands)]


@pytest.mark.parametrize("command", every_command(), ids=" ".join)
def test_every_help_text_is_there_in_every_language_and_no_two_are_alike(command: list[str]) -> None:
    told = {language: run("--language", language, *command, "--help").output for language in LANGUAGES}
    assert told["pl"].startswith("Użycie: evaluation")
    assert "Pokaż ten tekst i zakończ." in told["pl"]
    english = [line for line in told["en"].splitlines() if len(line.split()) > 3]
    assert not set(english) & set(told["pl"].splitlines())


@pytest.mark.parametrize(
    ("arguments", "english", "polish"),
    [
        (["chek"], "There is no command 'chek'", "Nie ma polecenia „chek”"),
        (
            ["check", "--keyfile", "x"],
            "There is no option --keyfile; did you mean --key-file?",
            "Nie ma opcji --keyfile;",
        ),
        (["intake"], "'FILE' is missing", "Brakuje 'FILE'"),
        (["check", "--language", "de"], "'--language' is one of en or pl.", "'--language' to en lub pl."),
        (["batch", "x", "--workers", "0"], "a whole number, 1 or more.", "to liczba całkowita, co najmniej 1."),
        (["plan", "power", "--pairs", "x"], "'--pairs' is a number.", "'--pairs' to liczba."),
        (["demo", "--project"], "--project was used wrongly", "Opcji --project użyto błędnie"),
        (["check", "/"], "There is no project.yml in /", "W / ani wyżej nie ma pliku project.yml"),
        (["demo", "x", "--project", "refrence"], "There is no example 'refrence'", "Nie ma przykładu „refrence”"),
    ],
)
def test_a_mistyped_command_is_answered_in_the_language_asked_for(
    arguments: list[str], english: str, polish: str
) -> None:
    fails(run("--language", "en", *arguments), 2, english)
    fails(run("--language", "pl", *arguments), 2, polish)
    if "--language" not in arguments:  # it may stand anywhere before what is wrong
        fails(run(arguments[0], "--language=pl", *arguments[1:]), 2, polish)


def test_the_language_is_the_one_asked_for_else_the_project_s_first_else_the_system_s(new: Folder) -> None:
    assert "The record is whole" in run(*new.arguments("check"), LANG="pl_PL.UTF-8").output
    project = new.path / "project.yml"
    project.write_text(project.read_text(encoding="utf-8").replace("[en, pl]", "[pl, en]"), encoding="utf-8")
    _declared.cache_clear()
    assert "Zapis jest cały: 0 wpisów" in run(*new.arguments("check")).output
    assert "The record is whole" in run(*new.arguments("check"), "--language", "en").output
    fails(run(*new.arguments("check"), "--al"), 2, "Nie ma opcji --al")
    assert "[domyślnie: markdown]" in run("codebook", "--help", "--language", "pl").output
    assert "Użycie" in run("--help", LANG="pl_PL.UTF-8").output
    assert "Usage" in run("--help", LANG="de_DE.UTF-8").output
    fails(run("--language", "de", LANG="pl_PL.UTF-8"), 2, "'--language' to en lub pl.")
    assert "Usage" in run("--help", LC_ALL="en_GB", LANG="pl_PL.UTF-8").output


def test_a_sentence_that_cannot_be_worded_ends_in_one_that_can(new: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    from evaluation.project import folder

    def refuse(_: Path) -> None:
        raise BadDeclaration("codec.missing_file", file={"P-017"})

    monkeypatch.setattr(folder, "read", refuse)
    result = run(*new.arguments("check"))
    fails(result, 70, "This should not have happened (TypeError")
    assert "P-017" not in result.output


def test_forms_go_out_as_workbook_xlsform_and_paper_and_the_workbook_needs_no_name(new: Folder, tmp_path: Path) -> None:
    folder, sheet = str(new.path), tmp_path / "people.xlsx"
    made = run("template", folder, "participants", "-o", str(sheet))
    assert made.exit_code == 0, made.output
    book = openpyxl.load_workbook(sheet)
    names = [cell.value for cell in book.worksheets[0][4]]
    header, values = (line.split(",") for line in people(1).splitlines())
    for name, value in zip(header, values, strict=True):
        book.worksheets[0].cell(5, names.index(name) + 1, value)
    book.save(sheet)
    taken = run(*new.arguments("intake", str(sheet)))
    assert taken.exit_code == 0, taken.output
    own = tmp_path / "own.xlsx"
    with_codes = run(*new.arguments("template", "attendance", "-o", str(own), "--codes"))
    assert "personal data" in with_codes.output
    assert own.stat().st_mode & 0o777 == 0o600
    assert any(cell.value == "P-001" for line in openpyxl.load_workbook(own)["_lists"] for cell in line)
    page, form = tmp_path / "page.html", tmp_path / "form.xlsx"
    assert run("form", folder, "security", "--page", str(page), "--in", "pl", "--large").exit_code == 0
    assert 'lang="pl"' in page.read_text(encoding="utf-8")
    assert run("form", folder, "security", "--xlsform", str(form)).exit_code == 0
    assert openpyxl.load_workbook(form).sheetnames == ["survey", "choices", "scales", "settings"]
    assert run("register", folder, "polish", "-o", str(page)).exit_code == 0
    assert "Attendance sheet" in page.read_text(encoding="utf-8")
    fails(run("template", folder, "participant", "-o", str(sheet)), 2, "participants")
    fails(run(*new.arguments("intake", str(write(new, "p.csv", people(2))))), 2, "--as")


@pytest.mark.skipif(sys.platform == "win32", reason="it needs a terminal of POSIX")
@pytest.mark.parametrize(("tidies", "sent"), [("click.echo('as far as it came')", signal.SIGHUP), ("pass", None)])
def test_a_command_whose_terminal_is_closed_ends_as_a_stopped_one(
    tmp_path: Path, tidies: str, sent: signal.Signals | None
) -> None:
    """Told so, while it waits and then says something; or, where nobody is told, at the next that it says."""
    import pty

    code = (
        "import click, signal, sys, time\nfrom evaluation.cli import main\n"
        "@main.command()\ndef waits():\n    try:\n        click.echo('begun')\n"
        f"        while True: time.sleep(0.1); {'pass' if sent else 'click.echo(1)'}\n"
        f"    finally:\n        {tidies}\n        open('tidied', 'w').close()\nmain(['waits'])"
    )
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=theirs, stdout=theirs, stderr=theirs, cwd=tmp_path, start_new_session=True
    ) as process:
        os.close(theirs)
        assert b"begun" in os.read(ours, 100)
        os.close(ours)
        if sent:
            process.send_signal(sent)
        assert process.wait(60) == 130
    assert (tmp_path / "tidied").exists()
