"""The Core that front ends call. It catches what goes wrong, so that everybody gets an answer."""

from __future__ import annotations

from collections.abc import Awaitable

import structlog

from bot.desk import door, guide
from bot.desk.info import info_card
from bot.errors import PicturesUnavailable, StoreUnavailable
from bot.jobs import actions, incoming, pages
from bot.jobs.accepting import request_key
from bot.jobs.asks import Answer, Command, Imagine, Press, Private, Submission
from bot.jobs.controls import read_control
from bot.jobs.entry import say
from bot.jobs.house import House
from bot.jobs.imagine import imagine
from bot.jobs.place import MessageRef, Place, Platform
from bot.jobs.submitting import submit
from bot.jobs.suggesting import suggest
from bot.jobs.surface import Card, Choice
from bot.jobs.why import Why
from bot.texts import answers

log = structlog.get_logger()
AGAIN = 60.0
"""Seconds, as the sentences say: try again in a minute."""


class Service:
    """`bot.jobs.core.Core` over a House. After `stop_intake` nothing new is accepted."""

    def __init__(self, house: House) -> None:
        """Open for asks at once."""
        self._house = house
        self._open = True

    def stop_intake(self) -> None:
        """The process is about to stop."""
        self._open = False

    async def imagine(self, asked: Imagine) -> Answer:
        """`/imagine`."""
        return await self._answer(imagine(self._house, incoming.of_imagine(asked)))

    async def command(self, asked: Command) -> Answer:
        """Every command but `/imagine`."""
        return await self._answer(self._page(incoming.of_command(asked)))

    async def press(self, asked: Press) -> Answer:
        """A button or a menu."""
        return await self._answer(self._pressed(incoming.of_press(asked)))

    async def submit(self, asked: Submission) -> Answer:
        """A Form that came back."""
        return await self._answer(self._submitted(incoming.of_submission(asked)))

    async def placed(self, job_id: str, message: MessageRef) -> None:
        """The front end showed the placeholder."""
        try:
            await self._house.store.placed(job_id, message, self._house.clock())
        except StoreUnavailable:
            log.exception("placeholder not kept: the engine will adopt it", job=job_id)
        self._house.engine.wake(job_id)

    async def unplaced(self, job_id: str) -> None:
        """The acknowledgement failed: cancel, nothing is charged."""
        try:
            await self._house.store.cancel(job_id, self._house.clock())
        except StoreUnavailable:
            log.exception("cancel not kept: the engine will find the dead interaction", job=job_id)
        self._house.engine.wake(job_id)

    async def became_job(self, platform: Platform, key: str) -> bool:
        """Whether that very request is a job."""
        return await self._house.store.by_key(request_key(platform, key)) is not None

    async def suggest(self, option: str, typed: str, place: Place) -> list[Choice]:
        """Autocomplete; a fault here costs nobody more than the list."""
        try:
            return await suggest(self._house, option, typed, place)
        except StoreUnavailable:
            log.exception("nothing to suggest")
            return []

    async def joined(self, place: Place, adder: str) -> Card | None:
        """The set-up guide for whoever added the bot, once."""
        try:
            return await guide.joined(self._house, place, adder)
        except StoreUnavailable:
            log.exception("no guide: it is shown with the settings page")
            return None

    async def _page(self, asked: Command) -> Answer:
        house = self._house
        if (page := door.page(asked)) is not None:
            return await page(house, asked)
        if asked.name == "info":
            return Private(await info_card(house, asked.ask))
        if asked.name == "settings":
            return Private(
                await pages.settings(house, asked.ask.place, await house.settings.user_settings(asked.ask.actor.key))
            )
        return Private(pages.help_page(house.names, asked.ask.place.platform))

    async def _pressed(self, asked: Press) -> Answer:
        control = read_control(asked.control)
        if control is None:
            return say(answers.UNKNOWN_JOB, why=Why.NO_JOB)
        if control.action in door.PRESSES:
            return await door.PRESSES[control.action](self._house, asked, control)
        return await actions.press(self._house, asked, control)

    async def _submitted(self, asked: Submission) -> Answer:
        control = read_control(asked.control)
        if control is None:
            return say(answers.UNKNOWN_JOB, why=Why.NO_JOB)
        if control.action in door.FORMS:
            return await door.FORMS[control.action](self._house, asked, control)
        return await submit(self._house, asked, control)

    async def _answer(self, work: Awaitable[Answer]) -> Answer:
        if not self._open:
            getattr(work, "close", lambda: None)()
            return say(answers.STOPPING, why=Why.STOPPING, wait=AGAIN)
        try:
            return await work
        except StoreUnavailable as error:
            log.error("store unavailable", error=str(error))  # noqa: TRY400  (one line, the log's disk may be the full one)
            away = answers.PICTURES_AWAY if isinstance(error, PicturesUnavailable) else answers.STORE_AWAY
            return say(away, why=Why.STORE, wait=AGAIN)
        except Exception:
            log.exception("use case failed")
            return say(answers.TROUBLE, why=Why.TROUBLE)
