"""Socket Mode: the WebSockets over which the bot is told things."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.model import APP, Json
from tests.fakes.slack.world import World

CONNECT_SECONDS = 10.0
"""How long a delivery waits for the bot to connect."""
Spawn = Callable[[Coroutine[Any, Any, str]], asyncio.Task[str]]


class Sockets:
    """The open sockets. `silent`: they stay open, but nothing comes or goes; pongs do where `pongs` is set."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.silent = self.pongs = False
        self.opened = 0
        self.open: list[web.WebSocketResponse] = []
        self.spawn: Spawn = asyncio.create_task
        self._leaving: list[web.WebSocketResponse] = []
        self._turn = 0
        self._sent: dict[str, Delivery] = {}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection of the bot; the ticket is good once."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.world.tickets:
            return web.Response(status=404, text="unknown or used ticket")
        self.world.tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.open.append(socket)
        self.opened += 1
        await socket.send_json(self._hello())
        self.world.pulse.beat()
        try:
            await self._listen(socket)
        finally:
            self._forget(socket)
        return socket

    def _hello(self) -> Json:
        debug = {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060}
        return {"type": "hello", "num_connections": len(self.open), "debug_info": debug, "connection_info": {"app_id": APP}}

    def _forget(self, socket: web.WebSocketResponse) -> None:
        for group in (self.open, self._leaving):
            if socket in group:
                group.remove(socket)
        self.world.pulse.beat()

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        async for frame in socket:
            if self.silent and not (self.pongs and frame.type == WSMsgType.PING):
                continue
            if frame.type == WSMsgType.PING:
                await socket.pong(frame.data)
            elif frame.type == WSMsgType.TEXT:
                self._acked(json.loads(frame.data))

    def _acked(self, frame: Json) -> None:
        delivery = self._sent.get(frame.get("envelope_id", ""))
        if delivery is None:
            self.world.violate("socket", "unknown_envelope", [json.dumps(frame)[:200]])
        else:
            delivery.answer(frame.get("payload") or {}, 200, self.world.ack_seconds)
        self.world.pulse.beat()

    async def send(self, delivery: Delivery, attempt: int, reason: str) -> asyncio.Task[str] | None:
        """Send over one of the sockets, in turn; TimeoutError where the bot does not connect."""
        await self.world.pulse.until(lambda: self.open, CONNECT_SECONDS)
        self._turn += 1
        socket = self.open[self._turn % len(self.open)]
        envelope: Json = {"envelope_id": str(uuid.uuid4()), "type": delivery.kind, "payload": delivery.payload}
        envelope["accepts_response_payload"] = delivery.kind != "events_api"
        if delivery.kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        self._sent[envelope["envelope_id"]] = delivery
        delivery.sent(reason)
        self.world.pulse.beat()
        if not self.silent:
            await socket.send_json(envelope)
        return (
            self.spawn(self._outcome(delivery, self.world.clock() + self.world.ack_seconds))
            if delivery.kind == "events_api"
            else None
        )

    async def _outcome(self, delivery: Delivery, deadline: float) -> str:
        late = await self.world.pulse.reached(deadline, delivery.done)
        return "timeout" if late else ""

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the bot to connect anew, as Slack does every few hours; the old sockets get nothing more."""
        leaving, self.open = self.open, []
        self._leaving += leaving
        for socket in leaving:
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}})

    async def drop(self) -> None:
        """Close every socket without a word."""
        for socket in [*self.open, *self._leaving]:
            await socket.close()
