"""A provider in memory that does as the test says. It counts what it would charge for."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field

from PIL import Image

from providers.base import Drawn, DrawRequest, Health, Stage, Status, Submitted
from providers.capabilities import Capabilities
from providers.errors import Accepted, BadWebhook, Family, ProviderError


def picture(colour: str = "red", size: int = 64) -> bytes:
    """A small real JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(out, "JPEG")
    return out.getvalue()


COLOURS = ("red", "green", "blue", "yellow")


@dataclass
class ScriptedProvider:
    """`script`: what the next submits do (an error, or None = accept); `stages`: what the next status answers say."""

    capabilities: Capabilities
    script: list[ProviderError | None] = field(default_factory=list)
    stages: list[Status] = field(default_factory=list)
    paid: dict[str, DrawRequest] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)
    finished: set[str] = field(default_factory=set)
    confirm_cancel: bool = True
    pictures_per_call: int | None = None
    webhooks: list[str | None] = field(default_factory=list)

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        error = self.script.pop(0) if self.script else None
        if error is None or error.accepted is not Accepted.NO:
            if key in self.paid:
                raise AssertionError(f"paid twice for {key}")
            self.paid[key] = request
        self.webhooks.append(webhook_url)
        if error is not None:
            raise error
        if request.count > self.capabilities.per_call:
            raise ProviderError(Family.BAD_REQUEST, "too many pictures", accepted=Accepted.NO)
        ref = f"ref-{key}"
        return Submitted(ref) if self.capabilities.asynchronous else Submitted(ref, self._drawn(request))

    def _drawn(self, request: DrawRequest) -> tuple[Drawn, ...]:
        count = request.count if self.pictures_per_call is None else self.pictures_per_call
        return tuple(Drawn(data=picture(COLOURS[n % 4]), seed=n, image_id=f"img{n}") for n in range(count))

    async def lookup(self, key: str) -> Submitted | None:
        return Submitted(f"ref-{key}") if key in self.paid else None

    async def status(self, ref: str) -> Status:
        request = self.paid.get(ref.removeprefix("ref-"))
        if request is None:
            raise ProviderError(Family.BAD_REQUEST, "no such call", accepted=Accepted.NO)
        if self.stages:
            return self.stages.pop(0)
        self.finished.add(ref)
        return Status(Stage.DONE, pictures=self._drawn(request))

    async def cancel(self, ref: str) -> bool:
        self.cancelled.append(ref)
        return self.confirm_cancel and ref not in self.finished

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> str:
        if headers.get("x-fake") != "yes":
            raise BadWebhook("not from the fake")
        return body.decode()

    async def check(self) -> Health:
        return Health(ok=True, sentence="The fake is well.")
