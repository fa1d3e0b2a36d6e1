"""Blocks as the XML of a Word document, in its styles: texts escaped, rows whole, headers repeated, pictures told."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, assert_never

from evaluation.report.blocks import (
    Block,
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
)
from evaluation.report.foreign import spans
from evaluation.report.formats import columns
from evaluation.texts import locale, unbroken

if TYPE_CHECKING:
    from docx.document import Document as Word

_NOTE, _FRAMED, _TABLE, _CELL = "Report Note", "Report Certificate", "Report Table", "Report Table Text"
STYLES = (
    *("Normal", "Heading 2", "Heading 3", "Heading 4", "List Bullet", "List Number", "Caption", "Hyperlink"),
    *(_NOTE, _FRAMED, _TABLE, _CELL),
)
_WIDTH = 4252680  # of a picture, in English Metric Units: 4.65 inches
_TWIP = 635  # of them
_SMALL = '<w:sz w:val="16"/>'  # in half points
_BAD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML can hold these
_LOOKS = {
    "": "",
    "strong": "<w:b/>",
    "emphasis": "<w:i/>",
    "code": '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New"/>',
}


def elements(whole: Document, filled: Word, styles: Mapping[str, str]) -> list[Any]:
    """The elements of all parts, for the place where they stand; pictures and links enter the document's package."""
    from docx.oxml.ns import nsdecls
    from docx.oxml.parser import parse_xml

    setter = _Setter(whole, filled, styles)
    told = "".join(itertools.chain.from_iterable(map(setter.part, whole.read)))
    body: Any = parse_xml(f"<w:body {nsdecls('w', 'a', 'pic', 'r', 'wp')}>{told}</w:body>")
    return list(body)


