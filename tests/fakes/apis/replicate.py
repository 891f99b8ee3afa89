"""Replicate on loopback: models, predictions, uploads, cancelling and the account, by its own description."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import Any

from tests.fakes.apis.strict import Answer, Seen, StrictApi
from tests.support.openapi import spec

TOKEN = "r8_test"
SECRET = "whsec_" + base64.b64encode(b"the signing secret of a test").decode()
MODEL = "/models/{model_owner}/{model_name}"
BY_NAME = "/models/{model_owner}/{model_name}/predictions"
BY_VERSION = "/predictions"
ONE = "/predictions/{prediction_id}"
CANCEL = "/predictions/{prediction_id}/cancel"
FILES = "/files"
ACCOUNT = "/account"
AT = "2026-11-21T07:00:00.000000Z"
LATER = "2026-11-21T07:05:00.000000Z"
SCHNELL_RATIOS = {"1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21"}
INPUTS: dict[str, dict[str, Any]] = {
    "black-forest-labs/flux-schnell": {
        "prompt": str, "aspect_ratio": SCHNELL_RATIOS, "num_outputs": {1, 2, 3, 4}, "output_format": {"png", "jpg", "webp"},
        "seed": int,
    },
    "black-forest-labs/flux-dev": {
        "prompt": str, "aspect_ratio": SCHNELL_RATIOS, "num_outputs": {1, 2, 3, 4}, "output_format": {"png", "jpg", "webp"},
        "seed": int,
    },
    "black-forest-labs/flux-1.1-pro": {"prompt": str, "aspect_ratio": SCHNELL_RATIOS - {"21:9", "9:21"}, "seed": int},
    "google/imagen-4": {"prompt": str, "aspect_ratio": {"1:1", "9:16", "16:9", "3:4", "4:3"}},
    "acme/fox": {"prompt": str, "aspect_ratio": SCHNELL_RATIOS - {"21:9", "9:21"}, "seed": int},
    "nightmareai/real-esrgan": {"image": str, "scale": set(range(1, 11)), "face_enhance": {True, False}},
}  # fmt: skip
VERSIONS = {"nightmareai/real-esrgan": ("e" * 64, "f" * 64), "acme/fox": ("d" * 64,)}
"""Newest first, of the models that are not official; all others are, and run by their name alone."""
NOT_FOUND = {"title": "Not found", "detail": "The requested resource could not be found.", "status": 404}


def sign(body: bytes, at: float, *, message: str = "msg_1", secret: str = SECRET) -> dict[str, str]:
    """The headers of a webhook, in lower case as our server hands them over."""
    content = f"{message}.{int(at)}.".encode() + body
    made = base64.b64encode(hmac.digest(base64.b64decode(secret.partition("_")[2]), content, hashlib.sha256)).decode()
    return {"webhook-id": message, "webhook-timestamp": str(int(at)), "webhook-signature": f"v1,{made}"}


class ReplicateApi(StrictApi):
    """`says`: what the next look at any prediction finds, over the prediction as created; None: it is done by itself."""

    def __init__(self) -> None:
        super().__init__(spec("replicate.openapi.json"), key=("Authorization", f"Bearer {TOKEN}"), root="/v1")
        self.predictions: dict[str, dict[str, Any]] = {}
        self.says: dict[str, Any] | None = {"status": "processing", "started_at": AT}
        self.handlers = {
            ("GET", MODEL): self._model,
            ("POST", BY_NAME): self._by_name,
            ("POST", BY_VERSION): self._by_version,
            ("GET", ONE): self._get,
            ("POST", CANCEL): self._cancel,
            ("POST", FILES): self._upload,
            ("GET", ACCOUNT): lambda _seen: (200, {"type": "user", "username": "acme"}),
        }

    def succeed(self, count: int = 4, **changes: Any) -> list[str]:
        """The next looks find it done with `count` pictures; their addresses."""
        urls = [self.picture_url(index) for index in range(count)]
        self.says = {"status": "succeeded", "started_at": AT, "completed_at": AT, "output": urls} | changes
        return urls

    def unauthorized(self) -> Any:
        return {"title": "Unauthenticated", "detail": "You did not pass a valid authentication token", "status": 401}

    def _by_name(self, seen: Seen) -> Answer:
        name = "/".join(seen.path.split("/")[2:4])
        return (404, NOT_FOUND) if name in VERSIONS else self._create(seen, name, "c" * 64)

    def _by_version(self, seen: Seen) -> Answer:
        name, _, version = seen.body["version"].partition(":")
        if version not in VERSIONS.get(name, ("",)):
            detail = "The specified version does not exist (or perhaps you don't have permission to use it?)"
            return 422, {"title": "Invalid version or not permitted", "detail": detail, "status": 422}
        return self._create(seen, name, version)

    def _model(self, seen: Seen) -> Answer:
        owner, name = seen.path.split("/")[2:4]
        known = f"{owner}/{name}"
        if known not in INPUTS:
            return 404, NOT_FOUND
        latest = {"id": VERSIONS.get(known, ("c" * 64,))[0], "created_at": AT, "cog_version": "0.16.7", "openapi_schema": {}}
        return 200, {
            "url": f"https://replicate.com/{known}", "owner": owner, "name": name, "visibility": "public",
            "is_official": known not in VERSIONS, "run_count": 7, "latest_version": latest,
        }  # fmt: skip

    def _create(self, seen: Seen, model: str, version: str) -> Answer:
        if model not in INPUTS:
            return 404, NOT_FOUND
        headers = {name.lower(): value for name, value in seen.headers.items()}
        if not re.fullmatch(r"(\d+h)?(\d+m)?(\d+s?)?", headers.get("cancel-after", "-")):
            self.violations.append("Cancel-After is missing or cannot be read")
        wrong = self._wrong(model, seen.body)
        if wrong:
            return 422, {"title": "Input validation failed", "detail": wrong, "status": 422}
        self.paid += 1
        ref = f"gm3qorzdhgbfurvjtvhg6dc{len(self.predictions):03d}"
        self.predictions[ref] = {
            "id": ref, "model": model, "version": version, "input": seen.body["input"], "output": None, "error": None,
            "logs": "", "data_removed": False, "status": "starting", "created_at": AT, "deadline": LATER, "source": "api",
            "urls": dict.fromkeys(("web", "get", "cancel"), f"{self.base}/predictions/{ref}"),
        }  # fmt: skip
        return 201, self.predictions[ref]

    def _wrong(self, model: str, body: dict[str, Any]) -> str:
        given, known = body["input"], INPUTS[model]
        for name, value in given.items():
            allowed = known.get(name)
            if allowed is None or not (isinstance(value, allowed) if isinstance(allowed, type) else value in allowed):
                return f"- input.{name}: {value!r} is not allowed"
        if "image" in known and not self._known(given.get("image", "")):
            return "- input.image: cannot be read"
        if not body.get("webhook", "https://").startswith("https://"):
            return "- webhook: must be a secure URL"
        return ""

    def _known(self, image: str) -> bool:
        if image.startswith("data:image/"):
            return len(image) <= 256 * 1000
        return image in {f"{self.base}/files/{n}" for n in range(len(self.of(FILES)))}

    def _get(self, seen: Seen) -> Answer:
        found = self.predictions.get(seen.path.rsplit("/", 1)[1])
        if found is None:
            return 404, {"title": "Not found", "detail": "", "status": 404}
        return 200, found | self._now(found)

    def _now(self, found: dict[str, Any]) -> dict[str, Any]:
        if self.says is None and found["output"] is None:
            urls = [self.picture_url(index) for index in range(found["input"].get("num_outputs", 1))]
            found |= {"status": "succeeded", "started_at": AT, "completed_at": AT, "output": urls}
        return self.says or {}

    def _cancel(self, seen: Seen) -> Answer:
        found = self.predictions[seen.path.split("/")[2]]
        now = found | self._now(found)
        if now["status"] in {"starting", "processing"}:
            self.says = (self.says or {}) | {"status": "canceled" if now.get("started_at") else "aborted"}
        return 200, found | self._now(found)

    def _upload(self, seen: Seen) -> Answer:
        file = seen.body["content"]
        number = len(self.of(FILES)) - 1
        return 201, {
            "id": str(number), "content_type": file["type"], "size": len(file["bytes"]), "metadata": {}, "created_at": AT,
            "checksums": {"sha256": hashlib.sha256(file["bytes"]).hexdigest()}, "expires_at": LATER,
            "urls": {"get": f"{self.base}/files/{number}"},
        }  # fmt: skip
