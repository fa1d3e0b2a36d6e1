"""What cannot be protected, or cannot be true, is refused with the cells named and no number told."""

from __future__ import annotations

import pickle
import re
from typing import Any

import pytest

from evaluation.errors import BadDeclaration, Contradiction, Infeasible
from evaluation.release.suppress import protection
from evaluation.release.suppress.protection import protect


def line(**more: Any) -> dict[str, Any]:
    """PL 3 + UA 17 + BG 21 = 41, and 41 is public."""
    values = {"PL": 3, "UA": 17, "BG": 21}
    cells = [{"id": n, "at": {"country": n}, "value": value} for n, value in values.items()]
    cells.append({"id": "all", "at": {}, "value": 41})
    return {
        "format": "sdc-audit/1",
        "tables": [{"id": "T", "release": "R1", "cells": cells}],
        "relations": [{"terms": [["PL", 1], ["UA", 1], ["BG", 1], ["all", -1]]}],
        "must_publish": ["all"],
        "sensitive": {"PL": [0, 5]},
    } | more


def with_value(name: str, value: Any) -> dict[str, Any]:
    document = line()
    for cell in document["tables"][0]["cells"]:
        if cell["id"] == name:
            cell["value"] = value
    return document


def test_the_line_itself_is_protected_by_one_partner() -> None:
    found = protect(line())
    assert found.primary == ("PL",)
    assert found.cost == 2


def test_published_numbers_that_give_a_sensitive_one_away_are_named_and_no_others() -> None:
    document = line(must_publish=["all", "UA", "BG"])
    with pytest.raises(Infeasible) as refused:
        protect(document)
    assert "PL cannot stay" in str(refused.value)
    assert "are published: UA, BG and all;" in str(refused.value)
    document["tables"][0]["cells"].append({"id": "other", "at": {"x": "y"}, "value": 7})
    document["must_publish"].append("other")
    with pytest.raises(Infeasible) as refused:
        protect(document)
    assert "other" not in str(refused.value)


def test_what_a_sensitive_number_collides_with_is_found_only_once_somebody_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, find = [], protection.collision
    monkeypatch.setattr(protection, "collision", lambda *told: found.append(told) or find(*told))
    with pytest.raises(Infeasible) as refused:
        protect(line(must_publish=["all", "UA", "BG"]))
    assert not found
    said = [str(refused.value), refused.value.in_all()["en"], str(pickle.loads(pickle.dumps(refused.value)))]
    assert len({*said}) == 1
    assert "are published: UA, BG and all;" in said[0]
    assert len(found) == 1


def test_a_sensitive_number_that_must_be_published_is_refused() -> None:
    with pytest.raises(Infeasible, match="PL is sensitive and must be published"):
        protect(line(must_publish=["PL", "all"]))


def test_a_number_that_must_be_published_and_suppressed_is_refused() -> None:
    with pytest.raises(Infeasible, match="UA must be published and must be suppressed"):
        protect(line(must_publish=["UA"], must_suppress=["UA"]))


def test_a_number_that_must_be_published_but_is_not_there_is_refused() -> None:
    document = with_value("UA", None)
    with pytest.raises(Infeasible, match="UA must be published but has no value"):
        protect(document | {"must_publish": ["UA"]})


def test_an_interval_that_public_knowledge_excludes_is_refused_whatever_is_hidden() -> None:
    with pytest.raises(Infeasible, match=r"PL cannot stay .* whatever is hidden"):
        protect(line(bounds={"PL": [1, None]}))


def test_an_interval_that_what_everybody_knows_still_allows_is_protected() -> None:
    assert protect(line(bounds={"PL": [1, None]}, sensitive={"PL": [1, 5]})).cost == 2


@pytest.mark.parametrize(
    ("document", "names"),
    [
        (with_value("UA", 18), ["PL", "UA", "BG", "all"]),
        (with_value("UA", -1), ["UA is negative"]),
        (with_value("UA", 17.5), ["UA is not whole"]),
        (line(bounds={"UA": [20, 30]}), ["UA is outside its 'bounds'"]),
        (line(bounds={"UA": [30, 20]}), ["bounds of UA"]),
        (line(equal=[["UA", "BG"]]), ["UA and BG are one quantity"]),
        (line(relations=[{"terms": [["UA", 1], ["BG", -1]], "sense": ">="}]), ["UA and BG"]),
        (line(percentages=[{"num": "PL", "den": "all", "value": 8.3, "decimals": 1}]), ["PL in all"]),
        (line(means=[{"scores": [["PL", 1], ["UA", 2]], "value": 1.7, "decimals": 1}]), ["mean of PL and UA"]),
    ],
)
def test_numbers_that_cannot_all_be_true_are_refused_by_name(document: dict[str, Any], names: list[str]) -> None:
    with pytest.raises(Contradiction) as refused:
        protect(document)
    for name in names:
        assert name in str(refused.value)


