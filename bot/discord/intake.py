"""Every interaction by its kind: which use case it asks for, and in what manner it is deferred."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, cast

import discord
import structlog

from bot.discord.commands import choices, invoked
from bot.discord.convert import Reader, place
from bot.discord.faults import UNKNOWN_INTERACTION
from bot.discord.menus import MESSAGE_COMMAND, job_shown, menu_control, menu_named
from bot.discord.promises import Promises
from bot.discord.respond import ANSWER_SECONDS, FORM_SECONDS, Manner, Responder, Stage, private_card
from bot.discord.rush import Rush
from bot.jobs.asks import Answer, Private
from bot.jobs.catalog import COMMANDS
from bot.jobs.controls import OPENS_FORM, Control, read_control
from bot.jobs.core import Core
from bot.jobs.ports import Pictures
from bot.seen import Seen
from bot.texts import discord as texts

log = structlog.get_logger()

_PUBLIC = frozenset({"upscale", "variation", "reroll", "again", "remix", "imagine"})
"""Actions whose answer is a new public message."""
_KNOWN = frozenset(spec.name for spec in COMMANDS)


class Intake:
    """Takes interactions until `close`."""

    def __init__(self, core: Core, reader: Reader, pictures: Pictures, promises: Promises) -> None:
        self._core = core
        self._reader = reader
        self._pictures = pictures
        self._rush = Rush()
        self._promises = promises
        self._seen = Seen()
        self._open = True
        self._answering: set[asyncio.Task[Any]] = set()

    def close(self) -> None:
        """From now on every new request is turned down with one private sentence."""
        self._open = False

    async def answered(self, seconds: float) -> None:
        """Wait until everybody who asked has an answer."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=seconds)

    async def command(self, interaction: discord.Interaction) -> None:
        """A slash command, or a command on a message."""
        if self._repeated(interaction):
            return
        data = _data(interaction)
        name = str(data.get("name", ""))
        if data.get("type") == MESSAGE_COMMAND:
            await self._point(interaction, data, name)
        elif name not in _KNOWN:
            await self._refuse(interaction, texts.UNKNOWN_COMMAND)
        elif not self._open:
            await self._refuse(interaction, texts.STOPPING)
        elif name == "imagine":
            await self._answer(interaction, Manner(Stage.PUBLIC), self._imagine(interaction, data))
        else:
            await self._answer(interaction, Manner(Stage.HIDDEN), self._command(interaction, data))

    async def suggest(self, interaction: discord.Interaction) -> None:
        """Entries while somebody types; an answer that comes too late is nobody's loss."""
        focused = next((option for option in invoked(_data(interaction))[1] if option.get("focused")), None)
        typed = str(focused.get("value", "")) if focused else ""
        offered = await self._core.suggest(focused["name"], typed, place(interaction)) if focused else []
        entries = [discord.app_commands.Choice(**entry) for entry in choices(offered)]
        try:
            await interaction.response.autocomplete(entries)
        except discord.HTTPException as error:
            if error.code != UNKNOWN_INTERACTION:
                log.warning("discord autocomplete failed", status=error.status, code=error.code)

    async def press(self, interaction: discord.Interaction) -> None:
        """A button or a menu, of any age."""
        if self._repeated(interaction):
            return
        data = _data(interaction)
        control = read_control(str(data.get("custom_id", "")))
        if control is None:
            await self._refuse(interaction, texts.UNKNOWN_BUTTON)
        elif not self._open:
            await self._refuse(interaction, texts.STOPPING)
        else:
            await self._answer(interaction, press_manner(control), self._press(interaction, data))

    async def submit(self, interaction: discord.Interaction) -> None:
        """A modal, opened before or after the last restart."""
        if self._repeated(interaction):
            return
        data = _data(interaction)
        control = read_control(str(data.get("custom_id", "")))
        if control is None:
            await self._refuse(interaction, texts.UNKNOWN_BUTTON)
        elif not self._open:
            await self._refuse(interaction, texts.STOPPING)
        else:
            await self._answer(interaction, submit_manner(control, interaction), self._submit(interaction, data))

    def _repeated(self, interaction: discord.Interaction) -> bool:
        """Whether it was delivered before: the first delivery is answered, and Discord takes no second answer."""
        repeated = not self._seen.first(str(interaction.id))
        if repeated:
            log.info("discord interaction repeated", interaction=interaction.id)
        return repeated

    async def _point(self, interaction: discord.Interaction, data: Mapping[str, Any], name: str) -> None:
        """A command on a message: it must be one of ours that shows a job."""
        menu, user = menu_named(name), interaction.client.user
        job = job_shown(data, user.id) if user else ""
        if menu is None:
            await self._refuse(interaction, texts.UNKNOWN_COMMAND)
        elif not self._open:
            await self._refuse(interaction, texts.STOPPING)
        elif not job:
            await self._refuse(interaction, texts.NO_PICTURE_HERE)
        else:
            asking = self._pointed(interaction, data, menu_control(menu, job))
            await self._answer(interaction, Manner(Stage.HIDDEN, FORM_SECONDS), asking)

    # Read inside the coroutine, so that a payload that cannot be read is answered like any other fault.

    async def _imagine(self, interaction: discord.Interaction, data: Mapping[str, Any]) -> Answer:
        return await self._core.imagine(self._reader.imagine(interaction, data))

    async def _command(self, interaction: discord.Interaction, data: Mapping[str, Any]) -> Answer:
        return await self._core.command(self._reader.command(interaction, data))

    async def _press(self, interaction: discord.Interaction, data: Mapping[str, Any]) -> Answer:
        return await self._core.press(self._reader.press(interaction, data))

    async def _pointed(self, interaction: discord.Interaction, data: Mapping[str, Any], control: str) -> Answer:
        return await self._core.press(self._reader.pointed(interaction, data, control))

    async def _submit(self, interaction: discord.Interaction, data: Mapping[str, Any]) -> Answer:
        return await self._core.submit(self._reader.submission(interaction, data))

    async def _refuse(self, interaction: discord.Interaction, sentence: str) -> None:
        await self._answer(interaction, Manner(Stage.HIDDEN), _refusal(sentence))

    async def _answer(self, interaction: discord.Interaction, manner: Manner, asking: Coroutine[Any, Any, Answer]) -> None:
        responder = Responder(interaction, self._core, self._pictures, manner, self._rush, self._promises)
        task = asyncio.create_task(responder.run(asking))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)
        await task


def press_manner(control: Control) -> Manner:
    """Public actions promise a new message; all others leave the pressed message be until the answer is known."""
    patience = FORM_SECONDS if control.action in OPENS_FORM else ANSWER_SECONDS
    return Manner(Stage.PUBLIC if control.action in _PUBLIC else Stage.SILENT, patience)


def submit_manner(control: Control, interaction: discord.Interaction) -> Manner:
    """A modal that no message opened (a command did) has nothing that could change silently."""
    if control.action in _PUBLIC:
        return Manner(Stage.PUBLIC)
    return Manner(Stage.SILENT if interaction.message is not None else Stage.HIDDEN)


def _data(interaction: discord.Interaction) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", interaction.data or {})


async def _refusal(sentence: str) -> Answer:
    return Private(private_card(sentence), refused=True)
