"""Retry-After in all its spellings: a sane number of seconds or nothing."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.retry_after import LONGEST_RETRY_AFTER, retry_after


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"Retry-After-Ms": "250", "Retry-After": "9"}, 0.25),
        ({"Retry-After": "-3"}, 0.0),
        ({"Retry-After": "999999999"}, LONGEST_RETRY_AFTER),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_retry_after_as_a_date() -> None:
    assert retry_after({"Retry-After": formatdate(time.time() + 60, usegmt=True)}) == pytest.approx(60, abs=2)


@given(st.text())
def test_any_retry_after_is_a_sane_number_or_none(text: str) -> None:
    seconds = retry_after({"Retry-After": text, "Retry-After-Ms": text})
    assert seconds is None or 0 <= seconds <= LONGEST_RETRY_AFTER
