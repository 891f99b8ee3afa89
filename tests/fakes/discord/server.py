"""FakeDiscord: the whole service on 127.0.0.1, and the people who use it."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.fakes.discord import commands, components, forms, payloads, posting, rest
from tests.fakes.discord.clock import Clock
from tests.fakes.discord.errors import Json
from tests.fakes.discord.interaction import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, FakeInteraction
from tests.fakes.discord.message import Message
from tests.fakes.discord.model import GROUP_DM, Attachment, Channel, User
from tests.fakes.discord.places import Places
from tests.fakes.discord.world import TOKEN

T = TypeVar("T")
LAST_CALLS = 12


class FakeDiscord(Places):
    """`async with FakeDiscord(clock=...) as fake:`. Acts of people are plain calls; what the bot does is awaited."""

    def __init__(
        self,
        clock: Clock = time.monotonic,
        *,
        token: str = TOKEN,
        validate: bool = True,
        keep_bytes: bool = True,
        intents: int = 0,
        port: int = 0,
        extra: Callable[[Self], list[web.RouteDef]] | None = None,
    ) -> None:
        """Start with `async with`.

        `validate=False` skips the schema check, `keep_bytes=False` forgets what files hold (both for load tests);
        `intents`: privileged ones that are granted; `port` 0 = any free one; `extra`: more routes.
        """
        super().__init__(clock, token=token, validate=validate, keep_bytes=keep_bytes, intents=intents)
        self._runner = web.AppRunner(
            rest.application(self, extra(self) if extra else []), access_log=None, shutdown_timeout=1.0
        )
        self._port = port

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, backlog=4096)
        await site.start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.gateway.close(1001)
        await self._runner.cleanup()

    async def until(self, check: Callable[[], T], timeout: float = 5.0) -> T:
        """Wait until `check` gives something true; TimeoutError shows the last calls and all violations."""
        try:
            return await self.changes.until(check, timeout)
        except TimeoutError:
            last = [f"{call.status} {call.method} {call.path} {call.body}" for call in list(self.calls)[-LAST_CALLS:]]
            raise TimeoutError(f"after {timeout} s; calls: {last}; violations: {self.violations}") from None

    async def ready(self, sessions: int = 1, timeout: float = 5.0) -> None:
        """Wait until so many gateway sessions are connected."""
        await self.until(lambda: self.gateway.ready >= sessions, timeout)

    def count(self, route: str) -> int:
        """How many calls went to routes that begin so."""
        return sum(call.route.startswith(route) for call in self.calls)

    def slash(self, user: User, channel: Channel, name: str, /, **options: Any) -> FakeInteraction:
        """Run a command ("imagine", "settings show"). LookupError, PermissionError, ValueError where a client refuses."""
        return self._interact(COMMAND, user, channel, commands.slash_data(self, user, channel, name, options))

    def use_on(self, user: User, channel: Channel, name: str, target: Message | User) -> FakeInteraction:
        """Run a message or user command."""
        return self._interact(COMMAND, user, channel, commands.menu_data(self, user, channel, name, target))

    def autocomplete(
        self, user: User, channel: Channel, name: str, option: str, typed: str, /, **others: Any
    ) -> FakeInteraction:
        """Type into an option; `suggestions()` of the result are the bot's."""
        data = commands.slash_data(self, user, channel, name, others | {option: typed}, focused=option)
        return self._interact(AUTOCOMPLETE, user, channel, data)

    def press(
        self, user: User, message: Message, custom_id: str, value: forms.Given = None, *, stale: Json | None = None
    ) -> FakeInteraction:
        """Press a button or choose in a menu. `stale`: a component that the message no longer has (or a forged one)."""
        component = stale or components.find(message.components, custom_id)
        if component is None or message.deleted or (message.ephemeral and user is not message.viewer):
            raise ValueError(f"{user.name} sees no component {custom_id!r} in message {message.id}")
        return self._interact(COMPONENT, user, message.channel, forms.press_data(component, value), message)

    def modal(
        self, user: User, custom_id: str, values: dict[str, forms.Given], from_interaction: FakeInteraction
    ) -> FakeInteraction:
        """Submit the dialog that `from_interaction` opened."""
        if from_interaction.modal_data is None or user is not from_interaction.user:
            raise ValueError("no dialog is open for this user")
        data = forms.modal_data(from_interaction.modal_data, custom_id, values, self._named)
        return self._interact(MODAL_SUBMIT, user, from_interaction.channel, data, from_interaction.source)

    def attachment(self, data: bytes, name: str, *, content_type: str | None = None, size: int | None = None) -> Attachment:
        """A file that a user uploads. `size` and `content_type` may lie."""
        file = self.store_file(name, data, size)
        file.content_type = content_type or file.content_type
        return file

    def say(self, user: User, channel: Channel, text: str, *files: Attachment) -> Message:
        """A message of a person."""
        message = Message(self.snowflake(), channel, user, self.clock(), content=text, attachments=list(files))
        self.messages[message.id] = message
        posting.announce(self, "MESSAGE_CREATE", message)
        return message

    def delete_message(self, message: Message) -> None:
        """Somebody else deletes it."""
        posting.remove(self, message)
        self.changed(self.tokens.get(message.token or ""))

    def again(self, interaction: FakeInteraction) -> None:
        """The gateway delivers it (once more)."""
        guild = interaction.channel.guild if interaction.channel.guild and interaction.channel.guild.installed else None
        self.gateway.dispatch("INTERACTION_CREATE", interaction.payload, guild.id if guild else None)

    async def close_gateway(self, code: int = 4000) -> None:
        """Throw every connection out."""
        await self.gateway.close(code)

    def reconnect_gateway(self) -> None:
        """Op 7: ask every client to reconnect and resume."""
        self.gateway.tell({"op": 7, "d": None})

    def invalidate_sessions(self, *, resumable: bool = False) -> None:
        """Op 9. Not resumable: the sessions and what they kept are gone."""
        if not resumable:
            self.gateway.sessions.clear()
        self.gateway.tell({"op": 9, "d": resumable})

    def _named(self, default: Json) -> User | Channel | int:
        """What a picker's default value names; KeyError for what nobody has."""
        number = int(default["id"])
        people: dict[str, dict[int, User] | dict[int, Channel]] = {"user": self.users, "channel": self.channels}
        return people[default["type"]][number] if default["type"] in people else number

    def _interact(
        self, kind: int, user: User, channel: Channel, data: Json, source: Message | None = None
    ) -> FakeInteraction:
        user_install = not channel.guild.installed if channel.guild else channel.type == GROUP_DM
        limit = max(channel.limit, user.limit)
        number = self.snowflake()
        token = f"token-{number}"
        made = FakeInteraction(number, token, kind, user, channel, data, self.clock(), limit, source, user_install)
        self.interactions[number] = self.tokens[token] = made
        body: Json = {
            "id": str(number),
            "application_id": str(self.me.id),
            "type": kind,
            "token": token,
            "version": 1,
            "data": data,
        }
        body |= payloads.interaction_place(channel, user, user_install=user_install) | {"attachment_size_limit": limit}
        body |= {"message": payloads.message(source)} if source else {}
        made.payload = body
        self.again(made)
        self.changed()
        return made
