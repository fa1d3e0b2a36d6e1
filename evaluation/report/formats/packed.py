"""An office file (a zip of parts) with the same bytes each time: nothing in it knows when it was packed."""

from __future__ import annotations

import io
import re
import zipfile

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # of which a zip can tell
_PROPERTIES = "docProps/core.xml"
_CREATED = re.compile(rb"<dcterms:created[^>]*>([^<]*)<")
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*<")


def packed(made: bytes) -> bytes:
    """The same parts in the same order, none of them dated, and last changed when it was made."""
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as before, zipfile.ZipFile(whole, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == _PROPERTIES and (day := _CREATED.search(content)):
                content = _MODIFIED.sub(rb"\g<1>" + day[1] + b"<", content)
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            after.writestr(entry, content)
    return whole.getvalue()
