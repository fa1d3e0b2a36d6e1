"""One release in two editions: the public one is chosen among the numbers that the confidential one prints."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from evaluation.errors import LedgerError
from evaluation.release.bundle import Edition
from evaluation.release.files.chain import Entry
from evaluation.release.planned import hours
from evaluation.release.released import Draft, Mean, Released, Value
from evaluation.release.system.quantities import identity
from evaluation.schema import Rules
from evaluation.texts import Message


def of(entries: Sequence[Entry], edition: Edition) -> tuple[Entry, ...]:
    """What the readers of an edition were ever given.

    The funder's reader has the public ones too, of which each follows from the confidential one beside it.
    """
    return tuple(entry for entry in entries if entry.edition == edition)


def check(entries: Sequence[Entry], rules: Rules) -> None:
    """Raises LedgerError where the releases so far were made for other readers than the rules name."""
    wanted = [(one.profile, one.threshold) for one in rules.audiences]
    for release in dict.fromkeys(entry.release for entry in entries):
        made = [(entry.profile, entry.threshold) for entry in entries if entry.release == release]
        if made == wanted:
            continue
        if len(made) == len(wanted) == 1:
            (before, old), (now, new) = made[0], wanted[0]
            way = "stricter" if old > new else "looser"
            raise LedgerError(f"release.ledger.{way}", release=release, before=before, old=old, now=now, new=new)
        looser = min(made, key=_threshold)[1] > min(wanted, key=_threshold)[1]
        way = "looser_edition" if looser else "other_editions"
        raise LedgerError(f"release.ledger.{way}", release=release, before=_said(made), now=_said(wanted))


def _threshold(audience: tuple[str, int]) -> int:
    return audience[1]


def _said(audiences: Sequence[tuple[str, int]]) -> list[Message]:
    return [Message("release.ledger.edition", name=name, threshold=threshold) for name, threshold in audiences]


def printed(leaving: Released) -> dict[str, Value]:
    """What an edition tells of each protected quantity, by its name."""
    return {
        identity(table.population, leaving.release, count.at): count.value
        for table in leaving.told_now
        if table.protected
        for count in table.counts
    }


def numbers(leaving: Released) -> frozenset[str]:
    """The names of the quantities whose number an edition prints."""
    return frozenset(name for name, value in printed(leaving).items() if isinstance(value, int))


def as_told(draft: Draft, confidential: Released) -> Draft:
    """The draft with no more of its means, of their first scores and of hours than the confidential edition tells."""
    told = {_mean(mean): mean for mean in confidential.means if mean.change is not None and mean.as_of is None}

    def kept(mean: Mean) -> Mean:
        other = told.get(_mean(mean))
        if other is None:
            return dataclasses.replace(mean, change=None)
        return mean if other.start is not None else dataclasses.replace(mean, start=None)

    return hours.as_told(dataclasses.replace(draft, means=tuple(map(kept, draft.means))), confidential)


def _mean(mean: Mean) -> tuple[object, ...]:
    return mean.id, mean.method, mean.wave, mean.change, mean.low, mean.high


def beyond(public: Released, confidential: Released, known: Mapping[str, tuple[int | None, int | None]]) -> list[str]:
    """What the public edition tells that does not follow from the confidential one: nothing, or the gate is wrong.

    ``known``: between which numbers the reader of the confidential edition knows each one that it does not print.
    """
    exact = {name: (value, value) for name, value in printed(confidential).items() if isinstance(value, int)}
    found = []
    for name, value in printed(public).items():
        told = (value, value) if isinstance(value, int) else value
        inner = exact.get(name) or known.get(name)  # or a number that the gate let leave, of a table told as before
        if told is not None and inner is not None and not _inside(inner, told):
            found.append(name)
    starts = {_mean(mean): mean.start for mean in confidential.means if mean.change is not None}
    for mean in (mean for mean in public.means if mean.change is not None and mean.as_of is None):
        if _mean(mean) not in starts or mean.start not in (None, starts[_mean(mean)]):
            found.append(mean.id)
    return found


def _inside(inner: tuple[int | None, int | None], outer: tuple[int, int | None]) -> bool:
    low, high = inner
    return (low or 0) >= outer[0] and (outer[1] is None or (high is not None and high <= outer[1]))
