"""A server with moderators on the loopback Discord: who they are, and what they press and fill in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.jobs.controls import read_control
from bot.policy.community import Community
from bot.policy.records import Entry, What
from providers.base import Provider
from storage.policy.audit import STANDS_SECONDS
from tests.fakes.discord import Channel, FakeInteraction, Message, User
from tests.fakes.discord.forms import Given
from tests.fakes.discord.model import MANAGE_MESSAGES, USER_PERMISSIONS
from tests.scenarios.discord.server import ANSWERED, WITHIN, Server, open_server, private
from tests.support.wait import eventually

MANAGE_GUILD = 1 << 5


class Desk:
    """`ada` manages the server; `mo` and `max` manage messages; ann and bob are members. `team`, `log`: their channels."""

    def __init__(self, server: Server) -> None:
        fake = server.fake
        self.server, self.fake = server, fake
        self.ada = fake.user("ada", permissions=USER_PERMISSIONS | MANAGE_MESSAGES | MANAGE_GUILD)
        self.mo, self.max = (fake.user(name, permissions=USER_PERMISSIONS | MANAGE_MESSAGES) for name in ("mo", "max"))
        self.team, self.log = (fake.channel(server.guild, name) for name in ("moderators", "log"))

    @property
    def key(self) -> str:
        """The community's."""
        return f"discord:{self.server.guild.id}"

    async def set(self, **settings: Any) -> None:
        """Settings as if they had been made on the pages: those are a scenario of their own."""
        policy = self.server.bot.house.policy
        made = replace(await policy.community(self.key), guided=True, review_channel=str(self.team.id), **settings)
        await policy.save_community(self.key, made, Entry(self.key, What.SETTING))

    async def community(self) -> Community:
        """As stored."""
        return await self.server.bot.house.policy.community(self.key)

    async def entries(self, *whats: What) -> list[Entry]:
        """Of the audit log, newest first."""
        found = await self.server.bot.house.policy.entries(self.key, limit=200)
        return [entry for entry in found if not whats or entry.what in whats]

    async def admin(self, sub: str, who: User | None = None, /, **options: Any) -> Message:
        """`/imagine-admin ...`: the private page."""
        return await private(self.fake.slash(who or self.ada, self.server.art, f"imagine-admin {sub}", **options))

    async def press(
        self, user: User, message: Message, label: str, value: Given = None, *, control: str = ""
    ) -> FakeInteraction:
        """A button by its label, or a menu by its control, answered in time."""
        pressed = self.fake.press(user, message, control or message.button(label), value)
        assert (await pressed.acknowledged()).seconds < ANSWERED
        return pressed

    async def fill(self, user: User, opened: FakeInteraction, /, **values: Given) -> FakeInteraction:
        """Send the dialog that was opened."""
        dialog = await opened.modal()
        sent = self.fake.modal(user, dialog["custom_id"], values, opened)
        assert (await sent.acknowledged()).seconds < ANSWERED
        return sent

    async def turned(self, page: Message, check: Callable[[str], bool]) -> None:
        """Wait until a page shows something else."""
        await self.server.until(lambda: check(page.text))

    async def card(self, channel: Channel, *words: str) -> Message:
        """The one message of a channel that says all this."""

        def found() -> list[Message]:
            return [one for one in self.fake.messages_in(channel) if all(word in one.text for word in words)]

        cards = await self.server.until(found)
        assert len(cards) == 1, [card.text for card in cards]
        return cards[0]

    async def asked(self, prompt: str) -> Message:
        """The log's line about a job; it is written a while after, when the job's message stands."""
        self.server.clock.ahead += STANDS_SECONDS
        return await self.card(self.log, f"imagine: {prompt}")

    async def refused(self, asked: FakeInteraction, *words: str) -> Message:
        """A private answer that says this, and no new public message."""
        told = await private(asked)
        assert all(word in told.text for word in words), told.text
        return told

    async def until(self, check: Callable[[], Any]) -> Any:
        """Something that has to be asked for."""
        return await eventually(check, WITHIN)

    def pictures(self) -> list[Path]:
        """Files of jobs in the picture store."""
        folder = self.server.folder / "pictures"
        return [file for file in folder.rglob("*") if file.is_file()]


@asynccontextmanager
async def open_desk(folder: Path, *more: Provider, **settings: str) -> AsyncIterator[Desk]:
    """Run a server with moderators."""
    async with open_server(folder, *more, **settings) as server:
        yield Desk(server)


def facts(message: Message) -> str:
    """What a person reads there, on one line, without markdown's backslashes."""
    return " ".join(message.text.replace("\\", "").split())


def controls(message: Message) -> list[str]:
    """Actions of its buttons and menus."""
    found = (read_control(str(one.get("custom_id"))) for one in [*message.buttons, *message.menus])
    return [f"{one.action}:{one.index}" for one in found if one]
