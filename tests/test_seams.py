"""One person from her row to the numbers: what is recorded later changes every number that rests on it."""

from __future__ import annotations

import dataclasses

import pytest

from evaluation.project import Project
from evaluation.project.draft.assembly import draft
from evaluation.project.safekeeping import evidence
from tests.conftest import Folder
from tests.office import send

PEOPLE = "participant;enrolled_on;country;age_band;consent_service;consent_reporting;guardian_consent;identification\n"


def corrected(office: Folder, text: str, **how: object) -> None:
    filed = send(office, text, correct=True, **how)
    assert (filed.stored, filed.rejected) == (1, 0)


def reached(project: Project) -> set[str]:
    return set(project.frames["participants"]["participant"])


@pytest.fixture
def seven(office: Folder) -> Folder:
    """The office with five more people, of whom P-003 is under age."""
    rows = [
        f"P-00{n};2026-01-01;PL;{'0-17' if n == 3 else '18-24'};yes;yes;{'yes' if n == 3 else ''};provisional\n"
        for n in range(3, 8)
    ]
    assert send(office, PEOPLE + "".join(rows)).stored == 5
    return office


def test_a_minor_is_in_the_numbers_while_a_guardian_consents(seven: Folder) -> None:
    with seven.open() as project:
        assert "P-003" in reached(project)
    corrected(seven, "participant;guardian_consent\nP-003;no\n")
    with seven.open() as project:
        assert "P-003" not in reached(project)
        assert project.results.without_service == 1
        assert draft(project.results, "x").facts.reached == 6
        assert len(project.store.rows("participants")) == 7
        assert [one.participant for one in evidence.read(project) if not (one.service or one.reporting)] == ["P-003"]
    corrected(seven, "participant;guardian_consent\nP-003;yes\n", consent_given=frozenset({2}))
    with seven.open() as project:
        assert "P-003" in reached(project)


def test_a_corrected_birth_band_moves_a_person_between_groups_and_needs_a_guardian_when_she_is_under_age(
    seven: Folder,
) -> None:
    text = "participant;age_band\nP-004;0-17\n"
    assert [one.reason for one in send(seven, text, correct=True).intakes[-1].rejected] == ["guardian_missing"]
    corrected(seven, "participant;age_band;guardian_consent\nP-004;0-17;yes\n", consent_given=frozenset({2}))
    corrected(seven, "participant;age_band\nP-003;18-24\n")
    corrected(seven, "participant;guardian_consent\nP-003;(empty)\n")  # of age: nobody else's consent is needed
    with seven.open() as project:
        bands = project.frames["participants"].set_index("participant")["age_band"]
        assert (bands["P-003"], bands["P-004"]) == ("18-24", "0-17")


def test_a_first_answer_is_late_or_not_by_the_enrolment_as_it_was_corrected_and_a_leaver_is_due_no_more(
    seven: Folder,
) -> None:
    answers = "participant;wave;date;calm;safe;threat;times;remarks\nP-005;baseline;2026-01-14;1;2;0;;\n"
    assert send(seven, answers, "mood").stored == 1

    def late(project: Project) -> list[str]:
        plan = dataclasses.replace(project.declaration.plan, late_after_days=5)
        results = dataclasses.replace(project.results, declaration=dataclasses.replace(project.declaration, plan=plan))
        return list(results.late["participant"])

    with seven.open() as project:
        assert late(project) == ["P-005"]
        due = project.flow.set_index("wave")["due"]
    corrected(seven, "participant;enrolled_on\nP-005;2026-01-10\n")
    corrected(seven, "participant;left_on;leaving_reason\nP-006;2026-01-14;moved\n")
    with seven.open() as project:
        assert late(project) == []
        now = project.flow.set_index("wave")
        assert (now["left"].iloc[-1], now["due"].iloc[-1]) == (1, due.iloc[-1] - 1)
        assert now["enrolled"].iloc[-1] == 7
    with seven.open() as project:
        (wave,) = [wave for wave in project.declaration.file.waves if wave.id == project.declaration.plan.endline]
        assert wave.day > 13, "she left before that day"


def test_an_identification_that_is_confirmed_later_changes_no_count_of_people(seven: Folder) -> None:
    with seven.open() as project:
        before = draft(project.results, "x")
    corrected(seven, "participant;identification\nP-007;confirmed\n")
    with seven.open() as project:
        assert project.frames["participants"]["identification"].value_counts().to_dict() == {
            "provisional": 4,
            "confirmed": 1,
        }
        after = draft(project.results, "x")
    assert (after.tables, after.facts) == (before.tables, before.facts)
