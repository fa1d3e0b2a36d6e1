"""A proposal passes optimiser and auditor, is entered once, and nothing else makes a release."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

import evaluation
from evaluation.errors import BadArgument, Contradiction, Disclosive, Infeasible, LedgerError
from evaluation.release import bundle, ledger
from evaluation.release.audit.verdict import audit
from evaluation.release.released import Mean
from evaluation.release.suppress.protection import protect
from evaluation.release.system import means
from evaluation.release.system.means import tellable, withheld
from tests.release.drafts import (
    ANSWERED,
    HIGHER,
    LOWER,
    PROVENANCE,
    draft,
    line,
    mean,
    name,
    outcome,
    propose,
    reference,
    released,
    table,
    value,
    variable,
)

SEX = variable("sex", "F", "M")
REGION = variable("region", "europe", "asia", "africa")


def nothing_hidden(document, *, steps):
    """An optimiser that forgot to hide."""
    return SimpleNamespace(published=document, primary=(), optimal=True, gap=0)


def only_unsafe_hidden(document, *, steps):
    """An optimiser that forgot the complements."""
    tables = [
        {
            **t,
            "cells": [{**c, "value": None if c["id"] in document["sensitive"] else c["value"]} for c in t["cells"]],
        }
        for t in document["tables"]
    ]
    return SimpleNamespace(published={**document, "tables": tables}, primary=(), optimal=True, gap=0)


# --- the reference case ------------------------------------------------------------------------


def test_at_five_the_four_who_fell_are_hidden_with_the_five_who_stayed_the_same(tmp_path):
    found = propose(reference(), tmp_path, "funder")
    assert set(found.hidden) == {name("security.direction=lower"), name("security.direction=same")}
    assert found.primary == (name("security.direction=lower"),)
    assert value(found, "security.direction", security__direction="higher") == 24
    assert value(found, "security.direction", security__direction="lower") == (0, 9)
    assert value(found, "security.pairs", security__pairs="yes") == 33
    assert found.leaving.means[0].n == 33
    assert found.intervals[name("security.direction=lower")] == (0, 9)
    assert (found.loss, found.certificate.hidden, found.certificate.numbers) == (2, 2, 7)
    assert found.safe
    assert found.certificate.optimal


def test_at_ten_also_the_five_and_because_41_is_public_the_eight_who_did_not_answer(tmp_path):
    found = propose(reference(), tmp_path, "public")
    codes = ("direction=lower", "direction=same", "direction=not_paired", "pairs=no", "pairs=yes")
    assert set(found.hidden) == {name(f"security.{code}") for code in codes}
    assert set(found.primary) == set(found.hidden) - {name("security.pairs=yes")}
    assert value(found, "security.direction", security__direction="higher") == 24
    assert found.leaving.means[0].n == (24, 41)
    assert found.leaving.means[0].change == 2.0
    assert found.intervals[name("security.pairs=no")] == (0, 17)
    assert found.safe


def test_a_share_leaves_only_with_both_of_its_counts(tmp_path):
    higher, lower, points = propose(reference(), tmp_path, "funder").leaving.indicators
    assert (higher.achieved, higher.n, higher.of) == (0.73, 33, 41)  # 24/33
    assert (higher.achieved_share, higher.progress) == (1.22, 1.22)  # .73/.6
    assert (lower.achieved, lower.achieved_share, lower.progress) == (None, None, None)
    assert lower.withheld == withheld("too_few")
    assert (points.achieved, points.n, points.achieved_share) == (2.0, 33, 0.8)
    at_ten = propose(reference(), tmp_path, "public").leaving.indicators
    assert at_ten[0].achieved is None
    assert at_ten[0].withheld == withheld("too_few")
    assert (at_ten[0].n, at_ten[0].of) == ((24, 41), 41)
    assert (at_ten[0].low, at_ten[0].high) == (0.58, 1.0)  # 24/41 = 0.585
    assert (lower.low, lower.high) == (0.0, 0.28)  # 9/33 = 0.2727
    assert at_ten[2].n == (24, 41)


def test_inside_nothing_is_hidden(tmp_path):
    found = propose(reference(), tmp_path, "internal")
    assert found.hidden == ()
    assert found.leaving.indicators[1].achieved == 0.12  # 4/33


@pytest.mark.parametrize("profile", ["funder", "public"])
def test_no_hidden_number_is_anywhere_in_the_files_of_a_release(tmp_path, profile):
    # Numbers that occur nowhere else, so that finding one is finding a leak.
    what = draft(
        "r",
        *outcome(431, 3, 2, 107),
        table("t", [REGION], {(): 543, ("europe",): 401, ("asia",): 139, ("africa",): 3}),
        means=[mean(436, 543)],
    )
    found = propose(what, tmp_path, profile)
    assert found.hidden
    ledger.release(found, tmp_path)
    pairs = ((t.counts, shown.counts) for t, shown in zip(what.tables, found.leaving.tables, strict=True))
    both = (pair for counts, left in pairs for pair in zip(counts, left, strict=True))
    hidden = {count.value for count, left in both if not isinstance(left.value, int)}
    assert hidden & {401, 139}
    for path in tmp_path.iterdir():
        numbers = {int(n) for n in re.findall(r"(?<![\w.-])\d+(?![\w.-])", path.read_text(encoding="utf-8"))}
        # The ledger keeps what follows of hidden numbers, so small ends of intervals are there.
        assert not numbers & {n for n in hidden if n > 10}
        if path.name == "r.json":
            values = [c["value"] for t in json.loads(path.read_text(encoding="utf-8"))["tables"] for c in t["counts"]]
            assert not {value for value in values if isinstance(value, int)} & hidden


# --- the auditor has the last word ---------------------------------------------------------------


def test_an_optimiser_that_forgets_to_hide_is_caught_and_nothing_is_written(tmp_path):
    found = propose(reference(), tmp_path, protect=nothing_hidden)
    assert not found.safe
    assert name("security.direction=lower") in found.narrow
    assert found.certificate.narrow > 0
    with pytest.raises(Disclosive, match=re.escape(name("security.direction=lower"))):
        ledger.release(found, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.stat().st_size] == []


def test_an_optimiser_that_forgets_the_complement_is_caught(tmp_path):
    found = propose(reference(), tmp_path, protect=only_unsafe_hidden)
    assert found.exact == (name("security.direction=lower"),)
    assert found.certificate.exact == 1
    with pytest.raises(Disclosive):
        ledger.release(found, tmp_path)


def test_an_optimiser_that_changes_a_number_is_caught(tmp_path):
    def rounding(document, *, steps):
        made = protect(document, steps=steps).published
        for cell in made["tables"][0]["cells"]:
            cell["value"] = cell["value"] and 5 * round(cell["value"] / 5)
        return SimpleNamespace(published=made, primary=(), optimal=True, gap=0)

    with pytest.raises(Contradiction, match="was changed"):
        propose(reference(), tmp_path, protect=rounding)


def test_a_document_that_contradicts_itself_is_not_released(tmp_path):
    def contrary(document):
        return SimpleNamespace(
            consistent=False, intervals={}, exact=(), narrow=(), rows=(), apart=False, where="somewhere"
        )

    found = propose(reference(), tmp_path, audit=contrary)
    with pytest.raises(Disclosive, match="somewhere"):
        ledger.release(found, tmp_path)


def test_the_auditor_judges_what_leaves_and_never_sees_a_hidden_number(tmp_path):
    seen = []

    def watching(document):
        seen.append(document)
        return audit(document)

    found = propose(reference(), tmp_path, audit=watching)
    values = {cell["id"]: cell["value"] for t in seen[-1]["tables"] for cell in t["cells"]}
    assert {id for id, number in values.items() if number is None} == set(found.hidden)


def test_how_many_more_than_the_fewest_are_hidden_is_said_inside_only_and_after_a_first_release_nothing_of_it(tmp_path):
    def hurried(document, *, steps):
        return dataclasses.replace(protect(document, steps=steps), optimal=False, gap=3)

    first = propose(reference(), tmp_path, protect=hurried)
    assert (first.gap, first.certificate.optimal, first.certificate.gap) == (3, False, None)
    assert ledger.release(first, tmp_path).certificate == first.certificate
    again = propose(reference(), tmp_path)
    assert (again.gap, again.certificate.optimal) == (None, False)  # what it was is not kept
    for hasty in ({}, {"protect": hurried}):
        later = propose(reference(release="second"), tmp_path, **hasty)
        assert later.certificate.hidden
        assert (later.certificate.optimal, later.certificate.gap) == (None, None)
        assert later.gap == (3 if hasty else 0)


# --- means -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "of", "threshold", "told"),
    [
        (33, 41, 5, True),
        (33, 41, 10, True),
        (41, 41, 5, True),
        (10, 41, 5, True),
        (9, 41, 5, False),
        (4, 41, 5, False),
        (12, 15, 5, True),
        (12, 14, 5, False),  # a mean of at least ten among fourteen would say that fewer than five are missing
        (15, 19, 10, False),
        (10, 20, 10, True),
    ],
)
def test_a_mean_is_told_from_ten_people_on_where_that_says_little_of_the_others(n, of, threshold, told):
    assert tellable(n, of, threshold) is told


def test_everybody_may_be_told_where_a_zero_tells_nothing():
    assert tellable(11, 11, 5, zeros_sensitive=False)
    assert not tellable(11, 11, 5)


def test_whether_a_mean_is_told_never_depends_on_how_many_others_there_are():
    for threshold in (5, 10):
        for of in range(1, 60):
            told = {n: tellable(n, of, threshold) for n in range(of + 1)}
            enough = [n for n in told if n >= max(10, threshold)]
            assert len({told[n] for n in enough}) <= 1


@pytest.mark.parametrize("missing", [8, 9, 10, 11])
def test_a_hidden_n_reads_the_same_whether_it_is_unsafe_or_only_protects_another(missing, tmp_path):
    # The others (missing) are below, at or above the threshold of ten; "same" and "lower" are always unsafe.
    tables = outcome(41 - missing - 3, 2, 1, missing)
    found = propose(draft("r", *tables, means=[mean(41 - missing, 41)]), tmp_path, "public").leaving.means[0]
    assert found.change == 2.0
    assert found.n in ((38 - missing, 41), 41 - missing)
    if missing < 10:
        assert found.n == (38 - missing, 41)


def test_a_mean_of_nine_is_withheld_with_the_same_reason_as_any_other(tmp_path):
    nine = draft("r", *outcome(9, 0, 0, 32, zeros=False), means=[mean(9, 41)])
    found = propose(nine, tmp_path).leaving.means[0]
    assert (found.n, found.change, found.low, found.high) == (None, None, None, None)
    assert found.withheld == withheld("too_few")
    ten = draft("r", *outcome(10, 0, 0, 31, zeros=False), means=[mean(10, 41)])
    assert propose(ten, tmp_path).leaving.means[0].change == 2.0


def test_the_reason_from_inside_does_not_leave_because_it_tells_a_number(tmp_path):
    told = dataclasses.replace(mean(3, 41, None), withheld={"en": "Only 3 answered twice."})
    found = propose(draft("r", *outcome(2, 1, 0, 38), means=[told]), tmp_path).leaving.means[0]
    assert found.withheld == withheld("too_few")
    assert found.n is None


def test_the_n_is_hidden_where_its_count_is_hidden_only_for_the_sake_of_others(tmp_path):
    # 33 pairs are safe and so are the 8 others, but an optimiser may need their places.
    def keeping(document, *, steps):
        made = protect(document, steps=steps)
        for t in made.published["tables"]:
            for cell in t["cells"]:
                if "pairs" in cell["id"] or "not_paired" in cell["id"]:
                    cell["value"] = None
        return made

    found = propose(reference(), tmp_path, protect=keeping)
    assert found.leaving.means[0].n == (24, 41)
    assert found.safe


def test_a_mean_that_would_give_a_hidden_count_away_is_withheld_and_the_others_stay(tmp_path):
    # Three who rose, and a mean so high that some must have: hiding the three needs silence.
    tables = [*outcome(3, 20, 10, 8), *called("awareness"), *called("rights")]
    means = [mean(33, 41, 1.5, step=0.5)]
    means += [dataclasses.replace(mean(33, 41), id=other) for other in ("awareness", "rights")]
    found = propose(draft("r", *tables, means=means), tmp_path)
    assert [one.change for one in found.leaving.means] == [None, 2.0, 2.0]
    assert found.safe


def called(other):
    """Another outcome's two tables, in which nothing is small."""

    def renamed(names):
        return {key.replace("security", other): inner for key, inner in names.items()}

    return [
        dataclasses.replace(
            t,
            id=t.id.replace("security", other),
            variables=tuple(
                dataclasses.replace(v, id=v.id.replace("security", other), within=renamed(v.within))
                for v in t.variables
            ),
            counts=tuple(dataclasses.replace(c, at=renamed(c.at)) for c in t.counts),
        )
        for t in outcome(15, 8, 10, 8)
    ]


