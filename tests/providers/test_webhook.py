"""Webhook addresses: whole, unguessable, and true for one call only."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.webhook import token_ok, webhook_token, webhook_url

NAMES = st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=20)


def test_the_address_carries_provider_call_and_token() -> None:
    url = webhook_url("https://bot.example/base/", "fal", "abc123", "secret")
    assert url == f"https://bot.example/base/webhooks/fal/abc123/{webhook_token('secret', 'fal', 'abc123')}"


def test_the_token_is_what_it_always_was() -> None:
    """Calls of before an upgrade must still be believed."""
    assert webhook_token("secret", "fal", "abc123") == "_eDhX436VUVc5f8RTLvCgJ7gzl6rd4VHVvr0wtPzTBs"


@given(NAMES, NAMES, NAMES)
def test_only_its_own_call_and_secret_open_it(secret: str, provider: str, call: str) -> None:
    token = webhook_token(secret, provider, call)
    assert len(token) == 43
    assert token_ok(token, provider, call, secret)
    assert not token_ok(token, provider, call + "x", secret)
    assert not token_ok(token, provider + "x", call, secret)
    assert not token_ok(token, provider, call, secret + "x")
    assert not token_ok(token[:-1], provider, call, secret)


def test_a_boundary_cannot_be_moved() -> None:
    assert webhook_token("s", "ab", "c") != webhook_token("s", "a", "bc")


@given(st.text())
def test_any_text_is_just_a_wrong_token(token: str) -> None:
    assert not token_ok(token, "fal", "abc123", "secret")


def test_an_empty_secret_signs_nothing() -> None:
    with pytest.raises(ValueError, match="secret is empty"):
        webhook_token("", "fal", "abc123")
