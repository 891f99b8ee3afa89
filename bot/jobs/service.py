"""The Core that front ends call. It catches what goes wrong, so that everybody gets an answer."""

from __future__ import annotations

from collections.abc import Awaitable

import structlog

from bot.errors import StoreUnavailable
from bot.jobs import actions, pages, personal, ratios, styles
from bot.jobs.accepting import say
from bot.jobs.asks import Answer, Command, Imagine, Press, Private, Submission
from bot.jobs.controls import read_control
from bot.jobs.house import House
from bot.jobs.imagine import imagine
from bot.jobs.model import MessageRef
from bot.jobs.surface import Choice
from bot.texts import answers

log = structlog.get_logger()


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
        return await self._answer(imagine(self._house, asked))

    async def command(self, asked: Command) -> Answer:
        """`/info`, `/settings`, `/help`."""
        return await self._answer(self._page(asked))

    async def press(self, asked: Press) -> Answer:
        """A button or a menu."""
        return await self._answer(actions.press(self._house, asked))

    async def submit(self, asked: Submission) -> Answer:
        """A Form that came back."""
        return await self._answer(self._submitted(asked))

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

    def suggest(self, option: str, typed: str) -> list[Choice]:
        """Autocomplete."""
        if option == "provider":
            every = [Choice(p.capabilities.name, p.capabilities.label) for p in self._house.providers.all()]
            found = [choice for choice in every if typed.strip().lower() in f"{choice.value} {choice.label}".lower()]
        else:
            found = {"ratio": ratios.suggest_ratios, "style": styles.suggest_styles}.get(option, lambda _: [])(typed)
        return found[:25]

    async def _page(self, asked: Command) -> Answer:
        house, key = self._house, asked.ask.actor.key
        if asked.name == "info":
            return Private(pages.info(house.caps, await house.store.standing(key, house.clock()), house.clock()))
        if asked.name == "settings":
            return Private(pages.settings(house, await house.settings.user_settings(key)))
        return Private(pages.help_page())

    async def _submitted(self, asked: Submission) -> Answer:
        control = read_control(asked.control)
        if control is None:
            return say(answers.UNKNOWN_JOB)
        if control.action == "setting":
            return await personal.suffix(self._house, asked)
        wish = Imagine(asked.ask, asked.values.get("prompt", ""), image=asked.files.get("image"))
        if control.action == "imagine":
            return await imagine(self._house, wish)
        parent = await actions.job_here(self._house, asked.ask, control.job)
        if parent is None or control.action != "remix":
            return say(answers.UNKNOWN_JOB)
        if parent.deleted:
            return say(answers.DELETED)
        base = asked.values.get("base", "0")
        index = int(base) if base.isascii() and base.isdigit() and int(base) <= len(parent.pictures) else 0
        return await imagine(self._house, wish, parent, index)

    async def _answer(self, work: Awaitable[Answer]) -> Answer:
        if not self._open:
            getattr(work, "close", lambda: None)()
            return say(answers.STOPPING)
        try:
            return await work
        except StoreUnavailable:
            log.exception("store unavailable")
            return say(answers.STORE_AWAY)
        except Exception:
            log.exception("use case failed")
            return say(answers.TROUBLE)
