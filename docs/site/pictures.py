"""The pictures of the tutorial, from a demo's folder: python docs/site/pictures.py demo (needs Chromium)."""

from __future__ import annotations

import base64
import io
import json
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

DOCS = Path(__file__).resolve().parents[1]
REPORT = "reports/final/en/report.html"
# File, and from which text of the report on, with how many points of height.
PLACES = (("tutorial-report.png", "h1", 620), ("tutorial-hidden.png", "h2:has-text('Who took part')", 360))


def main(demo: Path) -> None:
    """Writes every picture of the demo into docs/."""
    with sync_playwright() as machine:
        browser = machine.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 900, "height": 700})
        page.goto((demo / REPORT).resolve().as_uri())
        for name, place, height in PLACES:
            at = page.locator(place).first.bounding_box()
            if at is None:
                sys.exit(f"{name}: {place} is not shown")
            box = {"x": 0, "y": max(at["y"] - 24, 0), "width": 900, "height": height}
            write(name, page.screenshot(clip=box, full_page=True))  # type: ignore[arg-type]
        browser.close()
    write("tutorial-change.png", figure(demo / "inside" / "en" / "3_outcomes.ipynb", "pictures.outcomes("))


def figure(notebook: Path, call: str) -> bytes:
    """What the cell with this call shows in an executed notebook."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    cell = next(each for each in cells if call in "".join(each["source"]) and each["cell_type"] == "code")
    shown = next(one["data"]["image/png"] for one in cell["outputs"] if "image/png" in one.get("data", {}))
    return base64.b64decode("".join(shown))


def write(name: str, picture: bytes) -> None:
    """A small file: few colours, and no wider than a page."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.thumbnail((900, 900))
    image.quantize(48).save(DOCS / name, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
