"""The opened project: a folder, what its files declare, and what its record holds; opened with its key."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from evaluation.collect import fingerprint as record_fingerprint
from evaluation.collect.access.keys import DataKey, Opened
from evaluation.collect.record import frames as record_frames
from evaluation.collect.record import trail, version
from evaluation.collect.record.store import Store, utc_now
from evaluation.collect.record.trail import Act, Trace
from evaluation.collect.safety import seen
from evaluation.errors import EvaluationError, StoreError
from evaluation.measure import frames as measured_frames
from evaluation.measure.outcomes.change import Change
from evaluation.measure.results import Results
from evaluation.project import folder as folders
from evaluation.project import handing
from evaluation.project.handing import Asked, Basis, Measured
from evaluation.project.plan import lock as plan_lock
from evaluation.project.plan.lock import Lock
from evaluation.project.request import Request, request
from evaluation.project.safekeeping.unlocking import unlock
from evaluation.schema import Declaration
from evaluation.texts import LANGUAGES, Message, spoken

if TYPE_CHECKING:
    from evaluation.release.ledger import Proposal


class Project:
    """An opened project. Use it in a ``with``; everything computed from the record is computed once.

    ``frames`` are the record's tables, ``scores``, ``dose``, ``flow`` and ``changes`` what is measured of
    them; ``results`` holds these and all else that is measured; ``who`` is the person who opened it.
    """

    def __init__(
        self,
        folder: Path,
        declaration: Declaration,
        store: Store,
        who: Opened,
        *,
        written: str = "",
        given: Measured | None = None,
    ) -> None:
        """``written``: the hash of the files that were read; ``given``: what this process was handed, measured."""
        self.folder, self.declaration, self.who, self._store = folder, declaration, who, store
        self._written, self._given = written, given
        self._measured: Measured | None = None
        self._locks: tuple[Lock, ...] | None = None
        self._measuring, self._handed = threading.RLock(), False

    def __enter__(self) -> Project:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(StoreError):  # what was done is acknowledged already
            seen.check(self._store, self.folder, where=seen.folder())
        self._store.close()

    def __repr__(self) -> str:
        file = self.declaration.file
        return f"<Project {file.id}: {len(file.waves)} waves, {len(self.declaration.plan.outcomes)} outcomes>"

    def __dir__(self) -> Iterable[str]:
        """What an evaluator works with; the key and the store are for the kit."""
        kits = {
            "key",
            "store",
            "who",
            "locks",
            "endline_seen",
            "design_late",
            "lock_taken_away",
            "fingerprint",
            "lock_plan",
            "forget",
            "note",
            "measured",
            "proposed",
            "handed_over",
        }
        return sorted({*object.__dir__(self)} - kits)

    # --- what an evaluator works with -------------------------------------------------------------

    @property
    def results(self) -> Results:
        """All that is measured, computed at its first use; a notebook that the kit ran finds it measured."""
        return self.measured().results

    @property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        """All tables as they hold today, by name, with ``answers``; waves sort in their declared order.

        Whoever does not consent to the service stands in none of them, and so in no number.
        """
        return self.results.frames

    @property
    def scores(self) -> pd.DataFrame:
        """One row per participant × wave × scale, of those who consent to reporting."""
        return self.results.scores

    @property
    def dose(self) -> pd.DataFrame:
        """One row per participant × course: sessions present, absent, excused, hours, rate, completer."""
        return self.results.dose

    @property
    def flow(self) -> pd.DataFrame:
        """One row per wave: enrolled, left, not_yet, due, answered."""
        return self.results.flow

    @property
    def changes(self) -> Mapping[str, Change]:
        """The primary block of each planned outcome, by its id."""
        return self.results.changes

    def frame(self, *, outcomes: Sequence[str] | None = None, waves: Sequence[str] | None = None) -> pd.DataFrame:
        """One row per participant who consents to reporting, with groups, dose and scores; see Results.frame."""
        return self.results.frame(outcomes=outcomes, waves=waves)

    def request(self, frame: pd.DataFrame, *, population: str = "participants", language: str = "en") -> Request:
        """How a table by the columns of ``frame`` is declared, the one way in which it may leave; see request.py."""
        everyone = len(self.frame(outcomes=[], waves=[]))
        return request(self.declaration, frame, of=everyone, population=population, language=language)

    # --- for the kit ------------------------------------------------------------------------------

    def measured(self) -> Measured:
        """The results with what they follow from; threads that ask for them at the same time get the same."""
        with self._measuring:
            if self._measured is None:
                basis = Basis(version.of(self.store), self.declaration, self.locks, self._written)  # before the record
                given = self._given or handing.taken()
                self._handed = given is not None and given.basis == basis
                self._measured = given if given and self._handed else Measured(basis, self._anew(), {})
            return self._measured

    def _anew(self) -> Results:
        declaration, locks, seen = self.declaration, self.locks, self.endline_seen
        tables = record_frames.frames(self.store, declaration.instruments, declaration.tables)
        frames, without = measured_frames.measured(tables, declaration.file.waves)
        return Results(
            declaration,
            frames,
            preplanned=plan_lock.preplanned(declaration, locks, seen=seen),
            dropped=plan_lock.dropped(declaration.plan, locks),
            without_service=without,
        )

    def proposed(self, asked: Asked, make: Callable[[], Proposal]) -> Proposal:
        """What would leave, made by ``make`` unless it was handed over with the results; kept for notebooks."""
        proposals = self.measured().proposals
        if not self._handed or asked not in proposals:
            proposals[asked] = make()
        return proposals[asked]

    @contextlib.contextmanager
    def handed_over(self) -> Iterator[Mapping[str, int]]:
        """What notebooks inherit of this project, each descriptor by its variable: what several of them show.

        What cannot be measured is not handed over: whichever notebook shows it complains of it.
        """
        with contextlib.ExitStack() as stack:
            handed: Mapping[str, int] = {}
            with contextlib.suppress(Exception):
                measured = self.measured()
                _ = self.scores, self.changes, self.dose, self.flow
                handed = stack.enter_context(handing.over(measured))
            yield handed

    @property
    def key(self) -> DataKey:
        """The data key, to be handed to a notebook's kernel and to nobody else."""
        return self._store.key

    @property
    def store(self) -> Store:
        return self._store

    @property
    def locks(self) -> tuple[Lock, ...]:
        """Every locking of the plan, oldest first. Raises BadDeclaration where plan.lock was edited."""
        if self._locks is None:
            self._locks = plan_lock.locks(self.folder, self.key)
        return self._locks

    @property
    def endline_seen(self) -> bool:
        """Whether the record holds an endline questionnaire, or held one when the plan was locked."""
        wave = self.declaration.plan.endline
        forms = [row for row in self.store.content().rows if row.table in self.declaration.instruments]
        recorded = any(row.values.get("wave") == wave for row in forms)
        return recorded or any(lock.data_seen and lock.endline == wave for lock in self.locks)

    @property
    def design_late(self) -> bool:
        """Whether it was declared after endline answers had come how finely topics are told."""
        return plan_lock.design_late(self.declaration, self.locks, seen=self.endline_seen)

    @property
    def fingerprint(self) -> str:
        """A keyed hash of the canonical data: equal data, equal hash; without the key it tells nothing."""
        return record_fingerprint.fingerprint(self.frames, self.key)

    def lock_plan(self, *, on: dt.date) -> tuple[Message, ...]:
        """Lock the plan as it stands; the sentences to tell. See plan_lock.lock."""
        told = plan_lock.lock(self.folder, self.declaration, self.key, on=on, seen=self.endline_seen)
        self.forget()
        self._keep_lock()
        return told

    def _keep_lock(self) -> None:
        """The record keeps which lock was the last, so that one that is taken away is missed."""
        if self.locks:
            self._store.remember(plan_lock.NAME, self.locks[-1].seal)

    @property
    def lock_taken_away(self) -> bool:
        """Whether the lock that the record knows as the last is not among those of plan.lock."""
        kept = self._store.remembered(plan_lock.NAME)
        return bool(kept) and kept not in {one.seal for one in self.locks}

    def note(self, act: Act, *, page: str, about: str = "", participant: str = "", needed: bool = False) -> None:
        """Keep in the record who did what; a record that cannot be written to right now is read all the same.

        Not so where the trace is ``needed``: then what it tells of must not happen, and StoreError says why.
        """
        if self.who.name:  # a kernel that was handed the key has none: whoever started it is noted
            with contextlib.suppress(*(() if needed else (StoreError,))):
                trail.add(self.store, [Trace(utc_now(), self.who.name, act, page, about, participant)])

    def forget(self) -> None:
        """Measure everything anew at the next use, because the record or the lock has grown."""
        self._measured = self._locks = self._given = None


