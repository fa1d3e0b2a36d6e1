"""What the tests of the gate may do without."""

from __future__ import annotations

import pytest

from evaluation.release import gate


@pytest.fixture
def without_the_reader_who_knows_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """What that reader learns is judged elsewhere; running our rule a thousand times for each project takes long."""
    monkeypatch.setattr(gate, "candidates", lambda *_, **__: None)