def test_what_is_public_and_unsafe_is_refused_with_the_reason(tmp_path):
    two = table("t", [SEX], {(): 41, ("F",): 38, ("M",): 3}, public=[(), ("F",)])
    with pytest.raises(Infeasible, match="sex=M"):
        propose(draft("r", two), tmp_path)


# --- indicators ----------------------------------------------------------------------------------


def only_line(tmp_path, made, **tables):
    what = draft("r", *outcome(24, 9, 0, 8, zeros=False), means=[mean(33, 41)], lines=[made])
    return propose(what, tmp_path).leaving.indicators[0]


def test_progress_is_missing_with_the_reason_where_the_target_equals_the_baseline(tmp_path):
    found = only_line(tmp_path, line(numerator=HIGHER, unit="persons", baseline=30, target=30))
    assert (found.achieved, found.achieved_share, found.progress) == (24, 0.8, None)
    assert "equals the baseline" in found.withheld["en"]
    assert "równa bazowej" in found.withheld["pl"]


def test_four_of_five_achieved_is_no_progress_where_it_began_with_four(tmp_path):
    found = only_line(tmp_path, line(numerator=HIGHER, unit="persons", baseline=24, target=30))
    assert (found.achieved_share, found.progress) == (0.8, 0.0)


def test_progress_may_be_negative_and_more_than_all(tmp_path):
    fell = only_line(tmp_path, line(numerator=HIGHER, unit="persons", baseline=28, target=30))
    assert fell.progress == -2.0
    more = only_line(tmp_path, line(numerator=HIGHER, unit="persons", baseline=0, target=9))
    assert (more.achieved_share, more.progress) == (2.67, 2.67)


