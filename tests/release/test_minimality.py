"""What is left for a reader who runs our own rule on every table that fits what was published."""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path

import pytest

from evaluation.errors import Disclosive
from evaluation.release import ledger, minimality
from evaluation.release.released import Draft
from tests.release.drafts import draft, propose, released, table, variable

CODES = ("a", "b", "c")


def counted(values: tuple[int, ...], *, zeros: bool = False) -> Draft:
    cells = {(): sum(values), **{(code,): value for code, value in zip(CODES, values, strict=True)}}
    return draft("2015-final", table("T", [variable("v", *CODES)], cells, zeros=zeros))


@functools.cache
def published(values: tuple[int, ...], zeros: bool, folder: Path) -> tuple[object, ...]:
    """What a reader sees of these three counts; how many others look the same is not asked again for each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(minimality, "MOST", -1)
        proposal = propose(counted(values, zeros=zeros), folder)
    assert proposal.certificate.candidates is None
    return tuple(count.value for count in proposal.leaving.tables[0].counts)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder without releases, in which nothing is released, so that all tables of nine people are tried once."""
    return tmp_path_factory.mktemp("empty")


@pytest.mark.parametrize("zeros", [False, True])
@pytest.mark.parametrize("values", [(3, 2, 4), (1, 2, 6), (2, 7, 0), (1, 1, 7)])
def test_the_candidates_are_those_of_plain_enumeration(values: tuple[int, ...], zeros: bool, empty: Path) -> None:
    n = sum(values)
    everything = [(a, b, n - a - b) for a in range(n + 1) for b in range(n + 1 - a)]
    own = published(values, zeros, empty)
    same = [other for other in everything if published(other, zeros, empty) == own]
    assert values in same
    proposal = propose(counted(values, zeros=zeros), empty)
    unsafe = [i for i, code in enumerate(CODES) if any(f"v={code}]" in name for name in proposal.primary)]
    expected = min((len({other[i] for other in same}) for i in unsafe), default=None)
    assert proposal.certificate.candidates == expected


def test_too_many_tables_are_not_assessed_and_the_certificate_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert propose(counted((3, 2, 9)), tmp_path).certificate.candidates == 4
    monkeypatch.setattr(minimality, "MOST", 5)  # six tables fit: 3 + 2 is 0 + 5, 1 + 4, ...
    assert propose(counted((3, 2, 9)), tmp_path).certificate.candidates is None


def test_a_later_release_is_not_assessed(tmp_path: Path) -> None:
    released(counted((3, 2, 9)), tmp_path)
    later = dataclasses.replace(counted((3, 2, 15)), release="2016-final")
    assert propose(later, tmp_path).certificate.candidates is None


def test_nothing_leaves_when_the_rule_itself_would_tell_a_hidden_number(tmp_path: Path) -> None:
    proposal = propose(counted((3, 2, 9)), tmp_path)
    told = dataclasses.replace(proposal.leaving.certificate, candidates=1)
    unsafe = dataclasses.replace(proposal, leaving=dataclasses.replace(proposal.leaving, certificate=told))
    assert not unsafe.safe
    with pytest.raises(Disclosive, match="Whoever knows the rule"):
        ledger.release(unsafe, tmp_path)
    assert not list(tmp_path.glob("*.json*"))
