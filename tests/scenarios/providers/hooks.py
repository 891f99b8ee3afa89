"""What each vendor posts to a webhook address, signed as that vendor signs, and how its loopback server is held back."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nacl.signing import SigningKey

from tests.fakes.apis import bfl, fal, midapi, replicate
from tests.fakes.apis.strict import StrictApi
from tests.scenarios.providers.vendors import finish_predictions, finish_tasks

FAL_KEY = SigningKey.generate()
BFL_SECRET = "whisper"
EVIL = "http://127.0.0.1:1/evil.jpg"
"""A picture that every body claims: the bot never takes one from there."""


def unsigned(_body: bytes) -> dict[str, str]:
    """A vendor that signs nothing."""
    return {}


@dataclass(frozen=True, slots=True)
class Hook:
    """`sent`: the address's field in the paid request; `tasks`: ids in the order of those; `body`: of one task's webhook.

    `hold`: no task ends until `finish`. `tampered`: a body that was not signed so, or (nothing is signed) makes no sense.
    """

    sent: str
    tasks: Callable[[Any], list[str]]
    body: Callable[[str], Any]
    hold: Callable[[Any], None]
    finish: Callable[[Any], None]
    sign: Callable[[bytes], dict[str, str]] = unsigned
    settings: Callable[[StrictApi], Mapping[str, str]] = lambda _api: {}
    scheme: str = "http"

    def addresses(self, api: StrictApi) -> list[str]:
        """Where the paid requests want to be called back; `https` goes through the proxy, which this strips."""
        fields = [{**seen.query, **(seen.body or {})} for seen in api.seen if seen.method == "POST"]
        found = [str(field[self.sent]) for field in fields if self.sent in field]
        assert all(url.startswith(f"{self.scheme}://") for url in found), found
        return [url.replace(f"{self.scheme}://", "http://", 1) for url in found]

    def message(self, task: str) -> tuple[bytes, dict[str, str]]:
        """Body and signed headers."""
        body = json.dumps(self.body(task)).encode()
        return body, self.sign(body)

    def tampered(self, task: str) -> tuple[bytes, dict[str, str]]:
        """A changed body under the signature of the true one."""
        body, headers = self.message(task)
        return (body + b" " if headers else b"no JSON"), headers


def fal_hold(api: fal.FalApi) -> None:
    """Requests stay in progress; the keys are where the bot looks for them."""
    api.next = {"word": "IN_PROGRESS"}
    public = base64.urlsafe_b64encode(bytes(FAL_KEY.verify_key)).rstrip(b"=").decode()
    api.files[fal.JWKS] = (
        json.dumps({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": public}]}).encode(),
        "application/json",
    )


def fal_finish(api: fal.FalApi) -> None:
    """Every request is complete."""
    for request in api.requests.values():
        request.word = "COMPLETED"


def fal_sign(body: bytes) -> dict[str, str]:
    """Ed25519 over ids, time and the body's hash."""
    values = (json.loads(body)["request_id"], "user-1", str(int(time.time())))
    message = "\n".join((*values, hashlib.sha256(body).hexdigest())).encode()
    names = (f"x-fal-webhook-{name}" for name in ("request-id", "user-id", "timestamp"))
    return {**dict(zip(names, values, strict=True)), "x-fal-webhook-signature": FAL_KEY.sign(message).signature.hex()}


def fal_body(task: str) -> Any:
    """As on fal.ai's webhook page."""
    payload = {"images": [{"url": EVIL, "width": 64, "height": 64}], "seed": 1}
    return {"request_id": task, "gateway_request_id": task, "status": "OK", "payload": payload}


def bfl_words(*words: str) -> Callable[[bfl.BflApi], None]:
    """From now on every task says this."""

    def say(api: bfl.BflApi) -> None:
        api.words = list(words)

    return say


def bfl_sign(body: bytes) -> dict[str, str]:
    """HMAC-SHA256 over the body."""
    return {"x-bfl-signature": f"sha256={hmac.digest(BFL_SECRET.encode(), body, hashlib.sha256).hex()}"}


def held(_api: StrictApi) -> None:
    """Nothing to do: the server draws until it is told to end."""


HOOKS = {
    "fal": Hook(
        "fal_webhook",
        lambda api: list(api.requests),
        fal_body,
        fal_hold,
        fal_finish,
        fal_sign,
        lambda api: {"FAL_JWKS_URL": f"{api.base}/files/{fal.JWKS}"},
    ),
    # Replicate takes only https addresses: the bot stands behind a proxy that ends TLS.
    "replicate": Hook(
        "webhook",
        lambda api: list(api.predictions),
        lambda task: {"id": task, "status": "succeeded", "output": [EVIL] * 4, "error": None, "completed_at": replicate.AT},
        held,
        finish_predictions,
        lambda body: replicate.sign(body, time.time()),
        lambda _api: {"REPLICATE_WEBHOOK_SECRET": replicate.SECRET},
        "https",
    ),
    "bfl": Hook(
        "webhook_url",
        lambda api: [f"task-{number}" for number in range(1, api.paid + 1)],
        lambda task: {"id": task, "status": "Ready", "result": {"sample": EVIL}, "timestamp": "2026-11-21T07:00:00Z"},
        bfl_words("Pending"),
        bfl_words("Ready"),
        bfl_sign,
        lambda _api: {"BFL_WEBHOOK_SECRET": BFL_SECRET},
    ),
    "midapi": Hook(
        "callBackUrl",
        lambda api: list(api.records),
        lambda task: midapi.coded(200, "success", taskId=task, promptJson="{}", resultUrls=[EVIL] * 4),
        held,
        finish_tasks,
    ),
    "midjourney": Hook(
        "hookUrl",
        lambda api: list(api.jobs),
        lambda task: {"data": {"taskId": task, "status": 1, "images": [EVIL] * 4}},
        held,
        finish_tasks,
    ),
}
"""Vendors whose adapter asks for webhooks."""
