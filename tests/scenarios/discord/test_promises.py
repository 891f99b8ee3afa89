"""Killed after "an answer follows" and before there was one: the next life says so, or shows the job that came of it."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from bot.texts import discord as texts
from tests.fakes.discord import FakeInteraction, routes
from tests.scenarios.discord.server import WITHIN, Server, open_server
from tests.scenarios.discord.test_answers import slow_store
from tests.support.process import BotProcess, bot_process


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody else can accept anything."""
    holder = sqlite3.connect(folder / "imagine.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.execute("ROLLBACK")
        holder.close()


@asynccontextmanager
async def first_life(server: Server) -> AsyncIterator[BotProcess]:
    await server.stop()
    fake, settings = server.fake, {"IMAGINE_DATA_DIR": str(server.folder), "IMAGINE_PLAYGROUND": "off"}
    address = {"DISCORD_TOKEN": fake.token, "DISCORD_API_URL": fake.api_url, "DISCORD_GATEWAY_URL": fake.gateway_url}
    async with bot_process(server.folder, "run", **settings, **address) as child:
        await fake.until(lambda: fake.gateway.ready, WITHIN)
        yield child


async def kill(child: BotProcess) -> None:
    child.child.kill()
    await child.child.wait()


def thinking(asked: FakeInteraction) -> bool:
    return asked.message is not None and asked.message.loading


async def test_what_was_not_begun_is_told_so(tmp_path: Path) -> None:
    async with open_server(tmp_path) as server:
        async with first_life(server) as child:
            with locked(server.folder):
                asked = [server.fake.slash(server.ann, server.art, "imagine", prompt=f"fox {n}") for n in range(3)]
                await server.until(lambda: all(map(thinking, asked)))
                await kill(child)
        await server.start()
        for one in asked:
            shown = await one.response(WITHIN)
            assert texts.RESTARTED in shown.text
        assert await server.used() == 0
        assert (server.folder / "discord-promises.jsonl").read_text() == ""


async def test_what_became_a_job_is_drawn_where_it_was_promised(tmp_path: Path) -> None:
    async with open_server(tmp_path) as server:
        async with first_life(server) as child, server.fake.faults.hold("PATCH /webhooks"):
            with locked(server.folder):
                asked = server.fake.slash(server.ann, server.art, "imagine", prompt="a fox")
                await server.until(lambda: thinking(asked))
            await server.until(lambda: rows(server.folder) == 1)
            await kill(child)
        await server.start()
        await server.finished(await asked.response(WITHIN))
        assert not any(texts.RESTARTED in str(call.body) for call in server.fake.calls)
        assert await server.used() == 4
        assert server.fake.count(routes.GET_ORIGINAL) >= 1


async def test_a_pressed_button_is_told_so_privately(tmp_path: Path) -> None:
    async with open_server(tmp_path) as server:
        grid = await server.drawn()
        async with first_life(server) as child:
            with locked(server.folder):
                pressed = server.fake.press(server.ann, grid, grid.button("Delete"))
                await pressed.acknowledged()
                await kill(child)
        await server.start()
        told = await pressed.followup(timeout=WITHIN)
        assert told.ephemeral
        assert texts.RESTARTED in told.text
        assert not grid.deleted


async def test_what_was_answered_is_owed_no_more(tmp_path: Path) -> None:
    async with open_server(tmp_path) as server:
        gate, file = slow_store(server), server.folder / "discord-promises.jsonl"
        asked = await server.imagine()
        assert asked.token in file.read_text()
        gate.set()
        await server.finished(await asked.response())
        assert file.read_text() == ""


def rows(folder: Path) -> int:
    with sqlite3.connect(folder / "imagine.db") as reader:
        return int(reader.execute("SELECT count(*) FROM jobs").fetchone()[0])
