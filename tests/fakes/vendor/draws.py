"""One call at the fake vendor and what its status route says of it."""

from __future__ import annotations

import asyncio
import base64
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.vendor.pictures import bomb, jpeg
from tests.fakes.vendor.script import Script, due

PRICE = 10_000
"""Micro-USD a picture."""


@dataclass
class Draw:
    """`body` is the request as it came. Time is monotonic seconds."""

    body: dict[str, Any]
    script: Script
    id: str = field(default_factory=lambda: f"draw-{secrets.token_hex(6)}")
    begun: float = field(default_factory=time.monotonic)
    cancelled: bool = False
    released: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def count(self) -> int:
        """How many pictures come."""
        return self.body["count"] if self.script.pictures is None else self.script.pictures

    @property
    def size(self) -> tuple[int, int]:
        """What was asked for, scaled down so that the longest side is the script's; an upscale gives twice that."""
        width, height = self.body["width"], self.body["height"]
        scale = min(1.0, self.script.size * (2 if self.body["kind"] == "upscale" else 1) / max(width, height))
        return max(int(width * scale), 1), max(int(height * scale), 1)

    @property
    def left(self) -> float:
        """Seconds until it is done."""
        if self.released:
            return 0.0
        return float("inf") if self.script.hold else max(0.0, self.begun + self.script.seconds - time.monotonic())

    async def done(self) -> None:
        """Wait for the end, the cancellation or the release."""
        with suppress(TimeoutError):
            async with asyncio.timeout(None if self.script.hold else self.left):
                await self.changed.wait()

    def release(self) -> None:
        """Be done now."""
        self.released = True
        self.changed.set()

    def cancel(self) -> bool:
        """Whether it was stopped: only where the script confirms, and only before the end."""
        self.cancelled = self.script.cancel == "confirmed" and self.left > 0
        if self.cancelled:
            self.changed.set()
        return self.cancelled

    def picture(self, index: int) -> bytes:
        return jpeg(index, *self.size, grain=self.script.grain)

    def bytes_of(self, index: int, word: str) -> bytes:
        """What the script gives for the picture `index`: itself, or something that only looks like one."""
        if word == "half":
            return self.picture(index)[: len(self.picture(index)) // 2]
        if word == "bomb":
            return bomb()
        return b"<html>Please log in</html>" if word == "html" else self.picture(index)

    def seed(self, index: int) -> int:
        return int(self.body.get("seed", 1000)) + index

    def status(self, base: str) -> dict[str, Any]:
        """The status route's JSON; `base` is the vendor's own address."""
        said: dict[str, Any] = {"id": self.id, "key": self.body["key"]}
        if self.cancelled:
            return said | {"status": "cancelled", "cost": 0}
        if self.left > 0:
            return said | {"status": self.script.word} | self._progress()
        if self.script.outcome != "done":
            return said | {
                "status": "failed",
                "cost": 0,
                "error": {"code": self.script.outcome, "message": "as the script says"},
            }
        urls = [
            {"id": f"{self.id}-{n}", "seed": self.seed(n), "url": f"{base}/pictures/{self.id}/{n}.jpg"}
            for n in range(self.count)
        ]
        return said | {"status": "done", "pictures": urls, "cost": PRICE * self.count}

    def _inline(self, index: int) -> bytes:
        return self.bytes_of(index, due(self.script, "picture"))

    def inline(self) -> dict[str, Any]:
        """The answer of a blocking vendor: bytes as base64."""
        drawn = [
            {"id": f"{self.id}-{n}", "seed": self.seed(n), "data": base64.b64encode(self._inline(n)).decode()}
            for n in range(self.count)
        ]
        return {"id": self.id, "status": "done", "pictures": drawn, "cost": PRICE * self.count}

    def _progress(self) -> dict[str, Any]:
        steps = self.script.steps
        if not steps or self.script.hold or not self.script.seconds:
            return {}
        return {"progress": int((1 - self.left / self.script.seconds) * steps) / steps}
