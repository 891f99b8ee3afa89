"""The fake as a process of its own (`python -m tests.fakes.slack`): orders are JSON lines on stdin, answers on stdout.

The first line out says where it is and its tokens. An order is `{"do": NAME, ...arguments}`; see `orders.py`.
It ends when stdin ends. `--loose` leaves Block Kit validation out.
"""

from __future__ import annotations

import asyncio
import json
import sys

from tests.fakes.slack.fake import FakeSlack
from tests.fakes.slack.orders import Orders


async def main() -> None:
    """Serve until stdin ends."""
    async with FakeSlack(validate="--loose" not in sys.argv) as fake:
        secrets = {"bot_token": fake.bot_token, "app_token": fake.app_token, "signing_secret": fake.signing_secret}
        say({"api_url": fake.api_url, **secrets})
        orders = Orders(fake)
        while line := await asyncio.to_thread(sys.stdin.readline):
            say(await orders.obey(json.loads(line)))


def say(answer: object) -> None:
    """One line out."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