def test_without_a_target_there_is_neither_share_nor_progress(tmp_path):
    found = only_line(tmp_path, line(numerator=HIGHER, unit="persons", target=None))
    assert (found.achieved, found.achieved_share, found.progress) == (24, None, None)
    assert found.withheld["en"] == "No target was agreed."


def test_without_a_baseline_or_with_a_target_of_zero_the_reason_is_given(tmp_path):
    assert "no baseline" in only_line(tmp_path, line(numerator=HIGHER, unit="persons", baseline=None)).withheld["en"]
    zero = only_line(tmp_path, line(numerator=HIGHER, unit="persons", baseline=10, target=0))
    assert (zero.achieved_share, zero.progress) == (None, -1.4)
    assert "target is zero" in zero.withheld["en"]


def test_a_share_is_rounded_half_up_to_whole_percents(tmp_path):
    sexes = table("t", [SEX], {(): 200, ("F",): 125, ("M",): 75})
    made = line(numerator=ledger_reference("t", sex="F"), denominator=ledger_reference("t"), target=None)
    found = propose(draft("r", sexes, lines=[made]), tmp_path).leaving.indicators[0]
    assert found.achieved == 0.63  # 62.5 %


def ledger_reference(table_id, **at):
    return dataclasses.replace(HIGHER, table=table_id, at=at)


