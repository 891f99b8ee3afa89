"""Buttons and menus. The action_id is the control string; what it may do is for the core to say."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.jobs.asks import Answer, Ask, Press, Private
from bot.jobs.controls import PATTERN
from bot.jobs.core import Core
from bot.jobs.surface import Card, Tone
from bot.slack.convert import from_interaction
from bot.slack.intake import Intake
from bot.slack.listen import acknowledged
from bot.slack.render import chosen_value
from bot.texts import slack as texts

OURS = re.compile(rf"^{PATTERN.pattern}\Z")
ANY = re.compile("")


async def press_work(core: Core, ask: Ask, control: str, value: str, message_id: str) -> Answer:
    """One press."""
    return await core.press(Press(ask, control, value, message_id))


async def dead_work(_core: Core, _ask: Ask) -> Answer:
    """A control that is not ours, or not any more."""
    return Private(Card(Tone.FAILED, status=texts.DEAD_BUTTON, private=True), refused=True)


def register(app: AsyncApp, intake: Intake) -> None:
    """The catch-all stands last: the first listener that matches wins."""

    def take_press(body: dict[str, Any]) -> None:
        action = body["actions"][0]
        origin = from_interaction(body, intake.clock())
        value = chosen_value(action.get("selected_option"))
        work = partial(press_work, control=action["action_id"], value=value, message_id=origin.message_id)
        intake.take(origin, work)

    def take_dead(body: dict[str, Any]) -> None:
        if body.get("type") == "block_actions" and not body.get("view"):
            intake.take(from_interaction(body, intake.clock()), dead_work)

    app.action(OURS)(acknowledged(take_press))
    app.action(ANY)(acknowledged(take_dead))
