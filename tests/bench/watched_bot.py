"""The bot as wiring builds it, with a look at its event loop; where BENCH_VENDOR is set, the fake vendor draws.

Standard input takes `reset`, `longest` (milliseconds that the loop was late at most since then) and `modules`. The look
begins with the first `reset`: it takes time of the processor, which other benches count.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from typing import Any

from bot.cli.run import calm_collector
from bot.logs import configure_logs
from bot.settings_load import load_settings
from bot.wiring import Bot

TICK_SECONDS = 0.002
OURS = {"bot", "providers", "storage", "tests", "__main__", "__mp_main__"}


class Ticker:
    """Asks for its turn every 2 ms and notes how late it came."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._running: asyncio.Task[None] | None = None

    def reset(self) -> None:
        self.longest = 0.0
        self._running = self._running or asyncio.create_task(self.run())

    def stop(self) -> None:
        if self._running is not None:
            self._running.cancel()

    async def run(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(TICK_SECONDS)
            self.longest = max(self.longest, time.perf_counter() - before - TICK_SECONDS)


def build() -> Bot:
    """Its web part is bound early: only then is the port for webhooks known."""
    settings, vendor = load_settings(os.environ, None), os.environ.get("BENCH_VENDOR")
    if vendor is None:
        return Bot(settings)
    import httpx

    from providers.fake import FakeVendor

    maker = FakeVendor(vendor, httpx.AsyncClient())
    bot = Bot(settings, more=[maker], hosts={maker.capabilities.name: vendor.removeprefix("http://")})
    bot.web.bind()
    bot.settings = settings.model_copy(update={"public_url": f"http://127.0.0.1:{bot.web.port}"})
    return bot


def answer(order: str, ticker: Ticker) -> dict[str, Any]:
    """To one line of standard input."""
    if order == "modules":
        return {"modules": [name for name in sys.modules if name.partition(".")[0] not in OURS]}
    longest = ticker.longest
    if order == "reset":
        ticker.reset()
    return {"longest_ms": longest * 1000}


async def main() -> None:
    """Until standard input ends."""
    bot, ticker = build(), Ticker()
    await bot.start()
    calm_collector()
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        sys.stdout.write(json.dumps(answer(line.decode().strip(), ticker)) + "\n")
        sys.stdout.flush()
    ticker.stop()
    await bot.stop()


if __name__ == "__main__":
    configure_logs("info", json=True)
    asyncio.run(main())
