"""An executed notebook becomes a page and data, or a sentence that says why not."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import nbformat
import pytest

from evaluation.errors import RunFailed
from evaluation.report.blocks import Part, paragraphs
from evaluation.report.content import assurance, bilateral
from evaluation.report.executed import document as read
from evaluation.report.formats import html
from evaluation.report.formats import json as data
from evaluation.report.formats.accessible import check_document
from evaluation.report.shown import MIME, Shown
from tests.report.handmade import SCHEMA, all_parts, executed, make_released, nothing_bilateral

LANGUAGES = ("en", "pl")
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
Parts = Callable[[str], list[Shown]]


def page_of(notebook: Any, language: str) -> str:
    return html.document(read(notebook, language=language)).decode()


def data_of(notebook: Any, language: str = "en") -> dict[str, Any]:
    return data.data(read(notebook, language=language))


class Outline(HTMLParser):
    """Tags, headings, attributes and visible words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.levels: list[int] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request: pytest.FixtureRequest, parts_of: Parts) -> tuple[str, str]:
    return request.param, page_of(executed(parts_of(request.param)), request.param)


def test_the_page_has_its_language_one_title_and_headings_in_order(page: tuple[str, str]) -> None:
    language, whole = page
    outline = Outline(whole)
    assert ("html", "lang", language) in outline.attributes
    assert outline.levels.count(1) == 1
    assert outline.levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in zip(outline.levels, outline.levels[1:], strict=False))
    title = {"en": "A way back", "pl": "Droga powrotu"}[language]
    assert re.search(rf"<h1>{title}.*</h1>", whole)


