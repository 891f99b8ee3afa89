"""sketch, the built-in provider: landscapes out of noise, drawn on this machine from a prompt's words. No network, no AI.

It keeps nothing: `ref` holds all that the pictures depend on, so a restart changes nothing and the same ref always gives
the same bytes. Progress is honest about time only: a picture is drawn when its seconds have passed.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from providers.base import Drawn, DrawRequest, Health, Kind, Size, Source, Stage, Status, Submitted
from providers.capabilities import Capabilities
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.sketching.plan import PROMPT_LONGEST, SCALES, SEEDS, SIDES, Plan, parsed

Run = Callable[..., Awaitable[Any]]
"""`await run(function, *arguments)`: in a pool of threads."""

AREA: Final = 512 * 512
"""Pixels of a picture; an upscale has four times as many."""
WIDEST: Final = 4.0
STRENGTH: Final = 0.62
"""How far a variation goes from its parent, 0.0-1.0."""
CAPABILITIES: Final = Capabilities(
    name="sketch",
    label="sketch (drawn offline, no AI)",
    asynchronous=True,
    poll_first=0.5,
    poll_cap=0.5,
    per_call=4,
    upscale=True,
    variation=True,
    image_input=True,
    cancel=True,
    progress=True,
    offline=True,
    honours=frozenset({"ratio", "seed", "negative", "chaos", "stylize"}),
)


class Sketch:
    """Implements `providers.base.Provider`."""

    def __init__(self, run: Run, seconds: float, clock: Callable[[], float]) -> None:
        """`run` draws off the loop; `seconds`: how long a call takes, so that one can watch; `clock`: unix seconds."""
        self._run = run
        self._seconds = seconds
        self._clock = clock

    @property
    def capabilities(self) -> Capabilities:
        """Constant."""
        return CAPABILITIES

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        """Note what is to be drawn; without a seed the call's key gives one. Raises ProviderError, never accepted."""
        del webhook_url
        if not 1 <= request.count <= CAPABILITIES.per_call:
            raise _bad(f"one to four pictures, not {request.count}")
        make = {Kind.IMAGINE: self._imagine, Kind.UPSCALE: self._upscale, Kind.VARIATION: self._variation}[request.kind]
        return Submitted((await make(request, key)).text())

    async def lookup(self, key: str) -> Submitted | None:
        """Nothing is kept, so nothing is found."""
        del key
        return None

    async def status(self, ref: str) -> Status:
        """How much of the time has passed; when all of it has, the pictures."""
        try:
            plan = parsed(ref)
        except ValueError as error:
            return Status(Stage.FAILED, error=_bad(str(error)))
        fraction = self._fraction(plan)
        if fraction < 1:
            return Status(Stage.RUNNING, fraction)
        pictures = await asyncio.gather(*(self._drawn(plan, index) for index in range(len(plan.seeds))))
        return Status(Stage.DONE, 1.0, pictures=tuple(pictures))

    async def cancel(self, ref: str) -> bool:
        """True while it is not done: nothing has been drawn then."""
        try:
            return self._fraction(parsed(ref)) < 1
        except ValueError:
            return False

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> str:
        """There are none."""
        del headers, body
        raise BadWebhook("sketch sends no webhooks")

    async def check(self) -> Health:
        """Always ready."""
        return Health(ok=True, sentence="sketch draws on this machine and needs no key.")

    async def _imagine(self, request: DrawRequest, key: str) -> Plan:
        first = _seed(key) if request.params.seed is None else request.params.seed
        width, height = sides(request.size)
        return Plan(
            prompt=request.prompt[:PROMPT_LONGEST],
            root=_root(request.prompt),
            seeds=tuple((first + index) % SEEDS for index in range(request.count)),
            width=width,
            height=height,
            started=self._clock(),
            negative=request.params.negative[:PROMPT_LONGEST],
            palette=await self._palette(request.image),
            chaos=min(max(request.params.chaos or 0, 0), 100),
            stylize=100 if request.params.stylize is None else min(max(request.params.stylize, 0), 1000),
        )

    async def _upscale(self, request: DrawRequest, key: str) -> Plan:
        """The same picture at twice the side lengths."""
        del key
        plan, index = _parent(request.source)
        if plan.scale * 2 not in SCALES:
            raise _bad("this picture is as large as it gets")
        details = plan.details[index : index + 1]
        return replace(plan, seeds=(plan.seeds[index],), details=details, started=self._clock(), scale=plan.scale * 2)

    async def _variation(self, request: DrawRequest, key: str) -> Plan:
        """Near the parent: its seed, details of others. Of another provider's picture only the colours are kept."""
        try:
            plan, index = _parent(request.source)
        except ProviderError:
            return await self._inspired(request, key)
        return replace(
            plan,
            prompt=request.prompt[:PROMPT_LONGEST],
            negative=request.params.negative[:PROMPT_LONGEST],
            seeds=(plan.seeds[index],) * request.count,
            details=tuple((_seed(key) + n) % SEEDS for n in range(request.count)),
            strength=STRENGTH,
            scale=1,
            started=self._clock(),
        )

    async def _inspired(self, request: DrawRequest, key: str) -> Plan:
        if request.source is None:
            raise _bad("no picture to vary")
        plan = await self._imagine(request, key)
        seeds = tuple((_seed(key) + n) % SEEDS for n in range(request.count))
        return replace(plan, seeds=seeds, palette=await self._palette(request.source))

    async def _palette(self, image: Source | None) -> tuple[str, ...]:
        if image is None:
            return ()
        try:
            colours: tuple[str, ...] = await self._run(_palette_of, image.data)
        except (OSError, ValueError, SyntaxError, RuntimeError, MemoryError) as error:
            raise _bad(f"the input picture can't be read: {error}") from error
        return colours

    async def _drawn(self, plan: Plan, index: int) -> Drawn:
        try:
            data: bytes = await self._run(_draw, plan, index)
        except (RuntimeError, MemoryError, OSError) as error:  # a closed pool, no memory left
            raise ProviderError(Family.BROKEN, f"could not draw: {error}") from error
        detail = plan.detail(index)
        return Drawn(data=data, seed=plan.seeds[index] if detail is None else detail, image_id=str(index))

    def _fraction(self, plan: Plan) -> float:
        """Share of the time that has passed, 0.0-1.0; a clock that was set back waits at 0."""
        if self._seconds <= 0:
            return 1.0
        return min(max((self._clock() - plan.started) / self._seconds, 0.0), 1.0)


