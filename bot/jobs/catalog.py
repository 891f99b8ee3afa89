"""Every command and its options, once: Discord registers from it, Slack and the playground parse by it, /help prints it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class OptionKind(StrEnum):
    """What an option takes."""

    TEXT = "text"
    INTEGER = "integer"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Option:
    """One named option. `suggested`: the core offers entries while one types (`Core.suggest`)."""

    name: str
    description: str
    kind: OptionKind = OptionKind.TEXT
    required: bool = False
    suggested: bool = False
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A command. Name: 1-32 characters, description: 1-100 (Discord's limits)."""

    name: str
    description: str
    options: tuple[Option, ...] = ()


PROMPT_LONGEST = 6000
"""Characters of a prompt (Discord's limit for a text option)."""
SEED_MOST = 4294967295

COMMANDS = (
    CommandSpec(
        "imagine",
        "Draw four pictures from a prompt",
        (
            Option("prompt", "What to draw; parameters like --ar 3:2 --seed 7 --no people may follow", required=True),
            Option("ratio", "Width to height, for example 3:2", suggested=True),
            Option("style", "A style for the whole picture", suggested=True),
            Option("provider", "Who draws it", suggested=True),
            Option("seed", "The same seed and prompt draw the same again", OptionKind.INTEGER, least=0, most=SEED_MOST),
            Option("image", "A picture to start from (PNG, JPEG or WebP)", OptionKind.IMAGE),
        ),
    ),
    CommandSpec("info", "Your quota, your jobs and the limits here"),
    CommandSpec("settings", "Your own defaults: provider, ratio, style, suffix, ping"),
    CommandSpec("help", "Commands and prompt parameters"),
)
