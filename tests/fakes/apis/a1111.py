"""The web UI's API on loopback, held against a description that was rebuilt by hand."""

from __future__ import annotations

import base64
import json
from typing import Any

from tests.fakes.apis.strict import Seen, StrictApi
from tests.fakes.provider import COLOURS, picture
from tests.support.openapi import spec

AUTH = "user:pass"
TXT, IMG, EXTRA, MODELS, UPSCALERS = "/txt2img", "/img2img", "/extra-single-image", "/sd-models", "/upscalers"


class A1111Api(StrictApi):
    """`grid`: a grid comes before the pictures, `told`: with its index; `paid` counts the draws."""

    def __init__(self) -> None:
        password = base64.b64encode(AUTH.encode()).decode()
        super().__init__(spec("a1111.fields.json"), key=("Authorization", f"Basic {password}"), root="/sdapi/v1")
        self.handlers = {
            ("POST", TXT): self._draw,
            ("POST", IMG): self._draw,
            ("POST", EXTRA): self._enlarge,
            ("GET", MODELS): lambda _seen: (200, [{"title": "sdxl.safetensors [31e35c80fc]", "model_name": "sdxl"}]),
            ("GET", UPSCALERS): lambda _seen: (200, [{"name": "None"}, {"name": "R-ESRGAN 4x+"}]),
        }
        self.grid = False
        self.told = True

    def unauthorized(self) -> Any:
        return {"detail": "Incorrect username or password"}

    async def _draw(self, seen: Seen) -> tuple[int, Any]:
        self.paid += 1
        body, count = seen.body, seen.body["batch_size"]
        seed = body["seed"] if body["seed"] >= 0 else 1000
        seeds = [seed + (n if not body.get("subseed_strength") else 0) for n in range(count)]
        images = [_encoded(n) for n in range(count)]
        info: dict[str, Any] = {"all_seeds": seeds, "all_subseeds": [5 + n for n in range(count)]}
        if self.told:
            info["index_of_first_image"] = int(self.grid)
        return 200, {"images": [_encoded(3)] * self.grid + images, "parameters": body, "info": json.dumps(info)}

    def _enlarge(self, seen: Seen) -> tuple[int, Any]:
        self.paid += 1
        return 200, {"image": _encoded(0), "html_info": "<p>done</p>"}


def _encoded(index: int) -> str:
    return base64.b64encode(picture(COLOURS[index % 4])).decode()


def fault(name: str, text: str) -> Any:
    """What the program's exception handler writes."""
    return {"error": name, "detail": "", "body": "", "errors": text}
