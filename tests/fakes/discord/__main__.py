"""`python -m tests.fakes.discord [--port N] [--load] [--token T]`: the fake as its own process, until it is ended."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys

from tests.fakes.discord import control
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import TOKEN


async def serve(arguments: argparse.Namespace) -> None:
    """Print one JSON line with the addresses, then serve."""
    fake = FakeDiscord(
        token=arguments.token,
        validate=not arguments.load,
        keep_bytes=not arguments.load,
        port=arguments.port,
        extra=control.routes,
    )
    async with fake:
        channel = fake.channel()
        ids = {"application": fake.me.id, "guild": channel.guild.id if channel.guild else 0, "channel": channel.id}
        urls = {
            "api_url": fake.api_url,
            "gateway_url": fake.gateway_url,
            "control_url": f"{fake.base_url}/_fake",
            "token": fake.token,
        }
        sys.stdout.write(json.dumps(urls | ids) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.discord")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--load", action="store_true", help="no schema check, no file bytes kept")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
