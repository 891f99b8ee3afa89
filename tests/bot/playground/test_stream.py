"""Server-sent events behind the real server: delivery, privacy, resuming, stopping."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import httpx

from bot.jobs.surface import Card, Tone
from bot.playground import stream
from tests.bot.playground.house import House, build, serving

Event = tuple[str, str, dict[str, Any]]


async def parsed(response: httpx.Response) -> AsyncGenerator[Event, None]:
    """(event, id, data) of each event; comments are left out."""
    event: dict[str, str] = {}
    async for line in response.aiter_lines():
        if line == "" and "data" in event:
            yield event.get("event", ""), event.get("id", ""), json.loads(event["data"])
            event = {}
        elif ": " in line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            event[name] = value


@asynccontextmanager
async def listening(url: str, user: str, moderator: str = "", **headers: str) -> AsyncIterator[AsyncIterator[Event]]:
    async with (
        httpx.AsyncClient(timeout=10) as client,
        client.stream(
            "GET", f"{url}api/events", params={"user": user, "after": "0", "moderator": moderator}, headers=headers
        ) as response,
    ):
        assert response.headers["content-type"].startswith("text/event-stream")
        async with aclosing(parsed(response)) as events:
            yield events


async def post(house: House, message_id: str, visible_to: str = "") -> None:
    await house.front._board.post(message_id, Card(Tone.DONE, message_id), author="", visible_to=visible_to)


async def test_changes_arrive_in_order_and_private_ones_at_their_user_alone() -> None:
    house = await build()
    async with serving(house) as url, listening(url, "Robin") as robin, listening(url, "Kim") as kim:
        await post(house, "one")
        await post(house, "secret", visible_to="kim")
        await house.front._board.change("one", Card(Tone.DONE, "one more"))
        await house.front._board.remove("one")
        await post(house, "end")
        seen = {name: [await anext(events)] for name, events in (("robin", robin), ("kim", kim))}
        for name, events in (("robin", robin), ("kim", kim)):
            while seen[name][-1][2]["id"] != "end":
                seen[name].append(await anext(events))
    ids = {name: [data["id"] for _, _, data in events] for name, events in seen.items()}
    assert "secret" in ids["kim"]
    assert "secret" not in ids["robin"]
    counters = [int(event_id) for _, event_id, _ in seen["robin"]]
    assert counters == sorted(counters)
    last_of_one = [data for _, _, data in seen["robin"] if data["id"] == "one"][-1]
    assert (last_of_one["deleted"], last_of_one["card"]) == (True, None)


async def test_who_comes_back_gets_what_was_missed() -> None:
    house = await build()
    for name in ("a", "b", "c"):
        await post(house, name)
    async with serving(house) as url, listening(url, "Robin", **{"last-event-id": "2"}) as events:
        assert (await anext(events))[2]["id"] == "c"


async def test_a_page_ahead_of_the_store_is_told_to_load_anew() -> None:
    house = await build()
    async with serving(house) as url, listening(url, "Robin", **{"last-event-id": "7"}) as events:
        assert (await anext(events))[0] == "reset"


async def test_changes_of_another_process_are_found_by_looking(monkeypatch: Any) -> None:
    monkeypatch.setattr(stream, "POLL_SECONDS", 0.05)
    house = await build()
    async with serving(house) as url, listening(url, "Robin") as events:
        await post(house, "first")
        assert (await anext(events))[2]["id"] == "first"
        await house.store.add((await house.store.page("robin", 1))[0].__class__("other", 1.0, "", "", ""))
        assert (await anext(events))[2]["id"] == "other"


async def test_an_open_stream_does_not_hold_the_stop_up() -> None:
    house = await build()
    async with httpx.AsyncClient(timeout=10) as client:
        async with serving(house) as url:
            request = client.build_request("GET", f"{url}api/events", params={"user": "Robin"})
            response = await client.send(request, stream=True)
            started = time.monotonic()
        assert time.monotonic() - started < 2
        assert (await asyncio.wait_for(response.aread(), 2)).endswith(b"\n\n")


async def test_the_fronts_stop_ends_streams_and_leaves_none_behind() -> None:
    house = await build()
    async with serving(house) as url, listening(url, "Robin") as events:
        await post(house, "a")
        await anext(events)
        await house.front.stop()
        assert [event async for event in events] == []
        assert house.front._board.hub._bells == set()
