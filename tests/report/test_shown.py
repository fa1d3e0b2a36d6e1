"""One thing shown carries blocks, picture, alt text and data together, each picture once."""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Callable

import pytest

from evaluation.errors import BadArgument, BadDeclaration
from evaluation.release.released import Released
from evaluation.report import foreign
from evaluation.report.blocks import Definitions, Figure, Part, Table, fingerprint, paragraphs
from evaluation.report.content import figures
from evaluation.report.shown import FORMAT, MIME, Shown, read
from tests.report.handmade import figure, make_released

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")
NUMBERS = Table("t", "Liczby", ("a", "b"), (("x", "3"),), "–")


def test_a_picture_without_alt_text_cannot_be_made() -> None:
    with pytest.raises(BadArgument, match="alt text"):
        Figure("Caption", "  ", fingerprint(PIXEL), NUMBERS)


def test_a_language_without_documents_is_refused() -> None:
    with pytest.raises(BadArgument, match="'fr'"):
        Part("f", "figures", "fr", "", ())


def test_a_figure_gives_jupyter_its_picture_once_with_alt_text_and_its_blocks_as_data() -> None:
    drawn = Figure("Podpis", "Co <widać>", fingerprint(PIXEL), NUMBERS)
    shown = Shown(Part("f", "figures", "pl", "", (drawn,)), [1], PIXEL)
    data, metadata = shown._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]) == PIXEL
    assert metadata == {"image/png": {"alt": "Co <widać>"}}
    assert json.dumps(data).count(base64.b64encode(PIXEL).decode()) == 1
    assert data["text/plain"] == "Liczby:\n- x: b: 3"
    assert data[MIME]["content"] == [1]
    assert data[MIME]["part"]["blocks"][0]["alt"] == "Co <widać>"
    assert 'alt="Co &lt;widać&gt;"' in shown.html
    assert "<figcaption>Podpis</figcaption>" in shown.html
    assert 'lang="pl"' in shown.html


def test_a_table_has_no_picture_and_no_metadata() -> None:
    shown = Shown(Part("t", "people", "en", "A & B", paragraphs(["x"])), {})
    data, metadata = shown._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", MIME}
    assert metadata == {}
    assert "<h2>A &amp; B</h2>\n<p>x</p>" in data["text/html"]


@pytest.mark.parametrize("language", ["en", "pl"])
def test_everything_shown_is_json_from_which_the_same_part_is_read(
    parts_of: Callable[[str], list[Shown]], language: str
) -> None:
    for shown in parts_of(language):
        data = json.loads(json.dumps(shown._repr_mimebundle_()[0], allow_nan=False))
        again = read(data)
        assert again.part == shown.part
        assert again.png == shown.png
        assert (again.html, again.text) == (shown.html, shown.text)
        assert shown.part.language == language
        assert shown.part.released["release"] == "2015-final"
        assert shown.part.fictional
        assert shown.text, shown.part.id


def test_a_part_of_a_newer_version_says_so() -> None:
    data = Shown(Part("t", "people", "en", "", ()), {})._repr_mimebundle_()[0]
    assert data[MIME]["format"] == FORMAT == "report-part/1"
    data[MIME]["format"] = "report-part/2"
    with pytest.raises(BadDeclaration, match="a newer version of the kit"):
        read(data)


def test_a_block_of_another_kind_is_not_taken_for_one_of_ours() -> None:
    data = Shown(Part("t", "people", "en", "", (Definitions((("a", "b"),)),)), {})._repr_mimebundle_()[0]
    data[MIME]["part"]["blocks"][0]["kind"] = "script"
    with pytest.raises(BadDeclaration):
        read(data)


def test_what_is_drawn_of_a_fictional_project_says_so_and_of_a_real_one_does_not() -> None:
    release = make_released()
    real = dataclasses.replace(release, facts=dataclasses.replace(release.facts, fictional=False))
    captions = [figure(figures.flow(one, "en")).caption for one in (release, real)]
    assert captions == ["From enrolment to the end (fictional example)", "From enrolment to the end"]


def test_the_words_of_a_release_in_another_language_are_looked_for_once_and_are_never_those_of_another_release(
    monkeypatch: pytest.MonkeyPatch, released: Released
) -> None:
    seen: list[Released] = []
    labels = foreign.labels
    monkeypatch.setattr(foreign, "labels", lambda one: seen.append(one) or labels(one))
    named = dataclasses.replace(
        released, facts=dataclasses.replace(released.facts, names_in={released.facts.promoter: "is"})
    )
    for _ in range(3):
        assert "is" in foreign.foreign(named, "en").values()
        assert "is" not in foreign.foreign(dataclasses.replace(named, facts=released.facts), "en").values()
        assert "is" in foreign.foreign(named, "pl").values()
    assert sum(one is named for one in seen) == 2  # once a language