def test_an_indicator_is_computed_from_the_released_mean(tmp_path):
    found = only_line(tmp_path, line(unit="points", of_mean="security", target=4.0, achieved=17.0))
    assert (found.achieved, found.achieved_share) == (2.0, 0.5)


def test_a_number_of_people_without_a_table_or_mean_is_refused(tmp_path):
    for level, unit in (("outcome", "share"), ("output", "persons"), ("outcome", "points")):
        with pytest.raises(Contradiction, match="rests on no table"):
            only_line(tmp_path, line(level=level, unit=unit, achieved=3.0))


def test_an_open_number_passes_but_not_the_participants_behind_it(tmp_path):
    found = only_line(tmp_path, line(level="output", unit="number", achieved=12.0, target=10, n=3))
    assert (found.achieved, found.achieved_share, found.n, found.of) == (12.0, 1.2, None, None)


@pytest.mark.parametrize(
    "made",
    [
        line(numerator=dataclasses.replace(HIGHER, table="nowhere")),
        line(numerator=HIGHER, denominator=dataclasses.replace(ANSWERED, at={"sex": "F"})),
        line(of_mean="nothing"),
    ],
)
def test_an_indicator_that_points_nowhere_is_refused(tmp_path, made):
    with pytest.raises(Contradiction, match="not there"):
        only_line(tmp_path, made)