def open_project(
    folder: str | Path = ".",
    *,
    key_file: Path | None = None,
    environ: Mapping[str, str] | None = None,
    prompt: Callable[[str], str] | None = None,
    language: str = "",
    command: str = "",
) -> Project:
    """The project in ``folder`` or above it, unlocked.

    The record opens with a key file, EVALUATION_KEY_FILE, EVALUATION_PASSPHRASE, or by asking: in
    ``language``, else in the project's first one. That it was opened is kept in it, for which ``command`` too.
    Raises BadDeclaration, WrongPassphrase, DamagedStore or StoreError, each with a sentence.
    """
    root = folders.find(Path(folder))
    given, written = handing.taken(), folders.written(root)  # before they are read
    known = given.basis.declaration if given and given.basis.written == written else None
    declaration = known or folders.read(root)
    wanted = language or next(iter(declaration.file.languages), "")
    asked_in = EvaluationError.opened_in = wanted if wanted in LANGUAGES else spoken()
    who = unlock(root, key_file=key_file, environ=environ, prompt=prompt, language=asked_in)
    store = Store.open(root, who.key)
    try:
        seen.check(store, root, where=seen.folder())
    except BaseException:
        store.close()
        raise
    project = Project(root, declaration, store, who, written=written, given=given)
    project.note("opened", page="command" if command else "notebook", about=command)
    return project
