"""Ideogram on loopback: generate, remix and upscale of version 3.0."""

from __future__ import annotations

from typing import Any

from tests.fakes.apis.inputs import Pages
from tests.fakes.apis.strict import Answer, Seen, StrictApi
from tests.support.openapi import spec

KEY = "ideogram-key"
GENERATE = "/v1/ideogram-v3/generate"
REMIX = "/v1/ideogram-v3/remix"
UPSCALE = "/upscale"
INPUT = Pages(weight=10_000_000)


class IdeogramApi(StrictApi):
    """`withheld`: how many pictures of the next drawings are unsafe; `pictures`: how many there are, None as asked."""

    def __init__(self) -> None:
        """The upscaler is an older path than the two others."""
        super().__init__(spec("ideogram.openapi.json"), key=("Api-Key", KEY))
        self.withheld = 0
        self.pictures: int | None = None
        for template in (GENERATE, REMIX, UPSCALE):
            self.handlers["POST", template] = self._draw

    def _draw(self, seen: Seen) -> Answer:
        given = [seen.body[name] for name in ("image", "image_file") if name in seen.body]
        if wrong := ", ".join(filter(None, map(INPUT.refuse, given))):
            self.violations.append(f"{seen.path}: a picture of {wrong}")
            return 400, {"error": wrong}
        asked = 1 if seen.template == UPSCALE else int(seen.body.get("num_images", 1))
        count = asked if self.pictures is None else self.pictures
        self.paid += 1
        return 200, {"created": "2026-11-21T00:00:00+00:00", "data": [self._image(index) for index in range(count)]}

    def _image(self, index: int) -> dict[str, Any]:
        safe = index >= self.withheld
        url = self.picture_url(index) if safe else None
        return {"url": url, "prompt": "a fox", "resolution": "1024x1024", "is_image_safe": safe, "seed": 12345 + index}
