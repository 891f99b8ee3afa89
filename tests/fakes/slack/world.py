"""The state of the loopback workspace, and the switches that a test may turn."""

from __future__ import annotations

import itertools
import secrets
import time

from tests.fakes.slack.contracts import SCOPES, SHORTCUTS
from tests.fakes.slack.errors import RefusedError
from tests.fakes.slack.limits import Limits
from tests.fakes.slack.model import (
    BOT_ID,
    BOT_USER,
    TEAM,
    Call,
    Channel,
    Clock,
    File,
    Group,
    Json,
    Message,
    Organisation,
    Response,
    User,
    View,
    Violation,
)
from tests.fakes.slack.passes import ReplyUrl, Trigger
from tests.fakes.slack.pulse import Pulse


class World:
    """Everything that the server knows. The public attributes are there for tests to read and to set."""

    def __init__(self, clock: Clock = time.time, *, validate: bool = True) -> None:
        self.clock, self.validate = clock, validate
        self.team, self.team_name, self.bot_user, self.bot_id = TEAM, "T", BOT_USER, BOT_ID
        self.organisation: Organisation | None = None
        self.nameless = False
        """Its events name no team, as those of an organisation-wide installation may."""
        self.dead: set[str] = set()
        """Tokens of installations that were removed: whoever uses one gets account_inactive."""
        self.pulse, self.limits = Pulse(clock), Limits(clock)
        self.url = ""
        """`http://127.0.0.1:PORT`, known once the server runs."""
        self.bot_token, self.app_token = "xoxb-fake-bot", "xapp-1-A00000001-fake"
        self.signing_secret = secrets.token_hex(16)
        self.scopes: set[str] = set(SCOPES)
        self.shortcuts: dict[str, str] = dict(SHORTCUTS)
        """Type by callback_id."""
        self.revoked = False
        """The app was removed: every call gets account_inactive."""
        self.processing, self.processing_polls = 0.0, 0
        """A completed upload has a type after so many seconds of the clock and so many files.info calls."""
        self.ack_seconds = 3.0
        self.home_tab = True
        self.reachable: set[str] = set()
        """The image_urls that can be downloaded; every other one fails, as a loopback URL does at Slack."""
        self.users: dict[str, User] = {}
        self.groups: dict[str, Group] = {}
        self.channels: dict[str, Channel] = {}
        self.posts: dict[str, dict[str, Message]] = {}
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.reply_urls: dict[str, ReplyUrl] = {}
        self.tickets: set[str] = set()
        self.ephemerals: list[Message] = []
        self.responses: list[Response] = []
        self.calls: list[Call] = []
        self.violations: list[Violation] = []
        self._numbers = itertools.count(1)

    @property
    def org_wide(self) -> bool:
        """Whether the bot is here by an installation of the whole organisation."""
        return not self.bot_token and self.organisation is not None and bool(self.organisation.token)

    @property
    def token(self) -> str:
        """The bot's token here; empty where the app is not installed."""
        return self.bot_token or (self.organisation.token if self.organisation else "")

    def beside(self, other: World) -> None:
        """Become another workspace at the same Slack, of the same app: ids, calls and violations are counted together."""
        self.clock, self.validate, self.pulse, self.url = other.clock, other.validate, other.pulse, other.url
        self.app_token, self.signing_secret = other.app_token, other.signing_secret
        self.dead, self.tickets, self.calls, self.violations = other.dead, other.tickets, other.calls, other.violations
        self._numbers = other._numbers

    def new_id(self, prefix: str) -> str:
        """An id as Slack writes them, unique in this workspace."""
        return f"{prefix}{next(self._numbers):09d}"

    def new_ts(self) -> str:
        """A message timestamp, unique and ascending."""
        return f"{int(self.clock())}.{next(self._numbers):06d}"

    def violate(self, where: str, error: str, details: list[str]) -> None:
        """Write down something that a correct bot never sends."""
        self.violations.append(Violation(where, error, tuple(details)))

    def ready(self, file: File) -> bool:
        """Whether the scan of a completed upload is over."""
        waited = self.clock() - file.completed_at >= self.processing and file.polls >= self.processing_polls
        return file.stage == "complete" and (waited or file.owner in self.users)

    def file_by_url(self, url: str) -> File | None:
        """The file whose url_private is `url`."""
        return next((file for file in self.files.values() if url and self.file_url(file) == url), None)

    def file_url(self, file: File) -> str:
        """Its url_private."""
        return f"{self.url}/files-pri/{file.id}/{file.name}"

    def store(self, message: Message) -> Message:
        """Keep a new message that everybody in its channel sees, or an ephemeral one."""
        self.label(message.blocks)
        if message.to:
            self.ephemerals.append(message)
        else:
            self.posts.setdefault(message.channel, {})[message.ts] = message
        return message

    def label(self, blocks: list[Json]) -> None:
        """Give a block_id to each block that came without, as Slack does."""
        for block in blocks:
            block.setdefault("block_id", self.new_id("b"))

    def post(self, channel: str, ts: str) -> Message:
        """A message that exists. Raises RefusedError message_not_found (ephemeral ones are never found)."""
        message = self.posts.get(channel, {}).get(ts)
        if message is None or message.deleted:
            raise RefusedError("message_not_found")
        return message

    def new_trigger(self, user: str) -> str:
        """A trigger_id for what `user` just did."""
        trigger = Trigger(f"{next(self._numbers)}.{secrets.randbelow(10**10)}.{secrets.token_hex(8)}", user, self.clock())
        self.triggers[trigger.id] = trigger
        return trigger.id

    def new_reply_url(self, channel: str, user: str, message: Message | None = None) -> str:
        """A response_url for what `user` just did there."""
        key = secrets.token_hex(8)
        self.reply_urls[key] = ReplyUrl(channel, user, message, self.clock())
        return f"{self.url}/response/{key}"

    def shown_call(self, call: Call, status: int, answer: Json) -> None:
        """Complete the record of a call."""
        call.status, call.answer = status, answer
        self.pulse.beat()
