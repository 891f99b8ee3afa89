"""generateContent on loopback, held against Google's own description; like Google it refuses unknown fields."""

from __future__ import annotations

import base64
from typing import Any

from tests.fakes.apis.strict import Seen, StrictApi
from tests.fakes.provider import COLOURS, picture
from tests.support.openapi import SPECS, Spec

GENERATE = "/models/{modelsId}:generateContent"
MODEL = "/models/{modelsId}"
KEY = "gemini-key"


class GeminiApi(StrictApi):
    """`reply`: what the next generateContent answers instead of a picture. Every answered call is paid."""

    def __init__(self) -> None:
        spec = Spec(SPECS / "gemini-generatecontent.openapi.json")
        for schema in spec.document["components"]["schemas"].values():
            if schema.get("properties"):
                schema.setdefault("additionalProperties", False)
        super().__init__(spec, key=("x-goog-api-key", KEY), root="/v1beta")
        self.handlers = {("POST", GENERATE): self._generate, ("GET", MODEL): self._model}
        self.reply: Any = None

    def unauthorized(self) -> Any:
        return fault(401, "UNAUTHENTICATED")

    def _generate(self, seen: Seen) -> tuple[int, Any]:
        parts = [part for content in seen.body["contents"] for part in content["parts"]]
        if any(part.get("text") == "" for part in parts):  # "required oneof field 'data' must have one initialized field"
            return 400, fault(400, "INVALID_ARGUMENT")
        self.paid += 1
        return 200, drawn(self.paid, self.size) if self.reply is None else self.reply

    def _model(self, seen: Seen) -> tuple[int, Any]:
        return 200, {"name": seen.path.removeprefix("/"), "supportedGenerationMethods": ["generateContent"]}


def drawn(number: int, size: int = 64) -> Any:
    """A draft, a sentence, the picture: what the models really send."""
    data = base64.b64encode(picture(COLOURS[number % 4], size)).decode()
    draft = base64.b64encode(b"draft").decode()
    parts = [
        {"thought": True, "inlineData": {"mimeType": "image/png", "data": draft}},
        {"text": "Here it is."},
        {"inlineData": {"mimeType": "image/jpeg", "data": data}},
    ]
    candidate = {"index": 0, "finishReason": "STOP", "content": {"role": "model", "parts": parts}}
    return {"responseId": f"answer-{number}", "candidates": [candidate]}


def blocked(reason: str) -> Any:
    """The prompt was stopped."""
    return {"responseId": "answer-b", "promptFeedback": {"blockReason": reason}}


def finished(reason: str, *texts: str) -> Any:
    """A candidate without a picture."""
    candidate: dict[str, Any] = {"finishReason": reason}
    if texts:
        candidate["content"] = {"role": "model", "parts": [{"text": text} for text in texts]}
    return {"responseId": "answer-f", "candidates": [candidate]}


def fault(code: int, status: str, *details: Any) -> Any:
    """Google's error body."""
    return {"error": {"code": code, "message": f"{status} happened", "status": status, "details": list(details)}}
