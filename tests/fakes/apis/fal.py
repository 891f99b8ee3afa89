"""fal.ai on loopback: its queue as the two official clients know it, and the inputs of its models."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from jsonschema import Draft202012Validator

from tests.fakes.apis.strict import Answer, Seen, StrictApi
from tests.support.openapi import SPECS, spec

SUBMIT = "/{endpoint_id}"
RESULT = "/{owner}/{alias}/requests/{request_id}"
STATUS = f"{RESULT}/status"
CANCEL = f"{RESULT}/cancel"
JWKS = "jwks.json"
KEY = "fal-key"
ENDPOINTS = json.loads((SPECS / "fal-model-endpoints.schema.json").read_text("utf-8"))["endpoints"]
SIZE = {
    "type": "object",
    "properties": {"width": {"type": "integer"}, "height": {"type": "integer"}},
    "required": ["width", "height"],
    "additionalProperties": False,
}
# Ranges that the types do not carry: fal.ai's own pages of these models.
RANGES: dict[str, dict[str, Any]] = {
    "num_images": {"type": "integer", "minimum": 1, "maximum": 4},
    "seed": {"type": "integer", "minimum": 0},
    "strength": {"minimum": 0, "maximum": 1},
    "upscale_factor": {"minimum": 1, "maximum": 4},
    "image_url": {"pattern": "^(https?://|data:image/[a-z]+;base64,)"},
}
TYPES = {"string": "string", "number": "number", "boolean": "boolean"}


def schema_of(endpoint: str) -> dict[str, Any]:
    """The JSON Schema of a model's input, from its TypeScript types."""
    given = ENDPOINTS[endpoint]["input"]
    properties = {name: _property(name, said) for name, said in given["properties"].items()}
    return {"type": "object", "required": given["required"], "properties": properties, "additionalProperties": False}


def _property(name: str, said: dict[str, Any]) -> dict[str, Any]:
    parts = [part.strip() for part in said["x-ts-type"].split("|")]
    choices: list[dict[str, Any]] = [{"enum": [p.strip('"') for p in parts if p.startswith('"')]}]
    choices += [{"type": TYPES[p]} for p in parts if p in TYPES]
    choices += [SIZE] if "ImageSize" in parts else []
    choices += [{}] if any(p.startswith(("Array", "unknown")) for p in parts) else []
    return {"anyOf": choices, **RANGES.get(name, {})}


@dataclass
class Request:
    """One queued request. `word`: what its status says; `fields`: more of it; `result`: status and body of its result."""

    endpoint: str
    order: dict[str, Any]
    word: str = "COMPLETED"
    fields: dict[str, Any] = field(default_factory=dict)
    result: tuple[int, Any] | None = None

    @property
    def app(self) -> str:
        """Where it is asked about."""
        return "/".join(self.endpoint.split("/")[:2])


class FalApi(StrictApi):
    """Every request is complete at once, unless a test says otherwise in `requests`."""

    def __init__(self) -> None:
        super().__init__(spec("fal-queue.reconstructed.openapi.json"), key=("Authorization", f"Key {KEY}"))
        self.requests: dict[str, Request] = {}
        self.next: dict[str, Any] = {}
        self.reply: dict[str, Any] = {}
        self.cancel_word = "CANCELLATION_REQUESTED"
        self.handlers = {
            ("POST", SUBMIT): self._submit,
            ("GET", STATUS): self._status,
            ("GET", RESULT): self._result,
            ("PUT", CANCEL): self._cancel,
        }

    def unauthorized(self) -> Any:
        return {"detail": "Authentication is required to access this application"}

    def _submit(self, seen: Seen) -> Answer:
        endpoint = seen.path.strip("/")
        if endpoint not in ENDPOINTS:
            return 404, {"detail": f"Application {endpoint} not found"}
        wrong = [
            f"{e.json_path}: {e.message[:200]}" for e in Draft202012Validator(schema_of(endpoint)).iter_errors(seen.body)
        ]
        self.violations += [f"input of {endpoint}: {sentence}" for sentence in wrong]
        self.paid += 1
        name = f"request-{len(self.requests)}"
        made = self.requests[name] = Request(endpoint, seen.body, **self.next)
        return 200, {"status": "IN_QUEUE", "request_id": name, "queue_position": 0, **self._urls(made, name), **self.reply}

    def _urls(self, made: Request, name: str) -> dict[str, str]:
        root = f"{self.base}/{made.app}/requests/{name}"
        return {"response_url": root, "status_url": f"{root}/status", "cancel_url": f"{root}/cancel"}

    def _known(self, seen: Seen) -> tuple[str, Request | None]:
        app, _, name = re.sub("/(status|cancel)$", "", seen.path.strip("/")).partition("/requests/")
        made = self.requests.get(name)
        return name, made if made and made.app == app else None

    def _status(self, seen: Seen) -> Answer:
        name, made = self._known(seen)
        if made is None:
            return 404, {"detail": "Request not found"}
        said = {"status": made.word, "request_id": name, **self._urls(made, name), **made.fields}
        if made.word not in {"IN_QUEUE", "IN_PROGRESS", "COMPLETED"}:  # a word of the future: not in the description
            return web.json_response(said)
        return 200 if made.word == "COMPLETED" else 202, said

    def _result(self, seen: Seen) -> Answer:
        _, made = self._known(seen)
        if made is None or made.word != "COMPLETED":
            return 404, {"detail": "Request not found"}
        if made.result is not None:
            return made.result
        seed = made.order.get("seed", 1234)
        if "upscale" in made.endpoint:
            return 200, {"image": self._image(0), "seed": seed, "timings": {}}
        count = made.order.get("num_images", 1)
        images = [self._image(index) for index in range(count)]
        made.result = (
            200,
            {"images": images, "seed": seed, "has_nsfw_concepts": [False] * count, "timings": {}, "prompt": ""},
        )
        return made.result

    def _image(self, index: int) -> dict[str, Any]:
        return {"url": self.picture_url(index), "width": self.size, "height": self.size, "content_type": "image/jpeg"}

    def _cancel(self, seen: Seen) -> Answer:
        _, made = self._known(seen)
        if made is None:
            return 404, {"status": "NOT_FOUND"}
        if made.word == "COMPLETED":
            return 400, {"status": "ALREADY_COMPLETED"}
        if made.word == "IN_QUEUE":
            made.word, made.fields = "COMPLETED", {"error": "Request cancelled", "error_type": "client_cancelled"}
        return (200 if self.cancel_word == "OK" else 202), {"status": self.cancel_word}
