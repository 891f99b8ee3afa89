"""The one slash command. Another command is one only if it is the whole text (`grammar.py`); all else is a prompt."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.jobs.asks import Answer, Ask, Command, Imagine, Private
from bot.jobs.core import Core
from bot.jobs.surface import Card, Tone
from bot.slack.convert import from_command
from bot.slack.escape import plain
from bot.slack.grammar import Said, read
from bot.slack.intake import Intake
from bot.slack.listen import acknowledged
from bot.texts import slack as texts


async def said_work(core: Core, ask: Ask, said: Said) -> Answer:
    """A command of the grammar."""
    if not all(said.options.values()):
        return Private(Card(Tone.FAILED, status=texts.NOBODY, private=True), refused=True)
    return await core.command(Command(ask, said.name, said.sub, said.options))


async def command_work(core: Core, ask: Ask, text: str) -> Answer:
    """Another command, or a prompt; an empty prompt makes the core open its form. `text` in Slack's escaped form."""
    said = read(text)
    return await (said_work(core, ask, said) if said else core.imagine(Imagine(ask, plain(text))))


def register(app: AsyncApp, intake: Intake, command: str) -> None:
    """`command` with its slash, as the operator named it."""

    def take_command(body: dict[str, Any]) -> None:
        intake.take(from_command(body, intake.clock()), partial(command_work, text=body.get("text") or ""))

    app.command(command)(acknowledged(take_command))
