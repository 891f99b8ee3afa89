"""Everything that the fake knows. Routes and gateway change it; tests read it."""

from __future__ import annotations

import mimetypes
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord.body import Upload
from tests.fakes.discord.changes import Changes
from tests.fakes.discord.clock import Clock, Snowflakes
from tests.fakes.discord.errors import Json
from tests.fakes.discord.faults import Faults
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.interaction import FakeInteraction
from tests.fakes.discord.message import Message
from tests.fakes.discord.model import BOT_PERMISSIONS, DM_CHANNEL, Attachment, Channel, Guild, User

URL_SECONDS = 24 * 3600
"""Life of a signed CDN address."""
LONGEST_TRANSCRIPT = 200_000
TOKEN = "fake-token"
"""The bot token that is right unless a test says otherwise."""


@dataclass(slots=True)
class Call:
    """One REST call. `route` is "METHOD /template", `time` the fake's clock, `code` Discord's error number or 0.

    `files` are there only while the call is served: look at the message's attachments.
    """

    time: float
    method: str
    route: str
    path: str
    params: dict[str, str]
    query: dict[str, str]
    body: Any = None
    files: dict[int, Upload] = field(default_factory=dict)
    status: int = 0
    code: int = 0


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule of the API that the bot broke."""

    route: str
    message: str


class World:
    """`me` is the bot. Ids are snowflakes in the fake's time."""

    def __init__(
        self,
        clock: Clock = time.monotonic,
        *,
        token: str = TOKEN,
        validate: bool = True,
        keep_bytes: bool = True,
        intents: int = 0,
    ) -> None:
        self.clock, self.token, self.validate, self.keep_bytes = clock, token, validate, keep_bytes
        self.snowflake = Snowflakes(clock)
        self.changes, self.faults = Changes(), Faults()
        self.limit, self.fail = self.faults.limit, self.faults.fail
        self.exhaust, self.hold, self.cut = self.faults.exhaust, self.faults.hold, self.faults.cut
        self.me = User(self.snowflake(), "imagine", bot=True, permissions=BOT_PERMISSIONS)
        self.users: dict[int, User] = {self.me.id: self.me}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.files: dict[int, Attachment] = {}
        self.interactions: dict[int, FakeInteraction] = {}
        self.tokens: dict[str, FakeInteraction] = {}
        self.commands: dict[int | None, list[Json]] = {}
        self.command_puts: dict[int | None, int] = {}
        self.nonces: dict[tuple[int, str], Message] = {}
        self.calls: deque[Call] = deque(maxlen=LONGEST_TRANSCRIPT)
        self.violations: list[Violation] = []
        self.base_url = ""
        self.gateway = Gateway(self, privileged=intents)

    @property
    def api_url(self) -> str:
        """What discord.http.Route.BASE (or the bot's setting) takes."""
        return f"{self.base_url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """The websocket address."""
        return f"{self.base_url.replace('http', 'ws', 1)}/gateway/"

    def changed(self, *interactions: FakeInteraction | None) -> None:
        """Wake all who wait on the world, and on these interactions."""
        self.changes.notify()
        for interaction in interactions:
            if interaction:
                interaction.changes.notify()

    def store_file(self, name: str, data: bytes, size: int | None = None) -> Attachment:
        """Put a file on the CDN under a signed address."""
        number = self.snowflake()
        expires = f"{int(self.clock() + URL_SECONDS):x}"
        url = f"{self.base_url}/cdn/attachments/{number}/{name}?ex={expires}&is=0&hm=0"
        kind = mimetypes.guess_type(name)[0]
        file = Attachment(number, name, data if self.keep_bytes else b"", url, len(data) if size is None else size, kind)
        self.files[number] = file
        return file

    def dm(self, user: User) -> Channel:
        """The direct channel of the bot and this user, made at need."""
        for channel in self.channels.values():
            if channel.type == DM_CHANNEL and channel.recipients == (user,):
                return channel
        channel = Channel(self.snowflake(), DM_CHANNEL, "", recipients=(user,))
        self.channels[channel.id] = channel
        return channel
