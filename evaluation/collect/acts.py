"""Three acts on one person: leaving, withdrawing a consent, erasure; each tells first what it changes, then does it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evaluation.codec import nearest
from evaluation.collect.copies import Copies, copies
from evaluation.collect.files.sheet import Row as SheetRow
from evaluation.collect.files.sheet import Sheet
from evaluation.collect.person import Person, person_of
from evaluation.collect.record import entries
from evaluation.collect.record.current import Current
from evaluation.collect.record.entries import Entry
from evaluation.collect.record.store import Receipt, Store
from evaluation.collect.submit import Submission, submit
from evaluation.errors import BadArgument, StoreError
from evaluation.schema import Declaration
from evaluation.texts import Message


@dataclass(frozen=True, slots=True)
class Leave:
    """The person left on a day; ``reason`` is a code of leaving_reasons, or its label in any language."""

    participant: str = field(repr=False)
    on: dt.date
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Withdraw:
    """From a day on the person consents to no use in reports; with ``service``, nor to the service."""

    participant: str = field(repr=False)
    on: dt.date
    service: bool = False


@dataclass(frozen=True, slots=True)
class Erase:
    """All that is recorded of the person is destroyed."""

    participant: str = field(repr=False)


Act = Leave | Withdraw | Erase


@dataclass(frozen=True, slots=True)
class Consequences:
    """What an act will change, before it happens. It counts and names nothing that the person said.

    ``rows``: how many rows the record holds of her, by table and questionnaire, in declared order; ``answers``:
    filled items of questionnaires in them, ``waves``: at which waves. ``releases`` were made already and stay.
    ``copies``: for an erasure, what lies elsewhere in the folder. ``changes``: False where the record says so
    already. ``messages`` tell all of it.
    """

    act: Act
    rows: Mapping[str, int]
    answers: int
    waves: tuple[str, ...]
    releases: tuple[str, ...]
    copies: Copies
    changes: bool
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did: the record's receipt, and what there is to say and still to do."""

    receipt: Receipt
    messages: tuple[Message, ...]


def consequences(
    act: Act, record: Store, *, declaration: Declaration, today: dt.date, folder: Path | None = None
) -> Consequences:
    """What ``act`` would change. ``folder`` is the project's, searched for copies before an erasure.

    Raises StoreError for a code under which nothing is recorded or that was erased; BadArgument for a day that
    cannot be, or a reason that there is not.
    """
    person = record.ask(lambda current: person_of(act.participant, current, declaration))
    _possible(act, person, declaration, today)
    elsewhere = copies(folder, act.participant) if folder and isinstance(act, Erase) else Copies((), ())
    if isinstance(act, Leave):
        changes, told = bool(_leaving(act, person, declaration)), list(_of_leaving(act, person, declaration))
    elif isinstance(act, Withdraw):
        changes, told = any(_withdrawal(act, person, actor="–")), list(_of_withdrawal(act, person, declaration))
    else:
        changes, told = True, list(_of_erasure(person, elsewhere, declaration))
    if person.releases:
        told.append(Message("collect.act.released", names=list(person.releases)))
    return Consequences(
        act,
        {form: n for form, (n, _) in person.rows.items()},
        person.answers,
        person.waves,
        person.releases,
        elsewhere,
        changes,
        tuple(told) if changes else (Message("collect.act.already"),),
    )


def perform(act: Act, record: Store, *, declaration: Declaration, actor: str, today: dt.date) -> Done:
    """Does ``act`` in the name of ``actor``, in one transaction; done already, it changes nothing.

    Raises what ``consequences`` raises.
    """
    if isinstance(act, Leave):
        return _leave(act, record, declaration, actor=actor, today=today)

    def made(current: Current) -> list[Entry]:
        person = person_of(act.participant, current, declaration)
        _possible(act, person, declaration, today)
        if isinstance(act, Erase):
            return [entries.erasure(act.participant, actor=actor)]
        return list(_withdrawal(act, person, actor))

    receipt = record.append(made)
    key = "erased" if isinstance(act, Erase) else "withdrawn" if receipt.stored else "already"
    told = [Message(f"collect.act.{key}"), Message("collect.act.receipt", head=receipt.head)]
    if record.erased_in_journal:
        told.append(Message("collect.record.journal"))
    return Done(receipt, tuple(told))


# --- what is possible ---------------------------------------------------------------------------


def _possible(act: Act, person: Person, declaration: Declaration, today: dt.date) -> None:
    """Raises BadArgument for what cannot be true of the person."""
    if isinstance(act, Erase):
        return
    if act.on > today:
        raise BadArgument("collect.act.future", day=act.on)
    if isinstance(act, Leave):
        _reason(act, declaration)
        enrolled = person.day("enrolled_on")
        if person.enrolment is None:
            raise StoreError("collect.entry.unknown_participant")
        if enrolled and act.on < enrolled:
            raise BadArgument("collect.act.before_enrolment", day=act.on, enrolled=enrolled)


