"""Invisible characters go, visible ones stay."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.jobs.clean import clean


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("  a cat ", "a cat"),
        ("a\ncat\r\nasleep\there", "a cat asleep here"),
        ("a\x00\x07\x1b[31m cat\x7f", "a[31m cat"),
        ("pass\u200bword \u202egnp\u202c \u2066x\u2069\ufeff", "password gnp x"),
        ("a\u200dcat \u200d", "acat"),
        ("x\U000e0041\U000e0042y", "xy"),
        ("half \ud83d pair", "half  pair"),
        ("family \U0001f469\u200d\U0001f467", "family \U0001f469\u200d\U0001f467"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("two  spaces, “quotes” — dash", "two  spaces, “quotes” — dash"),
    ],
)
def test_clean(typed: str, left: str) -> None:
    assert clean(typed) == left


@settings(deadline=None)
@given(st.text(st.characters()))
def test_cleaning_twice_changes_nothing_and_any_store_takes_it(typed: str) -> None:
    once = clean(typed)
    assert clean(once) == once
    once.encode("utf-8")
    assert not any(ord(character) < 32 for character in once)
