"""A release goes to JSON and back unchanged, and a changed bundle is refused."""

from __future__ import annotations

import dataclasses
import json
from types import MappingProxyType

import numpy as np
import pytest

from evaluation import codec
from evaluation.errors import LedgerError
from evaluation.release import bundle, ledger
from evaluation.release.released import Activity, Count, Survey
from tests.release.drafts import draft, outcome, propose, reference, released


@pytest.fixture
def path(tmp_path):
    released(reference(), tmp_path)
    return tmp_path / "2015-final.json"


def test_a_release_comes_back_as_it_left(path, tmp_path):
    found = bundle.read(path)
    assert bundle.text(found) == path.read_text(encoding="utf-8")
    assert found == ledger.release(propose(reference(), tmp_path), tmp_path)


def test_a_range_a_hidden_number_a_date_and_open_tables_come_back(tmp_path):
    what = dataclasses.replace(
        reference(),
        activities=(Activity("cooperation", "visit", {"en": "visit"}, 3, 2, None),),
        surveys=(
            Survey("NGO", True, "endline", 5.5, None, True),
            Survey("x", False, "endline", None, 4, None),
        ),
    )
    ledger.release(propose(what, tmp_path, "public"), tmp_path)
    found = bundle.read(tmp_path / "2015-final.json")
    assert found.means[0].n == (24, 41)
    assert found.facts.period_start.year == 2014
    assert found.activities == what.activities
    assert found.surveys == what.surveys
    assert Count({"security.direction": "lower"}, (0, 17)) in found.tables[0].counts


def test_categories_keep_the_order_in_which_they_are_shown(path):
    (shown, _) = bundle.read(path).tables
    assert list(shown.variables[0].codes) == ["higher", "same", "lower", "not_paired"]


def test_one_changed_digit_is_refused(path):
    text = path.read_text(encoding="utf-8")
    for old, new in (
        ('"value": 24', '"value": 25'),
        ('"change": 2.0', '"change": 2.1'),
        ("2015-12-31", "2015-12-30"),
    ):
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(LedgerError, match="changed after it was released"):
            bundle.read(path)


@pytest.mark.parametrize("key", ["facts", "tables", "certificate", "provenance", "digest", "release"])
def test_a_bundle_without_one_of_its_parts_is_refused(path, key):
    loaded = json.loads(path.read_text(encoding="utf-8"))
    del loaded[key]
    path.write_text(json.dumps(loaded), encoding="utf-8")
    with pytest.raises(LedgerError, match=f"lacks the key '{key}'"):
        bundle.read(path)


@pytest.mark.parametrize(
    ("key", "value"),
    [("tables", 3), ("facts", None), ("release", 1), ("means", [{}]), ("extra", 1), ("indicators", {})],
)
def test_a_bundle_of_another_shape_is_refused(path, key, value):
    loaded = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(loaded | {key: value}), encoding="utf-8")
    with pytest.raises(LedgerError):
        bundle.read(path)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"format": "other"}', '{"a": NaN}', "\x00"])
def test_what_is_not_a_bundle_is_refused_with_its_name(tmp_path, text):
    path = tmp_path / "strange.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError, match=r"strange\.json"):
        bundle.read(path)


def test_bytes_that_are_not_text_and_a_missing_file_are_refused(tmp_path):
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    for name in ("bytes.json", "missing.json"):
        with pytest.raises(LedgerError, match=name.replace(".", r"\.")):
            bundle.read(tmp_path / name)


def test_one_key_given_twice_is_refused(path):
    text = path.read_text(encoding="utf-8").replace("{", '{"release": "other", ', 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError):
        bundle.read(path)


def test_a_release_that_was_changed_in_memory_cannot_be_written(path):
    found = bundle.read(path)
    forged = dataclasses.replace(found, release="forged")
    with pytest.raises(LedgerError, match="changed since"):
        bundle.text(forged)


def test_the_digest_is_the_same_whatever_order_keys_have(path):
    found = bundle.read(path)
    turned = dataclasses.replace(found, facts=dataclasses.replace(found.facts, title={"pl": "b", "en": "a"}))
    straight = dataclasses.replace(found, facts=dataclasses.replace(found.facts, title={"en": "a", "pl": "b"}))
    assert bundle.digest(turned) == bundle.digest(straight) != found.digest


def test_a_whole_number_where_a_fraction_may_stand_is_one_number(tmp_path):
    one = dataclasses.replace(reference().indicators[0], target=1)
    other = dataclasses.replace(one, target=1.0)
    made = [propose(draft("r", *outcome(24, 5, 4, 8), lines=[each]), tmp_path).leaving for each in (one, other)]
    assert bundle.digest(made[0]) == bundle.digest(made[1])


def test_the_content_does_not_depend_on_who_released_it_when(path):
    found = bundle.read(path)
    later = dataclasses.replace(found.provenance, python="3.13.0", released_on=found.facts.period_end)
    assert bundle.content(dataclasses.replace(found, provenance=later)) == bundle.content(found)
    other = dataclasses.replace(found, release="other")
    assert bundle.content(other) != bundle.content(found)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float32(3), object()])
def test_a_number_that_json_cannot_hold_is_refused(path, value):
    mean = dataclasses.replace(bundle.read(path).means[0], change=value)
    with pytest.raises(LedgerError, match="cannot be released"):
        bundle.digest(dataclasses.replace(bundle.read(path), means=(mean,)))


def test_any_mapping_is_an_object(path):
    assert codec.plain(MappingProxyType({"en": "a"})) == {"en": "a"}


def test_true_is_not_one(path):
    loaded = json.loads(path.read_text(encoding="utf-8"))
    loaded["certificate"]["hidden"] = True
    path.write_text(json.dumps(loaded), encoding="utf-8")
    with pytest.raises(LedgerError):
        bundle.read(path)
