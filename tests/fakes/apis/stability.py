"""Stability AI v2beta on loopback: every call answers at once with one picture, as the rebuilt OpenAPI file describes it."""

from __future__ import annotations

import base64
from typing import Any

from tests.fakes.apis.inputs import Pages
from tests.fakes.apis.strict import Answer, Seen, StrictApi
from tests.fakes.provider import COLOURS, picture
from tests.support.openapi import spec

KEY = "sk-test"
ROOT = "/v2beta"
IMAGE = f"{ROOT}/stable-image"
CORE, ULTRA, SD3 = (f"{IMAGE}/generate/{name}" for name in ("core", "ultra", "sd3"))
FAST, CONSERVATIVE = f"{IMAGE}/upscale/fast", f"{IMAGE}/upscale/conservative"
INPUT = Pages(weight=10 * 2**20, pixels=9_437_184, shortest=64, ratio=2.5)
BODY = 10 * 2**20
RESULTS = f"{ROOT}/results/{{id}}"


def error(name: str) -> dict[str, Any]:
    """The body of every refusal."""
    return {"id": "req-1", "name": name, "errors": [f"{name}: told at length"]}


class StabilityApi(StrictApi):
    """`finish`: the `finish_reason` of what it draws."""

    def __init__(self) -> None:
        """The drawing and enlarging routes, and the results of the asynchronous one, which never has any."""
        super().__init__(spec("stability-v2beta.reconstructed.openapi.json"), key=("Authorization", f"Bearer {KEY}"))
        self.finish = "SUCCESS"
        self.handlers = {("POST", path): self._draw for path in (CORE, ULTRA, SD3, FAST, CONSERVATIVE)}
        self.handlers["GET", RESULTS] = lambda _seen: (404, error("not_found"))

    def unauthorized(self) -> Any:
        """As every refusal."""
        return error("unauthorized")

    def _draw(self, seen: Seen) -> Answer:
        if int(seen.headers.get("Content-Length", 0)) >= BODY:
            self.violations.append(f"{seen.path}: a body of 10 MiB or more")
            return 413, error("payload_too_large")
        wrong = INPUT.refuse(seen.body["image"]) if "image" in seen.body else ""
        if wrong:
            self.violations.append(f"{seen.path}: a picture of {wrong}")
            return 400, error("bad_request")
        if ("image" in seen.body) != ("mode" in seen.body or "upscale" in seen.path):
            self.violations.append(f"{seen.path}: a picture goes with image-to-image, and with nothing else")
        self.paid += 1
        data = picture(COLOURS[self.paid % 4], self.size)
        seed = int(seen.body.get("seed", 1000 + self.paid))
        return 200, {"image": base64.b64encode(data).decode(), "seed": seed, "finish_reason": self.finish}
