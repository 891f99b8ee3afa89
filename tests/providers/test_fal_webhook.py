"""fal.ai's signed webhooks: only what its keys signed, whole and in time, is taken."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import importlib
import importlib.util
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.web.webhooks import ANSWER_SECONDS
from providers.base import DrawRequest, Kind, Size
from providers.errors import BadWebhook
from providers.fal import Fal
from providers.fal_webhook import FETCH_SECONDS
from tests.fakes.apis.fal import JWKS, KEY, SUBMIT, FalApi
from tests.providers.raw import listen, say

NOW = 1_800_000_000.0
BODY = json.dumps({"request_id": "request-0", "gateway_request_id": "g", "status": "OK", "payload": {}}).encode()
ONE = DrawRequest(Kind.IMAGINE, "a fox", Size(1024, 1024), 1)
HOOK = "https://bot.example/webhooks/fal/call-1/token?x=1&y=2"


class Clock:
    """Unix seconds that stand until a test moves them."""

    now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def api() -> AsyncIterator[FalApi]:
    async with FalApi() as running:
        yield running
    assert running.violations == []


@pytest.fixture
async def fal(api: FalApi, clock: Clock) -> AsyncIterator[Fal]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield Fal(KEY, api.base, client, jwks_url=f"{api.base}/files/{JWKS}", clock=clock)


def new_key() -> Any:
    return pytest.importorskip("nacl.signing", reason="PyNaCl is not installed").SigningKey.generate()


def publish(api: FalApi, *keys: Any, more: tuple[Any, ...] = ()) -> None:
    entries: list[Any] = [
        {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(bytes(k.verify_key)).rstrip(b"=").decode()}
        for k in keys
    ]
    api.files[JWKS] = (json.dumps({"keys": [*more, *entries]}).encode(), "application/json")


def signed(key: Any, body: bytes = BODY, at: float = NOW) -> dict[str, str]:
    values = ("request-0", "user-1", str(int(at)))
    message = "\n".join((*values, hashlib.sha256(body).hexdigest())).encode()
    names = (f"x-fal-webhook-{name}" for name in ("request-id", "user-id", "timestamp"))
    return {**dict(zip(names, values, strict=True)), "x-fal-webhook-signature": key.sign(message).signature.hex()}


@pytest.fixture
async def key(fal: Fal, api: FalApi) -> Any:
    made = new_key()
    publish(api, new_key(), made, more=(None, {"x": 5}, {"x": "short"}, {"x": "!"}))
    await fal.submit(ONE, "call-1", HOOK)
    return made


async def test_the_address_goes_with_the_submit_and_the_signed_id_comes_back(fal: Fal, api: FalApi, key: Any) -> None:
    assert api.of(SUBMIT)[0].query == {"fal_webhook": HOOK}
    assert fal.read_webhook(signed(key), BODY) == "request-0"
    assert fal.capabilities.webhook


@pytest.mark.parametrize("off", [-300, 300])
async def test_inside_the_window(fal: Fal, key: Any, off: int) -> None:
    assert fal.read_webhook(signed(key, at=NOW + off), BODY) == "request-0"


@pytest.mark.parametrize("off", [-301, 301])
async def test_old_or_early_ones_are_refused(fal: Fal, key: Any, off: int) -> None:
    with pytest.raises(BadWebhook, match="too old"):
        fal.read_webhook(signed(key, at=NOW + off), BODY)


@pytest.mark.parametrize("name", ["request-id", "user-id", "timestamp", "signature"])
@pytest.mark.parametrize("value", ["", "1", "12 34", "0" * 128, "\ud800", "ß"])
async def test_each_header_is_signed(fal: Fal, key: Any, name: str, value: str) -> None:
    with pytest.raises(BadWebhook):
        fal.read_webhook({**signed(key), f"x-fal-webhook-{name}": value}, BODY)


async def test_the_body_is_signed(fal: Fal, key: Any) -> None:
    for body in (BODY + b" ", BODY.replace(b"request-0", b"request-1"), b""):
        with pytest.raises(BadWebhook, match="no key"):
            fal.read_webhook(signed(key), body)


async def test_a_strangers_key(fal: Fal, key: Any) -> None:
    with pytest.raises(BadWebhook, match="no key"):
        fal.read_webhook(signed(new_key()), BODY)


@pytest.mark.parametrize(("body", "named"), [(b"{}", ""), (b'{"request_id": 5}', ""), (b'{"request_id": "../x"}', "")])
async def test_a_signed_body_that_names_nothing(fal: Fal, key: Any, body: bytes, named: str) -> None:
    assert fal.read_webhook(signed(key, body), body) == named


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff", b"[" * 100_000])
async def test_a_signed_body_that_makes_no_sense(fal: Fal, key: Any, body: bytes) -> None:
    with pytest.raises(BadWebhook):
        fal.read_webhook(signed(key, body), body)


async def settle(fal: Fal) -> None:
    task = fal._keys._task
    assert task is not None
    await asyncio.wait_for(task, 5)


async def test_a_process_that_never_submits_fetches_the_keys_for_the_next_delivery(fal: Fal, api: FalApi) -> None:
    key = new_key()
    publish(api, key)
    with pytest.raises(BadWebhook, match="being fetched"):
        fal.read_webhook(signed(key), BODY)
    await settle(fal)
    assert fal.read_webhook(signed(key), BODY) == "request-0"


async def test_a_process_that_never_submits_has_them_for_the_first_delivery_if_it_waits(fal: Fal, api: FalApi) -> None:
    key = new_key()
    publish(api, key)
    await asyncio.gather(*(first_delivery(fal, key) for _ in range(3)))


async def first_delivery(fal: Fal, key: Any) -> None:
    """As the webhook route takes one; several at once are one fetch, and each waits for it."""
    await fal.fetch_keys()
    assert fal.read_webhook(signed(key), BODY) == "request-0"


async def test_who_stops_waiting_does_not_stop_the_others(fal: Fal, api: FalApi) -> None:
    key = new_key()
    publish(api, key)
    first, second = asyncio.create_task(fal.fetch_keys()), asyncio.create_task(first_delivery(fal, key))
    await asyncio.sleep(0)
    first.cancel()
    await second


async def test_keys_that_do_not_come_are_waited_for_no_longer_than_the_route_may(fal: Fal, api: FalApi) -> None:
    publish(api, new_key())
    assert FETCH_SECONDS < ANSWER_SECONDS
    async with listen(say(b"")) as silent:
        fal._keys._url = f"http://{silent.host}/"
        await fal.fetch_keys()
    with pytest.raises(BadWebhook, match="no keys"):
        fal.read_webhook(signed(new_key()), BODY)


async def test_new_keys_are_found_and_old_ones_die_after_a_day(fal: Fal, api: FalApi, clock: Clock, key: Any) -> None:
    other = new_key()
    publish(api, other)
    clock.now += 301
    with pytest.raises(BadWebhook, match="no key"):
        fal.read_webhook(signed(other, at=clock.now), BODY)
    await settle(fal)
    assert fal.read_webhook(signed(other, at=clock.now), BODY) == "request-0"
    api.files.clear()
    clock.now += 24 * 3600 + 1
    with pytest.raises(BadWebhook, match="no keys"):
        fal.read_webhook(signed(other, at=clock.now), BODY)
    await settle(fal)


@pytest.mark.parametrize("listing", [b"", b"[]", b"{}", b'{"keys": 5}', b'{"keys": [{"x": ""}]}', b'{"keys": {}}'])
async def test_a_key_list_that_cannot_be_read_stops_no_submit(fal: Fal, api: FalApi, listing: bytes) -> None:
    api.files[JWKS] = (listing, "application/json")
    await fal.submit(ONE, "call-1", HOOK)
    assert api.paid == 1
    with pytest.raises(BadWebhook, match="no keys"):
        fal.read_webhook(signed(new_key()), BODY)


async def test_no_webhook_no_keys_asked_for(fal: Fal, api: FalApi) -> None:
    await fal.submit(ONE, "call-1", None)
    assert api.of(SUBMIT)[0].query == {}
    assert fal._keys._due < 0


async def test_without_pynacl_none_is_taken_and_that_is_said(fal: Fal, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    whole = {f"x-fal-webhook-{name}": "x" for name in ("request-id", "user-id")}
    whole |= {"x-fal-webhook-timestamp": str(int(NOW)), "x-fal-webhook-signature": "00" * 64}
    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(BadWebhook, match="pip install pynacl"):
        fal.read_webhook(whole, BODY)


async def test_webhooks_are_claimed_only_where_they_can_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with httpx.AsyncClient() as client:
        for there in (None, object()):
            monkeypatch.setattr(importlib.util, "find_spec", lambda _name, there=there: there)
            assert Fal(KEY, "http://fal.test", client).capabilities.webhook is (there is not None)
