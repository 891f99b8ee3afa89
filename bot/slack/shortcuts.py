"""Shortcuts: "Imagine from this" on a message (its words, its picture, its thread) and "New picture" from anywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.jobs.asks import Answer, Ask, Imagine
from bot.jobs.core import Core
from bot.slack.convert import Origin, from_interaction
from bot.slack.escape import plain
from bot.slack.files import chosen, pictures
from bot.slack.intake import Intake
from bot.slack.listen import acknowledged

FROM_MESSAGE = "imagine_from_this"
NEW = "new_picture"


async def form_work(core: Core, ask: Ask) -> Answer:
    """Nothing to draw from yet: the core opens its form."""
    return await core.imagine(Imagine(ask, ""))


def register(app: AsyncApp, intake: Intake) -> None:
    """Both open the form; what comes back is a view submission."""

    def take_message(body: dict[str, Any]) -> None:
        message = body.get("message") or {}
        prompt = "" if _ours(message, intake) else plain(message.get("text") or "")
        origin = from_interaction(body, intake.clock())
        intake.take(_threaded(origin, message), form_work, prompt=prompt, file=chosen(pictures(message)))

    def take_new(body: dict[str, Any]) -> None:
        intake.take(from_interaction(body, intake.clock()), form_work)

    app.shortcut({"callback_id": FROM_MESSAGE, "type": "message_action"})(acknowledged(take_message))
    app.shortcut({"callback_id": NEW, "type": "shortcut"})(acknowledged(take_new))


def _threaded(origin: Origin, message: dict[str, Any]) -> Origin:
    """The result goes into the message's thread, which may begin with it."""
    return replace(origin, thread=message.get("thread_ts") or message.get("ts") or "")


def _ours(message: dict[str, Any], intake: Intake) -> bool:
    """The words of the bot's own message are no prompt: they say how a job stands."""
    return intake.running is not None and message.get("bot_id") == intake.running.identity.bot_id
