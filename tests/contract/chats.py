"""The four chats behind one face: the adapter, a place and a person in it, and eyes to see what stands there."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.discord.config import DiscordConfig
from bot.discord.front import DiscordFront
from bot.jobs.chat_port import Chat
from bot.jobs.place import Actor, MessageRef, Place, Platform
from bot.playground.board import Board
from bot.playground.cards import card_from_json
from bot.playground.chat import PlaygroundChat
from bot.playground.memory import MemoryMessages
from bot.slack.config import SlackConfig, Waits
from bot.slack.front import SlackFront
from providers.fetch import GuardedFetcher
from tests.bot.discord.stub import StubCore as DiscordCore
from tests.bot.slack.stub import StubCore as SlackCore
from tests.fakes.chat import FakeChat
from tests.fakes.discord import FakeDiscord, ManualClock
from tests.fakes.pictures import MemoryPictures
from tests.fakes.slack import FakeSlack


@dataclass
class Looked:
    """A message as people see it: its words, how many pictures, the controls of its buttons."""

    text: str
    pictures: int
    controls: set[str]


@dataclass
class Room:
    """`look`: a message or None if it is gone; `count`: public messages; `remove`: a person deletes one."""

    chat: Chat
    actor: Actor
    place: Place
    pictures: MemoryPictures
    look: Callable[[MessageRef], Awaitable[Looked | None]]
    count: Callable[[], Awaitable[int]]
    remove: Callable[[MessageRef], Awaitable[None]]
    repeat_safe: bool = True
    violations: Sequence[object] = field(default_factory=list)


@asynccontextmanager
async def memory() -> AsyncIterator[Room]:
    chat = FakeChat()

    async def look(ref: MessageRef) -> Looked | None:
        cards = chat.messages.get(ref.message_id)
        if not cards:
            return None
        controls = {button.control for row in cards[-1].rows for button in row}
        return Looked(f"{cards[-1].title} {cards[-1].status}", len(cards[-1].pictures), controls)

    async def count() -> int:
        return len(chat.messages)

    async def remove(ref: MessageRef) -> None:
        chat.messages.pop(ref.message_id)

    actor = Actor(Platform.PLAYGROUND, "ann", "Ann")
    yield Room(chat, actor, Place(Platform.PLAYGROUND, "hall"), MemoryPictures(), look, count, remove)


@asynccontextmanager
async def playground() -> AsyncIterator[Room]:
    store = MemoryMessages()
    board = Board(store, lambda: 5.0)

    async def look(ref: MessageRef) -> Looked | None:
        message = await store.get(ref.message_id)
        if message is None or message.deleted:
            return None
        card = card_from_json(json.loads(message.card))
        controls = {button.control for row in card.rows for button in row}
        return Looked(f"{card.title} {card.status}", len(card.pictures), controls)

    async def count() -> int:
        return len(await store.page("a stranger", 50))

    async def remove(ref: MessageRef) -> None:
        await store.remove(ref.message_id)

    actor = Actor(Platform.PLAYGROUND, "ann", "Ann")
    place = Place(Platform.PLAYGROUND, "playground")
    yield Room(PlaygroundChat(board), actor, place, MemoryPictures(), look, count, remove)


@asynccontextmanager
async def discord() -> AsyncIterator[Room]:
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    clock, pictures = ManualClock(), MemoryPictures()
    async with FakeDiscord(clock=clock) as fake:
        front = DiscordFront(DiscordConfig(fake.token, api_url=fake.api_url), pictures, GuardedFetcher(), clock)
        await front.start(DiscordCore())
        guild = fake.guild()
        channel, ann = fake.channel(guild), fake.user("ann")

        async def look(ref: MessageRef) -> Looked | None:
            for message in fake.messages_in(channel):
                if str(message.id) == ref.message_id and not message.deleted:
                    return Looked(message.text, len(message.images), {button["custom_id"] for button in message.buttons})
            return None

        async def count() -> int:
            return sum(not message.deleted for message in fake.messages_in(channel))

        async def remove(ref: MessageRef) -> None:
            fake.delete_message(next(m for m in fake.messages_in(channel) if str(m.id) == ref.message_id))

        actor = Actor(Platform.DISCORD, str(ann.id), "Ann")
        place = Place(Platform.DISCORD, str(channel.id), str(guild.id))
        try:
            yield Room(front.chat, actor, place, pictures, look, count, remove, violations=fake.violations)
        finally:
            await front.stop()
            Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, yarl.URL(gateway)


@asynccontextmanager
async def slack() -> AsyncIterator[Room]:
    pictures = MemoryPictures()
    async with FakeSlack() as fake:
        quick = Waits(processed=(0.0, 0.02), race=(0.02, 0.05))
        config = SlackConfig(fake.bot_token, fake.app_token, api_url=fake.api_url, waits=quick)
        front = SlackFront(config, pictures, GuardedFetcher(), fake.clock)
        await front.start(SlackCore())
        ann, channel = fake.user("ann"), fake.channel("art")

        async def look(ref: MessageRef) -> Looked | None:
            for message in fake.messages(channel):
                if message.ts == ref.message_id and not message.deleted:
                    return Looked(f"{message.text} {message.blocks}", len(message.pictures), set(message.action_ids))
            return None

        async def count() -> int:
            return sum(not message.deleted and not message.to for message in fake.messages(channel))

        async def remove(ref: MessageRef) -> None:
            next(m for m in fake.messages(channel) if m.ts == ref.message_id).deleted = True

        actor = Actor(Platform.SLACK, ann.id, "Ann", "T00000001")
        place = Place(Platform.SLACK, channel.id, "T00000001")
        try:
            yield Room(
                front.chat, actor, place, pictures, look, count, remove, repeat_safe=False, violations=fake.violations
            )
        finally:
            await front.stop()


CHATS: dict[str, Callable[[], AbstractAsyncContextManager[Room]]] = {
    "fake": memory,
    "playground": playground,
    "discord": discord,
    "slack": slack,
}
