"""Discord away: gateway and REST."""

from __future__ import annotations

from aiohttp import web

from tests.fakes.discord.server import FakeDiscord


async def go_away(fake: FakeDiscord) -> None:
    """Gateway and REST: whoever stands is cut off, whoever comes is refused."""
    await next(iter(fake._runner.sites)).stop()
    for link in list(fake.gateway.links):
        if link.socket._req is not None and link.socket._req.transport is not None:
            link.socket._req.transport.abort()
    assert fake._runner.server is not None
    await fake._runner.server.shutdown(0.1)


async def come_back(fake: FakeDiscord) -> None:
    """On the same address."""
    await web.TCPSite(fake._runner, "127.0.0.1", int(fake.base_url.rpartition(":")[2]), backlog=4096).start()
