"""The server: our socket, our sentences, our signals."""

from __future__ import annotations

import asyncio
import signal
import socket
import time

import httpx
import pytest
from fastapi import FastAPI

from bot.errors import StartError
from bot.web.app import build_app
from bot.web.server import WebServer

APP = build_app(mounts={}, webhook=None, readiness=dict)


async def test_start_answer_stop() -> None:
    server = WebServer(APP, "127.0.0.1", 0)
    await server.start()
    url = f"http://127.0.0.1:{server.port}/healthz"
    async with httpx.AsyncClient() as client:
        assert (await client.get(url)).status_code == 200
        await server.stop()
        with pytest.raises(httpx.TransportError):
            await client.get(url)


@pytest.mark.parametrize("mounted", [False, True])
async def test_a_probe_may_ask_for_the_head_alone(mounted: bool) -> None:
    """Also where the playground is mounted at "/", which would take what no route takes."""
    mounts = {"/": FastAPI()} if mounted else {}
    server = WebServer(build_app(mounts=mounts, webhook=None, readiness=lambda: {"engine": False}), "127.0.0.1", 0)
    await server.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client:
        for path, status in (("/healthz", 200), ("/readyz", 503), ("/healthz", 200)):
            whole, head = await client.get(path), await client.head(path)
            assert (whole.status_code, head.status_code, head.content) == (status, status, b"")
            assert head.headers["content-length"] == str(len(whole.content))
    await server.stop()


async def test_port_in_use_is_our_sentence() -> None:
    first = WebServer(APP, "127.0.0.1", 0)
    first.bind()
    with pytest.raises(StartError, match=rf"Port {first.port} on 127\.0\.0\.1 is in use.*HTTP_PORT"):
        await WebServer(APP, "127.0.0.1", first.port).start()
    await first.stop()


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid"])
async def test_a_foreign_address_is_our_sentence(host: str) -> None:
    with pytest.raises(StartError, match=f"HTTP_HOST is {host}"):
        WebServer(APP, host, 0).bind()


def test_an_idle_connection_outlives_those_of_clients() -> None:
    """Who sends on a kept connection just as we close it loses the request (5 s on both sides did that)."""
    assert httpx.Limits().keepalive_expiry == 5.0
    assert WebServer(APP, "127.0.0.1", 0)._server.config.timeout_keep_alive > 60


async def test_signals_stay_ours() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    server = WebServer(APP, "127.0.0.1", 0)
    await server.start()
    assert {number: signal.getsignal(number) for number in before} == before
    await server.stop()


async def test_an_idle_or_half_sent_connection_does_not_hold_the_stop_up() -> None:
    server = WebServer(APP, "127.0.0.1", 0, stop_seconds=1)
    await server.start()
    idle = socket.create_connection(("127.0.0.1", server.port))
    half = socket.create_connection(("127.0.0.1", server.port))
    half.sendall(b"POST /webhooks/a/b/c HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
    async with httpx.AsyncClient() as client:  # answered after both were accepted: the backlog is a queue
        await client.get(f"http://127.0.0.1:{server.port}/healthz")
    assert len(server._server.server_state.connections) >= 2
    started = time.monotonic()
    await asyncio.wait_for(server.stop(), 5)
    assert time.monotonic() - started < 3
    idle.close()
    half.close()