def test_a_share_of_nobody_is_missing_with_the_reason(tmp_path):
    nobody = draft(
        "r",
        *outcome(0, 0, 0, 41, zeros=False),
        lines=[line(numerator=LOWER, denominator=ANSWERED)],
    )
    found = propose(nobody, tmp_path).leaving.indicators[0]
    assert found.achieved is None
    assert found.withheld["en"] == "Nobody could be counted."


# --- entering ------------------------------------------------------------------------------------


def test_a_release_is_entered_and_can_be_read_again(tmp_path):
    made = released(reference(), tmp_path)
    assert bundle.read(tmp_path / "2015-final.json") == made
    (entry,) = ledger.read(tmp_path, "demo")
    assert (entry.release, entry.threshold, entry.bundle) == ("2015-final", 5, made.digest)
    assert entry.released_on == PROVENANCE.released_on


def test_the_ledger_keeps_only_what_was_printed_and_what_was_hidden(tmp_path):
    released(reference(), tmp_path)
    (entry,) = ledger.read(tmp_path, "demo")
    kept = {tuple(cell.at.values()): cell.value for cell in entry.populations["participants"].cells}
    assert kept == {
        (): 41,
        ("higher",): 24,
        ("same",): None,
        ("lower",): None,
        ("not_paired",): 8,
        ("yes",): 33,
        ("no",): 8,
    }


