"""The set-up guide: three steps, shown once to whoever adds the bot, or above the first settings page."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.admin.asker import Asker
from bot.jobs.asks import Ask
from bot.jobs.controls import Control
from bot.jobs.house import House
from bot.jobs.place import Actor, Place, Platform
from bot.jobs.surface import Button, Card, Style, Tone
from bot.policy.records import What
from bot.texts import guide as texts


def lines(house: House, platform: str) -> tuple[str, ...]:
    """The steps, with the commands as they are called on the platform."""
    return (texts.first(house.names.on(platform, "imagine")), *texts.STEPS)


def buttons() -> tuple[Button, ...]:
    """Into the three pages."""
    return tuple(
        Button(str(Control("admin", f"section_{page}")), label, Style.PRIMARY) for page, label in texts.BUTTONS.items()
    )


async def joined(house: House, place: Place, adder: str) -> Card | None:
    """The guide for the user with that id on the platform; None where it was shown before.

    It has no buttons: on Discord it goes to a direct message, which belongs to no guild, so they could change nothing.
    """
    community = await house.policy.community(place.community)
    if not place.community or community.guided:
        return None
    team = place.community_id if place.platform is Platform.SLACK else ""
    await shown(Asker(house, Ask(Actor(place.platform, adder, "", team), place, ""), community))
    where = texts.where(house.names.on(place.platform, "imagine-admin", "settings"))
    return Card(Tone.DONE, title=texts.TITLE, lines=(*lines(house, place.platform), where), private=True)


async def shown(asker: Asker) -> Asker:
    """Once is enough."""
    return await asker.put(lambda now: replace(now, guided=True), What.SETTING, texts.SHOWN)
