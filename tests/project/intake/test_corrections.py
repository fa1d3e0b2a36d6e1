"""A correction changes what its filled cells say and nothing else, in a real record and from real files."""

from __future__ import annotations

import pytest

from evaluation.collect.record import entries
from evaluation.collect.record.frames import frames
from evaluation.collect.submit import Submitted
from evaluation.errors import BadDeclaration, EvaluationError
from evaluation.project import Project, open_project
from evaluation.texts import say
from tests.conftest import Folder
from tests.office import FORM, TODAY, send


def correct(office: Folder, text: str, target: str = "participants", **how: object) -> Submitted:
    return send(office, text, target, correct=True, **how)


def stored(office: Folder, table: str, *place: str) -> dict[str, object]:
    with office.open() as project:
        (row,) = (row for row in project.store.rows(table) if row.place == place)
        return dict(row.values)


def reasons(filed: Submitted) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.reason) for one in filed.intakes[-1].rejected]


# --- what was sent and nothing else ------------------------------------------------------------


def test_a_withdrawal_of_two_columns_leaves_all_others_as_they_were(office: Folder) -> None:
    before = stored(office, "participants", "P-001")
    assert correct(office, "participant;consent_reporting\nP-001;NIE\n").stored == 1
    assert stored(office, "participants", "P-001") == before | {"consent_reporting": "false"}


def test_a_newer_form_without_a_scored_item_keeps_its_answer(office: Folder) -> None:
    before = stored(office, "mood", "P-001", "baseline")
    export = "participant,wave,date,calm,threat,times,_uuid,__version__\nP-001,baseline,2026-01-02,2,1,3,u1,v2\n"
    assert correct(office, export, "mood").stored == 1
    assert stored(office, "mood", "P-001", "baseline") == before | {"calm": "2", "form_version": "v2"}


def test_an_answer_to_a_question_that_the_form_no_longer_asks_is_kept(office: Folder) -> None:
    form = office.path / "questionnaires" / "mood.md"
    form.write_text("\n".join(line for line in FORM.splitlines() if "| remarks |" not in line), encoding="utf-8")
    assert correct(office, "participant;wave;calm\nP-001;baseline;2\n", "mood").stored == 1
    her = stored(office, "mood", "P-001", "baseline")
    assert (her["calm"], her["remarks"]) == ("2", "slept badly")


def test_an_empty_cell_changes_nothing_even_of_a_required_question(office: Folder) -> None:
    before = stored(office, "mood", "P-001", "baseline")
    text = "participant;wave;date;calm;safe;threat;times;remarks\nP-001;baseline;;;1;;;\u00a0\n"
    assert correct(office, text, "mood").stored == 1
    assert stored(office, "mood", "P-001", "baseline") == before | {"safe": "1"}


def test_a_row_that_changes_nothing_is_already_there(office: Folder) -> None:
    filed = correct(office, "participant;wave;calm;form_version\nP-001;baseline;1;v2\n", "mood")
    assert (filed.stored, filed.repeated, filed.rejected) == (0, 1, 0)


@pytest.mark.parametrize("word", ["(empty)", " (Empty)\u00a0", "(puste)"])
def test_the_word_empty_takes_a_value_away(office: Folder, word: str) -> None:
    before = stored(office, "mood", "P-001", "baseline")
    assert correct(office, f"participant;wave;safe;remarks\nP-001;baseline;{word};{word}\n", "mood").stored == 1
    assert stored(office, "mood", "P-001", "baseline") == before | {"safe": None, "remarks": None}


@pytest.mark.parametrize(
    ("target", "text", "column"),
    [
        ("mood", "participant;wave;calm\nP-001;baseline;(empty)\n", "calm"),
        ("mood", "participant;wave;date\nP-001;baseline;(empty)\n", "date"),
        ("mood", "participant;wave;times\nP-001;baseline;(empty)\n", "times"),
        ("participants", "participant;consent_reporting\nP-001;(empty)\n", "consent_reporting"),
    ],
)
def test_what_is_required_cannot_be_taken_away(office: Folder, target: str, text: str, column: str) -> None:
    assert reasons(correct(office, text, target)) == [(2, column, "required_cleared")]


def test_a_key_that_is_taken_away_names_no_row(office: Folder) -> None:
    filed = correct(office, "participant;wave;calm\nP-001;(empty);2\n", "mood")
    assert reasons(filed) == [(2, "wave", "required_missing")]


