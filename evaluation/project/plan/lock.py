"""The analysis plan locked before the last answers are seen, and what still holds of it afterwards."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml

from evaluation import codec, files
from evaluation.errors import BadArgument, BadDeclaration
from evaluation.schema import Declaration, Outcome, Plan, ProjectFile
from evaluation.texts import Message, quoted

if TYPE_CHECKING:
    from evaluation.collect.access.keys import DataKey

NAME = "plan.lock"
FAMILY, NEWEST = "plan-lock", 1
FORMAT = f"{FAMILY}/{NEWEST}"
_HEADER = "# Written by 'evaluation plan lock' and sealed with the record's key; an edit by hand is refused.\n"
# What an outcome is called, and what was assumed to plan its size, changes no result.
_NOT_ANALYSIS = ("labels", "sd_of_change")


@dataclass(frozen=True, slots=True)
class Lock:
    """One locking of plan.yml; its hashes are SHA-256 in hexadecimal digits.

    ``plan`` is of everything declared; ``rest`` of all but the outcomes (waves, alpha, thresholds);
    ``outcomes`` of each outcome with the scoring of its scale. ``data_seen``: whether the record held,
    or had held at an earlier lock, an answer of the wave ``endline``. ``design`` is of what project.yml
    declares of how finely topics are told, "" where that is nothing; ``planned`` how many people were planned, by which
    that is decided where nothing is declared (0 in locks of earlier versions of the kit).
    """

    locked_on: dt.date
    kind: Literal["prospective", "retrospective"]
    data_seen: bool
    endline: str
    plan: str
    rest: str
    outcomes: Mapping[str, str]
    primary: tuple[str, ...]
    seal: str = ""
    design: str = ""
    planned: int = 0

    def designed_as(self, file: ProjectFile) -> bool:
        """Whether project.yml still lets topics be told as finely as it did."""
        return self.design == file.design and self.planned in (0, file.planned_participants)


@dataclass(frozen=True, slots=True)
class _LockFile:
    locks: tuple[Lock, ...]
    format: str = FORMAT


def locks(folder: Path, key: DataKey) -> tuple[Lock, ...]:
    """All locks of the plan in ``folder``, oldest first; empty where it was never locked.

    Raises BadDeclaration where plan.lock is not what ``lock`` wrote.
    """
    if not (folder / NAME).exists():
        return ()
    read = codec.load(_LockFile, folder / NAME, newer=True)
    try:
        codec.version(read.format, FAMILY, NEWEST)
    except BadDeclaration as error:
        raise BadDeclaration("project.plan.unreadable", error=error.message) from None
    before = ""
    # A seal is over the lock as it is written, with what another version of the kit put there.
    written = yaml.safe_load((folder / NAME).read_text(encoding="utf-8"))["locks"]
    for one, values in zip(read.locks, written, strict=True):
        if not hmac.compare_digest(one.seal, _seal(values, before, key)):
            raise BadDeclaration("project.plan.edited", day=one.locked_on)
        before = one.seal
    return read.locks


def lock(folder: Path, declaration: Declaration, key: DataKey, *, on: dt.date, seen: bool) -> tuple[Message, ...]:
    """Lock the plan as it stands, after all earlier locks; the sentences to tell.

    ``seen``: whether the record holds endline answers. A plan that is as the last lock holds it is not
    locked again. Raises BadArgument where ``on`` lies before the last lock, and for more primary outcomes
    than a plan can hold.
    """
    plan, earlier = declaration.plan, locks(folder, key)
    if plan.sprawling:
        many = _too_many(plan)
        raise BadArgument(many.key, **many.facts)
    new = _lock(declaration, on=on, seen=seen)
    if earlier and earlier[-1].plan == new.plan and earlier[-1].designed_as(declaration.file):
        return (Message("project.plan.as_locked", day=earlier[-1].locked_on),)
    if earlier and on < earlier[-1].locked_on:
        raise BadArgument("project.plan.locked_later", last=earlier[-1].locked_on, day=on)
    sealed = dataclasses.replace(new, seal=_seal(codec.plain(new), earlier[-1].seal if earlier else "", key))
    _write(folder / NAME, (*earlier, sealed))
    facts = {"day": on, "hash": new.plan[:12]}
    if plan.kind == "retrospective":
        return (Message("project.plan.locked_retrospective", **facts),)
    if new.data_seen:
        after = Message("project.plan.locked_after", **facts)
        return (after, *_exploratory(declaration, (*earlier, sealed), seen=True))
    return (Message("project.plan.locked_before", **facts),)


def preplanned(declaration: Declaration, locked: Sequence[Lock], *, seen: bool) -> dict[str, bool]:
    """Whether each outcome is analysed as the last lock before endline answers were ``seen`` says.

    Until they are seen nothing is too late. Nothing is preplanned in a retrospective plan, or in one
    with more primary outcomes than ``most_primary``.
    """
    outcomes = declaration.plan.outcomes
    if declaration.plan.kind == "retrospective" or declaration.plan.sprawling:
        return dict.fromkeys([outcome.id for outcome in outcomes], False)
    if not seen:
        return dict.fromkeys([outcome.id for outcome in outcomes], True)
    held = _in_time(locked)
    same = held is not None and held.rest == _rest(declaration.plan)
    return {
        outcome.id: same and held is not None and held.outcomes.get(outcome.id) == _analysis(declaration, outcome)
        for outcome in outcomes
    }


def design_late(declaration: Declaration, locked: Sequence[Lock], *, seen: bool) -> bool:
    """Whether it was declared after endline answers were ``seen`` how finely topics are told."""
    held, file = _in_time(locked), declaration.file
    return seen and not (held.designed_as(file) if held is not None else file.design == "")


def dropped(plan: Plan, locked: Sequence[Lock]) -> int:
    """How many primary outcomes of the last lock in time are primary no more: they stay in Holm's family."""
    held = _in_time(locked)
    return len(set(held.primary if held else ()) - {outcome.id for outcome in plan.primary})


