"""What tests of the built-in provider ask of it, and how they look at its pictures."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from providers.base import Drawn, DrawRequest, Kind, Params, Size, Stage
from providers.sketch import Sketch
from tests.providers.pool import run


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def asked(prompt: str = "a lighthouse at dusk", kind: Kind = Kind.IMAGINE, count: int = 1, **rest: object) -> DrawRequest:
    fields: dict[str, object] = {"params": Params(seed=8), "size": Size(160, 160), **rest}
    return DrawRequest(kind=kind, prompt=prompt, count=count, **fields)  # type: ignore[arg-type]  # checked at run time


def instant() -> Sketch:
    return Sketch(run, 0, Clock())


async def drawn(sketch: Sketch, request: DrawRequest, key: str = "call") -> tuple[str, tuple[Drawn, ...]]:
    ref = (await sketch.submit(request, key, None)).ref
    status = await sketch.status(ref)
    assert status.stage is Stage.DONE
    return ref, status.pictures


def pixels(picture: Drawn, side: int = 0) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    image = Image.open(BytesIO(picture.data)).convert("RGB")
    return np.asarray(image.resize((side, side), Image.Resampling.BOX) if side else image, np.float32)


def apart(one: Drawn, two: Drawn) -> float:
    """Mean difference of a colour value, 0-255, of the two pictures made small."""
    return float(np.abs(pixels(one, 32) - pixels(two, 32)).mean())
