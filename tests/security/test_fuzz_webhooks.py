"""Any body and any headers at every provider's webhook: an id, or BadWebhook, also where the signature is right."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.imaging.pool import PixelPool
from bot.settings_load import load_settings
from bot.wiring.draw import build_providers
from providers.base import Provider
from providers.errors import BadWebhook
from providers.fake import FakeVendor
from providers.fal import Fal
from tests.fakes.apis import replicate
from tests.scenarios.providers.hooks import BFL_SECRET, FAL_KEY, bfl_sign

KEYS = {
    "FAL_KEY": "k",
    "REPLICATE_API_TOKEN": "k",
    "REPLICATE_WEBHOOK_SECRET": replicate.SECRET,
    "OPENAI_API_KEY": "k",
    "RECRAFT_API_KEY": "k",
    "BFL_API_KEY": "k",
    "BFL_WEBHOOK_SECRET": BFL_SECRET,
    "STABILITY_API_KEY": "k",
    "GEMINI_API_KEY": "k",
    "IDEOGRAM_API_KEY": "k",
    "XAI_API_KEY": "k",
    "MIDAPI_API_KEY": "k",
    "MIDJOURNEY_API_KEY": "k",
    "COMFYUI_URL": "http://127.0.0.1:9",
    "A1111_URL": "http://127.0.0.1:9",
}
NAMES = (
    "x-fal-webhook-request-id",
    "x-fal-webhook-user-id",
    "x-fal-webhook-timestamp",
    "x-fal-webhook-signature",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
    "x-bfl-signature",
    "x-webhook-secret",
)
VALUES = (
    st.text(max_size=40) | st.integers().map(str) | st.just("9" * 400) | st.just(str(int(time.time()))) | st.just("v1,AA==")
)
IDS = st.text(max_size=20) | st.sampled_from(["../x", "a" * 500, "\ud800", "x\n", "1' OR 1=1", ""])
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "request_id", "taskId", "data", "status"]) | st.text(max_size=4), inner | IDS, max_size=4
        )
    ),
    max_leaves=8,
)
BODIES = (
    st.binary(max_size=60)
    | JSON.map(lambda said: json.dumps(said).encode())
    | st.sampled_from(
        [b"[" * 100_000, b'{"id":' * 50_000, b'{"id": 1e999}', b'{"id": "x\x00y"}', b'{"id": ' + b"9" * 5000 + b"}"]
    )
)


@cache
def providers() -> dict[str, Provider]:
    """All of them, as wiring builds them. Nothing is called."""
    client = httpx.AsyncClient(trust_env=False)
    built = build_providers(load_settings(KEYS, None), PixelPool(), time.time, client)
    found = {provider.capabilities.name: provider for provider in built}
    fal = found["fal"]
    assert isinstance(fal, Fal)
    fal._keys._keys, fal._keys._fetched, fal._keys._due = (bytes(FAL_KEY.verify_key),), time.time(), time.time() + 3600
    return found | {"fake": FakeVendor("http://127.0.0.1:9", client)}


def fal_sign(body: bytes) -> dict[str, str]:
    values = ("request", "user", str(int(time.time())))
    message = "\n".join((*values, hashlib.sha256(body).hexdigest())).encode()
    return dict(zip(NAMES, (*values, FAL_KEY.sign(message).signature.hex()), strict=False))


SIGNS: dict[str, Callable[[bytes], dict[str, str]]] = {
    "fal": fal_sign,
    "bfl": bfl_sign,
    "replicate": lambda body: replicate.sign(body, time.time()),
}


def read(provider: Provider, headers: dict[str, str], body: bytes) -> None:
    try:
        named = provider.read_webhook(headers, body)
    except BadWebhook:
        return
    assert isinstance(named, str)
    named.encode("utf-8")
    assert len(named) <= 1000


@given(headers=st.dictionaries(st.sampled_from(NAMES), VALUES), body=BODIES)
@example(headers=dict.fromkeys(NAMES, "9" * 400), body=b"{}")
def test_any_webhook_is_an_id_or_bad(headers: dict[str, str], body: bytes) -> None:
    for provider in providers().values():
        read(provider, headers, body)


@given(body=BODIES)
@example(body=b'{"id": "\\ud800", "request_id": "\\ud800", "taskId": "\\ud800", "data": {"taskId": "\\ud800"}}')
def test_a_right_signature_makes_no_body_harmless(body: bytes) -> None:
    for name, sign in SIGNS.items():
        read(providers()[name], sign(body), body)
    for name in ("midapi", "midjourney", "fake"):
        read(providers()[name], {}, body)


@pytest.mark.parametrize("name", SIGNS)
def test_the_signatures_here_are_right(name: str) -> None:
    body = b'{"id": "abcdefgh12345678", "request_id": "3f0a2b1c-1111-4222-8333-444455556666"}'
    providers()[name].read_webhook(SIGNS[name](body), body)
    with pytest.raises(BadWebhook):
        providers()[name].read_webhook(SIGNS[name](body), body + b" ")
