"""Inside a Jupyter server the same pages answer under desk/, behind the same signing in."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desk.running import NAME, PASSPHRASE, Client, make
from tests.fresh import SPARING


@pytest.fixture
def jupyter(once: Callable[[str, Callable[[Path], None]], Path], tmp_path: Path) -> Iterator[Client]:
    folder = once("desk", make)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-c", f"{SPARING}; from jupyter_server.serverapp import main; main()",
        "--no-browser", "--allow-root", f"--port={port}",
        "--ServerApp.base_url=/user/ewa/", "--IdentityProvider.token=a-token-of-the-lab",
        "--ServerApp.jpserver_extensions={'evaluation.project.desk': True}", f"--ServerApp.root_dir={folder}",
    ]  # fmt: skip
    homes = {name: str(tmp_path) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    log = (tmp_path / "log").open("w")
    server = subprocess.Popen(command, cwd=tmp_path, env={**os.environ, **homes}, stdout=log, stderr=log)
    client = Client(port)
    try:
        until = time.monotonic() + 300
        while True:
            try:
                client.get("/user/ewa/desk/")
                break
            except OSError:
                assert server.poll() is None, (tmp_path / "log").read_text()
                assert time.monotonic() < until
                time.sleep(0.1)
        yield client
    finally:
        server.terminate()
        server.wait(60)
        log.close()


def test_the_pages_lie_under_the_server_s_own_address_and_take_the_same_passphrase(jupyter: Client) -> None:
    client = jupyter.get("/user/ewa/desk/people?token=a-token-of-the-lab")
    assert "Passphrase" in client.text
    assert "P-001" not in client.text
    client.get("/user/ewa/desk/sign-in").post(
        "/user/ewa/desk/sign-in", {"name": NAME, "passphrase": PASSPHRASE, "going": ""}
    )
    assert client.path == "/user/ewa/desk/"
    assert "P-001" in client.get("/user/ewa/desk/people").text
    inside = re.findall(r'(?:href|action|src)="(/[^"]*)"', client.page)
    assert inside
    assert all(address.startswith("/user/ewa/desk/") for address in inside)
    assert client.get("/user/ewa/api/contents").status == 403
    assert client.get("/user/ewa/desk/people", Host="evil.example").status == 403
    form = "/user/ewa/desk/people/new"
    typed = {"participant": "P-004", "enrolled_on": "1.3.2015", "consent_service": "true", "consent_reporting": "true"}
    assert "Enrolled." in client.get(form).post(form, typed).text
