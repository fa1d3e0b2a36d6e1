"""A person leaves, withdraws or is erased: told first, done once, and nothing of it reaches anybody else."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evaluation.cli import main
from evaluation.collect import acts
from evaluation.collect.acts import Act, Consequences, Done, Erase, Leave, Withdraw
from evaluation.collect.copies import copies
from evaluation.collect.record import entries
from evaluation.errors import BadArgument, StoreError
from evaluation.project import Project
from evaluation.project.checks import check_lines
from evaluation.texts import LANGUAGES, say
from tests.conftest import Folder, worded
from tests.office import send

TODAY = dt.date(2026, 1, 20)
HER, ANOTHER = "P-001", "P-002"


def foreseen(project: Project, act: Act) -> Consequences:
    declaration, folder = project.declaration, project.folder
    return acts.consequences(act, project.store, declaration=declaration, today=TODAY, folder=folder)


def done(project: Project, act: Act) -> Done:
    return acts.perform(act, project.store, declaration=project.declaration, actor="tester", today=TODAY)


def cells(project: Project, table: str, *place: str) -> dict[str, object]:
    (row,) = (row for row in project.store.rows(table) if row.place == place)
    return dict(row.values)


def run(office: Folder, command: str, *more: str, typed: str = "") -> Result:
    environment = {"EVALUATION_PASSPHRASE": "", "EVALUATION_KEY_FILE": "", "LC_ALL": "", "LANG": ""}
    arguments = [command, str(office.path), *more, "--key-file", str(office.key_file), "--language", "en"]
    return CliRunner(env=environment).invoke(main, arguments, input=typed)


# --- what is told -------------------------------------------------------------------------------


def test_an_erasure_counts_rows_answers_and_waves_and_says_that_it_is_final(office: Folder) -> None:
    with office.open() as project:
        told = foreseen(project, Erase(HER))
    assert (dict(told.rows), told.answers, told.waves) == (
        {"participants": 1, "mood": 2},
        8,  # five answers at baseline, of which one in words; three at endline
        ("baseline", "endline"),
    )
    said = " ".join(worded(told.messages))
    assert "3 rows are destroyed: Participants 1 and Mood 2." in said
    assert "8 answers to questionnaires are among them (" in said
    assert "cannot be undone" in said
    assert "backups" in said
    assert HER not in said
    assert HER not in repr(told)


def test_leaving_names_the_waves_that_are_no_longer_waited_for_and_what_is_dated_later(
    office: Folder,
) -> None:
    with office.open() as project:
        waves = project.declaration.file.waves
        (enrolled,) = {
            dt.date.fromisoformat(str(row.values["enrolled_on"])) for row in project.store.rows("participants")
        }
        # the day before the last wave: only that one is still to come; on its very day none is
        last = enrolled + dt.timedelta(waves[-1].day)
        early, late = (
            acts.consequences(Leave(ANOTHER, on, "moved"), project.store, declaration=project.declaration, today=last)
            for on in (last - dt.timedelta(1), last)
        )
        hers = foreseen(project, Leave(HER, dt.date(2026, 1, 3), "moved"))
    expected = say("collect.act.leave_waves", "en", waves=[waves[-1].labels])
    assert expected in worded(early.messages)
    assert not [message for message in late.messages if message.key == "collect.act.leave_waves"]
    assert "1 row has a later date" in " ".join(worded(hers.messages))


def test_the_releases_that_were_made_are_said_to_stay(office: Folder) -> None:
    with office.open() as project:
        project.store.append([entries.released(1, name="first", head="ab" * 32, actor="tester")])
        for act in (Leave(HER, TODAY, "moved"), Withdraw(HER, TODAY), Erase(HER)):
            told = foreseen(project, act)
            assert told.releases == ("first",)
            assert "Releases that were made stay as they are: first." in worded(told.messages)


@pytest.mark.parametrize("act", [Leave(HER, TODAY, "moved"), Withdraw(HER, TODAY, service=True), Erase(HER)])
def test_what_is_told_can_be_told_in_every_language(office: Folder, act: Act) -> None:
    with office.open() as project:
        messages = [*foreseen(project, act).messages, *done(project, act).messages]
    for language in LANGUAGES:
        assert all("{" not in say(message, language) for message in messages)


@pytest.mark.parametrize(
    ("act", "error", "words"),
    [
        (Leave("P-009", TODAY, "moved"), StoreError, "check the code"),
        (Withdraw("", TODAY), StoreError, "check the code"),
        (Erase("P-00"), StoreError, "check the code"),
        (Leave(HER, TODAY + dt.timedelta(1), "moved"), BadArgument, "still to come"),
        (Withdraw(HER, TODAY + dt.timedelta(1)), BadArgument, "still to come"),
        (Leave(HER, dt.date(2025, 12, 31), "moved"), BadArgument, "before the day of enrolment"),
        (Leave(HER, TODAY, "movd"), BadArgument, "did you mean 'moved'"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_asked(
    office: Folder,
    act: Act,
    error: type[Exception],
    words: str,
) -> None:
    with office.open() as project:
        head = project.store.head()
        for attempt in (foreseen, done):
            with pytest.raises(error, match=words):
                attempt(project, act)
        assert project.store.head() == head


# --- what is done -------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["moved", "Moved to another place", "przeprowadzka"])
def test_leaving_changes_day_and_reason_and_nothing_else(office: Folder, reason: str) -> None:
    with office.open() as project:
        before, other = cells(project, "participants", HER), cells(project, "participants", ANOTHER)
        act = Leave(HER, dt.date(2026, 1, 14), reason)
        assert done(project, act).receipt.stored == 1
        assert cells(project, "participants", HER) == before | {"left_on": "2026-01-14", "leaving_reason": "moved"}
        assert cells(project, "participants", ANOTHER) == other
        assert not foreseen(project, act).changes
        assert done(project, act).receipt.stored == 0


def test_a_withdrawal_takes_the_person_out_of_outcomes_and_keeps_the_rest(office: Folder) -> None:
    with office.open() as project:
        answers = project.frames["answers"]
        before = cells(project, "participants", HER)
        assert done(project, Withdraw(HER, TODAY)).receipt.stored == 1
        assert cells(project, "participants", HER) == before
        project.forget()
        people = project.frames["participants"].set_index("participant")
        assert (people.loc[HER, "consent_service"], people.loc[HER, "consent_reporting"]) == (True, False)
        assert people.loc[ANOTHER, "consent_reporting"]
        assert len(project.frames["answers"]) == len(answers)
        assert HER not in set(project.scores["participant"])
        assert not foreseen(project, Withdraw(HER, TODAY)).changes
        assert foreseen(project, Withdraw(HER, TODAY - dt.timedelta(1))).changes  # an earlier day still counts
        assert foreseen(project, Withdraw(HER, TODAY, service=True)).changes


def test_a_withdrawal_from_the_service_is_recorded_with_the_other_at_once(office: Folder) -> None:
    with office.open() as project:
        before = cells(project, "participants", HER)
        assert done(project, Withdraw(HER, TODAY, service=True)).receipt.stored == 2
        assert cells(project, "participants", HER) == before | {"consent_service": "false"}
        assert done(project, Withdraw(HER, TODAY, service=True)).receipt.stored == 0
        assert project.store.content().withdrawn == {HER: TODAY}


def test_whoever_withdrew_from_the_service_is_in_no_number_and_what_was_held_stays(office: Folder) -> None:
    sessions = "session;course;date;hours\nS1;polish;2026-01-05;2\n"
    assert not send(office, sessions, "sessions").rejected
    register = "session;participant;status\nS1;P-001;present\nS1;P-002;present\n"
    assert not send(office, register, "attendance").rejected
    support = "participant;kind;date\nP-001;legal_consultation;2026-01-06\nP-002;legal_consultation;2026-01-06\n"
    assert not send(office, support, "support").rejected
    with office.open() as project:
        told = worded(foreseen(project, Withdraw(HER, TODAY, service=True)).messages)
        assert any("in no number any more" in one for one in told)
        assert not any("still include this person" in one for one in told)
        assert any(
            "still include this person" in one for one in worded(foreseen(project, Withdraw(HER, TODAY)).messages)
        )
        before = project.frames
        done(project, Withdraw(HER, TODAY, service=True))
        project.forget()
        after = project.frames
        assert not any(HER in set(frame.get("participant", ())) for frame in after.values())
        kept = {
            name: len(before[name]) - int((before[name].get("participant") == HER).sum())
            for name in before
            if "participant" in before[name]
        }
        assert {name: len(after[name]) for name in kept} == kept
        assert (len(after["sessions"]), project.results.without_service) == (1, 1)
        assert project.dose.groupby("participant")["present"].sum().to_dict() == {ANOTHER: 1}
        assert set(project.flow["enrolled"]) == {1}
        assert "of a guardian, too): 1 person;" in " ".join(worded(check_lines(project)))
        assert len(project.store.rows("mood")) == 2, "what is recorded stays inside"


def test_an_erasure_leaves_no_row_and_a_record_that_verifies(office: Folder) -> None:
    with office.open() as project:
        held = project.store.verify()
        assert done(project, Erase(HER)).receipt.stored == 1
        left = {row.values["participant"] for row in project.store.content().rows}
        assert left == {ANOTHER}
        assert project.store.verify() == held + 1
        for attempt in (foreseen, done):
            with pytest.raises(StoreError, match="erased"):
                attempt(project, Erase(HER))


def test_an_old_list_with_an_erased_person_stores_the_others_and_says_so_of_that_row(office: Folder) -> None:
    with office.open() as project:
        done(project, Erase(HER))
    people = "participant;enrolled_on;country;consent_service;consent_reporting\n"
    row = ";2026-01-01;PL;yes;yes\n"
    filed = send(office, people + HER + row + HER.lower() + row + "P-003" + row)
    assert filed.stored == 1
    assert [(each.row, each.column, each.reason) for each in filed.intakes[-1].rejected] == [
        (2, "participant", "erased"),
        (3, "participant", "erased"),
    ]
    answers = f"participant;wave;date;calm;safe;threat;times;remarks\n{HER};baseline;2026-01-02;1;2;1;3;\n"
    assert [each.reason for each in send(office, answers, "mood").intakes[-1].rejected] == ["erased"]


def test_an_import_enrols_nobody_who_was_erased(office: Folder) -> None:
    with office.open() as project:
        done(project, Erase(HER))
    answers = f"id;time;day;calm;safe;threat;times;remarks\n{HER};1;2026-01-03;1;1;0;;\n"
    filed = send(office, answers, mapping="clinic")
    assert (filed.stored, [each.reason for each in filed.intakes[-1].rejected]) == (0, ["erased"])


# --- what lies elsewhere ------------------------------------------------------------------------


def test_files_of_the_folder_that_hold_the_code_are_found_whatever_their_kind(tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", "<si><t>P-017</t></si>")
    files = {
        "incoming/security-0123456789ab.rejected.csv": b"participant;sec_01\r\nP-017;9\r\n",
        "inside/3_outcomes.ipynb": b'{"text": "<td>p-017</td>"}',
        "list.csv": "participant;imię\nP-017;x\n".encode("utf-16"),
        "old.csv": "P-017;świeże\n".encode("cp1250"),
        "book.xlsx": archive.getvalue(),
        "others.csv": b"P-0170;XP-017;P-017-2;P-17;P-0 17",
        "empty.csv": b"",
        "records.db": b"P-017",
        "records.db-wal": b"P-017",
        "backup/records.db": b"P-017",
        "parcels/to-vienna.age": b"P-017",
        "broken.xlsx": archive.getvalue()[:-10] + b"PK\x05\x06" + bytes(18),
        ".git/x": b"P-017",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    found = copies(tmp_path, "P-017")
    assert found.holding == (
        "book.xlsx",
        "incoming/security-0123456789ab.rejected.csv",
        "inside/3_outcomes.ipynb",
        "list.csv",
        "old.csv",
    )
    assert set(found.closed) >= {"backup/records.db", "parcels/to-vienna.age"}


def test_an_erasure_names_the_files_of_the_folder_before_it_happens(office: Folder) -> None:
    (office.path / "inside").mkdir(exist_ok=True)
    (office.path / "inside" / "mine.ipynb").write_text(f"<td>{HER}</td>", encoding="utf-8")
    with office.open() as project:
        said = " ".join(worded(foreseen(project, Erase(HER)).messages))
        assert "inside/mine.ipynb" in said
        assert "inside/mine.ipynb" not in " ".join(worded(foreseen(project, Erase(ANOTHER)).messages))


# --- the commands -------------------------------------------------------------------------------


def test_a_command_tells_asks_acts_and_gives_a_receipt(office: Folder) -> None:
    result = run(office, "leave", ANOTHER, "--on", "14.01.2026", "--reason", "moved", typed="yes\n")
    assert result.exit_code == 0, result.output
    assert result.output.index("No answers are expected") < result.output.index("Do this?")
    with office.open() as project:
        assert f"Head of the record: {project.store.head()}" in result.output
        assert cells(project, "participants", ANOTHER)["left_on"] == "2026-01-14"
    again = run(office, "leave", ANOTHER, "--on", "2026-01-14", "--reason", "moved")
    assert (again.exit_code, again.output) == (0, "The record says so already; nothing changes.\n")


@pytest.mark.parametrize(
    ("command", "typed"),
    [
        (("leave", HER, "--on", "2026-01-14", "--reason", "moved"), "no\n"),
        (("withdraw", HER), "\n"),
        (("withdraw", HER, "--service"), "nie\n"),
        (("erase", HER), "yes\n"),
        (("erase", HER), f"{ANOTHER}\n"),
        (("erase", HER), "p-001\n"),
    ],
)
def test_without_a_yes_or_the_code_typed_again_nothing_changes(
    office: Folder,
    command: tuple[str, ...],
    typed: str,
) -> None:
    with office.open() as project:
        head = project.store.head()
    result = run(office, *command, typed=typed)
    assert result.exit_code == 12, result.output
    assert "Nothing was changed." in result.output
    with office.open() as project:
        assert project.store.head() == head


def test_an_erasure_by_command_needs_the_code_again_or_a_yes_for_scripts(office: Folder) -> None:
    typed = run(office, "erase", HER, typed=f"{HER}\n")
    assert typed.exit_code == 0, typed.output
    assert "keys of this person's entries are destroyed" in typed.output
    scripted = run(office, "erase", ANOTHER, "--yes")
    assert scripted.exit_code == 0, scripted.output
    assert scripted.output.count("An erasure cannot reach") == 2, "told before, and again as what is left to do"
    with office.open() as project:
        assert project.store.content().rows == ()


@pytest.mark.parametrize("day", ["05/06/2026", "yesterday", "31.02.2026", "1.2.26"])
def test_a_day_that_could_be_two_or_none_is_refused(office: Folder, day: str) -> None:
    result = run(office, "withdraw", HER, "--on", day, "--yes")
    assert (result.exit_code, "no day, or could be two" in result.output) == (2, True), result.output
