"""The set-up guide."""

from __future__ import annotations

TITLE = "Thank you for adding Imagine Bot"
STEPS = (
    "1. Who and where: choose the channels where people may draw.",
    "2. Review and log: choose a channel, seen by moderators alone, where the bot tells what happens.",
    "3. Budget: set how many pictures or how much money everybody together may use.",
)
BUTTONS = {"place": "1. Who and where", "review": "2. Review and log", "budget": "3. Budget"}
SHOWN = "The set-up guide was shown."


def first(imagine: str) -> str:
    """What comes before the steps. `imagine`: the command."""
    return f"Everybody can draw right away: type {imagine} and what you want to see. Three steps give you control over it:"


def where(settings: str) -> str:
    """Where the steps are taken. `settings`: the command."""
    return f"Type {settings} in a channel of the server or workspace. It is all done there, by menus and buttons."
