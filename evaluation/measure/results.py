"""Everything that is measured of a project: one frozen object, each result computed at its first use."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from evaluation.measure import per_person
from evaluation.measure.attendance import dose, flow
from evaluation.measure.frames import reporting
from evaluation.measure.groups import Group, LeftOut, by_group, leave_one_out
from evaluation.measure.indicators import Measured, measure
from evaluation.measure.outcomes.change import Change, outcome_change
from evaluation.measure.outcomes.items import ItemChange, item_changes
from evaluation.measure.outcomes.timing import late_first_answers, marked
from evaluation.measure.outcomes.waiting import Waiting, waiting_list
from evaluation.measure.refusals import COUNTS_ONLY, refusal
from evaluation.measure.scoring import COLUMNS, by_wave, keyed_items, score
from evaluation.measure.statistics.several import holm
from evaluation.schema import Declaration, Outcome, Plan


@dataclass(frozen=True)
class Results:
    """What the ``frames`` of a record bear under its ``declaration``.

    ``frames``: the tables by name, and ``answers`` (one row per participant × wave × item).
    ``preplanned``: whether each outcome is analysed as it was fixed beforehand, by outcome id.
    ``dropped``: primary outcomes of the locked plan that are none any more; they still count in Holm's
    family. Outcomes are of those who consent to reporting; headcounts, courses and support rest on
    the consent to the service and hold everyone enrolled. ``without_service``: of how many others the
    record holds something; they are in no frame.
    """

    declaration: Declaration = field(repr=False)
    frames: Mapping[str, pd.DataFrame] = field(repr=False)
    preplanned: Mapping[str, bool] = field(default_factory=dict, repr=False)
    dropped: int = field(default=0, repr=False)
    without_service: int = field(default=0, repr=False)

    def __getstate__(self) -> dict[str, object]:
        """With what is computed by now: another thread may compute more while this is pickled."""
        return dict(vars(self))

    @functools.cached_property
    def answers(self) -> pd.DataFrame:
        """The answers of those who consent to reporting, without late first ones that the plan leaves out."""
        out = self._late & self._leaves_out
        return self._consenting.loc[~out].reset_index(drop=True)

    @functools.cached_property
    def late(self) -> pd.DataFrame:
        """The late first answers of those who consent: participant, instrument, after_days, after_session."""
        frames, plan = self.frames, self.declaration.plan
        return late_first_answers(
            self._consenting,
            frames["participants"],
            frames["sessions"],
            frames["attendance"],
            wave=self.declaration.wave(plan.baseline),
            plan=plan,
            courses=self.declaration.file.courses,
        )

    @functools.cached_property
    def _consenting(self) -> pd.DataFrame:
        return self.of_consenting(self.frames["answers"]).reset_index(drop=True)

    @functools.cached_property
    def _late(self) -> pd.Series:
        """Which rows of those answers are late first ones."""
        return marked(self._consenting, self._consenting["instrument"], self.late, wave=self.declaration.plan.baseline)

    @property
    def _leaves_out(self) -> bool:
        return self.declaration.plan.late_baseline == "left out"

    def of_consenting(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Those of ``rows`` (one column is ``participant``) that are of people who consent to reporting."""
        return rows[rows["participant"].isin(reporting(self.frames["participants"]))]

    @functools.cached_property
    def scores(self) -> pd.DataFrame:
        """One row per participant × wave × scale, of those who consent to reporting; see scoring.score.

        ``late``: whether it is of a late first answer. Where the plan leaves these out, ``score`` is NaN and
        ``late_score`` what it would be; else ``late_score`` is NaN.
        """
        scored = [score(self._consenting, instrument) for instrument in self.declaration.instruments.values()]
        made = pd.concat(scored, ignore_index=True) if scored else pd.DataFrame(columns=COLUMNS)
        instrument = made["scale"].map(lambda scale: str(scale).partition(".")[0])
        late = marked(made, instrument, self.late, wave=self.declaration.plan.baseline)
        out = late & self._leaves_out
        points = made["score"].astype(float)
        return made.assign(score=points.mask(out), late=late, late_score=points.where(out))

    @functools.cached_property
    def late_otherwise(self) -> Mapping[str, Change]:
        """Each outcome with late first answers, computed the other way: with them where the plan leaves them out."""
        scores, people, declaration = self.scores, self.frames["participants"], self.declaration
        other = (
            scores["score"].fillna(scores["late_score"]) if self._leaves_out else scores["score"].mask(scores["late"])
        )
        with_late = set(scores.loc[scores["late"], "scale"])
        return {
            outcome.id: outcome_change(
                scores.assign(score=other), people, outcome, declaration.scale(outcome), declaration.plan
            )
            for outcome in declaration.plan.outcomes
            if outcome.scale in with_late
        }

    @functools.cached_property
    def dose(self) -> pd.DataFrame:
        """One row per participant × course: sessions present, absent, excused, hours, rate, completer."""
        frames = self.frames
        return dose(frames["participants"], frames["sessions"], frames["attendance"], self.declaration.file.courses)

    @functools.cached_property
    def flow(self) -> pd.DataFrame:
        """One row per wave: enrolled, left, not_yet, due, answered, until the project's end."""
        file = self.declaration.file
        return flow(self.frames["participants"], self.frames["answers"], file.waves, until=file.period_end)

    @functools.cached_property
    def changes(self) -> Mapping[str, Change]:
        """The primary block of each planned outcome, by its id: the one result that all else reads."""
        plan, everyone = self.declaration.plan, self.frames["participants"]
        changes = {outcome.id: self.change_among(outcome, everyone) for outcome in plan.outcomes}
        holm = holm_of_primary(plan, changes, dropped=self.dropped)
        many = (refusal("many_primary", primary=len(plan.primary), most=plan.most_primary),) if plan.sprawling else ()
        return {
            name: dataclasses.replace(
                change,
                preplanned=self.preplanned.get(name, True),
                p_holm=holm[name],
                refusals=(*change.refusals, *many),
            )
            for name, change in changes.items()
        }

    def change_among(self, outcome: Outcome, participants: pd.DataFrame) -> Change:
        """The primary block of ``outcome`` among these rows of the participants."""
        plan, scale = self.declaration.plan, self.declaration.scale(outcome)
        everyone = self._first_items[outcome.id]
        items = everyone[everyone.index.isin(participants["participant"])].to_numpy()
        return outcome_change(self.scores, participants, outcome, scale, plan, items=items)

    @functools.cached_property
    def _first_items(self) -> Mapping[str, pd.DataFrame]:
        """The keyed items of each planned outcome at the plan's baseline, by its id; see scoring.keyed_items."""
        declaration, wave = self.declaration, self.declaration.plan.baseline
        return {
            outcome.id: keyed_items(
                self.answers, declaration.instrument_of(outcome), declaration.scale(outcome), wave=wave
            )
            for outcome in declaration.plan.outcomes
        }

    @functools.cached_property
    def follow_ups(self) -> Mapping[str, Mapping[str, Change]]:
        """Each outcome from the baseline to each wave after the end, by outcome and wave id.

        Who is missing there is predicted from her end score too, where she has one.
        """
        plan, people, waves = self.declaration.plan, self.frames["participants"], self.declaration.file.waves
        end = self.declaration.wave(plan.endline).day
        later = [
            dataclasses.replace(plan, mid=plan.endline, endline=wave.id)
            for wave in waves
            if wave.day > end and wave.id not in (plan.baseline, plan.mid)
        ]
        return {
            outcome.id: {
                of.endline: outcome_change(self.scores, people, outcome, self.declaration.scale(outcome), of)
                for of in later
            }
            for outcome in plan.outcomes
        }

    @functools.cached_property
    def groups(self) -> Mapping[str, Mapping[str, tuple[Group, ...]]]:
        """Each outcome in the groups of each declared breakdown, by outcome and breakdown id."""
        people, plan = self.frames["participants"], self.declaration.plan
        return {
            outcome.id: {
                breakdown.id: by_group(people, breakdown, functools.partial(self.change_among, outcome), plan)
                for breakdown in self.declaration.file.breakdowns
            }
            for outcome in plan.outcomes
        }

    @functools.cached_property
    def without_a_country(self) -> Mapping[str, LeftOut]:
        """How far each outcome leans on the people of any one country, by outcome id."""
        people = self.frames["participants"]
        return {
            outcome.id: leave_one_out(people, "country", functools.partial(self.change_among, outcome))
            for outcome in self.declaration.plan.outcomes
        }

    @functools.cached_property
    def items(self) -> Mapping[str, tuple[ItemChange, ...]]:
        """Item by item, by outcome id, wherever a total is not to be headlined or there are only levels."""
        declaration = self.declaration
        return {
            name: item_changes(self.answers, declaration.instrument_of(change.outcome), change.scale, declaration.plan)
            for name, change in self.changes.items()
            if change.scale.transform == "ordinal" or (change.trust is not None and not change.trust.headlined)
        }

    @functools.cached_property
    def waiting(self) -> Mapping[str, Waiting]:
        """Those served against those waiting, by outcome id; empty unless the plan's design is a waiting list."""
        if self.declaration.plan.design != "waiting list":
            return {}
        return {name: self._waiting(change) for name, change in self.changes.items()}

    def _waiting(self, change: Change) -> Waiting:
        plan, people = self.declaration.plan, self.frames["participants"]
        group = people.set_index("participant")[plan.served_column]
        served = group.eq(plan.served_code).astype(float).mask(group.isna())  # not said is neither served nor waiting
        scores = self.scores_by_wave(change.outcome).reindex(served.index)
        compared = waiting_list(
            scores[plan.baseline].to_numpy(),
            scores[plan.endline].to_numpy(),
            served.to_numpy(),
            step=change.outcome.step,
            higher_is_better=change.scale.direction == "higher",
            random_allocation=plan.random_allocation,
            alpha=plan.alpha,
        )
        # Levels are never averaged, and few people bear no interval; shares and exact tests remain.
        counts_only = COUNTS_ONLY & {refusal.id for refusal in change.refusals}
        return dataclasses.replace(compared, adjusted=None) if counts_only else compared

    def scores_by_wave(self, outcome: Outcome) -> pd.DataFrame:
        """The outcome's scores in points: one row per participant who has one, one column per declared wave; NaN."""
        return by_wave(self.scores, outcome.scale, [wave.id for wave in self.declaration.file.waves])

    @functools.cached_property
    def indicators(self) -> tuple[Measured, ...]:
        """Every declared indicator with its value inside the house."""
        return tuple(measure(indicator, self) for indicator in self.declaration.indicators)

    def frame(self, *, outcomes: Sequence[str] | None = None, waves: Sequence[str] | None = None) -> pd.DataFrame:
        """One row per participant who consents to reporting, for an analysis of one's own; see per_person.frame."""
        return per_person.frame(
            self.declaration,
            self.of_consenting(self.frames["participants"]),
            self.dose,
            self.scores,
            outcomes=outcomes,
            waves=waves,
        )


def holm_of_primary(plan: Plan, changes: Mapping[str, Change], *, dropped: int = 0) -> dict[str, float | None]:
    """The exact sign-flip p (0–1) of each primary outcome after Holm (1979) over all of them, by outcome id.

    None for secondary outcomes and where the test was refused. A refused test, and each of the
    ``dropped`` primary outcomes, still count in the family, as p = 1: leaving them out after a look at
    the data would make the others look surer.
    """
    tests = {outcome.id: changes[outcome.id].means.exact for outcome in plan.primary}
    p = [1.0 if test is None else test.p_two_sided for test in tests.values()]
    adjusted = dict(zip(tests, holm([*p, *[1.0] * dropped]), strict=False))
    return {outcome.id: adjusted[outcome.id] if tests.get(outcome.id) else None for outcome in plan.outcomes}
