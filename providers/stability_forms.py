"""What Stability AI's v2beta routes take: the path and form of one request."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from providers.base import DrawRequest, Kind, Size, Source
from providers.errors import Accepted, Family, ProviderError
from providers.inline import worded
from providers.limits import Limits

Upscaler = Literal["conservative", "fast"]
Part = tuple[str | None, bytes] | tuple[str | None, bytes, str]
"""File name (None: a plain field), content, mime type: as httpx takes a multipart field."""

REDRAWS_WITH = {"core": "sd3.5-medium", "ultra": "sd3.5-large"}
"""The sd3 model that starts from a picture where the drawing model cannot: the nearest in price and quality."""
STRENGTH = "0.6"
"""How far from its picture a variation may go, 0-1."""
RATIOS = ("21:9", "16:9", "3:2", "5:4", "1:1", "4:5", "2:3", "9:16", "9:21")
MOST_SEED = 4_294_967_294
LONGEST_PROMPT = 10_000
BODY_MOST = 10 * 2**20
WORDS_ROOM = 128 * 2**10
"""Of a body, for prompt, negative prompt and the form around them: 10,000 characters are 40,000 bytes at most."""
TAKES = Limits(weight=BODY_MOST - WORDS_ROOM, pixels=9_437_184, shortest=64, ratio=2.5)
"""Sides, pixels (4,096 follow from the sides), ratio and body: the vendor's API reference, read 2026-11-21."""
ENLARGES = {
    "conservative": replace(TAKES, pixels=4_000_000),
    "fast": Limits(weight=TAKES.weight, pixels=2**20, longest=1536, shortest=32, ratio=2.5),
}
"""The conservative one draws up to 4 megapixels: a larger picture would come back smaller. The fast one: public clients."""


@dataclass(frozen=True, slots=True)
class Order:
    """One request: the route below the base URL, its form, and what it stands under in the price list."""

    path: str
    form: dict[str, Part]
    model: str
    operation: Literal["draw", "upscale"] = "draw"


def order(request: DrawRequest, model: str, upscaler: Upscaler) -> Order:
    """What is sent for a request. Raises ProviderError for a U or V without its picture."""
    if request.kind is Kind.UPSCALE:
        return _upscale(request, upscaler)
    if request.kind is Kind.VARIATION or request.image is not None:
        return _redraw(request, REDRAWS_WITH.get(model, model))
    path = "generate/sd3" if model.startswith("sd3") else f"generate/{model}"
    named = {"model": _text(model)} if model.startswith("sd3") else {}
    ratio = {"aspect_ratio": _text(nearest_ratio(request.params.ratio, request.size))}
    return Order(f"stable-image/{path}", _words(request) | named | ratio, model)


def nearest_ratio(ratio: str, size: Size) -> str:
    """The allowed ratio nearest to `ratio`, or to `size` where none was given."""
    width, height = (int(side) for side in ratio.split(":")) if ratio else (size.width, size.height)
    return min(RATIOS, key=lambda allowed: abs(math.log(width / height) - math.log(_value(allowed))))


def _upscale(request: DrawRequest, upscaler: Upscaler) -> Order:
    form = {"image": _picture(request.source)}
    if upscaler == "conservative":
        form |= _words(request)
    else:
        form["output_format"] = _text("jpeg")  # four times the sides as PNG would not fit into a reply
    return Order(f"stable-image/upscale/{upscaler}", form, upscaler, "upscale")


def _redraw(request: DrawRequest, model: str) -> Order:
    """From a picture: sd3 alone takes one with a strength at a small model's price; it keeps the picture's shape."""
    picture = request.source if request.kind is Kind.VARIATION else request.image
    form = _words(request) | {
        "mode": _text("image-to-image"),
        "model": _text(model),
        "image": _picture(picture),
        "strength": _text(STRENGTH),
    }
    return Order("stable-image/generate/sd3", form, model)


def _words(request: DrawRequest) -> dict[str, Part]:
    """Prompt (never empty), negative prompt and seed."""
    form = {"prompt": _text(worded(request.prompt))}
    if request.params.negative:
        form["negative_prompt"] = _text(request.params.negative)
    if request.params.seed is not None:
        form["seed"] = _text(str(_seed(request.params.seed)))
    return form


def _seed(asked: int) -> int:
    """0 would be drawn at random and 2^32-1 is refused: far ones stand for them, so that seeds in a row stay different."""
    seed = asked % 2**32
    return seed if 1 <= seed <= MOST_SEED else (seed + 2**31) % 2**32


def _picture(source: Source | None) -> Part:
    if source is None:
        raise ProviderError(Family.BAD_REQUEST, "there is no picture to start from", accepted=Accepted.NO)
    mime = source.mime if source.mime in {"image/jpeg", "image/png", "image/webp"} else "image/png"
    return (f"picture.{mime.rpartition('/')[2]}", source.data, mime)


def _text(value: str) -> Part:
    return (None, value.encode("utf-8", "replace"))


def _value(ratio: str) -> float:
    width, _, height = ratio.partition(":")
    return int(width) / int(height)
