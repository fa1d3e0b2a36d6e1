"""A desk on a copy of the small fictional project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desk.running import Running, make
from tests.desk.visit import make_visit

Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture
def desk(once: Once) -> Iterator[Running]:
    running = Running(once("desk", make)).start()
    yield running
    running.stop()


@pytest.fixture
def visit(once: Once) -> Iterator[Running]:
    """A desk with a questionnaire in four languages beside the others."""
    running = Running(once("desk-visit", make_visit)).start()
    yield running
    running.stop()
