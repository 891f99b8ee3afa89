"""Autocomplete: providers and styles that may be used here, ratios."""

from __future__ import annotations

from bot.desk import styling
from bot.jobs import ratios
from bot.jobs.house import House
from bot.jobs.place import Place
from bot.jobs.surface import Choice

MOST = 25
"""Entries that a chat shows."""


async def suggest(house: House, option: str, typed: str, place: Place) -> list[Choice]:
    """Entries that hold what was typed. `name`: of a style."""
    if option == "provider":
        found = await _providers(house, typed, place)
    elif option in {"style", "name"}:
        found = await styling.suggest(house, option, typed, place)
    else:
        found = ratios.suggest_ratios(typed) if option == "ratio" else []
    return found[:MOST]


async def _providers(house: House, typed: str, place: Place) -> list[Choice]:
    order = (await house.policy.community(place.community)).providers
    every = [Choice(one.capabilities.name, one.capabilities.label) for one in house.providers.all(order)]
    return [choice for choice in every if typed.strip().lower() in f"{choice.value} {choice.label}".lower()]
