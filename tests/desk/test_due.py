"""Of whom a questionnaire is due today, and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from evaluation.collect.access import keys
from evaluation.collect.acts import Withdraw, perform
from evaluation.collect.record import entries
from evaluation.collect.record.drafts import Drafts
from evaluation.collect.record.entries import Entry
from evaluation.collect.record.store import Store
from evaluation.desk.due import Due, due
from evaluation.desk.office import Opened
from evaluation.project import folder as folders
from evaluation.schema import Declaration

TODAY = dt.date(2015, 6, 1)
ASKED = ("security", "social_awareness", "self_perception", "rights", "social_competence")
"""Of everybody; the others are of courses."""


def person(code: str, days: int, **more: object) -> Entry:
    """Somebody who was enrolled so many days ago."""
    values = {"participant": code, "enrolled_on": str(TODAY - dt.timedelta(days))}
    consents = {"consent_service": True, "consent_reporting": True}
    return entries.row("participants", key=["participant"], values=values | consents | more, actor="Anna")


def filled(code: str, wave: str, *forms: str) -> list[Entry]:
    return [
        entries.row(form, key=["participant", "wave"], values={"participant": code, "wave": wave}, actor="Anna")
        for form in forms
    ]


@pytest.fixture(scope="module")
def declaration(tmp_path_factory: pytest.TempPathFactory) -> Declaration:
    folder = tmp_path_factory.mktemp("due") / "project"
    folders.make(folder, "reference")
    return folders.read(folder)


@pytest.fixture
def asked(tmp_path: Path, declaration: Declaration) -> Callable[..., list[Due]]:
    """What is due after so many entries."""
    store = Store.create(tmp_path, keys.passphrase("long enough words"), slot="Anna", cost=2**4)
    opened = Opened(store, Drafts(store), store.key)

    def ask(*made: Entry, withdrew: str = "") -> list[Due]:
        store.append(made)
        if withdrew:
            perform(Withdraw(withdrew, TODAY), store, declaration=declaration, actor="Anna", today=TODAY)
        return list(due(opened, declaration, today=TODAY))

    return ask


@pytest.mark.parametrize(
    ("days", "begun", "waves"),
    [
        (-1, (), []),  # enrolled for tomorrow
        (0, (), ["baseline"]),
        (14, (), ["baseline"]),
        (15, (), ["baseline overdue"]),
        (105, ("baseline",), []),
        (106, ("baseline",), ["mid"]),
        (106, (), ["mid", "baseline overdue"]),  # a late first one, beside the next
        (134, ("baseline",), ["mid"]),
        (135, ("baseline",), ["mid overdue"]),
        (225, ("baseline",), ["mid overdue"]),
        (226, ("baseline",), ["endline"]),  # the missed one is past
        (226, ("mid",), ["endline"]),  # with answers of a later wave there, no first ones are asked for
        (420, ("baseline", "endline"), ["follow_up"]),
        (435, ("baseline", "endline"), ["follow_up overdue"]),
        (435, ("follow_up",), []),
    ],
)
def test_a_wave_is_asked_from_its_window_until_the_next_one_and_the_first_until_a_later_one_is_there(
    asked: Callable[..., list[Due]], days: int, begun: tuple[str, ...], waves: list[str]
) -> None:
    there = [entry for wave in begun for entry in filled("P-001", wave, *ASKED)]
    found = asked(person("P-001", days), *there)
    assert [f"{each.wave.id}{' overdue' * each.overdue(TODAY)}" for each in found] == waves
    assert all(set(each.instruments) == set(ASKED) for each in found)


def test_the_window_is_told_by_its_days_and_what_is_filled_in_is_not_asked_again(
    asked: Callable[..., list[Due]],
) -> None:
    (found,) = asked(person("P-001", 120), *filled("P-001", "baseline", *ASKED), *filled("P-001", "mid", "rights"))
    assert (found.opens, found.closes) == (TODAY - dt.timedelta(14), TODAY + dt.timedelta(14))
    assert found.instruments == tuple(form for form in ASKED if form != "rights")
    (found,) = asked(*filled("P-001", "mid", "security"))
    assert "security" not in found.instruments


@pytest.mark.parametrize(
    "more",
    [
        {"left_on": str(TODAY)},
        {"consent_service": False},
        {"consent_reporting": False},
        {"consent_reporting": "false"},
    ],
)
def test_nobody_is_asked_who_has_left_or_whose_answers_nothing_may_be_reported_of(
    asked: Callable[..., list[Due]], more: dict[str, object]
) -> None:
    assert [each.participant for each in asked(person("P-001", 3, **more), person("P-002", 3))] == ["P-002"]


def test_what_can_still_be_in_time_comes_first_and_the_longest_overdue_last(asked: Callable[..., list[Due]]) -> None:
    days = {"P-001": 40, "P-002": 3, "P-003": 16, "P-004": 13}
    found = asked(*(person(code, ago) for code, ago in days.items()))
    assert [each.participant for each in found] == ["P-004", "P-002", "P-003", "P-001"]


def test_whoever_withdraws_is_asked_no_more(asked: Callable[..., list[Due]]) -> None:
    assert len(asked(person("P-001", 3), person("P-002", 3))) == 2
    assert [each.participant for each in asked(withdrew="P-001")] == ["P-002"]


def test_a_questionnaire_of_a_course_is_asked_of_those_who_came_at_the_waves_that_are_compared(
    asked: Callable[..., list[Due]], declaration: Declaration
) -> None:
    course = next(each for each in declaration.file.courses if each.instrument == "language")
    session = {"session": "s-1", "course": course.id, "date": "2015-05-01"}
    there = [
        entries.row("sessions", key=["session"], values=session, actor="Anna"),
        *(
            entries.row(
                "attendance",
                key=["session", "participant"],
                values={"session": "s-1", "participant": code, "status": "present"},
                actor="Anna",
            )
            for code in ("P-001", "P-002")
        ),
    ]
    found = asked(person("P-001", 3), person("P-002", 120), person("P-003", 3), *there)
    with_language = [(each.participant, each.wave.id) for each in found if "language" in each.instruments]
    assert with_language == [("P-001", "baseline"), ("P-002", "baseline")]
