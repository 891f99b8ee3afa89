"""Which use case of the desk answers a command, a control or a Form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.desk import logbook, moderating, persons, privacy, reports, reviewing, styling
from bot.desk.admin import door as admin
from bot.jobs.asks import Answer, Command, Press, Submission
from bot.jobs.controls import Control
from bot.jobs.house import House

Page = Callable[[House, Command], Awaitable[Answer]]
Pressed = Callable[[House, Press, Control], Awaitable[Answer]]
Submitted = Callable[[House, Submission, Control], Awaitable[Answer]]

COMMANDS: dict[str, Page] = {
    "style": styling.command,
    "imagine-admin": admin.command,
    "imagine-privacy": privacy.command,
}
"""By name; subcommands that have a page of their own stand in SUBS."""
SUBS: dict[tuple[str, str], Page] = {
    ("imagine-admin", "review"): reviewing.page,
    ("imagine-admin", "user"): persons.page,
    ("imagine-admin", "log"): logbook.page,
}


async def _admin(house: House, asked: Press, control: Control) -> Answer:
    """Pages that the settings page leads to, but that are no settings."""
    if control.job.partition("_")[0] == logbook.NAME:
        return await logbook.press(house, asked, control)
    if control.job == "review":
        return await reviewing.page(house, Command(asked.ask, "imagine-admin", "review"))
    return await admin.press(house, asked, control)


PRESSES: dict[str, Pressed] = {
    "admin": _admin,
    "review": reviewing.press,
    "moderate": moderating.press,
    "person": persons.press,
    "report": reports.press,
    "style": styling.press,
    "privacy": privacy.press,
}
FORMS: dict[str, Submitted] = {
    "admin": admin.submit,
    "review": reviewing.submit,
    "moderate": moderating.submit,
    "person": persons.submit,
    "report": reports.submit,
    "style": styling.submit,
}


def page(asked: Command) -> Page | None:
    """Who answers this command; None: not the desk."""
    return SUBS.get((asked.name, asked.sub)) or COMMANDS.get(asked.name)
