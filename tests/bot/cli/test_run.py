"""`imagine-bot run` as a process: the line with the address, health, both kinds of stop."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from bot.texts import cli as texts
from tests.support.process import bot_process


async def test_it_says_where_it_is_answers_and_stops_cleanly(tmp_path: Path) -> None:
    async with bot_process(tmp_path) as bot:
        url = await bot.url()
        async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
            health, ready, page = await client.get("/healthz"), await client.get("/readyz"), await client.get("/")
        bot.send(signal.SIGTERM)
        code, out, log = await bot.ended()
    assert (code, out) == (0, "")
    assert (health.status_code, health.json()) == (200, {"status": "alive"})
    assert (ready.status_code, ready.json()["parts"]) == (200, {"engine": True, "playground": True, "api": True})
    assert page.status_code == 200
    assert '"event": "stopped"' in log
    assert "Traceback" not in log
    secret = (tmp_path / "data" / "secret").read_text()
    assert secret
    assert secret not in log


async def test_without_the_playground_it_prints_nothing(tmp_path: Path) -> None:
    async with bot_process(tmp_path, "run", IMAGINE_PLAYGROUND="off") as bot:
        await bot.said("started")
        bot.send(signal.SIGINT)
        code, out, log = await bot.ended()
    assert (code, out) == (0, "")
    assert texts.NOBODY in log
    assert '"event": "stopped"' in log


@pytest.mark.parametrize(("second", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
async def test_a_second_signal_cuts(tmp_path: Path, second: signal.Signals, code: int) -> None:
    """A request whose body never ends holds the clean stop for seconds."""
    async with bot_process(tmp_path) as bot:
        port = urlsplit(await bot.url()).port
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        head = b"POST /webhooks/a/b/c HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nhalf"
        writer.write(head)
        await writer.drain()
        bot.send(signal.SIGTERM)
        await bot.said("stopping")
        bot.send(second)
        ended, _, log = await bot.ended(within=4.0)
        writer.close()
    assert ended == code
    assert '"event": "stopped"' not in log


DISCORD = {"DISCORD_TOKEN": "not.a.token", "DISCORD_API_URL": "{}/api/v10"}
SLACK = {"SLACK_BOT_TOKEN": "xoxb-not-a-token", "SLACK_APP_TOKEN": "xapp-not-a-token", "SLACK_API_URL": "{}/api/"}


@pytest.mark.parametrize("settings", [DISCORD, SLACK], ids=["discord", "slack"])
async def test_a_signal_during_the_start_ends_it(tmp_path: Path, settings: dict[str, str]) -> None:
    """The chat takes the connection and says nothing."""
    asked = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        asked.set()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with bot_process(tmp_path, **{name: value.format(base) for name, value in settings.items()}) as bot:
            await asyncio.wait_for(asked.wait(), 20.0)
            bot.send(signal.SIGTERM)
            code, _, log = await bot.ended(within=20.0)
    assert code == 0
    assert not [value for value in settings.values() if "{" not in value and value in log]
    assert "Traceback" not in log
