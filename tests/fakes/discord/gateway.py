"""The websocket side: identify, resume with replay, and every way of being thrown out."""

from __future__ import annotations

import json
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from aiohttp import WSMessage, WSMsgType, web

from tests.fakes.discord import payloads
from tests.fakes.discord.errors import Json
from tests.fakes.discord.session import Link, Session

if TYPE_CHECKING:
    from tests.fakes.discord.world import World

GREETING = "HELLO /gateway/"
"""For `hold`: connections are taken and told nothing."""
HELLO = {"op": 10, "d": {"heartbeat_interval": 41250}}
MOST_SENDS, SEND_WINDOW = 120, 60.0
"""Events a connection may send in so many seconds (4008 beyond)."""
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
SESSION_ENDS = frozenset({1000, 1001, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014})
"""Close codes after which RESUME is refused."""
INTENT_OF = {"GUILD_CREATE": (1, 0), "CHANNEL_CREATE": (1, 0), "THREAD_CREATE": (1, 0)} | {
    f"MESSAGE_{what}": (1 << 9, 1 << 12) for what in ("CREATE", "UPDATE", "DELETE")
}
"""Event -> intent in guilds, intent in DMs; other events need none."""


class Gateway:
    """All sessions and connections. `identifies` and `resumes` count what the bot did."""

    def __init__(self, world: World, *, privileged: int = 0) -> None:
        self._world, self._privileged = world, privileged
        self.sessions: dict[str, Session] = {}
        self.links: set[Link] = set()
        self.identifies = self.resumes = 0
        self.shards = 1
        """What GET /gateway/bot recommends."""
        self.overloaded = 0
        """So many connections are taken and closed before HELLO."""
        self.garbled = 0
        """So many sessions begin with a guild that has no id."""
        self.starts, self.reset_after = 1000, 0
        """So many sessions may begin until so many milliseconds are over; for one more the token is reset."""

    def dispatch(self, event: str, data: Json, guild_id: int | None = None) -> None:
        """Give an event to every session whose shard and intents cover it."""
        text = json.dumps(data)
        for session in self.sessions.values():
            number, count = session.shard
            wanted = INTENT_OF.get(event, (0, 0))[guild_id is None]
            if ((guild_id or 0) >> 22) % count == number and session.intents & wanted == wanted:
                session.send(event, text)

    @property
    def ready(self) -> int:
        """How many sessions are connected now."""
        return sum(session.link is not None for session in self.sessions.values())

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """One connection from HELLO to its end."""
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        if self.overloaded:
            self.overloaded -= 1
            await socket.close(code=1012)
            self._world.changed()
            return socket
        await self._world.faults.wait(GREETING)
        link = Link(socket)
        self.links.add(link)
        link.tell(HELLO)
        try:
            async for frame in socket:
                await self._frame(link, frame)
        finally:
            self._gone(link)
        return socket

    async def close(self, code: int) -> None:
        """Throw every connection out with this code."""
        for link in list(self.links):
            await self._throw(link, code)

    def tell(self, frame: Json) -> None:
        """Send a raw frame (op 7, op 9) to every connection."""
        for link in list(self.links):
            link.tell(frame)

    async def _throw(self, link: Link, code: int) -> None:
        link.thrown = code
        self._gone(link)
        await link.socket.close(code=code)

    def _gone(self, link: Link) -> None:
        if link not in self.links:
            return
        self.links.discard(link)
        link.stop()
        code = link.thrown or link.socket.close_code or 1006
        if session := link.session:
            session.link = None
            if code in SESSION_ENDS:
                self.sessions.pop(session.id, None)
        self._world.changed()

    async def _frame(self, link: Link, frame: WSMessage) -> None:
        if frame.type is not WSMsgType.TEXT:
            return
        try:
            message: Any = json.loads(frame.data)
            op, data = message["op"], message.get("d")
        except (ValueError, KeyError, TypeError, AttributeError):
            await self._throw(link, 4002)
            return
        if self._too_fast(link.sent):
            await self._throw(link, 4008)
        elif op == 1:
            link.tell({"op": 11})
        elif op == 2:
            await self._identify(link, data)
        elif op == 6:
            await self._resume(link, data)
        elif op not in (3, 4, 8, 31):
            await self._throw(link, 4001)
        elif link.session is None:
            await self._throw(link, 4003)

    def _too_fast(self, sent: deque[float]) -> bool:
        now = time.monotonic()
        sent.append(now)
        while sent[0] < now - SEND_WINDOW:
            sent.popleft()
        return len(sent) > MOST_SENDS

    async def _identify(self, link: Link, data: Json) -> None:
        if code := self._refusal(link, data):
            await self._throw(link, code)
            return
        self.identifies += 1
        if self.identifies > self.starts:
            self._world.token = "reset: too many sessions"
            await self._throw(link, 4004)
            return
        number, count = data.get("shard") or (0, 1)
        session = Session(str(self._world.snowflake()), (number, count), data["intents"])
        self.sessions[session.id] = session
        session.join(link)
        guilds = [one for one in self._world.guilds.values() if one.installed and (one.id >> 22) % count == number]
        session.send("READY", json.dumps(self._hello(session, [{"id": str(one.id), "unavailable": True} for one in guilds])))
        for guild in guilds if session.intents & 1 else ():
            body = payloads.guild(guild, self._world.me)
            if self.garbled:
                self.garbled -= 1
                del body["id"]
            session.send("GUILD_CREATE", json.dumps(body))
        self._world.changed()

    def _refusal(self, link: Link, data: Json) -> int:
        """The close code for a bad IDENTIFY, else 0."""
        number, count = data.get("shard") or (0, 1)
        checks = (
            (link.session is not None, 4005),
            (data.get("token") != self._world.token, 4004),
            (not 0 <= number < count, 4010),
            (not isinstance(data.get("intents"), int), 4013),
        )
        code = next((code for bad, code in checks if bad), 0)
        return code or (4014 if data["intents"] & PRIVILEGED & ~self._privileged else 0)

    def _hello(self, session: Session, guilds: list[Json]) -> Json:
        me = payloads.user(self._world.me)
        body = {
            "v": 10,
            "user": me,
            "guilds": guilds,
            "session_id": session.id,
            "resume_gateway_url": self._world.gateway_url,
        }
        return body | {"shard": list(session.shard), "application": {"id": me["id"], "flags": 0}}

    async def _resume(self, link: Link, data: Json) -> None:
        session = self.sessions.get(data.get("session_id", ""))
        if data.get("token") != self._world.token:
            await self._throw(link, 4004)
        elif session is None or not session.can_replay(data["seq"]):
            link.tell({"op": 9, "d": False})
        elif data["seq"] > session.seq:
            await self._throw(link, 4007)
        else:
            self.resumes += 1
            session.join(link, replay_after=data["seq"])
            session.send("RESUMED", "{}")
            self._world.changed()
