"""A desk on a copy of the small fictional project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desk.running import Running, make

Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture
def desk(once: Once) -> Iterator[Running]:
    running = Running(once("desk", make)).start()
    yield running
    running.stop()
