"""xAI on loopback: draws and edits, and refuses fields that neither its description nor a known client has."""

from __future__ import annotations

from typing import Any

from tests.fakes.apis.strict import Answer, Seen, StrictApi
from tests.support.openapi import spec

KEY = "xai-key"
MODEL = "grok-imagine-image"
FIELDS = {"model", "prompt", "n", "aspect_ratio", "resolution", "response_format"}
"""Of both routes; `n` of edits is sent by public clients although the description leaves it out."""
TICKS = 200_000_000
"""Of one picture: USD 0.02."""


class XaiApi(StrictApi):
    """`pictures`: how many a drawing brings, None for as many as asked; `withheld`: how many of them moderation keeps."""

    def __init__(self) -> None:
        """The version is part of the base URL, not of the description's paths."""
        super().__init__(spec("xai.openapi.yaml"), key=("Authorization", f"Bearer {KEY}"), root="/v1")
        self.pictures: int | None = None
        self.withheld = 0
        self.handlers["POST", "/images/generations"] = self._draw
        self.handlers["POST", "/images/edits"] = self._draw
        self.handlers["GET", "/image-generation-models/{modelId}"] = self._model

    def _draw(self, seen: Seen) -> Answer:
        known = FIELDS | ({"image", "images"} if seen.template == "/images/edits" else set())
        self.violations += [f"{seen.path}: unknown field {name}" for name in seen.body if name not in known]
        asked = int(seen.body.get("n", 1))
        count = asked if self.pictures is None else self.pictures
        self.paid += 1
        images = [self._image(index) for index in range(count)]
        return 200, {"data": images, "usage": {"cost_in_usd_ticks": TICKS * count}}

    def _image(self, index: int) -> dict[str, Any]:
        kept = index < self.withheld
        return {"url": "" if kept else self.picture_url(index), "respect_moderation": not kept}

    def _model(self, seen: Seen) -> Answer:
        name = seen.path.rpartition("/")[2]
        return (200, {"id": name, "object": "model"}) if name == MODEL else (404, {"code": "not found", "error": "no model"})
