"""Ratios in, sizes out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.jobs.ratios import COMMON, read_ratio, size_for, suggest_ratios
from providers.base import Size


@pytest.mark.parametrize("typed", ["1:1", "3:2", "4:1", "1:4", "10000:2500", "1920:1080"])
def test_ratios_that_are_taken(typed: str) -> None:
    assert read_ratio(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "3",
        "3:",
        ":2",
        "0:1",
        "1:0",
        "-3:2",
        "3.5:2",
        "41:10",
        "10:41",
        "10001:10000",
        "３:2",
        "3:2:1",
        "3 : 2",
        "9" * 5000 + ":1",
    ],
)
def test_ratios_that_are_refused(typed: str) -> None:
    assert read_ratio(typed) is None


def test_leading_zeros_go() -> None:
    assert read_ratio("03:002") == "3:2"


@pytest.mark.parametrize(
    ("ratio", "size"),
    [
        ("", Size(1024, 1024)),
        ("1:1", Size(1024, 1024)),
        ("3:2", Size(1248, 832)),
        ("4:1", Size(2048, 512)),
        ("9:16", Size(768, 1360)),
    ],
)
def test_size(ratio: str, size: Size) -> None:
    assert size_for(ratio) == size


@settings(deadline=None)
@given(
    st.integers(1, 10_000),
    st.integers(1, 10_000),
    st.sampled_from([512 * 512, 1024 * 1024]),
    st.sampled_from([1, 8, 16, 64]),
)
def test_size_keeps_area_ratio_and_multiple(width: int, height: int, area: int, multiple: int) -> None:
    ratio = read_ratio(f"{width}:{height}")
    if ratio is None:
        return
    size = size_for(ratio, area, multiple)
    assert size.width % multiple == size.height % multiple == 0
    assert size.width * size.height == pytest.approx(area, rel=0.2)
    assert size.width / size.height == pytest.approx(width / height, rel=0.2)


def test_suggestions() -> None:
    assert [choice.value for choice in suggest_ratios("")] == list(COMMON)
    assert [choice.value for choice in suggest_ratios("16")] == ["16:9"]
    assert [choice.value for choice in suggest_ratios("phone")] == ["9:16"]
    assert [choice.value for choice in suggest_ratios("7:5")] == ["7:5"]
    assert suggest_ratios("7:1") == []
    assert len(suggest_ratios("")) <= 25
    assert all(read_ratio(name) == name for name in COMMON)
