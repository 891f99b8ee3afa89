"""A person's own defaults: changed by the menus and the Form of /settings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.jobs import forms, pages
from bot.jobs.accepting import say
from bot.jobs.asks import Answer, Ask, OpenForm, Press, Submission, Update
from bot.jobs.controls import Control
from bot.jobs.house import House
from bot.jobs.ports import UserSettings
from bot.jobs.prompt import PromptError, parse, read_suffix
from bot.texts import answers

MENUS = frozenset({"provider", "ratio", "style"})


async def change(house: House, asked: Press, control: Control) -> Answer:
    """A menu or a button of the settings page."""
    key = asked.ask.actor.key
    mine = await house.settings.user_settings(key)
    if control.job == "suffix":
        return OpenForm(forms.suffix(mine.suffix))
    if control.job == "ping":
        mine = replace(mine, ping=not mine.ping)
    elif control.job in MENUS:
        chosen: Any = "" if asked.value == pages.NONE else asked.value
        mine = replace(mine, **{control.job: chosen})
    else:
        return say(answers.UNKNOWN_JOB)
    return await _save(house, asked.ask, mine)


async def suffix(house: House, asked: Submission) -> Answer:
    """The suffix came back from its Form."""
    key = asked.ask.actor.key
    typed = asked.values.get("suffix", "").strip()
    try:
        read_suffix(typed)
    except PromptError as error:
        return say(answers.suffix_refused(error.sentence))
    mine = await house.settings.user_settings(key)
    return await _save(house, asked.ask, replace(mine, suffix=typed))


async def _save(house: House, ask: Ask, mine: UserSettings) -> Answer:
    """Only what parses is kept: a broken default would refuse every prompt."""
    names = {provider.capabilities.name for provider in house.providers.all()}
    if mine.provider and mine.provider not in names:
        return say(answers.unknown_provider(mine.provider, sorted(names)))
    try:
        parse("a prompt", {}, mine)
    except PromptError as error:
        return say(error.sentence)
    await house.settings.save_user_settings(ask.actor.key, mine)
    return Update(await pages.settings(house, ask.place, mine))
