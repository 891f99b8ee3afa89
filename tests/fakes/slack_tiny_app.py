"""A slack-bolt app of a few listeners, one for each way in: what the loopback Slack is tried on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack
from tests.fakes.slack_helpers import modal, row, section


async def imagine(ack: Any, respond: Any, client: AsyncWebClient, command: dict[str, Any]) -> None:
    text = command["text"]
    await ack("hello" if text == "ack" else "")
    if text == "form":
        await client.views_open(trigger_id=command["trigger_id"], view=modal())
    elif text == "private":
        await respond("only you")
    elif text != "ack":
        await client.chat_postMessage(channel=command["channel_id"], text=text, blocks=[section(text), row("U1", "U2")])


async def pressed(ack: Any, respond: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
    await ack()
    if body["container"]["is_ephemeral"]:
        await respond(text="replaced", replace_original=True)
    else:
        await client.chat_postMessage(channel=body["channel"]["id"], text="one", thread_ts=body["message"]["ts"])


async def never(body: dict[str, Any]) -> None:
    """Acknowledges nothing."""


async def submitted(ack: Any, view: dict[str, Any]) -> None:
    if view["state"]["values"]["prompt"]["p"]["value"] == "long":
        await ack(response_action="errors", errors={"prompt": "too long"})
    else:
        await ack()


async def from_this(ack: Any, respond: Any, shortcut: dict[str, Any]) -> None:
    await ack()
    await respond(f"saw {shortcut['message']['text']}")


async def mentioned(event: dict[str, Any], client: AsyncWebClient) -> None:
    named = " ".join(file["mimetype"] for file in event.get("files", []))
    await client.chat_postMessage(channel=event["channel"], text=f"mentioned {named}", thread_ts=event.get("thread_ts"))


def tiny_app(api_url: str, bot_token: str, signing_secret: str) -> AsyncApp:
    app = AsyncApp(client=AsyncWebClient(bot_token, base_url=api_url), signing_secret=signing_secret)
    app.command("/imagine")(imagine)
    app.action("U1")(pressed)
    app.action("U2")(never)
    app.view("form")(submitted)
    app.shortcut("from_this")(from_this)
    app.event("app_mention")(mentioned)
    return app


@asynccontextmanager
async def socket_mode(app: AsyncApp, app_token: str) -> AsyncIterator[None]:
    """The app connected over Socket Mode."""
    handler = AsyncSocketModeHandler(app, app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # bolt leaves it untyped
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # bolt leaves it untyped


@asynccontextmanager
async def connected(fake: FakeSlack) -> AsyncIterator[None]:
    """The tiny app on the fake's socket."""
    async with socket_mode(tiny_app(fake.api_url, fake.bot_token, fake.signing_secret), fake.app_token):
        await fake.connected()
        yield
