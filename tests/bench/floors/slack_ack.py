"""The ten-line slack-bolt app: `/imagine` is acknowledged; with the argument `post`, one message follows."""

import asyncio
import os
import sys
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

app = AsyncApp(client=AsyncWebClient(os.environ["SLACK_BOT_TOKEN"], os.environ["SLACK_API_URL"]))


@app.command("/imagine")
async def imagine(ack: Any, client: AsyncWebClient, command: dict[str, Any]) -> None:
    await ack()
    if "post" in sys.argv:
        await client.chat_postMessage(channel=command["channel_id"], text=command["text"])


async def main() -> None:
    handler = AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"])
    await handler.start_async()  # type: ignore[no-untyped-call]  # bolt leaves it untyped


if __name__ == "__main__":
    asyncio.run(main())