def test_the_page_has_landmarks_and_a_working_skip_link(page: tuple[str, str]) -> None:
    outline = Outline(page[1])
    for landmark in ("header", "nav", "main", "footer"):
        assert outline.tags.count(landmark) == 1
    assert ("a", "href", "#content") in outline.attributes
    assert ("main", "id", "content") in outline.attributes
    ids = [value for _, name, value in outline.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    targets = [value[1:] for tag, name, value in outline.attributes if tag == "a" and name == "href"]
    assert set(targets) <= set(ids)


def test_the_page_loads_nothing_and_runs_nothing(page: tuple[str, str]) -> None:
    whole = re.sub(r"data:image/png;base64,[A-Za-z0-9+/=]+", "data:", page[1])
    assert not re.search(r"https?:|//\w|<script|<link|@import|url\(|\son\w+=", whole)


def test_the_page_names_no_generator_path_time_or_code(page: tuple[str, str]) -> None:
    whole = re.sub(r"base64,[A-Za-z0-9+/=]+", "", page[1])
    own = ("In [", "show_", "parameters", "For the evaluator")
    for trace in ("generator", "nbconvert", "upyter", "/work", "/home", *own):
        assert trace not in whole


def test_every_picture_has_alt_text_caption_and_text_version(
    page: tuple[str, str],
) -> None:
    whole = page[1]
    found = re.findall(r'<figure>\n<img alt="([^"]+)" src="data:[^"]+"/?>\n<figcaption>([^<]+)', whole)
    assert len(found) == whole.count("<img") == whole.count("<details>") == 5
    assert all(len(alt) > 60 and caption for alt, caption in found)


def test_a_fictional_project_says_so_at_the_top_and_a_real_one_does_not(page: tuple[str, str]) -> None:
    import dataclasses

    warning = {"en": "about them are invented", "pl": "liczby o\u00a0nich są zmyślone"}
    assert warning[page[0]] in page[1]
    release = make_released()
    real = dataclasses.replace(release, facts=dataclasses.replace(release.facts, fictional=False))
    shown = [assurance.facts(real, page[0]), assurance.certificate(real, page[0])]
    assert warning[page[0]] not in page_of(executed(shown), page[0])


def test_provenance_stands_in_the_footer_only(page: tuple[str, str]) -> None:
    main, _, footer = page[1].partition("<footer>")
    assert "0123456789ab" in footer
    assert 'id="provenance"' not in main


def test_the_same_notebook_gives_the_same_page(parts_of: Parts) -> None:
    pages = {page_of(executed(parts_of("en")), "en") for _ in range(2)}
    assert len(pages) == 1


def test_a_markdown_cell_appears_only_when_it_is_tagged_for_the_document(parts_of: Parts) -> None:
    notebook = executed(parts_of("en")[:2])
    notebook.cells.append(nbformat.v4.new_markdown_cell("Inside *note*"))
    notebook.cells.append(nbformat.v4.new_markdown_cell("For *all*, twice.", metadata={"tags": ["document"]}))
    whole = page_of(notebook, "en")
    assert "Inside" not in whole
    assert "<p>For <em>all</em>, twice.</p>" in whole


def output(kind: str, **fields: Any) -> Any:
    return nbformat.v4.new_output(kind, **fields)


OTHERS = {
    "printed text": output("stream", name="stdout", text="a count: 3"),
    "a warning": output("stream", name="stderr", text="a warning"),
    "a result": output("execute_result", data={"text/plain": "41"}),
    "a data frame": output("execute_result", data={"text/plain": "P-017", "text/html": "<table>P-017</table>"}),
    "a picture": output("display_data", data={"image/png": PIXEL}, metadata={"image/png": {"alt": "mine"}}),
    "a vector picture": output("display_data", data={"image/svg+xml": "<svg/>", "text/plain": "mine"}),
    "a frame of HTML": output("display_data", data={"text/html": "<iframe src='x'></iframe>"}),
    "a script": output("display_data", data={"application/javascript": "1"}),
    "a widget": output("display_data", data={"application/vnd.jupyter.widget-view+json": {"model_id": "x"}}),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_part_of_a_release_is_refused_with_its_cell_and_not_repeated(parts_of: Parts, name: str) -> None:
    notebook = executed(parts_of("en")[:2])
    notebook.cells[-1].outputs.append(OTHERS[name])
    for make in (lambda: page_of(notebook, "en"), lambda: data_of(notebook)):
        with pytest.raises(RunFailed, match=r"the notebook, cell 4 \w+.* no part of a release") as refused:
            make()
        assert "P-017" not in str(refused.value)
        assert "warning" not in str(refused.value)


def test_a_cell_is_named_as_it_is_numbered_in_the_notebook_of_the_officer(parts_of: Parts) -> None:
    notebook = executed(parts_of("en")[:1])
    notebook.cells[-1].outputs.append(OTHERS["a result"])
    injected = nbformat.v4.new_code_cell("language = 'en'", metadata={"tags": ["injected-parameters"]})
    notebook.cells.insert(2, injected)
    with pytest.raises(RunFailed, match="cell 3 showed"):
        page_of(notebook, "en")


def changed(data: Any, kind: Any, value: Any) -> None:
    data[kind] = value


@pytest.mark.parametrize(
    "change",
    [
        lambda data: changed(data, "image/png", PIXEL),
        lambda data: changed(data, "text/html", "<p>P-017</p>"),
        lambda data: changed(data, "text/plain", "3"),
        lambda data: changed(data, "text/latex", "3"),
        lambda data: changed(data[MIME], "content", 3),
        lambda data: changed(data[MIME]["part"], "heading", "3"),
        lambda data: changed(data[MIME]["part"]["blocks"][0]["numbers"]["rows"][0], 1, "3"),
        lambda data: changed(data[MIME]["part"], "released", {"release": "2015-final", "digest": "0" * 64}),
        lambda data: data[MIME].pop("seal"),
        lambda data: data.pop("image/png"),
    ],
)
def test_a_part_that_is_not_as_the_library_showed_it_is_refused(parts_of: Parts, change: Callable[[Any], Any]) -> None:
    figure = next(part for part in parts_of("en") if part.png)
    notebook = executed([parts_of("en")[0], figure])
    assert "<img" in page_of(notebook, "en")
    change(notebook.cells[-1].outputs[0].data)
    for make in (lambda: page_of(notebook, "en"), lambda: data_of(notebook)):
        with pytest.raises(RunFailed, match=f"cell 4 showed '{figure.part.id}' otherwise than the kit makes it"):
            make()


def test_a_part_of_no_release_is_refused() -> None:
    with pytest.raises(RunFailed, match="cell 3 showed 'x' otherwise"):
        page_of(executed([Shown(Part("x", "people", "en", "", paragraphs(["3"])), [3])]), "en")


def test_a_notebook_that_showed_nothing_of_a_release_gives_no_page() -> None:
    notebook = executed([])
    notebook.cells.append(nbformat.v4.new_markdown_cell("For *all*", metadata={"tags": ["document"]}))
    with pytest.raises(RunFailed, match="showed nothing of a release"):
        page_of(notebook, "en")


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        (f"![mine](data:image/png;base64,{PIXEL})", "<img>"),
        ("<table><tr><td>3</td></tr></table>", "<table>"),
        ("<iframe src='x'></iframe>", "<iframe>"),
        ("<p style='background: url(https://x)'>a</p>", "<p>"),
        ("<a href='javascript:1'>a</a>", "an address"),
    ],
)
def test_a_documents_markdown_is_text_and_nothing_else(parts_of: Parts, source: str, refused: str) -> None:
    notebook = executed(parts_of("en")[:1])
    notebook.cells.append(nbformat.v4.new_markdown_cell(source, metadata={"tags": ["document"]}))
    with pytest.raises(RunFailed, match=f"cell 4 is tagged 'document' but holds {refused}"):
        page_of(notebook, "en")
    notebook.cells[-1].metadata = {}
    assert "<h1>" in page_of(notebook, "en")


def test_a_failed_cell_is_refused_and_its_message_is_not_repeated(parts_of: Parts) -> None:
    notebook = executed(parts_of("en")[:1])
    error = nbformat.v4.new_output("error", ename="KeyError", evalue="P-017", traceback=["P-017"])
    notebook.cells[-1].outputs.append(error)
    for make in (lambda: page_of(notebook, "en"), lambda: data_of(notebook)):
        with pytest.raises(RunFailed, match="cell 3 failed \\(KeyError\\)") as refused:
            make()
        assert "P-017" not in str(refused.value)


