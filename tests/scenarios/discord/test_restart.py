"""Stops, restarts and kills while jobs run: the same message is finished, and every old button works."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.jobs.model import JobState
from tests.fakes.discord import FakeInteraction, routes
from tests.scenarios.discord.conftest import Studio
from tests.scenarios.discord.server import WITHIN, Server, open_server, private
from tests.scenarios.discord.test_answers import slow_store
from tests.scenarios.discord.test_places import LIFE
from tests.support.process import bot_process
from tests.support.wait import eventually


async def test_a_restart_in_the_middle_finishes_the_same_message(studio: Studio) -> None:
    server, easel = studio.server, studio.easel
    shown = await server.placed()
    await server.reaches(shown, JobState.RUNNING)
    pages = await server.command("settings")
    await server.restart()
    easel.finish()
    await server.finished(shown)
    assert len(easel.paid) == 1
    assert (await server.child(shown, "U3")).images
    await server.restart()
    assert (await server.child(shown, "V1")).images
    pressed = await server.press(shown, "✎")
    dialog = await pressed.modal()
    await server.restart()
    sent = server.fake.modal(server.ann, dialog["custom_id"], {"prompt": "an old dialog"}, pressed)
    assert (await server.finished(await sent.response())).images
    await server.press(pages, "Ping me when done")
    await server.until(lambda: pages.has_button("Stop pinging me"))


async def test_a_restart_longer_than_the_token_lives(studio: Studio) -> None:
    server = studio.server
    shown = await server.placed()
    await server.reaches(shown, JobState.RUNNING)
    await server.stop()
    server.clock.ahead += LIFE
    await server.start()
    studio.easel.finish()
    await server.finished(shown)
    assert server.fake.count(routes.EDIT_MESSAGE) >= 1


async def test_a_stop_waits_until_everybody_is_answered(studio: Studio) -> None:
    server = studio.server
    gate = slow_store(server)
    asked = await server.imagine()
    stopping = asyncio.create_task(server.stop())
    await server.until(lambda: not server.bot.service._open)
    late = server.fake.slash(server.bob, server.art, "imagine", prompt="too late")
    assert "restarting" in (await private(late)).text
    gate.set()
    shown = await asked.response()
    await stopping
    studio.easel.finish()
    await server.start()
    await server.finished(shown)
    assert await server.used() == 4
    assert await server.used(server.bob) == 0


def accepted(folder: Path) -> bool:
    """Whether the bot in the other process has committed its job."""
    with closing(sqlite3.connect(f"file:{folder}/imagine.db?mode=ro", uri=True)) as database:
        return bool(database.execute("select count(*) from jobs").fetchone()[0])


async def killed_at_the_answer(server: Server) -> FakeInteraction:
    """A bot in a process of its own accepts a job and is killed before it knows that its answer stands."""
    await server.stop()
    settings = {
        "DISCORD_TOKEN": server.fake.token,
        "DISCORD_API_URL": server.fake.api_url,
        "DISCORD_GATEWAY_URL": server.fake.gateway_url,
        "IMAGINE_DATA_DIR": str(server.folder),
        "IMAGINE_PLAYGROUND": "off",
    }
    before = server.fake.count(routes.CALLBACK)
    async with bot_process(server.folder, "run", **settings) as child:
        await server.fake.until(lambda: server.fake.gateway.ready, WITHIN)
        asked = server.fake.slash(server.ann, server.art, "imagine", prompt="a red fox")
        await server.until(lambda: server.fake.count(routes.CALLBACK) > before and accepted(server.folder))
        child.child.kill()
        await child.child.wait()
    return asked


async def test_killed_after_the_placeholder_before_it_was_kept(tmp_path: Path) -> None:
    async with open_server(tmp_path) as server:
        server.fake.fail(routes.CALLBACK, 502, times=9, after=True)
        asked = await killed_at_the_answer(server)
        await server.start()
        assert asked.message is not None
        await server.finished(asked.message)
        assert server.fake.count(routes.GET_ORIGINAL) >= 1
        assert len([message for message in server.fake.messages.values() if not message.deleted]) == 1
        assert await server.used() == 4


async def test_killed_before_the_placeholder(tmp_path: Path) -> None:
    async with open_server(tmp_path) as server:
        server.fake.fail(routes.CALLBACK, 502, times=9)
        asked = await killed_at_the_answer(server)
        await server.start()

        async def refunded() -> bool:
            [job] = await server.bot.store.jobs([], 5)
            return job.state is JobState.CANCELLED and await server.used() == 0

        await eventually(refunded, WITHIN)
        assert asked.message is None
        assert server.fake.count(routes.GET_ORIGINAL) >= 1