def _reason(act: Leave, declaration: Declaration) -> str:
    """The code of the reason. Raises BadArgument with those that there are."""
    codes = declaration.tables["participants"].field("leaving_reason").codes
    spoken = {label.casefold(): code for code, labels in codes.items() for label in (*labels.values(), code)}
    code = spoken.get(act.reason.strip().casefold())
    if code is None:
        raise BadArgument("collect.act.reason", hint=nearest(act.reason, list(codes)))
    return code


def _leaving(act: Leave, person: Person, declaration: Declaration) -> Mapping[str, str]:
    """The cells of participants that do not say yet that, and why, the person left."""
    wanted = {"left_on": act.on.isoformat(), "leaving_reason": _reason(act, declaration)}
    return {name: value for name, value in wanted.items() if person.cell(name) != value}


def _withdrawal(act: Withdraw, person: Person, actor: str) -> Iterator[Entry]:
    """The entries by which the record says what it does not say yet."""
    if person.withdrawn is None or person.withdrawn > act.on:
        yield entries.withdrawal(act.participant, since=act.on, actor=actor)
    if act.service and person.enrolment and str(person.cell("consent_service")).casefold() != "false":
        values = {**person.enrolment.values, "consent_service": "false"}
        yield entries.correction(person.enrolment.id, values=values, actor=actor)


# --- what is told -------------------------------------------------------------------------------


def _of_leaving(act: Leave, person: Person, declaration: Declaration) -> Iterator[Message]:
    labels = declaration.tables["participants"].field("leaving_reason").codes[_reason(act, declaration)]
    yield Message("collect.act.leave", day=act.on, reason=labels)
    if before := person.day("left_on"):
        yield Message("collect.act.left_before", day=before)
    enrolled = person.day("enrolled_on")
    due = [
        wave.labels
        for wave in declaration.file.waves
        if enrolled and wave.id not in person.waves and enrolled + dt.timedelta(wave.day) > act.on
    ]
    if due:
        yield Message("collect.act.leave_waves", waves=due)
    yield Message("collect.act.leave_stays", n=len(person.held))
    dates = [str(row.values["date"]) for row in person.held if row.values.get("date")]
    if later := sum(day > act.on.isoformat() for day in dates):
        yield Message("collect.act.leave_later", n=later)
    yield Message("collect.act.leave_correctable")


def _of_withdrawal(act: Withdraw, person: Person, declaration: Declaration) -> Iterator[Message]:
    yield Message("collect.act.withdraw", day=act.on)
    if person.answers:
        yield Message("collect.act.withdraw_answers", n=person.answers, waves=_waves(person, declaration))
    if act.service:
        yield Message("collect.act.withdraw_service")
    else:
        yield Message("collect.act.withdraw_counts")
    if not person.day("left_on"):
        yield Message("collect.act.withdraw_leave")
    yield Message("collect.act.withdraw_final")


def _of_erasure(person: Person, elsewhere: Copies, declaration: Declaration) -> Iterator[Message]:
    tables = [Message("collect.act.of_table", table=title, rows=n) for n, title in person.rows.values()]
    yield Message("collect.act.erase", n=len(person.held), tables=tables)
    if person.answers:
        yield Message("collect.act.erase_answers", n=person.answers, waves=_waves(person, declaration))
    yield Message("collect.act.erase_counts")
    yield Message("collect.act.erase_final")
    yield from outside(elsewhere)


def _waves(person: Person, declaration: Declaration) -> list[object]:
    return [wave.labels for wave in declaration.file.waves if wave.id in person.waves]


def outside(elsewhere: Copies) -> Iterator[Message]:
    """The places that an erasure does not reach, those that hold the code by name."""
    if elsewhere.holding:
        yield Message("collect.act.copies", n=len(elsewhere.holding), files=list(elsewhere.holding))
    if elsewhere.closed:
        yield Message("collect.act.closed", n=len(elsewhere.closed), files=list(elsewhere.closed))
    yield Message("collect.act.outside")


# --- what is done -------------------------------------------------------------------------------


def _leave(act: Leave, record: Store, declaration: Declaration, *, actor: str, today: dt.date) -> Done:
    """A correction of the person's row of participants, through the door that all rows take."""
    person = record.ask(lambda current: person_of(act.participant, current, declaration))
    _possible(act, person, declaration, today)
    cells = (act.participant, act.on.isoformat(), _reason(act, declaration))
    sheet = Sheet("leave", ("participant", "left_on", "leaving_reason"), (SheetRow(1, cells),))
    form = declaration.tables["participants"]
    done = submit(Submission(sheet, form, actor, today, correct=True), record, declaration=declaration)
    for rejection in done.intakes[-1].rejected:
        raise BadArgument("collect.act.rejected", column=rejection.column, said=rejection.said)
    key = "left" if done.stored else "already"
    told = (Message(f"collect.act.{key}"), Message("collect.act.receipt", head=done.receipt.head))
    return Done(done.receipt, told)
