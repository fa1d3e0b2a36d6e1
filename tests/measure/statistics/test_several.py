"""Several tests at once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.measure.statistics.several import adjust, holm


def test_holm_multiplies_the_smallest_by_how_many_there_are_and_never_goes_down() -> None:
    assert holm([0.04, 0.01, 0.03]) == pytest.approx((0.06, 0.03, 0.06))
    assert holm([0.5, 0.6]) == (1.0, 1.0)
    assert holm([]) == ()


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from([0.0, 1e-9, 0.01, 0.012, 0.04, 0.2, 0.5, 1.0]), max_size=7))
def test_holm_s_written_out_are_statsmodels_own(p: list[float]) -> None:
    assert holm(p) == pytest.approx(adjust(p, "holm"), abs=1e-15)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=7))
def test_hochberg_s_are_never_above_holm_s_nor_those_above_bonferroni_s(p: list[float]) -> None:
    for hochberg, by_holm, bonferroni in zip(adjust(p, "hochberg"), holm(p), adjust(p, "bonferroni"), strict=True):
        assert hochberg <= by_holm + 1e-12
        assert by_holm <= bonferroni + 1e-12
