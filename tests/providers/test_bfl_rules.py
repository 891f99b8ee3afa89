"""Black Forest Labs without a wire: signatures of webhooks, who may see the key, shapes and prices."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.base import Size
from providers.bfl import Bfl
from providers.bfl_models import fit, nearest_ratio
from providers.bfl_replies import trusted
from providers.errors import BadWebhook

KEY = "bfl-test-key"
SECRET = "whisper"


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def bfl(client: httpx.AsyncClient) -> Bfl:
    return Bfl(KEY, "https://api.bfl.ai/v1", client, webhook_secret=SECRET)


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://api.us2.bfl.ai/v1/get_result?id=1", True),
        ("https://api.example/v1/get_result?id=1", True),
        ("https://api.example:8443/v1", False),
        ("http://api.us2.bfl.ai/v1", False),
        ("http://api.example/v1", False),
        ("https://api.bfl.ai:8443/", False),
        ("https://bfl.ai.evil.example/", False),
        ("https://evilbfl.ai/", False),
        ("https://me@api.bfl.ai/", False),
        ("https://api.bfl.ai@evil.example/", False),
        ("https://evil.example\\.bfl.ai/", False),
        ("https://evil.example/.bfl.ai", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_which_addresses_may_see_the_key(address: str, good: bool) -> None:
    assert trusted(address, "https://api.example/v1") is good


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"x-bfl-signature": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


BODY = json.dumps({"id": "task-1", "status": "Ready", "result": {"sample": "https://evil.example/"}}).encode()


def test_a_signed_webhook_names_its_task(bfl: Bfl) -> None:
    assert bfl.read_webhook(signed(BODY), BODY) == "task-1"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (signed(BODY), BODY.replace(b"task-1", b"task-2")),
        (signed(BODY), BODY + b" "),
        (signed(BODY, "other"), BODY),
        ({"x-bfl-signature": ""}, BODY),
        ({"x-bfl-signature": "sha256="}, BODY),
        ({"x-bfl-signature": "sha256=\xe9"}, BODY),
    ],
)
def test_a_wrong_signature_is_a_bad_webhook(bfl: Bfl, headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(BadWebhook):
        bfl.read_webhook(headers, body)


def test_the_secret_itself_is_a_proof_where_no_signature_came(bfl: Bfl) -> None:
    assert bfl.read_webhook({"x-webhook-secret": SECRET}, BODY) == "task-1"
    assert bfl.read_webhook({"x-webhook-secret": "other", **signed(BODY)}, BODY) == "task-1", "the signature decides"


@pytest.mark.parametrize(
    "headers",
    [
        {"x-webhook-secret": "other"},
        {"x-webhook-secret": ""},
        {"x-webhook-secret": SECRET + " "},
        {"x-webhook-secret": "\xe9\ud800"},
        {"x-webhook-secret": SECRET, **signed(BODY, "other")},
    ],
)
def test_a_wrong_secret_is_a_bad_webhook(bfl: Bfl, headers: dict[str, str]) -> None:
    with pytest.raises(BadWebhook) as refused:
        bfl.read_webhook(headers, BODY)
    assert SECRET not in str(refused.value)


def test_a_secret_that_is_no_ascii_is_compared_as_it_came(client: httpx.AsyncClient) -> None:
    bfl = Bfl(KEY, "https://api.bfl.ai/v1", client, webhook_secret="flüstern")
    assert bfl.read_webhook({"x-webhook-secret": "flüstern".encode().decode("latin-1")}, BODY) == "task-1"


def test_an_unsigned_webhook_only_wakes_where_a_secret_is_set(bfl: Bfl, client: httpx.AsyncClient) -> None:
    assert bfl.read_webhook({}, BODY) == ""
    assert Bfl(KEY, "https://api.bfl.ai/v1", client).read_webhook({}, BODY) == "task-1"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"12", b'"x"', b"{}", b"[" * 100_000])
def test_a_webhook_that_makes_no_sense_is_a_bad_webhook(bfl: Bfl, body: bytes) -> None:
    with pytest.raises(BadWebhook):
        bfl.read_webhook(signed(body), body)


@pytest.mark.parametrize("named", [5, None, "", "a b", '{"url": "https://evil.example"}', "x" * 201])
def test_a_webhook_cannot_name_what_is_no_id(bfl: Bfl, named: object) -> None:
    body = json.dumps({"id": named}).encode()
    assert bfl.read_webhook(signed(body), body) == ""


@given(st.integers(1, 6000), st.integers(1, 6000), st.sampled_from([(16, 64, 2048), (32, 256, 1440)]))
def test_sizes_are_always_ones_that_the_model_draws(width: int, height: int, bounds: tuple[int, int, int]) -> None:
    step, least, most = bounds
    fitted = fit(Size(width, height), step, least, most)
    assert all(side % step == 0 and least <= side <= most for side in (fitted.width, fitted.height))


@pytest.mark.parametrize(
    ("asked", "sent"), [("4:1", "21:9"), ("1:4", "9:21"), ("42:18", "21:9"), ("1024:1024", "1:1"), ("4:3", "4:3")]
)
def test_ratios(asked: str, sent: str) -> None:
    assert nearest_ratio(asked) == sent
