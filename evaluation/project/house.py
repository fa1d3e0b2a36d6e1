"""An open project folder: its declarations, its record, and the measures made of them."""

from __future__ import annotations

import dataclasses
import functools
import getpass
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from evaluation.collect import frames, keys
from evaluation.collect.keys import DataKey
from evaluation.collect.store import Store
from evaluation.errors import StoreError
from evaluation.measure.attendance import dose, flow
from evaluation.measure.change import Change, outcome_change
from evaluation.measure.groups import Group, LeftOut, by_group, leave_one_out
from evaluation.measure.indicators import Evidence, Measured, measure
from evaluation.measure.items import ItemChange, item_changes
from evaluation.measure.refusals import COUNTS_ONLY, refusal
from evaluation.measure.scoring import COLUMNS, keyed_items, score
from evaluation.measure.waiting import Waiting, waiting_list
from evaluation.project import folder as folders
from evaluation.project import planning
from evaluation.schema import Outcome, Project

if TYPE_CHECKING:
    from collections.abc import Callable


class House:
    """An open project. Use it in a ``with``; everything computed from the record is computed once.

    Frames are those of collect/frames.py. Outcomes leave out whoever does not consent to reporting;
    headcounts, courses and support rest on the consent to the service and hold everyone enrolled.
    """

    def __init__(self, folder: Path, project: Project, store: Store, key: DataKey) -> None:
        self.folder, self.project, self.store, self._key = folder, project, store, key

    def __enter__(self) -> House:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()

    @property
    def key(self) -> DataKey:
        """The data key, to be handed to a notebook's kernel and to nobody else."""
        return self._key

    @functools.cached_property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        """All tables as they hold today, by name, with ``answers``."""
        return frames.frames(self.store, self.project.instruments, self.project.tables)

    @functools.cached_property
    def reportable(self) -> pd.DataFrame:
        """The answers of those who consent to reporting."""
        return self.agreed(self.frames["answers"]).reset_index(drop=True)

    def agreed(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Those of ``rows`` (one column is ``participant``) that are of people who consent to reporting."""
        people = self.frames["participants"]
        consenting = people.loc[people["consent_reporting"].fillna(False).astype(bool), "participant"]
        return rows[rows["participant"].isin(consenting)]

    @functools.cached_property
    def scores(self) -> pd.DataFrame:
        """One row per participant x wave x scale, of those who consent to reporting."""
        made = [score(self.reportable, instrument) for instrument in self.project.instruments.values()]
        return pd.concat(made, ignore_index=True) if made else pd.DataFrame(columns=COLUMNS)

    @functools.cached_property
    def dose(self) -> pd.DataFrame:
        """One row per participant x course: sessions present, absent, excused, hours, rate, completer."""
        found = self.frames
        return dose(found["participants"], found["sessions"], found["attendance"], self.project.file.courses)

    @functools.cached_property
    def flow(self) -> pd.DataFrame:
        """One row per wave: enrolled, left, not_yet, due, answered, until the project's end."""
        until = self.project.file.period_end
        return flow(self.frames["participants"], self.frames["answers"], self.project.file.waves, until=until)

    @functools.cached_property
    def changes(self) -> Mapping[str, Change]:
        """The primary block of each planned outcome, by its id: the one result that all else reads."""
        plan, project = self.project.plan, self.project
        found = {outcome.id: self.change_among(outcome, self.frames["participants"]) for outcome in plan.outcomes}
        planned = planning.preplanned(project, self.locks, seen=self.endline_seen)
        holm = planning.adjusted(found, plan, self.locks)
        many = refusal("many_primary", primary=len(plan.primary), most=plan.most_primary) if plan.sprawling else None
        return {
            name: dataclasses.replace(
                change,
                preplanned=planned[name],
                p_holm=holm[name],
                refusals=(*change.refusals, *([many] if many else [])),
            )
            for name, change in found.items()
        }

    def change_among(self, outcome: Outcome, participants: pd.DataFrame) -> Change:
        """The primary block of ``outcome`` among these rows of the participants."""
        scale = self.project.scale(outcome)
        instrument = self.project.instruments[outcome.scale.partition(".")[0]]
        answers = self.reportable[self.reportable["participant"].isin(participants["participant"])]
        items = keyed_items(answers, instrument, scale, wave=self.project.plan.baseline)
        return outcome_change(self.scores, participants, outcome, scale, self.project.plan, items=items.to_numpy())

    @functools.cached_property
    def groups(self) -> Mapping[str, Mapping[str, tuple[Group, ...]]]:
        """Each outcome in the groups of each declared breakdown, by outcome and breakdown id."""
        people, plan = self.frames["participants"], self.project.plan
        return {
            outcome.id: {
                breakdown.id: by_group(people, breakdown, functools.partial(self.change_among, outcome), plan)
                for breakdown in self.project.file.breakdowns
            }
            for outcome in plan.outcomes
        }

    @functools.cached_property
    def without_a_country(self) -> Mapping[str, LeftOut]:
        """How far each outcome leans on the people of any one country, by outcome id."""
        people = self.frames["participants"]
        return {
            outcome.id: leave_one_out(people, "country", functools.partial(self.change_among, outcome))
            for outcome in self.project.plan.outcomes
        }

    @functools.cached_property
    def items(self) -> Mapping[str, tuple[ItemChange, ...]]:
        """Item by item, by outcome id, wherever a total is not to be headlined or there are only levels."""
        made = {}
        for name, change in self.changes.items():
            if change.scale.transform == "ordinal" or (change.trust is not None and not change.trust.headlined):
                instrument = self.project.instruments[change.outcome.scale.partition(".")[0]]
                made[name] = item_changes(self.reportable, instrument, change.scale, self.project.plan)
        return made

    @functools.cached_property
    def locks(self) -> tuple[planning.Lock, ...]:
        """Every locking of the plan, oldest first. Raises BadDeclaration where plan.lock was edited."""
        return planning.locks(self.folder, self._key)

    @functools.cached_property
    def endline_seen(self) -> bool:
        """Whether the record holds an endline questionnaire, or held one when the plan was locked."""
        wave = self.project.plan.endline
        forms = [row for row in self.store.content().rows if row.table in self.project.instruments]
        held = any(row.values.get("wave") == wave for row in forms)
        return held or any(one.data_seen and one.endline == wave for one in self.locks)

    @functools.cached_property
    def waiting(self) -> Mapping[str, Waiting]:
        """Those served against those waiting, by outcome id; empty unless the plan's design is a waiting list."""
        plan, people = self.project.plan, self.frames["participants"]
        if plan.design != "waiting list":
            return {}
        group = people.set_index("participant")[plan.served_column]
        served = group.eq(plan.served_code).astype(float).mask(group.isna())  # not said is neither served nor waiting
        made = {}
        for name, change in self.changes.items():
            own = self.scores[self.scores["scale"] == change.outcome.scale]
            wide = own.pivot(index="participant", columns="wave", values="score")
            wide = wide.reindex(index=served.index, columns=[plan.baseline, plan.endline]).astype(float)
            compared = waiting_list(
                wide[plan.baseline].to_numpy(),
                wide[plan.endline].to_numpy(),
                served.to_numpy(),
                step=change.outcome.step,
                higher_is_better=change.scale.direction == "higher",
                random_allocation=plan.random_allocation,
                alpha=plan.alpha,
            )
            # Levels are never averaged, and few people bear no interval; shares and exact tests remain.
            bare = COUNTS_ONLY & {refusal.id for refusal in change.refusals}
            made[name] = dataclasses.replace(compared, adjusted=None) if bare else compared
        return made

    @functools.cached_property
    def evidence(self) -> Evidence:
        return Evidence(self.project, self.frames, self.dose, self.changes)

    @functools.cached_property
    def measured(self) -> tuple[Measured, ...]:
        """Every declared indicator with its value inside the house."""
        return tuple(measure(indicator, self.evidence) for indicator in self.project.indicators)

    def forget(self) -> None:
        """Compute everything anew at the next use, because the record has grown."""
        for name, value in vars(type(self)).items():
            if isinstance(value, functools.cached_property):
                self.__dict__.pop(name, None)

    @functools.cached_property
    def fingerprint(self) -> str:
        """A keyed hash of the canonical data: equal data, equal hash; without the key it tells nothing."""
        return frames.fingerprint(self.frames, self._key)


def open_project(
    folder: str | Path = ".",
    *,
    key_file: Path | None = None,
    environ: Mapping[str, str] | None = None,
    prompt: Callable[[str], str] | None = None,
) -> House:
    """The project in ``folder`` or above it, unlocked.

    The record opens with a key file, EVALUATION_KEY_FILE, EVALUATION_PASSPHRASE, or by asking.
    Raises BadDeclaration, WrongPassphrase, DamagedStore or StoreError, each with a sentence.
    """
    found = folders.find(Path(folder))
    project = folders.read(found)
    secret = keys.secret(
        found, key_file=key_file, environ=os.environ if environ is None else environ, prompt=prompt or _ask
    )
    key = keys.unlock(found, secret)
    return House(found, project, Store.open(found, key), key)


def _ask(question: str) -> str:
    """The passphrase as a person types it, at a terminal or in a notebook; it is not shown."""
    if not (sys.stdin.isatty() or "ipykernel" in sys.modules):
        raise StoreError(
            f"There is nobody to ask for the passphrase; name a key file with --key-file, or set {keys.KEY_FILE}."
        )
    return getpass.getpass(question)