def test_parts_in_two_languages_are_refused(parts_of: Parts) -> None:
    mixed = executed([parts_of("en")[0], parts_of("pl")[1]])
    for language, other in (("en", "'results-summary' is in 'pl'"), ("pl", "'facts' is in 'en'")):
        with pytest.raises(RunFailed, match=other):
            read(mixed, language=language)


def test_a_notebook_file_is_read_and_a_missing_one_is_named(parts_of: Parts, tmp_path: Path) -> None:
    path = tmp_path / "done.ipynb"
    nbformat.write(executed(parts_of("en")), path)
    assert "<h1>" in page_of(path, "en")
    with pytest.raises(RunFailed, match=r"gone\.ipynb is not there"):
        page_of(tmp_path / "gone.ipynb", "en")


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ('<h1>a</h1><img src="data:x" alt="">', "no alt text"),
        ('<h1>a</h1><img src="https://x/y.png" alt="y">', "from elsewhere"),
        ("<h1>a</h1><script>1</script>", "active content"),
        ('<h1>a</h1><p onclick="x">', "active content"),
        ('<h1>a</h1><img alt="No description has been provided for this image">', "no alt text"),
        ("<h1>a</h1><h3>b</h3>", "skips a level"),
        ("<h2>b</h2>", "skips a level"),
        ("<h1>a</h1><h1>b</h1>", "exactly one title"),
        ('<h1>a</h1><p id="x"></p><p id="x"></p>', "used twice"),
    ],
)
def test_a_page_that_breaks_a_promise_is_not_written(page: str, fault: str) -> None:
    with pytest.raises(RunFailed, match=fault):
        check_document(page, notebook="n.ipynb")


# --- JSON ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_data_hold_everything_that_the_page_shows(parts_of: Parts, language: str) -> None:
    document = data_of(executed(parts_of(language)), language)
    assert document["language"] == language
    assert document["fictional"] is True
    assert document["release"] == "2015-final"
    assert len(document["figures"]) == 5
    counts = {table["id"]: table["counts"] for table in document["courses"]["content"]}
    between = {"low": 10, "high": 19}
    assert {"at": {"course:polish": "attended"}, "value": None} in counts["course:polish"]
    assert {"at": {"course:computers": "completed"}, "value": between} in counts["course:computers"]
    codes = {line["code"]: line for line in document["indicators"]["content"]}
    assert (codes["BIL-1"]["achieved_share"], codes["BIL-1"]["progress"]) == (0.8, 0.0)
    assert codes["RES-1"]["achieved"] is None


def test_the_data_say_why_there_are_no_bilateral_results() -> None:
    release = nothing_bilateral(make_released())
    shown = [
        bilateral.summary(release, "en"),
        assurance.certificate(release, "en"),
        assurance.provenance(release, "en"),
    ]
    summary = data_of(executed(shown))["bilateral_summary"]
    assert summary["text"] == ""
    assert "nothing is stated" in summary["content"]["note"]


def test_the_published_schema_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("indicators", "content", 0, "achieved"), "41"),
        (("courses", "content", 0, "counts", 0, "value"), -1),
        (("courses", "content", 0, "counts", 0, "value"), {"low": 3}),
        (("outcomes", "content", "means", 0, "direction"), "up"),
        (("results_summary", "content", "paragraphs", 0, "sentences", 0, "sources"), []),
        (("certificate", "content", "threshold"), None),
        (("provenance", "content", "released_on"), "15.01.2016"),
        (("surprise",), 1),
    ],
)
def test_data_that_do_not_fit_the_schema_are_found(parts_of: Parts, where: tuple[Any, ...], value: Any) -> None:
    document = copy.deepcopy(data_of(executed(parts_of("en"))))
    rules = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert rules.is_valid(document)
    spot: Any = document
    for step in where[:-1]:
        spot = spot[step]
    spot[where[-1]] = value
    assert not rules.is_valid(document)


def test_a_document_without_its_certificate_is_refused(parts_of: Parts) -> None:
    shown = [part for part in parts_of("en") if part.part.name != "certificate"]
    with pytest.raises(RunFailed, match=r"report\.schema\.json"):
        data_of(executed(shown))


def test_a_part_shown_twice_is_refused(parts_of: Parts) -> None:
    shown = parts_of("en")
    with pytest.raises(RunFailed, match="'facts' is shown twice"):
        data_of(executed([*shown, shown[0]]))


def test_parts_of_two_releases_are_refused() -> None:
    releases = (make_released(), make_released(release="2014-final"))
    mixed = [assurance.certificate(releases[0], "en"), assurance.provenance(releases[1], "en")]
    with pytest.raises(RunFailed, match="different releases"):
        data_of(executed(mixed))


def test_a_notebook_that_showed_nothing_gives_no_data() -> None:
    with pytest.raises(RunFailed, match="showed nothing"):
        data_of(executed([]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_release_without_anything_bilateral_still_gives_a_whole_document(language: str) -> None:
    release = nothing_bilateral(make_released())
    notebook = executed(all_parts(release, language))
    assert data_of(notebook, language)["bilateral_summary"]["text"] == ""
    assert "<h1>" in page_of(notebook, language)
