"""The acknowledgement rules: every interaction is answered within Discord's three seconds, whatever the core needs.

begin the core's work at once -> ready within 250 ms: that is the answer -> else defer, and show it when it is there.
In a rush (all places at the core taken) the other way round: defer, then work. With 1,000 users at once the first
answers would otherwise wait behind the database work of everybody else.
A job whose message Discord refuses is told to the core as `unplaced`: nobody pays for what cannot be shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from enum import Enum
from typing import Any

import discord
import structlog

from bot.discord.again import LINE
from bot.discord.faults import ALREADY_ACKNOWLEDGED, TOO_LARGE, UNKNOWN_INTERACTION
from bot.discord.promises import Promises
from bot.discord.rush import Rush
from bot.discord.show import Shower
from bot.jobs.asks import Answer, Placeholder, Private
from bot.jobs.core import Core
from bot.jobs.ports import Pictures
from bot.jobs.surface import Card, Tone
from bot.texts import discord as texts

log = structlog.get_logger()

ANSWER_SECONDS = 0.25
"""How long a direct answer may take."""
FORM_SECONDS = 2.5
"""The same where a Form may be the answer: a deferred interaction can open none. Discord gives up at 3."""
_OVER = frozenset({UNKNOWN_INTERACTION, ALREADY_ACKNOWLEDGED})
"""No fault of ours: the asker left, or Discord delivered the interaction twice."""


class Stage(Enum):
    """What Discord has been told so far."""

    FRESH = "nothing"
    PUBLIC = "a public answer follows"
    HIDDEN = "a private answer follows"
    SILENT = "the message that carried the control may change"
    DEAD = "too late: nothing can be shown"


@dataclass(frozen=True, slots=True)
class Manner:
    """How one kind of interaction is deferred: after `patience` seconds, as `stage`."""

    stage: Stage
    patience: float = ANSWER_SECONDS


def private_card(sentence: str) -> Card:
    """One sentence of our own."""
    return Card(Tone.FAILED, lines=(sentence,), private=True)


class Responder:
    """Answers one interaction."""

    def __init__(
        self,
        interaction: discord.Interaction,
        core: Core,
        pictures: Pictures,
        manner: Manner,
        rush: Rush,
        promises: Promises,
    ) -> None:
        self._interaction = interaction
        self._core = core
        self._manner = manner
        self._rush = rush
        self._promises = promises
        self._show = Shower(interaction, pictures)
        self._facts = {"interaction": interaction.id, "guild": interaction.guild_id}

    async def run(self, asking: Coroutine[Any, Any, Answer]) -> None:
        """Ask the core and show what it says. Raises nothing but cancellation."""
        work, stage = await self._begin(asking)
        answer = await self._answer(work)
        try:
            await self._deliver(stage, answer)
        except discord.HTTPException as error:
            await self._not_delivered(stage, answer, error)
        except Exception as error:
            log.exception("discord answer failed", stage=stage.name, answer=type(answer).__name__, **self._facts)
            # The message of a job is the core's to mend; and over a broken line the answer may have come.
            if not isinstance(answer, Placeholder) and not isinstance(error, LINE):
                await self._sorry(stage, texts.FAULT)
        self._promises.keep(str(self._interaction.id))

    async def _not_delivered(self, stage: Stage, answer: Answer, error: discord.HTTPException) -> None:
        if error.code in _OVER:
            log.warning("discord interaction was over or had an answer", code=error.code, **self._facts)
        elif error.code == TOO_LARGE or error.status == 413:
            log.warning("discord took no file of that size", stage=stage.name, **self._facts)
            await self._sorry(stage, texts.FILE_TOO_LARGE)
        else:
            log.error("discord answer failed", stage=stage.name, answer=type(answer).__name__, exc_info=error, **self._facts)

    async def _sorry(self, stage: Stage, sentence: str) -> None:
        """In place of the answer that was promised, so that nobody is kept waiting for it."""
        card = private_card(sentence)
        try:
            if stage is Stage.FRESH:
                await self._show.apologise(card)
            else:
                await self._deliver(stage, Private(card, refused=True))
        except (discord.HTTPException, *LINE, RuntimeError) as error:
            log.warning("discord apology failed", why=str(error) or type(error).__name__, **self._facts)

    async def _begin(self, asking: Coroutine[Any, Any, Answer]) -> tuple[asyncio.Future[Answer], Stage]:
        """What may open a Form takes no place and waits for none: once deferred it could open nothing."""
        patience = self._manner.patience
        if patience <= ANSWER_SECONDS and self._rush.full:
            stage = await self._defer()
            return asyncio.ensure_future(self._rush.later(asking)), stage
        if patience > ANSWER_SECONDS:
            work = asyncio.ensure_future(asking)
            await asyncio.wait({work}, timeout=patience)
            return work, Stage.FRESH if work.done() else await self._defer()
        work = asyncio.ensure_future(self._rush.through(asking))
        return work, Stage.FRESH if await self._rush.direct(work, patience) else await self._defer()

    async def _answer(self, work: asyncio.Future[Answer]) -> Answer:
        try:
            # Shielded: when the bot stops, an acceptance that has begun still ends.
            return await asyncio.shield(work)
        except Exception:
            log.exception("core failed", **self._facts)
            return Private(private_card(texts.FAULT), refused=True)

    async def _defer(self) -> Stage:
        stage = self._manner.stage
        at, hidden, silent = self._interaction, stage is Stage.HIDDEN, stage is Stage.SILENT
        self._promises.make(str(at.id), str(at.application_id), at.token, hidden=hidden, silent=silent)
        try:
            async with self._rush.acknowledging():
                await self._show.defer(public=stage is Stage.PUBLIC, silent=stage is Stage.SILENT)
        except discord.HTTPException as error:
            if error.code == UNKNOWN_INTERACTION:
                log.warning("discord interaction was gone before it could be deferred", **self._facts)
                return Stage.DEAD
            if error.code != ALREADY_ACKNOWLEDGED:
                log.exception("discord defer failed", **self._facts)
        except (*LINE, RuntimeError):  # RuntimeError: aiohttp's "Session is closed" while the bot stops
            log.exception("discord defer failed", **self._facts)
        return stage

    async def _deliver(self, stage: Stage, answer: Answer) -> None:
        if isinstance(answer, Placeholder):
            await self._place(stage, answer)
        elif stage is Stage.FRESH:
            await self._show.first(answer)
        elif stage is Stage.PUBLIC:
            await self._show.after_public(answer)
        elif stage is Stage.HIDDEN:
            await self._show.after_hidden(answer)
        elif stage is Stage.SILENT:
            await self._show.after_silent(answer)

    async def _place(self, stage: Stage, answer: Placeholder) -> None:
        if stage is Stage.DEAD:
            await self._core.unplaced(answer.job_id)
            return
        try:
            ref = await self._show.placeholder(answer.card, fresh=stage is Stage.FRESH, public=stage is Stage.PUBLIC)
        except discord.HTTPException as error:
            await self._not_placed(answer, error)
            return
        await self._core.placed(answer.job_id, ref)

    async def _not_placed(self, answer: Placeholder, error: discord.HTTPException) -> None:
        """A 4xx is proof that nothing stands there.

        After anything else the job stays as it is: the core will look for @original (Chat.place), adopt it or cancel.
        """
        log.warning("discord placeholder failed", job=answer.job_id, status=error.status, code=error.code, **self._facts)
        if error.status >= 500 or error.status == 429:
            return
        await self._core.unplaced(answer.job_id)
        if error.code != UNKNOWN_INTERACTION:
            await self._show.apologise(private_card(texts.NOT_SHOWN))
