"""A release in two editions: the public one tells nothing that the confidential one does not; both leave or none."""

from __future__ import annotations

import dataclasses
import json
import shutil

import pytest
from click.testing import CliRunner

from evaluation.cli import main
from evaluation.errors import BadDeclaration, LedgerError, NotReleased
from evaluation.release import bundle, editions, ledger
from evaluation.release.files import chain
from evaluation.schema import Rules
from tests.release.drafts import draft, mean, name, outcome, propose, reference, released, table, variable

BOTH = ("funder", "public")


@pytest.fixture(scope="module")
def both():
    """The proposal of the small reference draft in both editions, with its mean."""
    return lambda folder, release="2015-final": propose(reference(release), folder, editions=BOTH)


def test_the_public_edition_prints_numbers_of_the_confidential_one_and_fewer(tmp_path, both):
    found = both(tmp_path)
    first = found.confidential
    assert (found.certificate.profile, found.certificate.threshold, found.certificate.beside) == ("public", 10, True)
    assert (first.certificate.profile, first.certificate.threshold, first.certificate.beside) == ("funder", 5, False)
    assert editions.numbers(found.leaving) < editions.numbers(first.leaving)
    assert found.safe
    alone = propose(reference(), tmp_path, "funder")
    assert first.leaving == alone.leaving


def test_what_the_confidential_edition_hides_is_hidden_although_it_would_be_safe_in_public(tmp_path):
    table = draft("r", *outcome(15, 12, 3, 11))
    first = propose(table, tmp_path, "public")
    shown = min(editions.numbers(first.leaving) - {name("", "r")})

    def protect(document, *, steps):
        kept = ledger.suppress.protect(document, steps=steps)
        if document["threshold"] == 10:
            return kept
        tables = [
            {
                **one,
                "cells": [{**cell, "value": None if cell["id"] == shown else cell["value"]} for cell in one["cells"]],
            }
            for one in kept.published["tables"]
        ]
        return dataclasses.replace(kept, published={**kept.published, "tables": tables})

    found = propose(table, tmp_path, editions=BOTH, protect=protect)
    assert shown in found.confidential.hidden
    assert shown in found.hidden


@pytest.mark.parametrize(("higher", "told"), [(12, True), (13, False)])
def test_a_mean_is_public_only_where_the_funder_is_told_it_and_once(tmp_path, higher, told):
    one = draft("first", *outcome(12, 10, 11, 8), means=(mean(33, 41),))
    other = draft("first", *outcome(higher, 10, 23 - higher, 8), means=(mean(33, 41),))
    found = propose(one, tmp_path, editions=BOTH, confidential=one if told else dataclasses.replace(other, means=()))
    public, first = ([m.change for m in edition.leaving.means] for edition in (found, found.confidential))
    assert public == ([2.0] if told else [None])
    assert first == ([2.0] if told else [])
    if told:
        ledger.release(found, tmp_path)
        again = propose(dataclasses.replace(one, release="second"), tmp_path, editions=BOTH)
        assert [m.change for edition in again.editions for m in edition.leaving.means] == [None, None]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((22, 12, 0), (21, 12, 1)),  # publicly nobody is open, if nobody moved
        ((10, 12, 1), (9, 13, 1)),  # publicly ten have none, if nobody moved
        ((18, 10, 10), (18, 9, 12)),
        ((0, 0, 18), (1, 0, 17)),
    ],
)
def test_a_number_that_the_public_takes_for_safe_from_an_earlier_release_refuses_no_later_one(tmp_path, before, after):
    codes = variable("need", "none", "met", "open")
    for release, counts in (("first", before), ("second", after)):
        cells = {(code,): count for code, count in zip(codes.codes, counts, strict=True)}
        found = propose(draft(release, table("need", [codes], {(): sum(counts), **cells})), tmp_path, editions=BOTH)
        assert found.safe
        assert editions.numbers(found.leaving) <= editions.numbers(found.confidential.leaving)
        ledger.release(found, tmp_path)
    small = {name(f"need={code}", "second") for code, count in zip(codes.codes, after, strict=True) if 0 < count < 5}
    assert all(small <= set(edition.hidden) for edition in found.editions)


