"""What the record says becomes the frames that measuring works on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaluation import descriptors
from evaluation.collect.access import keys
from evaluation.collect.access.keys import DataKey
from evaluation.collect.fingerprint import fingerprint
from evaluation.collect.record import entries
from evaluation.collect.record.frames import frames
from evaluation.collect.record.store import Store
from evaluation.errors import StoreError
from evaluation.schema import Choice, Field, Instrument, Item, Table


def field(name: str, type: str = "string") -> Field:
    return Field(name, type, {"en": name}, "open")  # type: ignore[arg-type]


TABLES = {
    name: Table(name, {}, tuple(field(*column.split(":")) for column in columns.split()), tuple(key.split()))
    for name, columns, key in (
        (
            "participants",
            "participant enrolled_on:date country consent_service:boolean consent_reporting:boolean left_on:date",
            "participant",
        ),
        ("needs", "participant need date:date state", "participant need date"),
        (
            "bilateral_activities",
            "activity date:date kind persons_beneficiary:integer persons_donor:integer",
            "activity",
        ),
        (
            "partner_survey",
            "organisation donor_state:boolean wave trust:number applies_knowledge:boolean",
            "organisation wave",
        ),
    )
}

CODES = tuple(Choice(str(code), {}) for code in (1, 2, 3, 4, 5, 97, 98, 99))
MISSING = {"97": "not_applicable", "98": "refused", "99": "unknown"}
SECURITY = Instrument(
    id="security",
    version="3",
    labels={},
    items=(
        Item("intro", "note", {}),
        Item("sec_04", "select_one", {}, CODES, key=-1, low=1, high=5, missing=MISSING),  # type: ignore[arg-type]
        Item("sec_01", "select_one", {}, CODES, missing=MISSING),  # type: ignore[arg-type]
        Item("helps", "select_multiple", {}, CODES, missing=MISSING),  # type: ignore[arg-type]
        Item("nights", "decimal", {}),
    ),
    scales=(),
)
INSTRUMENTS = {"security": SECURITY}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path, keys.passphrase("long enough words"), slot="Anna", cost=2**4) as made:
        yield made


def put(store: Store, table: str, version: str = "", **values: object) -> str:
    key = TABLES[table].key if table in TABLES else ("participant", "wave")
    event = entries.row(table, key=key, values=values, actor="Anna", version=version)
    store.append([event])
    return event.id


def answers(store: Store) -> list[tuple[object, ...]]:
    frame = frames(store, INSTRUMENTS, TABLES)["answers"]
    columns = frame[["participant", "wave", "item", "value", "state"]].astype(object)
    return list(columns.where(columns.notna(), None).itertuples(index=False, name=None))


def test_a_questionnaire_is_one_row_per_item_in_the_order_of_the_form(store: Store) -> None:
    filled = {"sec_04": "4", "sec_01": "98", "helps": "1 3", "nights": 2.5}
    put(store, "security", participant="P-017", wave="baseline", date=dt.date(2015, 3, 9), **filled)
    assert answers(store) == [
        ("P-017", "baseline", "sec_04", "4", "answered"),
        ("P-017", "baseline", "sec_01", None, "refused"),
        ("P-017", "baseline", "helps", "1 3", "answered"),
        ("P-017", "baseline", "nights", "2.5", "answered"),
    ]
    frame = frames(store, INSTRUMENTS, TABLES)["answers"]
    columns = ["participant", "wave", "date", "instrument", "version", "item", "value", "state"]
    assert list(frame.columns) == columns
    assert frame["date"].unique().tolist() == [pd.Timestamp("2015-03-09")]
    assert set(frame["instrument"]) == {"security"}


@pytest.mark.parametrize(
    ("cell", "value", "state"),
    [
        ("4", "4", "answered"),
        (4, "4", "answered"),
        (4.0, "4", "answered"),
        ("", None, "not_asked"),
        (" ", None, "not_asked"),
        (None, None, "not_asked"),
        ("97", None, "not_applicable"),
        (98, None, "refused"),
        ("99", None, "unknown"),
        ("98 1", "98 1", "answered"),
    ],
)
def test_an_empty_cell_was_not_asked_and_a_missing_code_is_no_value(
    store: Store, cell: object, value: object, state: str
) -> None:
    put(store, "security", participant="P-017", wave="baseline", sec_04=cell)
    assert answers(store)[0][3:] == (value, state)


def test_a_column_that_the_file_did_not_have_was_not_asked(store: Store) -> None:
    put(store, "security", participant="P-017", wave="baseline", sec_04="4", retired_item="1")
    assert [row[2:] for row in answers(store)] == [
        ("sec_04", "4", "answered"),
        ("sec_01", None, "not_asked"),
        ("helps", None, "not_asked"),
        ("nights", None, "not_asked"),
    ]


def test_a_code_that_one_item_declares_missing_is_an_answer_to_another(store: Store) -> None:
    put(store, "security", participant="P-017", wave="baseline", sec_04="98", nights="98")
    assert answers(store)[0][3:] == (None, "refused")
    assert answers(store)[3][3:] == ("98", "answered")


def test_an_answer_keeps_the_version_of_its_form(store: Store) -> None:
    put(store, "security", version="2", participant="P-001", wave="baseline")
    put(store, "security", participant="P-002", wave="baseline")
    frame = frames(store, INSTRUMENTS, TABLES)["answers"]
    assert frame.groupby("participant")["version"].unique().map(list).to_dict() == {
        "P-001": ["2"],
        "P-002": ["3"],
    }


def test_an_empty_record_gives_empty_frames_with_all_columns_and_types(store: Store) -> None:
    made = frames(store, INSTRUMENTS, TABLES)
    assert set(made) == {"participants", "needs", "bilateral_activities", "partner_survey", "answers", "questionnaires"}
    assert all(len(frame) == 0 and isinstance(frame.index, pd.RangeIndex) for frame in made.values())
    types = made["participants"].dtypes.astype(str).to_dict()
    assert types == {
        "participant": "str",
        "enrolled_on": "datetime64[us]",
        "country": "str",
        "consent_service": "bool",
        "consent_reporting": "bool",
        "left_on": "datetime64[us]",
    }
    assert list(made["answers"].columns)[-2:] == ["value", "state"]
    assert str(made["bilateral_activities"]["persons_donor"].dtype) == "float64"


def test_columns_have_their_types_and_missing_cells(store: Store) -> None:
    put(
        store,
        "participants",
        participant="P-002",
        enrolled_on="2014-05-31",
        country="MD",
        consent_service=True,
        consent_reporting="true",
        left_on=dt.date(2014, 9, 1),
    )
    put(store, "participants", participant="P-001", enrolled_on="", consent_reporting=False)
    people = frames(store, INSTRUMENTS, TABLES)["participants"]
    assert people["participant"].tolist() == ["P-001", "P-002"]
    assert people["enrolled_on"].tolist() == [pd.NaT, pd.Timestamp("2014-05-31")]
    assert people["left_on"].tolist() == [pd.NaT, pd.Timestamp("2014-09-01")]
    assert people["country"].isna().tolist() == [True, False]
    assert people["consent_service"].tolist() == [False, True]
    assert people["consent_reporting"].tolist() == [False, True]
    assert people["consent_service"].dtype == bool


def test_numbers_are_floats_and_a_missing_yes_or_no_is_neither(store: Store) -> None:
    put(
        store,
        "partner_survey",
        organisation="A",
        donor_state="no",
        wave="1",
        trust="4",
        applies_knowledge=True,
    )
    put(store, "partner_survey", organisation="B", donor_state=True, wave="1", trust=None)
    survey = frames(store, INSTRUMENTS, TABLES)["partner_survey"]
    assert survey["donor_state"].tolist() == [False, True]
    assert survey["donor_state"].dtype == bool
    assert survey["trust"].tolist()[0] == 4.0
    assert np.isnan(survey["trust"].tolist()[1])
    assert survey["applies_knowledge"].tolist()[0] is True
    assert survey["applies_knowledge"].isna().tolist() == [False, True]


def test_a_need_is_its_latest_state(store: Store) -> None:
    for date, state in (("2014-06-01", "met"), ("2014-02-01", "open"), ("2014-04-01", "partly")):
        put(store, "needs", participant="P-001", need="legal", date=date, state=state)
    put(store, "needs", participant="P-001", need="health", date="2014-01-01", state="open")
    needs = frames(store, INSTRUMENTS, TABLES)["needs"]
    assert needs[["need", "state"]].to_numpy().tolist() == [["health", "open"], ["legal", "met"]]
    assert needs.index.equals(pd.RangeIndex(2))


def test_a_withdrawal_ends_the_consent_to_reporting_even_if_the_row_is_corrected_later(store: Store) -> None:
    person = {"enrolled_on": "2014-05-31", "consent_service": True, "consent_reporting": True}
    row = put(store, "participants", participant="P-001", **person)
    put(store, "participants", participant="P-002", **person)
    store.append([entries.withdrawal("P-001", since=dt.date(2099, 1, 1), actor="Anna")])
    values = {"participant": "P-001", "country": "MD", **person}
    store.append([entries.correction(row, values=values, actor="Anna")])
    people = frames(store, INSTRUMENTS, TABLES)["participants"]
    assert people["consent_reporting"].tolist() == [False, True]
    assert people["consent_service"].tolist() == [True, True]
    assert people["country"].tolist()[0] == "MD"


def test_an_erased_participant_is_in_no_frame(store: Store) -> None:
    for person in ("P-001", "P-002"):
        put(store, "participants", participant=person, consent_reporting=True)
        put(store, "security", participant=person, wave="baseline", sec_04="4")
        put(store, "needs", participant=person, need="legal", date="2014-01-01", state="open")
    store.append([entries.erasure("P-001", actor="Anna")])
    made = frames(store, INSTRUMENTS, TABLES)
    assert {name: set(made[name]["participant"]) for name in ("participants", "answers", "needs")} == {
        name: {"P-002"} for name in ("participants", "answers", "needs")
    }


def test_a_count_that_was_not_made_is_missing_and_not_zero(store: Store) -> None:
    put(store, "bilateral_activities", activity="A1", date="2015-01-07", kind="visit", persons_donor="3")
    bilateral = frames(store, INSTRUMENTS, TABLES)["bilateral_activities"]
    assert bilateral["persons_donor"].tolist() == [3.0]
    assert bilateral["persons_beneficiary"].isna().all()


def test_rows_of_something_undeclared_are_not_passed_over(store: Store) -> None:
    put(store, "securty", participant="P-001", wave="baseline")
    with pytest.raises(StoreError, match="did you mean 'security'"):
        frames(store, INSTRUMENTS, TABLES)


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"left_on": "31.05.2014"}, "left_on"), ({"consent_service": "perhaps"}, "consent_service")],
)
def test_a_cell_that_does_not_fit_is_named_by_column_and_not_shown(
    store: Store, cells: dict[str, str], column: str
) -> None:
    put(store, "participants", participant="P-001", **cells)
    with pytest.raises(StoreError, match=f"column '{column}'") as caught:
        frames(store, INSTRUMENTS, TABLES)
    assert not any(value in str(caught.value) for value in cells.values())


@pytest.mark.parametrize("cell", ["many", "inf", "nan"])
def test_a_number_that_is_none_is_refused(store: Store, cell: str) -> None:
    put(store, "bilateral_activities", activity="A1", persons_donor=cell)
    with pytest.raises(StoreError, match="'persons_donor' holds a cell that is not a number"):
        frames(store, INSTRUMENTS, TABLES)


# --- fingerprint ------------------------------------------------------------------------------

KEY = DataKey(bytes(range(32)))
FRAME = pd.DataFrame(
    {"participant": ["P-1", "P-2"], "score": [1.0, np.nan], "on": [pd.Timestamp("2015-01-02"), pd.NaT]}
)


def test_the_fingerprint_does_not_depend_on_the_order_of_anything() -> None:
    other = FRAME.iloc[::-1][["on", "score", "participant"]]
    empty = FRAME.iloc[:0]
    assert fingerprint({"a": FRAME, "b": empty}, KEY) == fingerprint({"b": empty, "a": other}, KEY)
    assert len(fingerprint({"a": FRAME}, KEY)) == 64


def test_the_fingerprint_is_of_values_and_not_of_how_they_are_held() -> None:
    whole = pd.DataFrame({"n": [3, 0], "yes": [True, False]})
    held = pd.DataFrame({"n": [3.0, -0.0], "yes": np.array([True, False], dtype=object)})
    assert fingerprint({"a": whole}, KEY) == fingerprint({"a": held}, KEY)


@pytest.mark.parametrize(
    "changed",
    [
        FRAME.assign(score=[1.5, np.nan]),
        FRAME.assign(score=[np.nan, 1.0]),
        FRAME.assign(participant=["P-1", "P-3"]),
        FRAME.assign(on=[pd.NaT, pd.NaT]),
        FRAME.rename(columns={"score": "points"}),
        FRAME.iloc[[0, 1, 1]],
        FRAME.iloc[:1],
        FRAME.assign(score=["1.0", None]),
    ],
)
def test_any_changed_cell_column_or_row_changes_the_fingerprint(changed: pd.DataFrame) -> None:
    assert fingerprint({"a": changed}, KEY) != fingerprint({"a": FRAME}, KEY)


def test_the_fingerprint_means_nothing_without_the_key() -> None:
    assert fingerprint({"a": FRAME}, KEY) != fingerprint({"a": FRAME}, DataKey(bytes(32)))
    assert fingerprint({"a": FRAME}, KEY) != fingerprint({"b": FRAME}, KEY)


def test_the_fingerprint_of_a_record_stays_when_it_is_opened_again(store: Store, tmp_path: Path) -> None:
    put(store, "security", participant="P-002", wave="baseline", sec_04="4")
    put(store, "security", participant="P-001", wave="baseline", sec_04="2")
    before = fingerprint(frames(store, INSTRUMENTS, TABLES), store.key)
    store.close()
    with Store.open(tmp_path, keys.unlock(tmp_path, keys.passphrase("long enough words")).key) as again:
        assert fingerprint(frames(again, INSTRUMENTS, TABLES), again.key) == before
        put(again, "security", participant="P-001", wave="endline", sec_04="2")
        assert fingerprint(frames(again, INSTRUMENTS, TABLES), again.key) != before


# --- what the schema gained later -------------------------------------------------------------

ALL = descriptors.tables()


def kept(store: Store, table: str, **values: object) -> None:
    key = ALL[table].key if table in ALL else ("participant", "wave")
    store.append([entries.row(table, key=key, values=values, actor="Anna")])


def digest(store: Store) -> str:
    return fingerprint(frames(store, INSTRUMENTS, ALL), store.key)


def test_the_fingerprint_of_what_was_recorded_before_stays_when_the_schema_gains_tables_and_columns(
    store: Store,
) -> None:
    kept(store, "participants", participant="P-001", enrolled_on="2025-01-02", consent_service=True)
    kept(store, "sessions", session="S1", course="polish", date="2025-02-01", hours=2)
    kept(store, "security", participant="P-001", wave="baseline", date="2025-01-03", sec_04="4")
    before = frames(store, INSTRUMENTS, ALL)
    for table in ("questionnaires", "goals", "referrals", "tallies"):
        del before[table]
    before["participants"] = before["participants"].drop(
        columns=["identification", "guardian_consent", "consented_on", "paper_at"]
    )
    before["sessions"] = before["sessions"].drop(columns=["minutes", "kind"])
    assert digest(store) == fingerprint(before, store.key)


@pytest.mark.parametrize(
    ("table", "row", "said"),
    [
        ("participants", {"participant": "P-002"}, {"identification": "confirmed"}),
        ("participants", {"participant": "P-002"}, {"guardian_consent": "false"}),
        ("sessions", {"session": "S2"}, {"kind": "group"}),
        ("goals", {"participant": "P-001", "goal": "1"}, {"kind": "work"}),
        ("tallies", {"month": "2025-01", "kind": "calls"}, {"count": "3"}),
        ("security", {"participant": "P-001", "wave": "endline"}, {"mode": "self"}),
        ("security", {"participant": "P-001", "wave": "endline"}, {"interpreter": "no"}),
    ],
)
def test_whatever_is_said_later_changes_the_fingerprint(
    store: Store, table: str, row: dict[str, str], said: dict[str, str]
) -> None:
    nothing = digest(store)
    kept(store, table, **row)
    bare = digest(store)
    store.append([entries.correction(store.rows(table)[0].id, values=row | said, actor="Anna")])
    assert len({nothing, bare, digest(store)}) == 3


def test_a_session_of_minutes_has_hours_too(store: Store) -> None:
    kept(store, "sessions", session="S1", minutes=45)
    kept(store, "sessions", session="S2", hours=1.5)
    kept(store, "sessions", session="S3")
    hours = frames(store, INSTRUMENTS, ALL)["sessions"]["hours"]
    assert hours.tolist()[:2] == [0.75, 1.5]
    assert np.isnan(hours[2])


def test_the_day_of_the_answers_is_apart_from_the_day_of_the_entry(tmp_path: Path) -> None:
    now = [dt.datetime(2025, 1, 2, tzinfo=dt.UTC)]
    secret = keys.passphrase("long enough words")
    with Store.create(tmp_path, secret, slot="Anna", cost=2**4, clock=lambda: now[0]) as made:
        about = {"mode": "staff", "language": "uk", "interpreter": "true"}
        now[0] = dt.datetime(2025, 5, 20, 23, 59, tzinfo=dt.UTC)
        kept(made, "security", participant="P-001", wave="baseline", date="2025-05-12", sec_04="4", **about)
        now[0] = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
        kept(made, "security", participant="P-002", wave="baseline", date="2025-05-13", sec_04="4")
        filled = frames(made, INSTRUMENTS, ALL)["questionnaires"]
    assert filled["date"].dt.date.tolist() == [dt.date(2025, 5, 12), dt.date(2025, 5, 13)]
    assert filled["recorded_on"].dt.date.tolist() == [dt.date(2025, 5, 20), dt.date(2025, 6, 1)]
    assert filled.loc[0, ["mode", "language", "interpreter"]].tolist() == ["staff", "uk", True]
    assert filled.loc[1, ["mode", "language", "interpreter", "filled_by"]].isna().all()


def test_a_question_of_the_forms_own_says_nothing_of_how_a_questionnaire_came_about(store: Store) -> None:
    kept(store, "security", participant="P-001", wave="baseline", mode="bus", interpreter="98")
    filled = frames(store, INSTRUMENTS, ALL)["questionnaires"]
    assert filled[["mode", "interpreter"]].isna().all().all()
