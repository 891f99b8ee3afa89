"""CPU time of one 512x512 picture of the built-in provider."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

from PIL import Image

from providers.base import DrawRequest, Kind, Params
from providers.base import Size as Sides
from providers.sketch import Sketch
from providers.sketching.art import draw
from providers.sketching.plan import Plan, parsed
from tests.bench.figures import Bar, Figure, Size

PROMPTS = (
    "a lighthouse at dusk",
    "a red fox in the snow, stars",
    "a city skyline at night in the rain",
    "mountains behind a calm lake, birds",
    "a forest in autumn fog",
)
MOST_MS = 150.0


async def measure(size: Size) -> list[Figure]:
    """Median over prompts and rounds, and the dearest prompt. The floor is encoding the finished picture once more."""
    ours: list[list[float]] = []
    floors = []
    for prompt in PROMPTS[: size.singles]:
        plan = await _plan(prompt)
        picture = await asyncio.to_thread(_opened, draw(plan, 0))
        ours.append([_cpu(lambda plan=plan, n=n: draw(replace(plan, seeds=(n,)), 0)) for n in range(size.rounds * 2)])  # type: ignore[misc]  # bound early
        floors.append(_cpu(lambda picture=picture: picture.save(BytesIO(), picture.format or "PNG")))  # type: ignore[misc]  # bound early
    floor, bar = statistics.median(floors), Bar(MOST_MS, "150 ms")
    every = statistics.median(one for times in ours for one in times)
    dearest = max(statistics.median(times) for times in ours)
    return [
        Figure("sketch: CPU per 512x512 picture, median", every, "ms", floor, bar),
        Figure("sketch: CPU per 512x512 picture, dearest prompt", dearest, "ms", floor, bar),
    ]


async def _plan(prompt: str) -> Plan:
    sketch = Sketch(asyncio.to_thread, 0.0, time.time)
    request = DrawRequest(kind=Kind.IMAGINE, prompt=prompt, params=Params(), size=Sides(512, 512), count=1)
    return parsed((await sketch.submit(request, "bench", None)).ref)


def _opened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000