def test_what_a_public_edition_says_beyond_the_confidential_one_is_found(tmp_path, both):
    found = both(tmp_path)
    public, first, known = found.leaving, found.confidential.leaving, found.confidential.intervals

    def beyond(value, at):
        tables = tuple(
            dataclasses.replace(
                table,
                counts=tuple(
                    dataclasses.replace(c, value=value) if table.protected and dict(c.at) == at else c
                    for c in table.counts
                ),
            )
            for table in public.tables
        )
        return editions.beyond(dataclasses.replace(public, tables=tables), first, known)

    assert editions.beyond(public, first, known) == []
    hidden = next(c for t in first.tables if t.protected for c in t.counts if not isinstance(c.value, int))
    low, high = known[name(",".join(f"{a}={b}" for a, b in sorted(hidden.at.items())))]
    at = dict(hidden.at)
    assert beyond(low, at)
    assert beyond((low, high - 1), at)
    assert beyond((low + 1, high), at)
    assert not beyond((low, high), at)
    assert not beyond((low, None), at)


def test_both_leave_together_and_lie_where_their_readers_look(tmp_path, both):
    public = ledger.release(both(tmp_path), tmp_path)
    first, second = ledger.read(tmp_path, "demo")
    assert [(one.profile, one.edition, one.release) for one in (first, second)] == [
        ("funder", "funder", "2015-final"),
        ("public", "", "2015-final"),
    ]
    assert second.previous == first.hash
    found = {edition: bundle.read(path) for edition, path in bundle.editions(tmp_path / "2015-final.json").items()}
    assert found[""] == public
    assert found["funder"].certificate.profile == "funder"
    assert found["funder"].provenance.ledger_head == public.provenance.ledger_head == chain.NOTHING
    again = both(tmp_path)
    assert [one.again for one in again.editions] == [True, True]
    assert ledger.release(again, tmp_path) == public


@pytest.mark.parametrize("unfinished", ["", ".part"])
def test_the_confidential_bundle_in_the_place_of_the_public_one_is_named(tmp_path, both, unfinished):
    ledger.release(both(tmp_path), tmp_path)
    place = tmp_path / "2015-final.json"
    place.unlink()
    shutil.copy(tmp_path / "funder" / "2015-final.json", f"{place}{unfinished}")
    with pytest.raises(LedgerError, match=rf"^2015-final\.json{unfinished} is another release"):
        both(tmp_path, "2016")


@pytest.mark.parametrize("lost", ["ledger.head", "the last line", "the public bundle", "the confidential bundle"])
def test_half_a_release_is_noticed_or_finished(tmp_path, both, lost):
    ledger.release(both(tmp_path), tmp_path)
    lines = tmp_path / "ledger.jsonl"
    if lost == "ledger.head":  # what a crash leaves right after the lines
        (tmp_path / lost).unlink()
        for path in bundle.editions(tmp_path / "2015-final.json").values():
            path.rename(path.with_name(f"{path.name}.part"))
        assert both(tmp_path).again
        ledger.release(both(tmp_path), tmp_path)
        assert len(bundle.editions(tmp_path / "2015-final.json")) == 2
        return
    if lost == "the last line":
        lines.write_text(lines.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    else:
        (tmp_path / ("" if "public" in lost else "funder") / "2015-final.json").unlink()
    with pytest.raises(LedgerError):
        ledger.release(both(tmp_path), tmp_path)


def test_a_confidential_bundle_that_no_line_knows_is_refused(tmp_path, both):
    ledger.release(both(tmp_path), tmp_path)
    other = tmp_path / "other"
    ledger.release(both(other, "second"), other)
    (other / "funder" / "second.json").rename(tmp_path / "funder" / "second.json")
    with pytest.raises(LedgerError, match="second"):
        ledger.read(tmp_path, "demo")


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (("public", ()), BOTH, "lower threshold cannot be added later"),
        (("funder", ()), BOTH, "a project keeps its editions"),
        (("public", BOTH), ("public",), "a project keeps its editions"),
        (("public", BOTH), ("funder",), "a project keeps its editions"),
    ],
)
def test_an_edition_looser_than_before_is_refused_and_so_is_any_other_set(tmp_path, before, now, said):
    ledger.release(propose(reference("first"), tmp_path, *before), tmp_path)
    with pytest.raises(LedgerError, match=said):
        propose(reference("second"), tmp_path, now[0], now if len(now) > 1 else ())