def state(declaration: Declaration, locked: Sequence[Lock], *, seen: bool) -> Iterator[Message]:
    """Whether the plan is locked and what changed since, in sentences for inside."""
    if not locked and declaration.plan.kind == "retrospective":
        yield Message("project.plan.retrospective")
    elif not locked and not seen:
        yield Message("project.plan.lock_it")
    elif not locked:
        yield Message("project.plan.too_late")
    else:
        yield _since(declaration, locked[-1], seen=seen)
    yield from _exploratory(declaration, locked, seen=seen)


def _in_time(locked: Sequence[Lock]) -> Lock | None:
    """The last lock made before endline answers were seen."""
    return next((one for one in reversed(locked) if not one.data_seen), None)


def _since(declaration: Declaration, last: Lock, *, seen: bool) -> Message:
    now = _lock(declaration, on=last.locked_on, seen=seen)
    when = Message("project.plan.after_answers" if last.data_seen else "project.plan.before_answers")
    if not last.designed_as(declaration.file):
        return Message("project.plan.changed", day=last.locked_on, when=when, what=[Message("project.plan.rungs")])
    if now.plan == last.plan:
        return Message("project.plan.unchanged", day=last.locked_on, when=when)
    parts: list[object] = [] if now.rest == last.rest else [Message("project.plan.rest")]
    parts += [
        quoted(name)
        for name in dict.fromkeys((*last.outcomes, *now.outcomes))
        if now.outcomes.get(name) != last.outcomes.get(name)
    ]
    what = parts or [Message("project.plan.labels_only")]
    return Message("project.plan.changed", day=last.locked_on, when=when, what=what)


def _exploratory(declaration: Declaration, locked: Sequence[Lock], *, seen: bool) -> Iterator[Message]:
    plan = declaration.plan
    if plan.sprawling:
        yield Message("project.plan.all_exploratory", why=_too_many(plan))
        return
    late = [name for name, planned in preplanned(declaration, locked, seen=seen).items() if not planned]
    if late and plan.kind == "prospective":
        yield Message("project.plan.exploratory", outcomes=late)


def _too_many(plan: Plan) -> Message:
    return Message("project.plan.too_many", primary=len(plan.primary), most=plan.most_primary)


def _lock(declaration: Declaration, *, on: dt.date, seen: bool) -> Lock:
    plan = declaration.plan
    outcomes = {outcome.id: _analysis(declaration, outcome) for outcome in plan.outcomes}
    return Lock(
        locked_on=on,
        kind=plan.kind,
        data_seen=seen,
        endline=plan.endline,
        plan=codec.digest([codec.declared(plan), outcomes]),
        rest=_rest(plan),
        outcomes=outcomes,
        primary=tuple(outcome.id for outcome in plan.primary),
        design=declaration.file.design,
        planned=declaration.file.planned_participants,
    )


def _rest(plan: Plan) -> str:
    return codec.digest(codec.declared(plan, without=("outcomes",)))


def _analysis(declaration: Declaration, outcome: Outcome) -> str:
    """The hash of an outcome's declaration and of how its scale is scored, without their labels."""
    scale = declaration.scale(outcome)
    instrument = declaration.instrument_of(outcome)
    keys = {name: instrument.item(name).key for name in scale.items}
    return codec.digest(
        [codec.declared(outcome, without=_NOT_ANALYSIS), codec.declared(scale, without=("labels",)), keys]
    )


def _seal(values: Mapping[str, Any], before: str, key: DataKey) -> str:
    """A keyed hash of the lock's values as they are written and of the seal before it."""
    dated = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}
    about = codec.digest([{**dated, "seal": ""}, before])
    return hmac.new(key.derive("plan"), about.encode("ascii"), hashlib.sha256).hexdigest()


def _write(path: Path, locked: Sequence[Lock]) -> None:
    text = yaml.safe_dump(codec.plain(_LockFile(tuple(locked))), sort_keys=False, allow_unicode=True)
    files.write(path, _HEADER + text)