def sides(size: Size) -> tuple[int, int]:
    """Width and height in px (multiples of 8) of a picture with the asked proportions, at most 4:1, and our usual area."""
    ratio = min(max(max(size.width, 1) / max(size.height, 1), 1 / WIDEST), WIDEST)
    width, height = (max(SIDES[0], round(math.sqrt(AREA * share) / 8) * 8) for share in (ratio, 1 / ratio))
    return width, height


def _parent(source: Source | None) -> tuple[Plan, int]:
    """What the source was drawn from. Raises ProviderError if that was not us."""
    try:
        plan = parsed(source.ref if source else "")
    except ValueError as error:
        raise _bad("the picture was not drawn by sketch") from error
    index = source.index if source else 0
    if not 0 <= index < len(plan.seeds):
        raise _bad(f"there is no picture {index + 1}")
    return plan, index


def _bad(text: str) -> ProviderError:
    return ProviderError(Family.BAD_REQUEST, text, accepted=Accepted.NO)


def _seed(key: str) -> int:
    """Another key, another seed; the same call sent twice draws the same."""
    return int.from_bytes(_hash(key)[:4], "big")


def _root(prompt: str) -> str:
    return _hash(" ".join(prompt.lower().split())).hex()


def _hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest()


def _draw(plan: Plan, index: int) -> bytes:
    """In the pool; numpy and Pillow are imported by the first picture."""
    drawn: bytes = importlib.import_module("providers.sketching.art").draw(plan, index)
    return drawn


def _palette_of(data: bytes) -> tuple[str, ...]:
    colours: tuple[str, ...] = importlib.import_module("providers.sketching.art").palette_of(data)
    return colours