def test_a_correction_of_what_is_not_stored_is_rejected_and_stores_nothing(office: Folder) -> None:
    filed = correct(office, "participant;country\nP-003;PL\nP-002;PL\n")
    assert (filed.stored, reasons(filed)) == (1, [(2, "participant", "not_stored")])
    filed = correct(office, "participant;wave;calm\nP-002;baseline;1\n", "mood")
    assert (filed.stored, reasons(filed)) == (0, [(2, "participant", "not_stored")])


def test_a_file_without_a_key_column_is_refused(office: Folder) -> None:
    with pytest.raises(EvaluationError, match="'wave' is missing"):
        correct(office, "participant;calm\nP-001;1\n", "mood")


# --- the merged row is what is checked ---------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("times\nP-001;baseline;5", []),  # stored: she was threatened
        ("times\nP-001;endline;5", [(2, "times", "not_relevant")]),  # stored: she was not
        ("times\nP-001;baseline;0", [(2, "times", "out_of_range")]),
        ("calm\nP-001;baseline;3", [(2, "calm", "out_of_scale")]),
        ("threat\nP-001;baseline;0", [(2, "times", "not_relevant")]),
        ("threat;times\nP-001;baseline;0;(empty)", []),
        ("threat\nP-001;endline;1", [(2, "times", "skip_missing")]),
        ("threat;times\nP-001;endline;1;2", []),
        ("date\nP-001;baseline;2026-01-11", []),
        ("date\nP-001;baseline;2026-01-12", [(2, "date", "wave_order")]),  # the day of her endline
    ],
)
def test_skip_rules_scales_and_the_order_of_waves_are_those_of_the_merged_row(
    office: Folder, sent: str, expected: list[tuple[int, str, str]]
) -> None:
    filed = correct(office, f"participant;wave;{sent}\n", "mood")
    assert reasons(filed) == expected
    assert filed.stored == (not expected)


def test_what_was_stored_amiss_does_not_stop_the_correction_of_something_else(office: Folder) -> None:
    with office.open() as project:
        (row,) = (row for row in project.store.rows("mood") if row.place == ("P-001", "baseline"))
        amiss = {**row.values, "date": "2026-01-13", "calm": None, "times": None}
        project.store.append([entries.correction(row.id, values=amiss, actor="tester")])
    assert correct(office, "participant;wave;safe\nP-001;baseline;1\n", "mood").stored == 1


def test_a_correction_that_is_held_back_leaves_its_old_date_for_the_others_to_meet(office: Folder) -> None:
    # Baseline would move away to the 1st, but its answer is off the scale: the 2nd still stands.
    text = "participant;wave;date;calm\nP-001;baseline;2026-01-01;7\nP-001;endline;2026-01-02;\n"
    filed = correct(office, text, "mood")
    assert (filed.stored, reasons(filed)) == (0, [(2, "calm", "out_of_scale"), (3, "date", "wave_order")])


def test_the_type_of_a_stored_cell_survives_a_correction_of_another(office: Folder) -> None:
    with office.open() as project:
        (row,) = (row for row in project.store.rows("participants") if row.place == ("P-001",))
        project.store.append(
            [entries.correction(row.id, values={**row.values, "consent_service": True}, actor="tester")]
        )
    assert correct(office, "participant;country;consent_service\nP-001;UA;yes\n").stored == 1
    assert stored(office, "participants", "P-001")["consent_service"] is True


# --- consents ----------------------------------------------------------------------------------

OLD_LIST = "participant;enrolled_on;country;consent_service;consent_reporting\nP-001;2026-01-01;DE;yes;yes\n"


def test_an_old_list_never_turns_a_withdrawn_consent_on_again(office: Folder) -> None:
    correct(office, "participant;consent_reporting\nP-001;no\n")
    before = stored(office, "participants", "P-001")
    filed = correct(office, OLD_LIST)
    assert (filed.stored, reasons(filed)) == (0, [(2, "consent_reporting", "consent_on")])
    assert stored(office, "participants", "P-001") == before
    (rejection,) = filed.intakes[-1].rejected
    assert "--consent-given" in say(rejection.said, "en")
    assert "--consent-given" in say(rejection.said, "pl")


def test_a_person_can_vouch_for_a_consent_given_anew_in_one_row_and_no_other(office: Folder) -> None:
    correct(office, "participant;consent_reporting\nP-001;no\nP-002;no\n")
    filed = correct(office, "participant;consent_reporting\nP-001;yes\nP-002;yes\n", consent_given=frozenset({3}))
    assert (filed.stored, reasons(filed)) == (1, [(2, "consent_reporting", "consent_on")])
    assert stored(office, "participants", "P-002")["consent_reporting"] == "true"