def test_editions_are_both_or_none_and_are_locked_with_the_plan():
    assert [one.threshold for one in Rules(editions=("public", "funder")).audiences] == [5, 10]
    assert [one.threshold for one in Rules("funder").audiences] == [5]
    assert Rules().design == ""
    assert Rules(editions=BOTH).design == Rules(editions=("public", "funder")).design != ""
    for profile, some in (("funder", BOTH), ("public", ("funder",)), ("public", ("public", "public"))):
        with pytest.raises(BadDeclaration):
            Rules(profile, editions=some)


def test_an_internal_profile_makes_nothing_that_leaves(tmp_path):
    with pytest.raises(NotReleased, match="nothing that leaves"):
        released(reference(), tmp_path, "internal")
    assert ledger.read(tmp_path, "demo") == ()


def test_whoever_has_both_bundles_can_audit_them_together(tmp_path, both):
    ledger.release(both(tmp_path), tmp_path)
    paths = [str(path) for path in bundle.editions(tmp_path / "2015-final.json").values()]

    def told(*some):
        done = CliRunner().invoke(main, ["audit", *some, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.output)

    public, confidential, together = told(paths[0]), told(paths[1]), told(*paths)
    assert (public["threshold"], confidential["threshold"], together["threshold"]) == (10, 5, 5)
    assert together["intervals"] == confidential["intervals"]
    ledger.release(both(tmp_path, "second"), tmp_path)
    other = CliRunner().invoke(main, ["audit", paths[0], str(tmp_path / "second.json")])
    assert other.exit_code == 6
    assert "two releases" in other.output


def test_a_mean_first_score_is_public_only_where_the_funder_is_told_it(tmp_path, both):
    first = both(tmp_path).confidential
    found, known = first.leaving, first.intervals
    told, untold = (dataclasses.replace(mean(33, 41), start=start) for start in (9.5, None))
    without, with_it = (dataclasses.replace(found, means=(one,)) for one in (untold, told))
    one = draft("r", *outcome(12, 10, 11, 8), means=(told,))
    assert [m.start for m in editions.as_told(one, without).means] == [None]
    assert [m.start for m in editions.as_told(one, with_it).means] == [9.5]
    assert editions.beyond(with_it, without, known) == [told.id]
    assert editions.beyond(without, with_it, known) == editions.beyond(with_it, with_it, known) == []


def crossed(both_of, size, *, zeros):
    """Two groupings of ``size`` people, 12 in the first group of each, and ``both_of`` in both first groups."""
    g, c = variable("g", "g1", "g2"), variable("c", "c1", "c2")
    whole = {(): size, ("g1",): 12, ("g2",): size - 12, ("c1",): 12, ("c2",): size - 12}
    cells = {("g1", "c1"): both_of, ("g1", "c2"): 12 - both_of, ("g2", "c1"): 12 - both_of}
    made = table("x", [g, c], {**whole, **cells, ("g2", "c2"): size - 24 + both_of}, zeros=zeros)
    counts = [dataclasses.replace(count, weight=6 if len(count.at) == 1 else 1) for count in made.counts]
    return draft("r", dataclasses.replace(made, counts=tuple(counts)))


@pytest.mark.parametrize(("size", "zeros"), [(32, False), (33, True)])
def test_where_the_confidential_edition_is_the_same_for_several_truths_the_public_one_is_too(tmp_path, size, zeros):
    prints = {}
    for number in range(13):
        found = propose(crossed(number, size, zeros=zeros), tmp_path / str(number), editions=BOTH)
        if found.safe:
            first, public = (tuple(editions.printed(one.leaving).items()) for one in (found.confidential, found))
            prints.setdefault(first, set()).add(public)
    assert max(len(one) for one in prints.values()) == 1
    assert len(prints) < 13
