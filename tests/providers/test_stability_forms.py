"""Stability's forms without a wire: ratios and seeds as its routes take them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.base import DrawRequest, Kind, Params, Size
from providers.stability_forms import RATIOS, nearest_ratio, order


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_a_ratio_is_always_an_allowed_one(width: int, height: int) -> None:
    assert nearest_ratio(f"{width}:{height}", Size(1, 1)) == nearest_ratio("", Size(width, height))
    assert nearest_ratio(f"{width}:{height}", Size(1, 1)) in RATIOS


@pytest.mark.parametrize(
    ("asked", "sent"), [("4:3", "5:4"), ("3:4", "4:5"), ("16:9", "16:9"), ("4:1", "21:9"), ("1:4", "9:21")]
)
def test_ratios(asked: str, sent: str) -> None:
    assert nearest_ratio(asked, Size(1024, 1024)) == sent


def sent_seed(asked: int) -> int:
    form = order(DrawRequest(Kind.IMAGINE, "x", Size(64, 64), 1, Params(seed=asked)), "core", "fast").form
    return int(form["seed"][1])


@pytest.mark.parametrize(
    ("given_seed", "sent"), [(0, 2**31), (1, 1), (2**32 - 2, 2**32 - 2), (2**32 - 1, 2**31 - 1), (2**31, 2**31)]
)
def test_no_seed_that_was_given_becomes_a_random_one(given_seed: int, sent: int) -> None:
    assert sent_seed(given_seed) == sent


@pytest.mark.parametrize("base", [*range(2**32 - 5, 2**32), *range(3), *range(2**31 - 5, 2**31 + 2)])
def test_the_four_of_a_job_have_four_seeds(base: int) -> None:
    """Each picture's is the base and its place, round the end of 32 bits."""
    seeds = {sent_seed((base + place) % 2**32) for place in range(4)}
    assert len(seeds) == 4
    assert all(1 <= seed <= 2**32 - 2 for seed in seeds)
