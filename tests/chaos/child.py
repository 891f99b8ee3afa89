"""`python -m tests.chaos.child`: the real bot on the playground and the fake vendor, with fail-points in its stores.

CHAOS_VENDOR is the vendor's address, CHAOS_LOOKUP 1 where it can be asked by our key, CHAOS_PLAN a JSON object
user -> point, CHAOS_PACE real where waits are not to be made short. Where several processes share a server, CHAOS_LEASE is
how long their leases last, and CHAOS_PUBLIC the port where webhooks come in. Speaks JSON lines on standard output, takes
{"revive": job id} on standard input.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from dataclasses import replace
from typing import Any, cast

import httpx

from bot.cli.run import Signals
from bot.jobs.revive import NotRevived, revive
from bot.logs import configure_logs
from bot.policy.records import Entry, What
from bot.settings_load import load_settings
from bot.wiring import Bot
from providers.fake import FakeVendor, Mode
from storage.jobs import SqlJobStore
from storage.policy.store import SqlPolicy
from tests.chaos.moderators import HERE, SETTINGS, Screening
from tests.chaos.points import read_stop
from tests.chaos.stopping_store import StoppingPolicy, StoppingStore, Stops

MODES: tuple[Mode, ...] = ("async", "blocking", "single")


def say(**facts: Any) -> None:
    """One line for the parent."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def build(client: httpx.AsyncClient) -> Bot:
    """The bot as wiring builds it; then its store is wrapped and its waits are made short."""
    settings, vendor = load_settings(os.environ, None), os.environ["CHAOS_VENDOR"]
    lookup = os.environ.get("CHAOS_LOOKUP") == "1"
    makers = [FakeVendor(vendor, client, mode=mode, lookup=lookup) for mode in MODES]
    host = vendor.removeprefix("http://")
    bot = Bot(settings, more=makers, hosts={maker.capabilities.name: host for maker in makers})
    plan = {user: read_stop(stop) for user, stop in json.loads(os.environ.get("CHAOS_PLAN", "{}")).items()}
    stops = Stops(plan, lambda point, user, job: say(reached=point, user=user, job=job))
    stopping = StoppingStore(bot.store, stops)
    bot.house.policy = StoppingPolicy(cast("SqlPolicy", bot.house.policy), stopping, stops)
    bot.store = bot.house.store = cast("SqlJobStore", stopping)
    bot.house.moderation = Screening()
    if os.environ.get("CHAOS_PACE") != "real":
        quick = {"webhook_grace": 1.0, "backoff_first": 0.05, "backoff_cap": 0.5, "queue_refresh": 1.0}
        bot.house.timing = replace(bot.house.timing, **quick)
    bot.web.bind()
    # The port is free at the first start, so only now is it known where webhooks come in.
    public = int(os.environ.get("CHAOS_PUBLIC", "0")) or bot.web.port
    bot.settings = settings.model_copy(update={"public_url": f"http://127.0.0.1:{public}"})
    return bot


def shorten(bot: Bot, lease: float) -> None:
    """Leases of a process beside others."""
    bot.house.timing = replace(bot.house.timing, lease=lease)
    bot.leases.seconds, bot.leases._every = lease, lease / 4


async def obey(bot: Bot) -> None:
    """The operator's orders."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    tasks = set()
    while line := await reader.readline():
        tasks.add(asyncio.create_task(_revive(bot, json.loads(line)["revive"])))


async def _revive(bot: Bot, job_id: str) -> None:
    try:
        say(revived=job_id, state=await revive(bot.house.store, job_id, time.time()))
    except NotRevived as refused:
        say(refused=job_id, why=str(refused))


async def main() -> None:
    """One life, as `imagine-bot run` leads it."""
    signals = Signals()
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=None)) as client:
        bot = build(client)
        if lease := float(os.environ.get("CHAOS_LEASE", "0")):
            shorten(bot, lease)
        await bot.start()
        if bot.settings.has("web") and await bot.house.policy.community(HERE) != SETTINGS:
            await bot.house.policy.save_community(HERE, SETTINGS, Entry(HERE, What.SETTING))
        orders = asyncio.create_task(obey(bot))
        say(url=bot.url, port=bot.web.port, lease=bot.leases.id)
        await signals.stop.wait()
        await bot.stop()
        orders.cancel()


if __name__ == "__main__":
    configure_logs("info", json=True)
    asyncio.run(main())
