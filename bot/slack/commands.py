"""The one slash command. A subcommand is one only if it is the whole text; all else is a prompt."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.jobs.asks import Answer, Ask, Command, Imagine
from bot.jobs.catalog import COMMANDS
from bot.jobs.core import Core
from bot.slack.convert import from_command
from bot.slack.escape import plain
from bot.slack.intake import Intake
from bot.slack.listen import acknowledged

IMAGINE = "imagine"
SUBCOMMANDS = tuple(spec.name for spec in COMMANDS if spec.name != IMAGINE)


def read_subcommand(text: str) -> str:
    """The command that the whole text names, else empty."""
    word = text.strip().casefold()
    return word if word in SUBCOMMANDS else ""


async def command_work(core: Core, ask: Ask, text: str) -> Answer:
    """Another command, or a prompt; an empty prompt makes the core open its form."""
    name = read_subcommand(text)
    return await (core.command(Command(ask, name)) if name else core.imagine(Imagine(ask, text)))


def register(app: AsyncApp, intake: Intake, command: str) -> None:
    """`command` with its slash, as the operator named it."""

    def take_command(body: dict[str, Any]) -> None:
        text = plain(body.get("text") or "")
        intake.take(from_command(body, intake.clock()), partial(command_work, text=text))

    app.command(command)(acknowledged(take_command))
