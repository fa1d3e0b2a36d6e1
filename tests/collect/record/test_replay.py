"""Whatever is recorded in whatever order, the record says what a plain dictionary would say."""

from __future__ import annotations

import datetime as dt
import tempfile
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from evaluation.collect.access import keys
from evaluation.collect.record import current, entries, replay
from evaluation.collect.record.entries import Entry
from evaluation.collect.record.store import Store
from evaluation.errors import StoreError

PEOPLE = ["P-001", "P-002", "P-003"]
WAVES = ["baseline", "endline"]
ACTOR = "Anna"


class Record(RuleBasedStateMachine):
    """Rows, corrections, strikes, withdrawals, erasures, retries and reopenings beside a dictionary."""

    rows = Bundle("rows")
    sent = Bundle("sent")

    @initialize()
    def start(self) -> None:
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self.scratch.name)
        self.store = Store.create(self.folder, keys.passphrase("long enough words"), slot="Anna", cost=2**4)
        self.held: dict[tuple[str, str], tuple[str, str]] = {}  # place → submission id, answer
        self.made: dict[str, tuple[str, str]] = {}  # submission id → place
        self.withdrawn: dict[str, dt.date] = {}
        self.erased: set[str] = set()
        self.secrets: dict[str, set[str]] = {person: set() for person in PEOPLE}
        self.known: set[str] = set()
        self.count = 0

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.scratch.cleanup()

    def submit(self, event: Entry, *, allowed: bool) -> bool:
        head = self.store.head()
        if allowed:
            assert self.store.append([event]).stored == 1
            self.count += 1
        else:
            with pytest.raises(StoreError):
                self.store.append([event])
            assert self.store.head() == head
        return allowed

    def answer(self, person: str) -> str:
        made = f"answer-{uuid.uuid4()}"  # unlike anything else, so that it can be looked for
        self.secrets[person].add(made)
        return made

    @rule(target=rows, person=st.sampled_from(PEOPLE), wave=st.sampled_from(WAVES))
    def fill_in(self, person: str, wave: str) -> object:
        place, answer = (person, wave), self.answer(person)
        cells = {"participant": person, "wave": wave, "note": answer}
        event = entries.row("security", key=["participant", "wave"], values=cells, actor=ACTOR)
        if not self.submit(event, allowed=place not in self.held and person not in self.erased):
            return multiple()
        self.held[place] = (event.id, answer)
        self.made[event.id] = place
        self.known.add(person)
        return event

    @rule(target=sent, row=rows, strike=st.booleans())
    def correct(self, row: Entry, strike: bool) -> object:
        person, wave = place = self.made[row.id]
        answer = self.answer(person)
        cells = None if strike else {"participant": person, "wave": wave, "note": answer}
        taken = place in self.held and self.held[place][0] != row.id
        event = entries.correction(row.id, values=cells, actor=ACTOR)
        if not self.submit(event, allowed=person not in self.erased and (strike or not taken)):
            return multiple()
        if not strike:
            self.held[place] = (row.id, answer)
        elif not taken:
            self.held.pop(place, None)
        return event

    @rule(person=st.sampled_from(PEOPLE), day=st.dates(dt.date(2014, 1, 1), dt.date(2016, 1, 1)))
    def withdraw(self, person: str, day: dt.date) -> None:
        event = entries.withdrawal(person, since=day, actor=ACTOR)
        if self.submit(event, allowed=person in self.known and person not in self.erased):
            self.withdrawn[person] = min(day, self.withdrawn.get(person, day))

    @rule(person=st.sampled_from(PEOPLE))
    def erase(self, person: str) -> None:
        if self.submit(
            entries.erasure(person, actor=ACTOR), allowed=person in self.known and person not in self.erased
        ):
            self.erased.add(person)
            self.withdrawn.pop(person, None)
            self.held = {place: row for place, row in self.held.items() if place[0] != person}

    @rule(event=rows)
    def send_again(self, event: Entry) -> None:
        self.resend(event, erased=self.made[event.id][0] in self.erased)

    @rule(event=sent)
    def send_a_correction_again(self, event: Entry) -> None:
        self.resend(event, erased=self.made[event.payload["of"]][0] in self.erased)

    def resend(self, event: Entry, *, erased: bool) -> None:
        head = self.store.head()
        if erased:
            with pytest.raises(StoreError, match="erased"):
                self.store.append([event])
        else:
            assert self.store.append([event]).stored == 0
        assert self.store.head() == head

    @rule()
    def open_again(self) -> None:
        self.store.close()
        self.store = Store.open(self.folder, keys.unlock(self.folder, keys.passphrase("long enough words")).key)

    @invariant()
    def says_what_the_dictionary_says(self) -> None:
        if not hasattr(self, "store"):
            return
        content = self.store.content()
        said = {row.place: (row.id, row.values["note"]) for row in content.rows}
        assert said == self.held
        assert len(content.rows) == len(said)
        assert content.withdrawn == self.withdrawn
        assert set(content.erased) == self.erased
        assert all(self.store.find("security", place) == id for place, (id, _) in self.held.items())
        assert self.store.verify() == self.count
        self.store.ask(self.says_so_one_by_one)

    def says_so_one_by_one(self, now: current.Current) -> None:
        rows = {place: now.row("security", place) for place in now.places("security")}
        assert {place: (row.id, row.values["note"]) for place, row in rows.items() if row} == self.held
        for person in PEOPLE:
            hers = {row.place: row.values["note"] for row in now.of(person)}
            assert hers == {place: note for place, (_, note) in self.held.items() if place[0] == person}
            assert now.withdrawn(person) == self.withdrawn.get(person)
            assert now.erased(person) == (person in self.erased)

    @invariant()
    def keeps_nothing_an_erased_participant_said(self) -> None:
        if not hasattr(self, "store") or not self.erased:
            return
        with self.store._transaction("DEFERRED") as execute:
            entries = list(current.chain(execute))
        contents = [opened["content"] for _, opened in replay.walk(entries) if opened]
        text = " ".join(str({**content, "values": {**(content.get("values") or {})}}) for content in contents)
        assert not any(answer in text for person in self.erased for answer in self.secrets[person])
        assert all(answer in text for _, answer in self.held.values())


TestRecord = Record.TestCase
TestRecord.settings = settings(
    max_examples=16,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
