"""Shortcuts: the way in from a thread, where no slash command exists.

"Imagine from this" on a message (its words, its picture, its thread), "New picture" from anywhere, "Report picture" and
"Moderate picture" on a result.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.jobs.asks import Answer, Ask, Imagine, Press, Private
from bot.jobs.controls import Control, read_control
from bot.jobs.core import Core
from bot.jobs.surface import Card, Tone
from bot.slack.api import Identity
from bot.slack.convert import Origin, from_interaction
from bot.slack.escape import plain
from bot.slack.files import chosen, pictures
from bot.slack.intake import Intake
from bot.slack.listen import acknowledged, knowing
from bot.texts import slack as texts

FROM_MESSAGE = "imagine_from_this"
NEW = "new_picture"
ON_RESULT = {"report_picture": "report", "moderate_picture": "moderate"}
"""The action that each shortcut on a result starts."""
OF_JOBS = frozenset({"upscale", "variation", "reroll", "remix", "cancel", "delete", "details", "again", "review", "report"})
"""Controls that carry a job's id."""


async def form_work(core: Core, ask: Ask) -> Answer:
    """Nothing to draw from yet: the core opens its form."""
    return await core.imagine(Imagine(ask, ""))


async def result_work(core: Core, ask: Ask, action: str, message: dict[str, Any], message_id: str) -> Answer:
    """As if the message had a button for it. The core checks the job and the place: a message can be made up."""
    job = job_of(message)
    if not job:
        return Private(Card(Tone.FAILED, status=texts.NO_RESULT, private=True), refused=True)
    return await core.press(Press(ask, str(Control(action, job)), message_id=message_id))


def job_of(message: dict[str, Any]) -> str:
    """The job that a message belongs to, by the first of its controls that names one; empty for none."""
    elements = [element for block in message.get("blocks") or [] for element in block.get("elements") or []]
    found = (read_control(str(element.get("action_id") or "")) for element in elements)
    return next((control.job for control in found if control and control.action in OF_JOBS), "")


def register(app: AsyncApp, intake: Intake) -> None:
    """The first two open the form; what comes back is a view submission."""

    def take_message(body: dict[str, Any], us: Identity) -> None:
        message = body.get("message") or {}
        prompt = "" if _ours(message, us) else plain(message.get("text") or "")
        origin = from_interaction(body, intake.clock())
        intake.take(_threaded(origin, message), form_work, prompt=prompt, file=chosen(pictures(message)))

    def take_new(body: dict[str, Any]) -> None:
        intake.take(from_interaction(body, intake.clock()), form_work)

    app.shortcut({"callback_id": FROM_MESSAGE, "type": "message_action"})(knowing(take_message))

    def take_result(body: dict[str, Any], us: Identity) -> None:
        origin, message = from_interaction(body, intake.clock()), body.get("message") or {}
        ours = message if _ours(message, us) else {}
        action = ON_RESULT[body["callback_id"]]
        intake.take(origin, partial(result_work, action=action, message=ours, message_id=origin.message_id))

    for callback_id in ON_RESULT:
        app.shortcut({"callback_id": callback_id, "type": "message_action"})(knowing(take_result))
    app.shortcut({"callback_id": NEW, "type": "shortcut"})(acknowledged(take_new))


def _threaded(origin: Origin, message: dict[str, Any]) -> Origin:
    """The result goes into the message's thread, which may begin with it."""
    return replace(origin, thread=message.get("thread_ts") or message.get("ts") or "")


def _ours(message: dict[str, Any], us: Identity) -> bool:
    """The words of the bot's own message are no prompt: they say how a job stands."""
    return bool(us.bot_id) and message.get("bot_id") == us.bot_id
