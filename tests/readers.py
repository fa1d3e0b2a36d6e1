"""What the files of a document say to whoever opens them: as text without spaces, and as the PDF's structure tree."""

from __future__ import annotations

import csv
import functools
import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl

from evaluation.report.blocks import Block, Bullets, Certificate, Definitions, Document, Figure, Heading, Paragraph
from evaluation.report.formats import FORMATS

if TYPE_CHECKING:
    from docx.document import Document as Word

ENDINGS = sorted(one.suffix for one in FORMATS if not one.part)
"""Of the files of a document without indicators."""
WITH_INDICATORS = sorted(one.suffix for one in FORMATS)


def content(path: Path) -> str:
    """What a file of any kind says, a text as it stands and any other as its words."""
    file = path.read_bytes()
    if path.suffix == ".pdf":
        return "\n".join(_printed(file))
    if path.suffix == ".docx":
        return "\n".join("".join(line.itertext("{*}t")) for line in word(file).element.iter("{*}p"))
    if path.suffix == ".xlsx":
        rows = openpyxl.load_workbook(io.BytesIO(file)).worksheets[0].iter_rows(values_only=True)
        return "\n".join(" | ".join("" if cell is None else str(cell) for cell in row) for row in rows)
    if path.suffix == ".csv":
        return "\n".join(" | ".join(row) for row in csv.reader(io.StringIO(file.decode("utf-8-sig"))))
    return file.decode()


@functools.cache
def _printed(file: bytes) -> tuple[str, ...]:
    """What each page of a PDF says; several tests read the same one, for half a second each."""
    import pypdf

    return tuple(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file)).pages)


def everything(path: Path) -> str:
    """All that stands in a file, also what nobody sees: the parts of an office file, the properties of a PDF."""
    if path.suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(path) as parts:
            return "\n".join(parts.read(name).decode(errors="ignore") for name in parts.namelist())
    if path.suffix == ".pdf":
        return content(path) + path.read_bytes().decode("latin-1")
    return path.read_text(encoding="utf-8")


def squeezed(text: str) -> str:
    """Without spaces, breaks and hyphens, wherever a line was broken."""
    return re.sub(r"[\s\u00a0\u00ad\u200b\u2060\u2010-]", "", text)


def said(file: bytes, kind: str) -> str:
    """All that the file says, squeezed."""
    read = {"html": _page, "pdf": _pages, "docx": _paragraphs, "txt": bytes.decode}[kind]
    return squeezed(read(file))


def _page(file: bytes) -> str:
    text = re.sub(r"<style>.*?</style>", "", file.decode(), flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def _pages(file: bytes) -> str:
    """Without what stands at the head and the foot of each page."""
    import pypdf

    read = pypdf.PdfReader(io.BytesIO(file))
    title = squeezed(read.metadata.title or "") if read.metadata else ""
    told = [*map(squeezed, _printed(file))]
    bare = [re.sub(r"(Release|Wydanie)[^ ]{0,80}(Page|Strona)\d+(of|z)\d+$", "", page) for page in told]
    assert bare != told
    return "".join(re.sub(rf"^{re.escape(title)}(fictionalexample|przykładfikcyjny)?", "", page) if at else page
                   for at, page in enumerate(bare))  # fmt: skip


def _paragraphs(file: bytes) -> str:
    return "".join(word(file).element.body.itertext("{*}t"))


def word(file: bytes) -> Word:
    import docx

    return docx.Document(io.BytesIO(file))


def texts(whole: Document) -> Iterator[str]:
    """What each block has to say wherever the document is read: a table row by row."""
    for part in whole.parts:
        yield part.heading
        for block in part.blocks:
            yield from _texts(block)


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield block.heading
        case Paragraph():
            yield "".join(space + sentence.text for space, sentence in block.pieces())
        case Bullets():
            for item in block.items:
                yield from _texts(item)
        case Definitions():
            yield from (text for pair in block.pairs for text in pair)
        case Figure():
            yield block.caption
        case Certificate():
            yield " ".join(block.certified)
        case _:
            yield block.caption
            yield from ("".join(row) for row in (block.columns, *block.rows))
            yield from block.notes


@dataclass
class Tag:
    """One element of a PDF's structure tree."""

    kind: str
    alt: str = ""
    language: str = ""
    inner: list[Tag] = field(default_factory=list)

    def all(self, kind: str = "") -> Iterator[Tag]:
        """It and all below it, in reading order."""
        if kind in ("", self.kind):
            yield self
        for one in self.inner:
            yield from one.all(kind)


def structure(file: bytes) -> Tag:
    """The tree that a screen reader walks through."""
    import pypdf

    root: Any = pypdf.PdfReader(io.BytesIO(file)).trailer["/Root"]
    return Tag("root", inner=list(_tags(root["/StructTreeRoot"])))


def languages(file: bytes) -> set[str]:
    """What its elements and the texts on its pages say of their languages."""
    import pypdf

    drawn = b"".join(page.get_contents().get_data() for page in pypdf.PdfReader(io.BytesIO(file)).pages)  # type: ignore[union-attr]
    return {one.decode() for one in re.findall(rb"/Lang ?\((\w+)\)", drawn)} | {
        tag.language for tag in structure(file).all() if tag.language
    }


def _tags(element: Any) -> Iterator[Tag]:
    kids = element.get("/K", [])
    for one in kids if isinstance(kids, list) else [kids]:
        kid = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(kid, dict) and "/S" in kid:
            alt, language = str(kid.get("/Alt", "")), str(kid.get("/Lang", ""))
            yield Tag(str(kid["/S"])[1:], alt, language, list(_tags(kid)))
