"""The contract of a MessageStore, run by every implementation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from bot.playground.memory import MemoryMessages
from bot.playground.ports import Message, MessageStore
from storage.messages import SqlMessages
from tests.support.databases import backend, opened

Made = Callable[[Path], AbstractAsyncContextManager[MessageStore]]


@asynccontextmanager
async def memory(_folder: Path) -> AsyncIterator[MessageStore]:
    yield MemoryMessages()


@asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[MessageStore]:
    db = await opened(folder)
    yield SqlMessages(db)
    await db.close()


@asynccontextmanager
async def postgres(folder: Path) -> AsyncIterator[MessageStore]:
    with backend("postgres"):
        db = await opened(folder)
        yield SqlMessages(db)
        await db.close()


STORES: list[Made] = [memory, sqlite, postgres]


@pytest.fixture(params=STORES, ids=lambda made: made.__name__)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MessageStore]:
    made: Made = request.param
    async with made(tmp_path) as opened:
        yield opened


def message(message_id: str, created: float = 1.0, visible_to: str = "", card: str = '{"n":1}') -> Message:
    return Message(message_id, created, "robin", visible_to, card, job_id=f"job-{message_id}")


async def test_a_new_store_is_empty(store: MessageStore) -> None:
    assert await store.counter() == 0
    assert await store.page("robin", 10) == []
    assert await store.since(0, "robin", 10) == []
    assert await store.get("a") is None


async def test_add_keeps_everything(store: MessageStore) -> None:
    added = await store.add(message("a", 1.25, "kim", '{"n":"ü 🦊"}'))
    assert added == await store.get("a")
    assert (added.created, added.author, added.visible_to, added.card) == (1.25, "robin", "kim", '{"n":"ü 🦊"}')
    assert (added.job_id, added.deleted) == ("job-a", False)
    assert added.updated == await store.counter() == 1


async def test_adding_twice_keeps_the_first(store: MessageStore) -> None:
    first = await store.add(message("a"))
    assert await store.add(message("a", 9.0, card='{"n":2}')) == first
    assert await store.counter() == first.updated


async def test_a_change_moves_the_counter_on(store: MessageStore) -> None:
    first, second = await store.add(message("a")), await store.add(message("b"))
    changed = await store.change("a", '{"n":2}')
    assert changed is not None
    assert (changed.card, changed.created) == ('{"n":2}', first.created)
    assert first.updated < second.updated < changed.updated == await store.counter()


async def test_unknown_and_deleted_messages_do_not_change(store: MessageStore) -> None:
    assert await store.change("a", "{}") is None
    assert await store.remove("a") is None
    await store.add(message("a"))
    removed = await store.remove("a")
    assert removed is not None
    assert (removed.deleted, removed.card) == (True, "")
    assert await store.change("a", "{}") is None
    assert await store.remove("a") is None
    assert await store.get("a") == removed
    assert (await store.add(message("a"))).deleted


async def test_since_tells_each_change_once_in_order(store: MessageStore) -> None:
    for name in ("a", "b", "c"):
        await store.add(message(name))
    await store.change("a", '{"n":2}')
    await store.remove("b")
    changes = await store.since(0, "robin", 10)
    assert [(row.id, row.deleted) for row in changes] == [("c", False), ("a", False), ("b", True)]
    assert await store.since(changes[0].updated, "robin", 10) == changes[1:]
    assert await store.since(0, "robin", 2) == changes[:2]
    assert await store.since(changes[-1].updated, "robin", 10) == []


async def test_private_messages_are_their_users_alone(store: MessageStore) -> None:
    await store.add(message("public"))
    await store.add(message("secret", visible_to="kim"))
    assert [row.id for row in await store.page("kim", 10)] == ["public", "secret"]
    assert [row.id for row in await store.page("robin", 10)] == ["public"]
    assert [row.id for row in await store.since(0, "robin", 10)] == ["public"]
    await store.remove("secret")
    assert [row.id for row in await store.since(0, "robin", 10)] == ["public"]
    assert [row.id for row in await store.since(0, "kim", 10)] == ["public", "secret"]


async def test_the_moderators_channel_is_theirs_and_a_page_of_its_own(store: MessageStore) -> None:
    for name, audience in (("public", ""), ("review", "@moderators"), ("mine", "kim@moderators"), ("whisper", "kim")):
        await store.add(message(name, visible_to=audience))

    async def changes(user_id: str, *, moderator: bool) -> list[str]:
        return [row.id for row in await store.since(0, user_id, 10, moderator=moderator)]

    assert await changes("kim", moderator=True) == ["public", "review", "mine", "whisper"]
    assert await changes("kim", moderator=False) == ["public", "whisper"]
    assert await changes("robin", moderator=True) == ["public", "review"]
    assert await changes("moderators", moderator=False) == ["public"]
    assert [row.id for row in await store.page("kim", 10)] == ["public", "whisper"]
    assert [row.id for row in await store.page("kim", 10, channel="moderators")] == ["mine", "review"]
    assert [row.id for row in await store.page("kim", 1, "review", channel="moderators")] == ["mine"]
    assert [row.id for row in await store.page("robin", 10, channel="moderators")] == ["review"]
    await store.remove("review")
    assert await changes("robin", moderator=False) == ["public"]
    assert await changes("robin", moderator=True) == ["public", "review"]


async def test_pages_go_backwards_in_the_order_of_creation(store: MessageStore) -> None:
    for name, created in (("e", 3.0), ("a", 1.0), ("d", 2.0), ("c", 2.0), ("x", 2.5)):
        await store.add(message(name, created))
    await store.remove("x")
    assert [row.id for row in await store.page("robin", 2)] == ["d", "e"]
    assert [row.id for row in await store.page("robin", 2, "d")] == ["a", "c"]
    assert [row.id for row in await store.page("robin", 9, "x")] == ["a", "c", "d"]
    assert await store.page("robin", 2, "a") == []


async def test_a_changed_message_keeps_its_place(store: MessageStore) -> None:
    await store.add(message("a", 1.0))
    await store.add(message("b", 2.0))
    await store.change("a", '{"n":2}')
    assert [row.id for row in await store.page("robin", 5)] == ["a", "b"]
