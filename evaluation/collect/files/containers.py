"""What kind of file was sent, whatever its name says: text, a packed workbook, or something that is refused by name."""

from __future__ import annotations

from evaluation.collect.issues import refusal

_OLE = b"\xd0\xcf\x11\xe0"
_PAGES = (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<?xml", b"<mht")
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"SQLite format")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


def is_packed(content: bytes, name: str) -> bool:
    """Whether the file is packed as workbooks are; else it is text. Raises FileRefused with what it is instead."""
    start = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if content.startswith(_OLE):
        raise refusal(_old(content), file=name)
    if start.startswith(_PAGES):
        raise refusal("web_page", file=name)
    if content.startswith(_ARCHIVES):
        raise refusal("packed", file=name)
    if content.startswith(_OTHERS):
        raise refusal("not_a_table", file=name)
    return content.startswith(b"PK")


def _old(content: bytes) -> str:
    """What lies in the container of older Office programs, by the names in its directory."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "password"
    old = any(part.encode("utf-16-le") + b"\0\0" in content for part in ("Workbook", "Book"))
    return "old_workbook" if old else "not_a_table"