class _Setter:
    """Sets parts in the styles of a document."""

    def __init__(self, whole: Document, filled: Word, styles: Mapping[str, str]) -> None:
        self.styles, self.pictures = styles, whole.pictures
        self.package: Any = filled.part
        section: Any = filled.sections[0]
        self.room = (section.page_width - section.left_margin - section.right_margin) // _TWIP
        self.filled: Any = filled
        self.numbers = itertools.count(9001)  # of pictures, above those in the template
        self.words = whole.foreign

    def part(self, one: Part) -> Iterator[str]:
        if one.heading:
            yield self.line("Heading 2", [Sentence(one.heading)])
        for block in one.blocks:
            yield from self.block(block, small=one.place == "footer")

    def block(self, one: Block, *, small: bool = False) -> Iterator[str]:
        match one:
            case Heading():
                yield self.line(f"Heading {one.level}", [Sentence(one.heading)])
            case Paragraph():
                yield self.paragraph(one, _NOTE if small else "Normal")
            case Bullets():
                style, more = ("List Number", self._from_one()) if one.numbered else ("List Bullet", "")
                yield from (self.paragraph(item, style, more=more) for item in one.items)
            case Definitions():
                for name, meaning in one.pairs:
                    yield self.line("Normal", [Sentence(f"{name}:", style="strong"), Sentence(meaning)])
            case Table():
                yield from self.table(one)
            case Figure():
                yield from self.figure(one)
            case Certificate():
                yield self.line(_FRAMED, [Sentence(" ".join(one.certified))])
            case _:
                assert_never(one)

    def paragraph(self, one: Paragraph, style: str, *, more: str = "") -> str:
        label = [Sentence(f"{one.label}.", style="strong")] if one.label else []
        return self.line(style, [*label, *one.sentences], more=more)

    def _from_one(self) -> str:
        """What numbers a list anew, where lists of this style are numbered at all."""
        rule = self.filled.styles["List Number"].element.find(".//{*}numId")
        if rule is None:
            return ""
        numbering = self.filled.part.numbering_part.element
        number = numbering.add_num(numbering.num_having_numId(rule.val).abstractNumId.val)
        number.add_lvlOverride(ilvl=0).add_startOverride(1)
        return f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number.numId}"/></w:numPr>'

    def line(self, style: str, sentences: Sequence[Sentence], *, more: str = "", size: str = "") -> str:
        pieces = Paragraph(tuple(sentences)).pieces()
        said = "".join(self._run(space, sentence, size) for space, sentence in pieces)
        return f'<w:p><w:pPr><w:pStyle w:val="{self.styles[style]}"/>{more}</w:pPr>{said}</w:p>'

    def _run(self, space: str, sentence: Sentence, size: str) -> str:
        look = _LOOKS[sentence.style] + size
        if not sentence.address:
            return self._spoken(space + sentence.text, look)
        from docx.opc.constants import RELATIONSHIP_TYPE

        leads = self.package.relate_to(sentence.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        run = self._spoken(sentence.text, f'<w:rStyle w:val="{self.styles["Hyperlink"]}"/>{look}')
        return f'{_run(space, "")}<w:hyperlink r:id="{leads}">{run}</w:hyperlink>'

    def _spoken(self, text: str, look: str) -> str:
        """Runs, each in its language."""
        pieces = ((piece, f'<w:lang w:val="{tag(own)}"/>' if own else "") for piece, own in spans(text, self.words))
        return "".join(_run(piece, look + language) for piece, language in pieces)

    def table(self, one: Table) -> Iterator[str]:
        yield self.line("Caption", [Sentence(one.caption)])
        widths = [int(self.room * share) for share in columns.widths(one)]
        aligned = [*zip(columns.numeric(one), columns.gaps(one), strict=True)]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        rows = "".join(
            self._row(row, one, widths, aligned, header=not at, joined=at < len(one.rows) <= columns.SHORT)
            for at, row in enumerate((one.columns, *one.rows))
        )
        yield (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self.styles[_TABLE]}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
            f'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{_plain(one.caption)}"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
        )
        yield from (self.line(_NOTE, [Sentence(note)]) for note in one.notes or ("",))  # two tables would become one

    def _row(
        self,
        row: Sequence[str],
        one: Table,
        widths: Sequence[int],
        aligned: Sequence[tuple[bool, bool]],
        *,
        header: bool,
        joined: bool,
    ) -> str:
        """A row, which is never broken over two pages, nor ``joined`` parted from the next; the header is repeated."""
        together = "<w:keepNext/>" * joined
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{self._cell(text, one, *look, together)}</w:tc>'
            for text, width, look in zip(row, widths, aligned, strict=True)
        )
        return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' * header}</w:trPr>{cells}</w:tr>"

    def _cell(self, text: str, one: Table, number: bool, gap: bool, together: str) -> str:
        look = together + '<w:ind w:right="160"/>' * gap + '<w:jc w:val="right"/>' * number
        size = _SMALL if columns.narrow(one) else ""
        return self.line(_CELL, [Sentence(text, style="emphasis" if text == one.hidden else "")], more=look, size=size)

    def figure(self, one: Figure) -> Iterator[str]:
        yield self.line("Caption", [Sentence(one.caption)])
        leads, image = self.package.get_or_add_image(io.BytesIO(self.pictures[one.picture]))
        size = f'cx="{_WIDTH}" cy="{_WIDTH * image.px_height // image.px_width}"'
        number, alt, title = next(self.numbers), _plain(one.alt), _plain(one.caption)
        about = f'id="{number}" name="Picture {number}" descr="{alt}" title="{title}"'
        yield (
            f'<w:p><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
            f"<wp:docPr {about}/><a:graphic><a:graphicData "
            'uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
            f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="Picture {number}" descr="{alt}"/><pic:cNvPicPr/>'
            f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{leads}"/>'
            "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
            "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
        )


def tag(language: str) -> str:
    """A language as a document names it: en-GB."""
    return str(locale(language)).replace("_", "-")


def _run(text: str, look: str) -> str:
    rules = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{rules}<w:t xml:space="preserve">{_plain(unbroken(text))}</w:t></w:r>' if text else ""


def _plain(text: str) -> str:
    """The text as it is typed."""
    return escape(_BAD.sub("", text))
