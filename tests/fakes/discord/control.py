"""A remote control over HTTP, for load tests where the fake is another process: /_fake/..."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter

from aiohttp import web

from tests.fakes.discord.errors import Json
from tests.fakes.discord.server import FakeDiscord


def routes(fake: FakeDiscord) -> list[web.RouteDef]:
    """POST /_fake/slash {"name", "count", "users", "options"}; GET /_fake/stats; POST /_fake/ready waits for a session."""

    async def ready(request: web.Request) -> web.Response:
        await fake.ready(timeout=float(request.query.get("timeout", "60")))
        return _json({"sessions": fake.gateway.ready})

    async def slash(request: web.Request) -> web.Response:
        asked = await request.json()
        channel = next(iter(fake.channels.values()), None) or fake.channel()
        people = [fake.user(f"user{number}") for number in range(asked.get("users", 1))]
        started = time.perf_counter()
        for number in range(asked.get("count", 1)):
            fake.slash(people[number % len(people)], channel, asked.get("name", "imagine"), **asked.get("options", {}))
            if number % 100 == 99:
                await asyncio.sleep(0)
        return _json({"seconds": time.perf_counter() - started})

    async def stats(_: web.Request) -> web.Response:
        return _json(statistics(fake))

    return [web.post("/_fake/ready", ready), web.post("/_fake/slash", slash), web.get("/_fake/stats", stats)]


def statistics(fake: FakeDiscord) -> Json:
    """Counts, and seconds to the acknowledgement: median, 99th percentile, worst."""
    acks = sorted(one.ack.seconds for one in fake.interactions.values() if one.ack)
    places = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    return {
        "interactions": len(fake.interactions),
        "acknowledged": len(acks),
        "answered": sum(bool(one.message and not one.message.loading) for one in fake.interactions.values()),
        "with_pictures": sum(bool(one.message and one.message.attachments) for one in fake.interactions.values()),
        "ack_seconds": {name: acks[min(len(acks) - 1, int(len(acks) * part))] for name, part in places.items()}
        if acks
        else {},
        "statuses": {str(status): count for status, count in Counter(call.status for call in fake.calls).items()},
        "routes": dict(Counter(call.route for call in fake.calls)),
        "violations": [f"{one.route}: {one.message}" for one in fake.violations[:20]],
    }


def _json(body: Json) -> web.Response:
    return web.Response(body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
