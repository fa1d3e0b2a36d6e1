"""Small drafts for the tests of the gate; tables stand in the tests as {codes: number}."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from evaluation.release import ledger
from evaluation.release.facts import Fact
from evaluation.release.ledger import Proposal
from evaluation.release.released import (
    Count,
    CountTable,
    Draft,
    Facts,
    Line,
    Mean,
    Provenance,
    Reference,
    Relation,
    Released,
    Variable,
)
from evaluation.schema import Rules

L: Mapping[str, str] = {"en": "word", "pl": "słowo"}
PEOPLE = "participants"


def variable(name: str, *codes: str, **within: Mapping[str, str]) -> Variable:
    return Variable(name, L, dict.fromkeys(codes, L), {k.replace("__", "."): v for k, v in within.items()})


def table(
    name: str,
    variables: Sequence[Variable],
    counts: Mapping[tuple[str, ...], int],
    *,
    public: Sequence[tuple[str, ...]] = ((),),
    present: Sequence[tuple[str, ...]] = (),
    population: str = PEOPLE,
    protected: bool = True,
    zeros: bool = False,
) -> CountTable:
    """``counts``: the codes of each cell, each of which belongs to the variable that has it."""

    def at(codes: tuple[str, ...]) -> dict[str, str]:
        return {next(v.id for v in variables if code in v.codes): code for code in codes}

    cells = tuple(
        Count(at(codes), number, public=codes in public, present=codes in present) for codes, number in counts.items()
    )
    return CountTable(name, "topic", L, population, tuple(variables), cells, protected, zeros)


FACTS = Facts(
    project="demo",
    title={"en": "Back to a life of her own", "pl": "Z powrotem do własnego życia"},
    promoter="Fictional Foundation",
    place={"en": "Warsaw", "pl": "Warszawa"},
    fictional=True,
    purpose=L,
    planned=30,
    reached=41,
    countries=8,
    period_start=dt.date(2014, 1, 1),
    period_end=dt.date(2015, 12, 31),
    programme="PL05",
    fund="EEA Grants",
    operator="Operator",
    amount="100000.00",
    currency="EUR",
    donor_states=("Norway",),
    partners=(("Partner", "NO", True),),
    courses=(("polish", L),),
    outcomes=(("security", L),),
    languages=("en", "pl"),
    statements=(),
)
PROVENANCE = Provenance(data="d" * 8, plan="p" * 8, library="0.1", python="3.11.9", released_on=dt.date(2015, 12, 31))

PAIRS = variable("security.pairs", "yes", "no")
DIRECTION = variable(
    "security.direction",
    "higher",
    "same",
    "lower",
    "not_paired",
    security__pairs={"higher": "yes", "same": "yes", "lower": "yes", "not_paired": "no"},
)


def outcome(higher: int, same: int, lower: int, missing: int, *, zeros: bool = True) -> tuple[CountTable, ...]:
    """The two tables of one outcome, with the total of everyone public."""
    paired = higher + same + lower
    everyone = paired + missing
    first = {
        (): everyone,
        ("higher",): higher,
        ("same",): same,
        ("lower",): lower,
        ("not_paired",): missing,
    }
    second = {(): everyone, ("yes",): paired, ("no",): missing}
    return (
        table("security.direction", [DIRECTION], first, zeros=zeros),
        table("security.pairs", [PAIRS], second),
    )


def mean(
    n: int,
    of: int,
    change: float | None = 2.0,
    *,
    method: str = "paired",
    step: float = 1.0,
    around: tuple[float, float] = (1.6, 1.5),
) -> Mean:
    low, high = (round((change or 0) + end, 1) for end in (-around[0], around[1]))
    return Mean("security", L, method, n, of, change, low, high, "higher", 6, 30, step=step)  # type: ignore[arg-type]


def line(
    *,
    unit: str = "share",
    baseline: float | None = 0.0,
    target: float | None = 0.6,
    numerator: Reference | None = None,
    denominator: Reference | None = None,
    of_mean: str = "",
    achieved: float | None = None,
    level: str = "outcome",
    n: int | None = None,
) -> Line:
    return Line(
        "O1",
        L,
        level,  # type: ignore[arg-type]
        unit,
        L,
        baseline=baseline,
        baseline_date=None,
        target=target,
        numerator=numerator,
        denominator=denominator,
        mean=of_mean,
        achieved=achieved,
        n=n,
        of=n,
    )


HIGHER = Reference("security.direction", {"security.direction": "higher"})
LOWER = Reference("security.direction", {"security.direction": "lower"})
ANSWERED = Reference("security.pairs", {"security.pairs": "yes"})


def draft(
    release: str,
    *tables: CountTable,
    means: Sequence[Mean] = (),
    lines: Sequence[Line] = (),
    relations: Sequence[Relation] = (),
    facts: Sequence[Fact] = (),
) -> Draft:
    known = tuple(relations), tuple(facts)
    return Draft(FACTS, release, tuple(tables), tuple(means), tuple(lines), (), (), *known)


def reference(release: str = "2015-final") -> Draft:
    """24 higher, 5 the same, 4 lower, 8 not paired, of 41 whom everybody knows; an indicator rests on those higher."""
    shares = line(numerator=HIGHER, denominator=ANSWERED), line(numerator=LOWER, denominator=ANSWERED)
    points = line(unit="points", of_mean="security", target=2.5, baseline=0.0)
    direction, pairs = outcome(24, 5, 4, 8)
    weighed = [replace(count, weight=2) if dict(count.at) == HIGHER.at else count for count in direction.counts]
    return draft(
        release, replace(direction, counts=tuple(weighed)), pairs, means=[mean(33, 41)], lines=[*shares, points]
    )


def propose(
    what: Draft, folder: Path, profile: str = "funder", editions: tuple[str, ...] = (), **chosen: Any
) -> Proposal:
    """Through the real optimiser and auditor, unless others are ``chosen``."""
    rules = Rules("public" if editions else profile, editions=editions)  # type: ignore[arg-type]
    return ledger.propose(what, folder, project="demo", rules=rules, provenance=PROVENANCE, **chosen)


def released(what: Draft, folder: Path, profile: str = "funder") -> Released:
    return ledger.release(propose(what, folder, profile), folder)


def name(codes: str, release: str = "2015-final") -> str:
    return f"{PEOPLE}@{release}[{codes}]"


def value(proposal: Proposal, table_id: str, **at: str) -> object:
    """What is printed in one cell; ``security__direction`` stands for ``security.direction``."""
    codes = {key.replace("__", "."): code for key, code in at.items()}
    found = next(one for one in proposal.leaving.tables if one.id == table_id)
    return next(count.value for count in found.counts if dict(count.at) == codes)
