"""Recraft on loopback: draws, upscales, varies, and refuses what its description does not allow."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.fakes.apis.inputs import Pages
from tests.fakes.apis.strict import Answer, Seen, StrictApi
from tests.support.openapi import spec

KEY = "recraft-key"
VARIED = Pages(weight=10_000_000, pixels=16_000_000, longest=4096, shortest=256)
ENLARGED = Pages(weight=10_000_000, pixels=16_000_000, longest=4096, shortest=32)


class RecraftApi(StrictApi):
    """`units`: what the account has; `pictures`: how many a drawing brings, None for as many as asked."""

    def __init__(self) -> None:
        """The description's paths carry the version."""
        super().__init__(spec("recraft.openapi.yaml"), key=("Authorization", f"Bearer {KEY}"))
        self.units = 1_000
        self.pictures: int | None = None
        for route in ("generations", "imageToImage", "variateImage"):
            self.handlers["POST", f"/v1/images/{route}"] = self._draw
        self.handlers["POST", "/v1/images/crispUpscale"] = self._upscale
        self.handlers["GET", "/v1/users/me"] = self._account

    def _draw(self, seen: Seen) -> Answer:
        if "image" in seen.body and (wrong := VARIED.refuse(seen.body["image"])):
            return self._unusable(seen, wrong)
        asked = int(seen.body.get("n", 1))
        count = asked if self.pictures is None else self.pictures
        self.paid += 1
        return 200, {"created": 1, "credits": 40 * asked, "data": [self._image(index) for index in range(count)]}

    def _upscale(self, seen: Seen) -> Answer:
        if wrong := ENLARGED.refuse(seen.body["image"]):
            return self._unusable(seen, wrong)
        self.paid += 1
        return 200, {"created": 1, "credits": 4, "image": self._image(0)}

    def _unusable(self, seen: Seen, wrong: str) -> Answer:
        self.violations.append(f"{seen.path}: a picture of {wrong}")
        return 400, {"code": "invalid_image", "message": wrong}

    def _image(self, index: int) -> dict[str, Any]:
        return {"image_id": str(UUID(int=len(self.files))), "url": self.picture_url(index)}

    def _account(self, seen: Seen) -> Answer:
        return 200, {"id": str(UUID(int=1)), "credits": self.units, "email": "a@example.org", "name": "A"}
