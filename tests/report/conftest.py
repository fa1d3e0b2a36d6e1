"""The release made by hand, and everything that can be shown of it, drawn once a session."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evaluation.release.released import Released
from evaluation.report.shown import Shown
from tests.report.handmade import all_parts, make_released


@pytest.fixture(scope="session")
def released() -> Released:
    return make_released()


@pytest.fixture(scope="session")
def parts_of(released: Released) -> Callable[[str], list[Shown]]:
    """All parts of the release by language, drawn once."""
    drawn: dict[str, list[Shown]] = {}

    def parts(language: str) -> list[Shown]:
        if language not in drawn:
            drawn[language] = all_parts(released, language)
        return drawn[language]

    return parts
