"""A document says the same in every format: the same texts, the same numbers, the same bytes each time."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
import re
import struct
import threading
from collections.abc import Callable
from typing import Any

import openpyxl
import pypdf
import pytest

from evaluation.errors import RunFailed
from evaluation.report import formats
from evaluation.report.blocks import (
    Bullets,
    Certificate,
    Definitions,
    Document,
    Figure,
    Heading,
    Paragraph,
    Part,
    Sentence,
    Table,
    bullets,
    fingerprint,
    paragraphs,
)
from evaluation.report.content import figures
from evaluation.report.executed import document
from evaluation.report.foreign import foreign, spans
from evaluation.report.formats import FORMATS, Format, columns, docx, html, pdf, sheets, text
from evaluation.report.shown import Shown
from tests.readers import languages, said, squeezed, structure, texts, word
from tests.report.handmade import executed, make_released

Parts = Callable[[str], list[Shown]]
WRITERS = {"html": html.document, "pdf": pdf.document, "docx": docx.document, "txt": text.document}


@dataclasses.dataclass(frozen=True)
class Made:
    whole: Document
    files: dict[str, bytes]


@pytest.fixture(scope="module", params=["en", "pl"])
def made(request: pytest.FixtureRequest, parts_of: Parts) -> Made:
    """The document of the release made by hand, in every format."""
    return make(document(executed(parts_of(request.param)), language=request.param, title="Report & <more>"))


def make(whole: Document) -> Made:
    return Made(whole, {kind: write(whole) for kind, write in WRITERS.items()})


def by_hand(*blocks: Any, title: str = "T", language: str = "en", **more: Any) -> Document:
    """A document of one part."""
    part = Part("p", "", language, "Part", blocks)
    return Document("test", language, title, False, {}, (part,), more.pop("pictures", {}), {}, **more)


def test_every_text_and_every_row_of_every_table_stands_in_every_format(made: Made) -> None:
    for kind, file in made.files.items():
        told = said(file, kind)
        for one in texts(made.whole):
            if kind == "txt" and one not in told:
                continue  # there a cell stands behind the name of its column
            assert squeezed(one) in told, (kind, one)


def test_every_number_of_a_table_stands_behind_its_column_in_the_text(made: Made) -> None:
    told = said(made.files["txt"], "txt")
    for table in (block for part in made.whole.parts for block in part.blocks if isinstance(block, Table)):
        for name, *cells in table.rows:
            row = "; ".join(f"{column}: {cell}" for column, cell in zip(table.columns[1:], cells, strict=True))
            assert squeezed(f"{name}: {row}") in told


def test_the_text_has_no_figure_whose_numbers_stand_in_a_table_before_and_those_that_do_not() -> None:
    columns = ("Course", "Took part", "Completed")
    whole = Table("t", "Table", columns, (("Polish", "12", "11"), ("English", "14", "13")), "–")
    same = Table("f", "Same", ("Course", "Completed"), (("Everyone", "41"), ("Polish", "11"), ("English", "13")), "–")
    other = dataclasses.replace(same, caption="Other", rows=(("Polish", "11"), ("English", "14")))
    beside = dataclasses.replace(same, caption="Beside", columns=("Course", "Left"))
    shown = (Figure(each.caption, "alt", "p", each) for each in (same, other, beside))
    told = text.document(by_hand(whole, *shown)).decode()
    assert [name for name in ("Table:", "Same:", "Other:", "Beside:") if name in told] == [
        "Table:",
        "Other:",
        "Beside:",
    ]


def test_these_are_the_files_of_a_document() -> None:
    assert [one.suffix for one in FORMATS] == ["html", "pdf", "docx", "json", "txt", "xlsx", "csv"]
    assert [one.suffix for one in FORMATS if one.part] == ["xlsx", "csv"]


def test_a_pdf_is_set_while_the_other_formats_are_written_and_stands_in_its_place(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = threading.Barrier(2)

    def met(one: Format) -> Format:
        return dataclasses.replace(one, write=lambda _: f"{together.wait(60) >= 0} {one.suffix}".encode())

    chosen = tuple(met(one) for one in FORMATS if one.suffix in ("pdf", "json"))
    monkeypatch.setattr(formats, "FORMATS", chosen)
    assert formats.written(made.whole, "report") == {"report.pdf": b"True pdf", "report.json": b"True json"}
    assert [*formats.written(made.whole, "report")] == ["report.pdf", "report.json"]


def test_a_pdf_that_cannot_be_set_is_no_document(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Document) -> bytes:
        raise RunFailed("report.error.no_pdf", name="n", why="because")

    chosen = tuple(dataclasses.replace(one, write=fails) if one.suffix == "pdf" else one for one in FORMATS)
    monkeypatch.setattr(formats, "FORMATS", chosen)
    with pytest.raises(RunFailed, match="because"):
        formats.written(made.whole, "report")


def test_a_figure_of_forty_rows_is_split_by_rows_into_pictures_that_a_page_holds() -> None:
    released = make_released()
    one = next(table for table in released.tables if table.id == "human_rights.outcome" or table.topic == "courses")
    tables = tuple(
        dataclasses.replace(
            one,
            id=f"c{number}",
            labels={"en": f"Course {number} with a rather long name, longer than one line"},
            variables=(dataclasses.replace(one.variables[0], id=f"v{number}", within={}),),
            counts=tuple(
                dataclasses.replace(count, at=dict.fromkeys((f"v{number}",), *count.at.values()) if count.at else {})
                for count in one.counts
            ),
        )
        for number in range(40)
    )
    shown = figures.courses(dataclasses.replace(released, tables=tables), "en")
    pieces = shown.part.figures
    assert len(pieces) == len(shown.pictures) >= 3
    assert [row[0] for piece in pieces for row in piece.numbers.rows] == [table.labels["en"] for table in tables]
    assert f"part 1 of {len(pieces)}" in pieces[0].caption
    for png in shown.pictures.values():
        width, height = struct.unpack(">II", png[16:24])
        assert height < 1.5 * width
    whole = document(executed([shown]), language="en")
    assert set(whole.pictures) == {piece.picture for piece in pieces}
    assert len(list(structure(pdf.document(whole)).all("Figure"))) == len(pieces)


def test_a_document_made_twice_has_the_same_bytes(made: Made) -> None:
    for kind, write in WRITERS.items():
        assert write(made.whole) == made.files[kind], kind
    assert sheets.as_xlsx(made.whole) == sheets.as_xlsx(made.whole)


# --- the sheets -----------------------------------------------------------------------------------


def test_the_sheets_hold_the_numbers_of_the_indicators(made: Made) -> None:
    lines = made.whole.data["indicators"]
    rows = list(csv.DictReader(io.StringIO(sheets.as_csv(made.whole).decode("utf-8-sig"))))
    assert list(rows[0]) == list(sheets.COLUMNS)
    book = openpyxl.load_workbook(io.BytesIO(sheets.as_xlsx(made.whole)))
    head = next(row[0].row for row in book.worksheets[0].iter_rows() if row[1].value)
    read = book.worksheets[0].iter_rows(head + 1, values_only=True)
    cells = [dict(zip(sheets.COLUMNS, row, strict=True)) for row in read]
    whole, split = ([row for row in rows if bool(row["group"]) is of_groups] for of_groups in (False, True))
    assert [row["code"] for row in whole] == [line["code"] for line in lines]
    assert len(split) == sum(len(line["disaggregation"]) for line in lines) > 0
    for row, line in zip(whole, lines, strict=True):
        cell = next(one for one in cells if one["code"] == line["code"] and not one["group"])
        for name in ("baseline", "target", "achieved", "low", "high", "achieved_share", "progress"):
            assert cell[name] == pytest.approx(line.get(name))
            assert (float(row[name]) if row[name] else None) == line.get(name)
    assert book.properties.modified == dt.datetime.combine(made.whole.made_on, dt.time())
    sheet = book.worksheets[0]
    assert all(str(cell["indicator"])[0].isupper() for cell in cells)
    for number, row in enumerate(sheet.iter_rows(head, values_only=True), head):  # no row hides what its cells say
        letters = {width.min - 1: width.width for width in sheet.column_dimensions.values()}
        lines = max(-(-len(str(cell)) // letters[at]) for at, cell in enumerate(row) if isinstance(cell, str))
        assert sheet.row_dimensions[number].height >= 15 * lines


@pytest.mark.parametrize(
    ("confidential", "fictional", "notice"),
    [
        (True, True, "not for publication, fictional example"),
        (True, False, "not for publication"),
        (False, True, "fictional example"),
        (False, False, ""),
    ],
)
def test_workbook_and_word_file_say_on_every_page_what_the_other_formats_say(
    confidential: bool, fictional: bool, notice: str
) -> None:
    released = {"release": "q1", "kind": "interim", "released_on": "2022-07-04"}
    whole = by_hand(title="A & B")
    whole = dataclasses.replace(whole, released=released, confidential=confidential, fictional=fictional)
    book = openpyxl.load_workbook(io.BytesIO(sheets.as_xlsx(whole)))
    first = book.worksheets[0]
    above = ["A & B", "Interim report, as of 4 July 2022", *([notice] if notice else [])]
    assert [[cell for cell in row if cell] for row in first.iter_rows(1, len(above), values_only=True)] == [
        [line] for line in above
    ]
    assert (first.cell(len(above) + 1, 1).value, first.freeze_panes) == ("Code", f"C{len(above) + 2}")
    assert first.print_title_rows == f"${len(above) + 1}:${len(above) + 1}"
    assert (first.oddHeader.center.text or "") == notice
    assert first.oddHeader.left.text == "Interim report, as of 4 July 2022"
    assert book.properties.title == (f"A & B ({notice})" if notice else "A & B")
    assert sheets.as_xlsx(whole) == sheets.as_xlsx(whole)
    told = [line.text for line in word(docx.document(whole)).sections[0].header.paragraphs]
    assert told == [f"A & B\t{notice}"]
    foot = word(docx.document(whole)).sections[0].footer.paragraphs[0].text
    assert foot.startswith("Release q1. Interim report, as of 4 July 2022")


def test_no_cell_of_the_sheets_is_a_formula(parts_of: Parts) -> None:
    whole = document(executed(parts_of("en")), language="en")
    first = dict(whole.data["indicators"][0]) | {"labels": {"en": "=1+1"}}
    odd = dataclasses.replace(whole, data={"indicators": [first]})
    sheet: Any = openpyxl.load_workbook(io.BytesIO(sheets.as_xlsx(odd))).worksheets[0]
    cell = sheet.cell(sheet.max_row, 2)
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert "'=1+1" in sheets.as_csv(odd).decode()


# --- as it was typed -------------------------------------------------------------------------------

ODD = (
    *("A & B", "100<100", "<select>", "#set", "$x$", "[a](b)", "back\\slash", "1. x", "*b* _i_ `c`", "@ref <label>"),
    *("{{ title }}", "{% raw %}", "// no", "/* no */", "“q” 'q' \"q\"", "=1+1", "a--b", "~", "&amp;", "\u2028x"),
    *("Zażółć gęślą jaźń", "Вода"),
)


def test_texts_are_printed_as_they_were_typed_in_every_format() -> None:
    table = Table("t", "Caption # & <x>", ("Name", "#", "$"), tuple((odd, odd, "1") for odd in ODD), "–", ("Note [x",))
    whole = by_hand(
        *(Heading(odd, 3) for odd in ODD[:4]),
        *(Paragraph((Sentence(odd), Sentence(odd, style="strong")), label=odd) for odd in ODD),
        bullets(ODD),
        Bullets(paragraphs(ODD), numbered=True),
        Definitions(tuple((odd, odd) for odd in ODD)),
        Certificate(ODD),
        table,
        title="A & B <#$[{{ body }}",
    )
    for kind, file in make(whole).files.items():
        told = said(file, kind)
        assert squeezed(whole.title) in told
        for odd in ODD:
            assert told.count(squeezed(odd)) >= 7, (kind, odd)


@pytest.mark.parametrize("long", ["Długość" * 40, "Długość czego " * 40], ids=["one word", "many words"])
def test_a_text_without_end_stays_on_the_page(long: str) -> None:
    table = Table("t", long, ("a", "b"), ((long, "1"),), "–")
    made = make(by_hand(*paragraphs([long]), table, title=long, author=long))
    for kind, file in made.files.items():
        assert said(file, kind).count(squeezed(long)) >= 4, kind
    assert word(made.files["docx"]).core_properties.title == f"{long[:254]}…"


def test_letters_that_no_font_has_are_named_instead_of_printed_as_boxes() -> None:
    with pytest.raises(RunFailed, match="lack these letters: 水"):
        pdf.document(by_hand(*paragraphs(["水 and bread"])))


def test_words_in_another_language_say_so_in_every_format_wherever_they_stand() -> None:
    facts = make_released().facts
    named = dataclasses.replace(
        facts, languages=("en", "pl"), title={"en": "A way back"}, promoter="Fundacja Przykład", place={"en": "Oslo"},
        partners=(("Fundacja Przykład", "PL", False), ("Nordlys Senter", "NO", True)),
        names_in={"Fundacja Przykład": "pl", "Nordlys Senter": "no"},
        courses=(("a", {"en": "Water", "pl": "woda"}), ("b", {"en": "Polish"}), ("c", {"uk": "Вода"})),
    )  # fmt: skip
    released = dataclasses.replace(make_released(), facts=named)
    told = "Nordlys Senter i Fundacja Przykład: Vodka, NordlysSenter; polish [en] (woda), Polish [enx, Вода [uk]"
    cases = {
        "pl": [("Nordlys Senter", "no"), ("polish [en]", "en"), ("Вода [uk]", "uk")],
        "en": [("Nordlys Senter", "no"), ("Fundacja Przykład", "pl"), ("Вода [uk]", "uk")],
    }
    for language, wanted in cases.items():
        words = foreign(released, language)
        assert [(said, own) for said, own in spans(told, words) if own] == wanted
        assert "".join(said for said, _ in spans(told, words)) == told
        table = Table("t", told, ("a", told), ((told, "1"),), "–", (told,))
        blocks = (Heading(told, 3), *paragraphs([told]), Definitions(((told, told),)), table, Certificate((told,)))
        part = Part("p", "", language, told, blocks, foreign=words)
        whole = Document(
            "test", language, told, False, {}, (part, dataclasses.replace(part, id="q", foreign={})), {}, {}
        )
        page = html.document(whole).decode()
        document_xml = word(docx.document(whole)).element.body.xml
        for said_, own in wanted:
            assert page.count(f'<span lang="{own}">{said_}</span>') == 21, language  # the title, and ten in each part
            assert document_xml.count(f'<w:lang w:val="{own.replace("en", "en-GB")}"/>') == 20
        assert told not in "".join(re.findall(r'aria-label="[^"]*"', page))  # an attribute has no part in a language
        assert languages(pdf.document(whole)) == {language, *(own for _, own in wanted)}


@pytest.mark.parametrize(
    ("said", "own"), [("Nordlys Senter Oslo", ' lang="no"'), ("The report of the Nordlys Senter", "")]
)
def test_title_and_alt_text_say_the_language_of_most_of_their_letters(said: str, own: str) -> None:
    numbers = Table("f", "Numbers", ("a", "n"), (("x", "1"),), "–")
    picture = b"\x89PNG"
    part = Part("p", "", "en", "Part", (Figure("Caption", said, fingerprint(picture), numbers),))
    part = dataclasses.replace(part, foreign={r"Nordlys\sSenter": "no"})
    page = html.document(Document("test", "en", said, False, {}, (part,), {fingerprint(picture): picture}, {})).decode()
    assert f"<title{own}>{said}</title>" in page
    assert f'<img{own} alt="{said}"' in page


# --- the pages --------------------------------------------------------------------------------------


def test_the_pdf_says_to_a_screen_reader_what_its_pages_show(made: Made) -> None:
    tree = structure(made.files["pdf"])
    blocks = [block for part in made.whole.parts for block in part.blocks]
    figures = [block for block in blocks if isinstance(block, Figure)]
    assert [tag.alt for tag in tree.all("Figure")] == [figure.alt for figure in figures]
    tables = [block for block in blocks if isinstance(block, Table)]
    found = list(tree.all("Table"))
    assert [len(list(tag.all("TH"))) for tag in found] == [len(table.columns) for table in tables]
    assert [len(list(tag.all("TR"))) for tag in found] == [len(table.rows) + 1 for table in tables]
    headings = [tag.kind for tag in tree.all() if tag.kind in ("H1", "H2", "H3", "H4")]
    parts = [part for part in made.whole.parts if part.heading]
    assert headings.count("H1") == 1
    assert headings.count("H2") == len(parts) + 1  # and the contents
    assert headings.count("H3") == sum(isinstance(block, Heading) for block in blocks)
    assert headings[0] == "H1"
    read = [tag.kind for tag in tree.all() if tag.kind in ("H2", "H3", "H4", "Table", "Figure")]
    assert read[1:] == [kind for part in made.whole.parts for kind in in_order(part)]  # behind the contents


def in_order(part: Part) -> list[str]:
    """The tags by which a reader finds her way through a part."""
    kinds = {"table": "Table", "figure": "Figure"}
    found = (f"H{one.level}" if isinstance(one, Heading) else kinds.get(one.kind, "") for one in part.blocks)
    return [*(["H2"] if part.heading else []), *filter(None, found)]


def test_the_pdf_has_title_language_author_and_day_and_says_that_it_is_accessible(made: Made) -> None:
    import pypdf

    read = pypdf.PdfReader(io.BytesIO(made.files["pdf"]))
    root: Any = read.trailer["/Root"]
    assert read.metadata is not None
    assert read.metadata.title == made.whole.title
    assert read.metadata.author == made.whole.author != ""
    assert read.metadata.creation_date == dt.datetime.combine(made.whole.made_on, dt.time(), dt.UTC)
    assert root["/Lang"] == made.whole.language
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_a_long_table_breaks_with_its_header_repeated_and_no_row_lost() -> None:
    rows = tuple((f"row {number}", f"{number}.5") for number in range(1, 91))
    import pypdf

    pages = pypdf.PdfReader(io.BytesIO(pdf.document(by_hand(Table("t", "Long", ("Name", "Number"), rows, "–"))))).pages
    texts_ = [page.extract_text() for page in pages]
    assert len(pages) >= 2
    assert all("Number" in page for page in texts_)
    assert all(sum(page.split().count(number) for page in texts_) == 1 for _, number in rows)


@pytest.mark.parametrize(("count", "whole"), [(12, True), (13, False)])
def test_a_short_table_stands_whole_on_a_page_and_a_long_one_need_not(count: int, whole: bool) -> None:
    rows = tuple((f"row {number}", f"{number}.5", "x") for number in range(1, count + 1))
    table = Table("t", "Short", ("Name", "Number", "Word"), rows, "–")
    before = paragraphs([f"{'word ' * 12}{number}" for number in range(30)])  # so that the page has room for some rows
    made = by_hand(*before, table)
    import pypdf

    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.document(made))).pages]
    assert (
        len({number for number, page in enumerate(pages) for _, cell, _ in rows if cell in page.split()}) == 2 - whole
    )
    (inside,) = word(docx.document(made)).tables
    joined = [bool(row._tr.xpath(".//w:keepNext")) for row in inside.rows]
    assert joined == [whole] * count + [False]  # the last is parted from what follows
    assert columns.gaps(table) == [False, True, False]  # numbers do not touch the words behind them
    assert [bool(cell._tc.xpath(".//w:ind/@w:right")) for cell in inside.rows[1].cells] == [False, True, False]


def test_no_word_of_a_table_is_broken_where_it_fits_as_a_whole(made: Made) -> None:
    import pypdf

    told = [block for part in made.whole.parts for block in part.blocks if isinstance(block, Table)]
    wide = [table for table in told if columns.narrow(table)]
    assert {table.id for table in wide} == {"t-indicators"}
    assert all(all(columns.whole(table)) for table in wide)
    alone = dataclasses.replace(made.whole, parts=(Part("p", "", made.whole.language, "Part", tuple(wide)),))
    pages = pypdf.PdfReader(io.BytesIO(pdf.document(alone))).pages
    assert not re.findall(r"\w+[-\u2010]\n", "".join(page.extract_text() for page in pages))
    for table in word(docx.document(alone)).tables:
        sizes = table._tbl.xpath(".//w:r/w:rPr/w:sz/@w:val")
        assert len(sizes) == len(table._tbl.xpath(".//w:r[w:t]"))
        assert {*sizes} == {"16"}


@pytest.mark.parametrize(("long", "fit"), [(0, [True] * 8), (1, [True] * 8), (8, [False] * 8)])
def test_a_word_that_fits_no_line_of_its_column_may_be_broken(long: int, fit: list[bool]) -> None:
    table = Table("t", "C", tuple("abcdefgh"), (("B" * 40,) * long + tuple("cdefghij"[long:]),), "–")
    assert columns.whole(table) == fit
    assert sum(columns.widths(table)) == pytest.approx(1)


@pytest.mark.parametrize("count", range(38, 50, 2))
def test_no_last_page_holds_a_few_lines_only(count: int) -> None:
    import pypdf

    line = "A sentence of the report that is about as long as one line of a page is wide, more or less."
    pages = pypdf.PdfReader(io.BytesIO(pdf.document(by_hand(*paragraphs([line] * count))))).pages
    last = pages[-1].extract_text().count("A sentence")
    assert len(pages) == 1 or last > 3, (len(pages), last)


# --- Word ---------------------------------------------------------------------------------------------


def test_the_word_file_has_styles_headers_alt_text_language_and_day(made: Made) -> None:
    file = word(made.files["docx"])
    assert file.core_properties.title == made.whole.title
    assert file.core_properties.language == made.whole.language
    assert file.core_properties.modified == dt.datetime.combine(made.whole.made_on, dt.time(), dt.UTC)
    spoken = file.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang/@w:val")
    assert [one[:2] for one in spoken] == [made.whole.language]
    headings = [line.text for line in file.paragraphs if line.style is not None and line.style.name == "Heading 2"]
    assert headings == [part.heading for part in made.whole.parts if part.heading]
    assert [line.text for line in file.paragraphs if line.style is not None and line.style.name == "Heading 1"] == [
        made.whole.title
    ]
    blocks = [block for part in made.whole.parts for block in part.blocks]
    shapes = [shape._inline.docPr.get("descr") for shape in file.inline_shapes]
    assert shapes == [block.alt for block in blocks if isinstance(block, Figure)]
    for table in file.tables:
        repeated = [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows]
        assert repeated == [True] + [False] * (len(table.rows) - 1)
        assert all(row._tr.xpath("w:trPr/w:cantSplit") for row in table.rows)
    footer = "".join(file.sections[0].footer._element.itertext("{*}instrText"))
    assert footer.split() == ["PAGE", "NUMPAGES"]
    assert made.whole.title in "".join(line.text for line in file.sections[0].header.paragraphs)


def own_template(*lines: str) -> bytes:
    import docx as words

    made = words.Document()
    for line in lines:
        made.add_paragraph(line)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def test_the_officers_template_keeps_her_words_around_the_parts() -> None:
    blank = by_hand(*paragraphs(["Inner"]), Table("t", "C", ("a", "b"), (("x", "1"),), "–"), title="My title")
    whole = dataclasses.replace(blank, template=own_template("Dear funder, {{ title }}", "{{ body }}", "Yours"))
    told = [line.text for line in word(docx.document(whole)).paragraphs]
    assert told == ["Dear funder, My title", "Part", "Inner", "C", "", "Yours"]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (("{{ titel }}", "{{ body }}"), "asks for titel, which no document has.*'title'"),
        (("{{ title }}",), "needs one paragraph with {{ body }}.* it has 0"),
        (("{{ body }}", "{{ body }}"), "it has 2"),
        (("{{ title", "{{ body }}"), r"texts/report.docx: a tag in the Word template cannot be read"),
        (("{% if fictional %}", "{{ body }}"), "a tag in the Word template cannot be read"),
        (("{{ title.__class__.__mro__ }}", "{{ body }}"), "a tag in the Word template cannot be read"),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused_with_its_tag(lines: tuple[str, ...], fault: str) -> None:
    with pytest.raises(RunFailed, match=fault):
        docx.document(dataclasses.replace(by_hand(), template=own_template(*lines)))


def test_a_template_that_is_no_word_file_is_refused() -> None:
    with pytest.raises(RunFailed, match="the Word template cannot be read"):
        docx.document(dataclasses.replace(by_hand(), template=b"Dear funder"))


def test_numbered_lists_begin_with_one_and_links_lead_where_they_say() -> None:
    link = Paragraph((Sentence("the page", address="https://example.org/a?b=1&c=2"),))
    numbered = Bullets(paragraphs(["a", "b"]), numbered=True)
    file = word(docx.document(by_hand(numbered, link, numbered)))
    numbers = [line._p.pPr.numPr.numId.val for line in file.paragraphs if line.text in ("a", "b")]
    assert numbers[0] == numbers[1] != numbers[2] == numbers[3]
    assert [line.hyperlinks[0].url for line in file.paragraphs if line.hyperlinks] == ["https://example.org/a?b=1&c=2"]


def test_a_picture_stands_in_the_file_that_shows_it(parts_of: Parts) -> None:
    shown = next(part for part in parts_of("en") if part.part.figures)
    png = shown.png or b""
    figure = shown.part.figures[0]
    whole = by_hand(figure, pictures={fingerprint(png): png})
    file = word(docx.document(whole))
    assert png in [part.blob for part in file.part.package.iter_parts()]
    assert json.dumps(figure.alt)[1:-1] in json.dumps(structure(pdf.document(whole)).inner[0].__repr__())


RANGES = by_hand(
    *(Paragraph((Sentence(f"{'many words ' * 6}{'n' * at} 20142014–20152015"),)) for at in range(2, 24)),
    Table("t", "Years 2014–2015", ("Who", "Trust (1–7)"), (("people", "31–41"),), hidden="–"),
)


def test_no_line_ends_at_the_dash_of_a_range() -> None:
    page = html.document(RANGES).decode()
    assert len(re.findall(r"\w–\w", page)) == 22 + 3 + page.count('aria-label="Years 2014–2015')
    tied = re.sub(r'<span style="white-space: nowrap">[^<]*</span>|aria-label="[^"]*"', "", page)
    assert not re.search(r"\w–\w", tied)
    lines = [line.strip() for line in pdf_lines(RANGES)]
    assert sum(line.endswith("20142014–20152015") for line in lines) == 22
    assert any(line == "20142014–20152015" for line in lines)  # some fell on the end of a line
    told = "".join(word(docx.document(RANGES)).element.itertext())
    assert all(f"{one}–\u2060" in told for one in ("20142014", "2014", "(1", "31"))
    assert not re.search(r"\w–\w", told)
    assert text.document(RANGES).decode().count("20142014–20152015") == 22


def pdf_lines(whole: Document) -> list[str]:
    return [line for page in pypdf.PdfReader(io.BytesIO(pdf.document(whole))).pages
            for line in page.extract_text().splitlines()]  # fmt: skip
