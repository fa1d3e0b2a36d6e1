"""One thing shown carries text, HTML, picture, alt text and data together."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from handmade import make_released

from evaluation.errors import BadArgument
from evaluation.report.shown import MIME, Shown, show

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")


def test_a_picture_without_alt_text_cannot_be_made() -> None:
    with pytest.raises(BadArgument, match="alt text"):
        Shown("f", "figures", "en", None, "text", png=PIXEL, alt="  ")


def test_a_language_without_documents_is_refused() -> None:
    with pytest.raises(BadArgument, match="'fr'"):
        Shown("f", "figures", "fr", None, "text")


def test_a_figure_gives_jupyter_picture_alt_text_html_and_data() -> None:
    figure = Shown(
        "f", "figures", "pl", [1], "tekst", html="<p>tekst</p>", caption="Podpis", png=PIXEL, alt="Co <widać>"
    )
    data, metadata = figure._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]) == PIXEL
    assert metadata == {"image/png": {"alt": "Co <widać>"}}
    assert 'alt="Co &lt;widać&gt;"' in data["text/html"]
    assert "<figcaption>Podpis</figcaption>" in data["text/html"]
    assert "<p>tekst</p>" in data["text/html"]
    assert 'lang="pl"' in data["text/html"]
    assert data["text/plain"] == "tekst"
    assert data[MIME]["content"] == [1]


def test_a_table_has_no_picture_and_no_metadata() -> None:
    data, metadata = Shown("t", "people", "en", {}, "text", html="<p>x</p>", heading="A & B")._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", MIME}
    assert metadata == {}
    assert "<h2>A &amp; B</h2>" in data["text/html"]


@pytest.mark.parametrize("language", ["en", "pl"])
def test_everything_shown_is_json_in_one_language_and_says_which_release(
    parts_of: Callable[[str], list[Shown]], language: str
) -> None:
    for part in parts_of(language):
        payload = json.loads(json.dumps(part.payload(), allow_nan=False))
        assert payload["language"] == language
        assert payload["released"]["release"] == "2015-final"
        assert payload["fictional"] is True
        assert payload["text"], part.id


def test_what_is_drawn_of_a_fictional_project_says_so_and_of_a_real_one_does_not() -> None:
    import dataclasses

    release = make_released()
    real = dataclasses.replace(release, facts=dataclasses.replace(release.facts, fictional=False))
    captions = [
        show(one, "en", part="figures", content=None, text="t", html="", caption="Flow").caption
        for one in (release, real)
    ]
    assert captions == ["Flow (fictional example)", "Flow"]
