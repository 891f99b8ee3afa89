"""How long a connection may take to say what it wants.

uvicorn waits for ever for the end of a request's headers, so that a few hundred silent connections could hold all
file descriptors (the attack is known as Slowloris).
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_SECONDS = 15.0
"""From the connection, or from the first byte of a further request on it, to the end of the headers."""


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that hangs up on whoever does not come to the point. Bodies have their own limit (`bodies.py`)."""

    header_seconds = HEADER_SECONDS
    _hurry: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """The clock runs from here."""
        super().connection_made(transport)
        self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to wait for any more."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """More of the headers does not turn the clock back; their end stops it."""
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._stop()
        elif self._hurry is None and self._between():
            self._start()

    def _between(self) -> bool:
        """No request is being answered: what came is the beginning of another."""
        return self.cycle is None or self.cycle.response_complete

    def _start(self) -> None:
        self._hurry = self.loop.call_later(self.header_seconds, self._too_late)

    def _stop(self) -> None:
        if self._hurry is not None:
            self._hurry.cancel()
            self._hurry = None

    def _too_late(self) -> None:
        self._hurry = None
        if not self.transport.is_closing():
            self.transport.close()


def patient(seconds: float) -> type[PatientProtocol]:
    """The protocol with another patience."""
    values: dict[str, Any] = {"header_seconds": seconds}
    return type("PatientProtocol", (PatientProtocol,), values)
