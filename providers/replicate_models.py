"""What the models on Replicate take: their inputs and ratios."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import log
from typing import Any

from providers.base import DrawRequest, Size

DRAWING = "black-forest-labs/flux-schnell"
UPSCALING = "nightmareai/real-esrgan"
NAME = re.compile(r"(?P<path>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(?::(?P<version>[0-9a-f]{64}))?", re.ASCII)
RATIOS = ("1:1", "16:9", "9:16", "3:2", "2:3", "4:3", "3:4", "5:4", "4:5", "21:9", "9:21")
"""`aspect_ratio` of flux-schnell, as public clients of it list them (2026-11-21)."""
COMMON_RATIOS = RATIOS[:9]
UPSCALE_FACTOR = 2
"""1024 px become 2048 px: the model's own 4 would make pictures of 16 megapixels that no chat takes."""


@dataclass(frozen=True, slots=True)
class Model:
    """`several`: it has `num_outputs`, 1-4, and `output_format`; `official`: Replicate runs it by its name alone."""

    several: bool = False
    official: bool = False
    ratios: tuple[str, ...] = COMMON_RATIOS


MODELS = {
    DRAWING: Model(several=True, official=True, ratios=RATIOS),
    "black-forest-labs/flux-dev": Model(several=True, official=True, ratios=RATIOS),
    "black-forest-labs/flux-1.1-pro": Model(official=True),
}
OTHER = Model()


def check_name(name: str) -> str:
    """The name itself; raises ValueError unless it is `owner/name` or `owner/name:version`."""
    if not NAME.fullmatch(name):
        raise ValueError(
            f"a Replicate model is owner/name, or owner/name: and 64 hex digits of a version; got {name[:200]!r}"
        )
    return name


def model_of(name: str) -> Model:
    """By name, whatever the version."""
    return MODELS.get(name.partition(":")[0], OTHER)


def nearest_ratio(ratio: str, size: Size, allowed: tuple[str, ...] = RATIOS) -> str:
    """The allowed ratio nearest to `ratio` ("3:2"), or to the shape of `size` where that is empty."""
    wanted = _shape(ratio) if ratio else size.width / size.height
    return min(allowed, key=lambda one: abs(log(_shape(one) / wanted)))


def drawing_input(name: str, request: DrawRequest) -> dict[str, Any]:
    """Only what every text-to-image model on Replicate is likely to take, and more where the model is known."""
    model = model_of(name)
    ratio = nearest_ratio(request.params.ratio, request.size, model.ratios)
    given: dict[str, Any] = {"prompt": request.prompt, "aspect_ratio": ratio}
    if model.several:
        given |= {"num_outputs": request.count, "output_format": "png"}
    if request.params.seed is not None:
        given["seed"] = request.params.seed
    return given


def upscaling_input(address: str) -> dict[str, Any]:
    """`address`: of the picture, a URL or a data URL. Faces stay as they were drawn."""
    return {"image": address, "scale": UPSCALE_FACTOR, "face_enhance": False}


def _shape(ratio: str) -> float:
    width, height = ratio.split(":")
    return int(width) / int(height)
