"""The typed document and the open format say the same, and a part of it stands by itself."""

from __future__ import annotations

import json

from evaluation.release.audit.verdict import audit
from evaluation.release.suppress.protection import protect
from evaluation.release.system.assembly import document, publication
from evaluation.release.system.document import values
from tests.release.drafts import draft, name, table, variable

SEX = variable("sex", "F", "M")
AGE = variable("age", "young", "old", "older")
BOTH = (
    table("sex", [SEX], {(): 41, ("F",): 38, ("M",): 3}),
    table("age", [AGE], {(): 41, ("young",): 20, ("old",): 19, ("older",): 2}),
)


def test_what_the_optimiser_reads_is_json_and_its_answer_gives_the_numbers_back():
    written = document(draft("r", *BOTH), threshold=5)
    mapping = written.as_mapping()
    assert json.loads(json.dumps(mapping)) == mapping
    assert values(mapping) == {cell.id: cell.value for cell in written.cells}
    left = values(protect(mapping).published)
    assert left[name("", "r")] == 41
    assert left[name("sex=F", "r")] is left[name("sex=M", "r")] is None


def test_numbers_that_are_hidden_are_hidden_in_the_mapping_too_and_only_they():
    seen = publication(document(draft("r", *BOTH), threshold=5), [name("sex=M", "r")]).as_mapping()
    assert values(seen)[name("sex=M", "r")] is None
    assert values(seen)[name("sex=F", "r")] == 38
    assert audit(seen).exact == (name("sex=M", "r"),)


def test_a_part_has_the_relations_of_its_quantities_with_the_numbers_that_these_rest_on():
    part = document(draft("r", *BOTH), threshold=5).about({name("sex=F", "r"), name("sex=M", "r")})
    assert {cell.id for cell in part.cells} == {name(codes, "r") for codes in ("", "sex=F", "sex=M")}
    assert [row.terms for row in part.relations] == [
        ((name("sex=F", "r"), 1), (name("sex=M", "r"), 1), (name("", "r"), -1))
    ]
    assert part.sensitive == {name("sex=M", "r"): (0, 5)}
    assert part.must_publish == (name("", "r"),)
