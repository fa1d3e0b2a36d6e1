"""What the officer adds to her documents stays hers: signed, labelled, looked through, arranged as her funder asks."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from evaluation.codec import load
from evaluation.errors import BadDeclaration, RunFailed
from evaluation.project.checks import check_lines
from evaluation.project.papers import documents, own_words
from evaluation.project.papers.claims import claim_lines
from evaluation.project.releases import releasing
from evaluation.report import executed
from evaluation.report.blocks import Document
from evaluation.report.own import Own, boxes, judgements, profile, written
from evaluation.report.own.judgements import Signed
from evaluation.report.own.profile import Profile
from evaluation.resources import folder as resource
from tests.conftest import Folder, worded
from tests.readers import squeezed
from tests.report.handmade import all_parts, make_released
from tests.report.handmade import executed as shown

HEAD = "---\nauthor: Ewa Nowak\ndate: 2015-12-20\nafter: {after}\n---\n"
KIT = sorted((resource("data_schema") / "funders").glob("*.yml"))


@pytest.fixture(scope="module", params=["en", "pl"])
def whole(request: pytest.FixtureRequest) -> Document:
    return executed.document(shown(all_parts(make_released(), request.param)), language=request.param)


def judgement(text: str, *, language: str = "en", after: str = "outcomes") -> judgements.Judgement:
    return judgements.read(f"x.{language}.md", HEAD.format(after=after) + text)


# --- her paragraphs --------------------------------------------------------------------------------


def test_a_judgement_stands_behind_its_part_and_its_figures_signed_and_labelled(whole: Document) -> None:
    own = Own((judgement("We *think* so.", language=whole.language), judgement("x", language="en", after="needs")))
    text = written(whole, "r", own)["r.txt"].decode()
    label = {"en": "Judgement of the project (Ewa Nowak,", "pl": "Ocena własna projektu (Ewa Nowak,"}[whole.language]
    assert text.count(label) == text.count("We think so.") == 1
    named = [(part.name, " ".join(part.heading.split())) for part in whole.parts if part.heading]
    headings = [heading for _, heading in named]
    outcomes = dict(named)["outcomes"]
    after = headings[headings.index(outcomes) + 1]
    flat = " ".join(text.split())
    assert flat.index(f"{outcomes} ---") < flat.index("We think so.") < flat.index(f"{after} ---")


def test_what_she_writes_changes_no_number(whole: Document, tmp_path: Path) -> None:
    own = Own((judgement("All is well for 41, 977 times.", language=whole.language),))
    before, after = written(whole, "r", Own()), written(whole, "r", own)
    assert {name for name in before if before[name] != after[name]} == {
        name for name in before if not name.endswith((".json", ".csv", ".xlsx"))
    }
    place = tmp_path / whole.language
    place.mkdir()
    (place / "r.json").write_bytes(after["r.json"])
    said = worded(own_words.unprinted(own, tmp_path))
    assert len(said) == 1
    assert f"x.{whole.language}.md says 977" in said[0]


@pytest.mark.parametrize(
    ("name", "source", "fault"),
    [
        ("x.md", HEAD.format(after="outcomes"), "ends with its language"),
        ("x.de.md", HEAD.format(after="outcomes"), "ends with its language"),
        ("x.en.md", "Just a text.", "begins with its head"),
        ("x.en.md", "---\nauthor: A\nafter: outcomes\n---\nT", "date"),
        ("x.en.md", "---\nauthor: ' '\ndate: 2015-12-20\nafter: outcomes\n---\nT", "needs an author"),
        ("x.en.md", HEAD.format(after="outcome"), "no document has a part 'outcome'.*'outcomes'"),
        ("x.en.md", HEAD.format(after="outcomes\nquote: true"), "a quote needs 'consent_on'"),
        (
            "x.en.md",
            HEAD.format(after="outcomes\nquote: true\nconsent_on: 2015-11-01\nchecked_by: ewa nowak"),
            "a second person",
        ),
    ],
)
def test_a_text_that_nobody_stands_for_is_refused(name: str, source: str, fault: str) -> None:
    with pytest.raises(BadDeclaration, match=fault):
        judgements.read(name, source)


def test_a_quote_says_who_checked_it() -> None:
    more = "outcomes\nquote: true\nconsent_on: 2015-11-01\nchecked_by: Jan Kowal"
    one = judgement("I sleep again.", after=more)
    released = make_released()
    document = executed.document(shown(all_parts(released, "en")), language="en")
    said = " ".join(written(document, "r", Own((one,)))["r.txt"].decode().split())
    assert "printed with separate consent (Ewa Nowak, 20 December 2015; checked by Jan Kowal): I sleep again." in said


def test_more_than_text_is_refused() -> None:
    with pytest.raises(RunFailed, match=r"texts/x\.en\.md"):
        judgement("![a](b.png)")


def test_texts_of_the_folder_are_looked_through_for_codes_and_claims(copied: Folder) -> None:
    texts = copied.path / "texts"
    texts.mkdir()
    (texts / "one.en.md").write_text(HEAD.format(after="outcomes") + "The project led to safety.\n", encoding="utf-8")
    (texts / "report.docx").write_bytes(b"hers")
    with copied.open() as project:
        own = own_words.read(project)
        assert [one.name for one in own.judgements] == ["one.en.md"]
        assert own.template == b"hers"
        assert any("texts/one.en.md, line 6" in line for line in worded(claim_lines(copied.path, project.declaration)))
        (texts / "two.en.md").write_text(HEAD.format(after="outcomes") + "P-017 said so.\n", encoding="utf-8")
        with pytest.raises(BadDeclaration, match=r"texts/two\.en\.md, line 6: .* code of a participant"):
            own_words.read(project)
    (texts / "two.en.md").write_text(HEAD.format(after="outcomes") + "Room P-0171 was free.\n", encoding="utf-8")
    with copied.open() as project:
        own_words.read(project)  # another word that begins so
    (texts / "two.en.md").unlink()
    file = copied.path / "project.yml"
    words = file.read_text(encoding="utf-8")
    changed = words.replace("en: in or near Warsaw", "en: where P-017 lives")
    line = changed[: changed.index("P-017")].count("\n") + 1
    file.write_text(changed, encoding="utf-8")
    with copied.open() as project:
        for asked in (lambda: releasing.propose(project, "final"), lambda: list(check_lines(project))):
            with pytest.raises(BadDeclaration, match=rf"project\.yml, line {line}: .* code of a participant"):
                asked()
    file.write_text(words.replace("in or near Warsaw", "in or near P-0171"), encoding="utf-8")
    with copied.open() as project:
        own_words.check_codes(project)  # another word that begins so


# --- the funder's profile ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", KIT, ids=lambda path: path.stem)
def test_a_profile_arranges_the_document_and_leaves_what_protects(path: Path, whole: Document) -> None:
    wanted = load(Profile, path)
    parts = [part.name for part in profile.arranged(whole, wanted).parts if part.heading]
    there = {part.name for part in whole.parts}
    expected = [one.part for one in wanted.sections if one.part in there]
    assert parts == [*expected, *(name for name in profile.KEPT if name not in expected)]
    assert set(wanted.documents) <= {"report", "analysis", "progress"}
    if path.stem == "neutral":
        assert not {"bilateral_summary", "partnership"} & set(parts)


def test_figures_stay_behind_their_part_and_headings_are_the_funders(whole: Document) -> None:
    heading = {"en": "Indicators first", "pl": "Najpierw wskaźniki"}
    sections = (profile.Section("indicators", heading), profile.Section("facts"))
    told = profile.arranged(whole, Profile({"en": "x"}, "own", sections=sections)).parts
    assert [part.id for part in told][:3] == ["indicators", "figure-indicators", "facts"]
    assert told[0].heading == heading[whole.language]
    assert told[-1].place == "footer"


def test_a_box_holds_its_parts_with_their_characters_counted(whole: Document) -> None:
    box = profile.Box({"en": "Results", "pl": "Rezultaty"}, ("results_summary",), 10)
    said = boxes.filled(whole, box)
    wanted = Profile({"en": "x"}, "own", boxes=(box,), sections=(profile.Section("facts"),))
    text = written(whole, "r", Own(profile=wanted))["r.boxes.txt"].decode()
    assert said in text
    limit = {"en": f"{len(said):,}of10characters", "pl": f"{len(said)}z10znaków"}[whole.language]
    assert limit in squeezed(text)
    assert {"en": "Too long by", "pl": "Za długie o"}[whole.language] in text
    room = dataclasses.replace(box, characters=len(said))
    assert "Too long" not in boxes.written(whole, (room,)).decode()


def test_a_profile_that_asks_for_a_part_nobody_has_is_refused_with_its_line(copied: Folder) -> None:
    own = copied.path / "funders"
    own.mkdir()
    (own / "mine.yml").write_text("label: {en: Mine}\nstatus: own\nsections:\n  - part: outcom\n", encoding="utf-8")
    with pytest.raises(BadDeclaration, match=r"mine\.yml.*'outcom'.*'outcomes'"):
        own_words.profile(copied.path, "mine")
    asked = "label: {en: Mine}\nstatus: own\n"
    for more, said in (
        ("documents: [report, reprot]", r"mine\.yml, line 3: there is no document 'reprot'; did you mean 'report'"),
        (
            "indicators:\n  - {measure: trust, unit: x, label: {en: T}}\n  - {measure: trusst, unit: x, label: {}}",
            r"mine\.yml, line 5: no indicator can have the measure 'trusst'; did you mean 'trust'",
        ),
    ):
        (own / "mine.yml").write_text(asked + more, encoding="utf-8")
        with pytest.raises(BadDeclaration, match=said):
            own_words.profile(copied.path, "mine")
    with pytest.raises(BadDeclaration, match=r"names the funder profile 'citi'.*'city'"):
        own_words.profile(copied.path, "citi")


def test_what_is_recalled_says_unverified_and_what_is_asked_in_vain_is_named(copied: Folder) -> None:
    path = copied.path / "project.yml"
    path.write_text(path.read_text(encoding="utf-8") + "\nfunder: eea_norway_2014_2021\n", encoding="utf-8")
    with copied.open() as project:
        said = worded(own_words.lines(copied.path, project.declaration))
    assert "Unverified" in said[0]
    assert any("has the measure satisfaction" in line for line in said[1:])
    assert not any("has the measure trust" in line for line in said)


def test_a_progress_note_is_made_where_the_profile_asks_for_it(reported: Folder) -> None:
    source = (reported.path / "releases" / "final.json").read_text(encoding="utf-8")
    city = own_words.profile(reported.path, "city")
    made = documents.drawn({"": (source, "")}, ["pl"], parameters={}, own=Own(profile=city))
    assert {name.partition("/")[2].partition(".")[0] for name in made} == {"report", "progress"}
    assert "pl/report.boxes.txt" in made
    assert "Notatka o postępach" in made["pl/progress.txt"].decode()


def test_a_head_needs_what_it_needs() -> None:
    import datetime as dt

    day = dt.date(2015, 11, 1)
    assert Signed("A", day, "facts", quote=True, consent_on=day, checked_by="B").checked_by == "B"