def test_a_withdrawal_in_the_record_stands_whoever_vouches(office: Folder) -> None:
    with office.open() as project:
        project.store.append([entries.withdrawal("P-001", since=TODAY, actor="tester")])
    filed = correct(office, OLD_LIST, consent_given=frozenset({2}))
    assert (filed.stored, reasons(filed)) == (0, [(2, "consent_reporting", "consent_withdrawn")])
    assert correct(office, "participant;country\nP-001;DE\n").stored == 1
    with office.open() as project:
        people = project.frames["participants"].set_index("participant")
        assert (people.loc["P-001", "country"], people.loc["P-001", "consent_reporting"]) == ("DE", False)


# --- imports -----------------------------------------------------------------------------------

CLINIC = "id;time;day;calm;safe;threat;times;remarks\n"


def declare(office: Folder, consents: str) -> None:
    declared = office.path / "project.yml"
    text = declared.read_text(encoding="utf-8")
    assert "consents: []" in text
    declared.write_text(text.replace("consents: []", f"consents: {consents}"), encoding="utf-8")


def consents(project: Project, code: str) -> tuple[bool, bool]:
    recorded = frames(project.store, project.declaration.instruments, project.declaration.tables)
    her = recorded["participants"].set_index("participant").loc[code]
    return bool(her["consent_service"]), bool(her["consent_reporting"])


def test_an_import_says_on_what_its_consents_rest_and_who_vouches(office: Folder) -> None:
    declare(office, "[service]")
    filed = send(office, CLINIC + "P-009;1;2026-01-03;1;1;0;;\n", mapping="clinic")
    (note,) = filed.intakes[0].notes
    assert say(note.said, "en") == (
        "people were enrolled with the consents that project.yml declares for everyone in the source"
        " (consent_service); tester vouches for it."
    )
    again = send(office, CLINIC + "P-009;2;2026-01-12;1;1;0;;\n", mapping="clinic")
    assert [intake.form for intake in again.intakes] == ["mood"], "whoever is there is not enrolled again"


def test_an_import_that_enrols_without_saying_the_consents_is_refused_and_stores_nothing(office: Folder) -> None:
    declared = office.path / "project.yml"
    text = declared.read_text(encoding="utf-8")
    declared.write_text(text.replace("    consents: []\n", ""), encoding="utf-8")
    with pytest.raises(BadDeclaration, match="what they consented to"):
        send(office, CLINIC + "P-009;1;2026-01-03;1;1;0;;\n", mapping="clinic")
    declared.write_text(text, encoding="utf-8")
    with office.open() as project:
        assert project.store.find("participants", ("P-009",)) is None


@pytest.mark.parametrize(("said", "given"), [("[]", (False, False)), ("[service]", (True, False))])
def test_a_consent_that_the_source_does_not_have_stays_unknown(
    office: Folder, said: str, given: tuple[bool, bool]
) -> None:
    declare(office, said)
    assert not send(office, CLINIC + "P-009;1;2026-01-03;1;1;0;;\n", mapping="clinic").rejected
    with office.open() as project:
        assert consents(project, "P-009") == given
        assert ("P-009" in set(project.frames["participants"]["participant"])) is given[0]
    assert "consent_reporting" not in stored(office, "participants", "P-009")
    assert correct(office, "participant;country\nP-009;PL\n").stored == 1  # what is unknown is not asked again
    filed = correct(office, "participant;consent_reporting\nP-009;yes\n")
    assert reasons(filed) == [(2, "consent_reporting", "consent_on")]


def test_a_correction_by_an_import_needs_no_other_columns_and_invents_no_date(office: Folder) -> None:
    declare(office, "[service, reporting]")
    before = stored(office, "mood", "P-001", "endline")
    assert correct(office, "id;time;calm\nP-001;2;1\n", mapping="clinic").stored == 1
    assert stored(office, "mood", "P-001", "endline") == before | {"calm": "1"}
    assert correct(office, "id;time;day\nP-001;2;2026-01-13\n", mapping="clinic").stored == 1
    assert stored(office, "mood", "P-001", "endline") == before | {"calm": "1", "date": "2026-01-13"}


def test_a_correction_by_an_import_enrols_nobody(office: Folder) -> None:
    declare(office, "[service, reporting]")
    filed = correct(office, "id;time;calm\nP-009;2;1\n", mapping="clinic")
    assert (filed.stored, filed.rejected) == (0, 1)
    with open_project(office.path, key_file=office.key_file, environ={}) as project:
        assert project.store.find("participants", ("P-009",)) is None
