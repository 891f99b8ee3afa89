"""Polling intervals: they grow, they are capped, they are spread."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.polling import CAP, FIRST, next_poll


def middle() -> float:
    return 0.5


def test_grows_from_the_first_interval_to_the_cap() -> None:
    waits = [next_poll(FIRST, polls, webhook=False, random=middle) for polls in range(12)]
    assert waits[0] == 1.0
    assert waits == sorted(waits)
    assert waits[-1] == CAP == 15.0


def test_webhooks_make_it_four_times_slower_to_a_minute() -> None:
    assert next_poll(1.0, 0, webhook=True, random=middle) == 4.0
    assert next_poll(1.0, 50, webhook=True, random=middle) == 60.0


def test_a_providers_own_cap_counts() -> None:
    assert next_poll(1.0, 50, webhook=False, random=middle, cap=3.0) == 3.0


@pytest.mark.parametrize(("drawn", "seconds"), [(0.0, 0.8), (1.0, 1.2)])
def test_the_jitter_is_a_fifth_each_way(drawn: float, seconds: float) -> None:
    assert next_poll(1.0, 0, webhook=False, random=lambda: drawn) == pytest.approx(seconds)


@given(st.floats(0.1, 30), st.integers(0, 10**9), st.booleans(), st.floats(0, 1))
def test_it_is_always_a_sane_wait(first: float, polls: int, webhook: bool, drawn: float) -> None:
    wait = next_poll(first, polls, webhook=webhook, random=lambda: drawn)
    assert 0.05 < wait <= (60.0 if webhook else 15.0)
