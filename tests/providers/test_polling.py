"""Polling intervals: they grow, they are capped, they are spread."""

from __future__ import annotations

import itertools

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


def test_below_a_webhook_it_begins_as_soon_and_grows_to_a_minute() -> None:
    hooked, plain = ([next_poll(1.0, n, webhook=webhook, random=middle) for n in range(50)] for webhook in (True, False))
    assert hooked[:7] == plain[:7]
    assert hooked[-1] == 60.0


def test_where_no_webhook_gets_through_nobody_waits_much_longer_than_it_took() -> None:
    """Whenever a drawing ends, the next look is at most half of the time since its start away (and jitter)."""
    looks = [0.0]
    for polls in range(9):
        looks.append(looks[-1] + next_poll(1.0, polls, webhook=True, random=middle))
    assert all(after - before <= 0.5 * before + 1.0 for before, after in itertools.pairwise(looks))


def test_a_providers_own_cap_counts() -> None:
    assert next_poll(1.0, 50, webhook=False, random=middle, cap=3.0) == 3.0


@pytest.mark.parametrize(("drawn", "seconds"), [(0.0, 0.8), (1.0, 1.2)])
def test_the_jitter_is_a_fifth_each_way(drawn: float, seconds: float) -> None:
    assert next_poll(1.0, 0, webhook=False, random=lambda: drawn) == pytest.approx(seconds)


@given(st.floats(0.1, 30), st.integers(0, 10**9), st.booleans(), st.floats(0, 1))
def test_it_is_always_a_sane_wait(first: float, polls: int, webhook: bool, drawn: float) -> None:
    wait = next_poll(first, polls, webhook=webhook, random=lambda: drawn)
    assert 0.05 < wait <= (60.0 if webhook else 15.0)