def test_the_same_draft_again_gives_the_release_that_is_there(tmp_path):
    first = released(reference(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    found = propose(reference(), tmp_path)
    assert found.again
    assert found.leaving == first
    assert ledger.release(found, tmp_path) == first
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_is_proposed_again_says_which_hidden_numbers_are_unsafe_themselves_as_it_did_at_first(tmp_path):
    counts = {(): 48, ("europe",): 30, ("asia",): 4, ("africa",): 14}
    asked = draft("r", table("t", [REGION], counts))
    first = propose(asked, tmp_path)
    assert first.primary == (name("region=asia", "r"),)
    assert len(first.hidden) == 2
    ledger.release(first, tmp_path)
    for later in ("", "x"):
        if later:
            released(draft(later, table("t", [SEX], {(): 48, ("F",): 45, ("M",): 3})), tmp_path)
        found = propose(asked, tmp_path)
        assert found.again
        assert (found.hidden, found.primary, found.loss) == (first.hidden, first.primary, first.loss)
        assert {one: found.intervals[one] for one in found.hidden} == {
            one: first.intervals[one] for one in first.hidden
        }


def test_which_hidden_numbers_are_unsafe_themselves_is_said_of_the_numbers_of_today(tmp_path):
    one = table("t", [REGION], {(): 37, ("europe",): 30, ("asia",): 4, ("africa",): 3})
    other = table("t", [REGION], {(): 37, ("europe",): 30, ("asia",): 2, ("africa",): 5})
    released(draft("r", one), tmp_path)
    assert propose(draft("r", one), tmp_path).primary == (name("region=asia", "r"), name("region=africa", "r"))
    assert propose(draft("r", other), tmp_path).primary == (name("region=asia", "r"),)


def test_the_same_draft_on_another_day_and_by_another_optimiser_is_still_that_release(tmp_path):
    first = released(reference(), tmp_path)
    later = dataclasses.replace(PROVENANCE, released_on=PROVENANCE.released_on.replace(year=2016))
    found = ledger.propose(
        reference(), tmp_path, project="demo", rules=ledger.Rules("funder"), provenance=later, protect=nothing_hidden
    )  # fmt: skip
    assert ledger.release(found, tmp_path) == first


@pytest.mark.parametrize("again", ["2015-final", "2015-FINAL"])
def test_a_name_is_never_given_to_other_numbers(tmp_path, again):
    released(reference(), tmp_path)
    other = draft(again, *outcome(25, 5, 4, 7), means=[mean(34, 41)])
    with pytest.raises(LedgerError, match="another name"):
        propose(other, tmp_path)
    assert len(ledger.read(tmp_path, "demo")) == 1


def test_the_second_of_two_proposals_with_one_name_is_refused(tmp_path):
    first, second = propose(reference("r"), tmp_path), propose(draft("r", *outcome(25, 5, 4, 7)), tmp_path)
    ledger.release(first, tmp_path)
    with pytest.raises(LedgerError, match="another name"):
        ledger.release(second, tmp_path)


def test_a_hidden_number_that_changed_under_the_same_name_shows_no_difference(tmp_path):
    one = table("t", [REGION], {(): 37, ("europe",): 30, ("asia",): 4, ("africa",): 3})
    other = table("t", [REGION], {(): 37, ("europe",): 30, ("asia",): 1, ("africa",): 6})
    assert released(draft("r", other), tmp_path) == released(draft("r", one), tmp_path)


def test_a_proposal_made_before_another_release_has_to_be_made_again(tmp_path):
    waiting = propose(reference("second"), tmp_path)
    released(reference("first"), tmp_path)
    with pytest.raises(LedgerError, match="propose it again"):
        ledger.release(waiting, tmp_path)
    assert [entry.release for entry in ledger.read(tmp_path, "demo")] == ["first"]


@pytest.mark.parametrize(("first", "second"), [("public", "funder"), ("funder", "internal"), ("funder", "public")])
def test_a_project_keeps_one_audience(tmp_path, first, second):
    released(reference("first"), tmp_path, first)
    with pytest.raises(LedgerError, match="one audience"):
        propose(reference("second"), tmp_path, second)


def test_a_ledger_of_another_project_is_refused(tmp_path):
    released(reference(), tmp_path)
    with pytest.raises(LedgerError, match="'demo', not of 'other'"):
        ledger.read(tmp_path, "other")


@pytest.mark.parametrize("bad", ["", "../escape", "a/b", "a b", ".hidden", "końcowy", "x" * 99, "a\n"])
def test_a_release_has_a_name_that_every_disk_can_bear(tmp_path, bad):
    with pytest.raises(BadArgument, match="cannot name a release"):
        propose(reference(bad), tmp_path)


def test_the_ledger_head_in_a_bundle_is_that_of_everything_before(tmp_path):
    assert released(reference("first"), tmp_path).provenance.ledger_head == "0" * 64
    (entry,) = ledger.read(tmp_path, "demo")
    assert released(reference("second"), tmp_path).provenance.ledger_head == entry.hash


def test_a_proposal_writes_nothing_and_has_no_digest(tmp_path):
    found = propose(reference(), tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert found.leaving.digest == ""
    with pytest.raises(LedgerError, match="proposal"):
        bundle.text(found.leaving)


def test_only_the_ledger_makes_a_release():
    rooms = Path(evaluation.__file__).parent
    makers = {
        path.relative_to(rooms).as_posix()
        for path in rooms.rglob("*.py")
        if re.search(r"(?<!class )\bReleased\(", path.read_text(encoding="utf-8"))
    }
    assert makers == {"release/printed/printing.py"}
    users = {path.name for path in rooms.rglob("*.py") if "leaving_of(" in path.read_text(encoding="utf-8")}
    assert users == {"printing.py", "ledger.py"}


def test_whatever_a_mean_comes_to_hold_is_blank_where_it_is_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclasses.dataclass(frozen=True)
    class Richer(Mean):
        median: float | None = None

    monkeypatch.setattr(means, "Mean", Richer)
    declared = {field.name: getattr(mean(9, 41), field.name) for field in dataclasses.fields(Mean)}
    full = Richer(**{**declared, "trusted": False}, median=2.0)
    left = means._printed_mean(full, None, {})
    told = {name for name, value in vars(left).items() if value is not None} - {"withheld"}
    assert told - {"trusted"} <= set(means.DECLARED)
    assert (left.median, left.trusted, left.withheld) == (None, True, withheld("too_few"))