def test_a_percentage_of_the_true_counts_is_no_contradiction() -> None:
    assert protect(line(percentages=[{"num": "PL", "den": "all", "value": 7.3, "decimals": 1}])).cost == 2


def test_a_percentage_printed_from_the_end_of_its_interval_is_no_contradiction() -> None:
    document = line(relations=[], sensitive={"PL": [0, 5]})
    document["tables"][0]["cells"][1]["value"] = 24  # 3/24 = 12.5 %
    for value in (12, 13):
        document["percentages"] = [{"num": "PL", "den": "UA", "value": value, "decimals": 0}]
        assert protect(document).withdrawn == (("PL", "UA"),)
    document["percentages"] = [{"num": "PL", "den": "UA", "value": 14, "decimals": 0}]
    with pytest.raises(Contradiction):
        protect(document)


def test_the_same_cell_twice_in_a_table_is_refused() -> None:
    document = line()
    document["tables"][0]["cells"].append({"id": "PL again", "at": {"country": "PL"}, "value": 3})
    with pytest.raises(Contradiction, match="PL and PL again of table T are the same cell"):
        protect(document)
    document["tables"][0]["cells"][-1] = {"id": "PL", "at": {"country": "RO"}, "value": 3}
    with pytest.raises(Contradiction, match="'PL' is given twice"):
        protect(document)


def test_two_tables_that_show_one_quantity_differently_are_refused() -> None:
    document = line(auto_equal=True)
    document["tables"].append(
        {"id": "U", "release": "R1", "cells": [{"id": "U:UA", "at": {"country": "UA"}, "value": 16}]}
    )
    with pytest.raises(Contradiction, match="UA and U:UA are one quantity"):
        protect(document)
    document["tables"][1]["release"] = "R2"
    assert protect(document).cost == 2


def test_printed_numbers_that_no_hidden_ones_fit_are_refused_by_the_rows_that_exclude_each_other() -> None:
    document = with_value("UA", None)
    document["tables"][0]["cells"][2]["value"] = 40
    with pytest.raises(Contradiction) as refused:
        protect(document)
    assert all(name in str(refused.value) for name in ("PL", "UA", "BG", "all"))


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (line(format="sdc-audit/2"), "sdc-audit/1"),
        (line(must_publish=["ALL"]), "'must_publish' of the document names 'ALL'"),
        (line(equal=[["UA", "RO"]]), "'equal' of the document names 'RO'"),
        (line(sensitive={"PL": [5, 0]}), "'sensitive: PL' of the document has a lowest number above its highest"),
        (line(sensitive={"PL": 5}), "'sensitive: PL' of the document needs two numbers"),
        (line(relations=[{"terms": [["PL", 1]], "sense": "<"}]), "needs a 'sense' of =, <= or >="),
        (line(relations=[{"sense": "<="}]), "KeyError"),
        (line(relations="PL"), "'relations' of the document needs a list"),
        (line(tables=[{"id": "T", "cells": [{"at": {}, "value": 1}]}]), "cell of table T has no id"),
        (line(tables=[{"id": "T", "cells": [{"id": "a", "value": 1, "weight": -1}]}]), "weight of a"),
        (with_value("UA", "17"), "'value: UA' of the document needs a number"),
    ],
)
def test_what_is_not_the_format_is_refused_with_the_place(document: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadDeclaration, match=re.escape(sentence)):
        protect(document)


def test_no_refusal_tells_a_number() -> None:
    for document in (
        line(must_publish=["all", "UA", "BG"]),
        line(bounds={"PL": [1, None]}),
        with_value("UA", 18),
        with_value("UA", -1),
    ):
        with pytest.raises((Infeasible, Contradiction)) as refused:
            protect(document)
        assert not re.search(r"\d", str(refused.value))
