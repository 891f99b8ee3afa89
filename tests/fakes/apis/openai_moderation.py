"""OpenAI's moderation endpoint on loopback: each request is held against OpenAI's own description."""

from __future__ import annotations

import base64
from typing import Any

from tests.fakes.apis.strict import Answer, Seen, StrictApi
from tests.support.openapi import SPECS, Spec

KEY = "test-key"
MODERATIONS = "/moderations"
CATEGORIES = (
    "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent", "self-harm",
    "self-harm/intent", "self-harm/instructions", "sexual", "sexual/minors", "violence", "violence/graphic",
)  # fmt: skip


class FakeModerationApi(StrictApi):
    """Finds what `scores` says, whatever it is shown; everything else is 0.01."""

    def __init__(self) -> None:
        spec = Spec(SPECS / "openai-images-moderations.openapi.json")
        super().__init__(spec, key=("Authorization", f"Bearer {KEY}"), root="/v1")
        self.handlers = {("POST", MODERATIONS): self.judge}
        self.scores: dict[str, float] = {}

    def unauthorized(self) -> Any:
        return {
            "error": {"message": "Incorrect API key provided", "type": "invalid_request_error", "code": "invalid_api_key"}
        }

    def judge(self, seen: Seen) -> Answer:
        kind = "text" if isinstance(seen.body["input"], str) else "image"
        scores = dict.fromkeys(CATEGORIES, 0.01) | self.scores
        result = {
            "flagged": any(score > 0.5 for score in scores.values()),
            "categories": {name: score > 0.5 for name, score in scores.items()},
            "category_scores": scores,
            "category_applied_input_types": {
                name: [kind] if kind == "text" or _of_pictures(name) else [] for name in scores
            },
        }
        return 200, {"id": "modr-1", "model": "omni-moderation-2024-09-26", "results": [result]}

    @property
    def pictures(self) -> list[bytes]:
        """The pictures that were sent, decoded."""
        parts = [part for seen in self.seen if not isinstance(seen.body["input"], str) for part in seen.body["input"]]
        return [base64.b64decode(part["image_url"]["url"].partition("base64,")[2]) for part in parts]


def _of_pictures(name: str) -> bool:
    return name.startswith(("self-harm", "violence")) or name == "sexual"
