"""How soon a questionnaire is ready in a cold browser, from the desk and from Voilà with the same questions."""

from __future__ import annotations

import contextlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from playwright.sync_api import CDPSession, Playwright, sync_playwright

from evaluation.project import folder as folders
from evaluation.schema import Instrument
from tests.browser.conftest import _SERVE, CHROMIUM
from tests.desk.running import NAME, PASSPHRASE, Client, make

FORM, ITEMS = "security", 12
_PEERS: Mapping[str, tuple[str, ...]] = {
    "Voilà": (),
    "Voilà, kernels started before": ("--preheat_kernel=True", "--pool_size=3"),
}
_READY = "n => document.querySelectorAll('input[type=radio], input[type=checkbox]').length >= n"


def notebook(form: Instrument) -> dict[str, object]:
    """The first items of the questionnaire as ipywidgets."""
    lines = ["import ipywidgets as w", "shown = []"]
    for item in [item for item in form.items if item.kind == "select_one"][:ITEMS]:
        options = [choice.labels["en"] for choice in item.choices]
        lines.append(f"shown.append(w.HTML({item.labels['en']!r}))")
        lines.append(f"shown.append(w.RadioButtons(options={options!r}, value=None))")
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "id": "one"}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    source = "\n".join((*lines, "w.VBox(shown)"))
    return {"cells": [{**cell, "source": source}], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


def compare(scratch: Path, voila: Path, *, rounds: int) -> None:
    """Open each in turn in a browser that has nothing of it yet, and print the medians."""
    folder = scratch / "project"
    make(folder)
    form = folders.read(folder).instruments[FORM]
    shown = [item for item in form.items if item.kind == "select_one"][:ITEMS]
    (scratch / "form.ipynb").write_text(json.dumps(notebook(form)), encoding="utf-8")
    marks = sum(len(item.choices) for item in shown)
    times: dict[str, list[float]] = {name: [] for name in ("the desk", *_PEERS)}
    moved: dict[str, list[int]] = {name: [] for name in times}
    with contextlib.ExitStack() as running, sync_playwright() as playwright:
        addresses = {"the desk": running.enter_context(desk(folder))}
        for at, (name, options) in enumerate(_PEERS.items()):
            command = [str(voila), "form.ipynb", "--no-browser", f"--port={18870 + at}", *options]
            addresses[name] = running.enter_context(peer(command, scratch, 18870 + at)), {}
        for _ in range(rounds):
            for name, (address, cookies) in addresses.items():
                took, size = opened(playwright, address, cookies, marks)
                times[name].append(took)
                moved[name].append(size)
    alone, least = statistics.median(times["the desk"]), statistics.median(moved["the desk"])
    for name, all_times in times.items():
        took, size = statistics.median(all_times), statistics.median(moved[name])
        beside = f"{took / alone:5.1f} times as long, {size / least:4.0f} times the bytes"
        print(f"{name:32} ready after {took * 1000:6.0f} ms, {size / 1024:6.0f} KiB: {beside}", flush=True)


@contextlib.contextmanager
def desk(folder: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The address of a questionnaire at the desk, and the cookies of somebody who is signed in."""
    process = subprocess.Popen([sys.executable, "-c", _SERVE, str(folder), "0"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        port = int(process.stdout.readline().strip().rsplit(":", 1)[1].strip("/"))
        client = Client(port)
        person = client.sign_in(NAME, PASSPHRASE).get("/people").link("P-001")
        yield f"http://localhost:{port}{person}/{FORM}/baseline", client.cookies
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def peer(command: list[str], folder: Path, port: int) -> Iterator[str]:
    """Voilà in its own process, ready to be asked."""
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)
    try:
        client = Client(port)
        for _ in range(600):
            with contextlib.suppress(OSError):
                client.get("/voila/static/nothing")
                break
            time.sleep(0.1)
        time.sleep(10)  # kernels that are started before anybody comes
        yield f"http://localhost:{port}/"
    finally:
        process.terminate()
        process.wait(30)


def opened(playwright: Playwright, address: str, cookies: Mapping[str, str], marks: int) -> tuple[float, int]:
    """Seconds until every question can be answered in a new browser, and the bytes that came."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM)
    context = browser.new_context()
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    page = context.new_page()
    session: CDPSession = context.new_cdp_session(page)
    sizes: list[int] = []
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda told: sizes.append(int(told["encodedDataLength"])))
    session.on("Network.webSocketFrameReceived", lambda told: sizes.append(len(told["response"]["payloadData"])))
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function(_READY, arg=marks, polling=20, timeout=120_000)
    page.wait_for_load_state("load")
    took = time.perf_counter() - began
    browser.close()
    return took, sum(sizes)
