"""A provider that draws when the scenario says so."""

from __future__ import annotations

from dataclasses import replace

from providers.base import Drawn, DrawRequest, Stage, Status
from providers.capabilities import Capabilities
from tests.fakes.provider import COLOURS, ScriptedProvider, picture
from tests.support.core import ASYNC

SIDE = 96
CAPABILITIES: Capabilities = replace(ASYNC, webhook=False, poll_first=0.02, poll_cap=0.03, deadline=1e9)
"""It may take for ever, since scenarios move the clock."""


class Easel(ScriptedProvider):
    """`waiting`: says `fraction` and nothing else; `finish` lets every call end with four plain colours."""

    def __init__(self, capabilities: Capabilities = CAPABILITIES) -> None:
        super().__init__(capabilities)
        self.waiting = True
        self.fraction: float | None = 0.25
        self.error: Status | None = None

    def finish(self) -> None:
        """From now on every call is done when it is asked about."""
        self.waiting = False

    def fail(self, status: Status) -> None:
        """From now on every call ends like this."""
        self.error = status

    async def status(self, ref: str) -> Status:
        if self.error is not None:
            return self.error
        return Status(Stage.RUNNING, self.fraction) if self.waiting else await super().status(ref)

    def _drawn(self, request: DrawRequest) -> tuple[Drawn, ...]:
        return tuple(
            Drawn(data=picture(COLOURS[n % 4], SIDE), seed=100 + n, image_id=f"img{n}") for n in range(request.count)
        )
